"""A metric: a named definition (what is measured, over which rows, by what it may be split), and a query of metrics.

How they become SQL is in `semantic`; who may see and change them is in `features/metrics`.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from tesela.errors import BadRequest
from tesela.model.frozen import Frozen
from tesela.model.interaction import Operator

Grain = Literal["hour", "day", "week", "month", "quarter", "year"]
GRAINS: tuple[Grain, ...] = get_args(Grain)
MetricType = Literal["simple", "ratio", "derived", "cumulative"]
Status = Literal["draft", "published", "deprecated"]
Cardinality = Literal["many_to_one", "one_to_one", "one_to_many"]
Compare = Literal["previous_period", "previous_year"]

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""The name of a metric: what formulas, queries and result columns call it."""
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=60)]
"""The name of a dimension or an alias."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Sql = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]
Value = str | int | float | bool | None
REFERENCE = re.compile(r"\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}")
"""A metric inside a formula."""
NAMELESS = ("is_null", "not_null")
MAX_VALUES = 1_000


class Part(Frozen):
    """A part of a definition or a query: strict types, unknown members refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, strict=True)


class Condition(Part):
    """A condition on one dimension. values: as many as the operator takes; none for is_null and not_null."""

    field: Word
    operator: Operator = "eq"
    values: Annotated[list[Value], Field(max_length=MAX_VALUES)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _values_fit(self) -> Self:
        count = len(self.values)
        takes = {"between": 2, **dict.fromkeys(NAMELESS, 0), "in": None, "not_in": None}.get(self.operator, 1)
        if takes is not None and count != takes:
            raise ValueError(f"{self.operator} takes {takes} values, not {count}")
        return self


class Rule(Part):
    """A default filter: a condition on a dimension, or a predicate in SQL over the metric's own columns."""

    field: Word | None = None
    operator: Operator = "eq"
    values: Annotated[list[Value], Field(max_length=MAX_VALUES)] = Field(default_factory=list)
    sql: Sql | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.field is None) == (self.sql is None):
            raise ValueError("needs either field with operator and values, or sql")
        if self.field is not None:
            Condition(field=self.field, operator=self.operator, values=self.values)
        return self


class Dimension(Part):
    """What a metric may be split by. join: the alias of the join that has the column; None is the base."""

    name: Word
    label: Text | None = None
    column: Text | None = None
    sql: Sql | None = None
    join: Word | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.column is not None and self.sql is not None:
            raise ValueError("needs either column or sql, not both")
        return self


class Join(Part):
    """A table beside the base. cardinality: from a row of what is before it to rows of this table."""

    table: Text
    catalog: Text | None = None
    schema_: Text | None = Field(None, alias="schema")
    alias: Word | None = None
    on: Sql
    cardinality: Cardinality

    @property
    def name(self) -> str:
        return self.alias or self.table


class Definition(Part):
    """What a metric is. Either an `expression` over `table` or `sql`, or a `formula` over other metrics.

    format: how a number is shown, as `chart_config` writes it. synonyms: other words for it, for those who ask.
    """

    name: Slug
    label: Text | None = None
    description: Annotated[str, StringConstraints(max_length=10_000)] | None = None
    datasource_id: str | None = None
    catalog: Text | None = None
    schema_: Text | None = Field(None, alias="schema")
    table: Text | None = None
    sql: Annotated[str, StringConstraints(min_length=1, max_length=100_000)] | None = None
    expression: Sql | None = None
    formula: Sql | None = None
    type: MetricType = "simple"
    time_column: Text | None = None
    grains: list[Grain] = Field(default_factory=lambda: list(GRAINS))
    dimensions: Annotated[list[Dimension], Field(max_length=200)] = Field(default_factory=list)
    joins: Annotated[list[Join], Field(max_length=20)] = Field(default_factory=list)
    filters: Annotated[list[Rule], Field(max_length=50)] = Field(default_factory=list)
    format: dict[str, Any] = Field(default_factory=dict)
    synonyms: Annotated[list[Text], Field(max_length=50)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.expression is None) == (self.formula is None):
            raise ValueError("needs either expression or formula")
        if self.expression is not None and (self.table is None) == (self.sql is None):
            raise ValueError("an expression needs either table or sql to be measured over")
        if self.expression is not None and self.datasource_id is None:
            raise ValueError("an expression needs datasource_id")
        if self.formula is not None:
            own = [name for name in FORMULA_HAS_NOT if getattr(self, name)]
            if own:
                raise ValueError(f"a formula takes its {own[0].strip('_')} from the metrics it names")
        if self.type == "simple" and self.expression is None:
            raise ValueError("a simple metric needs an expression; a formula makes it derived or ratio")
        if self.type == "derived" and self.formula is None:
            raise ValueError("a derived metric needs a formula such as {revenue} - {cost}")
        _once("dimensions", [one.name for one in self.dimensions])
        _once("joins", [one.name.lower() for one in self.joins] + [self.base_alias.lower()])
        for one in self.joins:
            if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", one.name):
                raise ValueError(f"joins: {one.name!r} needs an alias of letters, digits and _")
        return self

    @field_validator("table", "catalog", "schema_", "time_column")
    @classmethod
    def _is_plain(cls, value: str | None) -> str | None:
        if value is not None and "${" in value:
            raise ValueError("must not contain ${")
        return value

    @property
    def base_alias(self) -> str:
        """What SQL of the definition calls the base: its table's name, `base` where that is no word."""
        if self.table is not None and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", self.table):
            return self.table
        return "base"

    @property
    def references(self) -> tuple[str, ...]:
        """The metrics that a formula names, each once."""
        return tuple(dict.fromkeys(REFERENCE.findall(self.formula or "")))


