"""Row policies over the live server: who sets them, and that every way to the rows goes through them."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest

from live import Person, Server, anonymous
from tesela.app import open_our_store
from tesela.settings import Settings
from tesela.store.grants import Grant

ROWS = "region,owner,amt\nN,ann-0001,10\nN,eve-0005,11\nS,bob-0002,20\nS,cyd-0003,30\n"
HIDDEN = ("bob-0002", "cyd-0003")


@pytest.fixture(scope="module")
def boss(server: Server) -> Person:
    return server.admin()


@pytest.fixture(scope="module")
def north(server: Server, boss: Person) -> Person:
    """An editor of the northern region."""
    person = server.person("north@policies.example.org")
    answer = boss.put(f"/api/users/{person.id}", json={"attributes": {"region": "N", "regions": ["N"]}})
    assert answer.json()["attributes"] == {"region": "N", "regions": ["N"]}
    return person


@pytest.fixture(scope="module")
def nowhere(server: Server) -> Person:
    """An editor without any attribute."""
    return server.person("nowhere@policies.example.org")


@pytest.fixture(scope="module")
def source(boss: Person) -> str:
    found: str = boss.upload("sales.csv", ROWS.encode(), name="Policed sales")["datasource_id"]
    assert boss.put(f"/api/datasources/{found}", json={"is_shared": True}).status_code == 200
    return found


@pytest.fixture(scope="module")
def site(server: Server, boss: Person, north: Person, nowhere: Person, source: str) -> dict[str, Any]:
    """A dashboard of the admin that two others may edit, on a table with a policy."""
    config = {
        "drill_levels": [{"id_column": "region"}, {"id_column": "owner"}],
        "detail_query": "SELECT * FROM sales WHERE 1=1 ${detail.where}",
        "xField": "region",
    }
    id_ = boss.new_dashboard(name="Policed")["id"]
    asyncio.run(give(server, [Grant("dashboard", id_, "user", one.id, "edit") for one in (north, nowhere)]))
    options = {"query": "SELECT DISTINCT owner FROM sales", "datasource_id": source}
    filters = [{"name": "owner", "field": "owner", "type": "multi_select", "options": options}]
    assert boss.put(f"/api/dashboards/{id_}", json={"filters": filters}).status_code == 200
    rows = boss.new_tile(
        id_, title="Rows", tile_type="table", datasource_id=source, query="SELECT * FROM sales"
    )
    sums = boss.new_tile(
        id_,
        title="Sums",
        tile_type="chart",
        chart_type="bar",
        datasource_id=source,
        query="SELECT region, sum(amt) AS amt FROM sales GROUP BY region",
        chart_config=config,
    )
    return {"id": id_, "rows": rows["id"], "sums": sums["id"]}


@pytest.fixture(scope="module")
def policy(boss: Person, source: str) -> Iterator[dict[str, Any]]:
    answer = boss.post(
        "/api/policies",
        json={
            "datasource_id": source,
            "name": "Own region",
            "table": "sales",
            "predicate": "region IN (${user.regions})",
            "roles": ["editor", "viewer"],
        },
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    yield made
    assert boss.delete(f"/api/policies/{made['id']}").status_code == 204


def cells_of(workbook: bytes) -> str:
    """Return all cells of all sheets as text."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    return "\n".join(str(row) for sheet in book for row in sheet.iter_rows(values_only=True))


async def give(server: Server, grants: list[Grant]) -> None:
    """Write grants into the store of a running server, as another of its processes would."""
    store = await open_our_store(Settings(data=server.data))
    await store.write(lambda tx: tx.grants.replace("default", "dashboard", grants[0].object_id, grants))
    await store.close()


