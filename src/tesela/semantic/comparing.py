"""With what time another is compared, and how far back it lies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from tesela.errors import MissingValue, QueryRefused
from tesela.model.interaction import TimeRange
from tesela.model.metric import Grain, MetricQuery
from tesela.model.periods import add_months
from tesela.semantic.dialects import Shift

ONE_BEFORE: dict[Grain, Shift] = {
    "hour": Shift(3600, "second"),
    "day": Shift(1, "day"),
    "week": Shift(7, "day"),
    "month": Shift(1, "month"),
    "quarter": Shift(3, "month"),
    "year": Shift(12, "month"),
}
WHOLE_MONTHS = ("month", "quarter", "year")
Moment = dt.datetime | dt.date


@dataclass(frozen=True, slots=True)
class Comparison:
    """shift: as in `View.previous`. is_windowed: both periods have bounds. range: with those of the former one."""

    shift: Shift | None
    is_windowed: bool
    range: TimeRange


def comparison(query: MetricQuery, given: TimeRange) -> Comparison:
    """Return what a query is compared with in a time range. Raises MissingValue where there is nothing.

    With a range, its previous period (or the same a year before; for weeks 52 of them). Without one, each bucket
    is compared with the one before it, or with the one a year before.
    """
    if query.compare is None:
        return Comparison(None, False, given)
    grain = query.time_grain
    if given.start is None or given.end is None:
        if grain is None:
            raise MissingValue("needs a date range with a start and an end, or a time_grain, to compare with")
        return Comparison(
            _year(grain) if query.compare == "previous_year" else ONE_BEFORE[grain], False, given
        )
    if query.compare == "previous_year":
        shift = _year(grain)
        before = replace(given, prev_start=_back(given.start, shift), prev_end=_back(given.end, shift))
        return Comparison(shift if grain else None, True, before)
    if grain is None or given.prev_start is None:
        return Comparison(None, True, given)
    return Comparison(_between(given.prev_start, given.start, grain), True, given)


def _year(grain: Grain | None) -> Shift:
    return Shift(364, "day") if grain == "week" else Shift(12, "month")


def _back(moment: Moment, shift: Shift) -> Moment:
    """Return the moment so much earlier. Raises QueryRefused before the calendar begins."""
    try:
        return _moved_back(moment, shift)
    except (OverflowError, ValueError) as error:
        raise QueryRefused("compare: there is no year before the date range") from error


def _moved_back(moment: Moment, shift: Shift) -> Moment:
    if shift.unit == "day":
        return moment - dt.timedelta(days=shift.count)
    if isinstance(moment, dt.datetime):
        return dt.datetime.combine(add_months(moment.date(), -shift.count), moment.timetz())
    return add_months(moment, -shift.count)


def _between(former: Moment, now: Moment, grain: Grain) -> Shift:
    if grain in WHOLE_MONTHS and _is_first(former) and _is_first(now):
        return Shift((now.year - former.year) * 12 + now.month - former.month, "month")
    seconds = round((_moment(now, former) - _moment(former, now)).total_seconds())
    return Shift(seconds // 86_400, "day") if seconds % 86_400 == 0 else Shift(seconds, "second")


def _is_first(moment: Moment) -> bool:
    return moment.day == 1 and (not isinstance(moment, dt.datetime) or moment.time() == dt.time())


def _moment(moment: Moment, like: Moment) -> dt.datetime:
    zone = like.tzinfo if isinstance(like, dt.datetime) else None
    if not isinstance(moment, dt.datetime):
        return dt.datetime.combine(moment, dt.time(), zone)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
