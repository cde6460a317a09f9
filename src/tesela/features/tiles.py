"""Tiles: add, update, delete, and the layout of many at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from tesela.errors import BadRequest, Conflict, Forbidden, NotFound, QueryError
from tesela.features import checks
from tesela.features.definitions import book_of
from tesela.features.editing import Edit, Editor
from tesela.features.metric_tiles import check_use, written
from tesela.model.charts import CHART_CONFIGS, check_config
from tesela.model.dashboard import ChartType, Dashboard, Document, Tile, TileType
from tesela.model.drill import levels_of
from tesela.model.grid import Place, check_place, first_free, push_down
from tesela.model.metric import read_metric_query
from tesela.running.compiling import beside, compiled
from tesela.running.sources import dialect_of
from tesela.sql.check import check_detail_sql, check_sql
from tesela.sql.names import known_columns, resolve_field
from tesela.sql.rewrite import objection

NOT_FOUND = "Tile not found or access denied"
MAX_TILES = 200
CONTENT_LENGTH = 100_000
DEFAULT_SIZE: dict[str, tuple[int, int]] = {"chart": (6, 4), "kpi": (3, 2), "table": (6, 4), "text": (6, 2)}
"""(width, height) in cells of a tile that says nothing of its own."""


SOURCE = frozenset({"query", "metric_query", "datasource_id", "catalog", "schema_", "chart_config"})
"""Members that say what is asked where; the right to it was checked for all of them together."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where one tile of a bulk layout goes; page_id: None leaves it on its page."""

    tile_id: str
    place: Place
    page_id: str | None = None


async def add_tile(editor: Editor, dashboard_id: str, wanted: Mapping[str, Any]) -> tuple[Dashboard, Tile]:
    """Return the dashboard with a new tile, and the tile. `wanted`: the members that were sent."""
    await editor.access.dashboard(editor.caller, "edit", dashboard_id)
    now = editor.clock()
    tile_id = checks.uuid_field(wanted["id"], "id") if wanted.get("id") else str(uuid.uuid4())
    fields = checked_fields(wanted, None)
    await _check_source(editor, fields, None, changed=set(fields))

    def make(document: Document) -> Edit:
        if any(tile.id == tile_id for tile in document.tiles):
            raise BadRequest("id: the dashboard already has a tile with this id")
        if len(document.tiles) >= MAX_TILES:
            raise BadRequest(f"A dashboard can have at most {MAX_TILES} tiles")
        page_id = page_of(document, wanted.get("page_id"))
        place = _new_place(document, page_id, fields["tile_type"], wanted)
        tile = Tile(id=tile_id, page_id=page_id, created_at=now, updated_at=now, **fields, **_grid(place))
        settled = _settle(document.model_copy(update={"tiles": (*document.tiles, tile)}), page_id, [tile_id])
        return Edit(settled, f"Added the tile '{tile.title}'")

    dashboard = await editor.change(dashboard_id, make)
    return dashboard, tile_of(dashboard, tile_id)


Change = Callable[[Tile], Mapping[str, Any]]
"""Given a tile as it is, the members that change: for one who says them in other words than a tile's."""


async def update_tile(
    editor: Editor, dashboard_id: str, tile_id: str, said: Mapping[str, Any] | Change
) -> tuple[Dashboard, Tile]:
    """Return the dashboard with the tile changed, and the tile. `said`: the members that were sent."""
    dashboard = await editor.access.dashboard(editor.caller, "edit", dashboard_id)
    current = tile_of(dashboard, tile_id)
    change: Change = said if callable(said) else lambda _: said
    fields = checked_fields(change(current), current)
    await _check_source(editor, fields, current, changed=_changed(fields, current))
    now = editor.clock()

    def make(document: Document) -> Edit:
        before = find_tile(document, tile_id)
        wanted = change(before)
        page_id = page_of(document, wanted["page_id"]) if wanted.get("page_id") else before.page_id
        place = _moved_place(before, wanted)
        merged = checked_fields(wanted, before)
        if merged["metric_query"] is not None:
            merged["datasource_id"] = fields["datasource_id"]
        if _changed(merged, before) & SOURCE and any(merged[key] != fields[key] for key in SOURCE):
            raise Conflict("The tile was changed meanwhile; load the dashboard again and repeat your change")
        update = {**merged, **_grid(place), "page_id": page_id}
        if all(getattr(before, key) == value for key, value in update.items()):
            return Edit(document, "")
        after = before.model_copy(update={**update, "updated_at": now})
        changed = document.model_copy(
            update={"tiles": tuple(after if tile.id == tile_id else tile for tile in document.tiles)}
        )
        return Edit(_settle(changed, page_id, [tile_id]), _update_sentence(before, after))

    dashboard = await editor.change(dashboard_id, make)
    return dashboard, tile_of(dashboard, tile_id)


