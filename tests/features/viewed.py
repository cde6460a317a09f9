"""A tile in a state of its dashboard, bound as a request would bind it, without a server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import make
from engines.opened import a_source
from tesela.engines.base import Engine
from tesela.features.viewing import BoundTile, State, bound, view
from tesela.model.caller import Caller
from tesela.model.dashboard import Tile
from tesela.model.datasource import Datasource
from tesela.running.catalog import Catalogs
from tesela.running.sources import Source

WHO = Caller("user-1", "default", "editor", "ana@example.org", "Ana")


class KnownTables(Catalogs):
    """Catalogs that know one set of tables and ask no database."""

    def __init__(self, tables: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.tables = {name: tuple(columns) for name, columns in tables.items()}

    async def columns(
        self, datasource: Datasource, engine: Engine, schema: str | None
    ) -> dict[str, tuple[str, ...]]:
        return self.tables


async def bound_tile(
    catalogs: Catalogs,
    kind: str,
    query: str,
    state: State,
    *,
    config: Mapping[str, Any] | None = None,
    filters: Sequence[dict[str, Any]] = (),
    sql: str | None = None,
    source: Source | None = None,
    declared: str = "name",
) -> BoundTile:
    """Return the statement of a tile with this query. sql: another one of the tile's, as its detail query.

    The clicks of `state` come from the tile `clicked`, which declares one column.
    """
    config = {"cross_filter_enabled": True, **(config or {})}
    tile = make.tile("source", query=query, chart_config=config, schema=None)
    clicked: Tile = make.tile(
        "source", id="clicked", chart_config={"xField": declared, "cross_filter_enabled": True}
    )
    dashboard = make.dashboard(make.user(), "Hostile", tile, clicked)
    document = dashboard.document.model_copy(update={"filters": tuple(filters)})
    dashboard = replace(dashboard, document=document)
    known = source or Source(a_source(kind, {}), cast(Engine, None))
    return await bound(
        catalogs,
        WHO,
        known,
        tile,
        sql or query,
        view(dashboard, state, now=make.START),
        drill_path=state.drill_path,
        dimensions=state.dimensions,
    )
