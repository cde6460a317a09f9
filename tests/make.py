"""Things with sensible defaults, and a store to put them into."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from tesela.model.caller import Caller, Role
from tesela.model.dashboard import Dashboard, Document, Page, Tile
from tesela.model.datasource import Datasource
from tesela.store import Keys, Store, Tenant, Tx, User, Workspace, open_store

T = TypeVar("T")
START = dt.datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=dt.UTC)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    moment: dt.datetime = START

    def __call__(self) -> dt.datetime:
        return self.moment

    def move(self, **delta: float) -> None:
        self.moment += dt.timedelta(**delta)


@dataclass
class World:
    """An open store with its clock, and what it told its listeners."""

    store: Store
    clock: Clock
    heard: list[tuple[str, str, str]] = field(default_factory=list)

    async def add(self, *things: Tenant | User | Workspace | Datasource | Dashboard) -> None:
        """Put things into the store, in their order."""

        def write(tx: Tx) -> None:
            for thing in things:
                match thing:
                    case Tenant():
                        tx.tenants.add(thing)
                    case User():
                        tx.users.add(thing)
                    case Workspace():
                        tx.workspaces.add(thing)
                    case Datasource():
                        tx.datasources.add(thing)
                    case Dashboard():
                        tx.dashboards.add(thing, author_id=thing.owner_id, sentence="Created")

        await self.store.write(write)


def in_world(url: str, work: Callable[[World], Awaitable[T]], *, keys: Keys | None = None) -> T:
    """Return what `work` returns in a migrated store, which is closed afterwards."""

    async def run() -> T:
        clock = Clock()
        store = await open_store(url, keys=keys or Keys.generate(), clock=clock)
        try:
            await store.migrate()
            world = World(store, clock)
            store.on_change(lambda kind, tenant_id, id_: world.heard.append((kind, tenant_id, id_)))
            return await work(world)
        finally:
            await store.close()

    return asyncio.run(run())


def tenant(name: str = "default") -> Tenant:
    return Tenant(name, name, START)


def user(name: str = "ana", *, tenant_id: str = "default", role: Role = "editor", **fields: Any) -> User:
    email = fields.pop("email", f"{name}@example.org")
    return User(f"user-{tenant_id}-{name}", tenant_id, email, name.title(), role, START, **fields)


def caller(someone: User, *, team_ids: frozenset[str] = frozenset()) -> Caller:
    return Caller(someone.id, someone.tenant_id, someone.role, someone.email, someone.name, team_ids=team_ids)


def workspace(name: str = "Sales team", *, tenant_id: str = "default", by: User | None = None) -> Workspace:
    return Workspace(new_id(), tenant_id, name, None, by.id if by else None, START, START)


def datasource(name: str = "Warehouse", *, tenant_id: str = "default", **fields: Any) -> Datasource:
    given: dict[str, Any] = {
        "id": new_id(),
        "tenant_id": tenant_id,
        "name": name,
        "kind": "duckdb",
        "config": {"file": "a.duckdb"},
        "revision": 1,
        "created_by": None,
        "created_at": START,
        "updated_at": START,
    }
    return Datasource(**(given | fields))


def tile(datasource_id: str | None = None, **fields: Any) -> Tile:
    given: dict[str, Any] = {
        "id": new_id(),
        "page_id": "page-1",
        "title": "Revenue",
        "tile_type": "kpi",
        "datasource_id": datasource_id,
        "schema": "sales",
        "query": "SELECT 1 AS revenue",
        "chart_config": {"valueField": "revenue", "of the author": {"ü": [1, 2.5, None, True]}},
        "grid_x": 0,
        "grid_y": 0,
        "grid_w": 4,
        "grid_h": 3,
        "created_at": START,
        "updated_at": START,
    }
    return Tile(**(given | fields))


def document(name: str = "Sales", *tiles: Tile, **fields: Any) -> Document:
    return Document(name=name, pages=(Page(id="page-1", name="Page 1"),), tiles=tiles, **fields)


def dashboard(owner: User, name: str = "Sales", *tiles: Tile, **fields: Any) -> Dashboard:
    made = Dashboard(
        id=new_id(),
        tenant_id=owner.tenant_id,
        owner_id=owner.id,
        workspace_id=None,
        audience="private",
        link=False,
        is_archived=False,
        version=1,
        created_at=START,
        updated_at=START,
        document=document(name, *tiles),
    )
    return replace(made, **fields)


def new_id() -> str:
    return str(uuid.uuid4())
