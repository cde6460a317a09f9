"""Detail: the rows behind a click, by the tile's own `detail_query`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tesela.errors import BadRequest
from tesela.features.data import Asking
from tesela.model.dashboard import Tile
from tesela.running.runner import Answered, rows_bytes

MOST_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Detail:
    """The rows, and the names of filters that could not narrow them."""

    answered: Answered
    ignored: tuple[str, ...]

    def body(self) -> bytes:
        """Return the answer as JSON: columns, rows, and the facts about them."""
        return rows_bytes(self.answered.shelved.result, filters_ignored=self.ignored)


async def detail_rows(
    asking: Asking, tile: Tile, dimensions: Mapping[str, Any], *, max_rows: int | None, default_rows: int
) -> Detail:
    """Return the rows of `detail_query` for the clicked dimensions, in the state of the view.

    dimensions: values by column of the tile; null is a value. max_rows: 1 to 50,000.
    Raises BadRequest, and the QueryError of a query that fails: unlike a tile's data it is no part of the answer.
    """
    query = tile.chart_config.get("detail_query")
    if not query:
        raise BadRequest("This tile has no detail_query in its chart_config")
    if max_rows is not None and not 1 <= max_rows <= MOST_ROWS:
        raise BadRequest(f"max_rows must be between 1 and {MOST_ROWS}")
    asked = await asking.question(tile, query, dimensions=dimensions, max_rows=max_rows or default_rows)
    answered = await asking.runner.run(asked.question)
    return Detail(answered, (*asking.viewing.chosen.ignored, *asked.ignored))
