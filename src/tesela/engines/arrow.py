"""A DuckDB relation -> the finished JSON of its rows, without making Python objects of them.

Runs in the walled worker. Arrow batches come from the engine, whole columns are looked at for what JSON
cannot say (integers past 2^53, `infinity`), and arro3 writes the text. The same rules for rows of Python
values, as other drivers give them, are in `encode`.
"""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import arro3.compute as compute
import arro3.core as arrow
import arro3.io
import duckdb

from tesela.engines.names import final_names
from tesela.model.result import Column, ColumnType

BIGGEST_NUMBER = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly."""
SLICE_ROWS = 5_000
FIRST_DAY, LAST_DAY = -719_162, 2_932_896
"""0001-01-01 and 9999-12-31 in days since 1970."""
UNITS_PER_DAY = {"s": 86_400, "ms": 86_400_000, "µs": 86_400_000_000, "ns": 86_400_000_000_000}

PLAIN: dict[str, ColumnType] = {
    "BOOLEAN": "bool",
    "TINYINT": "int",
    "SMALLINT": "int",
    "INTEGER": "int",
    "UTINYINT": "int",
    "USMALLINT": "int",
    "UINTEGER": "int",
    "BIGINT": "int",
    "UBIGINT": "int",
    "HUGEINT": "int",
    "FLOAT": "float",
    "DOUBLE": "float",
    "DECIMAL": "decimal",
    "VARCHAR": "text",
    "UUID": "text",
    "ENUM": "text",
    '"NULL"': "text",
    "NULL": "text",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP_S": "timestamp",
    "TIMESTAMP_MS": "timestamp",
    "TIMESTAMP_NS": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "TIME": "time",
    "TIME_NS": "time",
    "BLOB": "binary",
}
"""Types whose Arrow form carries the value as it is."""
AS_TEXT: dict[str, ColumnType] = {
    "INTERVAL": "interval",
    "TIME WITH TIME ZONE": "time",
    "BIT": "text",
    "GEOMETRY": "text",
    "UHUGEINT": "bigint",
    "BIGNUM": "bigint",
}
"""Types whose Arrow form loses something: the engine writes them as text."""
NESTED = re.compile(r"(\[\d*\]$)|^(STRUCT|MAP)\(")
NOT_IN_NESTED = re.compile(
    r"HUGEINT|BIGNUM|INTERVAL|BLOB|\bBIT\b|TIME WITH|JSON|VARIANT|UNION|GEOMETRY|MAP\((?!VARCHAR)|NULL"
)
"""Inside nested values these would come out wrong or not at all; the engine's `to_json` writes them."""
ARROW_FAILURE = re.compile(rb'"ERROR: Cast error: [^"\\]*(?:\\.[^"\\]*)*"')


class BrokenOff(Exception):
    """What the engine says when a result ends in the middle. name: of the engine's exception, as far as it shows."""

    def __init__(self, said: str) -> None:
        self.message = said.removeprefix("C Data interface error: ")
        super().__init__(self.message)
        self.name = self.message.split("Error:", 1)[0].replace(" ", "") + "Exception"


def read_on(reader: Iterable[Any]) -> Iterator[Any]:
    """Yield the batches of a result. Raises BrokenOff for an error that comes after the first of them."""
    try:
        yield from reader
    except Exception as error:  # arro3 raises the bare class, so what is more than that goes on
        if type(error) is not Exception:
            raise
        raise BrokenOff(str(error)) from error


@dataclass(frozen=True, slots=True)
class Encoded:
    """columns: with their final names and types. rows_json: a JSON array of objects."""

    columns: tuple[Column, ...]
    rows_json: bytes
    row_count: int
    truncated: bool


def encoded(
    relation: duckdb.DuckDBPyRelation,
    *,
    names: Sequence[str | None],
    max_rows: int,
    max_bytes: int,
    still_wanted: Callable[[], None],
) -> Encoded:
    """Return the first rows of a relation, in its order.

    still_wanted: called between slices of the work; raises when nobody waits any more.
    """
    kinds = [kind_of(str(each)) for each in relation.types]
    table, more = _read(_projected(relation, kinds), max_rows, max_bytes, still_wanted)
    columns = [_fitted(kind, table, index) for index, kind in enumerate(kinds)]
    final = final_names(relation.columns, names)
    token = os.urandom(12).hex()
    pieces = [_Piece(name, *column) for name, column in zip(final, columns, strict=True)]
    text, rows = _written(pieces, table.num_rows, token, max_bytes, still_wanted)
    return Encoded(
        columns=tuple(Column(piece.name, piece.type) for piece in pieces),
        rows_json=text,
        row_count=rows,
        truncated=more or rows < table.num_rows,
    )


@dataclass(frozen=True, slots=True)
class _Piece:
    """One column on its way out. nested: JSON text per row instead of an Arrow column."""

    name: str
    type: ColumnType
    column: Any
    nested: list[str | None] | None = None


