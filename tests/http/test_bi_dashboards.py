"""Dashboards and widgets over the BI API, and the same ones over the Qry API."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from live import Person, Server, anonymous

API = "/api/v1/bi/dashboards"
NOWHERE = f"dash-{uuid.UUID(int=1)}"
NOT_FOUND = {"detail": "Dashboard not found or access denied"}
SQL = "SELECT region, SUM(revenue) FROM sales GROUP BY region ORDER BY region"


def new(person: Person, **fields: Any) -> dict[str, Any]:
    answer = person.post(API, json={"name": "Sales", **fields})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def widget(person: Person, dashboard: dict[str, Any], source: str, **fields: Any) -> dict[str, Any]:
    body = {
        "name": "Revenue",
        "widget_type": "bar_chart",
        "data_source": {"sql": SQL, "datasource_id": source},
        "config": {"x_axis": "region", "y_axis": "revenue"},
        **fields,
    }
    answer = person.post(f"{API}/{dashboard['id']}/widgets", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def qry(dashboard: dict[str, Any]) -> str:
    return f"/api/dashboards/{dashboard['id'].removeprefix('dash-')}"


@pytest.fixture(scope="module")
def shared(owner: Person, sales: str, stranger: Person, viewer: Person) -> dict[str, Any]:
    """A dashboard that the stranger may edit and the viewer may see."""
    dashboard = new(owner)
    made = widget(owner, dashboard, sales)
    wishes = [{"id": stranger.id, "permission": "edit"}, {"id": viewer.id, "permission": "edit"}]
    assert owner.post(f"{API}/{dashboard['id']}/share", json={"shared_with": wishes}).status_code == 200
    return {**dashboard, "widget": made["id"]}


class TestWhoMayDoWhat:
    @pytest.mark.parametrize(
        ("method", "path", "body", "statuses"),
        [
            ("GET", "", None, {"stranger": 200, "viewer": 200}),
            ("GET", "/data", None, {"stranger": 200, "viewer": 200}),
            ("POST", "/data", {}, {"stranger": 200, "viewer": 200}),
            ("GET", "/widgets/{widget}", None, {"stranger": 200, "viewer": 200}),
            ("GET", "/widgets/{widget}/data", None, {"stranger": 200, "viewer": 200}),
            ("POST", "/widgets/{widget}/data", {}, {"stranger": 200, "viewer": 200}),
            ("POST", "/widgets", {"name": "T", "widget_type": "text"}, {"stranger": 201, "viewer": 403}),
            ("PUT", "/widgets/{widget}", {"name": "T"}, {"stranger": 200, "viewer": 403}),
            ("PUT", "", {"name": "Taken"}, {"stranger": 403, "viewer": 403}),
            ("DELETE", "", None, {"stranger": 403, "viewer": 403}),
            ("POST", "/share", {"visibility": "public"}, {"stranger": 403, "viewer": 403}),
            ("GET", "/share", None, {"stranger": 403, "viewer": 403}),
            ("POST", "/clone", {}, {"stranger": 403, "viewer": 403}),
        ],
    )
    def test_each_route(
        self,
        request: pytest.FixtureRequest,
        server: Server,
        shared: dict[str, Any],
        method: str,
        path: str,
        body: dict[str, Any] | None,
        statuses: dict[str, int],
    ) -> None:
        url = f"{API}/{shared['id']}{path.replace('{widget}', shared['widget'])}"
        sent = {} if body is None else {"json": body}

        told = {
            who: request.getfixturevalue(who).request(method, url, **sent).status_code for who in statuses
        }

        assert told == statuses
        assert anonymous(server).request(method, url, **sent).status_code == 401
        hidden = request.getfixturevalue("other_tenant").request(method, url, **sent)
        assert (hidden.status_code, hidden.json()) == (404, NOT_FOUND)

    def test_admins_may_do_what_owners_do(self, owner: Person, admin: Person) -> None:
        dashboard = new(owner)

        assert admin.put(f"{API}/{dashboard['id']}", json={"name": "By an admin"}).status_code == 200
        assert admin.delete(f"{API}/{dashboard['id']}").status_code == 204

    def test_viewers_make_nothing(self, viewer: Person, sales: str) -> None:
        assert viewer.post(API, json={"name": "Mine"}).status_code == 403
        sent = {"template": "table_overview", "datasource_id": sales}
        assert viewer.post(f"{API}/from-template", json=sent).status_code == 403

    def test_sql_is_hidden_from_who_may_neither_edit_nor_use(
        self, shared: dict[str, Any], viewer: Person, stranger: Person
    ) -> None:
        seen = viewer.get(f"{API}/{shared['id']}").json()["widgets"]
        edited = stranger.get(f"{API}/{shared['id']}").json()["widgets"]

        assert {one["data_source"]["sql"] for one in seen if one["data_source"]} == {None}
        assert SQL in {one["data_source"]["sql"] for one in edited if one["data_source"]}

    def test_an_editor_without_the_datasource_may_not_change_sql(
        self, shared: dict[str, Any], stranger: Person
    ) -> None:
        url = f"{API}/{shared['id']}/widgets/{shared['widget']}"

        refused = stranger.put(url, json={"data_source": {"sql": "SELECT * FROM sales"}})

        assert refused.status_code == 400
        assert "data_source.datasource_id" in refused.json()["detail"]


class TestBothDialects:
    def test_what_only_a_tile_says_survives_a_widgets_put(self, owner: Person, sales: str) -> None:
        dashboard = owner.new_dashboard()
        page = owner.post(f"/api/dashboards/{dashboard['id']}/pages", json={"name": "Two"}).json()
        config = {
            "xField": "region",
            "yField": "revenue",
            "x_axis": "an unknown member",
            "drill_levels": [{"id_column": "region", "label_column": "region"}],
            "detail_query": "SELECT * FROM sales WHERE 1=1 ${detail.where}",
            "cross_filter_enabled": True,
            "of the author": {"ü": [1, 2.5, None]},
        }
        tile = owner.new_tile(
            dashboard["id"],
            title="T",
            tile_type="chart",
            chart_type="funnel",
            datasource_id=sales,
            schema="main",
            query=SQL,
            chart_config=config,
            page_id=page["id"],
            cache_ttl_seconds=60,
        )
        url = f"{API}/{dashboard['id']}/widgets/widget-{tile['id']}"

        shown = owner.get(url).json()
        sent = owner.put(url, json=shown)
        after = owner.get(f"/api/dashboards/{dashboard['id']}").json()["tiles"][0]

        assert shown["widget_type"] == "funnel_chart"
        assert shown["config"]["x_axis"] == "region"
        assert sent.status_code == 200, sent.text
        assert {**after, "updated_at": ""} == {**tile, "updated_at": "", "warnings": after["warnings"]}
        owner.put(url, json={"config": {"x_axis": "month"}, "name": "Other"})
        changed = owner.get(f"/api/dashboards/{dashboard['id']}").json()["tiles"][0]
        kept = ("drill_levels", "detail_query", "cross_filter_enabled")
        assert changed["chart_config"] == {"xField": "month", **{key: config[key] for key in kept}}
        assert (changed["page_id"], changed["schema"], changed["query"]) == (page["id"], "main", SQL)

    def test_what_only_a_widget_says_survives_a_tiles_put(self, owner: Person, sales: str) -> None:
        dashboard = new(owner, tags=["a"], filters=[{"field": "region", "operator": "neq", "values": ["x"]}])
        config = {
            "x_axis": "region",
            "y_axis": "revenue",
            "show_legend": False,
            "mine": {"a": [1]},
            "xField": "?",
        }
        source = {"sql": SQL, "datasource_id": sales, "cache_ttl_seconds": 7, "of mine": {"b": 2}}
        made = widget(owner, dashboard, sales, config=config, data_source=source)
        tile = owner.get(qry(dashboard)).json()["tiles"][0]

        answer = owner.put(f"{qry(dashboard)}/tiles/{tile['id']}", json=tile)
        whole = owner.put(qry(dashboard), json=owner.get(qry(dashboard)).json())
        owner.put(f"{qry(dashboard)}/tiles/{tile['id']}", json={"title": "Renamed"})
        after = owner.get(f"{API}/{dashboard['id']}").json()

        assert (answer.status_code, whole.status_code) == (200, 200)
        assert after["widgets"][0]["config"] == config == made["config"]
        assert after["widgets"][0]["data_source"] == source
        assert after["widgets"][0]["name"] == "Renamed"
        assert (after["tags"], after["filters"]) == (["a"], dashboard["filters"])
        assert after["filters"][0].items() >= {"field": "region", "operator": "neq", "values": ["x"]}.items()

    def test_a_text_is_its_content_on_both_sides(self, owner: Person) -> None:
        dashboard = new(owner)
        made = widget(owner, dashboard, "", widget_type="text", config={"content": "# A"}, data_source=None)
        tile = owner.get(qry(dashboard)).json()["tiles"][0]
        url = f"{API}/{dashboard['id']}/widgets/{made['id']}"

        owner.put(f"{qry(dashboard)}/tiles/{tile['id']}", json={"content": "# B"})
        shown = owner.get(url).json()
        owner.put(url, json={"config": {"content": "# C"}})
        after = owner.get(qry(dashboard)).json()["tiles"][0]

        assert (tile["content"], shown["config"]["content"], after["content"]) == ("# A", "# B", "# C")
        assert shown["data_source"] is None


class TestWidgets:
    @pytest.mark.parametrize(
        ("body", "said"),
        [
            ({"name": " ", "widget_type": "table"}, "Widget name is required"),
            ({"name": "W"}, "widget_type is required"),
            ({"name": "W", "widget_type": "table"}, "data_source.sql is required"),
            ({"name": "W", "widget_type": "table", "data_source": {"sql": "SELEC 1"}}, "data_source.sql:"),
            ({"name": "W", "widget_type": "table", "data_source": {"sql": 5}}, "data_source.sql"),
            ({"name": "W", "widget_type": "text", "position": {"width": 13}}, "position.x + position.width"),
            ({"name": "W", "widget_type": "text", "position": {"x": -1}}, "position.x and position.y"),
            (
                {"name": "W", "widget_type": "text", "position": {"height": 0}},
                "position.width and position.height",
            ),
            ({"name": "W", "widget_type": "text", "position": {"x": "1"}}, "position.x"),
            ({"name": "W", "widget_type": "text", "config": {"content": 1}}, "config.content"),
            ({"name": "W", "widget_type": "text", "config": []}, "config"),
        ],
    )
    def test_what_does_not_fit_is_named(
        self, owner: Person, sales: str, body: dict[str, Any], said: str
    ) -> None:
        dashboard = new(owner)
        if body.get("data_source"):
            body = {**body, "data_source": {"datasource_id": sales, **body["data_source"]}}

        answer = owner.post(f"{API}/{dashboard['id']}/widgets", json=body)

        assert answer.status_code == 400, answer.text
        assert said in answer.json()["detail"]
        assert owner.get(f"{API}/{dashboard['id']}").json()["widget_count"] == 0

    def test_what_lies_under_a_widget_moves_down(self, owner: Person) -> None:
        dashboard = new(owner)
        place = {"x": 0, "y": 0, "width": 6, "height": 4}
        for name in ("Old", "New"):
            body = {"name": name, "widget_type": "text", "position": place}
            assert owner.post(f"{API}/{dashboard['id']}/widgets", json=body).status_code == 201

        widgets = owner.get(f"{API}/{dashboard['id']}").json()["widgets"]

        assert [(one["name"], one["position"]["y"]) for one in widgets] == [("New", 0), ("Old", 4)]

    def test_both_forms_of_an_id_lead_to_the_same(self, owner: Person, sales: str) -> None:
        dashboard = new(owner)
        made = widget(owner, dashboard, sales)
        bare = dashboard["id"].removeprefix("dash-"), made["id"].removeprefix("widget-")

        paths = [f"{API}/{d}/widgets/{w}" for d in (dashboard["id"], bare[0]) for w in (made["id"], bare[1])]

        assert {owner.get(path).text for path in (*paths, f"{paths[0]}/")} == {owner.get(paths[0]).text}

    def test_an_old_version_is_refused(self, owner: Person) -> None:
        dashboard = new(owner)
        url = f"{API}/{dashboard['id']}"
        first = owner.get(url).headers["ETag"]
        owner.put(url, json={"tags": ["x"]})

        stale = owner.put(url, json={"name": "Late"}, headers={"If-Match": first})
        shared = owner.post(f"{url}/share", json={"visibility": "team"}, headers={"If-Match": first})

        assert (stale.status_code, shared.status_code) == (409, 409)
        assert owner.get(url).json()["visibility"] == "private"

    def test_a_warning_says_the_name_in_the_config(self, owner: Person, sales: str) -> None:
        dashboard = new(owner)
        made = widget(owner, dashboard, sales, config={"x_axis": "nowhere", "y_axis": "revenue"})

        data = owner.get(f"{API}/{dashboard['id']}/data").json()["widgets"][0]

        assert made["warnings"] == ["config.x_axis: the query has no column nowhere"] == data["warnings"]

    def test_a_failing_widget_has_its_own_error(self, owner: Person, sales: str) -> None:
        dashboard = new(owner)
        broken = widget(
            owner, dashboard, sales, data_source={"sql": "SELECT x FROM nowhere", "datasource_id": sales}
        )

        answer = owner.get(f"{API}/{dashboard['id']}/widgets/{broken['id']}/data")

        assert answer.status_code == 200
        assert (answer.json()["id"], answer.json()["data"]) == (broken["id"], None)
        assert answer.json()["error_code"] == "query_failed"


class TestClonesAndTemplates:
    def test_a_clone_is_a_document_of_its_own(self, owner: Person, sales: str) -> None:
        dashboard = new(owner, visibility="tenant", tags=["a"], description="D")
        made = widget(owner, dashboard, sales, position={"x": 2, "y": 1, "width": 5, "height": 3})
        tile_id = made["id"].removeprefix("widget-")
        targets = [{"name": "region", "field": "region", "type": "select", "targets": {tile_id: None}}]
        owner.put(qry(dashboard), json={"filters": targets})

        clone = owner.post(f"{API}/{dashboard['id']}/clone").json()

        copy = clone["widgets"][0]
        assert (clone["name"], clone["visibility"], clone["tags"]) == ("Sales (copy)", "private", ["a"])
        assert {copy["id"], clone["id"]}.isdisjoint({made["id"], dashboard["id"]})
        assert copy["position"] == made["position"]
        assert copy["data_source"] == made["data_source"]
        assert clone["filters"][0]["targets"] == {copy["id"].removeprefix("widget-"): None}
        owner.delete(f"{API}/{dashboard['id']}")
        assert owner.get(f"{API}/{clone['id']}/data").json()["widgets"][0]["error"] is None

    @pytest.mark.parametrize("template", ["table_overview", "kpi_and_trend", "comparison_by_category"])
    def test_every_widget_of_a_template_has_rows(self, owner: Person, sales: str, template: str) -> None:
        made = owner.post(f"{API}/from-template", json={"template": template, "datasource_id": sales})

        assert made.status_code == 201, made.text
        data = owner.get(f"{API}/{made.json()['id']}/data").json()["widgets"]
        assert len(data) >= 3
        assert [(one["error"], one["warnings"]) for one in data] == [(None, [])] * len(data)
        assert all(one["row_count"] > 0 for one in data)

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"template": "nothing"}, "template must be one of"),
            ({"datasource_id": str(uuid.UUID(int=1))}, "datasource_id: there is no datasource"),
            ({"parameters": {"table": "nowhere"}}, "parameters.table"),
            ({"parameters": {"dimension": "nowhere"}}, "parameters.dimension"),
            ({"parameters": {"colour": "x"}}, "parameters.colour is not known"),
            ({"name": " "}, "name is required"),
        ],
    )
    def test_what_a_template_cannot_be_made_for_is_named(
        self, owner: Person, sales: str, sent: dict[str, Any], said: str
    ) -> None:
        body = {"template": "comparison_by_category", "datasource_id": sales, **sent}

        answer = owner.post(f"{API}/from-template", json=body)

        assert answer.status_code == 400
        assert said in answer.json()["detail"]
