"""What a masked column shows: an expression over the column, in each dialect."""

from __future__ import annotations

from collections.abc import Sequence

from tesela.errors import QueryRefused
from tesela.model.policy import MASKS, Mask
from tesela.sql.clauses import Bound, Fragment

HIDDEN = "***"
SHOWN = 4
"""Characters that `partial` leaves at the end, of texts at least twice as long."""
HASHES = frozenset({"duckdb", "postgres"})
"""Dialects that can hash."""


def strongest(masks: Sequence[Mask]) -> Mask:
    """Return the mask that shows the least.

    >>> strongest(["hash", "null", "partial"])
    'null'
    """
    return max(masks, key=MASKS.index)


def masked(column: str, mask: Mask, salt: str, dialect: str) -> Fragment:
    """Return what is shown of a column, which is written as SQL. Raises QueryRefused where nothing can hash.

    A null stays null. `null` keeps the column's type; the others make it a text.
    """
    text = f"CAST({column} AS {'VARCHAR' if dialect == 'duckdb' else 'TEXT'})"
    match mask:
        case "null":
            return (f"CASE WHEN 1=0 THEN {column} END",)
        case "redact":
            return (f"CASE WHEN {column} IS NOT NULL THEN '{HIDDEN}' END",)
        case "partial":
            end = f"substr({text}, length({text}) - {SHOWN - 1})"
            return (
                f"CASE WHEN length({text}) >= {2 * SHOWN} THEN '{HIDDEN}' || {end} "
                f"WHEN {column} IS NOT NULL THEN '{HIDDEN}' END",
            )
        case "hash":
            if dialect == "duckdb":
                return ("sha256(", Bound(salt), f" || {text})")
            if dialect == "postgres":
                return ("encode(sha256(convert_to(", Bound(salt), f" || {text}, 'UTF8')), 'hex')")
            raise QueryRefused("this database cannot hash: mask the column with null, redact or partial")
