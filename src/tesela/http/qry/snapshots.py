"""/api/dashboards/{id}/snapshot(s): stored results, sent as bytes that were encoded once."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
from typing import Annotated, Any

import orjson
import zstandard
from fastapi import APIRouter, Path, Request, Response

from tesela.features import snapshots
from tesela.http.deps import AccessDep, CallerDep, CameraDep, StoreDep
from tesela.http.problems import PROBLEMS
from tesela.http.qry.shapes import DashboardId, Limit, Offset, TileData
from tesela.http.web import Answer, StrictJsonRoute
from tesela.model.snapshot import Contents, Snapshot

router = APIRouter(
    prefix="/api/dashboards/{dashboard_id}",
    tags=["snapshots"],
    route_class=StrictJsonRoute,
    responses=PROBLEMS,
)

COMPRESS_FROM_BYTES = 1_000
SnapshotId = Annotated[str, Path(description="UUID of the snapshot")]


class SnapshotItem(Answer):
    """A snapshot without its rows. revision: the version of the dashboard that it shows."""

    id: str
    dashboard_id: str
    execution_time_ms: int
    executed_by: str
    trigger_type: str
    created_at: dt.datetime
    expires_at: dt.datetime
    revision: int
    size_bytes: int


class SnapshotOut(Answer):
    """A snapshot with its rows. Described here, written from ready bytes."""

    id: str
    dashboard_id: str
    tile_data: dict[str, TileData]
    execution_time_ms: int
    executed_by: str
    trigger_type: str
    created_at: dt.datetime
    expires_at: dt.datetime
    revision: int


@router.post("/snapshot", status_code=201, operation_id="create_snapshot", response_model=SnapshotOut)
async def create(
    request: Request, dashboard_id: DashboardId, camera: CameraDep, caller: CallerDep
) -> Response:
    """Run every tile with the owner's rights and store what they bring. Needs edit."""
    snapshot, contents = await snapshots.create_snapshot(camera, caller, dashboard_id)
    return await _sent(request, snapshot, contents, status=201)


@router.get("/snapshot/latest", operation_id="get_latest_snapshot", response_model=SnapshotOut)
async def latest(
    request: Request, dashboard_id: DashboardId, store: StoreDep, access: AccessDep, caller: CallerDep
) -> Response:
    """Return the newest snapshot that has not expired, unless its rows are not those the caller would see."""
    snapshot, contents = await snapshots.latest_snapshot(store, access, caller, dashboard_id)
    return await _sent(request, snapshot, contents, status=200)


@router.get("/snapshots", operation_id="list_snapshots")
async def list_all(
    response: Response,
    dashboard_id: DashboardId,
    store: StoreDep,
    access: AccessDep,
    caller: CallerDep,
    limit: Limit = 50,
    offset: Offset = 0,
) -> list[SnapshotItem]:
    """List the dashboard's snapshots without their rows, the newest first. Needs edit."""
    found, total = await snapshots.list_snapshots(
        store, access, caller, dashboard_id, limit=limit, offset=offset
    )
    response.headers["X-Total-Count"] = str(total)
    return [
        SnapshotItem(**_facts(snapshot), revision=snapshot.revision, size_bytes=snapshot.size_bytes)
        for snapshot in found
    ]


@router.delete("/snapshots/{snapshot_id}", status_code=204, operation_id="delete_snapshot")
async def delete(
    dashboard_id: DashboardId, snapshot_id: SnapshotId, store: StoreDep, access: AccessDep, caller: CallerDep
) -> None:
    """Delete one snapshot. Needs edit; the only one of a shared dashboard stays (409)."""
    await snapshots.delete_snapshot(store, access, caller, dashboard_id, snapshot_id)


def _facts(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "id": snapshot.id,
        "dashboard_id": snapshot.dashboard_id,
        "execution_time_ms": snapshot.execution_time_ms,
        "executed_by": snapshot.executed_by,
        "trigger_type": snapshot.trigger_type,
        "created_at": snapshot.created_at,
        "expires_at": snapshot.expires_at,
    }


async def _sent(request: Request, snapshot: Snapshot, contents: Contents, *, status: int) -> Response:
    """Return the answer: its few facts, and the rows as they are stored."""
    etag = f'W/"{snapshot.sha256[:32]}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "Vary": "Authorization, Cookie, Accept-Encoding",
    }
    if request.method == "GET" and etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    head = orjson.dumps(_facts(snapshot) | {"revision": snapshot.revision}, option=orjson.OPT_UTC_Z)
    body = b"".join((head[:-1], b',"tile_data":', contents.tile_data, b"}"))
    accepts = request.headers.get("accept-encoding", "")
    if len(body) >= COMPRESS_FROM_BYTES and "zstd" in accepts:
        body, headers["Content-Encoding"] = await asyncio.to_thread(zstandard.compress, body, 1), "zstd"
    elif len(body) >= COMPRESS_FROM_BYTES and "gzip" in accepts:
        body, headers["Content-Encoding"] = await asyncio.to_thread(gzip.compress, body, 1, mtime=0), "gzip"
    return Response(body, status_code=status, media_type="application/json", headers=headers)
