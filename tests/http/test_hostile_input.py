"""Requests of those who mean harm. Each of these once broke something, took too much, or told too much."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from live import Person, Server, anonymous
from servers import free_port

JSON = {"Content-Type": "application/json"}
DASHBOARDS = "/api/dashboards"
UPLOAD = "/api/datasources/upload"


def nested(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


def options(source: str) -> list[dict[str, Any]]:
    query = {"query": "SELECT region FROM sales", "datasource_id": source}
    return [{"name": "region", "field": "region", "options": query}]


class TestOptionQueries:
    """A filter's options are SQL: whoever writes them needs the right to use the datasource."""

    @pytest.mark.parametrize("who", ["stranger", "other_tenant"])
    def test_a_new_dashboard_may_not_ask_a_datasource_of_others(
        self, request: pytest.FixtureRequest, who: str, sales: str
    ) -> None:
        person: Person = request.getfixturevalue(who)

        answer = person.post(DASHBOARDS, json={"name": "Theirs", "filters": options(sales)})

        assert answer.status_code == 400
        assert answer.json()["detail"].startswith("filters.region.options.datasource_id")
        assert person.get(DASHBOARDS, params={"search": "Theirs"}).json() == []

    def test_a_new_dashboards_options_are_checked_as_sql(self, owner: Person, sales: str) -> None:
        filters = options(sales)
        filters[0]["options"]["query"] = "DROP TABLE sales"

        answer = owner.post(DASHBOARDS, json={"name": "Mine", "filters": filters})

        assert (answer.status_code, answer.json()["error_code"]) == (400, "query_refused")


class TestDepthAndSize:
    @pytest.mark.parametrize("levels", [160, 250, 5_000])
    def test_a_body_that_is_too_deep_is_refused_before_anything_is_written(
        self, owner: Person, levels: int
    ) -> None:
        body = b'{"name": "Deep", "settings": ' + nested(levels) + b"}"

        answer = owner.post(DASHBOARDS, content=body, headers=JSON)

        assert answer.status_code == 400
        assert answer.json()["detail"].startswith(
            ("The body is nested more than", "The body is not valid JSON")
        )
        assert owner.get(DASHBOARDS, params={"search": "Deep"}).json() == []

    def test_what_is_as_deep_as_it_may_be_can_be_read_again(self, owner: Person) -> None:
        dashboard = owner.new_dashboard()
        body = b'{"title": "T", "tile_type": "text", "content": "", "chart_config": ' + nested(149) + b"}"

        made = owner.post(f"{DASHBOARDS}/{dashboard['id']}/tiles", content=body, headers=JSON)

        assert made.status_code == 201
        assert owner.get(f"{DASHBOARDS}/{dashboard['id']}").status_code == 200

    def test_what_is_wrong_with_json_is_said(self, owner: Person) -> None:
        answer = owner.post(DASHBOARDS, content=b'{"name": NaN}', headers=JSON)

        assert answer.status_code == 400
        assert answer.json()["detail"].startswith("The body is not valid JSON: unexpected character")

    def test_a_dashboard_has_an_end(self, owner: Person) -> None:
        dashboard = owner.new_dashboard()
        path = f"{DASHBOARDS}/{dashboard['id']}/tiles"
        tile = {"title": "Big", "tile_type": "text", "content": "", "chart_config": {"x": "x" * 4_000_000}}

        statuses = [owner.post(path, json=tile).status_code for _ in range(3)]
        refused = owner.post(path, json=tile)

        assert statuses == [201, 201, 400]
        assert refused.json()["detail"].endswith("may have at most 10 MB")
        assert owner.get(f"{DASHBOARDS}/{dashboard['id']}").json()["tile_count"] == 2

    @pytest.mark.parametrize("path", [UPLOAD, UPLOAD + "/"])
    def test_only_an_upload_may_be_larger_than_a_body(self, server: Server, path: str) -> None:
        answer = anonymous(server).put(path, content=b'"' + b"x" * 11_000_000 + b'"', headers=JSON)

        assert (answer.status_code, answer.json()) == (
            413,
            {"detail": "The body must be at most 10000000 bytes"},
        )


