"""Bringing the tables to this version, on start and by command.

Alembic is imported only when there is work.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.pool import NullPool

from tesela.errors import TeselaError
from tesela.store.migrations import HEAD, VERSIONS

PG_LOCK = 7_363_720_148
"""The advisory lock that one migrating process holds."""


class BadStoreVersion(TeselaError):
    """The tables were made by a newer Tesela."""


def upgrade(url: URL, engine: Engine, target: str = HEAD) -> None:
    """Bring the tables to `target`. Raises BadStoreVersion.

    The plain check costs one query; only a store that is behind pays for Alembic, under a lock, in one
    transaction. A SQLite file with data is copied beside itself first.
    """
    with engine.connect() as connection:
        if current_version(connection) == target:
            return
    if url.get_backend_name() == "sqlite":
        _back_up(url)
    own = _engine(url)
    try:
        with own.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": PG_LOCK})
            if current_version(connection) != target:
                _run(connection, target)
    finally:
        own.dispose()


def current_version(connection: Connection) -> str | None:
    """Return the version of the tables; None for an empty database. Raises BadStoreVersion."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found is not None and found not in VERSIONS:
        raise BadStoreVersion(f"The store was written by a newer Tesela (version {found}): upgrade this one")
    return found


def _engine(url: URL) -> Engine:
    """Return an engine for migrations: copying tables needs foreign keys off, set before BEGIN on SQLite."""
    engine = create_engine(url, poolclass=NullPool)
    if url.get_backend_name() == "sqlite":

        @event.listens_for(engine, "connect")
        def prepare(connection: object, record: object) -> None:
            connection.isolation_level = None  # type: ignore[attr-defined]  # the driver's own connection
            for pragma in ("busy_timeout = 30000", "journal_mode = WAL", "foreign_keys = OFF"):
                connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _back_up(url: URL) -> None:
    """Copy a SQLite file with data beside itself before its tables change."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            version = current_version(connection)
            if version is None:
                return
            moment = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%f")
            copy = Path(str(url.database) + f".before-{HEAD}-{moment}")
            connection.execute(text("VACUUM INTO :copy"), {"copy": str(copy)})
            copy.chmod(0o600)
    finally:
        engine.dispose()


def _run(connection: Connection, target: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, target)
    if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise BadStoreVersion("A migration would break references between rows: nothing was changed")
