"""The door itself: threads, failures, sudden ends, and other processes."""

from __future__ import annotations

import asyncio
import dataclasses
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from make import START, Clock, World, document, in_world, tenant, user, workspace
from servers import PostgresServer
from tesela.errors import Conflict, StoreUnavailable
from tesela.store import BadStoreUrl, Keys, Tx, open_store
from tesela.store.connections import parse_url

ANA = user("ana")

WRITER = """
import asyncio, datetime as dt, dataclasses, sys
from make import dashboard, document, user
from tesela.store import Keys, open_store

async def main(url):
    clock = lambda: dt.datetime.now(dt.UTC)
    store = await open_store(url, keys=Keys.generate(), clock=clock)
    owner = user("ana")

    async def keep_changing(worker):
        made = dashboard(owner, f"{worker}")
        await store.write(lambda tx: tx.dashboards.add(made, author_id=owner.id, sentence="Created"))
        print(made.id, 1, flush=True)
        while True:
            changed = dataclasses.replace(made, document=document(f"{worker} {made.version + 1}" + "x" * 20_000))
            made = await store.write(
                lambda tx: tx.dashboards.save(
                    changed, expected_version=made.version, author_id=owner.id, sentence="Changed"
                )
            )
            print(made.id, made.version, flush=True)

    await asyncio.gather(*(keep_changing(worker) for worker in range(3)))

asyncio.run(main(sys.argv[1]))
"""


def test_readers_cannot_write(url: str) -> None:
    async def work(world: World) -> None:
        with pytest.raises(StoreUnavailable):
            await world.store.read(lambda tx: tx.tenants.add(tenant()))

        assert await world.store.read(lambda tx: tx.tenants.list()) == []

    in_world(url, work)


def test_listeners_hear_of_committed_changes_before_the_writer_goes_on(url: str) -> None:
    async def work(world: World) -> None:
        await world.add(tenant(), ANA)
        assert world.heard == [("tenant", "default", "default"), ("user", "default", ANA.id)]
        world.heard.clear()

        with pytest.raises(Conflict):
            await world.add(workspace(), user("other", email=ANA.email))

        assert world.heard == []

    in_world(url, work)


def test_listeners_hear_of_a_change_that_nobody_waits_for_any_more(url: str) -> None:
    async def work(world: World) -> None:
        await world.add(tenant())
        world.heard.clear()

        has_begun = threading.Event()

        def slow(tx: Tx) -> None:
            tx.users.add(ANA)
            has_begun.set()
            time.sleep(0.2)

        waiting = asyncio.create_task(world.store.write(slow))
        await asyncio.to_thread(has_begun.wait, 20)
        waiting.cancel()
        await asyncio.wait({waiting})
        assert world.heard == []
        await world.store.write(lambda tx: None)
        for _ in range(200):
            if not world.heard:
                await asyncio.sleep(0.05)

        assert world.heard == [("user", "default", ANA.id)]

    in_world(url, work)


def test_what_another_process_changes_is_heard_once_and_never_what_one_changed_oneself(url: str) -> None:
    async def work(world: World) -> None:
        other = await open_store(url, keys=Keys.generate(), clock=world.clock)
        await world.store.catch_up()
        await world.add(tenant())
        await other.write(lambda tx: tx.users.add(ANA))
        world.heard.clear()

        await world.store.catch_up()
        first = list(world.heard)
        world.clock.move(minutes=10)
        await world.store.catch_up()
        await other.write(lambda tx: tx.users.save(ANA))
        await world.store.catch_up()

        assert first == [("user", "default", ANA.id)]
        assert world.heard == first * 2
        await other.close()

    in_world(url, work)


def test_watching_brings_the_changes_of_others_by_itself(url: str) -> None:
    async def work(world: World) -> None:
        other = await open_store(url, keys=Keys.generate(), clock=world.clock)
        heard = asyncio.Event()
        world.store.on_change(lambda *change: heard.set())
        world.store.start_watching(0.02)
        await other.write(lambda tx: tx.tenants.add(tenant()))

        await asyncio.wait_for(heard.wait(), 10)
        await other.close()

        assert world.heard == [("tenant", "default", "default")]

    in_world(url, work)


def test_the_event_loop_is_not_blocked_by_a_slow_transaction(url: str) -> None:
    async def work(world: World) -> None:
        slow = asyncio.create_task(world.store.write(lambda tx: time.sleep(0.3)))
        beats = 0
        while not slow.done():
            await asyncio.sleep(0.01)
            beats += 1
        await slow

        assert beats > 5

    in_world(url, work)


