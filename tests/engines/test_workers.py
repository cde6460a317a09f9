"""The pool of walled processes: what it costs, how it stops a query, what it survives."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from engines.opened import MEGABYTE, a_pool, duckdb_file
from tesela.errors import QueryCancelled, QueryFailed, QueryRefused, QueryTimedOut
from tesela.model.result import Limits

ENDLESS = "SELECT count(*) FROM range(100000000) AS a, range(1000) AS b WHERE hash(a.range + b.range) % 3 = 0"
DEAF = "SELECT levenshtein(repeat('a', 300000), repeat('b', 300000))"
"""A query that does not react to an interrupt."""
LIMITS = Limits()


def processes(parent: int) -> set[int]:
    """Return the ids of the living children of a process."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            found.add(int(folder.name))
    return found


def test_a_query_answers_with_finished_json(tmp_path: Path) -> None:
    file = duckdb_file(tmp_path, "CREATE TABLE t AS SELECT 1 AS a, 'é' AS b")

    async def scenario() -> bytes:
        async with a_pool(tmp_path) as pool:
            return (await pool.run(file, "SELECT * FROM t WHERE b = ?", ["é"], (), LIMITS)).rows_json

    assert asyncio.run(scenario()) == '[{"a":1,"b":"é"}]'.encode()


def test_no_process_runs_before_the_first_query_nor_after_the_end(tmp_path: Path) -> None:
    before = processes(os.getpid())

    async def scenario() -> list[int]:
        async with a_pool(tmp_path, size=2) as pool:
            counts = [len(processes(os.getpid()) - before)]
            for _ in range(3):
                await pool.run(None, "SELECT 1", [], (), LIMITS)
            counts.append(len(processes(os.getpid()) - before))
            await asyncio.gather(*(pool.run(None, "SELECT 1", [], (), LIMITS) for _ in range(6)))
            counts.append(len(processes(os.getpid()) - before))
        return counts

    assert asyncio.run(scenario()) == [0, 1, 2]
    assert processes(os.getpid()) == before
    assert list((tmp_path / "temp").glob("*")) == []


def test_a_query_that_ignores_its_deadline_is_killed_and_the_next_one_runs(tmp_path: Path) -> None:
    async def scenario() -> tuple[float, bytes]:
        async with a_pool(tmp_path) as pool:
            await pool.start()
            started = time.monotonic()
            with pytest.raises(QueryTimedOut):
                await pool.run(None, DEAF, [], (), Limits(timeout_ms=300))
            took = time.monotonic() - started
            return took, (await pool.run(None, "SELECT 7 AS a", [], (), LIMITS)).rows_json

    took, rows = asyncio.run(scenario())

    assert took < 2.5
    assert rows == b'[{"a":7}]'


def test_a_cancelled_query_leaves_its_worker_alive(tmp_path: Path) -> None:
    async def scenario() -> tuple[set[int], set[int]]:
        async with a_pool(tmp_path) as pool:
            await pool.start()
            before = processes(os.getpid())
            task = asyncio.create_task(pool.run(None, ENDLESS, [], (), LIMITS))
            await asyncio.sleep(0.2)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await pool.run(None, "SELECT 1", [], (), LIMITS)
            return before, processes(os.getpid())

    before, after = asyncio.run(scenario())

    assert before == after


def test_a_cancelled_query_that_does_not_react_is_killed(tmp_path: Path) -> None:
    async def scenario() -> tuple[set[int], set[int], float]:
        async with a_pool(tmp_path) as pool:
            await pool.start()
            before = processes(os.getpid())
            task = asyncio.create_task(pool.run(None, DEAF, [], (), LIMITS))
            await asyncio.sleep(0.2)
            started = time.monotonic()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await pool.run(None, "SELECT 1", [], (), LIMITS)
            return before, processes(os.getpid()), time.monotonic() - started

    before, after, took = asyncio.run(scenario())

    assert before.isdisjoint(after - before)
    assert len(after - before) == 1
    assert took < 5


def test_one_cancelled_query_does_not_touch_the_next(tmp_path: Path) -> None:
    async def scenario() -> list[int]:
        async with a_pool(tmp_path) as pool:
            counts = []
            for _ in range(30):
                task = asyncio.create_task(pool.run(None, "SELECT 1", [], (), LIMITS))
                await asyncio.sleep(0)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                counts.append((await pool.run(None, "SELECT 2 AS a", [], (), LIMITS)).row_count)
            return counts

    assert asyncio.run(scenario()) == [1] * 30


def test_a_worker_that_dies_fails_its_own_query_only(tmp_path: Path) -> None:
    async def scenario() -> tuple[str, bytes]:
        async with a_pool(tmp_path, size=2) as pool:
            await pool.start()
            (worker,) = pool._idle
            task = asyncio.create_task(pool.run(None, ENDLESS, [], (), LIMITS))
            await asyncio.sleep(0.2)
            worker.process.kill()
            with pytest.raises(QueryFailed) as caught:
                await task
            return caught.value.sentence, (await pool.run(None, "SELECT 1 AS a", [], (), LIMITS)).rows_json

    sentence, rows = asyncio.run(scenario())

    assert "gave up" in sentence
    assert rows == b'[{"a":1}]'


