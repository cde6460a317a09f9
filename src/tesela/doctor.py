"""`tesela doctor`: what is wrong with an installation, one finding after the other."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import tesela
from tesela.app import Folders, utc_now
from tesela.engines.workers import WorkerPool
from tesela.errors import TeselaError
from tesela.http.web_app import DIST
from tesela.serving import CannotListen, listen
from tesela.settings import Settings
from tesela.store import Keys, open_store

FREE_BYTES = 1_000_000_000
WALLS = {
    "memory": "a query cannot take more memory than it may",
    "network": "a query cannot reach the network, even past the engine's own locks",
    "user": "queries run as a user without rights",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """ok: True, False (something is wrong), or None (worth knowing)."""

    what: str
    ok: bool | None
    sentence: str


async def examine(settings: Settings) -> list[Finding]:
    """Return the findings; nothing is changed but an empty data folder made."""
    findings = [*_program(), *_folder(settings), _port(settings)]
    findings.append(await _store(settings))
    findings += await _engine(settings)
    return findings


def _program() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("program", True, f"Tesela {tesela.__version__} on Python {version}")
    engine = importlib.metadata.version("duckdb")
    yield Finding("engine", engine.startswith("2.0."), f"DuckDB {engine}; Tesela is made for 2.0")
    built = (DIST / "index.html").is_file()
    yield Finding("web app", built, "built" if built else "not built; run make setup, or install the wheel")


def _folder(settings: Settings) -> Iterator[Finding]:
    root = settings.data.absolute()
    try:
        Folders(settings.data).make()
    except OSError as error:
        yield Finding("data folder", False, f"{root} cannot be made: {error.strerror}")
        return
    if not os.access(root, os.W_OK):
        yield Finding("data folder", False, f"{root} cannot be written")
        return
    open_to_others = root.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    yield Finding(
        "data folder",
        not open_to_others,
        f"{root}{' is open to others; run chmod 700' if open_to_others else ''}",
    )
    free = shutil.disk_usage(root).free
    yield Finding("disk", free >= FREE_BYTES, f"{free / 1e9:.1f} GB free")


def _port(settings: Settings) -> Finding:
    try:
        listen(settings.host, settings.port).close()
    except CannotListen:
        return Finding("address", None, f"port {settings.port} is in use; a Tesela may be running there")
    return Finding("address", True, f"{settings.base_url} is free")


async def _store(settings: Settings) -> Finding:
    folders = Folders(settings.data)
    kind = "SQLite" if settings.store_url is None else "PostgreSQL"
    try:
        keys = Keys.load_or_create(settings.secrets_file or folders.secrets)
        store = await open_store(settings.store_url or folders.store_url, keys=keys, clock=utc_now)
        try:
            await store.migrate()
            count = len(await store.read(lambda tx: tx.tenants.list()))
        finally:
            await store.close()
    except TeselaError as error:
        return Finding("store", False, error.sentence)
    return Finding("store", True, f"{kind}, up to date, {count} tenant{'' if count == 1 else 's'}")


async def _engine(settings: Settings) -> list[Finding]:
    folders = Folders(settings.data)
    pool = WorkerPool(
        1,
        settings.engine_memory_bytes,
        settings.engine_threads,
        settings.engine_temp_bytes,
        folders.temp,
        files=folders.files,
    )
    try:
        walls = await pool.walls()
    except TeselaError as error:
        return [Finding("engine worker", False, error.sentence)]
    finally:
        await pool.close()
    return [
        Finding(f"wall: {name}", True if holds else None, _wall(name, holds)) for name, holds in walls.items()
    ]


def _wall(name: str, holds: bool) -> str:
    if holds:
        return WALLS.get(name, "stands")
    return "does not stand on this machine; the engine's own locks still hold"
