"""/api/ai: a tenant's model, its budgets and its cost, with a real server that speaks the protocol behind it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from live import Person, Server, anonymous, running
from model_server import ModelServer, Said, model_server

ROUTES = (
    ("GET", "/api/ai/settings"),
    ("PUT", "/api/ai/settings"),
    ("DELETE", "/api/ai/settings"),
    ("POST", "/api/ai/test"),
    ("GET", "/api/ai/usage"),
)


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with model_server(Said({"word": "mosaic"}, tokens=(60, 4))) as started:
        yield started


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> Iterator[Server]:
    """A server whose operator allows the model of this machine."""
    hosts = f"http://127.0.0.1:{model.port} api.openai.com"
    with running(tmp_path_factory.mktemp("ai") / "data", ai_hosts=hosts) as started:
        yield started


@pytest.fixture
def boss(asking: Server, request: pytest.FixtureRequest) -> Person:
    """The admin of a tenant of this test's own."""
    name = request.node.name[:40]
    return asking.person(f"boss@{name}.example.org", role="admin", tenant=name)


def turned_on(boss: Person, model: ModelServer, **more: object) -> None:
    wanted = {"is_enabled": True, "model": "tiny", "base_url": model.url, "api_key": "sk-very-secret", **more}
    answer = boss.put("/api/ai/settings", json=wanted)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(("method", "path"), [*ROUTES, ("GET", "/api/ai/status")])
def test_who_is_not_known_is_asked_who_they_are(asking: Server, method: str, path: str) -> None:
    assert anonymous(asking).request(method, path, json={}).status_code == 401


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_only_admins_come_in(asking: Server, method: str, path: str, role: str) -> None:
    name = f"{role}-{method}-{path.rsplit('/', 1)[1]}".lower()
    person = asking.person(f"{name}@example.org", role=role)

    answer = person.request(method, path, json={})

    assert (answer.status_code, answer.json()) == (403, {"detail": "Only an admin may do this"})


def test_it_is_off_until_somebody_turns_it_on(boss: Person) -> None:
    found = boss.get("/api/ai/settings").json()

    assert found["is_enabled"] is False
    assert found["metadata_only"] is True
    assert boss.get("/api/ai/status").json() == {"is_enabled": False, "metadata_only": True}
    answer = boss.post("/api/ai/test")
    assert (answer.status_code, answer.json()["detail"]) == (400, "is_enabled: turn the model on first")


def test_a_model_that_is_on_answers_and_its_cost_is_shown(boss: Person, model: ModelServer) -> None:
    turned_on(boss, model, metadata_only=False)

    tried = boss.post("/api/ai/test").json()
    spent = boss.get("/api/ai/usage").json()

    assert tried == {"ok": True, "message": "tiny answered; 64 tokens were used"}
    assert [(one["requests"], one["input_tokens"], one["output_tokens"]) for one in spent["days"]] == [
        (1, 60, 4)
    ]
    assert boss.get("/api/ai/status").json() == {"is_enabled": True, "metadata_only": False}


def test_the_key_never_comes_back_and_is_encrypted(boss: Person, asking: Server, model: ModelServer) -> None:
    turned_on(boss, model)

    found = boss.get("/api/ai/settings")

    assert found.json()["has_key"] is True
    assert "sk-very-secret" not in found.text
    assert b"sk-very-secret" not in (asking.data / "tesela.db").read_bytes()
    assert "sk-very-secret" not in asking.log()


def test_a_key_does_not_follow_to_another_server(boss: Person, model: ModelServer) -> None:
    turned_on(boss, model)

    moved = boss.put("/api/ai/settings", json={"base_url": "https://api.openai.com/v1"})

    assert moved.json()["has_key"] is False


def test_the_budget_of_requests_ends_with_a_time_to_come_back(boss: Person, model: ModelServer) -> None:
    turned_on(boss, model, requests_per_day=2)

    said = [boss.post("/api/ai/test").json()["message"] for _ in range(3)]

    assert "answered" in said[0]
    assert "answered" in said[1]
    assert said[2].startswith("The day's budget for the model is used up")
    assert boss.get("/api/ai/usage").json()["days"][0]["requests"] == 2


def test_the_budget_of_tokens_ends_too(boss: Person, model: ModelServer) -> None:
    turned_on(boss, model, tokens_per_day=60)

    assert boss.post("/api/ai/test").json()["ok"] is True
    assert boss.post("/api/ai/test").json()["ok"] is False


def test_many_at_once_pass_the_budget_of_tokens_by_a_few_answers_at_most(asking: Server) -> None:
    with model_server(Said({"word": "mosaic"}, tokens=(60, 4), seconds=0.3)) as slow:
        hosts = f"http://127.0.0.1:{slow.port}"
        with running(asking.data.parent / "busy", ai_hosts=hosts) as server:
            admin = server.admin()
            turned_on(admin, slow, tokens_per_day=100)
            with ThreadPoolExecutor(16) as pool:
                said = list(pool.map(lambda _: admin.post("/api/ai/test").json()["ok"], range(16)))
            spent = admin.get("/api/ai/usage").json()["days"][0]

    assert 2 <= said.count(True) <= 5
    assert spent["input_tokens"] + spent["output_tokens"] <= 5 * 64


def test_another_tenant_has_its_own(boss: Person, asking: Server, model: ModelServer) -> None:
    turned_on(boss, model)
    other = asking.person("boss@elsewhere.example.org", role="admin", tenant="ai-elsewhere")

    assert other.get("/api/ai/settings").json()["is_enabled"] is False
    assert other.get("/api/ai/usage").json()["days"] == []


@pytest.mark.parametrize(
    ("wanted", "word"),
    [
        ({"is_enabled": True}, "model is required"),
        ({"is_enabled": True, "model": "m", "base_url": "https://elsewhere.example.org"}, "base_url"),
        ({"base_url": "http://169.254.169.254/latest"}, "base_url"),
        ({"base_url": "file:///etc/passwd"}, "base_url"),
        ({"provider": "other"}, "provider"),
        ({"requests_per_day": -1}, "requests_per_day"),
        ({"timeout_seconds": 0.1}, "timeout_seconds"),
        ({"api_key": "nn\nX-Header: 1"}, "api_key"),
        ({"model": "a\u0000b"}, "model"),
        ({"is_enabled": "yes"}, "is_enabled"),
    ],
)
def test_bad_input_names_the_field(boss: Person, wanted: dict[str, object], word: str) -> None:
    answer = boss.put("/api/ai/settings", json=wanted)

    assert answer.status_code == 400
    assert word in answer.json()["detail"]
    assert boss.get("/api/ai/settings").json()["updated_at"] is None


def test_turning_it_off_forgets_the_key(boss: Person, model: ModelServer) -> None:
    turned_on(boss, model)

    assert boss.delete("/api/ai/settings").status_code == 204

    found = boss.get("/api/ai/settings").json()
    assert (found["is_enabled"], found["has_key"]) == (False, False)
    assert boss.get("/api/ai/status").json()["is_enabled"] is False