def test_many_writers_all_get_their_turn(url: str) -> None:
    async def work(world: World) -> None:
        await world.add(tenant())

        await asyncio.gather(*(world.add(workspace(f"n{number}")) for number in range(60)))

        assert len(await world.store.read(lambda tx: tx.workspaces.list("default"))) == 60

    in_world(url, work)


@pytest.mark.parametrize("after_ms", [30, 120, 300])
def test_a_killed_writer_leaves_whole_dashboards_and_every_acknowledged_change(
    url: str, after_ms: int
) -> None:
    async def prepare(world: World) -> None:
        await world.add(tenant(), ANA)

    in_world(url, prepare)
    acknowledged = killed_after(url, after_ms)

    async def check(world: World) -> None:
        rows = await world.store.read(lambda tx: tx.rows(text("SELECT id FROM dashboards")))
        stored = {}
        for (id_,) in rows:
            found = await world.store.read(lambda tx, i=id_: tx.dashboards.get("default", i))
            assert found is not None
            revisions, total = await world.store.read(
                lambda tx, i=id_: tx.revisions.list("default", i, limit=10_000)
            )
            assert [one.number for one, _ in revisions] == list(range(found.version, 0, -1)), (
                "a revision each"
            )
            last = await world.store.read(lambda tx, i=id_, n=total: tx.revisions.get("default", i, n))
            assert last is not None
            assert last[1] == found.document
            stored[id_] = found.version
            again = dataclasses.replace(found, document=document("after the end"))
            await world.store.write(
                lambda tx, a=again: tx.dashboards.save(
                    a, expected_version=a.version, author_id=ANA.id, sentence="goes on"
                )
            )
        assert acknowledged
        assert all(stored[id_] >= version for id_, version in acknowledged.items())

    in_world(url, check)


def killed_after(url: str, milliseconds: int) -> dict[str, int]:
    """Kill a process that writes, so long after its first writes, and return what it had acknowledged."""
    path = Path(__file__).resolve().parent.parent
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, url], cwd=path, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(3)]
    time.sleep(milliseconds / 1000)
    process.kill()
    lines += process.stdout.readlines()
    process.stdout.close()
    process.wait()
    acknowledged: dict[str, int] = {}
    for line in lines:
        if line.endswith("\n"):
            id_, version = line.split()
            acknowledged[id_] = max(acknowledged.get(id_, 0), int(version))
    return acknowledged


def test_postgresql_may_restart_between_two_transactions(postgres_server: PostgresServer) -> None:
    url = postgres_server.new_database()

    async def work(world: World) -> None:
        await world.add(tenant())
        await asyncio.to_thread(postgres_server.restart)

        assert await world.store.read(lambda tx: tx.tenants.list()) == [tenant()]
        await asyncio.to_thread(postgres_server.restart)
        await world.add(ANA)

        assert await world.store.read(lambda tx: tx.users.list("default")) == [ANA]

    in_world(url, work)
    postgres_server.drop_database(url)


def test_postgresql_out_of_reach_is_said_without_its_address(postgres_server: PostgresServer) -> None:
    url = postgres_server.new_database()

    async def work(world: World) -> None:
        await world.add(tenant())
        await asyncio.to_thread(postgres_server.stop)
        try:
            with pytest.raises(StoreUnavailable) as refused:
                await world.store.read(lambda tx: tx.tenants.list())
            assert "127.0.0.1" not in refused.value.sentence
            with pytest.raises(StoreUnavailable, match="check its address"):
                await world.store.migrate()
        finally:
            await asyncio.to_thread(postgres_server.start)

        assert await world.store.read(lambda tx: tx.tenants.list()) == [tenant()]

    in_world(url, work)
    postgres_server.drop_database(url)


@pytest.mark.parametrize(
    "url",
    ["", "tesela.db", "mysql://root:hunter2@host/db", "sqlite://", "postgresql+x://a:hunter2@b/c?", "://"],
)
def test_an_address_that_is_none_is_refused_without_its_password(url: str) -> None:
    try:
        found = parse_url(url)
    except BadStoreUrl as error:
        assert "hunter2" not in error.sentence  # noqa: PT017
    else:
        assert found.drivername == "postgresql+psycopg"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadStoreUrl, match="cannot be opened"):
        asyncio.run(open_store(f"sqlite:///{tmp_path}/nowhere/a.db", keys=Keys.generate(), clock=Clock()))


def test_the_file_is_only_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "tesela.db"

    in_world(f"sqlite:///{path}", lambda world: world.add(tenant()))

    assert path.stat().st_mode & 0o077 == 0


def test_moments_come_back_in_utc(url: str) -> None:
    async def work(world: World) -> None:
        await world.add(tenant())

        [found] = await world.store.read(lambda tx: tx.tenants.list())

        assert (found.created_at, str(found.created_at.tzinfo)) == (START, "UTC")

    in_world(url, work)
