"""The state of a view: what a request says of filters, cross-filters and drill, checked and made absolute once.

`Viewing` holds for the whole request; `bound` makes of it, for one tile, the statement that an engine gets.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from tesela.errors import BadRequest, MissingValue, QueryError, QueryRefused
from tesela.features.filters import Chosen, choose, for_tile
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard, Tile
from tesela.model.drill import levels_of, read_path, scalar
from tesela.model.filter import Filter, read_filters
from tesela.model.interaction import Clause, FilterState, Interaction, Operator
from tesela.model.statement import Statement
from tesela.running.catalog import Catalogs
from tesela.running.compiling import beside, compiled
from tesela.running.sources import Source, dialect_of
from tesela.sql.bind import Template
from tesela.sql.crossfilter import substitute
from tesela.sql.names import known_columns
from tesela.sql.rewrite import drill, is_placed
from tesela.sql.tables import Columns
from tesela.sql.wrap import wrap

MAX_CROSS_FILTERS = 50


@dataclass(frozen=True, slots=True)
class State:
    """What a request says, unchecked."""

    filter_values: Mapping[str, Any] = field(default_factory=dict)
    cross_filters: Sequence[Mapping[str, Any]] = ()
    drill_path: Sequence[Mapping[str, Any]] = ()
    dimensions: Mapping[str, Any] = field(default_factory=dict)


AS_IT_OPENS = State()


@dataclass(frozen=True, slots=True)
class CrossFilter:
    """A click on one tile that narrows the others.

    is_declared: the tile it comes from declares the column. One that is not, as a click in a table of
    `SELECT *`, is only ever looked up among the tables' columns and never written into SQL itself.
    """

    source_tile_id: str
    clause: Clause
    is_declared: bool


@dataclass(frozen=True, slots=True)
class Viewing:
    """A view's state, resolved at one moment. Good for every tile of the dashboard.

    local: that moment in the dashboard's time zone.
    """

    filters: tuple[Filter, ...]
    chosen: Chosen
    cross: tuple[CrossFilter, ...]
    columns: Mapping[str, str] = field(default_factory=dict)
    """The column of each filter of the dashboard by its name, whichever of them `filters` holds."""
    local: dt.datetime | None = None

    def seen_by(self, caller: Caller) -> Viewing:
        """Return the view without the filters that the caller's token locks, for what tells them of its filters."""
        locked = {name for name, _ in caller.locked}
        return replace(self, filters=tuple(one for one in self.filters if one.name not in locked))


@dataclass(frozen=True, slots=True)
class BoundTile:
    """A tile's statement, and the names of filters that could not narrow it."""

    statement: Statement
    ignored: tuple[str, ...]


def view(dashboard: Dashboard, state: State, *, now: dt.datetime) -> Viewing:
    """Return the state of the view at `now`. Raises BadRequest naming what does not fit."""
    document = dashboard.document
    filters = read_filters(document.filters) if document.filters else ()
    chosen = choose(filters, state.filter_values, now=now, zone=document.time_zone)
    columns = {one.name: one.field for one in filters if one.field}
    local = now.astimezone(ZoneInfo(document.time_zone))
    return Viewing(filters, chosen, _cross_filters(dashboard, state.cross_filters), columns, local)


