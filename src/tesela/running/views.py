"""A viewer's newer request replaces the older one of the same view, so that a late answer never wins."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from tesela.errors import QueryCancelled

WHOLE_DASHBOARD = "*"


class Views:
    """Requests in flight by (user, view, dashboard, tile). A view is one browser tab's random name."""

    def __init__(self) -> None:
        self._current: dict[tuple[str, str, str], dict[str, asyncio.Task[object]]] = {}

    @contextmanager
    def entered(
        self, user_id: str, view: str | None, dashboard_id: str, tile_id: str | None
    ) -> Iterator[None]:
        """Run the current task as this view's newest request; older ones it replaces are cancelled.

        A request for the whole dashboard replaces everything of the view; one for a tile only the same tile's.
        Raises QueryCancelled in the task that was replaced. Without a view nothing is ever replaced.
        """
        if not view:
            yield
            return
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a view is entered from a task")
        key = (user_id, view, dashboard_id)
        scope = tile_id or WHOLE_DASHBOARD
        self._replace(key, scope)
        self._current.setdefault(key, {})[scope] = task
        try:
            yield
        except asyncio.CancelledError:
            if self._current.get(key, {}).get(scope) is not task:
                task.uncancel()
                raise QueryCancelled("A newer request of the same view replaced this one") from None
            raise
        finally:
            running = self._current.get(key, {})
            if running.get(scope) is task:
                del running[scope]
            if not running:
                self._current.pop(key, None)

    def _replace(self, key: tuple[str, str, str], scope: str) -> None:
        running = self._current.get(key, {})
        replaced = list(running) if scope == WHOLE_DASHBOARD else [scope]
        for name in replaced:
            older = running.pop(name, None)
            if older is not None:
                older.cancel()
