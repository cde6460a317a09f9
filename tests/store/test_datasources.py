"""Datasources, their secrets and their revisions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from make import World, dashboard, datasource, in_world, tenant, tile, user
from tesela.errors import Conflict, NotFound
from tesela.store import BadSecrets, Keys
from tesela.store.tables import datasources

ANA = user("ana")


async def people(world: World) -> None:
    await world.add(tenant(), tenant("other"), ANA)


def test_secrets_are_encrypted_and_come_only_where_they_are_asked_for(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        stored = datasource(secrets={"password": "s3cret-ñ"}, is_shared=True)
        await world.add(stored)
        store = world.store

        plain = await store.read(lambda tx: tx.datasources.get("default", stored.id))
        opened = await store.read(lambda tx: tx.datasources.get("default", stored.id, secrets=True))
        sealed = await store.read(lambda tx: tx.value(select(datasources.c.secrets)))

        assert plain == replace(stored, secrets={})
        assert opened == stored
        assert sealed.startswith("v1:e1:")
        assert "s3cret" not in sealed
        assert "s3cret" not in repr(opened)
        assert [one.secrets for one in await store.read(lambda tx: tx.datasources.list("default"))] == [{}]
        assert await store.read(lambda tx: tx.datasources.get("other", stored.id)) is None

    in_world(url, work)


def test_a_secret_moved_to_another_row_does_not_open(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        one, two = datasource("One", secrets={"password": "a"}), datasource("Two", secrets={"password": "b"})
        await world.add(one, two)
        sealed = await world.store.read(
            lambda tx: tx.value(select(datasources.c.secrets).where(datasources.c.id == one.id))
        )

        await world.store.write(
            lambda tx: tx.write(update(datasources).where(datasources.c.id == two.id).values(secrets=sealed))
        )

        with pytest.raises(BadSecrets):
            await world.store.read(lambda tx: tx.datasources.get("default", two.id, secrets=True))

    in_world(url, work)


def test_each_change_makes_the_next_revision(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        first = datasource(secrets={"password": "a"})
        await world.add(first)
        store = world.store
        changed = replace(first, name="Renamed", config={"file": "b.duckdb"}, secrets={})

        kept = await store.write(
            lambda tx: tx.datasources.update(changed, keep_secrets=True, expected_revision=1)
        )
        assert (kept.revision, kept.name, kept.secrets) == (2, "Renamed", {"password": "a"})
        with pytest.raises(Conflict) as refused:
            await store.write(lambda tx: tx.datasources.update(changed, expected_revision=1))
        assert refused.value.version == 2
        cleared = await store.write(lambda tx: tx.datasources.update(changed))
        assert (cleared.revision, cleared.secrets) == (3, {})
        bumped = await store.write(
            lambda tx: tx.datasources.bump_generation("default", first.id, config={"file": "c.duckdb"})
        )
        assert (bumped.revision, bumped.config) == (4, {"file": "c.duckdb"})
        again = await store.write(lambda tx: tx.datasources.bump_generation("default", first.id))
        assert (again.revision, again.config) == (5, {"file": "c.duckdb"})
        for tenant_id in ("other", "nowhere"):
            with pytest.raises(NotFound):
                await store.write(lambda tx, t=tenant_id: tx.datasources.bump_generation(t, first.id))

    in_world(url, work)


def test_a_name_is_taken_whatever_its_case(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        second = datasource("Second")
        await world.add(datasource("First"), second)

        with pytest.raises(Conflict, match="FIRST already exists"):
            await world.add(datasource("FIRST"))
        with pytest.raises(Conflict, match="first already exists"):
            await world.store.write(lambda tx: tx.datasources.update(replace(second, name="first")))

    in_world(url, work)


def test_one_datasource_is_the_default(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        one, two = datasource("One", is_default=True), datasource("Two", is_default=True)
        foreign = datasource("One", tenant_id="other", is_default=True)
        await world.add(one, foreign, two)
        store = world.store

        async def default(tenant_id: str) -> str | None:
            found = await store.read(lambda tx: tx.datasources.default(tenant_id))
            return found.id if found else None

        assert (await default("default"), await default("other")) == (two.id, foreign.id)
        await store.write(lambda tx: tx.datasources.set_default("default", one.id))
        assert await default("default") == one.id
        with pytest.raises(NotFound):
            await store.write(lambda tx: tx.datasources.set_default("default", foreign.id))
        assert await default("default") == one.id

    in_world(url, work)


def test_a_datasource_in_use_is_not_deleted_and_the_refusal_names_the_dashboards(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        source = datasource()
        await world.add(source, *(dashboard(ANA, name, tile(source.id)) for name in ("d", "b", "a", "c")))

        with pytest.raises(Conflict, match="used by the dashboards a, b, c and 1 more"):
            await world.store.write(lambda tx: tx.datasources.delete("default", source.id))

        assert await world.store.write(lambda tx: tx.datasources.delete("other", source.id)) is False
        assert await world.store.read(lambda tx: tx.datasources.get("default", source.id)) is not None

    in_world(url, work)


def test_secrets_of_old_keys_open_and_are_sealed_again_with_the_newest(url: str) -> None:
    old = Keys({"s1": b"S" * 32}, {"e1": bytes(range(32))})
    both = Keys(old.signing, {"e2": bytes(range(100, 132)), **old.encryption})
    new = Keys(old.signing, {"e2": bytes(range(100, 132))})
    stored = datasource(secrets={"password": "kept"})

    async def make(world: World) -> None:
        await people(world)
        await world.add(stored)

    async def seal_again(world: World) -> int:
        return await world.store.write(lambda tx: tx.datasources.reseal())

    async def opened(world: World) -> object:
        found = await world.store.read(lambda tx: tx.datasources.get("default", stored.id, secrets=True))
        return found and found.secrets

    in_world(url, make, keys=old)
    with pytest.raises(BadSecrets):
        in_world(url, opened, keys=new)
    assert in_world(url, opened, keys=both) == {"password": "kept"}
    assert in_world(url, seal_again, keys=both) == 1
    assert in_world(url, opened, keys=new) == {"password": "kept"}
