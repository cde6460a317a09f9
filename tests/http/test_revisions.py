"""/api/dashboards/{id}/revisions: look, compare, go back."""

from __future__ import annotations

from typing import Any

import pytest

from live import Person, Server, anonymous

ABSENT = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def dashboard(owner: Person, sales: str) -> str:
    """Three revisions: made, a tile added, the tile and the dashboard changed."""
    made: str = owner.new_dashboard(name="First name")["id"]
    tile = owner.new_tile(
        made, title="Revenue", tile_type="kpi", datasource_id=sales, query="SELECT SUM(revenue) FROM sales"
    )
    owner.put(f"/api/dashboards/{made}/tiles/{tile['id']}", json={"query": "SELECT 1 AS revenue"})
    return made


def revision(person: Person, dashboard: str, number: object) -> Any:
    return person.get(f"/api/dashboards/{dashboard}/revisions/{number}")


def restore(person: Any, dashboard: str, number: object, **headers: str) -> Any:
    return person.post(f"/api/dashboards/{dashboard}/revisions/{number}/restore", headers=headers)


def compared(person: Any, dashboard: str, query: str) -> Any:
    return person.get(f"/api/dashboards/{dashboard}/revisions/compare?{query}")


class TestRights:
    PATHS = (
        ("GET", "/revisions/1"),
        ("GET", "/revisions/compare?from=1"),
        ("POST", "/revisions/1/restore"),
    )

    @pytest.mark.parametrize(("method", "path"), PATHS)
    def test_whoever_may_not_see_it_learns_nothing(
        self,
        server: Server,
        stranger: Person,
        viewer: Person,
        other_tenant: Person,
        dashboard: str,
        method: str,
        path: str,
    ) -> None:
        asked = anonymous(server).request(method, f"/api/dashboards/{dashboard}{path}")
        hidden = [
            person.request(method, f"/api/dashboards/{dashboard}{path}")
            for person in (stranger, viewer, other_tenant)
        ]
        absent = stranger.request(method, f"/api/dashboards/{ABSENT}{path}")

        assert asked.status_code == 401
        assert {(one.status_code, one.text) for one in hidden} == {(404, absent.text)}

    def test_an_admin_may_look_and_restore(self, admin: Person, dashboard: str) -> None:
        assert revision(admin, dashboard, 1).status_code == 200
        assert restore(admin, dashboard, 1).status_code == 200


class TestLook:
    def test_a_revision_shows_the_whole_dashboard_as_it_was(self, owner: Person, dashboard: str) -> None:
        now = owner.get(f"/api/dashboards/{dashboard}").json()

        then = revision(owner, dashboard, 2).json()

        assert (then["number"], then["parent"], then["sentence"]) == (2, 1, "Added the tile 'Revenue'")
        assert [tile["query"] for tile in then["dashboard"]["tiles"]] == ["SELECT SUM(revenue) FROM sales"]
        assert set(then["dashboard"]) == set(now)
        assert (then["dashboard"]["version"], now["version"]) == (2, 3)

    @pytest.mark.parametrize("number", ["0", "99", "-1", "1.0", "x", "9" * 30, "²"])
    def test_what_is_no_revision_is_not_found(self, owner: Person, dashboard: str, number: str) -> None:
        answer = revision(owner, dashboard, number)

        assert (answer.status_code, answer.json()) == (404, {"detail": "Revision not found or access denied"})


