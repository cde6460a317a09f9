"""/api/v1/bi/metrics: who may define, see, ask and change metrics, and what tiles make of them."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from typing import Any

import pytest

from live import Person, Server, anonymous

PATH = "/api/v1/bi/metrics"
ROUTES = (
    ("GET", PATH),
    ("POST", PATH),
    ("GET", f"{PATH}/x"),
    ("PUT", f"{PATH}/x"),
    ("DELETE", f"{PATH}/x"),
    ("GET", f"{PATH}/x/lineage"),
    ("GET", f"{PATH}/export"),
    ("POST", f"{PATH}/apply"),
    ("POST", f"{PATH}/query"),
    ("POST", f"{PATH}/compile"),
)


def named(stem: str = "revenue") -> str:
    return f"{stem}_{uuid.uuid4().hex[:8]}"


def definition(sales: str, **changes: Any) -> dict[str, Any]:
    return {
        "name": named(),
        "label": "Revenue",
        "datasource_id": sales,
        "table": "sales",
        "expression": "sum(revenue)",
        "time_column": "month",
        "dimensions": [{"name": "region"}],
        "status": "published",
        **changes,
    }


def made(person: Person, sales: str, **changes: Any) -> dict[str, Any]:
    answer = person.post(PATH, json=definition(sales, **changes))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def tile_of(person: Person, dashboard_id: str, name: str, **changes: Any) -> dict[str, Any]:
    query = {"metrics": [name], "dimensions": ["region"], **changes.pop("query", {})}
    return person.new_tile(
        dashboard_id, title="By region", tile_type="chart", chart_type="bar", metric_query=query,
        chart_config={"xField": "region", "yField": name, "cross_filter_enabled": True, **changes.pop("config", {})},
        **changes,
    )  # fmt: skip


def rows_of(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["error"] is None, body
    found: list[dict[str, Any]] = body["data"]["rows"]
    return found


TOTALS = {"North": 31500, "South": 25200, "Löwen & Cía <b>": 210}


class TestWho:
    @pytest.mark.parametrize(("method", "path"), ROUTES)
    def test_nobody_without_a_name(self, server: Server, method: str, path: str) -> None:
        assert anonymous(server).request(method, path, json={}).status_code == 401

    def test_another_tenant_sees_and_reaches_nothing(
        self, owner: Person, other_tenant: Person, sales: str
    ) -> None:
        metric = made(owner, sales)

        assert other_tenant.get(f"{PATH}/{metric['id']}").status_code == 404
        assert other_tenant.get(f"{PATH}/{metric['name']}/lineage").status_code == 404
        assert other_tenant.put(f"{PATH}/{metric['id']}", json={"label": "x"}).status_code == 404
        assert other_tenant.delete(f"{PATH}/{metric['id']}").status_code == 404
        assert metric["name"] not in other_tenant.get(PATH, params={"limit": 100}).text
        assert other_tenant.post(f"{PATH}/query", json={"metrics": [metric["name"]]}).status_code == 400
        assert metric["name"] not in other_tenant.get(f"{PATH}/export").text
        assert other_tenant.post(PATH, json=definition(sales)).status_code == 400

    def test_a_draft_is_for_its_owner_and_admins(
        self, owner: Person, stranger: Person, viewer: Person, admin: Person, sales: str
    ) -> None:
        metric = made(owner, sales, status="draft")
        path = f"{PATH}/{metric['id']}"

        assert [who.get(path).status_code for who in (owner, admin, stranger, viewer)] == [200, 200, 404, 404]
        assert stranger.post(f"{PATH}/compile", json={"metrics": [metric["name"]]}).status_code == 400

    def test_the_table_of_a_schema_is_named_as_such(self, owner: Person, sales: str) -> None:
        near = made(owner, sales, schema=None)
        far = made(owner, sales, schema="main")

        assert owner.get(f"{PATH}/{near['id']}").json()["schema"] is None
        assert owner.get(f"{PATH}/{far['id']}").json()["schema"] == "main"

    def test_sql_without_bounds_runs_where_there_is_no_date_range(self, owner: Person, sales: str) -> None:
        metric = made(owner, sales)
        asked = {"metrics": [metric["name"]]}

        bound = owner.post(f"{PATH}/compile", json=asked).json()
        free = owner.post(f"{PATH}/compile", json={**asked, "bounds": False}).json()

        assert "${range.start}" in bound["sql"]
        assert "${" not in free["sql"]
        assert free["columns"] == bound["columns"]
        body = {"title": "t", "tile_type": "table", "datasource_id": sales, "query": free["sql"]}
        dashboard = owner.new_dashboard()
        answer = owner.post(f"/api/dashboards/{dashboard['id']}/tiles/preview", json=body)
        assert rows_of(answer) == [{metric["name"]: sum(TOTALS.values())}]
        assert owner.post(f"{PATH}/compile", json={**asked, "bounds": "no"}).status_code == 400

    def test_a_published_metric_is_read_by_all_and_changed_by_its_owner(
        self, owner: Person, stranger: Person, viewer: Person, admin: Person, sales: str
    ) -> None:
        metric = made(owner, sales)
        path = f"{PATH}/{metric['name']}"

        assert viewer.get(path).json()["expression"] is None
        assert stranger.get(path).json()["expression"] is None
        assert owner.get(path).json()["expression"] == "sum(revenue)"
        assert stranger.put(path, json={"label": "Mine"}).status_code == 403
        assert stranger.delete(path).status_code == 403
        assert viewer.put(path, json={"label": "Mine"}).status_code == 403
        assert owner.put(path, json={"certified": True}).status_code == 403
        assert admin.put(path, json={"certified": True}).json()["certified"] is True
        assert owner.put(path, json={"label": "Ours"}).json()["label"] == "Ours"

    def test_defining_needs_use_of_the_datasource(self, stranger: Person, viewer: Person, sales: str) -> None:
        assert stranger.post(PATH, json=definition(sales)).status_code == 400
        assert viewer.post(PATH, json=definition(sales)).status_code == 403
        assert viewer.post(f"{PATH}/query", json={"metrics": ["x"]}).status_code == 403
        assert viewer.post(f"{PATH}/apply", json={"metrics": []}).status_code == 403

    def test_asking_needs_no_right_to_the_datasource_and_shows_no_sql(
        self, owner: Person, stranger: Person, sales: str
    ) -> None:
        metric = made(owner, sales)
        query = {"metrics": [metric["name"]], "dimensions": ["region"]}

        theirs = stranger.post(f"{PATH}/query", json=query).json()
        mine = owner.post(f"{PATH}/query", json=query).json()

        assert {row["region"]: row[metric["name"]] for row in theirs["rows"]} == TOTALS
        assert theirs["sql"] is None
        assert "SUM" in mine["sql"]
        assert stranger.post(f"{PATH}/compile", json=query).json()["sql"] is None


class TestDefinitions:
    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"name": "No Good"}, "name"),
            ({"name": None}, "name"),
            ({"table": "nowhere"}, "there is no table nowhere"),
            ({"expression": "sum(nothing)"}, "there is no column"),
            ({"expression": "sum(revenue"}, "expression"),
            ({"expression": "sum(revenue), (SELECT 1)"}, "expression"),
            ({"expression": "sum(length(read_text('/etc/passwd')))"}, "read_text"),
            ({"datasource_id": "x"}, "datasource_id"),
            ({"formula": "{x}"}, "either expression or formula"),
            ({"colour": "red"}, "colour"),
            ({"status": "secret"}, "status"),
            ({"dimensions": [{"name": "region", "sql": "region; DROP TABLE sales"}]}, "dimensions.region"),
        ],
    )
    def test_bad_input_names_the_member(
        self, owner: Person, sales: str, changes: dict[str, Any], sentence: str
    ) -> None:
        answer = owner.post(PATH, json=definition(sales, **changes))

        assert answer.status_code == 400, answer.text
        assert sentence in answer.json()["detail"]

    def test_a_name_is_taken_once(self, owner: Person, sales: str) -> None:
        metric = made(owner, sales)

        assert owner.post(PATH, json=definition(sales, name=metric["name"])).status_code == 409

    def test_a_circle_is_refused(self, owner: Person, sales: str) -> None:
        base = made(owner, sales)
        ratio = made_formula(owner, f"{{{base['name']}}} * 2")

        answer = owner.put(
            f"{PATH}/{base['name']}",
            json={
                "expression": None, "table": None, "datasource_id": None, "time_column": None, "dimensions": [],
                "type": "derived", "formula": f"{{{ratio['name']}}} + 1",
            },
        )  # fmt: skip

        assert answer.status_code == 400
        assert "in a circle" in answer.json()["detail"]

    def test_lists_are_searched_and_counted(self, owner: Person, sales: str) -> None:
        word = uuid.uuid4().hex
        names = [made(owner, sales, synonyms=[f"Income {word}"])["name"] for _ in range(3)]

        answer = owner.get(PATH, params={"search": word.upper(), "limit": 2, "offset": 1})

        assert answer.headers["X-Total-Count"] == "3"
        assert [one["name"] for one in answer.json()] == sorted(names)[1:]
        assert owner.get(PATH, params={"status": "odd"}).status_code == 400
        assert owner.get(PATH, params={"search": word, "status": "draft"}).json() == []

    def test_what_is_in_use_is_not_deleted_renamed_or_left_without_its_datasource(
        self, owner: Person, sales: str
    ) -> None:
        metric = made(owner, sales)
        formula = made_formula(owner, f"{{{metric['name']}}} / 2")
        dashboard = owner.new_dashboard(name="Needs it")
        tile_of(owner, dashboard["id"], formula["name"])
        path, top = f"{PATH}/{metric['id']}", f"{PATH}/{formula['id']}"

        assert owner.delete(path).status_code == 409
        assert formula["name"] in owner.delete(path).json()["detail"]
        assert "Needs it" in owner.delete(top).json()["detail"]
        assert owner.put(path, json={"name": named()}).status_code == 409
        assert owner.delete(f"/api/datasources/{sales}").status_code == 409
        lineage = owner.get(f"{path}/lineage").json()
        assert lineage["metrics"] == [formula["name"]]
        assert lineage["dashboards"] == [{"id": dashboard["id"], "name": "Needs it"}]
        assert lineage["tiles"][0]["title"] == "By region"
        assert owner.get(f"{top}/lineage").json()["formula_of"] == [metric["name"]]

        owner.delete(f"/api/dashboards/{dashboard['id']}")
        assert owner.delete(top).status_code == 204
        assert owner.delete(path).status_code == 204
        assert owner.get(path).status_code == 404


def made_formula(person: Person, formula: str) -> dict[str, Any]:
    answer = person.post(
        PATH, json={"name": named("formula"), "type": "derived", "formula": formula, "status": "published"}
    )
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


class TestTiles:
    def test_a_metric_tile_answers_rows_and_shows_its_sql_to_its_author(
        self, owner: Person, sales: str
    ) -> None:
        metric = made(owner, sales)
        dashboard = owner.new_dashboard()
        path = f"/api/dashboards/{dashboard['id']}"

        tile = tile_of(owner, dashboard["id"], metric["name"])

        assert tile["datasource_id"] == sales
        assert "SUM" in tile["query"]
        assert tile["warnings"] == []
        found = rows_of(owner.get(f"{path}/tiles/{tile['id']}/data"))
        assert {row["region"]: row[metric["name"]] for row in found} == TOTALS
        shown = owner.get(path).json()["tiles"][0]
        assert shown["metric_query"] == {"metrics": [metric["name"]], "dimensions": ["region"]}
        again = owner.put(f"{path}/tiles/{tile['id']}", json={**shown, "title": "Again"})
        assert again.json()["metric_query"] == shown["metric_query"]
        assert again.json()["title"] == "Again"

    def test_one_who_edits_may_ask_metrics_without_the_datasource(
        self, owner: Person, stranger: Person, sales: str
    ) -> None:
        metric, draft = made(owner, sales), made(owner, sales, status="draft")
        dashboard = stranger.new_dashboard()
        path = f"/api/dashboards/{dashboard['id']}"

        tile = tile_of(stranger, dashboard["id"], metric["name"])

        assert len(rows_of(stranger.get(f"{path}/tiles/{tile['id']}/data"))) == 3
        body = {"title": "x", "tile_type": "table", "metric_query": {"metrics": [draft["name"]]}}
        refused = stranger.post(f"{path}/tiles", json=body)
        assert refused.status_code == 400
        assert "there is no metric" in refused.json()["detail"]
        sql = {"title": "x", "tile_type": "table", "datasource_id": sales, "query": "SELECT * FROM sales"}
        assert stranger.post(f"{path}/tiles", json=sql).status_code == 400
        detail = {"chart_config": {"detail_query": "SELECT * FROM sales WHERE 1=1 ${detail.where}"}}
        assert stranger.put(f"{path}/tiles/{tile['id']}", json=detail).status_code == 400

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ({"dimensions": ["nothing"]}, "no dimension nothing"),
            ({"metrics": []}, "metric_query.metrics"),
            ({"metrics": ["unknown_metric"]}, "there is no metric unknown_metric"),
            ({"time_grain": "decade"}, "time_grain"),
            ({"surprise": 1}, "surprise"),
        ],
    )
    def test_a_query_that_cannot_be_asked_is_refused_when_saved(
        self, owner: Person, sales: str, query: dict[str, Any], sentence: str
    ) -> None:
        metric = made(owner, sales)
        dashboard = owner.new_dashboard()
        wanted = {"metrics": [metric["name"]], **query}

        answer = owner.post(
            f"/api/dashboards/{dashboard['id']}/tiles",
            json={"title": "x", "tile_type": "table", "metric_query": wanted},
        )

        assert answer.status_code == 400, answer.text
        assert sentence in answer.json()["detail"]

    def test_a_changed_metric_changes_its_tiles_at_once_and_says_by_how_much(
        self, owner: Person, sales: str
    ) -> None:
        metric = made(owner, sales)
        dashboard = owner.new_dashboard()
        path = f"/api/dashboards/{dashboard['id']}"
        tile = tile_of(owner, dashboard["id"], metric["name"])
        whole = f"{path}/data"
        for _ in range(3):
            owner.get(whole)
        change = {"filters": [{"field": "region", "operator": "neq", "values": ["North"]}]}

        tried = owner.put(f"{PATH}/{metric['id']}", params={"dry_run": True}, json=change)
        before = rows_of_tiles(owner.get(whole))
        saved = owner.put(f"{PATH}/{metric['id']}", json=change)
        after = rows_of_tiles(owner.get(whole))

        moved = {
            "dashboard_id": dashboard["id"], "dashboard_name": "Sales", "tile_id": tile["id"],
            "title": "By region", "metric": metric["name"], "before": 56910, "after": 25410,
            "change": pytest.approx(-31500 / 56910), "error": None, "not_computed": False,
        }  # fmt: skip
        assert tried.json()["used_by"] == saved.json()["used_by"] == [moved]
        assert tried.json()["revision"] == 2
        assert len(before) == 3
        assert {row["region"] for row in after} == {"South", "Löwen & Cía <b>"}

    def test_filters_clicks_and_time_narrow_a_metric_tile(self, owner: Person, sales: str) -> None:
        metric = made(owner, sales, dimensions=[{"name": "area", "column": "region"}])
        dashboard = owner.new_dashboard()
        path = f"/api/dashboards/{dashboard['id']}"
        filters = [
            {"name": "period", "type": "date_range", "field": "month"},
            {"name": "area", "type": "multi_select", "field": "area"},
        ]
        owner.put(path, json={"filters": filters})
        config = {"cross_filter_enabled": True}
        by_area = owner.new_tile(
            dashboard["id"], title="A", tile_type="table", chart_config={**config, "xField": "area"},
            metric_query={"metrics": [metric["name"]], "dimensions": ["area"]},
        )  # fmt: skip
        by_month = owner.new_tile(
            dashboard["id"], title="M", tile_type="table", chart_config={**config, "xField": "month"},
            metric_query={"metrics": [metric["name"]], "time_grain": "month"},
        )  # fmt: skip
        state = {
            "filter_values": {
                "period": {"start": "2026-02-01", "end": "2026-03-31"}, "area": ["North", "South"],
            },
        }  # fmt: skip
        click = [{"source_tile_id": by_area["id"], "column": "area", "values": ["South"]}]
        month = [{"source_tile_id": by_month["id"], "column": "month", "values": ["2026-03-01"]}]

        narrowed = tiles_of(owner.post(f"{path}/data", json=state))
        clicked = tiles_of(owner.post(f"{path}/data", json={**state, "cross_filters": click}))
        by_bucket = tiles_of(owner.post(f"{path}/data", json={"cross_filters": month}))

        name = metric["name"]
        assert narrowed["A"] == [{"area": "North", name: 7500}, {"area": "South", name: 6000}]
        assert narrowed["M"] == [
            {"month": "2026-02-01", name: 5400},
            {"month": "2026-03-01", name: 8100},
        ]
        assert clicked["M"] == [{"month": "2026-02-01", name: 2400}, {"month": "2026-03-01", name: 3600}]
        assert clicked["A"] == narrowed["A"]
        assert {row["area"]: row[name] for row in by_bucket["A"]} == {
            "North": 4500, "South": 3600, "Löwen & Cía <b>": 30,
        }  # fmt: skip

    def test_a_comparison_follows_the_time_of_the_view(self, owner: Person, sales: str) -> None:
        metric = made(owner, sales)
        dashboard = owner.new_dashboard()
        name = metric["name"]
        owner.new_tile(
            dashboard["id"], title="K", tile_type="kpi", chart_config={"valueField": name},
            metric_query={"metrics": [name], "compare": "previous_period"},
        )  # fmt: skip
        path = f"/api/dashboards/{dashboard['id']}/data"

        waiting = owner.get(path).json()["tiles"][0]
        found = tiles_of(
            owner.post(
                path, json={"filter_values": {"date_range": {"start": "2026-03-01", "end": "2026-03-31"}}}
            )
        )

        assert waiting["error_code"] == "needs_value"
        assert found["K"] == [{name: 8130, f"{name}_prev": 5420, f"{name}_change": pytest.approx(0.5)}]

    def test_drill_detail_and_export_of_a_metric_tile(self, owner: Person, sales: str) -> None:
        metric = made(owner, sales, dimensions=[{"name": "region"}, {"name": "month", "column": "month"}])
        dashboard = owner.new_dashboard()
        tile = tile_of(
            owner, dashboard["id"], metric["name"],
            config={
                "drill_levels": [{"id_column": "region"}, {"id_column": "month"}],
                "detail_query": "SELECT region, month, revenue FROM sales WHERE 1=1 ${detail.where}",
            },
        )  # fmt: skip
        path = f"/api/dashboards/{dashboard['id']}/tiles/{tile['id']}"
        step = {"level": 0, "id_column": "region", "value": "South"}

        drilled = rows_of(owner.post(f"{path}/drill", json={"drill_path": [step]}))
        deepest = rows_of(
            owner.post(
                f"{path}/drill",
                json={"drill_path": [step, {"level": 1, "id_column": "month", "value": "2026-02-01"}]},
            )
        )
        detail = owner.post(f"{path}/detail", json={"dimensions": {"region": "South"}}).json()
        csv = owner.post(f"{path}/export", json={"format": "csv"})
        xlsx = owner.post(f"/api/dashboards/{dashboard['id']}/export", json={"format": "xlsx"})

        assert [row["month"] for row in sorted(drilled, key=lambda row: row["month"])][:2] == [
            "2026-01-01",
            "2026-02-01",
        ]
        assert sum(row[metric["name"]] for row in drilled) == 25200
        assert deepest == [{"month": "2026-02-01", metric["name"]: 2400}]
        assert {row["region"] for row in detail["rows"]} == {"South"}
        assert csv.status_code == 200, csv.text
        assert f"region,{metric['name']}" in csv.text
        assert xlsx.status_code == 200, xlsx.text
        assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(xlsx.content)).namelist()

    def test_a_snapshot_and_a_public_page_hold_the_rows_and_no_definition(
        self, server: Server, owner: Person, sales: str
    ) -> None:
        metric = made(owner, sales)
        dashboard = owner.new_dashboard()
        path = f"/api/dashboards/{dashboard['id']}"
        tile_of(owner, dashboard["id"], metric["name"])

        token = owner.post(f"{path}/share", json={"is_public": True}).json()["share_token"]
        public = anonymous(server).get(f"/api/dashboards/shared/{token}").json()
        rows = anonymous(server).get(f"/api/dashboards/shared/{token}/data").json()["tile_data"]

        assert public["tiles"][0]["metric_query"] is None
        assert public["tiles"][0]["query"] is None
        assert "31500" in json.dumps(rows)

    def test_a_preview_asks_metrics(self, owner: Person, sales: str) -> None:
        metric = made(owner, sales)
        dashboard = owner.new_dashboard()

        found = owner.post(
            f"/api/dashboards/{dashboard['id']}/tiles/preview",
            json={"tile_type": "table", "metric_query": {"metrics": [metric["name"]]}},
        )

        assert rows_of(found) == [{metric["name"]: 56910}]

    def test_a_bundle_names_its_metrics_and_needs_them_where_it_goes(
        self, owner: Person, other_tenant: Person, sales: str
    ) -> None:
        metric = made(owner, sales)
        dashboard = owner.new_dashboard()
        tile_of(owner, dashboard["id"], metric["name"])

        bundle = owner.get(f"/api/dashboards/{dashboard['id']}/export-config").json()
        copied = owner.post("/api/dashboards/import", json={"bundle": bundle})
        elsewhere = other_tenant.post("/api/dashboards/import", json={"bundle": bundle})

        assert sales not in json.dumps(bundle)
        assert copied.status_code == 201, copied.text
        assert copied.json()["tiles"][0]["metric_query"]["metrics"] == [metric["name"]]
        assert elsewhere.status_code == 400
        assert f"there is no metric {metric['name']}" in elsewhere.json()["detail"]

    def test_a_widget_asks_metrics_in_its_own_words(self, owner: Person, sales: str) -> None:
        metric = made(owner, sales)
        dashboard = owner.post("/api/v1/bi/dashboards", json={"name": "BI"}).json()
        source = {"metrics": [metric["name"]], "dimensions": ["region"], "time_grain": "quarter", "limit": 2}

        widget = owner.post(
            f"/api/v1/bi/dashboards/{dashboard['id']}/widgets",
            json={
                "name": "W", "widget_type": "bar_chart", "data_source": source,
                "position": {"x": 0, "y": 0, "width": 6, "height": 4},
                "config": {"x_axis": "region", "y_axis": metric["name"]},
            },
        )  # fmt: skip

        assert widget.status_code == 201, widget.text
        assert source.items() <= widget.json()["data_source"].items()
        path = f"/api/v1/bi/dashboards/{dashboard['id']}/widgets/{widget.json()['id']}/data"
        assert len(owner.get(path).json()["data"]["rows"]) == 2


def tiles_of(answer: Any) -> dict[str, list[dict[str, Any]]]:
    assert answer.status_code == 200, answer.text
    assert [tile["error"] for tile in answer.json()["tiles"]] == [None] * len(answer.json()["tiles"]), (
        answer.text
    )
    return {tile["title"]: tile["data"]["rows"] for tile in answer.json()["tiles"]}


def rows_of_tiles(answer: Any) -> list[dict[str, Any]]:
    return [row for rows in tiles_of(answer).values() for row in rows]


class TestFiles:
    def test_what_is_exported_can_be_applied_and_changes_nothing(self, owner: Person, sales: str) -> None:
        base = made(owner, sales, joins=[], filters=[{"sql": "revenue > 0"}], format={"decimals": 2})
        made_formula(owner, f"{{{base['name']}}} * 1.5")

        text = owner.get(f"{PATH}/export")
        applied = owner.post(f"{PATH}/apply", json={"yaml": text.text})

        assert text.headers["content-type"].startswith("application/yaml")
        assert base["name"] in text.text
        assert sales not in text.text
        assert applied.status_code == 200, applied.text
        assert {one["action"] for one in applied.json()["metrics"]} == {"unchanged"}

    def test_formulas_may_come_before_what_they_name(self, owner: Person, sales: str) -> None:
        base, top = named(), named("formula")
        items = [
            {"name": top, "type": "derived", "formula": f"{{{base}}} + 1", "status": "published"},
            definition(sales, name=base),
        ]

        tried = owner.post(f"{PATH}/apply", json={"metrics": items, "dry_run": True})
        absent = owner.get(f"{PATH}/{top}").status_code
        done = owner.post(f"{PATH}/apply", json={"metrics": items})

        assert [one["action"] for one in tried.json()["metrics"]] == ["created", "created"]
        assert absent == 404
        assert [one["name"] for one in done.json()["metrics"]] == [base, top]
        assert owner.get(f"{PATH}/{top}").status_code == 200

    def test_one_that_is_wrong_stores_none(self, owner: Person, sales: str) -> None:
        good = definition(sales)

        answer = owner.post(
            f"{PATH}/apply", json={"metrics": [good, definition(sales, expression="revenue")]}
        )

        assert answer.status_code == 400
        assert owner.get(f"{PATH}/{good['name']}").status_code == 404

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("a: &x [1]\nb: *x", "anchors and aliases"),
            ("metrics: !!python/object/apply:os.system ['id']", "tags are not taken"),
            ("a: 1\na: 2", "a is there twice"),
            ("a: [" * 30 + "]" * 30, "levels deep"),
            ("metrics: [" + "1," * 40_000 + "]", "names and values"),
            ("metrics: 3", "list of metrics"),
            ("{", "line 1"),
            ("1: 2", "a name must be text"),
        ],
    )
    def test_what_is_no_plain_yaml_is_refused(self, owner: Person, text: str, sentence: str) -> None:
        answer = owner.post(f"{PATH}/apply", json={"yaml": text})

        assert answer.status_code == 400, answer.text
        assert sentence in answer.json()["detail"]

    def test_the_command_line_applies_and_exports_while_the_server_runs(
        self, server: Server, owner: Person, admin: Person, sales: str
    ) -> None:
        name = named("told")
        source = owner.get(f"/api/datasources/{sales}").json()["name"]
        file = server.data.parent / f"{name}.yaml"
        file.write_text(
            f"metrics:\n  - name: {name}\n    datasource: {source}\n    table: sales\n    expression: count(*)\n"
            "    joins:\n      - {table: sales, alias: other, on: other.region = sales.region, "
            "cardinality: many_to_one}\n    status: published\n"
        )

        tried = server.run("metrics", "apply", str(file), "--dry-run")
        done = server.run("metrics", "apply", str(file))
        again = server.run("metrics", "apply", str(file))
        exported = server.run("metrics", "export")

        assert tried == done == f"created\t{name}"
        assert again == f"unchanged\t{name}"
        assert f"name: {name}" in exported
        assert admin.get(f"{PATH}/{name}").json()["joins"][0]["on"] == "other.region = sales.region"
