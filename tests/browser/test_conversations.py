"""A conversation beside a dashboard, in Chromium: answers drawn, changed, and made into tiles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import Tab
from live import Person, Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def talker(demo_server: Server) -> Person:
    return demo_server.person("talker@example.org")


@pytest.fixture(scope="module")
def source(talker: Person) -> str:
    lines = ["month,region,channel,revenue"]
    lines += [
        f"2026-{month:02d}-01,{region},{channel},{base + month * step}"
        for month in range(1, 9)
        for region, base, step in (("North", 900, 40), ("South", 400, 60), ("East", 700, -20))
        for channel in ("shop", "web")
    ]
    made: str = talker.upload("sales.csv", "\n".join(lines).encode(), name="Sales to talk of")[
        "datasource_id"
    ]
    return made


@pytest.fixture
def board(talker: Person, source: str) -> str:
    """The path of a dashboard with one tile, which does not say what the channels made."""
    made: str = talker.new_dashboard(name="Talked about")["id"]
    talker.new_tile(
        made,
        title="Revenue by region",
        tile_type="chart",
        chart_type="bar",
        datasource_id=source,
        query="SELECT region, sum(revenue) AS revenue FROM sales GROUP BY 1 ORDER BY 1",
        chart_config={"xField": "region", "yField": "revenue"},
        grid_w=6,
        grid_h=4,
        grid_x=0,
        grid_y=0,
    )
    return f"/dashboards/{made}"


def opened(tab: Tab, path: str) -> Locator:
    """Open the panel of a dashboard, as its owner."""
    tab.log_in("talker@example.org")
    tab.open(path)
    tab.wait_until_drawn()
    tab.page.get_by_role("button", name="Ask", exact=True).click()
    return tab.page.get_by_role("dialog", name="Ask this dashboard")


def say(panel: Locator, text: str) -> Locator:
    """Ask, and return the exchange when its answer is whole."""
    panel.get_by_label("Your question").fill(text)
    panel.get_by_label("Your question").press("Enter")
    exchange = panel.get_by_role("log").get_by_role("region", name=text, exact=True).last
    expect(exchange).to_be_visible()
    expect(panel.get_by_role("button", name="Stop")).to_have_count(0)
    return exchange


def both_themes(page: Page, pictures: Path, name: str) -> None:
    page.mouse.move(0, 0)
    page.screenshot(path=pictures / f"{name}-light.png")
    page.evaluate("document.documentElement.setAttribute('data-mantine-color-scheme', 'dark')")
    page.screenshot(path=pictures / f"{name}-dark.png")
    page.evaluate("document.documentElement.setAttribute('data-mantine-color-scheme', 'light')")


def test_an_answer_is_redrawn_and_becomes_a_tile_that_stays(tab: Tab, board: str, pictures: Path) -> None:
    page = tab.page
    panel = opened(tab, board)

    first = say(panel, "total revenue by channel")
    expect(first.locator("[data-chart]")).to_have_attribute("data-ready", "true")
    first.get_by_text("SQL", exact=True).click()
    expect(first.locator("pre")).to_contain_text("GROUP BY")
    first.get_by_text("2 rows", exact=True).click()
    expect(first.get_by_role("table")).to_contain_text("shop")
    both_themes(page, pictures, "talk-first")

    pie = say(panel, "as a pie")
    expect(pie.locator("[data-chart=pie]")).to_have_attribute("data-ready", "true")
    both_themes(page, pictures, "talk-pie")

    pie.get_by_role("button", name="Add to dashboard").click()
    tile = page.get_by_role("article", name=re.compile("^Tile: total revenue by channel"))
    expect(tile).to_be_focused()
    expect(tile).to_be_in_viewport()
    page.screenshot(path=pictures / "talk-added.png")

    page.reload()
    expect(tile.locator("[data-chart=pie]")).to_have_attribute("data-ready", "true")
    assert tab.complaints == []


def test_undo_takes_the_new_tile_away(tab: Tab, board: str) -> None:
    page = tab.page
    panel = opened(tab, board)
    say(panel, "total revenue by channel").get_by_role("button", name="Add to dashboard").click()
    tile = page.get_by_role("article", name=re.compile("^Tile: total revenue by channel"))
    expect(tile).to_be_visible()

    page.get_by_role("button", name="Undo").click()

    expect(tile).to_have_count(0)
    assert tab.complaints == []


def test_conversations_are_found_again_and_deleted(tab: Tab, board: str, pictures: Path) -> None:
    page = tab.page
    panel = opened(tab, board)
    say(panel, "total revenue by channel")
    panel.get_by_role("button", name="New conversation").click()
    expect(panel.get_by_role("log").get_by_role("region")).to_have_count(0)
    say(panel, "Which region has the highest revenue?")

    page.reload()
    page.get_by_role("button", name="Ask", exact=True).click()
    panel.get_by_role("button", name="Conversations").click()
    past = panel.get_by_role("list", name="Conversations")
    expect(past.get_by_role("listitem")).to_have_count(2)
    both_themes(page, pictures, "talk-past")
    past.get_by_role("button", name="total revenue by channel").first.click()
    expect(panel.get_by_role("log").locator("[data-chart]")).to_have_attribute("data-ready", "true")

    panel.get_by_role("button", name="Conversations").click()
    past.get_by_role("button", name="Delete the conversation total revenue by channel").click()
    page.get_by_role("dialog", name="Delete this conversation?").get_by_role("button", name="Delete").click()
    expect(past.get_by_role("listitem")).to_have_count(1)
    assert tab.complaints == []


def test_who_may_only_look_gets_no_sql(
    tab: Tab, demo_server: Server, talker: Person, board: str, pictures: Path
) -> None:
    looker = demo_server.person("looker@example.org", role="viewer")
    answer = talker.post(f"/api/v1/bi{board}/share", json={"shared_with": [looker.id]})
    assert answer.status_code == 200, answer.text
    tab.page.set_viewport_size({"width": 390, "height": 844})
    tab.log_in("looker@example.org")
    tab.open(board)
    tab.wait_until_drawn()
    tab.page.get_by_role("button", name="Ask", exact=True).click()
    panel = tab.page.get_by_role("dialog", name="Ask this dashboard")

    known = say(panel, "Which region has the highest revenue?")
    expect(known).to_contain_text("North")
    tab.page.screenshot(path=pictures / "talk-phone.png")
    refused = say(panel, "total revenue by channel")

    expect(refused).to_contain_text("Not answered")
    expect(panel.get_by_text("SQL", exact=True)).to_have_count(0)
    expect(panel.get_by_role("button", name="Add to dashboard")).to_have_count(0)
    assert tab.complaints == []
