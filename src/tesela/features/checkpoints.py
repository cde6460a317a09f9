"""Checkpoints: names for states of a dashboard that its owner wants to find again."""

from __future__ import annotations

import uuid

from tesela.errors import BadRequest, NotFound
from tesela.features import checks
from tesela.features.access import Access
from tesela.features.editing import Edit, Editor
from tesela.features.revisions import revision_of
from tesela.model.caller import Caller
from tesela.model.dashboard import Checkpoint, Dashboard, Document
from tesela.store import Store, Tx

NOT_FOUND = "Checkpoint not found or access denied"
MAX_CHECKPOINTS = 500
KEPT_AT_RESTORE = ("name", "description")
"""What a dashboard is called belongs to it, not to one of its states."""


async def list_checkpoints(
    store: Store, access: Access, caller: Caller, dashboard_id: str, *, limit: int, offset: int
) -> tuple[list[tuple[Checkpoint, str]], int]:
    """Return checkpoints with their authors' names, the newest first, and how many there are in all."""
    dashboard = await access.dashboard(caller, "checkpoint", dashboard_id)
    return await store.read(
        lambda tx: tx.checkpoints.list(caller.tenant_id, dashboard.id, limit=limit, offset=offset)
    )


async def create_checkpoint(
    editor: Editor, dashboard_id: str, *, name: str | None, description: str | None
) -> Checkpoint:
    """Return a new name for the state that the dashboard is in. Raises BadRequest, Conflict (If-Match)."""
    dashboard = await editor.access.dashboard(editor.caller, "checkpoint", dashboard_id)
    editor.check_version(dashboard)
    checkpoint = Checkpoint(
        id=str(uuid.uuid4()),
        dashboard_id=dashboard.id,
        revision=dashboard.version,
        name=checks.name(name, "name", required_as="Checkpoint name"),
        description=checks.text(description, "description"),
        created_by=editor.caller.user_id,
        created_at=editor.clock(),
    )

    def write(tx: Tx) -> Checkpoint:
        if tx.checkpoints.count(dashboard.tenant_id, dashboard.id) >= MAX_CHECKPOINTS:
            raise BadRequest(f"A dashboard can have at most {MAX_CHECKPOINTS} checkpoints; delete some first")
        return tx.checkpoints.add(dashboard.tenant_id, checkpoint)

    return await editor.store.write(write)


async def restore_checkpoint(editor: Editor, dashboard_id: str, checkpoint_id: str) -> Dashboard:
    """Return the dashboard with the pages, tiles, filters, layout and settings of a checkpoint.

    It is one more revision, so the state before is not lost. Ids of pages and tiles are those of the checkpoint;
    name, description, owner, audience, workspace, link, snapshots and share tokens stay as they are.
    A tile whose datasource is gone comes back and says so.
    """
    dashboard = await editor.access.dashboard(editor.caller, "restore", dashboard_id)
    checkpoint = await _checkpoint_of(editor.store, dashboard, checkpoint_id)
    _, state = await revision_of(editor.store, dashboard, checkpoint.revision)

    def make(current: Document) -> Edit:
        kept = {member: getattr(current, member) for member in KEPT_AT_RESTORE}
        return Edit(state.model_copy(update=kept), f"Restored the checkpoint '{checkpoint.name}'")

    return await editor.change(dashboard_id, make, action="restore")


async def delete_checkpoint(
    store: Store, access: Access, caller: Caller, dashboard_id: str, checkpoint_id: str
) -> None:
    """Take the name away; the state stays among the revisions. Raises NotFound."""
    dashboard = await access.dashboard(caller, "checkpoint", dashboard_id)
    await store.write(lambda tx: tx.checkpoints.delete(dashboard.tenant_id, dashboard.id, checkpoint_id))


async def _checkpoint_of(store: Store, dashboard: Dashboard, checkpoint_id: str) -> Checkpoint:
    found = await store.read(lambda tx: tx.checkpoints.get(dashboard.tenant_id, dashboard.id, checkpoint_id))
    if found is None:
        raise NotFound(NOT_FOUND)
    return found
