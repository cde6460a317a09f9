"""The command line, as an operator types it."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from live import TESELA, Server, running


def tesela(data: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TESELA_")}
    own = {f"TESELA_{name.upper()}": value for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", "tesela", *words],
        env={**environment, "TESELA_DATA": str(data), **own},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cli") / "data"


def test_help_reads_well_and_is_quick(data: Path) -> None:
    done = tesela(data, "--help")

    assert done.returncode == 0
    for command in ("serve", "demo", "user", "token", "migrate", "doctor", "export", "import"):
        assert re.search(rf"^  {command} +[A-Z].*\.$", done.stdout, re.MULTILINE), command


def test_the_version_is_the_packages(data: Path) -> None:
    assert re.fullmatch(r"tesela \d+\.\d+\.\d+\n", tesela(data, "--version").stdout)


def test_the_first_command_makes_the_folder_for_its_owner_only(data: Path) -> None:
    assert tesela(data, "user", "list").stdout == "admin@localhost\tadmin\tdefault\tactive\n"

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (data, data / "secrets.json")}
    assert modes == {"data": 0o700, "secrets.json": 0o600}


def test_people_are_added_listed_and_given_a_key(data: Path) -> None:
    added = tesela(data, "user", "add", "Ana@Example.org", "--role", "viewer", "--tenant", "acme")
    again = tesela(data, "user", "add", "ana@example.org", "--tenant", "acme")
    key = tesela(data, "token", "create", "--user", "ana@example.org")

    assert (added.returncode, again.returncode) == (0, 1)
    assert "Traceback" not in again.stderr
    assert "Ana@Example.org\tviewer\tacme\tactive" in tesela(data, "user", "list").stdout
    assert re.fullmatch(r"tsl_[\w-]{43,}\n", key.stdout)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["user", "link", "nobody@example.org"], "no active user"),
        (["user", "add", "not an address"], "email must be an address"),
        (["user", "add", "a@b.c", "--role", "king"], "king"),
        (["serve", "--workers", "2"], "Several API processes"),
        (["serve", "--port", "99999"], "99999"),
        (["nonsense"], "nonsense"),
    ],
)
def test_a_mistake_is_one_sentence_and_an_exit_code(data: Path, words: list[str], said: str) -> None:
    done = tesela(data, *words)

    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_setting_of_the_wrong_type_is_named(data: Path) -> None:
    done = tesela(data, "user", "list", engine_workers="many")

    assert done.returncode != 0
    assert "TESELA_ENGINE_WORKERS" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_open_secrets_file_stops_the_start(tmp_path: Path) -> None:
    tesela(tmp_path / "data", "migrate")
    (tmp_path / "data" / "secrets.json").chmod(0o644)

    done = tesela(tmp_path / "data", "user", "list")

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "chmod 600" in done.stderr


def test_a_server_that_cannot_start_says_why_in_one_sentence(tmp_path: Path) -> None:
    issuers = tmp_path / "issuers.json"
    issuers.write_text('[{"issuer": 1}]')
    environment = {**os.environ, "TESELA_ISSUERS_FILE": str(issuers)}

    done = subprocess.run(
        [*TESELA, "serve", "--port", "0", "--data", str(tmp_path / "data")],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 3
    assert "issuers.json is wrong at 0" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = tesela(tmp_path / "data", "serve", "--port", str(taken.getsockname()[1]))

    assert done.returncode == 1
    assert "choose another with --port" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_doctor_finds_nothing_wrong_here_and_says_what_is_missing_elsewhere(tmp_path: Path) -> None:
    well = tesela(tmp_path / "data", "doctor")
    ill = tesela(tmp_path / "data", "doctor", store_url="postgresql://nobody@127.0.0.1:1/none")

    assert "engine: DuckDB 2.0" in well.stdout
    assert "wall: memory" in well.stdout
    assert "wrong  store" not in well.stdout
    assert ill.returncode == 1
    assert "wrong  store" in ill.stdout


def test_a_login_link_works_once(server: Server) -> None:
    url = server.run("user", "link", "admin@localhost")
    token = url.partition("link=")[2]
    with httpx.Client(base_url=server.url) as client:
        first = client.post("/api/auth/login", json={"link": token})
        second = client.post("/api/auth/login", json={"link": token})

        assert (first.status_code, second.status_code) == (200, 401)
        assert client.get("/api/auth/me").json()["email"] == "admin@localhost"


class TestServing:
    def test_health_readiness_and_metrics(self, server: Server) -> None:
        with httpx.Client(base_url=server.url) as client:
            assert client.get("/healthz").json() == {"status": "ok"}
            assert client.get("/readyz").json() == {"status": "ok"}
            assert "tesela_requests_total" in client.get("/metrics").text

    def test_every_answer_has_a_request_id_that_is_in_the_log(self, server: Server) -> None:
        with httpx.Client(base_url=server.url) as client:
            request_id = client.get("/api/dashboards").headers["X-Request-Id"]

        deadline = time.monotonic() + 10  # the line is written after the answer was sent
        while request_id not in server.log() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert request_id in server.log()

    def test_an_unknown_path_of_the_api_is_404_with_a_sentence(self, server: Server) -> None:
        with httpx.Client(base_url=server.url) as client:
            for path in ("/api/nothing", "/api/", "/api/dashboards/x/y/z"):
                answer = client.get(path)
                assert (answer.status_code, list(answer.json())) == (404, ["detail"])
            assert client.post("/api/nothing").status_code in (404, 405)

    def test_a_stop_lets_requests_finish_and_loses_nothing(self, tmp_path: Path) -> None:
        with running(tmp_path / "data") as started:
            owner = started.person("owner@example.org")
            source = owner.upload("t.csv", b"a\n1\n2\n")["datasource_id"]
            made = owner.new_dashboard()
            tile = owner.new_tile(
                made["id"],
                title="T",
                tile_type="kpi",
                datasource_id=source,
                query="SELECT count(*) AS n FROM range(300000000) AS r(i) WHERE i % 3 = 1",
            )
            answers: list[httpx.Response] = []
            asking = threading.Thread(
                target=lambda: answers.append(
                    owner.get(f"/api/dashboards/{made['id']}/tiles/{tile['id']}/data")
                )
            )
            asking.start()
            time.sleep(0.3)

            code = started.stop()
            asking.join(30)

        assert code == 0
        assert answers[0].status_code == 200
        assert answers[0].json()["data"]["rows"] == [{"n": 100_000_000}]

    def test_no_worker_outlives_a_killed_server(self, tmp_path: Path) -> None:
        with running(tmp_path / "data") as started:
            owner = started.person("owner@example.org")
            source = owner.upload("t.csv", b"a\n1\n")["datasource_id"]
            owner.post(f"/api/datasources/{source}/query", json={"sql": "SELECT 1"})
            assert started.process is not None
            children = _children(started.process.pid)
            started.kill()

        assert children
        deadline = time.monotonic() + 10
        while any(_is_alive(pid) for pid in children) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not any(_is_alive(pid) for pid in children)


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIG_DFL)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
