"""A dashboard: one frozen document, and the facts kept beside it.

Everything that a revision holds is in `Document`; who owns it and who may see it is in `Dashboard`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from tesela.model.frozen import Frozen

TileType = Literal["chart", "kpi", "table", "text"]
ChartType = Literal[
    "bar",
    "line",
    "area",
    "pie",
    "scatter",
    "funnel",
    "heatmap",
    "treemap",
    "sunburst",
    "sankey",
    "chord",
    "radar",
    "gauge",
    "boxplot",
    "candlestick",
]
Audience = Literal["private", "team", "tenant"]

GRID_COLUMNS = 12


class Layout(Frozen):
    """The grid's measures; `rowHeight` and `gap` in CSS pixels."""

    columns: int = Field(default=GRID_COLUMNS, ge=1, le=48)
    rowHeight: int = Field(default=80, ge=20, le=400)
    gap: int = Field(default=16, ge=0, le=100)


class Page(Frozen):
    id: str
    name: str


class Tile(Frozen):
    """One tile. grid_*: in cells of the 12-column grid; (0, 0) is the top left of its page.

    query: the author's SQL, with placeholders; None for text tiles and for tiles that ask metrics.
    metric_query: the metrics, dimensions, grain and filters that are asked instead of SQL; see `features/metrics`.
    content: Markdown, for text tiles.
    chart_config: as the contract writes it; unknown keys are kept.
    cache_ttl_seconds: None means the dashboard's refresh interval, else the server's default.
    """

    id: str
    page_id: str
    title: str
    tile_type: TileType
    chart_type: ChartType | None = None
    datasource_id: str | None = None
    catalog: str | None = None
    schema_: str | None = Field(default=None, alias="schema")
    query: str | None = None
    metric_query: dict[str, Any] | None = None
    content: str | None = None
    chart_config: dict[str, Any] = Field(default_factory=dict)
    grid_x: int
    grid_y: int
    grid_w: int
    grid_h: int
    cache_ttl_seconds: int | None = None
    created_at: dt.datetime
    updated_at: dt.datetime

    @property
    def asks(self) -> bool:
        """Whether it has rows: by its own SQL, or by metrics."""
        return self.query is not None or self.metric_query is not None


class Document(Frozen):
    """All that a dashboard shows. Changes are functions `Document -> Document`."""

    name: str
    description: str | None = None
    layout: Layout = Layout()
    refresh_interval_seconds: int | None = None
    time_zone: str = "UTC"
    tags: tuple[str, ...] = ()
    filters: tuple[dict[str, Any], ...] = ()
    settings: dict[str, Any] = Field(default_factory=dict)
    pages: tuple[Page, ...]
    """At least one, in order."""
    tiles: tuple[Tile, ...] = ()

    def datasource_ids(self) -> set[str]:
        """Return the datasources that tiles and the options of filters ask."""
        asked = [tile.datasource_id for tile in self.tiles]
        options = [one.get("options") for one in self.filters]
        asked += [one.get("datasource_id") for one in options if isinstance(one, dict)]
        return {id_ for id_ in asked if isinstance(id_, str) and id_}

    def metric_names(self) -> set[str]:
        """Return the metrics that tiles name; what their formulas name is not told."""
        asked = [tile.metric_query.get("metrics") for tile in self.tiles if tile.metric_query]
        return {name for names in asked if isinstance(names, list) for name in names if isinstance(name, str)}

    @property
    def depends_on_now(self) -> bool:
        """Whether what it opens with may name relative dates, so that an answer is not for ever the same."""
        return bool(self.filters) or any(
            tile.metric_query and tile.metric_query.get("date_range") for tile in self.tiles
        )

    @property
    def names_reader(self) -> bool:
        """Whether a tile's SQL names who reads it, so that no two readers may share an answer."""
        return any("${user." in (tile.query or "") for tile in self.tiles)


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A document with its owner, its audience and its version.

    version: grows by one with each change; what `If-Match` names.
    """

    id: str
    tenant_id: str
    owner_id: str
    workspace_id: str | None
    audience: Audience
    link: bool
    is_archived: bool
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime
    document: Document


@dataclass(frozen=True, slots=True)
class Revision:
    """One immutable state of a document. sentence: what changed, for a person."""

    dashboard_id: str
    number: int
    parent: int | None
    author_id: str
    created_at: dt.datetime
    sha256: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A name for one revision of a dashboard. revision: its number."""

    id: str
    dashboard_id: str
    revision: int
    name: str
    description: str | None
    created_by: str
    created_at: dt.datetime
