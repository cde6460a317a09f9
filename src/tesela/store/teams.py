"""Teams: users that share what they are given."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from tesela.store.tables import grants, team_members, teams
from tesela.store.work import Work, key_of


@dataclass(frozen=True, slots=True)
class Team:
    id: str
    tenant_id: str
    name: str
    created_at: dt.datetime


class Teams:
    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, team: Team) -> Team:
        """Add a team. Raises Conflict when the name is taken."""
        self._work.write(
            insert(teams).values(
                id=team.id,
                tenant_id=team.tenant_id,
                name=team.name,
                name_key=key_of(team.name),
                created_at=team.created_at,
            ),
            taken=f"A team named {team.name} already exists",
        )
        self._work.changed("team", team.tenant_id, team.id)
        return team

    def list(self, tenant_id: str) -> list[Team]:
        """Return the teams of a tenant by name."""
        found = self._work.rows(
            select(teams).where(teams.c.tenant_id == tenant_id).order_by(teams.c.name_key, teams.c.id)
        )
        return [Team(row.id, row.tenant_id, row.name, row.created_at) for row in found]

    def of_user(self, tenant_id: str, user_id: str) -> frozenset[str]:
        """Return the ids of a user's teams."""
        found = self._work.rows(
            select(teams.c.id)
            .join(team_members, team_members.c.team_id == teams.c.id)
            .where(teams.c.tenant_id == tenant_id, team_members.c.user_id == user_id)
        )
        return frozenset(row.id for row in found)

    def set_members(self, tenant_id: str, team_id: str, user_ids: frozenset[str]) -> None:
        """Replace the members of a team of the tenant."""
        self._work.write(delete(team_members).where(team_members.c.team_id == team_id))
        for user_id in sorted(user_ids):
            self._work.write(insert(team_members).values(team_id=team_id, user_id=user_id))
        self._work.changed("team", tenant_id, team_id)

    def delete(self, tenant_id: str, team_id: str) -> bool:
        """Remove a team and what it was granted."""
        gone = self._work.write(delete(teams).where(teams.c.tenant_id == tenant_id, teams.c.id == team_id))
        self._work.write(
            delete(grants).where(
                grants.c.tenant_id == tenant_id,
                grants.c.grantee_kind == "team",
                grants.c.grantee_id == team_id,
            )
        )
        self._work.changed("team", tenant_id, team_id)
        return gone == 1
