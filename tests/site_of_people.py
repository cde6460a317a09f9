"""The routes of people and workspaces in this process, with a clock that stands still until it is moved.

What needs engines, or the whole server, is tested with `live`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import httpx
from fastapi import FastAPI

import make
from make import World, in_world
from tesela.features.access import Access
from tesela.features.audit import AuditLog
from tesela.features.issuers import Issuer
from tesela.features.people import create_api_key, ensure_first_admin
from tesela.http import errors
from tesela.http.auth import Authenticator
from tesela.http.platform import auth, people, teams, tenants, workspaces
from tesela.model.caller import Role
from tesela.settings import Settings
from tesela.store import User

T = TypeVar("T")
ORIGIN = "http://tesela.test"
ROUTERS = (
    auth.router,
    people.router,
    teams.router,
    teams.people_router,
    tenants.router,
    workspaces.router,
)


@dataclass
class Site:
    """A store, its first admin, and the routes over it."""

    world: World
    access: Access
    authenticator: Authenticator
    app: FastAPI
    admin: User
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    def client(self, **headers: str) -> httpx.AsyncClient:
        """Return a browser of its own; `headers` with _ for -."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app), base_url=ORIGIN, headers=given
        )
        self.clients.append(client)
        return client

    async def acting(self, user: User) -> httpx.AsyncClient:
        """Return a client with an API key of the user."""
        _, key = await create_api_key(self.world.store, self.world.clock, user)
        return self.client(authorization=f"Bearer {key}")

    async def person(self, name: str, *, role: Role = "editor", tenant_id: str = "default") -> User:
        """Return a new user, of a tenant that is made when it is new."""
        if await self.world.store.read(lambda tx: tx.tenants.get(tenant_id)) is None:
            await self.world.add(make.tenant(tenant_id))
        made = make.user(name, role=role, tenant_id=tenant_id)
        await self.world.add(made)
        return made


def on_site(
    tmp_path: Path,
    work: Callable[[Site], Awaitable[T]],
    *,
    issuers: tuple[Issuer, ...] = (),
    **settings: Any,
) -> T:
    """Return what `work` returns on a new site."""

    async def run(world: World) -> T:
        given = Settings(data=tmp_path, **settings)
        app = FastAPI()
        access = Access(world.store)
        authenticator = Authenticator(world.store, issuers, world.clock, given)
        app.state.tesela = SimpleNamespace(
            settings=given,
            store=world.store,
            access=access,
            authenticator=authenticator,
            clock=world.clock,
            audit=AuditLog(world.store, world.clock),
            files=tmp_path / "files",
        )
        errors.install(app)
        for router in ROUTERS:
            app.include_router(router)
        admin = await ensure_first_admin(world.store, world.clock)
        site = Site(world, access, authenticator, app, admin)
        try:
            return await work(site)
        finally:
            for client in site.clients:
                await client.aclose()
            await authenticator.close()

    return in_world(f"sqlite:///{tmp_path / 'tesela.db'}", run)
