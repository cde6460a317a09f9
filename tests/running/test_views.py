"""A newer request of the same view replaces the older one."""

from __future__ import annotations

import asyncio

import pytest

from tesela.errors import QueryCancelled
from tesela.running.views import Views


async def look(views: Views, view: str | None, *, tile: str | None = None, seconds: float = 0.05) -> str:
    with views.entered("user", view, "dashboard", tile):
        await asyncio.sleep(seconds)
        return "done"


async def in_order(*looks: tuple[str | None, str | None]) -> list[object]:
    views = Views()
    tasks = []
    for view, tile in looks:
        tasks.append(asyncio.create_task(look(views, view, tile=tile)))
        await asyncio.sleep(0.002)
    return list(await asyncio.gather(*tasks, return_exceptions=True))


def kinds(answers: list[object]) -> list[object]:
    return [answer if isinstance(answer, str) else type(answer) for answer in answers]


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([("v", None), ("v", None)], [QueryCancelled, "done"]),
        ([("v", None), ("w", None)], ["done", "done"]),
        ([(None, None), (None, None)], ["done", "done"]),
        ([("v", "t1"), ("v", "t2")], ["done", "done"]),
        ([("v", "t1"), ("v", "t1")], [QueryCancelled, "done"]),
        ([("v", "t1"), ("v", None)], [QueryCancelled, "done"]),
        ([("v", None), ("v", "t1")], ["done", "done"]),
    ],
)
def test_what_a_request_replaces(looks: list[tuple[str | None, str | None]], expected: list[object]) -> None:
    assert kinds(asyncio.run(in_order(*looks))) == expected


def test_a_request_that_is_cancelled_from_outside_is_not_called_replaced() -> None:
    async def scenario() -> object:
        task = asyncio.create_task(look(Views(), "v"))
        await asyncio.sleep(0.002)
        task.cancel()
        return (await asyncio.gather(task, return_exceptions=True))[0]

    assert isinstance(asyncio.run(scenario()), asyncio.CancelledError)
