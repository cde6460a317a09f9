"""Questions beside a dashboard, by mouse and by keys, in Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.conftest import Tab
from live import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def board(demo_server: Server) -> tuple[str, str]:
    """A dashboard with revenue by month and shop: its owner's e-mail, its path."""
    person = demo_server.person("asker@example.org")
    lines = ["month,shop,revenue"]
    lines += [
        f"2026-{month:02d}-01,{shop},{base + month * step}"
        for month in range(1, 9)
        for shop, base, step in (("North", 900, 40), ("South", 400, 60), ("East", 700, -20))
    ]
    source = person.upload("revenue.csv", "\n".join(lines).encode(), name="Revenue")["datasource_id"]
    made = person.new_dashboard(name="Asking")
    place = {"datasource_id": source, "tile_type": "chart", "grid_w": 6, "grid_h": 4, "grid_x": 0}
    person.new_tile(
        made["id"],
        title="Revenue by shop",
        chart_type="line",
        query="SELECT month, shop, sum(revenue) AS revenue FROM revenue GROUP BY 1, 2 ORDER BY 1, 2",
        chart_config={"xField": "month", "yField": "revenue", "seriesField": "shop"},
        grid_y=0,
        **place,
    )
    return person.email, f"/dashboards/{made['id']}"


def asking(tab: Tab, board: tuple[str, str]) -> Tab:
    email, path = board
    tab.log_in(email)
    tab.open(path)
    tab.wait_until_drawn()
    return tab


def test_a_question_is_answered_with_its_tile_and_what_to_ask_next(
    tab: Tab, board: tuple[str, str], pictures: Path
) -> None:
    page = asking(tab, board).page
    page.get_by_role("button", name="Ask", exact=True).click()
    panel = page.get_by_role("dialog", name="Ask this dashboard")
    expect(panel.get_by_label("Your question")).to_be_focused()

    panel.get_by_label("Your question").fill("Which shop grew fastest last month?")
    panel.get_by_label("Your question").press("Enter")
    expect(
        panel.get_by_text("South had the highest change in revenue from July 2026 to August 2026")
    ).to_be_visible()

    panel.get_by_role("button", name="Show the tile Revenue by shop").click()
    expect(page.get_by_role("article", name="Tile: Revenue by shop")).to_be_focused()

    panel.get_by_role("group", name="Ask next").get_by_role("button").first.click()
    expect(panel.get_by_role("log").locator("section")).to_have_count(2)
    expect(panel.get_by_text("Reading the rows…")).to_have_count(0)
    panel.get_by_label("Your question").fill("Why did South grow?")
    panel.get_by_role("button", name="Ask", exact=True).click()
    expect(panel.get_by_text("Not answered")).to_be_visible()
    page.screenshot(path=pictures / "qa-light.png")
    page.evaluate("document.documentElement.setAttribute('data-mantine-color-scheme', 'dark')")
    page.screenshot(path=pictures / "qa-dark.png")
    page.keyboard.press("Escape")
    expect(panel).not_to_be_visible()
    assert tab.complaints == []


def test_on_a_phone_it_fills_the_screen_and_gives_way_to_the_tile(
    tab: Tab, board: tuple[str, str], pictures: Path
) -> None:
    tab.page.set_viewport_size({"width": 390, "height": 844})
    page = asking(tab, board).page
    page.get_by_role("button", name="Ask", exact=True).click()
    panel = page.get_by_role("dialog", name="Ask this dashboard")
    panel.get_by_label("Your question").fill("What share of revenue comes from North?")
    panel.get_by_label("Your question").press("Enter")
    tile = panel.get_by_role("button", name="Show the tile Revenue by shop")
    expect(tile).to_be_visible()
    page.screenshot(path=pictures / "qa-phone.png")

    tile.click()

    expect(panel).not_to_be_visible()
    expect(page.get_by_role("article", name="Tile: Revenue by shop")).to_be_in_viewport()
    assert tab.complaints == []


def test_the_key_a_opens_it(tab: Tab, board: tuple[str, str]) -> None:
    page = asking(tab, board).page
    page.keyboard.press("a")
    expect(page.get_by_role("dialog", name="Ask this dashboard")).to_be_visible()
