"""/api/workspaces: named places for dashboards."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter

from tesela.features import workspaces
from tesela.http.deps import AccessDep, CallerDep, ClockDep, StoreDep
from tesela.http.web import Answer, Body, StrictJsonRoute
from tesela.store import Workspace

router = APIRouter(prefix="/api/workspaces", tags=["workspaces"], route_class=StrictJsonRoute)


class WorkspaceCreate(Body):
    name: str
    description: str | None = None


class WorkspaceUpdate(Body):
    """Only what is sent is changed."""

    name: str | None = None
    description: str | None = None


class WorkspaceOut(Answer):
    id: str
    name: str
    description: str | None
    created_by: str | None
    created_at: dt.datetime
    updated_at: dt.datetime
    dashboard_count: int
    """Of those that the caller may see, archived ones apart."""


@router.get("", operation_id="list_workspaces")
async def list_all(store: StoreDep, access: AccessDep, caller: CallerDep) -> list[WorkspaceOut]:
    """List the tenant's workspaces by name."""
    return [_out(one, count) for one, count in await workspaces.list_workspaces(store, access, caller)]


@router.post("", status_code=201, operation_id="create_workspace")
async def create(
    body: WorkspaceCreate, store: StoreDep, access: AccessDep, caller: CallerDep, clock: ClockDep
) -> WorkspaceOut:
    """Add a workspace."""
    made = await workspaces.create_workspace(
        store, access, caller, clock, name=body.name, description=body.description
    )
    return _out(made, 0)


@router.get("/{workspace_id}", operation_id="get_workspace")
async def get(workspace_id: str, store: StoreDep, access: AccessDep, caller: CallerDep) -> WorkspaceOut:
    """Return a workspace."""
    return _out(*await workspaces.get_workspace(store, access, caller, workspace_id))


@router.put("/{workspace_id}", operation_id="update_workspace")
async def update(
    workspace_id: str,
    body: WorkspaceUpdate,
    store: StoreDep,
    access: AccessDep,
    caller: CallerDep,
    clock: ClockDep,
) -> WorkspaceOut:
    """Change the members that are sent."""
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    await workspaces.update_workspace(store, access, caller, clock, workspace_id, changes)
    return _out(*await workspaces.get_workspace(store, access, caller, workspace_id))


@router.delete("/{workspace_id}", status_code=204, operation_id="delete_workspace")
async def delete(workspace_id: str, store: StoreDep, access: AccessDep, caller: CallerDep) -> None:
    """Delete an empty workspace."""
    await workspaces.delete_workspace(store, access, caller, workspace_id)


def _out(workspace: Workspace, dashboard_count: int) -> WorkspaceOut:
    return WorkspaceOut(
        id=workspace.id,
        name=workspace.name,
        description=workspace.description,
        created_by=workspace.created_by,
        created_at=workspace.created_at,
        updated_at=workspace.updated_at,
        dashboard_count=dashboard_count,
    )
