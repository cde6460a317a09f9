"""Schemas of datasources, kept for a while: one look at the database for all who browse."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from tesela.engines.base import Engine
from tesela.model.catalog import Catalog
from tesela.model.datasource import Datasource
from tesela.running.flight import Flights
from tesela.sql.known import KnownTables, known_tables
from tesela.sql.tables import columns_by_table

KEPT = 200
TTL_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Kept:
    """columns, tables: by the schema that unqualified names mean."""

    catalog: Catalog
    until: float
    columns: dict[str | None, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    tables: dict[str | None, KnownTables] = field(default_factory=dict)


def kept_key(datasource: Datasource) -> bytes:
    """Return the key of a datasource's schema at its revision."""
    return f"{datasource.id} {datasource.revision}".encode()


class Catalogs:
    """Catalogs by datasource and revision; a change of the datasource is a new revision."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self.kept: OrderedDict[bytes, Kept] = OrderedDict()
        self._flights: Flights[Catalog] = Flights()

    async def get(self, datasource: Datasource, engine: Engine, *, refresh: bool = False) -> Catalog:
        """Return the catalog, from memory when it is recent. Raises what `engine.catalog` raises."""
        return (await self._get(datasource, engine, refresh=refresh)).catalog

    async def columns(
        self, datasource: Datasource, engine: Engine, schema: str | None
    ) -> dict[str, tuple[str, ...]]:
        """Return the columns of every table by its names in lower case, unqualified ones meaning `schema`."""
        kept = await self._get(datasource, engine, refresh=False)
        if schema not in kept.columns:
            kept.columns[schema] = columns_by_table(kept.catalog, schema=schema)
        return kept.columns[schema]

    async def tables(self, datasource: Datasource, engine: Engine, schema: str | None) -> KnownTables:
        """Return every table by its names, unqualified ones meaning `schema`; the same object for a while."""
        kept = await self._get(datasource, engine, refresh=False)
        if schema not in kept.tables:
            kept.tables[schema] = known_tables(kept.catalog, schema=schema)
        return kept.tables[schema]

    async def _get(self, datasource: Datasource, engine: Engine, *, refresh: bool) -> Kept:
        key = kept_key(datasource)
        kept = self.kept.get(key)
        if kept is not None and not refresh and self._now() < kept.until:
            self.kept.move_to_end(key)
            return kept
        catalog = await self._flights.join(key, engine.catalog)
        kept = self.kept[key] = Kept(catalog, self._now() + TTL_SECONDS)
        self.kept.move_to_end(key)
        while len(self.kept) > KEPT:
            self.kept.popitem(last=False)
        return kept

    async def close(self) -> None:
        """Cancel what is being read."""
        await self._flights.close()
