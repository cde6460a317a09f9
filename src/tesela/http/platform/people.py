"""/api/users: the people of a tenant, for its admins."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter
from pydantic import Field

from tesela.features import people
from tesela.http.deps import AccessDep, CallerDep, ClockDep, SettingsDep, StoreDep
from tesela.http.web import Answer, Body, StrictJsonRoute
from tesela.model.caller import Role
from tesela.store import User

router = APIRouter(prefix="/api/users", tags=["users"], route_class=StrictJsonRoute)


class UserCreate(Body):
    email: str
    name: str | None = None
    role: str = "viewer"


class UserUpdate(Body):
    """Only what is sent is changed."""

    email: str | None = None
    name: str | None = None
    role: str | None = None
    is_active: bool | None = None
    attributes: dict[str, str | list[str]] | None = None


class TransferBody(Body):
    to: str = Field(min_length=1, max_length=100)
    """The id of the user who gets the dashboards."""


class UserOut(Answer):
    id: str
    email: str
    name: str
    role: Role
    is_active: bool
    has_password: bool
    attributes: dict[str, str | tuple[str, ...]]
    """What row policies and `${user.<attribute>}` read."""
    issuer: str | None
    """The outside issuer whose tokens speak for this user."""
    created_at: dt.datetime
    last_login_at: dt.datetime | None


class LinkOut(Answer):
    url: str


class TransferOut(Answer):
    transferred: int


@router.get("", operation_id="list_users")
async def list_all(store: StoreDep, access: AccessDep, caller: CallerDep) -> list[UserOut]:
    """List all users of the tenant by e-mail."""
    return [_out(user) for user in await people.users_of(store, access, caller)]


@router.post("", status_code=201, operation_id="create_user")
async def create(
    body: UserCreate, store: StoreDep, access: AccessDep, caller: CallerDep, clock: ClockDep
) -> UserOut:
    """Add a user; a login link lets them in."""
    made = await people.create_user(
        store, access, caller, clock, email=body.email, name=body.name, role=body.role
    )
    return _out(made)


@router.get("/{user_id}", operation_id="get_user")
async def get(user_id: str, store: StoreDep, access: AccessDep, caller: CallerDep) -> UserOut:
    """Return a user: any to an admin, oneself to everybody."""
    return _out(await people.get_user(store, access, caller, user_id))


@router.put("/{user_id}", operation_id="update_user")
async def update(
    user_id: str, body: UserUpdate, store: StoreDep, access: AccessDep, caller: CallerDep
) -> UserOut:
    """Change the members that are sent."""
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    return _out(await people.update_user(store, access, caller, user_id, changes))


@router.delete("/{user_id}", status_code=204, operation_id="delete_user")
async def delete(user_id: str, store: StoreDep, access: AccessDep, caller: CallerDep) -> None:
    """Delete a user who owns no dashboards."""
    await people.delete_user(store, access, caller, user_id)


@router.post("/{user_id}/transfer", operation_id="transfer_dashboards")
async def transfer(
    user_id: str, body: TransferBody, store: StoreDep, access: AccessDep, caller: CallerDep
) -> TransferOut:
    """Give all dashboards of a user to another one."""
    count = await people.transfer_dashboards(store, access, caller, user_id, to_user_id=body.to)
    return TransferOut(transferred=count)


@router.post("/{user_id}/link", operation_id="create_login_link")
async def link(
    user_id: str,
    store: StoreDep,
    access: AccessDep,
    caller: CallerDep,
    clock: ClockDep,
    settings: SettingsDep,
) -> LinkOut:
    """Make a login link for a user, good once."""
    token = await people.link_for(store, access, caller, clock, user_id, minutes=settings.login_link_minutes)
    return LinkOut(url=people.login_url(settings.base_url, token))


def _out(user: User) -> UserOut:
    return UserOut(
        id=user.id,
        email=user.email,
        name=user.name,
        role=user.role,
        is_active=user.is_active,
        has_password=user.has_password,
        attributes=dict(user.attributes),
        issuer=user.issuer,
        created_at=user.created_at,
        last_login_at=user.last_login_at,
    )
