"""What every engine must do, whatever database is behind it. Each engine's test class inherits these tests.

A class says how its database is opened and what its own SQL for a thing is.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import orjson
import pytest

from engines.exporting import ExportContract, statement
from tesela.engines.base import Engine
from tesela.errors import QueryError, QueryFailed, QueryRefused, QueryTimedOut
from tesela.model.catalog import ColumnInfo
from tesela.model.result import Limits, Result
from tesela.model.statement import Statement

LIMITS = Limits()
HOSTILE = [
    "x' OR '1'='1",
    "'; DROP TABLE sales; --",
    '"; DROP TABLE sales; --',
    "\\'; DROP TABLE sales; --",
    "/* */",
    "${drill.value}",
    "$1 ? %s :x",
    "añ€ 😀 \u2028 \u202e",
    "  ",
    "",
    "NULL",
    "x" * 10_000,
    "%_\\%",
    "line\nbreak\ttab\r",
]


def rows(result: Result) -> Any:
    return orjson.loads(result.rows_json)


class EngineContract(ExportContract):
    """TYPES: expression -> (type, JSON value). ENDLESS: a query that never ends by itself."""

    TYPES: ClassVar[dict[str, tuple[str, Any]]]
    ENDLESS: ClassVar[str]
    MANY: ClassVar[str]
    """A query of one column `n` with 0 to 99,999, in order."""
    MIDNIGHT: ClassVar[str | None]
    """An expression for 2020-01-01 00:00:00 UTC with zone."""
    WRITES: ClassVar[list[str]]
    FILES: ClassVar[list[str]]
    BIG: ClassVar[str] = "SELECT 9007199254740993 AS a, 1 AS b"

    def opened(self) -> AbstractAsyncContextManager[Engine]:
        """Open an engine on a database with the table `sales`: region, amount; 3 rows."""
        raise NotImplementedError

    def with_engine(self, work: Callable[[Engine], Awaitable[Any]]) -> Any:
        async def scenario() -> Any:
            async with self.opened() as engine:
                return await work(engine)

        return asyncio.run(scenario())

    def result_of(self, asked: Statement, limits: Limits = LIMITS) -> Result:
        async def work(engine: Engine) -> Result:
            return await engine.run(asked, limits)

        result: Result = self.with_engine(work)
        return result

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    def test_each_type_comes_as_the_rules_say(self) -> None:
        async def work(engine: Engine) -> dict[str, tuple[str, Any]]:
            seen = {}
            for expression in self.TYPES:
                result = await engine.run(statement(f"SELECT {expression} AS v"), LIMITS)
                seen[expression] = (result.columns[0].type, rows(result)[0]["v"])
            return seen

        seen = self.with_engine(work)
        assert {key: value for key, value in seen.items() if value != self.TYPES[key]} == {}

    def test_rows_keep_their_order_and_nulls_are_explicit(self) -> None:
        result = self.result_of(statement("SELECT region, amount FROM sales ORDER BY amount DESC"))

        assert [column.name for column in result.columns] == ["region", "amount"]
        assert result.rows_json.decode().replace(" ", "") == (
            '[{"region":"sür","amount":30},{"region":"north","amount":20},{"region":null,"amount":10}]'
        )
        assert (result.row_count, result.truncated) == (3, False)
        assert result.executed_at.tzinfo is not None

    def test_names_may_be_given_and_are_made_unique(self) -> None:
        result = self.result_of(statement("SELECT 1 AS a, 2 AS a, 3 AS b, 4 AS a", names=(None, None, "z")))

        assert rows(result) == [{"a": 1, "a_1": 2, "z": 3, "a_2": 4}]

    def test_no_rows_still_have_columns(self) -> None:
        result = self.result_of(statement("SELECT region, amount FROM sales WHERE amount > 1000"))

        assert [column.name for column in result.columns] == ["region", "amount"]
        assert (result.rows_json, result.row_count, result.truncated) == (b"[]", 0, False)

    def test_rows_past_the_limit_are_not_read(self) -> None:
        result = self.result_of(statement(self.MANY), Limits(max_rows=2_500))

        assert rows(result) == [{"n": number} for number in range(2_500)]
        assert (result.row_count, result.truncated) == (2_500, True)

    def test_as_many_rows_as_the_limit_are_not_truncated(self) -> None:
        result = self.result_of(statement("SELECT amount FROM sales"), Limits(max_rows=3))

        assert (result.row_count, result.truncated) == (3, False)

    def test_bytes_past_the_limit_are_cut_at_a_whole_row(self) -> None:
        result = self.result_of(statement(self.MANY), Limits(max_rows=100_000, max_bytes=50_000))

        assert len(result.rows_json) <= 50_000
        assert rows(result) == [{"n": number} for number in range(result.row_count)]
        assert result.row_count > 1_000
        assert result.truncated

    def test_all_rows_come_when_the_limits_allow(self) -> None:
        result = self.result_of(statement(self.MANY), Limits(max_rows=100_000))

        assert (result.row_count, result.truncated) == (100_000, False)
        assert rows(result)[-1] == {"n": 99_999}

    def test_an_integer_past_two_to_the_53_makes_its_whole_column_text(self) -> None:
        result = self.result_of(statement(f"{self.BIG} UNION ALL SELECT 1, 2 ORDER BY 2"))

        assert rows(result) == [{"a": "9007199254740993", "b": 1}, {"a": "1", "b": 2}]
        assert [column.type for column in result.columns] == ["bigint", "int"]

    def test_a_deadline_ends_the_query(self) -> None:
        async def work(engine: Engine) -> float:
            await engine.run(statement("SELECT 1 AS a"), LIMITS)
            started = time.monotonic()
            with pytest.raises(QueryTimedOut):
                await engine.run(statement(self.ENDLESS), Limits(timeout_ms=300))
            took = time.monotonic() - started
            assert rows(await engine.run(statement("SELECT 1 AS a"), LIMITS)) == [{"a": 1}]
            return took

        assert 0.25 < self.with_engine(work) < 3

    def test_cancelling_ends_the_query_and_the_engine_goes_on(self) -> None:
        async def work(engine: Engine) -> float:
            await engine.run(statement("SELECT 1 AS a"), LIMITS)
            task = asyncio.create_task(engine.run(statement(self.ENDLESS), LIMITS))
            await asyncio.sleep(0.3)
            started = time.monotonic()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert rows(await engine.run(statement("SELECT 1 AS a"), LIMITS)) == [{"a": 1}]
            return time.monotonic() - started

        assert self.with_engine(work) < 3

    def test_several_queries_run_at_the_same_time(self) -> None:
        async def work(engine: Engine) -> list[Any]:
            asked = [engine.run(statement("SELECT {} AS a", f"v{number}"), LIMITS) for number in range(12)]
            return [rows(result)[0]["a"] for result in await asyncio.gather(*asked)]

        assert self.with_engine(work) == [f"v{number}" for number in range(12)]

    def test_writes_are_refused_without_any_guard(self) -> None:
        async def work(engine: Engine) -> None:
            for sql in self.WRITES:
                with pytest.raises(QueryError) as caught:
                    await engine.run(statement(sql), LIMITS)
                assert isinstance(caught.value, QueryRefused | QueryFailed), sql
            result = await engine.run(statement("SELECT count(*) AS n, sum(amount) AS s FROM sales"), LIMITS)
            assert rows(result) == [{"n": 3, "s": 60}]

        self.with_engine(work)

    def test_files_and_the_network_cannot_be_reached(self) -> None:
        async def work(engine: Engine) -> None:
            for sql in self.FILES:
                with pytest.raises((QueryRefused, QueryFailed)):
                    await engine.run(statement(sql), LIMITS)

        self.with_engine(work)

    def test_hostile_values_are_data(self) -> None:
        async def work(engine: Engine) -> None:
            for value in HOSTILE:
                result = await engine.run(statement("SELECT {} AS v", value), LIMITS)
                assert rows(result) == [{"v": value}]
                count = statement("SELECT count(*) AS n FROM sales WHERE region = {}", value)
                assert rows(await engine.run(count, LIMITS)) == [{"n": 0}]
            result = await engine.run(statement("SELECT count(*) AS n FROM sales"), LIMITS)
            assert rows(result) == [{"n": 3}]

        self.with_engine(work)

    def test_values_of_every_type_can_be_compared(self) -> None:
        values: list[Any] = [20, 20.0, Decimal("20.00"), 2**62, -(2**70), Decimal("1e30")]

        async def work(engine: Engine) -> list[int]:
            counts = []
            for value in values:
                asked = statement("SELECT count(*) AS n FROM sales WHERE amount = {}", value)
                counts.append(rows(await engine.run(asked, LIMITS))[0]["n"])
            return counts

        assert self.with_engine(work) == [1, 1, 1, 0, 0, 0]

    def test_dates_can_be_compared(self) -> None:
        async def work(engine: Engine) -> list[int]:
            counts = []
            for value in (dt.date(2026, 1, 2), "2026-01-02"):
                asked = statement("SELECT count(*) AS n FROM sales WHERE sold_on >= {}", value)
                counts.append(rows(await engine.run(asked, LIMITS))[0]["n"])
            return counts

        assert self.with_engine(work) == [2, 2]

    def test_null_and_true_can_be_bound(self) -> None:
        async def work(engine: Engine) -> list[Any]:
            asked = statement(
                "SELECT count(*) AS n FROM sales WHERE coalesce(region, {}) IS NULL AND {}", None, True
            )
            return [rows(await engine.run(asked, LIMITS))]

        assert self.with_engine(work) == [[{"n": 1}]]

    @pytest.mark.parametrize(
        "value",
        ["a\0b", "\ud800", 10**50, 10**5000, float("nan"), float("inf"), Decimal("NaN")],
        ids=["null character", "half a character", "51 digits", "5001 digits", "nan", "inf", "decimal nan"],
    )
    def test_values_that_no_row_can_have_do_no_harm(self, value: Any) -> None:
        column = "region" if isinstance(value, str) else "amount"

        async def work(engine: Engine) -> list[Any]:
            asked = statement(f"SELECT count(*) AS n FROM sales WHERE {column} = {{}}", value)
            try:
                seen = [rows(await engine.run(asked, LIMITS))]
            except QueryFailed:
                seen = [[{"n": 0}]]
            for _ in range(6):
                assert rows(await engine.run(statement("SELECT 1 AS a"), LIMITS)) == [{"a": 1}]
            return seen

        assert self.with_engine(work) == [[{"n": 0}]]

    def test_several_statements_are_refused(self) -> None:
        with pytest.raises(QueryError):
            self.result_of(statement("SELECT 1; SELECT 2"))

    def test_an_error_names_its_place_and_no_secret(self) -> None:
        with pytest.raises(QueryFailed) as caught:
            self.result_of(statement("SELECT region,\n       nowhere\nFROM sales"))

        assert (caught.value.line, caught.value.column) == (2, 8)
        assert "nowhere" in caught.value.sentence
        for secret in ("tester", "127.0.0.1", str(self.folder), "LINE", "Traceback"):
            assert secret not in caught.value.sentence

    def test_the_zone_of_the_limits_is_the_zone_of_the_session(self) -> None:
        if self.MIDNIGHT is None:
            return
        asked = statement(f"SELECT {self.MIDNIGHT} AS v")

        async def work(engine: Engine) -> list[str]:
            zones = ("Europe/Madrid", "UTC", "America/New_York", "UTC")
            return [rows(await engine.run(asked, Limits(time_zone=zone)))[0]["v"] for zone in zones]

        assert self.with_engine(work) == [
            "2020-01-01T01:00:00+01:00",
            "2020-01-01T00:00:00Z",
            "2019-12-31T19:00:00-05:00",
            "2020-01-01T00:00:00Z",
        ]

    def test_the_catalog_lists_tables_and_columns(self) -> None:
        async def work(engine: Engine) -> Any:
            return await engine.catalog()

        catalog = self.with_engine(work)
        (tables,) = [schema.tables for each in catalog.catalogs for schema in each.schemas]
        (sales,) = [table for table in tables if table.name == "sales"]

        assert [column.name for column in sales.columns] == ["region", "amount", "sold_on"]
        assert isinstance(sales.columns[0], ColumnInfo)
        assert sales.kind == "table"
        assert catalog.default_schema in ("main", "public")

    def test_testing_says_which_database_it_is(self) -> None:
        async def work(engine: Engine) -> str:
            return await engine.test()

        assert self.with_engine(work).split()[0] in ("DuckDB", "SQLite", "PostgreSQL")
