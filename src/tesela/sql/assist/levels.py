"""Hierarchies that are true in the data: city belongs to one region, region to one country."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MIN_VALUES, MAX_VALUES = 2, 1_000
MOST_LEVELS = 6


@dataclass(frozen=True, slots=True)
class Profile:
    """Rows of one table's text columns. is_whole: these are all the combinations that the table has."""

    table: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    is_whole: bool = True

    def values(self, column: str) -> list[str]:
        """Return the different texts of a column, in order."""
        at = self.columns.index(column)
        return sorted({row[at] for row in self.rows if isinstance(row[at], str)})


def levels(top: str | None, profiles: Sequence[Profile], allowed: Sequence[str]) -> list[str]:
    """Return the columns of a drill from coarse to fine; [] when the data hold no hierarchy.

    top: the column that is grouped by today, which the hierarchy must hold. allowed: what a level may be.
    A column is above another when each value of the other has exactly one of it; never by chance of few values.
    """
    usable = {name.lower() for name in allowed}
    best: list[str] = []
    for profile in profiles:
        chain = _chain(top, profile, usable)
        if len(chain) > len(best):
            best = chain
    return best or ([top] if top and top.lower() in usable else [])


def _chain(top: str | None, profile: Profile, usable: set[str]) -> list[str]:
    index = {name.lower(): number for number, name in enumerate(profile.columns) if name.lower() in usable}
    if top is not None and top.lower() not in index:
        return []
    counts = {
        name: len({row[at] for row in profile.rows if row[at] is not None}) for name, at in index.items()
    }
    rows = len(profile.rows)
    names = [name for name in index if MIN_VALUES <= counts[name] <= MAX_VALUES]
    if top is not None and top.lower() not in names:
        return [profile.columns[index[top.lower()]]]

    def above(coarse: str, fine: str) -> bool:
        """Whether each value of `fine` has one of `coarse`, and enough rows say so."""
        if counts[coarse] >= counts[fine]:
            return False
        if counts[fine] >= rows and rows > MAX_VALUES:
            return False
        pairs = {
            (row[index[coarse]], row[index[fine]]) for row in profile.rows if row[index[fine]] is not None
        }
        return len(pairs) == counts[fine]

    starts = [top.lower()] if top is not None else sorted(names, key=lambda name: counts[name])
    found: list[str] = []
    for start in starts:
        chain = [start]
        for name in sorted(names, key=lambda one: -counts[one]):
            if name not in chain and above(name, chain[0]):
                chain.insert(0, name)
        for name in sorted(names, key=lambda one: counts[one]):
            if name not in chain and above(chain[-1], name):
                chain.append(name)
        if len(chain) > len(found):
            found = chain
    if top is None and len(found) < 2:
        return []
    return [profile.columns[index[name]] for name in found[:MOST_LEVELS]]


def label_of(column: str) -> str:
    """Return a column's name for people.

    >>> label_of("store_region"), label_of("homeCountry")
    ('Store region', 'Home country')
    """
    spaced = re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: " " + found[1].lower(), column)
    words = spaced.replace("_", " ").split()
    return " ".join(words).capitalize() if words else column


def text_columns(types: Mapping[str, str]) -> list[str]:
    """Return the columns of text. types: the database's own names of them, by column.

    >>> text_columns({"city": "VARCHAR", "n": "INTEGER", "code": "character varying(10)"})
    ['city', 'code']
    """
    words = ("char", "text", "string", "enum", "clob")
    return [name for name, type_ in types.items() if any(word in type_.lower() for word in words)]
