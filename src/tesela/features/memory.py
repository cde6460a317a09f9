"""What was read from the store and still holds: bounded, and never older than the last change it heard of."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class _Flight:
    """A reading under way. is_stale: a change was heard of since it began."""

    __slots__ = ("is_stale",)

    def __init__(self) -> None:
        self.is_stale = False


class Memory(Generic[T]):
    """Values by id, the least recently used ones leave first.

    max_count, max_bytes: what is kept at most; `size` gives the bytes of a value.
    """

    def __init__(
        self, max_count: int, max_bytes: int = 0, size: Callable[[T], int] = lambda value: 0
    ) -> None:
        self._max_count = max_count
        self._max_bytes = max_bytes
        self._size = size
        self._values: OrderedDict[str, T] = OrderedDict()
        self._bytes = 0
        self._flights: dict[str, set[_Flight]] = {}

    def get(self, id: str) -> T | None:  # noqa: A002
        value = self._values.get(id)
        if value is not None:
            self._values.move_to_end(id)
        return value

    async def load(self, id: str, read: Callable[[], Awaitable[T | None]]) -> T | None:  # noqa: A002
        """Return what `read` brings, and keep it unless a change was heard of meanwhile."""
        flight = _Flight()
        flights = self._flights.setdefault(id, set())
        flights.add(flight)
        try:
            value = await read()
        finally:
            flights.discard(flight)
            if not flights and self._flights.get(id) is flights:
                del self._flights[id]
        if value is not None and not flight.is_stale:
            self._keep(id, value)
        return value

    def drop(self, id: str) -> None:  # noqa: A002
        """Forget a value, and do not keep what is being read of it right now."""
        value = self._values.pop(id, None)
        if value is not None:
            self._bytes -= self._size(value)
        for flight in self._flights.get(id, ()):
            flight.is_stale = True

    def drop_where(self, is_meant: Callable[[T], bool]) -> None:
        """Forget the values that are meant, and do not keep anything that is being read right now."""
        for id_ in [id_ for id_, value in self._values.items() if is_meant(value)]:
            self.drop(id_)
        for flights in self._flights.values():
            for flight in flights:
                flight.is_stale = True

    def __len__(self) -> int:
        return len(self._values)

    def _keep(self, id_: str, value: T) -> None:
        former = self._values.pop(id_, None)
        if former is not None:
            self._bytes -= self._size(former)
        self._values[id_] = value
        self._bytes += self._size(value)
        while len(self._values) > self._max_count or (self._max_bytes and self._bytes > self._max_bytes):
            _, gone = self._values.popitem(last=False)
            self._bytes -= self._size(gone)
