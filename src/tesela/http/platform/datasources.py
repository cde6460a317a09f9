"""/api/datasources: databases, their schemas, and the editor's queries."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from tesela.errors import BadRequest, NotFound
from tesela.features import datasources
from tesela.features.datasources import Wanted
from tesela.http.deps import AccessDep, CallerDep, ClockDep, ServicesDep, StoreDep
from tesela.http.problems import PROBLEMS
from tesela.http.web import Answer, Body, StrictJsonRoute, expected_version, version_etag, while_connected
from tesela.model.caller import Caller
from tesela.model.catalog import Catalog
from tesela.model.datasource import Datasource
from tesela.model.result import Limits
from tesela.model.rows import rows_of
from tesela.running.runner import rows_bytes

router = APIRouter(
    prefix="/api/datasources", tags=["datasources"], route_class=StrictJsonRoute, responses=PROBLEMS
)


class DatasourceBody(Body):
    name: str | None = None
    type: str | None = None
    config: dict[str, Any] | None = None
    secrets: dict[str, Any] | None = None
    is_default: bool | None = None
    is_shared: bool | None = None

    def wanted(self) -> Wanted:
        return Wanted(self.name, self.type, self.config, self.secrets, self.is_default, self.is_shared)


class DatasourceOut(Answer):
    id: str
    name: str
    type: str
    config: dict[str, Any]
    is_default: bool
    is_shared: bool
    revision: int
    created_by: str | None
    created_at: dt.datetime
    updated_at: dt.datetime
    can_use: bool
    can_own: bool
    dashboard_count: int


class TestedOut(Answer):
    ok: bool
    message: str
    duration_ms: int


class ValuesOut(Answer):
    values: list[str]


class AdHocQuery(Body):
    sql: str
    catalog: str | None = None
    schema_: str | None = Field(None, alias="schema")
    max_rows: int | None = Field(None, ge=1)
    query_id: str | None = Field(None, max_length=100)


class QueryOut(Answer):
    """Described here, written from ready bytes."""

    columns: list[str]
    rows: list[dict[str, Any]]
    types: dict[str, str]
    row_count: int
    truncated: bool
    executed_at: dt.datetime
    duration_ms: int


@router.get("", operation_id="list_datasources")
async def list_all(found: ServicesDep, caller: CallerDep) -> list[DatasourceOut]:
    """List the datasources that the caller may use or own; admins see all."""
    return [await _out(found, caller, one) for one, _ in await found.access.datasources(caller)]


@router.post("", status_code=201, operation_id="create_datasource")
async def create(
    body: DatasourceBody,
    found: ServicesDep,
    store: StoreDep,
    access: AccessDep,
    caller: CallerDep,
    clock: ClockDep,
) -> DatasourceOut:
    """Add a datasource; its secrets are stored encrypted and never come back."""
    made = await datasources.create_datasource(store, access, caller, body.wanted(), clock=clock)
    return await _out(found, caller, made)


@router.post("/test", operation_id="test_new_datasource")
async def test_new(body: DatasourceBody, found: ServicesDep, caller: CallerDep, clock: ClockDep) -> TestedOut:
    """Try a datasource that is not stored yet."""
    wanted = body.wanted()
    named = wanted if wanted.name else Wanted("Test", *_rest(wanted))
    described = datasources.described(found.access, caller, named, clock=clock)
    tested = await datasources.test_datasource(found.sources, described)
    return TestedOut(ok=tested.ok, message=tested.message, duration_ms=tested.duration_ms)


@router.get("/{datasource_id}", operation_id="get_datasource")
async def get(response: Response, datasource_id: str, found: ServicesDep, caller: CallerDep) -> DatasourceOut:
    """Return a datasource without its secrets."""
    datasource = await found.access.datasource(caller, "see", datasource_id)
    response.headers["ETag"] = version_etag(datasource.revision)
    return await _out(found, caller, datasource)


@router.put("/{datasource_id}", operation_id="update_datasource")
async def update(
    request: Request,
    response: Response,
    datasource_id: str,
    body: DatasourceBody,
    found: ServicesDep,
    caller: CallerDep,
    clock: ClockDep,
) -> DatasourceOut:
    """Change what is sent; secrets that are not sent stay."""
    changed = await datasources.update_datasource(
        found.store,
        found.access,
        caller,
        datasource_id,
        body.wanted(),
        expected_revision=expected_version(request),
        clock=clock,
    )
    response.headers["ETag"] = version_etag(changed.revision)
    return await _out(found, caller, changed)


@router.delete("/{datasource_id}", status_code=204, operation_id="delete_datasource")
async def delete(datasource_id: str, found: ServicesDep, caller: CallerDep) -> None:
    """Delete a datasource that no dashboard uses."""
    await datasources.delete_datasource(found.store, found.access, caller, datasource_id, found.files)


@router.post("/{datasource_id}/test", operation_id="test_datasource")
async def test(datasource_id: str, found: ServicesDep, caller: CallerDep) -> TestedOut:
    """Try the stored datasource."""
    datasource = await found.access.datasource(caller, "use", datasource_id)
    source = await found.sources.get(caller.tenant_id, datasource.id)
    tested = await datasources.test_datasource(found.sources, source.datasource)
    return TestedOut(ok=tested.ok, message=tested.message, duration_ms=tested.duration_ms)


@router.get("/{datasource_id}/schema", operation_id="get_schema")
async def schema(datasource_id: str, found: ServicesDep, caller: CallerDep, refresh: bool = False) -> Catalog:
    """Return catalogs, schemas, tables and columns, from memory when it is recent."""
    datasource = await found.access.datasource(caller, "use", datasource_id)
    source = await found.sources.get(caller.tenant_id, datasource.id)
    return await datasources.schema_of(found.catalogs, caller, source, refresh=refresh)


@router.get("/{datasource_id}/schema/values", operation_id="get_sample_values")
async def values(
    datasource_id: str,
    found: ServicesDep,
    caller: CallerDep,
    table: str,
    column: str,
    catalog: str | None = None,
    schema: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> ValuesOut:
    """Return the most frequent values of a column."""
    datasource = await found.access.datasource(caller, "use", datasource_id)
    source = await found.sources.get(caller.tenant_id, datasource.id)
    question = await datasources.sample_question(
        found.catalogs,
        caller,
        source,
        catalog=catalog,
        schema=schema,
        table=table,
        column=column,
        count=limit,
    )
    result = await found.runner.fetch(question)
    return ValuesOut(values=[str(row["v"]) for row in rows_of(result).rows])


@router.post("/{datasource_id}/query", operation_id="run_query", response_model=QueryOut)
async def query(
    request: Request, datasource_id: str, body: AdHocQuery, found: ServicesDep, caller: CallerDep
) -> Response:
    """Run the editor's SQL; it stops when the client goes away or the query is cancelled by its id."""
    datasource = await found.access.datasource(caller, "use", datasource_id)
    source = await found.sources.get(caller.tenant_id, datasource.id)
    question = await datasources.ad_hoc_question(
        found.catalogs,
        caller,
        source,
        body.sql,
        catalog=body.catalog,
        schema=body.schema_,
        limits=_limits(found.defaults.limits, body.max_rows),
    )
    work = found.queries.run(caller.user_id, datasource.id, body.query_id, found.runner.fetch(question))
    result = await while_connected(request, work)
    return Response(rows_bytes(result), media_type="application/json", headers={"Cache-Control": "no-store"})


