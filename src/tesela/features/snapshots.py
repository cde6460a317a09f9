"""Snapshots: the rows of a dashboard's tiles at one moment, stored with the structure that they belong to.

A snapshot is what its public page shows, so it holds nothing that a stranger may not read (`publishing`). Its
queries run with the rights of the dashboard's owner, whoever asks for it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import orjson

from tesela.errors import Conflict, NotFound
from tesela.features.access import Access
from tesela.features.callers import stored_caller
from tesela.features.data import (
    Asking,
    Defaults,
    TileAnswer,
    raise_when_all_were_refused,
    run_tiles,
)
from tesela.features.definitions import Definitions
from tesela.features.publishing import TRANSIENT, known_config, public_form, public_sentence
from tesela.features.tiles import in_grid_order
from tesela.features.viewing import AS_IT_OPENS, view
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard, Tile
from tesela.model.snapshot import Contents, Snapshot, TriggerType
from tesela.running.catalog import Catalogs
from tesela.running.runner import Runner
from tesela.store import Store, Tx

NO_SNAPSHOT = "There is no snapshot of this dashboard: make one first"
LAST_OF_LINK = "The public page shows this snapshot: make another one first, or switch the link off"
TOO_LARGE = "This tile has more rows than a snapshot may hold: let its query sum them up"
KEPT_SNAPSHOTS = 100
"""Of one dashboard; the oldest leave."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A snapshot that is not stored yet. is_whole: no tile failed for a reason that another moment may not bring."""

    snapshot: Snapshot
    contents: Contents
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Camera:
    """What taking a snapshot needs. days: how long one lives. max_bytes: of its rows as JSON."""

    store: Store
    access: Access
    runner: Runner
    catalogs: Catalogs
    defaults: Defaults
    clock: Callable[[], dt.datetime]
    definitions: Definitions
    days: int
    max_bytes: int

    async def take(
        self,
        dashboard: Dashboard,
        *,
        trigger_type: TriggerType,
        executed_by: str | None = None,
        is_refresh: bool = False,
    ) -> Taken:
        """Run every tile as the owner sees it when the dashboard opens. No transaction is open meanwhile.

        executed_by: None is the owner. Raises TooBusy when not one tile got its turn, Conflict without an owner.
        """
        found = await stored_caller(self.store, dashboard.tenant_id, dashboard.owner_id)
        if found is None:
            raise Conflict("The dashboard has no owner any more: give it to somebody first")
        owner, _ = found
        names = await self.access.names(dashboard)
        created_at, started = self.clock(), self.runner.now()
        tiles = in_grid_order(dashboard.document)
        answers = await run_tiles(
            self._asking(owner, dashboard, created_at),
            [tile.model_copy(update={"chart_config": known_config(tile)}) for tile in tiles],
        )
        raise_when_all_were_refused(answers)
        contents = Contents(
            structure=public_form(dashboard, names.owner).model_dump_json(by_alias=True).encode(),
            tile_data=_tile_data(tiles, answers, created_at, self.max_bytes),
        )
        snapshot = Snapshot(
            id=str(uuid.uuid4()),
            tenant_id=dashboard.tenant_id,
            dashboard_id=dashboard.id,
            revision=dashboard.version,
            trigger_type=trigger_type,
            is_refresh=is_refresh,
            executed_by=executed_by or owner.user_id,
            policy_digest=_whose_rows(owner, dashboard),
            execution_time_ms=round((self.runner.now() - started) * 1000),
            created_at=created_at,
            expires_at=created_at + dt.timedelta(days=self.days),
            size_bytes=len(contents.tile_data),
            sha256=hashlib.sha256(contents.tile_data).hexdigest(),
        )
        is_whole = not any(isinstance(answer.error, TRANSIENT) for answer in answers)
        return Taken(snapshot, contents, is_whole)

    def taker(self, caller: Caller) -> Callable[[Dashboard], Awaitable[tuple[Snapshot, Contents]]]:
        """Return what takes the snapshot that a link shows first, when `caller` switches it on."""

        async def take(dashboard: Dashboard) -> tuple[Snapshot, Contents]:
            taken = await self.take(dashboard, trigger_type="on_share", executed_by=caller.user_id)
            return taken.snapshot, taken.contents

        return take

    def _asking(self, owner: Caller, dashboard: Dashboard, now: dt.datetime) -> Asking:
        return Asking(
            self.runner,
            self.catalogs,
            self.defaults,
            owner,
            dashboard,
            view(dashboard, AS_IT_OPENS, now=now),
            self.definitions,
            opens=True,
            force=True,
        )


async def create_snapshot(
    camera: Camera, caller: Caller, dashboard_id: str, *, trigger_type: TriggerType = "manual"
) -> tuple[Snapshot, Contents]:
    """Return a new snapshot, stored. Needs edit; the queries run with the rights of the owner."""
    dashboard = await camera.access.dashboard(caller, "snapshot", dashboard_id)
    taken = await camera.take(dashboard, trigger_type=trigger_type, executed_by=caller.user_id)
    return await keep(camera.store, taken), taken.contents


