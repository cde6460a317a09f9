"""What the server does by the clock: snapshots that are due, links that expire, and what is old and goes.

The loops run in the one server process, so there is one leader by construction. A loop logs an error and goes on.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import structlog

from tesela.errors import TeselaError
from tesela.features import audit, conversations, sharing, snapshots, uploads
from tesela.features.plans import AT_MOST_EVERY, Plan, plan_of
from tesela.features.revisions import prune_revisions
from tesela.features.snapshots import Camera

log = structlog.get_logger()

LOOK_SECONDS, EXPIRE_SECONDS, PRUNE_SECONDS = 5.0, 60.0, 3_600.0
READ_AT_ONCE = 200
"""Changed dashboards that are looked at in one round."""
RUNNING_AT_ONCE = 2
LONGEST_WAIT = dt.timedelta(hours=1)
"""Between two attempts at a snapshot that fails again and again."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What stays: revisions by number and age; files are the embedded datasources', uploads are on their way."""

    revisions: int
    revision_days: int
    files: Path
    uploads: Path
    audit_days: int = 365
    conversation_days: int = 90


class Jobs:
    """The loops of one server; `start` and `stop` belong to its life."""

    def __init__(self, camera: Camera, keeping: Keeping) -> None:
        self._camera = camera
        self._store = camera.store
        self._keeping = keeping
        self._loops: list[asyncio.Task[None]] = []
        self._running: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Semaphore(RUNNING_AT_ONCE)
        self._plans: dict[str, Plan] = {}
        self._unread: dict[str, str] | None = None
        self._changed_tenants: set[str] = set()
        self._failures: Counter[str] = Counter()
        self._not_before: dict[str, dt.datetime] = {}
        self._store.on_change(self._hear)

    def start(self) -> None:
        """Start the loops."""
        for name, seconds, work in (
            ("snapshots", LOOK_SECONDS, self.take_due),
            ("links", EXPIRE_SECONDS, self.end_links),
            ("pruning", PRUNE_SECONDS, self.prune),
        ):
            self._loops.append(asyncio.create_task(_forever(name, seconds, work)))

    async def stop(self) -> None:
        """Stop the loops and what they run."""
        tasks = [*self._loops, *self._running.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def take_due(self) -> None:
        """Start the snapshots that are due now. A dashboard has one at a time."""
        await self._read_plans()
        now = self._camera.clock()
        for id_, plan in self._plans.items():
            if plan.next_at <= now and id_ not in self._running and now >= self._not_before.get(id_, now):
                task = asyncio.create_task(self._take(plan))
                self._running[id_] = task
                task.add_done_callback(partial(self._done, id_))

    def _done(self, id_: str, task: asyncio.Task[None]) -> None:
        self._running.pop(id_, None)

    async def settled(self) -> None:
        """Wait for the snapshots that are being taken."""
        if self._running:
            await asyncio.wait(set(self._running.values()))

    async def end_links(self) -> None:
        """Switch the links off whose time is over."""
        if number := await sharing.end_expired(self._store):
            log.info("links_expired", number=number)

    async def prune(self) -> None:
        """Remove what is past its time."""
        keeping = self._keeping
        expired = await snapshots.prune_snapshots(self._store)
        revisions = await prune_revisions(
            self._store, keep=keeping.revisions, keep_days=keeping.revision_days
        )
        sessions = await self._store.write(lambda tx: tx.sessions.prune() + tx.login_links.prune())
        files = await uploads.prune_files(self._store, keeping.files, keeping.uploads, self._camera.clock())
        clock = self._camera.clock
        lines = await audit.prune_lines(self._store, clock, keep_days=keeping.audit_days)
        talks = await conversations.prune(self._store, clock, keep_days=keeping.conversation_days)
        log.info(
            "pruned",
            snapshots=expired,
            revisions=revisions,
            sessions=sessions,
            files=files,
            audit=lines,
            conversations=talks,
        )

    async def _read_plans(self) -> None:
        """Bring the plans up to what changed since the last round; in the first, read them all."""
        if self._unread is None:
            found = await self._store.read(lambda tx: tx.shares.kept_by_the_clock())
            self._unread = {dashboard_id: tenant_id for tenant_id, dashboard_id in found}
        elif self._changed_tenants:
            # A tenant that was suspended has no plans here: what it has is read again from the store.
            changed, self._changed_tenants = self._changed_tenants, set()
            found = await self._store.read(lambda tx: tx.shares.kept_by_the_clock())
            self._unread |= {id_: tenant_id for tenant_id, id_ in found if tenant_id in changed}
        for id_ in list(self._unread)[:READ_AT_ONCE]:
            now = self._camera.clock()
            plan = await plan_of(self._store, self._unread.pop(id_), id_, now)
            if plan is not None:
                self._plans[id_] = plan.after(self._plans.get(id_), now)
                continue
            self._plans.pop(id_, None)
            self._failures.pop(id_, None)
            self._not_before.pop(id_, None)

    async def _take(self, planned: Plan) -> None:
        """Take one snapshot, if it is still due; after a failure, wait longer each time."""
        try:
            async with self._turn:
                is_taken = await self._taken(planned)
        except TeselaError as error:
            is_taken = False
            log.warning(
                "snapshot_failed", dashboard=planned.dashboard_id, why=error.private or error.sentence
            )
        except Exception:
            is_taken = False
            log.exception("snapshot_failed", dashboard=planned.dashboard_id)
        self._note(planned, is_taken=is_taken)

    async def _taken(self, planned: Plan) -> bool:
        """Take a snapshot and return whether it was; also true when there is nothing left to do."""
        tenant_id, id_, now = planned.tenant_id, planned.dashboard_id, self._camera.clock()
        plan = await plan_of(self._store, tenant_id, id_, now)
        plan = plan and plan.after(planned, now)
        dashboard = await self._store.read(lambda tx: tx.dashboards.get(tenant_id, id_))
        if plan is None or plan.next_at > now or dashboard is None:
            return True
        is_refresh = not plan.is_scheduled(now)
        return await snapshots.refresh(self._camera, dashboard, is_refresh=is_refresh) is not None

    def _note(self, planned: Plan, *, is_taken: bool) -> None:
        id_ = planned.dashboard_id
        if is_taken:
            self._plans.pop(id_, None)
        self._failures[id_] = 0 if is_taken else min(self._failures[id_] + 1, 10)
        self._not_before[id_] = self._camera.clock() + min(
            AT_MOST_EVERY * 2 ** self._failures[id_], LONGEST_WAIT
        )
        self._look_again(id_, planned.tenant_id)

    def _look_again(self, id_: str, tenant_id: str) -> None:
        if self._unread is not None:
            self._unread[id_] = tenant_id

    def _hear(self, kind: str, tenant_id: str, id: str) -> None:  # noqa: A002
        """Look again at the plan of what changed."""
        if kind in ("dashboard", "snapshot"):
            self._look_again(id, tenant_id)
        elif kind == "tenant":
            self._changed_tenants.add(tenant_id)
            for plan in self._plans.values():
                if plan.tenant_id == tenant_id:
                    self._look_again(plan.dashboard_id, tenant_id)


async def _forever(name: str, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Exception:
            log.exception("job_failed", job=name)