async def delete_tile(editor: Editor, dashboard_id: str, tile_id: str) -> Dashboard:
    """Return the dashboard without the tile. Raises NotFound."""

    def make(document: Document) -> Edit:
        gone = find_tile(document, tile_id)
        kept = tuple(tile for tile in document.tiles if tile.id != gone.id)
        return Edit(document.model_copy(update={"tiles": kept}), f"Deleted the tile '{gone.title}'")

    return await editor.change(dashboard_id, make)


async def lay_out(editor: Editor, dashboard_id: str, layouts: Sequence[Placed]) -> Dashboard:
    """Return the dashboard with all the tiles moved, or raise and move none."""
    named = [placed.tile_id for placed in layouts]
    if len(set(named)) != len(named):
        raise BadRequest("layouts: a tile is named twice")
    for placed in layouts:
        check_place(placed.place)

    def make(document: Document) -> Edit:
        moves = {placed.tile_id: placed for placed in layouts}
        known = {tile.id for tile in document.tiles}
        if unknown := [tile_id for tile_id in named if tile_id not in known]:
            raise BadRequest(f"layouts: the dashboard has no tile {unknown[0]}")
        tiles = tuple(
            _moved(document, tile, moves[tile.id]) if tile.id in moves else tile for tile in document.tiles
        )
        changed = document.model_copy(update={"tiles": tiles})
        for page in document.pages:
            changed = _settle(changed, page.id, named)
        count = len(named)
        return Edit(changed, f"Moved {count} tile{'' if count == 1 else 's'}")

    return await editor.change(dashboard_id, make)


def tile_of(dashboard: Dashboard, tile_id: str) -> Tile:
    """Return the tile. Raises NotFound, in the same words for a malformed id."""
    return find_tile(dashboard.document, tile_id)


def find_tile(document: Document, tile_id: str) -> Tile:
    wanted = tile_id.lower()
    for tile in document.tiles:
        if tile.id == wanted:
            return tile
    raise NotFound(NOT_FOUND)


def page_of(document: Document, page_id: str | None) -> str:
    """Return the id of a page of the document; None means the first. Raises BadRequest."""
    if page_id is None:
        return document.pages[0].id
    if page_id not in (page.id for page in document.pages):
        raise BadRequest("page_id: the dashboard has no page with this id")
    return page_id


def in_grid_order(document: Document) -> list[Tile]:
    """Return the tiles page by page, each from the top left to the bottom right."""
    pages = {page.id: number for number, page in enumerate(document.pages)}
    return sorted(document.tiles, key=lambda tile: (pages[tile.page_id], tile.grid_y, tile.grid_x, tile.id))


def field_warnings(config: Mapping[str, Any], columns: Sequence[str]) -> list[str]:
    """Return one sentence for each field of `config` that names no column."""
    warnings = []
    for key, value in config.items():
        if not key.endswith(("Field", "Fields")):
            continue
        for wanted in value if isinstance(value, list) else [value]:
            if isinstance(wanted, str) and wanted and resolve_field(wanted, columns) is None:
                warnings.append(f"{key}: the query has no column {wanted}")
    return warnings


def checked_fields(wanted: Mapping[str, Any], before: Tile | None) -> dict[str, Any]:
    """Return the checked members of a tile, its page and place apart; what was not sent comes from `before`."""

    def sent(key: str) -> Any:
        if key in wanted:
            return wanted[key]
        return None if before is None else getattr(before, "schema_" if key == "schema" else key)

    tile_type = _tile_type(sent("tile_type"))
    chart_type = _chart_type(sent("chart_type"), tile_type)
    config = sent("chart_config") or {}
    check_config(tile_type, chart_type, config)
    is_text = tile_type == "text"
    replaces_metrics = bool(wanted.get("query")) and "metric_query" not in wanted
    metric_query = None if is_text or replaces_metrics else sent("metric_query")
    if metric_query is not None:
        read_metric_query(metric_query)
    is_asking_metrics = metric_query is not None
    content = sent("content")
    if is_text and content is None:
        content = config.get("content") or sent("query") or ""
    return {
        "title": checks.name(sent("title"), "title", required_as="Tile title"),
        "tile_type": tile_type,
        "chart_type": chart_type,
        "datasource_id": _datasource_id(
            sent("datasource_id"), is_needed=not is_text and not is_asking_metrics
        ),
        "catalog": checks.text(sent("catalog"), "catalog", at_most=checks.NAME_LENGTH),
        "schema_": checks.text(sent("schema"), "schema", at_most=checks.NAME_LENGTH),
        "query": None if is_text or is_asking_metrics else _query(sent("query")),
        "metric_query": metric_query,
        "content": (checks.text(content, "content", at_most=CONTENT_LENGTH) or "") if is_text else None,
        "chart_config": config,
        "cache_ttl_seconds": checks.cache_ttl(sent("cache_ttl_seconds")),
    }