class TestForms:
    def test_a_form_has_few_fields(self, owner: Person) -> None:
        fields = {f"field{number}": "x" * 9_000 for number in range(50)}

        answer = owner.post(UPLOAD, data=fields, files={"file": ("a.csv", b"a\n1\n")})

        assert (answer.status_code, answer.json()) == (400, {"detail": "The form may have at most 20 fields"})

    @pytest.mark.parametrize("boundary", ["x" * 10_000, "", '"'], ids=["long", "none", "quote"])
    def test_a_boundary_that_is_none_is_refused(self, owner: Person, boundary: str) -> None:
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}

        answer = owner.post(UPLOAD, content=b"--x\r\n", headers=headers)

        assert answer.status_code == 400
        assert "form" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/assets/%00",
        "/assets/" + "a" * 5_000,
        "/" + "a" * 300,
        "/%2fetc%2fpasswd",
        "/..%2f..%2fetc/passwd",
    ],
    ids=["nul", "nul asset", "long asset", "long", "absolute", "upwards"],
)
def test_no_path_of_a_page_becomes_a_path_of_the_disk(server: Server, path: str) -> None:
    answer = anonymous(server).get(path)

    assert answer.status_code in (200, 404, 503)  # 503: where the web app is not built
    assert "root:" not in answer.text


class TestTheInsideOfDatasources:
    @pytest.mark.parametrize(
        ("table", "column"), [("duckdb_databases", "path"), ("pragma_database_list", "file"), ("x\x00", "a")]
    )
    def test_sampled_values_are_not_of_the_engines_own_tables(
        self, owner: Person, sales: str, table: str, column: str
    ) -> None:
        wanted = {"table": table, "column": column}

        answer = owner.get(f"/api/datasources/{sales}/schema/values", params=wanted)

        assert (answer.status_code, answer.json()["error_code"]) == (400, "query_refused")

    @pytest.mark.parametrize("home", ["main.", "system.main.", '"SYSTEM"."Main".'])
    def test_a_schema_before_their_names_does_not_open_them(
        self, owner: Person, sales: str, home: str
    ) -> None:
        body = {"sql": f"SELECT path FROM {home}duckdb_databases"}

        answer = owner.post(f"/api/datasources/{sales}/query", json=body)

        assert (answer.status_code, answer.json()["error_code"]) == (400, "query_refused")

    def test_a_file_with_a_name_that_is_too_long_is_not_there(self, admin: Person) -> None:
        body = {"type": "sqlite", "config": {"path": "/" + "x" * 900}}

        answer = admin.post("/api/datasources/test", json=body)

        assert answer.json()["message"] == "The SQLite file is not there, or is not a file."


def test_a_file_of_the_server_is_named_by_those_who_run_it(owner: Person, other_tenant: Person) -> None:
    body = {"name": "File", "type": "sqlite", "config": {"path": "/srv/sales.db"}}

    answers = [person.post("/api/datasources", json=body) for person in (owner, other_tenant)]

    assert [answer.status_code for answer in answers] == [403, 403]


class TestTheNetworkBehindTheServer:
    """Editors may name any host; what there is in the server's network is not told."""

    def message(self, person: Person, host: str, port: int) -> str:
        config = {"host": host, "port": port, "database": "d", "user": "u"}
        answer = person.post("/api/datasources/test", json={"type": "postgresql", "config": config})
        assert (answer.status_code, answer.json()["ok"]) == (200, False)
        found: str = answer.json()["message"]
        return found

    def test_a_closed_port_an_unknown_name_and_another_server_are_said_alike(self, owner: Person) -> None:
        with another_server() as port:
            found = {
                self.message(owner, "127.0.0.1", free_port()),
                self.message(owner, "127.0.0.1", port),
                self.message(owner, "no such name", 5432),
            }

        assert found == {"Nothing listens as PostgreSQL at this address; check host and port."}

    @pytest.mark.parametrize("host", [".", "x" * 900, "a..b"])
    def test_a_host_that_is_no_name_is_no_error_of_the_server(self, owner: Person, host: str) -> None:
        assert self.message(owner, host, 5432).startswith("Nothing listens")


