"""Datasources: the databases that tiles ask. Secrets go in and never come out."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tesela.errors import BadRequest, Forbidden, QueryError, QueryRefused
from tesela.features import checks
from tesela.features.access import Access
from tesela.model.caller import Caller
from tesela.model.catalog import Catalog
from tesela.model.datasource import Datasource
from tesela.model.interaction import Interaction
from tesela.model.result import Limits
from tesela.model.statement import Statement
from tesela.running.allowing import allow
from tesela.running.catalog import Catalogs
from tesela.running.compiling import compiled
from tesela.running.runner import Question
from tesela.running.sources import KINDS, Source, Sources, dialect_of
from tesela.sql.denied import is_denied_table
from tesela.sql.quoting import is_clean_text, quote
from tesela.store import Store

MAX_ROWS = 100_000
"""What an ad-hoc query may ask for."""
SAMPLED = Limits(max_rows=1_000, max_bytes=1_000_000, timeout_ms=10_000)
"""Of a look at the values of a column."""

CONFIG_FIELDS: dict[str, dict[str, type]] = {
    "duckdb": {},
    "sqlite": {"path": str},
    "postgresql": {
        "host": str,
        "port": int,
        "database": str,
        "user": str,
        "schema": str,
        "sslmode": str,
    },
}
REQUIRED: dict[str, tuple[str, ...]] = {
    "duckdb": (),
    "sqlite": ("path",),
    "postgresql": ("host", "database", "user"),
}
SECRET_FIELDS: dict[str, tuple[str, ...]] = {"duckdb": (), "sqlite": (), "postgresql": ("password",)}
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


@dataclass(frozen=True, slots=True)
class Tested:
    """Whether a datasource answers, in one sentence."""

    ok: bool
    message: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client says of a datasource; None: not sent."""

    name: str | None = None
    kind: str | None = None
    config: Mapping[str, Any] | None = None
    secrets: Mapping[str, Any] | None = None
    is_default: bool | None = None
    is_shared: bool | None = None


async def create_datasource(
    store: Store, access: Access, caller: Caller, wanted: Wanted, *, clock: Callable[[], dt.datetime]
) -> Datasource:
    """Return a new datasource. The database is not asked, so that one can be set up while it is down."""
    datasource = described(access, caller, wanted, clock=clock)
    return await store.write(lambda tx: tx.datasources.add(datasource))


def described(
    access: Access, caller: Caller, wanted: Wanted, *, clock: Callable[[], dt.datetime]
) -> Datasource:
    """Return the datasource that `wanted` describes, checked, not stored. Raises BadRequest, Forbidden."""
    kind = _kind(wanted.kind)
    access.may_create_datasource(caller, kind)
    if wanted.is_default and not caller.is_admin:
        raise Forbidden("Only an admin may choose the default datasource")
    now = clock()
    return Datasource(
        id=str(uuid.uuid4()),
        tenant_id=caller.tenant_id,
        name=checks.name(wanted.name, "name", required_as="Datasource name"),
        kind=kind,
        config=_config(kind, wanted.config or {}),
        secrets=_secrets(kind, wanted.secrets or {}),
        revision=1,
        created_by=caller.user_id,
        created_at=now,
        updated_at=now,
        is_default=bool(wanted.is_default),
        is_shared=bool(wanted.is_shared),
    )


async def default_datasource(access: Access, caller: Caller) -> Datasource | None:
    """Return what is asked where nobody names a datasource: the tenant's default one, else the only one.

    None where the caller may use none, or several and none of them is the default.
    """
    usable = [source for source, _ in await access.datasources(caller)]
    default = next((source for source in usable if source.is_default), None)
    return usable[0] if default is None and len(usable) == 1 else default


