"""Export: all rows of a tile as a file, or a whole dashboard as a workbook, in the state of the view.

Rows are written by the engine and go through here in pieces. What a file looks like is in `files`.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from tesela.errors import BadRequest, QueryError, TeselaError
from tesela.features.cover import TileLine, cover
from tesela.features.data import Asking
from tesela.files import csv, names, xlsx
from tesela.files.cells import MAX_COLUMNS, MAX_TEXT
from tesela.model.dashboard import Tile
from tesela.model.result import ExportEnd, ExportFormat, ExportHead, ExportPart
from tesela.running.runner import Question
from tesela.running.spool import Spool, Spools

log = structlog.get_logger()

PATIENCE_SECONDS = 1.0
"""How long an answer waits for the end of its file, so that it can say how long it is and whether rows are missing."""
OVERVIEW = "Overview"
Clock = Callable[[], dt.datetime]


MEDIA_TYPES: dict[ExportFormat, str] = {"csv": csv.MEDIA_TYPE, "xlsx": xlsx.MEDIA_TYPE}


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far one export may go. timeout_ms: of each query."""

    max_rows: int
    timeout_ms: int
    max_bytes: int = xlsx.MAX_BYTES


@dataclass(slots=True)
class Report:
    """What is known of a file beside its bytes; complete when the file is."""

    truncated: bool = False
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way: its name, its kind, and its bytes. Close the spool at the end."""

    name: str
    to: ExportFormat
    spool: Spool
    report: Report

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.to]

    @property
    def disposition(self) -> str:
        """The value of Content-Disposition."""
        return names.attachment(self.name)


async def export_tile(
    asking: Asking, tile: Tile, *, to: ExportFormat, bom: bool, bounds: Bounds, spools: Spools
) -> Download:
    """Return the file of a tile's rows, begun. bom: whether CSV begins with a byte order mark.

    Raises BadRequest for a tile without a query, and the QueryError of a query that fails before its first rows.
    """
    if not tile.asks:
        raise BadRequest("A text tile has no data to export")
    question, ignored = await _question(asking, tile, bounds, to)
    report = Report(ignored=ignored)
    parts = asking.runner.export(question, to=to)
    source = _csv_file(parts, bom, report) if to == "csv" else _one_sheet(parts, tile.title, report)
    return await _begun(Download(names.file_name(tile.title, to), to, spools.take(source), report))


async def export_dashboard(
    asking: Asking, tiles: Sequence[Tile], *, clock: Clock, bounds: Bounds, spools: Spools
) -> Download:
    """Return a workbook, begun: an overview, then a sheet for each tile that has a query.

    A tile that fails has its sentence in its sheet and in the overview.
    """
    report = Report()
    source = _workbook(asking, tiles, clock, bounds, report)
    name = names.file_name(asking.dashboard.document.name, "xlsx")
    return await _begun(Download(name, "xlsx", spools.take(source), report))


async def _begun(download: Download) -> Download:
    try:
        await download.spool.begun(PATIENCE_SECONDS)
    except BaseException:
        await download.spool.close()
        raise
    return download


async def _question(
    asking: Asking, tile: Tile, bounds: Bounds, to: ExportFormat
) -> tuple[Question, tuple[str, ...]]:
    asked = await asking.question(tile, tile.query)
    limits = replace(
        asked.question.limits,
        max_rows=min(bounds.max_rows, xlsx.MAX_DATA_ROWS) if to == "xlsx" else bounds.max_rows,
        max_bytes=bounds.max_bytes,
        timeout_ms=bounds.timeout_ms,
    )
    return replace(asked.question, limits=limits), (*asking.viewing.chosen.ignored, *asked.ignored)


async def _csv_file(parts: AsyncGenerator[ExportPart], bom: bool, report: Report) -> AsyncGenerator[bytes]:
    async with contextlib.aclosing(parts):
        async for part in parts:
            if isinstance(part, ExportHead):
                yield csv.beginning([column.name for column in part.columns], bom=bom)
            elif isinstance(part, ExportEnd):
                report.truncated = part.truncated
                for note in _notes(part):
                    yield csv.line([note])
            else:
                yield part


async def _one_sheet(parts: AsyncGenerator[ExportPart], title: str, report: Report) -> AsyncGenerator[bytes]:
    with contextlib.closing(xlsx.Workbook(names.sheet_names([title]))) as book:
        async with contextlib.aclosing(_sheet(book, 0, parts, report)) as sheet:
            async for piece in sheet:
                if isinstance(piece, bytes):
                    yield piece
        yield book.end()


async def _sheet(
    book: xlsx.Workbook, place: int, parts: AsyncGenerator[ExportPart], report: Report
) -> AsyncGenerator[bytes | ExportEnd]:
    """Yield the bytes of a tile's sheet, then its end. Compressing happens in a thread."""
    async with contextlib.aclosing(parts):
        async for part in parts:
            if isinstance(part, ExportHead):
                if len(part.columns) > MAX_COLUMNS:
                    raise BadRequest(
                        f"A sheet holds at most {MAX_COLUMNS:,} columns; choose csv as the format"
                    )
                yield book.open_table(place, part.columns)
            elif isinstance(part, ExportEnd):
                report.truncated = report.truncated or part.truncated
                yield book.close_table(part.row_count, [*_notes(part), *_ignored_note(report.ignored)])
                yield part
            elif ready := await asyncio.to_thread(book.write, part):
                yield ready


