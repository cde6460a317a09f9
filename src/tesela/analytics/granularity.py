"""Granularity: which step a time axis takes, and how long its season is, told from its labels alone."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from tesela.analytics.labels import Style, write, zone_of
from tesela.errors import Unprocessable

Unit = Literal["minute", "hour", "day", "week", "month", "quarter", "year"]

FEWEST = 4
"""Periods that a forecast needs."""
MINUTES_A_DAY = 1440
LONGEST_SEASON = 288
"""Periods: a day of five minutes each."""
IRREGULAR = (
    "The tile's dates follow no regular step: group the query by hour, day, week, month, quarter or year"
)


@dataclass(frozen=True, slots=True)
class Steps:
    """A regular time axis: periods counted from 0, the one of the first label.

    months, days, minutes: the length of one period; one of them is not 0.
    season: periods a cycle takes by the calendar; 1 where there is none.
    open_days: weekdays (Monday 0) that have periods; the others are skipped.
    is_month_end: a label names the last day of its period, not the first.
    zone: where labels with an offset live.
    """

    unit: Unit
    season: int
    first: dt.datetime
    style: Style
    months: int = 0
    days: int = 0
    minutes: int = 0
    open_days: tuple[int, ...] = ()
    is_month_end: bool = False
    zone: dt.tzinfo | None = None

    @property
    def step(self) -> int:
        """How many of the unit one period takes: 15 for quarters of an hour."""
        per = {"quarter": 3, "year": 12}.get(self.unit, 1) if self.months else 1
        if self.unit in ("hour", "week"):
            per = 60 if self.minutes else 7
        return max(1, (self.months or self.days or self.minutes) // per)

    def place(self, moment: dt.datetime) -> int:
        """Return the number of the period that a moment lies in."""
        if self.minutes:
            return int((moment - self.first).total_seconds() // (60 * self.minutes))
        if self.months:
            return (_month(moment) - _month(self.first)) // self.months
        apart = moment.date().toordinal() - self.first.date().toordinal()
        if not self.open_days:
            return apart // self.days
        week, rest = divmod(apart, 7)
        begin = self.first.weekday()
        return week * len(self.open_days) + sum(
            (begin + day) % 7 in self.open_days for day in range(1, rest + 1)
        )

    def moment(self, place: int) -> dt.datetime:
        """Return the moment that the label of a period names."""
        if self.minutes:
            return self.first + dt.timedelta(minutes=self.minutes * place)
        if self.months:
            return self._in_month(_month(self.first) + self.months * place)
        if not self.open_days:
            return self.first + dt.timedelta(days=self.days * place)
        weeks, rest = divmod(place, len(self.open_days))
        at = self.first + dt.timedelta(days=7 * weeks)
        while rest:
            at += dt.timedelta(days=1)
            rest -= at.weekday() in self.open_days
        return at

    def label(self, place: int) -> str | int:
        """Return the label of a period, written as those of the rows."""
        return write(self.moment(place), self.style, self.zone)

    def is_over(self, place: int, now: dt.datetime) -> bool:
        """Return whether a period has ended, or not even begun, at `now` (a moment with its zone, told there).

        A period that lies ahead as a whole is a plan, not one that still fills up.
        """
        if self.minutes:
            start, end = self.moment(place), self.moment(place + 1)
        elif self.is_month_end:
            month = _month(self.first) + self.months * place
            start, end = (_first_of(one) for one in (month - self.months + 1, month + 1))
        else:
            start = self.moment(place)
            end = self.moment(place + 1) if not self.open_days else start + dt.timedelta(days=1)
        there = now if start.tzinfo is not None else now.replace(tzinfo=None)
        return there >= end or there < start

    def _in_month(self, month: int) -> dt.datetime:
        year, number = divmod(month, 12)
        last = calendar.monthrange(year, number + 1)[1]
        day = last if self.is_month_end else min(self.first.day, last)
        return self.first.replace(year=year, month=number + 1, day=day)


def infer(moments: Sequence[dt.datetime], style: Style, zone_name: str) -> Steps:
    """Return the step of sorted, distinct moments. Raises Unprocessable when there is none, or too few.

    zone_name: of the dashboard; labels with an offset are read there when it explains them.
    """
    if len(moments) < FEWEST:
        raise Unprocessable(
            f"A forecast needs at least {FEWEST} periods; the tile has {len(moments)}: widen its date range"
        )
    zone = zone_of(moments[-1], style, zone_name)
    if zone is not None:
        moments = [moment.astimezone(zone) for moment in moments]
    wall = [moment.replace(tzinfo=None) for moment in moments]
    base = Steps("day", 1, moments[0], style, days=1, zone=zone)
    if style.kind in ("year", "quarter", "month"):
        return _by_months(wall, base)
    if len({moment.time() for moment in wall}) > 1:
        return _by_clock(moments, base)
    if style.kind == "week":
        return _by_weeks([one.toordinal() for one in wall], base)
    return _by_days(wall, base)


def _by_days(wall: Sequence[dt.datetime], base: Steps) -> Steps:
    days = [moment.toordinal() for moment in wall]
    gaps = _gaps(days)
    on_end = all(moment.day == calendar.monthrange(moment.year, moment.month)[1] for moment in wall)
    if on_end or len({moment.day for moment in wall}) == 1:
        return _by_months(wall, replace(base, is_month_end=on_end))
    if all(gap % 7 == 0 for gap in gaps):
        return _by_weeks(days, base)
    if sum(gap == 1 for gap in gaps) * 2 >= len(gaps):
        seen = {moment.weekday() for moment in wall}
        if len(wall) >= 10 and len(seen) in (5, 6) and days[-1] - days[0] >= 13:
            return replace(base, season=len(seen), open_days=tuple(sorted(seen)))
        return replace(base, season=7)
    months = [_month(moment) for moment in wall]
    if len(set(months)) == len(months) and sum(26 <= gap <= 35 for gap in gaps) * 2 >= len(gaps):
        usual = Counter(moment.day for moment in wall).most_common(1)[0][0]
        first = base.first
        last = calendar.monthrange(first.year, first.month)[1]
        return _by_months(wall, replace(base, first=first.replace(day=min(usual, last))))
    raise Unprocessable(IRREGULAR)


def _by_months(wall: Sequence[dt.datetime], base: Steps) -> Steps:
    step = math.gcd(*_gaps([_month(moment) for moment in wall]))
    found = replace(base, days=0, months=step, season=12 // step if 12 % step == 0 else 1)
    if step % 12 == 0:
        return replace(found, unit="year", season=1)
    return replace(found, unit="quarter" if step % 3 == 0 else "month")


def _by_weeks(days: Sequence[int], base: Steps) -> Steps:
    step = math.gcd(*_gaps(days))
    return replace(base, unit="week", days=step, season=52 // (step // 7))


def _by_clock(moments: Sequence[dt.datetime], base: Steps) -> Steps:
    """Return the commonest step of clock times, if at least half of the gaps take it and nearly all fit it."""
    seconds = [round(moment.timestamp() if moment.tzinfo else _seconds(moment)) for moment in moments]
    gaps = _gaps(seconds)
    usual, often = Counter(gaps).most_common(1)[0]
    fitting = sum(gap % usual == 0 for gap in gaps)
    if usual < 60 or usual % 60 or often * 2 < len(gaps) or fitting < 0.9 * len(gaps):
        raise Unprocessable(IRREGULAR)
    minutes = usual // 60
    if minutes % MINUTES_A_DAY == 0:
        raise Unprocessable(IRREGULAR)
    season = MINUTES_A_DAY // minutes if MINUTES_A_DAY % minutes == 0 else 1
    unit: Unit = "hour" if minutes % 60 == 0 else "minute"
    first = base.first.astimezone(dt.UTC) if base.first.tzinfo else base.first
    return replace(
        base,
        unit=unit,
        first=first,
        days=0,
        minutes=minutes,
        season=season if season <= LONGEST_SEASON else 1,
    )


def _gaps(sorted_numbers: Sequence[int]) -> list[int]:
    return [later - one for one, later in pairwise(sorted_numbers)]


def _month(moment: dt.datetime) -> int:
    return moment.year * 12 + moment.month - 1


def _first_of(month: int) -> dt.datetime:
    return dt.datetime(month // 12, month % 12 + 1, 1)  # noqa: DTZ001


def _seconds(moment: dt.datetime) -> float:
    return (moment - dt.datetime(1970, 1, 1)).total_seconds()  # noqa: DTZ001
