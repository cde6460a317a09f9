"""SQLite keeps the contract of all engines."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import AbstractAsyncContextManager, closing
from pathlib import Path
from typing import Any, ClassVar

import pytest

from engines.contract import LIMITS, EngineContract, rows, statement
from engines.exporting import serial
from engines.opened import a_pool, a_source, an_engine
from tesela.engines import open_engine
from tesela.engines.base import Engine
from tesela.errors import BadRequest, SourceUnavailable

SALES = """
CREATE TABLE sales (region TEXT, amount INTEGER, sold_on TEXT);
INSERT INTO sales VALUES ('north', 20, '2026-01-01'), ('sür', 30, '2026-01-02'), (NULL, 10, '2026-01-03');
"""
COUNTING = "WITH RECURSIVE r(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM r{end}) SELECT {what} FROM r"


def a_file(path: Path, script: str = SALES) -> Path:
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
    return path


class TestSQLite(EngineContract):
    ENDLESS = COUNTING.format(end="", what="count(*)")
    MANY = COUNTING.format(end=" WHERE n < 99999", what="n")
    MIDNIGHT = None
    TYPES: ClassVar[dict[str, tuple[str, Any]]] = {
        "1": ("int", 1),
        "9007199254740991": ("int", 9007199254740991),
        "9007199254740992": ("bigint", "9007199254740992"),
        "1.5": ("float", 1.5),
        "1e999": ("float", None),
        "'añ€\"\\'": ("text", 'añ€"\\'),
        "char(0) || 'a'": ("text", "\0a"),
        "NULL": ("text", None),
        "x'DEAD'": ("binary", "dead"),
        "'2026-01-31'": ("date", "2026-01-31"),
        "'2026-02-31'": ("text", "2026-02-31"),
        "'2026-01-31 12:34:56'": ("timestamp", "2026-01-31T12:34:56"),
        "'2026-01-31T12:34:56.5'": ("timestamp", "2026-01-31T12:34:56.5"),
        "'2026-01-31 12:34:56+02:00'": ("timestamptz", "2026-01-31T12:34:56+02:00"),
        "'12345'": ("text", "12345"),
        "CAST(x'FF41' AS TEXT)": ("text", "\ufffdA"),
    }
    LATE = COUNTING.format(end=" WHERE n < 20000", what="json(CASE n WHEN 9000 THEN '{' ELSE '1' END) AS v")
    EXPORTED: ClassVar[dict[str, tuple[str, Any]]] = {
        "1": ("1", 1),
        "-5": ("-5", -5),
        "1000000000000000": ("1000000000000000", "1000000000000000"),
        "1.5": ("1.5", 1.5),
        "-1e300": ("-1e+300", -1e300),
        "1e999": ("", None),
        "NULL": ("", None),
        "char(0) || char(11) || 'a'": ("\0\x0ba", "_x0000__x000B_a"),
        "x'DEAD'": ("dead", "dead"),
        "'2026-01-31'": ("2026-01-31", serial("2026-01-31")),
        "'1900-02-28'": ("1900-02-28", "1900-02-28"),
        "'2026-02-31'": ("2026-02-31", "2026-02-31"),
        "'2026-01-31 12:30:00'": ("2026-01-31T12:30:00", serial("2026-01-31T12:30")),
        "'2026-01-31 12:30:00+02:00'": ("2026-01-31T12:30:00+02:00", serial("2026-01-31T12:30")),
        "'12345'": ("12345", "12345"),
    }
    WRITES: ClassVar[list[str]] = [
        "INSERT INTO sales VALUES ('x', 1, NULL)",
        "UPDATE sales SET amount = 0",
        "DELETE FROM sales",
        "DROP TABLE sales",
        "CREATE TABLE x (a)",
        "CREATE TEMP TABLE x (a)",
        "PRAGMA query_only = OFF",
        "PRAGMA table_info(sales)",
        "SELECT * FROM pragma_table_info('sales')",
        "BEGIN",
        "VACUUM",
        "REINDEX",
        "ANALYZE",
        "",
    ]
    FILES: ClassVar[list[str]] = [
        "ATTACH '/etc/passwd' AS x",
        "ATTACH ':memory:' AS x",
        "VACUUM INTO '/tmp/x'",
        "SELECT load_extension('/tmp/x')",
        "SELECT readfile('/etc/passwd')",
        "SELECT writefile('/tmp/x', 'a')",
        "SELECT zeroblob(1000000000)",
    ]

    def opened(self) -> AbstractAsyncContextManager[Engine]:
        path = self.folder / "outside" / "a b?.sqlite"
        if not path.exists():
            a_file(path)
        return an_engine(a_source("sqlite", {"path": str(path)}), self.folder / "data" / "files")

    def test_mixed_columns_are_text(self) -> None:
        result = self.result_of(
            statement("SELECT 1 AS a UNION ALL SELECT 'x' UNION ALL SELECT x'00' ORDER BY 1")
        )

        assert (result.columns[0].type, rows(result)) == ("text", [{"a": "1"}, {"a": "x"}, {"a": "00"}])


def open_with(folder: Path, config: dict[str, Any]) -> None:
    async def scenario() -> None:
        async with a_pool(folder / "files") as pool:
            engine = open_engine(a_source("sqlite", config), pool, folder / "files")
            try:
                await engine.run(statement("SELECT 1 AS a"), LIMITS)
                await engine.test()
            finally:
                await engine.close()

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "config", [{}, {"path": "relative.sqlite"}, {"file": "../x.sqlite"}, {"file": "/etc/x"}]
)
def test_a_path_must_be_absolute_and_a_file_plain(tmp_path: Path, config: dict[str, Any]) -> None:
    with pytest.raises(BadRequest, match=r"config\."):
        open_with(tmp_path, config)

    def test_a_column_that_changes_its_type_is_exported_value_by_value(self) -> None:
        mixed = (
            COUNTING.format(end=" WHERE n < 2001", what="n")
            + " UNION ALL SELECT 'text' UNION ALL SELECT 2.5 UNION ALL SELECT x'00FF'"
        )
        asked = statement(f"SELECT n AS v FROM ({mixed})")

        assert [cell for (cell,) in self.seen(asked, "xlsx").cells()[-4:]] == [2001, "text", 2.5, "00ff"]
        assert [text for (text,) in self.seen(asked, "csv").records()[-4:]] == ["2001", "text", "2.5", "00ff"]


def test_the_servers_own_data_cannot_be_a_datasource(tmp_path: Path) -> None:
    a_file(tmp_path / "tesela.db")

    with pytest.raises(BadRequest, match="outside"):
        open_with(tmp_path, {"path": str(tmp_path / "tesela.db")})


def test_a_link_into_the_servers_own_data_is_refused(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    a_file(home / "tesela.db")
    elsewhere.mkdir()
    (elsewhere / "link").symlink_to(home / "tesela.db")

    with pytest.raises(BadRequest, match="outside"):
        open_with(home, {"path": str(elsewhere / "link")})


def test_a_missing_file_and_a_file_of_another_kind_are_unavailable(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "x").write_text("not a database, but long enough to look at" * 100)

    for path in (other / "missing", other / "x", other):
        with pytest.raises(SourceUnavailable) as caught:
            open_with(tmp_path / "home", {"path": str(path)})
        assert str(tmp_path) not in caught.value.sentence
