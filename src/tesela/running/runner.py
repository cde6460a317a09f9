"""The way of a question: shelf, flight, admission, engine, bytes.

Binding, filters, policies and the guard come before (`sql`), so that what arrives here is final: a statement
whose text is checked and whose values ride beside it.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hashlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any

import orjson
import structlog

from tesela.errors import QueryError
from tesela.model.datasource import Datasource
from tesela.model.result import ExportEnd, ExportFormat, ExportPart, Limits, Result
from tesela.running.admission import Admission
from tesela.running.allowing import Allowed
from tesela.running.flight import Flights
from tesela.running.shelf import Freshness, Shelf, Shelved
from tesela.running.sources import Source, Sources

log = structlog.get_logger()

REFRESH_RETRY_SECONDS = 5.0
"""How long a stale result is served before its refresh is tried again after a failure."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of which datasource, for whom. Every field comes from verified facts.

    allowed: the statement, under the caller's row policies.
    ttl_seconds: age after which the result is stale.
    """

    tenant_id: str
    user_id: str
    datasource_id: str
    allowed: Allowed
    limits: Limits
    ttl_seconds: int


@dataclass(frozen=True, slots=True)
class Answered:
    """A question's answer: the shelf's entry, where it stands, and how it came."""

    key: bytes
    shelved: Shelved
    freshness: Freshness


class Runner:
    """Answers questions. Identical ones at the same time run once; stale answers refresh behind the scenes."""

    def __init__(
        self,
        sources: Sources,
        shelf: Shelf,
        admission: Admission,
        *,
        now: Callable[[], float],
        stale_seconds: int,
    ) -> None:
        self.sources = sources
        self.shelf = shelf
        self.admission = admission
        self.flights: Flights[Shelved] = Flights()
        self.now = now
        self._stale_seconds = stale_seconds
        self._refreshing: dict[bytes, asyncio.Task[None]] = {}
        self._retry_at: dict[bytes, float] = {}

    async def run(self, question: Question, *, force: bool = False) -> Answered:
        """Return the answer; `force` asks the database even when the shelf has one.

        Raises the QueryError subclasses of the engine, TooBusy from admission.
        """
        source = await self.sources.get(question.tenant_id, question.datasource_id)
        key = key_of(source.datasource, question)
        if not force and (found := self.shelf.look(key)) is not None:
            shelved, freshness = found
            if freshness == "stale":
                self._refresh(key, source, question)
            return Answered(key, shelved, freshness)
        shelved = await self.flights.join(key, lambda: self._fly(key, source, question))
        return Answered(key, shelved, "fresh")

    async def fetch(self, question: Question) -> Result:
        """Return rows without the shelf: for the editor's ad-hoc queries."""
        source = await self.sources.get(question.tenant_id, question.datasource_id)
        async with self.admission.turn(question.tenant_id, question.datasource_id, question.user_id):
            return await _run(source, question)

    async def export(self, question: Question, *, to: ExportFormat) -> AsyncGenerator[ExportPart]:
        """Yield the parts of a file of all the rows, past the shelf: see `Engine.export`. Close it to stop."""
        source = await self.sources.get(question.tenant_id, question.datasource_id)
        async with self.admission.turn(question.tenant_id, question.datasource_id, question.user_id):
            started = self.now()
            parts = source.engine.export(question.allowed.statement, question.limits, to=to)
            async with contextlib.aclosing(parts):
                async for part in _told(parts, question):
                    if isinstance(part, ExportEnd):
                        log.info(
                            "export_ran",
                            tenant=question.tenant_id,
                            datasource=question.datasource_id,
                            rows=part.row_count,
                            ms=round((self.now() - started) * 1000),
                            truncated=part.truncated,
                        )
                    yield part

    async def _fly(self, key: bytes, source: Source, question: Question) -> Shelved:
        async with self.admission.turn(question.tenant_id, question.datasource_id, question.user_id):
            result = await _run(source, question)
        log.info(
            "query_ran",
            tenant=question.tenant_id,
            datasource=question.datasource_id,
            rows=result.row_count,
            ms=result.duration_ms,
            truncated=result.truncated,
        )
        made_at = self.now()
        fresh_until = made_at + question.ttl_seconds
        stale_seconds = self._stale_seconds if question.ttl_seconds else 0  # a TTL of 0 means: never kept
        shelved = Shelved(result, encode(result), made_at, fresh_until, fresh_until + stale_seconds)
        self.shelf.put(key, shelved)
        return shelved

    def _refresh(self, key: bytes, source: Source, question: Question) -> None:
        """Ask again in the background, once at a time, and not right after a failure."""
        if key in self._refreshing or self._retry_at.get(key, 0.0) > self.now():
            return
        task = asyncio.get_running_loop().create_task(self._refresh_once(key, source, question))
        self._refreshing[key] = task
        task.add_done_callback(lambda _: self._refreshing.pop(key, None))

    async def _refresh_once(self, key: bytes, source: Source, question: Question) -> None:
        try:
            await self.flights.join(key, lambda: self._fly(key, source, question))
        except QueryError as error:
            self._retry_at = {k: at for k, at in self._retry_at.items() if at > self.now()}
            self._retry_at[key] = self.now() + REFRESH_RETRY_SECONDS
            log.info("refresh_failed", datasource=question.datasource_id, why=error.sentence)

    async def close(self) -> None:
        """Cancel what is in the air, so that the databases are told to stop."""
        for task in list(self._refreshing.values()):
            task.cancel()
        await self.flights.close()


