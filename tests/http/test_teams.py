"""/api/teams and /api/people: whom one can share with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from live import Person
from make import START, dashboard
from site_of_people import Site, on_site
from tesela.features.callers import caller_of
from tesela.model.caller import Caller
from tesela.store import Grant, Team, User

ABSENT = "team-00000000-0000-4000-8000-000000000000"
TEAM = Team("team-1", "default", "Analysts", START)
CHANGES = [
    ("POST", "/api/teams", {"name": "New"}),
    ("PUT", "/api/teams/{id}", {"name": "Taken over"}),
    ("DELETE", "/api/teams/{id}", None),
    ("PUT", "/api/teams/{id}/members", {"user_ids": []}),
    ("POST", "/api/teams/{id}/members/user-default-admin", None),
    ("DELETE", "/api/teams/{id}/members/user-default-ana", None),
]
LOOKS = [("GET", "/api/teams", None), ("GET", "/api/teams/{id}", None), ("GET", "/api/people", None)]


async def with_team(site: Site, *members: User) -> None:
    await site.world.store.write(lambda tx: tx.teams.add(TEAM))
    ids = frozenset(member.id for member in members)
    await site.world.store.write(lambda tx: tx.teams.set_members("default", TEAM.id, ids))


async def members_of(site: Site) -> list[str]:
    found = await site.world.store.read(lambda tx: tx.teams.members("default", TEAM.id))
    return [one.id for one in found]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_only_admins_of_the_tenant_change_teams(tmp_path: Path, method: str, path: str, body: object) -> None:
    async def work(site: Site) -> None:
        ana = await site.person("ana")
        await with_team(site, ana)
        viewer = await site.acting(await site.person("viewer", role="viewer"))
        foreign = await site.acting(await site.person("root", tenant_id="other", role="admin"))
        url = path.format(id=TEAM.id)

        answers = [
            (await client.request(method, url, json=body)).status_code
            for client in (site.client(), await site.acting(ana), viewer)
        ]
        told = await foreign.request(method, url, json=body)

        assert answers == [401, 403, 403]
        if "{id}" in path:
            assert (told.status_code, told.json()) == (404, {"detail": "Team not found"})
        assert await site.world.store.read(lambda tx: tx.teams.list("default")) == [TEAM]
        assert await members_of(site) == [ana.id]

    on_site(tmp_path, work)


@pytest.mark.parametrize(("method", "path", "body"), [*CHANGES[1:], LOOKS[1]])
@pytest.mark.parametrize("id_", [ABSENT, "nope", "%00", "%F0%9F%92%A9", "x" * 300, "' OR 1=1 --"])
def test_a_team_that_is_not_there_is_not_found(
    tmp_path: Path, method: str, path: str, body: object, id_: str
) -> None:
    async def work(site: Site) -> None:
        admin = await site.acting(site.admin)

        answer = await admin.request(method, path.format(id=id_), json=body)

        assert (answer.status_code, answer.json()) == (404, {"detail": "Team not found"})

    on_site(tmp_path, work)


def test_an_admin_makes_renames_fills_and_removes_a_team(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        ana, bob = await site.person("ana"), await site.person("bob", role="viewer")
        admin = await site.acting(site.admin)

        made = await admin.post("/api/teams", json={"name": " Analysts ", "description": "They count"})
        team = made.json()
        url = f"/api/teams/{team['id']}"
        assert made.status_code == 201
        assert team["id"].startswith("team-")
        assert team == {
            "id": team["id"],
            "name": "Analysts",
            "description": "They count",
            "created_at": START.isoformat().replace("+00:00", "Z"),
            "member_count": 0,
            "is_member": False,
            "members": [],
        }
        renamed = await admin.put(url, json={"name": "Counters", "description": None})
        assert (renamed.status_code, renamed.json()) == (
            200,
            team | {"name": "Counters", "description": None},
        )
        filled = await admin.put(f"{url}/members", json={"user_ids": [bob.id, ana.id, bob.id]})
        assert filled.status_code == 200
        assert [(one["id"], one["name"], one["email"]) for one in filled.json()["members"]] == [
            (ana.id, ana.name, ana.email),
            (bob.id, bob.name, bob.email),
        ]
        assert (await admin.delete(f"{url}/members/{bob.id}")).status_code == 204
        assert (await admin.delete(f"{url}/members/{bob.id}")).status_code == 404
        again = [await admin.post(f"{url}/members/{site.admin.id}") for _ in range(2)]
        assert [(one.status_code, one.json()["member_count"]) for one in again] == [(200, 2), (200, 2)]
        listed = (await admin.get("/api/teams")).json()
        assert [(one["name"], one["member_count"], one["is_member"]) for one in listed] == [
            ("Counters", 2, True)
        ]
        assert (await admin.delete(url)).status_code == 204
        assert (await admin.get(url)).status_code == 404

    on_site(tmp_path, work)


def test_editors_see_all_teams_and_viewers_their_own_and_neither_an_address(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        ana, bob = await site.person("ana", role="viewer"), await site.person("bob")
        cleo = await site.person("cleo", role="viewer")
        await with_team(site, ana)

        async def seen(user: User) -> tuple[list[str], int, str]:
            client = await site.acting(user)
            listed = (await client.get("/api/teams")).json()
            one = await client.get(f"/api/teams/{TEAM.id}")
            return [each["name"] for each in listed], one.status_code, one.text

        for user, expected in ((ana, (["Analysts"], 200)), (bob, (["Analysts"], 200)), (cleo, ([], 404))):
            names, status, text = await seen(user)
            assert (names, status) == expected
            assert "@" not in text
            assert ('"Ana"' in text) == (status == 200)

    on_site(tmp_path, work)


def test_a_tenant_knows_nothing_of_the_teams_and_people_of_another(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        ana = await site.person("ana")
        await with_team(site, ana)
        root = await site.person("root", tenant_id="other", role="admin")
        foreign, admin = await site.acting(root), await site.acting(site.admin)

        assert (await foreign.get("/api/teams")).json() == []
        assert [one["id"] for one in (await foreign.get("/api/people")).json()] == [root.id]
        for method, path in (("PUT", "members"), ("POST", f"members/{root.id}")):
            sent = {"user_ids": [root.id, ana.id]} if method == "PUT" else None
            answer = await admin.request(method, f"/api/teams/{TEAM.id}/{path}", json=sent)
            assert answer.status_code in (400, 404)
        assert await members_of(site) == [ana.id]
        assert (await foreign.post("/api/teams", json={"name": TEAM.name})).status_code == 201

    on_site(tmp_path, work)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"name": 7}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "x", "description": "y" * 2_001}, "description"),
        ({"name": "x", "description": 5}, "description"),
        ([], "body"),
    ],
)
def test_a_team_that_makes_no_sense_is_not_made(tmp_path: Path, body: Any, named: str) -> None:
    async def work(site: Site) -> None:
        await with_team(site)
        admin = await site.acting(site.admin)

        made = await admin.post("/api/teams", json=body)
        changed = await admin.put(f"/api/teams/{TEAM.id}", json=body)

        assert (made.status_code, named in made.json()["detail"].lower()) == (400, True)
        assert changed.status_code == (200 if body == {} else 400)
        assert await site.world.store.read(lambda tx: tx.teams.list("default")) == [TEAM]

    on_site(tmp_path, work)


@pytest.mark.parametrize(
    "body", [{}, {"user_ids": None}, {"user_ids": "x"}, {"user_ids": ["nope"]}, {"user_ids": ["\x00"]}, []]
)
def test_members_that_are_nobody_change_nothing(tmp_path: Path, body: Any) -> None:
    async def work(site: Site) -> None:
        ana = await site.person("ana")
        await with_team(site, ana)
        admin = await site.acting(site.admin)

        answer: httpx.Response = await admin.put(f"/api/teams/{TEAM.id}/members", json=body)

        assert answer.status_code == 400
        assert await members_of(site) == [ana.id]

    on_site(tmp_path, work)


def test_a_name_is_taken_whatever_its_case(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        await with_team(site)
        admin = await site.acting(site.admin)
        other = (await admin.post("/api/teams", json={"name": "Other"})).json()

        answers = [
            await admin.post("/api/teams", json={"name": "ANALYSTS"}),
            await admin.put(f"/api/teams/{other['id']}", json={"name": "analysts"}),
        ]

        assert [one.status_code for one in answers] == [409, 409]
        assert answers[0].json() == {"detail": "A team named ANALYSTS already exists"}

    on_site(tmp_path, work)


def test_who_leaves_a_team_loses_what_was_shared_with_it_at_once(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        ana, bob = await site.person("ana"), await site.person("bob")
        await with_team(site, bob)
        shared = dashboard(ana)
        await site.world.add(shared)
        grant = Grant("dashboard", shared.id, "team", TEAM.id, "view")
        await site.world.store.write(lambda tx: tx.grants.replace("default", "dashboard", shared.id, [grant]))
        admin, client = await site.acting(site.admin), await site.acting(bob)

        async def bob_as_caller() -> Caller:
            return await site.world.store.read(lambda tx: caller_of(tx, bob))

        async def may_see() -> bool:
            assert (await client.get("/api/auth/me")).status_code == 200
            return site.access.peek(await bob_as_caller(), "view", shared.id) is not None

        await site.access.dashboard(await bob_as_caller(), "view", shared.id)
        assert await may_see()
        await admin.delete(f"/api/teams/{TEAM.id}/members/{bob.id}")

        assert not await may_see()

    on_site(tmp_path, work)


def test_people_are_found_by_name_and_by_admins_also_by_address(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        ana, idle = await site.person("ana"), await site.person("anabel")
        admin = await site.acting(site.admin)
        await admin.put(f"/api/users/{idle.id}", json={"is_active": False})
        editor = await site.acting(await site.person("bob"))
        viewer = await site.acting(await site.person("viewer", role="viewer"))

        found = await editor.get("/api/people", params={"search": " ANA "})
        by_address = {"search": "ana@example"}

        assert found.json() == [{"id": ana.id, "name": "Ana", "email": None}]
        assert (await editor.get("/api/people", params=by_address)).json() == []
        assert (await admin.get("/api/people", params=by_address)).json() == [
            {"id": ana.id, "name": "Ana", "email": ana.email}
        ]
        assert len((await editor.get("/api/people", params={"limit": 2})).json()) == 2
        assert (await viewer.get("/api/people")).status_code == 403
        assert (await site.client().get("/api/people")).status_code == 401
        for wrong in (
            {"limit": 0},
            {"limit": 101},
            {"limit": "x"},
            {"search": "x" * 201},
            {"search": "\x00"},
        ):
            assert (await editor.get("/api/people", params=wrong)).status_code == 400

    on_site(tmp_path, work)


def test_who_leaves_a_team_sees_what_it_shared_no_more_at_once(
    owner: Person, stranger: Person, admin: Person, sales: str
) -> None:
    team = admin.post("/api/teams", json={"name": "Leavers"}).json()["id"]
    member = f"/api/teams/{team}/members/{stranger.id}"
    made = owner.new_dashboard(name="Shared with leavers")
    query = {"datasource_id": sales, "query": "SELECT * FROM sales"}
    tile = owner.new_tile(made["id"], title="T", tile_type="table", **query)["id"]
    share = {"shared_with": [{"id": team, "permission": "edit"}]}
    assert owner.post(f"/api/v1/bi/dashboards/{made['id']}/share", json=share).status_code == 200
    path = f"/api/dashboards/{made['id']}"

    def seen() -> list[int]:
        listed = [one["id"] for one in stranger.get("/api/dashboards", params={"limit": 100}).json()]
        asked = [
            path,
            f"{path}/data",
            f"{path}/tiles/{tile}/data",
            f"/api/v1/bi/dashboards/{made['id']}/data",
        ]
        changed = stranger.put(path, json={"description": "by a member"})
        return [made["id"] in listed, changed.status_code, *(stranger.get(one).status_code for one in asked)]

    outside, inside = [False, *[404] * 5], [True, *[200] * 5]
    found = [seen()]
    for _ in range(3):
        admin.post(member)
        found.append(seen())
        admin.delete(member)
        found.append(seen())

    assert found == [outside, *[inside, outside] * 3]
