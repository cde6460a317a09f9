"""Who may run now."""

from __future__ import annotations

import asyncio

import pytest

from tesela.errors import TooBusy
from tesela.running.admission import Admission, CapOf, Caps


async def hold(
    admission: Admission,
    user: str,
    log: list[str],
    seconds: float = 0.01,
    source: str = "d",
    tenant: str = "t",
) -> None:
    async with admission.turn(tenant, source, user):
        log.append(user)
        await asyncio.sleep(seconds)


def test_a_datasource_runs_no_more_than_its_cap_at_a_time() -> None:
    async def scenario() -> int:
        admission = Admission(Caps(running=3, running_per_user=3))
        most = 0

        async def one(number: int) -> None:
            nonlocal most
            async with admission.turn("t", "d", f"user-{number}"):
                most = max(most, admission.running)
                await asyncio.sleep(0.002)

        await asyncio.gather(*(one(number) for number in range(20)))
        return most

    assert asyncio.run(scenario()) == 3


def test_one_user_with_many_queries_does_not_keep_another_waiting() -> None:
    async def scenario() -> list[str]:
        admission = Admission(Caps(running=2, running_per_user=2))
        log: list[str] = []
        greedy = [asyncio.create_task(hold(admission, "greedy", log)) for _ in range(20)]
        await asyncio.sleep(0.001)
        modest = asyncio.create_task(hold(admission, "modest", log))
        await modest
        seen = list(log)
        for task in greedy:
            task.cancel()
        await asyncio.gather(*greedy, return_exceptions=True)
        return seen

    assert asyncio.run(scenario()).index("modest") <= 4


def test_a_user_at_their_own_cap_leaves_the_free_places_to_others() -> None:
    async def scenario() -> list[str]:
        admission = Admission(Caps(running=4, running_per_user=2))
        log: list[str] = []
        tasks = [asyncio.create_task(hold(admission, "a", log)) for _ in range(6)]
        tasks += [asyncio.create_task(hold(admission, "b", log)) for _ in range(2)]
        await asyncio.sleep(0.002)
        seen = list(log)
        await asyncio.gather(*tasks)
        return sorted(seen)

    assert asyncio.run(scenario()) == ["a", "a", "b", "b"]


def test_a_full_queue_refuses_with_a_time_to_come_back() -> None:
    async def scenario() -> TooBusy:
        admission = Admission(Caps(running=1, running_per_user=1, queued=1))
        log: list[str] = []
        tasks = [asyncio.create_task(hold(admission, "a", log, 0.05)) for _ in range(2)]
        await asyncio.sleep(0.002)
        with pytest.raises(TooBusy) as refused:
            await hold(admission, "a", log)
        await asyncio.gather(*tasks)
        return refused.value

    refusal = asyncio.run(scenario())

    assert refusal.status == 429
    assert int(refusal.headers()["Retry-After"]) >= 1


def test_a_wait_past_its_limit_is_refused_and_leaves_no_trace() -> None:
    async def scenario() -> tuple[int, int]:
        admission = Admission(Caps(running=1, running_per_user=1, wait_ms=20))
        log: list[str] = []
        first = asyncio.create_task(hold(admission, "a", log, 0.1))
        await asyncio.sleep(0.002)
        with pytest.raises(TooBusy):
            await hold(admission, "b", log)
        queued = admission.queued
        await first
        return queued, admission.running

    assert asyncio.run(scenario()) == (0, 0)


def test_who_stops_waiting_gives_the_turn_to_the_next() -> None:
    async def scenario() -> list[str]:
        admission = Admission(Caps(running=1, running_per_user=1))
        log: list[str] = []
        first = asyncio.create_task(hold(admission, "a", log))
        leaving = asyncio.create_task(hold(admission, "b", log))
        last = asyncio.create_task(hold(admission, "c", log))
        await asyncio.sleep(0.002)
        leaving.cancel()
        await asyncio.gather(first, last)
        return log

    assert asyncio.run(scenario()) == ["a", "c"]


