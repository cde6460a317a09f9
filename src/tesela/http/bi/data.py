"""/api/v1/bi/dashboards/{id}/data: the rows behind the widgets, around the bytes that were encoded once."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Request, Response

from tesela.features import data
from tesela.features.data import Asking, Selection, TileAnswer
from tesela.features.tiles import tile_of
from tesela.features.viewing import AS_IT_OPENS
from tesela.http.asking import Refresh, View, answer_of_tile, answers_of_dashboard, ask
from tesela.http.bi.shapes import BiDashboardData, BiDataRequest, DashboardId, WidgetData, WidgetId
from tesela.http.bi.translate import (
    DASHBOARD,
    WIDGET,
    dashboard_id_of,
    in_our_words,
    our_words,
    widget_id_of,
    widget_type_of,
)
from tesela.http.cached import send_assembled
from tesela.http.deps import CallerDep, Services, ServicesDep
from tesela.http.problems import PROBLEMS
from tesela.http.web import StrictJsonRoute
from tesela.model.dashboard import Tile

router = APIRouter(
    prefix="/api/v1/bi/dashboards/{dashboard_id}",
    tags=["bi-data"],
    route_class=StrictJsonRoute,
    responses=PROBLEMS,
)


@router.get("/data", operation_id="bi_get_dashboard_data", response_model=BiDashboardData)
async def dashboard_data(
    request: Request,
    dashboard_id: DashboardId,
    found: ServicesDep,
    caller: CallerDep,
    view: View = None,
    refresh: Refresh = False,
) -> Response:
    """Run every widget. A failing one has its own error."""
    asking = await ask(found, caller, dashboard_id_of(dashboard_id), AS_IT_OPENS, force=refresh)
    return await _dashboard_data(request, found, asking, Selection(), view)


@router.post("/data", operation_id="bi_post_dashboard_data", response_model=BiDashboardData)
async def dashboard_data_in_state(
    request: Request,
    dashboard_id: DashboardId,
    body: BiDataRequest,
    found: ServicesDep,
    caller: CallerDep,
    view: View = None,
) -> Response:
    """Run the widgets, or those of a page, or those named, in the state that the body describes."""
    with in_our_words():
        asking = await ask(found, caller, dashboard_id_of(dashboard_id), body.state(), force=body.refresh)
        ids = None if body.widget_ids is None else tuple(widget_id_of(one).lower() for one in body.widget_ids)
        return await _dashboard_data(request, found, asking, Selection(body.page_id, ids), view)


@router.get("/widgets/{widget_id}/data", operation_id="bi_get_widget_data", response_model=WidgetData)
async def widget_data(
    request: Request,
    dashboard_id: DashboardId,
    widget_id: WidgetId,
    found: ServicesDep,
    caller: CallerDep,
    view: View = None,
    refresh: Refresh = False,
) -> Response:
    """Run one widget."""
    asking = await ask(found, caller, dashboard_id_of(dashboard_id), AS_IT_OPENS, force=refresh)
    return await _widget_data(request, found, asking, widget_id, view)


@router.post("/widgets/{widget_id}/data", operation_id="bi_post_widget_data", response_model=WidgetData)
async def widget_data_in_state(
    request: Request,
    dashboard_id: DashboardId,
    widget_id: WidgetId,
    body: BiDataRequest,
    found: ServicesDep,
    caller: CallerDep,
    view: View = None,
) -> Response:
    """Run one widget in the state that the body describes."""
    with in_our_words():
        asking = await ask(found, caller, dashboard_id_of(dashboard_id), body.state(), force=body.refresh)
        return await _widget_data(request, found, asking, widget_id, view)


def widget_bytes(tile: Tile, answer: TileAnswer) -> bytes:
    """Return a tile's JSON object as its widget's: another head, and warnings by the names of a config."""
    known = {
        "id": WIDGET + tile.id,
        "name": tile.title,
        "widget_type": widget_type_of(tile.tile_type, tile.chart_type),
    }
    rest = answer.body.removeprefix(data.head_bytes(tile))
    rows, mark, tail = rest.rpartition(b',"warnings":')
    said = orjson.loads(b'{"warnings":' + tail)
    if said["warnings"]:
        said["warnings"] = [our_words(f"chart_config.{one}") for one in said["warnings"]]
        tail = orjson.dumps(said).removeprefix(b'{"warnings":')
    return b"".join((orjson.dumps(known)[:-1], b",", rows, mark, tail))


async def _dashboard_data(
    request: Request, found: Services, asking: Asking, selection: Selection, view: str | None
) -> Response:
    answers = await answers_of_dashboard(request, found, asking, selection, view)
    dashboard = asking.dashboard
    known = {
        "id": DASHBOARD + dashboard.id,
        "name": dashboard.document.name,
        "version": dashboard.version,
        "filters_ignored": asking.viewing.chosen.ignored,
    }
    bodies = [widget_bytes(tile_of(dashboard, answer.tile_id), answer) for answer in answers]
    body = b"".join((orjson.dumps(known)[:-1], b',"widgets":[', b",".join(bodies), b"]}"))
    return send_assembled(request, body, dashboard, answers)


async def _widget_data(
    request: Request, found: Services, asking: Asking, widget_id: str, view: str | None
) -> Response:
    with in_our_words():
        tile = tile_of(asking.dashboard, widget_id_of(widget_id))
    answer = await answer_of_tile(request, found, asking, tile, view)
    return send_assembled(request, widget_bytes(tile, answer), asking.dashboard, [answer])