def test_a_stream_that_cannot_go_on_says_why(owner: Person, sales: str) -> None:
    dashboard = owner.new_dashboard()
    owner.new_tile(
        dashboard["id"], title="T", tile_type="table", datasource_id=sales, query="SELECT * FROM sales"
    )
    body = {"drill_path": [{"column": "region", "value": "North"}]}

    answer = owner.post(f"{DASHBOARDS}/{dashboard['id']}/data/stream", json=body)

    assert answer.status_code in (200, 400)
    assert '"detail":' in answer.text.splitlines()[-1]


class TestConnections:
    """What a stranger may send before a request has begun."""

    def test_headers_without_end_are_refused(self, server: Server) -> None:
        started = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: "

        said = sent(server, started, *[b"a" * 10_000] * 20)

        assert said.startswith(b"HTTP/1.1 431 ")
        assert b'{"detail":"The request\'s headers must be at most 65536 bytes"}' in said

    def test_a_body_that_comes_in_large_pieces_is_no_header(self, owner: Person) -> None:
        answer = owner.post(DASHBOARDS, json={"name": "Large", "settings": {"x": "y" * 500_000}})
        again = owner.get(f"{DASHBOARDS}/{answer.json()['id']}")

        assert (answer.status_code, again.status_code) == (201, 200)

    def test_what_is_no_http_gets_a_sentence(self, server: Server) -> None:
        said = sent(server, b"\x16\x03\x01\x02\x00\x01\x00")

        assert said.startswith(b"HTTP/1.1 400 ")
        assert said.endswith(b'{"detail":"The request is not valid HTTP"}')


def test_many_who_edit_at_a_time_all_get_their_turn(owner: Person) -> None:
    dashboard = owner.new_dashboard()
    path = f"{DASHBOARDS}/{dashboard['id']}/tiles"

    def add(number: int) -> int:
        body = {"title": f"T{number}", "tile_type": "text", "content": "x"}
        found: int = owner.post(path, json=body).status_code
        return found

    with ThreadPoolExecutor(20) as editors:
        statuses = list(editors.map(add, range(60)))

    now = owner.get(f"{DASHBOARDS}/{dashboard['id']}").json()
    assert statuses == [201] * 60
    assert len({(tile["grid_x"], tile["grid_y"]) for tile in now["tiles"]}) == 60


@pytest.mark.parametrize("value", ["Bearer \xff", "Bearer a.b.c", "Basic x", "Bearer", "x" * 9_000])
def test_an_odd_authorization_is_nobody(server: Server, value: str) -> None:
    headers = [(b"Authorization", value.encode("latin-1"))]

    with httpx.Client(base_url=server.url) as client:
        answer = client.get("/api/auth/me", headers=headers)

    assert answer.status_code == 401


def sent(server: Server, *pieces: bytes) -> bytes:
    """Send pieces on a connection of their own, and return what comes back before it closes."""
    address = urlsplit(server.url)
    with closing(socket.create_connection((address.hostname, address.port), timeout=10)) as connection:
        said = b""
        try:
            for piece in pieces:
                connection.sendall(piece)
        except ConnectionError:
            pass
        try:
            while piece := connection.recv(65_536):
                said += piece
        except ConnectionError:
            pass
        return said


@contextmanager
def another_server() -> Iterator[int]:
    """Yield the port of something that is no PostgreSQL."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with closing(connection):
                connection.recv(100)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        yield listener.getsockname()[1]
