"""/api/auth: logging in and out, who I am, my password, my API keys."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Request, Response
from pydantic import Field

from tesela.errors import BadRequest, Forbidden, Unauthenticated
from tesela.features import audit, logins, people
from tesela.features.logins import Login
from tesela.http.address import client_address
from tesela.http.auth import COOKIE, Authenticator, token_of
from tesela.http.deps import (
    AuditDep,
    AuthenticatorDep,
    CallerDep,
    ClockDep,
    Services,
    ServicesDep,
    SettingsDep,
    StoreDep,
)
from tesela.http.web import Answer, Body, StrictJsonRoute
from tesela.model.caller import Role
from tesela.store import ApiKey, Store, Tenant, User

router = APIRouter(prefix="/api/auth", tags=["auth"], route_class=StrictJsonRoute)


class LoginBody(Body):
    """Either email and password, or the token of a login link."""

    email: str | None = Field(None, max_length=300)
    password: str | None = Field(None, max_length=1_000)
    link: str | None = Field(None, max_length=300)


class PasswordBody(Body):
    password: str = Field(max_length=1_000)
    current_password: str | None = Field(None, max_length=1_000)


class KeyBody(Body):
    name: str
    expires_in_days: int | None = Field(None, ge=1, le=3_650)


class Me(Answer):
    id: str
    email: str
    name: str
    role: Role
    tenant_id: str
    tenant_name: str
    has_password: bool
    attributes: dict[str, str | tuple[str, ...]]


class LoginOut(Answer):
    user: Me


class KeyOut(Answer):
    id: str
    name: str
    prefix: str
    """The first characters, to tell it by."""
    created_at: dt.datetime
    last_used_at: dt.datetime | None
    expires_at: dt.datetime | None


class NewKeyOut(KeyOut):
    key: str
    """Shown once."""


@router.post("/login", operation_id="log_in")
async def log_in(
    request: Request, response: Response, body: LoginBody, found: ServicesDep, authenticator: AuthenticatorDep
) -> LoginOut:
    """Open a session with e-mail and password, or with a login link, and set its cookie."""
    authenticator.refuse_cross_site(request.scope)
    if body.link is None and (body.email is None or body.password is None):
        raise BadRequest("Send email and password, or link")
    via, ip = "password" if body.link is None else "link", _address(request, found.settings.trusted_proxies)
    try:
        login = await _logged_in(found, authenticator, body)
    except Unauthenticated:
        await audit.note_failed_login(found.store, found.audit, body.email, via=via, ip=ip)
        raise
    found.audit.record(login.user, "log_in", via=via, ip=ip)
    _set_cookie(response, found.settings.public_url, login.token, found.settings.session_days * 86_400)
    response.headers["Cache-Control"] = "no-store"
    return LoginOut(user=me_out(login.user, await _tenant(found.store, login.user)))


@router.post("/logout", status_code=204, operation_id="log_out")
async def log_out(
    request: Request,
    response: Response,
    store: StoreDep,
    settings: SettingsDep,
    authenticator: AuthenticatorDep,
    log: AuditDep,
) -> None:
    """End the session of the cookie; without one, nothing happens."""
    authenticator.refuse_cross_site(request.scope)
    if (carried := token_of(request.scope)) is not None and carried[1] == "cookie":
        user = await logins.log_out(store, carried[0])
        if user is not None:
            log.record(user, "log_out", via="session", ip=_address(request, settings.trusted_proxies))
    _set_cookie(response, settings.public_url, "", 0)


@router.get("/me", operation_id="get_me")
async def get_me(response: Response, store: StoreDep, caller: CallerDep) -> Me:
    """Return who is asking."""
    response.headers["Cache-Control"] = "no-store"
    return me_out(*await people.myself(store, caller))


@router.put("/password", status_code=204, operation_id="set_password")
async def set_password(
    request: Request, body: PasswordBody, store: StoreDep, authenticator: AuthenticatorDep, caller: CallerDep
) -> None:
    """Set the caller's password, and end their other sessions."""
    carried = token_of(request.scope)
    await logins.set_password(
        store,
        authenticator.limiter,
        caller,
        password=body.password,
        current_password=body.current_password,
        session_token=carried[0] if carried is not None and carried[1] == "cookie" else None,
    )


@router.get("/keys", operation_id="list_api_keys")
async def list_keys(store: StoreDep, caller: CallerDep) -> list[KeyOut]:
    """List the caller's API keys."""
    return [_key_out(key) for key in await people.keys_of(store, caller)]


@router.post("/keys", status_code=201, operation_id="create_api_key")
async def create_key(
    response: Response, body: KeyBody, store: StoreDep, clock: ClockDep, caller: CallerDep
) -> NewKeyOut:
    """Make an API key with the caller's rights; its text is shown this once."""
    if caller.locked:
        raise Forbidden("A token that locks filters makes no keys: a key would not lock them")
    user, _ = await people.myself(store, caller)
    key, text = await people.create_api_key(
        store, clock, user, name=body.name, expires_in_days=body.expires_in_days
    )
    response.headers["Cache-Control"] = "no-store"
    return NewKeyOut(**_key_out(key).model_dump(), key=text)


@router.delete("/keys/{key_id}", status_code=204, operation_id="revoke_api_key")
async def revoke_key(key_id: str, store: StoreDep, caller: CallerDep) -> None:
    """Revoke one of the caller's API keys."""
    await people.revoke_key(store, caller, key_id)


def me_out(user: User, tenant: Tenant) -> Me:
    """Return what people are told about themselves."""
    return Me(
        id=user.id,
        email=user.email,
        name=user.name,
        role=user.role,
        tenant_id=tenant.id,
        tenant_name=tenant.name,
        has_password=user.has_password,
        attributes=dict(user.attributes),
    )


async def _logged_in(found: Services, authenticator: Authenticator, body: LoginBody) -> Login:
    days = found.settings.session_days
    if body.link is not None:
        return await logins.log_in_by_link(found.store, found.clock, body.link, session_days=days)
    return await logins.log_in(
        found.store,
        found.clock,
        authenticator.limiter,
        email=body.email or "",
        password=body.password or "",
        session_days=days,
    )


def _address(request: Request, trusted_proxies: str) -> str:
    return client_address(request.scope, trusted_proxies)


async def _tenant(store: Store, user: User) -> Tenant:
    found = await store.read(lambda tx: tx.tenants.get(user.tenant_id))
    assert found is not None  # noqa: S101  (a user's row refers to it)
    return found


def _set_cookie(response: Response, public_url: str | None, token: str, max_age_seconds: int) -> None:
    is_secure = (public_url or "").lower().startswith("https://")
    response.set_cookie(
        COOKIE, token, max_age=max_age_seconds, path="/", httponly=True, samesite="lax", secure=is_secure
    )


def _key_out(key: ApiKey) -> KeyOut:
    return KeyOut(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        created_at=key.created_at,
        last_used_at=key.last_used_at,
        expires_at=key.expires_at,
    )
