"""A view that is in memory is answered before any routing; its rights are decided all the same."""

from __future__ import annotations

import time
from typing import Any

import pytest

from live import Person, Server


@pytest.fixture
def shown(owner: Person, sales: str) -> dict[str, str]:
    made = owner.new_dashboard()
    query = f"SELECT sum(revenue) AS total FROM sales -- {made['id']}"
    tile = owner.new_tile(made["id"], title="T", tile_type="kpi", datasource_id=sales, query=query)
    url = f"/api/dashboards/{made['id']}"
    return {"url": url, "data": f"{url}/data", "tile": f"{url}/tiles/{tile['id']}/data"}


def served(owner: Person) -> int:
    lines = owner.get("/metrics").text.splitlines()
    return int(
        float(next(line for line in lines if line.startswith("tesela_assembled_hits_total")).split()[1])
    )


@pytest.mark.parametrize("which", ["data", "tile"])
def test_the_second_view_is_served_from_memory(owner: Person, shown: dict[str, str], which: str) -> None:
    owner.get(shown[which])
    before = served(owner)

    second = owner.get(shown[which])

    assert second.status_code == 200
    assert served(owner) == before + 1
    assert second.headers["Content-Type"] == "application/json"
    assert second.headers["Cache-Control"] == "private, no-cache"


def test_somebody_who_may_not_see_it_gets_nothing_from_memory(
    owner: Person, stranger: Person, other_tenant: Person, shown: dict[str, str]
) -> None:
    for _ in range(3):
        assert owner.get(shown["data"]).status_code == 200
        assert [one.get(shown["data"]).status_code for one in (stranger, other_tenant)] == [404, 404]


def test_a_revoked_key_is_refused_at_once(server: Server, owner: Person, shown: dict[str, str]) -> None:
    made = owner.post("/api/auth/keys", json={"name": "short-lived"}).json()
    client = server.client(Authorization=f"Bearer {made['key']}")
    assert [client.get(shown["data"]).status_code for _ in range(3)] == [200, 200, 200]

    owner.delete(f"/api/auth/keys/{made['id']}")

    assert client.get(shown["data"]).status_code == 401


def test_a_deactivated_user_is_refused_at_once(server: Server, admin: Person, shown: dict[str, str]) -> None:
    leaving = server.person(f"leaving-{time.monotonic_ns()}@example.org", role="admin")
    assert [leaving.get(shown["data"]).status_code for _ in range(3)] == [200, 200, 200]

    admin.put(f"/api/users/{leaving.id}", json={"is_active": False})

    assert leaving.get(shown["data"]).status_code == 401


def test_a_deleted_dashboard_is_gone_at_once(owner: Person, shown: dict[str, str]) -> None:
    assert [owner.get(shown["data"]).status_code for _ in range(2)] == [200, 200]

    owner.delete(shown["url"])

    assert owner.get(shown["data"]).status_code == 404


def test_a_tile_that_names_its_reader_is_never_shared(owner: Person, admin: Person, sales: str) -> None:
    made = owner.new_dashboard()
    owner.new_tile(
        made["id"],
        title="Me",
        tile_type="kpi",
        datasource_id=sales,
        query="SELECT max(region) AS any_region FROM sales WHERE ${user.id} <> '' AND ${user.id} = ${user.id}",
    )
    owner.new_tile(
        made["id"],
        title="Who",
        tile_type="kpi",
        datasource_id=sales,
        query="SELECT ${user.id} AS me FROM sales LIMIT 1",
    )

    def seen(person: Person) -> Any:
        tiles = person.get(f"/api/dashboards/{made['id']}/data").json()["tiles"]
        return next(tile["data"]["rows"][0]["me"] for tile in tiles if tile["title"] == "Who")

    assert [seen(one) for one in (owner, admin, owner, admin)] == [owner.id, admin.id, owner.id, admin.id]


def test_a_refresh_by_one_is_seen_by_all(owner: Person, admin: Person, shown: dict[str, str]) -> None:
    first = owner.get(shown["data"]).json()["tiles"][0]["executed_at"]
    owner.get(shown["data"])

    owner.get(shown["data"], params={"refresh": True})

    seen = {one.get(shown["data"]).json()["tiles"][0]["executed_at"] for one in (owner, admin)}
    assert len(seen) == 1
    assert seen.pop() > first
