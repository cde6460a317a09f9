"""A tile that asks metrics, in a state of its dashboard -> a tile with the SQL to ask. The one place where that is.

Everything else (running, drilling, exporting, snapshots) goes on with that tile as with any other.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tesela.errors import BadRequest, MissingValue, NotFound, QueryRefused
from tesela.features.access import Access
from tesela.features.definitions import Book, Definitions
from tesela.features.filters import time_range
from tesela.features.viewing import CrossFilter, Viewing
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard, Tile
from tesela.model.drill import levels_of, read_path
from tesela.model.filter import Filter
from tesela.model.interaction import Clause, TimeRange
from tesela.model.metric import Definition, MetricQuery, read_metric_query
from tesela.running.sources import dialect_of
from tesela.semantic.comparing import comparison
from tesela.semantic.compiling import (
    CompiledMetrics,
    View,
    datasource_of,
    shared_dimensions,
    shared_grains,
)
from tesela.semantic.expressions import parts_of

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ][\d:.+Z-]*)?")


@dataclass(frozen=True, slots=True)
class AskedMetrics:
    """What a tile asks, known before its datasource is open. parts: the definitions it comes down to."""

    query: MetricQuery
    datasource_id: str
    parts: tuple[Definition, ...]

    @property
    def has_time(self) -> bool:
        return any(part.time_column is not None for part in self.parts)


def asked_metrics(book: Book, tile: Tile) -> AskedMetrics:
    """Return what a tile asks of metrics. Raises QueryRefused, as a query that cannot run."""
    try:
        query = read_metric_query(tile.metric_query)
        parts = tuple(
            {part.name: part for name in query.metrics for part in parts_of(name, book.definitions)}.values()
        )
        return AskedMetrics(query, datasource_of(query.metrics, book.definitions), parts)
    except BadRequest as error:
        raise QueryRefused(error.sentence.removeprefix("formula: ")) from error


def resolved(
    book: Book,
    asked: AskedMetrics,
    tile: Tile,
    viewing: Viewing,
    dialect: str,
    *,
    drill_path: Sequence[Mapping[str, Any]] = (),
) -> tuple[Tile, Viewing]:
    """Return the tile with its SQL, and the view in the words of its dimensions.

    Filters, clicks and steps on a dimension have their place in the SQL; the time range narrows the time
    column; what is left goes the way of filters that no SQL names. Raises QueryRefused, MissingValue, BadRequest.
    """
    dimensions = shared_dimensions(asked.query.metrics, book.definitions)
    grains = [name for name in shared_grains(asked.query.metrics, book.definitions) if name not in dimensions]
    places: list[tuple[str, tuple[str, ...]]] = []
    feeder = next((one for one in viewing.filters if one.type == "date_range"), None)
    for one in viewing.filters:
        state, column = viewing.chosen.states.get(one.name), one.column_for(tile.id)
        is_range = one is feeder and asked.has_time
        if (
            state is not None
            and state.clauses
            and column in dimensions
            and _targets(one, tile)
            and not is_range
        ):
            places.append((f"filter.{one.name}.where", (str(column),)))
    cross = tuple(_placed(one, dimensions, grains) for one in viewing.cross)
    clicked = [one.clause.column for one in cross if one.is_declared and _reacts(tile, one)]
    if clicked:
        places.append(("cross.where", tuple(dict.fromkeys(clicked))))
    query, path = _drilled(asked.query, tile, drill_path, dimensions)
    if path:
        places.append(("drill.where", path))
    given = _range(asked, tile, viewing, feeder)
    found = comparison(query, given)
    view = View(
        places=tuple(places),
        start=given.start is not None,
        end=given.end is not None,
        previous=found.shift,
        windowed=found.is_windowed,
    )
    compiled = _compiled(book, query, dialect, view)
    chosen = replace(viewing.chosen, range=found.range)
    return _with(tile, compiled, asked), replace(viewing, chosen=chosen, cross=cross)


def written(book: Book, raw: Any, dialect: str, *, bounds: bool = True) -> CompiledMetrics:
    """Return the SQL of a query as it stands, before anybody chose anything. Raises BadRequest, QueryRefused.

    bounds: whether it names the ends of the time range. A comparison of two periods needs them in any case.
    """
    query = read_metric_query(raw)
    has_time = bounds and any(
        part.time_column is not None for name in query.metrics for part in parts_of(name, book.definitions)
    )
    try:
        shift = comparison(query, TimeRange()).shift
        view = View(start=has_time, end=has_time, previous=shift)
    except MissingValue:
        view = View(start=True, end=True, windowed=True)
    return book.compiled(query, dialect, view)


async def with_sql(
    definitions: Definitions, access: Access, caller: Caller, dashboard: Dashboard
) -> Dashboard:
    """Return the dashboard with the SQL of its metrics in the tiles that ask them, to be shown and never stored.

    A tile whose metrics cannot be asked any more has none; so has one on a datasource that the caller may not
    use: who puts a metric into a tile does not read its definition by that.
    """
    if not any(tile.metric_query for tile in dashboard.document.tiles):
        return dashboard
    book = await definitions.of(dashboard.tenant_id)
    tiles = [await _with_written(book, access, caller, dashboard, tile) for tile in dashboard.document.tiles]
    return replace(dashboard, document=dashboard.document.model_copy(update={"tiles": tuple(tiles)}))


async def _with_written(book: Book, access: Access, caller: Caller, dashboard: Dashboard, tile: Tile) -> Tile:
    if tile.metric_query is None:
        return tile
    try:
        asked = asked_metrics(book, tile)
        if not await access.may_use(caller, asked.datasource_id):
            return tile
        source = await access.datasource_kind(dashboard.tenant_id, asked.datasource_id)
        sql = written(book, tile.metric_query, dialect_of(source)).sql
    except (QueryRefused, BadRequest, NotFound):
        return tile
    return tile.model_copy(update={"query": sql})


def check_use(book: Book, caller: Caller, raw: Any, before: Any = None) -> str:
    """Return the datasource of a query that the caller may put into a tile. Raises BadRequest.

    Metrics must be published, or the caller's own drafts; those that stood there `before` may stay.
    """
    query = read_metric_query(raw)
    known = set(before.get("metrics", ())) if isinstance(before, dict) else set()
    for name in query.metrics:
        metric = book.metrics.get(name)
        is_own = metric is not None and (caller.is_admin or metric.owner_id == caller.user_id)
        if metric is None or (metric.status == "draft" and not is_own and name not in known):
            raise BadRequest(f"metric_query.metrics: there is no metric {name} that you may use")
        if metric.status == "deprecated" and name not in known:
            raise BadRequest(f"metric_query.metrics: {name} is deprecated; choose another one")
    return datasource_of(query.metrics, book.definitions)


def _compiled(book: Book, query: MetricQuery, dialect: str, view: View) -> CompiledMetrics:
    try:
        return book.compiled(query, dialect, view)
    except BadRequest as error:
        raise QueryRefused(error.sentence) from error


def _with(tile: Tile, compiled: CompiledMetrics, asked: AskedMetrics) -> Tile:
    own = next((part for part in asked.parts if part.sql is not None), None)
    ttl = tile.cache_ttl_seconds
    return tile.model_copy(
        update={
            "query": compiled.sql,
            "datasource_id": compiled.datasource_id,
            "catalog": own.catalog if own else None,
            "schema_": own.schema_ if own else None,
            "cache_ttl_seconds": asked.query.cache_ttl_seconds if ttl is None else ttl,
        }
    )


def _targets(one: Filter, tile: Tile) -> bool:
    return one.targets is None or tile.id in one.targets


def _reacts(tile: Tile, one: CrossFilter) -> bool:
    return tile.id != one.source_tile_id and tile.chart_config.get("cross_filter_enabled") is True


def _placed(one: CrossFilter, dimensions: Mapping[str, Any], grains: Sequence[str]) -> CrossFilter:
    """Return a click as one on a dimension, or else as one that its tables may know.

    A bucket of time is one where the clicked values are moments: elsewhere `month` is a number of its own.
    """
    names = [*dimensions, *(grains if all(_is_moment(value) for value in one.clause.values) else ())]
    wanted = one.clause.column
    column = wanted if wanted in names else next((n for n in names if n.lower() == wanted.lower()), None)
    if column is None:
        return replace(one, is_declared=False)
    return replace(one, clause=Clause(column, one.clause.operator, one.clause.values), is_declared=True)


def _is_moment(value: Any) -> bool:
    return isinstance(value, dt.date) or (isinstance(value, str) and _MOMENT.fullmatch(value) is not None)


def _drilled(
    query: MetricQuery, tile: Tile, drill_path: Sequence[Mapping[str, Any]], dimensions: Mapping[str, Any]
) -> tuple[MetricQuery, tuple[str, ...]]:
    """Return the query at the end of the path, split by the level that comes next, and the path's columns."""
    levels = levels_of(tile.chart_config)
    path = tuple(clause.column for clause in read_path(levels, drill_path))
    if not path:
        return query, ()
    names = [{level.id_column, *([level.label_column] if level.label_column else [])} for level in levels]
    next_one = levels[min(len(path), len(levels) - 1)]
    if unknown := [name for name in [*path, next_one.id_column] if name not in dimensions]:
        raise QueryRefused(f"drill_levels: {unknown[0]} is no dimension of these metrics")
    wanted = [next_one.id_column]
    if next_one.label_column in dimensions and next_one.label_column != next_one.id_column:
        wanted.append(str(next_one.label_column))
    kept = [name for name in query.dimensions if not any(name in level for level in names)]
    columns = {*wanted, *kept, *query.metrics, query.time_grain}
    order = [
        one for one in query.order_by if one.field.removesuffix("_prev").removesuffix("_change") in columns
    ]
    update = {"dimensions": [*wanted, *kept], "order_by": order}
    return query.model_copy(update=update), tuple(dict.fromkeys(path))


def _range(asked: AskedMetrics, tile: Tile, viewing: Viewing, feeder: Filter | None) -> TimeRange:
    """Return the time range of the view, else the query's own."""
    if not asked.has_time:
        return TimeRange()
    given = viewing.chosen.range
    is_set = given.start is not None or given.end is not None
    if is_set and (feeder is None or _targets(feeder, tile)):
        return given
    if asked.query.date_range is None or viewing.local is None:
        return TimeRange()
    try:
        return time_range("metric_query.date_range", asked.query.date_range, viewing.local)
    except BadRequest as error:
        raise QueryRefused(error.sentence) from error
