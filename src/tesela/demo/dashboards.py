"""Three of the demo's dashboards, read from `flights/`: a JSON file each, SQL and texts in files beside it."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from tesela.model.charts import check_config
from tesela.model.dashboard import Document, Page, Tile
from tesela.model.filter import stored_filters

SLUGS = ("year", "late", "airlines")


def document(slug: str, *, namespace: uuid.UUID, datasource_id: str, now: dt.datetime) -> Document:
    """Return the dashboard as a document whose tiles ask `datasource_id`.

    namespace: pages and tiles get ids that follow from it, so that making it twice makes the same.
    """
    definition = json.loads(_text(f"{slug}.json"))
    pages = []
    tiles = []
    for page_number, page in enumerate(definition["pages"]):
        page_id = str(uuid.uuid5(namespace, f"{slug}/{page_number}"))
        pages.append(Page(id=page_id, name=page["name"]))
        tiles += [
            _tile(wanted, page_id, f"{slug}/{page_number}/{number}", namespace, datasource_id, now)
            for number, wanted in enumerate(page["tiles"])
        ]
    return Document(
        filters=_filters(definition, pages, tiles, datasource_id),
        name=definition["name"],
        description=definition["description"],
        tags=tuple(definition["tags"]),
        refresh_interval_seconds=None,
        time_zone="America/New_York",
        pages=tuple(pages),
        tiles=tuple(tiles),
    )


def _filters(
    definition: dict[str, Any], pages: Sequence[Page], tiles: Sequence[Tile], datasource_id: str
) -> tuple[dict[str, Any], ...]:
    """Return the filters: `pages` becomes the ids of their tiles, `options_sql` the query of that file."""
    ids = {page.name: page.id for page in pages}
    found = []
    for wanted in definition.get("filters", []):
        one = {key: value for key, value in wanted.items() if key not in ("pages", "options_sql")}
        if "pages" in wanted:
            on = {ids[name] for name in wanted["pages"]}
            one["targets"] = [tile.id for tile in tiles if tile.page_id in on and tile.query is not None]
        if "options_sql" in wanted:
            one["options"] = {"query": _text(f"{wanted['options_sql']}.sql"), "datasource_id": datasource_id}
        found.append(one)
    return stored_filters(found)


def _tile(
    wanted: dict[str, Any],
    page_id: str,
    place: str,
    namespace: uuid.UUID,
    datasource_id: str,
    now: dt.datetime,
) -> Tile:
    x, y, width, height = wanted["at"]
    chart_config = dict(wanted.get("chart_config", {}))
    if "detail_sql" in wanted:
        chart_config["detail_query"] = _text(f"{wanted['detail_sql']}.sql")
    check_config(wanted["tile_type"], wanted.get("chart_type"), chart_config)
    is_text = wanted["tile_type"] == "text"
    return Tile(
        id=str(uuid.uuid5(namespace, place)),
        page_id=page_id,
        title=wanted["title"],
        tile_type=wanted["tile_type"],
        chart_type=wanted.get("chart_type"),
        datasource_id=None if is_text else datasource_id,
        query=None if is_text else _text(f"{wanted['sql']}.sql"),
        content=_text(f"{wanted['content']}.md") if is_text else None,
        chart_config=chart_config,
        grid_x=x,
        grid_y=y,
        grid_w=width,
        grid_h=height,
        cache_ttl_seconds=None if is_text else 86_400,
        created_at=now,
        updated_at=now,
    )


def folder() -> Traversable:
    """Return where the definitions, queries and texts lie."""
    return files("tesela.demo") / "flights"


def _text(name: str) -> str:
    return (folder() / name).read_text(encoding="utf-8").strip()
