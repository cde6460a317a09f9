"""The corpus of `hostile.json` on real databases: every value is data, every name is looked up or quoted.

What is expected: `found` (exactly the row that holds it), `none` (no row), `refused` (before any database is
asked), `error` (refused, or the database says so), `any` (rows or an error: types differ). A canary table must
outlive it all.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import orjson
import psycopg
import pytest

from engines.opened import a_source, an_engine
from features.viewed import bound_tile
from servers import PostgresServer
from sql.cases_files import CASES
from tesela.errors import BadRequest, QueryError, QueryRefused
from tesela.features.viewing import State
from tesela.model.datasource import Datasource
from tesela.model.result import Limits
from tesela.running.catalog import Catalogs
from tesela.running.sources import Source

CORPUS = json.loads((CASES / "hostile.json").read_text())
KINDS = ("duckdb", "sqlite", "postgresql")
CREATE = (
    "CREATE TABLE canary (word TEXT)",
    "CREATE TABLE t (id INT, name TEXT, size INT)",
    "CREATE TABLE held (id INT, name TEXT)",
    "CREATE TABLE numbers (id INT, size BIGINT)",
)
FILTERS = [
    {"name": "one", "field": "name", "type": "select"},
    {"name": "many", "field": "name", "type": "multi_select"},
    {"name": "size", "field": "size", "type": "select"},
]
CONFIG = {"drill_levels": [{"id_column": "name"}]}
Insert = Callable[[str, tuple[Any, ...]], Any]


class Database:
    """A database of one kind, with the loop that its engine lives in."""

    def __init__(self, runner: asyncio.Runner, source: Source) -> None:
        self.runner, self.source, self.catalogs = runner, source, Catalogs()

    def ask(self, query: str, state: State, **more: Any) -> list[dict[str, Any]]:
        """Return the rows of a tile in a state."""

        async def asked() -> list[dict[str, Any]]:
            kind = self.source.datasource.kind
            more.setdefault("config", CONFIG)
            more.setdefault("filters", FILTERS)
            bound = await bound_tile(self.catalogs, kind, query, state, source=self.source, **more)
            result = await self.source.engine.run(bound.statement, Limits())
            found: list[dict[str, Any]] = orjson.loads(result.rows_json)
            return found

        return self.runner.run(asked())

    def check_canary(self) -> None:
        assert self.ask("SELECT word FROM canary", State()) == [{"word": "alive"}]


@pytest.fixture(scope="module", params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder = tmp_path_factory.mktemp("hostile")
    with filled(request, folder) as source, asyncio.Runner() as runner:
        stack = AsyncExitStack()
        engine = runner.run(stack.enter_async_context(an_engine(source, folder)))
        yield Database(runner, Source(source, engine))
        runner.run(stack.aclose())


@contextmanager
def filled(request: pytest.FixtureRequest, folder: Path) -> Iterator[Datasource]:
    """Yield a datasource whose tables hold the corpus, each value put there by the driver itself."""
    if request.param == "duckdb":
        with duckdb.connect(str(folder / "source.1.duckdb")) as connection:
            fill(lambda sql, values: connection.execute(marked(sql, values), list(values)))
        yield a_source("duckdb", {"generation": 1})
    elif request.param == "sqlite":
        with closing(sqlite3.connect(folder / "a.sqlite")) as lite:
            fill(lambda sql, values: lite.execute(marked(sql, values), values))
            lite.commit()
        yield a_source("sqlite", {"path": str(folder / "a.sqlite")})
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.new_database()
        with psycopg.connect(url) as connected:
            fill(lambda sql, values: connected.execute(sql.encode(), values or None))
        where = psycopg.conninfo.conninfo_to_dict(url)
        config = {"host": where["host"], "port": where["port"], "database": where["dbname"], "user": "tester"}
        yield a_source("postgresql", config, {"password": "-"})
        server.drop_database(url)


def marked(sql: str, values: tuple[Any, ...]) -> str:
    return sql.replace("%s", "?") if values else sql


def fill(insert: Insert) -> None:
    for sql in CREATE:
        insert(sql, ())
    insert("INSERT INTO canary VALUES ('alive')", ())
    insert("INSERT INTO t VALUES (1, 'ES', 1), (2, 'FR', 2), (3, NULL, 3)", ())
    for number, case in enumerate(CORPUS["values"]):
        if case["expect"] == "found":
            insert("INSERT INTO held VALUES (%s, %s)", (number, case["value"]))
    for number, case in enumerate(CORPUS["numbers"]):
        if case["expect"] == "found":
            insert("INSERT INTO numbers VALUES (%s, %s)", (number, case["value"]))
    for number, case in enumerate(CORPUS["names"]):
        if case["expect"] == "found":
            column = '"' + case["name"].replace('"', '""') + '"'
            insert(f"CREATE TABLE named{number} (total INT, {column} TEXT)", ())
            insert(f"INSERT INTO named{number} VALUES (1, 'in'), (2, 'out'), (3, 'in')", ())


def state_of(value: Any, **more: Any) -> State:
    """Return a state that has the value in every place where a request can have one."""
    click = {"source_tile_id": "clicked", "column": "name", "values": [value]}
    return State(
        filter_values={"one": value, "many": [value, "x"]},
        cross_filters=[click],
        drill_path=[{"value": value}],
        **more,
    )


PLACED = (
    "SELECT id FROM held WHERE name = ${filter.one} AND name IN (${filter.many}) ${drill.where} ${cross.where} "
    "AND name || 'x' = ${drill.value} || 'x'"
)
GROUPED = "SELECT name, count(*) AS n FROM held GROUP BY name"
DETAIL = "SELECT id FROM held WHERE 1=1 ${detail.where} ${filters.where}"


@pytest.mark.postgres
@pytest.mark.parametrize("number", range(len(CORPUS["values"])))
def test_a_hostile_value_is_data(number: int, database: Database) -> None:
    value, expected = CORPUS["values"][number]["value"], CORPUS["values"][number]["expect"]
    ways: list[tuple[str, State, dict[str, Any], Any]] = [
        (PLACED, state_of(value), {}, [{"id": number}]),
        (GROUPED, state_of(value), {}, [{"name": value, "n": 1}]),
        (GROUPED, State(dimensions={"name": value}), {"sql": DETAIL}, [{"id": number}]),
    ]
    for query, state, more, rows in ways:
        if expected == "refused":
            with pytest.raises((BadRequest, QueryRefused)):
                database.ask(query, state, **more)
        else:
            assert database.ask(query, state, **more) == rows
    database.check_canary()


@pytest.mark.postgres
@pytest.mark.parametrize("number", range(len(CORPUS["numbers"])))
def test_a_hostile_number_is_data_or_an_error_in_words(number: int, database: Database) -> None:
    value, expected = CORPUS["numbers"][number]["value"], CORPUS["numbers"][number]["expect"]
    state = State(filter_values={"size": value})
    rows = {"found": [{"id": number}], "none": []}
    for query in ("SELECT id FROM numbers WHERE size = ${filter.size}", "SELECT id FROM numbers"):
        if expected == "refused":
            with pytest.raises(QueryRefused):
                database.ask(query, state)
        elif expected == "any":
            with suppress(QueryError):
                database.ask(query, state)
        else:
            assert database.ask(query, state) == rows[expected]
    database.check_canary()


@pytest.mark.postgres
@pytest.mark.parametrize("number", range(len(CORPUS["names"])))
def test_a_hostile_name_is_quoted_where_it_is_declared_and_else_only_looked_up(
    number: int, database: Database
) -> None:
    name, expected = CORPUS["names"][number]["name"], CORPUS["names"][number]["expect"]
    config = {"drill_levels": [{"id_column": name}], "xField": name}
    query = f"SELECT ${{drill.field}} AS word, count(*) AS n FROM named{number} WHERE 1=1 ${{drill.where}} GROUP BY 1"
    detail = f"SELECT total FROM named{number} WHERE 1=1 ${{detail.where}} ORDER BY 1"
    filters = [{"name": "declared", "field": name[:200]}]
    declared = State(drill_path=[{"value": "in"}], filter_values={"declared": "in"})
    clicked = State(dimensions={name: "in"})
    if expected == "refused":
        with pytest.raises(QueryRefused):
            database.ask(query, declared, config=config)
    else:
        assert database.ask(query, declared, config=config, filters=filters) == [{"word": "in", "n": 2}]
        assert database.ask(query, clicked, config=config, sql=detail) == [{"total": 1}, {"total": 3}]
    if name.lower() not in ("name", "n"):
        for state in (State(dimensions={name: "in"}), State(drill_path=[{"id_column": name, "value": "in"}])):
            with pytest.raises(BadRequest):
                database.ask(GROUPED, state, sql=DETAIL)
        crossed = State(cross_filters=[{"source_tile_id": "clicked", "column": name, "values": ["in"]}])
        assert database.ask("SELECT count(*) AS n FROM t", crossed) == [{"n": 3}]
        assert database.ask("SELECT count(*) AS n FROM t", State(filter_values={name: "in"})) == [{"n": 3}]
    database.check_canary()


@pytest.mark.postgres
@pytest.mark.parametrize("number", range(len(CORPUS["templates"])))
def test_a_hostile_template_is_refused_or_means_what_it_says(number: int, database: Database) -> None:
    sql, expected = CORPUS["templates"][number]["sql"], CORPUS["templates"][number]["expect"]
    state = State(filter_values={"one": "ES"})
    if expected == "refused":
        with pytest.raises((BadRequest, QueryRefused)):
            database.ask(sql, state)
    elif expected == "error":
        with pytest.raises(QueryError):
            database.ask(sql, state)
    else:
        assert database.ask(sql, state) == [{"id": id_} for id_ in expected]
    database.check_canary()
