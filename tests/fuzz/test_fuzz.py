"""Many requests that no client would send: none may break the server or show its inside.

TESELA_FUZZ_REQUESTS says how many for each kind of store (the nightly run sends 50,000), TESELA_FUZZ_SEED which ones.
"""

from __future__ import annotations

import os
import re
import uuid
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx
import pytest

from fuzz.requests import Requests, Sent
from live import Person, Server

REQUESTS = int(os.environ.get("TESELA_FUZZ_REQUESTS", "1000"))
SEED = int(os.environ.get("TESELA_FUZZ_SEED", "20130101"))
ALLOWED_FAILURES = (503, 504)
INSIDE = re.compile(
    r"Traceback|File \"|site-packages|sqlalchemy|psycopg|pydantic|orjson|\.py\b|tesela\.db|\.duckdb\b|0x[0-9a-f]{8}"
)
MOST_SHOWN = 15
WHO = {"admin": 3, "owner": 5, "viewer": 1, "outsider": 1, "anonymous": 1}
"""Who asks, and how often."""


@pytest.fixture
def people(any_server: Server) -> dict[str, httpx.Client]:
    """Those who ask: with all rights, with some, with none, of another tenant, unknown."""
    first = any_server.admin()
    made = {role: _person(any_server, first, role) for role in ("admin", "editor", "viewer")}
    outsider = any_server.person(f"fuzz-{uuid.uuid4()}@example.org", role="admin", tenant="fuzz")
    made["owner"] = made.pop("editor")
    return made | {"outsider": outsider.client, "anonymous": any_server.client()}


def _person(server: Server, admin: Person, role: str) -> httpx.Client:
    """Return a client with the key of somebody new, made by requests: a process for each takes seconds."""
    user = admin.post("/api/users", json={"email": f"fuzz-{uuid.uuid4()}@example.org", "role": role}).json()
    link = admin.post(f"/api/users/{user['id']}/link").json()["url"].partition("link=")[2]
    browser = server.client()
    browser.post("/api/auth/login", json={"link": link})
    key = browser.post("/api/auth/keys", json={"name": "fuzz"}).json()["key"]
    return server.client(Authorization=f"Bearer {key}")


@dataclass
class Fuzzing:
    """One run: who asks what, and what came back that should not."""

    server: Server
    people: dict[str, httpx.Client]
    requests: Requests
    random: Random
    failures: dict[str, str] = field(default_factory=dict)
    statuses: dict[int, int] = field(default_factory=dict)

    def prepare(self) -> None:
        """Make what can be asked for; done again now and then, since much of it is deleted on the way."""
        ids: dict[str, list[Any]] = {}
        for name in ("outsider", "owner"):
            person = Person(name, self.people[name])
            source = person.upload(
                "sales.csv", b"region,month,revenue\nNorth,2024-01-01,1\nSouth,2024-02-01,\n"
            )
            for key, values in _belongings(person, source["datasource_id"]).items():
                ids.setdefault(key, []).extend(values)
            bundle = person.get(f"/api/dashboards/{ids['dashboard_id'][-1]}/export-config").json()
            self.requests.bundles = [bundle, {**bundle, "schema_version": 99}]
        self.requests.ids = ids

    def ask(self, sent: Sent) -> None:
        """Send one request and judge the answer."""
        who = self.random.choices(list(WHO), list(WHO.values()))[0]
        try:
            request = self.people[who].build_request(
                sent.method,
                sent.path,
                content=sent.content,
                headers=sent.headers,
                files=sent.files,
                data=sent.data or None,
            )
            answer = self.people[who].send(request)
        except (httpx.LocalProtocolError, UnicodeEncodeError, httpx.InvalidURL):
            return  # the client library does not send such a thing
        except httpx.RemoteProtocolError as error:
            self._fails(sent, who, f"no answer: {error}")
            return
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        if (wrong := self._wrong(sent, answer)) is not None:
            self._fails(sent, who, f"{answer.status_code} {wrong}: {answer.text[:500]}")

    def _wrong(self, sent: Sent, answer: httpx.Response) -> str | None:
        """Return what an answer should not be, or None."""
        if str(self.server.data) in answer.text:
            return "a path of the server"
        if answer.status_code < 400:
            return None
        if answer.status_code >= 500 and answer.status_code not in ALLOWED_FAILURES:
            return "an error of the server"
        if not answer.headers.get("content-type", "").startswith("application/json"):
            return "not JSON"
        body = answer.json()
        detail = body.get("detail") if isinstance(body, dict) else None
        if not isinstance(detail, str) or not detail.strip():
            return "without a sentence"
        asked = str(sent) + str(sent.content)
        if (found := INSIDE.search(detail)) is not None and found[0] not in asked:
            return f"the inside ({found[0]})"
        return None

    def _fails(self, sent: Sent, who: str, why: str) -> None:
        self.failures.setdefault(f"{sent.method} {sent.route} {why[:40]}", f"{who}: {sent}\n    -> {why}")


