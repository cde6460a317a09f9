"""PostgreSQL and SQLite answer what SQL written by hand answers there, and both what DuckDB does."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from typing import Any

import duckdb
import psycopg
import pytest

from semantic.asked import compiled, definitions
from tesela.model.interaction import Clause, FilterState, Interaction, TimeRange
from tesela.model.statement import Statement
from tesela.semantic.compiling import AS_WRITTEN, View
from tesela.semantic.dialects import Shift
from tesela.sql.bind import compile_template

Ask = Callable[[str, tuple[Any, ...]], list[tuple[Any, ...]]]
SALES = """
CREATE TABLE sales (id INTEGER, region TEXT, sold_at {timestamp}, amount INTEGER);
INSERT INTO sales VALUES
    (1, 'N', '2024-01-31 23:30:00', 10), (2, 'N', '2024-02-29 12:00:00', 20), (3, 'S', '2024-03-31 00:10:00', 30),
    (4, NULL, '2024-04-30 08:00:00', 40), (5, 'N', '2025-01-05 08:45:00', 50), (6, 'S', '2025-02-28 09:00:00', 60),
    (7, 'N', '2025-03-31 10:00:00', 7), (8, 'S', '2025-12-31 23:59:00', 8), (9, NULL, '2025-02-01 00:00:00', 9);
