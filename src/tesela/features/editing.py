"""How every change of a dashboard is made: a pure function on the document, written with a compare on its version."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

from tesela.errors import Conflict
from tesela.features.access import Access, Action
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard, Document
from tesela.store import Store

ATTEMPTS = 20
"""How often a change without If-Match is made again on a document that somebody else changed meanwhile."""
_TURNS: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
"""By dashboard: changes of one server wait for each other, so that many at a time do not starve each other."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What changes. sentence: what the revision says, for a person."""

    document: Document
    sentence: str


@dataclass(frozen=True, slots=True)
class Editor:
    """Who changes what, when: everything an edit needs besides the edit itself."""

    store: Store
    access: Access
    caller: Caller
    clock: Callable[[], dt.datetime]
    expected_version: int | None = None

    async def change(
        self,
        dashboard_id: str,
        make: Callable[[Document], Edit],
        *,
        action: Action = "edit",
        beside: Callable[[Dashboard], Dashboard] = lambda dashboard: dashboard,
    ) -> Dashboard:
        """Return the dashboard after `make` was applied and saved with its revision.

        beside: changes of what stands beside the document (archived, workspace), in the same write.
        Raises NotFound, Forbidden, Conflict (If-Match names another version), and whatever `make` raises.
        """
        await self.access.dashboard(self.caller, action, dashboard_id)
        async with _TURNS.setdefault(dashboard_id, asyncio.Lock()):
            return await self._changed(dashboard_id, make, action, beside)

    async def _changed(
        self,
        dashboard_id: str,
        make: Callable[[Document], Edit],
        action: Action,
        beside: Callable[[Dashboard], Dashboard],
    ) -> Dashboard:
        for attempt in range(ATTEMPTS):
            before = await self.access.dashboard(self.caller, action, dashboard_id)
            self.check_version(before)
            edit = make(before.document)
            after = beside(replace(before, document=edit.document, updated_at=self.clock()))
            if after == replace(before, updated_at=after.updated_at):
                return before
            try:
                return await self._save(after, before.version, edit.sentence)
            except Conflict:
                if self.expected_version is not None or attempt == ATTEMPTS - 1:
                    raise
                self.access.forget_dashboard(dashboard_id)
        raise AssertionError("the last attempt returns or raises")

    def check_version(self, dashboard: Dashboard) -> None:
        """Raise Conflict when If-Match names another version."""
        if self.expected_version not in (None, dashboard.version):
            raise Conflict(
                "The dashboard was changed meanwhile; load it again and repeat your change",
                version=dashboard.version,
            )

    async def _save(self, after: Dashboard, version: int, sentence: str) -> Dashboard:
        author_id = self.caller.user_id
        return await self.store.write(
            lambda tx: tx.dashboards.save(
                after, expected_version=version, author_id=author_id, sentence=sentence
            )
        )
