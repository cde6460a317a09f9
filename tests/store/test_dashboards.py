"""Dashboards, their revisions and their lists."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from dataclasses import replace

import pytest
from sqlalchemy import select

from make import START, World, dashboard, datasource, document, in_world, tenant, tile, user, workspace
from tesela.errors import Conflict, NotFound
from tesela.model.dashboard import Dashboard, Document
from tesela.store import Grant, Keys, Team, Visibility, open_store
from tesela.store.dashboards import FEW_MATCHES, bytes_of
from tesela.store.tables import dashboards
from tesela.store.totals import Totals

ANA, BOB, EVE = user("ana"), user("bob"), user("eve", tenant_id="other")
ALL = Visibility("nobody", everything=True)


async def people(world: World) -> None:
    await world.add(tenant(), tenant("other"), ANA, BOB, EVE)


async def names(world: World, visible_to: Visibility, **wanted: object) -> list[str]:
    rows, total = await world.store.read(
        lambda tx: tx.dashboards.list("default", visible_to=visible_to, **wanted)  # type: ignore[arg-type]
    )
    assert total >= len(rows)
    return [row.name for row in rows]


def test_a_dashboard_comes_back_as_it_was_stored(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        source = datasource()
        stored = dashboard(
            ANA, "Ventas ñ 🧩", tile(source.id), tile(None, tile_type="text", query=None, content="# Hi")
        )
        await world.add(source, stored)

        found = await world.store.read(lambda tx: tx.dashboards.get("default", stored.id))

        assert found == stored

    in_world(url, work)


def test_a_document_is_byte_stable(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        stored = dashboard(ANA, "Sales", tile(), tile(chart_config={"z": 1, "a": {"b": [0.1, 1e-9, 10**18]}}))
        await world.add(stored)
        written = bytes_of(stored.document)

        kept = await world.store.read(lambda tx: tx.value(select(dashboards.c.document)))

        assert bytes(kept) == written
        assert bytes_of(Document.model_validate_json(written)) == written

    in_world(url, work)


def test_a_change_makes_the_next_version_and_its_revision(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        first = dashboard(ANA)
        await world.add(first)
        world.clock.move(seconds=5)
        changed = replace(first, document=document("Renamed"), is_archived=True)

        after = await world.store.write(
            lambda tx: tx.dashboards.save(
                changed, expected_version=1, author_id=BOB.id, sentence="Renamed it"
            )
        )

        assert after == replace(changed, version=2, updated_at=world.clock())
        assert await world.store.read(lambda tx: tx.dashboards.get("default", first.id)) == after
        revisions, total = await world.store.read(lambda tx: tx.revisions.list("default", first.id))
        assert total == 2
        assert [(one.number, one.parent, one.sentence, name) for one, name in revisions] == [
            (2, 1, "Renamed it", "Bob"),
            (1, None, "Created", "Ana"),
        ]
        assert revisions[0][0].sha256 == hashlib.sha256(bytes_of(after.document)).hexdigest()
        found = await world.store.read(lambda tx: tx.revisions.get("default", first.id, 1))
        assert found is not None
        assert found[1] == first.document

    in_world(url, work)


def test_a_stale_change_is_refused_with_the_current_version(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        first = dashboard(ANA)
        await world.add(first)
        await world.store.write(
            lambda tx: tx.dashboards.save(first, expected_version=1, author_id=ANA.id, sentence="one")
        )

        with pytest.raises(Conflict) as refused:
            await world.store.write(
                lambda tx: tx.dashboards.save(first, expected_version=1, author_id=ANA.id, sentence="two")
            )

        assert refused.value.version == 2
        _, total = await world.store.read(lambda tx: tx.revisions.list("default", first.id))
        assert total == 2

    in_world(url, work)


def test_of_many_changes_at_the_same_time_one_wins_each_version(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        first = dashboard(ANA)
        await world.add(first)

        async def change(number: int) -> int | None:
            changed = replace(first, document=document(f"Change {number}"))
            try:
                await world.store.write(
                    lambda tx: tx.dashboards.save(
                        changed, expected_version=1, author_id=ANA.id, sentence=str(number)
                    )
                )
            except Conflict as error:
                return error.version
            return None

        refused = await asyncio.gather(*(change(number) for number in range(20)))

        assert sorted(refused, key=str) == [2] * 19 + [None]
        _, total = await world.store.read(lambda tx: tx.revisions.list("default", first.id))
        assert total == 2

    in_world(url, work)


def test_a_change_that_fails_half_way_leaves_nothing(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        first = dashboard(ANA)
        await world.add(first)
        world.heard.clear()

        def half(tx):  # type: ignore[no-untyped-def]
            tx.dashboards.save(
                replace(first, document=document("Half")),
                expected_version=1,
                author_id=ANA.id,
                sentence="half",
            )
            raise RuntimeError("the lights went out")

        with pytest.raises(RuntimeError):
            await world.store.write(half)

        assert await world.store.read(lambda tx: tx.dashboards.get("default", first.id)) == first
        assert world.heard == []

    in_world(url, work)


def test_another_tenants_dashboard_is_not_there(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        mine = dashboard(ANA)
        await world.add(mine)
        store = world.store

        assert await store.read(lambda tx: tx.dashboards.get("other", mine.id)) is None
        assert await store.read(lambda tx: tx.dashboards.facts("other", mine.id)) is None
        assert await store.read(lambda tx: tx.revisions.list("other", mine.id)) == ([], 0)
        assert await store.read(lambda tx: tx.revisions.get("other", mine.id, 1)) is None
        assert await store.read(lambda tx: tx.dashboards.list("other", visible_to=ALL)) == ([], 0)
        with pytest.raises(NotFound):
            await store.write(lambda tx: tx.dashboards.delete("other", mine.id))
        with pytest.raises(NotFound):
            await store.write(
                lambda tx: tx.dashboards.save(
                    replace(mine, tenant_id="other"), expected_version=1, author_id=EVE.id, sentence="stolen"
                )
            )
        assert await store.read(lambda tx: tx.dashboards.get("default", mine.id)) == mine

    in_world(url, work)


def test_deleting_takes_revisions_uses_and_grants_along(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        source = datasource()
        mine = dashboard(ANA, "Sales", tile(source.id))
        await world.add(source, mine)
        grant = Grant("dashboard", mine.id, "user", BOB.id, "edit")
        await world.store.write(lambda tx: tx.grants.replace("default", "dashboard", mine.id, [grant]))

        with pytest.raises(Conflict):
            await world.store.write(lambda tx: tx.dashboards.delete("default", mine.id, expected_version=7))
        await world.store.write(lambda tx: tx.dashboards.delete("default", mine.id, expected_version=1))

        assert await world.store.read(lambda tx: tx.revisions.list("default", mine.id)) == ([], 0)
        assert await world.store.read(lambda tx: tx.dashboards.using_datasource("default", source.id)) == []
        assert await world.store.read(lambda tx: tx.grants.of("default", "dashboard", mine.id)) == []
        assert world.heard[-1] == ("dashboard", "default", mine.id)

    in_world(url, work)


def test_the_uses_follow_the_tiles(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        one, two = datasource("One"), datasource("Two")
        mine = dashboard(ANA, "Sales", tile(one.id), tile(one.id))
        await world.add(one, two, mine)
        changed = replace(mine, document=document("Sales", tile(two.id)))

        before = await world.store.read(lambda tx: tx.dashboards.count_by_datasource("default"))
        await world.store.write(
            lambda tx: tx.dashboards.save(changed, expected_version=1, author_id=ANA.id, sentence="moved")
        )
        after = await world.store.read(lambda tx: tx.dashboards.count_by_datasource("default"))

        assert (before, after) == ({one.id: 1}, {two.id: 1})
        assert await world.store.read(lambda tx: tx.dashboards.using_datasource("default", two.id)) == [
            (mine.id, "Sales")
        ]

    in_world(url, work)


def test_the_options_of_a_filter_use_their_datasource(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        one = datasource("One")
        options = {"query": "SELECT 1", "datasource_id": one.id}
        drawn = document("Sales").model_copy(update={"filters": ({"name": "a", "options": options},)})
        mine = replace(dashboard(ANA, "Sales"), document=drawn)
        await world.add(one, mine)

        with pytest.raises(Conflict, match="Sales"):
            await world.store.write(lambda tx: tx.datasources.delete("default", one.id))

    in_world(url, work)


def test_a_list_shows_what_may_be_seen(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        place = workspace()
        mates = Team("team-1", "default", "Mates", world.clock())
        made: list[Dashboard] = [
            dashboard(ANA, "private"),
            dashboard(ANA, "granted"),
            dashboard(ANA, "granted to the team"),
            dashboard(ANA, "team", audience="team"),
            dashboard(ANA, "tenant", audience="tenant"),
            dashboard(ANA, "in a workspace", workspace_id=place.id),
            dashboard(BOB, "own"),
        ]
        await world.add(place, *made)
        await world.store.write(lambda tx: tx.teams.add(mates))
        await world.store.write(
            lambda tx: tx.teams.set_members("default", mates.id, frozenset({ANA.id, BOB.id}))
        )
        for index, grant in (
            (1, Grant("dashboard", made[1].id, "user", BOB.id, "view")),
            (2, Grant("dashboard", made[2].id, "team", mates.id, "view")),
        ):
            await world.store.write(
                lambda tx, g=grant, i=index: tx.grants.replace("default", "dashboard", made[i].id, [g])
            )
        given = Grant("workspace", place.id, "user", BOB.id, "view")
        await world.store.write(lambda tx: tx.grants.replace("default", "workspace", place.id, [given]))

        alone = await names(world, Visibility(BOB.id))
        with_team = await names(world, Visibility(BOB.id, frozenset({mates.id})))

        assert set(alone) == {"own", "tenant", "granted", "in a workspace"}
        assert set(with_team) == {"own", "tenant", "granted", "in a workspace", "team", "granted to the team"}
        assert len(await names(world, ALL)) == len(made)

    in_world(url, work)


def test_a_list_is_ordered_paged_and_counted(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        for number in range(7):
            world.clock.move(minutes=1)
            now = world.clock()
            await world.add(dashboard(ANA, f"n{number}", created_at=now, updated_at=now))
        await world.add(dashboard(ANA, "old", is_archived=True))

        assert await names(world, ALL, limit=3) == ["n6", "n5", "n4"]
        assert await names(world, ALL, limit=3, offset=6) == ["n0"]
        assert await names(world, ALL, include_archived=True, offset=7) == ["old"]
        _, total = await world.store.read(lambda tx: tx.dashboards.list("default", visible_to=ALL, limit=2))
        assert total == 7

    in_world(url, work)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("ÜBER", {"über 100% growth"}),
        ("100%", {"über 100% growth"}),
        ("%", {"über 100% growth"}),
        ("a_b", {"a_b"}),
        ("_", {"a_b"}),
        ("\\", {"back\\slash"}),
        ("STRASSE", {"Straße"}),
        ("margin", {"a_b"}),
        ("'; DROP TABLE dashboards; --", set()),
        ("  ", {"über 100% growth", "a_b", "axb", "back\\slash", "Straße"}),
    ],
)
def test_a_search_knows_no_case_and_no_wildcards(url: str, search: str, found: set[str]) -> None:
    async def work(world: World) -> None:
        await people(world)
        for name in ("über 100% growth", "axb", "back\\slash", "Straße"):
            await world.add(dashboard(ANA, name))
        described = dashboard(ANA)
        await world.add(replace(described, document=document("a_b", description="Gross MARGIN")))

        assert set(await names(world, ALL, search=search)) == found

    in_world(url, work)


def test_a_search_with_many_matches_finds_what_one_with_few_finds(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        moments = [START + dt.timedelta(minutes=number) for number in range(FEW_MATCHES + 1)]
        made = [
            dashboard(ANA, f"sales {number}", created_at=moment, updated_at=moment)
            for number, moment in enumerate(moments)
        ]
        latest_first = [one.document.name for one in reversed(made)]
        await world.add(*made[:-1], dashboard(ANA, "other"), dashboard(EVE, "sales of another tenant"))
        assert await names(world, ALL, search="SALES", limit=4) == latest_first[1:5]

        await world.add(made[-1])

        assert await names(world, ALL, search="SALES", limit=4) == latest_first[:4]
        assert await names(world, Visibility(BOB.id), search="sales") == []
        _, total = await world.store.read(
            lambda tx: tx.dashboards.list("default", visible_to=ALL, search="sales ", include_archived=True)
        )
        assert total == FEW_MATCHES + 1

    in_world(url, work)


def test_old_revisions_leave_when_there_are_enough_newer_ones(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        current = dashboard(ANA)
        await world.add(current)
        for number in range(1, 10):
            world.clock.move(days=1)
            before = current
            current = await world.store.write(
                lambda tx, b=before, n=number: tx.dashboards.save(
                    b, expected_version=n, author_id=ANA.id, sentence=str(n)
                )
            )

        by_days = await world.store.write(lambda tx: tx.revisions.prune(keep=2, keep_days=20))
        removed = await world.store.write(lambda tx: tx.revisions.prune(keep=2, keep_days=4))

        assert (by_days, removed) == (0, 5)
        revisions, _ = await world.store.read(lambda tx: tx.revisions.list("default", current.id))
        assert [one.number for one, _ in revisions] == [10, 9, 8, 7, 6]
        assert min(one.created_at for one, _ in revisions) == world.clock() - dt.timedelta(days=4)

    in_world(url, work)


def test_transferring_is_a_revision_of_each_dashboard(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        made = [dashboard(ANA, "one"), dashboard(ANA, "two"), dashboard(BOB, "three")]
        await world.add(*made)

        count = await world.store.write(
            lambda tx: tx.dashboards.transfer(
                "default", from_user=ANA.id, to_user=BOB.id, author_id=BOB.id, sentence="Transferred"
            )
        )

        assert count == 2
        found = [await world.store.read(lambda tx, m=one: tx.dashboards.get("default", m.id)) for one in made]
        assert [(one.owner_id, one.version) for one in found if one] == [
            (BOB.id, 2),
            (BOB.id, 2),
            (BOB.id, 1),
        ]

    in_world(url, work)


def test_a_total_is_true_after_every_change_that_makes_a_list_longer_or_shorter(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        place, store = workspace(), world.store
        made = dashboard(ANA)
        await world.add(place, made, dashboard(BOB))
        other = await open_store(url, keys=Keys.generate(), clock=world.clock)

        async def totals() -> list[int]:
            """As an admin, as Bob, and in the workspace."""
            found = [
                await store.read(lambda tx: tx.dashboards.list("default", visible_to=ALL)),
                await store.read(lambda tx: tx.dashboards.list("default", visible_to=Visibility(BOB.id))),
                await store.read(
                    lambda tx: tx.dashboards.list("default", visible_to=ALL, workspace_id=place.id)
                ),
            ]
            assert [len(rows) for rows, _ in found] == [total for _, total in found]
            return [total for _, total in found]

        async def change(**fields: object) -> list[int]:
            nonlocal made
            after = replace(made, **fields)  # type: ignore[arg-type]
            made = await store.write(
                lambda tx: tx.dashboards.save(
                    after, expected_version=made.version, author_id=ANA.id, sentence="x"
                )
            )
            return await totals()

        assert await totals() == [2, 1, 0]
        assert await names(world, ALL, search="renamed") == []
        assert await change(document=document("only renamed")) == [2, 1, 0]
        assert await names(world, ALL, search="renamed") == ["only renamed"]
        assert await change(audience="tenant") == [2, 2, 0]
        assert await change(workspace_id=place.id) == [2, 2, 1]
        assert await change(is_archived=True) == [1, 1, 0]
        assert await change(is_archived=False, audience="private") == [2, 1, 1]
        assert await change(owner_id=BOB.id) == [2, 2, 1]
        assert await change(owner_id=ANA.id) == [2, 1, 1]
        grant = Grant("workspace", place.id, "user", BOB.id, "view")
        await store.write(lambda tx: tx.grants.replace("default", "workspace", place.id, [grant]))
        assert await totals() == [2, 2, 1]
        await world.add(dashboard(ANA))
        assert await totals() == [3, 2, 1]
        await store.write(lambda tx: tx.dashboards.delete("default", made.id))
        assert await totals() == [2, 1, 0]
        another = dashboard(BOB)
        await other.write(lambda tx: tx.dashboards.add(another, author_id=BOB.id, sentence="Created"))
        await store.catch_up()
        assert await totals() == [3, 2, 0]
        await other.close()

    in_world(url, work)


def test_totals_counted_while_something_changed_are_not_kept() -> None:
    totals = Totals()
    before = totals.generation

    totals.hear("dashboard", "default")
    totals.keep("default", "q", 1, generation=before)
    assert totals.get("default", "q") == 1
    totals.hear("listing", "default")
    assert totals.get("default", "q") is None
    totals.keep("default", "q", 1, generation=before)

    assert totals.get("default", "q") is None
    totals.keep("default", "q", 2, generation=totals.generation)
    totals.hear("listing", "other")
    assert totals.get("default", "q") == 2