def _belongings(person: Person, source: str) -> dict[str, list[Any]]:
    """Return ids of new things of a person, by the names of parameters and members."""
    dashboard = person.new_dashboard()
    path = f"/api/dashboards/{dashboard['id']}"
    common: dict[str, Any] = {"datasource_id": source, "query": "SELECT region, month, revenue FROM sales"}
    config = {
        "xField": "region",
        "yField": "revenue",
        "cross_filter_enabled": True,
        "drill_levels": [{"id_column": "region"}, {"id_column": "month"}],
        "detail_query": "SELECT * FROM sales WHERE 1=1 ${detail.where}",
    }
    tiles = [
        person.new_tile(
            dashboard["id"], title="One", tile_type="chart", chart_type="bar", chart_config=config, **common
        ),
        person.new_tile(dashboard["id"], title="Two", tile_type="table", **common),
        person.new_tile(dashboard["id"], title="Three", tile_type="text", content="# Hello"),
    ]
    options = {"query": "SELECT DISTINCT region FROM sales", "datasource_id": source}
    filters = [{"name": "region", "field": "region", "type": "multi_select", "options": options}]
    person.put(path, json={"filters": filters})
    page = person.post(f"{path}/pages", json={"name": "Second"}).json()["id"]
    checkpoint = person.post(f"{path}/checkpoints", json={"name": "Before"}).json()["id"]
    snapshot = person.post(f"{path}/snapshot").json()["id"]
    share = person.post(f"{path}/share", json={"is_public": True}).json()["share_token"]
    workspace = person.post("/api/workspaces", json={"name": f"W {dashboard['id']}"}).json()["id"]
    return {
        "dashboard_id": [dashboard["id"]] * (8 if person.email == "owner" else 1),
        "tile_id": [tile["id"] for tile in tiles] * (3 if person.email == "owner" else 1),
        "tile_ids": [tile["id"] for tile in tiles],
        "cross_filters": [[{"source_tile_id": tiles[0]["id"], "column": "region", "values": ["North"]}]],
        "page_id": [page, tiles[0]["page_id"]],
        "datasource_id": [source] * 2,
        "datasource_mapping of": [source],
        "checkpoint_id": [checkpoint],
        "snapshot_id": [snapshot],
        "workspace_id": [workspace],
        "token": [share],
    }


def test_no_request_breaks_the_server_or_shows_its_inside(
    any_server: Server, people: dict[str, httpx.Client]
) -> None:
    random = Random(SEED)
    described = people["anonymous"].get("/api/openapi.json").json()
    fuzzing = Fuzzing(any_server, people, Requests(described, random), random)

    for number in range(REQUESTS):
        if number % 400 == 0:
            fuzzing.prepare()
        fuzzing.ask(fuzzing.requests.next())

    shown = "\n".join(list(fuzzing.failures.values())[:MOST_SHOWN])
    assert not fuzzing.failures, f"{len(fuzzing.failures)} kinds of failures, seed {SEED}:\n{shown}"
    assert {200, 201, 400, 401, 403, 404} <= fuzzing.statuses.keys(), fuzzing.statuses
