"""Large downloads: memory stays bounded, slow readers hold nobody up, and who leaves stops the query."""

from __future__ import annotations

import io
import sqlite3
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import openpyxl
import pytest

from live import Person, Server, running

MIB = 2**20
MOST_MIB = 64
MILLION = """
SELECT i AS id, i % 7 AS line, DATE '2020-01-01' + (i % 2000)::INTEGER AS day, 'mode ' || (i % 9) AS mode, 'F' AS flag,
  (i % 100)::DECIMAL(10, 2) AS quantity, (i * 1.25)::DECIMAL(15, 2) AS price, (i % 11) / 100.0 AS discount
FROM range(1000000) AS r(i)
"""
ENDLESS = "SELECT count(*) AS n FROM range(100000000000) AS r(i) WHERE i % 7 = {marker}"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own, whose memory is measured, with one worker."""
    with running(tmp_path_factory.mktemp("large") / "data", engine_workers="1") as server:
        yield server


@pytest.fixture(scope="module")
def person(alone: Server) -> Person:
    return alone.person("owner@example.org")


@pytest.fixture(scope="module")
def source(person: Person) -> str:
    found: str = person.upload("a.csv", b"a\n1\n", name="A")["datasource_id"]
    return found


def a_tile(person: Person, source: str, query: str) -> str:
    """Return the path of a new dashboard's only tile."""
    made = person.new_dashboard(name="Large")
    tile = person.new_tile(made["id"], title="T", tile_type="table", datasource_id=source, query=query)
    return f"/api/dashboards/{made['id']}/tiles/{tile['id']}"


def memory_bytes(server: Server, name: str) -> int:
    assert server.process is not None
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith(f"{name}:")]
    return int(line.split()[1]) * 1024


def forget_the_peak(server: Server) -> None:
    assert server.process is not None
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")


def running_queries(person: Person) -> int:
    lines = person.get("/metrics").text.splitlines()
    (line,) = [line for line in lines if line.startswith("tesela_queries_running ")]
    return int(float(line.split()[1]))


def nothing_runs(person: Person, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if running_queries(person) == 0:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_million_rows_take_little_memory_of_the_server(
    alone: Server, person: Person, source: str, kind: str, tmp_path: Path
) -> None:
    path = a_tile(person, source, MILLION)
    person.post(f"{a_tile(person, source, 'SELECT 1 AS a')}/export", json={"format": kind})
    before = memory_bytes(alone, "VmRSS")
    forget_the_peak(alone)

    file = tmp_path / f"export.{kind}"
    with person.stream("POST", f"{path}/export", json={"format": kind}) as answer, file.open("wb") as out:
        assert answer.status_code == 200
        for piece in answer.iter_bytes():
            out.write(piece)

    grown = memory_bytes(alone, "VmHWM") - before
    assert grown <= MOST_MIB * MIB, f"{grown / MIB:.0f} MiB"
    if kind == "csv":
        lines = file.read_bytes().split(b"\r\n")
        assert (len(lines), lines[-2][:6], lines[-1]) == (1_000_002, b"999999", b"")
    else:
        with zipfile.ZipFile(file) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml")
            assert archive.testzip() is None
        assert sheet.count(b"<row>") == 1_000_001


def test_a_million_rows_of_another_database_take_little_memory_too(
    alone: Server, person: Person, tmp_path: Path
) -> None:
    path = tmp_path / "empty.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")
    admin = alone.admin()
    fields = {"name": "A file", "type": "sqlite", "config": {"path": str(path)}}
    source = admin.post("/api/datasources", json=fields).json()["id"]
    counting = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 1000000)"
    tile = a_tile(admin, source, f"{counting} SELECT n, 'x' AS x FROM r")
    before = memory_bytes(alone, "VmRSS")
    forget_the_peak(alone)

    answer = admin.post(f"{tile}/export", json={"format": "csv"})

    assert answer.content.endswith(b"\r\n1000000,x\r\n")
    grown = memory_bytes(alone, "VmHWM") - before
    assert grown <= MOST_MIB * MIB, f"{grown / MIB:.0f} MiB"


def test_a_reader_who_stops_reading_holds_no_engine(person: Person, source: str) -> None:
    path = a_tile(person, source, MILLION)

    with person.stream("POST", f"{path}/export", json={"format": "csv"}) as slow:
        pieces = slow.iter_raw(1000)
        next(pieces)
        assert nothing_runs(person, 30)
        assert person.get(f"{a_tile(person, source, 'SELECT 7 AS a')}/data").json()["row_count"] == 1
        rest = sum(len(piece) for piece in pieces)

    assert rest > 40 * MIB


def test_whoever_leaves_before_the_first_row_stops_the_query(person: Person, source: str) -> None:
    path = a_tile(person, source, ENDLESS.format(marker=5))

    with pytest.raises(httpx.ReadTimeout):
        person.post(f"{path}/export", json={"format": "csv"}, timeout=0.5)

    assert nothing_runs(person)


def test_whoever_leaves_in_the_middle_stops_the_query(person: Person, source: str) -> None:
    path = a_tile(person, source, "SELECT repeat(md5(i::VARCHAR), 100) AS x FROM range(900000) AS r(i)")

    with person.stream("POST", f"{path}/export", json={"format": "xlsx"}) as answer:
        assert answer.status_code == 200
        assert running_queries(person) == 1

    assert nothing_runs(person)


def test_the_disk_is_free_again_when_downloads_are_over(alone: Server, person: Person, source: str) -> None:
    path = a_tile(person, source, MILLION)
    with person.stream("POST", f"{path}/export", json={"format": "csv"}) as answer:
        assert answer.status_code == 200
    assert nothing_runs(person)

    assert alone.process is not None
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and deleted_files(alone.process.pid):
        time.sleep(0.05)
    assert deleted_files(alone.process.pid) == []


def deleted_files(pid: int) -> list[str]:
    """Return the files without a name that a process has open in its folder of temporary files."""
    found = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(link.readlink())
        except OSError:
            continue
        if "/temp/" in target:
            found.append(target)
    return found


def test_a_large_workbook_can_be_read_back(person: Person, source: str) -> None:
    path = a_tile(person, source, MILLION.replace("1000000", "20000"))

    answer = person.post(f"{path.split('/tiles')[0]}/export", json={})

    book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
    rows = list(book["T"].iter_rows(values_only=True))
    book.close()
    assert len(rows) == 20_001
    assert rows[-1][:2] == (19_999, 19_999 % 7)
