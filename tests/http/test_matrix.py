"""Every route x every role x every place, by the table of rules below: a new route has to be given its rule."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

import matrix
from live import Server, anonymous
from matrix import DONE, GONE, PEOPLE, UNKNOWN, Matrix, expected, places_for

QRY, BI = "/api/dashboards/{dashboard_id}", "/api/v1/bi/dashboards/{dashboard_id}"
TILE, WIDGET = QRY + "/tiles/{tile_id}", BI + "/widgets/{widget_id}"
RULES = {
    "public 200": "GET /healthz, GET /readyz, GET /metrics, GET /api/about, GET /api/embed, "
    "POST /api/auth/logout",
    "public 401": "POST /api/auth/login",
    "public 404": "GET /api/dashboards/shared/{token}, GET /api/dashboards/shared/{token}/data, "
    "POST /api/dashboards/shared/{token}/unlock",
    "signed in": "GET /api/auth/me, GET /api/auth/keys, POST /api/auth/keys, PUT /api/auth/password, "
    "GET /api/dashboards, GET /api/v1/bi/dashboards, GET /api/v1/bi/templates, GET /api/workspaces, "
    "GET /api/datasources, GET /api/policies, GET /api/teams, GET /api/ai/status, "
    "GET /api/v1/bi/metrics, GET /api/v1/bi/metrics/export, GET /api/conversations, POST /api/conversations",
    "editor": "POST /api/dashboards, POST /api/v1/bi/dashboards, POST /api/workspaces, POST /api/datasources, "
    "POST /api/datasources/test, POST /api/datasources/upload, GET /api/people, "
    "POST /api/dashboards/import, POST /api/dashboards/import/preflight",
    "admin": "GET /api/users, POST /api/users, POST /api/teams, GET /api/audit, GET /api/audit/export, "
    "GET /api/ai/settings, PUT /api/ai/settings, DELETE /api/ai/settings, POST /api/ai/test, GET /api/ai/usage",
    "admin of it": "GET /api/users/{user_id}, PUT /api/users/{user_id}, DELETE /api/users/{user_id}, "
    "POST /api/users/{user_id}/link, POST /api/users/{user_id}/transfer, PUT /api/teams/{team_id}, "
    "DELETE /api/teams/{team_id}, PUT /api/teams/{team_id}/members, "
    "POST /api/teams/{team_id}/members/{user_id}, DELETE /api/teams/{team_id}/members/{user_id}",
    "admin who sees it": "POST /api/policies/view-as",
    "operator": "GET /api/tenants, POST /api/tenants, PUT /api/tenants/{tenant_id}, "
    "POST /api/tenants/{tenant_id}/suspend, POST /api/tenants/{tenant_id}/resume",
    "operator or its admin": "GET /api/tenants/{tenant_id}",
    "own": "DELETE /api/auth/keys/{key_id}, GET /api/conversations/{conversation_id}, "
    "DELETE /api/conversations/{conversation_id}, POST /api/conversations/{conversation_id}/messages",
    "tenant": "GET /api/workspaces/{workspace_id}",
    "tenant, viewers apart": "GET /api/teams/{team_id}",
    "who made it": "PUT /api/workspaces/{workspace_id}, DELETE /api/workspaces/{workspace_id}",
    "source in a body": "POST /api/v1/bi/dashboards/from-template, POST /api/v1/bi/metrics, "
    "POST /api/v1/bi/metrics/apply",
    "metric in a body": "POST /api/v1/bi/metrics/query, POST /api/v1/bi/metrics/compile",
    "metric: draft": "GET /api/v1/bi/metrics/{metric_id}, PUT /api/v1/bi/metrics/{metric_id}, "
    "DELETE /api/v1/bi/metrics/{metric_id}, GET /api/v1/bi/metrics/{metric_id}/lineage",
    "source: use": "GET /api/datasources/{datasource_id}, POST /api/datasources/{datasource_id}/test, "
    "GET /api/datasources/{datasource_id}/schema, GET /api/datasources/{datasource_id}/schema/values, "
    "POST /api/datasources/{datasource_id}/query, DELETE /api/datasources/{datasource_id}/query/{query_id}",
    "source: own": "PUT /api/datasources/{datasource_id}, DELETE /api/datasources/{datasource_id}, "
    "POST /api/policies, POST /api/policies/preview",
    "policy: own": "GET /api/policies/{policy_id}, PUT /api/policies/{policy_id}, "
    "DELETE /api/policies/{policy_id}",
    "dashboard: view": f"GET {QRY}, GET {QRY}/data, POST {QRY}/data, POST {QRY}/data/stream, POST {QRY}/export, "
    f"POST {QRY}/qa, POST {QRY}/filters/{{name}}/options, GET {QRY}/snapshot/latest, GET {TILE}/data, "
    f"POST {TILE}/detail, POST {TILE}/drill, POST {TILE}/explain, POST {TILE}/export, POST {TILE}/forecast, "
    f"GET {BI}, GET {BI}/data, POST {BI}/data, GET {WIDGET}, GET {WIDGET}/data, POST {WIDGET}/data",
    "dashboard: edit": f"PUT {QRY}, POST {QRY}/pages, PUT {QRY}/pages/order, PUT {QRY}/pages/{{page_id}}, "
    f"DELETE {QRY}/pages/{{page_id}}, POST {QRY}/tiles, PUT {QRY}/tiles/layout, PUT {TILE}, DELETE {TILE}, "
    f"POST {QRY}/tiles/suggest-chart, POST {QRY}/snapshot, GET {QRY}/snapshots, "
    f"DELETE {QRY}/snapshots/{{snapshot_id}}, GET {QRY}/revisions, GET {QRY}/revisions/compare, "
    f"GET {QRY}/revisions/{{number}}, POST {BI}/widgets, PUT {WIDGET}, DELETE {WIDGET}",
    "dashboard: edit and use": f"POST {QRY}/tiles/preview, POST {TILE}/generate-sql, "
    f"POST {QRY}/tiles/from-conversation",
    "dashboard: clone": f"POST {BI}/clone",
    "dashboard: own": f"DELETE {QRY}, POST {QRY}/archive, GET {QRY}/share, POST {QRY}/share, "
    f"GET {QRY}/checkpoints, POST {QRY}/checkpoints, DELETE {QRY}/checkpoints/{{checkpoint_id}}, "
    f"POST {QRY}/checkpoints/{{checkpoint_id}}/restore, POST {QRY}/revisions/{{number}}/restore, "
    f"GET {QRY}/export-config, PUT {BI}, DELETE {BI}, GET {BI}/share, POST {BI}/share",
}
RULE_OF = {route: rule for rule, routes in RULES.items() for route in routes.split(", ")}
TEXT = {"title": "T", "tile_type": "text", "content": "x"}
WIDGET_TEXT = {"name": "W", "widget_type": "text", "content": "x"}


def bodies(ids: dict[str, str], bundle: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the body of each route that needs one: a good one, so that only rights decide."""
    place = {"tile_id": ids["tile_id"], "grid_x": 0, "grid_y": 0, "grid_w": 3, "grid_h": 3}
    source = {"type": "postgresql", "config": {"host": "127.0.0.1", "port": 9, "database": "d", "user": "u"}}
    policy = {
        "datasource_id": ids["datasource_id"],
        "table": "sales",
        "predicate": "1=1",
        "is_enabled": False,
    }
    query = {"query": "SELECT * FROM sales", "datasource_id": ids["tiles_source"]}
    new = uuid.uuid4().hex
    measured = {"datasource_id": ids["tiles_source"], "table": "sales", "expression": "sum(revenue)"}
    return {
        "POST /api/auth/login": {"email": "nobody@matrix.example.org", "password": "wrong horse"},
        "POST /api/auth/keys": {"name": "another"},
        "PUT /api/auth/password": {"password": "correct horse battery"},
        "POST /api/dashboards/shared/{token}/unlock": {"password": "x"},
        "POST /api/datasources": {"name": new, **source},
        "POST /api/datasources/test": source,
        "POST /api/dashboards/import": {"bundle": bundle},
        "POST /api/dashboards/import/preflight": {"bundle": bundle},
        "POST /api/users": {"email": f"{new}@matrix.example.org"},
        "POST /api/users/{user_id}/transfer": {"to": ids["admin"]},
        "PUT /api/teams/{team_id}/members": {"user_ids": [ids["user_id"]]},
        "POST /api/policies/view-as": {"user_id": ids["admin"], "dashboard_id": ids["dashboard_id"]},
        "PUT /api/ai/settings": {"is_enabled": False},
        "POST /api/v1/bi/dashboards/from-template": {
            "template": "table_overview",
            "datasource_id": ids["tiles_source"],
        },
        "POST /api/v1/bi/metrics": {"name": f"m_{new}", **measured},
        "POST /api/v1/bi/metrics/apply": {"metrics": [{"name": f"a_{new}", **measured}]},
        "POST /api/v1/bi/metrics/query": {"metrics": [ids["metric"]]},
        "POST /api/v1/bi/metrics/compile": {"metrics": [ids["metric"]]},
        "PUT /api/v1/bi/metrics/{metric_id}": {"description": "changed"},
        "POST /api/datasources/{datasource_id}/query": {"sql": "SELECT count(*) AS n FROM sales"},
        "POST /api/policies": {"name": new, **policy},
        "POST /api/policies/preview": {"name": new, **policy},
        f"POST {QRY}/qa": {"question": "What is the total revenue?"},
        f"POST {TILE}/detail": {"dimensions": {"month": "2023-01-01"}},
        f"POST {TILE}/export": {"format": "csv"},
        f"PUT {QRY}/pages/order": {"page_ids": [ids["page_id"], ids["first_page"]]},
        f"POST {QRY}/tiles": TEXT,
        f"PUT {QRY}/tiles/layout": {"layouts": [place]},
        f"PUT {TILE}": {"title": "Renamed"},
        f"POST {QRY}/tiles/preview": {"title": "P", "tile_type": "table", **query},
        f"POST {TILE}/generate-sql": {"query_kind": "main", "prompt": "total revenue by region"},
        f"POST {QRY}/tiles/suggest-chart": {"columns": ["a"], "types": {"a": "integer"}, "rows": [{"a": 1}]},
        f"POST {QRY}/tiles/from-conversation": {
            "title": "F",
            "chart_type": "bar",
            "conversation_id": ids["conversation_id"],
            "message_id": ids["message_id"],
            **query,
        },
        "POST /api/conversations/{conversation_id}/messages": {"text": "total revenue"},
        f"POST {BI}/widgets": WIDGET_TEXT,
        f"POST {QRY}/share": {"is_public": True},
        f"POST {BI}/share": {"visibility": "team"},
        "*": {"name": new},
    }


