"""Reading in the frame of another site: filters, clicks, drill, details, downloads, tokens that end; in Chromium."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, expect

from browser.test_embedding import SECRET, Site, example, serving, trusting
from live import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

FRUIT = b"""region,product,colour,amount
North,apple,red,100
North,apple,green,60
North,pear,green,40
North,plum,blue,9
South,apple,red,7000
South,plum,blue,5000
"""
BARS = "Amount by product"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving() as started:
        yield started


@pytest.fixture(scope="module")
def tesela(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Iterator[Server]:
    with trusting(tmp_path_factory.mktemp("embedded"), site) as server:
        yield server


@pytest.fixture(scope="module")
def dashboard_id(tesela: Server) -> str:
    """A dashboard with two pages that everybody of the tenant sees and can click in."""
    owner = tesela.admin()
    source = owner.upload("sales.csv", FRUIT)["datasource_id"]
    made = owner.post("/api/v1/bi/dashboards", json={"name": "Fruit", "visibility": "tenant"}).json()
    found = str(made["id"]).removeprefix("dash-")
    path = f"/api/dashboards/{found}"
    products = {"query": "SELECT DISTINCT product FROM sales ORDER BY 1", "datasource_id": source}
    filters = [
        {"name": "region", "field": "region", "type": "select", "options": ["North", "South"]},
        {"name": "product", "field": "product", "type": "multi_select", "options": products},
    ]
    assert owner.put(path, json={"filters": filters}).status_code == 200
    owner.new_tile(
        found,
        title="Sold",
        tile_type="kpi",
        datasource_id=source,
        query="SELECT SUM(amount) AS sold FROM sales",
        chart_config={"valueField": "sold", "cross_filter_enabled": True},
        grid_w=4,
        grid_h=2,
    )
    owner.new_tile(
        found,
        title=BARS,
        tile_type="chart",
        chart_type="bar",
        datasource_id=source,
        query="SELECT product, SUM(amount) AS amount FROM sales GROUP BY product ORDER BY amount DESC",
        chart_config={
            "xField": "product",
            "yField": "amount",
            "horizontal": True,
            "cross_filter_enabled": True,
            "drill_levels": [{"id_column": "product"}, {"id_column": "colour"}],
            "detail_query": "SELECT * FROM sales WHERE 1 = 1 ${detail.where}",
        },
        grid_y=2,
        grid_w=7,
        grid_h=5,
    )
    owner.new_tile(
        found,
        title="Lines",
        tile_type="table",
        datasource_id=source,
        query="SELECT product, colour, amount FROM sales ORDER BY amount DESC",
        chart_config={"cross_filter_enabled": True},
        grid_x=7,
        grid_y=2,
        grid_w=5,
        grid_h=5,
    )
    page = owner.post(f"{path}/pages", json={"name": "More"}).json()
    more = {"title": "Counted", "tile_type": "kpi", "datasource_id": source, "page_id": page["id"]}
    config = {"valueField": "n"}
    owner.new_tile(found, **more, query="SELECT COUNT(*) AS n FROM sales", chart_config=config)
    return found


@pytest.fixture(autouse=True)
def as_it_was(site: Site) -> None:
    site.locks, site.secret = {"region": "North"}, SECRET
    site.given.clear()


class Framed:
    """The page of another site, and the frame in it."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.page: Page = context.new_page()
        self.page.goto(f"{site.origin}/")
        self.frame: FrameLocator = self.page.frame_locator("#board")

    def tile(self, title: str) -> Locator:
        return self.frame.locator(f"[data-tile][aria-label='Tile: {title}']")

    def bar(self) -> Locator:
        return self.frame.get_by_test_id("filter-bar")

    def sold(self, number: str) -> None:
        expect(self.tile("Sold").get_by_text(number, exact=True)).to_be_visible()

    def click_first_bar(self) -> None:
        self.drawn(BARS)
        box = self.tile(BARS).locator("canvas").first.bounding_box()
        assert box is not None
        self.page.mouse.click(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.17)

    def drawn(self, title: str) -> None:
        expect(self.tile(title).locator("[data-ready=true]").first).to_be_attached()

    def filter_by_apple(self) -> None:
        self.bar().get_by_role("button", name=re.compile("^Product")).first.click()
        self.frame.get_by_label("apple", exact=True).check()
        self.page.keyboard.press("Escape")

    def menu(self, title: str, item: str) -> None:
        self.tile(title).hover()
        self.tile(title).get_by_role("button", name=re.compile("^Actions for")).click()
        self.frame.get_by_role("menuitem", name=item).click()


@pytest.fixture
def framed(context: BrowserContext, site: Site, tesela: Server, dashboard_id: str) -> Framed:
    site.pages["/"] = example(tesela, dashboard_id)
    made = Framed(context, site)
    made.sold("209")
    return made