async def bound(
    catalogs: Catalogs,
    caller: Caller,
    source: Source,
    tile: Tile,
    sql: str,
    viewing: Viewing,
    *,
    drill_path: Sequence[Mapping[str, Any]] = (),
    dimensions: Mapping[str, Any] | None = None,
) -> BoundTile:
    """Return the statement of a tile's SQL (its query or its detail query) in this state of the view.

    What the SQL names goes where it is named; every other filter narrows the tables that have its column;
    what neither can do is left out and told. Raises MissingValue, QueryRefused, BadRequest.
    """
    template = await compiled(sql, dialect_of(source.datasource))
    states, waiting = for_tile(viewing.chosen, viewing.filters, tile.id)
    locks = _locks(caller, viewing)
    states = {**states, **{name: FilterState(lock.values, (lock,)) for name, lock in locks.items()}}
    waiting = [one for one in waiting if one.name not in locks]
    if waiting:
        labels = ", ".join(one.label or one.name for one in waiting)
        raise MissingValue(f"needs a value for {labels}")
    levels = levels_of(tile.chart_config)
    cross = tuple(one for one in viewing.cross if _reacts(tile, one))
    placed_cross = tuple(one.clause for one in cross if one.is_declared) if template.places_cross else ()
    path = read_path(levels, drill_path)
    if path and not is_placed(template):
        template, path = await _rewritten(catalogs, source, tile, template, path)
    interaction = Interaction(
        drill_path=path,
        drill_levels=tuple(level.id_column for level in levels),
        detail=await _detail(tile, template, dimensions or {}),
        range=viewing.chosen.range,
        filters=states,
        cross=placed_cross,
        user_id=caller.user_id,
        user_attributes=caller.attributes,
    )
    statement = _bound(template, interaction, viewing.filters).within(tile.catalog, tile.schema_)
    placed = template.placed_filters(interaction)
    apart = {name: state.clauses for name, state in states.items() if name not in placed}
    clauses = [clause for group in apart.values() for clause in group]
    clauses += [one.clause for one in cross if one.clause not in placed_cross]
    path_apart = () if _places_path(template) else path
    clauses += path_apart
    ignored = [name for name, group in apart.items() if not group]
    clauses += [lock for lock in locks.values() if lock not in clauses]
    if clauses:
        statement, left = await _narrowed(
            catalogs, source, tile, statement, clauses, always=tuple(locks.values())
        )
        ignored += [name for name, group in apart.items() if any(clause in left for clause in group)]
        ignored += [clause.column for clause in left if not any(clause in group for group in apart.values())]
        if any(clause in left for clause in path_apart):
            raise BadRequest("This tile cannot be drilled: its tables lack the columns of drill_levels")
    return BoundTile(statement, tuple(dict.fromkeys(ignored)))


