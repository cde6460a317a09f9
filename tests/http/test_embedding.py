"""Embedding: tokens that lock filters, and the sites that may frame pages and call the API."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import jwt
import openpyxl
import pytest

from live import Person, Server, anonymous, running

ISSUER, AUDIENCE = "https://shop.example.org", "tesela"
SECRET = "0123456789abcdef-not-well-known-0123456789"
SITE = "https://www.example.org"
SALES = b"region,amount\nNorth,10\nNorth,5\nSouth,32\n"


@pytest.fixture(scope="module")
def embedding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("embedding")
    issuers = folder / "issuers.json"
    one = {
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "algorithm": "HS256",
        "secret": SECRET,
        "max_role": "admin",
    }
    issuers.write_text(json.dumps([one | {"tenants": ["default", "away", "lent"]}]))
    issuers.chmod(0o600)
    settings = {"issuers_file": str(issuers), "embed_origins": SITE, "cors_origins": SITE}
    with running(folder / "data", **settings) as server:
        yield server


@pytest.fixture(scope="module")
def owner(embedding: Server) -> Person:
    return embedding.person("maker@example.org")


@pytest.fixture(scope="module")
def board(owner: Person) -> dict[str, str]:
    """A dashboard that everybody of the tenant sees; ids by tile title."""
    source = owner.upload("sales.csv", SALES)["datasource_id"]
    owner.upload("other.csv", b"colour\nred\n", datasource_id=source)
    made = owner.new_dashboard()
    path = f"/api/dashboards/{made['id']}"
    least = {"name": "least", "field": "amount", "depends_on": ["where"]}
    owner.put(path, json={"filters": [{"name": "where", "field": "region"}, least]})
    ids = {"id": made["id"], "source": source}
    for title, query in {
        "total": "SELECT SUM(amount) AS total FROM sales",
        "placed": "SELECT SUM(amount) AS total FROM sales WHERE ${filter.where.where}",
        "named": "SELECT SUM(amount) AS total FROM sales WHERE region = ${filter.where}",
        "hidden": "SELECT SUM(amount) AS total FROM (SELECT * FROM sales) AS inside",
        "elsewhere": "SELECT colour FROM other",
    }.items():
        query = query.replace("WHERE ${filter.where.where}", "WHERE 1 = 1 ${filter.where.where}")
        tile = owner.new_tile(ids["id"], title=title, tile_type="table", datasource_id=source, query=query)
        ids[title] = tile["id"]
    return ids


def token(**claims: Any) -> str:
    ends = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5)
    said = {"iss": ISSUER, "aud": AUDIENCE, "sub": "reader", "exp": ends, "tenant": "default", **claims}
    return jwt.encode(said, SECRET, algorithm="HS256")


def holder(server: Server, **claims: Any) -> httpx.Client:
    return server.client(Authorization=f"Bearer {token(**claims)}")


def data_of(client: httpx.Client, board: dict[str, str], **state: Any) -> dict[str, Any]:
    answer = client.post(f"/api/dashboards/{board['id']}/data", json=state)
    assert answer.status_code == 200, answer.text
    by_id = {tile["id"]: tile for tile in answer.json()["tiles"]}
    return {name: by_id[id_] for name, id_ in board.items() if id_ in by_id}


def grant(server: Server, owner: Person, board: dict[str, str], client: httpx.Client) -> None:
    """Let everybody of the tenant see the dashboard, the token's user among them."""
    assert client.get("/api/auth/me").status_code == 200
    change_audience(server, board["id"])
    owner.put(f"/api/dashboards/{board['id']}", json={"description": "seen by all"})


def change_audience(server: Server, dashboard_id: str) -> None:
    """Change it in the store itself: the Qry API has no word for it."""
    with closing(sqlite3.connect(server.data / "tesela.db", timeout=30)) as store, store:
        store.execute("UPDATE dashboards SET audience = 'tenant' WHERE id = ?", (dashboard_id,))


def totals(found: dict[str, Any]) -> dict[str, Any]:
    return {
        name: tile["data"]["rows"][0]["total"] if tile["data"] else tile["error_code"]
        for name, tile in found.items()
        if name != "elsewhere"
    }


@pytest.mark.parametrize("claim", ["where", "region"])
@pytest.mark.parametrize(
    "state",
    [
        {},
        {"filter_values": {"where": "South"}},
        {"filter_values": {"where": None, "region": ["South", "North"]}},
        {"filter_values": {"where": "North' OR 1=1 --"}},
    ],
)
def test_a_locked_filter_holds_whatever_the_request_says(
    embedding: Server, owner: Person, board: dict[str, str], claim: str, state: dict[str, Any]
) -> None:
    client = holder(embedding, filters={claim: "North"})
    grant(embedding, owner, board, client)

    found = totals(data_of(client, board, **state))

    values = set(found.values()) - {None, "missing_value", "query_failed", "bad_request"}
    assert values <= {15}, found
    if claim == "where":
        assert found == {"total": 15, "placed": 15, "named": 15, "hidden": 15}
    if not state:
        assert found["total"] == found["hidden"] == 15


