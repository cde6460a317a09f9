"""Workspaces: named places for dashboards."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from tesela.errors import Conflict
from tesela.store.tables import dashboards, grants, workspaces
from tesela.store.work import Work, key_of


@dataclass(frozen=True, slots=True)
class Workspace:
    id: str
    tenant_id: str
    name: str
    description: str | None
    created_by: str | None
    created_at: dt.datetime
    updated_at: dt.datetime


class Workspaces:
    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, workspace: Workspace) -> Workspace:
        """Add a workspace. Raises Conflict when the name is taken."""
        self._work.write(
            insert(workspaces).values(id=workspace.id, created_at=workspace.created_at, **_values(workspace)),
            taken=f"A workspace named {workspace.name} already exists",
        )
        self._work.changed("workspace", workspace.tenant_id, workspace.id)
        return workspace

    def get(self, tenant_id: str, workspace_id: str) -> Workspace | None:
        row = self._work.first(
            select(workspaces).where(workspaces.c.tenant_id == tenant_id, workspaces.c.id == workspace_id)
        )
        return None if row is None else _workspace(row)

    def list(self, tenant_id: str) -> list[Workspace]:
        """Return the workspaces of a tenant by name."""
        found = self._work.rows(
            select(workspaces)
            .where(workspaces.c.tenant_id == tenant_id)
            .order_by(workspaces.c.name_key, workspaces.c.id)
        )
        return [_workspace(row) for row in found]

    def save(self, workspace: Workspace) -> Workspace:
        """Write name and description. Raises Conflict when the name is taken."""
        self._work.write(
            update(workspaces)
            .where(workspaces.c.tenant_id == workspace.tenant_id, workspaces.c.id == workspace.id)
            .values(**_values(workspace)),
            taken=f"A workspace named {workspace.name} already exists",
        )
        self._work.changed("workspace", workspace.tenant_id, workspace.id)
        return workspace

    def delete(self, tenant_id: str, workspace_id: str) -> bool:
        """Remove an empty workspace with its grants. Raises Conflict when dashboards are in it."""
        held = self._work.value(
            select(func.count())
            .select_from(dashboards)
            .where(dashboards.c.tenant_id == tenant_id, dashboards.c.workspace_id == workspace_id)
        )
        if held:
            noun = "dashboard" if held == 1 else "dashboards"
            raise Conflict(f"This workspace holds {held} {noun}: move or delete them first")
        gone = self._work.write(
            delete(workspaces).where(workspaces.c.tenant_id == tenant_id, workspaces.c.id == workspace_id),
            taken="This workspace holds dashboards: move or delete them first",
        )
        self._work.write(
            delete(grants).where(
                grants.c.tenant_id == tenant_id,
                grants.c.object_kind == "workspace",
                grants.c.object_id == workspace_id,
            )
        )
        self._work.changed("workspace", tenant_id, workspace_id)
        return gone == 1


def _values(workspace: Workspace) -> dict[str, Any]:
    return {
        "tenant_id": workspace.tenant_id,
        "name": workspace.name,
        "name_key": key_of(workspace.name),
        "description": workspace.description,
        "created_by": workspace.created_by,
        "updated_at": workspace.updated_at,
    }


def _workspace(row: Row[Any]) -> Workspace:
    return Workspace(
        row.id, row.tenant_id, row.name, row.description, row.created_by, row.created_at, row.updated_at
    )
