"""Which charts suit rows that the caller already has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

from tesela.analytics.charts import suggest
from tesela.errors import BadRequest
from tesela.model.result import ColumnType
from tesela.model.rows import Rows

MOST_ROWS = 1_000
MOST_COLUMNS = 200


def suggested(
    columns: Sequence[str], types: Mapping[str, str], rows: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return up to three suggestions as {tile_type, chart_type, chart_config, why}, the best first.

    types: as a tile's answer names them; one that is not known counts as text. Raises BadRequest.
    """
    if not columns or len(columns) > MOST_COLUMNS or len(set(columns)) < len(columns):
        raise BadRequest(f"columns must be 1 to {MOST_COLUMNS} different names")
    if len(rows) > MOST_ROWS:
        raise BadRequest(f"rows may be at most {MOST_ROWS:,}: send a sample")
    known = get_args(ColumnType)
    checked = {name: types.get(name) if types.get(name) in known else "text" for name in columns}
    given = Rows(tuple(columns), cast("Mapping[str, ColumnType]", checked), rows)
    return [
        {
            "tile_type": one.tile_type,
            "chart_type": one.chart_type,
            "chart_config": dict(one.chart_config),
            "why": one.why,
        }
        for one in suggest(given)
    ]
