"""A walled process that runs queries on DuckDB files and answers with finished JSON. Started by `workers`.

It is run as a file, not as a module, so that it never loads what `tesela.engines` loads (drivers, pydantic).
One query at a time: DuckDB itself uses all threads for one query, memory is one wall for the process, and
a query that does not react to an interrupt can be killed without taking another one with it.
"""

from __future__ import annotations

import contextlib
import os
import queue
import select
import socket
import sys
import threading
import time
import types
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).parents[2]))
    _light = types.ModuleType("tesela.engines")
    _light.__path__ = [str(Path(__file__).parent)]
    sys.modules["tesela.engines"] = _light

import orjson

from tesela.engines import walls
from tesela.engines.wire import LENGTHS, frame, unpacked
from tesela.model.result import ExportEnd, ExportHead

OPEN_FILES = 4
"""Files kept open; each one costs its own cache of pages."""
LARGEST_PART = 2**20
"""Bytes of one part of an export, so that nobody holds more of it at a time."""
REPEAT_SECONDS = 0.05
"""An interrupt that comes before the engine has begun is lost, so it is said again."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the pool says on the command line. Paths are absolute; sizes in bytes."""

    files: str
    temp_dir: str
    memory_bytes: int
    temp_bytes: int
    threads: int


class Stopped(Exception):
    """Nobody waits for this query any more, or its deadline passed."""


@dataclass
class Current:
    """The query that runs now, shared by the thread that runs it and the one that listens."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    id: int = -1
    deadline: float | None = None
    stop_reason: str | None = None
    cursor: Any = None

    def begin(self, id_: int, timeout_ms: int) -> None:
        with self.lock:
            self.id, self.deadline = id_, time.monotonic() + timeout_ms / 1000
            self.stop_reason = self.cursor = None

    def end(self) -> str | None:
        """Forget the query; return why it was stopped, if it was."""
        with self.lock:
            reason = self.stop_reason
            self.id, self.deadline, self.cursor, self.stop_reason = -1, None, None, None
            return reason

    def patience(self) -> float | None:
        """Return how many seconds the listener may sleep; None: until something comes."""
        with self.lock:
            if self.stop_reason is not None:
                return REPEAT_SECONDS
            return None if self.deadline is None else max(0.0, self.deadline - time.monotonic())

    def stop(self, reason: str, id_: int | None = None) -> None:
        with self.lock:
            if self.id < 0 or id_ not in (None, self.id):
                return
            self.stop_reason = self.stop_reason or reason
            if self.cursor is not None:
                self.cursor.interrupt()

    def use(self, cursor: Any) -> None:
        with self.lock:
            self.cursor = cursor
        self.still_wanted()

    def leave(self) -> None:
        """Let go of the cursor before it is closed: interrupting a closed one is an error."""
        with self.lock:
            self.cursor = None

    def still_wanted(self) -> None:
        if self.stop_reason is not None:
            raise Stopped


class Files:
    """The open DuckDB files, the least recently used one closed first."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open: OrderedDict[str, Any] = OrderedDict()
        self._opened = 0

    def connection(self, name: str) -> Any:
        """Return the locked connection of a file in the folder; `""` is an empty database in memory."""
        if name in self._open:
            self._open.move_to_end(name)
            return self._open[name]
        while len(self._open) >= OPEN_FILES:
            self._open.popitem(last=False)[1].close()
        connection = self._open[name] = self._opened_file(name)
        return connection

    def close(self, name: str) -> None:
        if name in self._open:
            self._open.pop(name).close()

    def close_others(self, name: str) -> bool:
        """Close all files but one; return whether there were any."""
        others = [other for other in self._open if other != name]
        for other in others:
            self.close(other)
        return bool(others)

    def _opened_file(self, name: str) -> Any:
        import duckdb

        self._opened += 1
        settings = self._settings
        config: dict[str, Any] = {
            "enable_external_access": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "python_enable_replacements": "false",
            "allow_persistent_secrets": "false",
            "memory_limit": f"{settings.memory_bytes * 6 // 10 // 2**20}MiB",
            "threads": str(settings.threads),
            "temp_directory": f"{os.path.relpath(settings.temp_dir)}/{self._opened}",
            "max_temp_directory_size": f"{settings.temp_bytes // 2**20}MiB",
            # Zone and schema of the session are ours to set for each query; user SQL is never a SET.
            "allowed_configs": "['TimeZone', 'schema', 'search_path']",
            "lock_configuration": "true",
        }
        return duckdb.connect(name or ":memory:", read_only=bool(name), config=config)


