"""PostgreSQL: psycopg, read-only transactions, deadlines on both sides, a few connections of our own."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import time
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any, ClassVar, cast

import psycopg
from psycopg import AsyncConnection, AsyncRawCursor, generators
from psycopg.rows import tuple_row
from psycopg.types.string import TextLoader

from tesela.engines.base import CATALOG_LIMITS, SAMPLE_LIMITS, UNSENDABLE, catalog_of, quoted, rows_of
from tesela.engines.encode import Kind, encoded_rows
from tesela.engines.export_rows import SLICE_ROWS, RowWriter
from tesela.engines.names import final_names
from tesela.engines.postgresql_errors import UNREACHABLE, as_query_error, as_unavailable
from tesela.engines.workers import WorkerPool
from tesela.errors import BadRequest, QueryError, QueryFailed, QueryTimedOut, SourceUnavailable
from tesela.model.catalog import Catalog
from tesela.model.datasource import Datasource
from tesela.model.result import ExportEnd, ExportFormat, ExportPart, Limits, Result
from tesela.model.statement import Statement

CONNECTIONS = 5
CONNECT_SECONDS = 5
IDLE_SECONDS = 120.0
"""After which an unused connection is not trusted any more."""
GRACE_SECONDS = 0.5
CHUNK_ROWS = 1_000
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")

KINDS: dict[int, Kind] = {
    16: "bool",
    17: "binary",
    20: "int",
    21: "int",
    23: "int",
    26: "int",
    700: "float",
    701: "float",
    1700: "decimal",
    1082: "date",
    1114: "timestamp",
    1184: "timestamptz",
    1083: "time",
    1266: "time",
    1186: "interval",
    114: "json",
    3802: "json",
}
"""Type numbers of the server -> what a column is. Arrays are JSON, everything else is text."""
AS_TEXT = (
    *("date", "timestamp", "timestamptz", "time", "timetz", "interval", "json", "jsonb", "uuid"),
    *("int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange"),
)
"""Types that are taken as the server writes them: `infinity`, years past 9999."""

SESSION = (
    "SELECT set_config('standard_conforming_strings', 'on', true), set_config('datestyle', 'ISO', true), "
    "set_config('intervalstyle', 'postgres', true), set_config('bytea_output', 'hex', true), "
    "set_config('statement_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $1, true), "
    "set_config('TimeZone', $2, true), "
    "set_config('search_path', coalesce($3, current_setting('search_path')), true)"
)
COLUMNS = """
SELECT current_database() AS catalog, n.nspname AS schema, c.relname AS "table",
       CASE WHEN c.relkind IN ('v', 'm') THEN 'view'
            WHEN EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhrelid = c.oid) THEN 'partition'
            ELSE 'table' END AS kind,
       CASE WHEN c.relkind IN ('r', 'm', 'p') AND c.reltuples >= 0 THEN c.reltuples::bigint END AS row_count,
       a.attname AS "column", format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname NOT LIKE 'pg\\_%' AND has_schema_privilege(n.oid, 'USAGE')
  AND has_column_privilege(c.oid, a.attnum, 'SELECT')
ORDER BY n.nspname, c.relname, a.attnum
"""
RIGHTS = """
SELECT current_setting('server_version') AS version, rolsuper AS is_superuser,
       (SELECT string_agg(r.rolname, ', ' ORDER BY r.rolname) FROM pg_roles AS r
        WHERE r.rolname IN ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')
          AND pg_has_role(current_user, r.oid, 'MEMBER')) AS dangerous
