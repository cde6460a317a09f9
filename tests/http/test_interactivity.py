"""Filters, cross-filters, drill and detail: each answer equals what a hand-written query says."""

from __future__ import annotations

from typing import Any

import pytest

from live import Person

ORDERS = [
    # country, region, store, day, kind, amount
    ("ES", "Madrid", "M1", "2026-01-05", "retail", 10),
    ("ES", "Madrid", "M2", "2026-02-05", "wholesale", 20),
    ("ES", "Barcelona", "B1", "2026-01-15", "retail", 30),
    ("FR", "Paris", "P1", "2026-03-31", "retail", 40),
    ("FR", "Paris", "P1", "2025-12-31", "wholesale", 50),
    ("O'Neil; DROP TABLE orders--", "x", "y", "2026-02-28", "retail", 60),
    ("", "", "", "2026-02-28", "retail", 70),
]


@pytest.fixture(scope="module")
def orders(owner: Person) -> str:
    lines = [",".join(f'"{value}"' if value != "" else "" for value in row) for row in ORDERS]
    content = "country,region,store,day,kind,amount\n" + "\n".join(lines) + "\n"
    found: str = owner.upload("orders.csv", content.encode(), name="Orders")["datasource_id"]
    return found


FILTERS = [
    {"name": "period", "field": "day", "type": "date_range"},
    {"name": "kind", "field": "kind", "type": "multi_select", "options": ["retail", "wholesale"]},
    {"name": "nowhere", "field": "colour", "type": "select"},
]
LEVELS = {"drill_levels": [{"id_column": "country"}, {"id_column": "region"}, {"id_column": "store"}]}


@pytest.fixture(scope="module")
def shown(owner: Person, orders: str) -> dict[str, str]:
    made = owner.new_dashboard(name="Orders")
    url = f"/api/dashboards/{made['id']}"
    options = {"query": "SELECT DISTINCT region FROM orders ORDER BY 1", "datasource_id": orders}
    filters = [*FILTERS, {"name": "region", "field": "region", "options": options, "depends_on": ["kind"]}]
    assert owner.put(url, json={"filters": filters}).status_code == 200
    add: dict[str, Any] = {"datasource_id": orders}
    tiles = {
        "total": {
            "tile_type": "kpi",
            "query": "SELECT sum(amount) AS total FROM orders",
            "chart_config": {"cross_filter_enabled": True},
        },
        "by_country": {
            "tile_type": "chart",
            "chart_type": "bar",
            "query": "SELECT country, sum(amount) AS total FROM orders GROUP BY 1 ORDER BY 1",
            "chart_config": {"xField": "country", "yField": "total", "cross_filter_enabled": True},
        },
        "drilled": {
            "tile_type": "chart",
            "chart_type": "bar",
            "query": "SELECT ${drill.field} AS name, sum(amount) AS total FROM orders "
            "WHERE 1=1 ${drill.where} GROUP BY 1 ORDER BY 1",
            "chart_config": {
                "xField": "name",
                **LEVELS,
                "detail_query": "SELECT store, day, amount FROM orders WHERE 1=1 ${detail.where} ORDER BY day",
            },
        },
        "compared": {
            "tile_type": "kpi",
            "query": "SELECT sum(amount) FILTER (day >= ${range.start} AND day < ${range.end}) AS total, "
            "sum(amount) FILTER (day >= ${range.prev_start} AND day < ${range.prev_end}) AS total_prev FROM orders",
        },
        "deaf": {"tile_type": "kpi", "query": "SELECT sum(amount) AS total FROM orders"},
    }
    found = {"id": made["id"], "url": url}
    for name, fields in tiles.items():
        found[name] = owner.new_tile(made["id"], title=name, **add, **fields)["id"]
    return found


def rows(owner: Person, shown: dict[str, str], tile: str, **state: Any) -> Any:
    answer = owner.post(f"{shown['url']}/data", json={"tile_ids": [shown[tile]], **state})
    assert answer.status_code == 200, answer.text
    found = answer.json()["tiles"][0]
    assert found["error"] is None, found["error"]
    return found["data"]["rows"]


def total(selected: list[tuple[Any, ...]]) -> int:
    return sum(row[5] for row in selected)


