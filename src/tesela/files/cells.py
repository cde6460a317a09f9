"""How one cell is written in CSV and in a sheet, so that no spreadsheet takes it for a formula or a link.

What engines need of the formats to write rows where the rows are; files around the rows: `csv`, `xlsx`.
"""

from __future__ import annotations

import datetime as dt
import re

RISKY = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""A text that begins with one of these may be run by a spreadsheet. The last are = + - @ in full width."""
IN_QUOTES = '",;\t\r\n'
"""CSV puts texts with one of these in quotes: the separators of every locale, lest a cell end early."""

MAX_TEXT = 32_767
"""Characters of a sheet's cell, counted in halves of UTF-16."""
MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_DIGITS = 15
"""Digits that a spreadsheet keeps of a number: longer ones are written as text."""
DAY_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001  (a sheet knows no zones)
FIRST_DAY, LAST_DAY = dt.datetime(1900, 3, 1), dt.datetime(9999, 12, 31, 23, 59, 59)  # noqa: DTZ001
"""Between these a day has the same number in every spreadsheet; others are written as text."""

HEADER, DATE, TIMESTAMP, TIME, LITERAL, NOTE, TITLE, WRAPPED = range(1, 9)
"""Styles of a workbook, by place; 0 has none. LITERAL: text that stays text when somebody edits the cell."""
EMPTY = "<c/>"

_RISKY = frozenset(RISKY)
_IN_QUOTES = re.compile(f"[{IN_QUOTES}]")
_SPECIAL = re.compile(r"[\x00-\x08\x0b-\x1f&<>\ufffe\uffff]|_x")
_BEYOND = re.compile(r"[\U00010000-\U0010FFFF]")
NOT_IN_XML = (*range(9), *range(11, 32), 0xFFFE, 0xFFFF)
"""Characters that XML cannot hold, and the carriage return, which it changes."""
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d(?:\.\d+)?)")
_ENTITIES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", **{chr(code): f"_x{code:04X}_" for code in NOT_IN_XML}}
)


def csv_text(text: str) -> str:
    """Return a text as a CSV cell.

    >>> print(csv_text("plain"), csv_text("a, b"), csv_text("=1+1"), sep=" | ")
    plain | "a, b" | "'=1+1"
    """
    is_risky = text[:1] in _RISKY
    if text and not is_risky and not _IN_QUOTES.search(text):
        return text
    doubled = text.replace('"', '""')
    return f'"\'{doubled}"' if is_risky else f'"{doubled}"'


def xml_text(text: str) -> str:
    """Return a text as it stands inside a sheet's XML; what XML cannot hold is spelled as sheets spell it.

    >>> xml_text("a < b & c"), xml_text("\\0"), xml_text("_x0041_")
    ('a &lt; b &amp; c', '_x0000_', '_x005F_x0041_')
    """
    if not _SPECIAL.search(text):
        return text
    return text.replace("_x", "_x005F_x").translate(_ENTITIES)


def fitted(text: str) -> str:
    """Return as much of a text as a sheet's cell holds.

    >>> len(fitted("x" * 40_000)), len(fitted("x"))
    (32767, 1)
    """
    if len(text) <= MAX_TEXT // 2:
        return text
    return text[: MAX_TEXT // 2 if _BEYOND.search(text) else MAX_TEXT]


def text_cell(text: str, style: int = 0) -> str:
    """Return a text as a cell of a sheet; nothing in it is ever a formula.

    >>> text_cell("a")
    '<c t="inlineStr"><is><t xml:space="preserve">a</t></is></c>'
    """
    style = style or (LITERAL if text[:1] in _RISKY else 0)
    mark = f' s="{style}"' if style else ""
    return f'<c t="inlineStr"{mark}><is><t xml:space="preserve">{xml_text(text)}</t></is></c>'


def number_cell(digits: str, style: int = 0) -> str:
    """Return a number as a cell.

    >>> number_cell("1.5"), number_cell("46053", DATE)
    ('<c><v>1.5</v></c>', '<c s="2"><v>46053</v></c>')
    """
    return f'<c s="{style}"><v>{digits}</v></c>' if style else f"<c><v>{digits}</v></c>"


def exact_cell(digits: str) -> str:
    """Return digits as a number when a spreadsheet keeps them all, else as text.

    >>> exact_cell("1.50"), "inlineStr" in exact_cell("9007199254740993")
    ('<c><v>1.50</v></c>', True)
    """
    if len(digits) <= MAX_DIGITS or _digits(digits) <= MAX_DIGITS:
        return number_cell(digits)
    return text_cell(digits)


def bool_cell(value: bool) -> str:
    return f'<c t="b"><v>{int(value)}</v></c>'


def moment_cell(moment: dt.datetime, style: int) -> str | None:
    """Return a moment without zone as a cell, or None when spreadsheets do not agree on its number.

    >>> moment_cell(dt.datetime(2026, 1, 31), DATE), moment_cell(dt.datetime(1900, 2, 28), DATE)
    ('<c s="2"><v>46053</v></c>', None)
    """
    if not FIRST_DAY <= moment <= LAST_DAY:
        return None
    days = (moment - DAY_ZERO) / dt.timedelta(days=1)
    return number_cell(str(int(days)) if days.is_integer() else repr(days), style)


def time_cell(text: str) -> str | None:
    """Return a time of day as a cell, or None for what is none, or has an offset.

    >>> time_cell("12:00:00"), time_cell("12:00:00+01")
    ('<c s="4"><v>0.5</v></c>', None)
    """
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    seconds = int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3])
    return number_cell(repr(seconds / 86_400), TIME)


def _digits(number: str) -> int:
    """Return how many digits a number has, zeros at the end of its fraction left out."""
    whole, _, fraction = number.lstrip("-").partition(".")
    return len(whole) + len(fraction.rstrip("0"))
