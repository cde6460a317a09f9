"""A walled process that reads one upload into tables of a DuckDB file. Started by `running.ingest`.

It sees its inputs and one work folder, nothing else: DuckDB may read only the named files, the kernel keeps
the rest closed, and memory, file sizes and time are limited. Run as a file, like `worker`. How each kind of
file is understood: `uploads`.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import types
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).parents[2]))
    _light = types.ModuleType("tesela.engines")
    _light.__path__ = [str(Path(__file__).parent)]
    sys.modules["tesela.engines"] = _light

import duckdb
import orjson

from tesela.engines import uploads, walls
from tesela.engines.wire import frame
from tesela.engines.workbooks import Unreadable

PROGRESS_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Order:
    """What the server says on the command line. Paths are absolute; sizes in bytes.

    work: the folder that may be written; `data.duckdb` in it is the database.
    jobs: {"table", "sql"} for our own statements, or {"table", "path", "ending"} for an upload.
    """

    work: str
    inputs: list[str]
    jobs: list[dict[str, Any]]
    memory_bytes: int
    disk_bytes: int
    threads: int


class Ingest:
    """One run: open, lock, read every job, write all of it down."""

    def __init__(self, order: Order, channel: socket.socket) -> None:
        self._order = order
        self._channel = channel
        self._sending = threading.Lock()
        self._over = threading.Event()

    def run(self) -> None:
        try:
            made = self._tables()
            self._say({"done": [made_table.as_json() for made_table in made]})
        except Unreadable as error:
            self._say({"error": "unreadable", "message": str(error)})
        except (duckdb.OutOfMemoryException, MemoryError):
            self._say({"error": "memory", "message": ""})
        except (duckdb.Error, UnicodeError) as error:
            self._say({"error": type(error).__name__, "message": str(error)})

    def _tables(self) -> list[uploads.Made]:
        order = self._order
        work = Path(order.work)
        with contextlib.closing(self._opened(work / "data.duckdb")) as connection:
            watcher = threading.Thread(target=self._watch, args=[connection], daemon=True)
            watcher.start()
            made: list[uploads.Made] = []
            for job in order.jobs:
                if "sql" in job:
                    made.append(uploads.from_sql(connection, job["table"], job["sql"]))
                else:
                    made += uploads.from_file(
                        connection, Path(job["path"]), job["ending"], job["table"], work
                    )
            connection.execute("CHECKPOINT")
            self._over.set()
            watcher.join()
            return made

    def _opened(self, path: Path) -> duckdb.DuckDBPyConnection:
        order = self._order
        connection = duckdb.connect(
            str(path),
            config={
                "memory_limit": f"{order.memory_bytes * 6 // 10 // 2**20}MiB",
                "threads": str(order.threads),
                "temp_directory": f"{order.work}/spill",
                "max_temp_directory_size": f"{order.disk_bytes // 2**20}MiB",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "allow_community_extensions": "false",
                "python_enable_replacements": "false",
                "allow_persistent_secrets": "false",
                "preserve_insertion_order": "true",
            },
        )
        allowed = [*order.inputs, *(f"{order.work}/{name}" for name in uploads.SCRATCH)]
        connection.execute("SET allowed_paths = ?", [allowed])
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        return connection

    def _watch(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Tell how far the running statement is, from 0 to 1."""
        while not self._over.wait(PROGRESS_SECONDS):
            with contextlib.suppress(duckdb.Error):
                done = connection.query_progress()
                if done >= 0:
                    self._say({"progress": min(1.0, done / 100)})

    def _say(self, head: dict[str, Any]) -> None:
        with self._sending, contextlib.suppress(OSError):
            self._channel.sendall(frame(head))


def main() -> None:
    walls.die_with_parent()
    order = Order(**orjson.loads(sys.argv[1]))
    channel = socket.socket(fileno=0)
    walls.leave_network()
    uploads.warm_up()
    python = {Path(sys.prefix), Path(sys.base_prefix), Path(__file__).parents[2]}
    walls.close_doors(
        readable=[
            *python,
            *(Path(path) for path in order.inputs),
            Path("/usr/share/zoneinfo"),
            Path("/proc"),
            Path("/sys/fs"),
        ],
        writable=[Path(order.work)],
        memory_bytes=order.memory_bytes,
        file_bytes=order.disk_bytes,
    )
    Ingest(order, channel).run()


if __name__ == "__main__":
    main()
