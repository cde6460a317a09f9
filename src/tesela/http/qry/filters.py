"""/api/dashboards/{id}/filters/{name}/options: what a viewer may choose."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field

from tesela.features.filter_options import filter_options
from tesela.http.asking import ask
from tesela.http.deps import CallerDep, ServicesDep
from tesela.http.problems import PROBLEMS
from tesela.http.qry.shapes import DashboardId, ViewState
from tesela.http.web import Answer, StrictJsonRoute, while_connected

router = APIRouter(
    prefix="/api/dashboards/{dashboard_id}/filters",
    tags=["filters"],
    route_class=StrictJsonRoute,
    responses=PROBLEMS,
)


class OptionsBody(ViewState):
    """The state of the view, and what the viewer typed."""

    search: str | None = Field(None, max_length=200)


class OptionOut(Answer):
    value: Any
    label: str


class OptionsOut(Answer):
    options: list[OptionOut]
    has_more: bool


@router.post("/{name}/options", operation_id="get_filter_options")
async def options(
    request: Request,
    dashboard_id: DashboardId,
    name: str,
    body: OptionsBody,
    found: ServicesDep,
    caller: CallerDep,
) -> OptionsOut:
    """List the choices of a filter, narrowed by the filters it depends on; `search` finds those past the first 200."""
    asking = await ask(found, caller, dashboard_id, body.state())
    shown = await while_connected(request, filter_options(asking, name, body.search))
    return OptionsOut(
        options=[OptionOut(value=one["value"], label=one["label"]) for one in shown.options],
        has_more=shown.has_more,
    )