class TestFilters:
    def test_a_tile_without_placeholders_is_narrowed_by_its_tables(
        self, owner: Person, shown: dict[str, str]
    ) -> None:
        state = {"filter_values": {"kind": ["retail"]}}

        assert rows(owner, shown, "total", **state) == [
            {"total": total([o for o in ORDERS if o[4] == "retail"])}
        ]

    def test_a_day_named_as_the_end_is_included(self, owner: Person, shown: dict[str, str]) -> None:
        state = {"filter_values": {"period": {"start": "2026-01-01", "end": "2026-03-31"}}}

        assert rows(owner, shown, "total", **state) == [
            {"total": total([o for o in ORDERS if "2026-01-01" <= o[3] <= "2026-03-31"])}
        ]

    def test_a_comparison_takes_the_period_before(self, owner: Person, shown: dict[str, str]) -> None:
        state = {"filter_values": {"period": {"start": "2026-01-01", "end": "2026-03-31"}}}

        found = rows(owner, shown, "compared", **state)

        assert found == [
            {
                "total": total([o for o in ORDERS if "2026-01-01" <= o[3] <= "2026-03-31"]),
                "total_prev": total([o for o in ORDERS if "2025-10-01" <= o[3] <= "2025-12-31"]),
            }
        ]

    def test_a_range_undeclared_by_name_feeds_the_placeholders(
        self, owner: Person, shown: dict[str, str]
    ) -> None:
        state = {"filter_values": {"date_range": {"start": "2026-01-01", "end": "2026-01-31"}}}

        assert rows(owner, shown, "compared", **state)[0]["total"] == 40

    def test_what_cannot_narrow_a_tile_is_told(self, owner: Person, shown: dict[str, str]) -> None:
        body = {"tile_ids": [shown["total"]], "filter_values": {"nowhere": "blue", "nonsense": 1}}

        answer = owner.post(f"{shown['url']}/data", json=body).json()

        assert answer["filters_ignored"] == ["nonsense"]
        assert sorted(answer["tiles"][0]["filters_ignored"]) == ["nonsense", "nowhere"]

    @pytest.mark.parametrize(
        ("values", "named"),
        [
            ({"kind": {"a": 1}}, "filter_values.kind"),
            ({"period": {"start": "soon"}}, "filter_values.period.start"),
            ({"period": {"relative": "1; DROP TABLE orders"}}, "filter_values.period.relative"),
        ],
    )
    def test_a_value_that_does_not_fit_is_named(
        self, owner: Person, shown: dict[str, str], values: dict[str, Any], named: str
    ) -> None:
        answer = owner.post(f"{shown['url']}/data", json={"filter_values": values})

        assert answer.status_code == 400
        assert named in answer.json()["detail"]

    def test_options_come_from_the_query_narrowed_by_what_they_depend_on(
        self, owner: Person, shown: dict[str, str]
    ) -> None:
        url = f"{shown['url']}/filters/region/options"

        everything = owner.post(url, json={}).json()
        narrowed = owner.post(url, json={"filter_values": {"kind": ["wholesale"]}}).json()
        searched = owner.post(url, json={"search": "adr"}).json()

        assert [one["value"] for one in everything["options"]] == ["Barcelona", "Madrid", "Paris", "x", None]
        assert [one["value"] for one in narrowed["options"]] == ["Madrid", "Paris"]
        assert searched == {"options": [{"value": "Madrid", "label": "Madrid"}], "has_more": False}

    def test_a_required_filter_holds_its_tiles_back_with_its_name(self, owner: Person, orders: str) -> None:
        made = owner.new_dashboard(
            filters=[{"name": "kind", "label": "Kind", "field": "kind", "required": True}]
        )
        owner.new_tile(
            made["id"], title="T", tile_type="kpi", datasource_id=orders, query="SELECT 1 FROM orders"
        )

        tile = owner.get(f"/api/dashboards/{made['id']}/data").json()["tiles"][0]

        assert (tile["error_code"], tile["error"]) == ("needs_value", "needs a value for Kind")

    def test_a_default_holds_for_everybody_who_opens_the_dashboard(self, owner: Person, orders: str) -> None:
        made = owner.new_dashboard(filters=[{"name": "kind", "field": "kind", "default": "retail"}])
        tile = owner.new_tile(
            made["id"],
            title="T",
            tile_type="kpi",
            datasource_id=orders,
            query="SELECT sum(amount) AS n FROM orders",
        )
        url = f"/api/dashboards/{made['id']}"

        opened = owner.get(f"{url}/data").json()["tiles"][0]["data"]["rows"]
        alone = owner.get(f"{url}/tiles/{tile['id']}/data").json()["data"]["rows"]
        all_of_it = owner.post(f"{url}/data", json={"filter_values": {"kind": None}}).json()["tiles"][0][
            "data"
        ]["rows"]

        assert opened == alone == [{"n": total([o for o in ORDERS if o[4] == "retail"])}]
        assert all_of_it == [{"n": total(ORDERS)}]

    def test_a_missing_value_is_asked_for_by_its_label(self, owner: Person, orders: str) -> None:
        made = owner.new_dashboard(
            filters=[{"name": "country", "label": "Country of sale", "field": "country"}]
        )
        tile = owner.new_tile(
            made["id"],
            title="T",
            tile_type="kpi",
            datasource_id=orders,
            query="SELECT ${filter.country} AS chosen, sum(amount) AS n FROM orders",
        )

        answer = owner.get(f"/api/dashboards/{made['id']}/tiles/{tile['id']}/data").json()

        assert (answer["error"], answer["error_code"]) == (
            "needs a value for Country of sale",
            "needs_value",
        )

    def test_a_filter_that_a_tile_names_cannot_go_alone(self, owner: Person, orders: str) -> None:
        made = owner.new_dashboard(filters=[{"name": "kind", "field": "kind"}])
        query = "SELECT sum(amount) AS n FROM orders WHERE kind = ${filter.kind}"
        owner.new_tile(made["id"], title="T", tile_type="kpi", datasource_id=orders, query=query)

        answer = owner.put(
            f"/api/dashboards/{made['id']}", json={"filters": [{"name": "sort", "field": "kind"}]}
        )

        assert answer.status_code == 400
        assert "${filter.kind}" in answer.json()["detail"]


