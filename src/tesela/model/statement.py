"""A statement on its way to an engine: its text in parts, and the values that ride beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

Scalar = str | int | float | bool | Decimal | dt.date | dt.datetime | None


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its values apart: text[0] values[0] text[1] values[1] ... text[n].

    text: one more part than values; only what the author wrote, quoted identifiers that the tile
    declares, and what `sql` itself generated. Never a value.
    names: output column names by position; None leaves the engine's own name; () leaves all of them.
    catalog, schema: where unqualified table names are looked for; None: the login's own defaults.
    """

    text: tuple[str, ...]
    values: tuple[Scalar, ...] = ()
    names: tuple[str | None, ...] = ()
    catalog: str | None = None
    schema: str | None = None

    def __post_init__(self) -> None:
        if len(self.text) != len(self.values) + 1:
            raise ValueError("a statement has one more part of text than it has values")

    def within(self, catalog: str | None, schema: str | None) -> Statement:
        """Return the same statement with its unqualified names looked for in another place."""
        return replace(self, catalog=catalog, schema=schema)

    def render(self, marker: Callable[[int], str], *, escape: Callable[[str], str] = str) -> str:
        """Return the text with `marker(i)` in place of value i (from 0).

        escape: what a driver needs done to the text itself, such as doubling `%`.

        >>> Statement(("SELECT * FROM t WHERE a = ", ""), ("x",)).render(lambda i: f"${i + 1}")
        'SELECT * FROM t WHERE a = $1'
        """
        pieces = [escape(self.text[0])]
        for index, part in enumerate(self.text[1:]):
            pieces += (marker(index), escape(part))
        return "".join(pieces)
