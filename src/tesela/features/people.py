"""People: who there is, and what an admin may do about it. Logging in is in `logins`."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from tesela.errors import BadRequest, Conflict, NotFound, Unauthenticated
from tesela.features import checks
from tesela.features.access import Access
from tesela.features.issuers import Identity
from tesela.features.tokens import API_KEY, LOGIN_LINK, PREFIX_LENGTH, hash_of, new_token
from tesela.model.caller import Caller, Role
from tesela.model.policy import Attribute
from tesela.store import ApiKey, Store, Tenant, Tx, User

Clock = Callable[[], dt.datetime]

DEFAULT_TENANT = "default"
FIRST_ADMIN = "admin@localhost"
LINK_MINUTES = 15
EMAIL_LENGTH = 254
MAX_ATTRIBUTES = 100
_ATTRIBUTE = re.compile(r"[\w-]{1,64}")
MISSING = "User not found"
SUSPENDED = "This tenant is suspended: ask whoever runs this server"
_ID = re.compile(r"[\x21-\x7e]{1,100}")
LAST_ADMIN = "This is the last admin: make another user an admin first"
_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+")


async def ensure_first_admin(store: Store, clock: Clock) -> User:
    """Make the default tenant and its first admin where they are missing, and return an admin of it.

    Safe when several servers start at once.
    """
    for is_last in (False, True):
        try:
            return await store.write(lambda tx: _first_admin(tx, clock()))
        except Conflict:
            if is_last:
                raise
    raise AssertionError("the second attempt returns or raises")


async def add_user(
    store: Store,
    clock: Clock,
    *,
    email: str,
    role: Role = "viewer",
    name: str | None = None,
    tenant: str = DEFAULT_TENANT,
) -> User:
    """Return a new user of the tenant with this name, which is made when it is new.

    Raises BadRequest; Conflict when the address is taken.
    """
    checked = checked_email(email)
    user = new_user("", checked, role=checked_role(role), name=name, now=clock())
    tenant_name = checks.name(tenant, "tenant")

    def write(tx: Tx) -> User:
        found = tx.tenants.named(tenant_name) or tx.tenants.add(new_tenant(tenant_name, clock()))
        return tx.users.add(replace(user, tenant_id=found.id))

    return await store.write(write)


async def list_users(store: Store, tenant: str | None = None) -> list[tuple[User, str]]:
    """Return users with their tenants' names: of one tenant by its name, or of all. Raises NotFound."""

    def read(tx: Tx) -> list[tuple[User, str]]:
        tenants = tx.tenants.list()
        if tenant is not None:
            tenants = [one for one in tenants if one.name == tenant]
            if not tenants:
                raise NotFound(f"There is no tenant named {tenant}")
        return [(user, one.name) for one in tenants for user in tx.users.list(one.id)]

    return await store.read(read)


async def find_user(store: Store, email: str, tenant: str | None = None) -> User:
    """Return the active user with this address. Raises NotFound; BadRequest when several tenants have one."""

    def read(tx: Tx) -> list[User]:
        found = tx.users.of_email_in_all_tenants(email)
        if tenant is None:
            return found
        named = tx.tenants.named(tenant)
        return [user for user in found if named is not None and user.tenant_id == named.id]

    found = await store.read(read)
    if not found:
        raise NotFound(f"There is no active user with the e-mail {email}")
    if len(found) > 1:
        raise BadRequest(f"Several tenants have a user {email}: name the tenant")
    return found[0]


async def make_login_link(store: Store, clock: Clock, user: User, *, minutes: int = LINK_MINUTES) -> str:
    """Return the token of a link that logs the user in, once."""
    token = new_token(LOGIN_LINK)
    expires_at = clock() + dt.timedelta(minutes=minutes)
    await store.write(lambda tx: tx.login_links.add(hash_of(token), user.id, expires_at=expires_at))
    return token


def login_url(base_url: str, token: str) -> str:
    """Return the address of a login link.

    >>> login_url("https://bi.example.org", "tlk_abc")
    'https://bi.example.org/login?link=tlk_abc'
    """
    return f"{base_url.rstrip('/')}/login?link={token}"


