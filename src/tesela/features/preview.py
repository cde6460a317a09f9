"""A tile that is not saved yet, run for its author."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from tesela.errors import BadRequest
from tesela.features.access import Access
from tesela.features.definitions import Book
from tesela.features.metric_tiles import check_use
from tesela.features.tiles import checked_fields
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard, Tile


async def unsaved_tile(
    access: Access,
    caller: Caller,
    dashboard: Dashboard,
    wanted: Mapping[str, Any],
    clock: Callable[[], dt.datetime],
    book: Book | None = None,
) -> Tile:
    """Return the tile that `wanted` describes, checked, on no place. Needs `use` of its datasource, or metrics."""
    sent = {key: value for key, value in wanted.items() if value is not None}
    fields = checked_fields({"title": "Preview", "tile_type": "table", **sent}, None)
    if fields["metric_query"] is not None:
        fields["datasource_id"] = check_use(book or Book({}), caller, fields["metric_query"])
    elif fields["datasource_id"] is None:
        raise BadRequest("A text tile has no data to preview")
    else:
        await access.datasource_named(caller, "use", fields["datasource_id"], "datasource_id")
    now = clock()
    return Tile(
        id=str(uuid.uuid4()),
        page_id=dashboard.document.pages[0].id,
        created_at=now,
        updated_at=now,
        grid_x=0,
        grid_y=0,
        grid_w=1,
        grid_h=1,
        **fields,
    )
