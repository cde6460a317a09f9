"""/api/v1/bi/dashboards/{id}/share: who of the tenant may see a dashboard, and whether anybody may."""

from __future__ import annotations

from fastapi import APIRouter, Response

from tesela.features import people_sharing
from tesela.features.people_sharing import Wish, visibility_of
from tesela.features.sharing import Link, link_of
from tesela.features.snapshots import KEPT_SNAPSHOTS
from tesela.http.bi import translate
from tesela.http.bi.shapes import BiShareBody, BiShareOut, DashboardId, SharedOut
from tesela.http.deps import AccessDep, CallerDep, CameraDep, EditorDep, StoreDep
from tesela.http.problems import PROBLEMS
from tesela.http.web import StrictJsonRoute, version_etag
from tesela.model.dashboard import Dashboard
from tesela.store import Store

router = APIRouter(
    prefix="/api/v1/bi/dashboards/{dashboard_id}/share",
    tags=["bi-sharing"],
    route_class=StrictJsonRoute,
    responses=PROBLEMS,
)


@router.post("", operation_id="bi_share_dashboard")
async def share(
    response: Response, dashboard_id: DashboardId, body: BiShareBody, editor: EditorDep, camera: CameraDep
) -> BiShareOut:
    """Say who may see the dashboard. `shared_with` replaces the list of people and teams. Owner or admin."""
    dashboard, link = await people_sharing.share(
        editor,
        camera.taker(editor.caller),
        translate.dashboard_id_of(dashboard_id),
        keep=KEPT_SNAPSHOTS,
        visibility=body.visibility,
        wishes=_wishes(body),
    )
    return await _share_out(response, editor.store, dashboard, link)


@router.get("", operation_id="bi_get_share")
async def shared(
    response: Response, dashboard_id: DashboardId, store: StoreDep, access: AccessDep, caller: CallerDep
) -> BiShareOut:
    """Return who may see the dashboard. Owner or admin."""
    dashboard = await access.dashboard(caller, "share", translate.dashboard_id_of(dashboard_id))
    return await _share_out(response, store, dashboard, await link_of(store, dashboard))


def _wishes(body: BiShareBody) -> list[Wish] | None:
    """Return whom the body names; ids alone are given `permissions`."""
    if body.shared_with is None:
        return None
    return [
        Wish(one, body.permissions)
        if isinstance(one, str)
        else Wish(one.id, one.permission or body.permissions)
        for one in body.shared_with
    ]


async def _share_out(response: Response, store: Store, dashboard: Dashboard, link: Link) -> BiShareOut:
    response.headers["ETag"] = version_etag(dashboard.version)
    response.headers["Cache-Control"] = "no-store"
    return BiShareOut(
        dashboard_id=translate.DASHBOARD + dashboard.id,
        visibility=visibility_of(dashboard.audience, link=dashboard.link),
        shared_with=[
            SharedOut(id=one.id, kind=one.kind, name=one.name, permission=one.permission)
            for one in await people_sharing.shared_with(store, dashboard)
        ],
        share_url=link.url,
    )
