"""A forecast over a tile, by mouse and by keys, in Chromium."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Tab
from live import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def board(demo_server: Server) -> tuple[str, str]:
    """A dashboard with a line over five years of months, and bars over words: its owner's e-mail, its path."""
    person = demo_server.person("seller@example.org")
    lines = ["month,region,sales"]
    for at in range(60):
        season = 1 + 0.25 * math.sin(at * math.pi / 6)
        for region, base in (("North", 900), ("South", 400)):
            lines.append(
                f"{2021 + at // 12}-{at % 12 + 1:02d}-01,{region},{base * season * (1 + at / 60):.2f}"
            )
    source = person.upload("sales.csv", "\n".join(lines).encode(), name="Sales to forecast")["datasource_id"]
    made = person.new_dashboard(name="Selling")
    place = {"datasource_id": source, "tile_type": "chart", "grid_w": 6, "grid_h": 4, "grid_y": 0}
    by_month = "SELECT month, sum(sales) AS sales FROM sales GROUP BY 1 ORDER BY 1"
    person.new_tile(made["id"], title="By month", chart_type="line", query=by_month, grid_x=0, **place)
    person.new_tile(
        made["id"],
        title="By region",
        chart_type="bar",
        query="SELECT region, sum(sales) AS sales FROM sales GROUP BY 1",
        grid_x=6,
        **place,
    )
    return person.email, f"/dashboards/{made['id']}"


@pytest.fixture
def selling(tab: Tab, board: tuple[str, str]) -> Tab:
    email, path = board
    tab.log_in(email)
    tab.open(path)
    tab.wait_until_drawn()
    return tab


def open_forecast(page: Page) -> None:
    page.get_by_role("button", name="Actions for By month").click()
    page.get_by_role("menuitem", name="Forecast").click()


def test_a_forecast_is_drawn_told_changed_and_taken_away(selling: Tab, pictures: Path) -> None:
    page = selling.page
    open_forecast(page)
    bar = page.get_by_role("region", name="Forecast: By month")
    expect(bar.get_by_text(re.compile(r"95\s?% band, typical error .*better than repeating"))).to_be_visible()
    chart = page.locator("[data-tile][aria-label='Tile: By month'] [data-chart]")
    expect(chart).to_have_attribute("aria-label", re.compile(r"Forecast: 12"))
    selling.wait_until_drawn()
    page.screenshot(path=pictures / "forecast.png")

    bar.get_by_label("How far").select_option("24")
    expect(chart).to_have_attribute("aria-label", re.compile(r"Forecast: 24"))
    bar.get_by_label("How sure").select_option("0.8")
    expect(bar.get_by_text(re.compile(r"80\s?% band"))).to_be_visible()
    page.emulate_media(color_scheme="dark")
    selling.wait_until_drawn()
    page.screenshot(path=pictures / "forecast-dark.png")
    page.set_viewport_size({"width": 390, "height": 844})
    selling.wait_until_drawn()
    bar.scroll_into_view_if_needed()
    page.screenshot(path=pictures / "forecast-phone.png")
    page.set_viewport_size({"width": 1440, "height": 900})

    bar.get_by_role("button", name="Remove the forecast").click()
    expect(bar).to_have_count(0)
    expect(chart).not_to_have_attribute("aria-label", re.compile("Forecast"))
    assert selling.complaints == []


def test_keys_reach_it_and_words_on_x_have_none(selling: Tab) -> None:
    page = selling.page
    page.get_by_role("button", name="Actions for By month").focus()
    page.keyboard.press("Enter")
    item = page.get_by_role("menuitem", name="Forecast")
    expect(item).to_be_visible()
    item.focus()
    page.keyboard.press("Enter")
    bar = page.get_by_role("region", name="Forecast: By month")
    bar.get_by_label("How far").focus()
    page.keyboard.press("Escape")
    expect(bar).to_have_count(0)

    page.get_by_role("button", name="Actions for By region").click()
    expect(page.get_by_role("menuitem", name="View as table")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Forecast")).to_have_count(0)
    assert selling.complaints == []
