"""The one thread in which facts and answers are computed."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tesela.errors import TooBusy
from tesela.features.computing import MOST_WAITING, computed


def test_what_does_not_fit_into_the_queue_is_told_to_come_back() -> None:
    gate = threading.Event()

    async def run() -> list[bool]:
        waiting = [asyncio.create_task(computed(gate.wait, 10)) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(TooBusy) as refused:
            await computed(int)
        assert refused.value.headers()["Retry-After"] == "2"
        gate.set()
        return await asyncio.gather(*waiting)

    assert asyncio.run(run()) == [True] * MOST_WAITING


def test_its_place_is_free_again_after_an_error() -> None:
    async def run() -> None:
        for _ in range(MOST_WAITING + 1):
            with pytest.raises(ZeroDivisionError):
                await computed(divmod, 1, 0)

    asyncio.run(run())