async def _workbook(
    asking: Asking, tiles: Sequence[Tile], clock: Clock, bounds: Bounds, report: Report
) -> AsyncGenerator[bytes]:
    with_rows = [tile for tile in tiles if tile.asks]
    sheets = names.sheet_names([OVERVIEW, *(tile.title for tile in with_rows)])
    lines = [TileLine(tile, sheet) for tile, sheet in zip(with_rows, sheets[1:], strict=True)]
    with contextlib.closing(xlsx.Workbook(sheets)) as book:
        for place, line in enumerate(lines, 1):
            line.run_at = clock()
            async with contextlib.aclosing(_tile_sheet(asking, book, place, line, bounds)) as pieces:
                async for piece in pieces:
                    yield piece
            report.truncated = report.truncated or line.truncated
        texts = [tile for tile in tiles if not tile.asks]
        widths, rows = cover(
            asking.dashboard, asking.viewing.seen_by(asking.caller), lines, texts, now=clock()
        )
        yield book.add_page(0, widths, rows)
        yield book.end()


async def _tile_sheet(
    asking: Asking, book: xlsx.Workbook, place: int, line: TileLine, bounds: Bounds
) -> AsyncGenerator[bytes]:
    """Yield one tile's sheet, and write into its line what became of it. A failure is part of the workbook."""
    report = Report()
    try:
        question, report.ignored = await _question(asking, line.tile, bounds, "xlsx")
        line.ignored = report.ignored
        parts = asking.runner.export(question, to="xlsx")
        async with contextlib.aclosing(_sheet(book, place, parts, report)) as pieces:
            async for piece in pieces:
                if isinstance(piece, ExportEnd):
                    line.row_count, line.truncated, line.notes = (
                        piece.row_count,
                        piece.truncated,
                        _notes(piece),
                    )
                else:
                    yield piece
    except (QueryError, BadRequest) as error:
        log.info("export_failed", tile=line.tile.id, why=error.private or error.sentence)
        line.error = _sentence(error)
        yield book.break_off(place, line.error)


def _sentence(error: TeselaError) -> str:
    return error.sentence if error.sentence.endswith((".", "!", "?")) else f"{error.sentence}."


def _notes(end: ExportEnd) -> list[str]:
    notes = []
    if end.truncated:
        notes.append(f"Not all rows are here: the export ends after {end.row_count:,} rows.")
    if end.cut_cells:
        notes.append(f"Texts cut to the {MAX_TEXT:,} characters that a cell holds: {end.cut_cells:,}.")
    return notes


def _ignored_note(ignored: Sequence[str]) -> list[str]:
    return [f"Filters that could not narrow these rows: {', '.join(ignored)}."] if ignored else []