def kind_of(type_name: str) -> tuple[ColumnType, str]:
    """Return a column's type and how it is read: `plain`, `text` (cast) or `json` (to_json)."""
    base = type_name.split("(", 1)[0] if not NESTED.search(type_name) else ""
    if base in PLAIN:
        return PLAIN[base], "plain"
    if base in AS_TEXT:
        return AS_TEXT[base], "text"
    if base == "JSON":
        return "json", "json text"
    if NESTED.search(type_name) and not NOT_IN_NESTED.search(type_name):
        return "json", "plain"
    return "json", "json"


def _projected(
    relation: duckdb.DuckDBPyRelation, kinds: list[tuple[ColumnType, str]]
) -> duckdb.DuckDBPyRelation:
    """Return the relation with the casts that its types need; untouched when they need none."""
    casts = {
        "plain": "#{0}",
        "json text": "CAST(#{0} AS VARCHAR)",
        "text": "CAST(#{0} AS VARCHAR)",
        "json": "CAST(to_json(#{0}) AS VARCHAR)",
    }
    if all(how == "plain" for _, how in kinds):
        return relation
    parts = [casts[how].format(index + 1) + f" AS c{index}" for index, (_, how) in enumerate(kinds)]
    return relation.project(", ".join(parts))


def _read(
    relation: duckdb.DuckDBPyRelation, max_rows: int, max_bytes: int, still_wanted: Callable[[], None]
) -> tuple[Any, bool]:
    """Return the first `max_rows` as one table, and whether there were more; stops the reader there."""
    reader = arrow.RecordBatchReader.from_arrow(relation)
    batches: list[Any] = []
    rows = size = 0
    enough = 4 * max_bytes + 2**24
    for batch in read_on(reader):
        batches.append(batch)
        rows += batch.num_rows
        size += batch.nbytes
        still_wanted()
        if rows > max_rows or size > enough:
            break
    table = arrow.Table.from_batches(batches, schema=reader.schema)
    more = rows > max_rows
    if more:
        table = table.slice(0, max_rows)
    return (table.combine_chunks() if len(batches) > 1 else table), more or size > enough


def _fitted(
    kind: tuple[ColumnType, str], table: Any, index: int
) -> tuple[ColumnType, Any, list[str | None] | None]:
    """Return the column's final type and its values in a form that JSON can say."""
    type_, how = kind
    column = table.column(index)
    if table.num_rows == 0:
        return type_, column, None
    if how in ("json", "json text"):
        return type_, None, [_valid_json(text) for text in column.to_pylist()]
    if how == "text":
        return _whole_numbers(column) if type_ == "bigint" else (type_, column, None)
    if type_ in ("int", "decimal"):
        return _numbers(type_, column)
    if type_ in ("date", "timestamp", "timestamptz"):
        return _moments(type_, column)
    return type_, column, None


def _numbers(type_: ColumnType, column: Any) -> tuple[ColumnType, Any, None]:
    """Turn the whole column into text when one value is past 2^53."""
    name = _arrow_type(column)
    if name.startswith(("Int8", "Int16", "Int32", "UInt8", "UInt16", "UInt32", "Null")):
        return type_, column, None
    low, high = compute.min(column).as_py(), compute.max(column).as_py()
    if low is None or (low >= -BIGGEST_NUMBER and high <= BIGGEST_NUMBER):
        return type_, column, None
    if name.startswith("Decimal128(38, 0"):
        column = column.cast(arrow.DataType.decimal256(76, 0))
    return "bigint" if type_ == "int" else "bigdecimal", column.cast(arrow.DataType.utf8()), None


def _whole_numbers(column: Any) -> tuple[ColumnType, Any, None]:
    """The same for integers that came as text because Arrow has no type of their width."""
    values = [None if text is None else int(text) for text in column.to_pylist()]
    if all(value is None or abs(value) <= BIGGEST_NUMBER for value in values):
        return "int", arrow.Array(values, arrow.DataType.int64()), None
    return "bigint", column, None


def _moments(type_: ColumnType, column: Any) -> tuple[ColumnType, Any, None]:
    """Turn the column into text when a date is infinite or outside the years 1 to 9999."""
    name = _arrow_type(column)
    day = next((size for unit, size in UNITS_PER_DAY.items() if f"Timestamp({unit}" in name), 1)
    whole = arrow.DataType.int32() if type_ == "date" else arrow.DataType.int64()
    numbers = column.cast(whole)
    # In a zone of its own a moment of the first or last day may fall into another year.
    margin = day if type_ == "timestamptz" else 0
    first, last = FIRST_DAY * day + margin, (LAST_DAY + 1) * day - 1 - margin
    low, high = compute.min(numbers).as_py(), compute.max(numbers).as_py()
    if low is None or (low >= first and high <= last):
        return type_, column, None
    usual = range(first, last + 1)
    top = 2**31 - 1 if type_ == "date" else 2**63 - 1
    return "text", _odd_moments(column, numbers.to_pylist(), usual, day, top), None


