"""What each placeholder stands for in one interaction: values, clauses, or the current drill level."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tesela.errors import MissingValue
from tesela.model.interaction import Clause, FilterState, Interaction
from tesela.model.statement import Scalar
from tesela.sql.clauses import checked_list


def values_for(name: str, interaction: Interaction) -> tuple[Scalar, ...]:
    """Return the values of a value placeholder; () when there is none.

    Raises QueryRefused for values that cannot be bound.
    """
    family, _, rest = name.partition(".")
    values: Sequence[Scalar]
    if family == "filter":
        state = interaction.filters.get(rest)
        values = state.values if state else ()
    elif family == "range":
        values = (getattr(interaction.range, rest),)
    elif family == "drill":
        values = interaction.drill_path[-1].values if interaction.drill_path else ()
    elif rest == "id":
        values = (interaction.user_id,)
    else:
        found = interaction.user_attributes.get(rest, ())
        values = (found,) if isinstance(found, str) else found
    return tuple(value for value in checked_list(values) if value is not None)


def clauses_for(name: str, interaction: Interaction, used: Collection[str]) -> tuple[Clause, ...]:
    """Return the clauses of a `*.where` placeholder. used: all placeholders of the same SQL."""
    if name == "drill.where":
        return interaction.drill_path
    if name == "detail.where":
        return _detail(interaction, used)
    if name == "cross.where":
        return _with_values(interaction.cross)
    if name == "filters.where":
        states = [state for key, state in interaction.filters.items() if not is_named(key, state, used)]
        return _with_values([clause for state in states for clause in state.clauses])
    state = interaction.filters.get(name.removeprefix("filter.").removesuffix(".where"))
    return _with_values(state.clauses) if state else ()


def level_for(interaction: Interaction) -> str:
    """Return the column of the current drill level; the deepest when the path is as long as the levels.

    Raises MissingValue when the tile declares none.
    """
    if not interaction.drill_levels:
        raise MissingValue("needs drill_levels in chart_config: ${drill.field} is the column of a level")
    return interaction.drill_levels[min(len(interaction.drill_path), len(interaction.drill_levels) - 1)]


def is_named(name: str, state: FilterState, used: Collection[str]) -> bool:
    """Return whether the SQL names this filter, by itself or through the range it feeds."""
    if f"filter.{name}" in used or f"filter.{name}.where" in used:
        return True
    return state.feeds_range and any(placeholder.startswith("range.") for placeholder in used)


def _detail(interaction: Interaction, used: Collection[str]) -> tuple[Clause, ...]:
    """Return the clicked dimensions, and the drill path where it has no place of its own."""
    path = () if "drill.where" in used else interaction.drill_path
    return (*path, *(clause for clause in interaction.detail if clause not in path))


def _with_values(clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """Return the clauses that filter: an empty list means unfiltered."""
    return tuple(c for c in clauses if c.values or c.operator not in ("in", "not_in"))
