"""Every database that Tesela can ask: `ENGINES` is the whole list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tesela.engines.base import Engine
from tesela.engines.duckdb import DuckDB
from tesela.engines.postgresql import PostgreSQL
from tesela.engines.sqlite import SQLite
from tesela.engines.workers import WorkerPool
from tesela.errors import BadRequest
from tesela.model.datasource import Datasource

ENGINES: dict[str, type[Any]] = {engine.kind: engine for engine in (DuckDB, SQLite, PostgreSQL)}


def open_engine(source: Datasource, pool: WorkerPool, files: Path) -> Engine:
    """Return an open door to a datasource; nothing is connected before the first query.

    files: the folder of embedded data. Raises BadRequest for an unknown kind or a config without its fields.
    """
    engine = ENGINES.get(source.kind)
    if engine is None:
        raise BadRequest(f"type must be one of {', '.join(sorted(ENGINES))}")
    opened: Engine = engine(source, pool, files)
    return opened
