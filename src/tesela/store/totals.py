"""How many dashboards a list has in all, remembered until something of the tenant's lists changes.

Counting reads one index entry for each dashboard of the tenant; a page reads only its own. So the page is always
read, and the count only when it may have changed. Used by several threads at a time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

KEPT = 10_000
CHANGING = ("listing", "grant", "team", "tenant")
"""The kinds of change after which a list may be longer or shorter."""


class Totals:
    """Totals by tenant and question.

    generation: grows with each change; what was counted in a transaction that began before it is not kept.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, Hashable], int] = OrderedDict()
        self.generation = 0

    def get(self, tenant_id: str, question: Hashable) -> int | None:
        with self._lock:
            return self._known.get((tenant_id, question))

    def keep(self, tenant_id: str, question: Hashable, total: int, *, generation: int) -> None:
        """Remember a total, unless something changed since `generation`."""
        with self._lock:
            if generation != self.generation:
                return
            self._known[tenant_id, question] = total
            while len(self._known) > KEPT:
                self._known.popitem(last=False)

    def hear(self, kind: str, tenant_id: str) -> None:
        """Forget what a change may have made untrue."""
        if kind not in CHANGING:
            return
        with self._lock:
            self.generation += 1
            for known in [known for known in self._known if known[0] == tenant_id]:
                del self._known[known]
