"""Every route that the server describes, asked by those who have no right to it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from live import Person, Server, anonymous

OPEN = {
    "GET /api/about",
    "GET /api/embed",
    "POST /api/auth/login",
    "POST /api/auth/logout",
    "GET /api/dashboards/shared/{token}",
    "GET /api/dashboards/shared/{token}/data",
    "POST /api/dashboards/shared/{token}/unlock",
}
"""Routes that do not ask who it is; outside of /api there are health and the web app."""
UPLOAD = "/api/datasources/upload"


@pytest.fixture(scope="module")
def ids(owner: Person, sales: str) -> dict[str, str]:
    """What the owner has and nobody else may see."""
    dashboard = owner.new_dashboard()
    path = f"/api/dashboards/{dashboard['id']}"
    options = {"query": "SELECT region FROM sales", "datasource_id": sales}
    owner.put(path, json={"filters": [{"name": "region", "field": "region", "options": options}]})
    tile = owner.new_tile(
        dashboard["id"], title="T", tile_type="table", datasource_id=sales, query="SELECT * FROM sales"
    )
    return {
        "dashboard_id": dashboard["id"],
        "tile_id": tile["id"],
        "widget_id": tile["id"],
        "page_id": tile["page_id"],
        "datasource_id": sales,
        "checkpoint_id": owner.post(f"{path}/checkpoints", json={"name": "C"}).json()["id"],
        "snapshot_id": owner.post(f"{path}/snapshot").json()["id"],
        "number": "1",
        "name": "region",
    }


def body(ids: dict[str, str]) -> dict[str, Any]:
    """Return members enough for every body; what is unknown is ignored."""
    place = {"tile_id": ids["tile_id"], "grid_x": 0, "grid_y": 0, "grid_w": 1, "grid_h": 1}
    return {
        "name": "Taken over",
        "title": "Taken over",
        "tile_type": "text",
        "content": "x",
        "sql": "SELECT * FROM sales",
        "is_public": True,
        "page_ids": [ids["page_id"]],
        "layouts": [place],
        "format": "xlsx",
        "widget_type": "text",
        "shared_with": [],
        "visibility": "public",
        "password": "x",
        "conversation_id": "x",
        "message_id": "x",
        "question": "What is the total revenue?",
    }


def operations(server: Server) -> list[tuple[str, str]]:
    described = anonymous(server).get("/api/openapi.json").json()["paths"]
    return [(method.upper(), path) for path, methods in described.items() for method in methods]


def filled(path: str, ids: dict[str, str]) -> str:
    return re.sub(r"{(\w+)}", lambda found: ids.get(found[1], "x"), path)


def test_nobody_gets_in_without_saying_who_they_are(server: Server, ids: dict[str, str]) -> None:
    client = anonymous(server)
    answered = {}
    for method, path in operations(server):
        if path.startswith("/api/") and f"{method} {path}" not in OPEN:
            sent = None if path == UPLOAD or method == "GET" else body(ids)
            answered[f"{method} {path}"] = client.request(method, filled(path, ids), json=sent).status_code

    assert len(answered) > 60
    assert {what: status for what, status in answered.items() if status != 401} == {}


@pytest.mark.parametrize("who", ["stranger", "other_tenant", "viewer"])
def test_what_may_not_be_seen_is_not_there(
    request: pytest.FixtureRequest, server: Server, owner: Person, ids: dict[str, str], who: str
) -> None:
    person: Person = request.getfixturevalue(who)
    queried = {"table": "sales", "column": "region", "from": 1}
    answered = {}
    for method, path in operations(server):
        if "{dashboard_id}" in path or "{datasource_id}" in path:
            sent = {"params": queried} if method == "GET" else {"json": body(ids)}
            answered[f"{method} {path}"] = person.request(method, filled(path, ids), **sent)

    told = {what: answer.text for what, answer in answered.items() if answer.status_code != 404}
    assert len(answered) > 40
    assert told == {}
    assert owner.get(f"/api/dashboards/{ids['dashboard_id']}").json()["name"] == "Sales"