def test_a_locked_filter_is_not_seen_and_the_others_narrow_what_is_left(
    framed: Framed, tesela: Server
) -> None:
    framed.filter_by_apple()

    framed.sold("160")
    expect(framed.bar().locator("[data-filter]")).to_have_count(1)
    expect(framed.frame.get_by_text("region", exact=False)).to_have_count(0)
    expect(framed.frame.get_by_text("North")).to_have_count(0)


def test_a_locked_filter_is_not_changed_from_the_address(
    context: BrowserContext, site: Site, tesela: Server, dashboard_id: str
) -> None:
    page = example(tesela, dashboard_id)
    site.pages["/"] = page.replace(f'{dashboard_id}"', f'{dashboard_id}?f.region=South&f.product=apple"')

    framed = Framed(context, site)

    framed.sold("160")


def test_a_click_filters_the_others_and_a_chip_takes_it_back(framed: Framed) -> None:
    framed.click_first_bar()
    framed.frame.get_by_role("menuitem", name=re.compile("^Filter the others")).click()
    framed.sold("160")

    framed.bar().get_by_role("button", name=re.compile("apple")).click()

    framed.sold("209")


def test_drilling_down_and_up_again(framed: Framed) -> None:
    framed.click_first_bar()
    framed.frame.get_by_role("menuitem", name=re.compile("^Open apple")).click()
    bars = framed.tile(BARS)
    expect(bars.locator("[role=img]")).to_have_attribute("aria-label", re.compile("green"))

    bars.get_by_role("button", name="All").click()

    expect(bars.locator("[role=img]")).to_have_attribute("aria-label", re.compile("plum"))


def test_the_rows_behind_a_click_are_seen_and_downloaded(framed: Framed, tmp_path: Path) -> None:
    framed.click_first_bar()
    framed.frame.get_by_role("menuitem", name="Show the rows behind it").click()
    dialog = framed.frame.get_by_role("dialog")
    expect(dialog.get_by_role("row").nth(2)).to_contain_text("apple")
    expect(dialog.get_by_text("7,000")).to_have_count(0)

    with framed.page.expect_download() as file:
        dialog.get_by_role("button", name="Download CSV").click()

    file.value.save_as(tmp_path / "rows.csv")
    assert sorted(int(row["amount"]) for row in rows_of(tmp_path / "rows.csv")) == [60, 100]


def test_tiles_and_the_whole_are_downloaded_as_they_are_shown(
    context: BrowserContext, framed: Framed, site: Site, tmp_path: Path
) -> None:
    asked: list[Any] = []
    context.on("request", lambda one: asked.append(one) if "/export" in one.url else None)
    framed.filter_by_apple()
    framed.sold("160")

    with framed.page.expect_download() as tile:
        framed.menu("Lines", "Download CSV")
    with framed.page.expect_download() as whole:
        framed.frame.get_by_role("button", name="Download as a workbook").click()

    tile.value.save_as(tmp_path / "lines.csv")
    whole.value.save_as(tmp_path / "book.xlsx")
    assert sorted(int(row["amount"]) for row in rows_of(tmp_path / "lines.csv")) == [60, 100]
    assert "Lines" in openpyxl.load_workbook(tmp_path / "book.xlsx").sheetnames
    assert [one.headers["authorization"] for one in asked] == [f"Bearer {site.given[-1]}"] * 2
    assert not any(site.given[-1] in one.url for one in asked)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_pages_one_tile_alone_and_nothing_to_change(framed: Framed) -> None:
    framed.menu("Lines", "View")
    dialog = framed.frame.get_by_role("dialog")
    expect(dialog.get_by_role("row").nth(1)).to_contain_text("apple")
    framed.page.keyboard.press("Escape")

    framed.frame.get_by_role("tab", name="More").click()
    expect(framed.tile("Counted").get_by_text("4", exact=True)).to_be_visible()

    for name in ("Edit", "More actions", "Full screen", "Ask"):
        expect(framed.frame.get_by_role("button", name=name, exact=True)).to_have_count(0)
    framed.tile("Counted").get_by_role("button", name=re.compile("^Actions for")).click()
    expect(framed.frame.get_by_role("menuitem", name="Download CSV")).to_be_visible()
    for name in ("Edit tile", "Duplicate", "Delete", "Copy link"):
        expect(framed.frame.get_by_role("menuitem", name=name)).to_have_count(0)


