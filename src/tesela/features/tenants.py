"""Tenants, for the operator: made, limited, suspended, and how much of what each has.

The operator is whoever is an admin of the server's first tenant, `default`.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from tesela.errors import BadRequest, Conflict, NotFound, TooLarge
from tesela.features import checks
from tesela.features.access import FIRST_TENANT, Access
from tesela.features.memory import Memory
from tesela.model.caller import Caller
from tesela.running.ingest import stored_bytes
from tesela.store import Counted, Store, Tenant, TenantLimits, Tx

Clock = Callable[[], dt.datetime]

MISSING = "Tenant not found"
KEPT_LIMITS = 10_000
LARGEST = 2**62
LARGEST_COUNT = 1_000_000_000
LIMITS = tuple(one.name for one in fields(TenantLimits))
_ID = re.compile(r"[\x21-\x7e]{1,100}")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a tenant has now. storage_bytes: of the current files of its uploads."""

    dashboards: int
    users: int
    storage_bytes: int


class KnownLimits:
    """The limits of tenants from memory, for those who ask at every query."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known = Memory[TenantLimits](KEPT_LIMITS)
        store.on_change(self._hear)

    async def concurrent_queries(self, tenant_id: str) -> int | None:
        """Return how many queries of a tenant may run at a time; None for no limit of its own."""
        found = self._known.get(tenant_id)
        if found is None:
            found = await self._known.load(tenant_id, lambda: self._read(tenant_id))
        return None if found is None else found.max_concurrent_queries

    async def _read(self, tenant_id: str) -> TenantLimits | None:
        tenant = await self._store.read(lambda tx: tx.tenants.get(tenant_id))
        return None if tenant is None else tenant.limits

    def _hear(self, kind: str, tenant_id: str, id: str) -> None:  # noqa: A002
        if kind == "tenant":
            self._known.drop(tenant_id)


async def list_tenants(
    store: Store, access: Access, caller: Caller, files: Path
) -> list[tuple[Tenant, Usage]]:
    """Return all tenants with what they use, the oldest first. Raises Forbidden for who is no operator."""
    access.require_operator(caller)
    return await tenants_of(store, files)


async def tenants_of(store: Store, files: Path) -> list[tuple[Tenant, Usage]]:
    """Return all tenants with what they use, for whoever sits at the server."""
    found = await store.read(lambda tx: [(one, tx.tenants.counted(one.id)) for one in tx.tenants.list()])
    return await asyncio.to_thread(lambda: [(one, _usage(files, counted)) for one, counted in found])


async def get_tenant(
    store: Store, access: Access, caller: Caller, files: Path, tenant_id: str
) -> tuple[Tenant, Usage]:
    """Return a tenant with what it uses: any to the operator, to other admins their own.

    Raises Forbidden, NotFound.
    """
    if not caller.is_admin or caller.tenant_id != tenant_id:
        access.require_operator(caller)

    def read(tx: Tx) -> tuple[Tenant, Counted]:
        return _tenant(tx, tenant_id), tx.tenants.counted(tenant_id)

    tenant, counted = await store.read(read)
    return tenant, await asyncio.to_thread(_usage, files, counted)


async def create_tenant(
    store: Store,
    access: Access,
    caller: Caller,
    clock: Clock,
    *,
    name: str | None,
    limits: Mapping[str, int | None],
) -> Tenant:
    """Return a new tenant without people. Raises Forbidden, BadRequest, Conflict."""
    access.require_operator(caller)
    return await add_tenant(store, clock, name=name, limits=limits)


async def add_tenant(
    store: Store, clock: Clock, *, name: str | None, limits: Mapping[str, int | None] | None = None
) -> Tenant:
    """Return a new tenant, for whoever sits at the server. Raises BadRequest, Conflict."""
    checked = checks.name(name, "name")
    id_ = FIRST_TENANT if checked == FIRST_TENANT else f"tenant-{uuid.uuid4()}"
    tenant = Tenant(id_, checked, clock(), limits=TenantLimits(**checked_limits(limits or {})))
    return await store.write(lambda tx: tx.tenants.add(tenant))


async def update_tenant(
    store: Store,
    access: Access,
    caller: Caller,
    tenant_id: str,
    *,
    name: str | None,
    limits: Mapping[str, int | None],
) -> Tenant:
    """Return the tenant with a new name (None keeps it) and those limits that are given.

    Raises Forbidden, NotFound, BadRequest, Conflict.
    """
    access.require_operator(caller)
    checked = None if name is None else checks.name(name, "name")
    wanted = checked_limits(limits)

    def write(tx: Tx) -> Tenant:
        before = _tenant(tx, tenant_id)
        if checked not in (None, before.name) and before.id == FIRST_TENANT:
            raise BadRequest("name: the server's first tenant keeps its name")
        after = replace(before, name=checked or before.name, limits=replace(before.limits, **wanted))
        return tx.tenants.save(after)

    return await store.write(write)


async def suspend_tenant(
    store: Store, access: Access, caller: Caller, tenant_id: str, *, is_suspended: bool
) -> Tenant:
    """Shut a tenant out, with its people, keys, links and schedules, or let it in again.

    Raises Forbidden, NotFound; Conflict for the server's first tenant.
    """
    access.require_operator(caller)
    return await set_suspended(store, tenant_id, is_suspended=is_suspended)


async def set_suspended(store: Store, tenant_id: str, *, is_suspended: bool) -> Tenant:
    """The same, for whoever sits at the server."""

    def write(tx: Tx) -> Tenant:
        before = _tenant(tx, tenant_id)
        if is_suspended and before.id == FIRST_TENANT:
            raise Conflict("The server's first tenant cannot be suspended: its admins run the server")
        if (before.suspended_at is not None) != is_suspended:
            tx.tenants.suspend(tenant_id, is_suspended=is_suspended)
        return _tenant(tx, tenant_id)

    return await store.write(write)


async def set_limits(store: Store, tenant_id: str, limits: Mapping[str, int | None]) -> Tenant:
    """Return the tenant with those limits that are given, for whoever sits at the server."""
    wanted = checked_limits(limits)

    def write(tx: Tx) -> Tenant:
        before = _tenant(tx, tenant_id)
        return tx.tenants.save(replace(before, limits=replace(before.limits, **wanted)))

    return await store.write(write)


async def named_tenant(store: Store, name: str) -> Tenant:
    """Return the tenant with this name. Raises NotFound."""
    found = await store.read(lambda tx: tx.tenants.named(name))
    if found is None:
        raise NotFound(f"There is no tenant named {name}")
    return found


async def check_storage(store: Store, files: Path, tenant_id: str) -> None:
    """Raise TooLarge when a tenant's files take all the room that they may: before an upload is read."""
    tenant, embedded = await store.read(
        lambda tx: (tx.tenants.get(tenant_id), tx.tenants.embedded(tenant_id))
    )
    at_most = None if tenant is None else tenant.limits.max_storage_bytes
    if at_most is not None and await asyncio.to_thread(stored_bytes, files, embedded) >= at_most:
        raise TooLarge(_no_room(at_most))


