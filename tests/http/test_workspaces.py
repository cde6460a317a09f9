"""/api/workspaces: named places for dashboards."""

from __future__ import annotations

from pathlib import Path

import pytest

from make import START, dashboard, workspace
from site_of_people import Site, on_site
from tesela.store import Grant

NOT_FOUND = {"detail": "Workspace not found or access denied"}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_who_is_not_known_is_asked_who_they_are(tmp_path: Path, method: str) -> None:
    async def work(site: Site) -> None:
        place = workspace(by=site.admin)
        await site.world.add(place)

        one = await site.client().request(method, f"/api/workspaces/{place.id}", json={"name": "x"})
        many = await site.client().request("POST" if method == "PUT" else "GET", "/api/workspaces")

        assert (one.status_code, many.status_code) == (401, 401)

    on_site(tmp_path, work)


def test_an_editor_makes_changes_and_removes_a_workspace(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        ana = await site.person("ana")
        client = await site.acting(ana)

        made = await client.post("/api/workspaces", json={"name": " Ventas ", "description": "Of the year"})
        place = made.json()
        assert made.status_code == 201
        assert place == {
            "id": place["id"],
            "name": "Ventas",
            "description": "Of the year",
            "created_by": ana.id,
            "created_at": START.isoformat().replace("+00:00", "Z"),
            "updated_at": START.isoformat().replace("+00:00", "Z"),
            "dashboard_count": 0,
        }
        site.world.clock.move(minutes=1)
        changed = await client.put(f"/api/workspaces/{place['id']}", json={"description": None})
        after = place | {"description": None, "updated_at": changed.json()["updated_at"]}
        assert (changed.status_code, changed.json()) == (200, after)
        assert after["updated_at"] > place["updated_at"]
        assert (await client.get(f"/api/workspaces/{place['id']}")).json() == after
        assert (await client.get("/api/workspaces")).json() == [after]
        assert (await client.delete(f"/api/workspaces/{place['id']}")).status_code == 204
        assert (await client.get("/api/workspaces")).json() == []

    on_site(tmp_path, work)


def test_others_of_the_tenant_see_it_but_only_its_owners_change_it(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        ana, bob, eve = [await site.person(name) for name in ("ana", "bob", "eve")]
        looking = await site.person("looking", role="viewer")
        place = workspace(by=ana)
        await site.world.add(place)
        grants = [Grant("workspace", place.id, "user", one.id, "own") for one in (eve, looking)]
        await site.world.store.write(lambda tx: tx.grants.replace("default", "workspace", place.id, grants))
        url = f"/api/workspaces/{place.id}"

        for user, status in ((bob, 403), (looking, 403), (eve, 200), (ana, 200), (site.admin, 200)):
            client = await site.acting(user)
            assert (await client.get(url)).status_code == 200
            assert (await client.put(url, json={"name": f"by {user.name}"})).status_code == status
        for user, status in ((bob, 403), (looking, 403), (eve, 204)):
            assert (await (await site.acting(user)).delete(url)).status_code == status

    on_site(tmp_path, work)


def test_a_viewer_makes_none(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        client = await site.acting(await site.person("looking", role="viewer"))

        assert (await client.post("/api/workspaces", json={"name": "x"})).status_code == 403
        assert (await client.get("/api/workspaces")).json() == []

    on_site(tmp_path, work)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_tenants_workspace_is_not_there(tmp_path: Path, method: str) -> None:
    async def work(site: Site) -> None:
        place = workspace(by=site.admin)
        await site.world.add(place)
        stranger = await site.acting(await site.person("root", tenant_id="other", role="admin"))
        ids = (place.id, "00000000-0000-4000-8000-000000000000", "nope", "%00", place.id.upper() + "x")

        answers = [
            await stranger.request(method, f"/api/workspaces/{id_}", json={"name": "x"}) for id_ in ids
        ]

        assert [(one.status_code, one.json()) for one in answers] == [(404, NOT_FOUND)] * len(ids)
        assert (await stranger.get("/api/workspaces")).json() == []

    on_site(tmp_path, work)


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"name": None},
        {"name": ""},
        {"name": " "},
        {"name": 7},
        {"name": "x" * 201},
        {"name": "a\u0000b"},
        {"name": "x", "description": 5},
        {"name": "x", "description": "y" * 2001},
        {"name": "x", "description": "nul \u0000"},
    ],
)
def test_a_workspace_that_makes_no_sense_is_neither_made_nor_changed(tmp_path: Path, body: object) -> None:
    async def work(site: Site) -> None:
        place = workspace(by=site.admin)
        await site.world.add(place)
        admin = await site.acting(site.admin)

        made = await admin.post("/api/workspaces", json=body)
        changed = await admin.put(f"/api/workspaces/{place.id}", json=body)

        assert made.status_code == 400
        assert changed.status_code == (200 if body == {} else 400)
        assert [one["name"] for one in (await admin.get("/api/workspaces")).json()] == [place.name]

    on_site(tmp_path, work)


def test_a_name_is_taken_whatever_its_case(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        admin = await site.acting(site.admin)
        await admin.post("/api/workspaces", json={"name": "Ventas"})
        other = (await admin.post("/api/workspaces", json={"name": "Other"})).json()

        made = await admin.post("/api/workspaces", json={"name": "VENTAS"})
        changed = await admin.put(f"/api/workspaces/{other['id']}", json={"name": "ventas"})

        assert (made.status_code, changed.status_code) == (409, 409)
        assert made.json() == {"detail": "A workspace named VENTAS already exists"}

    on_site(tmp_path, work)


def test_it_counts_what_the_caller_sees_and_stays_while_something_is_in_it(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        ana, bob = await site.person("ana"), await site.person("bob")
        place = workspace(by=ana)
        mine = dashboard(ana, workspace_id=place.id)
        gone = dashboard(ana, workspace_id=place.id, is_archived=True)
        shown = dashboard(ana, workspace_id=place.id, audience="tenant")
        await site.world.add(place, mine, gone, shown)

        counts = [
            (await (await site.acting(user)).get(f"/api/workspaces/{place.id}")).json()["dashboard_count"]
            for user in (ana, bob)
        ]
        refused = await (await site.acting(ana)).delete(f"/api/workspaces/{place.id}")

        assert counts == [2, 1]
        assert (refused.status_code, "holds 3 dashboards" in refused.text) == (409, True)

    on_site(tmp_path, work)
