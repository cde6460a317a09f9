"""The shapes of metrics in the BI API: what arrives, and what goes out."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import ConfigDict, Field

from tesela.features.metric_queries import Moved
from tesela.features.metrics import Use
from tesela.features.viewing import State
from tesela.http.web import Answer, Body
from tesela.model.metric import Metric

MetricId = Annotated[str, Path(description="Id or name of the metric")]
DryRun = Annotated[bool, Query(description="Say what would happen, and change nothing.")]
SQL_MEMBERS = ("sql", "expression", "joins", "filters")
"""Members of a definition that are SQL."""


class MetricBody(Body):
    """A definition. Members that no metric has are refused, so that a slip of the pen is found."""

    model_config = ConfigDict(strict=True, frozen=True, extra="allow", populate_by_name=True)

    name: Any = None
    label: Any = None
    description: Any = None
    datasource_id: Any = None
    table: Any = None
    sql: Any = None
    expression: Any = None
    formula: Any = None
    type: Any = None
    time_column: Any = None
    grains: Any = None
    dimensions: Any = None
    joins: Any = None
    filters: Any = None
    format: Any = None
    synonyms: Any = None
    status: Any = None
    certified: Any = None

    def sent(self) -> dict[str, Any]:
        """Return the members that the client sent."""
        # `schema` is also a method of every model, so what is not declared is read where it lies.
        more = self.model_extra or {}
        return {name: more[name] if name in more else getattr(self, name) for name in self.model_fields_set}


class QueryBody(Body):
    """A query of metrics, and what a viewer chose beside it."""

    model_config = ConfigDict(strict=True, frozen=True, extra="allow", populate_by_name=True)

    metrics: Any = None
    dimensions: Any = None
    time_grain: Any = None
    filters: Any = None
    order_by: Any = None
    limit: Any = None
    compare: Any = None
    date_range: Any = None
    time_zone: str = "UTC"
    max_rows: int | None = Field(None, ge=1)

    def query(self) -> dict[str, Any]:
        """Return the query as a tile would have it."""
        apart = {"time_zone", "max_rows", "bounds"}
        return {
            name: getattr(self, name)
            for name in self.model_fields_set
            if name not in apart and getattr(self, name) is not None
        }

    def state(self) -> State:
        return State()


class CompileBody(QueryBody):
    """bounds: whether the SQL names the ends of a time range, which not every dashboard has."""

    bounds: bool = True


class ApplyBody(Body):
    """Many metrics: as objects, or as the text of a YAML file."""

    metrics: list[dict[str, Any]] | None = None
    yaml: str | None = None
    dry_run: bool = False


class MetricOut(Answer):
    """sql, expression, joins, filters: null for who may not use the datasource."""

    id: str
    tenant_id: str
    name: str
    label: str | None
    description: str | None
    type: str
    status: str
    certified: bool
    owner_id: str | None
    datasource_id: str | None
    catalog: str | None
    schema_: str | None = Field(alias="schema")
    table: str | None
    sql: str | None
    expression: str | None
    formula: str | None
    time_column: str | None
    grains: list[str]
    dimensions: list[dict[str, Any]]
    joins: list[dict[str, Any]] | None
    filters: list[dict[str, Any]] | None
    format: dict[str, Any]
    synonyms: list[str]
    can_edit: bool
    revision: int
    created_at: dt.datetime
    updated_at: dt.datetime


class UsedBy(Answer):
    """A tile that asks the metric. before, after: its total with the caller's rights; change: a fraction of before.

    error: why it could not be computed; not_computed: past the first 20 tiles.
    """

    dashboard_id: str
    dashboard_name: str
    tile_id: str
    title: str
    metric: str
    before: float | int | None
    after: float | int | None
    change: float | None
    error: str | None
    not_computed: bool


class SavedMetric(MetricOut):
    warnings: list[str]
    used_by: list[UsedBy]


class TileUse(Answer):
    dashboard_id: str
    dashboard_name: str
    tile_id: str
    title: str


class DashboardUse(Answer):
    id: str
    name: str


class LineageOut(Answer):
    """Who stands on the metric, and what it stands on. Dashboards: those that the caller may see."""

    datasource_id: str | None
    formula_of: list[str]
    metrics: list[str]
    dashboards: list[DashboardUse]
    tiles: list[TileUse]


class CompiledOut(Answer):
    """sql: null for who may not use the datasource."""

    sql: str | None
    columns: list[str]
    datasource_id: str


class QueryRows(CompiledOut):
    """Described here, written from ready bytes."""

    rows: list[dict[str, Any]]
    types: dict[str, str]
    row_count: int
    truncated: bool
    executed_at: dt.datetime
    duration_ms: int


class Applied(Answer):
    name: str
    action: str
    warnings: list[str]
    used_by: list[UsedBy]


class ApplyOut(Answer):
    dry_run: bool
    metrics: list[Applied]


def metric_members(metric: Metric, *, can_edit: bool, shows_sql: bool) -> dict[str, Any]:
    """Return a metric as its reader may see it."""
    members = metric.definition.model_dump(mode="json", by_alias=True)
    if not shows_sql:
        members |= dict.fromkeys(SQL_MEMBERS)
        members["dimensions"] = [{**one, "sql": None} for one in members["dimensions"]]
    return members | {
        "id": metric.id,
        "tenant_id": metric.tenant_id,
        "owner_id": metric.owner_id,
        "status": metric.status,
        "certified": metric.certified,
        "revision": metric.revision,
        "created_at": metric.created_at,
        "updated_at": metric.updated_at,
        "can_edit": can_edit,
    }


def used_by(moved: Moved) -> UsedBy:
    return UsedBy(
        dashboard_id=moved.use.dashboard_id,
        dashboard_name=moved.use.dashboard_name,
        tile_id=moved.use.tile_id,
        title=moved.use.title,
        metric=moved.metric,
        before=moved.before,
        after=moved.after,
        change=moved.change,
        error=moved.error,
        not_computed=not moved.is_computed,
    )


def tile_use(use: Use) -> TileUse:
    return TileUse(
        dashboard_id=use.dashboard_id, dashboard_name=use.dashboard_name, tile_id=use.tile_id, title=use.title
    )
