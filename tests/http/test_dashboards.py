"""/api/dashboards: who may do what, and what comes back."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from live import Person, Server, anonymous

NOT_FOUND = {"detail": "Dashboard not found or access denied"}
ABSENT = "00000000-0000-4000-8000-000000000000"


class TestCreate:
    def test_anonymous_is_asked_who_they_are(self, server: Server) -> None:
        answer = anonymous(server).post("/api/dashboards/", json={"name": "x"})

        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert list(answer.json()) == ["detail"]

    def test_a_viewer_may_not(self, viewer: Person) -> None:
        assert viewer.post("/api/dashboards/", json={"name": "x"}).status_code == 403

    def test_an_editor_owns_what_they_make(self, owner: Person) -> None:
        made = owner.new_dashboard(name="  Mine  ")

        assert (made["name"], made["user_id"], made["tile_count"]) == ("Mine", owner.id, 0)
        assert made["can_own"] is True
        assert [page["page_order"] for page in made["pages"]] == [0]

    @pytest.mark.parametrize("path", ["/api/dashboards", "/api/dashboards/"])
    def test_both_spellings_of_the_path_answer_alike(self, owner: Person, path: str) -> None:
        assert owner.post(path, json={"name": "x"}).status_code == 201

    @pytest.mark.parametrize(
        ("body", "named"),
        [
            ({}, "Dashboard name is required"),
            ({"name": ""}, "Dashboard name is required"),
            ({"name": "   "}, "Dashboard name is required"),
            ({"name": None}, "Dashboard name is required"),
            ({"name": 7}, "name"),
            ({"name": ["x"]}, "name"),
            ({"name": "x" * 201}, "name"),
            ({"name": "a\nb"}, "name"),
            ({"name": "x", "description": 1}, "description"),
            ({"name": "x", "description": "y" * 10_001}, "description"),
            ({"name": "x", "layout": {"columns": 13}}, "layout.columns"),
            ({"name": "x", "layout": {"rowHeight": "80"}}, "layout.rowHeight"),
            ({"name": "x", "layout": 5}, "layout"),
            ({"name": "x", "refresh_interval_seconds": -1}, "refresh_interval_seconds"),
            ({"name": "x", "refresh_interval_seconds": 1e300}, "refresh_interval_seconds"),
            ({"name": "x", "refresh_interval_seconds": True}, "refresh_interval_seconds"),
            ({"name": "x", "workspace_id": "nope"}, "workspace_id"),
            ({"name": "x", "workspace_id": ABSENT}, "workspace_id"),
            ({"name": "x", "time_zone": "Mars/Olympus"}, "time_zone"),
            ({"name": "x", "time_zone": "../../etc/passwd"}, "time_zone"),
            ({"name": "x", "tags": "a"}, "tags"),
            ({"name": "x", "tags": [""]}, "tags"),
        ],
    )
    def test_bad_input_names_the_field_and_writes_nothing(
        self, owner: Person, body: dict[str, Any], named: str
    ) -> None:
        before = owner.get("/api/dashboards").headers["X-Total-Count"]

        answer = owner.post("/api/dashboards/", json=body)

        assert answer.status_code == 400, answer.text
        assert named in answer.json()["detail"]
        assert owner.get("/api/dashboards").headers["X-Total-Count"] == before

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"[]",
            b"null",
            b'"x"',
            b'{"name": NaN}',
            b'{"name": "\\ud800"}',
            b"\xff\xfe",
            b"{" * 100_000,
        ],
    )
    def test_a_body_that_is_not_the_json_we_want_is_refused(self, owner: Person, content: bytes) -> None:
        answer = owner.post("/api/dashboards/", content=content, headers={"Content-Type": "application/json"})

        assert answer.status_code == 400, answer.text
        assert list(answer.json()) == ["detail"]

    def test_a_body_past_the_limit_is_413(self, owner: Person) -> None:
        answer = owner.post("/api/dashboards/", json={"name": "x", "description": "y" * 11_000_000})

        assert answer.status_code == 413


class TestList:
    def test_anonymous_is_asked_who_they_are(self, server: Server) -> None:
        assert anonymous(server).get("/api/dashboards/").status_code == 401

    def test_each_sees_their_own_and_the_admin_all(
        self, owner: Person, stranger: Person, admin: Person, other_tenant: Person
    ) -> None:
        made = owner.new_dashboard(name=f"Listed {uuid.uuid4()}")

        def sees(person: Person) -> bool:
            listed = person.get("/api/dashboards", params={"search": made["name"]}).json()
            return [one["id"] for one in listed] == [made["id"]]

        assert [sees(one) for one in (owner, admin, stranger, other_tenant)] == [True, True, False, False]

    def test_pages_of_a_list_fit_together(self, owner: Person) -> None:
        word = f"paged{uuid.uuid4().hex}"
        made = [owner.new_dashboard(name=f"{word} {number}")["id"] for number in range(5)]

        pages = [
            owner.get("/api/dashboards", params={"search": word, "limit": 2, "offset": offset})
            for offset in (0, 2, 4, 6)
        ]

        assert [one["id"] for page in pages for one in page.json()] == made[::-1]
        assert {page.headers["X-Total-Count"] for page in pages} == {"5"}

    @pytest.mark.parametrize("word", ["%", "_", "100%", "\\", "'", "ünï", "ÜNÏ"])
    def test_search_takes_every_character_as_itself(self, owner: Person, word: str) -> None:
        marked = f"Search 100% a_b \\ ' ünï {uuid.uuid4().hex}"
        owner.new_dashboard(name=marked)

        found = owner.get("/api/dashboards", params={"search": word, "limit": 100}).json()

        assert any(one["name"] == marked for one in found)
        assert all(word.casefold() in (one["name"] + (one["description"] or "")).casefold() for one in found)

    @pytest.mark.parametrize(
        "query", ["limit=0", "limit=101", "limit=x", "offset=-1", "include_archived=maybe", "workspace_id=x"]
    )
    def test_bad_parameters_are_named(self, owner: Person, query: str) -> None:
        answer = owner.get(f"/api/dashboards?{query}")

        assert answer.status_code == 400
        assert query.split("=")[0] in answer.json()["detail"]


WRITES: list[tuple[str, str, dict[str, Any] | None]] = [
    ("PUT", "", {"name": "Changed"}),
    ("DELETE", "", None),
    ("POST", "/archive", None),
    ("POST", "/tiles", {"title": "T", "tile_type": "text", "content": "x"}),
    ("PUT", "/tiles/{tile}", {"title": "U"}),
    ("DELETE", "/tiles/{tile}", None),
    (
        "PUT",
        "/tiles/layout",
        {"layouts": [{"tile_id": "{tile}", "grid_x": 0, "grid_y": 0, "grid_w": 6, "grid_h": 4}]},
    ),
    ("POST", "/pages", {"name": "P"}),
    ("PUT", "/pages/{page}", {"name": "Q"}),
    ("PUT", "/pages/order", {"page_ids": ["{page}"]}),
    ("DELETE", "/pages/{page}", None),
]
READS = [
    ("GET", "", None),
    ("GET", "/data", None),
    ("GET", "/tiles/{tile}/data", None),
    ("POST", "/data", {}),
]


class TestRights:
    @pytest.fixture
    def shown(self, owner: Person) -> dict[str, str]:
        made = owner.new_dashboard()
        tile = owner.new_tile(made["id"], title="T", tile_type="text", content="hello")
        return {"dashboard": made["id"], "tile": tile["id"], "page": made["pages"][0]["id"]}

    @pytest.mark.parametrize(("method", "path", "body"), READS + WRITES)
    def test_whoever_may_not_see_it_learns_nothing(
        self,
        server: Server,
        stranger: Person,
        viewer: Person,
        other_tenant: Person,
        shown: dict[str, str],
        method: str,
        path: str,
        body: dict[str, Any] | None,
    ) -> None:
        url = "/api/dashboards/{dashboard}" + path
        answers = [
            person.request(method, url.format(**shown), json=_filled(body, shown))
            for person in (stranger, viewer, other_tenant)
        ]
        absent = stranger.request(
            method, url.format(**{**shown, "dashboard": ABSENT}), json=_filled(body, shown)
        )

        assert [answer.status_code for answer in answers] == [404, 404, 404]
        assert all(answer.json() == NOT_FOUND for answer in [*answers, absent])
        assert (
            anonymous(server).request(method, url.format(**shown), json=_filled(body, shown)).status_code
            == 401
        )

    def test_an_admin_may_do_everything_in_their_tenant(self, admin: Person, shown: dict[str, str]) -> None:
        url = f"/api/dashboards/{shown['dashboard']}"

        assert admin.put(url, json={"name": "By admin"}).status_code == 200
        assert admin.delete(url).status_code == 204


class TestUpdate:
    def test_only_what_is_sent_changes(self, owner: Person) -> None:
        made = owner.new_dashboard(description="kept", tags=["a", "b"])

        changed = owner.put(f"/api/dashboards/{made['id']}", json={"name": "New"}).json()

        same = {"description", "tags", "layout", "refresh_interval_seconds", "pages", "user_id", "created_at"}
        assert changed["name"] == "New"
        assert {key: changed[key] for key in same} == {key: made[key] for key in same}
        assert changed["version"] == made["version"] + 1

    def test_archiving_and_taking_out_of_the_archive(self, owner: Person) -> None:
        made = owner.new_dashboard()
        url = f"/api/dashboards/{made['id']}"

        assert owner.post(f"{url}/archive").status_code == 204
        assert owner.get(url).json()["is_archived"] is True
        assert owner.put(url, json={"is_archived": False}).json()["is_archived"] is False

    def test_a_stale_version_is_refused_with_the_current_one(self, owner: Person) -> None:
        made = owner.new_dashboard()
        url = f"/api/dashboards/{made['id']}"
        first = owner.put(url, json={"name": "First"}, headers={"If-Match": '"1"'})

        second = owner.put(url, json={"name": "Second"}, headers={"If-Match": '"1"'})

        assert first.headers["ETag"] == '"2"'
        assert (second.status_code, second.json()["version"]) == (409, 2)
        assert owner.get(url).json()["name"] == "First"

    def test_a_change_that_changes_nothing_makes_no_revision(self, owner: Person) -> None:
        made = owner.new_dashboard()
        url = f"/api/dashboards/{made['id']}"

        owner.put(url, json={"name": made["name"]})

        assert owner.get(url).json()["version"] == 1
        assert len(owner.get(f"{url}/revisions").json()) == 1

    def test_every_change_is_a_revision_that_says_what_changed(self, owner: Person) -> None:
        made = owner.new_dashboard(name="Story")
        url = f"/api/dashboards/{made['id']}"
        tile = owner.new_tile(made["id"], title="Note", tile_type="text", content="hello")
        owner.put(f"{url}/tiles/{tile['id']}", json={"title": "Remark"})
        owner.put(f"{url}/tiles/{tile['id']}", json={"grid_x": 3})
        owner.post(f"{url}/pages", json={"name": "More"})
        owner.delete(f"{url}/tiles/{tile['id']}")
        owner.put(url, json={"name": "Told"})

        revisions = owner.get(f"{url}/revisions").json()

        assert [one["sentence"] for one in revisions][::-1] == [
            "Created the dashboard 'Story'",
            "Added the tile 'Note'",
            "Renamed the tile 'Note' to 'Remark'",
            "Moved the tile 'Remark'",
            "Added the page 'More'",
            "Deleted the tile 'Remark'",
            "Renamed the dashboard to 'Told'",
        ]
        assert [one["number"] for one in revisions] == [7, 6, 5, 4, 3, 2, 1]
        assert [one["parent"] for one in revisions] == [6, 5, 4, 3, 2, 1, None]
        assert {one["author_id"] for one in revisions} == {owner.id}


def _filled(body: Any, known: dict[str, str]) -> Any:
    if isinstance(body, str):
        return body.format(**known)
    if isinstance(body, list):
        return [_filled(one, known) for one in body]
    if isinstance(body, dict):
        return {key: _filled(one, known) for key, one in body.items()}
    return body
