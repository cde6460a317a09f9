"""Schedules: when a dashboard asks for a snapshot by itself. They stand in `settings.schedule` of the document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tesela.errors import BadRequest
from tesela.features import checks
from tesela.model.dashboard import Document

MAX_LENGTH = 100
HELP = 'settings.schedule must be an object such as {"cron": "0 6 * * 1-5", "time_zone": "Europe/Madrid"}'
BAD_CRON = (
    "settings.schedule.cron must be five fields (minute, hour, day, month, weekday) such as 0 6 * * 1-5"
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A cron expression of five fields and the zone of its hours."""

    cron: str
    time_zone: str

    def next_after(self, moment: dt.datetime) -> dt.datetime | None:
        """Return the first time after `moment`, in UTC; None when there is none within 50 years.

        At a change of clocks an hour that is skipped runs right after it, and one that comes twice runs once.

        >>> at = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
        >>> Schedule("0 6 * * *", "Europe/Madrid").next_after(at).isoformat()
        '2026-03-02T05:00:00+00:00'
        """
        from cronsim import CronSim  # here, since most dashboards have no schedule

        local = moment.astimezone(ZoneInfo(self.time_zone))
        found: dt.datetime | None = next(iter(CronSim(self.cron, local)), None)
        return None if found is None else found.astimezone(dt.UTC)


def read_schedule(settings: Mapping[str, Any], default_zone: str) -> Schedule | None:
    """Return the schedule that the settings of a dashboard hold, None for none.

    Raises BadRequest naming what is wrong with it.
    """
    given = settings.get("schedule")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise BadRequest(HELP)
    cron, zone = given.get("cron"), given.get("time_zone")
    if cron is None or cron == "":
        return None
    if not isinstance(cron, str) or len(cron) > MAX_LENGTH or len(cron.split()) != 5:
        raise BadRequest(BAD_CRON)
    if zone is not None and not isinstance(zone, str):
        raise BadRequest(HELP)
    schedule = Schedule(
        " ".join(cron.split()), checks.time_zone(zone or default_zone, "settings.schedule.time_zone")
    )
    _try(schedule)
    return schedule


def schedule_of(document: Document) -> Schedule | None:
    """Return the schedule of a stored document; one that cannot be read is none."""
    try:
        return read_schedule(document.settings, document.time_zone)
    except BadRequest:
        return None


def _try(schedule: Schedule) -> None:
    from cronsim import CronSimError

    try:
        schedule.next_after(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    except CronSimError as error:
        raise BadRequest(BAD_CRON) from error
