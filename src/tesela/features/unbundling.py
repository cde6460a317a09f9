"""From a bundle to a document: every part checked as if it were saved by hand, all problems collected. Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tesela.errors import BadRequest, QueryError
from tesela.features import checks
from tesela.features.dashboards import FIRST_PAGE, document_fields
from tesela.features.tiles import DEFAULT_SIZE, checked_fields
from tesela.model.bundle import Bundle, BundleTile
from tesela.model.dashboard import Document, Layout, Page, Tile
from tesela.model.filter import read_filters
from tesela.model.grid import Place, check_place, first_free, push_down
from tesela.model.refs import Refs, filter_inward, free_refs, refs_of_tiles
from tesela.sql.check import check_detail_sql, check_sql

SHOWN_TITLE = 50
ONLY_PAGE = "page"
"""Stands for the one page of a bundle without pages."""


@dataclass(frozen=True, slots=True)
class Ids:
    """Which ids the parts get, by ref. tiles: by `tile_refs`; sources: of the chosen datasources."""

    pages: Mapping[str, str]
    tiles: Mapping[str, str]
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Unbundled:
    """What came out. document: None when there is a problem. tiles: problems and warnings by the tile's number."""

    document: Document | None = None
    problems: list[str] = field(default_factory=list)
    tile_problems: dict[int, list[str]] = field(default_factory=dict)
    tile_warnings: dict[int, list[str]] = field(default_factory=dict)

    @contextmanager
    def noting(self, where: str, tile: int | None = None) -> Iterator[None]:
        """Note what is refused inside, with its place."""
        try:
            yield
        except (BadRequest, QueryError) as error:
            self.problems.append(f"{where}: {error.sentence}" if where else error.sentence)
            if tile is not None:
                self.tile_problems.setdefault(tile, []).append(error.sentence)


UseMetrics = Callable[[Mapping[str, Any], Any], str]
"""Given a query of metrics and its tile's detail query, if any: the datasource, where both may be used.

Raises BadRequest, QueryError.
"""


def unbundle(
    bundle: Bundle, ids: Ids, dialects: Mapping[str, str], now: dt.datetime, use_metrics: UseMetrics
) -> Unbundled:
    """Return the bundle as a document, or everything that is wrong with it.

    dialects: in which to read SQL, by datasource ref; SQL of a ref without one is not read.
    """
    found = Unbundled()
    refs = Refs({**ids.pages, **ids.tiles, **ids.sources})
    general = _general(bundle, refs, dialects, found)
    pages = tuple(_pages(bundle, ids, found))
    names = {one["name"] for one in general.get("filters", ()) if isinstance(one.get("name"), str)}
    tiles = tuple(_tiles(bundle, ids, refs, dialects, names, now, use_metrics, found))
    if not found.problems:
        found.document = Document(pages=pages, tiles=tiles, **general)
    return found


def fresh_ids(bundle: Bundle) -> Ids:
    """Return new ids for all pages and tiles."""
    pages = [page.ref for page in bundle.pages] or [ONLY_PAGE]
    return Ids(
        {ref: str(uuid.uuid4()) for ref in pages}, {ref: str(uuid.uuid4()) for ref in tile_refs(bundle)}
    )


def kept_ids(bundle: Bundle, before: Document) -> Ids:
    """Return the ids that a dashboard's pages and tiles have where the bundle has the same ones, else new ones.

    The same page: of the same name, else at the same place. The same tile: of the same ref (and title, if any
    is), else of the same title, else with the same query.
    """
    fresh = fresh_ids(bundle)
    pages = dict(fresh.pages)
    old_pages = {page.id: page.name for page in before.pages}
    new_pages = {page.ref: page.name for page in bundle.pages}
    by_name = _matched([(new_pages, old_pages)])
    by_place = dict(zip(fresh.pages, old_pages, strict=False))
    taken = set(by_name.values())
    pages |= {ref: id_ for ref, id_ in by_place.items() if ref not in by_name and id_ not in taken}
    pages |= by_name

    refs = tile_refs(bundle)
    new = dict(zip(refs, bundle.tiles, strict=True))
    old_refs = refs_of_tiles(before)
    old = {tile.id: tile for tile in before.tiles}
    tiles = _matched(
        [
            (
                {ref: (ref, tile.title) for ref, tile in new.items()},
                {id_: (old_refs[id_], old[id_].title) for id_ in old_refs},
            ),
            ({ref: ref for ref in refs}, old_refs),
            ({ref: tile.title for ref, tile in new.items()}, {id_: old[id_].title for id_ in old_refs}),
            (
                {ref: tile.query for ref, tile in new.items() if tile.query},
                {id_: old[id_].query for id_ in old_refs},
            ),
        ]
    )
    return Ids(pages, {**fresh.tiles, **tiles})