CREATE TABLE items (sale_id INTEGER, kind TEXT, pieces INTEGER);
INSERT INTO items VALUES (1, 'a', 1), (1, 'a', 2), (1, 'b', 3), (2, 'b', 4), (9, 'a', 5);
"""
BASE: dict[str, Any] = {
    "datasource_id": "ds",
    "table": "sales",
    "time_column": "sold_at",
    "dimensions": [{"name": "region"}, {"name": "kind", "join": "items"}],
    "joins": [{"table": "items", "on": "items.sale_id = sales.id", "cardinality": "one_to_many"}],
}
KNOWN = definitions(
    {"name": "revenue", "expression": "sum(amount)", **BASE},
    {"name": "sold", "expression": "count(*)", **BASE},
    {"name": "pieces", "expression": "sum(items.pieces)", **BASE},
    {"name": "each", "type": "ratio", "formula": "{sold} / {revenue}"},
    {"name": "so_far", "type": "cumulative", "formula": "{revenue}"},
)


def in_duckdb() -> Iterator[Ask]:
    with duckdb.connect(":memory:") as connection:
        connection.execute(SALES.format(timestamp="TIMESTAMP"))
        yield lambda sql, values: connection.execute(sql, list(values)).fetchall()


def in_sqlite() -> Iterator[Ask]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SALES.format(timestamp="TEXT"))
        yield lambda sql, values: connection.execute(sql, [_text(one) for one in values]).fetchall()


def in_postgres(url: str) -> Iterator[Ask]:
    with psycopg.connect(url) as connection:
        connection.execute(SALES.format(timestamp="TIMESTAMP").encode())

        def ask(sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
            written = sql.replace("%", "%%").replace("?", "%s").encode()
            return connection.execute(written, values).fetchall()

        yield ask


@pytest.fixture(params=["duckdb", "sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Iterator[tuple[str, Ask]]:
    """A dialect, and how to ask it."""
    match request.param:
        case "duckdb":
            ways = in_duckdb()
        case "sqlite":
            ways = in_sqlite()
        case _:
            ways = in_postgres(request.getfixturevalue("postgres_database"))
    for ask in ways:
        yield request.param, ask


def asked(
    database: tuple[str, Ask],
    query: dict[str, Any],
    view: View = AS_WRITTEN,
    interaction: Interaction | None = None,
) -> list[tuple[Any, ...]]:
    dialect, ask = database
    statement = compile_template(compiled(query, KNOWN, dialect, view), dialect).bind(
        interaction or Interaction()
    )
    return [tuple(_plain(one) for one in row) for row in ask(*_marked(statement))]


@pytest.mark.parametrize(
    ("grain", "buckets"),
    [
        ("year", [("2024-01-01", 100), ("2025-01-01", 134)]),
        (
            "quarter",
            [("2024-01-01", 60), ("2024-04-01", 40), ("2025-01-01", 126), ("2025-10-01", 8)],
        ),
        ("week", [("2024-01-29", 10), ("2024-02-26", 20), ("2024-03-25", 30)]),
        ("day", [("2024-01-31", 10), ("2024-02-29", 20), ("2024-03-31", 30)]),
        ("hour", [("2024-01-31 23:00:00", 10), ("2024-02-29 12:00:00", 20), ("2024-03-31 00:00:00", 30)]),
    ],
)
def test_buckets_begin_where_they_should(
    database: tuple[str, Ask], grain: str, buckets: list[tuple[str, int]]
) -> None:
    found = asked(database, {"metrics": ["revenue"], "time_grain": grain})

    assert found[: len(buckets)] == buckets


def test_a_ratio_of_whole_numbers_keeps_what_is_behind_the_point(database: tuple[str, Ask]) -> None:
    found = asked(database, {"metrics": ["each"], "dimensions": ["region"], "order_by": ["region"]})

    assert found == [
        ("N", pytest.approx(4 / 87)),
        ("S", pytest.approx(3 / 98)),
        (None, pytest.approx(2 / 49)),
    ]


def test_groups_of_a_joined_table_count_each_row_once(database: tuple[str, Ask]) -> None:
    query = {"metrics": ["revenue", "sold", "pieces"], "dimensions": ["kind"], "order_by": ["kind"]}

    assert asked(database, query) == [("a", 19, 2, 8), ("b", 30, 2, 7), (None, 195, 6, None)]


def test_a_running_total_runs_in_each_group(database: tuple[str, Ask]) -> None:
    query = {
        "metrics": ["so_far", "pieces"],
        "dimensions": ["region"],
        "time_grain": "year",
        "filters": [{"field": "region", "operator": "not_in", "values": ["S", None]}],
    }

    assert asked(database, query) == [("2024-01-01", "N", 30, 10), ("2025-01-01", "N", 87, None)]


def test_months_are_compared_with_the_year_before(database: tuple[str, Ask]) -> None:
    query = {"metrics": ["revenue"], "time_grain": "month", "compare": "previous_year"}
    year = TimeRange(dt.date(2025, 1, 1), dt.date(2026, 1, 1), dt.date(2024, 1, 1), dt.date(2025, 1, 1))
    view = View(start=True, end=True, windowed=True, previous=Shift(12, "month"))

    found = asked(database, query, view, Interaction(range=year))

    assert found == [
        ("2025-01-01", 50, 10, pytest.approx(4.0)),
        ("2025-02-01", 69, 20, pytest.approx(2.45)),
        ("2025-03-01", 7, 30, pytest.approx(-23 / 30)),
        ("2025-04-01", None, 40, None),
        ("2025-12-01", 8, None, None),
    ]


def test_the_leap_day_has_no_counterpart_by_days(database: tuple[str, Ask]) -> None:
    query = {"metrics": ["revenue"], "time_grain": "day", "compare": "previous_year"}

    found = asked(database, query, View(previous=Shift(12, "month")))

    assert ("2025-02-28", 60, None, None) in found
    assert ("2025-03-31", 7, 30, pytest.approx(-23 / 30)) in found
    assert not [row for row in found if row[0] == "2025-03-01"]


def test_each_bucket_is_compared_with_the_one_before(database: tuple[str, Ask]) -> None:
    query = {
        "metrics": ["sold"],
        "dimensions": ["region"],
        "time_grain": "quarter",
        "compare": "previous_period",
    }

    found = asked(
        database,
        {**query, "filters": [{"field": "region", "values": ["N"]}]},
        View(previous=Shift(3, "month")),
    )

    assert [row[:4] for row in found] == [
        ("2024-01-01", "N", 2, None),
        ("2024-04-01", "N", None, 2),
        ("2025-01-01", "N", 2, None),
    ]


def test_conditions_of_a_view_are_bound(database: tuple[str, Ask]) -> None:
    hostile = FilterState((), (Clause("region", "in", ("N", "'; DROP TABLE sales; --")),))
    view = View(places=(("filter.r.where", ("region",)), ("drill.where", ("kind",))), start=True)
    interaction = Interaction(
        filters={"r": hostile},
        drill_path=(Clause("kind", "eq", ("b",)),),
        range=TimeRange(start=dt.date(2024, 2, 1)),
    )

    assert asked(database, {"metrics": ["revenue", "pieces"]}, view, interaction) == [(20, 4)]


def _marked(statement: Statement) -> tuple[str, tuple[Any, ...]]:
    return "?".join(statement.text), tuple(statement.values)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, dt.date) else value


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