@router.delete("/{datasource_id}/query/{query_id}", status_code=204, operation_id="cancel_query")
async def cancel(datasource_id: str, query_id: str, found: ServicesDep, caller: CallerDep) -> None:
    """Stop a running query of the caller's own."""
    if not found.queries.cancel(caller.user_id, datasource_id, query_id):
        raise NotFound("No query with this id is running")


def _limits(limits: Limits, max_rows: int | None) -> Limits:
    if max_rows is None:
        return limits
    if max_rows > datasources.MAX_ROWS:
        raise BadRequest(f"max_rows must be at most {datasources.MAX_ROWS}")
    return Limits(max_rows, limits.max_bytes, limits.timeout_ms, limits.time_zone)


def _rest(wanted: Wanted) -> tuple[Any, ...]:
    return wanted.kind, wanted.config, wanted.secrets, wanted.is_default, wanted.is_shared


async def _out(found: ServicesDep, caller: Caller, one: Datasource) -> DatasourceOut:
    used_by = await found.store.read(lambda tx: tx.dashboards.using_datasource(caller.tenant_id, one.id))
    return DatasourceOut(
        id=one.id,
        name=one.name,
        type=one.kind,
        config=dict(one.config),
        is_default=one.is_default,
        is_shared=one.is_shared,
        revision=one.revision,
        created_by=one.created_by,
        created_at=one.created_at,
        updated_at=one.updated_at,
        can_use=await found.access.may_use(caller, one.id),
        can_own=await found.access.may_own_datasource(caller, one.id),
        dashboard_count=len(used_by),
    )
