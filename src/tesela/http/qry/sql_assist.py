"""/api/dashboards/{id}/tiles/{tile}/generate-sql: SQL from words, and from SQL."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field

from tesela.errors import BadRequest
from tesela.features import sql_assist
from tesela.features.sql_assist import KINDS, Wanted
from tesela.features.sql_writing import writer
from tesela.features.viewing import AS_IT_OPENS
from tesela.http.deps import CallerDep, ServicesDep
from tesela.http.problems import PROBLEMS
from tesela.http.qry.data import asking_of
from tesela.http.qry.shapes import DashboardId
from tesela.http.web import Answer, Body, StrictJsonRoute, while_connected

router = APIRouter(
    prefix="/api/dashboards/{dashboard_id}/tiles/{tile_id}",
    tags=["sql assist"],
    route_class=StrictJsonRoute,
    responses=PROBLEMS,
)

AnyTileId = Annotated[str, Path(description="UUID of a saved tile, or `new` with a datasource_id")]
Text = Annotated[str | None, Query(max_length=100_000)]


class GenerateSql(Body):
    """The same as the query parameters; where both are sent, the body counts."""

    prompt: str | None = None
    existing_query: str | None = None
    query_kind: str | None = None
    main_query: str | None = None
    datasource_id: str | None = None
    catalog: str | None = None
    schema_: str | None = Field(None, alias="schema")


class Level(Answer):
    field: str
    label: str


class GeneratedSql(Answer):
    """`sql` is empty when nothing could be written; `warnings` then says why. The others only where they apply."""

    sql: str
    made_by: str
    model: str | None = None
    tokens: int = 0
    suggested_levels: list[Level] = Field(default_factory=list)
    warnings: list[str] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list)


@router.post(
    "/generate-sql",
    operation_id="generate_sql",
    response_model=GeneratedSql,
    response_model_exclude_unset=True,
)
async def generate_sql(
    request: Request,
    dashboard_id: DashboardId,
    tile_id: AnyTileId,
    found: ServicesDep,
    caller: CallerDep,
    body: GenerateSql | None = None,
    prompt: Text = None,
    existing_query: Text = None,
    query_kind: Text = None,
    main_query: Text = None,
    datasource_id: Text = None,
    catalog: Text = None,
    schema: Text = None,
) -> dict[str, Any]:
    """Write or rewrite SQL: the tile's main query, its detail, comparison or drill, or an audit for cross-filters."""
    dashboard = await found.access.dashboard(caller, "edit", dashboard_id)
    sent = body or GenerateSql()
    wanted = _wanted(
        {
            "prompt": _first(sent.prompt, prompt),
            "existing_query": _first(sent.existing_query, existing_query),
            "query_kind": _first(sent.query_kind, query_kind),
            "main_query": _first(sent.main_query, main_query),
            "datasource_id": _first(sent.datasource_id, datasource_id),
            "catalog": _first(sent.catalog, catalog),
            "schema": _first(sent.schema_, schema),
        }
    )
    tile = await sql_assist.tile_to_write(found.access, caller, dashboard, tile_id, wanted, found.clock)
    asking = asking_of(found, caller, dashboard, AS_IT_OPENS, force=False)
    by_model = writer(await found.models.of(caller))
    made = await while_connected(request, sql_assist.generate(asking, tile, wanted, by_model))
    return made.body()


def _first(sent: str | None, otherwise: str | None) -> str | None:
    return otherwise if sent is None else sent


def _wanted(given: dict[str, str | None]) -> Wanted:
    """Return what is asked for. Raises BadRequest naming the parameter."""
    prompt = given["prompt"]
    if prompt is None:
        raise BadRequest("prompt is required: say in words what the query should show")
    kind = given["query_kind"] or "main"
    chosen = next((one for one in KINDS if one == kind), None)
    if chosen is None:
        raise BadRequest(f"query_kind must be one of {', '.join(KINDS)}")
    return Wanted(
        prompt=prompt,
        kind=chosen,
        existing_query=given["existing_query"] or "",
        main_query=given["main_query"] or "",
        datasource_id=given["datasource_id"] or None,
        catalog=given["catalog"] or None,
        schema=given["schema"] or None,
    )
