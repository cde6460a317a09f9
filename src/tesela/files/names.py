"""Names that a stranger's title becomes: of a downloaded file, in its header, and of a workbook's sheets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

MAX_FILE_NAME = 100
MAX_SHEET_NAME = 31
_NOT_IN_FILES = re.compile(r'[\\/:*?"<>|]+')
_NOT_IN_SHEETS = re.compile(r"[\\/:*?\[\]]+")
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
"""Names that one operating system keeps for itself."""


def file_name(title: str, suffix: str) -> str:
    """Return a file name: no folders, no control characters, at most 100 characters.

    >>> file_name("Revenue / region", "csv"), file_name("../../etc/passwd", "csv"), file_name("", "xlsx")
    ('Revenue - region.csv', 'etc-passwd.csv', 'export.xlsx')
    """
    text = _NOT_IN_FILES.sub("-", _readable(title)).strip(" .-")
    text = text[: MAX_FILE_NAME - len(suffix) - 1].strip(" .-") or "export"
    return f"{'_' if _DEVICES.match(text) else ''}{text}.{suffix}"


def attachment(name: str) -> str:
    """Return the value of Content-Disposition: an ASCII name for old clients, then the real one (RFC 6266, 8187).

    >>> attachment("Año.csv")
    'attachment; filename="Ano.csv"; filename*=UTF-8\\'\\'A%C3%B1o.csv'
    """
    stem, _, suffix = name.rpartition(".")
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^\w .,()+=-]", "_", plain).strip() or "export"
    return f"attachment; filename=\"{plain}.{suffix}\"; filename*=UTF-8''{quote(name, safe='')}"


def sheet_names(titles: Iterable[str]) -> list[str]:
    """Return names for a workbook's sheets: 31 characters, none twice, whatever the case.

    >>> sheet_names(["Revenue [EUR]: a/b", "revenue (EUR) a b", "Sales", "sales", "'", "History"])
    ['Revenue EUR a b', 'revenue (EUR) a b', 'Sales', 'sales (2)', 'Sheet', 'History_']
    """
    taken: set[str] = set()
    names = []
    for title in titles:
        text = " ".join(_NOT_IN_SHEETS.sub(" ", _readable(title)).split()).strip("' ")
        text = _short(text, MAX_SHEET_NAME) or "Sheet"
        text = f"{text}_" if text.lower() == "history" else text  # a spreadsheet keeps this name for itself
        name, number = text, 1
        while name.casefold() in taken:
            number += 1
            mark = f" ({number})"
            name = _short(text, MAX_SHEET_NAME - len(mark)) + mark
        taken.add(name.casefold())
        names.append(name)
    return names


def _readable(text: str) -> str:
    """Return a text on one line without what cannot be seen: controls, and marks that turn the direction."""
    seen = "".join(" " if unicodedata.category(one) == "Cc" else one for one in text)
    seen = "".join(one for one in seen if unicodedata.category(one) not in ("Cf", "Cs", "Co", "Cn"))
    return " ".join(seen.split())


def _short(text: str, most: int) -> str:
    """Return as much of a text as fits, counted in halves of UTF-16 as spreadsheets count."""
    while len(text.encode("utf-16-le")) > 2 * most:
        text = text[:-1]
    return text.strip("' ")
