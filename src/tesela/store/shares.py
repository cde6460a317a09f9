"""Links of dashboards: found by the hash of their token, which is also kept encrypted for the owner to copy.

They stand in the dashboard's row. `dashboards.link` says that the link is on, and is written by `Dashboards.save`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Row, or_, select, update

from tesela.model.snapshot import Share
from tesela.store.secrets import BadSecrets
from tesela.store.tables import dashboard_uses, dashboards, tenants
from tesela.store.work import Work

COLUMNS = (
    dashboards.c.id,
    dashboards.c.tenant_id,
    dashboards.c.share_token_hash,
    dashboards.c.share_expires_at,
    dashboards.c.share_password_hash,
)


class Shares:
    def __init__(self, work: Work) -> None:
        self._work = work

    def find(self, token_hash: str) -> Share | None:
        """Return the link of a token when it is on and good now; None for every other token alike."""
        row = self._work.first(
            select(*COLUMNS)
            .join(tenants, tenants.c.id == dashboards.c.tenant_id)
            .where(
                dashboards.c.share_token_hash == token_hash,
                dashboards.c.link,
                dashboards.c.is_archived.is_(False),
                tenants.c.suspended_at.is_(None),
                or_(
                    dashboards.c.share_expires_at.is_(None),
                    dashboards.c.share_expires_at > self._work.now(),
                ),
            )
        )
        return None if row is None else _share(row)

    def of(self, tenant_id: str, dashboard_id: str) -> Share | None:
        """Return the link of a dashboard, expired or not; None when it is off."""
        row = self._work.first(
            select(*COLUMNS).where(
                dashboards.c.tenant_id == tenant_id,
                dashboards.c.id == dashboard_id,
                dashboards.c.link,
                dashboards.c.share_token_hash.is_not(None),
            )
        )
        return None if row is None else _share(row)

    def token(self, tenant_id: str, dashboard_id: str) -> str | None:
        """Return the token of a dashboard's link in the clear; None when it is off, or its key was lost."""
        sealed = self._work.value(
            select(dashboards.c.share_token_enc).where(
                dashboards.c.tenant_id == tenant_id, dashboards.c.id == dashboard_id, dashboards.c.link
            )
        )
        if sealed is None:
            return None
        try:
            return self._work.keys.decrypt(sealed, bound_to=_place(dashboard_id))
        except BadSecrets:
            return None

    def put(self, share: Share, token: str | None = None) -> None:
        """Write a dashboard's link. token: a new one in the clear; None leaves the one that there is."""
        values: dict[str, Any] = {
            "share_expires_at": share.expires_at,
            "share_password_hash": share.password_hash,
        }
        if token is not None:
            values["share_token_hash"] = share.token_hash
            values["share_token_enc"] = self._work.keys.encrypt(token, bound_to=_place(share.dashboard_id))
        self._write(share.tenant_id, share.dashboard_id, values)

    def clear(self, tenant_id: str, dashboard_id: str) -> None:
        """Destroy a dashboard's token, password and expiry."""
        self._write(
            tenant_id,
            dashboard_id,
            {
                "share_token_hash": None,
                "share_token_enc": None,
                "share_expires_at": None,
                "share_password_hash": None,
            },
        )

    def expired(self) -> list[tuple[str, str]]:
        """Return tenant and id of the dashboards whose link is on but past its time."""
        found = self._work.rows(
            select(dashboards.c.tenant_id, dashboards.c.id).where(
                dashboards.c.link,
                dashboards.c.share_expires_at.is_not(None),
                dashboards.c.share_expires_at <= self._work.now(),
            )
        )
        return [(row.tenant_id, row.id) for row in found]

    def kept_by_the_clock(self) -> set[tuple[str, str]]:
        """Return tenant and id of the dashboards that are shared or have a schedule."""
        shared = select(dashboards.c.tenant_id, dashboards.c.id).where(
            dashboards.c.share_token_hash.is_not(None)
        )
        scheduled = select(dashboard_uses.c.tenant_id, dashboard_uses.c.dashboard_id.label("id")).where(
            dashboard_uses.c.kind == "schedule"
        )
        return {(row.tenant_id, row.id) for one in (shared, scheduled) for row in self._work.rows(one)}

    def _write(self, tenant_id: str, dashboard_id: str, values: dict[str, Any]) -> None:
        self._work.write(
            update(dashboards)
            .where(dashboards.c.tenant_id == tenant_id, dashboards.c.id == dashboard_id)
            .values(**values)
        )
        self._work.changed("snapshot", tenant_id, dashboard_id)


def _place(dashboard_id: str) -> str:
    return f"share:{dashboard_id}"


def _share(row: Row[Any]) -> Share:
    expires_at: dt.datetime | None = row.share_expires_at
    return Share(row.tenant_id, row.id, row.share_token_hash, expires_at, row.share_password_hash)
