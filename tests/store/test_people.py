"""Users, sessions, links, keys, teams and workspaces."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from make import START, World, dashboard, in_world, new_id, tenant, user, workspace
from tesela.errors import BadRequest, Conflict
from tesela.store import ApiKey, Grant, Session, Team, Visibility

ANA, BOB, EVE = user("ana"), user("bob", role="admin"), user("ana", tenant_id="other")
HASH = "a" * 64


async def people(world: World) -> None:
    await world.add(tenant(), tenant("other"), ANA, BOB, EVE)


def test_a_user_comes_back_as_it_was_stored(url: str) -> None:
    async def work(world: World) -> None:
        await world.add(tenant())
        stored = user(
            "zoë", attributes={"region": "norte"}, issuer="https://i", subject="s-1", last_login_at=START
        )
        await world.add(stored)

        assert await world.store.read(lambda tx: tx.users.get("default", stored.id)) == stored
        assert await world.store.read(lambda tx: tx.users.get("other", stored.id)) is None
        assert await world.store.read(lambda tx: tx.users.with_subject("default", "s-1")) == stored

    in_world(url, work)


def test_an_address_is_taken_whatever_its_case_but_only_in_its_tenant(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)

        with pytest.raises(Conflict, match="already exists"):
            await world.add(user("second", email="ANA@Example.org"))
        with pytest.raises(Conflict, match="already exists"):
            await world.store.write(lambda tx: tx.users.save(replace(BOB, email="Ana@example.ORG")))

        found = await world.store.read(lambda tx: tx.users.of_email_in_all_tenants(" ana@EXAMPLE.org"))
        assert [one.id for one in found] == [ANA.id, EVE.id]

    in_world(url, work)


def test_users_without_an_address_do_not_meet(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)

        await world.add(user("x", email="", subject="1"), user("y", email="", subject="2"))

        with pytest.raises(Conflict, match="identity"):
            await world.add(user("z", email="", subject="1"))

    in_world(url, work)


def test_an_owner_of_dashboards_cannot_be_deleted(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        mine = dashboard(ANA)
        await world.add(mine)

        with pytest.raises(Conflict, match="owns 1 dashboard: transfer"):
            await world.store.write(lambda tx: tx.users.delete("default", ANA.id))
        await world.store.write(lambda tx: tx.dashboards.delete("default", mine.id))

        assert await world.store.write(lambda tx: tx.users.delete("default", ANA.id)) is True
        assert await world.store.write(lambda tx: tx.users.delete("other", BOB.id)) is False

    in_world(url, work)


def test_a_session_ends_by_time_by_hand_and_with_its_user(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        store, soon = world.store, START + dt.timedelta(hours=1)
        for name in ("one", "two", "three"):
            await store.write(lambda tx, n=name: tx.sessions.add(Session(n, ANA.id, START, soon, n == "two")))

        found = await store.read(lambda tx: tx.sessions.find("two"))
        assert found == (Session("two", ANA.id, START, soon, True), ANA)
        await store.write(lambda tx: tx.sessions.end_all(ANA, but="two"))
        assert await store.read(lambda tx: tx.sessions.find("one")) is None
        await store.write(lambda tx: tx.users.save(replace(ANA, is_active=False)))
        assert await store.read(lambda tx: tx.sessions.find("two")) is None
        await store.write(lambda tx: tx.users.save(ANA))
        await store.write(lambda tx: tx.tenants.suspend("default", is_suspended=True))
        assert await store.read(lambda tx: tx.sessions.find("two")) is None
        await store.write(lambda tx: tx.tenants.suspend("default", is_suspended=False))
        assert await store.read(lambda tx: tx.sessions.find("two")) is not None
        world.clock.move(hours=1)
        assert await store.read(lambda tx: tx.sessions.find("two")) is None
        assert await store.write(lambda tx: tx.sessions.prune()) == 1

    in_world(url, work)


def test_a_login_link_is_good_once_and_for_its_time(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        store, soon = world.store, START + dt.timedelta(minutes=15)
        for name in ("one", "two"):
            await store.write(lambda tx, n=name: tx.login_links.add(n, ANA.id, expires_at=soon))

        assert await store.write(lambda tx: tx.login_links.use("one")) == ANA
        assert await store.write(lambda tx: tx.login_links.use("one")) is None
        assert await store.write(lambda tx: tx.login_links.use("never made")) is None
        world.clock.move(minutes=15)
        assert await store.write(lambda tx: tx.login_links.use("two")) is None

    in_world(url, work)


def test_an_api_key_works_until_it_expires_or_is_revoked(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        store = world.store
        key = ApiKey(new_id(), ANA.id, "ci", "tsl_abc", START, expires_at=START + dt.timedelta(days=1))
        await store.write(lambda tx: tx.api_keys.add(ANA, key, HASH))

        assert await store.read(lambda tx: tx.api_keys.find(HASH)) == (key, ANA)
        await store.write(lambda tx: tx.api_keys.note_use(key.id))
        assert [one.last_used_at for one in await store.read(lambda tx: tx.api_keys.list(ANA.id))] == [START]
        assert await store.write(lambda tx: tx.api_keys.revoke(BOB, key.id)) is False
        world.clock.move(days=1)
        assert await store.read(lambda tx: tx.api_keys.find(HASH)) is None
        world.clock.move(days=-1)
        assert await store.write(lambda tx: tx.api_keys.revoke(ANA, key.id)) is True
        assert await store.read(lambda tx: tx.api_keys.find(HASH)) is None
        assert await store.read(lambda tx: tx.api_keys.list(ANA.id)) == []

    in_world(url, work)


def test_a_workspace_name_is_unique_in_its_tenant_and_it_goes_only_when_empty(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        place = workspace("Ventas")
        await world.add(place, workspace("Ventas", tenant_id="other"))

        with pytest.raises(Conflict, match="VENTAS already exists"):
            await world.add(workspace("VENTAS"))
        held = dashboard(ANA, workspace_id=place.id)
        await world.add(held)
        seen = await world.store.read(
            lambda tx: tx.dashboards.count_by_workspace("default", visible_to=Visibility(ANA.id))
        )
        assert seen == {place.id: 1}
        with pytest.raises(Conflict, match="holds 1 dashboard"):
            await world.store.write(lambda tx: tx.workspaces.delete("default", place.id))
        assert await world.store.write(lambda tx: tx.workspaces.delete("other", place.id)) is False
        await world.store.write(lambda tx: tx.dashboards.delete("default", held.id))
        assert await world.store.write(lambda tx: tx.workspaces.delete("default", place.id)) is True
        assert await world.store.read(lambda tx: tx.workspaces.list("default")) == []

    in_world(url, work)


def test_grants_reach_users_and_teams_and_go_with_them(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        store, place = world.store, workspace()
        team = Team("team-1", "default", "Analysts", START)
        await world.add(place)
        await store.write(lambda tx: tx.teams.add(team))
        await store.write(lambda tx: tx.teams.set_members("default", team.id, frozenset({ANA.id})))
        given = [
            Grant("workspace", place.id, "team", team.id, "edit"),
            Grant("workspace", place.id, "user", BOB.id, "own"),
        ]
        await store.write(lambda tx: tx.grants.replace("default", "workspace", place.id, given))

        teams = await store.read(lambda tx: tx.teams.of_user("default", ANA.id))
        assert teams == {team.id}
        assert await store.read(lambda tx: tx.grants.of("default", "workspace", place.id)) == given
        assert await store.read(lambda tx: tx.grants.of("other", "workspace", place.id)) == []
        reached = await store.read(
            lambda tx: tx.grants.to("default", "workspace", user_id=ANA.id, team_ids=teams)
        )
        assert reached == given[:1]
        await store.write(lambda tx: tx.teams.delete("default", team.id))
        await store.write(lambda tx: tx.users.delete("default", BOB.id))
        assert await store.read(lambda tx: tx.grants.of("default", "workspace", place.id)) == []
        assert await store.read(lambda tx: tx.teams.of_user("default", ANA.id)) == frozenset()

    in_world(url, work)


def test_hostile_text_is_only_text(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        names = ["'; DROP TABLE users; --", "%s %(a)s :b ?", "{0}", "\\'", "🧨" * 50]

        for name in names:
            await world.add(workspace(name))

        found = await world.store.read(lambda tx: tx.workspaces.list("default"))
        assert {one.name for one in found} == set(names)

    in_world(url, work)


def test_text_that_postgresql_cannot_hold_is_a_bad_request(postgres_database: str) -> None:
    async def work(world: World) -> None:
        await people(world)

        with pytest.raises(BadRequest, match="cannot be stored"):
            await world.add(workspace("nul \x00"))

    in_world(postgres_database, work)
