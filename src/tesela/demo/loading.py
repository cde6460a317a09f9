"""`tesela demo`: the flights as a datasource, and four dashboards over it. Done twice, it changes nothing."""

from __future__ import annotations

import asyncio
import tempfile
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from tesela.app import Folders, open_our_store, utc_now
from tesela.demo import dashboards, data, desk
from tesela.features.people import ensure_first_admin
from tesela.model.dashboard import Dashboard
from tesela.model.datasource import Datasource
from tesela.running.ingest import ingest_many
from tesela.settings import Settings
from tesela.store import Store, Tx, User

NAME = "Flights 2013"
NAMESPACE = uuid.UUID("7e5e1a00-2013-5000-8000-336776000000")


class Bar(Protocol):
    """What a progress bar can do."""

    def update(self, n_steps: int) -> None: ...


Progress = Callable[[str, int], AbstractContextManager[Bar]]
"""(label, length) -> a bar to be entered."""


async def load_demo(settings: Settings, *, progress: Progress) -> list[str]:
    """Return sentences that say what was made. Raises BadRequest when the demo's data are not installed.

    The datasource and the dashboards have ids that follow from the tenant's, so those that are there, changed or
    not, stay as they are. Works while a server runs on the same folder.
    """
    store = await open_our_store(settings)
    try:
        admin = await ensure_first_admin(store, utc_now)
        namespace = uuid.uuid5(NAMESPACE, admin.tenant_id)
        datasource_id = str(uuid.uuid5(namespace, "datasource"))
        said = []
        if await store.read(lambda tx: tx.datasources.get(admin.tenant_id, datasource_id)) is None:
            said.append(await _load_flights(settings, store, admin, datasource_id, progress))
        said += await store.write(lambda tx: desk.add_desk(tx, admin, namespace, datasource_id, utc_now()))
        said += await store.write(lambda tx: _add_dashboards(tx, admin, namespace, datasource_id))
        return said or ["The demo is there already."]
    finally:
        await store.close()


async def _load_flights(
    settings: Settings, store: Store, admin: User, datasource_id: str, progress: Progress
) -> str:
    folders = Folders(settings.data)
    with tempfile.TemporaryDirectory(dir=folders.uploads, prefix="demo-") as name:
        tables = await asyncio.to_thread(data.tables, Path(name))
        with progress("Loading the flights of 2013", 100) as bar:
            ingested = await ingest_many(
                folders.files,
                datasource_id,
                None,
                tables,
                timeout_ms=settings.ingest_timeout_ms,
                on_progress=_steps(bar),
            )
    now = utc_now()
    datasource = Datasource(
        id=datasource_id,
        tenant_id=admin.tenant_id,
        name=NAME,
        kind="duckdb",
        config={"generation": ingested.generation},
        revision=1,
        created_by=admin.id,
        created_at=now,
        updated_at=now,
        is_default=await store.read(lambda tx: tx.datasources.default(admin.tenant_id)) is None,
        is_shared=True,
    )
    await store.write(lambda tx: tx.datasources.add(datasource))
    return f"Loaded 336,776 flights into the datasource '{NAME}'."


def _steps(bar: Bar) -> Callable[[float], None]:
    """Return what moves a bar of 100 steps to a share from 0 to 1, and never back."""
    done = 0

    def move(share: float) -> None:
        nonlocal done
        step = max(0, int(share * 100) - done)
        done += step
        bar.update(step)

    return move


def _add_dashboards(tx: Tx, admin: User, namespace: uuid.UUID, datasource_id: str) -> list[str]:
    """Add those that are missing, all in one write; the first of them last, since lists show the newest first."""
    said = []
    for slug in reversed(dashboards.SLUGS):
        dashboard_id = str(uuid.uuid5(namespace, slug))
        if tx.dashboards.get(admin.tenant_id, dashboard_id) is not None:
            continue
        now = utc_now()
        dashboard = Dashboard(
            id=dashboard_id,
            tenant_id=admin.tenant_id,
            owner_id=admin.id,
            workspace_id=None,
            audience="tenant",
            link=False,
            is_archived=False,
            version=1,
            created_at=now,
            updated_at=now,
            document=dashboards.document(slug, namespace=namespace, datasource_id=datasource_id, now=now),
        )
        sentence = f"Made the demo dashboard '{dashboard.document.name}'"
        tx.dashboards.add(dashboard, author_id=admin.id, sentence=sentence)
        said.append(f"{sentence}.")
    return said
