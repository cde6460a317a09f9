"""Long SQL is parsed in a thread, short SQL where it is."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from tesela.errors import QueryRefused
from tesela.running.compiling import LONG, beside, compiled


def long_sql(characters: int) -> str:
    items = ", ".join(
        f"sum(CASE WHEN a{number} > 1 THEN b{number} END) AS c{number}" for number in range(5_000)
    )
    return f"SELECT {items[:characters].rpartition(',')[0]} FROM t"


@pytest.mark.parametrize(("length", "is_here"), [(LONG, True), (LONG + 1, False)])
def test_what_is_long_is_done_in_a_thread(length: int, is_here: bool):
    async def scenario() -> int:
        return await beside("x" * length, threading.get_ident)

    assert (asyncio.run(scenario()) == threading.get_ident()) is is_here


def test_the_others_get_their_turn_while_long_sql_is_parsed():
    turns: list[float] = []

    async def tick() -> None:
        while True:
            turns.append(time.perf_counter())
            await asyncio.sleep(0.001)

    async def scenario() -> int:
        ticking = asyncio.create_task(tick())
        await asyncio.sleep(0.01)
        before = len(turns)
        template = await compiled(long_sql(60_000), "duckdb")
        ticking.cancel()
        assert len(template.tree.selects) > 500
        return len(turns) - before

    assert asyncio.run(scenario()) >= 3


def test_a_refusal_comes_out_of_the_thread():
    with pytest.raises(QueryRefused, match="line 1"):
        asyncio.run(compiled(long_sql(60_000) + " WHERE a = = 1", "duckdb"))
