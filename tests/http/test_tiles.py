"""/api/dashboards/{id}/tiles and /pages."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from live import Person

ABSENT = "00000000-0000-4000-8000-000000000000"
CHARTS = [
    "bar",
    "line",
    "area",
    "pie",
    "scatter",
    "funnel",
    "heatmap",
    "treemap",
    "sunburst",
    "sankey",
    "chord",
    "radar",
    "gauge",
    "boxplot",
    "candlestick",
]


@pytest.fixture
def dashboard(owner: Person) -> str:
    made: str = owner.new_dashboard()["id"]
    return made


def chart(sales: str, **fields: Any) -> dict[str, Any]:
    return {
        "title": "Revenue",
        "tile_type": "chart",
        "chart_type": "bar",
        "datasource_id": sales,
        "query": "SELECT region, SUM(revenue) AS revenue FROM sales GROUP BY region",
        **fields,
    }


def places(owner: Person, dashboard: str) -> dict[str, tuple[int, int, int, int]]:
    tiles = owner.get(f"/api/dashboards/{dashboard}").json()["tiles"]
    return {one["id"]: (one["grid_x"], one["grid_y"], one["grid_w"], one["grid_h"]) for one in tiles}


class TestAdd:
    @pytest.mark.parametrize("chart_type", CHARTS)
    def test_every_chart_type_is_taken(
        self, owner: Person, sales: str, dashboard: str, chart_type: str
    ) -> None:
        tile = owner.new_tile(dashboard, **chart(sales, chart_type=chart_type))

        assert (tile["tile_type"], tile["chart_type"]) == ("chart", chart_type)

    @pytest.mark.parametrize("tile_type", ["kpi", "table"])
    def test_other_tiles_have_no_chart_type(
        self, owner: Person, sales: str, dashboard: str, tile_type: str
    ) -> None:
        tile = owner.new_tile(dashboard, **chart(sales, tile_type=tile_type))

        assert (tile["tile_type"], tile["chart_type"]) == (tile_type, None)

    def test_a_text_needs_no_datasource(self, owner: Person, dashboard: str) -> None:
        tile = owner.new_tile(dashboard, title="Note", tile_type="text", content="# Hello")

        assert (tile["content"], tile["query"], tile["datasource_id"]) == ("# Hello", None, None)

    def test_unknown_members_of_the_config_survive(self, owner: Person, sales: str, dashboard: str) -> None:
        config = {
            "xField": "region",
            "yField": "revenue",
            "somethingElse": {"deep": [1, None, "x"]},
            "drilldown": {"levels": [{"field": "region", "label": "Region"}]},
            "drill_levels": [{"id_column": "region", "label_column": "region"}],
            "cross_filter_enabled": True,
        }

        tile = owner.new_tile(dashboard, **chart(sales, chart_config=config))

        assert tile["chart_config"] == config
        assert owner.get(f"/api/dashboards/{dashboard}").json()["tiles"][0]["chart_config"] == config

    def test_a_field_that_names_no_column_is_a_warning(
        self, owner: Person, sales: str, dashboard: str
    ) -> None:
        tile = owner.new_tile(
            dashboard, **chart(sales, chart_config={"xField": "nowhere", "yField": "revenue"})
        )

        assert tile["warnings"] == ["xField: the query has no column nowhere"]

    def test_without_a_place_it_goes_to_the_first_free_one(
        self, owner: Person, sales: str, dashboard: str
    ) -> None:
        made = [owner.new_tile(dashboard, **chart(sales))["id"] for _ in range(3)]

        found = places(owner, dashboard)

        assert [found[one] for one in made] == [(0, 0, 6, 4), (6, 0, 6, 4), (0, 4, 6, 4)]

    def test_an_overlap_pushes_the_others_down(self, owner: Person, sales: str, dashboard: str) -> None:
        first = owner.new_tile(dashboard, **chart(sales, grid_x=0, grid_y=0, grid_w=6, grid_h=4))["id"]

        second = owner.new_tile(dashboard, **chart(sales, grid_x=3, grid_y=1, grid_w=6, grid_h=2))["id"]

        assert places(owner, dashboard) == {second: (3, 1, 6, 2), first: (0, 3, 6, 4)}

    def test_a_client_may_give_the_id_once(self, owner: Person, dashboard: str) -> None:
        wanted = str(uuid.uuid4())
        body = {"id": wanted, "title": "T", "tile_type": "text", "content": "x"}

        assert owner.new_tile(dashboard, **body)["id"] == wanted
        again = owner.post(f"/api/dashboards/{dashboard}/tiles", json=body)
        assert (again.status_code, "id" in again.json()["detail"]) == (400, True)

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            ({"title": None}, "title"),
            ({"title": " "}, "title"),
            ({"tile_type": None}, "tile_type"),
            ({"tile_type": "gadget"}, "tile_type"),
            ({"chart_type": None}, "chart_type"),
            ({"chart_type": "donut"}, "chart_type"),
            ({"chart_type": "BAR"}, "chart_type"),
            ({"datasource_id": None}, "datasource_id"),
            ({"datasource_id": "nope"}, "datasource_id"),
            ({"datasource_id": ABSENT}, "datasource_id"),
            ({"query": None}, "query"),
            ({"query": "  "}, "query"),
            ({"query": 5}, "query"),
            ({"chart_config": []}, "chart_config"),
            ({"chart_config": {"xField": 7}}, "xField"),
            ({"chart_config": {"showLegend": "yes please"}}, "showLegend"),
            ({"page_id": ABSENT}, "page_id"),
            ({"grid_w": 0}, "grid_w"),
            ({"grid_w": 13}, "grid_w"),
            ({"grid_x": 10}, "grid_x"),
            ({"grid_x": -1}, "grid_x"),
            ({"grid_x": "0"}, "grid_x"),
            ({"grid_y": 10**9}, "grid_y"),
            ({"grid_h": 1.5}, "grid_h"),
            ({"cache_ttl_seconds": -5}, "cache_ttl_seconds"),
            ({"id": "nope"}, "id"),
        ],
    )
    def test_bad_input_names_the_field_and_writes_nothing(
        self, owner: Person, sales: str, dashboard: str, change: dict[str, Any], named: str
    ) -> None:
        body = chart(sales, grid_x=0, grid_y=0, grid_w=6, grid_h=4)

        answer = owner.post(f"/api/dashboards/{dashboard}/tiles", json={**body, **change})

        assert answer.status_code == 400, answer.text
        assert named in answer.json()["detail"]
        assert owner.get(f"/api/dashboards/{dashboard}").json()["version"] == 1

    @pytest.mark.parametrize(
        "sql",
        [
            "DROP TABLE sales",
            "SELECT 1; SELECT 2",
            "SELECT * FROM read_csv('/etc/passwd')",
            "COPY sales TO '/tmp/x'",
            "ATTACH '/tmp/x'",
            "SELECT * FROM '/etc/passwd'",
            "WITH d AS (DELETE FROM sales RETURNING *) SELECT * FROM d",
            "SELECT FROM WHERE",
            "SELECT getenv('HOME')",
            "SELECT * FROM duckdb_settings()",
        ],
    )
    def test_sql_that_is_no_harmless_query_is_refused_when_saved(
        self, owner: Person, sales: str, dashboard: str, sql: str
    ) -> None:
        answer = owner.post(f"/api/dashboards/{dashboard}/tiles", json=chart(sales, query=sql))

        assert answer.status_code == 400, answer.text
        assert answer.json()["error_code"] == "query_refused"
        assert "query" in answer.json()["detail"]

    def test_a_refusal_says_where(self, owner: Person, sales: str, dashboard: str) -> None:
        answer = owner.post(
            f"/api/dashboards/{dashboard}/tiles",
            json=chart(sales, query="SELECT region\nFROM sales\nWHERE ("),
        )

        assert (answer.status_code, answer.json()["line"]) == (400, 3)

    def test_an_unknown_placeholder_is_refused(self, owner: Person, sales: str, dashboard: str) -> None:
        sql = "SELECT * FROM sales WHERE region = ${dril.value}"

        answer = owner.post(f"/api/dashboards/{dashboard}/tiles", json=chart(sales, query=sql))

        assert (answer.status_code, answer.json()["error_code"]) == (400, "unknown_placeholder")

    def test_a_detail_query_needs_its_placeholder(self, owner: Person, sales: str, dashboard: str) -> None:
        config = {"detail_query": "SELECT * FROM sales"}

        answer = owner.post(f"/api/dashboards/{dashboard}/tiles", json=chart(sales, chart_config=config))

        assert answer.status_code == 400
        assert "${detail.where}" in answer.json()["detail"]

    def test_somebody_elses_datasource_is_not_there(self, stranger: Person, sales: str) -> None:
        own = stranger.new_dashboard()["id"]

        answer = stranger.post(f"/api/dashboards/{own}/tiles", json=chart(sales))

        assert answer.status_code == 400
        assert "datasource_id" in answer.json()["detail"]


class TestUpdate:
    def test_only_what_is_sent_changes(self, owner: Person, sales: str, dashboard: str) -> None:
        made = owner.new_tile(dashboard, **chart(sales, chart_config={"xField": "region"}))

        changed = owner.put(f"/api/dashboards/{dashboard}/tiles/{made['id']}", json={"title": "New"}).json()

        assert {**changed, "title": "Revenue", "updated_at": made["updated_at"]} == made

    def test_a_tile_can_become_another_type(self, owner: Person, sales: str, dashboard: str) -> None:
        made = owner.new_tile(dashboard, **chart(sales))
        url = f"/api/dashboards/{dashboard}/tiles/{made['id']}"

        text = owner.put(url, json={"tile_type": "text", "content": "words"}).json()

        assert (text["tile_type"], text["content"], text["query"]) == ("text", "words", None)

    def test_bad_sql_changes_nothing(self, owner: Person, sales: str, dashboard: str) -> None:
        made = owner.new_tile(dashboard, **chart(sales))
        url = f"/api/dashboards/{dashboard}/tiles/{made['id']}"

        assert owner.put(url, json={"query": "DELETE FROM sales"}).status_code == 400
        assert owner.get(f"/api/dashboards/{dashboard}").json()["tiles"][0]["query"] == made["query"]

    def test_a_tile_that_is_not_there(self, owner: Person, dashboard: str) -> None:
        for tile_id in (ABSENT, "nope"):
            answer = owner.put(f"/api/dashboards/{dashboard}/tiles/{tile_id}", json={"title": "x"})
            assert (answer.status_code, answer.json()) == (404, {"detail": "Tile not found or access denied"})

    def test_it_can_move_to_another_page(self, owner: Person, sales: str, dashboard: str) -> None:
        made = owner.new_tile(dashboard, **chart(sales))
        page = owner.post(f"/api/dashboards/{dashboard}/pages", json={"name": "Two"}).json()

        moved = owner.put(f"/api/dashboards/{dashboard}/tiles/{made['id']}", json={"page_id": page["id"]})

        assert moved.json()["page_id"] == page["id"]


class TestLayout:
    def put(self, owner: Person, dashboard: str, *layouts: tuple[str, int, int, int, int]) -> Any:
        keys = ("tile_id", "grid_x", "grid_y", "grid_w", "grid_h")
        body = {"layouts": [dict(zip(keys, one, strict=True)) for one in layouts]}
        return owner.put(f"/api/dashboards/{dashboard}/tiles/layout", json=body)

    def test_all_move_in_one_revision(self, owner: Person, sales: str, dashboard: str) -> None:
        a, b = (owner.new_tile(dashboard, **chart(sales))["id"] for _ in range(2))

        answer = self.put(owner, dashboard, (a, 6, 0, 6, 4), (b, 0, 0, 6, 4))

        assert answer.status_code == 204
        assert places(owner, dashboard) == {a: (6, 0, 6, 4), b: (0, 0, 6, 4)}
        assert owner.get(f"/api/dashboards/{dashboard}").json()["version"] == 4

    def test_one_bad_place_moves_none(self, owner: Person, sales: str, dashboard: str) -> None:
        a, b = (owner.new_tile(dashboard, **chart(sales))["id"] for _ in range(2))
        before = places(owner, dashboard)

        answers = [
            self.put(owner, dashboard, (a, 6, 0, 6, 4), (b, 7, 0, 6, 4)),
            self.put(owner, dashboard, (a, 6, 0, 6, 4), (ABSENT, 0, 0, 6, 4)),
            self.put(owner, dashboard, (a, 6, 0, 6, 4), (a, 0, 0, 6, 4)),
            self.put(owner, dashboard),
        ]

        assert [answer.status_code for answer in answers] == [400, 400, 400, 400]
        assert places(owner, dashboard) == before


class TestPages:
    def test_create_rename_reorder_delete(self, owner: Person, dashboard: str) -> None:
        url = f"/api/dashboards/{dashboard}/pages"
        first = owner.get(f"/api/dashboards/{dashboard}").json()["pages"][0]["id"]
        second = owner.post(url, json={"name": "Second"}).json()
        assert second["page_order"] == 1

        assert owner.put(f"{url}/{second['id']}", json={"name": "Renamed"}).json()["name"] == "Renamed"
        assert owner.put(f"{url}/order", json={"page_ids": [second["id"], first]}).status_code == 204

        pages = owner.get(f"/api/dashboards/{dashboard}").json()["pages"]
        assert [(page["name"], page["page_order"]) for page in pages] == [("Renamed", 0), ("Page 1", 1)]
        assert owner.delete(f"{url}/{first}").status_code == 204
        assert len(owner.get(f"/api/dashboards/{dashboard}").json()["pages"]) == 1

    def test_the_last_page_stays(self, owner: Person, dashboard: str) -> None:
        page = owner.get(f"/api/dashboards/{dashboard}").json()["pages"][0]["id"]

        assert owner.delete(f"/api/dashboards/{dashboard}/pages/{page}").status_code == 400

    def test_a_deleted_page_takes_its_tiles(self, owner: Person, sales: str, dashboard: str) -> None:
        page = owner.post(f"/api/dashboards/{dashboard}/pages", json={"name": "Two"}).json()["id"]
        owner.new_tile(dashboard, **chart(sales, page_id=page))
        kept = owner.new_tile(dashboard, **chart(sales))["id"]

        owner.delete(f"/api/dashboards/{dashboard}/pages/{page}")

        assert list(places(owner, dashboard)) == [kept]

    @pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": 5}, {"name": "x" * 300}])
    def test_bad_names_are_refused(self, owner: Person, dashboard: str, body: dict[str, Any]) -> None:
        answer = owner.post(f"/api/dashboards/{dashboard}/pages", json=body)

        assert (answer.status_code, "name" in answer.json()["detail"].lower()) == (400, True)

    @pytest.mark.parametrize("ids", [[], ["x"], [ABSENT]])
    def test_an_order_names_every_page_once(self, owner: Person, dashboard: str, ids: list[str]) -> None:
        answer = owner.put(f"/api/dashboards/{dashboard}/pages/order", json={"page_ids": ids})

        assert (answer.status_code, "page_ids" in answer.json()["detail"]) == (400, True)

    def test_a_page_that_is_not_there(self, owner: Person, dashboard: str) -> None:
        answer = owner.put(f"/api/dashboards/{dashboard}/pages/{ABSENT}", json={"name": "x"})

        assert answer.status_code == 404
