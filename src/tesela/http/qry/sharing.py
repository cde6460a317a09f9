"""/api/dashboards/{id}/share, and /api/dashboards/shared/{token}: the public page, for anybody with its link.

The routes of the public page have nothing at hand that could run a query.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Cookie, Header, Path, Request, Response

from tesela.features import sharing
from tesela.features.public_pages import UNLOCKED_FOR, Encoded, Rendered
from tesela.features.publishing import PublicForm
from tesela.features.sharing import Link, Published, Terms
from tesela.features.snapshots import KEPT_SNAPSHOTS
from tesela.http.address import client_address
from tesela.http.deps import (
    AccessDep,
    CallerDep,
    CameraDep,
    EditorDep,
    PublicPagesDep,
    SettingsDep,
    StoreDep,
)
from tesela.http.problems import PROBLEMS, Problem
from tesela.http.public import PUBLIC_HEADERS, encoding_of
from tesela.http.qry.shapes import DashboardId, DashboardOut, TileData, dashboard_out
from tesela.http.web import Answer, Body, StrictJsonRoute, version_etag
from tesela.model.dashboard import Dashboard

router = APIRouter(
    prefix="/api/dashboards",
    tags=["sharing"],
    route_class=StrictJsonRoute,
    responses={**PROBLEMS, 429: {"model": Problem}},
)

COOKIE = "tesela_shared"
Token = Annotated[str, Path(description="Token of the link")]
Key = Annotated[str | None, Cookie(alias=COOKIE, description="What unlocking gave.")]
Password = Annotated[str | None, Header(alias="X-Share-Password", description="Instead of unlocking.")]


class ShareBody(Body):
    """A member that is not sent stays as it is. password: null takes it away."""

    is_public: bool
    expires_at: str | None = None
    expires_in_days: int | None = None
    password: str | None = None
    rotate: bool = False


class ShareOut(Answer):
    is_public: bool
    share_token: str | None
    share_url: str | None
    expires_at: dt.datetime | None
    has_password: bool


class UnlockBody(Body):
    password: str


class PublicDashboard(DashboardOut):
    """A dashboard as its link shows it. Described here, written from ready bytes.

    snapshot_id: of the data that belong to it.
    """

    user_id: None = None  # type: ignore[assignment]  # the same member, never filled
    snapshot_id: str


class PublicData(Answer):
    """The rows of a public page. stale: the snapshot has expired, and no newer one could be made."""

    id: str
    dashboard_id: str
    tile_data: dict[str, TileData]
    execution_time_ms: int
    trigger_type: str
    created_at: dt.datetime
    expires_at: dt.datetime
    stale: bool


@router.post("/{dashboard_id}/share", operation_id="share_dashboard")
async def share(
    response: Response, dashboard_id: DashboardId, body: ShareBody, editor: EditorDep, camera: CameraDep
) -> ShareOut:
    """Switch the public link on or off. Owner or admin. What is shared already keeps its token."""
    if not body.is_public:
        dashboard, link = await sharing.switch_off(editor, dashboard_id), Link()
    else:
        terms = Terms(
            frozenset(body.model_fields_set),
            sharing.moment(body.expires_at),
            body.expires_in_days,
            body.password,
            body.rotate,
        )
        dashboard, link = await sharing.switch_on(
            editor, camera.taker(editor.caller), dashboard_id, terms, keep=KEPT_SNAPSHOTS
        )
    return _share_out(response, dashboard, link)


@router.get("/{dashboard_id}/share", operation_id="get_share")
async def shared(
    response: Response, dashboard_id: DashboardId, store: StoreDep, access: AccessDep, caller: CallerDep
) -> ShareOut:
    """Return the public link and its terms. Owner or admin."""
    dashboard = await access.dashboard(caller, "share", dashboard_id)
    return _share_out(response, dashboard, await sharing.link_of(store, dashboard))


@router.get("/shared/{token}", operation_id="get_public_dashboard", response_model=PublicDashboard)
async def public_dashboard(
    request: Request,
    token: Token,
    pages: PublicPagesDep,
    settings: SettingsDep,
    key: Key = None,
    password: Password = None,
) -> Response:
    """Return the structure of a public page; the log-in is the link."""
    address = client_address(request.scope, settings.trusted_proxies)
    page = await pages.open(token, address, key=key, password=password)
    return _sent(request, page.structure)


@router.get("/shared/{token}/data", operation_id="get_public_data", response_model=PublicData)
async def public_data(
    request: Request,
    token: Token,
    pages: PublicPagesDep,
    settings: SettingsDep,
    key: Key = None,
    password: Password = None,
) -> Response:
    """Return the rows of a public page, as its latest snapshot holds them."""
    address = client_address(request.scope, settings.trusted_proxies)
    page = await pages.open(token, address, key=key, password=password)
    return _sent(request, page.data)


@router.post("/shared/{token}/unlock", status_code=204, operation_id="unlock_public_dashboard")
async def unlock(
    request: Request,
    response: Response,
    token: Token,
    body: UnlockBody,
    pages: PublicPagesDep,
    settings: SettingsDep,
) -> None:
    """Open a page that is protected by a password, for twelve hours, with a cookie."""
    address = client_address(request.scope, settings.trusted_proxies)
    key = await pages.unlock(token, address, body.password)
    is_secure = (settings.public_url or "").lower().startswith("https://")
    response.headers["Set-Cookie"] = _cookie(
        token, key, is_secure=is_secure, in_frames=bool(settings.embed_origins)
    )
    response.headers.update(PUBLIC_HEADERS)


def _share_out(response: Response, dashboard: Dashboard, link: Link) -> ShareOut:
    response.headers["ETag"] = version_etag(dashboard.version)
    response.headers["Cache-Control"] = "no-store"
    return ShareOut(
        is_public=dashboard.link,
        share_token=link.token,
        share_url=link.url,
        expires_at=link.expires_at,
        has_password=link.has_password,
    )


def render(found: Published, is_stale: bool) -> Rendered:
    """Return both bodies of a public page, from a snapshot."""
    return Rendered(_structure(found), _data(found, is_stale))


def _structure(found: Published) -> bytes:
    form = PublicForm.model_validate_json(found.contents.structure)
    dashboard = Dashboard(
        id=found.share.dashboard_id,
        tenant_id="",
        owner_id="",
        workspace_id=None,
        audience="private",
        link=True,
        is_archived=False,
        version=form.version,
        created_at=form.created_at,
        updated_at=form.updated_at,
        document=form.document,
    )
    shape = dashboard_out(
        dashboard,
        owner_name=form.owner_name,
        workspace_name=None,
        can_edit=False,
        can_own=False,
        usable=frozenset(),
    )
    members = shape.model_dump(mode="json", by_alias=True)
    return orjson.dumps(members | {"user_id": None, "snapshot_id": found.snapshot.id})


def _data(found: Published, is_stale: bool) -> bytes:
    snapshot = found.snapshot
    facts: dict[str, Any] = {
        "id": snapshot.id,
        "dashboard_id": snapshot.dashboard_id,
        "execution_time_ms": snapshot.execution_time_ms,
        "trigger_type": snapshot.trigger_type,
        "created_at": snapshot.created_at,
        "expires_at": snapshot.expires_at,
        "stale": is_stale,
    }
    head = orjson.dumps(facts, option=orjson.OPT_UTC_Z)
    return b"".join((head[:-1], b',"tile_data":', found.contents.tile_data, b"}"))


def _cookie(token: str, key: str, *, is_secure: bool, in_frames: bool) -> str:
    """Return the cookie that holds a key; inside a frame of another site browsers want it partitioned."""
    parts = [f"{COOKIE}={key}", f"Max-Age={int(UNLOCKED_FOR.total_seconds())}", "HttpOnly"]
    parts.append(f"Path=/api/dashboards/shared/{token}")
    if is_secure and in_frames:
        return "; ".join([*parts, "Secure", "SameSite=None", "Partitioned"])
    return "; ".join([*parts, "SameSite=Lax", *(["Secure"] if is_secure else [])])


def _sent(request: Request, body: Encoded) -> Response:
    headers = {**PUBLIC_HEADERS, "ETag": body.etag}
    if body.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    content, encoding = encoding_of(body, request.headers.get("accept-encoding", "").encode("latin-1"))
    if encoding is not None:
        headers["Content-Encoding"] = encoding.decode()
    return Response(content, media_type="application/json", headers=headers)