async def keep(store: Store, taken: Taken) -> Snapshot:
    """Store a snapshot and return its facts. Raises Conflict when the dashboard is gone."""
    return await store.write(lambda tx: tx.snapshots.add(taken.snapshot, taken.contents, keep=KEPT_SNAPSHOTS))


async def latest_snapshot(
    store: Store, access: Access, caller: Caller, dashboard_id: str
) -> tuple[Snapshot, Contents]:
    """Return the newest snapshot that has not expired.

    Raises NotFound when there is none, and, in the same words, when its rows are not those that the caller
    would see: other row policies, or SQL that names its reader.
    """
    dashboard = await access.dashboard(caller, "view", dashboard_id)
    found = await store.read(lambda tx: tx.snapshots.latest(caller.tenant_id, dashboard.id))
    if found is None or not _may_read(caller, found[0]):
        raise NotFound(NO_SNAPSHOT)
    return found


async def list_snapshots(
    store: Store, access: Access, caller: Caller, dashboard_id: str, *, limit: int, offset: int
) -> tuple[list[Snapshot], int]:
    """Return the facts of a dashboard's snapshots, the newest first, and how many there are in all."""
    dashboard = await access.dashboard(caller, "snapshot", dashboard_id)
    return await store.read(
        lambda tx: tx.snapshots.list(caller.tenant_id, dashboard.id, limit=limit, offset=offset)
    )


async def delete_snapshot(
    store: Store, access: Access, caller: Caller, dashboard_id: str, snapshot_id: str
) -> None:
    """Delete a snapshot. Raises NotFound; Conflict for the only one of a shared dashboard."""
    dashboard = await access.dashboard(caller, "snapshot", dashboard_id)

    def write(tx: Tx) -> None:
        tx.snapshots.delete(caller.tenant_id, dashboard.id, snapshot_id)
        is_shared = tx.shares.of(caller.tenant_id, dashboard.id) is not None
        if is_shared and tx.snapshots.count(caller.tenant_id, dashboard.id) == 0:
            raise Conflict(LAST_OF_LINK)

    await store.write(write)


async def refresh(camera: Camera, dashboard: Dashboard, *, is_refresh: bool) -> Snapshot | None:
    """Take and store a snapshot because the clock says so; only `jobs` calls this.

    None, and what there is stays, when a database could not answer or the owner may not log in any more.
    is_refresh: for the public page; otherwise by the dashboard's own schedule.
    """
    owner = await stored_caller(camera.store, dashboard.tenant_id, dashboard.owner_id)
    if owner is None or not owner[1]:
        return None
    taken = await camera.take(dashboard, trigger_type="scheduled", is_refresh=is_refresh)
    return await keep(camera.store, taken) if taken.is_whole else None


async def prune_snapshots(store: Store) -> int:
    """Remove expired snapshots and return how many; the last one of a shared dashboard stays."""
    return await store.write(lambda tx: tx.snapshots.prune())


def _whose_rows(owner: Caller, dashboard: Dashboard) -> str:
    """Return the digest of who would see the same rows; of the owner alone where SQL names its reader."""
    if dashboard.document.names_reader:
        return f"{owner.policy_digest} {owner.user_id}"
    return owner.policy_digest


def _may_read(caller: Caller, snapshot: Snapshot) -> bool:
    return snapshot.policy_digest in (caller.policy_digest, f"{caller.policy_digest} {caller.user_id}")


def _tile_data(
    tiles: Sequence[Tile], answers: Sequence[TileAnswer], now: dt.datetime, max_bytes: int
) -> bytes:
    """Return one JSON object, tile id -> data; a tile for which there is no room left says so."""
    parts, left = [], max_bytes
    for tile, answer in zip(tiles, answers, strict=True):
        body = answer.cached
        if answer.error is not None:
            body = _failed(tile, public_sentence(answer.error), answer.error.error_code, now)
        elif body is None or len(body) > left:
            body = _failed(tile, TOO_LARGE, "too_large", now)
        left -= len(body)
        parts.append(orjson.dumps(tile.id) + b":" + body)
    return b"{" + b",".join(parts) + b"}"


def _failed(tile: Tile, sentence: str, code: str, now: dt.datetime) -> bytes:
    moment = now.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return orjson.dumps(
        {
            "id": tile.id,
            "title": tile.title,
            "tile_type": tile.tile_type,
            "data": None,
            "error": sentence,
            "error_code": code,
            "executed_at": moment,
            "types": {},
            "row_count": 0,
            "truncated": False,
            "duration_ms": 0,
            "cache": "cached",
            "warnings": [],
            "filters_ignored": [],
        }
    )
