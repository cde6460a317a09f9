"""/api/dashboards/{id}/tiles: the tiles of a dashboard."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from tesela.features import conversations, tiles
from tesela.features.editing import Editor
from tesela.features.metric_tiles import with_sql
from tesela.features.tiles import placed
from tesela.http.deps import EditorDep, services
from tesela.http.problems import PROBLEMS
from tesela.http.qry.shapes import (
    DashboardId,
    LayoutUpdate,
    TileBody,
    TileCreate,
    TileFromConversation,
    TileId,
    TileOut,
    tile_out,
)
from tesela.http.web import StrictJsonRoute, version_etag
from tesela.model.dashboard import Dashboard, Tile

router = APIRouter(
    prefix="/api/dashboards/{dashboard_id}/tiles",
    tags=["tiles"],
    route_class=StrictJsonRoute,
    responses=PROBLEMS,
)


@router.post("", status_code=201, operation_id="add_tile")
async def add(
    request: Request, response: Response, dashboard_id: DashboardId, body: TileCreate, editor: EditorDep
) -> TileOut:
    """Add a tile. Its SQL is checked without asking the database; without a place it goes to the first free one."""
    dashboard, tile = await tiles.add_tile(editor, dashboard_id, _sent(body))
    response.headers["ETag"] = version_etag(dashboard.version)
    return await _out(request, editor, dashboard, tile)


@router.post("/from-conversation", status_code=201, operation_id="add_tile_from_conversation")
async def add_from_conversation(
    request: Request,
    response: Response,
    dashboard_id: DashboardId,
    body: TileFromConversation,
    editor: EditorDep,
) -> TileOut:
    """Add an answer of one of the caller's conversations as a tile; what is sent takes the place of what it holds."""
    members = await conversations.tile_members(
        editor.store, editor.access, editor.caller, dashboard_id, _sent(body)
    )
    dashboard, tile = await tiles.add_tile(editor, dashboard_id, members)
    response.headers["ETag"] = version_etag(dashboard.version)
    return await _out(request, editor, dashboard, tile)


@router.put("/layout", status_code=204, operation_id="update_layout")
async def lay_out(
    response: Response, dashboard_id: DashboardId, body: LayoutUpdate, editor: EditorDep
) -> None:
    """Move many tiles at once: all of them, or none."""
    layouts = [
        placed(one.tile_id, one.grid_x, one.grid_y, one.grid_w, one.grid_h, one.page_id)
        for one in body.layouts
    ]
    dashboard = await tiles.lay_out(editor, dashboard_id, layouts)
    response.headers["ETag"] = version_etag(dashboard.version)


@router.put("/{tile_id}", operation_id="update_tile")
async def update(
    request: Request,
    response: Response,
    dashboard_id: DashboardId,
    tile_id: TileId,
    body: TileBody,
    editor: EditorDep,
) -> TileOut:
    """Change the members that are sent."""
    dashboard, tile = await tiles.update_tile(editor, dashboard_id, tile_id, _sent(body))
    response.headers["ETag"] = version_etag(dashboard.version)
    return await _out(request, editor, dashboard, tile)


@router.delete("/{tile_id}", status_code=204, operation_id="delete_tile")
async def delete(response: Response, dashboard_id: DashboardId, tile_id: TileId, editor: EditorDep) -> None:
    """Delete the tile."""
    dashboard = await tiles.delete_tile(editor, dashboard_id, tile_id)
    response.headers["ETag"] = version_etag(dashboard.version)


async def _out(request: Request, editor: Editor, dashboard: Dashboard, tile: Tile) -> TileOut:
    """Return a tile that was just saved, to its author."""
    warnings = await tiles.save_warnings(editor, tile)
    shown = await with_sql(services(request).definitions, editor.access, editor.caller, dashboard)
    return tile_out(shown, tiles.tile_of(shown, tile.id), shows_sql=True, warnings=warnings)


def _sent(body: TileBody) -> dict[str, Any]:
    """Return the members that the client sent, under the contract's names."""
    return {("schema" if name == "schema_" else name): getattr(body, name) for name in body.model_fields_set}
