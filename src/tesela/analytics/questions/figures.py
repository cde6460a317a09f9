"""Numbers, days and names as an answer writes them, in English and Spanish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

from tesela.analytics.questions.periods import Calendar
from tesela.analytics.questions.plan import Period
from tesela.analytics.questions.steps import after, later
from tesela.analytics.questions.tables import NO_YEAR
from tesela.analytics.questions.words import MONTHS_EN, MONTHS_ES, listed

ROUNDING = Context(prec=500)
"""More digits than a number of a database, rounded, can have."""
WEEKDAYS = {
    "en": listed("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    "es": listed("lunes martes miércoles jueves viernes sábado domingo"),
}


def number(value: Decimal, language: str, *, percent: bool = False, signed: bool = False) -> str:
    """Return a figure with its thousands grouped and at most two decimals, four digits below one.

    >>> number(Decimal("1234567.891"), "en"), number(Decimal("-0.012345"), "es")
    ('1,234,567.89', '-0,01235')
    """
    size = abs(value)
    places = 2 if size >= 1 or size == 0 else min(10, 3 - size.adjusted())
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, ROUNDING)
    text = f"{rounded:{'+' if signed else ''},f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in ("-0", "+0"):
        text = "0"
    if language == "es":
        text = text.translate(str.maketrans(",.", ".,"))
        return f"{text} %" if percent else text
    return f"{text}%" if percent else text


def joined(words: Sequence[str], language: str, *, limit: int = 20) -> str:
    """Return names in a row; after `limit` how many more there are.

    >>> joined(["A", "B", "C"], "en"), joined(["A", "B"], "es")
    ('A, B and C', 'A y B')
    """
    shown, more = list(words[:limit]), len(words) - limit
    last = "y" if language == "es" else "and"
    if more > 0:
        return f"{', '.join(shown)} {last} {more} {'más' if language == 'es' else 'more'}"
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} {last} {shown[-1]}"


def day(value: dt.date, language: str) -> str:
    """Return 14 August 2026, or 14 de agosto de 2026."""
    if language == "es":
        return f"{value.day} de {MONTHS_ES[value.month - 1]} de {value.year}"
    return f"{value.day} {MONTHS_EN[value.month - 1]} {value.year}"


def month(value: dt.date, language: str) -> str:
    """Return August 2026, or agosto de 2026."""
    name = (MONTHS_ES if language == "es" else MONTHS_EN)[value.month - 1]
    if value.year == NO_YEAR:
        return name
    return f"{name} de {value.year}" if language == "es" else f"{name} {value.year}"


def time_key(value: dt.date | int, bucket: str | None, language: str) -> str:
    """Return a time group's name."""
    if isinstance(value, int):
        return WEEKDAYS[language][value]
    if bucket == "year":
        return str(value.year)
    if bucket == "quarter":
        return f"{'T' if language == 'es' else 'Q'}{(value.month + 2) // 3} {value.year}"
    if bucket == "month":
        return month(value, language)
    if bucket == "week":
        return (
            f"la semana del {value.isoformat()}" if language == "es" else f"the week of {value.isoformat()}"
        )
    return f"{day(value, language)} ({value.isoformat()})"


def period(found: Period, calendar: Calendar | None, language: str) -> str:
    """Return a period's name, with the days that the rows have of it where that is less."""
    start, end = found.start, found.end
    es = language == "es"
    if end == later(start, 1):
        text = day(start, language)
    elif start.day == 1 and end == after(start, "year") and start.month == 1:
        text = str(start.year)
    elif start.day == 1 and end == after(start, "month"):
        text = month(start, language)
    elif start.day == 1 and end == after(start, "quarter") and start.month % 3 == 1:
        text = f"{'T' if es else 'Q'}{(start.month + 2) // 3} {start.year}"
    elif end == later(start, 7):
        text = f"la semana del {start.isoformat()}" if es else f"the week of {start.isoformat()}"
    else:
        last = later(end, -1)
        is_months = start.day == 1 and end.day == 1
        one = month(start, language) if is_months else day(start, language)
        other = month(last, language) if is_months else day(last, language)
        text = f"{one} a {other}" if es else f"{one} to {other}"
    if calendar is not None and calendar.days and (calendar.first > start or calendar.end < end):
        if calendar.grain in ("month", "quarter", "year"):
            shown = month(calendar.last, language)
        else:
            shown = day(calendar.last, language)
        if calendar.end < end:
            text += f" (hasta {shown})" if es else f" (up to {shown})"
    if found.weekdays:
        names = joined([WEEKDAYS[language][one] for one in found.weekdays], language)
        text = f"{names}, {text}"
    return text


def ordinal(value: int, language: str) -> str:
    """Return 2nd, or 2.º."""
    if language == "es":
        return f"{value}.º"
    suffix = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{suffix}"
