"""Tenants: the outermost walls."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select, update

from tesela.store.tables import tenants
from tesela.store.work import Work


@dataclass(frozen=True, slots=True)
class Tenant:
    id: str
    name: str
    created_at: dt.datetime
    suspended_at: dt.datetime | None = None


class Tenants:
    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, tenant: Tenant) -> Tenant:
        """Add a tenant. Raises Conflict when the name is taken."""
        self._work.write(
            insert(tenants).values(id=tenant.id, name=tenant.name, created_at=tenant.created_at),
            taken=f"A tenant named {tenant.name} already exists",
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

    def suspend(self, tenant_id: str, *, is_suspended: bool) -> None:
        """Shut a tenant out, or let it in again."""
        moment = self._work.now() if is_suspended else None
        self._work.write(update(tenants).where(tenants.c.id == tenant_id).values(suspended_at=moment))
        self._work.changed("tenant", tenant_id, tenant_id)


def _tenant(row: Row[Any]) -> Tenant:
    return Tenant(row.id, row.name, row.created_at, row.suspended_at)
