"""Every database that Tesela can ask: `ENGINES` is the whole list. A driver is imported when it is first used."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from tesela.engines.base import Engine
from tesela.engines.workers import WorkerPool
from tesela.errors import BadRequest
from tesela.model.datasource import Datasource


@dataclass(frozen=True, slots=True)
class Known:
    """One kind of database. dialect: the SQL parser's name for it. place: the module and class of its engine."""

    kind: str
    dialect: str
    place: tuple[str, str]

    def load(self) -> type[Any]:
        """Return the engine's class, importing its driver."""
        module, name = self.place
        found: type[Any] = getattr(import_module(f"tesela.engines.{module}"), name)
        return found


ENGINES: dict[str, Known] = {
    known.kind: known
    for known in (
        Known("duckdb", "duckdb", ("duckdb", "DuckDB")),
        Known("sqlite", "sqlite", ("sqlite", "SQLite")),
        Known("postgresql", "postgres", ("postgresql", "PostgreSQL")),
    )
}


def open_engine(source: Datasource, pool: WorkerPool, files: Path) -> Engine:
    """Return an open door to a datasource; nothing is connected before the first query.

    files: the folder of embedded data. Raises BadRequest for an unknown kind or a config without its fields.
    """
    known = ENGINES.get(source.kind)
    if known is None:
        raise BadRequest(f"type must be one of {', '.join(sorted(ENGINES))}")
    opened: Engine = known.load()(source, pool, files)
    return opened