def test_a_tile_that_cannot_be_narrowed_is_not_shown(
    embedding: Server, owner: Person, board: dict[str, str]
) -> None:
    client = holder(embedding, filters={"where": ["North", "West"]})
    grant(embedding, owner, board, client)

    found = data_of(client, board)
    detail = client.post(f"/api/dashboards/{board['id']}/tiles/{board['elsewhere']}/export", json={})

    assert found["elsewhere"]["data"] is None
    assert "not shown" in found["elsewhere"]["error"]
    assert (detail.status_code, "red" in detail.text) == (400, False)


def test_two_tokens_of_one_person_do_not_share_answers(
    embedding: Server, owner: Person, board: dict[str, str]
) -> None:
    path = f"/api/dashboards/{board['id']}/data"
    clients = {
        15: holder(embedding, filters={"where": "North"}),
        32: holder(embedding, filters={"where": "South"}),
        47: holder(embedding, role="viewer"),
    }
    grant(embedding, owner, board, clients[15])

    for _ in range(3):
        for expected, client in clients.items():
            tiles = {tile["id"]: tile for tile in client.get(path).json()["tiles"]}
            assert tiles[board["total"]]["data"]["rows"] == [{"total": expected}]


def test_a_locked_filter_is_not_seen(embedding: Server, owner: Person, board: dict[str, str]) -> None:
    path = f"/api/dashboards/{board['id']}"
    client = holder(embedding, filters={"where": "North"})
    grant(embedding, owner, board, client)

    shown = client.get(path).json()

    assert [(one["name"], one["depends_on"]) for one in shown["filters"]] == [("least", [])]
    assert client.post(f"{path}/filters/where/options", json={}).status_code == 404


def test_the_bi_api_neither_shows_a_locked_filter_nor_gives_way(
    embedding: Server, owner: Person, board: dict[str, str]
) -> None:
    path = f"/api/v1/bi/dashboards/dash-{board['id']}"
    client = holder(embedding, filters={"where": "North"})
    grant(embedding, owner, board, client)
    state = {"filter_values": {"where": "South"}}
    widget = f"{path}/widgets/widget-{board['total']}/data"

    shown = client.get(path)
    whole = [client.get(f"{path}/data"), client.post(f"{path}/data", json=state)]
    alone = [client.get(widget), client.post(widget, json=state)]

    assert [one["name"] for one in shown.json()["filters"]] == ["least"]
    assert "North" not in shown.text
    assert "where" not in json.dumps(shown.json()["filters"])
    found = [one for answer in whole for one in answer.json()["widgets"]] + [one.json() for one in alone]
    rows = [one["data"]["rows"] for one in found if one["name"] in ("total", "hidden", "placed", "named")]
    assert rows == [[{"total": 15}]] * 10


def test_tiles_that_ask_metrics_are_narrowed_too(
    embedding: Server, owner: Person, board: dict[str, str]
) -> None:
    metric = {"name": "sold", "label": "Sold", "datasource_id": board["source"], "table": "sales"}
    by = {"expression": "sum(amount)", "dimensions": [{"name": "region"}], "status": "published"}
    assert owner.post("/api/v1/bi/metrics", json={**metric, **by}).status_code == 201
    made = owner.new_dashboard()
    path = f"/api/dashboards/{made['id']}"
    fields = [{"name": "where", "field": "region", "default": "South"}]
    assert owner.put(path, json={"filters": fields}).status_code == 200
    for title, dimensions in (("whole", []), ("split", ["region"])):
        query = {"metrics": ["sold"], "dimensions": dimensions}
        owner.new_tile(made["id"], title=title, tile_type="table", metric_query=query)
    client = holder(embedding, filters={"region": "North"})
    by_name = holder(embedding, filters={"where": "North"})
    grant(embedding, owner, {"id": made["id"]}, client)
    states = ({}, {"filter_values": {"where": "South"}}, {"filter_values": {"where": None}})

    found = [
        (tile["name"] if "name" in tile else tile["title"], tile["data"]["rows"])
        for one in (client, by_name)
        for state in states
        for tile in (
            *one.post(f"{path}/data", json=state).json()["tiles"],
            *one.post(f"/api/v1/bi/dashboards/dash-{made['id']}/data", json=state).json()["widgets"],
        )
    ]

    assert len(found) == 24
    assert "47" not in str(found)
    assert "32" not in str(found)
    assert "South" not in str(found)
    assert {name for name, rows in found if "15" in str(rows)} == {"whole", "split"}
    asked = client.post("/api/v1/bi/metrics/query", json={"metrics": ["sold"]})
    assert (asked.status_code, "47" in asked.text) == (403, False)


