"""The server, put together: `build_app(settings)`."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from starlette.types import ASGIApp, Lifespan, Message, Receive, Scope, Send

import tesela
from tesela import logs
from tesela.engines import open_engine
from tesela.engines.workers import WorkerPool
from tesela.errors import TeselaError
from tesela.features.access import Access
from tesela.features.ai import Models
from tesela.features.assembly import Assemblies
from tesela.features.audit import AuditLog
from tesela.features.data import Defaults
from tesela.features.definitions import Definitions
from tesela.features.forecast import Forecaster
from tesela.features.people import ensure_first_admin
from tesela.features.public_pages import PublicPages, Rates
from tesela.features.snapshots import Camera
from tesela.features.tenants import KnownLimits
from tesela.http import errors, openapi, web_app
from tesela.http.audited import Audited
from tesela.http.auth import Authenticator, load_issuers
from tesela.http.bi import dashboards as bi_dashboards
from tesela.http.bi import data as bi_data
from tesela.http.bi import metrics as bi_metrics
from tesela.http.bi import sharing as bi_sharing
from tesela.http.bi import templates as bi_templates
from tesela.http.bi import widgets as bi_widgets
from tesela.http.cached import CachedViews
from tesela.http.cors import CrossOrigin
from tesela.http.deps import Services
from tesela.http.edge import Edge
from tesela.http.metrics import Metrics
from tesela.http.platform import (
    ai,
    audit,
    auth,
    conversations,
    datasources,
    embed,
    health,
    people,
    policies,
    teams,
    tenants,
    uploads,
    workspaces,
)
from tesela.http.public import PublicViews
from tesela.http.qry import (
    bundles,
    checkpoints,
    dashboards,
    data,
    explain,
    export,
    filters,
    forecast,
    interactivity,
    pages,
    qa,
    revisions,
    sharing,
    snapshots,
    sql_assist,
    suggestions,
    tiles,
)
from tesela.jobs import Jobs, Keeping
from tesela.model.datasource import Datasource
from tesela.model.result import Limits
from tesela.running.admission import Admission, Caps
from tesela.running.catalog import Catalogs
from tesela.running.queries import Queries
from tesela.running.runner import Runner
from tesela.running.shelf import Shelf
from tesela.running.sources import Sources
from tesela.running.spool import Spools
from tesela.running.views import Views
from tesela.running.visible import Visible
from tesela.settings import Settings
from tesela.store import Keys, Store, open_store

ROUTERS = (
    health.router,
    auth.router,
    people.router,
    policies.router,
    teams.router,
    teams.people_router,
    tenants.router,
    embed.router,
    audit.router,
    workspaces.router,
    ai.router,
    conversations.router,
    uploads.router,
    datasources.router,
    sharing.router,
    data.router,
    interactivity.router,
    sql_assist.router,
    suggestions.router,
    explain.router,
    forecast.router,
    qa.router,
    export.router,
    filters.router,
    pages.router,
    tiles.router,
    bundles.router,
    revisions.router,
    checkpoints.router,
    snapshots.router,
    dashboards.router,
    bi_templates.router,
    bi_data.router,
    bi_widgets.router,
    bi_sharing.router,
    bi_dashboards.router,
    bi_metrics.router,
)


def utc_now() -> dt.datetime:
    """Return the present moment: the one clock of the server."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Folders:
    """Where the embedded default keeps its state, all under one folder."""

    root: Path

    @property
    def store_url(self) -> str:
        return f"sqlite:///{(self.root / 'tesela.db').absolute()}"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets.json"

    @property
    def files(self) -> Path:
        return self.root / "files"

    @property
    def uploads(self) -> Path:
        return self.root / "uploads"

    @property
    def temp(self) -> Path:
        return self.root / "temp"

    def make(self) -> None:
        """Make them, readable by their owner only."""
        for folder in (self.root, self.files, self.uploads, self.temp):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)


async def open_our_store(settings: Settings) -> Store:
    """Return the store, migrated, with its first tenant and admin. Raises TeselaError with one sentence."""
    folders = Folders(settings.data)
    folders.make()
    keys = Keys.load_or_create(settings.secrets_file or folders.secrets)
    store = await open_store(settings.store_url or folders.store_url, keys=keys, clock=utc_now)
    await store.migrate()
    await ensure_first_admin(store, utc_now)
    return store