async def create_api_key(
    store: Store, clock: Clock, user: User, *, name: str = "API key", expires_in_days: int | None = None
) -> tuple[ApiKey, str]:
    """Return a new API key of the user, and its text, which is not stored. Raises BadRequest."""
    token, now = new_token(API_KEY), clock()
    key = ApiKey(
        id=str(uuid.uuid4()),
        user_id=user.id,
        name=checks.name(name, "name"),
        prefix=token[:PREFIX_LENGTH],
        created_at=now,
        expires_at=None if expires_in_days is None else now + dt.timedelta(days=expires_in_days),
    )
    await store.write(lambda tx: tx.api_keys.add(user, key, hash_of(token)))
    return key, token


async def myself(store: Store, caller: Caller) -> tuple[User, Tenant]:
    """Return the caller's own account and tenant. Raises NotFound when it was removed meanwhile."""

    def read(tx: Tx) -> tuple[User | None, Tenant | None]:
        return tx.users.get(caller.tenant_id, caller.user_id), tx.tenants.get(caller.tenant_id)

    user, tenant = await store.read(read)
    if user is None or tenant is None:
        raise NotFound(MISSING)
    return user, tenant


async def users_of(store: Store, access: Access, caller: Caller) -> list[User]:
    """Return all users of the caller's tenant, for its admins."""
    access.require_admin(caller)
    return await store.read(lambda tx: tx.users.list(caller.tenant_id))


async def get_user(store: Store, access: Access, caller: Caller, user_id: str) -> User:
    """Return a user of the tenant, for its admins and for the user. Raises Forbidden, NotFound."""
    if caller.user_id != user_id:
        access.require_admin(caller)
    return await store.read(lambda tx: _user(tx, caller.tenant_id, user_id))


async def create_user(
    store: Store, access: Access, caller: Caller, clock: Clock, *, email: str, name: str | None, role: str
) -> User:
    """Return a new user of the caller's tenant. Raises Forbidden, BadRequest, Conflict."""
    access.require_admin(caller)
    user = new_user(caller.tenant_id, checked_email(email), role=checked_role(role), name=name, now=clock())
    return await store.write(lambda tx: tx.users.add(user))


async def update_user(
    store: Store, access: Access, caller: Caller, user_id: str, changes: Mapping[str, Any]
) -> User:
    """Return the user with `changes` (email, name, role, is_active) made.

    Raises Forbidden, BadRequest, NotFound; Conflict for a taken address and for the last admin.
    """
    access.require_admin(caller)
    wanted = _checked_changes(changes)

    def write(tx: Tx) -> User:
        before = _user(tx, caller.tenant_id, user_id)
        after = replace(before, **wanted)
        if _is_admin(before) and not _is_admin(after):
            _keep_an_admin(tx, caller.tenant_id)
        if before.is_active and not after.is_active:
            tx.sessions.end_all(before)
            tx.login_links.end_all(before)
        return tx.users.save(after)

    return await store.write(write)


async def delete_user(store: Store, access: Access, caller: Caller, user_id: str) -> None:
    """Remove a user. Raises Forbidden, NotFound; Conflict for the last admin and who owns dashboards."""
    access.require_admin(caller)

    def write(tx: Tx) -> None:
        user = _user(tx, caller.tenant_id, user_id)
        if _is_admin(user):
            _keep_an_admin(tx, caller.tenant_id)
        tx.users.delete(caller.tenant_id, user_id)

    await store.write(write)


async def transfer_dashboards(
    store: Store, access: Access, caller: Caller, user_id: str, *, to_user_id: str
) -> int:
    """Give all dashboards of a user to another one, and return how many.

    Raises Forbidden, NotFound, BadRequest.
    """
    access.require_admin(caller)

    def write(tx: Tx) -> int:
        giver = _user(tx, caller.tenant_id, user_id)
        taker = tx.users.get(caller.tenant_id, to_user_id) if _ID.fullmatch(to_user_id) else None
        if taker is None or not taker.is_active:
            raise BadRequest("to: there is no active user with this id")
        if taker.id == giver.id:
            raise BadRequest("to must be another user")
        if taker.role == "viewer":
            raise BadRequest("to: a viewer cannot own dashboards, make them an editor first")
        return tx.dashboards.transfer(
            caller.tenant_id,
            from_user=giver.id,
            to_user=taker.id,
            author_id=caller.user_id,
            sentence=f"Transferred the dashboard to {taker.name}",
        )

    return await store.write(write)


