"""Whose eyes a list of dashboards is read with: the rule of `features/rights`, in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from tesela.store.grants import reaches
from tesela.store.tables import dashboards, grants, team_members


@dataclass(frozen=True, slots=True)
class Visibility:
    """Whose eyes a list is read with. everything: an admin's."""

    user_id: str
    team_ids: frozenset[str] = frozenset()
    everything: bool = False

    def condition(self, tenant_id: str) -> ColumnElement[bool]:
        """Return what a visible dashboard meets; the same rule as `features/access`, in SQL."""
        if self.everything:
            return true()
        ways = [
            dashboards.c.owner_id == self.user_id,
            dashboards.c.audience == "tenant",
            dashboards.c.id.in_(self._granted(tenant_id, "dashboard")),
            dashboards.c.workspace_id.in_(self._granted(tenant_id, "workspace")),
        ]
        if self.team_ids:
            mates = select(team_members.c.user_id).where(team_members.c.team_id.in_(sorted(self.team_ids)))
            ways.append(and_(dashboards.c.audience == "team", dashboards.c.owner_id.in_(mates)))
        return or_(*ways)

    def _granted(self, tenant_id: str, object_kind: str) -> Select[Any]:
        return select(grants.c.object_id).where(
            grants.c.tenant_id == tenant_id,
            grants.c.object_kind == object_kind,
            reaches(self.user_id, self.team_ids),
        )
