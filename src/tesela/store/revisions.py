"""Revisions: every state that a dashboard's document was in, immutable, compressed.

The number of a revision is the version of the dashboard that it made.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import zstandard
from sqlalchemy import Row, delete, exists, func, insert, select

from tesela.model.dashboard import Dashboard, Document, Revision
from tesela.store.tables import checkpoints, dashboards, revisions, users
from tesela.store.work import Work


class Revisions:
    def __init__(self, work: Work) -> None:
        self._work = work

    def append(
        self, dashboard: Dashboard, document: bytes, *, parent: int | None, author_id: str, sentence: str
    ) -> None:
        """Write down one state; only `Dashboards` calls this, in the transaction of the change."""
        self._work.write(
            insert(revisions).values(
                dashboard_id=dashboard.id,
                number=dashboard.version,
                tenant_id=dashboard.tenant_id,
                parent=parent,
                author_id=author_id,
                created_at=dashboard.updated_at,
                sha256=hashlib.sha256(document).hexdigest(),
                sentence=sentence,
                document_zstd=zstandard.compress(document),
            )
        )

    def list(
        self, tenant_id: str, dashboard_id: str, *, limit: int = 50, offset: int = 0
    ) -> tuple[list[tuple[Revision, str]], int]:
        """Return one page of a dashboard's revisions, the latest first, and how many there are in all.

        Each comes with its author's name, "" for one who was deleted.
        """
        wanted = (revisions.c.tenant_id == tenant_id, revisions.c.dashboard_id == dashboard_id)
        total = self._work.value(select(func.count()).select_from(revisions).where(*wanted))
        found = self._work.rows(
            select(
                revisions.c.dashboard_id,
                revisions.c.number,
                revisions.c.parent,
                revisions.c.author_id,
                revisions.c.created_at,
                revisions.c.sha256,
                revisions.c.sentence,
                users.c.name.label("author_name"),
            )
            .outerjoin(users, users.c.id == revisions.c.author_id)
            .where(*wanted)
            .order_by(revisions.c.number.desc())
            .limit(limit)
            .offset(offset)
        )
        return [(_revision(row), row.author_name or "") for row in found], int(total)

    def get(self, tenant_id: str, dashboard_id: str, number: int) -> tuple[Revision, Document] | None:
        """Return one revision with its document."""
        row = self._work.first(
            select(revisions).where(
                revisions.c.tenant_id == tenant_id,
                revisions.c.dashboard_id == dashboard_id,
                revisions.c.number == number,
            )
        )
        if row is None:
            return None
        return _revision(row), Document.model_validate_json(zstandard.decompress(row.document_zstd))

    def prune(self, *, keep: int, keep_days: int) -> int:
        """Remove what is older than `keep_days`, not among the last `keep` of its dashboard, and no checkpoint's.

        Returns how many revisions were removed.
        """
        oldest_kept = self._work.now() - dt.timedelta(days=keep_days)
        last_gone = (
            select(dashboards.c.version - keep)
            .where(dashboards.c.id == revisions.c.dashboard_id)
            .scalar_subquery()
        )
        is_named = exists().where(
            checkpoints.c.dashboard_id == revisions.c.dashboard_id,
            checkpoints.c.revision == revisions.c.number,
        )
        return self._work.write(
            delete(revisions).where(
                revisions.c.created_at < oldest_kept, revisions.c.number <= last_gone, ~is_named
            )
        )


def _revision(row: Row[Any]) -> Revision:
    return Revision(
        dashboard_id=row.dashboard_id,
        number=row.number,
        parent=row.parent,
        author_id=row.author_id,
        created_at=row.created_at,
        sha256=row.sha256,
        sentence=row.sentence,
    )