async def link_for(
    store: Store, access: Access, caller: Caller, clock: Clock, user_id: str, *, minutes: int
) -> str:
    """Return the token of a login link for a user, made by an admin. Raises Forbidden, NotFound, Conflict."""
    access.require_admin(caller)
    user = await get_user(store, access, caller, user_id)
    if not user.is_active:
        raise Conflict("This user is not active: activate them first")
    if user.issuer is not None:
        raise Conflict("This user comes in by an outside issuer and needs no link")
    return await make_login_link(store, clock, user, minutes=minutes)


async def keys_of(store: Store, caller: Caller) -> list[ApiKey]:
    """Return the caller's own API keys."""
    return await store.read(lambda tx: tx.api_keys.list(caller.user_id))


async def revoke_key(store: Store, caller: Caller, key_id: str) -> None:
    """Revoke one of the caller's own API keys. Raises NotFound."""

    def write(tx: Tx) -> bool:
        return tx.api_keys.revoke(_user(tx, caller.tenant_id, caller.user_id), key_id)

    if not _ID.fullmatch(key_id) or not await store.write(write):
        raise NotFound("API key not found")


async def user_of_identity(store: Store, clock: Clock, identity: Identity) -> User:
    """Return the user that an outside token speaks of, made at first sight and kept as the token says.

    Raises Unauthenticated: for a user or tenant that was shut out, for a `sub` that another issuer uses in
    the tenant, and for an e-mail that belongs to another account.
    """

    def read(tx: Tx) -> tuple[Tenant | None, User | None]:
        tenant = tx.tenants.named(identity.tenant)
        return tenant, None if tenant is None else tx.users.with_subject(tenant.id, identity.subject)

    tenant, user = await store.read(read)
    if tenant is not None and user is not None and _as_said(user, identity) == user:
        return _let_in(tenant, user, identity)
    try:
        return await store.write(lambda tx: _seen(tx, identity, clock()))
    except Conflict as error:
        raise Unauthenticated(
            "The e-mail of this token belongs to another account here: ask an admin", private=error.sentence
        ) from error


def _seen(tx: Tx, identity: Identity, now: dt.datetime) -> User:
    tenant = tx.tenants.named(identity.tenant) or tx.tenants.add(new_tenant(identity.tenant, now))
    user = tx.users.with_subject(tenant.id, identity.subject)
    if user is not None:
        return tx.users.save(_as_said(_let_in(tenant, user, identity), identity))
    if tenant.suspended_at is not None:
        raise Unauthenticated(SUSPENDED)
    name = identity.name or identity.email.partition("@")[0] or identity.subject[: checks.NAME_LENGTH]
    fresh = User(
        f"user-{uuid.uuid4()}", tenant.id, identity.email, name, identity.role, now, last_login_at=now
    )
    return tx.users.add(
        replace(fresh, issuer=identity.issuer, subject=identity.subject, attributes=dict(identity.attributes))
    )


def _as_said(user: User, identity: Identity) -> User:
    """Return the user with role, attributes, address and name as the token has them."""
    return replace(
        user,
        role=identity.role,
        attributes=dict(identity.attributes),
        email=identity.email or user.email,
        name=identity.name or user.name,
    )


def _let_in(tenant: Tenant, user: User, identity: Identity) -> User:
    if user.issuer != identity.issuer:
        raise Unauthenticated("This identity belongs to another issuer here")
    if tenant.suspended_at is not None:
        raise Unauthenticated(SUSPENDED)
    if not user.is_active:
        raise Unauthenticated("This account is not active")
    return user