def test_a_worker_killed_while_idle_is_replaced_unnoticed(tmp_path: Path) -> None:
    async def scenario() -> bytes:
        async with a_pool(tmp_path) as pool:
            await pool.start()
            pool._idle[0].process.kill()
            pool._idle[0].process.wait()
            return (await pool.run(None, "SELECT 1 AS a", [], (), LIMITS)).rows_json

    assert asyncio.run(scenario()) == b'[{"a":1}]'


def test_a_query_that_wants_too_much_memory_is_told_so(tmp_path: Path) -> None:
    async def scenario() -> tuple[str, bytes]:
        async with a_pool(tmp_path, memory=400 * MEGABYTE) as pool:
            with pytest.raises(QueryFailed) as caught:
                await pool.run(None, "SELECT length(repeat('x', 2000000000))", [], (), LIMITS)
            return caught.value.sentence, (await pool.run(None, "SELECT 1 AS a", [], (), LIMITS)).rows_json

    sentence, rows = asyncio.run(scenario())

    assert "more memory" in sentence
    assert rows == b'[{"a":1}]'


def test_a_query_larger_than_memory_spills_to_disk(tmp_path: Path) -> None:
    query = "SELECT count(*) AS n FROM (SELECT DISTINCT hash(range) AS h, range FROM range(12000000))"

    async def scenario() -> bytes:
        async with a_pool(tmp_path, memory=600 * MEGABYTE) as pool:
            return (await pool.run(None, query, [], (), LIMITS)).rows_json

    assert asyncio.run(scenario()) == b'[{"n":12000000}]'


def test_the_walls_hold_on_this_machine(tmp_path: Path) -> None:
    async def scenario() -> dict[str, bool]:
        async with a_pool(tmp_path) as pool:
            return await pool.walls()

    held = asyncio.run(scenario())

    assert held["memory"]
    assert held["file size"]
    assert held["no new privileges"]


@pytest.mark.parametrize(
    ("sql", "line", "column"),
    [
        ("SELECT x FROM t", 1, 8),
        ("SELECT a,\n  nowhere.b\nFROM t", 2, 3),
        ("SELECT a FROM t\nWHERE a = 'x'::INTEGER", 2, 14),
        ("selec 1", 1, 1),
        ("SELECT " + "1 + " * 60 + "zz FROM t", 1, 248),
    ],
)
def test_errors_name_their_place_and_no_path(tmp_path: Path, sql: str, line: int, column: int) -> None:
    file = duckdb_file(tmp_path, "CREATE TABLE t AS SELECT 1 AS a")

    async def scenario() -> QueryFailed:
        async with a_pool(tmp_path) as pool:
            with pytest.raises(QueryFailed) as caught:
                await pool.run(file, sql, [], (), LIMITS)
            return caught.value

    error = asyncio.run(scenario())

    assert (error.line, error.column) == (line, column)
    assert "LINE" not in error.sentence
    assert str(tmp_path) not in error.sentence


@pytest.mark.parametrize(
    "sql", ["", "-- nothing", "SELECT 1; SELECT 2", "SET threads = 1", "EXPLAIN SELECT 1"]
)
def test_what_is_not_one_query_is_refused(tmp_path: Path, sql: str) -> None:
    async def scenario() -> None:
        async with a_pool(tmp_path) as pool:
            await pool.run(None, sql, [], (), LIMITS)

    with pytest.raises(QueryRefused):
        asyncio.run(scenario())


def test_closing_the_pool_ends_running_queries(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with a_pool(tmp_path) as pool:
            await pool.start()
            task = asyncio.create_task(pool.run(None, ENDLESS, [], (), LIMITS))
            await asyncio.sleep(0.1)
        with pytest.raises(QueryCancelled):
            await task

    asyncio.run(scenario())


def test_workers_end_when_the_server_is_killed(tmp_path: Path) -> None:
    program = f"""
import asyncio, os, sys
from pathlib import Path
from tesela.engines.workers import WorkerPool
async def main():
    pool = WorkerPool(1, 500_000_000, 1, 0, Path({str(tmp_path)!r}), files=Path({str(tmp_path)!r}))
    await pool.start()
    print(pool._idle[0].process.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""

    async def scenario() -> int:
        import sys

        server = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE
        )
        assert server.stdout is not None
        worker = int(await server.stdout.readline())
        server.kill()
        await server.communicate()
        return worker

    worker = asyncio.run(scenario())

    give_up = time.monotonic() + 5
    while Path(f"/proc/{worker}").exists() and time.monotonic() < give_up:
        time.sleep(0.02)
    assert not Path(f"/proc/{worker}").exists()


def test_workers_that_are_idle_for_long_end_all_but_one(tmp_path: Path) -> None:
    file = duckdb_file(tmp_path, "CREATE TABLE t AS SELECT 1 AS a")
    slow = "SELECT count(*) FROM range(20000000) AS r(i) WHERE hash(i) % 3 = 0"

    async def scenario() -> tuple[int, int]:
        async with a_pool(tmp_path, size=2, idle_seconds=0.5) as pool:
            before = processes(os.getpid())
            await asyncio.gather(*(pool.run(file, slow, [], (), LIMITS) for _ in range(2)))
            busy = len(processes(os.getpid()) - before)
            await asyncio.sleep(2)
            after = len(processes(os.getpid()) - before)
            await pool.run(file, "SELECT a FROM t", [], (), LIMITS)
            return busy, after

    assert asyncio.run(scenario()) == (2, 1)
