"""SQLite files: the standard library's driver, read-only, behind its authorizer and its limits."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import re
import sqlite3
import threading
import time
from collections.abc import AsyncGenerator, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from tesela.engines.base import SAMPLE_LIMITS, UNSENDABLE, catalog_of, rows_of
from tesela.engines.encode import encoded_now
from tesela.engines.export_rows import SLICE_ROWS, RowWriter
from tesela.engines.names import final_names, place_of
from tesela.engines.workers import WorkerPool
from tesela.errors import (
    BadRequest,
    QueryCancelled,
    QueryError,
    QueryFailed,
    QueryRefused,
    QueryTimedOut,
    SourceUnavailable,
)
from tesela.model.catalog import Catalog
from tesela.model.datasource import Datasource
from tesela.model.result import ExportEnd, ExportFormat, ExportPart, Limits, Result
from tesela.model.statement import Scalar, Statement

THREADS = 4
SLICE_BYTES = 2_000_000
"""Bytes of rows that are taken at a time: a few cells may be as large as a thousand rows."""
CELL_BYTES = 1_000_000
"""A text that is searched for in another one cannot be interrupted; of this size it ends within half a minute."""
GRACE_SECONDS = 0.5
HEAP_BYTES = 1_000_000_000
"""What all of SQLite in this process may hold: one row alone may have two thousand such cells."""
STEPS = 2_000
"""Virtual machine steps between two looks at the clock, well under a millisecond."""
ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
DENIED_FUNCTIONS = {"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"}
REFUSED = re.compile(
    r"not authorized|prohibited|readonly database|one statement at a time|query_only", re.IGNORECASE
)
UNAVAILABLE = re.compile(
    r"unable to open|not a database|disk I/O|image is malformed|file is encrypted|database is locked",
    re.IGNORECASE,
)
NAMED = re.compile(r'no such (?:column|table|function): "?([\w.]+)"?|near "([^"]+)"|function ([\w]+)\(')


class SQLite:
    """One SQLite file. config: `path`, absolute; or `file`, a name in the folder of embedded data."""

    kind: ClassVar[str] = "sqlite"
    dialect: ClassVar[str] = "sqlite"

    def __init__(self, source: Datasource, pool: WorkerPool, files: Path) -> None:
        self._path = _checked_path(source, files)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="sqlite")
        self._running: set[_Query] = set()

    async def run(self, statement: Statement, limits: Limits) -> Result:
        query = _Query(self._path, statement, limits)
        self._running.add(query)
        try:
            async with asyncio.timeout(limits.timeout_ms / 1000 + GRACE_SECONDS):
                return await asyncio.get_running_loop().run_in_executor(self._threads, query.result)
        except asyncio.CancelledError:
            query.stop()
            raise
        except TimeoutError as error:
            query.stop()
            raise QueryTimedOut("The query took longer than it may.") from error
        finally:
            self._running.discard(query)

    async def export(
        self,
        statement: Statement,
        limits: Limits,
        *,
        to: ExportFormat,
    ) -> AsyncGenerator[ExportPart]:
        query = _Query(self._path, statement, limits)
        parts = query.parts(to)
        step: Future[ExportPart | None] | None = None
        self._running.add(query)
        try:
            while True:
                step = self._next(parts)
                part = await asyncio.wrap_future(step)
                if part is None:
                    return
                yield part
        finally:
            query.stop()
            self._running.discard(query)
            if step is not None:  # the connection is closed by whichever thread has it now
                step.add_done_callback(lambda _: parts.close())

    async def test(self) -> str:
        sql = "SELECT sqlite_version() AS version, count(*) AS tables FROM sqlite_master WHERE type = 'table'"
        try:
            (row,) = rows_of(await self.run(Statement((sql,)), SAMPLE_LIMITS))
        except QueryError as error:
            raise SourceUnavailable(error.sentence, private=error.private) from error
        return f"SQLite {row['version']}, read-only; tables: {row['tables']}."

    async def catalog(self) -> Catalog:
        rows = await asyncio.get_running_loop().run_in_executor(self._threads, self._columns)
        return catalog_of(rows, None, "main")

    async def close(self) -> None:
        for query in list(self._running):
            query.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _next(self, parts: Iterator[ExportPart]) -> Future[ExportPart | None]:
        try:
            return self._threads.submit(next, parts, None)
        except RuntimeError as error:
            raise SourceUnavailable("The datasource was closed.") from error

    def _columns(self) -> list[dict[str, Any]]:
        listing = (
            "SELECT name, type FROM sqlite_master "
            "WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
        )
        rows = []
        with _connected(self._path) as connection:
            try:
                for table, kind in connection.execute(listing).fetchall():
                    rows += [
                        {
                            "catalog": "main",
                            "schema": "main",
                            "table": table,
                            "kind": kind,
                            "row_count": None,
                            "column": column,
                            "type": type_ or "ANY",
                            "nullable": not not_null,
                        }
                        for column, type_, not_null in connection.execute(
                            'SELECT name, type, "notnull" FROM pragma_table_info(?)', [table]
                        )
                    ]
            except sqlite3.Error as error:
                raise _as_query_error(error, "", None) from error
        return rows


class _Query:
    """One query in its thread; `stop` may be called from any other."""

    def __init__(self, path: Path, statement: Statement, limits: Limits) -> None:
        self._path, self._statement, self._limits = path, statement, limits
        self._deadline = time.monotonic() + limits.timeout_ms / 1000
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End the query within a few of its steps."""
        self._stopped.set()

    def result(self) -> Result:
        """Run the query and return its rows. Raises QueryError."""
        executed_at, started = dt.datetime.now(dt.UTC), time.perf_counter()
        with self._executed() as (cursor, names):
            rows, more = self._read(cursor)
        encoded = encoded_now(names, [None] * len(names), rows, max_bytes=self._limits.max_bytes)
        return Result(
            columns=encoded.columns,
            rows_json=encoded.rows_json,
            row_count=encoded.row_count,
            truncated=more or encoded.row_count < len(rows),
            executed_at=executed_at,
            duration_ms=round((time.perf_counter() - started) * 1000),
        )

    def parts(self, to: ExportFormat) -> Generator[ExportPart]:
        """Run the query and yield the parts of its export, each in whichever thread asks. Raises QueryError."""
        with self._executed() as (cursor, names):
            writer = RowWriter(names, [None] * len(names), to)
            count = size = 0
            while True:
                wanted = min(SLICE_ROWS, self._limits.max_rows - count)
                rows = _taken(cursor, wanted, SLICE_BYTES) if size <= self._limits.max_bytes else []
                text = writer.written(rows)
                if count == 0 and writer.head is not None:
                    yield writer.head
                if not rows:
                    break
                count, size = count + len(rows), size + len(text)
                yield text
            yield ExportEnd(count, cursor.fetchone() is not None, writer.cut_cells)

    @contextlib.contextmanager
    def _executed(self) -> Iterator[tuple[sqlite3.Cursor, list[str]]]:
        """Yield a cursor on the rows, and the names of their columns; the connection is closed afterwards."""
        sql = self._statement.render(lambda _: "?")
        with _connected(self._path) as connection:
            _lock(connection)
            connection.set_progress_handler(self._is_over, STEPS)
            try:
                cursor = connection.execute(sql, [_bound(value) for value in self._statement.values])
                if cursor.description is None:
                    raise QueryRefused("Write one query that reads: SELECT, WITH or VALUES.")
                names = final_names([each[0] for each in cursor.description], self._statement.names)
                yield cursor, names
            except (sqlite3.Error, sqlite3.Warning) as error:
                raise _as_query_error(error, sql, self._reason()) from error
            except (UnicodeError, OverflowError) as error:
                raise QueryFailed(UNSENDABLE) from error
            except MemoryError as error:
                raise QueryFailed("The query needs more memory than it may use.") from error

    def _read(self, cursor: sqlite3.Cursor) -> tuple[list[tuple[Any, ...]], bool]:
        rows = _taken(cursor, self._limits.max_rows, 2 * self._limits.max_bytes)
        return rows, cursor.fetchone() is not None

    def _is_over(self) -> int:
        return int(self._stopped.is_set() or time.monotonic() > self._deadline)

    def _reason(self) -> str | None:
        if self._stopped.is_set():
            return "cancelled"
        return "deadline" if time.monotonic() > self._deadline else None