def test_datasources_do_not_wait_for_each_other() -> None:
    async def scenario() -> list[str]:
        admission = Admission(Caps(running=1, running_per_user=1))
        log: list[str] = []
        tasks = [
            asyncio.create_task(hold(admission, f"user-{source}", log, 0.05, source=source))
            for source in "xyz"
        ]
        await asyncio.sleep(0.005)
        seen = sorted(log)
        await asyncio.gather(*tasks)
        return seen

    assert asyncio.run(scenario()) == ["user-x", "user-y", "user-z"]


def test_places_are_free_again_after_runners_and_waiters_leave_at_the_same_moment() -> None:
    async def scenario() -> tuple[int, int, list[str]]:
        admission = Admission(Caps(running=2, running_per_user=2))
        log: list[str] = []
        tasks = [asyncio.create_task(hold(admission, "a", log, 10)) for _ in range(10)]
        await asyncio.sleep(0.002)
        for task in tasks:
            task.cancel()
        left = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(one, asyncio.CancelledError) for one in left), left
        running, queued = admission.running, admission.queued
        log.clear()
        await asyncio.gather(*(hold(admission, "b", log) for _ in range(4)))
        return running, queued, log

    assert asyncio.run(scenario()) == (0, 0, ["b"] * 4)


def capped(cap: int | None) -> CapOf:
    async def of(tenant_id: str) -> int | None:
        return cap if tenant_id == "t" else None

    return of


def test_a_tenant_runs_no_more_than_its_cap_over_all_its_datasources() -> None:
    async def scenario() -> tuple[int, int, int, int]:
        admission = Admission(Caps(running=4, running_per_user=4), capped(3))
        now, most, log = 0, 0, list[str]()

        async def one(number: int) -> None:
            nonlocal now, most
            async with admission.turn("t", f"d-{number % 3}", f"user-{number % 5}"):
                now += 1
                most = max(most, now)
                await asyncio.sleep(0.002)
                now -= 1

        others = [asyncio.create_task(hold(admission, f"o-{n}", log, 0.01, tenant="other")) for n in range(4)]
        await asyncio.gather(*(one(number) for number in range(30)))
        await asyncio.gather(*others)
        return most, len(log), admission.running, admission.queued

    assert asyncio.run(scenario()) == (3, 4, 0, 0)


def test_inside_a_tenant_the_modest_do_not_wait_for_the_greedy() -> None:
    async def scenario() -> list[str]:
        admission = Admission(Caps(running=20, running_per_user=20), capped(2))
        log: list[str] = []
        greedy = [asyncio.create_task(hold(admission, "greedy", log)) for _ in range(20)]
        await asyncio.sleep(0.001)
        await hold(admission, "modest", log, source="elsewhere")
        for task in greedy:
            task.cancel()
        await asyncio.gather(*greedy, return_exceptions=True)
        return log

    assert asyncio.run(scenario()).index("modest") <= 4


def test_a_busy_datasource_keeps_nobody_from_another_one_of_the_tenant() -> None:
    async def scenario() -> list[str]:
        admission = Admission(Caps(running=1, running_per_user=1), capped(2))
        log: list[str] = []
        busy = [asyncio.create_task(hold(admission, f"a-{n}", log, 0.2)) for n in range(5)]
        await asyncio.sleep(0.002)
        await hold(admission, "b", log, source="free")
        seen = list(log)
        for task in busy:
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)
        return seen

    assert asyncio.run(scenario()) == ["a-0", "b"]


def test_who_waits_too_long_for_the_tenant_is_refused_and_leaves_both_places() -> None:
    async def scenario() -> tuple[str, int, int]:
        admission = Admission(Caps(wait_ms=20), capped(1))
        log: list[str] = []
        first = asyncio.create_task(hold(admission, "a", log, 0.1))
        await asyncio.sleep(0.002)
        with pytest.raises(TooBusy) as refused:
            await hold(admission, "b", log)
        await first
        return refused.value.sentence, admission.running, admission.queued

    sentence, running, queued = asyncio.run(scenario())

    assert "tenant" in sentence
    assert (running, queued) == (0, 0)
