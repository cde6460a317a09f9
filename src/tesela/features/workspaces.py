"""Workspaces: named places for dashboards. Everybody of the tenant sees them; rights are in `access`."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tesela.errors import Forbidden, NotFound
from tesela.features import checks
from tesela.features.access import Access
from tesela.model.caller import Caller
from tesela.store import Store, Tx, Workspace

Clock = Callable[[], dt.datetime]
MISSING = "Workspace not found or access denied"
DESCRIPTION_LENGTH = 2_000
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def list_workspaces(store: Store, access: Access, caller: Caller) -> list[tuple[Workspace, int]]:
    """Return the tenant's workspaces by name, each with how many dashboards the caller sees in it."""
    visible = await access.visible(caller)

    def read(tx: Tx) -> list[tuple[Workspace, int]]:
        counts = tx.dashboards.count_by_workspace(caller.tenant_id, visible_to=visible)
        return [(one, counts.get(one.id, 0)) for one in tx.workspaces.list(caller.tenant_id)]

    return await store.read(read)


async def get_workspace(
    store: Store, access: Access, caller: Caller, workspace_id: str
) -> tuple[Workspace, int]:
    """Return a workspace and how many dashboards the caller sees in it. Raises NotFound."""
    workspace = await _visible(store, access, caller, workspace_id)
    visible = await access.visible(caller)
    counts = await store.read(
        lambda tx: tx.dashboards.count_by_workspace(caller.tenant_id, visible_to=visible)
    )
    return workspace, counts.get(workspace.id, 0)


async def create_workspace(
    store: Store, access: Access, caller: Caller, clock: Clock, *, name: str | None, description: str | None
) -> Workspace:
    """Return a new workspace of the caller. Raises Forbidden, BadRequest, Conflict."""
    access.may_create(caller)
    now = clock()
    workspace = Workspace(
        id=str(uuid.uuid4()),
        tenant_id=caller.tenant_id,
        name=checks.name(name, "name"),
        description=_description(description),
        created_by=caller.user_id,
        created_at=now,
        updated_at=now,
    )
    return await store.write(lambda tx: tx.workspaces.add(workspace))


async def update_workspace(
    store: Store, access: Access, caller: Caller, clock: Clock, workspace_id: str, changes: Mapping[str, Any]
) -> Workspace:
    """Return the workspace with `changes` (name, description) made. Raises NotFound, Forbidden, Conflict."""
    await _owned(store, access, caller, workspace_id)
    wanted: dict[str, Any] = {}
    if "name" in changes:
        wanted["name"] = checks.name(changes["name"], "name")
    if "description" in changes:
        wanted["description"] = _description(changes["description"])

    def write(tx: Tx) -> Workspace:
        before = tx.workspaces.get(caller.tenant_id, workspace_id)
        if before is None:
            raise NotFound(MISSING)
        return tx.workspaces.save(replace(before, **wanted, updated_at=clock()))

    return await store.write(write)


async def delete_workspace(store: Store, access: Access, caller: Caller, workspace_id: str) -> None:
    """Remove an empty workspace. Raises NotFound, Forbidden; Conflict when dashboards are in it."""
    await _owned(store, access, caller, workspace_id)
    if not await store.write(lambda tx: tx.workspaces.delete(caller.tenant_id, workspace_id)):
        raise NotFound(MISSING)


async def _visible(store: Store, access: Access, caller: Caller, workspace_id: str) -> Workspace:
    found = None
    if _UUID.fullmatch(workspace_id):
        found = await store.read(lambda tx: tx.workspaces.get(caller.tenant_id, workspace_id))
    if found is None or not await access.may_see_workspace(caller, found):
        raise NotFound(MISSING)
    return found


async def _owned(store: Store, access: Access, caller: Caller, workspace_id: str) -> Workspace:
    workspace = await _visible(store, access, caller, workspace_id)
    if not await access.may_own_workspace(caller, workspace):
        raise Forbidden("Only who made this workspace or an admin may do this")
    return workspace


def _description(value: str | None) -> str | None:
    return checks.text(value, "description", at_most=DESCRIPTION_LENGTH)
