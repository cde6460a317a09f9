"""Tenants: the outermost walls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from tesela.errors import Conflict
from tesela.store.tables import api_keys, dashboards, datasources, sessions, tenants, users
from tesela.store.work import Work


@dataclass(frozen=True, slots=True)
class TenantLimits:
    """What a tenant may have at most; None is no limit. storage: of the files of its uploads."""

    max_dashboards: int | None = None
    max_storage_bytes: int | None = None
    max_concurrent_queries: int | None = None


NO_LIMITS = TenantLimits()


@dataclass(frozen=True, slots=True)
class Tenant:
    id: str
    name: str
    created_at: dt.datetime
    suspended_at: dt.datetime | None = None
    limits: TenantLimits = NO_LIMITS


@dataclass(frozen=True, slots=True)
class Counted:
    """How much of what a tenant has. embedded: (datasource id, generation) of those with files of uploads."""

    dashboards: int
    users: int
    embedded: tuple[tuple[str, int], ...]


class Tenants:
    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, tenant: Tenant) -> Tenant:
        """Add a tenant. Raises Conflict when the name is taken."""
        self._work.write(
            insert(tenants).values(id=tenant.id, created_at=tenant.created_at, **_values(tenant)),
            taken=_taken(tenant),
        )
        self._work.changed("tenant", tenant.id, tenant.id)
        return tenant

    def get(self, tenant_id: str) -> Tenant | None:
        row = self._work.first(select(tenants).where(tenants.c.id == tenant_id))
        return None if row is None else _tenant(row)

    def named(self, name: str) -> Tenant | None:
        row = self._work.first(select(tenants).where(tenants.c.name == name))
        return None if row is None else _tenant(row)

    def list(self) -> list[Tenant]:
        """Return all tenants, the oldest first."""
        found = self._work.rows(select(tenants).order_by(tenants.c.created_at, tenants.c.id))
        return [_tenant(row) for row in found]

    def save(self, tenant: Tenant) -> Tenant:
        """Write a tenant's name and limits. Raises Conflict when the name is taken."""
        self._work.write(
            update(tenants).where(tenants.c.id == tenant.id).values(**_values(tenant)), taken=_taken(tenant)
        )
        self._work.changed("tenant", tenant.id, tenant.id)
        return tenant

    def counted(self, tenant_id: str) -> Counted:
        """Return what a tenant has now."""
        held = select(func.count()).select_from(dashboards).where(dashboards.c.tenant_id == tenant_id)
        people = select(func.count()).select_from(users).where(users.c.tenant_id == tenant_id)
        return Counted(self._work.value(held), self._work.value(people), tuple(self.embedded(tenant_id)))

    def embedded(self, tenant_id: str) -> Sequence[tuple[str, int]]:
        """Return id and generation of the tenant's datasources that are files of uploads."""
        found = self._work.rows(
            select(datasources.c.id, datasources.c.config).where(
                datasources.c.tenant_id == tenant_id, datasources.c.kind == "duckdb"
            )
        )
        return [(row.id, row.config["generation"]) for row in found if row.config.get("generation")]

    def lock(self, tenant_id: str) -> TenantLimits:
        """Return a tenant's limits; in a write, who checks against them goes one after the other."""
        row = self._work.first(
            select(tenants).where(tenants.c.id == tenant_id).with_for_update(key_share=True)
        )
        return NO_LIMITS if row is None else _tenant(row).limits

    def check_dashboards(self, tenant_id: str) -> None:
        """Raise Conflict when a tenant has as many dashboards as it may: before one is added, in the same write."""
        if self._work.value(select(tenants.c.max_dashboards).where(tenants.c.id == tenant_id)) is None:
            return
        at_most = self.lock(tenant_id).max_dashboards
        held = self._work.value(
            select(func.count()).select_from(dashboards).where(dashboards.c.tenant_id == tenant_id)
        )
        if at_most is not None and held >= at_most:
            raise Conflict(
                f"This tenant may have at most {at_most} dashboards, archived ones too: delete one, or ask the "
                "operator for more"
            )

    def is_suspended_behind(self, token_hash: str) -> bool:
        """Return whether a session or an API key is refused because its tenant is suspended."""
        for table in (sessions, api_keys):
            found = self._work.first(
                select(tenants.c.id)
                .join(users, users.c.tenant_id == tenants.c.id)
                .join(table, table.c.user_id == users.c.id)
                .where(table.c.token_hash == token_hash, tenants.c.suspended_at.is_not(None))
            )
            if found is not None:
                return True
        return False

    def suspend(self, tenant_id: str, *, is_suspended: bool) -> None:
        """Shut a tenant out, or let it in again."""
        moment = self._work.now() if is_suspended else None
        self._work.write(update(tenants).where(tenants.c.id == tenant_id).values(suspended_at=moment))
        self._work.changed("tenant", tenant_id, tenant_id)


def _tenant(row: Row[Any]) -> Tenant:
    limits = TenantLimits(row.max_dashboards, row.max_storage_bytes, row.max_concurrent_queries)
    return Tenant(row.id, row.name, row.created_at, row.suspended_at, limits)


def _values(tenant: Tenant) -> dict[str, Any]:
    return {"name": tenant.name, **asdict(tenant.limits)}


def _taken(tenant: Tenant) -> str:
    return f"A tenant named {tenant.name} already exists"
