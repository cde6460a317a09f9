"""The shapes of the Qry API: what arrives, and what goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import Field

from tesela.features.pages import page_order
from tesela.features.tiles import in_grid_order
from tesela.features.viewing import State
from tesela.http.web import Answer, Body
from tesela.model.dashboard import Dashboard, Layout, Page, Revision, Tile
from tesela.store import DashboardRow


class LayoutBody(Body):
    """The grid's measures; `rowHeight` and `gap` in CSS pixels."""

    columns: int = Field(12, ge=12, le=12)
    rowHeight: int = Field(80, ge=20, le=400)  # noqa: N815  (the contract's spelling)
    gap: int = Field(16, ge=0, le=100)


class DashboardCreate(Body):
    name: str | None = None
    description: str | None = None
    workspace_id: str | None = None
    layout: LayoutBody | None = None
    refresh_interval_seconds: int | None = None
    time_zone: str | None = None
    tags: list[str] | None = None
    filters: list[dict[str, Any]] | None = None
    settings: dict[str, Any] | None = None


class DashboardUpdate(DashboardCreate):
    is_archived: bool | None = None


class TileBody(Body):
    """The members of a tile that a client may send; `id` only when it makes one again, as an undo does."""

    title: str | None = None
    tile_type: str | None = None
    chart_type: str | None = None
    datasource_id: str | None = None
    catalog: str | None = None
    schema_: str | None = Field(None, alias="schema")
    query: str | None = None
    metric_query: dict[str, Any] | None = None
    content: str | None = None
    chart_config: dict[str, Any] | None = None
    page_id: str | None = None
    grid_x: int | None = None
    grid_y: int | None = None
    grid_w: int | None = None
    grid_h: int | None = None
    cache_ttl_seconds: int | None = None


class TileCreate(TileBody):
    id: str | None = None


class TileFromConversation(TileCreate):
    """An answer of a conversation, and what of it is to be different."""

    conversation_id: str
    message_id: str


class TilePreview(TileBody):
    query_id: str | None = None
    max_rows: int | None = Field(None, ge=1)


class TilePlace(Body):
    tile_id: str
    grid_x: int
    grid_y: int
    grid_w: int
    grid_h: int
    page_id: str | None = None


class LayoutUpdate(Body):
    layouts: list[TilePlace] = Field(min_length=1, max_length=500)


class PageBody(Body):
    name: str | None = None


class PageCreate(PageBody):
    id: str | None = None


class PageOrder(Body):
    page_ids: list[str]


class ViewState(Body):
    """The state of a view: what its viewer chose."""

    filter_values: dict[str, Any] = Field(default_factory=dict)
    cross_filters: list[dict[str, Any]] = Field(default_factory=list)
    drill_path: list[dict[str, Any]] = Field(default_factory=list)

    def state(self) -> State:
        return State(self.filter_values, self.cross_filters, self.drill_path)


class DataRequest(ViewState):
    """Which tiles, in which state."""

    page_id: str | None = None
    tile_ids: list[str] | None = None
    refresh: bool = False


class LayoutAnswer(Answer):
    columns: int
    rowHeight: int  # noqa: N815
    gap: int


class PageAnswer(Answer):
    id: str
    name: str
    page_order: int


class TileOut(Answer):
    id: str
    dashboard_id: str
    page_id: str
    title: str
    tile_type: str
    chart_type: str | None
    datasource_id: str | None
    catalog: str | None
    schema_: str | None = Field(alias="schema")
    query: str | None
    metric_query: dict[str, Any] | None
    content: str | None
    chart_config: dict[str, Any]
    grid_x: int
    grid_y: int
    grid_w: int
    grid_h: int
    cache_ttl_seconds: int | None
    warnings: list[str]
    created_at: dt.datetime
    updated_at: dt.datetime


class DashboardOut(Answer):
    id: str
    name: str
    description: str | None
    user_id: str
    workspace_id: str | None
    workspace_name: str | None
    layout: LayoutAnswer
    refresh_interval_seconds: int | None
    time_zone: str
    tags: list[str]
    filters: list[dict[str, Any]]
    settings: dict[str, Any]
    is_public: bool
    share_token: str | None
    is_archived: bool
    created_at: dt.datetime
    updated_at: dt.datetime
    tile_count: int
    owner_name: str
    version: int
    can_edit: bool
    can_own: bool
    pages: list[PageAnswer]
    tiles: list[TileOut]


class DashboardItem(Answer):
    id: str
    name: str
    description: str | None
    tile_count: int
    is_public: bool
    is_archived: bool
    owner_name: str
    workspace_id: str | None
    workspace_name: str | None
    tags: list[str]
    can_edit: bool
    created_at: dt.datetime
    updated_at: dt.datetime


