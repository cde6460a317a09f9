"""/api/dashboards/{id}/tiles/{tile}/drill and /detail: what a click on a tile asks for."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import Field

from tesela.features.data import TileAnswer
from tesela.features.detail import detail_rows
from tesela.features.drill import drill_tile
from tesela.features.tiles import tile_of
from tesela.http.asking import View, ask
from tesela.http.deps import CallerDep, ServicesDep
from tesela.http.problems import PROBLEMS
from tesela.http.qry.shapes import DashboardId, TileData, TileId, ViewState
from tesela.http.web import Answer, StrictJsonRoute, while_connected

router = APIRouter(
    prefix="/api/dashboards/{dashboard_id}/tiles/{tile_id}",
    tags=["interactivity"],
    route_class=StrictJsonRoute,
    responses=PROBLEMS,
)


class DetailBody(ViewState):
    """The clicked dimensions, in the state of the view."""

    dimensions: dict[str, Any] = Field(default_factory=dict)
    max_rows: int | None = None


class DetailOut(Answer):
    """Described here, written from ready bytes."""

    columns: list[str]
    rows: list[dict[str, Any]]
    row_count: int
    truncated: bool
    types: dict[str, str]
    executed_at: str
    duration_ms: int
    filters_ignored: list[str]


@router.post("/drill", operation_id="drill_tile", response_model=TileData)
async def drill(
    request: Request,
    dashboard_id: DashboardId,
    tile_id: TileId,
    body: ViewState,
    found: ServicesDep,
    caller: CallerDep,
    view: View = None,
) -> Response:
    """Run the tile at the end of the drill path, in the state of the view."""
    asking = await ask(found, caller, dashboard_id, body.state())
    tile = tile_of(asking.dashboard, tile_id)

    async def run() -> TileAnswer:
        with found.views.entered(caller.user_id, view, asking.dashboard.id, tile.id):
            return await drill_tile(asking, tile)

    answer = await while_connected(request, run())
    return Response(answer.body, media_type="application/json", headers={"Cache-Control": "no-store"})


@router.post("/detail", operation_id="detail_rows", response_model=DetailOut)
async def detail(
    request: Request,
    dashboard_id: DashboardId,
    tile_id: TileId,
    body: DetailBody,
    found: ServicesDep,
    caller: CallerDep,
) -> Response:
    """Return the rows behind a click, by the tile's detail query."""
    asking = await ask(found, caller, dashboard_id, body.state())
    tile = tile_of(asking.dashboard, tile_id)
    work = detail_rows(
        asking,
        tile,
        body.dimensions,
        max_rows=body.max_rows,
        default_rows=found.settings.detail_max_rows,
    )
    rows = await while_connected(request, work)
    return Response(rows.body(), media_type="application/json", headers={"Cache-Control": "no-store"})
