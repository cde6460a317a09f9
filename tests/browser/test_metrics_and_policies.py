"""Define a metric and ask it in a tile, change it, bind a person by a policy and look with their eyes: in Chromium."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import Tab
from live import Person, Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

ROWS = b"region,amount\nNorth,120.5\nNorth,80\nSouth,300.25\nSouth,49.25\nEast,17\n"
TOTAL, LARGE, NORTH = "567", "420.75", "200.5"
"""All amounts; those above 100; those of the North. As SQL adds them up, and as `en-GB` writes them."""


@pytest.fixture(scope="module")
def admin(demo_server: Server) -> Person:
    return demo_server.admin()


@pytest.fixture(scope="module")
def ferry(admin: Person) -> dict[str, Any]:
    """A datasource of five rows."""
    return admin.upload("ferry_sales.csv", ROWS, name="Ferries")


@pytest.fixture
def made(admin: Person) -> dict[str, Any]:
    return admin.new_dashboard(name="Ferry desk")


def number_by_sql(person: Person, dashboard: dict[str, Any], source: dict[str, Any], sql: str) -> float:
    body = {"title": "t", "tile_type": "table", "datasource_id": source["datasource_id"], "query": sql}
    answer = person.post(f"/api/dashboards/{dashboard['id']}/tiles/preview", json=body)
    assert answer.status_code == 200, answer.text
    found: float = answer.json()["data"]["rows"][0]["n"]
    return found


def choose(page: Page | Locator, label: str, option: str | re.Pattern[str]) -> None:
    """Take an option of a select, found by the select's label."""
    page.get_by_role("combobox", name=label, exact=True).click()
    root = page if isinstance(page, Page) else page.page
    root.get_by_role("option", name=option).first.click()


def new_metric(admin: Person, source: dict[str, Any], name: str, **more: Any) -> dict[str, Any]:
    body = {
        "name": name,
        "status": "published",
        "datasource_id": source["datasource_id"],
        "table": source["table"],
        "expression": "sum(amount)",
        "dimensions": [{"name": "region"}],
        **more,
    }
    answer = admin.post("/api/v1/bi/metrics", json=body)
    assert answer.status_code == 201, answer.text
    metric: dict[str, Any] = answer.json()
    return metric


def test_a_metric_is_defined_chosen_in_a_tile_and_changed_with_its_effect_before_ones_eyes(
    tab: Tab, admin: Person, ferry: dict[str, Any], made: dict[str, Any], pictures: Path
) -> None:
    table = ferry["table"]
    tab.log_in()
    page = tab.page
    page.get_by_role("link", name="Metrics").click()
    page.get_by_role("button", name="New metric").click()
    page.get_by_label("Label").fill("Fares of ferries")
    expect(page.get_by_label("Name")).to_have_value("fares_of_ferries")
    choose(page, "Datasource", "Ferries")
    choose(page, "Table", table)
    page.get_by_label("Expression").fill("sum(amount)")
    choose(page, "Add columns…", "region")
    page.keyboard.press("Escape")
    page.get_by_label("After the number").fill(" EUR")
    page.screenshot(path=pictures / "1440-metric-form.png", full_page=True)
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Fares of ferries")).to_be_visible()
    expect(page.get_by_text("Nothing uses it yet.")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published", exact=True)).to_be_visible()

    tab.open(f"/dashboards/{made['id']}?edit=1")
    page.get_by_role("button", name="Add tile").first.click()
    page.get_by_role("menuitem", name=re.compile("^Key figure")).click()
    page.get_by_role("button", name="Ask metrics").click()
    page.get_by_label("Title", exact=True).fill("Fares")
    choose(page, "Metrics", "Fares of ferries")
    page.keyboard.press("Escape")
    expect(page.get_by_label("The SQL that this becomes")).to_contain_text(re.compile("sum", re.IGNORECASE))
    page.get_by_role("button", name="Add a condition").click()
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text(f"{TOTAL} EUR").first).to_be_visible()
    page.screenshot(path=pictures / "1440-metric-picker.png")
    page.get_by_role("button", name="Add to page").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.get_by_role("button", name="Done").click()
    tab.wait_until_drawn()
    expect(page.locator("[data-tile]")).to_contain_text(f"{TOTAL} EUR")
    assert number_by_sql(admin, made, ferry, f"SELECT sum(amount) AS n FROM {table}") == float(TOTAL)
    tile = admin.get(f"/api/dashboards/{made['id']}").json()["tiles"][0]
    assert tile["metric_query"] == {"metrics": ["fares_of_ferries"]}

    tab.open("/catalogue/fares_of_ferries")
    expect(page.get_by_role("link", name="Fares", exact=True)).to_be_visible()
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_label("Expression").fill("sum(amount) FILTER (WHERE amount > 100)")
    page.get_by_role("button", name="Save").click()
    effect = page.get_by_role("dialog", name="These tiles use it")
    line = effect.get_by_role("row").filter(has_text="Fares")
    expect(line).to_contain_text(TOTAL)
    expect(line).to_contain_text(LARGE)
    page.screenshot(path=pictures / "1440-metric-impact.png")
    assert admin.get("/api/v1/bi/metrics/fares_of_ferries").json()["expression"] == "sum(amount)"
    effect.get_by_role("button", name="Save the change").click()
    expect(page.get_by_text("sum(amount) FILTER (WHERE amount > 100)")).to_be_visible()

    tab.open(f"/dashboards/{made['id']}")
    tab.wait_until_drawn()
    expect(page.locator("[data-tile]")).to_contain_text(f"{round(float(LARGE))} EUR")
    assert tab.complaints == []


