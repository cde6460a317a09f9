"""The audit: who did what to what, when, from where. Lines are added and, when they are old, removed; never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, or_, select

from tesela.store.tables import audit, dashboards, datasources, teams, tenants, users, workspaces
from tesela.store.work import Work

NAMED = {
    "dashboard": dashboards,
    "datasource": datasources,
    "team": teams,
    "tenant": tenants,
    "user": users,
    "workspace": workspaces,
}
"""The kinds of objects whose names can be looked up, with their tables."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One thing that was done.

    user_id, user_name: None for the server itself and for somebody who is not known. via: session, key, jwt;
    of a login password or link. parent_id: of what the object lies in, such as the dashboard of a tile.
    details: a few facts that are no secrets.
    """

    tenant_id: str
    at: dt.datetime
    action: str
    user_id: str | None = None
    user_name: str | None = None
    via: str = "system"
    ip: str | None = None
    object_kind: str | None = None
    object_id: str | None = None
    object_name: str | None = None
    parent_id: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0


@dataclass(frozen=True, slots=True)
class AuditWanted:
    """Which lines are asked for; None does not narrow. until: exclusive. object_id: or of its parent."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    user_id: str | None = None
    action: str | None = None
    object_id: str | None = None


class Audit:
    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, lines: Sequence[AuditLine]) -> None:
        """Write lines, in their order; those of a tenant that is not there are left out."""
        known = {row.id for row in self._work.rows(select(tenants.c.id))}
        for line in lines:
            if line.tenant_id in known:
                self._work.write(insert(audit).values(**_values(self._named(line))))

    def name_of(self, tenant_id: str, kind: str, object_id: str) -> str | None:
        """Return the name of an object of the tenant; None when it is not there or its kind has none."""
        table = NAMED.get(kind)
        if table is None:
            return None
        wanted = select(table.c.name).where(table.c.id == object_id)
        if kind != "tenant":
            wanted = wanted.where(table.c.tenant_id == tenant_id)
        found: str | None = self._work.value(wanted)
        return found

    def list(
        self, tenant_id: str, wanted: AuditWanted, *, limit: int, offset: int
    ) -> tuple[Sequence[AuditLine], int]:
        """Return one page of a tenant's lines, the newest first, and how many there are in all."""
        where = _where(tenant_id, wanted)
        total: int = self._work.value(select(func.count()).select_from(audit).where(*where))
        found = self._work.rows(
            select(audit).where(*where).order_by(audit.c.id.desc()).limit(limit).offset(offset)
        )
        return [_line(row) for row in found], total

    def after(
        self, tenant_id: str, wanted: AuditWanted, *, before_id: int | None, limit: int
    ) -> Sequence[AuditLine]:
        """Return the next lines of a long reading, the newest first. before_id: the last one read, None at first."""
        where = _where(tenant_id, wanted)
        if before_id is not None:
            where.append(audit.c.id < before_id)
        found = self._work.rows(select(audit).where(*where).order_by(audit.c.id.desc()).limit(limit))
        return [_line(row) for row in found]

    def prune(self, before: dt.datetime) -> int:
        """Remove the lines of all tenants from before a moment and return how many there were."""
        return self._work.write(delete(audit).where(audit.c.at < before))

    def _named(self, line: AuditLine) -> AuditLine:
        if line.object_name is not None or line.object_kind is None or line.object_id is None:
            return line
        name = self.name_of(line.tenant_id, line.object_kind, line.object_id)
        return line if name is None else replace(line, object_name=name)


def _where(tenant_id: str, wanted: AuditWanted) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [audit.c.tenant_id == tenant_id]
    if wanted.since is not None:
        where.append(audit.c.at >= wanted.since)
    if wanted.until is not None:
        where.append(audit.c.at < wanted.until)
    if wanted.user_id is not None:
        where.append(audit.c.user_id == wanted.user_id)
    if wanted.action is not None:
        where.append(audit.c.action == wanted.action)
    if wanted.object_id is not None:
        where.append(or_(audit.c.object_id == wanted.object_id, audit.c.parent_id == wanted.object_id))
    return where


COLUMNS: Iterable[str] = (
    "tenant_id", "at", "user_id", "user_name", "via", "ip", "action", "object_kind", "object_id", "object_name",
    "parent_id",
)  # fmt: skip


def _values(line: AuditLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in COLUMNS} | {"details": dict(line.details)}


def _line(row: Row[Any]) -> AuditLine:
    return AuditLine(**{name: getattr(row, name) for name in COLUMNS}, details=row.details, id=row.id)