def _odd_moments(column: Any, numbers: list[int | None], usual: range, day: int, top: int) -> Any:
    """Write usual moments as Arrow does, and the others as `infinity` or by a calendar without bounds."""
    places = [
        index if number is not None and number in usual else None for index, number in enumerate(numbers)
    ]
    kept = column.combine_chunks().take(arrow.Array(places, arrow.DataType.uint32()))
    texts = kept.cast(arrow.DataType.utf8()).to_pylist()
    for index, number in enumerate(numbers):
        if number is not None and places[index] is None:
            texts[index] = _odd_moment(number, day, top)
    return arrow.Array(texts, arrow.DataType.utf8())


def _odd_moment(number: int, day: int, top: int) -> str:
    """Return a moment as text.

    >>> _odd_moment(2**31 - 1, 1, 2**31 - 1), _odd_moment(2_932_897, 1, 2**31 - 1)
    ('infinity', '10000-01-01')
    >>> _odd_moment(-719_163, 1, 2**31 - 1)
    '0001-12-31 (BC)'
    """
    if abs(number) >= top:
        return "infinity" if number > 0 else "-infinity"
    days, rest = divmod(number, day)
    era, of_era = divmod(days + 719_468, 146_097)
    year_of_era = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    day_of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month_from_march = (5 * day_of_year + 2) // 153
    month = month_from_march + 3 if month_from_march < 10 else month_from_march - 9
    year = year_of_era + era * 400 + (month <= 2)
    day_of_month = day_of_year - (153 * month_from_march + 2) // 5 + 1
    text = f"{year if year > 0 else 1 - year:04}-{month:02}-{day_of_month:02}"
    if day > 1:
        seconds = rest * 86_400 // day
        text += f"T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return text if year > 0 else text + " (BC)"


def _valid_json(text: str | None) -> str | None:
    """Return JSON text on one line that every reader accepts: the engine writes NaN and Infinity bare."""
    if text is None:
        return None
    if "NaN" in text or "Infinity" in text:
        text = json.dumps(json.loads(text, parse_constant=lambda _: None), ensure_ascii=False)
    return text.replace("\n", " ").replace("\r", " ")


def _arrow_type(column: Any) -> str:
    return str(column.type).removeprefix("arro3.core.DataType<")


def _written(
    pieces: list[_Piece], rows: int, token: str, max_bytes: int, still_wanted: Callable[[], None]
) -> tuple[bytes, int]:
    """Return the JSON array of as many whole rows as fit, and how many those are."""
    parts: list[bytes] = []
    size, kept = 2, 0
    for text in _slices(pieces, rows, token):
        still_wanted()
        if size + len(text) <= max_bytes:
            parts.append(text)
            size += len(text) + 1
            kept += min(SLICE_ROWS, rows - kept)
            continue
        fitting = _whole_rows(text, max_bytes - size)
        if fitting:
            parts.append(b"\n".join(fitting))
            kept += len(fitting)
        break
    return b"[" + b"\n".join(parts).replace(b"\n", b",") + b"]", kept


def _whole_rows(text: bytes, room: int) -> list[bytes]:
    fitting: list[bytes] = []
    for line in text.split(b"\n"):
        room -= len(line) + 1
        if room < 0:
            break
        fitting.append(line)
    return fitting


def _slices(pieces: list[_Piece], rows: int, token: str) -> Iterator[bytes]:
    """Yield lines of JSON objects, `SLICE_ROWS` at a time; a raw newline stands only between rows."""
    marker = arrow.Array([token], arrow.DataType.utf8())
    for start in range(0, rows, SLICE_ROWS):
        count = min(SLICE_ROWS, rows - start)
        same = marker.take(arrow.Array([0] * count, arrow.DataType.uint32()))
        table = arrow.Table.from_arrays(
            [same if piece.nested is not None else piece.column.slice(start, count) for piece in pieces],
            names=[piece.name for piece in pieces],
        )
        sink = io.BytesIO()
        arro3.io.write_ndjson(table, sink, explicit_nulls=True)
        text = sink.getvalue().rstrip(b"\n")
        if b"ERROR: Cast error" in text:
            text = ARROW_FAILURE.sub(b"null", text)
        yield _with_nested(text, pieces, start, count, token)


def _with_nested(text: bytes, pieces: list[_Piece], start: int, count: int, token: str) -> bytes:
    """Put the JSON texts where the markers stand: row by row, in the order of the columns."""
    columns = [piece.nested[start : start + count] for piece in pieces if piece.nested is not None]
    if not columns:
        return text
    around = text.split(f'"{token}"'.encode())
    values = [(cell or "null").encode() for row in zip(*columns, strict=True) for cell in row]
    if len(around) != len(values) + 1:
        raise ValueError("the marker of nested values occurs in the data")
    woven = [around[0]]
    for value, after in zip(values, around[1:], strict=True):
        woven += (value, after)
    return b"".join(woven)
