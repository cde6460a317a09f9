"""/api/dashboards/{id}/revisions: what a dashboard was, what changed, and back again."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from tesela.features import revisions
from tesela.http.deps import AccessDep, CallerDep, EditorDep, StoreDep
from tesela.http.problems import PROBLEMS
from tesela.http.qry.shapes import (
    DashboardId,
    DashboardOut,
    Limit,
    Offset,
    RevisionOut,
    revision_out,
)
from tesela.http.qry.showing import shown
from tesela.http.web import Answer, StrictJsonRoute
from tesela.model.differences import Difference

router = APIRouter(
    prefix="/api/dashboards/{dashboard_id}/revisions",
    tags=["revisions"],
    route_class=StrictJsonRoute,
    responses=PROBLEMS,
)

Number = Annotated[str, Path(description="Number of the revision: the version of the dashboard that it made")]
VersionNumber = Annotated[int, Query(ge=1, le=2**53)]


class RevisionWhole(Answer):
    """A revision with the dashboard as it was then. Owner, sharing and rights are today's."""

    number: int
    parent: int | None
    author_id: str
    created_at: dt.datetime
    sentence: str
    sha256: str
    dashboard: DashboardOut


class MemberOut(Answer):
    """One member that changed. name: with dots inside an object; before, after: null where it is not there."""

    name: str
    before: Any
    after: Any


class DifferenceOut(Answer):
    """id: of the page or tile, else the name of the filter or setting."""

    id: str
    name: str
    change: str
    sentence: str
    members: list[MemberOut]


class Comparison(Answer):
    from_: int = Field(alias="from")
    to: int
    sentences: list[str]
    pages: list[DifferenceOut]
    tiles: list[DifferenceOut]
    filters: list[DifferenceOut]
    settings: list[DifferenceOut]


@router.get("", operation_id="list_revisions")
async def list_all(
    response: Response,
    dashboard_id: DashboardId,
    store: StoreDep,
    access: AccessDep,
    caller: CallerDep,
    limit: Limit = 50,
    offset: Offset = 0,
) -> list[RevisionOut]:
    """List what changed, when and by whom, the newest first."""
    rows, total = await revisions.list_revisions(
        store, access, caller, dashboard_id, limit=limit, offset=offset
    )
    response.headers["X-Total-Count"] = str(total)
    return [revision_out(revision, author_name) for revision, author_name in rows]


@router.get("/compare", operation_id="compare_revisions")
async def compare(
    dashboard_id: DashboardId,
    store: StoreDep,
    access: AccessDep,
    caller: CallerDep,
    from_: Annotated[VersionNumber, Query(alias="from")],
    to: VersionNumber | None = None,
) -> Comparison:
    """Say what differs between two revisions, by page, tile, filter and setting; `to` is the latest unless sent."""
    first, last, found = await revisions.compare_revisions(
        store, access, caller, dashboard_id, from_number=from_, to_number=to
    )
    return Comparison(
        from_=first,
        to=last,
        sentences=[one.sentence for one in found],
        pages=[_difference_out(one) for one in found if one.kind == "page"],
        tiles=[_difference_out(one) for one in found if one.kind == "tile"],
        filters=[_difference_out(one) for one in found if one.kind == "filter"],
        settings=[_difference_out(one) for one in found if one.kind == "setting"],
    )


@router.get("/{number}", operation_id="get_revision")
async def get(
    request: Request,
    response: Response,
    dashboard_id: DashboardId,
    number: Number,
    store: StoreDep,
    access: AccessDep,
    caller: CallerDep,
) -> RevisionWhole:
    """Return one revision with the whole dashboard as it was then."""
    revision, dashboard = await revisions.get_revision(store, access, caller, dashboard_id, number)
    return RevisionWhole(
        number=revision.number,
        parent=revision.parent,
        author_id=revision.author_id,
        created_at=revision.created_at,
        sentence=revision.sentence,
        sha256=revision.sha256,
        dashboard=await shown(request, response, caller, dashboard),
    )


@router.post("/{number}/restore", operation_id="restore_revision")
async def restore(
    request: Request, response: Response, dashboard_id: DashboardId, number: Number, editor: EditorDep
) -> DashboardOut:
    """Make the dashboard what it was then, as a new revision. Sharing and snapshots stay."""
    dashboard = await revisions.restore_revision(editor, dashboard_id, number)
    return await shown(request, response, editor.caller, dashboard)


def _difference_out(one: Difference) -> DifferenceOut:
    members = [
        MemberOut(name=member.name, before=member.before, after=member.after) for member in one.members
    ]
    return DifferenceOut(id=one.id, name=one.name, change=one.change, sentence=one.sentence, members=members)
