"""Metrics over the demo's flights answer what SQL written by hand answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from semantic.asked import plain, rows
from tesela.demo import data
from tesela.model.interaction import Clause, FilterState, Interaction, TimeRange
from tesela.semantic.compiling import View
from tesela.semantic.dialects import Shift


@pytest.fixture(scope="session")
def flights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The demo's tables."""
    folder: Path = tmp_path_factory.mktemp("metric-flights")
    connection = duckdb.connect(":memory:", config={"threads": "2"})
    for table in data.tables(folder):
        connection.execute(f"CREATE TABLE {table.name} AS {table.select()}")
    yield connection
    connection.close()


CASES: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("a count", {"metrics": ["flown"]}, "SELECT count(*) FROM flights"),
    (
        "a sum by a column, the largest first",
        {"metrics": ["delay"], "dimensions": ["origin"]},
        "SELECT origin, sum(dep_delay) AS d FROM flights GROUP BY 1 ORDER BY 2 DESC NULLS LAST, 1",
    ),
    (
        "a count of some rows, without anything around it",
        {"metrics": ["on_time"], "dimensions": ["origin"], "order_by": ["origin"]},
        "SELECT origin, count(*) FILTER (WHERE arr_delay < 15) FROM flights GROUP BY 1 ORDER BY 1",
    ),
    (
        "a joined dimension",
        {"metrics": ["flown"], "dimensions": ["carrier_name"]},
        "SELECT a.name, count(*) FROM flights f LEFT JOIN airlines a USING (carrier) "
        "GROUP BY 1 ORDER BY 2 DESC, 1",
    ),
    (
        "a dimension that is an expression",
        {"metrics": ["flown"], "dimensions": ["is_late"], "order_by": ["is_late"]},
        "SELECT arr_delay > 15, count(*) FROM flights GROUP BY 1 ORDER BY 1 NULLS LAST",
    ),
    *(
        (
            f"a count by {grain}",
            {"metrics": ["flown"], "time_grain": grain},
            f"SELECT date_trunc('{grain}', date)::DATE, count(*) FROM flights GROUP BY 1 ORDER BY 1",
        )
        for grain in ("day", "week", "month", "quarter", "year")
    ),
    (
        "a ratio of sums",
        {"metrics": ["cancelled_share"], "dimensions": ["carrier"], "order_by": ["carrier"]},
        "SELECT carrier, nullif(count(*) FILTER (dep_time IS NULL), 0) / count(*) FROM flights GROUP BY 1 ORDER BY 1",
    ),
    (
        "a derived metric by month and origin",
        {"metrics": ["kept"], "dimensions": ["origin"], "time_grain": "month"},
        "SELECT date_trunc('month', date)::DATE, origin, count(dep_time) FROM flights GROUP BY 1, 2 ORDER BY 1, 2",
    ),
    (
        "a running total for each origin",
        {"metrics": ["flown_so_far"], "dimensions": ["origin"], "time_grain": "month"},
        "SELECT m, origin, sum(n) OVER (PARTITION BY origin ORDER BY m) FROM (SELECT "
        "date_trunc('month', date)::DATE AS m, origin, count(*) AS n FROM flights GROUP BY 1, 2) ORDER BY 1, 2",
    ),
    (
        "filters on columns, joined columns and expressions",
        {
            "metrics": ["flown", "mean_delay"],
            "dimensions": ["origin"],
            "filters": [
                {"field": "carrier_name", "operator": "contains", "values": ["Air Lines"]},
                {"field": "is_late", "operator": "eq", "values": [True]},
                {"field": "origin", "operator": "in", "values": ["JFK", "EWR"]},
            ],
            "order_by": [{"field": "origin", "direction": "desc"}],
        },
        "SELECT origin, count(*), avg(dep_delay) FROM flights JOIN airlines a USING (carrier) "
        "WHERE a.name LIKE '%Air Lines%' AND arr_delay > 15 AND origin IN ('JFK', 'EWR') GROUP BY 1 ORDER BY 1 DESC",
    ),
    (
        "the three largest",
        {"metrics": ["flown"], "dimensions": ["carrier"], "limit": 3},
        "SELECT carrier, count(*) FROM flights GROUP BY 1 ORDER BY 2 DESC LIMIT 3",
    ),
    (
        "metrics of two tables by day and origin",
        {"metrics": ["flown", "rain", "flights_per_rain"], "dimensions": ["origin"], "time_grain": "day"},
        "WITH f AS (SELECT date AS d, origin, count(*) AS n FROM flights GROUP BY 1, 2), "
        "w AS (SELECT time_hour::DATE AS d, origin, sum(precip) AS r FROM weather GROUP BY 1, 2) "
        "SELECT d, origin, n, r, n / nullif(r, 0) FROM f FULL JOIN w USING (d, origin) ORDER BY 1, 2",
    ),
    (
        "a comparison with the month before",
        {"metrics": ["flown"], "time_grain": "month", "compare": "previous_period"},
        "WITH m AS (SELECT date_trunc('month', date)::DATE AS m, count(*) AS n FROM flights GROUP BY 1) "
        "SELECT m, n, lag(n) OVER (ORDER BY m), (n - lag(n) OVER (ORDER BY m)) / lag(n) OVER (ORDER BY m) "
        "FROM m ORDER BY m",
    ),
)


