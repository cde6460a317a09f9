"""PostgreSQL keeps the contract of all engines, and its own: against a real server."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, ClassVar

import psycopg
import pytest

from engines.contract import LIMITS, EngineContract, rows, statement
from engines.exporting import serial
from engines.opened import a_source, an_engine
from servers import PostgresServer, free_port
from tesela.engines.base import Engine
from tesela.errors import BadRequest, QueryError, QueryRefused, QueryTimedOut, SourceUnavailable
from tesela.model.datasource import Datasource
from tesela.model.result import ExportHead, Limits

SALES = """
CREATE TABLE sales (region text, amount integer, sold_on date);
INSERT INTO sales VALUES ('north', 20, '2026-01-01'), ('sür', 30, '2026-01-02'), (NULL, 10, '2026-01-03');
DO $$ BEGIN CREATE ROLE reader LOGIN PASSWORD 'geheim'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT SELECT ON sales TO reader;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE SEQUENCE numbers;
GRANT USAGE ON numbers TO reader;
"""


def source(url: str, **config: Any) -> Datasource:
    where = psycopg.conninfo.conninfo_to_dict(url)
    known = {"host": where["host"], "port": where["port"], "database": where["dbname"], "user": "reader"}
    return a_source("postgresql", {**known, **config}, {"password": "geheim"})


@pytest.mark.postgres
class TestPostgreSQL(EngineContract):
    ENDLESS = "SELECT count(*) FROM generate_series(1, 1000000000) AS a, generate_series(1, 1000) AS b"
    MANY = "SELECT n FROM generate_series(0, 99999) AS n"
    MIDNIGHT = "timestamptz '2020-01-01 00:00:00+00'"
    BIG = "SELECT 9007199254740993 AS a, 1 AS b"
    TYPES: ClassVar[dict[str, tuple[str, Any]]] = {
        "1::smallint": ("int", 1),
        "9007199254740991::bigint": ("int", 9007199254740991),
        "9007199254740992::bigint": ("bigint", "9007199254740992"),
        "1.50::numeric(4,2)": ("decimal", 1.5),
        "12345678901234567.123::numeric": ("bigdecimal", "12345678901234567.123"),
        "1e25::numeric": ("bigdecimal", "10000000000000000000000000"),
        "'NaN'::numeric": ("decimal", None),
        "0.1::real": ("float", 0.1),
        "'NaN'::float8": ("float", None),
        "'-infinity'::float8": ("float", None),
        "true": ("bool", True),
        "'añ€\"\\'": ("text", 'añ€"\\'),
        "NULL": ("text", None),
        "'x'::char(3)": ("text", "x  "),
        "'ok'::mood": ("text", "ok"),
        "'c6835ede-1a31-4bcf-aa50-13f6ba10839d'::uuid": ("text", "c6835ede-1a31-4bcf-aa50-13f6ba10839d"),
        "date '2026-01-31'": ("date", "2026-01-31"),
        "date 'infinity'": ("text", "infinity"),
        "date '10000-01-01'": ("text", "10000-01-01"),
        "date '0044-03-15 BC'": ("text", "0044-03-15 BC"),
        "timestamp '2026-01-31 12:34:56.789012'": ("timestamp", "2026-01-31T12:34:56.789012"),
        "timestamp 'infinity'": ("text", "infinity"),
        "timestamptz '2026-01-31 12:34:56.5+02'": ("timestamptz", "2026-01-31T10:34:56.5Z"),
        "timestamptz '-infinity'": ("text", "-infinity"),
        "time '12:34:56.789012'": ("time", "12:34:56.789012"),
        "timetz '12:34:56+02'": ("time", "12:34:56+02"),
        "interval '1 month 2 days 3 hours'": ("interval", "1 mon 2 days 03:00:00"),
        "'\\xDEAD'::bytea": ("binary", "dead"),
        "B'1011'": ("text", "1011"),
        "'{\"a\": [1,\n null]}'::json": ("json", {"a": [1, None]}),
        "'{\"a\": 1.10}'::jsonb": ("json", {"a": 1.1}),
        "ARRAY[1, NULL, 2]": ("json", [1, None, 2]),
        "ARRAY[1.5::numeric]": ("json", [1.5]),
        "ARRAY[date '2026-01-31']": ("json", ["2026-01-31"]),
        "'12.34'::money::text": ("text", "$12.34"),
        "inet '127.0.0.0/8'": ("text", "127.0.0.0/8"),
        "int4range(1, 5)": ("text", "[1,5)"),
    }
    LATE = "SELECT 1 / (9000 - n) AS v FROM generate_series(0, 20000) AS n"
    EXPORTED: ClassVar[dict[str, tuple[str, Any]]] = {
        "1::smallint": ("1", 1),
        "1000000000000000::bigint": ("1000000000000000", "1000000000000000"),
        "1.50::numeric(4,2)": ("1.50", 1.5),
        "-1.50000000000000000000::numeric": ("-1.50000000000000000000", -1.5),
        "12345678901234567.12::numeric": ("12345678901234567.12",) * 2,
        "'NaN'::numeric": ("", None),
        "0.1::real": ("0.1", 0.1),
        "'-infinity'::float8": ("", None),
        "true": ("true", True),
        "NULL": ("", None),
        "'=x'::char(3)": ("'=x ", "=x "),
        "'ok'::mood": ("ok", "ok"),
        "date '2026-01-31'": ("2026-01-31", serial("2026-01-31")),
        "date '1900-02-28'": ("1900-02-28", "1900-02-28"),
        "date '-infinity'": ("'-infinity", "-infinity"),
        "date '0044-03-15 BC'": ("0044-03-15 BC", "0044-03-15 BC"),
        "timestamp '2026-01-31 12:30:00'": ("2026-01-31T12:30:00", serial("2026-01-31T12:30")),
        "timestamp 'infinity'": ("infinity", "infinity"),
        "timestamptz '2026-01-31 12:30:00+02'": ("2026-01-31T10:30:00Z", serial("2026-01-31T10:30")),
        "time '18:00:00'": ("18:00:00", 0.75),
        "timetz '12:34:56+02'": ("12:34:56+02", "12:34:56+02"),
        "interval '-1 day'": ("'-1 days", "-1 days"),
        "'\\xDEAD'::bytea": ("dead", "dead"),
        "'{\"a\": [1,null]}'::json": ('{"a": [1,null]}',) * 2,
        "ARRAY[1, NULL, 2]": ("[1,null,2]",) * 2,
        "ARRAY[1.5::numeric]": ("[1.5]",) * 2,
    }
    WRITES: ClassVar[list[str]] = [
        "INSERT INTO sales VALUES ('x', 1, NULL)",
        "UPDATE sales SET amount = 0",
        "DELETE FROM sales",
        "WITH d AS (DELETE FROM sales RETURNING *) SELECT * FROM d",
        "DROP TABLE sales",
        "CREATE TABLE x (a int)",
        "CREATE TEMP TABLE x (a int)",
        "SELECT * INTO x FROM sales",
        "SELECT nextval('numbers')",
        "SELECT * FROM sales FOR UPDATE",
        "DO $$ BEGIN NULL; END $$",
        "COPY sales TO STDOUT",
        "SET TRANSACTION READ WRITE",
        "COMMIT; DELETE FROM sales",
        "SELECT set_config('transaction_read_only', 'off', true)",
        "",
    ]
    FILES: ClassVar[list[str]] = [
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_ls_dir('/')",
        "COPY sales TO PROGRAM 'id'",
        "SELECT lo_import('/etc/passwd')",
    ]

    @pytest.fixture(autouse=True)
    def _database(self, postgres_database: str) -> None:
        self.url = postgres_database
        with psycopg.connect(self.url) as connection:
            connection.execute(SALES.encode())

    def opened(self) -> AbstractAsyncContextManager[Engine]:
        return an_engine(source(self.url), self.folder)

    def test_a_moment_is_written_in_the_zone_of_the_limits(self) -> None:
        asked = statement("SELECT timestamptz '2020-07-01 00:00:00+00' AS v, 1 AS one")
        madrid = Limits(time_zone="Europe/Madrid")

        assert self.seen(asked, "csv", madrid).records() == [["2020-07-01T02:00:00+02:00", "1"]]
        assert self.seen(asked, "xlsx", madrid).cells() == [[serial("2020-07-01T02:00"), 1]]

    def test_exact_digits_are_on_the_wire(self) -> None:
        result = self.result_of(statement("SELECT 1.50::numeric AS a, 0.10::numeric AS b"))

        assert result.rows_json == b'[{"a":1.50,"b":0.10}]'

    @pytest.mark.parametrize("leave", ["cancel", "deadline", "enough rows", "an export"])
    def test_the_server_really_stops(self, leave: str) -> None:
        endless = "SELECT a FROM generate_series(1, 1000000000) AS a, generate_series(1, 1000) AS b"
        running = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'reader' AND state = 'active'"

        async def leave_it(engine: Engine) -> None:
            if leave == "enough rows":
                fast = "SELECT a FROM generate_series(1, 3) AS b, generate_series(1, 3000000) AS a"
                assert (await engine.run(statement(fast), Limits(max_rows=10))).truncated
                return
            if leave == "an export":
                streamed = "SELECT generate_series(1, 1000000000) AS a"
                parts = engine.export(statement(streamed), Limits(max_rows=10**9, max_bytes=10**12), to="csv")
                async with contextlib.aclosing(parts):
                    assert [type(await anext(parts)) for _ in range(2)] == [ExportHead, bytes]
                return
            timeout_ms = 300 if leave == "deadline" else 30_000
            task = asyncio.create_task(engine.run(statement(endless), Limits(timeout_ms=timeout_ms)))
            await asyncio.sleep(0.2)
            if leave == "cancel":
                task.cancel()
            with pytest.raises((asyncio.CancelledError, QueryTimedOut)):
                await task

        async def work(engine: Engine) -> tuple[int, ...] | None:
            await leave_it(engine)
            await asyncio.sleep(0.5)
            async with await psycopg.AsyncConnection.connect(self.url) as connection:
                return await (await connection.execute(running.encode())).fetchone()

        assert self.with_engine(work) == (0,)

    def test_a_query_cannot_lift_its_own_deadline(self) -> None:
        lifted = (
            "SELECT set_config('statement_timeout', '0', true), "
            "(SELECT count(*) FROM generate_series(1, 1000000000) AS a, generate_series(1, 1000) AS b)"
        )

        with pytest.raises(QueryTimedOut):
            self.result_of(statement(lifted), Limits(timeout_ms=300))

    def test_nothing_of_a_session_stays_for_the_next_query(self) -> None:
        async def work(engine: Engine) -> Any:
            sql = "SELECT set_config('standard_conforming_strings', 'off', false), pg_advisory_lock(1)::text"
            await engine.run(statement(sql), LIMITS)
            asked = statement(
                "SELECT current_setting('standard_conforming_strings') AS a, "
                "(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory') AS b"
            )
            return rows(await engine.run(asked, LIMITS))

        assert self.with_engine(work) == [{"a": "on", "b": 0}]

    def test_a_restart_of_the_server_is_survived(self, postgres_server: PostgresServer) -> None:
        async def work(engine: Engine) -> Any:
            await engine.run(statement("SELECT 1 AS a"), LIMITS)
            await asyncio.to_thread(postgres_server.restart)
            return rows(await engine.run(statement("SELECT 2 AS a"), LIMITS))

        assert self.with_engine(work) == [{"a": 2}]

    def test_few_connections_are_used_and_none_is_left(self) -> None:
        counting = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'reader'"

        async def count() -> int:
            async with await psycopg.AsyncConnection.connect(self.url) as connection:
                row = await (await connection.execute(counting.encode())).fetchone()
            assert row is not None
            return int(row[0])

        async def work(engine: Engine) -> int:
            await asyncio.gather(*(engine.run(statement("SELECT 1 AS a"), LIMITS) for _ in range(30)))
            return await count()

        assert 1 <= self.with_engine(work) <= 5
        assert asyncio.run(count()) == 0

    def test_unqualified_names_are_looked_for_in_the_given_schema(self) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute('CREATE SCHEMA "My ""schema"; CREATE TABLE "My ""schema".x AS SELECT 7 AS a')
            connection.execute('GRANT USAGE ON SCHEMA "My ""schema" TO reader')
            connection.execute('GRANT SELECT ON "My ""schema".x TO reader')

        result = self.result_of(statement("SELECT a FROM x").within(None, 'My "schema'))

        assert rows(result) == [{"a": 7}]

    def test_a_superuser_is_warned_about(self) -> None:
        async def scenario() -> str:
            async with an_engine(source(self.url, user="tester"), self.folder) as engine:
                return await engine.test()

        assert "superuser" in asyncio.run(scenario())

    def test_an_ordinary_login_is_not_warned_about(self) -> None:
        async def work(engine: Engine) -> str:
            return await engine.test()

        assert "Warning" not in self.with_engine(work)

    def test_a_missing_right_is_said_in_the_databases_words(self) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute("CREATE TABLE secret (a int)")

        with pytest.raises(QueryRefused, match="ermission denied"):
            self.result_of(statement("SELECT * FROM secret"))

    def test_the_catalog_shows_only_what_may_be_read(self) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute("CREATE TABLE secret (a int)")

        async def work(engine: Engine) -> Any:
            return await engine.catalog()

        catalog = self.with_engine(work)

        assert [table.name for table in catalog.catalogs[0].schemas[0].tables] == ["sales"]

    @pytest.mark.parametrize(
        ("config", "sentence"),
        [
            ({"database": "nowhere"}, "no database of that name|no such database"),
            ({"user": "nobody"}, "refused|no such"),
            ({"port": free_port()}, "Nothing listens"),
            ({"sslmode": "require"}, "TLS"),
        ],
    )
    def test_an_unreachable_database_says_why_without_secrets(
        self, config: dict[str, Any], sentence: str
    ) -> None:
        async def scenario() -> None:
            async with an_engine(source(self.url, **config), self.folder) as engine:
                await engine.test()

        with pytest.raises(SourceUnavailable, match=sentence) as caught:
            asyncio.run(scenario())
        for secret in ("127.0.0.1", "reader", "geheim", "nowhere", str(config.get("port"))):
            assert secret not in caught.value.sentence


@pytest.mark.parametrize(
    "config",
    [
        {"host": ""},
        {"host": "/var/run/postgresql"},
        {"host": "a,b"},
        {"port": "x"},
        {"port": 99_999},
        {"database": None},
        {"user": " "},
        {"sslmode": "maybe"},
    ],
)
def test_a_wrong_config_names_its_field(tmp_path: Path, config: dict[str, Any]) -> None:
    async def scenario() -> None:
        async with an_engine(source("postgresql://x@localhost/d?port=1", **config), tmp_path):
            pass

    with pytest.raises(BadRequest, match=r"config\."):
        asyncio.run(scenario())


def test_a_host_that_does_not_answer_is_given_up(tmp_path: Path) -> None:
    async def scenario() -> None:
        engine_source = source("postgresql://x@127.0.0.1/d?port=1")
        async with an_engine(engine_source, tmp_path) as engine:
            await engine.run(statement("SELECT 1"), LIMITS)

    with pytest.raises(QueryError):
        asyncio.run(scenario())