class TestCrossFilters:
    def state(self, shown: dict[str, str], *values: Any) -> dict[str, Any]:
        one = {
            "source_tile_id": shown["by_country"],
            "column": "country",
            "operator": "in",
            "values": list(values),
        }
        return {"cross_filters": [one]}

    @pytest.mark.parametrize("value", ["ES", "O'Neil; DROP TABLE orders--", None])
    def test_a_click_narrows_the_others(
        self, owner: Person, shown: dict[str, str], value: str | None
    ) -> None:
        found = rows(owner, shown, "total", **self.state(shown, value))

        assert found == [{"total": total([o for o in ORDERS if o[0] == (value or "")])}]

    def test_it_never_narrows_the_tile_it_comes_from_or_one_that_does_not_take_part(
        self, owner: Person, shown: dict[str, str]
    ) -> None:
        assert len(rows(owner, shown, "by_country", **self.state(shown, "ES"))) == 4
        assert rows(owner, shown, "deaf", **self.state(shown, "ES")) == [{"total": total(ORDERS)}]

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            ({"source_tile_id": "nope"}, "source_tile_id"),
            ({"column": 5}, "column"),
            ({"values": []}, "values"),
            ({"values": [{"a": 1}]}, "values"),
            ({"operator": "like"}, "operator"),
        ],
    )
    def test_bad_input_is_named(
        self, owner: Person, shown: dict[str, str], change: dict[str, Any], named: str
    ) -> None:
        state = self.state(shown, "ES")
        state["cross_filters"][0] |= change

        answer = owner.post(f"{shown['url']}/data", json=state)

        assert answer.status_code == 400
        assert f"cross_filters.0.{named}" in answer.json()["detail"]


class TestDrill:
    def drill(self, owner: Person, shown: dict[str, str], *values: Any, tile: str = "drilled") -> Any:
        columns = ["country", "region", "store"]
        path = [
            {"level": number, "id_column": columns[number], "label_column": None, "value": value}
            for number, value in enumerate(values)
        ]
        return owner.post(f"{shown['url']}/tiles/{shown[tile]}/drill", json={"drill_path": path})

    def test_the_children_of_each_level_add_up_to_their_parent(
        self, owner: Person, shown: dict[str, str]
    ) -> None:
        def children(*path: Any) -> dict[Any, int]:
            data = self.drill(owner, shown, *path).json()["data"]["rows"]
            return {row["name"]: row["total"] for row in data}

        for country, country_total in children().items():
            regions = children(country)
            assert sum(regions.values()) == country_total
            for region, region_total in regions.items():
                assert sum(children(country, region).values()) == region_total

    def test_a_path_as_long_as_the_levels_stays_at_the_deepest(
        self, owner: Person, shown: dict[str, str]
    ) -> None:
        answer = self.drill(owner, shown, "ES", "Madrid", "M1").json()

        assert answer["data"]["rows"] == [{"name": "M1", "total": 10}]

    @pytest.mark.parametrize(
        "path",
        [
            [{"level": 0, "id_column": "amount", "value": 1}],
            [{"level": 1, "id_column": "region", "value": "Madrid"}],
            [{"level": 0, "id_column": "country"}],
            [{"level": 0, "id_column": "country", "value": {"a": 1}}],
            [{"level": 0, "id_column": "country; DROP TABLE orders", "value": "ES"}],
            [{"value": value} for value in "abcd"],
            "country",
        ],
    )
    def test_a_step_outside_the_levels_is_refused(
        self, owner: Person, shown: dict[str, str], path: Any
    ) -> None:
        answer = owner.post(f"{shown['url']}/tiles/{shown['drilled']}/drill", json={"drill_path": path})

        assert answer.status_code == 400
        assert "drill_path" in answer.json()["detail"]

    def test_a_tile_without_levels_cannot_be_drilled(self, owner: Person, shown: dict[str, str]) -> None:
        assert self.drill(owner, shown, tile="total").status_code == 400

    def test_a_tile_that_cannot_be_drilled_says_so_when_it_is_saved_and_when_it_is_drilled(
        self, owner: Person, orders: str
    ) -> None:
        made = owner.new_dashboard(name="Not drilled")
        tile = owner.new_tile(
            made["id"],
            title="T",
            tile_type="kpi",
            datasource_id=orders,
            query="SELECT upper(country) AS country, sum(amount) AS total FROM orders GROUP BY 1",
            chart_config={"valueField": "total", **LEVELS},
        )
        url = f"/api/dashboards/{made['id']}/tiles/{tile['id']}/drill"

        top = owner.post(url, json={"drill_path": []})
        below = owner.post(url, json={"drill_path": [{"level": 0, "value": "ES"}]})

        why = "the query does not select country by itself; write ${drill.field} and ${drill.where} into its SQL"
        assert tile["warnings"] == [f"drill_levels: the tile cannot be drilled: {why}"]
        assert (top.status_code, top.json()["row_count"]) == (200, 4)
        assert (below.status_code, below.json()["detail"]) == (400, f"This tile cannot be drilled: {why}")

    def test_a_level_that_the_table_has_not_is_named(self, owner: Person, orders: str) -> None:
        made = owner.new_dashboard(name="Not drilled either")
        tile = owner.new_tile(
            made["id"],
            title="T",
            tile_type="kpi",
            datasource_id=orders,
            query="SELECT country, sum(amount) AS total FROM orders GROUP BY 1",
            chart_config={"drill_levels": [{"id_column": "country"}, {"id_column": "planet"}]},
        )

        answer = owner.post(
            f"/api/dashboards/{made['id']}/tiles/{tile['id']}/drill",
            json={"drill_path": [{"level": 0, "value": "ES"}]},
        )

        assert answer.status_code == 400
        assert "the table orders has no column planet" in answer.json()["detail"]


