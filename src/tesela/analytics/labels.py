"""The labels of a time axis, read and written: a forecast answers in the way that its rows are written."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

Kind = Literal["year", "quarter", "month", "week", "date", "timestamp"]

_TEXT = re.compile(
    r"(?P<year>\d{4})(?:"
    r"(?P<month>-\d\d)?|(?P<between>[- ]?)[Qq](?P<quarter>[1-4])|-?[Ww](?P<week>\d\d)"
    r")$"
)
_CLOCK = re.compile(
    r"\d{4}-\d\d-\d\d(?P<between>[T ])\d\d:\d\d(?P<seconds>:\d\d)?(?P<fraction>\.\d+)?"
    r" ?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?$"
)
FIRST_YEAR, LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True)
class Style:
    """How a label is written.

    is_number: a year as a JSON number. between: what stands before Q2, or between date and time.
    seconds, fraction: whether a clock shows them, and with how many digits. zone: Z, or an offset, or nothing.
    """

    kind: Kind
    is_number: bool = False
    between: str = "-"
    seconds: bool = True
    fraction: int = 0
    zone: str = ""


def read(label: object) -> tuple[dt.datetime, Style] | None:
    """Return the start of what a label names, and how it is written; None when it names no time.

    A label with a zone gives a moment with that offset, every other one a wall clock without.

    >>> read("2026-Q2")[0], read(2026)[1].kind, read("North")
    (datetime.datetime(2026, 4, 1, 0, 0), 'year', None)
    """
    if isinstance(label, bool) or label is None:
        return None
    if isinstance(label, int | float):
        if int(label) != label or not FIRST_YEAR <= label <= LAST_YEAR:
            return None
        return dt.datetime(int(label), 1, 1), Style("year", is_number=True)  # noqa: DTZ001
    if not isinstance(label, str):
        return None
    text = label.strip()
    try:
        return _period(text) or _day(text)
    except ValueError:
        return None


def _period(text: str) -> tuple[dt.datetime, Style] | None:
    found = _TEXT.match(text)
    if found is None:
        return None
    year = int(found["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if found["quarter"]:
        month = 3 * int(found["quarter"]) - 2
        return dt.datetime(year, month, 1), Style("quarter", between=found["between"])  # noqa: DTZ001
    if found["week"]:
        monday = dt.date.fromisocalendar(year, int(found["week"]), 1)
        return dt.datetime.combine(monday, dt.time()), Style("week", between="-" if "-" in text else "")
    if found["month"]:
        return dt.datetime(year, int(found["month"][1:]), 1), Style("month")  # noqa: DTZ001
    return dt.datetime(year, 1, 1), Style("year")  # noqa: DTZ001


def _day(text: str) -> tuple[dt.datetime, Style] | None:
    if len(text) == 10:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time()), Style("date")
    found = _CLOCK.match(text)
    if found is None:
        return None
    moment = dt.datetime.fromisoformat(text.replace(" Z", "Z"))
    fraction = len(found["fraction"]) - 1 if found["fraction"] else 0
    return moment, Style(
        "timestamp",
        between=found["between"],
        seconds=found["seconds"] is not None,
        fraction=fraction,
        zone=found["zone"] or "",
    )


def write(moment: dt.datetime, style: Style, zone: dt.tzinfo | None = None) -> str | int:
    """Return the label of a moment. zone: where a moment with an offset is told.

    >>> write(dt.datetime(2026, 4, 1), Style("quarter")), write(dt.datetime(2026, 4, 1), Style("month"))
    ('2026-Q2', '2026-04')
    """
    match style.kind:
        case "year":
            return moment.year if style.is_number else f"{moment.year:04d}"
        case "quarter":
            return f"{moment.year:04d}{style.between}Q{(moment.month + 2) // 3}"
        case "month":
            return f"{moment.year:04d}-{moment.month:02d}"
        case "week":
            year, week, _ = moment.isocalendar()
            return f"{year:04d}{style.between}W{week:02d}"
        case "date":
            return moment.date().isoformat()
    return _clock(moment, style, zone)


def _clock(moment: dt.datetime, style: Style, zone: dt.tzinfo | None) -> str:
    if moment.tzinfo is not None and zone is not None:
        moment = moment.astimezone(zone)
    shown = moment.strftime("%H:%M:%S" if style.seconds else "%H:%M")
    if style.fraction:
        shown += "." + f"{moment.microsecond:06d}".ljust(style.fraction, "0")[: style.fraction]
    offset = ""
    if style.zone == "Z":
        offset = "Z"
    elif style.zone:
        offset = moment.strftime("%z")
        offset = offset[:3] if len(style.zone) == 3 else offset
        offset = f"{offset[:3]}:{offset[3:]}" if ":" in style.zone else offset
    return f"{moment.date().isoformat()}{style.between}{shown}{offset}"


def zone_of(last: dt.datetime, style: Style, name: str) -> dt.tzinfo | None:
    """Return where labels with an offset live: the zone of that name when it explains the last one.

    Else the fixed offset of the last label; None for wall clocks.
    """
    if last.tzinfo is None:
        return None
    if style.zone == "Z":
        return dt.UTC
    zone = ZoneInfo(name)
    return zone if last.astimezone(zone).utcoffset() == last.utcoffset() else last.tzinfo