def test_the_sql_of_metrics_runs_when_it_is_taken_over(
    tab: Tab, admin: Person, ferry: dict[str, Any], made: dict[str, Any]
) -> None:
    new_metric(admin, ferry, "ferry_takings")
    tile = admin.new_tile(
        made["id"], title="Takings", tile_type="table", metric_query={"metrics": ["ferry_takings"]}
    )
    tab.log_in()
    page = tab.page
    tab.open(f"/dashboards/{made['id']}?edit=1")
    page.get_by_role("button", name="Edit: Takings").first.click()
    page.get_by_role("button", name="Take the SQL over").click()
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text(re.compile("^1 row")).first).to_be_visible()
    page.get_by_role("button", name="Save tile").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    saved = admin.get(f"/api/dashboards/{made['id']}").json()["tiles"][0]
    assert saved["id"] == tile["id"]
    assert saved["metric_query"] is None
    assert "${" not in saved["query"]
    assert tab.complaints == []


def test_a_policy_is_tried_for_a_person_and_their_eyes_see_fewer_rows(
    tab: Tab,
    admin: Person,
    demo_server: Server,
    ferry: dict[str, Any],
    made: dict[str, Any],
    pictures: Path,
) -> None:
    purser = demo_server.person("purser@example.org", role="viewer")
    table = ferry["table"]
    query = f"SELECT region, sum(amount) AS amount FROM {table} GROUP BY 1 ORDER BY 1"
    admin.new_tile(
        made["id"], title="Regions", tile_type="table", datasource_id=ferry["datasource_id"], query=query
    )
    shared = {"shared_with": [purser.id], "permissions": "view"}
    assert admin.post(f"/api/v1/bi/dashboards/{made['id']}/share", json=shared).status_code == 200

    tab.log_in()
    page = tab.page
    page.get_by_role("link", name="People").click()
    page.get_by_role("button", name="More actions: purser").click()
    page.get_by_role("menuitem", name="Attributes…").click()
    page.get_by_label("Name of the attribute").fill("regions")
    choose(page, "Text or list: regions", "A list")
    page.get_by_role("combobox", name="Value: regions").fill("North")
    page.keyboard.press("Enter")
    page.screenshot(path=pictures / "1440-attributes.png")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("regions: North")).to_be_visible()
    assert admin.get(f"/api/users/{purser.id}").json()["attributes"] == {"regions": ["North"]}

    page.get_by_role("link", name="Row policies").click()
    page.get_by_role("button", name="New policy").click()
    dialog = page.get_by_role("dialog", name="New policy")
    dialog.get_by_label("Name").fill("Own region of ferries")
    choose(dialog, "Datasource", "Ferries")
    choose(dialog, "Table", table)
    dialog.get_by_label(re.compile("^Condition")).fill("region IN (${user.regions})")
    dialog.get_by_label("Viewers").check()
    person = dialog.get_by_role("combobox", name="Person")
    person.fill("purser")
    page.get_by_role("option", name=re.compile("purser")).first.click()
    expect(dialog.get_by_test_id("policy-rows")).to_have_text("2 of 5 rows")
    page.screenshot(path=pictures / "1440-policy-preview.png")
    assert admin.get("/api/policies", params={"datasource_id": ferry["datasource_id"]}).json() == []
    dialog.get_by_role("button", name="Create").click()
    expect(page.get_by_text("Own region of ferries", exact=True)).to_be_visible()

    tab.open(f"/dashboards/{made['id']}")
    tab.wait_until_drawn()
    expect(page.locator("[data-tile]")).to_contain_text("South")
    page.get_by_role("button", name="More actions", exact=True).click()
    page.get_by_role("menuitem", name="View as…").click()
    page.get_by_role("combobox", name="Person").fill("purser")
    page.get_by_role("option", name=re.compile("purser")).first.click()
    page.get_by_role("button", name="Look", exact=True).click()
    expect(page.get_by_test_id("view-as")).to_contain_text("purser")
    expect(page.get_by_test_id("rows-left")).to_have_text("1 of 3 rows")
    expect(page.locator("[data-tile]")).to_contain_text(NORTH)
    expect(page.locator("[data-tile]")).not_to_contain_text("South")
    page.screenshot(path=pictures / "1440-view-as.png")
    page.get_by_role("button", name="Leave this view").click()
    expect(page.locator("[data-tile]")).to_contain_text("South")
    assert tab.complaints == []