def without_locked(caller: Caller, filters: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return filters as they are shown, without those that the caller's token locks and every word of them."""
    locked = {name for name, _ in caller.locked}
    found = [dict(one) for one in filters if one.get("name") not in locked]
    for one in found:
        if isinstance(one.get("depends_on"), list):
            one["depends_on"] = [name for name in one["depends_on"] if name not in locked]
    return found


def declared_columns(tile: Tile, template: Template | None) -> list[str]:
    """Return the columns that a tile declares: its fields, its levels, the output of its query."""
    found = []
    for key, value in tile.chart_config.items():
        if key.endswith(("Field", "Fields")):
            found += [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
    for level in levels_of(tile.chart_config):
        found += [level.id_column, *([level.label_column] if level.label_column else [])]
    if template is not None and tile.query is not None:
        found += known_columns(template.tree, template.names) or []
    return list(dict.fromkeys(found))


def _bound(template: Template, interaction: Interaction, filters: Sequence[Filter]) -> Statement:
    """Return the bound statement. Raises MissingValue in the words of the filter's label."""
    try:
        return template.bind(interaction)
    except MissingValue as error:
        for one in filters:
            if one.label and error.sentence == f"needs a value for filter.{one.name}":
                raise MissingValue(f"needs a value for {one.label}") from error
        raise


def _places_path(template: Template) -> bool:
    return any(name in template.placeholders for name in ("drill.where", "drill.value", "detail.where"))


def _locks(caller: Caller, viewing: Viewing) -> dict[str, Clause]:
    """Return the conditions that the caller's token locks, by the name that it says.

    They go into the tables themselves, whatever the SQL makes of the filter's placeholder.
    """
    return {
        name: Clause(viewing.columns.get(name, name), "in" if len(values) > 1 else "eq", values)
        for name, values in caller.locked
    }


async def _narrowed(
    catalogs: Catalogs,
    source: Source,
    tile: Tile,
    statement: Statement,
    clauses: Sequence[Clause],
    *,
    always: Sequence[Clause] = (),
) -> tuple[Statement, tuple[Clause, ...]]:
    """Return the narrowed statement, and the clauses that neither its tables nor a SELECT around it could take.

    always: those that must narrow the tables themselves. Raises QueryRefused when they cannot.
    """
    dialect, text = dialect_of(source.datasource), "".join(statement.text)
    columns: Columns = {}
    with suppress(QueryError):  # the query itself will say why the database does not answer
        columns = await catalogs.columns(source.datasource, source.engine, tile.schema_)
    filtered = await beside(text, substitute, statement, dialect, columns, clauses)
    if any(clause in filtered.ignored for clause in always):
        raise QueryRefused("This tile cannot be narrowed to what your access allows, so it is not shown")
    if not filtered.ignored:
        return filtered.statement, ()
    wrapped = await beside(text, wrap, filtered.statement, dialect, columns, filtered.ignored)
    return wrapped.statement, wrapped.ignored


async def _rewritten(
    catalogs: Catalogs, source: Source, tile: Tile, template: Template, path: tuple[Clause, ...]
) -> tuple[Template, tuple[Clause, ...]]:
    """Return the template at the end of the path, and the path on its source's columns. Raises BadRequest."""
    columns = await catalogs.columns(source.datasource, source.engine, tile.schema_)
    levels = levels_of(tile.chart_config)
    found = await beside(template.sql, drill, template, levels, len(path), columns)
    if isinstance(found, str):
        raise BadRequest(f"This tile cannot be drilled: {found}")
    steps = zip(path, found.columns, strict=False)
    return found.template, tuple(Clause(column, step.operator, step.values) for step, column in steps)


def _reacts(tile: Tile, one: CrossFilter) -> bool:
    """Return whether a cross-filter narrows a tile: every one that allows it, never the tile it comes from."""
    return tile.id != one.source_tile_id and tile.chart_config.get("cross_filter_enabled") is True


async def _detail(tile: Tile, template: Template, dimensions: Mapping[str, Any]) -> tuple[Clause, ...]:
    if not dimensions:
        return ()
    main = await compiled(tile.query, template.dialect) if tile.query else None
    declared = declared_columns(tile, main)
    clauses = []
    for name, value in dimensions.items():
        column = _looked_up(name, declared)
        if column is None:
            raise BadRequest(f"dimensions.{name[:100]}: the tile has no such column")
        clauses.append(Clause(column, "eq", (scalar(f"dimensions.{name}", value),)))
    return tuple(clauses)


def _looked_up(name: str, declared: Sequence[str]) -> str | None:
    """Return the declared spelling of a column that a request names; the request's own is never used."""
    if name in declared:
        return declared[declared.index(name)]
    return next((one for one in declared if one.lower() == name.lower()), None)


def _cross_filters(dashboard: Dashboard, given: Sequence[Mapping[str, Any]]) -> tuple[CrossFilter, ...]:
    if len(given) > MAX_CROSS_FILTERS:
        raise BadRequest(f"cross_filters may be at most {MAX_CROSS_FILTERS}")
    return tuple(_cross_filter(dashboard, f"cross_filters.{number}", one) for number, one in enumerate(given))


def _cross_filter(dashboard: Dashboard, where: str, given: Mapping[str, Any]) -> CrossFilter:
    tiles = {tile.id: tile for tile in dashboard.document.tiles}
    tile = tiles.get(str(given.get("source_tile_id", "")).lower())
    if tile is None:
        raise BadRequest(f"{where}.source_tile_id: the dashboard has no tile with this id")
    if tile.chart_config.get("cross_filter_enabled") is not True:
        raise BadRequest(f"{where}.source_tile_id: this tile has cross_filter_enabled switched off")
    if given.get("operator", "in") not in ("in", "not_in", "eq"):
        raise BadRequest(f"{where}.operator must be in")
    name = given.get("column")
    if not isinstance(name, str) or not name:
        raise BadRequest(f"{where}.column is required")
    values = given.get("values")
    if not isinstance(values, list) or not values or len(values) > 1_000:
        raise BadRequest(f"{where}.values must be a list of 1 to 1000 values")
    checked = tuple(scalar(f"{where}.values", value) for value in values)
    operator: Operator = "not_in" if given.get("operator") == "not_in" else "in"
    declared = _looked_up(name, declared_columns(tile, None))
    clause = Clause(declared or name[:200], operator, checked)
    return CrossFilter(tile.id, clause, is_declared=declared is not None)
