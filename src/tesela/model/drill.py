"""The levels of a tile's hierarchy, and a viewer's path down them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tesela.errors import BadRequest
from tesela.model.interaction import Clause

MAX_STEPS = 20


@dataclass(frozen=True, slots=True)
class Level:
    """One level. id_column: what is grouped and compared; label_column: what is shown for it."""

    id_column: str
    label_column: str | None = None


def levels_of(config: Mapping[str, Any]) -> tuple[Level, ...]:
    """Return the levels that a tile's `chart_config` declares, in either spelling.

    >>> levels_of({"drilldown": {"levels": [{"field": "country", "label": "Country"}]}})
    (Level(id_column='country', label_column=None),)
    """
    declared = config.get("drill_levels")
    if isinstance(declared, list) and declared:
        return tuple(
            Level(one["id_column"], one.get("label_column"))
            for one in declared
            if isinstance(one, dict) and isinstance(one.get("id_column"), str)
        )
    other = config.get("drilldown")
    levels = other.get("levels") if isinstance(other, dict) else None
    if not isinstance(levels, list):
        return ()
    return tuple(
        Level(one["field"]) for one in levels if isinstance(one, dict) and isinstance(one.get("field"), str)
    )


def read_path(levels: Sequence[Level], path: Sequence[Mapping[str, Any]]) -> tuple[Clause, ...]:
    """Return one clause for each step, on the column that the tile declares for it.

    A step's `id_column` must be the level's own; what comes from the request is only ever compared with it.
    Raises BadRequest naming the step.
    """
    if path and not levels:
        raise BadRequest("drill_path: this tile has no drill_levels")
    if len(path) > len(levels):
        raise BadRequest(f"drill_path must have at most {len(levels)} steps, the tile's drill_levels")
    return tuple(_step(number, levels[number], step) for number, step in enumerate(path))


def _step(number: int, level: Level, step: Mapping[str, Any]) -> Clause:
    where = f"drill_path.{number}"
    if step.get("level", number) != number:
        raise BadRequest(f"{where}.level must be {number}; steps go from the first level down, none left out")
    column = step.get("id_column", level.id_column)
    if column != level.id_column:
        raise BadRequest(f"{where}.id_column must be {level.id_column}, the tile's level {number}")
    if "value" not in step:
        raise BadRequest(f"{where}.value is required; null is a value")
    return Clause(level.id_column, "eq", (scalar(f"{where}.value", step["value"]),))


def scalar(where: str, value: Any) -> str | int | float | bool | None:
    """Return a value that can be compared: text, a finite number, true, false or null. Raises BadRequest."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        raise BadRequest(f"{where} must be a finite number")
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise BadRequest(f"{where} must be text, a number, true, false or null")