def _taken(cursor: sqlite3.Cursor, most: int, room: int) -> list[tuple[Any, ...]]:
    """Return the next rows, at most so many, and none after those that fill the room (bytes)."""
    rows: list[tuple[Any, ...]] = []
    while len(rows) < most and room >= 0 and (row := cursor.fetchone()) is not None:
        rows.append(row)
        room -= sum(len(cell) for cell in row if isinstance(cell, str | bytes))
    return rows


@contextlib.contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file for reading only; it must be there."""
    if not _is_file(path):
        raise SourceUnavailable("The SQLite file is not there, or is not a file.", private=str(path))
    try:
        connection = sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro", uri=True, timeout=2.0, check_same_thread=False
        )
    except sqlite3.Error as error:
        raise _as_query_error(error, "", None) from error
    connection.text_factory = _text
    with contextlib.closing(connection):
        yield connection


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long, a folder that may not be looked into
        return False


def _text(stored: bytes) -> str:
    """Return text that may not be what its file says it is."""
    return stored.decode("utf-8", "replace")


def _lock(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.execute(f"PRAGMA hard_heap_limit = {HEAP_BYTES}")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, CELL_BYTES)
    connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 200_000)
    connection.set_authorizer(_authorized)


def _authorized(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    if action not in ALLOWED:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in DENIED_FUNCTIONS:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _bound(value: Scalar) -> str | int | float | None:
    """Return a value as SQLite keeps it: dates as ISO text, numbers beyond 64 bits as floats."""
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal) or (isinstance(value, int) and not -(2**63) <= value < 2**63):
        return float(value)
    return value


def _as_query_error(error: Exception, sql: str, reason: str | None) -> QueryError:
    message = str(error)
    if reason == "cancelled":
        return QueryCancelled("The query was cancelled.")
    if reason == "deadline":
        return QueryTimedOut("The query took longer than it may.")
    if REFUSED.search(message):
        return QueryRefused("Only queries that read this database may run here.", private=message)
    if UNAVAILABLE.search(message):
        return SourceUnavailable("The SQLite file cannot be read as a database.", private=message)
    found = NAMED.search(message)
    word = next((part for part in found.groups() if part), None) if found else None
    line, column = place_of(sql, word) if word else (None, None)
    return QueryFailed(message[:1].upper() + message[1:], line=line, column=column, private=message)


def _checked_path(source: Datasource, files: Path) -> Path:
    """Return the file's path. Tesela's own data folder is closed, but for the folder of embedded data."""
    config = source.config
    if name := config.get("file"):
        if Path(str(name)).name != name:
            raise BadRequest("config.file must be a plain file name")
        return files / str(name)
    path = Path(str(config.get("path") or ""))
    if not path.is_absolute():
        raise BadRequest("config.path must be the absolute path of a SQLite file")
    home, real = files.absolute().parent.resolve(), path.resolve()
    if real.is_relative_to(home) and not real.is_relative_to(files.resolve()):
        raise BadRequest("config.path must be outside the server's own data folder")
    return path