class RevisionOut(Answer):
    number: int
    parent: int | None
    author_id: str
    author_name: str
    created_at: dt.datetime
    sentence: str
    sha256: str


class TileRows(Answer):
    columns: list[str]
    rows: list[dict[str, Any]]


class TileData(Answer):
    """One tile's rows, or its own error. Described here, written from ready bytes (features/data)."""

    id: str
    title: str
    tile_type: str
    data: TileRows | None
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


class DashboardData(Answer):
    id: str
    name: str
    version: int
    filters_ignored: list[str]
    tiles: list[TileData]


DashboardId = Annotated[str, Path(description="UUID of the dashboard")]
TileId = Annotated[str, Path(description="UUID of the tile")]
PageId = Annotated[str, Path(description="UUID of the page")]
Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]


def dashboard_out(
    dashboard: Dashboard,
    *,
    owner_name: str,
    workspace_name: str | None,
    can_edit: bool,
    can_own: bool,
    usable: frozenset[str],
    share_token: str | None = None,
) -> DashboardOut:
    """Return a dashboard as its reader may see it. usable: datasources on which the reader may write SQL.

    share_token: for owners and admins only.
    """
    document = dashboard.document
    return DashboardOut(
        id=dashboard.id,
        name=document.name,
        description=document.description,
        user_id=dashboard.owner_id,
        workspace_id=dashboard.workspace_id,
        workspace_name=workspace_name,
        layout=_layout(document.layout),
        refresh_interval_seconds=document.refresh_interval_seconds,
        time_zone=document.time_zone,
        tags=list(document.tags),
        filters=[_filter(one, shows_sql=can_edit) for one in document.filters],
        settings=document.settings,
        is_public=dashboard.link,
        share_token=share_token,
        is_archived=dashboard.is_archived,
        created_at=dashboard.created_at,
        updated_at=dashboard.updated_at,
        tile_count=len(document.tiles),
        owner_name=owner_name,
        version=dashboard.version,
        can_edit=can_edit,
        can_own=can_own,
        pages=[page_out(dashboard, page) for page in document.pages],
        tiles=[
            tile_out(dashboard, tile, shows_sql=can_edit or tile.datasource_id in usable)
            for tile in in_grid_order(document)
        ],
    )


def tile_out(dashboard: Dashboard, tile: Tile, *, shows_sql: bool, warnings: Sequence[str] = ()) -> TileOut:
    """Return a tile as its reader may see it."""
    config = dict(tile.chart_config)
    if not shows_sql and config.pop("detail_query", None):
        config["detail_query"] = None  # there is one: a click can ask for its rows
    return TileOut(
        id=tile.id,
        dashboard_id=dashboard.id,
        page_id=tile.page_id,
        title=tile.title,
        tile_type=tile.tile_type,
        chart_type=tile.chart_type,
        datasource_id=tile.datasource_id,
        catalog=tile.catalog,
        schema_=tile.schema_,
        query=tile.query if shows_sql else None,
        metric_query=tile.metric_query,
        content=tile.content,
        chart_config=config,
        grid_x=tile.grid_x,
        grid_y=tile.grid_y,
        grid_w=tile.grid_w,
        grid_h=tile.grid_h,
        cache_ttl_seconds=tile.cache_ttl_seconds,
        warnings=list(warnings),
        created_at=tile.created_at,
        updated_at=tile.updated_at,
    )


def page_out(dashboard: Dashboard, page: Page) -> PageAnswer:
    return PageAnswer(id=page.id, name=page.name, page_order=page_order(dashboard.document, page.id))


def item_out(row: DashboardRow, *, can_edit: bool) -> DashboardItem:
    return DashboardItem(
        id=row.id,
        name=row.name,
        description=row.description,
        tile_count=row.tile_count,
        is_public=row.link,
        is_archived=row.is_archived,
        owner_name=row.owner_name,
        workspace_id=row.workspace_id,
        workspace_name=row.workspace_name,
        tags=list(row.tags),
        can_edit=can_edit,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def revision_out(revision: Revision, author_name: str) -> RevisionOut:
    return RevisionOut(
        number=revision.number,
        parent=revision.parent,
        author_id=revision.author_id,
        author_name=author_name,
        created_at=revision.created_at,
        sentence=revision.sentence,
        sha256=revision.sha256,
    )


def _filter(given: dict[str, Any], *, shows_sql: bool) -> dict[str, Any]:
    """Return a filter as its reader may see it: the query of its options is SQL like any other."""
    options = given.get("options")
    if shows_sql or not isinstance(options, dict):
        return given
    return {**given, "options": {**options, "query": None, "datasource_id": None}}


def _layout(layout: Layout) -> LayoutAnswer:
    return LayoutAnswer(columns=layout.columns, rowHeight=layout.rowHeight, gap=layout.gap)
