"""/api/v1/bi/metrics: named definitions, asked by name."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from tesela.errors import BadRequest
from tesela.features import checks, metric_files, metric_queries, metrics
from tesela.features.metric_queries import Asker, impact
from tesela.features.metrics import Desk, Draft, may_own, sees_sql
from tesela.http.bi.metric_shapes import (
    Applied,
    ApplyBody,
    ApplyOut,
    CompileBody,
    CompiledOut,
    DashboardUse,
    DryRun,
    LineageOut,
    MetricBody,
    MetricId,
    MetricOut,
    QueryBody,
    QueryRows,
    SavedMetric,
    metric_members,
    tile_use,
    used_by,
)
from tesela.http.bi.shapes import Limit, Offset
from tesela.http.deps import CallerDep, ServicesDep
from tesela.http.problems import PROBLEMS
from tesela.http.web import StrictJsonRoute, while_connected
from tesela.model.metric import Metric
from tesela.running.runner import rows_bytes

router = APIRouter(
    prefix="/api/v1/bi/metrics", tags=["bi-metrics"], route_class=StrictJsonRoute, responses=PROBLEMS
)


def desk(found: ServicesDep, caller: CallerDep) -> Desk:
    """Return who works on metrics, with what."""
    return Desk(
        found.store, found.access, found.definitions, found.sources, found.catalogs, caller, found.clock
    )


def asker(found: ServicesDep) -> Asker:
    """Return what asking needs."""
    return Asker(found.access, found.runner, found.catalogs, found.defaults, found.definitions, found.clock)


DeskDep = Annotated[Desk, Depends(desk)]
AskerDep = Annotated[Asker, Depends(asker)]


@router.get("", operation_id="bi_list_metrics")
async def list_all(
    response: Response,
    at: DeskDep,
    search: str | None = None,
    status: str | None = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> list[MetricOut]:
    """List the metrics by name; `X-Total-Count` says how many there are. Drafts are for owners and admins."""
    if search is not None and (len(search) > checks.NAME_LENGTH or "\x00" in search):
        raise BadRequest(f"search must be text of at most {checks.NAME_LENGTH} characters")
    found, total = await metrics.list_metrics(at, search=search, status=status, limit=limit, offset=offset)
    response.headers["X-Total-Count"] = str(total)
    return [MetricOut(**await _members(at, one)) for one in found]


@router.post("", status_code=201, operation_id="bi_create_metric")
async def create(body: MetricBody, at: DeskDep, asks: AskerDep, dry_run: DryRun = False) -> SavedMetric:
    """Define a metric; without a status it is a draft. Needs use of its datasource."""
    draft = await metrics.draft_metric(at, body.sent())
    return await _saved(at, asks, draft, dry_run=dry_run)


@router.get("/export", operation_id="bi_export_metrics", response_class=Response)
async def export(at: DeskDep) -> Response:
    """Write all metrics whose SQL the caller may see as a YAML file."""
    content = await metric_files.export_metrics(at)
    headers = {"Content-Disposition": 'attachment; filename="metrics.yaml"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/yaml", headers=headers)


@router.post("/apply", operation_id="bi_apply_metrics")
async def apply(body: ApplyBody, at: DeskDep, asks: AskerDep) -> ApplyOut:
    """Make or change many metrics at once, all or none: objects, or the text of a YAML file."""
    if (body.metrics is None) == (body.yaml is None):
        raise BadRequest("Send either metrics, a list, or yaml, the text of a file")
    items = body.metrics or []
    if body.yaml is not None:
        items = await asyncio.to_thread(metric_files.read_file, body.yaml.encode())
    drafts = await metric_files.apply_file(at, items)
    told = [
        Applied(
            name=draft.metric.name,
            action=draft.action,
            warnings=list(draft.warnings),
            used_by=[used_by(one) for one in await impact(asks, at, draft)] if draft.is_change else [],
        )
        for draft in drafts
    ]
    if not body.dry_run:
        await metrics.store_metrics(at, drafts)
    return ApplyOut(dry_run=body.dry_run, metrics=told)


@router.post("/query", operation_id="bi_query_metrics", response_model=QueryRows)
async def query(request: Request, body: QueryBody, at: DeskDep, asks: AskerDep) -> Response:
    """Ask metrics, outside of any dashboard, with the caller's rights."""
    work = metric_queries.run_query(
        asks, at.caller, body.query(), body.state(), time_zone=body.time_zone, max_rows=body.max_rows
    )
    answered, compiled = await while_connected(request, work)
    content = rows_bytes(answered.shelved.result, sql=compiled.sql, datasource_id=compiled.datasource_id)
    return Response(content, media_type="application/json", headers={"Cache-Control": "no-store"})


