"""What happened to a dashboard: one immutable revision for every change; look, compare, go back."""

from __future__ import annotations

from dataclasses import replace

from tesela.errors import NotFound
from tesela.features.access import Access
from tesela.features.editing import Edit, Editor
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard, Document, Revision
from tesela.model.differences import Difference, differences
from tesela.store import Store

NOT_FOUND = "Revision not found or access denied"


async def list_revisions(
    store: Store, access: Access, caller: Caller, dashboard_id: str, *, limit: int, offset: int
) -> tuple[list[tuple[Revision, str]], int]:
    """Return revisions with their authors' names, the newest first, and how many there are in all."""
    dashboard = await access.dashboard(caller, "edit", dashboard_id)
    return await store.read(
        lambda tx: tx.revisions.list(caller.tenant_id, dashboard.id, limit=limit, offset=offset)
    )


async def get_revision(
    store: Store, access: Access, caller: Caller, dashboard_id: str, number: str
) -> tuple[Revision, Dashboard]:
    """Return a revision, and the dashboard as it was then: its document and version; the rest is today's.

    number: as it stands in a path. Raises NotFound, in the same words for what is no number.
    """
    dashboard = await access.dashboard(caller, "edit", dashboard_id)
    revision, document = await revision_of(store, dashboard, revision_number(number))
    return revision, replace(
        dashboard, document=document, version=revision.number, updated_at=revision.created_at
    )


async def compare_revisions(
    store: Store,
    access: Access,
    caller: Caller,
    dashboard_id: str,
    *,
    from_number: int,
    to_number: int | None,
) -> tuple[int, int, tuple[Difference, ...]]:
    """Return both numbers, and what differs between the two; `to_number` None: the latest. Raises NotFound."""
    dashboard = await access.dashboard(caller, "edit", dashboard_id)
    last = dashboard.version if to_number is None else to_number
    _, before = await revision_of(store, dashboard, from_number)
    _, after = await revision_of(store, dashboard, last)
    return from_number, last, differences(before, after)


async def restore_revision(editor: Editor, dashboard_id: str, number: str) -> Dashboard:
    """Return the dashboard with the whole document of a revision, as a new revision: nothing is lost.

    Owner, audience, workspace, link, snapshots and share tokens stand beside the document and stay.
    """
    dashboard = await editor.access.dashboard(editor.caller, "restore", dashboard_id)
    revision, document = await revision_of(editor.store, dashboard, revision_number(number))
    sentence = f"Restored revision {revision.number}"
    return await editor.change(dashboard_id, lambda _: Edit(document, sentence), action="restore")


async def revision_of(store: Store, dashboard: Dashboard, number: int) -> tuple[Revision, Document]:
    """Return one revision of a dashboard with its document. Raises NotFound."""
    found = await store.read(lambda tx: tx.revisions.get(dashboard.tenant_id, dashboard.id, number))
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


async def prune_revisions(store: Store, *, keep: int, keep_days: int) -> int:
    """Remove old revisions of all dashboards and return how many they were.

    What is younger than `keep_days`, among the last `keep` of its dashboard, or a checkpoint's stays.
    """
    return await store.write(lambda tx: tx.revisions.prune(keep=keep, keep_days=keep_days))


def revision_number(text: str) -> int:
    """Return the number that a path names. Raises NotFound.

    >>> revision_number("12")
    12
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise NotFound(NOT_FOUND)
    return int(text)