class TestDetail:
    def detail(self, owner: Person, shown: dict[str, str], **body: Any) -> Any:
        return owner.post(f"{shown['url']}/tiles/{shown['drilled']}/detail", json=body)

    def test_the_rows_behind_a_click(self, owner: Person, shown: dict[str, str]) -> None:
        answer = self.detail(owner, shown, dimensions={"country": "ES", "region": "Madrid"}).json()

        assert answer["columns"] == ["store", "day", "amount"]
        assert answer["rows"] == [
            {"store": "M1", "day": "2026-01-05", "amount": 10},
            {"store": "M2", "day": "2026-02-05", "amount": 20},
        ]
        assert (answer["row_count"], answer["truncated"]) == (2, False)

    def test_null_is_a_value(self, owner: Person, shown: dict[str, str]) -> None:
        assert self.detail(owner, shown, dimensions={"country": None}).json()["row_count"] == 1

    def test_the_drill_path_and_the_filters_are_merged_in(self, owner: Person, shown: dict[str, str]) -> None:
        answer = self.detail(
            owner,
            shown,
            dimensions={"region": "Madrid"},
            drill_path=[{"level": 0, "id_column": "country", "value": "ES"}],
            filter_values={"kind": ["retail"]},
        ).json()

        assert [row["store"] for row in answer["rows"]] == ["M1"]

    def test_rows_past_the_limit_are_cut_and_said(self, owner: Person, shown: dict[str, str]) -> None:
        answer = self.detail(owner, shown, dimensions={}, max_rows=2).json()

        assert (answer["row_count"], answer["truncated"]) == (2, True)

    @pytest.mark.parametrize(
        ("body", "named"),
        [
            ({"dimensions": {"password": 1}}, "dimensions.password"),
            ({"dimensions": {"country": ["ES"]}}, "dimensions.country"),
            ({"dimensions": []}, "dimensions"),
            ({"max_rows": 0}, "max_rows"),
            ({"max_rows": 50_001}, "max_rows"),
            ({"max_rows": "10"}, "max_rows"),
        ],
    )
    def test_bad_input_is_named(
        self, owner: Person, shown: dict[str, str], body: dict[str, Any], named: str
    ) -> None:
        answer = self.detail(owner, shown, **body)

        assert answer.status_code == 400
        assert named in answer.json()["detail"]

    def test_whoever_may_not_see_the_dashboard_learns_nothing(
        self, stranger: Person, other_tenant: Person, shown: dict[str, str]
    ) -> None:
        for person in (stranger, other_tenant):
            for path in ("detail", "drill"):
                url = f"{shown['url']}/tiles/{shown['drilled']}/{path}"
                assert person.post(url, json={}).status_code == 404
            assert person.post(f"{shown['url']}/filters/region/options", json={}).status_code == 404
