"""Uploads: a file on its way to a native table of an embedded datasource."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from tesela.errors import BadRequest, TooLarge
from tesela.features import checks
from tesela.features.access import Access
from tesela.features.tenants import check_storage, check_storage_with
from tesela.model.caller import Caller
from tesela.model.datasource import Datasource
from tesela.running.ingest import Ingested, discard, ingest, leftovers, prune, remove_abandoned
from tesela.store import Store, Tx

LEFT_ALONE_FOR = dt.timedelta(days=1)
"""A file of no known datasource may be an upload that is about to be stored."""
ENDINGS = {".csv", ".tsv", ".txt", ".parquet", ".json", ".ndjson", ".jsonl", ".xlsx"}


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Where an upload went, and what was in it."""

    datasource: Datasource
    ingested: Ingested


@dataclass(frozen=True, slots=True)
class Sizes:
    """Limits of an upload, in bytes."""

    any_bytes: int
    xlsx_bytes: int

    def check(self, filename: str, size: int) -> None:
        """Raise TooLarge when `size` bytes are too many for a file of this name."""
        at_most = self.xlsx_bytes if ending_of(filename) == ".xlsx" else self.any_bytes
        if size > at_most:
            raise TooLarge(f"The file must be at most {at_most // 1_000_000} MB")


def ending_of(filename: str) -> str:
    """Return the ending of a file that can be read. Raises BadRequest naming those that can."""
    ending = PurePath(filename.replace("\\", "/")).suffix.lower()
    if ending not in ENDINGS:
        raise BadRequest(f"file must end in one of {', '.join(sorted(ENDINGS))}")
    return ending


async def target(
    store: Store,
    access: Access,
    caller: Caller,
    files: Path,
    *,
    datasource_id: str | None,
    name: str | None,
    filename: str,
    clock: Callable[[], dt.datetime],
) -> tuple[Datasource, bool]:
    """Return the datasource an upload goes to, and whether it is yet to be stored.

    Raises BadRequest, Forbidden, and TooLarge for a tenant whose files take all the room that they may.
    """
    await check_storage(store, files, caller.tenant_id)
    if datasource_id:
        wanted = checks.uuid_field(datasource_id, "datasource_id")
        found = await access.datasource_named(caller, "own", wanted, "datasource_id")
        if found.kind != "duckdb":
            raise BadRequest("datasource_id: files can only be uploaded to an embedded datasource")
        return found, False
    access.may_create(caller)
    now = clock()
    title = checks.name(name or PurePath(filename.replace("\\", "/")).stem, "name")
    taken = {
        one.name.casefold() for one in await store.read(lambda tx: tx.datasources.list(caller.tenant_id))
    }
    if name is None:
        title = _free(title, taken)
    fresh = Datasource(
        id=str(uuid.uuid4()),
        tenant_id=caller.tenant_id,
        name=title,
        kind="duckdb",
        config={},
        revision=1,
        created_by=caller.user_id,
        created_at=now,
        updated_at=now,
    )
    return fresh, True


async def keep_upload(
    store: Store,
    files: Path,
    datasource: Datasource,
    *,
    is_new: bool,
    timeout_ms: int,
    upload: Path,
    filename: str,
    table: str | None,
) -> Uploaded:
    """Read the file into a table and return where it went. The store changes only after all is written.

    Raises BadRequest; TooLarge when the files of the tenant would take more than they may.
    """
    generation = datasource.config.get("generation")
    ingested = await ingest(files, datasource.id, generation, upload, filename, table, timeout_ms=timeout_ms)
    config = {**datasource.config, "generation": ingested.generation}

    def write(tx: Tx) -> Datasource:
        check_storage_with(tx, files, datasource.tenant_id, datasource.id, ingested.generation)
        if is_new:
            return tx.datasources.add(replace(datasource, config=config))
        return tx.datasources.bump_generation(
            datasource.tenant_id, datasource.id, config=config, expected_revision=datasource.revision
        )

    try:
        stored = await store.write(write)
    except TooLarge:
        await asyncio.to_thread(discard, files, datasource.id, ingested.generation)
        raise
    return Uploaded(stored, ingested)


async def prune_files(store: Store, files: Path, uploads: Path, now: dt.datetime) -> int:
    """Remove the files of former generations, of datasources that are gone, and what a server that was killed
    left of uploads; return how many.
    """

    def read(tx: Tx) -> dict[str, int | None]:
        every = [one for tenant in tx.tenants.list() for one in tx.datasources.list(tenant.id)]
        return {one.id: one.config.get("generation") for one in every if one.kind == "duckdb"}

    known = await store.read(read)

    def remove() -> int:
        gone = leftovers(files, known, before=now - LEFT_ALONE_FOR)
        current = [(id_, generation) for id_, generation in known.items() if generation is not None]
        pruned = sum(prune(files, *one) for one in (*current, *((id_, None) for id_ in gone)))
        return pruned + remove_abandoned(files, uploads, before=now - LEFT_ALONE_FOR)

    return await asyncio.to_thread(remove)


def _free(title: str, taken: set[str]) -> str:
    """
    >>> _free("Sales", {"sales", "sales 2"})
    'Sales 3'
    """
    if title.casefold() not in taken:
        return title
    number = 2
    while f"{title} {number}".casefold() in taken:
        number += 1
    return f"{title} {number}"
