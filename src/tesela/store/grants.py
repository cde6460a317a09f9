"""Grants: who was given which right on what. What a right allows is decided in `features/access`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row, delete, insert, select

from tesela.store.tables import dashboards, grants
from tesela.store.work import Work

ObjectKind = Literal["dashboard", "datasource", "workspace"]
GranteeKind = Literal["user", "team"]
Right = Literal["view", "use", "edit", "own"]


@dataclass(frozen=True, slots=True)
class Grant:
    object_kind: ObjectKind
    object_id: str
    grantee_kind: GranteeKind
    grantee_id: str
    right: Right


class Grants:
    def __init__(self, work: Work) -> None:
        self._work = work

    def of(self, tenant_id: str, object_kind: ObjectKind, object_id: str) -> list[Grant]:
        """Return the grants on one object."""
        return self.of_many(tenant_id, object_kind, [object_id])

    def of_many(self, tenant_id: str, object_kind: ObjectKind, ids: Iterable[str]) -> list[Grant]:
        """Return the grants on several objects of a kind."""
        found = self._work.rows(
            select(grants)
            .where(
                grants.c.tenant_id == tenant_id,
                grants.c.object_kind == object_kind,
                grants.c.object_id.in_(set(ids)),
            )
            .order_by(grants.c.object_id, grants.c.grantee_kind, grants.c.grantee_id)
        )
        return [_grant(row) for row in found]

    def on_dashboard(self, tenant_id: str, dashboard_id: str) -> list[Grant]:
        """Return the grants on a dashboard and on its workspace."""
        workspace = (
            select(dashboards.c.workspace_id)
            .where(dashboards.c.tenant_id == tenant_id, dashboards.c.id == dashboard_id)
            .scalar_subquery()
        )
        found = self._work.rows(
            select(grants).where(
                grants.c.tenant_id == tenant_id,
                ((grants.c.object_kind == "dashboard") & (grants.c.object_id == dashboard_id))
                | ((grants.c.object_kind == "workspace") & (grants.c.object_id == workspace)),
            )
        )
        return [_grant(row) for row in found]

    def to(
        self, tenant_id: str, object_kind: ObjectKind, *, user_id: str, team_ids: frozenset[str]
    ) -> list[Grant]:
        """Return the grants on objects of a kind that reach a user, directly or by a team."""
        found = self._work.rows(
            select(grants).where(
                grants.c.tenant_id == tenant_id,
                grants.c.object_kind == object_kind,
                reaches(user_id, team_ids),
            )
        )
        return [_grant(row) for row in found]

    def replace(
        self, tenant_id: str, object_kind: ObjectKind, object_id: str, given: Iterable[Grant]
    ) -> None:
        """Make `given` the only grants on one object."""
        self._work.write(
            delete(grants).where(
                grants.c.tenant_id == tenant_id,
                grants.c.object_kind == object_kind,
                grants.c.object_id == object_id,
            )
        )
        for grant in given:
            self._work.write(
                insert(grants).values(
                    object_kind=object_kind,
                    object_id=object_id,
                    grantee_kind=grant.grantee_kind,
                    grantee_id=grant.grantee_id,
                    tenant_id=tenant_id,
                    right=grant.right,
                    created_at=self._work.now(),
                )
            )
        self._work.changed("grant", tenant_id, object_id)


def reaches(user_id: str, team_ids: frozenset[str]) -> Any:
    """Return the condition that a grant is the user's or one of the teams'."""
    mine = (grants.c.grantee_kind == "user") & (grants.c.grantee_id == user_id)
    if not team_ids:
        return mine
    return mine | ((grants.c.grantee_kind == "team") & grants.c.grantee_id.in_(sorted(team_ids)))


def _grant(row: Row[Any]) -> Grant:
    return Grant(row.object_kind, row.object_id, row.grantee_kind, row.grantee_id, row.right)
