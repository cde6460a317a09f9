"""/api/audit: every deed has a line, nobody but admins of the tenant reads it, and it holds no secret."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from fastapi.routing import APIRoute

from live import Person, Server, anonymous
from tesela.app import ROUTERS
from tesela.http.audited import QUIET, READS_THAT_TAKE_AWAY, SAFE, leaves_line

SECRET = "s3cret-Wort-17"


def routes() -> list[tuple[str, str]]:
    """Return method and operation of every route of ours."""
    return [
        (method, route.operation_id or "")
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods
    ]


def test_every_route_that_changes_something_leaves_a_line_or_says_why_not() -> None:
    unsafe = {operation for method, operation in routes() if method not in SAFE}
    silent = {operation for operation in unsafe if not leaves_line("POST", operation)}

    assert "" not in unsafe
    assert silent <= set(QUIET)
    assert all(QUIET[operation] for operation in silent)
    assert len(unsafe - silent) > 35


def test_the_exceptions_are_routes_that_there_are() -> None:
    known = {operation for _, operation in routes()}

    assert set(QUIET) <= known
    assert known >= READS_THAT_TAKE_AWAY


def test_every_way_to_take_data_away_leaves_a_line() -> None:
    takes = {(method, operation) for method, operation in routes() if "export" in operation}

    assert {operation for method, operation in takes if not leaves_line(method, operation)} == set()


@pytest.mark.parametrize("path", ["/api/audit", "/api/audit/export"])
def test_only_admins_read_it(server: Server, owner: Person, viewer: Person, path: str) -> None:
    answers = [anonymous(server).get(path), owner.get(path), viewer.get(path)]

    assert [one.status_code for one in answers] == [401, 403, 403]


class Firm:
    """A tenant of its own, so that no other test writes into its audit."""

    def __init__(self, server: Server, name: str) -> None:
        self.server = server
        self.admin = server.person(f"admin@{name}.example.org", role="admin", tenant=name)

    def lines(self, **asked: Any) -> list[dict[str, Any]]:
        answer = self.admin.get("/api/audit", params={"limit": 500, **asked})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found

    def actions(self, **asked: Any) -> list[str]:
        return [line["action"] for line in reversed(self.lines(**asked))]


@pytest.fixture(scope="module")
def firm(any_server: Server, request: pytest.FixtureRequest) -> Firm:
    return Firm(any_server, "audited-firm")


def test_each_deed_has_its_line_with_who_what_and_where(any_server: Server) -> None:
    firm = Firm(any_server, "audit-deeds")
    admin = firm.admin
    ana = admin.post("/api/users", json={"email": "ana@deeds.example.org", "role": "editor"}).json()
    board = admin.new_dashboard(name="Ventas")
    path = f"/api/dashboards/{board['id']}"
    tile = admin.new_tile(board["id"], title="Hello", tile_type="text", content=SECRET)
    admin.put(path, json={"name": "Ventas 2"})
    admin.get(path)
    admin.get(f"{path}/data")
    admin.post(f"{path}/share", json={"is_public": True, "password": SECRET})
    admin.get(f"{path}/export-config")
    admin.put(f"/api/users/{ana['id']}", json={"role": "viewer"})
    admin.post(f"/api/users/{ana['id']}/link")
    admin.post("/api/dashboards", json={"name": ""})
    admin.post(f"{path}/archive")
    admin.delete(path)

    assert firm.actions() == [
        "create_user", "create_dashboard", "add_tile", "update_dashboard", "share_dashboard", "export_config",
        "update_user", "create_login_link", "archive_dashboard", "delete_dashboard",
    ]  # fmt: skip
    by_action = {line["action"]: line for line in firm.lines()}
    made = by_action["create_dashboard"]
    assert made | {"id": 0, "at": ""} == {
        "id": 0,
        "at": "",
        "user_id": admin.id,
        "user_name": "admin",
        "via": "key",
        "ip": "127.0.0.1",
        "action": "create_dashboard",
        "object_kind": "dashboard",
        "object_id": board["id"],
        "object_name": "Ventas",
        "parent_id": None,
        "details": {"changed": ["name"]},
    }
    added = by_action["add_tile"]
    assert (added["object_kind"], added["object_id"]) == ("tile", tile["id"])
    assert (added["object_name"], added["parent_id"]) == ("Hello", board["id"])
    shared = by_action["share_dashboard"]["details"]
    assert (shared["is_public"], "password" in shared["changed"], "password" in shared) == (True, True, False)
    assert by_action["update_user"]["details"] == {"changed": ["role"], "role": "viewer"}
    assert by_action["delete_dashboard"]["object_name"] == "Ventas 2"
    assert SECRET not in admin.get("/api/audit/export").text
    assert firm.actions()[-1] == "export_audit"


def test_logins_are_recorded_good_and_failed(any_server: Server) -> None:
    firm = Firm(any_server, "audit-logins")
    browser = anonymous(any_server)
    operator = any_server.admin()
    link = any_server.run("user", "link", "admin@audit-logins.example.org").partition("?link=")[2]
    email = "admin@audit-logins.example.org"

    assert browser.post("/api/auth/login", json={"link": link}).status_code == 200
    browser.put("/api/auth/password", json={"password": SECRET})
    browser.post("/api/auth/logout")
    for password in ("wrong", SECRET):
        browser.post("/api/auth/login", json={"email": email, "password": password})
    browser.post("/api/auth/login", json={"email": SECRET, "password": "x"})

    seen = [(line["action"], line["via"]) for line in reversed(firm.lines())]
    assert seen == [
        ("log_in", "link"),
        ("set_password", "session"),
        ("log_out", "session"),
        ("log_in_failed", "password"),
        ("log_in", "password"),
    ]
    unknown = operator.get("/api/audit", params={"action": "log_in_failed"})
    assert unknown.json()[0]["user_id"] is None
    assert SECRET not in unknown.text + str(firm.lines())


def test_it_is_narrowed_by_who_what_and_when(firm: Firm) -> None:
    admin = firm.admin
    first, second = admin.new_dashboard(name="One"), admin.new_dashboard(name="Two")
    tile = admin.new_tile(first["id"], title="T", tile_type="text", content="x")
    user = admin.id

    assert firm.actions(object_id=first["id"]) == ["create_dashboard", "add_tile"]
    assert firm.actions(object_id=f"dash-{first['id']}") == ["create_dashboard", "add_tile"]
    assert firm.actions(object_id=tile["id"]) == ["add_tile"]
    assert {line["object_id"] for line in firm.lines(action="create_dashboard")} >= {
        first["id"],
        second["id"],
    }
    assert firm.lines(user_id="user-nobody") == []
    assert len(firm.lines(user_id=user)) >= 3
    at = firm.lines(object_id=second["id"])[0]["at"]
    assert firm.lines(object_id=second["id"], **{"from": at, "to": at[:10]}) != []
    assert firm.lines(object_id=second["id"], to=at) == []
    page = admin.get("/api/audit", params={"limit": 1, "offset": 1})
    assert (len(page.json()), int(page.headers["X-Total-Count"])) == (1, len(firm.lines()))


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "yesterday"},
        {"to": "9999-12-31"},
        {"limit": 501},
        {"limit": 0},
        {"offset": -1},
        {"action": "\x00"},
    ],
)
def test_what_makes_no_sense_is_refused(firm: Firm, asked: dict[str, Any]) -> None:
    answer = firm.admin.get("/api/audit", params=asked)

    assert answer.status_code == 400
    assert next(iter(asked)) in answer.json()["detail"]


def test_a_tenant_reads_its_own_lines_and_no_others(firm: Firm, any_server: Server) -> None:
    board = firm.admin.new_dashboard(name="Ours alone")
    other = Firm(any_server, "audit-other")
    operator = any_server.admin()

    for person in (other.admin, operator):
        seen = person.get("/api/audit", params={"object_id": board["id"]})
        assert (seen.status_code, seen.json()) == (200, [])
        assert board["id"] not in person.get("/api/audit/export").text


def test_the_export_is_whole_and_runs_nothing_in_a_spreadsheet(firm: Firm) -> None:
    firm.admin.new_dashboard(name="=cmd|' /C calc'!A1")

    answer = firm.admin.get("/api/audit/export", params={"action": "create_dashboard"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="audit.csv"' in answer.headers["content-disposition"]
    assert len(rows) == len(firm.lines(action="create_dashboard"))
    assert rows[0]["object_name"] == "'=cmd|' /C calc'!A1"


def test_the_metrics_tell_of_every_line(server: Server) -> None:
    text = anonymous(server).get("/metrics").text

    assert "tesela_audit_dropped_total 0.0" in text
    assert "tesela_audit_lines_total" in text
