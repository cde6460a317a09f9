"""What every engine must do when it exports. A part of the contract of all engines: see `contract`."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import datetime as dt
import io
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ClassVar
from xml.etree import ElementTree as ET

import pytest

from tesela.engines.base import Engine
from tesela.errors import QueryError, QueryFailed, QueryTimedOut
from tesela.files import cells
from tesela.model.result import ExportEnd, ExportFormat, ExportHead, Limits
from tesela.model.statement import Statement

WIDE = Limits(max_rows=1_000_000, max_bytes=2_000_000_000)
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.org","x")',
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
]
"""Texts that some spreadsheet runs when they stand bare in a cell."""
PLAIN = [
    "plain",
    'say "hi"',
    "a,b;c\td",
    "line\r\nbreak",
    "",
    " spaces ",
    "añ€ 😀 \u2028 \u202e",
    "<b>&amp;</b> ]]>",
    "_x0041_x0042_",
    "1 = 1",
    "'quoted",
    "http://example.org",
]
"""Texts that are only texts."""


@dataclass(frozen=True)
class Seen:
    """An export as it came. pieces: the sizes of what was handed over."""

    head: ExportHead
    text: bytes
    end: ExportEnd
    pieces: tuple[int, ...]

    def records(self) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.text.decode(), newline="")))

    def cells(self) -> list[list[Any]]:
        """Return the rows of a sheet: None, a float, a bool, or a text."""
        root = ET.fromstring(f"<sheet>{self.text.decode()}</sheet>")
        return [[_cell(cell) for cell in row] for row in root]


def _cell(cell: ET.Element) -> Any:
    match cell.get("t"):
        case "inlineStr":
            return "".join(cell.itertext())
        case "b":
            return cell[0].text == "1"
    return float(cell[0].text or "") if len(cell) else None


async def taken(engine: Engine, asked: Statement, to: ExportFormat, limits: Limits = WIDE) -> Seen:
    """Return the whole export of a statement."""
    head: ExportHead | None = None
    end: ExportEnd | None = None
    pieces: list[bytes] = []
    async with contextlib.aclosing(engine.export(asked, limits, to=to)) as parts:
        async for part in parts:
            assert end is None
            if isinstance(part, bytes):
                assert head is not None
                pieces.append(part)
            elif isinstance(part, ExportHead):
                assert head is None
                head = part
            else:
                end = part
    assert head is not None
    assert end is not None
    return Seen(head, b"".join(pieces), end, tuple(map(len, pieces)))


def statement(sql: str, *values: Any, names: tuple[str | None, ...] = ()) -> Statement:
    return Statement(tuple(sql.split("{}")), values, names)


class ExportContract:
    """EXPORTED: expression -> (text in CSV, value in a sheet)."""

    EXPORTED: ClassVar[dict[str, tuple[str, Any]]]
    ENDLESS: ClassVar[str]
    MANY: ClassVar[str]
    LATE: ClassVar[str]
    """A query that fails after thousands of rows."""

    with_engine: Callable[[Callable[[Engine], Awaitable[Any]]], Any]

    def seen(self, asked: Statement, to: ExportFormat, limits: Limits = WIDE) -> Seen:
        async def work(engine: Engine) -> Seen:
            return await taken(engine, asked, to, limits)

        found: Seen = self.with_engine(work)
        return found

    def test_each_type_is_written_as_the_rules_say(self) -> None:
        async def work(engine: Engine) -> dict[str, tuple[Any, Any]]:
            seen = {}
            for expression in self.EXPORTED:
                asked = statement(f"SELECT {expression} AS v, 1 AS one")
                ((text, _),) = (await taken(engine, asked, "csv")).records()
                ((cell, _),) = (await taken(engine, asked, "xlsx")).cells()
                seen[expression] = (text, cell)
            return seen

        seen = self.with_engine(work)
        assert {key: value for key, value in seen.items() if value != self.EXPORTED[key]} == {}

    def test_exported_rows_keep_their_order_and_their_nulls(self) -> None:
        asked = statement("SELECT region, amount FROM sales ORDER BY amount DESC", names=("Region", None))

        seen = self.seen(asked, "csv")

        assert seen.text == "sür,30\r\nnorth,20\r\n,10\r\n".encode()
        assert [column.name for column in seen.head.columns] == ["Region", "amount"]
        assert seen.end == ExportEnd(3, truncated=False)

    def test_texts_never_become_formulas_in_csv(self) -> None:
        async def work(engine: Engine) -> list[str]:
            asked = statement(" UNION ALL ".join(["SELECT {} AS v"] * len(FORMULAS)), *FORMULAS)
            return [text for (text,) in (await taken(engine, asked, "csv")).records()]

        assert sorted(self.with_engine(work)) == sorted(f"'{text}" for text in FORMULAS)

    def test_other_texts_come_back_from_csv_as_they_are(self) -> None:
        asked = statement(" UNION ALL ".join(["SELECT {} AS v"] * len(PLAIN)), *PLAIN)

        assert sorted(text for (text,) in self.seen(asked, "csv").records()) == sorted(PLAIN)

    def test_texts_are_texts_in_a_sheet_and_stay_so_when_edited(self) -> None:
        everything = FORMULAS + PLAIN
        asked = statement(" UNION ALL ".join(["SELECT {} AS v"] * len(everything)), *everything)

        seen = self.seen(asked, "xlsx")

        root = ET.fromstring(f"<sheet>{seen.text.decode()}</sheet>")
        marked = ["".join(cell.itertext()) for cell in root.iter("c") if cell.get("s") == str(cells.LITERAL)]
        spelled = sorted(text.replace("_x", "_x005F_x").replace("\r", "_x000D_") for text in everything)
        assert sorted(text for (text,) in seen.cells()) == spelled
        assert len(marked) == len(FORMULAS)
        assert not list(root.iter("f"))

    def test_a_text_too_long_for_a_cell_is_cut_and_counted(self) -> None:
        long, beyond = "x" * 32_768, "😀" * 20_000
        asked = statement("SELECT {} AS a, {} AS b, {} AS c", long, beyond, "x" * 32_767)

        seen = self.seen(asked, "xlsx")

        assert [len(text) for text in seen.cells()[0]] == [32_767, 16_383, 32_767]
        assert seen.end.cut_cells == 2
        assert self.seen(asked, "csv").records() == [[long, beyond, "x" * 32_767]]

    def test_many_rows_come_in_small_pieces(self) -> None:
        for to in ("csv", "xlsx"):
            seen = self.seen(statement(self.MANY), to)

            assert (seen.end.row_count, seen.end.truncated) == (100_000, False)
            assert len(seen.pieces) >= 4
            assert max(seen.pieces) <= 2**20
            rows = seen.records() if to == "csv" else seen.cells()
            assert [float(number) for (number,) in rows] == list(range(100_000))

    def test_an_export_past_its_limit_is_cut_and_says_so(self) -> None:
        seen = self.seen(statement(self.MANY), "csv", Limits(max_rows=2_500, max_bytes=10**9))
        whole = self.seen(statement("SELECT amount FROM sales"), "csv", Limits(max_rows=3))

        assert seen.records() == [[str(number)] for number in range(2_500)]
        assert (seen.end.row_count, seen.end.truncated) == (2_500, True)
        assert (whole.end.row_count, whole.end.truncated) == (3, False)

    def test_an_export_past_its_bytes_ends_at_a_whole_row(self) -> None:
        seen = self.seen(statement(self.MANY), "csv", Limits(max_rows=100_000, max_bytes=50_000))

        assert seen.end.truncated
        assert seen.records() == [[str(number)] for number in range(seen.end.row_count)]
        assert 50_000 < len(seen.text) < 100_000

    def test_an_export_without_rows_has_columns(self) -> None:
        seen = self.seen(statement("SELECT region, amount FROM sales WHERE amount > 1000"), "xlsx")

        assert [column.name for column in seen.head.columns] == ["region", "amount"]
        assert (seen.text, seen.end) == (b"", ExportEnd(0, truncated=False))

    def test_one_column_of_nulls_still_has_its_rows(self) -> None:
        seen = self.seen(statement("SELECT NULL AS v UNION ALL SELECT NULL"), "csv")

        assert seen.records() == [[""], [""]]

    def test_a_query_that_fails_at_once_brings_nothing(self) -> None:
        with pytest.raises(QueryFailed) as caught:
            self.seen(statement("SELECT region,\n       nowhere\nFROM sales"), "csv")

        assert (caught.value.line, caught.value.column) == (2, 8)

    def test_a_query_that_fails_later_raises_and_the_engine_goes_on(self) -> None:
        async def work(engine: Engine) -> str:
            with pytest.raises(QueryFailed) as caught:
                await taken(engine, statement(self.LATE), "csv")
            await taken(engine, statement("SELECT 1 AS a"), "csv")
            assert "gave up" not in caught.value.sentence
            return caught.value.sentence

        assert self.with_engine(work)

    def test_writes_are_refused_in_exports_too(self) -> None:
        async def work(engine: Engine) -> bytes:
            for sql in ("DROP TABLE sales", "INSERT INTO sales VALUES ('x', 1, NULL)", "SELECT 1; SELECT 2"):
                with pytest.raises(QueryError):
                    await taken(engine, statement(sql), "csv")
            return (await taken(engine, statement("SELECT count(*) AS n FROM sales"), "csv")).text

        assert self.with_engine(work) == b"3\r\n"

    def test_a_deadline_ends_an_export(self) -> None:
        async def work(engine: Engine) -> float:
            await taken(engine, statement("SELECT 1 AS a"), "csv")
            started = time.monotonic()
            with pytest.raises(QueryTimedOut):
                await taken(engine, statement(self.ENDLESS), "csv", Limits(timeout_ms=300))
            return time.monotonic() - started

        assert 0.25 < self.with_engine(work) < 4

    @pytest.mark.parametrize("after", ["nothing", "a piece"])
    def test_whoever_leaves_ends_the_export(self, after: str) -> None:
        async def leave(engine: Engine) -> None:
            asked = statement(self.ENDLESS if after == "nothing" else self.MANY)
            async with contextlib.aclosing(engine.export(asked, WIDE, to="csv")) as parts:
                async for part in parts:
                    if isinstance(part, bytes):
                        return

        async def work(engine: Engine) -> float:
            await taken(engine, statement("SELECT 1 AS a"), "csv")
            tasks = [asyncio.create_task(leave(engine)) for _ in range(3)]
            await asyncio.sleep(0.3)
            started = time.monotonic()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            assert (await taken(engine, statement("SELECT 1 AS a"), "csv")).text == b"1\r\n"
            return time.monotonic() - started

        # A cancel that reaches PostgreSQL between two messages is lost; its driver closes the connection after 5 s.
        assert self.with_engine(work) < 9

    def test_exports_and_queries_run_beside_each_other(self) -> None:
        async def work(engine: Engine) -> list[int]:
            asked = [taken(engine, statement(self.MANY), "csv") for _ in range(3)]
            return [seen.end.row_count for seen in await asyncio.gather(*asked)]

        assert self.with_engine(work) == [100_000] * 3


def serial(moment: str) -> float:
    """Return the number that a sheet has for a moment."""
    return (dt.datetime.fromisoformat(moment) - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)  # noqa: DTZ001