async def _run(source: Source, question: Question) -> Result:
    """Return the engine's answer; its error in words that the caller may read."""
    try:
        return await source.engine.run(question.allowed.statement, question.limits)
    except QueryError as error:
        told = question.allowed.told(error)
        if told is error:
            raise
        raise told from error


async def _told(parts: AsyncGenerator[ExportPart], question: Question) -> AsyncGenerator[ExportPart]:
    """Yield the parts of an export; an error in words that the caller may read."""
    try:
        async for part in parts:
            yield part
    except QueryError as error:
        told = question.allowed.told(error)
        if told is error:
            raise
        raise told from error


def key_of(datasource: Datasource, question: Question) -> bytes:
    """Return the shelf's key of a question: its facts, typed, so that 1, '1' and true differ.

    >>> import datetime as dt
    >>> at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    >>> source = Datasource("d", "t", "Demo", "duckdb", {}, 1, None, at, at)
    >>> from tesela.model.statement import Statement
    >>> def ask(value):
    ...     allowed = Allowed(Statement(("SELECT ", ""), (value,)), "")
    ...     return Question("t", "u", "d", allowed, Limits(), 300)
    >>> len({key_of(source, ask(value)) for value in (1, "1", True, 1.0)})
    4
    """
    statement, limits = question.allowed.statement, question.limits
    facts = (
        question.tenant_id,
        datasource.id,
        datasource.revision,
        statement.text,
        tuple((type(value).__name__, str(value)) for value in statement.values),
        statement.names,
        statement.catalog,
        statement.schema,
        question.allowed.policy_digest,
        limits.max_rows,
        limits.max_bytes,
        limits.time_zone,
    )
    return hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass")).digest()


def encode(result: Result) -> bytes:
    """Return the members that every answer with this result has, as JSON without the braces."""
    return b"".join((b'"data":{', _rows(result), b'},"error":null,"error_code":null,', _facts(result)))


def rows_bytes(result: Result, **more: Any) -> bytes:
    """Return a result as one JSON object: columns, rows, the facts about them, and `more` members."""
    rest = b"," + orjson.dumps(more)[1:-1] if more else b""
    return b"".join((b"{", _rows(result), b",", _facts(result), rest, b"}"))


def _rows(result: Result) -> bytes:
    columns = orjson.dumps([column.name for column in result.columns])
    return b"".join((b'"columns":', columns, b',"rows":', result.rows_json))


def _facts(result: Result) -> bytes:
    facts = {
        "executed_at": _utc(result.executed_at),
        "types": {column.name: column.type for column in result.columns},
        "row_count": result.row_count,
        "truncated": result.truncated,
        "duration_ms": result.duration_ms,
    }
    return orjson.dumps(facts)[1:-1]


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
