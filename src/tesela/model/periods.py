"""Periods of time: relative names made absolute, and the period before.

A period is [start, end): `end` is not part of it. Dates stand for midnight in the dashboard's time zone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

Moment = dt.date | dt.datetime
_LAST = re.compile(r"^(last|next)_(\d{1,4})_(hours|days|weeks|months|quarters|years)$")
_NAMED = re.compile(r"^(this|last|next)_(week|month|quarter|year)$")
_TO_DATE = re.compile(r"^(week|month|quarter|year)_to_date$")


@dataclass(frozen=True, slots=True)
class Period:
    """start included, end not; None: open."""

    start: Moment | None
    end: Moment | None


def relative(name: str, now: dt.datetime) -> Period | None:
    """Return what a relative name means at `now` (aware, in the dashboard's zone); None for an unknown name.

    last_30_days ends with today; last_3_months are the three whole months before this one; last_month,
    last_quarter, last_year the one before; this_month the whole of it; month_to_date up to today.

    >>> now = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
    >>> relative("last_30_days", now)
    Period(start=datetime.date(2026, 10, 23), end=datetime.date(2026, 11, 22))
    >>> relative("last_quarter", now)
    Period(start=datetime.date(2026, 7, 1), end=datetime.date(2026, 10, 1))
    """
    today = now.date()
    tomorrow = today + dt.timedelta(days=1)
    if name == "today":
        return Period(today, tomorrow)
    if name == "yesterday":
        return Period(today - dt.timedelta(days=1), today)
    if name == "all_time":
        return Period(None, None)
    if match := _TO_DATE.match(name):
        return Period(unit_start(match[1], today), tomorrow)
    if match := _NAMED.match(name):
        return _named_unit(match[1], match[2], today)
    if match := _LAST.match(name):
        return _counted(match[1], int(match[2]), match[3].removesuffix("s"), now)
    return None


def previous(period: Period) -> Period:
    """Return the period before: of a whole month, quarter or year the one before it, else the same length.

    >>> previous(Period(dt.date(2026, 1, 1), dt.date(2026, 4, 1)))
    Period(start=datetime.date(2025, 10, 1), end=datetime.date(2026, 1, 1))
    >>> previous(Period(dt.date(2026, 1, 10), dt.date(2026, 1, 20)))
    Period(start=datetime.date(2025, 12, 31), end=datetime.date(2026, 1, 10))
    """
    start, end = period.start, period.end
    if start is None or end is None:
        return Period(None, None)
    try:
        for unit in ("month", "quarter", "year"):
            if _is_start(unit, start) and _add_units(unit, start, 1) == end:
                return Period(_add_units(unit, start, -1), start)
        if isinstance(start, dt.datetime) != isinstance(end, dt.datetime):
            start, end = _midnight(start, end), _midnight(end, start)
        return Period(start - (end - start), start)
    except (OverflowError, ValueError):  # it would begin before the calendar does
        return Period(start.replace(year=1, month=1, day=1), start)


def unit_start(unit: str, day: dt.date) -> dt.date:
    """Return the first day of the week (Monday), month, quarter or year that `day` is in."""
    match unit:
        case "week":
            return day - dt.timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
        case _:
            return day.replace(month=1, day=1)


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day of another month, or its last day where it has fewer."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (dt.date(year + (month == 11), (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


MONTHS = {"month": 1, "quarter": 3, "year": 12}


def _add_units(unit: str, moment: Moment, count: int) -> Moment:
    if isinstance(moment, dt.datetime):
        moved = add_months(moment.date(), MONTHS[unit] * count)
        return moment.replace(year=moved.year, month=moved.month, day=moved.day)
    return add_months(moment, MONTHS[unit] * count)


def _is_start(unit: str, moment: Moment) -> bool:
    if isinstance(moment, dt.datetime):
        return moment.time() == dt.time() and unit_start(unit, moment.date()) == moment.date()
    return unit_start(unit, moment) == moment


def _named_unit(which: str, unit: str, today: dt.date) -> Period:
    step: Callable[[dt.date, int], dt.date]
    if unit == "week":
        step = lambda day, count: day + dt.timedelta(weeks=count)  # noqa: E731
    else:
        step = lambda day, count: add_months(day, MONTHS[unit] * count)  # noqa: E731
    start = step(unit_start(unit, today), {"last": -1, "this": 0, "next": 1}[which])
    return Period(start, step(start, 1))


def _counted(which: str, count: int, unit: str, now: dt.datetime) -> Period | None:
    today = now.date()
    try:
        if unit == "hour":
            span = dt.timedelta(hours=count)
            return Period(now - span, now) if which == "last" else Period(now, now + span)
        if unit == "day":
            tomorrow = today + dt.timedelta(days=1)
            span = dt.timedelta(days=count)
            return Period(tomorrow - span, tomorrow) if which == "last" else Period(tomorrow, tomorrow + span)
        this = unit_start(unit, today)
        if unit == "week":
            span = dt.timedelta(weeks=count)
            after = this + dt.timedelta(weeks=1)
            return Period(this - span, this) if which == "last" else Period(after, after + span)
        months = MONTHS[unit]
        after = add_months(this, months)
        if which == "last":
            return Period(add_months(this, -months * count), this)
        return Period(after, add_months(after, months * count))
    except (OverflowError, ValueError):
        return None


def _midnight(moment: Moment, like: Moment) -> dt.datetime:
    if isinstance(moment, dt.datetime):
        return moment
    zone = like.tzinfo if isinstance(like, dt.datetime) else None
    return dt.datetime.combine(moment, dt.time(), zone)
