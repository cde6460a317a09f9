"""Metrics over the demo's flights, and the way from a query of them to rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import duckdb

from tesela.model.interaction import Interaction, TimeRange
from tesela.model.metric import Definition, read_definition, read_metric_query
from tesela.semantic.compiling import AS_WRITTEN, View, compile_metrics
from tesela.sql.bind import compile_template

FLIGHTS: dict[str, Any] = {
    "datasource_id": "ds",
    "table": "flights",
    "time_column": "date",
    "dimensions": [
        {"name": "origin"},
        {"name": "carrier"},
        {"name": "carrier_name", "column": "name", "join": "airlines"},
        {"name": "is_late", "sql": "arr_delay > 15"},
    ],
    "joins": [
        {"table": "airlines", "on": "airlines.carrier = flights.carrier", "cardinality": "many_to_one"},
    ],
}
WEATHER: dict[str, Any] = {
    "datasource_id": "ds",
    "table": "weather",
    "time_column": "time_hour",
    "dimensions": [{"name": "origin"}],
}
METRICS: tuple[dict[str, Any], ...] = (
    {"name": "flown", "expression": "count(*)", **FLIGHTS},
    {"name": "delay", "expression": "sum(dep_delay)", **FLIGHTS},
    {"name": "mean_delay", "expression": "avg(dep_delay)", **FLIGHTS},
    {"name": "cancelled", "expression": "count(*)", **FLIGHTS, "filters": [{"sql": "dep_time IS NULL"}]},
    {"name": "on_time", "expression": "count(*) FILTER (WHERE arr_delay < 15)", **FLIGHTS},
    {"name": "cancelled_share", "type": "ratio", "formula": "{cancelled} / nullif({flown}, 0)"},
    {"name": "kept", "type": "derived", "formula": "{flown} - coalesce({cancelled}, 0)"},
    {"name": "flown_so_far", "type": "cumulative", "formula": "{flown}"},
    {"name": "rain", "expression": "sum(precip)", **WEATHER},
    {"name": "flights_per_rain", "type": "ratio", "formula": "{flown} / nullif({rain}, 0)"},
)
YEAR = TimeRange(dt.date(2013, 1, 1), dt.date(2014, 1, 1), dt.date(2012, 1, 1), dt.date(2013, 1, 1))


def definitions(*given: dict[str, Any]) -> dict[str, Definition]:
    """Return definitions by name."""
    return {one["name"]: read_definition(one) for one in given}


FLOWN = definitions(*METRICS)


def compiled(
    query: dict[str, Any],
    known: dict[str, Definition] = FLOWN,
    dialect: str = "duckdb",
    view: View = AS_WRITTEN,
) -> str:
    return compile_metrics(read_metric_query(query), known, dialect, view).sql


def rows(
    connection: duckdb.DuckDBPyConnection,
    query: dict[str, Any],
    known: dict[str, Definition] = FLOWN,
    *,
    view: View = AS_WRITTEN,
    interaction: Interaction | None = None,
) -> list[tuple[Any, ...]]:
    """Return what DuckDB answers to a query of metrics, bound as a tile's SQL is."""
    statement = compile_template(compiled(query, known, view=view), "duckdb").bind(
        interaction or Interaction()
    )
    cursor = connection.cursor()
    return cursor.execute("?".join(statement.text), statement.values).fetchall()


def plain(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()
) -> list[tuple[Any, ...]]:
    """Return what DuckDB answers to SQL written by hand."""
    return connection.cursor().execute(sql, list(values)).fetchall()
