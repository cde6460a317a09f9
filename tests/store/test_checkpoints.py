"""Checkpoints: names that keep their revisions."""

from __future__ import annotations

from typing import Any

import pytest

from make import World, dashboard, in_world, new_id, tenant, user
from tesela.errors import Conflict, NotFound
from tesela.features.revisions import prune_revisions
from tesela.model.dashboard import Checkpoint, Dashboard

ANA = user("ana")


def checkpoint(of: Dashboard, *, revision: int | None = None, **fields: Any) -> Checkpoint:
    given = {
        "id": new_id(),
        "dashboard_id": of.id,
        "revision": revision or of.version,
        "name": "v2, before the redesign",
        "description": None,
        "created_by": ANA.id,
        "created_at": of.updated_at,
    }
    return Checkpoint(**(given | fields))


async def changed(world: World, current: Dashboard, times: int) -> Dashboard:
    for _ in range(times):
        world.clock.move(days=1)
        current = await world.store.write(
            lambda tx, b=current: tx.dashboards.save(
                b, expected_version=b.version, author_id=ANA.id, sentence="x"
            )
        )
    return current


async def numbers(world: World, of: Dashboard) -> list[int]:
    revisions, _ = await world.store.read(lambda tx: tx.revisions.list("default", of.id))
    return [one.number for one, _ in revisions]


def test_a_revision_with_a_checkpoint_outlives_the_others_of_its_age(url: str) -> None:
    async def work(world: World) -> None:
        made = dashboard(ANA)
        await world.add(tenant(), ANA, made)
        made = await changed(world, made, 9)
        named = checkpoint(made, revision=3)
        await world.store.write(lambda tx: tx.checkpoints.add("default", named))

        assert await prune_revisions(world.store, keep=2, keep_days=4) == 4
        assert await numbers(world, made) == [10, 9, 8, 7, 6, 3]

        await world.store.write(lambda tx: tx.checkpoints.delete("default", made.id, named.id))
        assert await prune_revisions(world.store, keep=2, keep_days=4) == 1

    in_world(url, work)


def test_checkpoints_come_newest_first_with_their_authors(url: str) -> None:
    async def work(world: World) -> None:
        made = dashboard(ANA)
        other = dashboard(ANA, "Other")
        await world.add(tenant(), ANA, made, other)
        later = await changed(world, made, 1)
        first, second = checkpoint(made, name="first"), checkpoint(later, created_by="somebody who left")
        for one in (first, second, checkpoint(other)):
            await world.store.write(lambda tx, c=one: tx.checkpoints.add("default", c))

        found, total = await world.store.read(lambda tx: tx.checkpoints.list("default", made.id))
        page, _ = await world.store.read(
            lambda tx: tx.checkpoints.list("default", made.id, limit=1, offset=1)
        )
        elsewhere, _ = await world.store.read(lambda tx: tx.checkpoints.list("other", made.id))

        assert (found, total) == ([(second, ""), (first, "Ana")], 2)
        assert (page, elsewhere) == ([(first, "Ana")], [])

    in_world(url, work)


def test_a_checkpoint_needs_a_revision_that_is_there(url: str) -> None:
    async def work(world: World) -> None:
        made = dashboard(ANA)
        await world.add(tenant(), ANA, made)

        with pytest.raises(Conflict):
            await world.store.write(lambda tx: tx.checkpoints.add("default", checkpoint(made, revision=2)))

    in_world(url, work)


def test_a_dashboard_takes_its_checkpoints_along(url: str) -> None:
    async def work(world: World) -> None:
        made = dashboard(ANA)
        named = checkpoint(made)
        await world.add(tenant(), ANA, made)
        await world.store.write(lambda tx: tx.checkpoints.add("default", named))

        await world.store.write(lambda tx: tx.dashboards.delete("default", made.id))

        assert await world.store.read(lambda tx: tx.checkpoints.list("default", made.id)) == ([], 0)
        with pytest.raises(NotFound):
            await world.store.write(lambda tx: tx.checkpoints.delete("default", made.id, named.id))

    in_world(url, work)