@pytest.mark.parametrize(("query", "sql"), [pytest.param(q, s, id=name) for name, q, s in CASES])
def test_metrics_answer_what_sql_by_hand_answers(
    flights: duckdb.DuckDBPyConnection, query: dict[str, Any], sql: str
) -> None:
    shift = Shift(1, "month") if query.get("compare") else None

    found = rows(flights, query, view=View(previous=shift))

    expected = plain(flights, sql)
    assert len(found) > 0
    assert [tuple(_near(one) for one in row) for row in found] == [
        tuple(_near(one) for one in row) for row in expected
    ]


def test_a_period_is_compared_with_the_one_before_bucket_by_bucket(
    flights: duckdb.DuckDBPyConnection,
) -> None:
    march = TimeRange(dt.date(2013, 3, 1), dt.date(2013, 4, 1), dt.date(2013, 2, 1), dt.date(2013, 3, 1))
    view = View(start=True, end=True, windowed=True, previous=Shift(28, "day"))

    found = rows(
        flights,
        {"metrics": ["flown"], "time_grain": "day", "compare": "previous_period"},
        view=view,
        interaction=Interaction(range=march),
    )

    expected = plain(
        flights,
        "WITH d AS (SELECT date, count(*) AS n FROM flights GROUP BY 1) SELECT now.date, now.n, b.n, "
        "(now.n - b.n) / b.n FROM d AS now LEFT JOIN d AS b ON b.date = now.date - 28 AND b.date < '2013-03-01' "
        "WHERE now.date >= '2013-03-01' AND now.date < '2013-04-01' ORDER BY 1",
    )
    assert len(found) == 31
    assert [row[2] for row in found[28:]] == [None, None, None]
    assert found == expected


def test_totals_are_compared_over_the_whole_period_before(flights: duckdb.DuckDBPyConnection) -> None:
    april = TimeRange(dt.date(2013, 4, 1), dt.date(2013, 5, 1), dt.date(2013, 3, 1), dt.date(2013, 4, 1))

    found = rows(
        flights,
        {"metrics": ["flown"], "compare": "previous_period"},
        view=View(start=True, end=True, windowed=True),
        interaction=Interaction(range=april),
    )

    now, before = plain(
        flights, "SELECT count(*) FROM flights WHERE month IN (3, 4) GROUP BY month ORDER BY month DESC"
    )
    assert found == [(now[0], before[0], (now[0] - before[0]) / before[0])]


def test_a_missing_bucket_stays_missing_and_moves_nothing(flights: duckdb.DuckDBPyConnection) -> None:
    query = {
        "metrics": ["flown"],
        "time_grain": "month",
        "compare": "previous_period",
        "filters": [{"field": "carrier", "values": ["OO"]}],
    }

    found = rows(flights, query, view=View(previous=Shift(1, "month")))

    months = [
        row[0] for row in plain(flights, "SELECT DISTINCT month FROM flights WHERE carrier = 'OO' ORDER BY 1")
    ]
    assert months == [1, 6, 8, 9, 11]
    assert [(row[0].month, row[1] is None, row[2] is None) for row in found] == [
        (1, False, True),
        (2, True, False),
        (6, False, True),
        (7, True, False),
        (8, False, True),
        (9, False, False),
        (10, True, False),
        (11, False, True),
    ]


def test_conditions_of_a_view_are_bound_and_narrow_by_dimension(flights: duckdb.DuckDBPyConnection) -> None:
    interaction = Interaction(
        filters={
            "c": FilterState((), (Clause("carrier_name", "in", ("Delta Air Lines Inc.", "x' OR '1'='1")),))
        },
        cross=(Clause("month", "eq", ("2013-02-01",)),),
    )
    view = View(places=(("filter.c.where", ("carrier_name",)), ("cross.where", ("month",))))

    found = rows(flights, {"metrics": ["flown"]}, view=view, interaction=interaction)

    assert found == plain(flights, "SELECT count(*) FROM flights WHERE carrier = 'DL' AND month = 2")


def _near(value: Any) -> Any:
    return pytest.approx(value) if isinstance(value, float) else value