async def update_datasource(
    store: Store,
    access: Access,
    caller: Caller,
    datasource_id: str,
    wanted: Wanted,
    *,
    expected_revision: int | None,
    clock: Callable[[], dt.datetime],
) -> Datasource:
    """Return the datasource with what was sent changed. Secrets that are not sent stay as they are.

    A new address needs its secrets again: else a stored password could be sent to somebody else's host.
    """
    current = await access.datasource(caller, "own", datasource_id)
    if wanted.kind not in (None, current.kind):
        raise BadRequest("type cannot be changed; add another datasource")
    if wanted.is_default is not None and wanted.is_default != current.is_default and not caller.is_admin:
        raise Forbidden("Only an admin may choose the default datasource")
    config = current.config
    if wanted.config is not None:
        config = {**_kept(current), **_config(current.kind, wanted.config)}
    if (
        _address(config) != _address(current.config)
        and SECRET_FIELDS[current.kind]
        and wanted.secrets is None
    ):
        raise BadRequest("secrets must be sent again when host, port, database or user change")
    if config != current.config:
        access.may_create_datasource(caller, current.kind)
    after = replace(
        current,
        name=current.name if wanted.name is None else checks.name(wanted.name, "name"),
        config=config,
        secrets={} if wanted.secrets is None else _secrets(current.kind, wanted.secrets),
        is_default=current.is_default if wanted.is_default is None else wanted.is_default,
        is_shared=current.is_shared if wanted.is_shared is None else wanted.is_shared,
        updated_at=clock(),
    )
    keep = wanted.secrets is None
    return await store.write(
        lambda tx: tx.datasources.update(after, keep_secrets=keep, expected_revision=expected_revision)
    )


async def delete_datasource(
    store: Store, access: Access, caller: Caller, datasource_id: str, files: Path
) -> None:
    """Delete the datasource and its files. Raises Conflict naming the dashboards that still use it."""
    datasource = await access.datasource(caller, "own", datasource_id)
    await store.write(lambda tx: tx.datasources.delete(caller.tenant_id, datasource.id))
    if datasource.kind == "duckdb":
        await asyncio.to_thread(_remove_files, files, datasource.id)


async def test_datasource(sources: Sources, datasource: Datasource) -> Tested:
    """Return whether the database answers; a failure is an answer, not an exception."""
    started = time.monotonic()
    engine = sources.open_unshared(datasource)
    try:
        message, ok = await engine.test(), True
    except QueryError as error:
        message, ok = error.sentence, False
    finally:
        await engine.close()
    return Tested(ok, message, round((time.monotonic() - started) * 1000))


async def ad_hoc_question(
    catalogs: Catalogs,
    caller: Caller,
    source: Source,
    sql: str,
    *,
    catalog: str | None,
    schema: str | None,
    limits: Limits,
) -> Question:
    """Return the editor's query as a question, checked. Raises QueryRefused."""
    if not sql.strip():
        raise BadRequest("sql is required")
    template = await compiled(sql, dialect_of(source.datasource))
    statement = template.bind(Interaction(user_id=caller.user_id, user_attributes=caller.attributes))
    return Question(
        tenant_id=caller.tenant_id,
        user_id=caller.user_id,
        datasource_id=source.datasource.id,
        allowed=await allow(catalogs, caller, source, statement.within(catalog, schema)),
        limits=limits,
        ttl_seconds=0,
    )


def check_sampled(
    datasource: Datasource, catalog: str | None, schema: str | None, table: str, column: str
) -> None:
    """Raise QueryRefused for a column whose values may not be looked at: of a table that no query may read."""
    if not all(is_clean_text(name) for name in (catalog or "", schema or "", table, column)):
        raise QueryRefused("a name has a character that databases cannot carry")
    if is_denied_table(catalog or "", schema or "", table, dialect_of(datasource)):
        raise QueryRefused(f"{table[:100]} is not a table that a query may read")


