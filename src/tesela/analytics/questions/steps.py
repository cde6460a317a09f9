"""Steps of the calendar: where a week, month, quarter or year begins, and where the next one does."""

from __future__ import annotations

import datetime as dt

from tesela.analytics.questions.tables import Grain


def floor(day: dt.date, grain: Grain) -> dt.date:
    """Return the first day of the day's week, month, quarter or year."""
    if grain == "week":
        return week(day)
    if grain == "month":
        return day.replace(day=1)
    if grain == "quarter":
        return dt.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return dt.date(day.year, 1, 1) if grain == "year" else day


def later(day: dt.date, days: int) -> dt.date:
    """Return the day so many days after `day`, before it with a minus; the calendar's first or last past its ends.

    Databases write "for ever" as 9999-12-31, after which there is no day.

    >>> later(dt.date(9999, 12, 31), 1), later(dt.date(1, 1, 2), -7)
    (datetime.date(9999, 12, 31), datetime.date(1, 1, 1))
    """
    place = min(max(day.toordinal() + days, 1), dt.date.max.toordinal())
    return dt.date.fromordinal(place)


def after(day: dt.date, grain: Grain) -> dt.date:
    """Return the first day after the period that begins at `day`."""
    if grain in ("day", "week"):
        return later(day, 1 if grain == "day" else 7)
    return months_later(day, {"month": 1, "quarter": 3, "year": 12}[grain])


def before(day: dt.date, grain: Grain) -> dt.date:
    """Return the first day of the period before the one that begins at `day`."""
    if grain in ("day", "week"):
        return later(day, -1 if grain == "day" else -7)
    return months_later(day, -{"month": 1, "quarter": 3, "year": 12}[grain])


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day some months later, or the last one of a shorter month."""
    count = day.year * 12 + day.month - 1 + months
    if not 12 <= count < 120_000:
        return dt.date.min if count < 12 else dt.date.max
    last = [31, 29 if count // 12 % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][count % 12]
    return dt.date(count // 12, count % 12 + 1, min(day.day, last))


def week(day: dt.date) -> dt.date:
    """Return the Monday of a day's week."""
    return later(day, -day.weekday())
