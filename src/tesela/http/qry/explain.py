"""/api/dashboards/{id}/tiles/{tile}/explain: what a tile shows, in words."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Request, Response
from pydantic import Field

from tesela.features.explain import explain_tile
from tesela.features.rewording import reworder
from tesela.features.tiles import tile_of
from tesela.http.deps import CallerDep, ServicesDep
from tesela.http.languages import accepted
from tesela.http.problems import PROBLEMS, Problem
from tesela.http.qry.data import ask
from tesela.http.qry.shapes import DashboardId, TileId, ViewState
from tesela.http.web import Answer, StrictJsonRoute, while_connected

router = APIRouter(
    prefix="/api/dashboards/{dashboard_id}/tiles/{tile_id}",
    tags=["analytics"],
    route_class=StrictJsonRoute,
    responses=PROBLEMS | {422: {"model": Problem}},
)

Language = Literal["en", "es"]
AcceptLanguage = Annotated[str | None, Header(alias="Accept-Language", max_length=500)]


class ExplainBody(ViewState):
    """The state of the view, and the language; without one, the best of Accept-Language, else English."""

    language: Language | None = None


class MarkOut(Answer):
    """A point that a fact is about, with the values that the rows hold."""

    x: Any = Field(description="The value on the x axis, or the name of the member.")
    series: Any = Field(description="The value of the series; null where there is one only.")
    kind: str


class NumberOut(Answer):
    """value: unrounded; percentages as such. shown: as the sentence writes it."""

    name: str
    value: float
    shown: str


class FactOut(Answer):
    kind: str
    sentence: str
    numbers: list[NumberOut]
    entities: list[str]
    importance: float
    marks: list[MarkOut]


class ExplainOut(Answer):
    """Described here, written from ready bytes."""

    summary: str
    highlights: list[str]
    facts: list[FactOut]
    marks: list[MarkOut]
    language: Language
    model: str | None
    tokens: int
    notes: list[str]
    filters_ignored: list[str]


@router.post("/explain", operation_id="explain_tile", response_model=ExplainOut)
async def explain(
    request: Request,
    dashboard_id: DashboardId,
    tile_id: TileId,
    found: ServicesDep,
    caller: CallerDep,
    body: ExplainBody | None = None,
    accept_language: AcceptLanguage = None,
) -> Response:
    """Say what the tile shows, in the state of the view: a summary, and the facts it rests on."""
    wanted = body or ExplainBody()
    asking = await ask(found, caller, dashboard_id, wanted.state(), action="explain")
    tile = tile_of(asking.dashboard, tile_id)
    language = wanted.language or accepted(accept_language)
    reword = reworder(await found.models.of(caller))
    work = explain_tile(asking, tile, language=language, now=found.clock(), reword=reword)
    explained = await while_connected(request, work)
    headers = {"Cache-Control": "no-store", "Content-Language": language, "Vary": "Accept-Language"}
    return Response(explained.body(), media_type="application/json", headers=headers)
