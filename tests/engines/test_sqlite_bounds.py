"""SQLite runs in the server's own process: what one query may take of it."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from engines.contract import rows, statement
from engines.opened import a_source, an_engine
from engines.test_sqlite import a_file
from tesela.errors import QueryFailed, QueryTimedOut
from tesela.model.result import Limits, Result

MANY = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "


def asked(tmp_path: Path, sql: str, limits: Limits) -> Result:
    source = a_source("sqlite", {"path": str(a_file(tmp_path / "elsewhere" / "sales.db"))})

    async def ask() -> Result:
        async with an_engine(source, tmp_path / "data" / "files") as engine:
            return await engine.run(statement(sql), limits)

    return asyncio.run(ask())


def test_large_cells_are_not_taken_a_thousand_rows_at_a_time(tmp_path: Path) -> None:
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from now on
    before = peak_bytes()

    found = asked(tmp_path, MANY + "SELECT zeroblob(900000) AS z FROM n", Limits(1_000, 5_000_000, 20_000))

    assert found.truncated
    assert len(rows(found)) < 5
    assert peak_bytes() - before < 200_000_000


def test_a_row_of_many_large_cells_is_too_much(tmp_path: Path) -> None:
    columns = ", ".join(["zeroblob(999999)"] * 1_500)

    with pytest.raises(QueryFailed, match="more memory than it may use"):
        asked(tmp_path, f"SELECT {columns}", Limits(10, 1_000_000, 20_000))


def test_a_query_that_does_not_react_is_answered_at_its_deadline(tmp_path: Path) -> None:
    haystack, needle = "printf('%.*c', 600000, 'a')", "printf('%.*c', 300000, 'a') || 'b'"
    started = time.monotonic()

    with pytest.raises(QueryTimedOut):
        asked(tmp_path, f"SELECT instr({haystack}, {needle})", Limits(10, 1_000_000, 100))

    assert time.monotonic() - started < 2


def peak_bytes() -> int:
    """Return the most memory that this process had since its peak was cleared."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024
