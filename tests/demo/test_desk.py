"""The demo's airline desk: metrics that equal SQL written by hand, and a policy that holds for its team only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from live import Person, Server, running

MINE = "carrier = 'B6'"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("desk") / "data"
    Server(data).run("demo")
    with running(data) as server:
        yield server


@pytest.fixture(scope="module")
def admin(demo: Server) -> Person:
    return demo.admin()


@pytest.fixture(scope="module")
def ben(demo: Server) -> Person:
    """The viewer, who sees the flights of one airline."""
    return known(demo, "ben@flights.example")


@pytest.fixture(scope="module")
def ana(demo: Server) -> Person:
    return known(demo, "ana@flights.example")


def known(demo: Server, email: str) -> Person:
    key = demo.run("token", "create", "--user", email)
    return Person(email, demo.client(Authorization=f"Bearer {key}"))


def desk_of(person: Person) -> str:
    found = {one["name"]: one["id"] for one in person.get("/api/v1/bi/dashboards").json()}
    return str(found["Airline desk"])


def tiles_of(person: Person) -> dict[str, Any]:
    answer = person.get(f"/api/v1/bi/dashboards/{desk_of(person)}/data").json()
    return {one["name"]: one for one in answer["widgets"]}


def by_hand(admin: Person, sql: str) -> list[dict[str, Any]]:
    source = admin.get("/api/datasources").json()[0]["id"]
    answer = admin.post(f"/api/datasources/{source}/query", json={"sql": sql})
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["rows"]
    return rows


def hand_written(where: str) -> dict[str, str]:
    """Return for each tile the SQL that answers the same rows."""
    on_time = "count(*) FILTER (WHERE arr_delay < 15) / nullif(count(arr_delay), 0)"
    changes = "SELECT month, {0}, lag({0}) OVER (ORDER BY month) AS {0}_prev FROM ({1}) ORDER BY month"
    month = "SELECT date_trunc('month', date)::DATE AS month, {1} AS {0} FROM flights WHERE {2} GROUP BY 1"
    monthly = {"scheduled_flights": "count(*)", "on_time_share": on_time, "departure_delay": "avg(dep_delay)"}
    kpis = {name: changes.format(name, month.format(name, sql, where)) for name, sql in monthly.items()}
    so_far = (
        "SELECT {0}, sum(n) OVER (ORDER BY {0})::BIGINT AS flights_so_far FROM "
        f"(SELECT date_trunc('{{0}}', date)::DATE AS {{0}}, count(*) AS n FROM flights WHERE {where} GROUP BY 1) "
        "ORDER BY 1"
    )
    return {
        "Flights": kpis["scheduled_flights"],
        "Landed on time": kpis["on_time_share"],
        "Departure delay": kpis["departure_delay"],
        "Flights so far": so_far.format("month"),
        "The year adds up": so_far.format("week"),
        "On time, month by month": "SELECT date_trunc('month', date)::DATE AS month, origin, "
        f"{on_time} AS on_time_share FROM flights WHERE {where} GROUP BY 1, 2 ORDER BY 1, 2",
        "Where they leave": f"SELECT origin, count(*) AS scheduled_flights FROM flights WHERE {where} GROUP BY 1",
        "Airline by airline": "SELECT name AS airline, count(*) AS scheduled_flights, "
        f"avg(dep_delay) AS departure_delay, {on_time} AS on_time_share "
        f"FROM flights JOIN airlines USING (carrier) WHERE {where} GROUP BY 1",
    }


def same(one: list[dict[str, Any]], two: list[dict[str, Any]]) -> None:
    """Compare rows whatever their order, numbers to nine digits."""

    def rounded(rows: list[dict[str, Any]], names: list[str]) -> list[tuple[str, ...]]:
        return sorted(tuple(shown(row[name]) for name in names) for row in rows)

    names = sorted(two[0])
    assert names
    assert rounded(one, names) == rounded(two, names)


def shown(value: Any) -> str:
    return f"{float(value):.9g}" if isinstance(value, int | float) else str(value)


@pytest.mark.parametrize(("who", "where"), [("admin", "true"), ("ben", MINE)])
def test_a_metric_equals_sql_written_by_hand(
    request: pytest.FixtureRequest, admin: Person, who: str, where: str
) -> None:
    tiles = tiles_of(request.getfixturevalue(who))

    assert {title: one["error"] for title, one in tiles.items() if one["error"]} == {}
    assert {title: one["warnings"] for title, one in tiles.items() if one["warnings"]} == {}
    assert len(tiles) == 9
    for title, sql in hand_written(where).items():
        same(tiles[title]["data"]["rows"], by_hand(admin, sql))


def test_the_policy_holds_for_the_team_and_for_nobody_else(
    demo: Server, admin: Person, ana: Person, ben: Person
) -> None:
    outside = demo.person("outside@example.org", role="viewer")
    first = next(
        one["id"] for one in admin.get("/api/dashboards").json() if one["name"] == "New York flights 2013"
    )

    def carriers(person: Person) -> set[str]:
        tiles = person.get(f"/api/dashboards/{first}/data").json()["tiles"]
        rows = next(one["data"]["rows"] for one in tiles if one["title"] == "Which airlines keep their times")
        return {row["carrier"] for row in rows}

    assert carriers(ben) == {"B6"}
    assert carriers(ana) == {"UA", "B6", "EV", "DL"}
    assert carriers(admin) == carriers(outside) > carriers(ana)


def test_the_desk_is_shared_with_its_team_only(demo: Server, admin: Person, ana: Person, ben: Person) -> None:
    desk = desk_of(admin)
    stranger = demo.person("stranger@example.org")
    share = admin.get(f"/api/v1/bi/dashboards/{desk}/share").json()
    renamed = {"name": "Airline desk"}

    assert share["visibility"] == "private"
    assert [(one["kind"], one["name"], one["permission"]) for one in share["shared_with"]] == [
        ("team", "Airline desk", "edit")
    ]
    assert stranger.get(f"/api/v1/bi/dashboards/{desk}").status_code == 404
    assert ana.put(f"/api/dashboards/{desk.removeprefix('dash-')}", json=renamed).status_code == 200
    assert ben.put(f"/api/dashboards/{desk.removeprefix('dash-')}", json=renamed).status_code == 403


def test_the_people_have_no_password_and_come_in_by_a_link(demo: Server) -> None:
    for email, role in (("ana@flights.example", "editor"), ("ben@flights.example", "viewer")):
        token = demo.run("user", "link", email).partition("link=")[2]

        user = demo.client().post("/api/auth/login", json={"link": token}).json()["user"]

        assert (user["email"], user["role"], user["has_password"]) == (email, role, False)


def test_the_metrics_are_published_and_two_are_certified(admin: Person) -> None:
    found = admin.get("/api/v1/bi/metrics").json()

    assert {one["status"] for one in found} == {"published"}
    assert {one["type"] for one in found} == {"simple", "ratio", "cumulative"}
    assert [one["name"] for one in found if one["certified"]] == ["on_time_share", "scheduled_flights"]


def test_loading_again_leaves_what_was_changed_or_taken_away(demo: Server, admin: Person) -> None:
    before = {path: admin.get(path).json() for path in ("/api/teams", "/api/policies", "/api/v1/bi/metrics")}

    assert demo.run("demo") == "The demo is there already."

    assert {path: admin.get(path).json() for path in before} == before


def test_names_that_are_taken_stay_as_they_are(tmp_path_factory: pytest.TempPathFactory) -> None:
    data = tmp_path_factory.mktemp("taken") / "data"
    with running(data) as server:
        admin = server.admin()
        team = admin.post("/api/teams", json={"name": "Airline desk"}).json()["id"]
        server.run("user", "add", "ben@flights.example", "--role", "editor")

        said = server.run("demo")

        assert "Made the demo dashboard 'Airline desk'" in said
        assert [one["id"] for one in admin.get("/api/teams").json()] == [team]
        assert admin.get(f"/api/teams/{team}").json()["members"] == []
