"""What is kept, what leaves, and what is never kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tesela.features.memory import Memory


def reading(value: str | None) -> Callable[[], Awaitable[str | None]]:
    async def read() -> str | None:
        await asyncio.sleep(0)
        return value

    return read


def test_the_least_recently_used_leaves_first() -> None:
    async def work() -> None:
        memory = Memory[str](2)
        await memory.load("a", reading("1"))
        await memory.load("b", reading("2"))
        assert memory.get("a") == "1"
        await memory.load("c", reading("3"))

        assert [memory.get(id_) for id_ in "abc"] == ["1", None, "3"]

    asyncio.run(work())


def test_bytes_are_bounded_too() -> None:
    async def work() -> None:
        memory = Memory[str](100, 10, len)
        for id_ in "abcd":
            await memory.load(id_, reading(id_ * 4))
        assert [memory.get(id_) for id_ in "abcd"] == [None, None, "cccc", "dddd"]
        await memory.load("c", reading("c"))
        memory.drop("d")
        for id_ in "efg":
            await memory.load(id_, reading(id_ * 3))

        assert [memory.get(id_) for id_ in "cdefg"] == ["c", None, "eee", "fff", "ggg"]

    asyncio.run(work())


def test_nothing_is_not_kept() -> None:
    async def work() -> None:
        memory = Memory[str](2)

        assert await memory.load("a", reading(None)) is None
        assert len(memory) == 0

    asyncio.run(work())


@pytest.mark.parametrize("way", ["drop", "drop_where"])
def test_what_changed_while_it_was_read_is_handed_on_but_not_kept(way: str) -> None:
    async def work() -> None:
        memory = Memory[str](2)
        loading = asyncio.create_task(memory.load("a", reading("old")))
        await asyncio.sleep(0)

        memory.drop("a") if way == "drop" else memory.drop_where(lambda value: False)

        assert await loading == "old"
        assert memory.get("a") is None
        assert await memory.load("a", reading("new")) == "new"
        assert memory.get("a") == "new"

    asyncio.run(work())


def test_a_reading_that_fails_leaves_no_trace() -> None:
    async def fail() -> str:
        raise ValueError

    async def work() -> None:
        memory = Memory[str](2)
        with pytest.raises(ValueError):  # noqa: PT011
            await memory.load("a", fail)

        assert await memory.load("a", reading("x")) == "x"
        assert memory.get("a") == "x"

    asyncio.run(work())