def test_a_locked_filter_is_not_told_in_a_workbook(tmp_path: Path, embedding: Server, owner: Person) -> None:
    source = owner.upload("sales.csv", SALES)["datasource_id"]
    made = owner.new_dashboard()
    fields = [{"name": name, "field": "region", "default": "South"} for name in ("shut", "open")]
    owner.put(f"/api/dashboards/{made['id']}", json={"filters": fields})
    query = "SELECT * FROM sales"
    owner.new_tile(made["id"], title="Sales", tile_type="table", datasource_id=source, query=query)
    client = holder(embedding, filters={"shut": "South"})
    grant(embedding, owner, {"id": made["id"]}, client)

    answer = client.post(f"/api/dashboards/{made['id']}/export", json={"format": "xlsx"})
    (tmp_path / "book.xlsx").write_bytes(answer.content)
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    told = {str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row}

    assert "open" in told
    assert "shut" not in told


def test_who_has_locked_filters_is_a_viewer_and_makes_no_keys(
    embedding: Server, owner: Person, board: dict[str, str]
) -> None:
    client = holder(embedding, sub="chief", role="admin", filters={"where": "North"})

    answers = [
        client.post("/api/auth/keys", json={"name": "unlocked"}),
        client.post("/api/dashboards", json={"name": "Mine"}),
        client.get("/api/users"),
        client.get(f"/api/datasources/{board['source']}/schema"),
    ]
    ran = client.post(f"/api/datasources/{board['source']}/query", json={"sql": "SELECT * FROM sales"})

    assert [one.status_code for one in answers] == [403, 403, 403, 404]
    assert ran.status_code == 404


@pytest.mark.parametrize(
    "filters",
    ["North", ["North"], {"where": None}, {"where": {"start": 1}}, {"where": []}, {"": 1}, {"where": [[]]}],
)
def test_locks_that_make_no_sense_let_nobody_in(embedding: Server, filters: Any) -> None:
    answer = holder(embedding, filters=filters).get("/api/auth/me")

    assert (answer.status_code, "locks" in answer.json()["detail"]) == (401, True)


def test_a_token_of_another_tenant_sees_nothing(embedding: Server, board: dict[str, str]) -> None:
    client = holder(embedding, sub="elsewhere", tenant="away", filters={"where": "North"})

    assert client.get(f"/api/dashboards/{board['id']}").status_code == 404


def test_the_tokens_of_a_suspended_tenant_open_nothing_until_it_is_back(embedding: Server) -> None:
    operator = embedding.admin()
    made = operator.post("/api/tenants", json={"name": "lent"}).json()
    client = holder(embedding, sub="renter", tenant="lent")
    before = client.get("/api/dashboards").status_code

    operator.post(f"/api/tenants/{made['id']}/suspend")
    shut = [client.get("/api/dashboards"), client.get("/api/v1/bi/dashboards"), client.get("/api/auth/me")]
    shut.append(holder(embedding, sub="new renter", tenant="lent").get("/api/dashboards"))
    operator.post(f"/api/tenants/{made['id']}/resume")

    assert (before, client.get("/api/dashboards").status_code) == (200, 200)
    assert {(one.status_code, one.json()["detail"]) for one in shut} == {
        (401, "This tenant is suspended: ask whoever runs this server")
    }


def test_only_named_sites_may_frame_the_page(embedding: Server, server: Server) -> None:
    framed = anonymous(embedding).get("/embed/dashboards/x").headers
    app = anonymous(embedding).get("/dashboards/x").headers
    unnamed = anonymous(server).get("/embed/dashboards/x").headers

    assert f"frame-ancestors {SITE}" in framed["content-security-policy"]
    assert "x-frame-options" not in framed
    for headers in (app, unnamed):
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
    assert anonymous(embedding).get("/api/embed").json() == {"origins": [SITE]}
    assert anonymous(server).get("/api/embed").json() == {"origins": []}


def test_scripts_of_named_sites_call_the_api_with_a_token_and_without_cookies(
    embedding: Server, server: Server
) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}

    before = anonymous(embedding).options("/api/auth/me", headers=asked | {"Origin": SITE})
    answer = holder(embedding).get("/api/auth/me", headers={"Origin": SITE})
    refused = anonymous(embedding).get("/api/auth/me", headers={"Origin": SITE})

    assert before.status_code == 204
    assert "Authorization" in before.headers["access-control-allow-headers"]
    for one, status in ((before, 204), (answer, 200), (refused, 401)):
        assert (one.status_code, one.headers["access-control-allow-origin"]) == (status, SITE)
        assert "access-control-allow-credentials" not in one.headers
        assert "Origin" in one.headers["vary"]


@pytest.mark.parametrize(
    "origin", ["https://evil.example.org", f"{SITE}.evil.org", "http://www.example.org", "null"]
)
def test_other_sites_get_no_leave(embedding: Server, origin: str) -> None:
    before = anonymous(embedding).options(
        "/api/auth/me", headers={"Origin": origin, "Access-Control-Request-Method": "GET"}
    )
    answer = holder(embedding).get("/api/auth/me", headers={"Origin": origin})

    assert before.status_code >= 400
    assert "access-control-allow-origin" not in {**before.headers, **answer.headers}


def test_without_named_sites_there_is_no_leave_at_all(server: Server) -> None:
    answer = anonymous(server).get("/api/about", headers={"Origin": SITE})

    assert "access-control-allow-origin" not in answer.headers
