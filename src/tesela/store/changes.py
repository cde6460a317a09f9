"""What other processes changed: each committed write leaves a line, which the others read once a second.

So a command, or a second server, makes the memory of this one true again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import delete, func, insert, select

from tesela.store.tables import changes
from tesela.store.work import Change, Work

SETTLED_AFTER = dt.timedelta(minutes=2)
"""After this, no transaction that took a lower number is still open: they are cut off after a minute."""
KEPT_FOR = dt.timedelta(hours=24)


class Log:
    """Lines of one process. origin: its random name, so that it does not hear its own changes again."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._floor: int | None = None
        self._seen: set[int] = set()

    def write(self, work: Work) -> None:
        """Write down the changes of a transaction, in it."""
        lines = [
            {
                "origin": self._origin,
                "kind": change.kind,
                "tenant_id": change.tenant_id,
                "object_id": change.id,
                "created_at": work.now(),
            }
            for change in work.changes
        ]
        if lines:
            work.connection.execute(insert(changes), lines)

    def read(self, work: Work) -> list[Change]:
        """Return what others changed since the last call.

        Numbers may become visible out of order, so lines are read again until they have settled.
        """
        settled_before = work.now() - SETTLED_AFTER
        if self._floor is None:
            first = select(func.max(changes.c.id)).where(changes.c.created_at < settled_before)
            self._floor = work.value(first) or 0
        found = work.rows(select(changes).where(changes.c.id > self._floor).order_by(changes.c.id))
        fresh = [row for row in found if row.id not in self._seen]
        self._floor = max((row.id for row in found if row.created_at < settled_before), default=self._floor)
        self._seen = {row.id for row in found if row.id > self._floor}
        return _once(
            Change(row.kind, row.tenant_id, row.object_id) for row in fresh if row.origin != self._origin
        )

    def prune(self, work: Work) -> int:
        """Remove old lines and return how many there were."""
        return work.write(delete(changes).where(changes.c.created_at < work.now() - KEPT_FOR))


def _once(found: Iterable[Change]) -> list[Change]:
    return list(dict.fromkeys(found))