FROM pg_roles WHERE rolname = current_user
"""

Row = tuple[Any, ...]
Connection = AsyncConnection[Row]


class PostgreSQL:
    """One PostgreSQL database. config: host, port, database, user, sslmode. secrets: password."""

    kind: ClassVar[str] = "postgresql"
    dialect: ClassVar[str] = "postgres"

    def __init__(self, source: Datasource, pool: WorkerPool, files: Path) -> None:
        self._parameters = _parameters(source)
        self._places = asyncio.Semaphore(CONNECTIONS)
        self._idle: list[tuple[Connection, float]] = []
        self._closed = False
        self._open: set[Connection] = set()

    async def run(self, statement: Statement, limits: Limits) -> Result:
        executed_at, started = dt.datetime.now(dt.UTC), time.perf_counter()
        sql = statement.render(lambda index: f"${index + 1}")
        try:
            async with asyncio.timeout(limits.timeout_ms / 1000 + GRACE_SECONDS):
                kinds, own, rows, more = await self._fetched(sql, statement, limits)
        except TimeoutError as error:
            raise QueryTimedOut("The query took longer than it may.") from error
        encoded = await encoded_rows(
            final_names(own, statement.names), kinds, rows, max_bytes=limits.max_bytes
        )
        return Result(
            columns=encoded.columns,
            rows_json=encoded.rows_json,
            row_count=encoded.row_count,
            truncated=more or encoded.row_count < len(rows),
            executed_at=executed_at,
            duration_ms=round((time.perf_counter() - started) * 1000),
        )

    async def export(
        self,
        statement: Statement,
        limits: Limits,
        *,
        to: ExportFormat,
    ) -> AsyncGenerator[ExportPart]:
        sql = statement.render(lambda index: f"${index + 1}")
        deadline = asyncio.get_running_loop().time() + limits.timeout_ms / 1000 + GRACE_SECONDS
        has_begun = False
        for again in (False, True):
            async with self._connection() as (connection, fresh):
                try:
                    parts = _exported(connection, sql, statement, limits, to, deadline)
                    async with contextlib.aclosing(parts):
                        async for part in parts:
                            has_begun = True
                            yield part
                    return
                except TimeoutError as error:
                    await self._drop(connection)
                    raise QueryTimedOut("The query took longer than it may.") from error
                except psycopg.Error as error:
                    if connection.closed and not (fresh or again or has_begun):
                        self._idle.clear()
                        continue
                    raise as_query_error(error, sql) from error
                except ValueError as error:
                    raise QueryFailed(UNSENDABLE) from error

    async def test(self) -> str:
        try:
            (row,) = rows_of(await self.run(Statement((RIGHTS,)), SAMPLE_LIMITS))
        except SourceUnavailable:
            raise
        except QueryError as error:
            raise SourceUnavailable(error.sentence, private=error.private) from error
        sentence = f"PostgreSQL {row['version']}, each query in a read-only transaction."
        if row["is_superuser"]:
            sentence += (
                " Warning: this login is a superuser and can read files and run programs on the database "
                "server, read-only or not; use a role that has SELECT only."
            )
        elif row["dangerous"]:
            sentence += f" Warning: this login is a member of {row['dangerous']}; use one that is not."
        return sentence

    async def catalog(self) -> Catalog:
        rows = rows_of(await self.run(Statement((COLUMNS,)), CATALOG_LIMITS))
        where = Statement(("SELECT current_database() AS catalog, current_schema() AS schema",))
        (default,) = rows_of(await self.run(where, SAMPLE_LIMITS))
        return catalog_of(rows, default["catalog"], default["schema"])

    async def close(self) -> None:
        self._closed = True
        self._idle.clear()
        for connection in list(self._open):
            await self._drop(connection)

    async def _fetched(
        self, sql: str, statement: Statement, limits: Limits
    ) -> tuple[list[Kind], list[str], list[tuple[Any, ...]], bool]:
        """Return kinds and names of the columns, the rows, and whether there were more.

        A connection that waited too long may have been cut by a restart of the server: then once more.
        """
        for again in (False, True):
            async with self._connection() as (connection, fresh):
                try:
                    return await self._asked(connection, sql, statement, limits)
                except psycopg.Error as error:
                    if connection.closed and not fresh and not again:
                        self._idle.clear()
                        continue
                    raise as_query_error(error, sql) from error
                except ValueError as error:
                    raise QueryFailed(UNSENDABLE) from error
        raise SourceUnavailable("The database closed the connection.")

    async def _asked(
        self, connection: Connection, sql: str, statement: Statement, limits: Limits
    ) -> tuple[list[Kind], list[str], list[tuple[Any, ...]], bool]:
        rows: list[tuple[Any, ...]] = []
        size, more = 0, False
        async with _stream(connection, sql, statement, limits) as (cursor, stream):
            async for row in stream:
                if len(rows) == limits.max_rows or size > 2 * limits.max_bytes:
                    more = True
                    break
                rows.append(row)
                size += sum(len(cell) for cell in row if isinstance(cell, str | bytes))
            names, kinds = await _columns(connection, cursor)
            return kinds, names, rows, more

    @contextlib.asynccontextmanager
    async def _connection(self) -> AsyncIterator[tuple[Connection, bool]]:
        """Lend a connection; it comes back clean or is closed."""
        async with self._places:
            connection, fresh = await self._taken()
            clean = False
            try:
                yield connection, fresh
                clean = True
            finally:
                if clean or not _is_cancelling():
                    clean = await self._cleaned(connection)
                if clean and not self._closed:
                    self._idle.append((connection, time.monotonic()))
                else:
                    await asyncio.shield(self._drop(connection))

    async def _taken(self) -> tuple[Connection, bool]:
        while self._idle:
            connection, since = self._idle.pop()
            if not connection.closed and time.monotonic() - since < IDLE_SECONDS:
                return connection, False
            await self._drop(connection)
        if self._closed:
            raise SourceUnavailable("The datasource was closed.")
        try:
            connection = await AsyncConnection.connect(**self._parameters)
        except psycopg.Error as error:
            raise as_unavailable(error) from error
        except UnicodeError as error:  # a host that is no name
            raise SourceUnavailable(UNREACHABLE, private=str(error)) from error
        for name in AS_TEXT:
            connection.adapters.register_loader(name, TextLoader)
        await connection.set_read_only(True)
        self._open.add(connection)
        return connection, True

    async def _cleaned(self, connection: Connection) -> bool:
        """Forget all that a query may have left in the session; False when that cannot be done."""
        try:
            await connection.rollback()
            await connection.set_autocommit(True)
            await connection.execute("DISCARD ALL")
            await connection.set_autocommit(False)
        except psycopg.Error:
            return False
        return True

    async def _drop(self, connection: Connection) -> None:
        self._open.discard(connection)
        with contextlib.suppress(psycopg.Error):
            await connection.close()


@contextlib.asynccontextmanager
async def _stream(
    connection: Connection, sql: str, statement: Statement, limits: Limits
) -> AsyncIterator[tuple[AsyncRawCursor[Row], AsyncGenerator[Row]]]:
    """Yield a cursor and the rows of the statement, which the server sends in chunks."""
    path = None if statement.schema is None else quoted(statement.schema)
    async with AsyncRawCursor(connection, row_factory=tuple_row) as cursor:
        await cursor.execute(SESSION, (str(limits.timeout_ms), limits.time_zone, path))
        stream = cursor.stream(sql.encode(), statement.values, size=CHUNK_ROWS)
        async with contextlib.aclosing(cast("AsyncGenerator[Row]", stream)) as reading:
            yield cursor, reading


async def _exported(
    connection: Connection,
    sql: str,
    statement: Statement,
    limits: Limits,
    to: ExportFormat,
    deadline: float,
) -> AsyncGenerator[ExportPart]:
    """Yield the parts of an export, written in a thread. deadline: in the time of the running loop."""
    async with _stream(connection, sql, statement, limits) as (cursor, stream):
        async with asyncio.timeout_at(deadline):
            rows = await _next_rows(stream, min(SLICE_ROWS, limits.max_rows))
            own, kinds = await _columns(connection, cursor)
        writer = RowWriter(final_names(own, statement.names), kinds, to)
        text = await asyncio.to_thread(writer.written, rows)
        if writer.head is not None:
            yield writer.head
        count = size = 0
        while rows:
            yield text
            count, size = count + len(rows), size + len(text)
            wanted = min(SLICE_ROWS, limits.max_rows - count) if size <= limits.max_bytes else 0
            async with asyncio.timeout_at(deadline):
                rows = await _next_rows(stream, wanted)
            text = await asyncio.to_thread(writer.written, rows)
        async with asyncio.timeout_at(deadline):
            more = bool(await _next_rows(stream, 1))
        yield ExportEnd(count, more, writer.cut_cells)


async def _next_rows(stream: AsyncGenerator[Row], count: int) -> list[Row]:
    rows: list[Row] = []
    if count > 0:
        async for row in stream:
            rows.append(row)
            if len(rows) == count:
                break
    return rows


async def _columns(connection: Connection, cursor: AsyncRawCursor[Row]) -> tuple[list[str], list[Kind]]:
    """Return names and kinds of the columns of the statement that ran last."""
    columns = [(column.name, column.type_code) for column in cursor.description or ()]
    columns = columns or await _described(connection)
    return [name for name, _ in columns], [_kind(connection, oid) for _, oid in columns]


async def _described(connection: Connection) -> list[tuple[str, int]]:
    """Return names and types of the statement that ran last: a stream without rows does not tell."""
    connection.pgconn.send_describe_prepared(b"")
    (result,) = await connection.wait(generators.execute(connection.pgconn))
    names = [(result.fname(index) or b"").decode() for index in range(result.nfields)]
    return [(name, result.ftype(index)) for index, name in enumerate(names)]


def _is_cancelling() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _kind(connection: Connection, oid: int) -> Kind:
    if oid in KINDS:
        return KINDS[oid]
    known = connection.adapters.types.get(oid)
    return "json" if known is not None and known.array_oid == oid else "text"


def _parameters(source: Datasource) -> dict[str, Any]:
    """Return what psycopg connects with. Nothing is taken from the server's own environment."""
    config = source.config
    host, database, user = (str(config.get(key) or "").strip() for key in ("host", "database", "user"))
    for name, value in (("host", host), ("database", database), ("user", user)):
        if not value:
            raise BadRequest(f"config.{name} is missing")
    if host.startswith(("/", "@")) or "," in host:
        raise BadRequest("config.host must be one host name or address")
    try:
        port = int(config.get("port") or 5432)
    except (TypeError, ValueError) as error:
        raise BadRequest("config.port must be a number") from error
    if not 0 < port < 65_536:
        raise BadRequest("config.port must be between 1 and 65535")
    sslmode = str(config.get("sslmode") or "prefer")
    if sslmode not in SSL_MODES:
        raise BadRequest(f"config.sslmode must be one of {', '.join(SSL_MODES)}")
    parameters = {
        "host": host,
        "port": port,
        "dbname": database,
        "user": user,
        "password": source.secrets.get("password") or "",
        "sslmode": sslmode,
        "passfile": os.devnull,
        "gssencmode": "disable",
        "connect_timeout": CONNECT_SECONDS,
        "application_name": "tesela",
        "prepare_threshold": None,
    }
    return parameters | ({"sslrootcert": "system"} if sslmode == "verify-full" else {})