def test_every_way_to_the_rows_goes_through_the_policy(
    boss: Person, north: Person, nowhere: Person, source: str, site: dict[str, Any], policy: dict[str, Any]
) -> None:
    path = f"/api/dashboards/{site['id']}"
    before = boss.get(f"{path}/data")
    assert all(word in before.text for word in HIDDEN)
    click = {"region": "N"}
    body = {"title": "P", "tile_type": "table", "datasource_id": source, "query": "SELECT * FROM sales"}
    values = {"table": "sales", "column": "owner"}
    told = {
        "data": north.get(f"{path}/data"),
        "data again": north.get(f"{path}/data"),
        "state": north.post(f"{path}/data", json={"filter_values": {"owner": list(HIDDEN)}}),
        "stream": north.post(f"{path}/data/stream", json={}),
        "tile": north.get(f"{path}/tiles/{site['rows']}/data"),
        "drill": north.post(
            f"{path}/tiles/{site['sums']}/drill", json={"drill_path": [{"field": "region", "value": "S"}]}
        ),
        "detail": north.post(f"{path}/tiles/{site['sums']}/detail", json={"dimensions": {"region": "S"}}),
        "detail of mine": north.post(f"{path}/tiles/{site['sums']}/detail", json={"dimensions": click}),
        "preview": north.post(f"{path}/tiles/preview", json=body),
        "workbook": north.post(f"{path}/export", json={}),
        "csv": north.post(f"{path}/tiles/{site['rows']}/export", json={"format": "csv"}),
        "options": north.post(f"{path}/filters/owner/options", json={}),
        "values": north.get(f"/api/datasources/{source}/schema/values", params=values),
        "query": north.post(f"/api/datasources/{source}/query", json={"sql": "SELECT * FROM sales"}),
        "guess": north.post(
            f"/api/datasources/{source}/query",
            json={"sql": "SELECT count(*) AS n FROM sales WHERE owner LIKE '%0002'"},
        ),
    }

    texts = {way: answer.text for way, answer in told.items() if way != "workbook"}
    texts["workbook"] = cells_of(told["workbook"].content)
    leaks = {way: text for way, text in texts.items() if any(word in text for word in HIDDEN)}
    assert leaks == {}
    assert "ann-0001" in texts["workbook"]
    assert all(word in cells_of(boss.post(f"{path}/export", json={}).content) for word in HIDDEN)
    mine = (
        "data",
        "data again",
        "stream",
        "tile",
        "detail of mine",
        "csv",
        "options",
        "values",
        "query",
        "preview",
    )
    assert {way: told[way].status_code for way in mine} == dict.fromkeys(mine, 200)
    assert [way for way in mine if "ann-0001" not in told[way].text] == []
    assert told["guess"].json()["rows"] == [{"n": 0}]
    assert nowhere.get(f"{path}/tiles/{site['rows']}/data").json()["data"]["rows"] == []


def test_a_policy_changes_what_is_seen_at_once(
    boss: Person, north: Person, site: dict[str, Any], policy: dict[str, Any]
) -> None:
    tile = f"/api/dashboards/{site['id']}/tiles/{site['rows']}/data"

    def rows() -> int:
        found: int = north.get(tile).json()["row_count"]
        return found

    seen = [rows(), rows()]
    path = f"/api/policies/{policy['id']}"
    boss.put(path, json={"is_enabled": False})
    seen.append(rows())
    boss.put(path, json={"is_enabled": True})
    seen.append(rows())
    boss.put(path, json={"predicate": "owner = 'eve-0005'"})
    seen.append(rows())
    boss.put(path, json={"predicate": policy["predicate"]})
    seen.append(rows())
    boss.put(f"/api/users/{north.id}", json={"attributes": {"regions": ["N", "S"]}})
    seen.append(rows())
    boss.put(f"/api/users/{north.id}", json={"attributes": {"region": "N", "regions": ["N"]}})
    seen.append(rows())

    assert seen == [2, 2, 4, 2, 1, 2, 4, 2]


def test_a_snapshot_is_not_for_those_whose_rows_are_others(
    boss: Person, north: Person, site: dict[str, Any], policy: dict[str, Any]
) -> None:
    path = f"/api/dashboards/{site['id']}"
    made = boss.post(f"{path}/snapshot")

    assert made.status_code == 201
    assert boss.get(f"{path}/snapshot/latest").status_code == 200
    assert north.get(f"{path}/snapshot/latest").status_code == 404


