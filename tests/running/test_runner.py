"""The way of a question."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable

import orjson
import pytest

from running.fakes import SOURCE, Clock, FakeEngine, one_row, question, runner_on
from tesela.errors import QueryFailed, SourceUnavailable
from tesela.model.result import Result
from tesela.model.statement import Statement
from tesela.running.allowing import Allowed
from tesela.running.runner import Answered, Runner, encode, key_of, rows_bytes


async def counting(asked: int, statement: Statement) -> Result:
    await asyncio.sleep(0.001)
    return one_row(asked)


def answering(
    scenario: Callable[[Runner, FakeEngine, Clock], Awaitable[object]],
    answer: Callable[[int, Statement], Awaitable[Result]] = counting,
) -> object:
    async def run() -> object:
        engine, clock = FakeEngine(answer), Clock()
        runner = runner_on(engine, clock)
        try:
            return await scenario(runner, engine, clock)
        finally:
            await runner.close()

    return asyncio.run(run())


def rows(answered: Answered) -> object:
    return orjson.loads(answered.shelved.result.rows_json)


def test_the_second_time_the_answer_comes_from_the_shelf() -> None:
    async def scenario(runner: Runner, engine: FakeEngine, clock: Clock) -> object:
        first, second = await runner.run(question()), await runner.run(question())
        return first.freshness, second.freshness, rows(second), engine.asked

    assert answering(scenario) == ("fresh", "cached", [{"n": 1}], 1)


def test_two_hundred_viewers_of_a_cold_tile_run_one_query() -> None:
    async def scenario(runner: Runner, engine: FakeEngine, clock: Clock) -> object:
        await asyncio.gather(*(runner.run(question(user=f"u{n}")) for n in range(200)))
        return engine.asked

    assert answering(scenario) == 1


def test_a_stale_answer_is_served_at_once_while_one_refresh_runs() -> None:
    async def scenario(runner: Runner, engine: FakeEngine, clock: Clock) -> object:
        await runner.run(question())
        clock.now = 11
        stale = [await runner.run(question()) for _ in range(5)]
        await asyncio.sleep(0.01)
        after = await runner.run(question())
        return (
            {answer.freshness for answer in stale},
            rows(stale[0]),
            after.freshness,
            rows(after),
            engine.asked,
        )

    assert answering(scenario) == ({"stale"}, [{"n": 1}], "cached", [{"n": 2}], 2)


def test_force_asks_the_database_and_everybody_sees_the_new_answer() -> None:
    async def scenario(runner: Runner, engine: FakeEngine, clock: Clock) -> object:
        await runner.run(question())
        forced = await runner.run(question(), force=True)
        return forced.freshness, rows(forced), rows(await runner.run(question()))

    assert answering(scenario) == ("fresh", [{"n": 2}], [{"n": 2}])


def test_a_failure_is_not_kept() -> None:
    async def failing_once(asked: int, statement: Statement) -> Result:
        if asked == 1:
            raise QueryFailed("no such table")
        return one_row(asked)

    async def scenario(runner: Runner, engine: FakeEngine, clock: Clock) -> object:
        with pytest.raises(QueryFailed):
            await runner.run(question())
        return rows(await runner.run(question()))

    assert answering(scenario, failing_once) == [{"n": 2}]


def test_a_refresh_that_fails_is_not_tried_again_at_once() -> None:
    async def failing_later(asked: int, statement: Statement) -> Result:
        if asked > 1:
            raise SourceUnavailable("down")
        return one_row(asked)

    async def scenario(runner: Runner, engine: FakeEngine, clock: Clock) -> object:
        await runner.run(question())
        clock.now = 11
        for _ in range(5):
            assert (await runner.run(question())).freshness == "stale"
            await asyncio.sleep(0.002)
        soon = engine.asked
        clock.now = 17
        await runner.run(question())
        await asyncio.sleep(0.002)
        return soon, engine.asked

    assert answering(scenario, failing_later) == (2, 3)


def test_a_time_to_live_of_zero_asks_every_time() -> None:
    async def scenario(runner: Runner, engine: FakeEngine, clock: Clock) -> object:
        for _ in range(3):
            await runner.run(question(ttl=0))
        return engine.asked

    assert answering(scenario) == 3


def test_when_the_last_viewer_leaves_the_database_is_told() -> None:
    async def slow(asked: int, statement: Statement) -> Result:
        await asyncio.sleep(10)
        return one_row(asked)

    async def scenario(runner: Runner, engine: FakeEngine, clock: Clock) -> object:
        viewers = [asyncio.create_task(runner.run(question())) for _ in range(3)]
        await asyncio.sleep(0.01)
        for viewer in viewers[:2]:
            viewer.cancel()
        await asyncio.sleep(0.01)
        while_one_stays = engine.cancelled
        viewers[2].cancel()
        await asyncio.sleep(0.01)
        return while_one_stays, engine.cancelled, runner.admission.running

    assert answering(scenario, slow) == (0, 1, 0)


def test_readers_with_other_policies_never_share_an_answer() -> None:
    async def scenario(runner: Runner, engine: FakeEngine, clock: Clock) -> object:
        return [rows(await runner.run(question(digest=digest))) for digest in ("a", "b", "a")]

    assert answering(scenario) == [[{"n": 1}], [{"n": 2}], [{"n": 1}]]


def test_a_datasource_of_another_tenant_is_not_there() -> None:
    async def scenario(runner: Runner, engine: FakeEngine, clock: Clock) -> object:
        with pytest.raises(SourceUnavailable):
            await runner.run(dataclasses.replace(question(), tenant_id="other"))
        return engine.asked

    assert answering(scenario) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"tenant_id": "t2"},
        {"allowed": Allowed(Statement(("SELECT 1",)), "p")},
        {"allowed": Allowed(Statement(("SELECT 2",)), "")},
        {"allowed": Allowed(Statement(("SELECT 1",), schema="s"), "")},
        {"allowed": Allowed(Statement(("SELECT 1",), names=("a",)), "")},
    ],
)
def test_whatever_could_change_the_answer_changes_the_key(change: dict[str, object]) -> None:
    other = dataclasses.replace(question(), **change)  # type: ignore[arg-type]

    assert key_of(SOURCE, other) != key_of(SOURCE, question())


def test_new_data_change_the_key_and_another_user_does_not() -> None:
    newer = dataclasses.replace(SOURCE, revision=2)

    assert key_of(newer, question()) != key_of(SOURCE, question())
    assert key_of(SOURCE, question(user="somebody else")) == key_of(SOURCE, question())


def test_values_of_different_types_have_different_keys() -> None:
    values = [1, "1", True, 1.0, None, "None"]

    keys = {
        key_of(
            SOURCE, dataclasses.replace(question(), allowed=Allowed(Statement(("SELECT ", ""), (value,)), ""))
        )
        for value in values
    }

    assert len(keys) == len(values)


def test_a_result_is_encoded_as_the_contract_writes_it() -> None:
    result = one_row(1)

    members = orjson.loads(b"{" + encode(result) + b"}")
    flat = orjson.loads(rows_bytes(result))

    facts = {
        "executed_at": "2026-01-01T00:00:00.000Z",
        "types": {"n": "int"},
        "row_count": 1,
        "truncated": False,
        "duration_ms": 1,
    }
    assert members == {
        "data": {"columns": ["n"], "rows": [{"n": 1}]},
        "error": None,
        "error_code": None,
        **facts,
    }
    assert flat == {"columns": ["n"], "rows": [{"n": 1}], **facts}
