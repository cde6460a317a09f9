"""SQL from words: what a question becomes, what it brings, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pytest
from bench.analytics import rewrites

from tesela.sql.assist.asked import ask
from tesela.sql.assist.changed import change
from tesela.sql.assist.question import TableWords
from tesela.sql.bind import compile_template
from tesela.sql.spots import NotRewritten

DOCUMENT: dict[str, Any] = json.loads(rewrites.CASES.read_text())
SCHEMA: dict[str, list[str]] = DOCUMENT["schema"]


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return rewrites.database(DOCUMENT)


@pytest.fixture(scope="module")
def tables(con: duckdb.DuckDBPyConnection) -> list[TableWords]:
    types = (
        "SELECT table_name, column_name, data_type FROM information_schema.columns ORDER BY ordinal_position"
    )
    columns: dict[str, dict[str, str]] = {}
    for table, column, type_ in con.execute(types).fetchall():
        columns.setdefault(table, {})[column] = type_
    values = {
        one.table: {name: one.values(name) for name in one.columns} for one in rewrites.profiles_of(con)
    }
    return [TableWords(name, name, found, values.get(name, {})) for name, found in columns.items()]


@pytest.mark.parametrize(
    ("question", "by_hand"),
    [
        (
            "total amount by region of orders",
            "SELECT region, SUM(amount) FROM orders JOIN stores USING (store_id) GROUP BY 1",
        ),
        (
            "top 2 cities by average qty",
            "SELECT city, AVG(qty) FROM orders JOIN stores USING (store_id) GROUP BY 1 ORDER BY 2 DESC LIMIT 2",
        ),
        (
            "how many paid orders in Spain in March 2025",
            "SELECT COUNT(*) FROM orders JOIN stores USING (store_id) WHERE status = 'paid' AND country = 'Spain' "
            "AND order_date >= '2025-03-01' AND order_date < '2025-04-01'",
        ),
        (
            "how many orders per month in 2025",
            "SELECT date_trunc('month', order_date), COUNT(*) FROM orders WHERE year(order_date) = 2025 GROUP BY 1",
        ),
        ("cuántos orders por region", "SELECT region, COUNT(*) FROM orders JOIN stores USING (store_id) GROUP BY 1"),
        ("promedio de qty por status", "SELECT status, AVG(qty) FROM orders GROUP BY 1"),
        (
            "número de orders por mes en el primer trimestre de 2025",
            "SELECT date_trunc('month', order_date), COUNT(*) FROM orders WHERE order_date >= '2025-01-01' "
            "AND order_date < '2025-04-01' GROUP BY 1",
        ),
        ("how many orders in Spain or France", "SELECT COUNT(*) FROM orders JOIN stores USING (store_id) "
         "WHERE country IN ('Spain', 'France')"),
        ("average qty by city where qty at least 3",
         "SELECT city, AVG(qty) FROM orders JOIN stores USING (store_id) WHERE qty >= 3 GROUP BY 1"),
        ("list region and country", "SELECT region, country FROM stores"),
        ("distinct country", "SELECT DISTINCT country FROM stores"),
        ("which segment has the lowest total qty",
         "SELECT segment, SUM(qty) FROM orders JOIN customers USING (customer_id) GROUP BY 1 ORDER BY 2 LIMIT 1"),
        ("total qty between 2025-01-10 and 2025-02-10",
         "SELECT SUM(qty) FROM orders WHERE order_date BETWEEN '2025-01-10' AND '2025-02-10'"),
        ("how many customers by segment", "SELECT segment, COUNT(*) FROM customers GROUP BY 1"),
    ],
)  # fmt: skip
def test_a_question_brings_what_a_query_by_hand_brings(
    con: duckdb.DuckDBPyConnection, tables: list[TableWords], question: str, by_hand: str
) -> None:
    made = ask(question, tables, "duckdb")

    compile_template(made, "duckdb")
    found, expected = con.execute(made).fetchall(), con.execute(by_hand).fetchall()
    assert sorted(map(_plain, found)) == sorted(map(_plain, expected))


def _plain(row: tuple[Any, ...]) -> list[str]:
    return [str(value)[:10] for value in row]


def test_people_of_one_name_are_not_added_up(
    con: duckdb.DuckDBPyConnection, tables: list[TableWords]
) -> None:
    made = ask("top 3 customers by total qty", tables, "duckdb")

    assert "GROUP BY\n  customers.name,\n  customers.customer_id" in made
    assert len(con.execute(made).fetchall()) == 3


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("profit by region", "does not understand: profit"),
        ("why did the total qty fall in Madrid", "why, did|why, fall"),
        ("total qty by region except Centro", "leave out: except"),
        ("total amount", "amount is a column of"),
        ("total qty by segment of 'Atlantis'", "no value 'Atlantis'"),
        ("how many customers by region", "no certain way from customers to stores"),
        ("qty", None),
        ("total city by region", "city is no number|not know what"),
        ("orders paid or Spain", "either of its conditions|what to show"),
        ("the best of all", "no column and no table|does not know"),
        ("", "no column and no table"),
        ("total qty last month", "does not understand"),
        ("number of orders greater than 100", "what is greater than 100"),
        ("What is the meaning of life?", "meaning, life"),
    ],
)
def test_what_is_not_understood_is_refused(
    tables: list[TableWords], question: str, reason: str | None
) -> None:
    if reason is None:
        assert ask(question, tables, "duckdb").startswith("SELECT\n  orders.qty")
        return
    with pytest.raises(NotRewritten, match=reason):
        ask(question, tables, "duckdb")


MONTHLY = "SELECT date_trunc('month', order_date) AS month, SUM(qty) AS total FROM orders GROUP BY 1"


def test_an_existing_query_takes_a_filter_and_keeps_the_rest(
    con: duckdb.DuckDBPyConnection, tables: list[TableWords]
) -> None:
    made = change(MONTHLY, "only paid", tables, SCHEMA, "duckdb").sql

    by_hand = MONTHLY.replace("GROUP BY", "WHERE status = 'paid' GROUP BY")
    assert sorted(con.execute(made).fetchall()) == sorted(con.execute(by_hand).fetchall())


def test_an_existing_query_takes_another_grain_and_the_first_n(
    con: duckdb.DuckDBPyConnection, tables: list[TableWords]
) -> None:
    weekly = change(MONTHLY, "by week", tables, SCHEMA, "duckdb").sql
    first = change(MONTHLY, "top 3", tables, SCHEMA, "duckdb").sql

    assert sorted(con.execute(weekly).fetchall()) == sorted(
        con.execute(MONTHLY.replace("month'", "week'")).fetchall()
    )
    assert con.execute(first).fetchall() == con.execute(MONTHLY + " ORDER BY 2 DESC LIMIT 3").fetchall()


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ("only Spain", "does not read stores"),
        ("average qty", "changes only"),
        ("make it nicer", "does not understand"),
        ("please", "what to change"),
    ],
)
def test_a_change_that_is_not_certain_is_refused(tables: list[TableWords], wanted: str, reason: str) -> None:
    with pytest.raises(NotRewritten, match=reason):
        change(MONTHLY, wanted, tables, SCHEMA, "duckdb")