class TestCompare:
    def test_differences_are_told_by_page_tile_filter_and_setting(
        self, owner: Person, dashboard: str
    ) -> None:
        path = f"/api/dashboards/{dashboard}"
        page = owner.post(f"{path}/pages", json={"name": "Detail"}).json()
        region = {"name": "region", "field": "region", "type": "select"}
        owner.put(
            path,
            json={
                "name": "New name",
                "filters": [region],
                "layout": {"columns": 12, "rowHeight": 100, "gap": 16},
            },
        )

        found = compared(owner, dashboard, "from=2").json()

        tile = owner.get(path).json()["tiles"][0]
        assert (found["from"], found["to"]) == (2, 5)
        assert found["sentences"] == [
            "Changed the name of the dashboard",
            "Changed layout of the dashboard",
            "Added the page 'Detail'",
            "Changed the query of the tile 'Revenue'",
            "Added the filter 'region'",
        ]
        assert [(one["id"], one["change"]) for one in found["pages"]] == [(page["id"], "added")]
        assert found["tiles"] == [
            {
                "id": tile["id"],
                "name": "Revenue",
                "change": "changed",
                "sentence": "Changed the query of the tile 'Revenue'",
                "members": [
                    {
                        "name": "query",
                        "before": "SELECT SUM(revenue) FROM sales",
                        "after": "SELECT 1 AS revenue",
                    }
                ],
            }
        ]
        assert [one["members"] for one in found["settings"]] == [
            [{"name": "name", "before": "First name", "after": "New name"}],
            [{"name": "layout.rowHeight", "before": 80, "after": 100}],
        ]

    def test_the_other_way_round_added_is_removed(self, owner: Person, dashboard: str) -> None:
        found = compared(owner, dashboard, "from=2&to=1").json()

        assert found["sentences"] == ["Removed the tile 'Revenue'"]
        assert {"name": "title", "before": "Revenue", "after": None} in found["tiles"][0]["members"]

    def test_a_revision_does_not_differ_from_itself(self, owner: Person, dashboard: str) -> None:
        found = compared(owner, dashboard, "from=2&to=2").json()

        assert found == {
            "from": 2, "to": 2, "sentences": [], "pages": [], "tiles": [], "filters": [], "settings": [],
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("query", "status", "word"),
        [
            ("", 400, "from"),
            ("from=x", 400, "from"),
            ("from=1&to=0", 400, "to"),
            ("from=99", 404, "Revision"),
        ],
    )
    def test_bad_numbers_are_named(
        self, owner: Person, dashboard: str, query: str, status: int, word: str
    ) -> None:
        answer = compared(owner, dashboard, query)

        assert answer.status_code == status
        assert answer.json()["detail"].startswith(word)


class TestRestore:
    def test_everything_comes_back_with_its_ids_as_one_more_revision(
        self, owner: Person, dashboard: str
    ) -> None:
        path = f"/api/dashboards/{dashboard}"
        before = revision(owner, dashboard, 2).json()["dashboard"]
        owner.put(path, json={"name": "Renamed", "tags": ["x"]})
        owner.delete(f"{path}/tiles/{before['tiles'][0]['id']}")

        answer = restore(owner, dashboard, 2)

        after = answer.json()
        assert (answer.status_code, answer.headers["ETag"]) == (200, '"6"')
        same = ("name", "pages", "tiles", "filters", "settings", "layout", "tags", "user_id", "is_public")
        assert {key: after[key] for key in same} == {key: before[key] for key in same}
        said = [one["sentence"] for one in owner.get(f"{path}/revisions").json()]
        assert said[0] == "Restored revision 2"
        assert len(said) == 6
        assert restore(owner, dashboard, 5).json()["tiles"] == []

    def test_restoring_what_is_there_already_changes_nothing(self, owner: Person, dashboard: str) -> None:
        assert restore(owner, dashboard, 3).headers["ETag"] == '"3"'

    def test_a_stale_version_is_refused_with_the_current_one(self, owner: Person, dashboard: str) -> None:
        stale = restore(owner, dashboard, 1, **{"If-Match": '"2"'})
        current = restore(owner, dashboard, 1, **{"If-Match": '"3"'})

        assert (stale.status_code, stale.json()["version"]) == (409, 3)
        assert current.status_code == 200

    def test_what_is_no_revision_is_not_found(self, owner: Person, dashboard: str) -> None:
        assert restore(owner, dashboard, 99).status_code == 404
