"""Snapshots and links in the store."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from make import START, World, dashboard, in_world, new_id, tenant, user
from tesela.errors import Conflict, NotFound
from tesela.model.dashboard import Dashboard
from tesela.model.snapshot import Contents, Share, Snapshot
from tesela.store import Tx

ANA = user("ana")
CONTENTS = Contents(b'{"structure":1}', b'{"tile":{"data":null}}' * 100)


def snapshot(of: Dashboard, **fields: Any) -> Snapshot:
    given = {
        "id": new_id(),
        "tenant_id": of.tenant_id,
        "dashboard_id": of.id,
        "revision": of.version,
        "trigger_type": "manual",
        "is_refresh": False,
        "executed_by": ANA.id,
        "policy_digest": "",
        "execution_time_ms": 12,
        "created_at": START,
        "expires_at": START + dt.timedelta(days=7),
        "size_bytes": len(CONTENTS.tile_data),
        "sha256": "0" * 64,
    }
    return Snapshot(**(given | fields))


def later(of: Dashboard, seconds: int, **fields: Any) -> Snapshot:
    at = START + dt.timedelta(seconds=seconds)
    return snapshot(of, created_at=at, **({"expires_at": at + dt.timedelta(days=7)} | fields))


async def add(world: World, *given: Snapshot, keep: int = 100) -> None:
    for one in given:
        await world.store.write(lambda tx, s=one: tx.snapshots.add(s, CONTENTS, keep=keep))


async def ids(world: World, of: Dashboard) -> list[str]:
    found, _ = await world.store.read(lambda tx: tx.snapshots.list("default", of.id))
    return [one.id for one in found]


async def linked(world: World, of: Dashboard, **fields: Any) -> Dashboard:
    share = Share("default", of.id, fields.pop("token_hash", f"hash of {of.id}"), None, None)

    def write(tx: Tx) -> Dashboard:
        after = tx.dashboards.save(
            replace(of, link=True), expected_version=of.version, author_id=ANA.id, sentence="x"
        )
        tx.shares.put(replace(share, **fields), f"token of {of.id}")
        return after

    return await world.store.write(write)


def test_a_snapshot_comes_back_as_it_was(url: str) -> None:
    async def work(world: World) -> None:
        made = dashboard(ANA)
        await world.add(tenant(), ANA, made)
        older, newer = snapshot(made), later(made, 1, trigger_type="on_share", policy_digest="ü")
        await add(world, newer, older)

        assert await world.store.read(lambda tx: tx.snapshots.latest("default", made.id)) == (newer, CONTENTS)
        assert await world.store.read(lambda tx: tx.snapshots.latest("other", made.id)) is None
        assert await world.store.read(lambda tx: tx.snapshots.list("default", made.id)) == ([newer, older], 2)
        assert ("snapshot", "default", made.id) in world.heard

    in_world(url, work)


def test_an_expired_one_is_the_latest_only_where_it_is_asked_for(url: str) -> None:
    async def work(world: World) -> None:
        made = dashboard(ANA)
        await world.add(tenant(), ANA, made)
        await add(world, snapshot(made))
        world.clock.move(days=7)

        assert await world.store.read(lambda tx: tx.snapshots.latest("default", made.id)) is None
        assert await world.store.read(lambda tx: tx.snapshots.latest("default", made.id, unexpired=False))

    in_world(url, work)


def test_a_refresh_replaces_refreshes_and_the_oldest_leave(url: str) -> None:
    async def work(world: World) -> None:
        made, other = dashboard(ANA), dashboard(ANA)
        await world.add(tenant(), ANA, made, other)
        kept = snapshot(other, is_refresh=True)
        first, refresh, second = (
            snapshot(made),
            later(made, 1, is_refresh=True),
            later(made, 2, is_refresh=True),
        )
        third, fourth = later(made, 3), later(made, 4)

        await add(world, kept, first, refresh, second)
        assert await ids(world, made) == [second.id, first.id]
        await add(world, third, fourth, keep=2)

        assert await ids(world, made) == [fourth.id, third.id]
        assert await ids(world, other) == [kept.id]

    in_world(url, work)


def test_pruning_keeps_the_last_one_of_a_shared_dashboard(url: str) -> None:
    async def work(world: World) -> None:
        shared, private, fresh = dashboard(ANA), dashboard(ANA), dashboard(ANA)
        await world.add(tenant(), ANA, shared, private, fresh)
        await linked(world, shared)
        last = later(shared, 1)
        young = snapshot(fresh, expires_at=START + dt.timedelta(days=30))
        await add(world, snapshot(shared), last, snapshot(private), young)
        world.clock.move(days=8)

        assert await world.store.write(lambda tx: tx.snapshots.prune()) == 2
        assert [await ids(world, one) for one in (shared, private, fresh)] == [[last.id], [], [young.id]]

    in_world(url, work)


def test_a_snapshot_goes_with_its_dashboard(url: str) -> None:
    async def work(world: World) -> None:
        made = dashboard(ANA)
        await world.add(tenant(), ANA, made)
        only = snapshot(made)
        await add(world, only)
        await world.store.write(lambda tx: tx.dashboards.delete("default", made.id))

        assert await ids(world, made) == []
        with pytest.raises(NotFound):
            await world.store.write(lambda tx: tx.snapshots.delete("default", made.id, only.id))
        with pytest.raises(Conflict):
            await add(world, snapshot(made))

    in_world(url, work)


def test_a_link_is_found_by_its_hash_while_it_is_good(url: str) -> None:
    async def work(world: World) -> None:
        made, ending, archived = dashboard(ANA), dashboard(ANA), dashboard(ANA, is_archived=True)
        await world.add(tenant(), ANA, made, ending, archived)
        until = START + dt.timedelta(hours=1)
        await linked(world, made, token_hash="a", password_hash="argon")
        await linked(world, ending, token_hash="b", expires_at=until)
        await linked(world, archived, token_hash="c")

        async def found(token_hash: str) -> Share | None:
            return await world.store.read(lambda tx: tx.shares.find(token_hash))

        assert await found("a") == Share("default", made.id, "a", None, "argon")
        assert await found("b") == Share("default", ending.id, "b", until, None)
        assert (await found("c"), await found("d"), await found("")) == (None, None, None)
        world.clock.move(hours=1)
        assert await found("b") is None
        assert await world.store.read(lambda tx: tx.shares.expired()) == [("default", ending.id)]
        await world.store.write(lambda tx: tx.tenants.suspend("default", is_suspended=True))
        assert await found("a") is None

    in_world(url, work)


def test_the_token_is_kept_sealed_for_its_own_dashboard(url: str) -> None:
    async def work(world: World) -> None:
        made, other = dashboard(ANA), dashboard(ANA)
        await world.add(tenant(), ANA, made, other)
        await linked(world, made)

        token = await world.store.read(lambda tx: tx.shares.token("default", made.id))

        assert token == f"token of {made.id}"
        assert await world.store.read(lambda tx: tx.shares.token("default", other.id)) is None
        assert await world.store.read(lambda tx: tx.shares.token("other", made.id)) is None
        await world.store.write(lambda tx: tx.shares.clear("default", made.id))
        assert await world.store.read(lambda tx: tx.shares.of("default", made.id)) is None

    in_world(url, work)


def test_saving_a_dashboard_leaves_its_link_as_it_is(url: str) -> None:
    async def work(world: World) -> None:
        made = dashboard(ANA)
        await world.add(tenant(), ANA, made)
        shared = await linked(world, made, password_hash="argon")
        before = await world.store.read(lambda tx: tx.shares.of("default", made.id))

        changed = replace(shared, document=shared.document.model_copy(update={"name": "Other"}))
        await world.store.write(
            lambda tx: tx.dashboards.save(
                changed, expected_version=shared.version, author_id=ANA.id, sentence="x"
            )
        )

        assert before is not None
        assert await world.store.read(lambda tx: tx.shares.of("default", made.id)) == before

    in_world(url, work)


def test_the_clock_finds_what_is_shared_or_has_a_schedule(url: str) -> None:
    async def work(world: World) -> None:
        plain, shared, scheduled = dashboard(ANA), dashboard(ANA), dashboard(ANA)
        document = scheduled.document.model_copy(update={"settings": {"schedule": {"cron": "0 6 * * *"}}})
        scheduled = replace(scheduled, document=document)
        await world.add(tenant(), ANA, plain, shared, scheduled)
        await linked(world, shared)

        async def found() -> set[tuple[str, str]]:
            return await world.store.read(lambda tx: tx.shares.kept_by_the_clock())

        assert await found() == {("default", shared.id), ("default", scheduled.id)}
        without = replace(scheduled, document=document.model_copy(update={"settings": {}}))
        await world.store.write(
            lambda tx: tx.dashboards.save(without, expected_version=1, author_id=ANA.id, sentence="x")
        )
        assert await found() == {("default", shared.id)}

    in_world(url, work)
