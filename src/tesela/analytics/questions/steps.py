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


def after(day: dt.date, grain: Grain) -> dt.date:
    """Return the first day after the period that begins at `day`."""
    if grain in ("day", "week"):
        return day + dt.timedelta(1 if grain == "day" else 7)
    return months_later(day, {"month": 1, "quarter": 3, "year": 12}[grain])


def before(day: dt.date, grain: Grain) -> dt.date:
    """Return the first day of the period before the one that begins at `day`."""
    if grain in ("day", "week"):
        return day - dt.timedelta(1 if grain == "day" else 7)
    return months_later(day, -{"month": 1, "quarter": 3, "year": 12}[grain])


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day some months later, or the last one of a shorter month."""
    count = day.year * 12 + day.month - 1 + months
    last = [31, 29 if count // 12 % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][count % 12]
    return dt.date(count // 12, count % 12 + 1, min(day.day, last))


def week(day: dt.date) -> dt.date:
    """Return the Monday of a day's week."""
    return day - dt.timedelta(day.weekday())
