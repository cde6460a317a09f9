"""When the clock takes the next snapshot of a dashboard: read off what is stored, so that a restart changes nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from tesela.features.schedules import schedule_of
from tesela.model.dashboard import Dashboard
from tesela.model.snapshot import Share, Snapshot
from tesela.store import Store, Tx

AT_MOST_EVERY = dt.timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Plan:
    """What comes next for one dashboard. refresh_at: of its public page. scheduled_at: of its own schedule."""

    tenant_id: str
    dashboard_id: str
    refresh_at: dt.datetime | None
    scheduled_at: dt.datetime | None

    @property
    def next_at(self) -> dt.datetime:
        return min(at for at in (self.refresh_at, self.scheduled_at) if at is not None)

    def is_scheduled(self, now: dt.datetime) -> bool:
        """Return whether it is the schedule that is due; its snapshot is kept, and serves as a refresh too."""
        return self.scheduled_at is not None and self.scheduled_at <= now

    def after(self, former: Plan | None, now: dt.datetime) -> Plan:
        """Return this plan with what was due in the former one, so that a change does not skip a run."""
        if former is None or not former.is_scheduled(now) or self.scheduled_at is None:
            return self
        return replace(self, scheduled_at=former.scheduled_at)


async def plan_of(store: Store, tenant_id: str, dashboard_id: str, now: dt.datetime) -> Plan | None:
    """Return the plan of a dashboard; None for one that the clock leaves alone.

    A schedule counts from its last snapshot, so that a run missed while the server was down is made up for once.
    """

    def read(tx: Tx) -> Plan | None:
        tenant, dashboard = tx.tenants.get(tenant_id), tx.dashboards.get(tenant_id, dashboard_id)
        if tenant is None or tenant.suspended_at is not None or dashboard is None or dashboard.is_archived:
            return None
        share = tx.shares.of(tenant_id, dashboard_id)
        refresh_at = _refresh_at(dashboard, share, tx.snapshots.newest(tenant_id, dashboard_id), now)
        schedule = schedule_of(dashboard.document)
        last = tx.snapshots.last_scheduled(tenant_id, dashboard_id) if schedule else None
        scheduled_at = schedule.next_after(last or now) if schedule else None
        if refresh_at is None and scheduled_at is None:
            return None
        return Plan(tenant_id, dashboard_id, refresh_at, scheduled_at)

    return await store.read(read)


def _refresh_at(
    dashboard: Dashboard, share: Share | None, newest: Snapshot | None, now: dt.datetime
) -> dt.datetime | None:
    """Return when the public page is due: a minute after a change, else at the dashboard's own interval."""
    if share is None or (share.expires_at is not None and share.expires_at <= now):
        return None
    if newest is None:
        return now
    if newest.revision < dashboard.version:
        return newest.created_at + AT_MOST_EVERY
    seconds = dashboard.document.refresh_interval_seconds
    if seconds is None:
        return None
    return newest.created_at + max(AT_MOST_EVERY, dt.timedelta(seconds=seconds))
