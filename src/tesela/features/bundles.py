"""Bundles: a dashboard out as a file, a file looked at, and in again: as a new dashboard or over an old one."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tesela.errors import BadRequest, BundleRefused, Forbidden, NotFound, QueryError
from tesela.features import checks
from tesela.features.access import Access
from tesela.features.dashboards import usable_workspace
from tesela.features.definitions import book_of
from tesela.features.editing import Edit, Editor
from tesela.features.metric_tiles import check_use
from tesela.features.unbundling import Ids, UseMetrics, fresh_ids, kept_ids, tile_place, unbundle
from tesela.model.bundle import Bundle, bundle_bytes, read_bundle
from tesela.model.caller import Caller
from tesela.model.catalog import Catalog
from tesela.model.dashboard import Dashboard, Document
from tesela.model.datasource import Datasource
from tesela.model.refs import as_bundle
from tesela.running.catalog import Catalogs
from tesela.running.sources import DIALECTS, Sources, dialect_of
from tesela.sql.check import check_detail_sql
from tesela.sql.missing import missing_in
from tesela.store import Store

Clock = Callable[[], dt.datetime]


@dataclass(frozen=True, slots=True)
class TileFindings:
    """What is to be said of one tile. problems: why it cannot be imported; warnings: what will not work."""

    title: str
    problems: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preflight:
    """What an import would meet. suggested: a datasource for each ref that has one of its name and type."""

    bundle: Bundle
    tiles: tuple[TileFindings, ...]
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    suggested: Mapping[str, str]


async def export_bundle(
    store: Store, access: Access, caller: Caller, dashboard_id: str
) -> tuple[Dashboard, bytes]:
    """Return the dashboard, and the file: no ids, nothing secret, the same bytes for the same dashboard."""
    dashboard = await access.dashboard(caller, "export_config", dashboard_id)
    sources = await store.read(lambda tx: tx.datasources.list(dashboard.tenant_id))
    return dashboard, exported(dashboard.document, sources)


def exported(document: Document, sources: list[Datasource]) -> bytes:
    """Return the file of a document. sources: all of its tenant."""
    return bundle_bytes(as_bundle(document, {one.id: (one.name, one.kind) for one in sources}))


async def look_at_bundle(
    store: Store,
    access: Access,
    sources: Sources,
    catalogs: Catalogs,
    caller: Caller,
    raw: Any,
    *,
    mapping: Mapping[str, str],
    clock: Clock,
) -> Preflight:
    """Return what an import would meet, without doing it. Raises BundleRefused for what is no bundle at all.

    mapping: datasource ids by ref, as far as they are chosen; only on those is it looked for tables and columns.
    """
    access.may_create(caller)
    bundle = await asyncio.to_thread(read_bundle, raw)
    targets, refused = await _targets(access, caller, bundle, mapping)
    ids = _with_sources(fresh_ids(bundle), bundle, targets)
    use = await _metrics_for(store, access, caller)
    found = await asyncio.to_thread(unbundle, bundle, ids, _dialects(bundle, targets), clock(), use)
    looked, unseen = await _catalogs(sources, catalogs, caller, targets)
    missing = await asyncio.to_thread(_missing, bundle, targets, looked)
    warnings = {
        number: [*found.tile_warnings.get(number, ()), *missing.get(number, ())]
        for number in range(len(bundle.tiles))
    }
    return Preflight(
        bundle=bundle,
        tiles=tuple(
            TileFindings(tile.title, tuple(found.tile_problems.get(number, ())), tuple(warnings[number]))
            for number, tile in enumerate(bundle.tiles)
        ),
        problems=(*refused, *found.problems),
        warnings=(*_general_warnings(bundle, raw, targets), *unseen, *_sentences(bundle, warnings)),
        suggested=await _suggested(access, caller, bundle),
    )


async def import_bundle(
    store: Store,
    access: Access,
    caller: Caller,
    raw: Any,
    *,
    mapping: Mapping[str, str],
    clock: Clock,
    name: str | None = None,
    workspace_id: str | None = None,
) -> Dashboard:
    """Return a new dashboard of the caller, made from the bundle: with new ids, in one transaction, or not at all.

    Raises BundleRefused with everything that is wrong; Forbidden for a viewer.
    """
    access.may_create(caller)
    bundle = await asyncio.to_thread(read_bundle, raw)
    workspace = await usable_workspace(store, access, caller, workspace_id)
    document = await _read_in(store, access, caller, bundle, mapping, name, fresh_ids(bundle), clock)
    now = clock()
    dashboard = Dashboard(
        id=str(uuid.uuid4()),
        tenant_id=caller.tenant_id,
        owner_id=caller.user_id,
        workspace_id=workspace,
        audience="private",
        link=False,
        is_archived=False,
        version=1,
        created_at=now,
        updated_at=now,
        document=document,
    )
    sentence = f"Imported the dashboard '{document.name}'"
    await store.write(lambda tx: tx.dashboards.add(dashboard, author_id=caller.user_id, sentence=sentence))
    return dashboard


async def update_from_bundle(
    editor: Editor, dashboard_id: str, raw: Any, *, mapping: Mapping[str, str], name: str | None = None
) -> Dashboard:
    """Return the dashboard with everything of the bundle in the place of what it showed, as one revision.

    Pages and tiles that are the same keep their ids, and so do owner, audience, workspace, link and snapshots
    keep what they are. Raises BundleRefused, Conflict; Forbidden for those who do not own it.
    """
    dashboard = await editor.access.dashboard(editor.caller, "own", dashboard_id)
    editor.check_version(dashboard)
    bundle = await asyncio.to_thread(read_bundle, raw)
    before = dashboard.document
    ids = kept_ids(bundle, before)
    after = await _read_in(
        editor.store, editor.access, editor.caller, bundle, mapping, name, ids, editor.clock
    )
    tiles = {tile.id: tile for tile in before.tiles}

    def make(_: Document) -> Edit:
        same = [
            tile.model_copy(
                update={"created_at": old.created_at, "updated_at": old.updated_at}
                if _is_same(tile, old := tiles[tile.id])
                else {"created_at": old.created_at}
            )
            if tile.id in tiles
            else tile
            for tile in after.tiles
        ]
        document = after.model_copy(update={"tiles": tuple(same)})
        return Edit(document, f"Imported the dashboard '{after.name}' over this one")

    pinned = replace(editor, expected_version=dashboard.version)  # ids were chosen for this version
    return await pinned.change(dashboard_id, make, action="own")


async def _metrics_for(store: Store, access: Access, caller: Caller) -> UseMetrics:
    """Return what checks the metrics of a bundle: by their names, among those that the caller may use.

    A detail query beside them is SQL like any other: it needs use of their datasource.
    """
    book = await book_of(store, caller.tenant_id)
    dialects = {one.id: dialect_of(one) for one, _ in await access.datasources(caller)}

    def use(query: Mapping[str, Any], detail_query: Any) -> str:
        datasource_id = check_use(book, caller, query)
        if detail_query:
            if datasource_id not in dialects:
                raise BadRequest(
                    "chart_config.detail_query: you may not write SQL on these metrics' datasource"
                )
            check_detail_sql(detail_query, dialects[datasource_id])
        return datasource_id

    return use


async def _read_in(
    store: Store,
    access: Access,
    caller: Caller,
    bundle: Bundle,
    mapping: Mapping[str, str],
    name: str | None,
    ids: Ids,
    clock: Clock,
) -> Document:
    """Return the bundle as a document. Raises BundleRefused with everything that is wrong."""
    targets, refused = await _targets(access, caller, bundle, mapping)
    ids = _with_sources(ids, bundle, targets)
    absent = [
        f"datasource_mapping.{one.ref} is required: a datasource in the place of {one.name} ({one.type})"
        for one in bundle.required_datasources
        if one.ref not in mapping
    ]
    if name is not None:
        bundle = bundle.model_copy(
            update={"dashboard": bundle.dashboard.model_copy(update={"name": checks.name(name, "name")})}
        )
    use = await _metrics_for(store, access, caller)
    found = await asyncio.to_thread(unbundle, bundle, ids, _dialects(bundle, targets), clock(), use)
    if found.document is None or absent or refused:
        raise BundleRefused([*absent, *refused, *found.problems])
    return found.document


async def _targets(
    access: Access, caller: Caller, bundle: Bundle, mapping: Mapping[str, str]
) -> tuple[dict[str, Datasource], list[str]]:
    """Return the chosen datasources by ref, and a sentence for each that the caller may not use."""
    targets: dict[str, Datasource] = {}
    problems = []
    for one in bundle.required_datasources:
        if one.ref not in mapping:
            continue
        try:
            targets[one.ref] = await access.datasource(caller, "use", mapping[one.ref].lower())
        except (NotFound, Forbidden):
            problems.append(
                f"datasource_mapping.{one.ref}: there is no datasource with this id that you may use"
            )
    return targets, problems


def _with_sources(ids: Ids, bundle: Bundle, targets: Mapping[str, Datasource]) -> Ids:
    """Return the ids with those of the datasources; one that is not chosen yet has one that nothing has."""
    sources = {
        one.ref: targets[one.ref].id if one.ref in targets else str(uuid.UUID(int=0))
        for one in bundle.required_datasources
    }
    return replace(ids, sources=sources)


def _dialects(bundle: Bundle, targets: Mapping[str, Datasource]) -> dict[str, str]:
    """Return in which dialect to read SQL, by ref: of the target, else of the kind that the bundle names."""
    named = {one.ref: DIALECTS.get(one.type) for one in bundle.required_datasources}
    found = {ref: dialect for ref, dialect in named.items() if dialect is not None}
    return found | {ref: dialect_of(target) for ref, target in targets.items()}


async def _catalogs(
    sources: Sources, catalogs: Catalogs, caller: Caller, targets: Mapping[str, Datasource]
) -> tuple[dict[str, Catalog], list[str]]:
    """Return what the chosen databases hold, by datasource, and a sentence for each that cannot be asked."""

    async def look(target: Datasource) -> Catalog | str:
        try:
            source = await sources.get(caller.tenant_id, target.id)
            return await catalogs.get(source.datasource, source.engine)
        except QueryError as error:
            return f"The datasource '{target.name}' cannot be looked at: {error.sentence}"

    chosen = {target.id: target for target in targets.values()}
    found = dict(zip(chosen, await asyncio.gather(*map(look, chosen.values())), strict=True))
    looked = {id_: one for id_, one in found.items() if isinstance(one, Catalog)}
    return looked, [one for one in found.values() if isinstance(one, str)]


def _missing(
    bundle: Bundle, targets: Mapping[str, Datasource], catalogs: Mapping[str, Catalog]
) -> dict[int, list[str]]:
    """Return, by the number of the tile, what its queries name and its target has not."""
    found: dict[int, list[str]] = {}
    for number, tile in enumerate(bundle.tiles):
        target = targets.get(tile.datasource_ref or "")
        if target is None or target.id not in catalogs or tile.tile_type == "text":
            continue
        for sql in (tile.query, (tile.chart_config or {}).get("detail_query")):
            if isinstance(sql, str):
                catalog = catalogs[target.id]
                found.setdefault(number, []).extend(
                    missing_in(sql, dialect_of(target), catalog, schema=tile.schema_)
                )
    return {number: list(dict.fromkeys(sentences)) for number, sentences in found.items()}


def _sentences(bundle: Bundle, by_tile: Mapping[int, list[str]]) -> list[str]:
    return [
        f"{tile_place(number, bundle.tiles[number])}: {sentence}"
        for number, sentences in by_tile.items()
        for sentence in sentences
    ]


def _general_warnings(bundle: Bundle, raw: Any, targets: Mapping[str, Datasource]) -> list[str]:
    other = [
        f"{one.ref}: made for {one.type}, and '{targets[one.ref].name}' is {targets[one.ref].kind}"
        for one in bundle.required_datasources
        if one.ref in targets and targets[one.ref].kind != one.type
    ]
    return [*bundle.left_out(raw), *other]


async def _suggested(access: Access, caller: Caller, bundle: Bundle) -> dict[str, str]:
    """Return, by ref, the one usable datasource of the same name and type; names of a tenant are unique."""
    usable = {(one.name, one.kind): one.id for one, _ in await access.datasources(caller)}
    return {
        one.ref: usable[one.name, one.type]
        for one in bundle.required_datasources
        if (one.name, one.type) in usable
    }


def _is_same(after: Any, before: Any) -> bool:
    return bool(
        after == before.model_copy(update={"created_at": after.created_at, "updated_at": after.updated_at})
    )