async def sample_question(
    catalogs: Catalogs,
    caller: Caller,
    source: Source,
    *,
    catalog: str | None,
    schema: str | None,
    table: str,
    column: str,
    count: int,
) -> Question:
    """Return the question for the most frequent values of a column as text, in the column `v`. Raises QueryRefused."""
    check_sampled(source.datasource, catalog, schema, table, column)
    dialect = dialect_of(source.datasource)
    home = (catalog, schema) if dialect == "duckdb" else (schema,)  # the others know one catalog each
    where = ".".join(quote(part, dialect) for part in (*home, table) if part)
    text = "VARCHAR" if dialect == "duckdb" else "TEXT"
    sql = (
        f"SELECT CAST({quote(column, dialect)} AS {text}) AS v FROM {where} "  # noqa: S608 - quoted names
        f"WHERE {quote(column, dialect)} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT {int(count)}"
    )
    return Question(
        tenant_id=caller.tenant_id,
        user_id=caller.user_id,
        datasource_id=source.datasource.id,
        allowed=await allow(catalogs, caller, source, Statement((sql,))),
        limits=SAMPLED,
        ttl_seconds=0,
    )


async def schema_of(catalogs: Catalogs, caller: Caller, source: Source, *, refresh: bool) -> Catalog:
    """Return what a datasource holds; without the counts of rows for a caller whom a row policy binds."""
    found = await catalogs.get(source.datasource, source.engine, refresh=refresh)
    return found.uncounted() if caller.rules.on(source.datasource.id) else found


def _remove_files(files: Path, datasource_id: str) -> None:
    for file in files.glob(f"{datasource_id}.*"):
        file.unlink(missing_ok=True)


def _kind(kind: str | None) -> str:
    known = ", ".join(KINDS)
    if not kind:
        raise BadRequest(f"type is required: one of {known}")
    if kind not in KINDS:
        raise BadRequest(f"type must be one of {known}")
    return kind


def _config(kind: str, config: Mapping[str, Any]) -> dict[str, Any]:
    fields = CONFIG_FIELDS[kind]
    checked: dict[str, Any] = {}
    for name, value in config.items():
        if name in SECRET_FIELDS[kind]:
            raise BadRequest(f"config.{name} is a secret; send it in secrets")
        if name not in fields:
            if kind == "duckdb":
                continue  # what the server itself keeps there, sent back by a client that read it
            raise BadRequest(f"config.{name} is not known; {kind} takes {', '.join(fields)}")
        if value is None or value == "":
            continue
        if type(value) is not fields[name]:
            raise BadRequest(f"config.{name} must be {'a number' if fields[name] is int else 'text'}")
        if isinstance(value, str) and (len(value) > 1000 or "\x00" in value):
            raise BadRequest(f"config.{name} is too long or has a character that cannot be used")
        checked[name] = value
    for name in REQUIRED[kind]:
        if name not in checked:
            raise BadRequest(f"config.{name} is required")
    if not 1 <= checked.get("port", 1) <= 65535:
        raise BadRequest("config.port must be between 1 and 65535")
    if checked.get("sslmode", "prefer") not in SSL_MODES:
        raise BadRequest(f"config.sslmode must be one of {', '.join(SSL_MODES)}")
    if "path" in checked and not Path(checked["path"]).is_absolute():
        raise BadRequest("config.path must be the absolute path of a SQLite file on the server")
    return checked


def _secrets(kind: str, secrets: Mapping[str, Any]) -> dict[str, str]:
    for name, value in secrets.items():
        if name not in SECRET_FIELDS[kind]:
            raise BadRequest(f"secrets.{name} is not known for {kind}")
        if not isinstance(value, str) or len(value) > 10_000 or "\x00" in value:
            raise BadRequest(f"secrets.{name} must be text")
    return {name: value for name, value in secrets.items() if value}


def _kept(datasource: Datasource) -> dict[str, Any]:
    """Return what the server itself keeps in the config of an embedded datasource."""
    return dict(datasource.config) if datasource.kind == "duckdb" else {}


def _address(config: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(config.get(name) for name in ("host", "port", "database", "user", "sslmode"))
