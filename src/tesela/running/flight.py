"""One flight per key: whoever asks for what is already on its way waits for the same answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Flight(Generic[T]):
    task: asyncio.Task[T]
    waiting: int = 0


class Flights(Generic[T]):
    """Flights in the air. When the last who waits leaves, the flight is cancelled."""

    def __init__(self) -> None:
        self._flights: dict[bytes, _Flight[T]] = {}
        self.started = 0
        self.joined = 0

    def __len__(self) -> int:
        return len(self._flights)

    def is_flying(self, key: bytes) -> bool:
        return key in self._flights

    async def join(self, key: bytes, start: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return what `start()` brings, calling it only when no flight with this key is in the air."""
        flight = self._flights.get(key)
        if flight is None:
            flight = _Flight(asyncio.create_task(start()))
            self._flights[key] = flight
            flight.task.add_done_callback(lambda _: self._land(key, flight))
            self.started += 1
        else:
            self.joined += 1
        return await self._wait(key, flight)

    async def _wait(self, key: bytes, flight: _Flight[T]) -> T:
        flight.waiting += 1
        try:
            # shield: one who leaves must not take the answer from those who stay.
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if flight.waiting == 0 and not flight.task.done():
                self._land(key, flight)
                flight.task.cancel()

    def _land(self, key: bytes, flight: _Flight[T]) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
        if flight.task.done() and not flight.task.cancelled():
            flight.task.exception()  # every waiter has it, or nobody waits: never "was never retrieved"

    async def close(self) -> None:
        """Cancel every flight and wait until the databases have been told."""
        tasks = [flight.task for flight in self._flights.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
