"""Asking metrics outside of a dashboard, and what a changed definition does to the numbers of tiles."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tesela.errors import BadRequest, Forbidden, NotFound, QueryError
from tesela.features import checks
from tesela.features.access import Access
from tesela.features.data import Asking, Defaults
from tesela.features.definitions import Book, Books, Supposed
from tesela.features.metric_tiles import check_use, written
from tesela.features.metrics import Desk, Draft, Use, uses_of
from tesela.features.viewing import AS_IT_OPENS, State, view
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard, Document, Page, Tile
from tesela.model.metric import read_metric_query
from tesela.model.rows import rows_of
from tesela.running.catalog import Catalogs
from tesela.running.runner import Answered, Runner
from tesela.running.sources import dialect_of

MOST_TILES = 20
"""Tiles whose numbers are computed before a change is saved."""


@dataclass(frozen=True, slots=True)
class Asker:
    """What asking needs besides who asks."""

    access: Access
    runner: Runner
    catalogs: Catalogs
    defaults: Defaults
    definitions: Books
    clock: Callable[[], dt.datetime]

    def asking(
        self, caller: Caller, dashboard: Dashboard, state: State, books: Books | None = None
    ) -> Asking:
        viewing = view(dashboard, state, now=self.clock())
        return Asking(
            self.runner,
            self.catalogs,
            self.defaults,
            caller,
            dashboard,
            viewing,
            books or self.definitions,
        )


@dataclass(frozen=True, slots=True)
class Compiled:
    """sql: None for who may not see it."""

    sql: str | None
    columns: tuple[str, ...]
    datasource_id: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A tile and the total of its metric before and after. change: a fraction of the former; None where there is none.

    error: why it could not be computed. is_computed: False past the bound of tiles.
    """

    use: Use
    metric: str
    before: float | int | None = None
    after: float | int | None = None
    change: float | None = None
    error: str | None = None
    is_computed: bool = True


async def compile_query(asker: Asker, caller: Caller, raw: Any, *, bounds: bool = True) -> Compiled:
    """Return the SQL of a query of metrics. Raises BadRequest, QueryRefused; Forbidden for a viewer.

    bounds: as in `written`.
    """
    book = await _checked(asker, caller, raw)
    datasource_id = check_use(book, caller, raw)
    source = await asker.access.datasource_kind(caller.tenant_id, datasource_id)
    found = written(book, raw, dialect_of(source), bounds=bounds)
    sees = await asker.access.may_use(caller, datasource_id)
    return Compiled(found.sql if sees else None, found.columns, datasource_id)


async def run_query(
    asker: Asker, caller: Caller, raw: Any, state: State, *, time_zone: str, max_rows: int | None
) -> tuple[Answered, Compiled]:
    """Return the rows of a query of metrics with the caller's rights, and its SQL. Raises what `compile_query` does."""
    compiled = await compile_query(asker, caller, raw)
    dashboard = _around(caller, dict(raw), checks.time_zone(time_zone), asker.clock())
    tile = dashboard.document.tiles[0]
    asked = await asker.asking(caller, dashboard, state).question(tile, None, max_rows=max_rows)
    return await asker.runner.run(asked.question), compiled


async def impact(asker: Asker, desk: Desk, draft: Draft) -> list[Moved]:
    """Return each tile that asks the metric, with its total before and after the change, for this caller.

    The total: of the first changed metric of the tile, with the tile's filters, as its dashboard opens.
    """
    if draft.before is None:
        return []
    names = draft.book.built_on(frozenset((draft.metric.name,)))
    uses = await uses_of(desk, names)
    computed = [_moved(asker, desk, draft, use, names) for use in uses[:MOST_TILES]]
    rest = [Moved(use, draft.metric.name, is_computed=False) for use in uses[MOST_TILES:]]
    return [*await asyncio.gather(*computed), *rest]


async def _moved(asker: Asker, desk: Desk, draft: Draft, use: Use, names: frozenset[str]) -> Moved:
    dashboard = await desk.access.dashboard(desk.caller, "view", use.dashboard_id)
    tile = next((one for one in dashboard.document.tiles if one.id == use.tile_id), None)
    if tile is None:
        raise NotFound("Tile not found or access denied")
    query = read_metric_query(tile.metric_query)
    metric = next(name for name in query.metrics if name in names)
    alone: dict[str, Any] = {"metrics": [metric], "filters": [one.model_dump() for one in query.filters]}
    if query.date_range is not None:
        alone["date_range"] = query.date_range
    plain = tile.model_copy(update={"metric_query": alone})
    try:
        before, after = await asyncio.gather(
            _total(asker, desk, dashboard, plain, await desk.book()),
            _total(asker, desk, dashboard, plain, draft.book),
        )
    except (QueryError, BadRequest) as error:
        return Moved(use, metric, error=error.sentence)
    change = None if before in (None, 0) or after is None else (after - before) / abs(before)
    return Moved(use, metric, before, after, change)


async def _total(asker: Asker, desk: Desk, dashboard: Dashboard, tile: Tile, book: Book) -> Any:
    asking = asker.asking(desk.caller, dashboard, AS_IT_OPENS, Supposed(book))
    asked = await asking.question(tile, None, max_rows=1)
    answered = await asker.runner.run(asked.question)
    rows = rows_of(answered.shelved.result)
    value = rows.rows[0][rows.columns[0]] if rows.rows else None
    return _number(value)


def _number(value: Any) -> float | int | None:
    """Return a value as a number: what is beyond 2^53 comes as text."""
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError as error:
            raise BadRequest("the metric is no number") from error
    return value if isinstance(value, int | float) else None


async def _checked(asker: Asker, caller: Caller, raw: Any) -> Book:
    if caller.role == "viewer":
        raise Forbidden(
            "Viewers may look at dashboards but not ask metrics: ask an admin for the editor role"
        )
    read_metric_query(raw, "query")
    return await asker.definitions.of(caller.tenant_id)


def _around(caller: Caller, raw: dict[str, Any], time_zone: str, now: dt.datetime) -> Dashboard:
    """Return a dashboard of nobody with one tile that asks: what questions are made of."""
    tile = Tile(
        id="metrics",
        page_id="metrics",
        title="Metrics",
        tile_type="table",
        metric_query=raw,
        grid_x=0,
        grid_y=0,
        grid_w=1,
        grid_h=1,
        created_at=now,
        updated_at=now,
    )
    document = Document(
        name="Metrics", time_zone=time_zone, pages=(Page(id="metrics", name="Metrics"),), tiles=(tile,)
    )
    return Dashboard(
        id="metrics",
        tenant_id=caller.tenant_id,
        owner_id=caller.user_id,
        workspace_id=None,
        audience="private",
        link=False,
        is_archived=False,
        version=1,
        created_at=now,
        updated_at=now,
        document=document,
    )
