"""What travels between the server and its walled processes: frames of a JSON head and a body of bytes.

Both ends speak JSON only. A walled process may be in the hands of a hostile query, so nothing that it says
is ever unpickled. Kept free of everything heavy: the walled processes import it.
"""

from __future__ import annotations

import datetime as dt
import struct
from decimal import Decimal
from typing import Any

import orjson

LENGTHS = struct.Struct("!II")
"""Bytes of the head, bytes of the body."""


def frame(head: dict[str, Any], body: bytes = b"") -> bytes:
    """Return one frame: two lengths, the head as JSON, the body as it is."""
    encoded = orjson.dumps(head)
    return b"".join((LENGTHS.pack(len(encoded), len(body)), encoded, body))


def packed(value: Any) -> Any:
    """Return a bound value in JSON, so that `unpacked` gives the same value of the same type.

    >>> packed(Decimal("1.50")), packed("x"), packed(2**70)
    (['decimal', '1.50'], 'x', ['int', '1180591620717411303424'])
    """
    if isinstance(value, Decimal):
        return ["decimal", str(value)]
    if isinstance(value, dt.datetime):
        return ["datetime", value.isoformat()]
    if isinstance(value, dt.date):
        return ["date", value.isoformat()]
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**63:
        return ["int", str(value)]
    if isinstance(value, float):
        return ["float", repr(value)]
    return value


def unpacked(value: Any) -> Any:
    """Return the value that `packed` was given."""
    return READERS[value[0]](value[1]) if isinstance(value, list) else value


READERS: dict[str, Any] = {
    "decimal": Decimal,
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "int": int,
    "float": float,
}
