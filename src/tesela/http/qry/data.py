"""/api/dashboards/{id}/data: the rows behind the tiles, as bytes that were encoded once.

What is in memory and fresh is answered even before these routes, by `http.cached`.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import orjson
from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from tesela.errors import BadRequest, TeselaError
from tesela.features import data, preview
from tesela.features.data import Asking, Selection
from tesela.features.tiles import tile_of
from tesela.features.viewing import AS_IT_OPENS
from tesela.http.asking import Refresh, View, answer_of_tile, answers_of_dashboard, ask, asking_of
from tesela.http.cached import send_assembled
from tesela.http.deps import CallerDep, Services, ServicesDep
from tesela.http.errors import body_of
from tesela.http.problems import PROBLEMS
from tesela.http.qry.shapes import (
    DashboardData,
    DashboardId,
    DataRequest,
    TileData,
    TileId,
    TilePreview,
)
from tesela.http.web import StrictJsonRoute, while_connected
from tesela.model.dashboard import Tile

__all__ = ["Refresh", "View", "ask", "asking_of", "one_tile", "router"]

router = APIRouter(
    prefix="/api/dashboards/{dashboard_id}", tags=["data"], route_class=StrictJsonRoute, responses=PROBLEMS
)


@router.get("/data", operation_id="get_dashboard_data", response_model=DashboardData)
async def dashboard_data(
    request: Request,
    dashboard_id: DashboardId,
    found: ServicesDep,
    caller: CallerDep,
    view: View = None,
    refresh: Refresh = False,
    page_id: str | None = None,
    tile_ids: str | None = None,
) -> Response:
    """Run every tile, or those of a page, or those named (ids with commas). A failing tile has its own error."""
    named = None if tile_ids is None else tuple(one for one in tile_ids.split(",") if one)
    asking = await ask(found, caller, dashboard_id, AS_IT_OPENS, force=refresh)
    return await _dashboard_data(request, found, asking, Selection(page_id, named), view)


@router.post("/data", operation_id="post_dashboard_data", response_model=DashboardData)
async def dashboard_data_in_state(
    request: Request,
    dashboard_id: DashboardId,
    body: DataRequest,
    found: ServicesDep,
    caller: CallerDep,
    view: View = None,
) -> Response:
    """Run the tiles in the state that the body describes."""
    asking = await ask(found, caller, dashboard_id, body.state(), force=body.refresh)
    return await _dashboard_data(request, found, asking, _selection(body), view)


@router.post("/data/stream", operation_id="stream_dashboard_data", response_class=StreamingResponse)
async def dashboard_data_stream(
    dashboard_id: DashboardId, body: DataRequest, found: ServicesDep, caller: CallerDep, view: View = None
) -> StreamingResponse:
    """Answer one tile a line as each is ready (NDJSON), then a line with `done`."""
    asking = await ask(found, caller, dashboard_id, body.state(), force=body.refresh)
    tiles = data.selected_tiles(asking.dashboard, _selection(body))

    async def lines() -> AsyncIterator[bytes]:
        started = time.monotonic()
        try:
            with found.views.entered(caller.user_id, view, asking.dashboard.id, None):
                async for answer in data.stream_tiles(asking, tiles):
                    yield answer.body + b"\n"
        except TeselaError as error:
            yield orjson.dumps({"done": False, **body_of(error)}) + b"\n"
            return
        took_ms = round((time.monotonic() - started) * 1000)
        yield orjson.dumps({"done": True, "tiles": len(tiles), "duration_ms": took_ms}) + b"\n"

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(lines(), media_type="application/x-ndjson", headers=headers)


@router.get("/tiles/{tile_id}/data", operation_id="get_tile_data", response_model=TileData)
async def tile_data(
    request: Request,
    dashboard_id: DashboardId,
    tile_id: TileId,
    found: ServicesDep,
    caller: CallerDep,
    view: View = None,
    refresh: Refresh = False,
) -> Response:
    """Run one tile."""
    asking = await ask(found, caller, dashboard_id, AS_IT_OPENS, force=refresh)
    return await one_tile(request, found, asking, tile_of(asking.dashboard, tile_id), view)


@router.post("/tiles/preview", operation_id="preview_tile", response_model=TileData)
async def preview_tile(
    request: Request, dashboard_id: DashboardId, body: TilePreview, found: ServicesDep, caller: CallerDep
) -> Response:
    """Run a tile that is not saved. Needs edit on the dashboard and use of the datasource."""
    dashboard = await found.access.dashboard(caller, "edit", dashboard_id)
    wanted = body.model_dump(by_alias=True)
    book = await found.definitions.of(caller.tenant_id)
    tile = await preview.unsaved_tile(found.access, caller, dashboard, wanted, found.clock, book)
    asking = asking_of(found, caller, dashboard, AS_IT_OPENS, force=True)
    work = data.run_tile(asking, tile)
    cancellable = found.queries.run(caller.user_id, tile.datasource_id or "", body.query_id, work)
    answer = await while_connected(request, cancellable)
    return Response(answer.body, media_type="application/json", headers={"Cache-Control": "no-store"})


async def one_tile(
    request: Request, found: Services, asking: Asking, tile: Tile, view: str | None
) -> Response:
    """Return one tile's answer as a response."""
    answer = await answer_of_tile(request, found, asking, tile, view)
    return send_assembled(request, answer.body, asking.dashboard, [answer])


async def _dashboard_data(
    request: Request, found: Services, asking: Asking, selection: Selection, view: str | None
) -> Response:
    answers = await answers_of_dashboard(request, found, asking, selection, view)
    bodies = [answer.body for answer in answers]
    body = data.dashboard_bytes(asking.dashboard, bodies, asking.viewing)
    return send_assembled(request, body, asking.dashboard, answers)


def _selection(body: DataRequest) -> Selection:
    if body.tile_ids is not None and len(body.tile_ids) > 500:
        raise BadRequest("tile_ids must name at most 500 tiles")
    return Selection(body.page_id, None if body.tile_ids is None else tuple(body.tile_ids))
