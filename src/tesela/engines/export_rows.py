"""Rows of Python values, as drivers give them -> the rows of a CSV file or a sheet.

By the same rules as `export_sql`; how a cell looks is decided in `files.cells`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import orjson

from tesela.engines.encode import (
    DATE,
    MOMENT_WRITERS,
    MOMENTS,
    OPTIONS,
    TIMESTAMP,
    TIMESTAMPTZ,
    Kind,
    Row,
    digits_of,
    in_nested,
    is_real_date,
    kind_of,
    plain_text,
)
from tesela.files import cells
from tesela.model.result import Column, ColumnType, ExportFormat, ExportHead

SLICE_ROWS = 2_000
"""Rows written at a time; the interpreter is held for so long."""
Write = Callable[[Any], str]


class RowWriter:
    """The text of rows, slice by slice. What the driver does not know of a column, the first slice decides.

    head: known after the first slice. cut_cells: texts so far that are longer than a sheet's cell holds.
    """

    def __init__(
        self,
        names: Sequence[str],
        kinds: Sequence[Kind],
        to: ExportFormat,
    ) -> None:
        self._names, self._kinds, self._to = names, kinds, to
        self._writers: list[Write] = []
        self.head: ExportHead | None = None
        self.cut_cells = 0

    def written(self, rows: Sequence[Row]) -> bytes:
        """Return the text of one slice of rows; the first may be empty."""
        if self.head is None:
            self._decide(rows)
        if not rows:
            return b""
        columns = zip(self._writers, zip(*rows, strict=True), strict=True)
        lines = zip(*[[write(value) for value in column] for write, column in columns], strict=True)
        return (_csv_lines(lines) if self._to == "csv" else _sheet_rows(lines)).encode()

    def _decide(self, rows: Sequence[Row]) -> None:
        values = list(zip(*rows, strict=True)) if rows else [()] * len(self._names)
        kinds = [
            kind or kind_of([value for value in column if value is not None])
            for kind, column in zip(self._kinds, values, strict=True)
        ]
        columns = zip(self._names, kinds, strict=True)
        self.head = ExportHead(tuple(Column(name, kind) for name, kind in columns))
        if self._to == "csv":
            self._writers = [partial(_or, "", partial(_csv_cell, kind)) for kind in kinds]
        else:
            self._writers = [partial(_or, cells.EMPTY, partial(self._sheet_cell, kind)) for kind in kinds]

    def _sheet_cell(self, kind: ColumnType, value: Any) -> str:
        cell = _own_cell(kind, value)
        if cell is not None:
            return cell
        text = _text_of(kind, value)
        fitting = cells.fitted(text)
        self.cut_cells += len(fitting) < len(text)
        return cells.text_cell(fitting)


def _or(nothing: str, write: Write, value: Any) -> str:
    return nothing if value is None else write(value)


def _csv_lines(rows: Iterable[Sequence[str]]) -> str:
    lines = [",".join(row) or '""' for row in rows]  # an empty line would be no row
    return "\r\n".join([*lines, ""])


def _sheet_rows(rows: Iterable[Sequence[str]]) -> str:
    return "".join([f"<row>{''.join(row)}</row>" for row in rows])


def _csv_cell(kind: ColumnType, value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return repr(value) if math.isfinite(value) else ""
    if kind == "decimal":
        return digits_of(value) or ""
    text = _text_of(kind, value)
    if kind in MOMENTS and MOMENTS[kind].fullmatch(text):
        return str(MOMENT_WRITERS[kind](text))
    return cells.csv_text(text)


def _own_cell(kind: ColumnType, value: Any) -> str | None:
    """Return the cell of a value that a sheet has a type of its own for, else None."""
    match value:
        case bool():
            return cells.bool_cell(value)
        case int():
            return cells.exact_cell(str(value))
        case float():
            return cells.number_cell(repr(value)) if math.isfinite(value) else cells.EMPTY
    match kind:
        case "decimal":
            digits = digits_of(value)
            return cells.EMPTY if digits is None else cells.exact_cell(digits)
        case "date" if DATE.fullmatch(value) and is_real_date(value):
            return cells.moment_cell(dt.datetime.fromisoformat(value), cells.DATE)
        case "timestamp" | "timestamptz":
            found = (TIMESTAMP if kind == "timestamp" else TIMESTAMPTZ).fullmatch(value)
            if found is None or not is_real_date(found[1]):
                return None
            # A sheet knows no zones: the time that the clocks of the session's zone show.
            return cells.moment_cell(dt.datetime.fromisoformat(f"{found[1]}T{found[2]}"), cells.TIMESTAMP)
        case "time":
            return cells.time_cell(value)
    return None


def _text_of(kind: ColumnType, value: Any) -> str:
    """Return the text of a value, as JSON would have it."""
    if kind == "json" and not isinstance(value, str):
        return orjson.dumps(value, default=in_nested, option=OPTIONS).decode()
    return plain_text(value)
