"""What happened to a dashboard: one immutable revision for every change."""

from __future__ import annotations

from tesela.features.access import Access
from tesela.model.caller import Caller
from tesela.model.dashboard import Revision
from tesela.store import Store


async def list_revisions(
    store: Store, access: Access, caller: Caller, dashboard_id: str, *, limit: int, offset: int
) -> tuple[list[tuple[Revision, str]], int]:
    """Return revisions with their authors' names, the newest first, and how many there are in all."""
    dashboard = await access.dashboard(caller, "edit", dashboard_id)
    return await store.read(
        lambda tx: tx.revisions.list(caller.tenant_id, dashboard.id, limit=limit, offset=offset)
    )