async def save_warnings(editor: Editor, tile: Tile) -> list[str]:
    """Return what a saved tile's author should know, as far as its text tells.

    Fields that name no column of the query, and levels that it can never be drilled by.
    """
    if tile.metric_query is not None and tile.datasource_id is not None:
        book = await book_of(editor.store, editor.caller.tenant_id)
        source = await editor.access.datasource_kind(editor.caller.tenant_id, tile.datasource_id)
        return field_warnings(tile.chart_config, written(book, tile.metric_query, dialect_of(source)).columns)
    if tile.query is None or tile.datasource_id is None:
        return []
    try:
        source = await editor.access.datasource(editor.caller, "use", tile.datasource_id)
    except (Forbidden, NotFound):
        return []  # one who may move tiles but not write SQL
    template = await compiled(tile.query, dialect_of(source))
    columns = known_columns(template.tree, template.names)
    warnings = [] if columns is None or template.slots else field_warnings(tile.chart_config, columns)
    why_not = await beside(tile.query, objection, template, levels_of(tile.chart_config))
    return warnings + ([f"drill_levels: the tile cannot be drilled: {why_not}"] if why_not else [])


def _tile_type(value: Any) -> TileType:
    kinds = get_args(TileType)
    if value is None:
        raise BadRequest(f"tile_type is required: one of {', '.join(kinds)}")
    if value not in kinds:
        raise BadRequest(f"tile_type must be one of {', '.join(kinds)}")
    found: TileType = value
    return found


def _chart_type(value: Any, tile_type: TileType) -> ChartType | None:
    known = ", ".join(CHART_CONFIGS)
    if value is not None and value not in CHART_CONFIGS:
        raise BadRequest(f"chart_type must be one of {known}")
    if tile_type != "chart":
        return None
    if value is None:
        raise BadRequest(f"chart_type is required for a chart: one of {known}")
    found: ChartType = value
    return found


def _datasource_id(value: str | None, *, is_needed: bool) -> str | None:
    if not is_needed:
        return None
    if not value:
        raise BadRequest("datasource_id is required for a tile with a query")
    return checks.uuid_field(value, "datasource_id")


def _query(value: str | None) -> str:
    if value is None or not value.strip():
        raise BadRequest("query is required")
    return value


def _changed(fields: Mapping[str, Any], before: Tile) -> set[str]:
    changed = {key for key, value in fields.items() if getattr(before, key) != value}
    if "chart_config" in changed:
        detail = fields["chart_config"].get("detail_query")
        if detail == before.chart_config.get("detail_query"):
            changed.discard("chart_config")
    return changed


async def _check_source(
    editor: Editor, fields: dict[str, Any], before: Tile | None, *, changed: set[str]
) -> None:
    """Check SQL and the right to it when something of the SQL changed. Works while the database is down.

    A query of metrics brings its own datasource, and needs no right to it: that is what metrics are for.
    """
    if fields["metric_query"] is not None:
        await _check_metrics(editor, fields, before, changed=changed)
        return
    if fields["query"] is None or not changed & SOURCE:
        return
    detail_query = fields["chart_config"].get("detail_query")
    if changed & {"query", "datasource_id", "catalog", "schema_"} or detail_query:
        source = await editor.access.datasource_named(
            editor.caller, "use", fields["datasource_id"], "datasource_id"
        )
        dialect = dialect_of(source)
        await beside(fields["query"], _named, "query", fields["query"], dialect)
        if detail_query:
            await beside(detail_query, check_detail_sql, detail_query, dialect)