def test_a_new_token_keeps_what_the_reader_did(framed: Framed, site: Site) -> None:
    framed.filter_by_apple()
    framed.sold("160")
    framed.click_first_bar()
    framed.frame.get_by_role("menuitem", name=re.compile("^Open apple")).click()
    expect(framed.tile(BARS).get_by_role("button", name="All")).to_be_visible()

    site.locks = {"region": "South"}
    framed.page.evaluate(
        "document.getElementById('board').contentWindow.postMessage({type: 'tesela:token', token: 'x'}, '*')"
    )
    before = len(site.given)
    framed.frame.get_by_role("button", name="Refresh", exact=True).first.click()

    framed.sold("7,000")
    assert len(site.given) == before + 1
    expect(framed.tile(BARS).get_by_role("button", name="All")).to_be_visible()
    expect(framed.bar().get_by_role("button", name=re.compile("^Product.*apple")).first).to_be_visible()


def test_a_site_that_falls_silent_is_told_of_and_asked_again(
    context: BrowserContext, site: Site, tesela: Server, dashboard_id: str
) -> None:
    page = example(tesela, dashboard_id)
    site.pages["/"] = page.replace("addEventListener(", "window.late = () => addEventListener(")

    framed = Framed(context, site)
    expect(framed.frame.get_by_text("does not say who is looking")).to_be_visible()
    framed.page.evaluate("window.late()")

    framed.sold("209")
    expect(framed.frame.get_by_text("does not say who is looking")).to_have_count(0)


@pytest.mark.parametrize("about", ["right", "issuer"])
def test_who_may_not_look_is_told_so(
    context: BrowserContext, site: Site, tesela: Server, dashboard_id: str, about: str
) -> None:
    page = example(tesela, dashboard_id)
    if about == "right":
        mine = tesela.admin().new_dashboard()
        page = page.replace(dashboard_id, mine["id"])
    else:
        site.secret = "another-secret-that-nobody-trusts-0123456789"
    site.pages["/"] = page

    framed = Framed(context, site)

    said = "not yours to see" if about == "right" else "could not learn who is looking"
    expect(framed.frame.get_by_role("alert")).to_contain_text(said)


def test_the_site_says_the_look_and_learns_the_height(
    context: BrowserContext, site: Site, tesela: Server, dashboard_id: str
) -> None:
    page = example(tesela, dashboard_id)
    heard = "addEventListener('message', ({data}) => data.height && heights.push(data))"
    site.pages["/"] = f"<script>heights = []; {heard}</script>{page}"
    framed = Framed(context, site)
    framed.sold("209")
    root = framed.frame.locator("html")
    expect(root).to_have_attribute("data-mantine-color-scheme", "light")

    say = "theme => board.contentWindow.postMessage({type: 'tesela:theme', theme}, '*')"
    framed.page.evaluate(say, "dark")
    expect(root).to_have_attribute("data-mantine-color-scheme", "dark")
    framed.page.evaluate(say, "auto")
    expect(root).to_have_attribute("data-mantine-color-scheme", "light")
    framed.page.emulate_media(color_scheme="dark")
    expect(root).to_have_attribute("data-mantine-color-scheme", "dark")

    told = framed.page.evaluate("heights.at(-1)")
    content = framed.frame.locator("main").evaluate("one => one.getBoundingClientRect().height")
    assert told["type"] == "tesela:height"
    assert abs(told["height"] - content) <= 1
    framed.page.evaluate("board.height = heights.at(-1).height")
    framed.page.wait_for_timeout(500)
    assert framed.page.evaluate("heights.at(-1).height") == told["height"]
    assert framed.frame.locator("html").evaluate("one => one.scrollHeight <= one.clientHeight")


def test_in_a_tall_frame_what_opens_stands_where_the_reader_looks(
    context: BrowserContext, site: Site, tesela: Server, dashboard_id: str
) -> None:
    page = example(tesela, dashboard_id)
    site.pages["/"] = page.replace('height="800"', 'height="4000"')
    framed = Framed(context, site)
    framed.sold("209")

    framed.page.mouse.wheel(0, 250)
    framed.page.wait_for_timeout(300)
    framed.menu("Lines", "View")
    dialog = framed.frame.get_by_role("dialog")
    expect(dialog.get_by_role("row").nth(1)).to_contain_text("apple")

    box = dialog.bounding_box()
    assert box is not None
    assert -2 <= box["y"] <= 2, box
    assert box["height"] <= 902, box


def test_in_spanish_and_on_a_phone(
    context: BrowserContext, site: Site, tesela: Server, dashboard_id: str, pictures: Path
) -> None:
    assert context.browser is not None
    site.pages["/"] = example(tesela, dashboard_id)
    phone = context.browser.new_context(
        viewport={"width": 390, "height": 844}, locale="es-ES", has_touch=True, color_scheme="dark"
    )
    framed = Framed(phone, site)
    framed.page.wait_for_timeout(1_000)
    expect(framed.frame.get_by_role("button", name="Filtros")).to_be_visible()
    expect(framed.frame.locator("html")).to_have_attribute("lang", "es")
    framed.page.screenshot(path=pictures / "embedded-phone.png", full_page=True)
    phone.close()
