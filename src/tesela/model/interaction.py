"""What a viewer did to a dashboard, resolved: the values that placeholders stand for.

Nothing here comes from a request unchecked: columns were looked up in what the tile or the filter declares,
relative dates were made absolute. Values are not checked here; `sql` refuses the ones it cannot bind.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from tesela.model.policy import Attributes
from tesela.model.statement import Scalar

Operator = Literal[
    "eq",
    "neq",
    "in",
    "not_in",
    "gt",
    "gte",
    "lt",
    "lte",
    "between",
    "contains",
    "starts_with",
    "is_null",
    "not_null",
]


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition on one column.

    values: one for most operators, two for `between`, any number for `in` and `not_in`, none for
    `is_null` and `not_null`. A null with `eq` means IS NULL.
    """

    column: str
    operator: Operator = "eq"
    values: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True)
class FilterState:
    """A dashboard filter that has a value.

    values: what `${filter.<name>}` stands for; several only inside `IN (...)`.
    clauses: what `${filter.<name>.where}` stands for, all of which must hold (a date range has two).
    feeds_range: its value is already in the interaction's range, so SQL that says `${range.*}` names it.
    """

    values: tuple[Scalar, ...] = ()
    clauses: tuple[Clause, ...] = ()
    feeds_range: bool = False


@dataclass(frozen=True, slots=True)
class TimeRange:
    """start is included, end is not; the previous period likewise. None: open."""

    start: dt.datetime | dt.date | None = None
    end: dt.datetime | dt.date | None = None
    prev_start: dt.datetime | dt.date | None = None
    prev_end: dt.datetime | dt.date | None = None


@dataclass(frozen=True, slots=True)
class Interaction:
    """All that can stand in the place of a placeholder.

    drill_path: one clause per step, from the first level down.
    drill_levels: the columns that the tile declares as levels.
    detail: the clicked dimensions.
    filters: those that have a value, by name.
    cross: what other tiles filter.
    """

    drill_path: tuple[Clause, ...] = ()
    drill_levels: tuple[str, ...] = ()
    detail: tuple[Clause, ...] = ()
    range: TimeRange = TimeRange()
    filters: Mapping[str, FilterState] = field(default_factory=lambda: MappingProxyType({}))
    cross: tuple[Clause, ...] = ()
    user_id: str | None = None
    user_attributes: Attributes = field(default_factory=lambda: MappingProxyType({}))


NO_INTERACTION = Interaction()
