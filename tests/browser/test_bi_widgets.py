"""A dashboard that a client of the BI API made, drawn by the web app."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from browser.conftest import Tab
from live import Person, Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

BY_ORIGIN = "SELECT origin, COUNT(*) AS flights, AVG(dep_delay) AS delay FROM flights GROUP BY 1 ORDER BY 1"
BY_MONTH = "SELECT month, COUNT(*) AS flights FROM flights GROUP BY 1 ORDER BY 1"
BY_HOUR = "SELECT hour, origin, AVG(dep_delay) AS delay FROM flights GROUP BY 1, 2 ORDER BY 1, 2"
TEAL = {"value_field": "delay", "color_scheme": "teal"}
WIDGETS: tuple[tuple[str, str, str | None, tuple[int, int, int, int], dict[str, Any]], ...] = (
    ("Bars", "bar_chart", BY_ORIGIN, (0, 0, 4, 4), {"x_axis": "origin", "y_axis": "flights", "color_scheme": "green"}),
    ("Lines", "line_chart", BY_MONTH, (4, 0, 4, 4), {"x_axis": "month", "y_axis": "flights", "color_scheme": "purple"}),
    ("Slices", "pie_chart", BY_ORIGIN, (8, 0, 4, 4), {"x_axis": "origin", "y_axis": "delay", "show_legend": True}),
    ("Areas", "area_chart", BY_MONTH, (0, 4, 4, 4), {"x_axis": "month", "y_axis": "flights", "smooth": True}),
    ("Points", "scatter_plot", BY_ORIGIN, (4, 4, 4, 4), {"x_axis": "flights", "y_axis": "delay"}),
    ("Cells", "heatmap", BY_HOUR, (8, 4, 4, 4), {"x_axis": "hour", "y_axis": "origin", **TEAL}),
    ("Figure", "kpi_card", BY_MONTH, (0, 8, 4, 3), {"value_field": "flights", "suffix": " flights"}),
    ("Rows", "table", BY_ORIGIN, (4, 8, 4, 3), {"compact": True, "page_size": 10}),
    ("Words", "text", None, (8, 8, 4, 3), {"content": "# Made by the BI API\n\nNine *widgets*."}),
)  # fmt: skip


@pytest.fixture
def made(demo_server: Server) -> tuple[Person, dict[str, Any]]:
    """A dashboard with a widget of each type, made by the BI API alone."""
    author = demo_server.person("bi-author@example.org")
    sources = {one["name"]: one["id"] for one in author.get("/api/datasources").json()}
    dashboard = author.post("/api/v1/bi/dashboards", json={"name": "Made by the BI API"}).json()
    for name, widget_type, sql, (x, y, width, height), config in WIDGETS:
        source = (
            {} if sql is None else {"data_source": {"sql": sql, "datasource_id": sources["Flights 2013"]}}
        )
        body = {
            "name": name,
            "widget_type": widget_type,
            "position": {"x": x, "y": y, "width": width, "height": height},
            "config": config,
            **source,
        }
        answer = author.post(f"/api/v1/bi/dashboards/{dashboard['id']}/widgets", json=body)
        assert answer.status_code == 201, answer.text
        assert answer.json()["warnings"] == []
    return author, dashboard


def test_each_of_the_nine_widgets_is_drawn_as_its_config_says(
    tab: Tab, made: tuple[Person, dict[str, Any]], pictures: Path
) -> None:
    author, dashboard = made
    tab.log_in(author.email)

    tab.open(f"/dashboards/{dashboard['id'].removeprefix('dash-')}")

    page = tab.page
    assert tab.wait_until_drawn() == len(WIDGETS)
    page.screenshot(path=pictures / "bi-widgets.png", full_page=True)
    tiles = {name: page.get_by_role("article", name=f"Tile: {name}") for name, *_ in WIDGETS}
    assert {name for name, tile in tiles.items() if tile.get_by_role("alert").count()} == set()
    expect(tiles["Figure"]).to_contain_text("flights")
    expect(tiles["Rows"].get_by_role("cell", name="EWR")).to_be_visible()
    expect(tiles["Words"].get_by_role("heading", name="Made by the BI API")).to_be_visible()
    for name in ("Bars", "Lines", "Slices", "Areas", "Points", "Cells"):
        expect(tiles[name].locator("canvas, svg").first).to_be_visible()
    assert tab.complaints == []
