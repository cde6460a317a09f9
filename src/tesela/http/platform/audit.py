"""/api/audit: who did what to what, when, from where, for the admins of a tenant."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from starlette.responses import StreamingResponse

from tesela.features import audit
from tesela.http.deps import CallerDep, ServicesDep
from tesela.http.downloads import attachment
from tesela.http.web import Answer, StrictJsonRoute
from tesela.store import AuditLine, AuditWanted

router = APIRouter(prefix="/api/audit", tags=["audit"], route_class=StrictJsonRoute)


class AuditOut(Answer):
    id: int
    at: dt.datetime
    user_id: str | None
    """Null for the server itself, and for somebody who is not known."""
    user_name: str | None
    """As it was then."""
    via: str
    """session, key or jwt; of a login password or link."""
    ip: str | None
    """Of an IPv6 address the half that a household shares."""
    action: str
    object_kind: str | None
    object_id: str | None
    object_name: str | None
    parent_id: str | None
    """Of what the object lies in, such as the dashboard of a tile."""
    details: dict[str, Any]


def wanted(
    since: Annotated[str | None, Query(alias="from")] = None,
    until: Annotated[str | None, Query(alias="to")] = None,
    user_id: str | None = None,
    action: str | None = None,
    object_id: str | None = None,
) -> AuditWanted:
    """Return which lines are asked for."""
    return audit.wanted_lines(since=since, until=until, user_id=user_id, action=action, object_id=object_id)


WantedDep = Annotated[AuditWanted, Depends(wanted)]


@router.get("", operation_id="list_audit")
async def list_all(
    response: Response,
    found: ServicesDep,
    caller: CallerDep,
    asked: WantedDep,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
) -> list[AuditOut]:
    """List what was done, the newest first; `X-Total-Count` says how many lines there are in all."""
    lines, total = await audit.list_lines(
        found.store, found.access, found.audit, caller, asked, limit=limit, offset=offset
    )
    response.headers["X-Total-Count"] = str(total)
    response.headers["Cache-Control"] = "no-store"
    return [_out(line) for line in lines]


@router.get("/export", operation_id="export_audit", response_class=Response)
async def export(found: ServicesDep, caller: CallerDep, asked: WantedDep) -> StreamingResponse:
    """Download the lines as CSV."""
    found.access.require_admin(caller)
    rows = audit.export_lines(found.store, found.audit, caller, asked)
    headers = {"Content-Disposition": attachment("audit", ".csv"), "Cache-Control": "no-store"}
    return StreamingResponse(rows, media_type=audit.MEDIA_TYPE, headers=headers)


def _out(line: AuditLine) -> AuditOut:
    return AuditOut(
        id=line.id,
        at=line.at,
        user_id=line.user_id,
        user_name=line.user_name,
        via=line.via,
        ip=line.ip,
        action=line.action,
        object_kind=line.object_kind,
        object_id=line.object_id,
        object_name=line.object_name,
        parent_id=line.parent_id,
        details=dict(line.details),
    )