QUERIES = {
    "GET /api/datasources/{datasource_id}/schema/values": {"table": "sales", "column": "region"},
    f"GET {QRY}/revisions/compare": {"from": "1"},
}
ANSWERS = {"POST /api/ai/test": 400, "DELETE /api/datasources/{datasource_id}/query/{query_id}": GONE}
"""What who may do it is told by the routes for which there is nothing to do here: no model, no query that runs."""
UPLOAD = "POST /api/datasources/upload"


@pytest.fixture(scope="module")
def world(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Matrix:
    return matrix.build(server, tmp_path_factory.mktemp("matrix"))


@pytest.fixture(scope="module")
def bundle(world: Matrix) -> dict[str, Any]:
    with world.client("owner") as owner:
        made = owner.post("/api/dashboards", json={"name": "To be exported"}).json()
        found: dict[str, Any] = owner.get(f"/api/dashboards/{made['id']}/export-config").json()
    return found


def routes(server: Server) -> list[str]:
    """Return "METHOD path" of every route: what only looks first, what takes wholes away last."""
    described = anonymous(server).get("/api/openapi.json").json()["paths"]
    found = [f"{method.upper()} {path}" for path, methods in described.items() for method in methods]
    return sorted(found, key=_order)


def _order(route: str) -> tuple[int, int, str]:
    method, path = route.split()
    step = {"GET": 0, "PUT": 1, "POST": 2, "DELETE": 4}[method]
    if path.endswith(("/archive", "/suspend")):
        step = 3
    if route == "DELETE /api/datasources/{datasource_id}":
        step = 5
    return step, -path.count("/") if method == "DELETE" else 0, route


def test_every_route_has_a_rule_and_every_rule_a_route(server: Server) -> None:
    found = set(routes(server))

    assert sorted(found - RULE_OF.keys()) == [], "give these routes a rule in RULES"
    assert sorted(RULE_OF.keys() - found) == [], "these rules are for no route"


@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_may_do_what_the_rules_say_and_nothing_else(
    server: Server, world: Matrix, bundle: dict[str, Any], person: str
) -> None:
    wrong: list[str] = []
    seen: Counter[int] = Counter()
    with world.client(person) as client, ThreadPoolExecutor(3) as pool:
        asked = [
            (place, route)
            for route in routes(server)
            for place in places_for(RULE_OF.get(route, "public 200"), route, person)
        ]
        by_place = {place: [route for at, route in asked if at == place] for place, _ in asked}
        for found, statuses in pool.map(
            lambda one: _walk(world, client, person, bundle, *one), by_place.items()
        ):
            wrong += found
            seen.update(statuses)

    assert not wrong, "\n".join(wrong)
    assert seen[expected("dashboard: view", person, matrix.OTHER)] > 50
    assert sum(seen.values()) > 100
    if person in ("editor", "owner", "admin"):
        assert seen[DONE] > 100


def _walk(
    world: Matrix,
    client: httpx.Client,
    person: str,
    bundle: dict[str, Any],
    place: str,
    wanted: list[str],
) -> tuple[list[str], list[int]]:
    """Ask these routes in this order and return what was wrong, and the statuses."""
    ids = {**world.things[person, place], "admin": world.admin_id}
    wrong, statuses = [], []
    for route in wanted:
        answer = _asked(client, route, ids, bundle)
        must = expected(RULE_OF[route], person, place)
        status = DONE if answer.status_code < 300 else answer.status_code
        statuses.append(status)
        must = ANSWERS.get(route, must) if must == DONE else must
        if status != must:
            wrong.append(f"{person}, {place}: {route} answered {status}, not {must}: {answer.text[:200]}")
        may_tell = person == "operator" and "/tenants" in route
        told = [] if may_tell else [word for word in world.hidden[person] if word in answer.text]
        if status in (GONE, UNKNOWN):
            told += [word for word in (matrix.CANARY, *_long(ids)) if word in answer.text]
        if told:
            wrong.append(f"{person}, {place}: {route} tells {told[:3]}: {answer.text[:200]}")
    return wrong, statuses


def _asked(client: httpx.Client, route: str, ids: dict[str, str], bundle: dict[str, Any]) -> httpx.Response:
    method, path = route.split()
    if path.startswith("/api/v1/bi/dashboards/{"):
        ids = {**ids, "dashboard_id": ids["bi_dashboard_id"]}
    filled = re.sub(r"{(\w+)}", lambda found: ids[found[1]], path)
    if route == UPLOAD:
        return client.post(filled, files={"file": ("a.csv", b"a,b\n1,2\n")})
    sent = None
    if method in ("POST", "PUT"):
        every = bodies(ids, bundle)
        sent = every.get(route, every["*"])
    return client.request(method, filled, json=sent, params=QUERIES.get(route))


def _long(ids: dict[str, str]) -> list[str]:
    return [id_ for id_ in ids.values() if len(id_) >= 36]
