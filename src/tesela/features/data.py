"""The data of a dashboard: every tile's rows, or its own error.

Reads rights and document, then asks the runner; no transaction of the store is open meanwhile.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import structlog

from tesela.errors import BadRequest, QueryError, TooBusy
from tesela.features.tiles import field_warnings, in_grid_order, page_of
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard, Tile
from tesela.model.interaction import Interaction
from tesela.model.result import Limits
from tesela.running.runner import Answered, Question, Runner
from tesela.running.sources import dialect_of
from tesela.sql.bind import compile_template

log = structlog.get_logger()

FAILED = "Failed to execute dashboard queries"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which tiles: all, those of one page, or those named. force: ask the databases even when there is an answer."""

    page_id: str | None = None
    tile_ids: tuple[str, ...] | None = None
    force: bool = False


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


async def run_tiles(
    runner: Runner,
    caller: Caller,
    dashboard: Dashboard,
    tiles: Sequence[Tile],
    defaults: Defaults,
    *,
    force: bool = False,
) -> list[TileAnswer]:
    """Return each tile's answer, in the order of `tiles`. A failing tile carries its own error."""
    tasks = [
        asyncio.ensure_future(run_tile(runner, caller, dashboard, tile, defaults, force=force))
        for tile in tiles
    ]
    return await _all(tasks)


async def stream_tiles(
    runner: Runner,
    caller: Caller,
    dashboard: Dashboard,
    tiles: Sequence[Tile],
    defaults: Defaults,
    *,
    force: bool = False,
) -> AsyncIterator[TileAnswer]:
    """Yield each tile's answer as it is ready; what still runs is cancelled when the reader leaves."""
    tasks = [
        asyncio.ensure_future(run_tile(runner, caller, dashboard, tile, defaults, force=force))
        for tile in tiles
    ]
    try:
        for ready in asyncio.as_completed(tasks):
            yield await ready
    finally:
        await _cancel(tasks)


async def run_tile(
    runner: Runner,
    caller: Caller,
    dashboard: Dashboard,
    tile: Tile,
    defaults: Defaults,
    *,
    force: bool = False,
) -> TileAnswer:
    """Return one tile's answer; its query's failure is part of the answer, not an exception."""
    if tile.query is None:
        body = _nothing(tile, dashboard, None)
        return TileAnswer(tile.id, body, cached=body)
    try:
        question = await question_of(runner, caller, dashboard, tile, defaults)
        answered = await runner.run(question, force=force)
    except QueryError as error:
        log.info("tile_failed", tile=tile.id, code=error.error_code, why=error.private or error.sentence)
        return TileAnswer(tile.id, _nothing(tile, dashboard, error), error=error)
    return TileAnswer(
        tile.id,
        answer_bytes(tile, answered, answered.freshness),
        answered,
        cached=answer_bytes(tile, answered, "cached"),
    )


async def question_of(
    runner: Runner,
    caller: Caller,
    dashboard: Dashboard,
    tile: Tile,
    defaults: Defaults,
    interaction: Interaction | None = None,
) -> Question:
    """Return the tile's question: its template bound to the interaction, for this caller.

    Raises QueryRefused, MissingValue, SourceUnavailable.
    """
    if tile.query is None or tile.datasource_id is None:
        raise BadRequest("The tile has no query")
    source = await runner.sources.get(caller.tenant_id, tile.datasource_id)
    template = compile_template(tile.query, dialect_of(source.datasource))
    bound = template.bind(
        interaction or Interaction(user_id=caller.user_id, user_attributes=caller.attributes)
    )
    statement = (
        bound if tile.catalog is None and tile.schema_ is None else bound.within(tile.catalog, tile.schema_)
    )
    return Question(
        tenant_id=caller.tenant_id,
        user_id=caller.user_id,
        policy_digest=caller.policy_digest,
        datasource_id=tile.datasource_id,
        statement=statement,
        limits=limits_of(dashboard, defaults),
        ttl_seconds=ttl_of(dashboard, tile, defaults),
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


def answer_bytes(tile: Tile, answered: Answered, freshness: str) -> bytes:
    """Return a tile's JSON object around the bytes that were encoded once."""
    columns = [column.name for column in answered.shelved.result.columns]
    warnings = field_warnings(tile.chart_config, columns)
    return b"".join(
        (
            _head(tile),
            answered.shelved.encoded,
            b',"cache":"',
            freshness.encode(),
            b'","warnings":',
            orjson.dumps(warnings),
            b"}",
        )
    )


def dashboard_bytes(dashboard: Dashboard, bodies: Sequence[bytes]) -> bytes:
    """Return the answer for a whole dashboard around its tiles' objects."""
    head = orjson.dumps({"id": dashboard.id, "name": dashboard.document.name, "version": dashboard.version})
    return b"".join((head[:-1], b',"tiles":[', b",".join(bodies), b"]}"))


def raise_when_all_were_refused(answers: Sequence[TileAnswer]) -> None:
    """Raise TooBusy when not one query of the dashboard got a turn: then the client should come back later."""
    errors = [answer.error for answer in answers if answer.error is not None]
    if errors and len(errors) == len(answers) and all(isinstance(error, TooBusy) for error in errors):
        raise errors[0]


def _head(tile: Tile) -> bytes:
    known = {"id": tile.id, "title": tile.title, "tile_type": tile.tile_type}
    return orjson.dumps(known)[:-1] + b","


def _nothing(tile: Tile, dashboard: Dashboard, error: QueryError | None) -> bytes:
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
    }
    if error is not None:
        body |= {"error_line": error.line, "error_column": error.column}
        if isinstance(error, TooBusy):
            body["retry_after_seconds"] = error.retry_after_seconds
    return orjson.dumps(body)


def _iso(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def _all(tasks: Sequence[asyncio.Task[TileAnswer]]) -> list[TileAnswer]:
    """Return every task's answer; when the reader leaves or one breaks, the others are cancelled."""
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        await _cancel(tasks)


async def _cancel(tasks: Sequence[asyncio.Task[TileAnswer]]) -> None:
    running = [task for task in tasks if not task.done()]
    for task in running:
        task.cancel()
    if running:
        await asyncio.wait(running)
