"""/api/dashboards/{id}/export-config and /api/dashboards/import: dashboards as files."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

import pytest

from live import Person, Server, anonymous

ABSENT = "00000000-0000-4000-8000-000000000000"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")
IMPORT = "/api/dashboards/import"
PREFLIGHT = "/api/dashboards/import/preflight"


@pytest.fixture
def dashboard(owner: Person, sales: str) -> str:
    """Two pages, three tiles, two filters with targets and options from a query."""
    made: str = owner.new_dashboard(
        name="Año <script>alert(1)</script>",
        description="Line 1\nLine 2",
        time_zone="Europe/Madrid",
        tags=["money", "año"],
        settings={"theme": {"dark": True, "none": None}},
    )["id"]
    path = f"/api/dashboards/{made}"
    page = owner.post(f"{path}/pages", json={"name": "Detail & <b>more</b>"}).json()["id"]
    chart = owner.new_tile(
        made,
        title="Revenue by region",
        tile_type="chart",
        chart_type="bar",
        datasource_id=sales,
        query="SELECT region, SUM(revenue) AS revenue FROM sales WHERE 1=1 ${filters.where} ${drill.where} GROUP BY 1",
        chart_config={
            "xField": "region",
            "yField": "revenue",
            "detail_query": "SELECT * FROM sales WHERE 1=1 ${detail.where}",
            "drill_levels": [{"id_column": "region"}],
            "extra": [1.5, None, {"x": "ü"}],
        },
    )
    owner.new_tile(
        made, title="Total", tile_type="kpi", datasource_id=sales, query="SELECT SUM(revenue) FROM sales",
        page_id=page, cache_ttl_seconds=60,
    )  # fmt: skip
    owner.new_tile(made, title="Note", tile_type="text", content="# Hi <b>there</b>", page_id=page)
    region = {
        "name": "region", "field": "region", "type": "multi_select", "targets": {chart["id"]: "region"},
        "options": {"query": "SELECT DISTINCT region FROM sales", "datasource_id": sales},
    }  # fmt: skip
    answer = owner.put(
        path, json={"filters": [region, {"name": "year", "type": "text", "depends_on": ["region"]}]}
    )
    assert answer.status_code == 200, answer.text
    return made


@pytest.fixture(scope="session")
def elsewhere(other_tenant: Person) -> str:
    """A datasource of another tenant, of the same name and with the same table."""
    found: str = other_tenant.upload(
        "sales.csv", b"region,month,revenue\nEast,2026-01-01,5\n", name="Sales data"
    )["datasource_id"]
    return found


def export(person: Person, dashboard: str) -> Any:
    answer = person.get(f"/api/dashboards/{dashboard}/export-config")
    assert answer.status_code == 200, answer.text
    return answer


def small(**tile: Any) -> dict[str, Any]:
    """A bundle with one tile, which has the members that are given, without those that are None."""
    given = {
        "title": "Revenue",
        "tile_type": "kpi",
        "_datasource_ref": "ds_0",
        "query": "SELECT SUM(revenue) FROM sales",
        **tile,
    }
    return {
        "schema_version": 1,
        "dashboard": {"name": "Small"},
        "tiles": [{key: value for key, value in given.items() if value is not None}],
        "required_datasources": [{"ref": "ds_0", "name": "Sales data", "type": "duckdb"}],
    }


def bring(person: Any, bundle: Any, source: str | None = None, **fields: Any) -> Any:
    mapping = {} if source is None else {"ds_0": source}
    return person.post(IMPORT, json={"bundle": bundle, "datasource_mapping": mapping, **fields})


def shown(person: Person, dashboard: str) -> dict[str, Any]:
    found: dict[str, Any] = person.get(f"/api/dashboards/{dashboard}").json()
    return found


def count(person: Person) -> int:
    return int(person.get("/api/dashboards/?include_archived=true").headers["X-Total-Count"])


class TestRights:
    @pytest.mark.parametrize(
        ("method", "path"),
        [("GET", "/api/dashboards/{id}/export-config"), ("POST", IMPORT)],
    )
    def test_whoever_may_not_see_it_learns_nothing(
        self,
        server: Server,
        stranger: Person,
        other_tenant: Person,
        dashboard: str,
        sales: str,
        elsewhere: str,
        method: str,
        path: str,
    ) -> None:
        def ask(person: Any, id_: str, source: str) -> Any:
            body = {
                "bundle": small(), "datasource_mapping": {"ds_0": source}, "mode": "update", "dashboard_id": id_,
            }  # fmt: skip
            return person.request(method, path.replace("{id}", id_), json=body if method == "POST" else None)

        hidden = [ask(stranger, dashboard, sales), ask(other_tenant, dashboard, elsewhere)]
        absent = ask(stranger, ABSENT, sales)

        assert ask(anonymous(server), dashboard, sales).status_code == 401
        assert {(one.status_code, one.text) for one in hidden} == {(404, absent.text)}

    @pytest.mark.parametrize("path", [IMPORT, PREFLIGHT])
    def test_a_viewer_may_not_import_and_anonymous_is_asked_who_they_are(
        self, server: Server, viewer: Person, path: str
    ) -> None:
        assert viewer.post(path, json={"bundle": small()}).status_code == 403
        assert anonymous(server).post(path, json={"bundle": small()}).status_code == 401

    def test_an_admin_may_export_what_is_anothers(self, dashboard: str, admin: Person) -> None:
        assert export(admin, dashboard).json()["schema_version"] == 1
        assert admin.get(f"/api/dashboards/{ABSENT}/export-config").status_code == 404

    @pytest.mark.parametrize("source", [ABSENT, "nonsense", "{sales of another tenant}"])
    def test_nobody_imports_onto_a_datasource_that_they_may_not_use(
        self, owner: Person, stranger: Person, sales: str, elsewhere: str, source: str
    ) -> None:
        source = elsewhere if source.startswith("{") else source
        before = count(owner), count(stranger)

        answers = [bring(owner, small(), source), bring(stranger, small(), sales)]

        assert [(one.status_code, one.json()["detail"]) for one in answers] == [
            (400, "datasource_mapping.ds_0: there is no datasource with this id that you may use")
        ] * 2
        assert (count(owner), count(stranger)) == before


class TestExport:
    def test_it_is_a_file_with_a_safe_name(self, owner: Person, dashboard: str) -> None:
        answer = export(owner, dashboard)

        said = answer.headers["Content-Disposition"]
        assert said.startswith('attachment; filename="Ano script alert(1) script.qry-dashboard.json"; ')
        assert unquote(said.split("filename*=UTF-8''")[1]) == "Año script alert(1) script.qry-dashboard.json"
        assert answer.headers["Content-Type"] == "application/json"

    def test_nothing_in_it_says_whose_it_is_or_where(self, owner: Person, dashboard: str) -> None:
        text = export(owner, dashboard).text

        assert UUID.findall(text) == []
        assert [
            word for word in ("@example.org", owner.id, "created_at", "share_token") if word in text
        ] == []

    def test_the_same_dashboard_gives_the_same_bytes_and_its_copy_too(
        self, owner: Person, dashboard: str, sales: str
    ) -> None:
        first = export(owner, dashboard).content

        copy = bring(owner, json.loads(first), sales).json()

        assert export(owner, dashboard).content == first
        assert export(owner, copy["id"]).content == first
        assert list(json.loads(first)) == sorted(json.loads(first))


class TestImport:
    def test_a_dashboard_moves_to_another_tenant_whole(
        self, owner: Person, other_tenant: Person, dashboard: str, sales: str, elsewhere: str
    ) -> None:
        content = export(owner, dashboard).content

        answer = bring(other_tenant, json.loads(content), elsewhere)

        made = answer.json()
        assert (answer.status_code, made["is_public"], made["user_id"]) == (201, False, other_tenant.id)
        assert export(other_tenant, made["id"]).content == content
        text = json.dumps(shown(other_tenant, made["id"]))
        before = shown(owner, dashboard)
        old = [one["id"] for kind in ("tiles", "pages") for one in before[kind]] + [
            dashboard,
            sales,
            owner.id,
        ]
        assert [id_ for id_ in old if id_ in text] == []
        data = other_tenant.get(f"/api/dashboards/{made['id']}/data").json()["tiles"]
        assert [one["error"] for one in data] == [None, None, None]
        chart = next(one for one in made["tiles"] if one["title"] == "Revenue by region")
        assert made["filters"][0]["targets"] == {chart["id"]: "region"}
        assert made["filters"][0]["options"]["datasource_id"] == elsewhere

    def test_name_and_workspace_are_the_importers(self, owner: Person, sales: str) -> None:
        workspace = owner.post("/api/workspaces", json={"name": "Imported"}).json()["id"]

        made = bring(owner, small(), sales, name=" Mine ", workspace_id=workspace).json()

        assert (made["name"], made["workspace_id"], made["version"]) == ("Mine", workspace, 1)
        said = owner.get(f"/api/dashboards/{made['id']}/revisions").json()
        assert [one["sentence"] for one in said] == ["Imported the dashboard 'Mine'"]

    def test_all_that_is_wrong_is_said_at_once_and_nothing_is_written(
        self, owner: Person, sales: str
    ) -> None:
        bundle = small(query="DROP TABLE sales")
        bundle["tiles"] += [
            small(title=" ")["tiles"][0],
            small(tile_type="pie")["tiles"][0],
            small(tile_type="chart", chart_type="hologram")["tiles"][0],
            small(chart_config={"detail_query": "SELECT 1"})["tiles"][0],
            small(chart_config={"decimals": 99})["tiles"][0],
            small(grid_x=11, grid_w=3)["tiles"][0],
            small(_datasource_ref=None)["tiles"][0],
            small(query="SELECT ${nonsense}")["tiles"][0],
            small(chart_config={"opens": "_ref:tile_9"})["tiles"][0],
            small(cache_ttl_seconds=-1)["tiles"][0],
        ]
        bundle["dashboard"] |= {
            "time_zone": "Mars/Olympus",
            "filters": [
                {"name": "a", "depends_on": ["b"]}, {"name": "b", "depends_on": ["a"]},
                {"name": "c", "targets": ["tile_9"]},
                {"name": "d", "options": {"query": "SELECT 1", "datasource_id": sales}},
                {"name": "e", "options": {"query": "DELETE FROM x", "_datasource_ref": "ds_0"}},
            ],
        }  # fmt: skip
        before = count(owner)

        answer = bring(owner, bundle, sales)

        problems = answer.json()["problems"]
        assert (answer.status_code, count(owner)) == (400, before)
        assert answer.json()["detail"].startswith(f"{len(problems)} problems: ")
        wanted = [
            "time_zone must be", "c: targets", "d: options.datasource_id", "e: options.query",
            "a -> b -> a is a circle", "tiles.0 (Revenue): query: ", "tiles.1 ( ): Tile title is required",
            "tiles.2 (Revenue): tile_type must be one of", "tiles.3 (Revenue): chart_type must be one of",
            "tiles.4 (Revenue): detail_query must contain", "tiles.5 (Revenue): chart_config.decimals",
            "tiles.6 (Revenue): grid_x + grid_w", "tiles.7 (Revenue): _datasource_ref is required",
            "tiles.8 (Revenue): query: ", "tiles.9 (Revenue): nothing in the bundle has the ref tile_9",
            "tiles.10 (Revenue): cache_ttl_seconds",
        ]  # fmt: skip
        numbered = {"c": 2, "d": 3, "e": 4}
        for one in wanted:
            if one[:2] in ("c:", "d:", "e:"):
                one = f"dashboard.filters.{numbered[one[0]]}{one[1:]}"
            assert any(one in problem for problem in problems), one
        assert len(problems) == len(wanted)

    @pytest.mark.parametrize(
        ("fields", "word"),
        [
            ({"bundle": None}, "bundle must be a JSON object"),
            ({"bundle": {"schema_version": 99}}, "schema_version 99 is not supported"),
            ({"datasource_mapping": []}, "datasource_mapping"),
            ({"datasource_mapping": {"ds_0": 7}}, "datasource_mapping.ds_0"),
            ({"datasource_mapping": {}}, "datasource_mapping.ds_0 is required"),
            ({"name": " "}, "name is required"),
            ({"name": 7}, "name"),
            ({"workspace_id": ABSENT}, "workspace_id: there is no workspace"),
            ({"mode": "merge"}, "mode"),
            ({"mode": "update"}, "dashboard_id is required"),
            ({"dashboard_id": ABSENT}, "dashboard_id can only be sent"),
            (
                {"mode": "update", "dashboard_id": ABSENT, "workspace_id": ABSENT},
                "workspace_id cannot be sent",
            ),
        ],
    )
    def test_bad_input_names_the_field_and_writes_nothing(
        self, owner: Person, sales: str, fields: dict[str, Any], word: str
    ) -> None:
        before = count(owner)
        body = {"bundle": small(), "datasource_mapping": {"ds_0": sales}, **fields}

        answer = owner.post(IMPORT, json=body)

        assert answer.status_code == 400
        assert answer.json()["detail"].startswith(word)
        assert count(owner) == before

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"[]",
            b'{"bundle": ' + b'{"a":' * 5_000 + b"1" + b"}" * 5_001,
            b'{"bundle": {"schema_version": NaN}}',
            b'{"bundle": {"schema_version": 1, "dashboard": {"name": "\\ud800"}}}',
            b'{"bundle": {"schema_version": 1, "tiles": [' + b"{}," * 1_000_000 + b"{}]}}",
        ],
        ids=["empty", "list", "deep", "nan", "surrogate", "million"],
    )
    def test_a_hostile_body_is_refused_in_a_sentence(self, owner: Person, content: bytes) -> None:
        answer = owner.post(IMPORT, content=content, headers={"Content-Type": "application/json"})

        assert answer.status_code == 400
        assert 0 < len(answer.json()["detail"]) < 300

    def test_a_body_past_the_limit_is_413(self, owner: Person) -> None:
        answer = owner.post(IMPORT, json={"bundle": {"schema_version": 1, "x": "y" * 10_000_001}})

        assert answer.status_code == 413

    def test_a_bundle_without_pages_and_places_finds_its_own(self, owner: Person, sales: str) -> None:
        bundle = small()
        bundle["tiles"] *= 3

        made = bring(owner, bundle, sales).json()

        assert [page["name"] for page in made["pages"]] == ["Page 1"]
        assert [(one["grid_x"], one["grid_y"]) for one in made["tiles"]] == [(0, 0), (3, 0), (6, 0)]

    def test_tiles_on_top_of_each_other_give_way(self, owner: Person, sales: str) -> None:
        bundle = small(grid_x=0, grid_y=0, grid_w=6, grid_h=4)
        bundle["tiles"] *= 2

        made = bring(owner, bundle, sales).json()

        assert [one["grid_y"] for one in made["tiles"]] == [0, 4]


class TestUpdate:
    def over(self, person: Person, dashboard: str, bundle: Any, source: str, **headers: str) -> Any:
        body = {
            "bundle": bundle, "datasource_mapping": {"ds_0": source}, "mode": "update", "dashboard_id": dashboard,
        }  # fmt: skip
        return person.post(IMPORT, json=body, headers=headers)

    def test_what_is_the_same_keeps_its_id(self, owner: Person, dashboard: str, sales: str) -> None:
        before = shown(owner, dashboard)
        bundle = export(owner, dashboard).json()
        by_title = {one["title"]: one for one in bundle["tiles"]}
        by_title["Total"]["title"] = "Grand total"  # its ref stays
        by_title["Note"] |= {"_ref": "another", "content": "# Changed"}  # its title stays
        by_title["Revenue by region"] |= {"_ref": "third", "title": "By region"}  # its query stays
        bundle["tiles"].append({"title": "New", "tile_type": "text", "content": "", "_page_ref": "page_0"})
        bundle["pages"][0]["name"] = "Renamed"
        bundle["dashboard"]["filters"][0]["targets"] = {"third": "region"}
        bundle["dashboard"]["name"] = "Second edition"

        answer = self.over(owner, dashboard, bundle, sales)

        after = answer.json()
        ids = {one["title"]: one["id"] for one in before["tiles"]}
        now = {one["title"]: one["id"] for one in after["tiles"]}
        assert (answer.status_code, after["id"], after["version"]) == (200, dashboard, before["version"] + 1)
        assert (now["Grand total"], now["Note"]) == (ids["Total"], ids["Note"])
        assert now["By region"] == ids["Revenue by region"]
        assert now["New"] not in ids.values()
        assert [page["id"] for page in after["pages"]] == [page["id"] for page in before["pages"]]
        assert after["filters"][0]["targets"] == {ids["Revenue by region"]: "region"}
        kept = ("user_id", "workspace_id", "is_public", "share_token", "created_at")
        assert {key: after[key] for key in kept} == {key: before[key] for key in kept}
        said = owner.get(f"/api/dashboards/{dashboard}/revisions").json()[0]["sentence"]
        assert said == "Imported the dashboard 'Second edition' over this one"

    def test_what_it_is_already_changes_nothing(self, owner: Person, dashboard: str, sales: str) -> None:
        before = shown(owner, dashboard)

        answer = self.over(owner, dashboard, export(owner, dashboard).json(), sales)

        assert answer.json() == before

    def test_a_stale_version_is_refused(self, owner: Person, dashboard: str, sales: str) -> None:
        bundle = export(owner, dashboard).json()

        answer = self.over(owner, dashboard, bundle, sales, **{"If-Match": '"1"'})

        assert (answer.status_code, answer.json()["version"]) == (409, shown(owner, dashboard)["version"])

    def test_a_bundle_that_is_refused_leaves_it_as_it_was(
        self, owner: Person, dashboard: str, sales: str
    ) -> None:
        before = shown(owner, dashboard)

        answer = self.over(owner, dashboard, small(query="DROP TABLE sales"), sales)

        assert answer.status_code == 400
        assert shown(owner, dashboard) == before


class TestPreflight:
    def test_it_counts_and_suggests_and_writes_nothing(
        self, owner: Person, dashboard: str, sales: str
    ) -> None:
        before = count(owner)

        answer = owner.post(PREFLIGHT, json={"bundle": export(owner, dashboard).json()})

        found = answer.json()
        assert (answer.status_code, count(owner)) == (200, before)
        assert {key: found[key] for key in ("page_count", "tile_count", "filter_count")} == {
            "page_count": 2, "tile_count": 3, "filter_count": 2,
        }  # fmt: skip
        assert found["required_datasources"] == [{"ref": "ds_0", "name": "Sales data", "type": "duckdb"}]
        assert found["suggested_mapping"] == {"ds_0": sales}
        assert (found["problems"], found["warnings"]) == ([], [])

    def test_on_a_target_it_says_what_is_missing(self, owner: Person) -> None:
        other = owner.upload("sales.csv", b"region,amount\nNorth,1\n", name="Other sales")["datasource_id"]
        bundle = small(
            query="SELECT s.region, SUM(revenue) FROM sales s JOIN costs USING (region) GROUP BY 1",
            chart_config={"detail_query": "SELECT region, month FROM sales WHERE 1=1 ${detail.where}"},
        )
        bundle["tiles"] += [
            small(title="Fine", query="SELECT SUM(amount) FROM sales WHERE region = ${filter.area}")["tiles"][
                0
            ],
            small(title="Wrong", query="SELECT * FROM")["tiles"][0],
        ]
        bundle["required_datasources"][0]["type"] = "postgresql"

        found = owner.post(PREFLIGHT, json={"bundle": bundle, "datasource_mapping": {"ds_0": other}}).json()

        assert [one["warnings"] for one in found["tiles"]] == [
            ["there is no table costs", "there is no column month"],
            ["there is no filter area"],
            [],
        ]
        assert [len(one["problems"]) for one in found["tiles"]] == [0, 0, 1]
        assert found["warnings"] == [
            "ds_0: made for postgresql, and 'Other sales' is duckdb",
            "tiles.0 (Revenue): there is no table costs",
            "tiles.0 (Revenue): there is no column month",
            "tiles.1 (Fine): there is no filter area",
        ]
        assert [one.split(": ")[0] for one in found["problems"]] == ["tiles.2 (Wrong)"]

    def test_a_target_that_cannot_be_asked_is_a_warning(self, owner: Person) -> None:
        down = {"host": "127.0.0.1", "port": 1, "database": "x", "user": "y"}
        source = owner.post(
            "/api/datasources", json={"name": "Down", "type": "postgresql", "config": down}
        ).json()["id"]

        found = owner.post(PREFLIGHT, json={"bundle": small(), "datasource_mapping": {"ds_0": source}}).json()

        assert found["problems"] == []
        assert any(one.startswith("The datasource 'Down' cannot be looked at") for one in found["warnings"])

    @pytest.mark.parametrize("source", [ABSENT, "nonsense", ""])
    def test_a_target_out_of_reach_is_a_problem(self, owner: Person, source: str) -> None:
        found = owner.post(PREFLIGHT, json={"bundle": small(), "datasource_mapping": {"ds_0": source}}).json()

        assert found["problems"] == [
            "datasource_mapping.ds_0: there is no datasource with this id that you may use"
        ]

    def test_what_is_no_bundle_is_refused(self, owner: Person) -> None:
        answer = owner.post(PREFLIGHT, json={"bundle": {"schema_version": 1, "tiles": [{}]}})

        assert answer.status_code == 400
        assert answer.json()["problems"] == [
            "dashboard: is required", "tiles.0.title: is required", "tiles.0.tile_type: is required",
        ]  # fmt: skip
