"""An engine that is a function, for tests of what stands in front of engines."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import ClassVar

from tesela.model.catalog import Catalog
from tesela.model.datasource import Datasource
from tesela.model.result import Column, Limits, Result
from tesela.model.statement import Statement
from tesela.running.admission import Admission, Caps
from tesela.running.allowing import Allowed
from tesela.running.runner import Question, Runner
from tesela.running.shelf import Shelf
from tesela.running.sources import Sources

AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SOURCE = Datasource("d", "t", "Demo", "duckdb", {}, 1, None, AT, AT)


def one_row(number: int) -> Result:
    return Result((Column("n", "int"),), b'[{"n":%d}]' % number, 1, False, AT, 1)


class FakeEngine:
    """Answers with `answer(how many times it was asked, the statement)`."""

    kind: ClassVar[str] = "duckdb"
    dialect: ClassVar[str] = "duckdb"

    def __init__(self, answer: Callable[[int, Statement], Awaitable[Result]]) -> None:
        self._answer = answer
        self.asked = 0
        self.cancelled = 0

    async def run(self, statement: Statement, limits: Limits) -> Result:
        self.asked += 1
        try:
            return await self._answer(self.asked, statement)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise

    async def test(self) -> str:
        return "A function."

    async def catalog(self) -> Catalog:
        return Catalog()

    async def close(self) -> None:
        """Nothing is open."""


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def runner_on(
    engine: FakeEngine, clock: Clock, *, source: Datasource = SOURCE, caps: Caps | None = None
) -> Runner:
    async def load(tenant_id: str, datasource_id: str) -> Datasource | None:
        return source if (tenant_id, datasource_id) == (source.tenant_id, source.id) else None

    sources = Sources(load, lambda _: engine)
    return Runner(sources, Shelf(1_000_000, clock), Admission(caps or Caps()), now=clock, stale_seconds=100)


def question(sql: str = "SELECT 1", *, user: str = "u", digest: str = "", ttl: int = 10) -> Question:
    return Question("t", user, "d", Allowed(Statement((sql,)), digest), Limits(), ttl)
