"""Ids become refs on the way out, and refs become ids on the way in. Pure.

`page_0`, `ds_0`: by their order. `tile_revenue-by-region`: by its title, so that moving a tile, or changing its
title in the file, leaves its ref. In what the author may fill freely (`chart_config`, `settings`, unknown
members of filters) an id stands as the text `_ref:<ref>`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tesela.errors import BadRequest
from tesela.model.bundle import (
    SCHEMA_VERSION,
    Bundle,
    BundleDashboard,
    BundleLayout,
    BundlePage,
    BundleTile,
    RequiredDatasource,
    slug,
)
from tesela.model.dashboard import Document, Tile

MARK = "_ref:"
PLAIN = "="
"""After the mark: the author's own text begins with the mark."""
UNKNOWN = ("Unknown datasource", "unknown")
"""What stands for a datasource that was deleted."""


@dataclass(frozen=True, slots=True)
class Refs:
    """Which ref stands for which id, and the other way round."""

    id_of: Mapping[str, str]
    ref_of: Mapping[str, str] = field(default_factory=dict)

    def outward(self, value: Any) -> Any:
        """Return a JSON value with refs in the place of ids, in keys too."""
        return _mapped(value, self._ref_text)

    def inward(self, value: Any) -> Any:
        """Return a JSON value with ids in the place of refs. Raises BadRequest for a ref that there is not."""
        return _mapped(value, self._id_text)

    def _ref_text(self, text: str) -> str:
        if text.startswith(MARK):
            return f"{MARK}{PLAIN}{text.removeprefix(MARK)}"
        ref = self.ref_of.get(text)
        return text if ref is None else f"{MARK}{ref}"

    def _id_text(self, text: str) -> str:
        if not text.startswith(MARK):
            return text
        rest = text.removeprefix(MARK)
        if rest.startswith(PLAIN):
            return f"{MARK}{rest.removeprefix(PLAIN)}"
        if rest not in self.id_of:
            raise BadRequest(f"nothing in the bundle has the ref {rest[:50]}")
        return self.id_of[rest]


def as_bundle(document: Document, sources: Mapping[str, tuple[str, str]]) -> Bundle:
    """Return the document as a bundle. sources: (name, kind) by the id of each datasource that is there."""
    tiles = _in_order(document)
    pages = {page.id: f"page_{number}" for number, page in enumerate(document.pages)}
    tile_refs = refs_of_tiles(document)
    datasources = {id_: f"ds_{number}" for number, id_ in enumerate(_datasource_ids(document, tiles))}
    ref_of = {**pages, **tile_refs, **datasources}
    refs = Refs({ref: id_ for id_, ref in ref_of.items()}, ref_of)
    layout = document.layout
    return Bundle(
        schema_version=SCHEMA_VERSION,
        dashboard=BundleDashboard(
            name=document.name,
            description=document.description,
            layout=BundleLayout.model_construct(
                columns=layout.columns, rowHeight=layout.rowHeight, gap=layout.gap
            ),
            refresh_interval_seconds=document.refresh_interval_seconds,
            time_zone=document.time_zone,
            tags=list(document.tags),
            filters=[_filter_outward(one, refs) for one in document.filters],
            settings=refs.outward(document.settings),
        ),
        pages=[
            BundlePage(ref=pages[page.id], name=page.name, page_order=number)
            for number, page in enumerate(document.pages)
        ],
        tiles=[_bundle_tile(tile, refs) for tile in tiles],
        required_datasources=[
            RequiredDatasource(ref=ref, name=sources.get(id_, UNKNOWN)[0], type=sources.get(id_, UNKNOWN)[1])
            for id_, ref in datasources.items()
        ],
    )


def refs_of_tiles(document: Document) -> dict[str, str]:
    """Return the ref of each tile by its id: from its title, numbered in grid order where titles repeat."""
    tiles = _in_order(document)
    refs = free_refs([tile.title for tile in tiles], taken=())
    return dict(zip([tile.id for tile in tiles], refs, strict=True))


def free_refs(titles: Iterable[str], taken: Iterable[str]) -> list[str]:
    """Return a ref for each title, none of them twice or taken.

    >>> free_refs(["Revenue", "revenue!", "…"], taken=["tile_revenue"])
    ['tile_revenue-2', 'tile_revenue-3', 'tile']
    """
    used = set(taken)
    found = []
    for title in titles:
        base = f"tile_{slug(title)}".rstrip("_")
        ref, number = base, 1
        while ref in used:
            number += 1
            ref = f"{base}-{number}"
        used.add(ref)
        found.append(ref)
    return found


