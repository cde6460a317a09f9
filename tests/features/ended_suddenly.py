"""A program: restores and imports on a store while it is killed again and again, and looks at what is left.

Each round is a process of its own, forked from this one, which holds no threads and no connections.
Prints how many rounds there were and how far the dashboard got.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Awaitable, Callable

from sqlalchemy import select

from make import World, dashboard, datasource, document, in_world, tenant, tile, user
from make import caller as asks
from tesela.features.access import Access
from tesela.features.bundles import exported, import_bundle, update_from_bundle
from tesela.features.checkpoints import create_checkpoint, restore_checkpoint
from tesela.features.editing import Edit, Editor
from tesela.features.revisions import restore_revision
from tesela.model.bundle import bundle_of_bytes
from tesela.store import Keys
from tesela.store.tables import dashboard_uses, dashboards

ANA = user("ana")
SOURCE = datasource(created_by=ANA.id)
KEYS = Keys.generate()
TILES = [tile(SOURCE.id, title=f"Tile {number}", grid_y=number * 3) for number in range(40)]
FIRST = dashboard(ANA, "First", *TILES)
SECOND = document("Second", *TILES[:3], settings={"theme": "dark"})
BUNDLE = exported(FIRST.document, [SOURCE])
LONGEST_SECONDS = 0.3
"""About three rounds of all that is done."""
MAPPING = {"ds_0": SOURCE.id}
KNOWN = {
    exported(state.model_copy(update={"name": name}), [SOURCE])
    for state, name in (
        (FIRST.document, "First"),
        (FIRST.document, "Second"),  # a checkpoint leaves the name
        (FIRST.document, "Imported"),
        (SECOND, "Second"),
    )
}


def in_child(work: Callable[[], object]) -> int:
    """Return the id of a process that does the work and ends; 1 when it raised."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)
    raise AssertionError("unreachable")


def done(child: int) -> None:
    _, status = os.waitpid(child, 0)
    assert status == 0, "a process that was not killed must end well"


def on_store(url: str, work: Callable[[World], Awaitable[object]]) -> object:
    return in_world(url, work, keys=KEYS)


async def prepare(world: World) -> None:
    await world.add(tenant(), ANA, SOURCE, FIRST)
    after = await world.store.read(lambda tx: tx.dashboards.get("default", FIRST.id))
    assert after is not None
    editor = Editor(world.store, Access(world.store), asks(ANA), world.clock)
    await create_checkpoint(editor, FIRST.id, name="First", description=None)
    await editor.change(FIRST.id, lambda _: Edit(SECOND, "Second"))


async def work_until_killed(world: World, ready: Callable[[], object]) -> None:
    access = Access(world.store)
    editor = Editor(world.store, access, asks(ANA), world.clock)
    (checkpoint, _), *_ = (await world.store.read(lambda tx: tx.checkpoints.list("default", FIRST.id)))[0]
    raw = bundle_of_bytes(BUNDLE)
    await restore_revision(editor, FIRST.id, "1")
    ready()
    while True:
        await restore_revision(editor, FIRST.id, "2")
        await restore_checkpoint(editor, FIRST.id, checkpoint.id)
        await restore_revision(editor, FIRST.id, "2")
        await update_from_bundle(editor, FIRST.id, raw, mapping=MAPPING)
        await import_bundle(
            world.store, access, editor.caller, raw, mapping=MAPPING, clock=world.clock, name="Imported"
        )


async def check(world: World) -> None:
    """Every dashboard is whole: one of the known states, the last of its revisions, its uses beside it."""
    rows = await world.store.read(lambda tx: tx.rows(select(dashboards.c.id, dashboards.c.tile_count)))
    for id_, tile_count in rows:
        found = await world.store.read(lambda tx, i=id_: tx.dashboards.get("default", i))
        assert found is not None
        numbers, total = await world.store.read(
            lambda tx, i=id_: tx.revisions.list("default", i, limit=100_000)
        )
        assert [one.number for one, _ in numbers] == list(range(found.version, 0, -1))
        last = await world.store.read(lambda tx, f=found: tx.revisions.get("default", f.id, f.version))
        assert last is not None
        assert last[1] == found.document
        assert exported(found.document, [SOURCE]) in KNOWN, "a half document"
        assert tile_count == len(found.document.tiles)
        uses = await world.store.read(
            lambda tx, i=id_: tx.rows(select(dashboard_uses.c.ref).where(dashboard_uses.c.dashboard_id == i))
        )
        assert [row.ref for row in uses] == [SOURCE.id]
        assert total == found.version


def killed(url: str, after_seconds: float) -> None:
    """Start a process that works, and kill it so long after its first moment of work."""
    reading, writing = os.pipe()
    child = in_child(
        lambda: on_store(url, lambda world: work_until_killed(world, lambda: os.write(writing, b"!")))
    )
    os.close(writing)
    assert os.read(reading, 1) == b"!", "the process ended before it began"
    os.close(reading)
    time.sleep(after_seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the process was not at work any more"


async def progress(world: World) -> None:
    found = await world.store.read(lambda tx: tx.dashboards.get("default", FIRST.id))
    assert found is not None
    count = await world.store.read(lambda tx: len(tx.rows(select(dashboards.c.id))))
    print(found.version, count)


def main(url: str, rounds: int) -> None:
    chance = random.Random(7)
    done(in_child(lambda: on_store(url, prepare)))
    for _ in range(rounds):
        killed(url, chance.uniform(0, LONGEST_SECONDS))
        done(in_child(lambda: on_store(url, check)))
    on_store(url, progress)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
