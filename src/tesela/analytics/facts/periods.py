"""Labels of time in rows: what a cell means, how far apart two are, and which are missing between them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

Grain = Literal["year", "quarter", "month", "week", "day", "hour", "minute", "label"]
CYCLES: dict[str, int] = {"quarter": 4, "month": 12, "week": 52, "day": 7, "hour": 24}
"""How many periods make a season."""

EPOCH = dt.datetime.combine(dt.date(1970, 1, 1), dt.time())
_MONTHS = [
    "jan|ene",
    "feb",
    "mar",
    "apr|abr",
    "may",
    "jun",
    "jul",
    "aug|ago",
    "sep|set",
    "oct",
    "nov",
    "dec|dic",
]  # the first three letters in English and Spanish
_YEAR = re.compile(r"^(?:FY ?)?((?:19|20)\d\d)$", re.I)
_MONTH = re.compile(r"^((?:19|20)\d\d)[-/.](0?[1-9]|1[0-2])$")
_QUARTER = re.compile(r"^(?:((?:19|20)\d\d)[- ]?[QT]([1-4])|[QT]([1-4])[- ]((?:19|20)\d\d))$", re.I)
_WEEK = re.compile(r"^((?:19|20)\d\d)-?W(\d\d)$", re.I)
_NAMED_MONTH = re.compile(r"^([a-zé]{3,10})\.?[ -](?:de )?((?:19|20)\d\d)$", re.I)
_MOMENT = re.compile(r"^((?:19|20)\d\d)-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?.*)?$")
_BARE = re.compile(
    r"^(?:[QT]([1-4])|[HS]([12])|(?:week|semana|w|s) ?(\d{1,2})|(?:day|día|dia) ?(\d{1,3}))$", re.I
)
_PAIRS = (
    ("before", "after"), ("antes", "después"), ("last year", "this year"), ("previous", "current"),
    ("prior", "current"), ("last month", "this month"), ("last quarter", "this quarter"),
    ("last week", "this week"), ("anterior", "actual"), ("año pasado", "este año"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """A cell that stands for a time. order: sorts; start: None for a label without a year.

    raw: the cell as the rows hold it. label: the cell as text.
    """

    raw: Any
    label: str
    grain: Grain
    order: float
    start: dt.datetime | None = None


def read_periods(cells: Sequence[Any]) -> list[Period | None] | None:
    """Return each cell as a period, None for a null cell; or None when the column is none of time.

    Every cell that is not null must be readable, in one way.
    """
    known: dict[Any, Period] = {}
    for cell in cells:
        if cell is None or cell == "" or cell in known:
            continue
        if not isinstance(cell, str | int) or isinstance(cell, bool):
            return None
        found = _read(cell)
        if found is None:
            return _read_pairs(cells)
        known[cell] = found
    if not known or len({one.start is None for one in known.values()}) > 1:
        return None
    grain = _grain_of(sorted(known.values(), key=lambda one: one.order))
    if grain is not None:
        known = {cell: _as(one, grain) for cell, one in known.items()}
    elif len({one.grain for one in known.values()}) > 1:
        return None
    return [None if cell is None or cell == "" else known[cell] for cell in cells]


def missing_between(periods: Sequence[Period]) -> list[Period]:
    """Return the periods that are not there between the first and the last, at most 1,000.

    periods: distinct, in order. Weekends that no row ever has are not missing.
    """
    if len(periods) < 3 or periods[0].start is None:
        return []
    grain = periods[0].grain
    if grain not in ("year", "quarter", "month", "week", "day", "hour"):
        return []
    there = {one.order for one in periods}
    starts = [one.start for one in periods if one.start is not None]
    weekdays = {start.weekday() for start in starts} if grain == "day" else None
    if weekdays is not None and len(periods) < 10:
        weekdays = None
    missing: list[Period] = []
    at = starts[0]
    while (at := next_start(at, grain)) < starts[-1] and len(missing) < 1000:
        if _order(at) not in there and (weekdays is None or at.weekday() in weekdays):
            missing.append(_made(at, grain, periods[0]))
    return missing


def next_start(start: dt.datetime, grain: Grain) -> dt.datetime:
    """Return when the period after the one that begins at `start` begins.

    >>> next_start(dt.datetime(2025, 12, 1), "month")
    datetime.datetime(2026, 1, 1, 0, 0)
    """
    match grain:
        case "year":
            return start.replace(year=start.year + 1)
        case "quarter" | "month":
            index = start.year * 12 + start.month - 1 + (3 if grain == "quarter" else 1)
            return start.replace(year=index // 12, month=index % 12 + 1, day=1)
        case "week":
            return start + dt.timedelta(weeks=1)
        case "hour":
            return start + dt.timedelta(hours=1)
        case "minute":
            return start + dt.timedelta(minutes=1)
        case _:
            return start + dt.timedelta(days=1)


def is_unfinished(period: Period, now: dt.datetime) -> bool:
    """Say whether `now` (without zone, in the dashboard's) lies within the period."""
    if period.start is None or period.grain in ("label", "minute"):
        return False
    return period.start <= now < next_start(period.start, period.grain)


def phase(period: Period) -> int:
    """Return the place of a period in its season: the month of the year, the day of the week."""
    start = period.start
    if start is None:
        return 0
    match period.grain:
        case "month":
            return start.month
        case "quarter":
            return (start.month - 1) // 3
        case "week":
            return min(start.isocalendar().week, 52)
        case "day":
            return start.weekday()
        case _:
            return start.hour


def _read(cell: str | int) -> Period | None:
    text = str(cell).strip()
    if len(text) >= 10 and (match := _MOMENT.match(text)):
        try:
            moment = dt.datetime.fromisoformat(text[:19].replace(" ", "T")).replace(tzinfo=None)
        except ValueError:
            return None
        grain: Grain = "day" if moment.time() == dt.time() else "hour" if moment.minute == 0 else "minute"
        return _dated(cell, text, grain, moment)
    if match := _YEAR.match(text):
        return _dated(cell, text, "year", _day(int(match[1]), 1, 1))
    if match := _MONTH.match(text):
        return _dated(cell, text, "month", _day(int(match[1]), int(match[2]), 1))
    if match := _QUARTER.match(text):
        year, quarter = int(match[1] or match[4]), int(match[2] or match[3])
        return _dated(cell, text, "quarter", _day(year, 3 * quarter - 2, 1))
    if match := _WEEK.match(text):
        try:
            monday = dt.date.fromisocalendar(int(match[1]), int(match[2]), 1)
        except ValueError:
            return None
        return _dated(cell, text, "week", dt.datetime.combine(monday, dt.time()))
    if (match := _NAMED_MONTH.match(text)) and (month := _month_of(match[1])):
        return _dated(cell, text, "month", _day(int(match[2]), month, 1))
    if match := _BARE.match(text):
        return Period(cell, text, "label", float(next(part for part in match.groups() if part)))
    if (month := _month_of(text)) and len(text) <= 10:
        return Period(cell, text, "label", float(month))
    return None


def _read_pairs(cells: Sequence[Any]) -> list[Period | None] | None:
    """Return "before" and "after", "last year" and "this year" as two periods."""
    there = {str(cell).strip().casefold() for cell in cells if cell is not None}
    pair = next((pair for pair in _PAIRS if there == set(pair)), None)
    if pair is None:
        return None
    return [
        None
        if cell is None
        else Period(cell, str(cell), "label", float(pair.index(str(cell).strip().casefold())))
        for cell in cells
    ]


def _month_of(word: str) -> int | None:
    start = word[:3].casefold()
    full = {
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
        "november", "december", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
        "septiembre", "setiembre", "octubre", "noviembre", "diciembre", "sept",
    }  # fmt: skip
    if len(word) > 3 and word.casefold() not in full:
        return None
    return next((at for at, names in enumerate(_MONTHS, 1) if start in names.split("|")), None)


def _day(year: int, month: int, day: int) -> dt.datetime:
    """Return the midnight with which a day begins. No zone: cells are read as clocks of the dashboard show them."""
    return dt.datetime.combine(dt.date(year, month, day), dt.time())


def _dated(raw: Any, label: str, grain: Grain, start: dt.datetime) -> Period:
    return Period(raw, label, grain, _order(start), start)


def _order(start: dt.datetime) -> float:
    return (start - EPOCH).total_seconds()


def _grain_of(periods: Sequence[Period]) -> Grain | None:
    """Return the grain that the dates tell together: the first of each month are months. None: no dates."""
    starts = [one.start for one in periods if one.start is not None]
    grains = {one.grain for one in periods}
    if not starts or not grains <= {"day", "hour", "minute"}:
        return None if len(grains) != 1 else periods[0].grain
    if grains & {"hour", "minute"}:
        return "minute" if "minute" in grains else "hour"
    if len(starts) < 2:
        return "day"
    if all(start.day == 1 for start in starts):
        if len(starts) > 2 and all(start.month == 1 for start in starts):
            return "year"
        gaps = [_months(b) - _months(a) for a, b in pairwise(starts)]
        if all(gap % 3 == 0 for gap in gaps) and all((start.month - 1) % 3 == 0 for start in starts):
            return "quarter" if min(gaps) == 3 else "month"
        return "month"
    days = [(b - a).days for a, b in pairwise(starts)]
    return "week" if all(gap % 7 == 0 for gap in days) and len(starts) > 2 else "day"


def _months(start: dt.datetime) -> int:
    return start.year * 12 + start.month


def _as(period: Period, grain: Grain) -> Period:
    return Period(period.raw, period.label, grain, period.order, period.start)


def _made(start: dt.datetime, grain: Grain, like: Period) -> Period:
    """Return a period that no row has, labelled as the rows label theirs."""
    label = {
        "year": f"{start.year}",
        "quarter": f"{start.year}-Q{(start.month + 2) // 3}",
        "month": f"{start.year}-{start.month:02d}",
        "week": f"{start.isocalendar().year}-W{start.isocalendar().week:02d}",
    }.get(grain, start.isoformat()[:10] if grain == "day" else start.isoformat()[:16])
    if like.label and _MOMENT.match(like.label):
        label = start.isoformat()[: 10 if grain != "hour" else 16]
    return Period(label, label, grain, _order(start), start)
