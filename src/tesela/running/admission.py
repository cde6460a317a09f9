"""Who may run now: caps per datasource, user and tenant, turns taken fairly, refusals that say why."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tesela.errors import TooBusy

CapOf = Callable[[str], Awaitable[int | None]]
"""(tenant_id) -> how many queries of the tenant may run at a time; None: as many as its datasources let."""

QUEUE_FULL = "The datasource has too many queries waiting; try again in a moment"
TOO_LONG = "The query waited too long for its turn; the datasource is busy"
TENANT_FULL = "Too many queries of this tenant are waiting; try again in a moment"
TENANT_TOO_LONG = "The query waited too long for its turn: as many of this tenant's run as it may have"


@dataclass(frozen=True, slots=True)
class Caps:
    """running, running_per_user, queued: queries of one datasource; wait_ms: the longest wait for a turn."""

    running: int = 4
    running_per_user: int = 2
    queued: int = 200
    wait_ms: int = 30_000


@dataclass(slots=True)
class _Gate:
    """One datasource or tenant: who runs, and who waits (user -> turns, users in the order of their next turn)."""

    at_most: int
    per_user: int
    full: str
    too_long: str
    running: Counter[str] = field(default_factory=Counter)
    total: int = 0
    waiting: OrderedDict[str, deque[asyncio.Future[None]]] = field(default_factory=OrderedDict)
    queued: int = 0

    @property
    def is_idle(self) -> bool:
        return self.total == 0 and self.queued == 0


async def _no_cap(tenant_id: str) -> int | None:
    return None


class Admission:
    """The gates of all datasources and tenants. Waiting users take turns, whoever queued how much."""

    def __init__(self, caps: Caps, cap_of_tenant: CapOf = _no_cap) -> None:
        self._caps = caps
        self._cap_of_tenant = cap_of_tenant
        self._gates: dict[str, _Gate] = {}
        self._tenants: dict[str, _Gate] = {}
        self.refused = 0

    @property
    def running(self) -> int:
        return sum(gate.total for gate in self._gates.values()) - self._waiting_for_tenants

    @property
    def queued(self) -> int:
        return sum(gate.queued for gate in self._gates.values()) + self._waiting_for_tenants

    @property
    def _waiting_for_tenants(self) -> int:
        return sum(gate.queued for gate in self._tenants.values())

    @asynccontextmanager
    async def turn(self, tenant_id: str, datasource_id: str, user_id: str) -> AsyncIterator[None]:
        """Hold a place on the datasource, and one of the tenant's where it has a cap.

        Raises TooBusy when a queue is full or the wait too long. The place on the datasource comes first: who
        waits for a busy datasource keeps nobody from another one of the same tenant.
        """
        deadline = asyncio.get_running_loop().time() + self._caps.wait_ms / 1000
        cap = await self._cap_of_tenant(tenant_id)
        caps = self._caps
        gate = self._gates.setdefault(
            datasource_id, _Gate(caps.running, caps.running_per_user, QUEUE_FULL, TOO_LONG)
        )
        async with self._place(self._gates, datasource_id, gate, user_id, deadline):
            if cap is None:
                yield
                return
            shared = self._tenants.setdefault(tenant_id, _Gate(cap, cap, TENANT_FULL, TENANT_TOO_LONG))
            shared.at_most = shared.per_user = cap
            async with self._place(self._tenants, tenant_id, shared, user_id, deadline):
                yield

    @asynccontextmanager
    async def _place(
        self, gates: dict[str, _Gate], name: str, gate: _Gate, user_id: str, deadline: float
    ) -> AsyncIterator[None]:
        try:
            await self._enter(gate, user_id, deadline)
            try:
                yield
            finally:
                self._leave(gate, user_id)
        finally:
            if gate.is_idle and gates.get(name) is gate:
                del gates[name]

    async def _enter(self, gate: _Gate, user_id: str, deadline: float) -> None:
        if _may_run(gate, user_id) and user_id not in gate.waiting:
            _seat(gate, user_id)
            return
        if gate.queued >= self._caps.queued:
            self.refused += 1
            raise TooBusy(gate.full, retry_after_seconds=5)
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        gate.waiting.setdefault(user_id, deque()).append(place)
        gate.queued += 1
        try:
            async with asyncio.timeout_at(deadline):
                await place
        except BaseException as error:
            self._give_up(gate, user_id, place)
            if isinstance(error, TimeoutError):
                self.refused += 1
                raise TooBusy(gate.too_long, retry_after_seconds=10) from error
            raise

    def _leave(self, gate: _Gate, user_id: str) -> None:
        gate.total -= 1
        gate.running[user_id] -= 1
        if not gate.running[user_id]:
            del gate.running[user_id]
        self._admit(gate)

    def _admit(self, gate: _Gate) -> None:
        """Give free places to waiting users in turn; a user at their own cap keeps their turn."""
        while gate.total < gate.at_most:
            user_id = next((one for one in gate.waiting if _may_run(gate, one)), None)
            if user_id is None:
                return
            place = gate.waiting[user_id].popleft()
            self._forget(gate, user_id)
            if place.done():
                continue  # whoever waited was cancelled a moment ago and has not run since
            if user_id in gate.waiting:
                gate.waiting.move_to_end(user_id)
            _seat(gate, user_id)
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


def _may_run(gate: _Gate, user_id: str) -> bool:
    return gate.total < gate.at_most and gate.running[user_id] < gate.per_user


def _seat(gate: _Gate, user_id: str) -> None:
    gate.total += 1
    gate.running[user_id] += 1
