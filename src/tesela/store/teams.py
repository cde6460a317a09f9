"""Teams: users that share what they are given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from tesela.store.tables import grants, team_members, teams, users
from tesela.store.users import User, user_of
from tesela.store.work import Work, key_of


@dataclass(frozen=True, slots=True)
class Team:
    id: str
    tenant_id: str
    name: str
    created_at: dt.datetime
    description: str | None = None


class Teams:
    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, team: Team) -> Team:
        """Add a team. Raises Conflict when the name is taken."""
        self._work.write(
            insert(teams).values(
                id=team.id, tenant_id=team.tenant_id, created_at=team.created_at, **_values(team)
            ),
            taken=_taken(team),
        )
        self._work.changed("team", team.tenant_id, team.id)
        return team

    def get(self, tenant_id: str, team_id: str) -> Team | None:
        row = self._work.first(select(teams).where(teams.c.tenant_id == tenant_id, teams.c.id == team_id))
        return None if row is None else _team(row)

    def list(self, tenant_id: str) -> list[Team]:
        """Return the teams of a tenant by name."""
        found = self._work.rows(
            select(teams).where(teams.c.tenant_id == tenant_id).order_by(teams.c.name_key, teams.c.id)
        )
        return [_team(row) for row in found]

    def names(self, tenant_id: str, ids: Iterable[str]) -> dict[str, str]:
        """Return the names of those of `ids` that are teams of the tenant."""
        found = self._work.rows(
            select(teams.c.id, teams.c.name).where(teams.c.tenant_id == tenant_id, teams.c.id.in_(set(ids)))
        )
        return {row.id: row.name for row in found}

    def save(self, team: Team) -> Team:
        """Write a team's name and description. Raises Conflict when the name is taken."""
        self._work.write(
            update(teams)
            .where(teams.c.tenant_id == team.tenant_id, teams.c.id == team.id)
            .values(**_values(team)),
            taken=_taken(team),
        )
        self._work.changed("team", team.tenant_id, team.id)
        return team

    def of_user(self, tenant_id: str, user_id: str) -> frozenset[str]:
        """Return the ids of a user's teams."""
        found = self._work.rows(
            select(teams.c.id)
            .join(team_members, team_members.c.team_id == teams.c.id)
            .where(teams.c.tenant_id == tenant_id, team_members.c.user_id == user_id)
        )
        return frozenset(row.id for row in found)

    def members(self, tenant_id: str, team_id: str) -> Sequence[User]:
        """Return the members of a team by name."""
        found = self._work.rows(
            select(users)
            .join(team_members, team_members.c.user_id == users.c.id)
            .join(teams, teams.c.id == team_members.c.team_id)
            .where(teams.c.tenant_id == tenant_id, teams.c.id == team_id, users.c.tenant_id == tenant_id)
            .order_by(users.c.name, users.c.id)
        )
        return [user_of(row) for row in found]

    def counts(self, tenant_id: str) -> dict[str, int]:
        """Return how many members each team has; a team without any is not there."""
        found = self._work.rows(
            select(teams.c.id, func.count().label("number"))
            .join(team_members, team_members.c.team_id == teams.c.id)
            .where(teams.c.tenant_id == tenant_id)
            .group_by(teams.c.id)
        )
        return {row.id: row.number for row in found}

    def set_members(self, tenant_id: str, team_id: str, user_ids: frozenset[str]) -> None:
        """Replace the members of a team of the tenant."""
        if self.get(tenant_id, team_id) is None:
            return
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


def _values(team: Team) -> dict[str, Any]:
    return {"name": team.name, "name_key": key_of(team.name), "description": team.description}


def _taken(team: Team) -> str:
    return f"A team named {team.name} already exists"


def _team(row: Row[Any]) -> Team:
    return Team(row.id, row.tenant_id, row.name, row.created_at, row.description)
