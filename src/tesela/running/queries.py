"""Ad-hoc queries of the SQL editor that run now, so that a second request can cancel one by its id."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from tesela.errors import Conflict, QueryCancelled

T = TypeVar("T")


class Queries:
    """Running queries by (user, datasource, the client's own id of the query)."""

    def __init__(self) -> None:
        self._running: dict[tuple[str, str, str], asyncio.Task[Any]] = {}

    async def run(
        self, user_id: str, datasource_id: str, query_id: str | None, work: Coroutine[Any, Any, T]
    ) -> T:
        """Return what `work` returns. Raises QueryCancelled when `cancel` was called meanwhile."""
        if query_id is None:
            return await work
        key = (user_id, datasource_id, query_id)
        if key in self._running:
            work.close()
            raise Conflict("query_id: a query with this id is running; use a new id")
        task = self._running[key] = asyncio.ensure_future(work)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if self._running.get(key) is not task:
                raise QueryCancelled("The query was cancelled") from None
            task.cancel()
            raise
        finally:
            if self._running.get(key) is task:
                del self._running[key]

    def cancel(self, user_id: str, datasource_id: str, query_id: str) -> bool:
        """Cancel the query; return whether it was running."""
        task = self._running.pop((user_id, datasource_id, query_id), None)
        if task is not None:
            task.cancel()
        return task is not None
