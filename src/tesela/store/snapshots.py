"""Snapshots: the rows of a dashboard's tiles at one moment, compressed, with the structure they belong to."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

import zstandard
from sqlalchemy import ColumnElement, Row, and_, delete, exists, func, insert, or_, select

from tesela.errors import NotFound
from tesela.model.snapshot import Contents, Snapshot
from tesela.store.tables import dashboards, snapshots
from tesela.store.work import Work

GONE = "Snapshot not found or access denied"
FACTS = [column for column in snapshots.columns if column.name not in ("structure_zstd", "tile_data_zstd")]
"""Everything but what may be large."""


class Snapshots:
    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, snapshot: Snapshot, contents: Contents, *, keep: int) -> Snapshot:
        """Add a snapshot; it takes the place of an earlier refresh, and of those before the last `keep`.

        Raises Conflict when the dashboard is gone.
        """
        self._work.write(
            insert(snapshots).values(
                **asdict(snapshot),
                structure_zstd=zstandard.compress(contents.structure),
                tile_data_zstd=zstandard.compress(contents.tile_data),
            ),
            taken="The dashboard was deleted meanwhile",
        )
        of_dashboard = snapshots.c.dashboard_id == snapshot.dashboard_id
        if snapshot.is_refresh:
            self._work.write(
                delete(snapshots).where(of_dashboard, snapshots.c.is_refresh, snapshots.c.id != snapshot.id)
            )
        last = (
            select(snapshots.c.id)
            .where(of_dashboard)
            .order_by(snapshots.c.created_at.desc(), snapshots.c.id.desc())
            .limit(keep)
        )
        self._work.write(
            delete(snapshots).where(of_dashboard, snapshots.c.id != snapshot.id, snapshots.c.id.not_in(last))
        )
        self._work.changed("snapshot", snapshot.tenant_id, snapshot.dashboard_id)
        return snapshot

    def latest(
        self, tenant_id: str, dashboard_id: str, *, unexpired: bool = True
    ) -> tuple[Snapshot, Contents] | None:
        """Return the newest snapshot of a dashboard with what it holds."""
        statement = select(snapshots).where(*_of(tenant_id, dashboard_id))
        if unexpired:
            statement = statement.where(snapshots.c.expires_at > self._work.now())
        row = self._work.first(
            statement.order_by(snapshots.c.created_at.desc(), snapshots.c.id.desc()).limit(1)
        )
        if row is None:
            return None
        contents = Contents(
            zstandard.decompress(row.structure_zstd), zstandard.decompress(row.tile_data_zstd)
        )
        return _snapshot(row), contents

    def list(
        self, tenant_id: str, dashboard_id: str, *, limit: int = 50, offset: int = 0
    ) -> tuple[list[Snapshot], int]:
        """Return the facts of a dashboard's snapshots, the newest first, and how many there are in all."""
        wanted = _of(tenant_id, dashboard_id)
        total = self._work.value(select(func.count()).select_from(snapshots).where(*wanted))
        found = self._work.rows(
            select(*FACTS)
            .where(*wanted)
            .order_by(snapshots.c.created_at.desc(), snapshots.c.id.desc())
            .limit(limit)
            .offset(offset)
        )
        return [_snapshot(row) for row in found], int(total)

    def count(self, tenant_id: str, dashboard_id: str) -> int:
        return int(
            self._work.value(select(func.count()).select_from(snapshots).where(*_of(tenant_id, dashboard_id)))
        )

    def last_scheduled(self, tenant_id: str, dashboard_id: str) -> dt.datetime | None:
        """Return when the schedule of a dashboard last brought a snapshot."""
        found: dt.datetime | None = self._work.value(
            select(snapshots.c.created_at)
            .where(
                *_of(tenant_id, dashboard_id),
                snapshots.c.trigger_type == "scheduled",
                snapshots.c.is_refresh.is_(False),
            )
            .order_by(snapshots.c.created_at.desc())
            .limit(1)
        )
        return found

    def newest(self, tenant_id: str, dashboard_id: str) -> Snapshot | None:
        """Return the facts of the newest snapshot of a dashboard, expired or not."""
        found, _ = self.list(tenant_id, dashboard_id, limit=1)
        return found[0] if found else None

    def delete(self, tenant_id: str, dashboard_id: str, snapshot_id: str) -> None:
        """Remove one snapshot. Raises NotFound."""
        met = self._work.write(
            delete(snapshots).where(*_of(tenant_id, dashboard_id), snapshots.c.id == snapshot_id.lower())
        )
        if not met:
            raise NotFound(GONE)
        self._work.changed("snapshot", tenant_id, dashboard_id)

    def prune(self) -> int:
        """Remove expired snapshots and return how many; the last one of a shared dashboard stays."""
        later = snapshots.alias("later")
        is_outdated = exists().where(
            later.c.dashboard_id == snapshots.c.dashboard_id,
            or_(
                later.c.created_at > snapshots.c.created_at,
                and_(later.c.created_at == snapshots.c.created_at, later.c.id > snapshots.c.id),
            ),
        )
        is_shared = exists().where(dashboards.c.id == snapshots.c.dashboard_id, dashboards.c.link)
        return self._work.write(
            delete(snapshots).where(snapshots.c.expires_at <= self._work.now(), or_(is_outdated, ~is_shared))
        )


def _of(tenant_id: str, dashboard_id: str) -> tuple[ColumnElement[bool], ...]:
    return snapshots.c.tenant_id == tenant_id, snapshots.c.dashboard_id == dashboard_id


def _snapshot(row: Row[Any]) -> Snapshot:
    return Snapshot(
        id=row.id,
        tenant_id=row.tenant_id,
        dashboard_id=row.dashboard_id,
        revision=row.revision,
        trigger_type=row.trigger_type,
        is_refresh=row.is_refresh,
        executed_by=row.executed_by,
        policy_digest=row.policy_digest,
        execution_time_ms=row.execution_time_ms,
        created_at=row.created_at,
        expires_at=row.expires_at,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
    )
