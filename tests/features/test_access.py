"""Who may do what: the table of PRODUCT and of docs/decisions, line by line."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from make import (
    World,
    caller,
    dashboard,
    datasource,
    document,
    in_world,
    new_id,
    tenant,
    tile,
    user,
    workspace,
)
from tesela.errors import BadRequest, Forbidden, NotFound
from tesela.features.access import Access, Action
from tesela.features.rights import NEEDED
from tesela.model.caller import Caller
from tesela.model.dashboard import Audience, Dashboard
from tesela.store import Grant, Team
from tesela.store.grants import Right

OWNER, MATE, OTHER = user("owner"), user("mate"), user("other")
LOOKING, ADMIN = user("looking", role="viewer"), user("admin", role="admin")
FOREIGN = user("foreign", tenant_id="other", role="admin")
TEAM = Team("team-1", "default", "Analysts", OWNER.created_at)
WORDS = "Dashboard not found or access denied"
SOURCE_WORDS = "Datasource not found or access denied"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'tesela.db'}"


async def people(world: World) -> None:
    """OWNER and MATE are of one team."""
    await world.add(tenant(), tenant("other"), OWNER, MATE, OTHER, LOOKING, ADMIN, FOREIGN)

    def write(tx):  # type: ignore[no-untyped-def]
        tx.teams.add(TEAM)
        tx.teams.set_members("default", TEAM.id, frozenset({OWNER.id, MATE.id}))

    await world.store.write(write)


async def grant(world: World, target: Dashboard | str, kind: str, grantee: str, right: Right) -> None:
    object_kind, object_id = (
        ("dashboard", target.id) if isinstance(target, Dashboard) else ("workspace", target)
    )
    given = Grant(object_kind, object_id, kind, grantee, right)  # type: ignore[arg-type]
    await world.store.write(lambda tx: tx.grants.replace("default", object_kind, object_id, [given]))  # type: ignore[arg-type]


async def answer(access: Access, asking: Caller, action: Action, dashboard_id: str) -> str:
    """Return `yes`, `no` (seen but not allowed) or `absent`."""
    try:
        await access.dashboard(asking, action, dashboard_id)
    except Forbidden:
        return "no"
    except NotFound as error:
        return "absent" if error.sentence == WORDS else error.sentence
    return "yes"


async def answers(access: Access, asking: Caller, dashboard_id: str) -> list[str]:
    return [await answer(access, asking, action, dashboard_id) for action in ("view", "edit", "own")]


ALL, EDITS, SEES, NONE = ["yes"] * 3, ["yes", "yes", "no"], ["yes", "no", "no"], ["absent"] * 3
TEAMED = frozenset({TEAM.id})


@pytest.mark.parametrize(
    ("audience", "asking", "expected"),
    [
        ("private", caller(OWNER), ALL),
        ("private", caller(ADMIN), ALL),
        ("private", caller(MATE, team_ids=TEAMED), NONE),
        ("private", caller(OTHER), NONE),
        ("private", caller(LOOKING), NONE),
        ("private", caller(FOREIGN), NONE),
        ("team", caller(MATE, team_ids=TEAMED), SEES),
        ("team", caller(OTHER), NONE),
        ("team", caller(OTHER, team_ids=frozenset({"team-2"})), NONE),
        ("team", caller(FOREIGN, team_ids=TEAMED), NONE),
        ("tenant", caller(OTHER), SEES),
        ("tenant", caller(LOOKING), SEES),
        ("tenant", caller(FOREIGN), NONE),
        ("private", caller(replace(OWNER, role="viewer")), SEES),
    ],
)
def test_the_audience_decides_who_sees(
    url: str, audience: Audience, asking: Caller, expected: list[str]
) -> None:
    async def work(world: World) -> None:
        await people(world)
        made = dashboard(OWNER, audience=audience)
        await world.add(made)
        access = Access(world.store)

        assert await answers(access, asking, made.id) == expected
        assert await answers(access, asking, made.id.upper()) == expected
        await access.dashboard(caller(ADMIN), "view", made.id)  # now it is in memory
        assert await answers(access, asking, made.id) == expected
        peeked = [access.peek(asking, action, made.id) for action in ("view", "edit", "own")]
        assert peeked == [made if one == "yes" else None for one in expected]

    in_world(url, work)


@pytest.mark.parametrize(("right", "expected"), [("view", SEES), ("edit", EDITS), ("own", ALL)])
@pytest.mark.parametrize("way", ["user", "team", "workspace"])
def test_a_grant_gives_its_right_and_no_more(url: str, right: Right, expected: list[str], way: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        place = workspace()
        made = dashboard(OTHER, workspace_id=place.id)
        await world.add(place, made)
        access = Access(world.store)
        asking = caller(MATE, team_ids=TEAMED)
        assert await answers(access, asking, made.id) == NONE

        if way == "workspace":
            await grant(world, place.id, "user", MATE.id, right)
        else:
            await grant(world, made, way, MATE.id if way == "user" else TEAM.id, right)

        assert await answers(access, asking, made.id) == expected
        assert await answers(access, caller(LOOKING), made.id) == NONE
        assert await answers(access, caller(replace(MATE, role="viewer"), team_ids=TEAMED), made.id) == SEES
        editable = await editable_ids(world, access, asking)
        assert editable == ({made.id} if expected[1] == "yes" else set())

    in_world(url, work)


async def editable_ids(world: World, access: Access, asking: Caller) -> set[str]:
    visible = await access.visible(asking)
    rows, _ = await world.store.read(lambda tx: tx.dashboards.list(asking.tenant_id, visible_to=visible))
    return await access.editable(asking, rows)


def test_each_action_has_its_right() -> None:
    assert set(NEEDED) == set(get_args(Action))


@pytest.mark.parametrize(
    ("action", "who"),
    [
        *(
            (action, {"view", "edit", "own"})
            for action in ("view", "run", "drill", "export_data", "explain", "ask")
        ),
        *((action, {"edit", "own"}) for action in ("edit", "snapshot")),
        *(
            (action, {"own"})
            for action in ("delete", "archive", "share", "checkpoint", "restore", "export_config")
        ),
    ],
)
def test_an_action_needs_the_right_of_its_line_in_the_table(url: str, action: Action, who: set[str]) -> None:
    async def work(world: World) -> None:
        await people(world)
        made = dashboard(OWNER)
        await world.add(made)
        access = Access(world.store)
        for right in ("view", "edit", "own"):
            await grant(world, made, "user", OTHER.id, right)

            assert (await answer(access, caller(OTHER), action, made.id) == "yes") is (right in who)

    in_world(url, work)


@pytest.mark.parametrize(
    "id_",
    [
        "",
        "nope",
        "\x00",
        "../..",
        "dash-1",
        "ñ" * 36,
        "' OR 1=1 --",
        "0b7a1d1e-0000-4000-8000-000000000001",
        "x" * 9999,
    ],
)
def test_what_is_not_there_is_answered_like_what_may_not_be_seen(url: str, id_: str) -> None:
    async def work(world: World) -> None:
        await people(world)

        assert await answers(Access(world.store), caller(ADMIN), id_) == NONE

    in_world(url, work)


def test_what_may_not_be_seen_costs_the_same_reads_as_what_is_not_there(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        made = dashboard(OWNER)
        await world.add(made)
        access = Access(world.store)
        statements: list[str] = []
        from sqlalchemy import event

        event.listen(world.store._reader, "before_cursor_execute", lambda *given: statements.append(given[2]))

        async def cost(asking: Caller, id_: str) -> list[str]:
            statements.clear()
            assert await answer(access, asking, "view", id_) == "absent"
            return list(statements)

        absent = await cost(caller(OTHER), new_id())
        assert absent
        assert await cost(caller(OTHER), made.id) == absent
        assert await cost(caller(FOREIGN), made.id) == absent
        await access.dashboard(caller(OWNER), "view", made.id)
        assert await cost(caller(OTHER), made.id) == absent
        assert await cost(caller(FOREIGN), made.id) == absent

    in_world(url, work)


def test_a_list_and_a_look_agree_for_everybody(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        place = workspace()
        made = [dashboard(OWNER, audience=audience) for audience in ("private", "team", "tenant")]
        made += [dashboard(OTHER), dashboard(OTHER), dashboard(OTHER, workspace_id=place.id)]
        await world.add(place, *made)
        await grant(world, made[3], "user", LOOKING.id, "edit")
        await grant(world, made[4], "team", TEAM.id, "view")
        await grant(world, place.id, "user", MATE.id, "edit")
        access = Access(world.store)

        for asking in (
            caller(OWNER, team_ids=TEAMED),
            caller(MATE, team_ids=TEAMED),
            caller(OTHER),
            caller(LOOKING),
            caller(ADMIN),
            caller(FOREIGN),
        ):
            visible = await access.visible(asking)
            rows, _ = await world.store.read(
                lambda tx, v=visible, t=asking.tenant_id: tx.dashboards.list(t, visible_to=v)
            )
            editable = await access.editable(asking, rows)
            looked = {one.id: await answers(access, asking, one.id) for one in made}
            assert {row.id for row in rows} == {id_ for id_, found in looked.items() if found[0] == "yes"}
            assert editable == {id_ for id_, found in looked.items() if found[1] == "yes"}

    in_world(url, work)


def test_memory_holds_no_older_document_than_the_last_change(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        current = dashboard(OWNER)
        await world.add(current)
        access, asking = Access(world.store), caller(OWNER)

        async def keep_looking() -> None:
            while True:
                await asyncio.sleep(0)  # what is in memory is answered without a pause
                seen = await access.dashboard(asking, "view", current.id)
                assert seen.version >= current.version - 1

        looking = [asyncio.create_task(keep_looking()) for _ in range(4)]
        for number in range(1, 40):
            before = current
            current = await world.store.write(
                lambda tx, b=before, n=number: tx.dashboards.save(
                    replace(b, document=document(f"n{n}")),
                    expected_version=n,
                    author_id=OWNER.id,
                    sentence="x",
                )
            )
            peeked = access.peek(asking, "view", current.id)
            assert peeked is None or peeked == current
            assert await access.dashboard(asking, "view", current.id) == current
        for task in looking:
            task.cancel()
        done = await asyncio.gather(*looking, return_exceptions=True)
        assert {type(one) for one in done} == {asyncio.CancelledError}

    in_world(url, work)


def test_whatever_changes_rights_changes_them_at_once(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        place = workspace()
        made = dashboard(OWNER, audience="team", workspace_id=place.id)
        await world.add(place, made)
        access, store, asking = Access(world.store), world.store, caller(MATE, team_ids=TEAMED)
        assert await answers(access, asking, made.id) == SEES

        await grant(world, place.id, "user", MATE.id, "edit")
        assert await answers(access, asking, made.id) == EDITS
        await store.write(lambda tx: tx.grants.replace("default", "workspace", place.id, []))
        assert await answers(access, asking, made.id) == SEES
        await store.write(lambda tx: tx.teams.set_members("default", TEAM.id, frozenset({MATE.id})))
        assert await answers(access, asking, made.id) == NONE
        await grant(world, made, "user", MATE.id, "view")
        assert await answers(access, asking, made.id) == SEES
        await store.write(lambda tx: tx.dashboards.delete("default", made.id))
        assert await answers(access, asking, made.id) == NONE
        assert access.peek(caller(ADMIN), "view", made.id) is None

    in_world(url, work)


def test_names_and_rights_of_a_dashboard(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        place, mine, theirs = (
            workspace("Ventas"),
            datasource("Mine", created_by=OWNER.id),
            datasource("Theirs"),
        )
        made = dashboard(
            OWNER, "Sales", tile(mine.id), tile(theirs.id), workspace_id=place.id, audience="tenant"
        )
        await world.add(place, mine, theirs, made)
        access = Access(world.store)

        names = await access.names(made)
        own = await access.rights(caller(OWNER), made)
        seen = await access.rights(caller(LOOKING), made)
        full = await access.rights(caller(ADMIN), made)

        assert (names.owner, names.workspace) == ("Owner", "Ventas")
        assert (own.edit, own.own, own.usable_datasources) == (True, True, {mine.id})
        assert (seen.edit, seen.own, seen.usable_datasources) == (False, False, frozenset())
        assert full.usable_datasources == {mine.id, theirs.id}
        await world.store.write(lambda tx: tx.users.save(replace(OWNER, name="Renamed")))
        assert (await access.names(made)).owner == "Renamed"
        with pytest.raises(NotFound):
            await access.rights(caller(FOREIGN), made)

    in_world(url, work)


@pytest.mark.parametrize(
    ("asking", "made_by", "is_shared", "right", "expected"),
    [
        (caller(ADMIN), None, False, None, ["yes", "yes"]),
        (caller(OTHER), OTHER.id, False, None, ["yes", "yes"]),
        (caller(OTHER), OWNER.id, False, None, ["absent", "absent"]),
        (caller(OTHER), OWNER.id, True, None, ["yes", "no"]),
        (caller(OTHER), OWNER.id, False, "use", ["yes", "no"]),
        (caller(OTHER), OWNER.id, False, "own", ["yes", "yes"]),
        (caller(LOOKING), LOOKING.id, True, "own", ["absent", "absent"]),
        (caller(FOREIGN), None, True, None, ["absent", "absent"]),
    ],
)
def test_a_datasource_is_used_by_its_maker_admins_and_grantees(
    url: str, asking: Caller, made_by: str | None, is_shared: bool, right: Right | None, expected: list[str]
) -> None:
    async def work(world: World) -> None:
        await people(world)
        source = datasource(created_by=made_by, is_shared=is_shared, secrets={"password": "x"})
        await world.add(source)
        if right is not None:
            given = Grant("datasource", source.id, "user", asking.user_id, right)
            await world.store.write(lambda tx: tx.grants.replace("default", "datasource", source.id, [given]))
        access = Access(world.store)
        found = []
        for action in ("use", "own"):
            try:
                answered = await access.datasource(asking, action, source.id)  # type: ignore[arg-type]
            except NotFound as error:
                found.append("absent" if error.sentence == SOURCE_WORDS else error.sentence)
            except Forbidden:
                found.append("no")
            else:
                assert answered.secrets == {}
                found.append("yes")

        assert found == expected
        assert await access.may_use(asking, source.id) is (expected[0] == "yes")
        assert await access.may_own_datasource(asking, source.id) is (expected[1] == "yes")
        listed = await access.datasources(asking)
        assert [(one.id, is_owned) for one, is_owned in listed] == (
            [] if expected[0] == "absent" else [(source.id, expected[1] == "yes")]
        )
        if asking.role == "viewer":
            with pytest.raises(Forbidden, match="Viewers"):
                await access.datasource_named(asking, "use", source.id, "datasource_id")
        elif expected[0] == "absent":
            with pytest.raises(BadRequest, match="datasource_id: there is no"):
                await access.datasource_named(asking, "use", source.id, "datasource_id")

    in_world(url, work)


def test_a_datasource_that_changed_or_went_is_not_believed_any_more(url: str) -> None:
    async def work(world: World) -> None:
        await people(world)
        source = datasource(is_shared=True)
        await world.add(source)
        access, asking = Access(world.store), caller(OTHER)
        assert (await access.datasource(asking, "use", source.id)).revision == 1

        await world.store.write(lambda tx: tx.datasources.bump_generation("default", source.id))
        assert (await access.datasource(asking, "use", source.id)).revision == 2
        await world.store.write(lambda tx: tx.datasources.update(replace(source, is_shared=False)))
        assert await access.may_use(asking, source.id) is False
        await world.store.write(lambda tx: tx.datasources.delete("default", source.id))
        assert await access.may_use(caller(ADMIN), source.id) is False
        assert await access.may_use(caller(ADMIN), "no id \x00") is False

    in_world(url, work)


def test_viewers_create_nothing_and_files_of_the_server_are_the_admins(url: str) -> None:
    async def work(world: World) -> None:
        access = Access(world.store)

        access.may_create(caller(OTHER))
        access.may_create_datasource(caller(OTHER), "postgresql")
        access.may_create_datasource(caller(ADMIN), "sqlite")
        access.require_admin(caller(ADMIN))
        for refused in (
            lambda: access.may_create(caller(LOOKING)),
            lambda: access.may_create_datasource(caller(LOOKING), "duckdb"),
            lambda: access.may_create_datasource(caller(OTHER), "sqlite"),
            lambda: access.require_admin(caller(OTHER)),
        ):
            with pytest.raises(Forbidden):
                refused()

    in_world(url, work)
