"""/api/teams and /api/people: whom one can share with. Admins make teams; everybody else only looks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from tesela.errors import BadRequest
from tesela.features import checks, teams
from tesela.http.deps import AccessDep, CallerDep, ClockDep, StoreDep
from tesela.http.web import Answer, Body, StrictJsonRoute
from tesela.model.caller import Caller, Role
from tesela.store import Store, Team, User

router = APIRouter(prefix="/api/teams", tags=["teams"], route_class=StrictJsonRoute)
people_router = APIRouter(prefix="/api/people", tags=["teams"], route_class=StrictJsonRoute)


class TeamCreate(Body):
    name: str
    description: str | None = None


class TeamUpdate(Body):
    """Only what is sent is changed."""

    name: str | None = None
    description: str | None = None


class MembersBody(Body):
    user_ids: list[str] = Field(max_length=teams.MAX_MEMBERS)


class TeamItem(Answer):
    id: str
    name: str
    description: str | None
    created_at: dt.datetime
    member_count: int
    is_member: bool
    """Whether the caller is in it."""


class TeamMember(Answer):
    id: str
    name: str
    role: Role
    is_active: bool
    email: str | None
    """Null for a caller who is no admin."""


class TeamOut(TeamItem):
    members: list[TeamMember]
    """By name."""


class PersonOut(Answer):
    id: str
    name: str
    email: str | None
    """Null for a caller who is no admin."""


@router.get("", operation_id="list_teams")
async def list_all(store: StoreDep, caller: CallerDep) -> list[TeamItem]:
    """List the teams of the tenant by name; a viewer sees their own."""
    return [
        _item(one.team, one.member_count, is_member=one.is_member)
        for one in await teams.list_teams(store, caller)
    ]


@router.post("", status_code=201, operation_id="create_team")
async def create(
    body: TeamCreate, store: StoreDep, access: AccessDep, caller: CallerDep, clock: ClockDep
) -> TeamOut:
    """Add a team without members."""
    made = await teams.create_team(store, access, caller, clock, name=body.name, description=body.description)
    return _out(caller, made, [])


@router.get("/{team_id}", operation_id="get_team")
async def get(team_id: str, store: StoreDep, caller: CallerDep) -> TeamOut:
    """Return a team with its members."""
    return await _shown(store, caller, team_id)


@router.put("/{team_id}", operation_id="update_team")
async def update(
    team_id: str, body: TeamUpdate, store: StoreDep, access: AccessDep, caller: CallerDep
) -> TeamOut:
    """Change the members that are sent."""
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    await teams.update_team(store, access, caller, team_id, changes)
    return await _shown(store, caller, team_id)


@router.delete("/{team_id}", status_code=204, operation_id="delete_team")
async def delete(team_id: str, store: StoreDep, access: AccessDep, caller: CallerDep) -> None:
    """Delete a team and take back what was shared with it."""
    await teams.delete_team(store, access, caller, team_id)


@router.put("/{team_id}/members", operation_id="set_team_members")
async def set_members(
    team_id: str, body: MembersBody, store: StoreDep, access: AccessDep, caller: CallerDep
) -> TeamOut:
    """Replace the members."""
    await teams.set_members(store, access, caller, team_id, body.user_ids)
    return await _shown(store, caller, team_id)


@router.post("/{team_id}/members/{user_id}", operation_id="add_team_member")
async def add_member(
    team_id: str, user_id: str, store: StoreDep, access: AccessDep, caller: CallerDep
) -> TeamOut:
    """Let a user in; one who is in already stays."""
    await teams.put_member(store, access, caller, team_id, user_id, is_member=True)
    return await _shown(store, caller, team_id)


@router.delete("/{team_id}/members/{user_id}", status_code=204, operation_id="remove_team_member")
async def remove_member(
    team_id: str, user_id: str, store: StoreDep, access: AccessDep, caller: CallerDep
) -> None:
    """Let a user out."""
    await teams.put_member(store, access, caller, team_id, user_id, is_member=False)


@people_router.get("", operation_id="find_people")
async def find_people(
    store: StoreDep,
    caller: CallerDep,
    search: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[PersonOut]:
    """Find active users of the tenant to share with."""
    if search is not None and (len(search) > checks.NAME_LENGTH or "\x00" in search):
        raise BadRequest(f"search must be text of at most {checks.NAME_LENGTH} characters")
    found = await teams.find_people(store, caller, search=search, limit=limit)
    return [PersonOut(id=one.id, name=one.name, email=one.email) for one in found]


async def _shown(store: Store, caller: Caller, team_id: str) -> TeamOut:
    return _out(caller, *await teams.get_team(store, caller, team_id))


def _item(team: Team, member_count: int, *, is_member: bool) -> TeamItem:
    return TeamItem(
        id=team.id,
        name=team.name,
        description=team.description,
        created_at=team.created_at,
        member_count=member_count,
        is_member=is_member,
    )


def _out(caller: Caller, team: Team, members: Sequence[User]) -> TeamOut:
    is_member = any(user.id == caller.user_id for user in members)
    item = _item(team, len(members), is_member=is_member)
    return TeamOut(
        **item.model_dump(),
        members=[
            TeamMember(
                id=user.id,
                name=user.name,
                role=user.role,
                is_active=user.is_active,
                email=user.email if caller.is_admin else None,
            )
            for user in members
        ],
    )