FORMULA_HAS_NOT = (
    "datasource_id", "catalog", "schema_", "table", "sql", "time_column", "dimensions", "joins", "filters",
)  # fmt: skip


class Order(Part):
    field: Word
    direction: Literal["asc", "desc"] = "asc"


class MetricQuery(Part):
    """What a tile asks of metrics. The columns of its answer, in order: the grain, dimensions, metrics.

    compare: each metric also as `<name>_prev` and `<name>_change` (a fraction of the former value).
    date_range: what holds while the dashboard says nothing of time; as a date-range filter's value.
    """

    metrics: Annotated[list[Slug], Field(min_length=1, max_length=20)]
    dimensions: Annotated[list[Word], Field(max_length=10)] = Field(default_factory=list)
    time_grain: Grain | None = None
    filters: Annotated[list[Condition], Field(max_length=50)] = Field(default_factory=list)
    order_by: Annotated[list[Order], Field(max_length=10)] = Field(default_factory=list)
    limit: Annotated[int, Field(ge=1, le=100_000)] | None = None
    compare: Compare | None = None
    cache_ttl_seconds: Annotated[int, Field(ge=0, le=604_800)] | None = None
    date_range: dict[str, Any] | str | None = None

    @field_validator("order_by", mode="before")
    @classmethod
    def _written_short(cls, value: Any) -> Any:
        """Take `revenue desc` and `-revenue` for {field, direction}."""
        given = value if isinstance(value, list) else [value] if isinstance(value, str | dict) else value
        return [_order(one) for one in given] if isinstance(given, list) else value

    @model_validator(mode="after")
    def _fits(self) -> Self:
        _once("metrics", self.metrics)
        _once("dimensions", self.dimensions)
        if self.time_grain is not None and self.time_grain in self.dimensions:
            raise ValueError(f"{self.time_grain} is asked as a dimension and as the time_grain")
        if clash := set(self.metrics) & {*self.dimensions, self.time_grain}:
            raise ValueError(f"{min(clash)} is asked as a metric and as a dimension")
        return self


@dataclass(frozen=True, slots=True)
class Metric:
    """A definition with its id, owner and standing. revision: grows by one with each change."""

    id: str
    tenant_id: str
    owner_id: str | None
    status: Status
    certified: bool
    revision: int
    created_at: dt.datetime
    updated_at: dt.datetime
    definition: Definition

    @property
    def name(self) -> str:
        return self.definition.name


def read_definition(raw: Any) -> Definition:
    """Return the definition that parsed JSON holds. Raises BadRequest naming the member."""
    try:
        return Definition.model_validate(raw)
    except ValidationError as error:
        raise BadRequest(_sentence(error, "")) from error


def read_metric_query(raw: Any, field: str = "metric_query") -> MetricQuery:
    """Return the query that parsed JSON holds. Raises BadRequest naming the member."""
    if not isinstance(raw, dict):
        raise BadRequest(f"{field} must be an object with metrics")
    try:
        return MetricQuery.model_validate(raw)
    except ValidationError as error:
        raise BadRequest(_sentence(error, f"{field}.")) from error


WORDS = {
    "missing": "is required",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "extra_forbidden": "is not known",
    "string_pattern_mismatch": "must be a name of letters, digits and _ (a metric's in lower case)",
}


def _sentence(error: ValidationError, prefix: str) -> str:
    one = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part)[:60] for part in one["loc"])
    message = WORDS.get(one["type"]) or one["msg"].removeprefix("Value error, ")
    return f"{prefix}{place}: {message}" if place else f"{prefix.rstrip('.') or 'metric'}: {message}"


def _order(one: Any) -> Any:
    if not isinstance(one, str):
        return one
    field, _, direction = one.strip().partition(" ")
    if field.startswith("-"):
        return {"field": field[1:], "direction": "desc"}
    return {"field": field, "direction": direction.strip().lower() or "asc"}


def _once(where: str, names: list[Any]) -> None:
    twice = [name for number, name in enumerate(names) if name in names[:number]]
    if twice:
        raise ValueError(f"{where}: {twice[0]} is there twice")