def test_masks_hide_and_cannot_be_guessed(
    boss: Person, north: Person, source: str, policy: dict[str, Any]
) -> None:
    made = boss.post(
        "/api/policies",
        json={"datasource_id": source, "name": "Owners", "table": "SALES", "masks": {"owner": "partial"}},
    )
    assert made.status_code == 201, made.text
    path = f"/api/datasources/{source}/query"
    shown = north.post(path, json={"sql": "SELECT DISTINCT owner FROM sales ORDER BY 1"}).json()
    guessed = north.post(path, json={"sql": "SELECT * FROM sales WHERE owner = 'ann-0001'"}).json()
    admins = boss.post(path, json={"sql": "SELECT count(DISTINCT owner) AS n FROM sales"}).json()
    boss.delete(f"/api/policies/{made.json()['id']}")

    assert [row["owner"] for row in shown["rows"]] == ["***0001", "***0005"]
    assert (guessed["rows"], admins["rows"]) == ([], [{"n": 4}])


def test_preview_counts_the_rows_before_and_after(
    boss: Person, north: Person, nowhere: Person, source: str
) -> None:
    asked = {
        "datasource_id": source,
        "table": "sales",
        "predicate": "region = ${user.region}",
        "masks": {"amt": "null"},
    }
    found = boss.post("/api/policies/preview", json=asked | {"user_id": north.id}).json()
    none = boss.post("/api/policies/preview", json=asked | {"user_id": nowhere.id}).json()

    assert (found["rows_before"], found["rows_after"]) == (4, 2)
    assert found["columns"] == ["region", "owner", "amt"]
    assert {row["amt"] for row in found["rows"]} == {None}
    assert (none["rows_after"], none["rows"]) == (0, [])
    assert "has no attribute region" in none["sentence"]


def test_only_an_admin_previews_for_somebody_else(owner: Person, north: Person, sales: str) -> None:
    asked = {"datasource_id": sales, "table": "sales", "predicate": "region = ${user.region}"}

    own = owner.post("/api/policies/preview", json=asked)
    others = owner.post("/api/policies/preview", json=asked | {"user_id": north.id})

    assert own.status_code == 200
    assert (others.status_code, others.json()) == (403, {"detail": "Only an admin may do this"})


def test_an_admin_sees_a_dashboard_as_another_does(
    boss: Person, north: Person, stranger: Person, site: dict[str, Any], policy: dict[str, Any]
) -> None:
    asked = {"user_id": north.id, "dashboard_id": site["id"]}
    found = boss.post("/api/policies/view-as", json=asked)
    private = boss.new_dashboard(name="Nobody's")
    hidden = boss.post("/api/policies/view-as", json=asked | {"dashboard_id": private["id"]})

    tiles = {tile["id"]: tile for tile in found.json()["tiles"]}
    assert found.json()["user"]["id"] == north.id
    assert not any(word in found.text for word in HIDDEN)
    assert (tiles[site["rows"]]["rows_before"], tiles[site["rows"]]["rows_after"]) == (4, 2)
    assert hidden.json()["tiles"] == []
    assert "may not see this dashboard" in hidden.json()["sentence"]
    assert north.post("/api/policies/view-as", json=asked).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"table": "nothing"}, "table: the datasource has no table nothing"),
        ({"table": None}, "table is required"),
        ({"predicate": "nobody = 1"}, "predicate: sales has no column nobody"),
        ({"predicate": "region = "}, "predicate: line 1"),
        ({"predicate": "region = 'N' OR region IN (SELECT 'S')"}, "IN takes a list"),
        ({"predicate": "region = 'N' -- all"}, "comments"),
        ({"predicate": "region = 'N') OR (1=1"}, "predicate:"),
        ({"predicate": "region = ${filter.region}"}, "${user.id}"),
        ({"predicate": "region = '${user.region}'"}, "predicate:"),
        ({"predicate": "read_text(region) = 'x'"}, "predicate:"),
        ({"predicate": "region = (SELECT 'S')"}, "may not stand in a predicate"),
        ({"predicate": "md5(region) = 'x'"}, "may not stand in a predicate"),
        ({"predicate": "", "masks": {}}, "predicate or masks is required"),
        ({"masks": {"owner": "blur"}}, "masks.owner must be one of"),
        ({"masks": {"nobody": "null"}}, "masks: sales has no column nobody"),
        ({"roles": ["king"]}, "roles must be some of"),
        ({"team_ids": ["team-x"]}, "team_ids: there is no team"),
        ({"name": " "}, "name is required"),
    ],
)
def test_what_is_wrong_is_said(boss: Person, source: str, wrong: dict[str, Any], said: str) -> None:
    good = {"datasource_id": source, "name": "Wrong", "table": "sales", "predicate": "region = 'N'"}

    answer = boss.post("/api/policies", json=good | wrong)

    assert answer.status_code == 400, answer.text
    assert said in answer.json()["detail"]


