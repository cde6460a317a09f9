"""Table substitution, against the truth: the same SQL over a database that holds only the matching rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from sql.cases_files import CASES
from tesela.model.catalog import Catalog, CatalogInfo, ColumnInfo, SchemaInfo, TableInfo
from tesela.model.interaction import Clause, FilterState, Interaction
from tesela.model.statement import Statement
from tesela.sql.bind import compile_template
from tesela.sql.crossfilter import substitute
from tesela.sql.guard import guard
from tesela.sql.tables import base_tables, columns_by_table

SHAPES = dict(
    block.strip().split("\n", 1) for block in (CASES / "shapes.sql").read_text().split("-- title: ")[1:]
)
COLUMNS = {
    "sales": ("id", "region", "product", "amt"),
    "products": ("id", "name"),
    "targets": ("region", "goal"),
}
COLUMNS |= {f"main.{table}": columns for table, columns in COLUMNS.items()}
NORTH = (Clause("Region", "in", ("N", "x'y")),)


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE sales AS SELECT * FROM (VALUES (1,'N',1,10),(2,'N',2,5),(3,'S',1,7),(4,'S',3,20),"
            "(5,'x''y',1,2),(6,NULL,2,1)) t(id, region, product, amt);"
            "CREATE TABLE products AS SELECT * FROM (VALUES (1,'a'),(2,'b'),(3,'c'),(4,'d')) t(id, name);"
            "CREATE TABLE targets AS SELECT * FROM (VALUES ('N',100),('S',50)) t(region, goal);"
            "CREATE SCHEMA north;"
            "CREATE TABLE north.sales AS SELECT * FROM main.sales WHERE region IN ('N', 'x''y');"
            "CREATE TABLE north.products AS FROM main.products;"
            "CREATE TABLE north.targets AS SELECT * FROM main.targets WHERE region IN ('N', 'x''y');"
        )
        yield connection


def rows(database: duckdb.DuckDBPyConnection, statement: Statement, schema: str = "main") -> Any:
    database.execute(f"USE {schema}")
    try:
        return database.execute(statement.render(lambda _: "?"), list(statement.values)).fetchall()
    finally:
        database.execute("USE main")


@pytest.mark.parametrize("title", SHAPES)
def test_a_filtered_query_answers_as_if_the_tables_held_only_those_rows(
    title: str, database: duckdb.DuckDBPyConnection
):
    statement = compile_template(SHAPES[title], "duckdb").bind()
    truth = Statement((SHAPES[title].replace("main.", "north.").replace('"main"', '"north"'),))

    filtered = substitute(statement, "duckdb", COLUMNS, NORTH)

    assert filtered.applied == NORTH
    assert rows(database, filtered.statement) == rows(database, truth, "north")
    assert rows(database, filtered.statement) != rows(database, statement)
    guard(filtered.statement.render(lambda i: f"value{i}"), "duckdb")


def test_values_stay_in_the_order_of_the_text(database: duckdb.DuckDBPyConnection):
    sql = (
        "WITH a AS (SELECT * FROM sales WHERE amt > ${filter.low}) "
        "SELECT id FROM a JOIN targets t USING (region) WHERE id IN (${filter.ids}) AND amt < ${filter.high}"
    )
    values = {"low": (1,), "ids": (1, 2, 3), "high": (9,)}
    interaction = Interaction(filters={name: FilterState(found) for name, found in values.items()})

    filtered = substitute(compile_template(sql, "duckdb").bind(interaction), "duckdb", COLUMNS, NORTH)

    assert filtered.statement.values == ("N", "x'y", 1, "N", "x'y", 1, 2, 3, 9)
    assert rows(database, filtered.statement) == [(2,)]


def test_names_of_columns_stay():
    statement = compile_template("SELECT SUM(amt) FROM sales", "duckdb").bind()

    assert substitute(statement, "duckdb", COLUMNS, NORTH).statement.names == ("amt",)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM products",
        "SELECT 1",
        "SELECT * FROM elsewhere.sales",
        "WITH sales AS (SELECT 1 AS region) SELECT * FROM sales",
        "SELECT * FROM sales TABLESAMPLE 10%",
        "SELECT rowid FROM sales",
        "SELECT main.sales.amt FROM main.sales",
        "TABLE sales",
        "SELECT * FROM (PIVOT sales ON product USING sum(amt))",
        "SELECT * FROM sales JOIN (SELECT * FROM sales TABLESAMPLE 10%) USING (id)",
    ],
)
def test_a_filter_that_has_no_place_is_ignored_and_says_so(sql: str):
    statement = Statement((sql,))

    filtered = substitute(statement, "duckdb", COLUMNS, NORTH)

    assert filtered.statement == statement
    assert filtered.ignored == NORTH


def test_each_filter_is_decided_for_itself():
    other = Clause("nobody", "eq", (1,))

    filtered = substitute(Statement(("SELECT * FROM sales",)), "duckdb", COLUMNS, (other, *NORTH))

    assert (filtered.applied, filtered.ignored) == (NORTH, (other,))


def test_several_filters_meet_in_one_sub_select():
    clauses = (Clause("region", "eq", ("N",)), Clause("amt", "gt", (1,)))

    filtered = substitute(Statement(("SELECT * FROM sales s",)), "duckdb", COLUMNS, clauses)

    text = filtered.statement.render(lambda _: "?")
    assert text == 'SELECT * FROM (SELECT * FROM sales WHERE "region" = ? AND "amt" > ?) s'


@pytest.mark.parametrize(
    ("dialect", "sql", "tables"),
    [
        ("duckdb", 'WITH "T" AS (SELECT 1) SELECT * FROM t', []),
        ("postgres", 'WITH "T" AS (SELECT 1) SELECT * FROM t', ["t"]),
        ("postgres", "WITH T AS (SELECT 1) SELECT * FROM t", []),
        ("duckdb", "WITH t AS (SELECT * FROM t) SELECT * FROM t", ["t"]),
        ("duckdb", "WITH RECURSIVE t AS (SELECT 1 UNION ALL SELECT * FROM t) SELECT * FROM t", []),
        ("duckdb", "WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a, b", ["b"]),
        ("duckdb", "SELECT * FROM (WITH t AS (SELECT 1) SELECT * FROM t), t", ["t"]),
        ("duckdb", "WITH t AS (SELECT 1) SELECT * FROM u WHERE EXISTS (FROM t)", ["u"]),
        ("duckdb", "WITH t AS (SELECT 1) SELECT * FROM s.t", ["s.t"]),
        ("duckdb", "SELECT * FROM range(3), unnest([1]), t", ["t"]),
        ("sqlite", "SELECT * FROM [a b], 'c', json_each('[]')", ["a b", "c"]),
    ],
)
def test_base_tables_are_those_that_no_cte_hides(dialect: str, sql: str, tables: list[str]):
    assert [table.key for table in base_tables(Statement((sql,)), dialect)] == tables


def test_columns_by_table_knows_short_and_long_names():
    columns = (ColumnInfo(name="A", type="INT"),)
    schemas = tuple(
        SchemaInfo(name=name, tables=(TableInfo(name="T", columns=columns),)) for name in ("s", "x")
    )
    catalog = Catalog(catalogs=(CatalogInfo(name="c", schemas=schemas),), default_schema="s")

    found = columns_by_table(catalog)

    assert found == dict.fromkeys(("c.s.t", "s.t", "t", "c.x.t", "x.t"), ("A",))
