"""/api/conversations: what is answered from where, for whom, and in which order it comes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from live import Person, Server, anonymous

BY_REGION = "SELECT region, sum(revenue) AS revenue FROM sales GROUP BY 1 ORDER BY 1"
GONE = {"detail": "Conversation not found or access denied"}


class Talk:
    """A conversation of one person."""

    def __init__(self, person: Person, **about: str) -> None:
        self.person = person
        answer = person.post("/api/conversations", json=about)
        assert answer.status_code == 201, answer.text
        self.id = answer.json()["id"]
        self.url = f"/api/conversations/{self.id}"

    def events(self, text: str, **more: Any) -> list[dict[str, Any]]:
        answer = self.person.post(f"{self.url}/messages", json={"text": text, **more})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("application/x-ndjson")
        return [json.loads(line) for line in answer.text.splitlines()]

    def say(self, text: str, **more: Any) -> dict[str, Any]:
        """Return the answer that is kept."""
        last = self.events(text, **more)[-1]
        assert last["done"] is True, last
        message: dict[str, Any] = last["message"]
        return message


@pytest.fixture(scope="module")
def board(owner: Person, sales: str) -> str:
    """A dashboard that every member of the tenant may see; its owner has looked at it."""
    made: str = owner.new_dashboard(name="Talked about")["id"]
    shown = {"chart_type": "bar", "chart_config": {"xField": "region", "yField": "revenue"}}
    tile = {"title": "Revenue by region", "tile_type": "chart", "datasource_id": sales, "query": BY_REGION}
    owner.new_tile(made, **tile, **shown)
    return made


def shared_with(owner: Person, board: str, person: Person) -> None:
    changed = {"shared_with": [{"id": person.id, "permission": "view"}]}
    answer = owner.put(f"/api/v1/bi/dashboards/{board}/share", json={"visibility": "private", **changed})
    answer = answer if answer.status_code != 405 else owner.post(answer.request.url.path, json=changed)
    assert answer.status_code == 200, answer.text


def test_an_answer_holds_its_sql_rows_chart_and_sentence(owner: Person, sales: str) -> None:
    talk = Talk(owner, datasource_id=sales)

    made = talk.say("total revenue by region")

    assert "GROUP BY" in made["sql"]
    assert made["made_by"] == "rules"
    assert made["columns"] == ["region", "total_revenue"]
    assert made["types"] == {"region": "text", "total_revenue": "int"}
    assert {"region": "North", "total_revenue": 31500} in made["rows"]
    assert (made["tile_type"], made["chart_type"]) == ("chart", "bar")
    assert made["chart_config"]["yField"] == "total_revenue"
    assert "North" in made["text"]
    assert "31,500" in made["text"]
    assert (made["model"], made["tokens"], made["datasource_id"]) == (None, 0, sales)


def test_events_come_in_their_order(owner: Person, sales: str) -> None:
    events = Talk(owner, datasource_id=sales).events("total revenue by region")

    kinds = [one["type"] for one in events]
    assert [kind for kind in kinds if kind != "status"] == ["sql", "rows", "chart", "text", "done"]
    assert kinds[0] == "status"
    assert events[0]["message_id"] == events[-1]["message"]["id"]
    assert [one["stage"] for one in events if one["type"] == "status"] == [
        "reading",
        "writing_sql",
        "running",
    ]


def test_what_was_said_is_kept_for_the_one_who_said_it(owner: Person, sales: str) -> None:
    talk = Talk(owner, datasource_id=sales)
    made = talk.say("total revenue by region")

    kept = owner.get(talk.url).json()
    listed = owner.get("/api/conversations?limit=1")

    assert kept["title"] == "total revenue by region"
    assert [one["role"] for one in kept["messages"]] == ["user", "assistant"]
    assert kept["messages"][1] == made
    assert listed.json()[0]["id"] == talk.id
    assert int(listed.headers["x-total-count"]) >= 1


def test_what_follows_changes_the_answer_before(owner: Person, sales: str) -> None:
    talk = Talk(owner, datasource_id=sales)
    talk.say("total revenue by region")

    only = talk.say("only North")
    again = Talk(owner, datasource_id=sales)
    again.say("total revenue by region")
    top = again.say("top 2")
    third = Talk(owner, datasource_id=sales)
    third.say("total revenue by region")
    months = third.say("and by month")

    assert [row["region"] for row in only["rows"]] == ["North"]
    assert [row["region"] for row in top["rows"]] == ["North", "South"]
    assert any("month" in name for name in months["columns"])
    assert months["chart_type"] == "line"


def test_an_answer_is_drawn_as_somebody_wants_it(owner: Person, sales: str) -> None:
    talk = Talk(owner, datasource_id=sales)
    first = talk.say("total revenue by region")

    pie = talk.say("as a pie")
    spanish = talk.say("como tabla", language="es")
    impossible = talk.say("as a scatter chart")

    assert pie["chart_type"] == "pie"
    assert pie["chart_config"] == {"nameField": "region", "valueField": "total_revenue"}
    assert (pie["sql"], pie["rows"]) == (first["sql"], first["rows"])
    assert spanish["tile_type"] == "table"
    assert impossible["text"].startswith("These rows cannot be drawn like that")


def test_visible_rows_answer_first(owner: Person, board: str) -> None:
    assert owner.get(f"/api/dashboards/{board}/data").status_code == 200
    talk = Talk(owner, dashboard_id=board)

    made = talk.say("Which region has the highest revenue?")

    assert made["text"].startswith("North")
    assert made["sql"] is None
    assert [one["title"] for one in made["referenced_tiles"]] == ["Revenue by region"]


def test_what_the_tiles_do_not_hold_is_asked_of_the_datasource(owner: Person, board: str, sales: str) -> None:
    assert owner.get(f"/api/dashboards/{board}/data").status_code == 200
    talk = Talk(owner, dashboard_id=board)

    made = talk.say("average revenue by month")

    assert made["datasource_id"] == sales
    assert "AVG" in made["sql"].upper()
    assert len(made["rows"]) == 6


def test_a_viewer_asks_what_is_visible_and_no_sql(owner: Person, board: str, viewer: Person) -> None:
    shared_with(owner, board, viewer)
    assert viewer.get(f"/api/dashboards/{board}/data").status_code == 200
    talk = Talk(viewer, dashboard_id=board)

    seen = talk.say("Which region has the highest revenue?")
    unseen = talk.say("average revenue by month")

    assert seen["text"].startswith("North")
    assert (unseen["sql"], unseen["rows"], unseen["is_answered"]) == (None, None, False)
    assert "right to edit" in unseen["text"]


def test_what_is_not_understood_is_refused(owner: Person, sales: str) -> None:
    made = Talk(owner, datasource_id=sales).say("Which salesperson deserves praise?")

    assert (made["sql"], made["rows"], made["is_answered"]) == (None, None, False)
    assert made["text"].startswith("This cannot be answered with certainty")


def test_a_hostile_row_is_a_value_like_any_other(owner: Person, sales: str) -> None:
    made = Talk(owner, datasource_id=sales).say("total revenue of 'Löwen & Cía <b>'")

    assert made["rows"] is not None
    assert "210" in json.dumps(made["rows"])


@pytest.mark.parametrize("words", ["'; DROP TABLE sales; --", "${user.password}", "delete all rows of sales"])
def test_words_are_never_sql(owner: Person, sales: str, words: str) -> None:
    made = Talk(owner, datasource_id=sales).say(words)

    assert made["is_answered"] is False
    assert Talk(owner, datasource_id=sales).say("total revenue by region")["row_count"] == 3


def test_nobody_else_reads_it(
    owner: Person, stranger: Person, admin: Person, other_tenant: Person, server: Server, sales: str
) -> None:
    talk = Talk(owner, datasource_id=sales)
    talk.say("total revenue by region")

    for person in (stranger, admin, other_tenant):
        for answer in (
            person.get(talk.url),
            person.delete(talk.url),
            person.post(f"{talk.url}/messages", json={"text": "as a pie"}),
        ):
            assert (answer.status_code, answer.json()) == (404, GONE)
        assert talk.id not in person.get("/api/conversations").text
    for method, path in (
        ("GET", "/api/conversations"),
        ("POST", "/api/conversations"),
        ("GET", talk.url),
        ("DELETE", talk.url),
        ("POST", f"{talk.url}/messages"),
    ):
        assert anonymous(server).request(method, path, json={"text": "x"}).status_code == 401
    assert owner.get(talk.url).status_code == 200


def test_a_deleted_one_is_gone(owner: Person, sales: str) -> None:
    talk = Talk(owner, datasource_id=sales)

    assert owner.delete(talk.url).status_code == 204

    assert owner.get(talk.url).json() == GONE
    assert owner.delete(talk.url).status_code == 404


def test_it_is_about_what_one_may_see(
    stranger: Person, other_tenant: Person, viewer: Person, board: str, sales: str
) -> None:
    hidden = other_tenant.post("/api/conversations", json={"dashboard_id": board})
    unknown = stranger.post("/api/conversations", json={"datasource_id": sales})
    forbidden = viewer.post("/api/conversations", json={"datasource_id": sales})

    assert (hidden.status_code, hidden.json()["detail"]) == (404, "Dashboard not found or access denied")
    assert (unknown.status_code, unknown.json()["detail"][:13]) == (400, "datasource_id")
    assert forbidden.status_code == 403


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({}, "text"),
        ({"text": "   "}, "text"),
        ({"text": "x" * 1_001}, "text"),
        ({"text": "a\u0000b"}, "text"),
        ({"text": 7}, "text"),
        ({"text": "x", "language": "fr"}, "language"),
    ],
)
def test_bad_input_names_the_field(owner: Person, sales: str, body: dict[str, Any], word: str) -> None:
    answer = owner.post(f"{Talk(owner, datasource_id=sales).url}/messages", json=body)

    assert answer.status_code == 400
    assert word in answer.json()["detail"]


# from-conversation


def tile_from(person: Person, board: str, talk: Talk, message_id: str, **more: Any) -> Any:
    sent = {"conversation_id": talk.id, "message_id": message_id, **more}
    return person.post(f"/api/dashboards/{board}/tiles/from-conversation", json=sent)


def test_an_answer_becomes_a_tile(owner: Person, board: str, sales: str) -> None:
    talk = Talk(owner, datasource_id=sales)
    made = talk.say("total revenue by region")

    answer = tile_from(owner, board, talk, made["id"], title="Chart from AI", grid_w=4, grid_h=3)

    tile = answer.json()
    assert answer.status_code == 201, answer.text
    assert (tile["title"], tile["tile_type"], tile["chart_type"]) == ("Chart from AI", "chart", "bar")
    assert (tile["query"], tile["datasource_id"]) == (made["sql"], sales)
    assert (tile["grid_w"], tile["grid_h"]) == (4, 3)
    rows = owner.get(f"/api/dashboards/{board}/tiles/{tile['id']}/data").json()["data"]["rows"]
    assert {"region": "North", "total_revenue": 31500} in rows


def test_what_is_sent_takes_the_place_of_what_was_answered(owner: Person, board: str, sales: str) -> None:
    talk = Talk(owner, datasource_id=sales)
    made = talk.say("total revenue by region")
    own = {
        "chart_type": "bar",
        "query": "SELECT region, revenue FROM sales",
        "chart_config": {"xField": "region", "yField": "revenue"},
        "datasource_id": sales,
    }

    sent = tile_from(owner, board, talk, made["id"], **own).json()
    pie = tile_from(owner, board, talk, made["id"], chart_type="pie").json()

    assert {name: sent[name] for name in own} == own
    assert sent["title"] == "total revenue by region"
    assert pie["chart_config"] == {"nameField": "region", "valueField": "total_revenue"}


def test_only_ones_own_answers_become_tiles(
    owner: Person, stranger: Person, other_tenant: Person, board: str, sales: str, server: Server
) -> None:
    talk = Talk(owner, datasource_id=sales)
    made = talk.say("total revenue by region")
    theirs = stranger.new_dashboard()["id"]

    assert tile_from(stranger, theirs, talk, made["id"]).json() == GONE
    assert tile_from(stranger, board, talk, made["id"]).status_code in (403, 404)
    assert tile_from(other_tenant, board, talk, made["id"]).status_code == 404
    unknown = tile_from(owner, board, talk, "no-such-message")
    assert (unknown.status_code, unknown.json()["detail"]) == (404, "Message not found or access denied")
    path = f"/api/dashboards/{board}/tiles/from-conversation"
    assert anonymous(server).post(path, json={}).status_code == 401


def test_an_answer_without_sql_is_no_tile(owner: Person, board: str, sales: str) -> None:
    talk = Talk(owner, datasource_id=sales)
    made = talk.say("Which salesperson deserves praise?")

    answer = tile_from(owner, board, talk, made["id"])

    assert (answer.status_code, answer.json()["detail"][:10]) == (400, "message_id")


def test_a_viewer_makes_no_tiles(owner: Person, viewer: Person, board: str) -> None:
    shared_with(owner, board, viewer)
    talk = Talk(viewer, dashboard_id=board)
    made = talk.say("Which region has the highest revenue?")

    assert tile_from(viewer, board, talk, made["id"]).status_code == 403
