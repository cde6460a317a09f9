"""The shapes of the BI API: what arrives, and what goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import ConfigDict, Field

from tesela.features.access import Rights
from tesela.features.people_sharing import Visibility, visibility_of
from tesela.features.tiles import in_grid_order
from tesela.features.viewing import State
from tesela.http.bi import translate
from tesela.http.web import Answer, Body
from tesela.model.dashboard import Dashboard, Tile
from tesela.store import DashboardRow

DashboardId = Annotated[str, Path(description="Id of the dashboard: `dash-` and its UUID, or the UUID alone")]
WidgetId = Annotated[str, Path(description="Id of the widget: `widget-` and its UUID, or the UUID alone")]
Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]


class BiDashboardCreate(Body):
    name: str | None = None
    description: str | None = None
    visibility: Visibility | None = None
    tags: list[str] | None = None
    filters: list[dict[str, Any]] | None = None


class BiDashboardUpdate(BiDashboardCreate):
    """Only what is sent is changed."""


class PositionBody(Body):
    x: int | None = None
    y: int | None = None
    width: int | None = None
    height: int | None = None


class DataSourceBody(Body):
    """SQL on a datasource, or metrics. Unknown members are kept."""

    model_config = ConfigDict(extra="allow")

    sql: str | None = None
    metrics: list[Any] | None = None
    datasource_id: str | None = None
    catalog: str | None = None
    schema_: str | None = Field(None, alias="schema")
    cache_ttl_seconds: int | None = None


class WidgetBody(Body):
    name: str | None = None
    widget_type: str | None = None
    position: PositionBody | None = None
    data_source: DataSourceBody | None = None
    config: dict[str, Any] | None = None
    page_id: str | None = None

    def sent(self) -> dict[str, Any]:
        """Return the members that the client sent, under the API's names."""
        said: dict[str, Any] = {
            name: getattr(self, name)
            for name in self.model_fields_set
            if name not in ("position", "data_source")
        }
        if self.position is not None:
            said["position"] = self.position.model_dump(exclude_unset=True)
        if self.data_source is not None:
            said["data_source"] = self.data_source.model_dump(exclude_unset=True, by_alias=True)
        return said


class ShareWish(Body):
    id: str
    permission: Literal["view", "edit", "own"] | None = None


class BiShareBody(Body):
    """A member that is not sent stays as it is; `shared_with` replaces the whole list."""

    visibility: Visibility | None = None
    shared_with: list[str | ShareWish] | None = None
    permissions: Literal["view", "edit"] = "view"


class CloneBody(Body):
    name: str | None = None


class FromTemplate(Body):
    template: str
    datasource_id: str
    name: str | None = None
    parameters: dict[str, str] = Field(default_factory=dict)


class BiDataRequest(Body):
    """Which widgets, in which state of the view."""

    filter_values: dict[str, Any] = Field(default_factory=dict)
    cross_filters: list[dict[str, Any]] = Field(default_factory=list)
    drill_path: list[dict[str, Any]] = Field(default_factory=list)
    page_id: str | None = None
    widget_ids: list[str] | None = Field(None, max_length=500)
    refresh: bool = False

    def state(self) -> State:
        return State(self.filter_values, [_as_tiles_say(one) for one in self.cross_filters], self.drill_path)


class BiDashboardItem(Answer):
    id: str
    name: str
    description: str | None
    tenant_id: str
    created_by: str
    visibility: Visibility
    tags: list[str]
    widget_count: int
    created_at: dt.datetime
    updated_at: dt.datetime


class Position(Answer):
    x: int
    y: int
    width: int
    height: int


class WidgetOut(Answer):
    """data_source: `sql` is null for who may neither edit nor use its datasource."""

    id: str
    dashboard_id: str
    page_id: str
    name: str
    widget_type: str
    position: Position
    data_source: dict[str, Any] | None
    config: dict[str, Any]
    warnings: list[str]
    created_at: dt.datetime
    updated_at: dt.datetime