class Worker:
    """The loop: a thread that listens, and this one that runs."""

    def __init__(self, settings: Settings, channel: socket.socket) -> None:
        self._channel = channel
        self._files = Files(settings)
        self._current = Current()
        self._requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._has_begun = False
        """Whether a part of the present answer has left, so that it cannot begin again."""

    def serve(self) -> None:
        threading.Thread(target=self._listen, daemon=True).start()
        while True:
            request = self._requests.get()
            self._has_begun = False
            head, body = self.answer(request)
            reason = self._current.end()
            if reason is not None and "error" in head:
                head = {"error": reason, "message": ""}
            self._channel.sendall(frame({"id": request["id"], **head}, body))

    def answer(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Run one query; return the head and the body of the answer, or of its last part."""
        import duckdb

        from tesela.engines.arrow import BrokenOff

        name = request["file"]
        run = self._export if request["do"] == "export" else self._run
        try:
            try:
                return run(request)
            except (duckdb.OutOfMemoryException, MemoryError):
                if self._has_begun or not self._files.close_others(name):
                    raise
                return run(request)
        except Stopped:
            return {"error": "Stopped", "message": ""}, b""
        except MemoryError:
            return {"error": "OutOfMemoryException", "message": ""}, b""
        except BrokenOff as error:
            return {"error": error.name, "message": self._unplaced(request, error.message)}, b""
        except (duckdb.FatalException, duckdb.InternalException) as error:
            self._files.close(name)
            return {"error": type(error).__name__, "message": str(error)}, b""
        except (duckdb.Error, ValueError, OverflowError) as error:
            return {"error": type(error).__name__, "message": self._positioned(request, error)}, b""

    def _run(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        from tesela.engines.arrow import encoded

        with self._cursor(request["file"]) as cursor:
            if refusal := self._refusal(cursor, request["sql"]):
                return {"error": "Refused", "message": refusal}, b""
            result = encoded(
                self._relation(cursor, request),
                names=request["names"],
                max_rows=request["max_rows"],
                max_bytes=request["max_bytes"],
                still_wanted=self._current.still_wanted,
            )
        columns = [(column.name, column.type) for column in result.columns]
        head = {"columns": columns, "rows": result.row_count, "truncated": result.truncated}
        return head, result.rows_json

    def _export(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Send the parts of an export as they are made; return the last one. Whoever is slow to read slows us."""
        from tesela.engines.export_sql import exported

        with self._cursor(request["file"]) as cursor:
            if refusal := self._refusal(cursor, request["sql"]):
                return {"error": "Refused", "message": refusal}, b""
            parts = exported(
                self._relation(cursor, request),
                names=request["names"],
                to=request["to"],
                max_rows=request["max_rows"],
                max_bytes=request["max_bytes"],
                still_wanted=self._current.still_wanted,
            )
            for part in parts:
                if isinstance(part, ExportEnd):
                    end = {"rows": part.row_count, "truncated": part.truncated, "cut": part.cut_cells}
                elif isinstance(part, ExportHead):
                    columns = [(column.name, column.type) for column in part.columns]
                    self._send_part(request, {"columns": columns}, b"")
                else:
                    for start in range(0, len(part), LARGEST_PART):
                        self._send_part(request, {}, part[start : start + LARGEST_PART])
        return end, b""

    def _send_part(self, request: dict[str, Any], head: dict[str, Any], body: bytes) -> None:
        self._has_begun = True
        self._channel.sendall(frame({"id": request["id"], "part": True, **head}, body))

    def _relation(self, cursor: Any, request: dict[str, Any]) -> Any:
        """Return the query, bound, in the zone and the schema that it is asked in."""
        if request["zone"] != "UTC":
            cursor.execute("SET TimeZone = '{}'".format(request["zone"].replace("'", "''")))
        if request["schema"] is not None:
            cursor.execute("SET schema = '{}'".format(request["schema"].replace("'", "''")))
        return cursor.sql(request["sql"], params=[unpacked(value) for value in request["values"]])

    @contextlib.contextmanager
    def _cursor(self, name: str) -> Iterator[Any]:
        with contextlib.closing(self._files.connection(name).cursor()) as cursor:
            self._current.use(cursor)
            try:
                yield cursor
            finally:
                self._current.leave()

    def _refusal(self, cursor: Any, sql: str) -> str | None:
        """Return why the text is not one query, or None. A dynamic PIVOT is of the type MULTI."""
        kinds = [statement.type.name for statement in cursor.extract_statements(sql)]
        if len(kinds) != 1:
            return "several" if kinds else "empty"
        return None if kinds[0] in ("SELECT", "MULTI") else "not a query"

    def _positioned(self, request: dict[str, Any], error: Exception) -> str:
        """Return the message with its position: `sql` drops it, `execute` keeps it and binds again."""
        import duckdb

        binding = (duckdb.BinderException, duckdb.CatalogException)
        if not isinstance(error, (*binding, duckdb.ParserException)):
            return self._unplaced(request, str(error))
        if "\nLINE " in str(error) or not isinstance(error, binding):
            return str(error)
        try:
            with self._cursor(request["file"]) as cursor:
                cursor.execute(request["sql"], [unpacked(value) for value in request["values"]])
        except (duckdb.Error, Stopped) as again:
            return str(again)
        return str(error)

    def _unplaced(self, request: dict[str, Any], message: str) -> str:
        """Return a message without its place when that is one in what an export makes of the query."""
        return message.split("\n\nLINE ")[0] if request["do"] == "export" else message

    def _listen(self) -> None:
        while True:
            ready, _, _ = select.select([self._channel], [], [], self._current.patience())
            if not ready:
                self._current.stop("Deadline")
                continue
            request = self._received()
            if request["do"] == "stop":
                self._current.stop("Cancelled", request["id"])
            else:
                self._current.begin(request["id"], request["timeout_ms"])
                self._requests.put(request)

    def _received(self) -> dict[str, Any]:
        """Return the next request; the process ends when the server closes its side."""
        try:
            head, body = LENGTHS.unpack(self._exactly(LENGTHS.size))
            request: dict[str, Any] = orjson.loads(self._exactly(head))
            self._exactly(body)
        except OSError:
            os._exit(0)
        return request

    def _exactly(self, size: int) -> bytes:
        received = bytearray()
        while len(received) < size:
            piece = self._channel.recv(size - len(received))
            if not piece:
                raise ConnectionResetError
            received += piece
        return bytes(received)


def warm_up() -> None:
    """Load all that a query may need while files can still be read."""
    import duckdb

    from tesela.engines.arrow import encoded
    from tesela.engines.export_sql import exported

    with duckdb.connect() as connection:
        query = "SELECT 1 AS a, DATE '2020-01-01' AS b, TIMESTAMPTZ '2020-01-01 00:00:00+00' AS c, 'x' AS d"
        relation = connection.sql(query, params=[])
        bounds: dict[str, Any] = {"max_rows": 10, "max_bytes": 1000, "still_wanted": lambda: None}
        encoded(relation, names=(), **bounds)
        for _ in exported(relation, names=(), to="csv", **bounds):
            pass
        with contextlib.suppress(duckdb.Error):
            connection.sql("SELECT missing", params=[])


def main() -> None:
    walls.die_with_parent()
    settings = Settings(**orjson.loads(sys.argv[1]))
    channel = socket.socket(fileno=0)
    alone = walls.leave_network()
    warm_up()
    os.chdir(settings.files)
    python = {Path(sys.prefix), Path(sys.base_prefix), Path(__file__).parents[2]}
    held = walls.close_doors(
        readable=[*python, Path(settings.files), Path("/usr/share/zoneinfo"), Path("/proc"), Path("/sys/fs")],
        writable=[Path(settings.temp_dir)],
        memory_bytes=settings.memory_bytes,
        file_bytes=settings.temp_bytes,
    )
    channel.sendall(frame({"walls": {"network": alone, **held}}))
    Worker(settings, channel).serve()


if __name__ == "__main__":
    main()
