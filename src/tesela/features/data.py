"""The data of a dashboard: every tile's rows, or its own error.

Reads rights and document, then asks the runner; no transaction of the store is open meanwhile.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import orjson
import structlog

from tesela.errors import BadRequest, QueryError, QueryRefused, TooBusy
from tesela.features.definitions import Books
from tesela.features.metric_tiles import asked_metrics, resolved
from tesela.features.tiles import field_warnings, in_grid_order, page_of
from tesela.features.viewing import Viewing, bound
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard, Tile
from tesela.model.result import Limits
from tesela.running.allowing import allow
from tesela.running.catalog import Catalogs
from tesela.running.runner import Answered, Question, Runner
from tesela.running.sources import Source, dialect_of

log = structlog.get_logger()

MOVED = "The metrics of this tile ask another datasource now: save its detail_query again"
"""A detail query runs only where its author had the right to write it."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which tiles: all, those of one page, or those named."""

    page_id: str | None = None
    tile_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds where a tile and its dashboard say nothing."""

    limits: Limits
    ttl_seconds: int


@dataclass(frozen=True, slots=True)
class TileAnswer:
    """One tile's JSON object. answered: what it was made from; None for texts and errors.

    cached: the same object as the next viewer gets it, from the shelf; None when there is nothing on it.
    """

    tile_id: str
    body: bytes
    answered: Answered | None = None
    error: QueryError | None = None
    cached: bytes | None = field(default=None, repr=False)


def selected_tiles(dashboard: Dashboard, selection: Selection) -> list[Tile]:
    """Return the tiles that are asked for, in grid order. Raises BadRequest for one that is not there."""
    tiles = in_grid_order(dashboard.document)
    if selection.tile_ids is not None:
        wanted = set(selection.tile_ids)
        if unknown := wanted - {tile.id for tile in tiles}:
            raise BadRequest(f"tile_ids: the dashboard has no tile {min(unknown)}")
        tiles = [tile for tile in tiles if tile.id in wanted]
    if selection.page_id is not None:
        page_id = page_of(dashboard.document, selection.page_id)
        tiles = [tile for tile in tiles if tile.page_id == page_id]
    return tiles


@dataclass(frozen=True, slots=True)
class Asking:
    """Who looks at which dashboard in which state: everything that is the same for all tiles of a request.

    drill_path: of the one tile that is drilled; empty for a whole dashboard.
    opens: nothing was chosen: the dashboard as it opens.
    force: ask the databases even when there is an answer.
    """

    runner: Runner
    catalogs: Catalogs
    defaults: Defaults
    caller: Caller
    dashboard: Dashboard
    viewing: Viewing
    definitions: Books
    drill_path: Sequence[Mapping[str, Any]] = ()
    opens: bool = False
    force: bool = False

    async def question(
        self,
        tile: Tile,
        sql: str | None,
        *,
        dimensions: Mapping[str, Any] | None = None,
        max_rows: int | None = None,
    ) -> Asked:
        """Return what to ask for `sql` of the tile (its query, its detail query) in this state.

        A tile that asks metrics gets its SQL here; its detail query is its own SQL like any other's.
        Raises QueryRefused, MissingValue, SourceUnavailable, BadRequest.
        """
        find = self.runner.sources.get
        return await question_of(self, find, tile, sql, dimensions=dimensions, max_rows=max_rows)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the names of filters that could not narrow it."""

    question: Question
    ignored: tuple[str, ...]


class Scene(Protocol):
    """What a question is put together from: who looks at which dashboard in which state."""

    @property
    def catalogs(self) -> Catalogs: ...
    @property
    def defaults(self) -> Defaults: ...
    @property
    def caller(self) -> Caller: ...
    @property
    def dashboard(self) -> Dashboard: ...
    @property
    def viewing(self) -> Viewing: ...
    @property
    def definitions(self) -> Books: ...
    @property
    def drill_path(self) -> Sequence[Mapping[str, Any]]: ...


