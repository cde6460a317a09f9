"""Uploads -> tables of an embedded datasource, read by a walled process. How: `engines.uploads`.

Each change makes a new file, `<datasource>.<generation>.duckdb`, renamed into place when it is whole; readers
of the older one are not disturbed. Several servers may share the folder: one at a time holds a datasource.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import fcntl
import math
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Protocol

import orjson

import tesela.engines
from tesela.engines.duckdb import file_name
from tesela.engines.names import clean_names
from tesela.engines.wire import LENGTHS
from tesela.engines.workers import ENVIRONMENT
from tesela.errors import BadRequest, Conflict
from tesela.model.catalog import ColumnInfo

MEMORY_BYTES = 2_000_000_000
DISK_BYTES = 64_000_000_000
THREADS = 2
LOCK_SECONDS = 0.1

Progress = Callable[[float], None]
"""Told how far the reading is, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an upload became. rejected: (line, reason) of the first lines that could not be read.

    generation: of the new file; whoever keeps the datasource points to it from now on.
    also: further tables that were made: sheets after the first, or the other tables of `ingest_many`.
    """

    table: str
    columns: tuple[ColumnInfo, ...]
    row_count: int
    rejected: tuple[tuple[int, str], ...]
    rejected_count: int
    generation: int
    also: tuple[str, ...] = ()


class Loadable(Protocol):
    """A table that our own code knows how to read. select: a query that names `file` and no other."""

    @property
    def name(self) -> str: ...
    @property
    def file(self) -> Path: ...
    def select(self) -> str: ...


async def ingest(
    files: Path,
    datasource_id: str,
    generation: int | None,
    upload: Path,
    filename: str,
    table: str | None,
    *,
    timeout_ms: int,
    on_progress: Progress | None = None,
) -> Ingested:
    """Read one upload into a table, new or replaced, beside those of `generation`, and return what it became.

    filename: what the person called it; its ending says how it is read, its stem is the table's name when
    `table` is None. Raises BadRequest with what is wrong with the file. Cancelling leaves nothing behind.
    """
    name = PurePath(filename.replace("\\", "/"))
    job = {"table": clean_names([table or name.stem])[0], "path": "", "ending": name.suffix.lower()}
    return await _ingested(files, datasource_id, generation, [upload], [job], timeout_ms, on_progress)


async def ingest_many(
    files: Path,
    datasource_id: str,
    generation: int | None,
    tables: Sequence[Loadable],
    *,
    timeout_ms: int,
    on_progress: Progress | None = None,
) -> Ingested:
    """Read several tables of our own in one run; the answer is about the first, the others are in `also`."""
    jobs = [{"table": each.name, "sql": each.select()} for each in tables]
    inputs = [each.file for each in tables]
    return await _ingested(files, datasource_id, generation, inputs, jobs, timeout_ms, on_progress)


def prune(files: Path, datasource_id: str, keep: int | None) -> int:
    """Remove the generations before `keep` but for the last one, which other servers may still be opening.

    keep: None removes all of them, for a datasource that is deleted. Returns how many files went.
    """
    removed = 0
    for number, path in _generations(files, datasource_id).items():
        if keep is None or number < keep - 1:
            path.unlink(missing_ok=True)
            removed += 1
    if keep is None:
        (files / f"{datasource_id}.lock").unlink(missing_ok=True)
    return removed


def stored_bytes(files: Path, current: Iterable[tuple[str, int]]) -> int:
    """Return the size of the files of datasources. current: their ids and generations; earlier ones are ours."""
    total = 0
    for datasource_id, generation in current:
        with contextlib.suppress(FileNotFoundError):
            total += (files / file_name(datasource_id, generation)).stat().st_size
    return total


def discard(files: Path, datasource_id: str, generation: int) -> None:
    """Remove a generation that nothing points to."""
    (files / file_name(datasource_id, generation)).unlink(missing_ok=True)


def leftovers(files: Path, known: Collection[str], *, before: dt.datetime) -> list[str]:
    """Return the ids of datasources that have files, the last of them older than `before`, but are not `known`."""
    changed: dict[str, float] = {}
    for path in files.glob("*.*.duckdb"):
        id_ = path.name.split(".", 1)[0]
        changed[id_] = max(path.stat().st_mtime, changed.get(id_, 0.0))
    return sorted(id_ for id_, at in changed.items() if id_ not in known and at < before.timestamp())


def remove_abandoned(files: Path, uploads: Path, *, before: dt.datetime) -> int:
    """Remove folders of work and of uploads that nothing was written to since `before`; return how many."""
    folders = [*files.glob(".ingest-*"), *uploads.glob("*")]
    old = [folder for folder in folders if _last_change(folder) < before.timestamp()]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def _last_change(folder: Path) -> float:
    """Return when a folder or a file in it was written last, in seconds since 1970."""
    try:
        return max(path.stat().st_mtime for path in (folder, *folder.glob("*")))
    except FileNotFoundError:
        return math.inf  # it has just gone by itself


async def _ingested(
    files: Path,
    datasource_id: str,
    generation: int | None,
    inputs: Sequence[Path],
    jobs: Sequence[dict[str, Any]],
    timeout_ms: int,
    on_progress: Progress | None,
) -> Ingested:
    files = _made_folder(files)
    async with _locked(files, datasource_id):
        work = _work_folder(files, datasource_id)
        try:
            await asyncio.to_thread(_copy, files, datasource_id, generation, work)
            made = await _made(work, inputs, jobs, timeout_ms, on_progress)
            number = max([generation or 0, *_generations(files, datasource_id)]) + 1
            await asyncio.to_thread(_place, work / "data.duckdb", files / file_name(datasource_id, number))
        finally:
            shutil.rmtree(work, ignore_errors=True)
    first, *others = made
    return Ingested(
        table=first["table"],
        columns=tuple(ColumnInfo(name=name, type=type_) for name, type_ in first["columns"]),
        row_count=first["rows"],
        rejected=tuple((line, reason) for line, reason in first["rejected"]),
        rejected_count=first["rejected_count"],
        generation=number,
        also=tuple(each["table"] for each in others),
    )


def _made_folder(files: Path) -> Path:
    files.mkdir(parents=True, exist_ok=True)
    return files.absolute()


@contextlib.asynccontextmanager
async def _locked(files: Path, datasource_id: str) -> AsyncIterator[None]:
    """Hold the datasource against other servers and other uploads."""
    with (files / f"{datasource_id}.lock").open("wb") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                await asyncio.sleep(LOCK_SECONDS)
            else:
                break
        yield


def _work_folder(files: Path, datasource_id: str) -> Path:
    """Make an empty folder for this run; what a killed one left is removed, we hold the lock."""
    work = files / f".ingest-{datasource_id}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    return work


def _copy(files: Path, datasource_id: str, generation: int | None, work: Path) -> None:
    if generation is None:
        return
    try:
        shutil.copyfile(files / file_name(datasource_id, generation), work / "data.duckdb")
    except FileNotFoundError as error:
        raise Conflict("The datasource was changed meanwhile; try again.") from error


def _place(made: Path, final: Path) -> None:
    """Make a finished file durable under its final name."""
    with made.open("rb+") as file:
        os.fsync(file.fileno())
    made.replace(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _generations(files: Path, datasource_id: str) -> dict[int, Path]:
    found = {}
    for path in files.glob(f"{datasource_id}.*.duckdb"):
        number = path.name.removeprefix(f"{datasource_id}.").removesuffix(".duckdb")
        if number.isdigit():
            found[int(number)] = path
    return found


async def _made(
    work: Path,
    inputs: Sequence[Path],
    jobs: Sequence[dict[str, Any]],
    timeout_ms: int,
    on_progress: Progress | None,
) -> list[dict[str, Any]]:
    """Run the walled process and return the tables it made."""
    paths = [str(path.absolute()) for path in inputs]
    order = {
        "work": str(work),
        "inputs": paths,
        "jobs": [{**job, "path": path} for job, path in zip(jobs, paths, strict=True)],
        "memory_bytes": MEMORY_BYTES,
        "disk_bytes": DISK_BYTES,
        "threads": THREADS,
    }
    ours, theirs = socket.socketpair()
    with theirs:
        process = _spawned(theirs, order)
    reader, writer = await asyncio.open_connection(sock=ours)
    try:
        async with asyncio.timeout(timeout_ms / 1000):
            return await _last_word(reader, on_progress)
    except TimeoutError as error:
        raise BadRequest("Reading the file took longer than it may; upload a smaller one.") from error
    except (OSError, EOFError) as error:
        raise BadRequest("The file could not be read; it may need more memory than it may use.") from error
    finally:
        process.kill()
        writer.close()
        await asyncio.shield(asyncio.to_thread(process.wait))


def _spawned(channel: socket.socket, order: dict[str, Any]) -> subprocess.Popen[bytes]:
    program = str(Path(tesela.engines.__file__).with_name("ingest_worker.py"))
    return subprocess.Popen(  # noqa: S603 - our own program, and no shell
        [sys.executable, "-I", program, orjson.dumps(order).decode()],
        stdin=channel.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
        start_new_session=True,
    )


async def _last_word(reader: asyncio.StreamReader, on_progress: Progress | None) -> list[dict[str, Any]]:
    """Pass progress on until the process is done. Raises BadRequest with what it says is wrong."""
    while True:
        head, body = LENGTHS.unpack(await reader.readexactly(LENGTHS.size))
        said = orjson.loads(await reader.readexactly(head))
        await reader.readexactly(body)
        if "progress" in said and on_progress is not None:
            on_progress(float(said["progress"]))
        if "done" in said:
            made: list[dict[str, Any]] = said["done"]
            return made
        if "error" in said:
            raise _complaint(said["error"], said["message"])


def _complaint(kind: str, message: str) -> BadRequest:
    if kind == "unreadable":
        return BadRequest(message)
    if kind == "memory":
        return BadRequest("Reading the file needs more memory than it may use; upload a smaller one.")
    return BadRequest("The file could not be read.", private=f"{kind}: {message}"[:2000])