def filter_inward(given: Mapping[str, Any], refs: Refs) -> dict[str, Any]:
    """Return a bundle's filter as a document has it. Raises BadRequest for a ref that there is not."""
    apart = {"targets", "options"}
    found = {key: refs.inward(value) for key, value in given.items() if key not in apart}
    if "targets" in given:
        found["targets"] = _targets_inward(given["targets"], refs)
    if "options" in given:
        options = given["options"]
        if isinstance(options, dict) and "_datasource_ref" in options:
            rest = {key: value for key, value in options.items() if key != "_datasource_ref"}
            ref = options["_datasource_ref"]
            found["options"] = {
                **refs.inward(rest),
                "datasource_id": _id_of("options._datasource_ref", ref, refs),
            }
        else:
            found["options"] = refs.inward(options)
    return found


def _filter_outward(given: Mapping[str, Any], refs: Refs) -> dict[str, Any]:
    apart = {"targets", "options"}
    found = {key: refs.outward(value) for key, value in given.items() if key not in apart}
    if "targets" in given:
        found["targets"] = _targets_outward(given["targets"], refs)
    if "options" in given:
        options = given["options"]
        if isinstance(options, dict) and options.get("datasource_id") in refs.ref_of:
            rest = {key: value for key, value in options.items() if key != "datasource_id"}
            found["options"] = {
                **refs.outward(rest), "_datasource_ref": refs.ref_of[options["datasource_id"]],
            }  # fmt: skip
        else:
            found["options"] = refs.outward(options)
    return found


def _targets_outward(targets: Any, refs: Refs) -> Any:
    """Return targets by ref; tiles that were deleted since are left out."""
    if isinstance(targets, dict):
        return {refs.ref_of[id_]: column for id_, column in targets.items() if id_ in refs.ref_of}
    if isinstance(targets, list):
        return [refs.ref_of[id_] for id_ in targets if isinstance(id_, str) and id_ in refs.ref_of]
    return refs.outward(targets)


def _targets_inward(targets: Any, refs: Refs) -> Any:
    if isinstance(targets, dict):
        return {_id_of("targets", ref, refs): column for ref, column in targets.items()}
    if isinstance(targets, list):
        return [_id_of("targets", ref, refs) for ref in targets]
    return refs.inward(targets)


def _id_of(where: str, ref: Any, refs: Refs) -> str:
    if not isinstance(ref, str) or ref not in refs.id_of:
        raise BadRequest(f"{where}: nothing in the bundle has the ref {str(ref)[:50]}")
    return refs.id_of[ref]


def _bundle_tile(tile: Tile, refs: Refs) -> BundleTile:
    return BundleTile(
        ref=refs.ref_of[tile.id],
        page_ref=refs.ref_of[tile.page_id],
        datasource_ref=None if tile.metric_query else refs.ref_of.get(tile.datasource_id or ""),
        title=tile.title,
        tile_type=tile.tile_type,
        chart_type=tile.chart_type,
        catalog=tile.catalog,
        schema_=tile.schema_,
        query=tile.query,
        metric_query=tile.metric_query,
        content=tile.content,
        chart_config=refs.outward(tile.chart_config),
        grid_x=tile.grid_x,
        grid_y=tile.grid_y,
        grid_w=tile.grid_w,
        grid_h=tile.grid_h,
        cache_ttl_seconds=tile.cache_ttl_seconds,
    )


def _in_order(document: Document) -> list[Tile]:
    """Return the tiles in grid order; no id decides, so that copies come out alike."""
    pages = {page.id: number for number, page in enumerate(document.pages)}
    return sorted(
        document.tiles,
        key=lambda tile: (pages[tile.page_id], tile.grid_y, tile.grid_x, tile.title, tile.query or ""),
    )


def _datasource_ids(document: Document, tiles: Iterable[Tile]) -> Iterator[str]:
    """Yield the datasources in the order of their first use, each once."""
    used = [tile.datasource_id for tile in tiles if tile.metric_query is None]
    used += [
        options.get("datasource_id")
        for one in document.filters
        if isinstance(options := one.get("options"), dict)
    ]
    yield from dict.fromkeys(id_ for id_ in used if isinstance(id_, str) and id_)


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    """Return a JSON value with each text in it, keys too, changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_mapped(one, change) for one in value]
    if isinstance(value, dict):
        return {change(key): _mapped(one, change) for key, one in value.items()}
    return value