async def _check_metrics(
    editor: Editor, fields: dict[str, Any], before: Tile | None, *, changed: set[str]
) -> None:
    """Check a query of metrics and write its datasource into `fields`; a detail query of it is SQL like any."""
    former = before.metric_query if before is not None else None
    if before is not None and former == fields["metric_query"] and "chart_config" not in changed:
        fields["datasource_id"] = before.datasource_id
        return
    book = await book_of(editor.store, editor.caller.tenant_id)
    fields["datasource_id"] = check_use(book, editor.caller, fields["metric_query"], former)
    source = await editor.access.datasource_kind(editor.caller.tenant_id, fields["datasource_id"])
    try:
        written(book, fields["metric_query"], dialect_of(source))
    except QueryError as error:
        raise BadRequest(f"metric_query: {error.sentence}") from error
    detail_query = fields["chart_config"].get("detail_query")
    is_elsewhere = before is not None and before.datasource_id != fields["datasource_id"]
    if detail_query and ("chart_config" in changed or is_elsewhere):
        await editor.access.datasource_named(editor.caller, "use", source.id, "chart_config.detail_query")
        await beside(detail_query, check_detail_sql, detail_query, dialect_of(source))


def _named(field: str, sql: str, dialect: str) -> None:
    try:
        check_sql(sql, dialect)
    except QueryError as error:
        error.sentence = f"{field}: {error.sentence}"
        raise


def _new_place(document: Document, page_id: str, tile_type: str, wanted: Mapping[str, Any]) -> Place:
    width, height = DEFAULT_SIZE[tile_type]
    w = _default(wanted.get("grid_w"), width)
    h = _default(wanted.get("grid_h"), height)
    x, y = wanted.get("grid_x"), wanted.get("grid_y")
    if x is None and y is None:
        check_place(Place(0, 0, w, h))
        return first_free(_places(document, page_id).values(), w, h)
    place = Place(_default(x, 0), _default(y, 0), w, h)
    check_place(place)
    return place


def _moved_place(tile: Tile, wanted: Mapping[str, Any]) -> Place:
    place = Place(
        _default(wanted.get("grid_x"), tile.grid_x),
        _default(wanted.get("grid_y"), tile.grid_y),
        _default(wanted.get("grid_w"), tile.grid_w),
        _default(wanted.get("grid_h"), tile.grid_h),
    )
    check_place(place)
    return place


def _default(value: int | None, otherwise: int) -> int:
    return otherwise if value is None else value


def _moved(document: Document, tile: Tile, placed: Placed) -> Tile:
    page_id = tile.page_id if placed.page_id is None else page_of(document, placed.page_id)
    return tile.model_copy(update={**_grid(placed.place), "page_id": page_id})


def _grid(place: Place) -> dict[str, int]:
    return {"grid_x": place.x, "grid_y": place.y, "grid_w": place.w, "grid_h": place.h}


def _places(document: Document, page_id: str) -> dict[str, Place]:
    return {
        tile.id: Place(tile.grid_x, tile.grid_y, tile.grid_w, tile.grid_h)
        for tile in document.tiles
        if tile.page_id == page_id
    }


def _settle(document: Document, page_id: str, fixed: Sequence[str]) -> Document:
    """Return the document with the page's overlaps pushed down; `fixed` tiles stay where they were put."""
    places = _places(document, page_id)
    settled = push_down(places, [tile_id for tile_id in fixed if tile_id in places])
    if settled == places:
        return document
    tiles = tuple(
        tile.model_copy(update=_grid(settled[tile.id])) if tile.id in settled else tile
        for tile in document.tiles
    )
    return document.model_copy(update={"tiles": tiles})


def _update_sentence(before: Tile, after: Tile) -> str:
    if before.title != after.title:
        return f"Renamed the tile '{before.title}' to '{after.title}'"
    skip = {"updated_at", "title"}
    changed = [
        key for key in Tile.model_fields if key not in skip and getattr(before, key) != getattr(after, key)
    ]
    if all(key.startswith("grid_") or key == "page_id" for key in changed):
        return f"Moved the tile '{after.title}'"
    words = {
        "query": "the query",
        "metric_query": "the metrics",
        "chart_config": "the settings",
        "content": "the text",
    }
    named = dict.fromkeys(words.get(key, key.strip("_").replace("_", " ")) for key in changed)
    return f"Changed {', '.join(named)} of the tile '{after.title}'"


def placed(tile_id: str, x: int, y: int, w: int, h: int, page_id: str | None = None) -> Placed:
    """Return one entry of a bulk layout."""
    return Placed(tile_id.lower(), Place(x, y, w, h), page_id)
