"""What an editor may not reach by a metric: SQL on a datasource that they may not use, and the metric's own SQL."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from live import Person

PATH = "/api/v1/bi/metrics"
DETAIL = "SELECT * FROM sales WHERE 1=1 ${detail.where}"
NOT_ALLOWED = "detail_query"


def metric(person: Person, **changes: Any) -> str:
    wanted = {
        "name": f"m_{uuid.uuid4().hex[:10]}",
        "label": "Revenue",
        "table": "sales",
        "expression": "sum(revenue)",
        "dimensions": [{"name": "region"}],
        "status": "published",
        **changes,
    }
    answer = person.post(PATH, json={key: value for key, value in wanted.items() if value is not None})
    assert answer.status_code == 201, answer.text
    name: str = answer.json()["name"]
    return name


def asking(name: str) -> dict[str, Any]:
    return {"metrics": [name], "dimensions": ["region"]}


@pytest.fixture
def theirs(owner: Person, sales: str) -> str:
    """A published metric on a datasource that the stranger may not use."""
    return metric(owner, datasource_id=sales)


@pytest.fixture
def mine(stranger: Person) -> str:
    """The stranger's own metric, on their own datasource with a table of the same name."""
    source = stranger.upload("sales.csv", b"region,revenue\nMine,1\n", name=f"Mine {uuid.uuid4()}")
    return metric(stranger, datasource_id=source["datasource_id"])


def test_a_detail_query_does_not_move_along_to_the_datasource_of_other_metrics(
    stranger: Person, mine: str, theirs: str
) -> None:
    dashboard = f"/api/dashboards/{stranger.new_dashboard()['id']}"
    wanted = {"title": "T", "tile_type": "table", "metric_query": asking(mine)}
    made = stranger.post(f"{dashboard}/tiles", json=wanted | {"chart_config": {"detail_query": DETAIL}})
    tile = f"{dashboard}/tiles/{made.json()['id']}"

    answer = stranger.put(tile, json={"metric_query": asking(theirs)})

    assert answer.status_code == 400
    assert NOT_ALLOWED in answer.json()["detail"]
    moved = stranger.put(tile, json={"metric_query": asking(theirs), "chart_config": {}})
    assert moved.status_code == 200, moved.text


def test_a_detail_query_does_not_run_where_a_changed_formula_leads(
    stranger: Person, mine: str, theirs: str
) -> None:
    formula = metric(
        stranger,
        type="derived",
        table=None,
        expression=None,
        dimensions=None,
        status="draft",
        formula=f"{{{mine}}} * 1",
    )
    dashboard = f"/api/dashboards/{stranger.new_dashboard()['id']}"
    wanted = {"title": "T", "tile_type": "table", "metric_query": asking(formula)}
    made = stranger.post(f"{dashboard}/tiles", json=wanted | {"chart_config": {"detail_query": DETAIL}})
    detail = f"{dashboard}/tiles/{made.json()['id']}/detail"
    assert stranger.post(detail, json={"dimensions": {}}).json()["rows"] == [{"region": "Mine", "revenue": 1}]

    changed = stranger.put(f"{PATH}/{formula}", json={"formula": f"{{{theirs}}} * 1"})

    assert changed.status_code == 200, changed.text
    answer = stranger.post(detail, json={"dimensions": {}})
    assert answer.status_code == 400
    assert NOT_ALLOWED in answer.json()["detail"]


@pytest.mark.parametrize("detail", [DETAIL, "DROP TABLE sales"])
def test_a_bundle_brings_no_detail_query_to_a_datasource_that_may_not_be_used(
    stranger: Person, theirs: str, detail: str
) -> None:
    dashboard = stranger.new_dashboard()["id"]
    stranger.new_tile(dashboard, title="T", tile_type="table", metric_query=asking(theirs))
    bundle = stranger.get(f"/api/dashboards/{dashboard}/export-config").json()
    plain = stranger.post("/api/dashboards/import", json={"bundle": bundle, "datasource_mapping": {}})
    assert plain.status_code == 201, plain.text
    bundle["tiles"][0]["chart_config"] = {"detail_query": detail}

    looked = stranger.post("/api/dashboards/import/preflight", json={"bundle": bundle})
    answer = stranger.post("/api/dashboards/import", json={"bundle": bundle, "datasource_mapping": {}})

    assert answer.status_code == 400
    assert NOT_ALLOWED in answer.json()["detail"]
    assert NOT_ALLOWED in str(looked.json()["problems"])


def test_a_bundle_brings_a_detail_query_that_is_checked_where_it_may(owner: Person, theirs: str) -> None:
    dashboard = owner.new_dashboard()["id"]
    config = {"detail_query": DETAIL}
    owner.new_tile(dashboard, title="T", tile_type="table", metric_query=asking(theirs), chart_config=config)
    bundle = owner.get(f"/api/dashboards/{dashboard}/export-config").json()
    wanted = {"bundle": bundle, "datasource_mapping": {}}
    assert owner.post("/api/dashboards/import", json=wanted).status_code == 201
    bundle["tiles"][0]["chart_config"]["detail_query"] = "SELECT * FROM sales"

    assert owner.post("/api/dashboards/import", json=wanted).status_code == 400


def test_a_tile_does_not_show_the_sql_of_a_metric_to_who_may_not_see_it(
    owner: Person, stranger: Person, theirs: str
) -> None:
    seen = {}
    for who in (owner, stranger):
        dashboard = who.new_dashboard()["id"]
        made = who.new_tile(dashboard, title="T", tile_type="table", metric_query=asking(theirs))
        read = who.get(f"/api/dashboards/{dashboard}").json()["tiles"][0]
        seen[who.email] = (made["query"] is not None, read["query"] is not None)

    assert seen == {owner.email: (True, True), stranger.email: (False, False)}


@pytest.mark.parametrize("compare", ["previous_period", "previous_year"])
def test_a_range_at_the_calendars_beginning_is_no_crash(owner: Person, sales: str, compare: str) -> None:
    name = metric(owner, datasource_id=sales, time_column="month")
    wanted = {"metrics": [name], "compare": compare, "time_grain": "month"}

    for start, end in (("0001-01-01", "0002-12-31"), ("1900-01-01", "9999-12-30")):
        asked = wanted | {"date_range": {"start": start, "end": end}}
        answer = owner.post(f"{PATH}/query", json=asked)
        assert answer.status_code in (200, 400), answer.text
