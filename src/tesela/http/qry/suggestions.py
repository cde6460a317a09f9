"""/api/dashboards/{id}/tiles/suggest-chart: which charts suit rows."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import Field

from tesela.features.suggestions import suggested
from tesela.http.deps import CallerDep, ServicesDep
from tesela.http.problems import PROBLEMS
from tesela.http.qry.shapes import DashboardId
from tesela.http.web import Answer, Body, StrictJsonRoute

router = APIRouter(
    prefix="/api/dashboards/{dashboard_id}/tiles",
    tags=["sql assist"],
    route_class=StrictJsonRoute,
    responses=PROBLEMS,
)


class Shown(Body):
    """What a query answered, or a sample of it: as `data` and `types` of a tile."""

    columns: list[str] = Field(default_factory=list)
    types: dict[str, str] = Field(default_factory=dict)
    rows: list[dict[str, Any]] = Field(default_factory=list)


class SuggestedChart(Answer):
    tile_type: str
    chart_type: str | None
    chart_config: dict[str, Any]
    why: str


class SuggestedCharts(Answer):
    suggestions: list[SuggestedChart]


@router.post("/suggest-chart", operation_id="suggest_chart", response_model=SuggestedCharts)
async def suggest_chart(
    dashboard_id: DashboardId, body: Shown, found: ServicesDep, caller: CallerDep
) -> dict[str, Any]:
    """Return the charts that suit the rows, the best first. No database is asked."""
    await found.access.dashboard(caller, "edit", dashboard_id)
    return {"suggestions": suggested(body.columns, body.types, body.rows)}
