"""Results by key, in the memory of this process: how fresh they are, and how many bytes may stay."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tesela.model.result import Result

Freshness = Literal["fresh", "cached", "stale"]


@dataclass(frozen=True, slots=True, eq=False)
class Shelved:
    """A result on the shelf. encoded: what every answer that shows it has in common, as JSON bytes.

    made_at, fresh_until, stale_until: seconds of the shelf's monotonic clock.
    """

    result: Result
    encoded: bytes
    made_at: float
    fresh_until: float
    stale_until: float

    @property
    def size(self) -> int:
        return len(self.encoded) + 512


class Shelf:
    """A least-recently-used shelf bounded by bytes. One entry may take an eighth of it at most."""

    def __init__(self, max_bytes: int, now: Callable[[], float]) -> None:
        self._max_bytes = max_bytes
        self._now = now
        self._entries: OrderedDict[bytes, Shelved] = OrderedDict()
        self.size = 0
        self.hits = 0
        self.misses = 0
        self.evictions = 0
        self.departures = 0
        """Grows whenever an entry leaves: while it stands still, whatever was held is held."""

    def __len__(self) -> int:
        return len(self._entries)

    def look(self, key: bytes) -> tuple[Shelved, Freshness] | None:
        """Return the entry under `key` and whether it is `cached` or `stale`; None when past both."""
        entry = self._entries.get(key)
        if entry is None:
            self.misses += 1
            return None
        now = self._now()
        if now >= entry.stale_until:
            self._drop(key)
            self.misses += 1
            return None
        self._entries.move_to_end(key)
        self.hits += 1
        return entry, ("cached" if now < entry.fresh_until else "stale")

    def holds(self, key: bytes, entry: Shelved) -> bool:
        """Return whether `entry` is still what stands under `key`."""
        return self._entries.get(key) is entry

    def put(self, key: bytes, entry: Shelved) -> None:
        """Keep `entry`, making room by the least recently used. Too large an entry is not kept."""
        self._drop(key)
        if entry.size > self._max_bytes // 8 or entry.stale_until <= self._now():
            return
        self._entries[key] = entry
        self.size += entry.size
        while self.size > self._max_bytes:
            oldest = next(iter(self._entries))
            self._drop(oldest)
            self.evictions += 1

    def clear(self) -> None:
        self._entries.clear()
        self.size = 0
        self.departures += 1

    def _drop(self, key: bytes) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.size -= entry.size
            self.departures += 1
