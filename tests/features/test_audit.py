"""The audit's memory: written together, bounded, never lost without a word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from make import World, in_world, tenant, user
from tesela.errors import StoreUnavailable
from tesela.features.audit import AuditLog, facts_of, prune_lines
from tesela.store import AuditWanted, Store, Tx

T = TypeVar("T")
ANA = user("ana")
ALL = AuditWanted()


class Unreachable:
    """A store that answers only after `is_up`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.is_up = False

    async def write(self, fn: Callable[[Tx], T]) -> T:
        if not self.is_up:
            raise StoreUnavailable("not now")
        return await self._store.write(fn)


def in_audit(tmp_path: Path, work: Callable[[World], Any]) -> None:
    async def run(world: World) -> None:
        await world.add(tenant(), ANA)
        await work(world)

    in_world(f"sqlite:///{tmp_path / 'tesela.db'}", run)


async def actions(world: World) -> list[str]:
    lines, _ = await world.store.read(lambda tx: tx.audit.list("default", ALL, limit=500, offset=0))
    return [line.action for line in lines]


def test_lines_wait_while_the_store_cannot_be_reached_and_none_is_written_twice(tmp_path: Path) -> None:
    async def work(world: World) -> None:
        door = Unreachable(world.store)
        log = AuditLog(door, world.clock)  # type: ignore[arg-type]  # a store that fails
        log.record(ANA, "first")
        with pytest.raises(StoreUnavailable):
            await log.flush()
        log.record(ANA, "second")
        door.is_up = True
        await asyncio.gather(log.flush(), log.flush())

        assert await actions(world) == ["second", "first"]
        assert (log.written, log.waiting, log.dropped) == (2, 0, 0)

    in_audit(tmp_path, work)


def test_what_comes_past_the_bound_is_counted(tmp_path: Path) -> None:
    async def work(world: World) -> None:
        log = AuditLog(world.store, world.clock, max_waiting=3)
        for number in range(5):
            log.record(ANA, f"deed-{number}")
        await log.close()

        assert await actions(world) == ["deed-2", "deed-1", "deed-0"]
        assert (log.written, log.dropped) == (3, 2)

    in_audit(tmp_path, work)


def test_what_the_store_never_took_is_counted_when_the_server_stops(tmp_path: Path) -> None:
    async def work(world: World) -> None:
        log = AuditLog(Unreachable(world.store), world.clock)  # type: ignore[arg-type]  # a store that fails
        log.start()
        log.record(ANA, "lost")
        await log.close()

        assert (log.written, log.dropped) == (0, 1)

    in_audit(tmp_path, work)


def test_names_are_looked_up_when_a_line_is_written(tmp_path: Path) -> None:
    async def work(world: World) -> None:
        log = AuditLog(world.store, world.clock)
        log.record(ANA, "update_user", kind="user", id=ANA.id)
        log.record(ANA, "update_user", kind="user", id="of nobody")
        await log.flush()
        lines, _ = await world.store.read(lambda tx: tx.audit.list("default", ALL, limit=9, offset=0))

        assert [line.object_name for line in lines] == [None, "Ana"]

    in_audit(tmp_path, work)


def test_old_lines_go(tmp_path: Path) -> None:
    async def work(world: World) -> None:
        log = AuditLog(world.store, world.clock)
        log.record(ANA, "old")
        world.clock.move(days=10)
        log.record(ANA, "new")
        await log.flush()

        assert await prune_lines(world.store, world.clock, keep_days=10) == 0
        world.clock.move(seconds=1)
        assert await prune_lines(world.store, world.clock, keep_days=10) == 1
        assert await actions(world) == ["new"]

    in_audit(tmp_path, work)


@pytest.mark.parametrize(
    "sent",
    [
        {"query": "SELECT secret", "password": "secret", "secrets": {"password": "secret"}},
        {"role": {"secret": 1}, "to": ["ok", {"secret": "x"}], "format": "se cret", "type": "x" * 5_000},
        {"secret value!": 1, "a" * 500: 1, "shared_with": [{"id": "u", "note": "secret"}]},
        {"limits": {"secret": 1, "max_dashboards": "it's a secret"}},
        "secret",
        ["secret"],
        None,
    ],
)
def test_no_value_leaks_that_is_not_known_to_be_harmless(sent: object) -> None:
    facts = facts_of(sent)

    values = [value for name, value in facts.items() if name != "changed"]
    assert "secret" not in repr(values).replace("secrets", "")
    assert all(len(name) <= 40 for name in facts.get("changed", []))


def test_harmless_facts_are_kept() -> None:
    shared = [{"id": "user-1", "permission": "edit"}]

    assert facts_of(
        {"role": "viewer", "shared_with": shared, "limits": {"max_dashboards": 3}, "name": "X"}
    ) == {
        "changed": ["limits", "name", "role", "shared_with"],
        "max_dashboards": 3,
        "role": "viewer",
        "shared_with": shared,
    }
