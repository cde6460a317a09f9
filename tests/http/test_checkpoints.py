"""/api/dashboards/{id}/checkpoints."""

from __future__ import annotations

from typing import Any

import pytest

from live import Person, Server, anonymous

ABSENT = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def dashboard(owner: Person, sales: str) -> str:
    made: str = owner.new_dashboard(name="Sales", time_zone="Europe/Madrid", tags=["money"])["id"]
    owner.new_tile(
        made, title="Revenue", tile_type="kpi", datasource_id=sales, query="SELECT SUM(revenue) FROM sales"
    )
    return made


def at(dashboard: str, *rest: str) -> str:
    return "/".join((f"/api/dashboards/{dashboard}/checkpoints", *rest))


def create(person: Any, dashboard: str, **fields: Any) -> dict[str, Any]:
    answer = person.post(at(dashboard), json={"name": "v1", **fields})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


class TestRights:
    @pytest.mark.parametrize(
        ("method", "rest"),
        [("GET", ()), ("POST", ()), ("POST", ("{id}", "restore")), ("DELETE", ("{id}",))],
    )
    def test_whoever_may_not_see_it_learns_nothing(
        self,
        server: Server,
        owner: Person,
        stranger: Person,
        viewer: Person,
        other_tenant: Person,
        dashboard: str,
        method: str,
        rest: tuple[str, ...],
    ) -> None:
        made = create(owner, dashboard)
        rest = tuple(part.replace("{id}", made["id"]) for part in rest)
        body = {"name": "x"} if method == "POST" and not rest else None

        asked = anonymous(server).request(method, at(dashboard, *rest), json=body)
        hidden = [
            person.request(method, at(dashboard, *rest), json=body)
            for person in (stranger, viewer, other_tenant)
        ]
        absent = stranger.request(method, at(ABSENT, *rest), json=body)

        assert asked.status_code == 401
        assert {(one.status_code, one.text) for one in hidden} == {(404, absent.text)}
        assert [one["id"] for one in owner.get(at(dashboard)).json()] == [made["id"]]

    def test_an_admin_may_do_everything(self, admin: Person, dashboard: str) -> None:
        made = create(admin, dashboard)

        assert admin.get(at(dashboard)).status_code == 200
        assert admin.post(at(dashboard, made["id"], "restore")).status_code == 200
        assert admin.delete(at(dashboard, made["id"])).status_code == 204

    def test_a_checkpoint_is_not_found_under_another_dashboard(self, owner: Person, dashboard: str) -> None:
        made = create(owner, dashboard)
        other = owner.new_dashboard()["id"]

        assert owner.post(at(other, made["id"], "restore")).status_code == 404
        assert owner.delete(at(other, made["id"])).status_code == 404
        assert owner.post(at(dashboard, "nonsense", "restore")).status_code == 404


class TestCreate:
    def test_a_checkpoint_names_the_present_revision(self, owner: Person, dashboard: str) -> None:
        made = create(
            owner, dashboard, name="  v2 — before margin <b>breakdown</b> ", description="Clean\nversion"
        )

        listed = owner.get(at(dashboard))
        assert (listed.json(), listed.headers["X-Total-Count"]) == ([made], "1")
        assert {
            key: made[key] for key in ("dashboard_id", "name", "description", "created_by", "revision")
        } == {
            "dashboard_id": dashboard,
            "name": "v2 — before margin <b>breakdown</b>",
            "description": "Clean\nversion",
            "created_by": owner.id,
            "revision": 2,
        }

    @pytest.mark.parametrize(
        ("body", "word"),
        [
            ({}, "Checkpoint name is required"),
            ({"name": "  "}, "Checkpoint name is required"),
            ({"name": None}, "Checkpoint name is required"),
            ({"name": 7}, "name"),
            ({"name": "x" * 201}, "name must have at most 200"),
            ({"name": "two\nlines"}, "name must be one line"),
            ({"name": "x", "description": ["no"]}, "description"),
            ({"name": "x", "description": "x" * 10_001}, "description must have at most"),
            ([], "The body"),
        ],
    )
    def test_bad_input_names_the_field_and_writes_nothing(
        self, owner: Person, dashboard: str, body: Any, word: str
    ) -> None:
        answer = owner.post(at(dashboard), json=body)

        assert answer.status_code == 400
        assert answer.json()["detail"].startswith(word)
        assert owner.get(at(dashboard)).json() == []

    def test_a_stale_version_is_refused(self, owner: Person, dashboard: str) -> None:
        answer = owner.post(at(dashboard), json={"name": "x"}, headers={"If-Match": '"1"'})

        assert (answer.status_code, answer.json()["version"]) == (409, 2)

    def test_lists_come_newest_first_in_pages(self, owner: Person, dashboard: str) -> None:
        made = [create(owner, dashboard, name=str(number))["id"] for number in range(3)]

        page = owner.get(at(dashboard) + "?limit=2&offset=1")

        assert ([one["id"] for one in page.json()], page.headers["X-Total-Count"]) == (made[1::-1], "3")


