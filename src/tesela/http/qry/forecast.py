"""/api/dashboards/{id}/tiles/{tile}/forecast: a tile's series, continued."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import Field

from tesela.features.forecast import Asked
from tesela.features.tiles import tile_of
from tesela.http.deps import CallerDep, ServicesDep
from tesela.http.problems import PROBLEMS
from tesela.http.qry.data import ask
from tesela.http.qry.shapes import DashboardId, TileId, ViewState
from tesela.http.web import Answer, StrictJsonRoute, while_connected

router = APIRouter(
    prefix="/api/dashboards/{dashboard_id}/tiles/{tile_id}",
    tags=["ai"],
    route_class=StrictJsonRoute,
    responses=PROBLEMS,
)


class ForecastBody(ViewState):
    """How far, how sure, and which series first, in the state of the view."""

    horizon: int | None = Field(
        None, description="Periods, 1 to 366; absent: a season, or half of the history."
    )
    confidence_level: float = Field(0.95, description="Of the interval, from 0.5 to below 1.")
    series: str | None = Field(None, description="The series whose forecast stands at the top level.")


class ForecastQuality(Answer):
    """How the same method did on the end of the history; null where that could not be tested."""

    mase: float | None
    coverage: float | None
    origins: int
    beats_naive: bool | None
    typical_error: float | None


class ForecastNote(Answer):
    code: str
    text: str
    values: dict[str, Any]


class ForecastHistory(Answer):
    first: str | int
    last: str | int
    periods: int


class ForecastSeries(Answer):
    name: str | None
    x: list[str | int]
    y: list[float]
    lower: list[float]
    upper: list[float]
    granularity: str
    step: int
    model: dict[str, Any]
    quality: ForecastQuality
    notes: list[ForecastNote]
    history: ForecastHistory


class ForecastOut(ForecastSeries):
    """Described here, written from ready objects."""

    confidence_level: float
    executed_at: str
    series: list[ForecastSeries]
    filters_ignored: list[str]


@router.post("/forecast", operation_id="forecast_tile", response_model=ForecastOut)
async def forecast(
    request: Request,
    dashboard_id: DashboardId,
    tile_id: TileId,
    body: ForecastBody,
    found: ServicesDep,
    caller: CallerDep,
) -> Response:
    """Continue the series of a line, area or bar tile."""
    asking = await ask(found, caller, dashboard_id, body.state(), action="forecast")
    tile = tile_of(asking.dashboard, tile_id)
    asked = Asked(body.horizon, body.confidence_level, body.series)
    answer = await while_connected(request, found.forecaster.forecast(asking, tile, asked))
    return Response(
        orjson.dumps(answer), media_type="application/json", headers={"Cache-Control": "no-store"}
    )
