"""The public form of a dashboard: what of it somebody may read who has only its link. Pure.

Every member is let through by name, here and nowhere else; whatever is not named stays inside. SQL, datasources,
people, drill levels, the options of filters and members that we do not know are not named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from tesela.errors import (
    MissingValue,
    QueryCancelled,
    QueryError,
    QueryTimedOut,
    SourceUnavailable,
    TooBusy,
)
from tesela.model.charts import config_class
from tesela.model.dashboard import Dashboard, Document, Tile
from tesela.model.frozen import Frozen

INTERACTIVITY = ("detail_query", "drill_levels", "cross_filter_enabled")
FILTER_MEMBERS = ("name", "label", "type", "operator", "default")
COLUMN_MEMBERS = ("field", "label", "format", "width", "hidden", "align")
STYLE_MEMBERS = ("valueFormat", "currency", "prefix", "suffix", "decimals")
TRANSIENT = (TooBusy, SourceUnavailable, QueryTimedOut, QueryCancelled)
"""Errors that another moment may not bring."""


class PublicForm(Frozen):
    """A dashboard as a snapshot keeps it for its public page. version: of the dashboard that was looked at."""

    owner_name: str
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime
    document: Document


def public_form(dashboard: Dashboard, owner_name: str) -> PublicForm:
    """Return what a stranger may see of the structure of a dashboard."""
    document = dashboard.document
    return PublicForm(
        owner_name="" if "@" in owner_name else owner_name,
        version=dashboard.version,
        created_at=dashboard.created_at,
        updated_at=dashboard.updated_at,
        document=Document(
            name=document.name,
            description=document.description,
            layout=document.layout,
            refresh_interval_seconds=document.refresh_interval_seconds,
            time_zone=document.time_zone,
            filters=tuple(_picked(one, FILTER_MEMBERS) for one in document.filters if "name" in one),
            pages=document.pages,
            tiles=tuple(_public_tile(tile) for tile in document.tiles),
        ),
    )


def known_config(tile: Tile) -> dict[str, Any]:
    """Return the members of a tile's chart_config that we know, those of interactivity with them."""
    known = config_class(tile.tile_type, tile.chart_type).model_fields
    return {key: value for key, value in tile.chart_config.items() if key in known}


def public_sentence(error: QueryError) -> str:
    """Return what a stranger may read of a tile's error: the author's SQL and the database stay unnamed."""
    if isinstance(error, MissingValue):
        return "This tile needs a value that nobody has chosen"
    if isinstance(error, TRANSIENT):
        return "The data of this tile could not be fetched when the snapshot was made"
    return "The query of this tile failed when the snapshot was made"


def _public_tile(tile: Tile) -> Tile:
    return Tile(
        id=tile.id,
        page_id=tile.page_id,
        title=tile.title,
        tile_type=tile.tile_type,
        chart_type=tile.chart_type,
        content=tile.content,
        chart_config=_public_config(tile),
        grid_x=tile.grid_x,
        grid_y=tile.grid_y,
        grid_w=tile.grid_w,
        grid_h=tile.grid_h,
        created_at=tile.created_at,
        updated_at=tile.updated_at,
    )


def _public_config(tile: Tile) -> dict[str, Any]:
    config = {key: value for key, value in known_config(tile).items() if key not in INTERACTIVITY}
    if isinstance(config.get("columns"), list):
        config["columns"] = [
            _picked(column, (*COLUMN_MEMBERS, *STYLE_MEMBERS))
            for column in config["columns"]
            if isinstance(column, dict)
        ]
    return config


def _picked(given: Mapping[str, Any], members: tuple[str, ...]) -> dict[str, Any]:
    return {name: given[name] for name in members if name in given}
