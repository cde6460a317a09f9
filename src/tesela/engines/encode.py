"""Rows of Python values, as drivers give them -> finished JSON, by the same rules as `arrow`.

What a driver cannot hand over as JSON knows it, it hands over as text: dates in ISO 8601, numbers as digits.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import orjson

from tesela.model.result import Column, ColumnType

BIGGEST_NUMBER = 2**53 - 1
SLICE_ROWS = 2_000
"""Rows encoded at a time; the interpreter is held for so long, a few milliseconds."""
OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
DATE = re.compile(r"\d{4}-\d\d-\d\d")
TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)")
TIMESTAMPTZ = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d(?::?\d\d)?)")
MOMENT_KINDS: tuple[ColumnType, ...] = ("date", "timestamp", "timestamptz")
MOMENTS: dict[str, re.Pattern[str]] = {"date": DATE, "timestamp": TIMESTAMP, "timestamptz": TIMESTAMPTZ}

Kind = ColumnType | None
"""What the driver knows of a column; None: look at its values."""
Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Encoded:
    columns: tuple[Column, ...]
    rows_json: bytes
    row_count: int


async def encoded_rows(
    names: Sequence[str], kinds: Sequence[Kind], rows: Sequence[Row], *, max_bytes: int
) -> Encoded:
    """Return as many of the first rows as fit into `max_bytes`, encoded in a thread slice by slice.

    names: unique. rows: one tuple per row, in the order of `names`.
    """
    return await asyncio.to_thread(encoded_now, names, kinds, rows, max_bytes=max_bytes)


def encoded_now(
    names: Sequence[str], kinds: Sequence[Kind], rows: Sequence[Row], *, max_bytes: int
) -> Encoded:
    """Return what `encoded_rows` returns, in this thread.

    >>> encoded_now(["a", "b"], ["int", None], [(1, "x"), (2**60, None)], max_bytes=99).rows_json
    b'[{"a":"1","b":"x"},{"a":"1152921504606846976","b":null}]'
    """
    values = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    fitted = [_fitted(kind, column) for kind, column in zip(kinds, values, strict=True)]
    columns = tuple(Column(name, type_) for name, (type_, _) in zip(names, fitted, strict=True))
    text, kept = _written(names, [writer for _, writer in fitted], rows, max_bytes)
    return Encoded(columns, text, kept)


Writer = Callable[[Any], Any] | None
"""Turns one value into what orjson writes as it should be; None: it already does."""


def _fitted(kind: Kind, values: Sequence[Any]) -> tuple[ColumnType, Writer]:
    """Return a column's final type and the writer of its values."""
    present = [value for value in values if value is not None]
    kind = kind or kind_of(present)
    if kind == "int":
        if any(abs(value) > BIGGEST_NUMBER for value in present):
            return "bigint", str
        return "int", None
    if kind == "decimal":
        if any(_is_big(value) for value in present):
            return "bigdecimal", digits_of
        return "decimal", _number
    if kind in MOMENTS:
        if any(not MOMENTS[kind].fullmatch(str(value)) for value in present):
            return "text", str
        return kind, MOMENT_WRITERS.get(kind)
    return kind, WRITERS.get(kind)


def kind_of(present: Sequence[Any]) -> ColumnType:
    """Return the type that all values have; mixed ones are text."""
    kinds = {type(value) for value in present}
    if kinds <= {int} and kinds:
        return "int"
    if kinds and kinds <= {int, float}:
        return "float"
    if kinds == {bool}:
        return "bool"
    if kinds == {bytes}:
        return "binary"
    if kinds == {str}:
        for kind in MOMENT_KINDS:
            if all(MOMENTS[kind].fullmatch(value) and is_real_date(value) for value in present):
                return kind
    return "text"


def is_real_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def _is_big(value: Any) -> bool:
    if isinstance(value, str) and len(value) < 16:
        return False
    number = Decimal(value)
    return number.is_finite() and abs(number) > BIGGEST_NUMBER


def digits_of(value: Any) -> str | None:
    """Return a decimal's digits without an exponent; None for what is no number."""
    number = Decimal(value)
    return format(number, "f") if number.is_finite() else None


def _number(value: Any) -> orjson.Fragment | None:
    digits = digits_of(value)
    return None if digits is None else orjson.Fragment(digits)


def plain_text(value: Any) -> str:
    """Return a value as text; bytes as hex, and what is no Unicode replaced."""
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    text = value if isinstance(value, str) else str(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _timestamp(value: Any) -> str:
    return str(value).replace(" ", "T", 1)


def _timestamptz(value: Any) -> str:
    """Return a moment with a whole offset.

    >>> _timestamptz("2026-01-31 12:00:00+01"), _timestamptz("2026-01-31 12:00:00+00")
    ('2026-01-31T12:00:00+01:00', '2026-01-31T12:00:00Z')
    """
    found = TIMESTAMPTZ.fullmatch(str(value))
    if found is None:
        return str(value)
    offset = found[3]
    if offset != "Z":
        digits = offset[1:].replace(":", "").ljust(4, "0")
        offset = "Z" if digits == "0000" else f"{offset[0]}{digits[:2]}:{digits[2:]}"
    return f"{found[1]}T{found[2]}{offset}"


def _json(value: Any) -> Any:
    """Return JSON text as it is, on one line; other nested values are written by orjson."""
    if isinstance(value, str):
        return orjson.Fragment(value.replace("\n", " ").replace("\r", " "))
    return value


MOMENT_WRITERS: dict[str, Callable[[Any], Any]] = {
    "date": str,
    "timestamp": _timestamp,
    "timestamptz": _timestamptz,
}
WRITERS: dict[str, Callable[[Any], Any]] = {
    "text": plain_text,
    "time": str,
    "interval": str,
    "binary": plain_text,
    "json": _json,
}


def _written(
    names: Sequence[str], writers: Sequence[Writer], rows: Sequence[Row], max_bytes: int
) -> tuple[bytes, int]:
    """Return the JSON array of as many whole rows as fit, and how many those are."""
    parts: list[bytes] = []
    size, kept = 2, 0
    for start in range(0, len(rows), SLICE_ROWS):
        objects = list(_objects(names, writers, rows[start : start + SLICE_ROWS]))
        text = _dumped(objects)[1:-1]
        if size + len(text) > max_bytes:
            for one in map(_dumped, objects):
                if size + len(one) > max_bytes:
                    break
                parts.append(one)
                size += len(one) + 1
                kept += 1
            break
        parts.append(text)
        size += len(text) + 1
        kept += len(objects)
    return b"[" + b",".join(parts) + b"]", kept


def _objects(
    names: Sequence[str], writers: Sequence[Writer], rows: Sequence[Row]
) -> Iterator[dict[str, Any]]:
    columns: list[Iterable[Any]] = [
        column if writer is None else map(partial(_unless_null, writer), column)
        for column, writer in zip(zip(*rows, strict=True), writers, strict=True)
    ]
    return (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))


def _unless_null(writer: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else writer(value)


def _dumped(value: Any) -> bytes:
    return orjson.dumps(value, default=in_nested, option=OPTIONS)


def in_nested(value: Any) -> Any:
    """Return what stands inside nested values and orjson does not know, as it does know it."""
    if isinstance(value, Decimal):
        return _number(value)
    return plain_text(value)
