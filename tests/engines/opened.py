"""Engines for tests, opened and closed around one scenario."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from tesela.engines import open_engine
from tesela.engines.base import Engine
from tesela.engines.workers import WorkerPool
from tesela.model.datasource import Datasource

MEGABYTE = 1_000_000
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def a_source(
    kind: str, config: Mapping[str, Any], secrets: Mapping[str, str] | None = None, id_: str = "source"
) -> Datasource:
    return Datasource(
        id=id_,
        tenant_id="default",
        name="A source",
        kind=kind,
        config=config,
        revision=1,
        created_by=None,
        created_at=NOW,
        updated_at=NOW,
        secrets=secrets or {},
    )


def duckdb_file(folder: Path, *statements: str, id_: str = "source", generation: int = 1) -> Path:
    """Make the file of an embedded datasource."""
    path = folder / f"{id_}.{generation}.duckdb"
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path


@contextlib.asynccontextmanager
async def a_pool(
    folder: Path, *, size: int = 1, memory: int = 1_000 * MEGABYTE, idle_seconds: float = 60
) -> AsyncIterator[WorkerPool]:
    pool = WorkerPool(
        size, memory, 2, 2_000 * MEGABYTE, folder / "temp", files=folder, idle_seconds=idle_seconds
    )
    try:
        yield pool
    finally:
        await pool.close()


@contextlib.asynccontextmanager
async def an_engine(source: Datasource, folder: Path, **pool_options: int) -> AsyncIterator[Engine]:
    async with a_pool(folder, **pool_options) as pool:
        engine = open_engine(source, pool, folder)
        try:
            yield engine
        finally:
            await engine.close()