Find = Callable[[str, str], Awaitable[Source]]
"""(tenant_id, datasource_id) -> the open source. Raises SourceUnavailable."""


async def question_of(
    scene: Scene,
    find: Find,
    tile: Tile,
    sql: str | None,
    *,
    dimensions: Mapping[str, Any] | None = None,
    max_rows: int | None = None,
) -> Asked:
    """Return what to ask for `sql` of the tile under the caller's row policies. Asks nothing yet.

    A tile that asks metrics gets its SQL here; its detail query is its own SQL like any other's.
    Raises QueryRefused, MissingValue, SourceUnavailable, BadRequest.
    """
    caller, viewing = scene.caller, scene.viewing
    if tile.metric_query is not None:
        saved_on = tile.datasource_id
        tile, of_metrics = await _resolved(scene, find, tile)
        if sql is not None and tile.datasource_id != saved_on:
            raise QueryRefused(MOVED)
        sql, viewing = (tile.query, of_metrics) if sql is None else (sql, viewing)
    if sql is None or tile.datasource_id is None:
        raise BadRequest("The tile has no query")
    source = await find(caller.tenant_id, tile.datasource_id)
    found = await bound(
        scene.catalogs,
        caller,
        source,
        tile,
        sql,
        viewing,
        drill_path=scene.drill_path,
        dimensions=dimensions,
    )
    limits = limits_of(scene.dashboard, scene.defaults)
    question = Question(
        tenant_id=caller.tenant_id,
        user_id=caller.user_id,
        datasource_id=source.datasource.id,
        allowed=await allow(scene.catalogs, caller, source, found.statement),
        limits=limits if max_rows is None else replace(limits, max_rows=max_rows),
        ttl_seconds=ttl_of(scene.dashboard, tile, scene.defaults),
    )
    return Asked(question, found.ignored)


async def _resolved(scene: Scene, find: Find, tile: Tile) -> tuple[Tile, Viewing]:
    """Return a tile that asks metrics with its SQL, and the view in the words of its dimensions."""
    book = await scene.definitions.of(scene.caller.tenant_id)
    asked = asked_metrics(book, tile)
    source = await find(scene.caller.tenant_id, asked.datasource_id)
    dialect = dialect_of(source.datasource)
    return resolved(book, asked, tile, scene.viewing, dialect, drill_path=scene.drill_path)


async def run_tiles(asking: Asking, tiles: Sequence[Tile]) -> list[TileAnswer]:
    """Return each tile's answer, in the order of `tiles`. A failing tile carries its own error."""
    tasks = [asyncio.ensure_future(run_tile(asking, tile)) for tile in tiles]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        await _cancel(tasks)


async def stream_tiles(asking: Asking, tiles: Sequence[Tile]) -> AsyncIterator[TileAnswer]:
    """Yield each tile's answer as it is ready; what still runs is cancelled when the reader leaves."""
    tasks = [asyncio.ensure_future(run_tile(asking, tile)) for tile in tiles]
    try:
        for ready in asyncio.as_completed(tasks):
            yield await ready
    finally:
        await _cancel(tasks)


async def run_tile(asking: Asking, tile: Tile) -> TileAnswer:
    """Return one tile's answer; its query's failure is part of the answer, not an exception."""
    if not tile.asks:
        body = _nothing(tile, None)
        return TileAnswer(tile.id, body, cached=body)
    book = await asking.definitions.of(asking.caller.tenant_id) if tile.metric_query else None
    try:
        asked = await asking.question(tile, tile.query)
        answered = await asking.runner.run(asked.question, force=asking.force)
    except QueryError as error:
        log.info("tile_failed", tile=tile.id, code=error.error_code, why=error.private or error.sentence)
        return TileAnswer(tile.id, _nothing(tile, error), error=error)
    ignored = (*asking.viewing.chosen.ignored, *asked.ignored)
    is_true = book is None or asking.definitions.is_current(asking.caller.tenant_id, book)
    return TileAnswer(
        tile.id,
        answer_bytes(tile, answered, answered.freshness, ignored),
        answered,
        cached=answer_bytes(tile, answered, "cached", ignored) if is_true else None,
    )


