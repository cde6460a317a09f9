"""The routes of sharing and snapshots in this process: a clock that is moved by hand, an engine that counts.

What needs real engines, or the whole server, is tested with `live`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import httpx
from fastapi import FastAPI

import make
from make import World, in_world
from running.fakes import FakeEngine
from tesela.features.access import Access
from tesela.features.data import Defaults
from tesela.features.definitions import Definitions
from tesela.features.people import create_api_key
from tesela.features.public_pages import PublicPages, Rates
from tesela.features.snapshots import Camera
from tesela.http import errors
from tesela.http.auth import Authenticator
from tesela.http.public import PublicViews
from tesela.http.qry import dashboards, sharing, snapshots
from tesela.jobs import Jobs, Keeping
from tesela.model.caller import Role
from tesela.model.dashboard import Dashboard
from tesela.model.datasource import Datasource
from tesela.model.result import Column, Limits, Result
from tesela.model.statement import Statement
from tesela.running.admission import Admission, Caps
from tesela.running.catalog import Catalogs
from tesela.running.runner import Runner
from tesela.running.shelf import Shelf
from tesela.running.sources import Sources
from tesela.settings import Settings
from tesela.store import User

T = TypeVar("T")
ORIGIN = "http://tesela.test"


@dataclass
class Database:
    """What the one engine answers: a row with how often it was asked, or the error that was set.

    asked: the text of each statement, in order. slow: set to an event to hold answers back.
    """

    asked: list[str] = field(default_factory=list)
    values: list[tuple[object, ...]] = field(default_factory=list)
    error: Exception | None = None
    slow: asyncio.Event | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, number: int, statement: Statement) -> Result:
        self.asked.append(statement.text)
        self.begun.set()
        self.values.append(tuple(statement.values))
        if self.slow is not None:
            await self.slow.wait()
        if self.error is not None:
            raise self.error
        return Result((Column("n", "int"),), b'[{"n":%d}]' % number, 1, False, make.START, 3)


@dataclass
class Site:
    """A store with two tenants, the routes over it, and everybody who may ask."""

    world: World
    app: FastAPI
    database: Database
    datasource: Datasource
    camera: Camera
    pages: PublicPages
    jobs: Jobs
    owner: User
    trusted_proxies: str = ""
    clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    def client(self, **headers: str) -> httpx.AsyncClient:
        """Return somebody's client; `headers` with _ for -."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        address = given.pop("from-address", "127.0.0.1")
        views = PublicViews(self.app, pages=self.pages, trusted_proxies=self.trusted_proxies)
        transport = httpx.ASGITransport(app=views, client=(address, 50_000))
        client = httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=given)
        self.clients[f"{len(self.clients)}"] = client
        return client

    async def person(
        self, name: str, *, role: Role = "editor", tenant_id: str = "default", **fields: Any
    ) -> tuple[User, httpx.AsyncClient]:
        """Return a new user with their client."""
        user = make.user(name, role=role, tenant_id=tenant_id, **fields)
        await self.world.add(user)
        return user, await self.acting(user)

    async def acting(self, user: User) -> httpx.AsyncClient:
        _, key = await create_api_key(self.world.store, self.world.clock, user)
        return self.client(authorization=f"Bearer {key}")

    async def dashboard(self, *tiles: Mapping[str, Any], **fields: Any) -> Dashboard:
        """Return a stored dashboard of the owner with these tiles, else with one."""
        made = [make.tile(self.datasource.id, **tile) for tile in tiles or ({},)]
        members = {"refresh_interval_seconds": 300, **fields.pop("members", {})}
        found = replace(
            make.dashboard(self.owner), document=make.document("Sales", *made, **members), **fields
        )
        await self.world.add(found)
        return found

    async def shared(self, dashboard: Dashboard, **terms: Any) -> str:
        """Return the token of the dashboard, shared by its owner."""
        owner = await self.acting(self.owner)
        answer = await owner.post(share_of(dashboard), json={"is_public": True, **terms})
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["share_token"]
        return token

    async def saved(self, dashboard: Dashboard, **changes: Any) -> None:
        """Change members of the stored document, as an edit does."""

        def write(tx: Any) -> None:
            before = tx.dashboards.get(dashboard.tenant_id, dashboard.id)
            after = replace(before, document=before.document.model_copy(update=changes))
            tx.dashboards.save(
                after, expected_version=before.version, author_id=self.owner.id, sentence="Changed it"
            )

        await self.world.store.write(write)

    async def tick(self, **delta: float) -> None:
        """Let time pass, then let the clock do its work, to the end."""
        self.world.clock.move(**delta)
        await asyncio.sleep(0)
        await self.jobs.take_due()
        await self.jobs.settled()


def share_of(dashboard: Dashboard) -> str:
    return f"/api/dashboards/{dashboard.id}/share"


def page_of(token: str, *rest: str) -> str:
    return "/".join(("/api/dashboards/shared", token, *rest))


def on_site(tmp_path: Path, work: Callable[[Site], Awaitable[T]], **settings: Any) -> T:
    """Return what `work` returns on a new site."""

    async def run(world: World) -> T:
        given = Settings(data=tmp_path, **settings)
        database = Database()
        source = make.datasource("Warehouse CANARY-SOURCE")

        async def load(tenant_id: str, datasource_id: str) -> Datasource | None:
            return source if (tenant_id, datasource_id) == (source.tenant_id, source.id) else None

        def seconds() -> float:
            return world.clock.moment.timestamp()

        engine = FakeEngine(database.answer)
        runner = Runner(
            Sources(load, lambda _: engine),
            Shelf(10_000_000, seconds),
            Admission(Caps(running=50, running_per_user=50)),
            now=seconds,
            stale_seconds=3_600,
        )
        access, catalogs, defaults = Access(world.store), Catalogs(), Defaults(Limits(), 300)
        camera = Camera(
            world.store,
            access,
            runner,
            catalogs,
            defaults,
            world.clock,
            Definitions(world.store),
            days=given.snapshot_days,
            max_bytes=given.snapshot_max_bytes,
        )
        rates = Rates(given.public_requests_per_minute, given.public_passwords_per_minute)
        pages = PublicPages(
            world.store, world.store.keys, sharing.render, world.clock, rates=rates, max_bytes=10_000_000
        )
        authenticator = Authenticator(world.store, (), world.clock, given)
        app = FastAPI(redirect_slashes=False)
        app.state.tesela = SimpleNamespace(
            settings=given,
            store=world.store,
            access=access,
            authenticator=authenticator,
            camera=camera,
            definitions=Definitions(world.store),
            public_pages=pages,
            clock=world.clock,
        )
        errors.install(app)
        for router in (sharing.router, snapshots.router, dashboards.router):
            app.include_router(router)
        owner = replace(make.user("olga"), name="Olga Owner")
        await world.add(make.tenant(), make.tenant("other"), owner, source)
        keeping = Keeping(
            given.revisions_keep, given.revisions_keep_days, tmp_path / "files", tmp_path / "uploads"
        )
        jobs = Jobs(camera, keeping)
        site = Site(world, app, database, source, camera, pages, jobs, owner, given.trusted_proxies)
        try:
            return await work(site)
        finally:
            await jobs.stop()
            await runner.close()
            for client in site.clients.values():
                await client.aclose()
            await authenticator.close()

    return in_world(f"sqlite:///{tmp_path / 'tesela.db'}", run)
