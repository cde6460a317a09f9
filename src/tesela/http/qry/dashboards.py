"""/api/dashboards: dashboards as wholes."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from tesela.errors import BadRequest
from tesela.features import checks, dashboards
from tesela.features.dashboards import Wanted
from tesela.http.deps import AccessDep, CallerDep, ClockDep, EditorDep, StoreDep
from tesela.http.problems import PROBLEMS
from tesela.http.qry.shapes import (
    DashboardCreate,
    DashboardId,
    DashboardItem,
    DashboardOut,
    DashboardUpdate,
    LayoutBody,
    Limit,
    Offset,
    item_out,
)
from tesela.http.qry.showing import shown
from tesela.http.web import StrictJsonRoute, expected_version, version_etag
from tesela.model.dashboard import Layout

router = APIRouter(
    prefix="/api/dashboards", tags=["dashboards"], route_class=StrictJsonRoute, responses=PROBLEMS
)


@router.post("", status_code=201, operation_id="create_dashboard")
async def create(
    request: Request,
    response: Response,
    body: DashboardCreate,
    store: StoreDep,
    access: AccessDep,
    caller: CallerDep,
    clock: ClockDep,
) -> DashboardOut:
    """Make a dashboard with one empty page."""
    sent = _sent(body)
    dashboard = await dashboards.create_dashboard(
        store,
        access,
        caller,
        name=sent.pop("name", None),
        description=sent.pop("description", None),
        workspace_id=sent.pop("workspace_id", None),
        fields=sent,
        clock=clock,
    )
    return await shown(request, response, caller, dashboard)


@router.get("", operation_id="list_dashboards")
async def list_all(
    response: Response,
    store: StoreDep,
    access: AccessDep,
    caller: CallerDep,
    workspace_id: str | None = None,
    include_archived: bool = False,
    search: str | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> list[DashboardItem]:
    """List what the caller may see, the last changed first; `X-Total-Count` says how many there are in all."""
    if workspace_id is not None:
        workspace_id = checks.uuid_field(workspace_id, "workspace_id")
    if search is not None and (len(search) > checks.NAME_LENGTH or "\x00" in search):
        raise BadRequest(f"search must be text of at most {checks.NAME_LENGTH} characters")
    wanted = Wanted(workspace_id, include_archived, search, limit=limit, offset=offset)
    rows, total = await dashboards.list_dashboards(store, access, caller, wanted)
    response.headers["X-Total-Count"] = str(total)
    editable = await access.editable(caller, rows)
    return [item_out(row, can_edit=row.id in editable) for row in rows]


@router.get("/{dashboard_id}", operation_id="get_dashboard")
async def get(
    request: Request, response: Response, dashboard_id: DashboardId, access: AccessDep, caller: CallerDep
) -> DashboardOut:
    """Return the dashboard with its pages and tiles. SQL is null for who may neither edit nor use its source."""
    return await shown(request, response, caller, await access.dashboard(caller, "view", dashboard_id))


@router.put("/{dashboard_id}", operation_id="update_dashboard")
async def update(
    request: Request, response: Response, dashboard_id: DashboardId, body: DashboardUpdate, editor: EditorDep
) -> DashboardOut:
    """Change the members that are sent."""
    dashboard = await dashboards.update_dashboard(editor, dashboard_id, _sent(body))
    return await shown(request, response, editor.caller, dashboard)


@router.delete("/{dashboard_id}", status_code=204, operation_id="delete_dashboard")
async def delete(
    request: Request, dashboard_id: DashboardId, store: StoreDep, access: AccessDep, caller: CallerDep
) -> None:
    """Delete the dashboard with everything that belongs to it."""
    version = expected_version(request)
    await dashboards.delete_dashboard(store, access, caller, dashboard_id, expected_version=version)


@router.post("/{dashboard_id}/archive", status_code=204, operation_id="archive_dashboard")
async def archive(dashboard_id: DashboardId, editor: EditorDep, response: Response) -> None:
    """Leave the dashboard out of lists."""
    dashboard = await dashboards.archive_dashboard(editor, dashboard_id)
    response.headers["ETag"] = version_etag(dashboard.version)


def _sent(body: DashboardCreate) -> dict[str, Any]:
    """Return the members that the client sent, with the layout as our own type."""
    sent = {name: getattr(body, name) for name in body.model_fields_set}
    layout = sent.get("layout")
    if isinstance(layout, LayoutBody):
        sent["layout"] = Layout(columns=layout.columns, rowHeight=layout.rowHeight, gap=layout.gap)
    return sent
