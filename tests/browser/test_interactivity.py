"""Filter, drill, detail, cross-filter and export, by mouse, in Chromium."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Locator, expect

from browser.conftest import Tab
from live import Person, Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

DRILLED = "Flights, from airport to airline to destination"


@pytest.fixture(scope="module")
def analyst(demo_server: Server) -> Person:
    return demo_server.person("analyst@example.org")


@pytest.fixture
def exploring(tab: Tab, analyst: Person) -> Tab:
    """The page of the demo that is made for clicking."""
    tab.page.set_viewport_size({"width": 1440, "height": 1300})
    tab.log_in(analyst.email)
    tab.open("/")
    tab.page.get_by_role("link", name="New York flights 2013").first.click()
    tab.page.get_by_role("tab", name="Explore").click()
    expect(tile(tab, "Routes")).to_be_visible()
    tab.wait_until_drawn()
    return tab


def tile(tab: Tab, title: str) -> Locator:
    return tab.page.locator(f"[data-tile][aria-label='Tile: {title}']")


def click_first_bar(tab: Tab) -> None:
    """Click the uppermost of three horizontal bars."""
    box = tile(tab, DRILLED).locator("canvas").first.bounding_box()
    assert box is not None
    tab.page.mouse.click(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.17)


def counted(analyst: Person, where: str) -> str:
    """Return how many flights of the last quarter there are, as a figure shows it."""
    source = next(
        one["id"] for one in analyst.get("/api/datasources").json() if one["name"] == "Flights 2013"
    )
    sql = f"SELECT count(*) AS n FROM flights WHERE date >= '2013-10-01' AND date < '2014-01-01' AND {where}"
    answer = analyst.post(f"/api/datasources/{source}/query", json={"sql": sql})
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["rows"]
    return f"{rows[0]['n']:,}"


def test_a_filter_narrows_the_tiles_and_stays_in_the_address(exploring: Tab, analyst: Person) -> None:
    page = exploring.page
    everything, newark = counted(analyst, "true"), counted(analyst, "origin = 'EWR'")
    expect(tile(exploring, "Flights").get_by_text(everything)).to_be_visible()

    page.get_by_role("button", name=re.compile("^From")).first.click()
    page.get_by_label("Newark", exact=True).check()
    page.keyboard.press("Escape")

    expect(tile(exploring, "Flights").get_by_text(newark)).to_be_visible()
    page.reload()
    expect(tile(exploring, "Flights").get_by_text(newark)).to_be_visible()
    page.go_back()
    expect(tile(exploring, "Flights").get_by_text(everything)).to_be_visible()
    assert exploring.complaints == []


def test_drilling_down_and_up_again(exploring: Tab) -> None:
    page = exploring.page

    click_first_bar(exploring)
    page.get_by_role("menuitem", name=re.compile("^Open Newark")).click()
    expect(tile(exploring, DRILLED).get_by_text("Newark Liberty Intl").first).to_be_visible()
    expect(tile(exploring, DRILLED).locator("[role=img]")).to_have_attribute(
        "aria-label", re.compile("United")
    )
    tile(exploring, DRILLED).get_by_role("button", name="All").click()

    expect(tile(exploring, DRILLED).get_by_role("button", name="All")).to_have_count(0)
    expect(tile(exploring, DRILLED).locator("[role=img]")).to_have_attribute(
        "aria-label", re.compile("Newark")
    )
    assert exploring.complaints == []


def test_a_click_filters_the_others_and_a_chip_takes_it_back(exploring: Tab, analyst: Person) -> None:
    page = exploring.page
    everything, newark = counted(analyst, "true"), counted(analyst, "origin = 'EWR'")

    click_first_bar(exploring)
    page.get_by_role("menuitem", name=re.compile("^Filter the others")).click()
    expect(tile(exploring, "Flights").get_by_text(newark)).to_be_visible()
    page.keyboard.press("Escape")

    expect(tile(exploring, "Flights").get_by_text(everything)).to_be_visible()
    assert exploring.complaints == []


def test_the_rows_behind_a_click(exploring: Tab) -> None:
    page = exploring.page

    tile(exploring, "Routes").get_by_text("LAX").first.click()

    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name=re.compile("LAX"))).to_be_visible()
    expect(dialog.get_by_role("row").nth(1)).to_contain_text("LAX")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_a_tile_and_the_dashboard_are_downloaded_as_they_are_shown(exploring: Tab, tmp_path: Path) -> None:
    page = exploring.page

    with page.expect_download() as csv_file:
        tile(exploring, "Routes").hover()
        tile(exploring, "Routes").get_by_role("button", name=re.compile("^Actions for")).click()
        page.get_by_role("menuitem", name="Download CSV").click()
    with page.expect_download() as workbook:
        page.get_by_role("button", name="More actions").first.click()
        page.get_by_role("menuitem", name="Download as a workbook").click()

    csv_file.value.save_as(tmp_path / "routes.csv")
    workbook.value.save_as(tmp_path / "book.xlsx")
    with (tmp_path / "routes.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert csv_file.value.suggested_filename.endswith(".csv")
    assert {"JFK", "LGA", "EWR"} >= {next(iter(row.values())) for row in rows} != set()
    sheets = openpyxl.load_workbook(tmp_path / "book.xlsx", read_only=True).sheetnames
    assert len(sheets) > 10
