"""What an engine brings back: bytes encoded once, and the facts about them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

ColumnType = Literal[
    "int",  # a JSON number, every value within 2^53
    "bigint",  # integers of which at least one is beyond 2^53: the whole column as strings
    "decimal",  # a JSON number with its exact digits
    "bigdecimal",  # decimals of which at least one is beyond 2^53: the whole column as strings
    "float",  # NaN and infinities are null
    "bool",
    "text",
    "date",  # 2026-01-31
    "timestamp",  # 2026-01-31T12:34:56.789012
    "timestamptz",  # 2026-01-31T12:34:56.789012Z in UTC, else with its offset: ...+01:00
    "time",  # 12:34:56.789012
    "interval",  # text
    "binary",  # hex
    "json",  # lists, structs, maps, JSON columns: nested JSON
]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: ColumnType


@dataclass(frozen=True, slots=True)
class Result:
    """The rows of one query.

    columns: in the order of the query; names are unique (a second `a` is `a_1`).
    rows_json: a JSON array with one object per row, UTF-8, keys in the order of `columns`, nulls explicit.
    truncated: there were more rows (or bytes) than the limits allow; `rows_json` holds the first ones.
    """

    columns: tuple[Column, ...]
    rows_json: bytes
    row_count: int
    truncated: bool
    executed_at: dt.datetime
    duration_ms: int


ExportFormat = Literal["csv", "xlsx"]


@dataclass(frozen=True, slots=True)
class ExportHead:
    """What comes before the rows of an export, together with the first of them; types as far as they are known."""

    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class ExportEnd:
    """What is known when the rows of an export are written.

    truncated: there were more rows than the limits allow. cut_cells: texts that are longer than a cell holds.
    """

    row_count: int
    truncated: bool
    cut_cells: int = 0


ExportPart = ExportHead | bytes | ExportEnd
"""One head, then pieces of the rows as text of the format, cut anywhere, then one end."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far one query may go.

    max_rows: rows kept; one more is read, so that truncation is known.
    max_bytes: of `rows_json`; whole rows only. Of an export: after which no more rows are begun.
    timeout_ms: from the moment the engine takes it.
    time_zone: the session's zone, an IANA name.
    """

    max_rows: int = 10_000
    max_bytes: int = 10_000_000
    timeout_ms: int = 30_000
    time_zone: str = "UTC"