def tile_refs(bundle: Bundle) -> list[str]:
    """Return the ref of each tile, in order; one that has none gets one from its title."""
    taken = [page.ref for page in bundle.pages] + [one.ref for one in bundle.required_datasources]
    taken += [tile.ref for tile in bundle.tiles if tile.ref is not None]
    made = iter(free_refs([tile.title for tile in bundle.tiles if tile.ref is None], taken))
    return [next(made) if tile.ref is None else tile.ref for tile in bundle.tiles]


def _matched(rules: Sequence[tuple[Mapping[str, Hashable], Mapping[str, Hashable]]]) -> dict[str, str]:
    """Return old ids by new ref: the first rule by which the two have the same key, each id once."""
    found: dict[str, str] = {}
    for new, old in rules:
        for ref, key in new.items():
            free = (id_ for id_, other in old.items() if other == key and id_ not in found.values())
            if ref not in found and (id_ := next(free, None)) is not None:
                found[ref] = id_
    return found


def _general(bundle: Bundle, refs: Refs, dialects: Mapping[str, str], found: Unbundled) -> dict[str, Any]:
    """Return the members of the document besides pages and tiles."""
    given = bundle.dashboard
    general: dict[str, Any] = {}
    with found.noting("dashboard"):
        general["name"] = checks.name(given.name, "name")
    with found.noting("dashboard"):
        general["description"] = checks.text(given.description, "description")
    layout = given.layout
    plain: dict[str, Any] = {
        "refresh_interval_seconds": given.refresh_interval_seconds,
        "time_zone": given.time_zone,
        "tags": given.tags,
        "layout": layout and Layout(columns=layout.columns, rowHeight=layout.rowHeight, gap=layout.gap),
    }
    for member, value in plain.items():
        with found.noting("dashboard"):
            general |= document_fields({member: value})
    with found.noting("dashboard.settings"):
        general |= document_fields({"settings": refs.inward(given.settings)})
    general["filters"] = tuple(_filters(bundle, refs, dialects, found))
    with found.noting("dashboard"):
        read_filters(general["filters"])
    return general


def _filters(
    bundle: Bundle, refs: Refs, dialects: Mapping[str, str], found: Unbundled
) -> Iterator[dict[str, Any]]:
    for number, given in enumerate(bundle.dashboard.filters):
        with found.noting(f"dashboard.filters.{number}"):
            options = given.get("options")
            if isinstance(options, dict):
                if "datasource_id" in options:
                    raise BadRequest("options.datasource_id: write _datasource_ref, the ref of a datasource")
                dialect = dialects.get(str(options.get("_datasource_ref")))
                if isinstance(options.get("query"), str) and dialect is not None:
                    _check("options.query", options["query"], dialect)
            yield filter_inward(given, refs)


def _pages(bundle: Bundle, ids: Ids, found: Unbundled) -> Iterator[Page]:
    if not bundle.pages:
        yield Page(id=ids.pages[ONLY_PAGE], name=FIRST_PAGE)
    for number, page in enumerate(bundle.pages):
        with found.noting(f"pages.{number}"):
            yield Page(id=ids.pages[page.ref], name=checks.name(page.name, "name"))


