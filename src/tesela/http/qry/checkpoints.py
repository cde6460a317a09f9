"""/api/dashboards/{id}/checkpoints: named states of a dashboard."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response

from tesela.features import checkpoints
from tesela.http.deps import AccessDep, CallerDep, EditorDep, StoreDep
from tesela.http.problems import PROBLEMS
from tesela.http.qry.shapes import DashboardId, Limit, Offset
from tesela.http.web import Answer, Body, StrictJsonRoute, version_etag
from tesela.model.dashboard import Checkpoint

router = APIRouter(
    prefix="/api/dashboards/{dashboard_id}/checkpoints",
    tags=["checkpoints"],
    route_class=StrictJsonRoute,
    responses=PROBLEMS,
)

CheckpointId = Annotated[str, Path(description="UUID of the checkpoint")]


class CheckpointBody(Body):
    name: str | None = None
    description: str | None = None


class CheckpointOut(Answer):
    """revision: the number of the revision that it names."""

    id: str
    dashboard_id: str
    name: str
    description: str | None
    revision: int
    created_by: str
    created_by_name: str
    created_at: dt.datetime


class Restored(Answer):
    status: Literal["restored"] = "restored"


@router.get("", operation_id="list_checkpoints")
async def list_all(
    response: Response,
    dashboard_id: DashboardId,
    store: StoreDep,
    access: AccessDep,
    caller: CallerDep,
    limit: Limit = 100,
    offset: Offset = 0,
) -> list[CheckpointOut]:
    """List the dashboard's checkpoints, the newest first. Owner or admin."""
    rows, total = await checkpoints.list_checkpoints(
        store, access, caller, dashboard_id, limit=limit, offset=offset
    )
    response.headers["X-Total-Count"] = str(total)
    return [_checkpoint_out(checkpoint, author_name) for checkpoint, author_name in rows]


@router.post("", status_code=201, operation_id="create_checkpoint")
async def create(dashboard_id: DashboardId, body: CheckpointBody, editor: EditorDep) -> CheckpointOut:
    """Give the dashboard's present state a name. Owner or admin."""
    checkpoint = await checkpoints.create_checkpoint(
        editor, dashboard_id, name=body.name, description=body.description
    )
    return _checkpoint_out(checkpoint, editor.caller.name)


@router.post("/{checkpoint_id}/restore", operation_id="restore_checkpoint")
async def restore(
    response: Response, dashboard_id: DashboardId, checkpoint_id: CheckpointId, editor: EditorDep
) -> Restored:
    """Put pages, tiles, filters and settings back as they were; the state before is kept as a revision."""
    dashboard = await checkpoints.restore_checkpoint(editor, dashboard_id, checkpoint_id)
    response.headers["ETag"] = version_etag(dashboard.version)
    return Restored()


@router.delete("/{checkpoint_id}", status_code=204, operation_id="delete_checkpoint")
async def delete(
    dashboard_id: DashboardId,
    checkpoint_id: CheckpointId,
    store: StoreDep,
    access: AccessDep,
    caller: CallerDep,
) -> None:
    """Delete the name; the state itself stays among the revisions. Owner or admin."""
    await checkpoints.delete_checkpoint(store, access, caller, dashboard_id, checkpoint_id)


def _checkpoint_out(checkpoint: Checkpoint, author_name: str) -> CheckpointOut:
    return CheckpointOut(
        id=checkpoint.id,
        dashboard_id=checkpoint.dashboard_id,
        name=checkpoint.name,
        description=checkpoint.description,
        revision=checkpoint.revision,
        created_by=checkpoint.created_by,
        created_by_name=author_name,
        created_at=checkpoint.created_at,
    )