@router.post("/compile", operation_id="bi_compile_metrics")
async def compile_query(body: CompileBody, at: DeskDep, asks: AskerDep) -> CompiledOut:
    """Show the SQL of a query, and its columns, without asking the database."""
    found = await metric_queries.compile_query(asks, at.caller, body.query(), bounds=body.bounds)
    return CompiledOut(sql=found.sql, columns=list(found.columns), datasource_id=found.datasource_id)


@router.get("/{metric_id}", operation_id="bi_get_metric")
async def get(metric_id: MetricId, at: DeskDep) -> MetricOut:
    """Return a metric by its id or its name."""
    return MetricOut(**await _members(at, await metrics.get_metric(at, metric_id)))


@router.put("/{metric_id}", operation_id="bi_update_metric")
async def update(
    metric_id: MetricId,
    body: MetricBody,
    at: DeskDep,
    asks: AskerDep,
    dry_run: Annotated[bool, Query()] = False,
) -> SavedMetric:
    """Change the members that are sent, and say by how much the numbers of tiles move. Owner or admin."""
    before = await metrics.get_metric(at, metric_id)
    draft = await metrics.draft_metric(at, body.sent(), before)
    return await _saved(at, asks, draft, dry_run=dry_run)


@router.delete("/{metric_id}", status_code=204, operation_id="bi_delete_metric")
async def delete(metric_id: MetricId, at: DeskDep) -> None:
    """Delete a metric that nothing uses. Owner or admin."""
    await metrics.delete_metric(at, metric_id)


@router.get("/{metric_id}/lineage", operation_id="bi_metric_lineage")
async def lineage(metric_id: MetricId, at: DeskDep) -> LineageOut:
    """Say which dashboards, tiles and metrics use a metric, and what it is made of."""
    metric = await metrics.get_metric(at, metric_id)
    book = await at.book()
    names = book.built_on(frozenset((metric.name,)))
    uses = await metrics.uses_of(at, names)
    dashboards = {use.dashboard_id: use.dashboard_name for use in uses}
    above = [name for name in sorted(names - {metric.name}) if metrics.may_see(at.caller, book.metrics[name])]
    return LineageOut(
        datasource_id=metric.definition.datasource_id,
        formula_of=list(metric.definition.references),
        metrics=above,
        dashboards=[DashboardUse(id=id_, name=name) for id_, name in dashboards.items()],
        tiles=[tile_use(use) for use in uses],
    )


async def _saved(at: Desk, asks: Asker, draft: Draft, *, dry_run: bool) -> SavedMetric:
    moved = await impact(asks, at, draft) if draft.is_change else []
    metric = draft.metric if dry_run else await metrics.store_metric(at, draft)
    members = await _members(at, metric, shows_sql=True)
    return SavedMetric(**members, warnings=list(draft.warnings), used_by=[used_by(one) for one in moved])


async def _members(at: Desk, metric: Metric, *, shows_sql: bool | None = None) -> dict[str, Any]:
    sees = await sees_sql(at.access, at.caller, metric, await at.book()) if shows_sql is None else shows_sql
    return metric_members(metric, can_edit=may_own(at.caller, metric), shows_sql=sees)
