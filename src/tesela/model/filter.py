"""A dashboard's filter: what a viewer can narrow, and where it applies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from tesela.errors import BadRequest
from tesela.model.interaction import Operator

FilterType = Literal["date_range", "select", "multi_select", "text", "number_range", "boolean"]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")]
OPERATORS: dict[FilterType, Operator] = {
    "date_range": "between",
    "select": "eq",
    "multi_select": "in",
    "text": "contains",
    "number_range": "between",
    "boolean": "eq",
}
"""What a filter of each type does when it names no operator."""
NULL_CHECKS: tuple[Operator, ...] = ("is_null", "not_null")
"""Operators that take no value: such a filter is on (true) or off."""
MAX_FILTERS = 50
MAX_OPTIONS = 1_000


class Option(BaseModel):
    """One choice. label: what the viewer reads; None shows the value."""

    model_config = ConfigDict(extra="allow", frozen=True)

    value: str | int | float | bool | None
    label: str | None = None


class OptionQuery(BaseModel):
    """Choices that a query brings: its first column is the value, a second one the label.

    It may name the filters that this one depends on, as any tile's SQL does.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    query: str = Field(min_length=1)
    datasource_id: str


class Filter(BaseModel):
    """A filter's definition. Unknown members are kept.

    field: the column that it narrows; a filter without one only feeds the placeholders that name it.
    targets: the tiles it applies to, each with the column's name there (None: `field`); None: all tiles.
    depends_on: filters whose values narrow this one's options.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    name: Name
    label: str | None = None
    field: str | None = Field(None, min_length=1, max_length=200)
    type: FilterType = "select"
    operator: Operator | None = None
    default: Any = None
    required: bool = False
    options: list[Option | str | int | float | bool] | OptionQuery | None = None
    depends_on: list[Name] = Field(default_factory=list)
    targets: dict[str, str | None] | list[str] | None = None

    @model_validator(mode="after")
    def _options_fit(self) -> Filter:
        if isinstance(self.options, list) and len(self.options) > MAX_OPTIONS:
            raise ValueError(f"options may be at most {MAX_OPTIONS}; use a query instead")
        return self

    @property
    def effective_operator(self) -> Operator:
        return self.operator or OPERATORS[self.type]

    def column_for(self, tile_id: str) -> str | None:
        """Return the column that the filter narrows on a tile; None where it does not apply."""
        if self.targets is None:
            return self.field
        if isinstance(self.targets, dict):
            return (self.targets[tile_id] or self.field) if tile_id in self.targets else None
        return self.field if tile_id in self.targets else None


def stored_filters(given: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Return the filters as a document keeps them: checked, named, their unknown members kept. Raises BadRequest."""
    read_filters(given)
    return tuple(_with_name(number, one) for number, one in enumerate(given))


def read_filters(given: list[dict[str, Any]] | tuple[dict[str, Any], ...]) -> tuple[Filter, ...]:
    """Return the filters of a document, checked as a whole. Raises BadRequest naming the filter and the member."""
    if len(given) > MAX_FILTERS:
        raise BadRequest(f"filters: a dashboard can have at most {MAX_FILTERS}")
    found = tuple(_read(number, one) for number, one in enumerate(given))
    names = [one.name for one in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise BadRequest(f"filters: the name {min(twice)} is used twice")
    for one in found:
        if unknown := [name for name in one.depends_on if name not in names or name == one.name]:
            raise BadRequest(f"filters: {one.name} depends on {unknown[0]}, which is no other filter")
    _refuse_circles({one.name: one.depends_on for one in found})
    return found


def _read(number: int, given: dict[str, Any]) -> Filter:
    try:
        return Filter.model_validate(_with_name(number, given))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"] if not isinstance(part, str) or part.islower())
        name = given.get("name") if isinstance(given.get("name"), str) else number
        raise BadRequest(f"filters.{name}.{where}: {first['msg'].removeprefix('Value error, ')}") from error


def _with_name(number: int, given: dict[str, Any]) -> dict[str, Any]:
    """Return a filter as it is stored; the other dialect's {field, operator, values} is one with a default."""
    if "name" in given or "field" not in given:
        return given
    name = _slug(str(given["field"]))
    return {**with_default(given), "name": f"{name}_{number}" if number else name}


def with_default(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return {field, operator, values} as a filter with a default: the type that fits, the values in its form.

    What the type of the filter is already stays. Raises BadRequest when the operator takes other values.

    >>> with_default({"field": "amount", "operator": "between", "values": [1, 5]})["default"]
    {'min': 1, 'max': 5}
    """
    asked: Any = given.get("operator") or "in"
    operator: Operator = asked if asked in get_args(Operator) else "in"
    values = given.get("values")
    values = [] if values is None else values
    field = str(given.get("name") or given.get("field"))[:100]
    if not isinstance(values, list) or any(isinstance(one, dict | list) for one in values):
        raise BadRequest(f"filters.{field}.values must be a list of text, numbers, true, false or null")
    kind, default = _default(operator, values, f"filters.{field}.values")
    kept = {key: value for key, value in given.items() if key not in ("values", "default")}
    return {**kept, "type": given.get("type") or kind, "default": default}


def values_of(given: Mapping[str, Any]) -> list[Any]:
    """Return the default of a stored filter as a list of values: what `with_default` made it from.

    >>> values_of({"type": "number_range", "default": {"min": 1, "max": 5}})
    [1, 5]
    """
    default = given.get("default")
    if default is None or (default is True and given.get("operator") in NULL_CHECKS):
        return []
    if isinstance(default, list):
        return default
    for members in (("min", "max"), ("start", "end")):
        if isinstance(default, dict) and set(default) == set(members):
            return [default[name] for name in members]
    return [default]


def _default(operator: Operator, values: list[Any], where: str) -> tuple[FilterType, Any]:
    """Return the type of a filter with these values, and its default."""
    if operator in ("in", "not_in"):
        return "multi_select", values
    if operator in NULL_CHECKS:
        if values:
            raise BadRequest(f"{where} must be left out: {operator} takes none")
        return "boolean", True
    if operator == "between":
        if len(values) != 2:
            raise BadRequest(f"{where} must be two values: between takes the first and the last")
        if all(isinstance(one, int | float) and not isinstance(one, bool) for one in values):
            return "number_range", {"min": values[0], "max": values[1]}
        if all(isinstance(one, str) and _is_day(one) for one in values):
            return "date_range", {"start": values[0], "end": values[1]}
        return "select", values
    if len(values) > 1:
        raise BadRequest(f"{where} must be one value: {operator} takes one")
    if operator in ("contains", "starts_with"):
        if values and not isinstance(values[0], str):
            raise BadRequest(f"{where} must be text: {operator} takes text")
        return "text", values[0] if values else None
    return "select", values[0] if values else None


def _is_day(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _slug(text: str) -> str:
    cleaned = "".join(c if c.isascii() and (c.isalnum() or c == "_") else "_" for c in text)[:50]
    return cleaned if cleaned[:1].isalpha() or cleaned[:1] == "_" else f"f_{cleaned}"


def _refuse_circles(depends: dict[str, list[str]]) -> None:
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise BadRequest(f"filters: {' -> '.join((*path[path.index(name) :], name))} is a circle")
        if name not in done:
            for other in depends[name]:
                visit(other, (*path, name))
            done.add(name)

    for name in depends:
        visit(name, ())
