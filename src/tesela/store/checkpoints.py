"""Checkpoints: names that people give to revisions. The states themselves are in `revisions`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, select

from tesela.errors import NotFound
from tesela.model.dashboard import Checkpoint
from tesela.store.tables import checkpoints, users
from tesela.store.work import Work

GONE = "Checkpoint not found or access denied"


class Checkpoints:
    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, tenant_id: str, checkpoint: Checkpoint) -> Checkpoint:
        """Add a checkpoint. Raises Conflict when its dashboard or revision is gone."""
        self._work.write(
            insert(checkpoints).values(
                id=checkpoint.id,
                tenant_id=tenant_id,
                dashboard_id=checkpoint.dashboard_id,
                revision=checkpoint.revision,
                name=checkpoint.name,
                description=checkpoint.description,
                created_by=checkpoint.created_by,
                created_at=checkpoint.created_at,
            ),
            taken="The dashboard was changed or deleted meanwhile; load it again",
        )
        return checkpoint

    def get(self, tenant_id: str, dashboard_id: str, checkpoint_id: str) -> Checkpoint | None:
        row = self._work.first(
            self._of(tenant_id, dashboard_id).where(checkpoints.c.id == checkpoint_id.lower())
        )
        return None if row is None else _checkpoint(row)

    def list(
        self, tenant_id: str, dashboard_id: str, *, limit: int = 100, offset: int = 0
    ) -> tuple[list[tuple[Checkpoint, str]], int]:
        """Return a dashboard's checkpoints, the latest first, and how many there are in all.

        Each comes with its author's name, "" for one who was deleted.
        """
        found = self._work.rows(
            self._of(tenant_id, dashboard_id)
            .add_columns(users.c.name.label("author_name"))
            .outerjoin(users, users.c.id == checkpoints.c.created_by)
            .order_by(checkpoints.c.created_at.desc(), checkpoints.c.id)
            .limit(limit)
            .offset(offset)
        )
        return [(_checkpoint(row), row.author_name or "") for row in found], self.count(
            tenant_id, dashboard_id
        )

    def count(self, tenant_id: str, dashboard_id: str) -> int:
        return int(
            self._work.value(
                select(func.count())
                .select_from(checkpoints)
                .where(checkpoints.c.tenant_id == tenant_id, checkpoints.c.dashboard_id == dashboard_id)
            )
        )

    def delete(self, tenant_id: str, dashboard_id: str, checkpoint_id: str) -> None:
        """Remove the name; the revision stays as long as others of its age do. Raises NotFound."""
        met = self._work.write(
            delete(checkpoints).where(
                checkpoints.c.tenant_id == tenant_id,
                checkpoints.c.dashboard_id == dashboard_id,
                checkpoints.c.id == checkpoint_id.lower(),
            )
        )
        if not met:
            raise NotFound(GONE)

    def _of(self, tenant_id: str, dashboard_id: str) -> Select[Any]:
        return select(checkpoints).where(
            checkpoints.c.tenant_id == tenant_id, checkpoints.c.dashboard_id == dashboard_id
        )


def _checkpoint(row: Row[Any]) -> Checkpoint:
    return Checkpoint(
        id=row.id,
        dashboard_id=row.dashboard_id,
        revision=row.revision,
        name=row.name,
        description=row.description,
        created_by=row.created_by,
        created_at=row.created_at,
    )
