"""A tile explained: sentences that open to their numbers, points marked on the chart, by mouse and by keyboard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.conftest import PATIENCE_MS, Tab
from live import Person, Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

DAYS = [f"2026-03-{day:02d}" for day in range(1, 32)]
SIGNUPS = [500, 491, 479, 509, 705, 513, 507, 506, 498, 514, 491, 496, 478, 492, 484, 477]
SIGNUPS += [520, 511, 496, 472, 504, 505, 318, 478, 515, 526, 496, 480, 501, 479, 497]


@pytest.fixture(scope="module")
def dashboard(demo_server: Server) -> tuple[Person, str]:
    """A dashboard with one line that has a spike and a dip, and its owner."""
    owner = demo_server.person("explainer@example.org", role="editor")
    lines = "\n".join(f"{day},{count}" for day, count in zip(DAYS, SIGNUPS, strict=True))
    source = owner.upload("signups.csv", f"day,signups\n{lines}\n".encode(), name="Signups")["datasource_id"]
    made = owner.new_dashboard(name="Signups of March")
    for chart_type, row in (("line", 0), ("bar", 4)):
        owner.new_tile(
            made["id"],
            title=f"Signups, {chart_type}",
            tile_type="chart",
            chart_type=chart_type,
            datasource_id=source,
            query="SELECT day, signups FROM signups ORDER BY day",
            chart_config={"xField": "day", "yField": "signups"},
            grid_x=0,
            grid_y=row,
            grid_w=8,
            grid_h=4,
        )
    return owner, f"/dashboards/{made['id']}"


def explained(page: Page, title: str) -> Locator:
    """Open the panel of a tile by its menu."""
    tile = page.locator(f"[data-tile][aria-label='Tile: {title}']")
    tile.hover()
    tile.get_by_role("button", name=re.compile("Actions")).click()
    page.get_by_role("menuitem", name="Explain").click()
    panel = page.get_by_role("dialog", name=f"What “{title}” shows")
    expect(panel.get_by_text("Unusual spike of signups on 5 March 2026: 705")).to_be_visible()
    return panel


def test_a_sentence_opens_to_its_numbers_and_escape_closes(
    tab: Tab, dashboard: tuple[Person, str], pictures: Path
) -> None:
    owner, path = dashboard
    tab.log_in(owner.email)
    tab.open(path)
    tab.wait_until_drawn()
    panel = explained(tab.page, "Signups, line")

    panel.get_by_text("Unusual dip of signups").last.click()

    expect(panel.locator("details[open] dl")).to_contain_text("318")
    tab.page.wait_for_timeout(600)
    tab.page.screenshot(path=pictures / "explain-open.png")
    tab.page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    assert tab.complaints == []


@pytest.mark.parametrize(
    ("width", "height", "scheme"), [(1440, 900, "light"), (1440, 900, "dark"), (390, 844, "light")]
)
def test_the_marks_are_drawn_in_both_themes_and_on_a_phone(
    browser: Browser,
    demo_server: Server,
    dashboard: tuple[Person, str],
    pictures: Path,
    width: int,
    height: int,
    scheme: str,
) -> None:
    owner, path = dashboard
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    tab = Tab(context.new_page(), demo_server)
    tab.log_in(owner.email)
    tab.open(path)
    tab.wait_until_drawn()
    canvas = tab.page.locator("[data-chart='line'] canvas").first
    before = canvas.screenshot()

    explained(tab.page, "Signups, line")

    tab.page.wait_for_timeout(800)
    tab.page.screenshot(path=pictures / f"explain-{scheme}-{width}.png")
    assert canvas.screenshot() != before or width < 500
    assert tab.complaints == []
    context.close()


def test_in_spanish_and_by_keyboard_alone(tab: Tab, dashboard: tuple[Person, str], pictures: Path) -> None:
    owner, path = dashboard
    tab.log_in(owner.email)
    tab.page.evaluate("localStorage.setItem('tesela.locale', 'es')")
    tab.open(path)
    tab.wait_until_drawn()
    tile = tab.page.locator("[data-tile]").first
    tile.get_by_role("button", name=re.compile("Acciones")).focus()
    tab.page.keyboard.press("Enter")
    item = tab.page.get_by_role("menuitem", name="Explicar")
    expect(item).to_be_visible()
    item.focus()
    tab.page.keyboard.press("Enter")
    panel = tab.page.get_by_role("dialog")
    sentence = panel.locator("summary").first
    expect(sentence).to_be_visible(timeout=PATIENCE_MS)

    sentence.focus()
    tab.page.keyboard.press("Enter")

    expect(panel.locator("details[open]")).to_have_count(1)
    expect(panel).to_contain_text("pico inusual el 5 de marzo de 2026: 705")
    tab.page.screenshot(path=pictures / "explain-es.png")