def _tiles(
    bundle: Bundle,
    ids: Ids,
    refs: Refs,
    dialects: Mapping[str, str],
    filters: set[str],
    now: dt.datetime,
    use_metrics: UseMetrics,
    found: Unbundled,
) -> Iterator[Tile]:
    places = _places(bundle, ids, found)
    for number, (ref, tile) in enumerate(zip(tile_refs(bundle), bundle.tiles, strict=True)):
        with found.noting(tile_place(number, tile), number):
            fields = _fields(tile, refs)
            if fields["metric_query"] is not None:
                fields["datasource_id"] = use_metrics(
                    fields["metric_query"], fields["chart_config"].get("detail_query")
                )
            dialect = dialects.get(tile.datasource_ref or "")
            if fields["query"] is not None and dialect is not None:
                found.tile_warnings[number] = _checked_sql(fields, dialect, filters)
            if number in places:
                place = places[number]
                yield Tile(
                    id=ids.tiles[ref],
                    page_id=_page_id(tile, ids),
                    created_at=now,
                    updated_at=now,
                    grid_x=place.x,
                    grid_y=place.y,
                    grid_w=place.w,
                    grid_h=place.h,
                    **fields,
                )


def _fields(tile: BundleTile, refs: Refs) -> dict[str, Any]:
    """Return the members of a tile, checked as those of one that is saved by hand."""
    wanted: dict[str, Any] = {
        "title": tile.title,
        "tile_type": tile.tile_type,
        "chart_type": tile.chart_type,
        "catalog": tile.catalog,
        "schema": tile.schema_,
        "query": tile.query,
        "metric_query": tile.metric_query,
        "content": tile.content,
        "chart_config": refs.inward(tile.chart_config or {}),
        "cache_ttl_seconds": tile.cache_ttl_seconds,
    }
    if tile.datasource_ref is not None:
        wanted["datasource_id"] = refs.id_of[tile.datasource_ref]
    elif tile.tile_type in DEFAULT_SIZE and tile.tile_type != "text" and tile.metric_query is None:
        raise BadRequest("_datasource_ref is required for a tile with a query")
    return checked_fields(wanted, None)


def _checked_sql(fields: Mapping[str, Any], dialect: str, filters: set[str]) -> list[str]:
    """Return warnings about filters that the SQL names and the bundle has not. Raises QueryError."""
    named = list(_check("query", fields["query"], dialect))
    detail_query = fields["chart_config"].get("detail_query")
    if detail_query:
        named += check_detail_sql(detail_query, dialect).filters
    return [f"there is no filter {name}" for name in dict.fromkeys(named) if name not in filters]


def _check(member: str, sql: str, dialect: str) -> tuple[str, ...]:
    try:
        return check_sql(sql, dialect).filters
    except QueryError as error:
        raise BadRequest(f"{member}: {error.sentence}") from error


def _places(bundle: Bundle, ids: Ids, found: Unbundled) -> dict[int, Place]:
    """Return where the tiles go, by their number: overlaps pushed down, those without a place at the bottom."""
    by_page: dict[str, dict[str, Place]] = {}
    homeless: list[tuple[int, str, Place]] = []
    for number, tile in enumerate(bundle.tiles):
        with found.noting(tile_place(number, tile), number):
            width, height = DEFAULT_SIZE.get(tile.tile_type, (6, 4))
            place = Place(
                tile.grid_x or 0,
                tile.grid_y or 0,
                width if tile.grid_w is None else tile.grid_w,
                height if tile.grid_h is None else tile.grid_h,
            )
            check_place(place)
            if tile.grid_x is None and tile.grid_y is None:
                homeless.append((number, _page_id(tile, ids), place))
            else:
                by_page.setdefault(_page_id(tile, ids), {})[f"{number:05}"] = place
    settled = {page_id: push_down(places) for page_id, places in by_page.items()}
    for number, page_id, place in homeless:
        taken = settled.setdefault(page_id, {})
        taken[f"{number:05}"] = first_free(taken.values(), place.w, place.h)
    return {int(key): place for places in settled.values() for key, place in places.items()}


def _page_id(tile: BundleTile, ids: Ids) -> str:
    return ids.pages[tile.page_ref] if tile.page_ref is not None else next(iter(ids.pages.values()))


def tile_place(number: int, tile: BundleTile) -> str:
    """Return how to name a tile of a bundle to a person."""
    title = tile.title if len(tile.title) <= SHOWN_TITLE else f"{tile.title[:SHOWN_TITLE]}…"
    return f"tiles.{number} ({title})"
