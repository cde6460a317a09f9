"""Teams on a running server, put into its store by a process of their own, as another server would."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from live import Server
from tesela.app import Folders, utc_now
from tesela.store import Keys, Team, Tx, open_store

T = TypeVar("T")


def new_team(server: Server, tenant: str, name: str, emails: Sequence[str]) -> str:
    """Return the id of a new team of the tenant, with these members."""

    def write(tx: Tx) -> str:
        found = tx.tenants.named(tenant)
        assert found is not None
        team = tx.teams.add(Team(f"team-{uuid.uuid4()}", found.id, name, utc_now()))
        users = {user.email: user.id for user in tx.users.list(found.id)}
        tx.teams.set_members(found.id, team.id, frozenset(users[email] for email in emails))
        return team.id

    return in_store(server, write)


def in_store(server: Server, write: Callable[[Tx], T]) -> T:
    """Return what `write` returns in a write of the server's store; the server hears of it within a second."""
    folders = Folders(Path(server.data))

    async def run() -> T:
        keys = Keys.load_or_create(folders.secrets)
        url = server.settings.get("store_url", folders.store_url)
        store = await open_store(url, keys=keys, clock=utc_now)
        try:
            return await store.write(write)
        finally:
            await store.close()

    return asyncio.run(run())
