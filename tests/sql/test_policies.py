"""Row policies: queries that try to get around them, run for real. What comes back is allowed, or nothing does."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from engines.opened import a_source, an_engine, duckdb_file
from servers import PostgresServer
from sql.cases_files import CASES
from tesela.engines.base import Engine
from tesela.errors import QueryError, QueryFailed, QueryRefused
from tesela.model.policy import RowRule
from tesela.model.result import Limits
from tesela.model.statement import Statement
from tesela.sql.bind import compile_template
from tesela.sql.known import KnownTables, known_tables
from tesela.sql.policies import restrict

SHAPES = dict(
    block.strip().split("\n", 1) for block in (CASES / "policies.sql").read_text().split("-- title: ")[1:]
)
HIDDEN = ("bob-0002", "cyd-0003", "dan-0004", "4000", "secret note", "20,", "9999")
"""What stands in rows and columns that the reader may not see."""
TABLES = (
    "CREATE TABLE sales (id INT, region TEXT, amt INT, owner TEXT, note TEXT, card TEXT)",
    "INSERT INTO sales VALUES (1, 'N', 10, 'ann-0001', '7', '4000123412341234'),"
    " (2, 'S', 20, 'bob-0002', 'secret note', '4000222222222222'),"
    " (3, NULL, 9999, 'cyd-0003', 'secret note', '4000333333333333'),"
    " (4, 'x', 9999, 'dan-0004', 'secret note', '4000444444444444'),"
    " (5, 'N', 11, 'eve-0005', '8', '4000555555555555')",
    "CREATE TABLE products (id INT, name TEXT)",
    "INSERT INTO products VALUES (1, 'a'), (2, 'b')",
    "CREATE TABLE targets (region TEXT, goal INT)",
    "INSERT INTO targets VALUES ('N', 5)",
    "CREATE TABLE cards (card TEXT)",
    "CREATE VIEW all_sales AS SELECT * FROM sales",
    "CREATE SCHEMA elsewhere",
)
IN_DUCKDB = (
    "CREATE MACRO every_sale() AS (SELECT string_agg(owner, ',') FROM sales)",
    "CREATE MACRO every_sale_table() AS TABLE SELECT * FROM sales",
)
IN_POSTGRES = (
    "CREATE FUNCTION every_sale() RETURNS text LANGUAGE sql AS $$SELECT string_agg(owner, ',') FROM sales$$",
    "CREATE FUNCTION every_sale_table() RETURNS SETOF sales LANGUAGE sql AS $$SELECT * FROM sales$$",
    "CREATE TABLE sales_part (LIKE sales)",
    "INSERT INTO sales_part SELECT * FROM sales WHERE region = 'S'",
    "ALTER TABLE sales_part INHERIT sales",
)
MASKED = (RowRule("source", ("sales",), "", masks=(("card", "hash"),), salt="salt"),)
RULES = (
    RowRule("source", ("sales",), "region IN (${user.regions})", (("regions", ("N",)),)),
    *MASKED,
    RowRule("source", ("sales",), "amt < 1000 OR amt IS NULL", masks=(("card", "partial"),)),
)
LIMITS = Limits(timeout_ms=10_000)


class Site:
    """One database with its engine, open for the whole module."""

    def __init__(self, kind: str, engine: Engine, tables: KnownTables) -> None:
        self.kind = kind
        self.dialect = engine.dialect
        self.engine = engine
        self.tables = tables

    async def answer(self, sql: str, rules: tuple[RowRule, ...] = RULES) -> str:
        """Return the rows as JSON. Raises QueryError."""
        statement = compile_template(sql, self.dialect).bind()
        restricted = restrict(statement, self.dialect, self.tables, rules)
        return (await self.engine.run(restricted, LIMITS)).rows_json.decode()


@contextlib.asynccontextmanager
async def opened(kind: str, folder: Path, url: str | None) -> AsyncIterator[Site]:
    if kind == "sqlite":
        file = folder / "policies.sqlite"
        with contextlib.closing(sqlite3.connect(file)) as made, made:
            for statement in TABLES[:-1]:  # SQLite has no schemas to make
                made.execute(statement)
        source = a_source("sqlite", {"path": str(file)})
    elif url is None:
        duckdb_file(folder, *TABLES, *IN_DUCKDB)
        source = a_source("duckdb", {"generation": 1})
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in (*TABLES, *IN_POSTGRES):
                connection.execute(statement.encode())
        parts = psycopg.conninfo.conninfo_to_dict(url)
        where = {"host": parts["host"], "port": int(str(parts["port"])), "database": parts["dbname"]}
        source = a_source("postgresql", {**where, "user": parts["user"]})
    async with an_engine(source, folder) as engine:
        yield Site(kind, engine, known_tables(await engine.catalog()))


@pytest.fixture(scope="module", params=["duckdb", "postgresql", "sqlite"])
def loop_and_site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[asyncio.Runner, Site]]:
    url = None
    postgres: PostgresServer | None = None
    if request.param == "postgresql":
        postgres = request.getfixturevalue("postgres_server")
        url = postgres.new_database()
    with asyncio.Runner() as runner:
        context = opened(request.param, tmp_path_factory.mktemp(request.param), url)
        site = runner.run(context.__aenter__())
        try:
            yield runner, site
        finally:
            runner.run(context.__aexit__(None, None, None))
    if postgres is not None and url is not None:
        postgres.drop_database(url)


def ask(found: tuple[asyncio.Runner, Site], sql: str, rules: tuple[RowRule, ...] = RULES) -> str:
    runner, site = found
    schema = "public" if site.kind == "postgresql" else "main"
    if site.kind == "sqlite":  # it cannot hash, which is refused when such a policy is made
        rules = tuple(one for one in rules if one not in MASKED)
    return runner.run(site.answer(sql.replace("{schema}", schema), rules))


@pytest.mark.parametrize("title", SHAPES)
def test_no_shape_of_a_query_shows_what_a_policy_hides(
    title: str, loop_and_site: tuple[asyncio.Runner, Site]
) -> None:
    sql = SHAPES[title]
    try:
        told = ask(loop_and_site, sql)
    except QueryError as error:
        told = error.sentence.replace(sql, "")

    assert [word for word in HIDDEN if word in told] == []


def test_there_are_enough_shapes_and_not_all_are_refused(loop_and_site: tuple[asyncio.Runner, Site]) -> None:
    answered = []
    for title, sql in SHAPES.items():
        with contextlib.suppress(QueryError):
            answered.append((title, ask(loop_and_site, sql)))

    assert len(SHAPES) >= 120
    at_least = (50, 30) if loop_and_site[1].kind == "sqlite" else (70, 45)  # it has no LATERAL, no ARRAY, ...
    assert len(answered) >= at_least[0]
    assert sum("ann-0001" in told for _, told in answered) >= at_least[1]


def rule(predicate: str, table: str = "sales", **values: tuple[str, ...]) -> tuple[RowRule, ...]:
    return (RowRule("source", (table,), predicate, tuple(values.items())),)


COUNT = "SELECT count(*) AS n FROM sales"


@pytest.mark.parametrize(
    ("rules", "count"),
    [
        (rule("region = ${user.region}", region=("N",)), 2),
        (rule("region IN (${user.region})", region=("N", "S")), 3),
        (rule("region = ${user.region}", region=()), 0),
        (rule("NOT region IN (${user.region})", region=()), 0),
        (rule("1=1 OR region = ${user.region}", region=()), 0),
        (rule("region = ${user.region}", region=("N' OR '1'='1",)), 0),
        (rule("region = 'N'") + rule("amt > 10"), 1),
        (rule("true"), 5),
    ],
)
def test_rules_hold_together_and_fail_closed(
    loop_and_site: tuple[asyncio.Runner, Site], rules: tuple[RowRule, ...], count: int
) -> None:
    told = ask(loop_and_site, COUNT, rules)

    parts = 1 if loop_and_site[1].kind == "postgresql" else 0  # the part's row is the table's too
    extra = parts if count in (3, 5) else 0
    assert told == f'[{{"n":{count + extra}}}]'


def test_a_list_where_one_value_goes_is_refused(loop_and_site: tuple[asyncio.Runner, Site]) -> None:
    with pytest.raises(QueryRefused, match="takes one value"):
        ask(loop_and_site, COUNT, rule("region = ${user.region}", region=("N", "S")))


def test_a_column_that_is_gone_closes_the_table(loop_and_site: tuple[asyncio.Runner, Site]) -> None:
    with pytest.raises(QueryRefused, match="not there any more"):
        ask(loop_and_site, COUNT, rule("gone = 1"))


def test_a_view_is_open_by_a_policy_of_its_own(loop_and_site: tuple[asyncio.Runner, Site]) -> None:
    open_ = rule("true", table="all_sales") + rule("region = 'N'")

    assert "bob-0002" in ask(loop_and_site, "SELECT owner FROM all_sales", open_)
    assert "bob-0002" not in ask(loop_and_site, "SELECT owner FROM sales", open_)


def test_only_plain_queries_of_postgresql_do_without_the_fence(
    loop_and_site: tuple[asyncio.Runner, Site],
) -> None:
    site = loop_and_site[1]
    plain, failing = (
        "".join(restrict(Statement((sql,)), site.dialect, site.tables, rule("region = 'N'")).text)
        for sql in ("SELECT sum(amt) FROM sales", "SELECT 1 FROM sales WHERE CAST(note AS INT) = 1")
    )

    assert ("OFFSET 0" in plain, "OFFSET 0" in failing) == (site.kind != "postgresql", True)


def test_an_engines_error_is_no_refusal(loop_and_site: tuple[asyncio.Runner, Site]) -> None:
    with pytest.raises(QueryFailed):
        ask(loop_and_site, "SELECT nobody FROM sales")
