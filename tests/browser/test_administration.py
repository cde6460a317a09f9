"""Share with a person and take it back, make a team, read the audit, suspend a tenant: in Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import Tab
from live import Person, Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TITLE = "Gates and their delays"


@pytest.fixture(scope="module")
def owner(demo_server: Server) -> Person:
    return demo_server.person("gates@example.org")


@pytest.fixture(scope="module")
def reader(demo_server: Server) -> Person:
    return demo_server.person("reader.of.gates@example.org", role="viewer")


@pytest.fixture
def made(owner: Person) -> dict[str, Any]:
    """A dashboard that is private."""
    dashboard = owner.new_dashboard(name=TITLE)
    owner.new_tile(dashboard["id"], title="Note", tile_type="text", content="Words about gates")
    return dashboard


@pytest.fixture
def readers_tab(browser: Browser, demo_server: Server, reader: Person) -> Iterator[Tab]:
    """The tab of somebody who only reads, on a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    tab = Tab(context.new_page(), demo_server)
    tab.log_in(reader.email)
    yield tab
    context.close()


def share_dialog(tab: Tab, dashboard_id: str) -> Page:
    tab.open(f"/dashboards/{dashboard_id}")
    tab.wait_until_drawn()
    tab.page.get_by_role("button", name="More actions", exact=True).click()
    tab.page.get_by_role("menuitem", name="Share…").click()
    expect(tab.page.get_by_role("tab", name="People")).to_be_visible()
    return tab.page


def pick(page: Page, label: str, typed: str) -> None:
    """Find somebody by a part of their name, and take them."""
    page.get_by_role("combobox", name=label).fill(typed)
    page.get_by_role("option", name=re.compile(typed)).first.click()


def test_a_person_sees_what_is_shared_with_them_until_it_is_taken_back(
    tab: Tab, readers_tab: Tab, owner: Person, made: dict[str, Any], pictures: Path
) -> None:
    readers_tab.open("/dashboards")
    expect(readers_tab.page.get_by_role("heading", name="Dashboards")).to_be_visible()
    expect(readers_tab.page.get_by_text(TITLE)).to_have_count(0)

    tab.log_in(owner.email)
    page = share_dialog(tab, made["id"])
    pick(page, "Share with people and teams", "reader.of.gates")
    take_back = page.get_by_role("button", name=re.compile("^Stop sharing with"))
    expect(take_back).to_be_visible()
    page.screenshot(path=pictures / "1440-share-people.png")
    readers_tab.page.reload()
    readers_tab.page.get_by_text(TITLE).first.click()
    expect(readers_tab.page.get_by_text("Words about gates")).to_be_visible()
    expect(readers_tab.page.get_by_role("button", name="Edit", exact=True)).to_have_count(0)

    take_back.click()
    expect(take_back).to_have_count(0)
    expect(page.get_by_text("does not see it any more")).to_be_visible()
    readers_tab.page.reload()
    expect(readers_tab.page.get_by_text("Words about gates")).to_have_count(0)
    readers_tab.open("/dashboards")
    expect(readers_tab.page.get_by_role("heading", name="Dashboards")).to_be_visible()
    expect(readers_tab.page.get_by_text(TITLE)).to_have_count(0)
    assert tab.complaints == []


def test_a_dashboard_for_everybody_is_in_everybodys_list_and_has_no_link(
    tab: Tab, readers_tab: Tab, owner: Person, made: dict[str, Any]
) -> None:
    tab.log_in(owner.email)
    page = share_dialog(tab, made["id"])
    everybody = page.get_by_role("radio", name="Everybody in this organisation")
    with page.expect_response(lambda one: one.request.method == "POST" and "/share" in one.url):
        everybody.click()
    expect(everybody).to_be_checked()

    readers_tab.open(f"/dashboards/{made['id']}")
    expect(readers_tab.page.get_by_text("Words about gates")).to_be_visible()
    page.get_by_role("tab", name="Link").click()
    expect(page.get_by_text("Not public")).to_be_visible()
    owner.delete(f"/api/dashboards/{made['id']}")


