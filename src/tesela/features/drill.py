"""Drill: a tile one or more levels down its hierarchy."""

from __future__ import annotations

from tesela.errors import BadRequest
from tesela.features.data import Asking, TileAnswer, run_tile
from tesela.model.dashboard import Tile
from tesela.model.drill import levels_of, read_path


async def drill_tile(asking: Asking, tile: Tile) -> TileAnswer:
    """Return the tile's answer at the end of `asking.drill_path`; an empty path is the top.

    Raises BadRequest for a step that is none of the tile's levels, also when the query would not look at it.
    """
    levels = levels_of(tile.chart_config)
    if not levels:
        raise BadRequest("This tile has no drill_levels in its chart_config")
    read_path(levels, asking.drill_path)
    return await run_tile(asking, tile)
