"""`tesela export` and `tesela import`, while a server runs on the same data."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from live import TESELA, Person, Server

ABSENT = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def ana(server: Server) -> Person:
    return server.person("ana@files.example.org", tenant="files")


@pytest.fixture(scope="module")
def sales(ana: Person) -> str:
    found: str = ana.upload("sales.csv", b"region,revenue\nNorth,1\n", name="Warehouse")["datasource_id"]
    return found


@pytest.fixture
def dashboard(ana: Person, sales: str) -> str:
    made: str = ana.new_dashboard(name="Ventas / 2026")["id"]
    ana.new_tile(
        made, title="Revenue", tile_type="kpi", datasource_id=sales, query="SELECT SUM(revenue) FROM sales"
    )
    return made


def run(server: Server, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*TESELA, *words], env=server.environment, capture_output=True, timeout=120, check=False
    )


def seen(person: Person, dashboard: str, wanted: str) -> dict[str, Any]:
    """Return the dashboard once the server has heard what the command did."""
    deadline = time.monotonic() + 10
    while True:
        found: dict[str, Any] = person.get(f"/api/dashboards/{dashboard}").json()
        if found.get("name") == wanted or time.monotonic() > deadline:
            return found
        time.sleep(0.1)


def test_a_printed_bundle_is_the_servers_and_comes_back_over_the_dashboard(
    server: Server, ana: Person, dashboard: str, tmp_path: Path
) -> None:
    printed = run(server, "export", dashboard)
    file = tmp_path / "sales.json"
    run(server, "export", dashboard, "--out", str(file))
    assert (
        printed.stdout == file.read_bytes() == ana.get(f"/api/dashboards/{dashboard}/export-config").content
    )

    before = ana.get(f"/api/dashboards/{dashboard}").json()
    file.write_text(file.read_text().replace("Ventas / 2026", "Ventas / 2027"))
    done = run(server, "import", str(file), "--update", dashboard)

    after = seen(ana, dashboard, "Ventas / 2027")
    assert (done.returncode, done.stderr) == (0, b"")
    assert after["name"] == "Ventas / 2027"
    assert (after["tiles"], after["user_id"]) == (before["tiles"], before["user_id"])


def test_every_dashboard_of_a_tenant_goes_into_a_folder(
    server: Server, ana: Person, dashboard: str, tmp_path: Path
) -> None:
    ana.new_dashboard(name="ventas / 2026")
    ana.new_dashboard(name="../../etc/passwd")

    done = run(server, "export", "--all", str(tmp_path / "made"), "--tenant", "files")

    names = sorted(path.name for path in (tmp_path / "made").iterdir())
    assert sorted(done.stdout.decode().splitlines()) == names
    assert (
        len({name.casefold() for name in names})
        == len(names)
        == int(ana.get("/api/dashboards/").headers["X-Total-Count"])
    )
    assert "etc passwd.qry-dashboard.json" in names
    assert "Ventas 2026.qry-dashboard.json" in names


def test_a_bundle_becomes_a_dashboard_of_the_named_person(
    server: Server, ana: Person, dashboard: str, sales: str, tmp_path: Path
) -> None:
    file = tmp_path / "sales.json"
    bundle = json.loads(run(server, "export", dashboard).stdout)
    bundle["required_datasources"][0]["name"] = "Somebody else's"
    bundle["dashboard"]["name"] = "By hand"
    file.write_text(json.dumps(bundle))

    unmapped = run(server, "import", str(file), "--user", ana.email)
    done = run(server, "import", str(file), "--user", ana.email, "--map", "ds_0=Warehouse")

    assert (unmapped.returncode, unmapped.stderr.decode()) == (
        1,
        "tesela: there is no datasource 'Somebody else's' (duckdb) here: say --map ds_0=DATASOURCE\n",
    )
    made = done.stdout.decode().split("(")[1].split(")")[0]
    assert ana.get(f"/api/dashboards/{made}").json()["tiles"][0]["datasource_id"] == sales


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["export"], "Name one dashboard"),
        (["export", ABSENT], "Dashboard not found"),
        (["export", "nonsense"], "Dashboard not found"),
        (["export", "--all", "{tmp}/x", "--tenant", "nobody"], "There is no tenant named nobody"),
        (["export", "{dashboard}", "--out", "/proc/nothing/x"], "/proc/nothing/x"),
        (["import", "/nonexistent"], "/nonexistent"),
        (["import", "{file}"], "not valid JSON"),
        (["import", "{file}", "--map", "ds_0"], "REF=DATASOURCE"),
        (["import", "{good}", "--map", "ds_9=Warehouse"], "needs no datasource ds_9"),
        (["import", "{good}", "--user", "nobody@example.org"], "no active user"),
        (
            ["import", "{good}", "--map", "ds_0=Nothing", "--user", "ana@files.example.org"],
            "may use no datasource",
        ),
        (["import", "{good}", "--update", ABSENT], "Dashboard not found"),
    ],
)
def test_a_mistake_is_one_sentence_and_an_exit_code(
    server: Server, dashboard: str, tmp_path: Path, words: list[str], said: str
) -> None:
    (tmp_path / "bad.json").write_text("{")
    run(server, "export", dashboard, "--out", str(tmp_path / "good.json"))
    known = {
        "{tmp}": str(tmp_path), "{dashboard}": dashboard,
        "{file}": str(tmp_path / "bad.json"), "{good}": str(tmp_path / "good.json"),
    }  # fmt: skip

    done = run(server, *(known.get(word, word.replace("{tmp}", str(tmp_path))) for word in words))

    assert done.returncode != 0
    assert said in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
