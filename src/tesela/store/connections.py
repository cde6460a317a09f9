"""How our own database is reached: SQLite or PostgreSQL, one engine for reading and one for writing."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from tesela.errors import TeselaError

READERS = 4
"""Connections (and threads) that read at a time."""
WRITERS = 4
"""Connections that write at a time; SQLite has one writer by nature."""
WAL_SECONDS = 10.0
"""How long a new file may be busy with others that open it at the same moment."""


class BadStoreUrl(TeselaError):
    """The address of the store cannot be used; the sentence says what to do."""


def parse_url(text: str) -> URL:
    """Return the address with its driver. Raises BadStoreUrl, without the address in the sentence."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise BadStoreUrl(
            "The store's address is no URL such as postgresql://user:password@host/db"
        ) from error
    name = url.get_backend_name()
    if name in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if name == "sqlite" and url.database:
        return url.set(drivername="sqlite+pysqlite")
    raise BadStoreUrl("The store's address must start with sqlite:/// or postgresql://")


def connect(url: URL, *, writing: bool) -> Engine:
    """Return an engine whose connections can only read, or also write."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, writing=writing)
    return _postgresql(url, writing=writing)


def _sqlite(url: URL, *, writing: bool) -> Engine:
    path = Path(str(url.database))
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise BadStoreUrl(f"The store's file {path} cannot be opened: {error.strerror}") from error
    engine = create_engine(url, pool_size=1 if writing else READERS, max_overflow=0)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves; the driver would do it too late
        connection.execute("PRAGMA busy_timeout = 5000")
        _use_wal(connection)
        for pragma in (
            "synchronous = FULL",
            "foreign_keys = ON",
            f"query_only = {'OFF' if writing else 'ON'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _use_wal(connection: Any) -> None:
    """Switch to the write-ahead log. While another process does the same, SQLite says "locked" without waiting."""
    deadline = time.monotonic() + WAL_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.02)


def _postgresql(url: URL, *, writing: bool) -> Engine:
    options = "-c timezone=UTC -c lock_timeout=10s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"
    if not writing:
        options += " -c default_transaction_read_only=on"
    return create_engine(
        url,
        pool_size=WRITERS if writing else READERS,
        max_overflow=0,
        pool_use_lifo=True,
        connect_args={"options": options, "connect_timeout": 10, "application_name": "tesela"},
    )