class BiDashboardOut(BiDashboardItem):
    version: int
    can_edit: bool
    can_own: bool
    filters: list[dict[str, Any]]
    widgets: list[WidgetOut]


class SharedOut(Answer):
    id: str
    kind: Literal["user", "team"]
    name: str
    permission: Literal["view", "edit", "own"]


class BiShareOut(Answer):
    """share_url: of the public page, when there is one."""

    dashboard_id: str
    visibility: Visibility
    shared_with: list[SharedOut]
    share_url: str | None


class TemplateParameter(Answer):
    """kind: what it names. is_required: where there is nothing to guess from, it must be said."""

    name: str
    kind: Literal["table", "column"]
    description: str
    is_required: bool


class TemplateOut(Answer):
    id: str
    name: str
    description: str
    parameters: list[TemplateParameter]


class WidgetRows(Answer):
    columns: list[str]
    rows: list[dict[str, Any]]


class WidgetData(Answer):
    """One widget's rows, or its own error. Described here, written from ready bytes."""

    id: str
    name: str
    widget_type: str
    data: WidgetRows | None
    error: str | None
    error_code: str | None
    error_line: int | None = None
    error_column: int | None = None
    executed_at: dt.datetime
    types: dict[str, str]
    row_count: int
    truncated: bool
    cache: str
    duration_ms: int
    warnings: list[str]
    filters_ignored: list[str]


class BiDashboardData(Answer):
    id: str
    name: str
    version: int
    filters_ignored: list[str]
    widgets: list[WidgetData]


def item_out(row: DashboardRow, tenant_id: str) -> BiDashboardItem:
    return BiDashboardItem(
        id=translate.DASHBOARD + row.id,
        name=row.name,
        description=row.description,
        tenant_id=tenant_id,
        created_by=row.owner_id,
        visibility=visibility_of(row.audience, link=row.link),
        tags=list(row.tags),
        widget_count=row.tile_count,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def dashboard_out(dashboard: Dashboard, rights: Rights) -> BiDashboardOut:
    """Return a dashboard as its reader may see it."""
    document = dashboard.document
    usable = rights.usable_datasources
    return BiDashboardOut(
        id=translate.DASHBOARD + dashboard.id,
        name=document.name,
        description=document.description,
        tenant_id=dashboard.tenant_id,
        created_by=dashboard.owner_id,
        visibility=visibility_of(dashboard.audience, link=dashboard.link),
        tags=list(document.tags),
        widget_count=len(document.tiles),
        created_at=dashboard.created_at,
        updated_at=dashboard.updated_at,
        version=dashboard.version,
        can_edit=rights.edit,
        can_own=rights.own,
        filters=[translate.shown_filter(one, shows_sql=rights.edit) for one in document.filters],
        widgets=[
            widget_out(dashboard, tile, shows_sql=rights.edit or tile.datasource_id in usable)
            for tile in in_grid_order(document)
        ],
    )


def widget_out(
    dashboard: Dashboard, tile: Tile, *, shows_sql: bool, warnings: Sequence[str] = ()
) -> WidgetOut:
    """Return a widget as its reader may see it."""
    return WidgetOut(
        id=translate.WIDGET + tile.id,
        dashboard_id=translate.DASHBOARD + dashboard.id,
        page_id=tile.page_id,
        name=tile.title,
        widget_type=translate.widget_type_of(tile.tile_type, tile.chart_type),
        position=Position(**translate.position_of(tile)),
        data_source=translate.source_of(tile, shows_sql=shows_sql),
        config=translate.config_of(tile, shows_sql=shows_sql),
        warnings=[translate.our_words(f"chart_config.{one}") for one in warnings],
        created_at=tile.created_at,
        updated_at=tile.updated_at,
    )


def _as_tiles_say(cross_filter: dict[str, Any]) -> dict[str, Any]:
    """Return a cross-filter with the id of a tile; `source_widget_id` is another spelling."""
    given = cross_filter.get("source_widget_id", cross_filter.get("source_tile_id", ""))
    return {**cross_filter, "source_tile_id": translate.widget_id_of(str(given))}
