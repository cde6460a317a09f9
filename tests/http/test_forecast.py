"""POST .../forecast: a tile's series continued, over HTTP, as everybody who may and may not ask."""

from __future__ import annotations

import asyncio
import math
from typing import Any

import pytest

from live import Person, Server, anonymous
from tesela.app import utc_now
from tesela.store import Keys, open_store
from tesela.store.grants import Grant

MONTHS = [f"{year}-{month:02d}" for year in range(2021, 2025) for month in range(1, 13)]
REGIONS = (("North", 1000.0), ("South", 100.0), ("New", 10.0))


@pytest.fixture(scope="module")
def visits(owner: Person) -> str:
    lines = ["month,day,region,kind,visits,note"]
    for at, month in enumerate(MONTHS):
        for region, base in REGIONS:
            if region == "New" and at < len(MONTHS) - 2:
                continue
            value = base * (1 + at / 50 + 0.2 * math.sin(at * math.pi / 6))
            lines.append(f"m{month},{month}-01,{region},{'a' if at % 2 else 'b'},{value:.2f},x")
    found: str = owner.upload("visits.csv", "\n".join(lines).encode(), name="Visits")["datasource_id"]
    return found


BY_MONTH = (
    "SELECT substr(month, 2) AS month, sum(visits) AS visits FROM visits "
    "WHERE 1=1 ${drill.where} GROUP BY 1 ORDER BY 1"
)


@pytest.fixture(scope="module")
def shown(owner: Person, visits: str) -> dict[str, str]:
    made = owner.new_dashboard(name="Visits")
    url = f"/api/dashboards/{made['id']}"
    filters = [{"name": "region", "field": "region", "type": "select", "options": ["North", "South"]}]
    assert owner.put(url, json={"filters": filters}).status_code == 200
    levels = {"drill_levels": [{"id_column": "region"}, {"id_column": "kind"}]}
    line: dict[str, Any] = {"tile_type": "chart", "chart_type": "line"}
    by_day = "SELECT day, region, visits, note FROM visits ORDER BY 1"
    config = {"xField": "month", "yField": "visits", "cross_filter_enabled": True, **levels}
    tiles: dict[str, dict[str, Any]] = {
        "line": {**line, "query": BY_MONTH, "chart_config": config},
        "plain": {**line, "query": BY_MONTH.replace("${drill.where} ", ""), "chart_config": {}},
        "series": {
            **line,
            "query": by_day,
            "chart_config": {
                "xField": "day",
                "yField": "visits",
                "seriesField": "region",
                "cross_filter_enabled": True,
            },
        },
        "area": {
            **line,
            "chart_type": "area",
            "query": by_day,
            "chart_config": {"xField": "day", "yField": "visits"},
        },
        "pie": {**line, "chart_type": "pie", "query": by_day},
        "table": {"tile_type": "table", "query": by_day},
        "words": {**line, "query": by_day, "chart_config": {"xField": "day", "yField": "note"}},
        "regions": {**line, "chart_type": "bar", "query": by_day, "chart_config": {"xField": "region"}},
        "broken": {**line, "query": "SELECT day, visits / (visits - visits) FROM nowhere"},
        "numbers": {**line, "query": "SELECT note, region FROM visits"},
    }
    found = {"id": made["id"], "url": url}
    for name, fields in tiles.items():
        found[name] = owner.new_tile(made["id"], title=name, datasource_id=visits, **fields)["id"]
    found["text"] = owner.new_tile(made["id"], title="text", tile_type="text", content="Words")["id"]
    return found


def ask(person: Person, shown: dict[str, str], tile: str, **body: Any) -> Any:
    return person.post(f"{shown['url']}/tiles/{shown[tile]}/forecast", json=body)