def test_an_admin_makes_a_team_and_what_is_shared_with_it_reaches_its_members(
    tab: Tab, readers_tab: Tab, owner: Person, made: dict[str, Any], pictures: Path
) -> None:
    tab.log_in()
    page = tab.page
    page.get_by_role("link", name="Teams").click()
    page.get_by_role("button", name="New team").click()
    page.get_by_label("Name").fill("Readers of gates")
    page.get_by_role("button", name="Create").click()
    page.get_by_role("button", name="Show members: Readers of gates").click()
    pick(page, "Add a member", "reader.of.gates")
    expect(page.get_by_role("button", name=re.compile("out of the team"))).to_be_visible()
    page.screenshot(path=pictures / "1440-teams.png")

    share_dialog(tab, made["id"])
    pick(page, "Share with people and teams", "Readers of gates")
    expect(page.get_by_role("button", name="Stop sharing with Readers of gates")).to_be_visible()
    readers_tab.open(f"/dashboards/{made['id']}")
    expect(readers_tab.page.get_by_text("Words about gates")).to_be_visible()

    readers_tab.open("/teams")
    expect(readers_tab.page.get_by_role("heading", name="Readers of gates")).to_be_visible()
    expect(readers_tab.page.get_by_role("button", name="New team")).to_have_count(0)
    readers_tab.page.get_by_role("button", name="Open the menu").click()
    expect(readers_tab.page.get_by_role("link", name="Teams")).to_be_visible()
    expect(readers_tab.page.get_by_role("link", name="Audit")).to_have_count(0)
    assert tab.complaints == []


def test_an_admin_reads_the_audit_and_takes_it_as_a_file(
    tab: Tab, owner: Person, made: dict[str, Any], pictures: Path
) -> None:
    name = f"Gates of {made['id'][:8]}"
    assert owner.put(f"/api/dashboards/{made['id']}", json={"name": name}).status_code == 200
    tab.log_in()
    page = tab.page
    page.get_by_role("link", name="Audit").click()
    line = page.get_by_role("row").filter(has_text=name)
    expect(line.first).to_contain_text("Changed a dashboard")
    page.get_by_role("combobox", name="Deed").fill("Made a dash")
    page.get_by_role("option", name="Made a dashboard").click()
    expect(page).to_have_url(re.compile("action=create_dashboard"))
    expect(line).to_have_count(0)
    page.screenshot(path=pictures / "1440-audit.png")

    with page.expect_download() as started:
        page.get_by_role("link", name="Download as CSV").click()
    text = started.value.path().read_text()
    assert "create_dashboard" in text
    assert "update_dashboard" not in text
    assert tab.complaints == []


def test_an_operator_makes_a_tenant_and_suspends_it(tab: Tab, demo_server: Server, pictures: Path) -> None:
    tab.log_in()
    page = tab.page
    page.get_by_role("link", name="Tenants").click()
    page.get_by_role("button", name="New tenant").click()
    page.get_by_label("Name").fill("gates-north")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_label("Command")).to_have_value(re.compile("--tenant gates-north$"))
    page.get_by_role("button", name="Done").click()
    guest = demo_server.person("admin@gates-north.example.org", role="admin", tenant="gates-north")
    assert guest.get("/api/auth/me").status_code == 200

    page.get_by_role("button", name="More actions: gates-north").click()
    page.get_by_role("menuitem", name="Suspend…").click()
    page.get_by_role("button", name="Suspend", exact=True).click()
    row = page.get_by_role("row").filter(has_text="gates-north")
    expect(row.get_by_text("Suspended", exact=True)).to_be_visible()
    page.screenshot(path=pictures / "1440-tenants.png")

    assert guest.get("/api/auth/me").status_code == 401
    assert tab.complaints == []


def test_an_admin_reads_that_nothing_leaves_the_server(tab: Tab, pictures: Path) -> None:
    tab.log_in()
    page = tab.page
    page.get_by_role("link", name="Models").click()
    expect(page.get_by_text("Nothing leaves this server.")).to_be_visible()
    expect(page.get_by_text("Nothing has been asked yet.")).to_be_visible()
    page.screenshot(path=pictures / "1440-models.png", full_page=True)
    assert tab.complaints == []