def check_storage_with(tx: Tx, files: Path, tenant_id: str, datasource_id: str, generation: int) -> None:
    """Raise TooLarge when a tenant's files take too much with this generation of a datasource.

    In the write that stores it, so that of two uploads at the same time the second counts the first.
    """
    at_most = tx.tenants.lock(tenant_id).max_storage_bytes
    if at_most is None:
        return
    current = dict(tx.tenants.embedded(tenant_id)) | {datasource_id: generation}
    if stored_bytes(files, current.items()) > at_most:
        raise TooLarge(_no_room(at_most))


def checked_limits(given: Mapping[str, int | None]) -> dict[str, int | None]:
    """Return limits that make sense. Raises BadRequest."""
    for name, value in given.items():
        if name not in LIMITS:
            raise BadRequest(f"limits.{name[:50]}: there is no such limit; there are {', '.join(LIMITS)}")
        if value is None:
            continue
        least = 1 if name == "max_concurrent_queries" else 0
        most = LARGEST if name == "max_storage_bytes" else LARGEST_COUNT
        if not least <= value <= most:
            raise BadRequest(f"limits.{name} must be between {least} and {most}, or null for no limit")
    return dict(given)


def _no_room(at_most: int) -> str:
    return (
        f"The files of this tenant may take at most {at_most} bytes: delete a datasource, or ask the operator "
        "for more"
    )


def _usage(files: Path, counted: Counted) -> Usage:
    embedded: Sequence[tuple[str, int]] = counted.embedded
    return Usage(counted.dashboards, counted.users, stored_bytes(files, embedded))


def _tenant(tx: Tx, tenant_id: str) -> Tenant:
    found = tx.tenants.get(tenant_id) if _ID.fullmatch(tenant_id) else None
    if found is None:
        raise NotFound(MISSING)
    return found
