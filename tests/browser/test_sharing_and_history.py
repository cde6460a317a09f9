"""Share, look as a guest, keep and restore a state, undo and redo, move a dashboard to another tenant: in Chromium."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from browser.conftest import Tab
from live import Person, Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ORDERS = b"region,amount\nNorth,10\nSouth,32\n"
SECRET_SQL = "SELECT region AS place, amount FROM orders -- canary-sql"


@pytest.fixture(scope="module")
def owner(demo_server: Server) -> Person:
    return demo_server.person("sharing@example.org")


@pytest.fixture(scope="module")
def orders(owner: Person) -> str:
    found: str = owner.upload("orders.csv", ORDERS, name="Orders canary-source")["datasource_id"]
    return found


@pytest.fixture
def made(owner: Person, orders: str) -> dict[str, Any]:
    """A dashboard with a chart and a text."""
    dashboard = owner.new_dashboard(name="Orders of the year")
    owner.new_tile(
        dashboard["id"],
        title="By region",
        tile_type="chart",
        chart_type="bar",
        datasource_id=orders,
        query=SECRET_SQL,
        chart_config={"xField": "place", "yField": "amount"},
    )
    owner.new_tile(dashboard["id"], title="Note", tile_type="text", content="Words of the first state")
    return dashboard


@pytest.fixture
def opened(tab: Tab, owner: Person, made: dict[str, Any]) -> Tab:
    tab.log_in(owner.email)
    tab.open(f"/dashboards/{made['id']}")
    tab.wait_until_drawn()
    return tab


def choose(tab: Tab, item: str) -> None:
    """Choose an item of the dashboard's own menu."""
    tab.page.get_by_role("button", name="More actions", exact=True).click()
    tab.page.get_by_role("menuitem", name=item).click()


def test_a_guest_sees_the_shared_dashboard_and_nothing_of_the_inside(
    opened: Tab, browser: Browser, pictures: Path
) -> None:
    page = opened.page
    choose(opened, "Share…")
    page.get_by_role("tab", name="Link").click()
    page.get_by_role("button", name="Create a public link").click()
    page.get_by_role("button", name="Make public").click()
    link = page.get_by_label("Public link").input_value()

    context = browser.new_context(viewport={"width": 390, "height": 844})
    guest = Tab(context.new_page(), opened.server)
    received: list[str] = []
    guest.page.on("response", lambda one: received.append(one.text()) if "/api/" in one.url else None)
    guest.page.goto(link)
    guest.wait_until_drawn()
    guest.page.screenshot(path=pictures / "390-public.png")

    expect(guest.page.get_by_text("Words of the first state")).to_be_visible()
    assert received
    assert not re.search('canary|SELECT|@example.org|datasource_id":\\s*"', " ".join(received))
    assert guest.complaints == []
    page.get_by_role("button", name="Switch off").click()
    expect(page.get_by_role("button", name="Make public")).to_be_visible()
    guest.page.reload()
    expect(guest.page.get_by_text("Words of the first state")).to_have_count(0)
    context.close()


def test_a_named_state_comes_back_with_its_tiles(opened: Tab, owner: Person, made: dict[str, Any]) -> None:
    page = opened.page
    url = f"/api/dashboards/{made['id']}"
    before = owner.get(url).json()["tiles"]
    choose(opened, "History…")
    page.get_by_role("tab", name="Checkpoints").click()
    page.get_by_role("form", name="New checkpoint").get_by_label("Name", exact=False).first.fill(
        "Before the storm"
    )
    page.get_by_role("button", name="Keep this state").click()
    expect(page.get_by_text("Before the storm").first).to_be_visible()
    for tile in before:
        owner.delete(f"{url}/tiles/{tile['id']}")

    page.get_by_role("button", name='Restore "Before the storm"').click()
    page.get_by_role("button", name="Restore", exact=True).last.click()

    page.keyboard.press("Escape")
    expect(page.get_by_text("Words of the first state")).to_be_visible()
    after = owner.get(url).json()["tiles"]
    assert [(one["id"], one["title"]) for one in after] == [(one["id"], one["title"]) for one in before]


def test_undo_and_redo_survive_the_autosave(opened: Tab, owner: Person, made: dict[str, Any]) -> None:
    page = opened.page
    url = f"/api/dashboards/{made['id']}"
    before = {one["id"] for one in owner.get(url).json()["tiles"]}
    page.get_by_role("button", name="Edit", exact=True).click()

    page.get_by_role("button", name="Actions for Note").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    expect(page.get_by_text("Words of the first state")).to_have_count(0)
    _wait_for_tiles(owner, url, 1)
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Words of the first state")).to_be_visible()
    _wait_for_tiles(owner, url, 2)
    assert {one["id"] for one in owner.get(url).json()["tiles"]} == before
    page.keyboard.press("Control+Shift+z")

    expect(page.get_by_text("Words of the first state")).to_have_count(0)
    _wait_for_tiles(owner, url, 1)


def test_a_dashboard_moves_to_another_tenant(
    opened: Tab, browser: Browser, demo_server: Server, tmp_path: Path
) -> None:
    with opened.page.expect_download() as download:
        choose(opened, "Export configuration")
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    other = demo_server.person("importer@example.org", role="admin", tenant="moved")
    other.upload("orders.csv", b"region,amount\nEast,7\n", name="Their orders")

    context = browser.new_context(viewport={"width": 1440, "height": 900})
    tab = Tab(context.new_page(), demo_server)
    tab.log_in(other.email)
    tab.open("/")
    tab.page.get_by_role("button", name="Import", exact=True).first.click()
    tab.page.locator("input[type=file]").set_input_files(file)
    tab.page.get_by_role("button", name="Continue").click()
    tab.page.get_by_role("combobox").or_(tab.page.get_by_placeholder("Choose a datasource")).last.click()
    tab.page.get_by_role("option", name=re.compile("Their orders")).click()
    tab.page.get_by_role("button", name="Continue").click()
    tab.page.get_by_role("button", name="Import", exact=True).last.click()
    expect(tab.page.get_by_role("heading", name=re.compile("Orders of the year"))).to_be_visible()
    tab.wait_until_drawn()

    assert file.name.endswith(".qry-dashboard.json")
    moved = other.get("/api/dashboards").json()
    assert [one["name"] for one in moved] == ["Orders of the year"]
    data = other.get(f"/api/dashboards/{moved[0]['id']}/data").json()
    chart = next(one for one in data["tiles"] if one["title"] == "By region")
    assert chart["data"]["rows"] == [{"place": "East", "amount": 7}]
    context.close()


def _wait_for_tiles(owner: Person, url: str, count: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if owner.get(url).json()["tile_count"] == count:
            return
        time.sleep(0.1)
    raise AssertionError(f"there are not {count} tiles")