def test_policies_are_the_owners_business(
    server: Server, boss: Person, north: Person, viewer: Person, other_tenant: Person, source: str,
    policy: dict[str, Any],
) -> None:  # fmt: skip
    path, body = f"/api/policies/{policy['id']}", {"name": "Mine"}

    assert anonymous(server).get(path).status_code == 401
    for person in (north, viewer, other_tenant):
        told = [person.get(path), person.put(path, json=body), person.delete(path)]
        assert [answer.status_code for answer in told] == [404, 404, 404]
        assert person.get("/api/policies").json() == []
    made = north.post("/api/policies", json=body | {"datasource_id": source, "table": "sales"})
    assert made.status_code == 403
    assert other_tenant.get("/api/policies", params={"datasource_id": source}).status_code == 404
    assert boss.get(path).json()["predicate"] == policy["predicate"]
    stale = boss.put(path, json={"name": "x"}, headers={"If-Match": '"0"'})
    assert stale.status_code == 409


def test_a_team_that_a_policy_is_about_cannot_be_deleted(boss: Person, source: str) -> None:
    team = boss.post("/api/teams", json={"name": "Bound by a policy"}).json()
    made = boss.post(
        "/api/policies",
        json={
            "datasource_id": source,
            "name": "For the team",
            "table": "sales",
            "predicate": "1=0",
            "team_ids": [team["id"]],
        },
    ).json()

    refused = boss.delete(f"/api/teams/{team['id']}")
    boss.delete(f"/api/policies/{made['id']}")

    assert (refused.status_code, boss.delete(f"/api/teams/{team['id']}").status_code) == (409, 204)


def test_an_admin_sees_a_filtered_dashboard_as_another_does(
    boss: Person, north: Person, site: dict[str, Any], policy: dict[str, Any]
) -> None:
    asked = {"user_id": north.id, "dashboard_id": site["id"]}

    def rows(*owners: str) -> tuple[int, int, list[str]]:
        """Return the rows before and after, and whose they are, of the tile that shows all."""
        body = asked | {"filter_values": {"owner": list(owners)}}
        tiles = boss.post("/api/policies/view-as", json=body).json()["tiles"]
        tile = next(one for one in tiles if one["id"] == site["rows"])
        return tile["rows_before"], tile["rows_after"], [row["owner"] for row in tile["data"]["rows"]]

    assert rows("ann-0001") == (1, 1, ["ann-0001"])
    assert rows("bob-0002") == (1, 0, [])
    assert rows("ann-0001", "bob-0002") == (2, 1, ["ann-0001"])


def test_the_public_page_of_a_bound_owner_holds_the_rows_of_the_owner(
    server: Server, boss: Person, north: Person, source: str, policy: dict[str, Any]
) -> None:
    id_ = north.new_dashboard(name="North only")["id"]
    north.new_tile(id_, title="Rows", tile_type="table", datasource_id=source, query="SELECT * FROM sales")
    path = f"/api/dashboards/{id_}"

    by_admin = boss.post(f"{path}/snapshot")
    shared = north.post(f"{path}/share", json={"is_public": True}).json()
    token = shared["share_token"]
    public = anonymous(server).get(f"/api/dashboards/shared/{token}/data")
    live = boss.get(f"{path}/data")

    assert by_admin.status_code == 201, by_admin.text
    assert public.status_code == 200
    for answer in (by_admin, public):
        assert "ann-0001" in answer.text
        assert not any(word in answer.text for word in HIDDEN)
    assert all(word in live.text for word in HIDDEN)
    assert boss.get(f"{path}/snapshot/latest").status_code == 404
    assert north.get(f"{path}/snapshot/latest").status_code == 200
