"""What a person sees and does, in Chromium."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from browser.conftest import PATIENCE_MS, Tab
from live import Person, Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

DASHBOARDS = ("New York flights 2013", "Why flights are late", "Airlines and their aircraft")
README_PICTURE = Path(__file__).parent.parent.parent / "docs" / "img" / "dashboard.png"


@pytest.fixture(scope="module")
def author(demo_server: Server) -> Person:
    return demo_server.person("author@example.org")


@pytest.fixture
def made(author: Person) -> dict[str, Any]:
    """A dashboard of the author's own with two tiles side by side."""
    source = next(one["id"] for one in author.get("/api/datasources").json() if one["name"] == "Flights 2013")
    dashboard = author.new_dashboard(name="Drawn by hand")
    add = {"tile_type": "chart", "chart_type": "bar", "datasource_id": source}
    query = "SELECT origin, count(*) AS flights FROM flights GROUP BY 1 ORDER BY 1"
    config = {"xField": "origin", "yField": "flights"}
    for title in ("Left", "Right"):
        author.new_tile(dashboard["id"], title=title, query=query, chart_config=config, **add)
    return dashboard


def test_a_newcomer_sees_every_tile_of_the_demo_drawn(tab: Tab) -> None:
    tab.log_in()

    drawn = 0
    for name in DASHBOARDS:
        tab.open("/")
        tab.page.get_by_role("link", name=re.compile(re.escape(name))).first.click()
        pages = tab.page.get_by_role("tab")
        expect(tab.page.get_by_role("heading", name=name)).to_be_visible()
        drawn += tab.wait_until_drawn()
        for number in range(1, pages.count()):
            pages.nth(number).click()
            drawn += tab.wait_until_drawn()

    script = (
        "fetch('/api/dashboards').then(r => r.json()).then(list => list.map(d => [d.name, d.tile_count]))"
    )
    counts = dict(tab.page.evaluate(script))
    assert drawn == sum(counts[name] for name in DASHBOARDS) > 45
    assert tab.complaints == []


def test_an_edited_query_and_a_dragged_tile_are_there_after_a_reload(
    tab: Tab, author: Person, made: dict[str, Any]
) -> None:
    page = tab.page
    url = f"/api/dashboards/{made['id']}"
    tab.log_in(author.email)
    tab.open(f"/dashboards/{made['id']}")
    tab.wait_until_drawn()

    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_role("button", name="Edit: Left").click()
    editor = page.locator(".cm-content").first
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT carrier, count(*) AS flights FROM flights GROUP BY 1 ORDER BY 2 DESC LIMIT 3")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("3 rows")).to_be_visible()
    page.get_by_role("button", name="Save tile").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    _drag(tab, "Left", by=(0, 500))
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.get_by_role("button", name="Done").click()
    page.reload()
    tab.wait_until_drawn()

    tiles = {one["title"]: one for one in author.get(url).json()["tiles"]}
    assert "carrier" in tiles["Left"]["query"]
    assert tiles["Left"]["grid_y"] > 0
    left = page.locator(f"[data-tile='{tiles['Left']['id']}']").bounding_box()
    right = page.locator(f"[data-tile='{tiles['Right']['id']}']").bounding_box()
    assert left is not None
    assert right is not None
    assert left["y"] > right["y"]
    assert tab.complaints == []


def test_a_failing_tile_says_why_and_the_others_go_on(tab: Tab, author: Person, made: dict[str, Any]) -> None:
    url = f"/api/dashboards/{made['id']}"
    left = next(one for one in author.get(url).json()["tiles"] if one["title"] == "Left")
    author.put(f"{url}/tiles/{left['id']}", json={"query": "SELECT nothing FROM flights"})
    tab.log_in(author.email)

    tab.open(f"/dashboards/{made['id']}")

    failing = tab.page.locator(f"[data-tile='{left['id']}']")
    expect(failing.get_by_text(re.compile("nothing"))).to_be_visible()
    expect(failing.get_by_role("button", name=re.compile("retry|again", re.IGNORECASE))).to_be_visible()
    expect(
        tab.page.locator("[data-tile]", has_text="Right").locator("[data-ready=true]").first
    ).to_be_attached()


def test_somebody_not_logged_in_is_led_to_the_login(tab: Tab) -> None:
    tab.open("/datasources")

    expect(tab.page).to_have_url(re.compile("/login"))
    expect(tab.page.get_by_label(re.compile("e-?mail", re.IGNORECASE))).to_be_visible()


@pytest.fixture(
    params=[(1440, 900, "light"), (1440, 900, "dark"), (390, 844, "light"), (390, 844, "dark")],
    ids=lambda one: f"{one[0]}-{one[2]}",
)
def view(request: pytest.FixtureRequest, browser: Browser, demo_server: Server) -> Iterator[tuple[Tab, str]]:
    width, height, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, has_touch=width < 500
    )
    yield Tab(context.new_page(), demo_server), f"{width}-{scheme}"
    context.close()


def test_every_page_fits_its_screen(view: tuple[Tab, str], pictures: Path) -> None:
    tab, name = view
    tab.log_in()

    for shown in ("/", "/datasources", *_dashboards(tab)):
        tab.open(shown)
        if shown.startswith("/dashboards/"):
            tab.wait_until_drawn()
            tab.page.evaluate("scrollTo(0, 0)")
        tab.page.wait_for_load_state("networkidle", timeout=PATIENCE_MS)
        tab.page.screenshot(path=pictures / f"{name}{shown.replace('/', '-')}.png")
        wide = tab.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{shown} is {wide} pixels too wide"
        if name == "1440-light" and shown == _dashboards(tab)[0] and os.environ.get("TESELA_UPDATE_PICTURES"):
            tab.page.screenshot(path=README_PICTURE)

    assert tab.complaints == []


def _dashboards(tab: Tab) -> list[str]:
    script = "fetch('/api/dashboards').then(r => r.json()).then(list => list.map(d => [d.name, d.id]))"
    found = dict(tab.page.evaluate(script))
    return [f"/dashboards/{found[name]}" for name in DASHBOARDS]


def _drag(tab: Tab, title: str, *, by: tuple[int, int]) -> None:
    """Drag a tile by its handle, as a hand does: in steps."""
    handle = tab.page.locator(".tile-drag-handle", has_text=title).first
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + 20, box["y"] + box["height"] / 2
    tab.page.mouse.move(x, y)
    tab.page.mouse.down()
    for step in range(1, 11):
        tab.page.mouse.move(x + by[0] * step / 10, y + by[1] * step / 10)
    tab.page.mouse.up()