def limits_of(dashboard: Dashboard, defaults: Defaults) -> Limits:
    """Return the limits of the dashboard's queries: the defaults, in the dashboard's time zone."""
    limits, zone = defaults.limits, dashboard.document.time_zone
    if limits.time_zone == zone:
        return limits
    return Limits(limits.max_rows, limits.max_bytes, limits.timeout_ms, zone)


def ttl_of(dashboard: Dashboard, tile: Tile, defaults: Defaults) -> int:
    """Return for how many seconds a result is fresh: the tile's word, else the dashboard's, else the server's."""
    for seconds in (tile.cache_ttl_seconds, dashboard.document.refresh_interval_seconds):
        if seconds is not None:
            return seconds
    return defaults.ttl_seconds


def answer_bytes(tile: Tile, answered: Answered, freshness: str, ignored: Sequence[str] = ()) -> bytes:
    """Return a tile's JSON object around the bytes that were encoded once."""
    columns = [column.name for column in answered.shelved.result.columns]
    warnings = field_warnings(tile.chart_config, columns)
    return b"".join(
        (
            head_bytes(tile),
            answered.shelved.encoded,
            b',"cache":"',
            freshness.encode(),
            b'","warnings":',
            orjson.dumps(warnings),
            b',"filters_ignored":',
            orjson.dumps(ignored),
            b"}",
        )
    )


def dashboard_bytes(dashboard: Dashboard, bodies: Sequence[bytes], viewing: Viewing | None = None) -> bytes:
    """Return the answer for a whole dashboard around its tiles' objects. viewing: None as it opens."""
    known = {
        "id": dashboard.id,
        "name": dashboard.document.name,
        "version": dashboard.version,
        "filters_ignored": viewing.chosen.ignored if viewing else (),
    }
    head = orjson.dumps(known)
    return b"".join((head[:-1], b',"tiles":[', b",".join(bodies), b"]}"))


def raise_when_all_were_refused(answers: Sequence[TileAnswer]) -> None:
    """Raise TooBusy when not one query of the dashboard got a turn: then the client should come back later."""
    errors = [answer.error for answer in answers if answer.error is not None]
    if errors and len(errors) == len(answers) and all(isinstance(error, TooBusy) for error in errors):
        raise errors[0]


def head_bytes(tile: Tile) -> bytes:
    """Return how every answer of a tile begins: what a face that says it in other words puts its own instead of."""
    known = {"id": tile.id, "title": tile.title, "tile_type": tile.tile_type}
    return orjson.dumps(known)[:-1] + b","


def _nothing(tile: Tile, error: QueryError | None) -> bytes:
    """Return the object of a tile without rows: a text, or one whose query failed."""
    body: dict[str, Any] = {
        "id": tile.id,
        "title": tile.title,
        "tile_type": tile.tile_type,
        "data": None,
        "error": error.sentence if error else None,
        "error_code": error.error_code if error else None,
        "executed_at": _iso(tile.updated_at) if error is None else _iso(dt.datetime.now(dt.UTC)),
        "types": {},
        "row_count": 0,
        "truncated": False,
        "duration_ms": 0,
        "cache": "fresh",
        "warnings": [],
        "filters_ignored": [],
    }
    if error is not None:
        body |= {"error_line": error.line, "error_column": error.column}
        if isinstance(error, TooBusy):
            body["retry_after_seconds"] = error.retry_after_seconds
    return orjson.dumps(body)


def _iso(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def _cancel(tasks: Sequence[asyncio.Task[TileAnswer]]) -> None:
    running = [task for task in tasks if not task.done()]
    for task in running:
        task.cancel()
    if running:
        await asyncio.wait(running)