def build_services(settings: Settings, store: Store) -> Services:
    """Return everything that lives as long as the server, over an open store. Needs a running event loop."""
    folders = Folders(settings.data)
    pool = WorkerPool(
        settings.engine_workers,
        settings.engine_memory_bytes,
        settings.engine_threads,
        settings.engine_temp_bytes,
        folders.temp,
        files=folders.files,
    )

    async def load(tenant_id: str, datasource_id: str) -> Datasource | None:
        return await store.read(lambda tx: tx.datasources.get(tenant_id, datasource_id, secrets=True))

    sources = Sources(load, lambda datasource: open_engine(datasource, pool, folders.files))
    shelf = Shelf(settings.cache_max_bytes, time.monotonic)
    caps = Caps(
        settings.running_per_datasource,
        settings.running_per_user,
        settings.queued_per_datasource,
        settings.queue_wait_ms,
    )
    runner = Runner(
        sources,
        shelf,
        Admission(caps, KnownLimits(store).concurrent_queries),
        now=time.monotonic,
        stale_seconds=settings.cache_stale_seconds,
    )
    assemblies = Assemblies(shelf, settings.cache_max_bytes // 4)
    audit_log = AuditLog(store, utc_now)
    metrics = Metrics()
    metrics.watch(runner, assemblies, audit_log)
    limits = Limits(settings.tile_max_rows, settings.tile_max_bytes, settings.statement_timeout_ms)
    access = Access(store)

    catalogs = Catalogs()
    definitions = Definitions(store)
    defaults = Defaults(limits, settings.cache_ttl_seconds)

    def changed(kind: str, tenant_id: str, id_: str) -> None:
        if kind == "datasource":
            sources.forget(tenant_id, id_)
            assemblies.clear()
        elif kind == "metric":
            assemblies.clear()

    store.on_change(changed)
    return Services(
        settings=settings,
        store=store,
        access=access,
        audit=audit_log,
        authenticator=Authenticator(store, load_issuers(settings.issuers_file), utc_now, settings),
        sources=sources,
        runner=runner,
        assemblies=assemblies,
        camera=Camera(
            store,
            access,
            runner,
            catalogs,
            defaults,
            utc_now,
            definitions,
            days=settings.snapshot_days,
            max_bytes=settings.snapshot_max_bytes,
        ),
        public_pages=PublicPages(
            store,
            store.keys,
            sharing.render,
            utc_now,
            rates=Rates(settings.public_requests_per_minute, settings.public_passwords_per_minute),
            max_bytes=settings.public_cache_max_bytes,
        ),
        defaults=defaults,
        catalogs=catalogs,
        definitions=definitions,
        visible=Visible(sources, runner.shelf, catalogs),
        queries=Queries(),
        views=Views(),
        metrics=metrics,
        models=Models(store, settings.ai_hosts, utc_now),
        pool=pool,
        files=folders.files,
        uploads=folders.uploads,
        spools=Spools(folders.temp, settings.export_disk_bytes),
        forecaster=Forecaster(),
        clock=utc_now,
    )


async def close_services(services: Services) -> None:
    """Cancel what runs, tell the databases, and let go of files and connections."""
    services.forecaster.close()
    await services.runner.close()
    await services.catalogs.close()
    await services.sources.close()
    await services.pool.close()
    await services.authenticator.close()
    await services.audit.close()
    await services.models.close()
    await services.store.close()


def build_app(settings: Settings) -> ASGIApp:
    """Return the whole server as one ASGI application; its parts are opened when it starts."""
    logs.configure(settings.log_level, settings.log_format)
    entry = Entry()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            store = await open_our_store(settings)
            services = build_services(settings, store)
        except TeselaError as error:
            entry.why_not = error.sentence
            raise
        app.state.tesela = services
        entry.app = CrossOrigin(
            CachedViews(
                PublicViews(
                    Edge(
                        Audited(app, audit=services.audit, trusted_proxies=settings.trusted_proxies),
                        body_max_bytes=settings.body_max_bytes,
                        metrics=services.metrics,
                    ),
                    pages=services.public_pages,
                    trusted_proxies=settings.trusted_proxies,
                ),
                authenticator=services.authenticator,
                access=services.access,
                assemblies=services.assemblies,
                now=time.monotonic,
                clock=services.clock,
            ),
            origins=settings.cors_origins,
        )
        store.start_watching()
        services.audit.start()
        jobs = Jobs(
            services.camera,
            Keeping(
                settings.revisions_keep,
                settings.revisions_keep_days,
                services.files,
                services.uploads,
                settings.audit_days,
                settings.conversation_days,
            ),
        )
        jobs.start()
        try:
            yield
        finally:
            await jobs.stop()
            await close_services(services)

    entry.app = describe_app(lifespan=lifespan)
    return entry


class Entry:
    """What the server calls: the bare application until it has started, then with its edge around it.

    why_not: what a person is told, instead of a traceback, when it could not start.
    """

    app: ASGIApp
    why_not: str | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "lifespan.startup.failed" and self.why_not is not None:
                message = {**message, "message": self.why_not}
            await send(message)

        await self.app(scope, receive, told)


def describe_app(lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    """Return the routes, with nothing behind them yet: enough to describe the API."""
    app = FastAPI(
        title="Tesela",
        version=tesela.__version__,
        description="Dashboards that are quick, honest and safe to share.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        redirect_slashes=False,
        lifespan=lifespan,
    )
    errors.install(app)
    openapi.install(app)
    for router in ROUTERS:
        app.include_router(router)
    web_app.install(app)
    return app
