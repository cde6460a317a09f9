"""generate-sql: who may ask, what comes back, and that it works where the tile would run it."""

from __future__ import annotations

from typing import Any

import pytest

from live import Person, Server, anonymous

MAIN = "SELECT region, SUM(revenue) AS total FROM sales WHERE month >= ${range.start} "
MAIN += "AND month < ${range.end} GROUP BY 1"


@pytest.fixture(scope="module")
def path(owner: Person, sales: str) -> str:
    dashboard = owner.new_dashboard()["id"]
    tile = owner.new_tile(
        dashboard, title="T", tile_type="chart", chart_type="bar", datasource_id=sales, query=MAIN
    )
    return f"/api/dashboards/{dashboard}/tiles/{tile['id']}/generate-sql"


def ask(person: Person, path: str, kind: str, **more: str) -> dict[str, Any]:
    answer = person.post(path, params={"prompt": "", "query_kind": kind, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_detail_works_as_the_tiles_own(owner: Person, path: str, sales: str) -> None:
    made = ask(owner, path, "detail")

    assert set(made) == {"sql", "made_by"}
    dashboard, tile = path.split("/")[3], path.split("/")[5]
    config = {"xField": "region", "yField": "total", "detail_query": made["sql"]}
    saved = owner.put(f"/api/dashboards/{dashboard}/tiles/{tile}", json={"chart_config": config})
    assert saved.status_code == 200, saved.text
    rows = owner.post(
        f"/api/dashboards/{dashboard}/tiles/{tile}/detail", json={"dimensions": {"region": "North"}}
    ).json()
    assert rows["row_count"] == 6
    assert rows["columns"] == ["region", "month", "revenue"]


def test_a_comparison_has_the_period_before(owner: Person, path: str, sales: str) -> None:
    made = ask(owner, path, "comparison")

    dashboard = path.split("/")[3]
    tile = owner.new_tile(dashboard, title="C", tile_type="table", datasource_id=sales, query=made["sql"])
    state = {
        "filter_values": {"date_range": {"start": "2026-03-01", "end": "2026-03-31"}},
        "tile_ids": [tile["id"]],
    }
    rows = owner.post(f"/api/dashboards/{dashboard}/data", json=state).json()["tiles"][0]["data"]["rows"]
    assert {"region": "North", "total": 4500, "total_prev": 3000} in rows
    assert "warnings" not in made


def test_a_drill_suggests_levels_and_takes_them(owner: Person, path: str) -> None:
    made = ask(owner, path, "drill")

    assert made["suggested_levels"] == [{"field": "region", "label": "Region"}]
    assert "${drill.where}" in made["sql"]
    assert "warnings" not in made


def test_a_cross_filter_audit_leaves_the_sql_alone(owner: Person, path: str) -> None:
    fine = ask(owner, path, "cross_filter")
    renamed = ask(
        owner, path, "cross_filter", main_query="SELECT region AS r, SUM(revenue) AS t FROM sales GROUP BY 1"
    )

    assert (fine["sql"], fine["warnings"]) == (MAIN, [])
    assert renamed["warnings"][0].startswith("alias: ")


def test_what_is_not_certain_is_refused_with_a_reason(owner: Person, path: str) -> None:
    made = ask(owner, path, "comparison", main_query="SELECT region, SUM(revenue) AS t FROM sales GROUP BY 1")

    assert made["sql"] == ""
    assert "${range.start}" in made["warnings"][0]
    assert "sales.month" in made["warnings"][0]


def test_an_unsaved_tile_names_its_datasource(owner: Person, path: str, sales: str) -> None:
    new = path.replace(path.split("/")[5], "new")
    sent = {"prompt": "x", "query_kind": "detail", "main_query": MAIN}

    made = owner.post(new, json={**sent, "datasource_id": sales})
    without = owner.post(new, json=sent)

    assert made.status_code == 200, made.text
    assert "${detail.where}" in made.json()["sql"]
    assert (without.status_code, "datasource_id" in without.json()["detail"]) == (400, True)


def test_sql_that_the_datasource_does_not_take_says_so(owner: Person, path: str) -> None:
    made = ask(owner, path, "detail", main_query="SELECT nothing, COUNT(*) AS n FROM sales GROUP BY 1")

    assert made["sql"]
    assert made["warnings"][0].startswith("the datasource did not take it: ")


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({}, "prompt"),
        ({"prompt": " "}, "prompt"),
        ({"prompt": "x" * 5_000}, "prompt"),
        ({"prompt": "x", "query_kind": "other"}, "query_kind"),
        ({"prompt": "x", "query_kind": "detail", "main_query": "SELEC"}, "SELEC"),
        ({"prompt": "x", "query_kind": "detail", "main_query": "DELETE FROM sales"}, ""),
        ({"prompt": "x", "datasource_id": "00000000-0000-4000-8000-000000000000"}, "datasource_id"),
        ({"prompt": 1}, "prompt"),
    ],
)
def test_bad_input_names_the_field(owner: Person, path: str, sent: dict[str, Any], word: str) -> None:
    answer = owner.post(path, json=sent)

    assert answer.status_code == 400, answer.text
    assert word in answer.json()["detail"]


def test_only_who_may_edit_and_use_may_ask(
    server: Server,
    owner: Person,
    stranger: Person,
    viewer: Person,
    admin: Person,
    other_tenant: Person,
    path: str,
) -> None:
    sent = {"prompt": "x", "query_kind": "detail"}

    assert anonymous(server).post(path, json=sent).status_code == 401
    assert [person.post(path, json=sent).status_code for person in (stranger, viewer, other_tenant)] == [
        404
    ] * 3
    assert admin.post(path, json=sent).status_code == 200
    assert owner.post(path.replace(path.split("/")[5], "0" * 8), json=sent).status_code == 404


def test_a_question_becomes_sql(owner: Person, path: str) -> None:
    made = ask(owner, path, "main", prompt="total revenue by region in 2026")

    dashboard, tile = path.split("/")[3], path.split("/")[5]
    preview = owner.post(
        f"/api/dashboards/{dashboard}/tiles/preview",
        json={"query": made["sql"], "datasource_id": _datasource(owner, dashboard, tile)},
    ).json()
    assert {"region": "North", "total_revenue": 31500} in preview["data"]["rows"]


def test_a_question_beyond_the_data_is_refused(owner: Person, path: str) -> None:
    made = ask(owner, path, "main", prompt="profit by planet")

    assert made == {"sql": "", "made_by": "rules", "warnings": ["It does not understand: profit, planet"]}


def test_an_existing_query_takes_a_filter(owner: Person, path: str) -> None:
    made = ask(owner, path, "main", prompt="only North", existing_query="SELECT SUM(revenue) AS r FROM sales")

    assert " ".join(made["sql"].split()) == "SELECT SUM(revenue) AS r FROM sales WHERE sales.region = 'North'"


def _datasource(owner: Person, dashboard: str, tile: str) -> str:
    tiles = owner.get(f"/api/dashboards/{dashboard}").json()["tiles"]
    found: str = next(one["datasource_id"] for one in tiles if one["id"] == tile)
    return found
