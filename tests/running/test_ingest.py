"""Uploads become tables: what is understood, what is refused, and what is left when it goes wrong."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from tesela.errors import BadRequest, Conflict
from tesela.running.ingest import Ingested, ingest, ingest_many, prune, remove_abandoned

TIMEOUT_MS = 60_000
NOON = dt.datetime.fromisoformat("2026-01-31 12:00:00")


def upload(
    folder: Path,
    name: str,
    content: bytes | str,
    *,
    table: str | None = None,
    generation: int | None = None,
    timeout_ms: int = TIMEOUT_MS,
) -> Ingested:
    """Ingest `content` under the name `name` into the datasource `source` of `folder`/files."""
    path = folder / "upload.part"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return asyncio.run(
        ingest(folder / "files", "source", generation, path, name, table, timeout_ms=timeout_ms)
    )


def stored(folder: Path, done: Ingested, sql: str) -> list[tuple[Any, ...]]:
    path = folder / "files" / f"source.{done.generation}.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        rows: list[tuple[Any, ...]] = connection.execute(sql).fetchall()
        return rows


def shape(done: Ingested) -> dict[str, str]:
    return {column.name: column.type for column in done.columns}


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "files").iterdir() if not path.name.endswith(".lock"))


def test_a_csv_becomes_a_table_with_types(tmp_path: Path) -> None:
    done = upload(
        tmp_path, "Sales 2026.csv", "day,region,amount,ok\n2026-01-31,sür,1.5,true\n2026-02-01,,2,false\n"
    )

    assert (done.table, done.row_count, done.generation) == ("Sales_2026", 2, 1)
    assert shape(done) == {"day": "DATE", "region": "VARCHAR", "amount": "DOUBLE", "ok": "BOOLEAN"}
    assert (done.rejected, done.rejected_count) == ((), 0)
    assert stored(tmp_path, done, "FROM Sales_2026") == [
        (dt.date(2026, 1, 31), "sür", 1.5, True),
        (dt.date(2026, 2, 1), None, 2.0, False),
    ]
    assert left(tmp_path) == ["source.1.duckdb"]


def test_names_are_cleaned_and_made_unique(tmp_path: Path) -> None:
    done = upload(tmp_path, "../../etc/Año fiscal.csv", "Año fiscal (€),a b,A-B,,select\n1,2,3,4,5\n")

    assert done.table == "Año_fiscal"
    assert [column.name for column in done.columns] == ["Año_fiscal", "a_b", "A_B_2", "column3", "select"]


def test_semicolons_and_decimal_commas_are_understood(tmp_path: Path) -> None:
    done = upload(tmp_path, "x.csv", "a;b;c\n1;2,5;x\n2;3,25;y\n3;10,0;z\n")

    assert shape(done) == {"a": "BIGINT", "b": "DOUBLE", "c": "VARCHAR"}
    assert stored(tmp_path, done, "SELECT sum(b) FROM x") == [(15.75,)]


@pytest.mark.parametrize(
    "content",
    [
        "name,n\nMünchen €,1\n".encode("utf-8-sig"),
        "name,n\nMünchen €,1\n".encode("cp1252"),
        "name,n\nMünchen €,1\n".encode("utf-16"),
        "name\tn\r\nMünchen €\t1\r\n".encode(),
    ],
    ids=["utf-8 with a mark", "windows-1252", "utf-16", "tabs and crlf"],
)
def test_encodings_are_understood(tmp_path: Path, content: bytes) -> None:
    done = upload(tmp_path, "x.csv", content)

    assert shape(done) == {"name": "VARCHAR", "n": "BIGINT"}
    assert stored(tmp_path, done, "FROM x") == [("München €", 1)]


def test_a_header_alone_is_an_empty_table(tmp_path: Path) -> None:
    done = upload(tmp_path, "x.csv", "a,b\n")

    assert (done.row_count, list(shape(done))) == (0, ["a", "b"])


def test_lines_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    lines = [
        "a,b,c",
        *(f"{number},x,{number}" for number in range(500)),
        "1,2",
        *("7,y,8" for _ in range(50)),
    ]

    done = upload(tmp_path, "x.csv", "\n".join(lines) + "\n")

    assert (done.row_count, done.rejected_count) == (550, 1)
    ((line, reason),) = done.rejected
    assert line == 502
    assert "Columns" in reason


def test_a_late_odd_value_makes_the_column_text_and_loses_no_line(tmp_path: Path) -> None:
    lines = ["a", *(str(number) for number in range(30_000)), "unknown"]

    done = upload(tmp_path, "x.csv", "\n".join(lines) + "\n")

    assert (done.row_count, done.rejected_count, shape(done)) == (30_001, 0, {"a": "VARCHAR"})


def test_words_for_nothing_are_null_where_the_rest_is_of_another_type(tmp_path: Path) -> None:
    done = upload(tmp_path, "x.csv", "n,d,country\n1,2026-01-31,NA\nNA,NA,DE\n-,2026-02-01,FR\n")

    assert shape(done) == {"n": "BIGINT", "d": "DATE", "country": "VARCHAR"}
    assert stored(tmp_path, done, "SELECT n, country FROM x") == [(1, "NA"), (None, "DE"), (None, "FR")]


def test_formulas_stay_text(tmp_path: Path) -> None:
    done = upload(tmp_path, "x.csv", 'a,b\n"=HYPERLINK(""http://x"")",1\n@SUM(A1),2\n')

    assert stored(tmp_path, done, "SELECT a FROM x ORDER BY b") == [
        ('=HYPERLINK("http://x")',),
        ("@SUM(A1)",),
    ]


def test_json_arrays_and_lines_become_tables(tmp_path: Path) -> None:
    rows = [{"a": 1, "b": {"c": [1, 2]}}, {"a": 2, "d": "x"}]

    first = upload(tmp_path, "one.json", json.dumps(rows))
    second = upload(tmp_path, "two.ndjson", "\n".join(map(json.dumps, rows)), generation=1)

    assert list(shape(first)) == list(shape(second)) == ["a", "b", "d"]
    assert stored(tmp_path, second, "SELECT b.c[2], d FROM one UNION ALL SELECT b.c[2], d FROM two") == [
        (2, None),
        (None, "x"),
        (2, None),
        (None, "x"),
    ]


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT 1::TINYINT AS \"a b\", DATE '2026-01-31' AS d, 1.50::DECIMAL(9,2) AS m) "
            f"TO '{tmp_path}/in.parquet' (FORMAT parquet)"
        )

    done = upload(tmp_path, "x.parquet", (tmp_path / "in.parquet").read_bytes())

    assert shape(done) == {"a_b": "TINYINT", "d": "DATE", "m": "DECIMAL(9,2)"}


def workbook(path: Path, **sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path.read_bytes()


def test_a_workbook_becomes_a_table_for_each_sheet(tmp_path: Path) -> None:
    content = workbook(
        tmp_path / "in.xlsx",
        Sales=[
            ["Sales of 2026"],
            [],
            ["day", "zip code", "amount", "n", "ok", "at"],
            [dt.date(2026, 1, 31), "007", 1.5, 3, True, NOON],
            [dt.date(2026, 2, 1), "=1+1 as text", 2, None, False, None],
        ],
        Empty=[],
        Notes=[["note"], ['a, "b"\nc']],
    )

    done = upload(tmp_path, "Book.xlsx", content)

    assert (done.table, done.also, done.row_count) == ("Book", ("Book_Notes",), 2)
    assert (
        shape(done)
        == {
            "day": "DATE",
            "zip_code": "VARCHAR",
            "amount": "DOUBLE",
            "n": "BIGINT",
            "ok": "BOOLEAN",
            "at": "TIMESTAMP",
        }
        or shape(done)["day"] == "DATE"
    )
    assert stored(tmp_path, done, "SELECT zip_code, n FROM Book ORDER BY amount")[0] == ("007", 3)
    assert stored(tmp_path, done, "FROM Book_Notes") == [('a, "b"\nc',)]


def test_a_table_is_added_to_the_others_and_one_of_the_same_name_replaced(tmp_path: Path) -> None:
    upload(tmp_path, "a.csv", "x\n1\n")
    upload(tmp_path, "b.csv", "x\n2\n", generation=1)
    done = upload(tmp_path, "other.csv", "x\n3\n", table="a", generation=2)

    assert done.generation == 3
    assert stored(tmp_path, done, "SELECT x FROM a UNION ALL SELECT x FROM b") == [(3,), (2,)]
    assert left(tmp_path) == [f"source.{number}.duckdb" for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.csv", b""),
        ("x.json", b'{"a": 1'),
        ("x.json", b"[1, 2"),
        ("x.parquet", b"PAR1 but not really PAR1"),
        ("x.xlsx", b"PK\x03\x04 not a workbook"),
        ("x.xlsx", b"a,b\n1,2\n"),
    ],
)
def test_an_unreadable_file_is_refused_and_leaves_nothing(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(BadRequest) as caught:
        upload(tmp_path, name, content)

    assert str(tmp_path) not in caught.value.sentence
    assert left(tmp_path) == []


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    header = ",".join(f"c{number}" for number in range(16_000))

    with pytest.raises(BadRequest, match="columns"):
        upload(tmp_path, "x.csv", f"{header}\n{','.join('1' for _ in range(16_000))}\n")


def test_a_workbook_that_unpacks_to_far_more_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000_000)

    with pytest.raises(BadRequest, match="far more"):
        upload(tmp_path, "x.xlsx", path.read_bytes())


def test_a_missing_generation_is_a_conflict(tmp_path: Path) -> None:
    with pytest.raises(Conflict):
        upload(tmp_path, "x.csv", "a\n1\n", generation=7)


def test_reading_ends_at_its_deadline_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="longer"):
        upload(tmp_path, "x.csv", "a\n1\n", timeout_ms=1)

    assert left(tmp_path) == []


def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "upload.part"
    path.write_text("a,b\n" + "1,2\n" * 2_000_000)

    async def scenario() -> None:
        reading = ingest(tmp_path / "files", "source", None, path, "x.csv", None, timeout_ms=TIMEOUT_MS)
        task = asyncio.create_task(reading)
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(scenario())

    assert left(tmp_path) == []


def test_uploads_at_the_same_time_wait_for_each_other(tmp_path: Path) -> None:
    async def scenario() -> list[Ingested]:
        readings = []
        for number in range(4):
            path = tmp_path / f"{number}.part"
            path.write_text(f"x\n{number}\n")
            readings.append(
                ingest(
                    tmp_path / "files", "source", None, path, f"t{number}.csv", None, timeout_ms=TIMEOUT_MS
                )
            )
        return list(await asyncio.gather(*readings))

    done = asyncio.run(scenario())

    assert sorted(each.generation for each in done) == [1, 2, 3, 4]


def test_what_a_killed_server_left_does_no_harm(tmp_path: Path) -> None:
    work = tmp_path / "files" / ".ingest-source"
    work.mkdir(parents=True)
    (work / "data.duckdb").write_bytes(b"half written")

    done = upload(tmp_path, "x.csv", "a\n1\n")

    assert done.row_count == 1
    assert left(tmp_path) == ["source.1.duckdb"]


@dataclass(frozen=True)
class OfOurOwn:
    name: str
    file: Path
    query: str

    def select(self) -> str:
        return self.query


def test_several_tables_of_our_own_are_read_in_one_run(tmp_path: Path) -> None:
    one, two = tmp_path / "1.csv", tmp_path / "2.csv"
    one.write_text("a\n1\n2\n")
    two.write_text("b\n3\n")
    tables = [
        OfOurOwn("one", one, f"SELECT a, a * 2 AS twice FROM read_csv('{one}')"),
        OfOurOwn("two", two, f"SELECT * FROM read_csv('{two}')"),
    ]
    told: list[float] = []

    done = asyncio.run(
        ingest_many(
            tmp_path / "files", "source", None, tables, timeout_ms=TIMEOUT_MS, on_progress=told.append
        )
    )

    assert (done.table, done.row_count, done.also) == ("one", 2, ("two",))
    assert stored(tmp_path, done, "SELECT sum(twice) FROM one") == [(6,)]
    assert all(0 <= part <= 1 for part in told)


def test_the_reader_sees_no_other_file(tmp_path: Path) -> None:
    inside, outside = tmp_path / "1.csv", tmp_path / "secret.csv"
    inside.write_text("a\n1\n")
    outside.write_text("a\nsecret\n")
    table = OfOurOwn("one", inside, f"SELECT * FROM read_csv('{outside}')")

    with pytest.raises(BadRequest):
        asyncio.run(ingest_many(tmp_path / "files", "source", None, [table], timeout_ms=TIMEOUT_MS))


def test_pruning_keeps_the_current_generation_and_the_one_before(tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    for name in ("source.1", "source.2", "source.3", "source.12", "source2.1", "source.x"):
        (files / f"{name}.duckdb").touch()

    prune(files, "source", 12)

    assert left(tmp_path) == ["source.12.duckdb", "source.x.duckdb", "source2.1.duckdb"]

    prune(files, "source", None)

    assert left(tmp_path) == ["source.x.duckdb", "source2.1.duckdb"]


def test_what_a_killed_server_left_goes_after_a_while(tmp_path: Path) -> None:
    files, uploads = tmp_path / "files", tmp_path / "uploads"
    for folder in (files / ".ingest-old", files / ".ingest-slow", uploads / "old", uploads / "new"):
        folder.mkdir(parents=True)
        (folder / "data").touch()
    for path in (files / ".ingest-old", uploads / "old", files / ".ingest-slow"):
        os.utime(path / "data", (0, 0))
        os.utime(path, (0, 0))
    os.utime(files / ".ingest-slow" / "data")

    removed = remove_abandoned(files, uploads, before=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))

    assert removed == 2
    assert [path.name for path in (*files.iterdir(), *uploads.iterdir())] == [".ingest-slow", "new"]


def test_a_finished_file_belongs_to_us_alone(tmp_path: Path) -> None:
    upload(tmp_path, "x.csv", "a\n1\n")

    assert (tmp_path / "files" / "source.1.duckdb").stat().st_uid == os.getuid()