def new_tenant(name: str, now: dt.datetime) -> Tenant:
    """Return a tenant that is not stored yet; the default one's id is its name."""
    return Tenant(DEFAULT_TENANT if name == DEFAULT_TENANT else f"tenant-{uuid.uuid4()}", name, now)


def new_user(tenant_id: str, email: str, *, role: Role, name: str | None, now: dt.datetime) -> User:
    """Return a user that is not stored yet; without a name, the first part of the address is it."""
    shown = checks.name(name, "name") if name is not None else email.partition("@")[0] or "user"
    return User(f"user-{uuid.uuid4()}", tenant_id, email, shown, role, now)


def checked_email(email: str) -> str:
    """Return an address without spaces around it. Raises BadRequest.

    >>> checked_email(" ana@example.org ")
    'ana@example.org'
    """
    email = email.strip()
    if len(email) > EMAIL_LENGTH or not _EMAIL.fullmatch(email):
        raise BadRequest("email must be an address such as ana@example.org")
    return email


def checked_role(role: str) -> Role:
    """Return a role. Raises BadRequest."""
    for known in get_args(Role):
        if role == known:
            return role  # type: ignore[return-value]  # it is one of the three
    raise BadRequest("role must be viewer, editor or admin")


def _checked_changes(changes: Mapping[str, Any]) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for field, value in changes.items():
        if value is None:
            raise BadRequest(f"{field} must not be null: leave it out to keep it")
        match field:
            case "email":
                wanted["email"] = checked_email(value)
            case "name":
                wanted["name"] = checks.name(value, "name")
            case "role":
                wanted["role"] = checked_role(value)
            case "is_active":
                wanted["is_active"] = bool(value)
            case "attributes":
                wanted["attributes"] = checked_attributes(value)
    return wanted


def checked_attributes(given: Mapping[str, str | Sequence[str]]) -> dict[str, Attribute]:
    """Return attributes as row policies and `${user.<attribute>}` read them. Raises BadRequest.

    >>> checked_attributes({"region": "norte", "shops": ["1", "2"]})
    {'region': 'norte', 'shops': ('1', '2')}
    """
    if len(given) > MAX_ATTRIBUTES:
        raise BadRequest(f"attributes must be at most {MAX_ATTRIBUTES}")
    found: dict[str, Attribute] = {}
    for name, value in given.items():
        if not _ATTRIBUTE.fullmatch(name) or name in ("id", "email"):
            raise BadRequest(f"attributes.{name[:64]}: use letters, digits, - and _; id and email are taken")
        values = [value] if isinstance(value, str) else list(value)
        if len(values) > 1_000 or any(len(one) > 1_000 or not one.isprintable() for one in values):
            raise BadRequest(f"attributes.{name} must be at most 1000 texts of at most 1000 characters")
        found[name] = value if isinstance(value, str) else tuple(values)
    return found


def _first_admin(tx: Tx, now: dt.datetime) -> User:
    tenant = tx.tenants.named(DEFAULT_TENANT) or tx.tenants.add(new_tenant(DEFAULT_TENANT, now))
    known = tx.users.with_email(tenant.id, FIRST_ADMIN)
    if known is not None and _is_admin(known):
        return known
    admins = [user for user in tx.users.list(tenant.id) if _is_admin(user)]
    if admins:
        return min(admins, key=lambda user: (user.created_at, user.id))
    if known is not None:
        return tx.users.save(replace(known, role="admin", is_active=True))
    return tx.users.add(new_user(tenant.id, FIRST_ADMIN, role="admin", name="Admin", now=now))


def _keep_an_admin(tx: Tx, tenant_id: str) -> None:
    if tx.users.count_admins(tenant_id) <= 1:
        raise Conflict(LAST_ADMIN)


def _is_admin(user: User) -> bool:
    return user.role == "admin" and user.is_active


def _user(tx: Tx, tenant_id: str, user_id: str) -> User:
    """Return a user of the tenant. Raises NotFound, for an id that none can have too."""
    user = tx.users.get(tenant_id, user_id) if _ID.fullmatch(user_id) else None
    if user is None:
        raise NotFound(MISSING)
    return user
