"""Open doors to datasources: one engine for each revision of each datasource, opened when first asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tesela.engines import ENGINES
from tesela.engines.base import Engine
from tesela.errors import SourceUnavailable
from tesela.model.datasource import Datasource


@dataclass(frozen=True, slots=True)
class Source:
    """A datasource with its open engine."""

    datasource: Datasource
    engine: Engine


KINDS: tuple[str, ...] = tuple(ENGINES)
"""The kinds of database that there are engines for."""

DIALECTS: dict[str, str] = {kind: engine.dialect for kind, engine in ENGINES.items()}
"""The SQL parser's name of the dialect of each kind."""

Load = Callable[[str, str], Awaitable[Datasource | None]]
"""(tenant_id, datasource_id) -> the datasource with its secrets, or None."""


class Sources:
    """Engines by datasource. `forget` after a change: the next query opens the new revision."""

    def __init__(self, load: Load, open_engine: Callable[[Datasource], Engine]) -> None:
        self._load = load
        self._open = open_engine
        self._sources: dict[tuple[str, str], Source] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def peek(self, tenant_id: str, datasource_id: str) -> Source | None:
        """Return the open source from memory, or None when it has to be loaded."""
        return self._sources.get((tenant_id, datasource_id))

    async def get(self, tenant_id: str, datasource_id: str) -> Source:
        """Return the source. Raises SourceUnavailable when the datasource is gone."""
        found = self._sources.get((tenant_id, datasource_id))
        if found is not None:
            return found
        datasource = await self._load(tenant_id, datasource_id)
        if datasource is None:
            raise SourceUnavailable("The datasource of this tile no longer exists; choose another one")
        opened = self._sources.get((tenant_id, datasource_id))  # another request may have been first
        if opened is None or opened.datasource.revision < datasource.revision:
            opened = self._sources[tenant_id, datasource_id] = Source(datasource, self._open(datasource))
        return opened

    def open_unshared(self, datasource: Datasource) -> Engine:
        """Return an engine of its own for a datasource that may not be stored; the caller closes it."""
        return self._open(datasource)

    def forget(self, tenant_id: str, datasource_id: str) -> None:
        """Drop what is open for a datasource that changed; its queries in flight may finish."""
        source = self._sources.pop((tenant_id, datasource_id), None)
        if source is not None:
            task = asyncio.get_running_loop().create_task(self._close_later(source))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def _close_later(self, source: Source, grace_seconds: float = 60) -> None:
        try:
            await asyncio.sleep(grace_seconds)
        finally:
            await source.engine.close()

    async def close(self) -> None:
        for task in list(self._closing):
            task.cancel()
        if self._closing:
            await asyncio.wait(self._closing)
        for source in self._sources.values():
            await source.engine.close()
        self._sources.clear()


def dialect_of(datasource: Datasource) -> str:
    """Return the SQL parser's name of the datasource's dialect."""
    return DIALECTS[datasource.kind]