def forecast(person: Person, shown: dict[str, str], tile: str, **body: Any) -> dict[str, Any]:
    answer = ask(person, shown, tile, **body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_line_is_continued_in_the_way_its_x_is_written(owner: Person, shown: dict[str, str]) -> None:
    found = forecast(owner, shown, "line", horizon=3, confidence_level=0.9)

    assert found["x"] == ["2025-01", "2025-02", "2025-03"]
    assert (found["granularity"], found["step"], found["confidence_level"]) == ("month", 1, 0.9)
    assert all(a < b < c for a, b, c in zip(found["lower"], found["y"], found["upper"], strict=True))
    assert found["y"][0] == pytest.approx(1100 * 1.96, rel=0.1)
    assert found["quality"]["origins"] == 3
    assert found["quality"]["beats_naive"] is True
    assert found["history"] == {"first": "2021-01", "last": "2024-12", "periods": 48}
    assert found["model"]["season"] == 12
    assert [one["x"] for one in found["series"]] == [found["x"]]


def test_without_arguments_a_season_is_forecast(owner: Person, shown: dict[str, str]) -> None:
    found = forecast(owner, shown, "line")

    assert len(found["x"]) == 12
    assert found["confidence_level"] == 0.95


def test_columns_that_the_settings_do_not_name_are_found(owner: Person, shown: dict[str, str]) -> None:
    assert forecast(owner, shown, "plain", horizon=3)["y"] == forecast(owner, shown, "line", horizon=3)["y"]


def test_each_series_is_continued_and_the_short_one_is_named(owner: Person, shown: dict[str, str]) -> None:
    found = forecast(owner, shown, "series", horizon=2)

    assert [one["name"] for one in found["series"]] == ["North", "South"]
    assert (found["name"], found["x"]) == ("North", ["2025-01-01", "2025-02-01"])
    assert [note["values"]["name"] for note in found["notes"] if note["code"] == "left_out"] == ["New"]
    assert forecast(owner, shown, "series", horizon=2, series="South")["name"] == "South"


def test_rows_of_one_period_are_added_up_and_told(owner: Person, shown: dict[str, str]) -> None:
    found = forecast(owner, shown, "area", horizon=2)

    assert [note["code"] for note in found["notes"]] == ["added_up"]


def test_filters_cross_filters_and_the_drill_narrow_the_rows(owner: Person, shown: dict[str, str]) -> None:
    south = forecast(owner, shown, "series", horizon=3, series="South")["y"]
    cross = {"source_tile_id": shown["series"], "column": "region", "operator": "in", "values": ["South"]}
    step = {"level": 0, "id_column": "region", "value": "South"}

    assert forecast(owner, shown, "line", horizon=3, filter_values={"region": "South"})["y"] == south
    assert forecast(owner, shown, "line", horizon=3, cross_filters=[cross])["y"] == south
    assert forecast(owner, shown, "line", horizon=3, drill_path=[step])["y"] == south
    ignored = forecast(owner, shown, "line", horizon=3, filter_values={"colour": "red"})["filters_ignored"]
    assert ignored == ["colour"]


def test_the_rows_that_the_tile_shows_are_used_again(owner: Person, shown: dict[str, str]) -> None:
    state = {"filter_values": {"region": "North"}}
    tile = owner.post(f"{shown['url']}/data", json={"tile_ids": [shown["line"]], **state}).json()["tiles"][0]

    assert forecast(owner, shown, "line", **state)["executed_at"][:23] == tile["executed_at"][:23]


@pytest.mark.parametrize(
    ("tile", "why"),
    [
        ("pie", "A forecast needs a line, area or bar chart; this tile is a pie"),
        ("table", "A forecast needs a line, area or bar chart; this tile is a table"),
        ("text", "A forecast needs a line, area or bar chart; this tile is a text"),
        ("words", "A forecast needs numbers on y; 'x' is none"),
        ("regions", "A forecast needs dates on x; 'North' is none: use a date column as xField"),
        ("numbers", "A forecast needs a column of dates and one of numbers: set xField and yField"),
    ],
)
def test_what_cannot_be_continued_is_a_422_with_the_reason(
    owner: Person, shown: dict[str, str], tile: str, why: str
) -> None:
    answer = ask(owner, shown, tile)

    assert (answer.status_code, answer.json()) == (422, {"detail": why})


@pytest.mark.parametrize(
    ("body", "status", "names"),
    [
        ({"horizon": 0}, 400, "horizon"),
        ({"horizon": -1}, 400, "horizon"),
        ({"horizon": 367}, 400, "horizon"),
        ({"horizon": 97}, 422, "horizon may be at most 96"),
        ({"horizon": "3"}, 400, "horizon"),
        ({"horizon": 2.5}, 400, "horizon"),
        ({"confidence_level": 0.49}, 400, "confidence_level"),
        ({"confidence_level": 1}, 400, "confidence_level"),
        ({"confidence_level": 1.5}, 400, "confidence_level"),
        ({"confidence_level": None}, 400, "confidence_level"),
        ({"series": "Nowhere"}, 422, "no series 'Nowhere'"),
        ({"drill_path": [{"level": 0, "id_column": "colour", "value": "x"}]}, 400, "drill_path"),
        (
            {"cross_filters": [{"source_tile_id": "x", "column": "region", "values": ["a"]}]},
            400,
            "cross_filters",
        ),
    ],
)
def test_bad_input_is_answered_with_its_name(
    owner: Person, shown: dict[str, str], body: dict[str, Any], status: int, names: str
) -> None:
    answer = ask(owner, shown, "line", **body)

    assert answer.status_code == status, answer.text
    assert names in answer.json()["detail"]


def test_the_most_certain_level_below_one_is_a_band(owner: Person, shown: dict[str, str]) -> None:
    found = forecast(owner, shown, "line", horizon=1, confidence_level=0.9999999999999999)

    assert found["lower"][0] < found["y"][0] < found["upper"][0]


def test_a_query_that_fails_is_a_400(owner: Person, shown: dict[str, str]) -> None:
    answer = ask(owner, shown, "broken")

    assert answer.status_code == 400
    assert "nowhere" in answer.json()["detail"]


async def give(server: Server, grant: Grant) -> None:
    """Write a grant into the store of a running server, as another of its processes would."""
    keys = Keys.load_or_create(server.data / "secrets.json")
    store = await open_store(f"sqlite:///{server.data / 'tesela.db'}", keys=keys, clock=utc_now)
    await store.write(lambda tx: tx.grants.replace("default", "dashboard", grant.object_id, [grant]))
    await store.close()


def test_a_viewer_to_whom_it_was_shared_may_forecast(
    server: Server, owner: Person, viewer: Person, visits: str
) -> None:
    made = owner.new_dashboard(name="Shared")
    tile = owner.new_tile(
        made["id"],
        title="T",
        tile_type="chart",
        chart_type="line",
        datasource_id=visits,
        query="SELECT day, sum(visits) AS visits FROM visits GROUP BY 1 ORDER BY 1",
    )
    place = {"url": f"/api/dashboards/{made['id']}", "t": tile["id"]}
    assert ask(viewer, place, "t").status_code == 404

    asyncio.run(give(server, Grant("dashboard", made["id"], "user", viewer.id, "view")))

    assert ask(viewer, place, "t", horizon=2).status_code == 200


def test_who_may_not_see_it_is_told_nothing(
    server: Server, stranger: Person, other_tenant: Person, shown: dict[str, str]
) -> None:
    missing = ask(stranger, {**shown, "line": "00000000-0000-4000-8000-000000000000"}, "line")
    path = f"{shown['url']}/tiles/{shown['line']}/forecast"

    assert anonymous(server).post(path, json={}).status_code == 401
    for person in (stranger, other_tenant):
        answer = ask(person, shown, "line")
        assert (answer.status_code, answer.json()) == (404, missing.json())
