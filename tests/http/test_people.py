"""/api/users: the people of a tenant, for its admins."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from make import START, dashboard
from site_of_people import Site, on_site
from tesela.features.people import (
    add_user,
    ensure_first_admin,
    find_user,
    list_users,
    login_url,
    make_login_link,
)

ABSENT = "user-00000000-0000-4000-8000-000000000000"
ROUTES = [
    ("GET", "/api/users", None),
    ("POST", "/api/users", {"email": "new@example.org", "role": "admin"}),
    ("GET", "/api/users/{id}", None),
    ("PUT", "/api/users/{id}", {"role": "admin"}),
    ("DELETE", "/api/users/{id}", None),
    ("POST", "/api/users/{id}/transfer", {"to": ABSENT}),
    ("POST", "/api/users/{id}/link", None),
]


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_only_admins_of_the_tenant_reach_its_people(
    tmp_path: Path, method: str, path: str, body: object
) -> None:
    async def work(site: Site) -> None:
        victim = await site.person("victim")
        url = path.format(id=victim.id)
        editor = await site.acting(await site.person("editor"))
        viewer = await site.acting(await site.person("viewer", role="viewer"))
        stranger = await site.acting(await site.person("root", tenant_id="other", role="admin"))
        before = await site.world.store.read(lambda tx: tx.users.list("default"))

        answers = [
            (await client.request(method, url, json=body)).status_code
            for client in (site.client(), editor, viewer)
        ]
        foreign = await stranger.request(method, url, json=body)

        assert answers == [401, 403, 403]
        if "{id}" in path:
            assert (foreign.status_code, foreign.json()) == (404, {"detail": "User not found"})
        else:
            assert victim.id not in foreign.text
        assert await site.world.store.read(lambda tx: tx.users.list("default")) == before

    on_site(tmp_path, work)


@pytest.mark.parametrize(("method", "path", "body"), [route for route in ROUTES if "{id}" in route[1]])
@pytest.mark.parametrize("id_", [ABSENT, "nope", "%00", "%F0%9F%92%A9", "x" * 300, "' OR 1=1 --"])
def test_a_user_that_is_not_there_is_not_found(
    tmp_path: Path, method: str, path: str, body: object, id_: str
) -> None:
    async def work(site: Site) -> None:
        admin = await site.acting(site.admin)

        answer = await admin.request(method, path.format(id=id_), json=body)

        assert (answer.status_code, answer.json()) == (404, {"detail": "User not found"})

    on_site(tmp_path, work)


def test_an_admin_adds_changes_and_removes_people(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        admin = await site.acting(site.admin)

        made = await admin.post("/api/users", json={"email": " Ana@Example.org ", "role": "editor"})
        user = made.json()
        assert made.status_code == 201
        assert user == {
            "id": user["id"],
            "email": "Ana@Example.org",
            "name": "Ana",
            "role": "editor",
            "is_active": True,
            "has_password": False,
            "attributes": {},
            "issuer": None,
            "created_at": START.isoformat().replace("+00:00", "Z"),
            "last_login_at": None,
        }
        assert (await admin.get(f"/api/users/{user['id']}")).json() == user
        changed = await admin.put(f"/api/users/{user['id']}", json={"name": "Ana María", "role": "viewer"})
        assert (changed.status_code, changed.json()) == (200, user | {"name": "Ana María", "role": "viewer"})
        listed = (await admin.get("/api/users")).json()
        assert [one["email"] for one in listed] == ["admin@localhost", "Ana@Example.org"]
        assert (await admin.delete(f"/api/users/{user['id']}")).status_code == 204
        assert (await admin.get(f"/api/users/{user['id']}")).status_code == 404

    on_site(tmp_path, work)


def test_everybody_may_look_at_themselves(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        ana = await site.person("ana", role="viewer")

        answer = await (await site.acting(ana)).get(f"/api/users/{ana.id}")

        assert (answer.status_code, answer.json()["email"]) == (200, ana.email)

    on_site(tmp_path, work)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "email"),
        ({"email": None}, "email"),
        ({"email": ""}, "email"),
        ({"email": "no address"}, "email"),
        ({"email": "a@b@c d"}, "email"),
        ({"email": "a\n@b"}, "email"),
        ({"email": "a" * 250 + "@b.org"}, "email"),
        ({"email": 7}, "email"),
        ({"email": "a@b.org", "role": "owner"}, "role"),
        ({"email": "a@b.org", "role": None}, "role"),
        ({"email": "a@b.org", "role": ["admin"]}, "role"),
        ({"email": "a@b.org", "name": ""}, "name"),
        ({"email": "a@b.org", "name": "x\x00y"}, "name"),
        ({"email": "a@b.org", "name": "x" * 201}, "name"),
    ],
)
def test_a_user_that_makes_no_sense_is_not_added(tmp_path: Path, body: object, named: str) -> None:
    async def work(site: Site) -> None:
        admin = await site.acting(site.admin)

        answer = await admin.post("/api/users", json=body)

        assert answer.status_code == 400
        assert named in answer.json()["detail"]
        assert len((await admin.get("/api/users")).json()) == 1

    on_site(tmp_path, work)


@pytest.mark.parametrize(
    "body",
    [
        {"email": "x"},
        {"email": None},
        {"role": "root"},
        {"role": None},
        {"name": " "},
        {"is_active": "no"},
        [],
    ],
)
def test_a_change_that_makes_no_sense_changes_nothing(tmp_path: Path, body: object) -> None:
    async def work(site: Site) -> None:
        ana, admin = await site.person("ana"), await site.acting(site.admin)

        assert (await admin.put(f"/api/users/{ana.id}", json=body)).status_code == 400
        assert await site.world.store.read(lambda tx: tx.users.get("default", ana.id)) == ana

    on_site(tmp_path, work)


def test_an_address_is_taken_whatever_its_case(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        ana, bob = await site.person("ana"), await site.person("bob")
        admin = await site.acting(site.admin)

        made = await admin.post("/api/users", json={"email": ana.email.upper()})
        changed = await admin.put(f"/api/users/{bob.id}", json={"email": ana.email.upper()})

        assert (made.status_code, changed.status_code) == (409, 409)
        assert "already exists" in made.json()["detail"]

    on_site(tmp_path, work)


@pytest.mark.parametrize("body", [{"role": "editor"}, {"is_active": False}, None])
def test_the_last_admin_stays(tmp_path: Path, body: object) -> None:
    async def work(site: Site) -> None:
        admin = await site.acting(site.admin)
        idle = await site.person("idle", role="admin")
        await admin.put(f"/api/users/{idle.id}", json={"is_active": False})
        method, url = ("DELETE" if body is None else "PUT"), f"/api/users/{site.admin.id}"

        refused = await admin.request(method, url, json=body)
        await admin.put(f"/api/users/{idle.id}", json={"is_active": True})
        allowed = await admin.request(method, url, json=body)

        assert (refused.status_code, "last admin" in refused.json()["detail"]) == (409, True)
        assert allowed.status_code in (200, 204)

    on_site(tmp_path, work)


def test_two_admins_cannot_remove_each_other_at_the_same_time(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        other = await site.person("other", role="admin")
        one, two = await site.acting(site.admin), await site.acting(other)

        answers = await asyncio.gather(
            one.put(f"/api/users/{other.id}", json={"role": "viewer"}),
            two.put(f"/api/users/{site.admin.id}", json={"role": "viewer"}),
        )

        assert sorted(answer.status_code for answer in answers) in ([200, 403], [200, 409])
        assert await site.world.store.write(lambda tx: tx.users.count_admins("default")) == 1

    on_site(tmp_path, work)


def test_who_owns_dashboards_is_removed_after_a_transfer(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        ana, bob = await site.person("ana"), await site.person("bob")
        idle = await site.person("idle")
        looking = await site.person("looking", role="viewer")
        foreign = await site.person("eve", tenant_id="other")
        made = [dashboard(ana, "one"), dashboard(ana, "two")]
        await site.world.add(*made)
        admin = await site.acting(site.admin)
        await admin.put(f"/api/users/{idle.id}", json={"is_active": False})

        async def transfer(to: object) -> tuple[int, str]:
            answer = await admin.post(f"/api/users/{ana.id}/transfer", json={"to": to})
            return answer.status_code, answer.text

        refused = await admin.delete(f"/api/users/{ana.id}")
        assert (refused.status_code, "owns 2 dashboards: transfer" in refused.text) == (409, True)
        for wrong in (ana.id, looking.id, foreign.id, idle.id, "nope", "\x00", "", None, 5):
            assert (await transfer(wrong))[0] == 400
        assert await transfer(bob.id) == (200, '{"transferred":2}')
        assert await transfer(bob.id) == (200, '{"transferred":0}')
        assert (await admin.delete(f"/api/users/{ana.id}")).status_code == 204
        found = await site.world.store.read(lambda tx: tx.dashboards.get("default", made[0].id))
        assert found is not None
        assert (found.owner_id, found.version) == (bob.id, 2)

    on_site(tmp_path, work)


def test_a_removed_user_is_out_at_once(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        ana, admin = await site.person("ana"), await site.acting(site.admin)
        client = await site.acting(ana)
        assert (await client.get("/api/auth/me")).status_code == 200

        await admin.delete(f"/api/users/{ana.id}")

        assert (await client.get("/api/auth/me")).status_code == 401

    on_site(tmp_path, work)


def test_an_admin_makes_a_link_that_lets_a_user_in(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        ana, idle = await site.person("ana"), await site.person("idle")
        admin = await site.acting(site.admin)
        await admin.put(f"/api/users/{idle.id}", json={"is_active": False})

        made = await admin.post(f"/api/users/{ana.id}/link")
        start, _, token = made.json()["url"].partition("?link=")
        answer = await site.client().post("/api/auth/login", json={"link": token})

        assert (made.status_code, start) == (200, "https://bi.example.org/login")
        assert answer.json()["user"]["id"] == ana.id
        assert (await admin.post(f"/api/users/{idle.id}/link")).status_code == 409

    on_site(tmp_path, work, public_url="https://bi.example.org/")


def test_the_first_admin_is_made_once_and_never_twice(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        store, clock = site.world.store, site.world.clock

        again = await asyncio.gather(*(ensure_first_admin(store, clock) for _ in range(5)))

        assert {one.id for one in again} == {site.admin.id}
        assert (site.admin.email, site.admin.tenant_id) == ("admin@localhost", "default")
        ana = await site.person("ana", role="admin")
        admin = await site.acting(ana)
        await admin.delete(f"/api/users/{site.admin.id}")
        assert (await ensure_first_admin(store, clock)).id == ana.id
        assert len(await list_users(store)) == 1

    on_site(tmp_path, work)


def test_the_commands_find_people_by_address_and_tenant(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        store, clock = site.world.store, site.world.clock
        one = await add_user(store, clock, email="ana@example.org", role="editor", name="Ana")
        two = await add_user(store, clock, email="ana@example.org", tenant="north")

        assert [(user.email, tenant) for user, tenant in await list_users(store, "north")] == [
            ("ana@example.org", "north")
        ]
        assert await find_user(store, "ANA@example.org", "default") == one
        assert await find_user(store, "ana@example.org", "north") == two
        for email, tenant, why in (
            ("ana@example.org", None, "name the tenant"),
            ("nobody@example.org", None, "no active user"),
            ("ana@example.org", "south", "no active user"),
        ):
            with pytest.raises(Exception, match=why):
                await find_user(store, email, tenant)
        with pytest.raises(Exception, match="no tenant named"):
            await list_users(store, "south")
        token = await make_login_link(store, clock, two)
        assert login_url("http://h:1/", token) == f"http://h:1/login?link={token}"

    on_site(tmp_path, work)
