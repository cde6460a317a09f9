"""/api/dashboards/{id}/qa: questions about what the dashboard shows, answered from rows that are already there."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Request, Response
from pydantic import Field

from tesela.features.planning import planner
from tesela.features.qa import MAX_QUESTION, Looking, ask_dashboard
from tesela.features.viewing import view as view_of
from tesela.http.deps import CallerDep, ServicesDep
from tesela.http.languages import accepted
from tesela.http.problems import PROBLEMS
from tesela.http.qry.shapes import DashboardId, ViewState
from tesela.http.web import Answer, StrictJsonRoute, while_connected

router = APIRouter(
    prefix="/api/dashboards/{dashboard_id}",
    tags=["analytics"],
    route_class=StrictJsonRoute,
    responses=PROBLEMS,
)

Language = Literal["en", "es"]
AcceptLanguage = Annotated[str | None, Header(alias="Accept-Language", max_length=500)]


class QaBody(ViewState):
    """A question, in the state of the view. tile_focus: the tiles it is about; all of them without it."""

    question: str = Field(min_length=1, max_length=MAX_QUESTION)
    tile_focus: list[str] | None = Field(default=None, max_length=500)
    language: Language | None = None


class ReferenceOut(Answer):
    tile_id: str
    title: str
    why: str


class MissingOut(Answer):
    """Why there is no answer. suggestions: values or columns that may have been meant."""

    kind: str
    words: list[str]
    suggestions: list[str]


class QaOut(Answer):
    """Described here, written from ready bytes."""

    answer: str
    referenced_tiles: list[ReferenceOut]
    suggested_followups: list[str] = Field(description="Questions that the same rows answer.")
    answerable_from_visible: bool
    missing: MissingOut | None
    facts: list[dict[str, Any]] = Field(description="The figures of the answer, exact, as text.")
    rows_used: int
    language: Language
    by_model: bool = Field(description="A model read the question; the figures are computed either way.")
    model: str | None
    tokens: int
    notes: list[str]


@router.post("/qa", operation_id="ask_dashboard", response_model=QaOut)
async def ask(
    request: Request,
    dashboard_id: DashboardId,
    body: QaBody,
    found: ServicesDep,
    caller: CallerDep,
    accept_language: AcceptLanguage = None,
) -> Response:
    """Answer a question from the rows that the caller's tiles already hold. No query runs."""
    dashboard = await found.access.dashboard(caller, "ask", dashboard_id)
    state = body.state()
    looking = Looking(
        found.visible,
        found.store,
        found.access,
        found.defaults,
        caller,
        dashboard,
        view_of(dashboard, state, now=found.clock()),
        found.definitions,
        drill_path=state.drill_path,
        opens=not (state.filter_values or state.cross_filters or state.drill_path),
    )
    language = body.language or accepted(accept_language)
    by_model = planner(await found.models.of(caller))
    work = ask_dashboard(
        looking, body.question, tile_focus=body.tile_focus, language=language, planner=by_model
    )
    asked = await while_connected(request, work)
    headers = {"Cache-Control": "no-store", "Content-Language": language, "Vary": "Accept-Language"}
    return Response(asked.body(), media_type="application/json", headers=headers)
