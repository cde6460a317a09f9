"""Names of tables and columns, on their way in and out, and places in SQL on their way to the editor."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence


def final_names(own: Sequence[str], given: Sequence[str | None]) -> list[str]:
    """Return the names of a result's columns: what the statement gives, else the engine's own; unique.

    >>> final_names(["sum(x)", "b", "b"], ["x"])
    ['x', 'b', 'b_1']
    """
    padded = [*given, *[None] * len(own)]
    return unique_names(
        [name if wanted is None else wanted for name, wanted in zip(own, padded, strict=False)]
    )


def unique_names(names: Sequence[str]) -> list[str]:
    """Return the names with a suffix where one came before: a JSON object has each key once.

    >>> unique_names(["a", "b", "a", "a_1", "a"])
    ['a', 'b', 'a_1', 'a_1_1', 'a_2']
    """
    taken: set[str] = set()
    unique: list[str] = []
    for name in names:
        candidate, number = name, 0
        while candidate in taken:
            number += 1
            candidate = f"{name}_{number}"
        taken.add(candidate)
        unique.append(candidate)
    return unique


def clean_names(names: Sequence[str]) -> list[str]:
    """Return names that can be written in SQL without quotes, or nearly: letters, digits, underscores; unique.

    >>> clean_names(["Año fiscal (€)", "2024", "", "a b", "A-B", "ﬁn"])
    ['Año_fiscal', 'c_2024', 'column_3', 'a_b', 'A_B_2', 'fin']
    """
    taken: set[str] = set()
    clean: list[str] = []
    for place, name in enumerate(names, 1):
        base = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", name)).strip("_")[:60] or f"column_{place}"
        base = f"c_{base}" if base[0].isdigit() else base
        candidate, number = base, 1
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{base}_{number}"
        taken.add(candidate.casefold())
        clean.append(candidate)
    return clean


def place_at(sql: str, offset: int) -> tuple[int, int]:
    """Return line and column, from 1, of a character, from 0.

    >>> place_at("SELECT 1,\\n  x", 12)
    (2, 3)
    """
    before = sql[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def place_of(sql: str, word: str) -> tuple[int | None, int | None]:
    """Return where a word first stands on its own in the SQL; (None, None) when it does not.

    >>> place_of("SELECT ab, b FROM t", "b")
    (1, 12)
    """
    found = re.search(rf"(?<![\w]){re.escape(word)}(?![\w])", sql, re.IGNORECASE)
    return (None, None) if found is None else place_at(sql, found.start())
