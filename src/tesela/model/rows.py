"""Rows as Python objects, for code that computes with them: forecasts, facts, questions, suggestions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from tesela.model.result import ColumnType, Result


@dataclass(frozen=True, slots=True)
class Rows:
    """What a tile shows. rows: objects with the keys of `columns`, values as in the JSON of the API.

    truncated: there were more rows than these.
    """

    columns: tuple[str, ...]
    types: Mapping[str, ColumnType]
    rows: Sequence[Mapping[str, Any]]
    truncated: bool = False


def rows_of(result: Result) -> Rows:
    """Return a result's rows, decoded from the bytes that were encoded once."""
    types = {column.name: column.type for column in result.columns}
    return Rows(tuple(types), types, orjson.loads(result.rows_json), result.truncated)
