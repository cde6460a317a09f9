"""Schemas of datasources, kept for a while: one look at the database for all who browse."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from tesela.engines.base import Engine
from tesela.model.catalog import Catalog
from tesela.model.datasource import Datasource
from tesela.running.flight import Flights

KEPT = 200
TTL_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class _Kept:
    catalog: Catalog
    until: float


class Catalogs:
    """Catalogs by datasource and revision; a change of the datasource is a new revision."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self._flights: Flights[Catalog] = Flights()

    async def get(self, datasource: Datasource, engine: Engine, *, refresh: bool = False) -> Catalog:
        """Return the catalog, from memory when it is recent. Raises what `engine.catalog` raises."""
        key = f"{datasource.id} {datasource.revision}".encode()
        kept = self._kept.get(key)
        if kept is not None and not refresh and self._now() < kept.until:
            self._kept.move_to_end(key)
            return kept.catalog
        catalog = await self._flights.join(key, engine.catalog)
        self._kept[key] = _Kept(catalog, self._now() + TTL_SECONDS)
        self._kept.move_to_end(key)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return catalog

    async def close(self) -> None:
        """Cancel what is being read."""
        await self._flights.close()
