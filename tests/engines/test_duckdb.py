"""The embedded engine keeps the contract of all engines."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, ClassVar

import pytest

from engines.contract import LIMITS, EngineContract, rows, statement
from engines.exporting import serial
from engines.opened import a_source, an_engine, duckdb_file
from tesela.engines.base import Engine
from tesela.errors import QueryFailed, SourceUnavailable
from tesela.model.result import Limits

SALES = [
    "CREATE TABLE sales (region VARCHAR, amount INTEGER, sold_on DATE)",
    "INSERT INTO sales VALUES ('north', 20, '2026-01-01'), ('sür', 30, '2026-01-02'), (NULL, 10, '2026-01-03')",
    "CREATE SCHEMA other",
    "CREATE VIEW other.sales_view AS SELECT * FROM sales",
]


class TestDuckDB(EngineContract):
    ENDLESS = "SELECT count(*) AS n FROM range(100000000) AS a, range(1000) AS b WHERE hash(a.range + b.range) % 3 = 0"
    MANY = "SELECT range AS n FROM range(100000) ORDER BY n"
    MIDNIGHT = "TIMESTAMPTZ '2020-01-01 00:00:00+00'"
    TYPES: ClassVar[dict[str, tuple[str, Any]]] = {
        "1::TINYINT": ("int", 1),
        "9007199254740991::BIGINT": ("int", 9007199254740991),
        "9007199254740992::BIGINT": ("bigint", "9007199254740992"),
        "18446744073709551615::UBIGINT": ("bigint", "18446744073709551615"),
        "1::HUGEINT": ("int", 1),
        "170141183460469231731687303715884105727::HUGEINT": (
            "bigint",
            "170141183460469231731687303715884105727",
        ),
        "340282366920938463463374607431768211455::UHUGEINT": (
            "bigint",
            "340282366920938463463374607431768211455",
        ),
        "1::UHUGEINT": ("int", 1),
        "123456789012345678901234567890::BIGNUM": ("bigint", "123456789012345678901234567890"),
        "1.50::DECIMAL(4,2)": ("decimal", 1.5),
        "12345678901234567.123::DECIMAL(38,3)": ("bigdecimal", "12345678901234567.123"),
        "0.1::FLOAT": ("float", 0.1),
        "1e300::DOUBLE": ("float", 1e300),
        "'nan'::DOUBLE": ("float", None),
        "1 / 0": ("float", None),
        "true": ("bool", True),
        "'añ€\"\\'": ("text", 'añ€"\\'),
        "chr(0) || 'a'": ("text", "\0a"),
        "NULL": ("text", None),
        "DATE '2026-01-31'": ("date", "2026-01-31"),
        "'infinity'::DATE": ("text", "infinity"),
        "'-infinity'::DATE": ("text", "-infinity"),
        "DATE '10000-01-01'": ("text", "10000-01-01"),
        "DATE '9999-12-31'": ("date", "9999-12-31"),
        "TIMESTAMP '2026-01-31 12:34:56.789012'": ("timestamp", "2026-01-31T12:34:56.789012"),
        "TIMESTAMP_NS '2026-01-31 12:34:56.123456789'": ("timestamp", "2026-01-31T12:34:56.123456789"),
        "TIMESTAMP_S '2026-01-31 12:34:56'": ("timestamp", "2026-01-31T12:34:56"),
        "'infinity'::TIMESTAMP": ("text", "infinity"),
        "TIMESTAMP '10000-01-01 10:00:00'": ("text", "10000-01-01T10:00:00"),
        "TIMESTAMPTZ '2026-01-31 12:34:56.5+02'": ("timestamptz", "2026-01-31T10:34:56.500Z"),
        "'infinity'::TIMESTAMPTZ": ("text", "infinity"),
        "TIME '12:34:56.789012'": ("time", "12:34:56.789012"),
        "'12:34:56+02'::TIMETZ": ("time", "12:34:56+02"),
        "INTERVAL '1 month 2 days 3 hours'": ("interval", "1 month 2 days 03:00:00"),
        "'\\xDE\\xAD'::BLOB": ("binary", "dead"),
        "'1011'::BIT": ("text", "1011"),
        "'c6835ede-1a31-4bcf-aa50-13f6ba10839d'::UUID": ("text", "c6835ede-1a31-4bcf-aa50-13f6ba10839d"),
        "'a'::ENUM('a', 'b')": ("text", "a"),
        "'{\"a\": [1,\n null]}'::JSON": ("json", {"a": [1, None]}),
        "[1, NULL, 2]": ("json", [1, None, 2]),
        "[1.5, 'nan'::DOUBLE]": ("json", [1.5, None]),
        "{'a': 1, 'b': {'c': 'x'}}": ("json", {"a": 1, "b": {"c": "x"}}),
        "MAP {'k': 1}": ("json", {"k": 1}),
        "MAP {1: 2}": ("json", {"1": 2}),
        "[DATE '2026-01-31']": ("json", ["2026-01-31"]),
        "['infinity'::DATE]": ("json", [None]),
        "[INTERVAL '1 day']": ("json", ["1 day"]),
        "[{'a': 'nan'::DOUBLE, 'b': 1::HUGEINT}]": ("json", [{"a": None, "b": 1}]),
        "union_value(k := 1)": ("json", {"k": 1}),
    }
    LATE = "SELECT CAST(CASE WHEN range = 9000 THEN 'x' ELSE '1' END AS INTEGER) AS v FROM range(20000)"
    EXPORTED: ClassVar[dict[str, tuple[str, Any]]] = {
        "1::TINYINT": ("1", 1),
        "(-5)::BIGINT": ("-5", -5),
        "999999999999999::BIGINT": ("999999999999999", 999999999999999),
        "-999999999999999::BIGINT": ("-999999999999999", -999999999999999),
        "1000000000000000::BIGINT": ("1000000000000000", "1000000000000000"),
        "1::UHUGEINT": ("1", 1),
        "123456789012345678901234567890::BIGNUM": ("123456789012345678901234567890",) * 2,
        "1.50::DECIMAL(4,2)": ("1.50", 1.5),
        "-1.5::DECIMAL(38,20)": ("-1.50000000000000000000", -1.5),
        "12345678901234567.12::DECIMAL(38,2)": ("12345678901234567.12",) * 2,
        "1200000000000000000::DECIMAL(38,0)": ("1200000000000000000",) * 2,
        "0.1::FLOAT": ("0.1", 0.1),
        "-1e300::DOUBLE": ("-1e+300", -1e300),
        "'nan'::DOUBLE": ("", None),
        "1 / 0": ("", None),
        "true": ("true", True),
        "false": ("false", False),
        "NULL": ("", None),
        "NULL::BOOLEAN": ("", None),
        "NULL::DATE": ("", None),
        "NULL::TIME": ("", None),
        "NULL::DECIMAL(38,2)": ("", None),
        "chr(0) || chr(11) || chr(65534) || 'a'": ("\0\x0b\ufffea", "_x0000__x000B__xFFFE_a"),
        "DATE '2026-01-31'": ("2026-01-31", serial("2026-01-31")),
        "DATE '1900-03-01'": ("1900-03-01", 61),
        "DATE '1900-02-28'": ("1900-02-28", "1900-02-28"),
        "DATE '10000-01-01'": ("10000-01-01", "10000-01-01"),
        "'-infinity'::DATE": ("'-infinity", "-infinity"),
        "TIMESTAMP '2026-01-31 12:30:00'": ("2026-01-31T12:30:00", serial("2026-01-31T12:30")),
        "TIMESTAMP_S '2026-01-31 12:30:00'": ("2026-01-31T12:30:00", serial("2026-01-31T12:30")),
        "TIMESTAMP_NS '2026-01-31 12:30:00.123456789'": (
            "2026-01-31T12:30:00.123456789",
            pytest.approx(serial("2026-01-31T12:30:00.123456"), abs=1e-9),
        ),
        "'infinity'::TIMESTAMP": ("infinity", "infinity"),
        "TIMESTAMP '10000-01-01 10:00:00'": ("10000-01-01T10:00:00", "10000-01-01 10:00:00"),
        "TIMESTAMPTZ '2026-01-31 12:30:00+02'": ("2026-01-31T10:30:00Z", serial("2026-01-31T10:30")),
        "'infinity'::TIMESTAMPTZ": ("infinity", "infinity"),
        "TIME '18:00:00'": ("18:00:00", 0.75),
        "'12:34:56+02'::TIMETZ": ("12:34:56+02", "12:34:56+02"),
        "INTERVAL '-1 day'": ("'-1 day", "-1 day"),
        "'\\xDE\\xAD'::BLOB": ("dead", "dead"),
        "'1011'::BIT": ("1011", "1011"),
        "'c6835ede-1a31-4bcf-aa50-13f6ba10839d'::UUID": ("c6835ede-1a31-4bcf-aa50-13f6ba10839d",) * 2,
        "'=a'::ENUM('=a', 'b')": ("'=a", "=a"),
        "'{\"a\": [1,null]}'::JSON": ('{"a": [1,null]}',) * 2,
        "[1, NULL, 2]": ("[1,null,2]",) * 2,
        "{'a': 1, 'b': '<&>'}": ('{"a":1,"b":"<&>"}',) * 2,
        "MAP {1: 2}": ('{"1":2}',) * 2,
    }
    WRITES: ClassVar[list[str]] = [
        "INSERT INTO sales VALUES ('x', 1, NULL)",
        "UPDATE sales SET amount = 0",
        "DELETE FROM sales",
        "WITH d AS (DELETE FROM sales RETURNING *) SELECT * FROM d",
        "DROP TABLE sales",
        "CREATE TABLE x AS SELECT 1",
        "CREATE TEMP TABLE x AS SELECT 1",
        "CREATE MACRO f() AS 1",
        "ALTER TABLE sales ADD COLUMN x INTEGER",
        "BEGIN",
        "CHECKPOINT",
        "VACUUM",
        "PREPARE p AS SELECT 1",
        "SET VARIABLE x = 1",
        "USE memory",
    ]
    FILES: ClassVar[list[str]] = [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "ATTACH '/tmp/x.duckdb'",
    ]

    def opened(self) -> AbstractAsyncContextManager[Engine]:
        if not (self.folder / "source.1.duckdb").exists():
            duckdb_file(self.folder, *SALES)
        return an_engine(a_source("duckdb", {"generation": 1}), self.folder, size=2)

    def test_the_catalog_lists_tables_and_columns(self) -> None:
        async def work(engine: Engine) -> Any:
            return await engine.catalog()

        catalog = self.with_engine(work)
        (only,) = catalog.catalogs

        assert {schema.name: [table.name for table in schema.tables] for schema in only.schemas} == {
            "main": ["sales"],
            "other": ["sales_view"],
        }
        (sales,) = only.schemas[0].tables
        assert [(column.name, column.type) for column in sales.columns] == [
            ("region", "VARCHAR"),
            ("amount", "INTEGER"),
            ("sold_on", "DATE"),
        ]
        assert (sales.kind, sales.row_count, catalog.default_schema) == ("table", 3, "main")
        assert only.schemas[1].tables[0].kind == "view"

    def test_a_moment_is_written_in_the_zone_of_the_limits(self) -> None:
        asked = statement("SELECT TIMESTAMPTZ '2020-07-01 00:00:00+00' AS v, 1 AS one")
        madrid = Limits(time_zone="Europe/Madrid")

        assert self.seen(asked, "csv", madrid).records() == [["2020-07-01T02:00:00+02:00", "1"]]
        assert self.seen(asked, "xlsx", madrid).cells() == [[serial("2020-07-01T02:00"), 1]]

    def test_wide_rows_do_not_fill_the_memory(self) -> None:
        asked = statement("SELECT repeat('x', 20000) || range AS v FROM range(50000)")

        seen = self.seen(asked, "csv", Limits(max_rows=1_000_000, max_bytes=300_000_000))

        assert seen.end.truncated
        assert max(seen.pieces) <= 2**20

    def test_a_pivot_can_be_exported(self) -> None:
        seen = self.seen(statement("PIVOT sales ON region IN ('north', 'sür') USING sum(amount)"), "csv")

        assert seen.end.row_count == 3

    def test_an_error_among_many_rows_is_the_queries_own(self) -> None:
        with pytest.raises(QueryFailed, match="Could not convert string 'x' to INT32"):
            self.result_of(statement(self.LATE))

    def test_exact_digits_are_on_the_wire(self) -> None:
        result = self.result_of(statement("SELECT 1.50::DECIMAL(4,2) AS a, 0.10::DECIMAL(9,2) AS b"))

        assert result.rows_json == b'[{"a":1.50,"b":0.10}]'

    def test_unqualified_names_are_looked_for_in_the_given_schema(self) -> None:
        result = self.result_of(statement("SELECT count(*) AS n FROM sales_view").within(None, "other"))

        assert rows(result) == [{"n": 3}]

    def test_several_json_columns_keep_their_places(self) -> None:
        sql = (
            "SELECT range AS i, [range] AS a, '{\"x\":' || range || '}' AS t, "
            "('{\"y\":' || range || '}')::JSON AS j FROM range(6000)"
        )
        result = self.result_of(statement(sql))

        assert rows(result)[5999] == {"i": 5999, "a": [5999], "t": '{"x":5999}', "j": {"y": 5999}}
        assert b"\n" not in result.rows_json

    def test_pivot_works(self) -> None:
        result = self.result_of(statement("PIVOT sales ON region IN ('north', 'sür') USING sum(amount)"))

        assert result.row_count == 3


def test_a_source_without_data_answers_and_has_an_empty_catalog(tmp_path: Path) -> None:
    async def scenario() -> tuple[Any, Any]:
        async with an_engine(a_source("duckdb", {}), tmp_path) as engine:
            return rows(await engine.run(statement("SELECT 1 AS a"), LIMITS)), await engine.catalog()

    answered, catalog = asyncio.run(scenario())

    assert answered == [{"a": 1}]
    assert catalog.catalogs == ()


def test_a_missing_file_is_an_unavailable_source(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with an_engine(a_source("duckdb", {"generation": 9}), tmp_path) as engine:
            await engine.run(statement("SELECT 1"), LIMITS)

    with pytest.raises(SourceUnavailable):
        asyncio.run(scenario())


def test_each_generation_is_its_own_data(tmp_path: Path) -> None:
    duckdb_file(tmp_path, "CREATE TABLE t AS SELECT 1 AS a", generation=1)
    duckdb_file(tmp_path, "CREATE TABLE t AS SELECT 2 AS a", generation=2)

    async def scenario(generation: int) -> Any:
        async with an_engine(a_source("duckdb", {"generation": generation}), tmp_path) as engine:
            return rows(await engine.run(statement("SELECT a FROM t"), Limits()))

    assert [asyncio.run(scenario(generation)) for generation in (1, 2)] == [[{"a": 1}], [{"a": 2}]]
