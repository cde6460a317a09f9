"""Hostile SQL, sent straight to the engine with no guard in front: every door must be shut by the worker itself."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson

from engines.opened import a_pool, duckdb_file
from tesela.engines.workers import WorkerPool
from tesela.errors import QueryError
from tesela.model.result import Limits

LIMITS = Limits(timeout_ms=10_000)
SECRET = "the content of a secret file"

READ_FILES = [
    "SELECT * FROM read_csv('{csv}')",
    "SELECT * FROM read_csv_auto('{csv}')",
    "SELECT * FROM read_text('{csv}')",
    "SELECT * FROM read_blob('{csv}')",
    "SELECT * FROM read_json('{csv}')",
    "SELECT * FROM read_json_auto('{csv}')",
    "SELECT * FROM read_json_objects('{csv}')",
    "SELECT * FROM read_ndjson('{csv}')",
    "SELECT * FROM read_ndjson_objects('{csv}')",
    "SELECT * FROM read_parquet('{folder}/x.parquet')",
    "SELECT * FROM parquet_scan('{folder}/x.parquet')",
    "SELECT * FROM parquet_metadata('{folder}/x.parquet')",
    "SELECT * FROM parquet_schema('{folder}/x.parquet')",
    "SELECT * FROM parquet_file_metadata('{folder}/x.parquet')",
    "SELECT * FROM sniff_csv('{csv}')",
    "SELECT * FROM glob('{folder}/*')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM read_duckdb('{other}')",
    "SELECT * FROM '{csv}'",
    'SELECT * FROM "{csv}"',
    "SELECT * FROM '{other}'",
    "SELECT * FROM '/etc/passwd'",
    "FROM '{csv}'",
    "DESCRIBE '{csv}'",
    "SUMMARIZE '{csv}'",
    "SELECT * FROM query('SELECT * FROM read_text(''{csv}'')')",
    "SELECT * FROM query_table('{csv}')",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM read_text(''{csv}'')'))",
    "SELECT * FROM read_text('source.1.duckdb')",
    "SELECT * FROM read_text('../../../../etc/passwd')",
    "SELECT * FROM read_text('/proc/self/environ')",
    "SELECT * FROM read_text('{link}')",
]
REACH_OUT = [
    "SELECT * FROM 'http://127.0.0.1:1/x.csv'",
    "SELECT * FROM 'https://127.0.0.1:1/x.parquet'",
    "SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')",
    "SELECT * FROM read_parquet('s3://bucket/x.parquet')",
    "SELECT * FROM read_csv('hf://datasets/x')",
    "SELECT * FROM postgres_scan('host=127.0.0.1', 'public', 'x')",
    "SELECT * FROM sqlite_scan('{csv}', 'x')",
    "SELECT * FROM iceberg_scan('{folder}')",
    "SELECT * FROM delta_scan('{folder}')",
    "SELECT http_get('http://127.0.0.1:1')",
    "SELECT getenv('HOME')",
    "SELECT * FROM pyvar",
]
STATEMENTS = [
    "ATTACH '{other}' AS o",
    "ATTACH ':memory:' AS m",
    "ATTACH '{folder}/new.duckdb'",
    "DETACH source",
    "COPY t TO '{folder}/out.csv'",
    "COPY (SELECT 1) TO '{folder}/out.parquet' (FORMAT parquet)",
    "COPY t FROM '{csv}'",
    "EXPORT DATABASE '{folder}/out'",
    "IMPORT DATABASE '{folder}'",
    "INSTALL httpfs",
    "INSTALL httpfs FROM community",
    "FORCE INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{folder}/x.duckdb_extension'",
    "UPDATE EXTENSIONS",
    "CREATE SECRET s (TYPE s3)",
    "CREATE PERSISTENT SECRET s (TYPE s3)",
    "SET enable_external_access = true",
    "SET GLOBAL enable_external_access = true",
    "RESET enable_external_access",
    "SET lock_configuration = false",
    "SET memory_limit = '100GB'",
    "SET threads = 64",
    "SET TimeZone = 'Asia/Tokyo'",
    "SET schema = 'other'",
    "SET allowed_directories = ['/']",
    "SET allowed_configs = ['threads']",
    "SET temp_directory = '/tmp'",
    "SET disabled_filesystems = ''",
    "SET allow_unsigned_extensions = true",
    "PRAGMA enable_profiling",
    "PRAGMA profiling_output = '{folder}/out'",
    "SET log_query_path = '{folder}/log'",
    "CALL enable_logging()",
    "PRAGMA database_list",
    "INSERT INTO t VALUES (2)",
    "UPDATE t SET a = 2",
    "DELETE FROM t",
    "TRUNCATE t",
    "DROP TABLE t",
    "ALTER TABLE t ADD COLUMN b INTEGER",
    "CREATE TABLE x AS SELECT 1",
    "CREATE TEMP TABLE x AS SELECT 1",
    "CREATE OR REPLACE MACRO now() AS 1",
    "CREATE TEMP MACRO f() AS 1",
    "CREATE VIEW v AS SELECT 1",
    "CREATE SEQUENCE s",
    "WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d",
    "BEGIN",
    "COMMIT",
    "CHECKPOINT",
    "VACUUM",
    "PREPARE p AS SELECT 1",
    "EXECUTE p",
    "SET VARIABLE x = 1",
    "EXPLAIN ANALYZE SELECT 1",
    "SELECT 1; DROP TABLE t",
    "USE memory",
    "KILL 1",
]


def outcomes(folder: Path, probes: list[str]) -> dict[str, Any]:
    """Run every probe on a file that holds `t`, and return what came through, by its SQL."""
    files = folder / "files"
    files.mkdir()
    file = duckdb_file(files, "CREATE TABLE t AS SELECT 1 AS a", "CREATE SCHEMA other")
    other = duckdb_file(files, f"CREATE TABLE secret AS SELECT '{SECRET}' AS s", id_="another")
    csv = folder / "secret.csv"
    csv.write_text(f"a\n{SECRET}\n")
    (files / "link").symlink_to(csv)
    sentences: list[str] = []
    names = {"csv": csv, "other": other, "folder": folder, "link": files / "link"}

    async def run(pool: WorkerPool, sql: str) -> bytes | None:
        try:
            return (await pool.run(file, sql, [], (), LIMITS)).rows_json
        except QueryError as error:
            sentences.append(error.sentence)
            return None

    async def scenario() -> dict[str, Any]:
        async with a_pool(files) as pool:
            seen = {sql: await run(pool, sql.format(**names)) for sql in probes}
            assert await run(pool, "SELECT * FROM t") == b'[{"a":1}]'
            return seen

    before = sorted(folder.iterdir())
    seen = asyncio.run(scenario())
    assert sorted(folder.iterdir()) == before
    for leaked in (str(folder), SECRET, "Traceback"):
        assert [sentence for sentence in sentences if leaked in sentence] == []
    return {sql: rows for sql, rows in seen.items() if rows is not None}


def test_no_file_can_be_read(tmp_path: Path) -> None:
    assert outcomes(tmp_path, READ_FILES) == {}


def test_nothing_outside_can_be_reached(tmp_path: Path) -> None:
    assert outcomes(tmp_path, REACH_OUT) == {}


def test_nothing_but_a_query_runs(tmp_path: Path) -> None:
    assert outcomes(tmp_path, STATEMENTS) == {}


def test_no_secret_and_no_variable_of_the_server_is_there(tmp_path: Path) -> None:
    os.environ["TESELA_TEST_SECRET"] = SECRET
    try:
        seen = outcomes(tmp_path, ["SELECT * FROM duckdb_secrets()", "SELECT * FROM duckdb_settings()"])
    finally:
        del os.environ["TESELA_TEST_SECRET"]

    assert all(SECRET.encode() not in rows for rows in seen.values())
    assert orjson.loads(seen.get("SELECT * FROM duckdb_secrets()", b"[]")) == []


def test_the_kernel_refuses_what_the_engine_would_allow(tmp_path: Path) -> None:
    """The walls hold in a process of their own, with no locked engine in front of them."""
    listener = socket.create_server(("127.0.0.1", 0))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").write_text("a")
    (tmp_path / "outside").write_text("b")
    program = f"""
import socket, sys
from pathlib import Path
from tesela.engines import walls
alone = walls.leave_network()
held = walls.close_doors(
    readable=[Path({str(tmp_path / "in")!r})], writable=[], memory_bytes=10**8, file_bytes=1000
)
def fails(what):
    try:
        what()
    except (OSError, MemoryError):
        return True
    return False
print(not fails(lambda: open({str(tmp_path / "in" / "a")!r}).read()))
print(held["files"], fails(lambda: open({str(tmp_path / "outside")!r}).read()))
print(held["files"], fails(lambda: open({str(tmp_path / "in" / "new")!r}, "w")))
print(held["memory"], fails(lambda: bytearray(10**9)))
print(alone, fails(lambda: socket.create_connection(("127.0.0.1", {listener.getsockname()[1]}), 1)))
"""
    with listener:
        command = [sys.executable, "-c", program]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    readable, *walls = [line.split() for line in said.splitlines()]
    assert readable == ["True"]
    assert len(walls) == 4
    assert all(refused == "True" for held, refused in walls if held == "True")