class TestRestore:
    def test_pages_tiles_filters_and_settings_come_back_and_the_rest_stays(
        self, owner: Person, dashboard: str
    ) -> None:
        path = f"/api/dashboards/{dashboard}"
        region = {"name": "region", "field": "region", "type": "select"}
        owner.put(path, json={"filters": [region], "settings": {"theme": "dark"}})
        before = owner.get(path).json()
        checkpoint = create(owner, dashboard, name="Tuesday")
        owner.post(f"{path}/pages", json={"name": "Detail"})
        owner.delete(f"{path}/tiles/{before['tiles'][0]['id']}")
        owner.put(
            path,
            json={
                "name": "Margins", "description": "New", "filters": [], "settings": {},
                "time_zone": "UTC", "tags": [], "refresh_interval_seconds": 60,
                "layout": {"columns": 12, "rowHeight": 100, "gap": 20},
            },
        )  # fmt: skip
        changed = owner.get(path).json()

        answer = owner.post(at(dashboard, checkpoint["id"], "restore"))

        after = owner.get(path).json()
        assert (answer.status_code, answer.json()) == (200, {"status": "restored"})
        assert answer.headers["ETag"] == f'"{changed["version"] + 1}"'
        restored = (
            "pages", "tiles", "filters", "settings", "layout", "time_zone", "tags", "refresh_interval_seconds",
        )  # fmt: skip
        assert {key: after[key] for key in restored} == {key: before[key] for key in restored}
        kept = ("name", "description", "user_id", "workspace_id", "is_public", "share_token", "created_at")
        assert {key: after[key] for key in kept} == {key: changed[key] for key in kept}
        revisions = owner.get(f"{path}/revisions").json()
        assert revisions[0]["sentence"] == "Restored the checkpoint 'Tuesday'"
        state_before = owner.get(f"{path}/revisions/{changed['version']}").json()["dashboard"]
        assert {key: state_before[key] for key in restored} == {key: changed[key] for key in restored}

    def test_a_tile_whose_datasource_is_gone_comes_back_and_says_so(
        self, owner: Person, dashboard: str
    ) -> None:
        path = f"/api/dashboards/{dashboard}"
        source = owner.upload("gone.csv", b"a\n1\n")["datasource_id"]
        tile = owner.new_tile(
            dashboard, title="Gone", tile_type="kpi", datasource_id=source, query="SELECT a FROM gone"
        )
        checkpoint = create(owner, dashboard)
        owner.delete(f"{path}/tiles/{tile['id']}")
        assert owner.delete(f"/api/datasources/{source}").status_code == 204

        answer = owner.post(at(dashboard, checkpoint["id"], "restore"))

        data = {one["id"]: one for one in owner.get(f"{path}/data").json()["tiles"]}
        assert answer.status_code == 200
        assert len(data) == 2
        assert "no longer exists" in data[tile["id"]]["error"]

    def test_a_stale_version_is_refused(self, owner: Person, dashboard: str) -> None:
        checkpoint = create(owner, dashboard)

        answer = owner.post(at(dashboard, checkpoint["id"], "restore"), headers={"If-Match": '"1"'})

        assert (answer.status_code, answer.json()["version"]) == (409, 2)


class TestDelete:
    def test_the_name_goes_and_the_state_stays(self, owner: Person, dashboard: str) -> None:
        made = create(owner, dashboard)

        answer = owner.delete(at(dashboard, made["id"]))

        assert (answer.status_code, answer.content) == (204, b"")
        assert owner.get(at(dashboard)).json() == []
        assert owner.delete(at(dashboard, made["id"])).status_code == 404
        assert owner.get(f"/api/dashboards/{dashboard}/revisions/{made['revision']}").status_code == 200

    def test_a_dashboard_with_checkpoints_can_be_deleted(self, owner: Person, dashboard: str) -> None:
        create(owner, dashboard)

        assert owner.delete(f"/api/dashboards/{dashboard}").status_code == 204
