"""/api/v1/bi/dashboards: dashboards as wholes, in the words of the BI API."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from tesela.errors import BadRequest
from tesela.features import checks, cloning, dashboards, people_sharing, templates
from tesela.features.dashboards import Wanted
from tesela.features.people_sharing import Visibility
from tesela.features.snapshots import KEPT_SNAPSHOTS
from tesela.http.bi.shapes import (
    BiDashboardCreate,
    BiDashboardItem,
    BiDashboardOut,
    BiDashboardUpdate,
    CloneBody,
    DashboardId,
    FromTemplate,
    Limit,
    Offset,
    item_out,
)
from tesela.http.bi.showing import shown
from tesela.http.bi.translate import dashboard_id_of, in_our_words, stored_filters_of
from tesela.http.deps import (
    AccessDep,
    CallerDep,
    CameraDep,
    CatalogsDep,
    ClockDep,
    EditorDep,
    SourcesDep,
    StoreDep,
)
from tesela.http.problems import PROBLEMS
from tesela.http.web import StrictJsonRoute, expected_version

router = APIRouter(
    prefix="/api/v1/bi/dashboards", tags=["bi-dashboards"], route_class=StrictJsonRoute, responses=PROBLEMS
)


@router.post("", status_code=201, operation_id="bi_create_dashboard")
async def create(
    request: Request, response: Response, body: BiDashboardCreate, editor: EditorDep, camera: CameraDep
) -> BiDashboardOut:
    """Make a dashboard with one empty page. Without a word on visibility it is private."""
    dashboard = await dashboards.create_dashboard(
        editor.store,
        editor.access,
        editor.caller,
        name=body.name,
        description=body.description,
        fields={"tags": body.tags, "filters": body.filters},
        clock=editor.clock,
    )
    if body.visibility not in (None, "private"):
        dashboard, _ = await people_sharing.share(
            editor, camera.taker(editor.caller), dashboard.id, keep=KEPT_SNAPSHOTS, visibility=body.visibility
        )
    return await shown(request, response, editor.caller, dashboard)


@router.get("", operation_id="bi_list_dashboards")
async def list_all(
    response: Response,
    store: StoreDep,
    access: AccessDep,
    caller: CallerDep,
    visibility: Visibility | None = None,
    tag: str | None = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> list[BiDashboardItem]:
    """List what the caller may see, the last changed first; `X-Total-Count` says how many there are in all."""
    if tag is not None and (len(tag) > checks.NAME_LENGTH or "\x00" in tag):
        raise BadRequest(f"tag must be text of at most {checks.NAME_LENGTH} characters")
    wanted = Wanted(
        audience="tenant" if visibility == "public" else visibility,
        link={"public": True, "tenant": False}.get(visibility or ""),
        tag=tag,
        limit=limit,
        offset=offset,
    )
    rows, total = await dashboards.list_dashboards(store, access, caller, wanted)
    response.headers["X-Total-Count"] = str(total)
    return [item_out(row, caller.tenant_id) for row in rows]


@router.post("/from-template", status_code=201, operation_id="bi_create_from_template")
async def create_from_template(
    request: Request,
    response: Response,
    body: FromTemplate,
    store: StoreDep,
    access: AccessDep,
    sources: SourcesDep,
    catalogs: CatalogsDep,
    caller: CallerDep,
    clock: ClockDep,
) -> BiDashboardOut:
    """Make a dashboard from a named template for a table of a datasource. Needs the right to use it."""
    wanted = templates.Wanted(body.template, body.datasource_id, body.name, body.parameters)
    dashboard = await templates.create_from_template(
        store, access, sources, catalogs, caller, wanted, clock=clock
    )
    return await shown(request, response, caller, dashboard)


@router.get("/{dashboard_id}", operation_id="bi_get_dashboard")
async def get(
    request: Request, response: Response, dashboard_id: DashboardId, access: AccessDep, caller: CallerDep
) -> BiDashboardOut:
    """Return the dashboard with its filters and widgets."""
    dashboard = await access.dashboard(caller, "view", dashboard_id_of(dashboard_id))
    return await shown(request, response, caller, dashboard)


@router.put("/{dashboard_id}", operation_id="bi_update_dashboard")
async def update(
    request: Request,
    response: Response,
    dashboard_id: DashboardId,
    body: BiDashboardUpdate,
    editor: EditorDep,
    camera: CameraDep,
) -> BiDashboardOut:
    """Change the members that are sent, all of them or none. Owner or admin."""
    id_ = dashboard_id_of(dashboard_id)
    current = await editor.access.dashboard(editor.caller, "own", id_)
    changes: dict[str, Any] = {
        name: getattr(body, name) for name in body.model_fields_set if name != "visibility"
    }
    if "filters" in changes:
        changes["filters"] = stored_filters_of(changes["filters"] or [], current.document.filters)
    with in_our_words():
        if body.visibility is None:
            dashboard = await dashboards.update_dashboard(editor, id_, changes, is_owner_only=True)
        else:
            checked = await dashboards.checked_update(editor, current, changes)
            dashboard, _ = await people_sharing.share(
                editor,
                camera.taker(editor.caller),
                id_,
                keep=KEPT_SNAPSHOTS,
                visibility=body.visibility,
                make=checked.make if changes else None,
            )
    return await shown(request, response, editor.caller, dashboard)


@router.delete("/{dashboard_id}", status_code=204, operation_id="bi_delete_dashboard")
async def delete(
    request: Request, dashboard_id: DashboardId, store: StoreDep, access: AccessDep, caller: CallerDep
) -> None:
    """Delete the dashboard with its widgets. Owner or admin."""
    version = expected_version(request)
    await dashboards.delete_dashboard(
        store, access, caller, dashboard_id_of(dashboard_id), expected_version=version
    )


@router.post("/{dashboard_id}/clone", status_code=201, operation_id="bi_clone_dashboard")
async def clone(
    request: Request,
    response: Response,
    dashboard_id: DashboardId,
    store: StoreDep,
    access: AccessDep,
    caller: CallerDep,
    clock: ClockDep,
    body: CloneBody | None = None,
) -> BiDashboardOut:
    """Copy the dashboard: private, the caller's own. Needs the right to use every datasource that it asks."""
    name = None if body is None else body.name
    made = await cloning.clone_dashboard(
        store, access, caller, dashboard_id_of(dashboard_id), name=name, clock=clock
    )
    return await shown(request, response, caller, made)
