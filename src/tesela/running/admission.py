"""Who may run now: a cap per datasource, a cap per user, turns taken fairly, refusals that say why."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tesela.errors import TooBusy


@dataclass(frozen=True, slots=True)
class Caps:
    """running, running_per_user, queued: queries of one datasource; wait_ms: the longest wait for a turn."""

    running: int = 4
    running_per_user: int = 2
    queued: int = 200
    wait_ms: int = 30_000


@dataclass(slots=True)
class _Gate:
    """One datasource: who runs, and who waits (user -> turns, users in the order of their next turn)."""

    running: Counter[str] = field(default_factory=Counter)
    total: int = 0
    waiting: OrderedDict[str, deque[asyncio.Future[None]]] = field(default_factory=OrderedDict)
    queued: int = 0


class Admission:
    """The gates of all datasources. Waiting users take turns, whoever queued how much."""

    def __init__(self, caps: Caps) -> None:
        self._caps = caps
        self._gates: dict[str, _Gate] = {}
        self.refused = 0

    @property
    def running(self) -> int:
        return sum(gate.total for gate in self._gates.values())

    @property
    def queued(self) -> int:
        return sum(gate.queued for gate in self._gates.values())

    @asynccontextmanager
    async def turn(self, datasource_id: str, user_id: str) -> AsyncIterator[None]:
        """Hold a place on the datasource. Raises TooBusy when the queue is full or the wait too long."""
        gate = self._gates.setdefault(datasource_id, _Gate())
        await self._enter(gate, user_id)
        try:
            yield
        finally:
            self._leave(gate, user_id)
            if gate.total == 0 and gate.queued == 0:
                self._gates.pop(datasource_id, None)

    async def _enter(self, gate: _Gate, user_id: str) -> None:
        if self._may_run(gate, user_id) and user_id not in gate.waiting:
            self._seat(gate, user_id)
            return
        if gate.queued >= self._caps.queued:
            self.refused += 1
            raise TooBusy(
                "The datasource has too many queries waiting; try again in a moment", retry_after_seconds=5
            )
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        gate.waiting.setdefault(user_id, deque()).append(place)
        gate.queued += 1
        try:
            async with asyncio.timeout(self._caps.wait_ms / 1000):
                await place
        except BaseException as error:
            self._give_up(gate, user_id, place)
            if isinstance(error, TimeoutError):
                self.refused += 1
                raise TooBusy(
                    "The query waited too long for its turn; the datasource is busy", retry_after_seconds=10
                ) from error
            raise

    def _may_run(self, gate: _Gate, user_id: str) -> bool:
        return gate.total < self._caps.running and gate.running[user_id] < self._caps.running_per_user

    def _seat(self, gate: _Gate, user_id: str) -> None:
        gate.total += 1
        gate.running[user_id] += 1

    def _leave(self, gate: _Gate, user_id: str) -> None:
        gate.total -= 1
        gate.running[user_id] -= 1
        if not gate.running[user_id]:
            del gate.running[user_id]
        self._admit(gate)

    def _admit(self, gate: _Gate) -> None:
        """Give free places to waiting users in turn; a user at their own cap keeps their turn."""
        while gate.total < self._caps.running:
            user_id = next((one for one in gate.waiting if self._may_run(gate, one)), None)
            if user_id is None:
                return
            place = gate.waiting[user_id].popleft()
            self._forget(gate, user_id)
            if place.done():
                continue  # whoever waited was cancelled a moment ago and has not run since
            if user_id in gate.waiting:
                gate.waiting.move_to_end(user_id)
            self._seat(gate, user_id)
            place.set_result(None)

    def _give_up(self, gate: _Gate, user_id: str, place: asyncio.Future[None]) -> None:
        """Take back a place: one that was given at the last moment goes to the next in the queue."""
        if place.done() and not place.cancelled():
            self._leave(gate, user_id)
            return
        queue = gate.waiting.get(user_id)
        if queue is not None and place in queue:
            queue.remove(place)
            self._forget(gate, user_id)

    def _forget(self, gate: _Gate, user_id: str) -> None:
        gate.queued -= 1
        if not gate.waiting[user_id]:
            del gate.waiting[user_id]
