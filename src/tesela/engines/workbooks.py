"""XLSX sheets -> CSV files with the types of their columns. Runs in the walled process.

Cells have types of their own, so nothing is guessed from text: "007" stays text. Formulas come as the values
that were stored with them.
"""

from __future__ import annotations

import csv
import datetime as dt
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import python_calamine

UNPACKED_MOST = 4_000_000_000
RATIO_MOST = 200
"""How much larger than packed a workbook may be; ordinary ones are 5 to 20 times."""
HEAD_ROWS = 20
"""Rows in which the header is looked for."""


class Unreadable(Exception):
    """The upload cannot become a table; the text says why, for a person."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """names, kinds: of its columns, in order. file: its rows as CSV, without a header."""

    title: str
    names: list[str]
    kinds: list[str]
    file: Path


def sheets(path: Path, work: Path, files: Sequence[str]) -> Iterator[Sheet]:
    """Yield the sheets that hold anything, in order. Raises Unreadable."""
    _check_size(path)
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        titles = workbook.sheet_names
        if len(titles) > len(files):
            raise Unreadable(f"The workbook has {len(titles)} sheets; at most {len(files)} can be read.")
        for title, file in zip(titles, files, strict=False):
            sheet = _written(title, workbook.get_sheet_by_name(title), work / file)
            if sheet is not None:
                yield sheet
    except python_calamine.PasswordError as error:
        raise Unreadable("The workbook is protected by a password.") from error
    except (python_calamine.CalamineError, ValueError) as error:
        raise Unreadable("The file could not be read as an XLSX workbook.") from error


def _check_size(path: Path) -> None:
    """Refuse what would unpack to far more than it is."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise Unreadable("The file could not be read as an XLSX workbook.") from error
    if unpacked > UNPACKED_MOST or unpacked > RATIO_MOST * path.stat().st_size + 10_000_000:
        raise Unreadable("The workbook unpacks to far more than it is.")


def _written(title: str, sheet: Any, file: Path) -> Sheet | None:
    """Write the rows below the header to `file`; None when the sheet is empty."""
    if sheet.start is None:
        return None
    width = int(sheet.width)
    head = []
    for row in sheet.iter_rows():
        head.append(row)
        if len(head) == HEAD_ROWS:
            break
    place, names = _header(head, width)
    kinds = [_Kind() for _ in range(width)]
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for number, row in enumerate(sheet.iter_rows()):
            if number < place or all(cell in ("", None) for cell in row):
                continue
            padded = [*row, *[""] * (width - len(row))]
            writer.writerow([kind.text(cell) for kind, cell in zip(kinds, padded, strict=True)])
    used = [index for index, kind in enumerate(kinds) if kind.seen or names[index]]
    if not used:
        return None
    return Sheet(title, names, [kind.name() for kind in kinds], file)


def _header(head: Sequence[Sequence[Any]], width: int) -> tuple[int, list[str]]:
    """Return where the data begin and the names of the columns.

    The header is the first row that is at least half full, when it holds nothing but text; titles above it
    are left out.

    >>> _header([["Sales 2026", "", ""], ["", "", ""], ["day", "amount", "note"], [1.0, 2.0, ""]], 3)
    (3, ['day', 'amount', 'note'])
    >>> _header([[1.0, 2.0]], 2)
    (0, ['', ''])
    """
    fullest = max((sum(cell not in ("", None) for cell in row) for row in head), default=0)
    for place, row in enumerate(head):
        filled = [cell for cell in row if cell not in ("", None)]
        if 2 * len(filled) < fullest or not filled:
            continue
        if all(isinstance(cell, str) for cell in filled):
            names = [str(cell).strip() for cell in row]
            return place + 1, [*names, *[""] * (width - len(names))]
        return place, [""] * width
    return 0, [""] * width


class _Kind:
    """The type of a column, learned while its cells are written."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def text(self, cell: Any) -> str:
        """Return a cell as CSV has it, and remember its type."""
        if cell is None or cell == "":
            return ""
        if isinstance(cell, bool):
            self.seen.add("BOOLEAN")
            return str(cell).lower()
        if isinstance(cell, int | float):
            whole = float(cell).is_integer() and abs(cell) < 2**53
            self.seen.add("BIGINT" if whole else "DOUBLE")
            return str(int(cell)) if whole else repr(cell)
        if isinstance(cell, dt.datetime):
            self.seen.add("TIMESTAMP")
            return cell.isoformat(" ")
        if isinstance(cell, dt.date):
            self.seen.add("DATE")
            return cell.isoformat()
        if isinstance(cell, dt.time):
            self.seen.add("TIME")
            return cell.isoformat()
        if isinstance(cell, dt.timedelta):
            self.seen.add("DOUBLE")
            return repr(cell.total_seconds())
        self.seen.add("VARCHAR")
        return str(cell).replace("\r\n", "\n").replace("\r", "\n")

    def name(self) -> str:
        """Return the narrowest type that holds every cell."""
        for kinds in (
            {"BIGINT"},
            {"BIGINT", "DOUBLE"},
            {"BOOLEAN"},
            {"DATE"},
            {"DATE", "TIMESTAMP"},
            {"TIME"},
        ):
            if self.seen and self.seen <= kinds:
                return {"BIGINTDOUBLE": "DOUBLE", "DATETIMESTAMP": "TIMESTAMP"}.get(
                    "".join(sorted(kinds)), next(iter(kinds))
                )
        return "VARCHAR"
