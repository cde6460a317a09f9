"""The pool of walled processes in which the embedded engine runs and encodes. What they do: `worker`.

A worker serves one query at a time. Two workers keep two cores busy, and a query that ignores interrupts
can be killed alone; several queries in one worker would share one memory wall and one fate.
No process is started before the first query. Afterwards they are kept, warm, with their files open.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import itertools
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from tesela.engines.base import UNSENDABLE
from tesela.engines.duckdb_errors import as_query_error
from tesela.engines.wire import LENGTHS, frame, packed
from tesela.errors import QueryCancelled, QueryFailed, QueryTimedOut, SourceUnavailable
from tesela.model.result import Column, ExportEnd, ExportFormat, ExportHead, ExportPart, Limits, Result
from tesela.model.statement import Scalar

GRACE_SECONDS = 0.75
"""How long past its deadline a query may take to react before its process is killed."""
STOP_SECONDS = 0.3
"""How long a cancelled query may take to react."""
START_SECONDS = 30.0
IDLE_SECONDS = 60.0
"""How long a worker may have nothing to do; the last one stays, warm."""
READ_AHEAD = 2**22
LARGEST_ANSWER = 2**30
LOST = (OSError, EOFError, ValueError, LookupError)
"""What reading from a worker raises when it has ended, or does not speak our language."""
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "MALLOC_ARENA_MAX": "2",
}
GAVE_UP = "The engine gave up on this query; it may need more memory than it may use."


@dataclass(eq=False)
class _Worker:
    """One process. files: the names it has open, as far as we know. idle_since: by the monotonic clock."""

    process: subprocess.Popen[bytes]
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    walls: dict[str, bool]
    files: set[str] = field(default_factory=set)
    idle_since: float = 0.0
    _next: asyncio.Task[tuple[dict[str, Any], bytes]] | None = None

    async def answer(self, id_: int) -> tuple[dict[str, Any], bytes]:
        """Return the answer to a request; answers to older ones are dropped.

        Whoever waits may be cancelled between the two halves of a frame, the reading may not.
        """
        while True:
            if self._next is None:
                self._next = asyncio.create_task(_read_frame(self.reader))
                self._next.add_done_callback(_seen)
            head, body = await asyncio.shield(self._next)
            self._next = None
            if head["id"] == id_:
                return head, body

    async def kill(self) -> None:
        self.process.kill()
        self.let_go()
        await asyncio.to_thread(self.process.wait)

    def let_go(self) -> None:
        """Close our side of the channel, which ends the process."""
        self.writer.close()


class WorkerPool:
    """Runs queries on DuckDB files of one folder in at most `size` processes.

    memory_bytes: of one worker, above its own size at start. temp_bytes: that a worker may spill to disk.
    temp_dir: each pool makes a folder of its own in it and removes it at the end.
    files: the folder whose files may be opened; nothing outside can be.
    """

    def __init__(
        self,
        size: int,
        memory_bytes: int,
        threads: int,
        temp_bytes: int,
        temp_dir: Path,
        *,
        files: Path,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._files = files.absolute()
        self._temp_parent = temp_dir.absolute()
        self._temp = self._temp_parent / f"pool-{os.getpid()}-{os.urandom(4).hex()}"
        self._settings = {"memory_bytes": memory_bytes, "temp_bytes": temp_bytes, "threads": threads}
        self._places = asyncio.Semaphore(size)
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._afterwards: set[asyncio.Task[None]] = set()
        self._ids = itertools.count()
        self._closed = False
        self._idle_seconds = idle_seconds
        self._retiring: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Start one worker now instead of with the first query."""
        self._give_back(await self._take(None))

    async def walls(self) -> dict[str, bool]:
        """Return which walls hold on this machine, by name; for `doctor`."""
        worker = await self._take(None)
        self._give_back(worker)
        return dict(worker.walls)

    async def run(
        self,
        file: Path | None,
        sql: str,
        values: Sequence[Scalar],
        names: Sequence[str | None],
        limits: Limits,
        *,
        schema: str | None = None,
    ) -> Result:
        """Return the rows of one query on a file, or on an empty database when there is none.

        file: in the pool's folder. A new generation of the data is a new name, never a changed file.
        sql: with `?` where the values belong. schema: where unqualified tables are looked for.
        Cancelling the task interrupts the query; a process that does not react is killed.
        Raises QueryFailed, QueryRefused, QueryTimedOut, SourceUnavailable.
        """
        name = "" if file is None else file.name
        id_, message = self._request("run", name, sql, values, names, limits, schema=schema)
        worker = await self._take(name)
        executed_at, started = dt.datetime.now(dt.UTC), time.perf_counter()
        async with self._lent(worker, id_), asyncio.timeout(limits.timeout_ms / 1000 + GRACE_SECONDS):
            worker.writer.write(message)
            head, body = await worker.answer(id_)
        worker.files.add(name)
        if "error" in head:
            raise as_query_error(head["error"], head["message"], sql)
        return Result(
            columns=tuple(Column(column, type_) for column, type_ in head["columns"]),
            rows_json=body,
            row_count=head["rows"],
            truncated=head["truncated"],
            executed_at=executed_at,
            duration_ms=round((time.perf_counter() - started) * 1000),
        )

    async def export(
        self,
        file: Path | None,
        sql: str,
        values: Sequence[Scalar],
        names: Sequence[str | None],
        limits: Limits,
        *,
        to: ExportFormat,
        schema: str | None = None,
    ) -> AsyncGenerator[ExportPart]:
        """Yield the parts of an export of what `run` would run; close it to stop the query.

        The worker is held until the last part is taken: take them as they come.
        """
        name = "" if file is None else file.name
        id_, message = self._request("export", name, sql, values, names, limits, schema=schema, to=to)
        worker = await self._take(name)
        clock = asyncio.get_running_loop().time
        deadline = clock() + limits.timeout_ms / 1000
        async with self._lent(worker, id_):
            worker.writer.write(message)
            while True:
                async with asyncio.timeout_at(max(deadline, clock()) + GRACE_SECONDS):
                    head, body = await worker.answer(id_)
                if "part" not in head:
                    break
                if "columns" in head:
                    yield ExportHead(tuple(Column(column, type_) for column, type_ in head["columns"]))
                else:
                    yield body
        worker.files.add(name)
        if "error" in head:
            raise as_query_error(head["error"], head["message"], sql)
        yield ExportEnd(head["rows"], head["truncated"], head["cut"])

    async def close(self) -> None:
        """End every worker; queries that still run are cancelled."""
        self._closed = True
        if self._retiring is not None:
            self._retiring.cancel()
        workers, self._all, self._idle = self._all, set(), []
        for worker in workers:
            worker.let_go()
        await asyncio.gather(*(self._ended(worker) for worker in workers))
        await asyncio.gather(*self._afterwards, return_exceptions=True)
        for worker in self._all:  # one that was being started in another's place when we closed
            await worker.kill()
        await asyncio.to_thread(shutil.rmtree, self._temp, ignore_errors=True)

    def _request(
        self,
        do: str,
        file: str,
        sql: str,
        values: Sequence[Scalar],
        names: Sequence[str | None],
        limits: Limits,
        **more: str | None,
    ) -> tuple[int, bytes]:
        """Return the number and the frame of a request."""
        id_ = next(self._ids)
        request = {
            "do": do,
            "id": id_,
            "file": file,
            "sql": sql,
            "values": _packed(values),
            "names": list(names),
            "max_rows": limits.max_rows,
            "max_bytes": limits.max_bytes,
            "timeout_ms": limits.timeout_ms,
            "zone": limits.time_zone,
            **more,
        }
        return id_, frame(request)

    @contextlib.asynccontextmanager
    async def _lent(self, worker: _Worker, id_: int) -> AsyncIterator[None]:
        """Hold a worker for one request; afterwards it goes back to the pool, or is replaced."""
        try:
            yield
        except (asyncio.CancelledError, GeneratorExit):
            self._later(self._settle(worker, id_))
            raise
        except TimeoutError as error:
            self._later(self._replace(worker))
            raise QueryTimedOut("The query took longer than it may.") from error
        except LOST as error:
            self._later(self._replace(worker))
            if self._closed:
                raise QueryCancelled("The server is stopping.") from error
            raise QueryFailed(GAVE_UP, private="the worker process ended") from error
        self._give_back(worker)

    async def _settle(self, worker: _Worker, id_: int) -> None:
        """Interrupt a query that nobody waits for; kill its process when that does not help."""
        try:
            worker.writer.write(frame({"do": "stop", "id": id_}))
            async with asyncio.timeout(STOP_SECONDS):
                while "part" in (await worker.answer(id_))[0]:
                    pass
        except (TimeoutError, *LOST):
            await self._replace(worker)
        else:
            self._give_back(worker)

    async def _replace(self, worker: _Worker) -> None:
        """Kill a worker and start another in its place, so that the next query does not wait for it."""
        self._all.discard(worker)
        try:
            await worker.kill()
            if not self._closed:
                self._idle.append(await self._started())
        except SourceUnavailable:
            pass  # The next query tries again, and says so to somebody.
        finally:
            self._places.release()

    def _later(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._afterwards.add(task)
        task.add_done_callback(self._afterwards.discard)

    async def _take(self, name: str | None) -> _Worker:
        """Return a worker of our own: best one that has the file open, else any, else a new one."""
        if self._closed:
            raise SourceUnavailable("The server is stopping.")
        await self._places.acquire()
        try:
            while self._idle:
                having = [worker for worker in self._idle if name in worker.files]
                worker = (having or self._idle)[-1]
                self._idle.remove(worker)
                if worker.process.poll() is None:
                    return worker
                self._all.discard(worker)
                worker.let_go()
            return await self._started()
        except BaseException:
            self._places.release()
            raise

    def _give_back(self, worker: _Worker) -> None:
        worker.idle_since = time.monotonic()
        self._idle.append(worker)
        self._places.release()
        if len(self._idle) > 1 and self._retiring is None:
            self._retiring = asyncio.get_running_loop().call_later(self._idle_seconds, self._retire)

    def _retire(self) -> None:
        """End workers that were idle for long, all but one; called by the clock while there are several."""
        self._retiring = None
        if self._closed:
            return
        long_ago = time.monotonic() - self._idle_seconds
        while len(self._idle) > 1 and self._idle[0].idle_since <= long_ago:
            worker = self._idle.pop(0)
            self._all.discard(worker)
            worker.let_go()
            self._later(self._ended(worker))
        if len(self._idle) > 1:
            self._retiring = asyncio.get_running_loop().call_later(self._idle_seconds, self._retire)

    async def _started(self) -> _Worker:
        """Return a new worker that has put up its walls."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = self._spawned(theirs)
        writer: asyncio.StreamWriter | None = None
        try:
            async with asyncio.timeout(START_SECONDS):
                reader, writer = await asyncio.open_connection(sock=ours, limit=READ_AHEAD)
                head, _ = await _read_frame(reader)
        except BaseException as error:
            (ours if writer is None else writer).close()
            process.kill()
            process.wait()
            if isinstance(error, TimeoutError | OSError | EOFError):
                raise SourceUnavailable("The embedded engine could not be started.") from error
            raise
        worker = _Worker(process, reader, writer, head["walls"])
        self._all.add(worker)
        return worker

    def _spawned(self, channel: socket.socket) -> subprocess.Popen[bytes]:
        _remove_left_behind(self._temp_parent)
        self._files.mkdir(parents=True, exist_ok=True)
        temp = self._temp / os.urandom(4).hex()
        temp.mkdir(parents=True)
        settings = {"files": str(self._files), "temp_dir": str(temp), **self._settings}
        program = str(Path(__file__).with_name("worker.py"))
        return subprocess.Popen(  # noqa: S603 - our own program, and no shell
            [sys.executable, "-I", program, orjson.dumps(settings).decode()],
            stdin=channel.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
            start_new_session=True,
        )

    async def _ended(self, worker: _Worker) -> None:
        """Wait for a worker whose channel is closed; kill it when it does not go by itself."""
        try:
            await asyncio.to_thread(worker.process.wait, 1.0)
        except subprocess.TimeoutExpired:
            await worker.kill()


def _packed(values: Sequence[Scalar]) -> list[Any]:
    try:
        sent = [packed(value) for value in values]
        orjson.dumps(sent)
    except (ValueError, TypeError) as error:
        raise QueryFailed(UNSENDABLE) from error
    return sent


def _seen(task: asyncio.Task[Any]) -> None:
    """Take note of an error for which nobody may be waiting any more."""
    if not task.cancelled():
        task.exception()


async def _read_frame(reader: asyncio.StreamReader) -> tuple[dict[str, Any], bytes]:
    head, body = LENGTHS.unpack(await reader.readexactly(LENGTHS.size))
    if head + body > LARGEST_ANSWER:
        raise ValueError("an answer larger than any may be")
    return orjson.loads(await reader.readexactly(head)), await reader.readexactly(body)


def _remove_left_behind(temp: Path) -> None:
    """Remove the spill folders of servers that were killed."""
    for folder in temp.glob("pool-*-*"):
        with contextlib.suppress(ValueError, OSError):
            owner = int(folder.name.split("-")[1])
            if not Path(f"/proc/{owner}").exists() and Path("/proc").exists():
                shutil.rmtree(folder)
