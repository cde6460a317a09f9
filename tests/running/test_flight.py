"""One flight per key."""

from __future__ import annotations

import asyncio

import pytest

from tesela.errors import QueryFailed
from tesela.running.flight import Flights


def test_two_hundred_who_ask_at_once_cause_one_query() -> None:
    async def scenario() -> tuple[list[int], int]:
        flights: Flights[int] = Flights()
        runs = 0

        async def work() -> int:
            nonlocal runs
            runs += 1
            await asyncio.sleep(0.01)
            return 7

        answers = await asyncio.gather(*(flights.join(b"k", work) for _ in range(200)))
        return list(answers), runs

    answers, runs = asyncio.run(scenario())

    assert answers == [7] * 200
    assert runs == 1


def test_one_who_leaves_does_not_take_the_answer_from_those_who_stay() -> None:
    async def scenario() -> int:
        flights: Flights[int] = Flights()

        async def work() -> int:
            await asyncio.sleep(0.02)
            return 7

        leaver = asyncio.create_task(flights.join(b"k", work))
        stayer = asyncio.create_task(flights.join(b"k", work))
        await asyncio.sleep(0.005)
        leaver.cancel()
        return await stayer

    assert asyncio.run(scenario()) == 7


def test_when_the_last_waiter_leaves_the_work_is_cancelled() -> None:
    async def scenario() -> bool:
        flights: Flights[None] = Flights()
        cancelled = asyncio.Event()

        async def work() -> None:
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                cancelled.set()
                raise

        waiters = [asyncio.create_task(flights.join(b"k", work)) for _ in range(3)]
        await asyncio.sleep(0.005)
        for waiter in waiters:
            waiter.cancel()
        await asyncio.wait_for(cancelled.wait(), 1)
        return not flights.is_flying(b"k")

    assert asyncio.run(scenario())


def test_a_new_asker_after_the_last_left_starts_a_new_flight() -> None:
    async def scenario() -> int:
        flights: Flights[int] = Flights()

        async def slow() -> int:
            await asyncio.sleep(10)
            return 1

        async def quick() -> int:
            return 2

        first = asyncio.create_task(flights.join(b"k", slow))
        await asyncio.sleep(0.005)
        first.cancel()
        await asyncio.sleep(0)
        return await flights.join(b"k", quick)

    assert asyncio.run(scenario()) == 2


def test_everybody_who_waits_hears_of_the_failure() -> None:
    async def scenario() -> list[object]:
        flights: Flights[int] = Flights()

        async def work() -> int:
            await asyncio.sleep(0.005)
            raise QueryFailed("no such table")

        return list(
            await asyncio.gather(*(flights.join(b"k", work) for _ in range(3)), return_exceptions=True)
        )

    failures = asyncio.run(scenario())

    assert [type(failure) for failure in failures] == [QueryFailed] * 3


@pytest.mark.parametrize("waiting", [0, 3])
def test_close_ends_everything_in_the_air(waiting: int) -> None:
    async def scenario() -> int:
        flights: Flights[int] = Flights()

        async def work() -> int:
            await asyncio.sleep(10)
            return 1

        waiters = [asyncio.create_task(flights.join(b"k", work)) for _ in range(waiting)]
        await asyncio.sleep(0.005)
        await flights.close()
        answers = await asyncio.gather(*waiters, return_exceptions=True)
        return sum(isinstance(answer, asyncio.CancelledError) for answer in answers)

    assert asyncio.run(scenario()) == waiting
