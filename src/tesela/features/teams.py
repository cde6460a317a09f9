"""Teams: who belongs together, for sharing and for row policies. Admins make them; editors see them to share."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tesela.errors import BadRequest, Conflict, Forbidden, NotFound
from tesela.features import checks
from tesela.features.access import Access
from tesela.model.caller import Caller
from tesela.store import Store, Team, Tx, User

Clock = Callable[[], dt.datetime]

MISSING = "Team not found"
DESCRIPTION_LENGTH = 2_000
MAX_MEMBERS = 10_000
_ID = re.compile(r"[\x21-\x7e]{1,100}")


@dataclass(frozen=True, slots=True)
class Listed:
    """A team as lists show it. is_member: whether the caller is in it."""

    team: Team
    member_count: int
    is_member: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to share with. email: None for a caller who is no admin."""

    id: str
    name: str
    email: str | None


async def list_teams(store: Store, caller: Caller) -> list[Listed]:
    """Return the tenant's teams by name; to a viewer, who shares nothing, only their own."""

    def read(tx: Tx) -> list[Listed]:
        counts = tx.teams.counts(caller.tenant_id)
        return [
            Listed(team, counts.get(team.id, 0), team.id in caller.team_ids)
            for team in tx.teams.list(caller.tenant_id)
        ]

    found = await store.read(read)
    return [one for one in found if one.is_member or caller.role != "viewer"]


async def get_team(store: Store, caller: Caller, team_id: str) -> tuple[Team, Sequence[User]]:
    """Return a team with its members by name. Raises NotFound, to a viewer also for teams of others."""
    if caller.role == "viewer" and team_id not in caller.team_ids:
        raise NotFound(MISSING)
    return await store.read(
        lambda tx: (_team(tx, caller.tenant_id, team_id), tx.teams.members(caller.tenant_id, team_id))
    )


async def create_team(
    store: Store, access: Access, caller: Caller, clock: Clock, *, name: str | None, description: str | None
) -> Team:
    """Return a new team without members. Raises Forbidden, BadRequest, Conflict."""
    access.require_admin(caller)
    team = Team(
        f"team-{uuid.uuid4()}",
        caller.tenant_id,
        checks.name(name, "name"),
        clock(),
        checks.text(description, "description", at_most=DESCRIPTION_LENGTH),
    )
    return await store.write(lambda tx: tx.teams.add(team))


async def update_team(
    store: Store, access: Access, caller: Caller, team_id: str, changes: Mapping[str, Any]
) -> Team:
    """Return the team with `changes` (name, description) made.

    Raises Forbidden, NotFound, BadRequest, Conflict.
    """
    access.require_admin(caller)
    wanted: dict[str, Any] = {}
    if "name" in changes:
        wanted["name"] = checks.name(changes["name"], "name")
    if "description" in changes:
        text = changes["description"]
        wanted["description"] = checks.text(text, "description", at_most=DESCRIPTION_LENGTH)
    return await store.write(
        lambda tx: tx.teams.save(replace(_team(tx, caller.tenant_id, team_id), **wanted))
    )


async def delete_team(store: Store, access: Access, caller: Caller, team_id: str) -> None:
    """Remove a team; what was shared with it is shared no more.

    Raises Forbidden, NotFound; Conflict while a row policy is about the team, which would bind nobody then.
    """
    access.require_admin(caller)

    def write(tx: Tx) -> None:
        team = _team(tx, caller.tenant_id, team_id)
        held = [one.name for one in tx.policies.list(caller.tenant_id) if team.id in one.team_ids]
        if held:
            raise Conflict(f"The row policy {held[0]} is about this team: change the policy first")
        tx.teams.delete(caller.tenant_id, team.id)

    await store.write(write)


async def set_members(
    store: Store, access: Access, caller: Caller, team_id: str, user_ids: Collection[str]
) -> None:
    """Make these users, all of the tenant, the members. Raises Forbidden, NotFound, BadRequest."""
    access.require_admin(caller)
    if len(user_ids) > MAX_MEMBERS:
        raise BadRequest(f"user_ids may be at most {MAX_MEMBERS}")

    def write(tx: Tx) -> None:
        _team(tx, caller.tenant_id, team_id)
        wanted = frozenset(user_ids)
        known = tx.users.names(caller.tenant_id, {one for one in wanted if _ID.fullmatch(one)})
        if len(known) < len(wanted):
            unknown = min(wanted - known.keys())
            raise BadRequest(f"user_ids: there is no user with the id {unknown[:100]!a}")
        tx.teams.set_members(caller.tenant_id, team_id, wanted)

    await store.write(write)


async def put_member(
    store: Store, access: Access, caller: Caller, team_id: str, user_id: str, *, is_member: bool
) -> None:
    """Let a user into a team, or out of it; one who is there already stays.

    Raises Forbidden; NotFound for an unknown team, for an unknown user and for taking out who is not in it.
    """
    access.require_admin(caller)

    def write(tx: Tx) -> None:
        _team(tx, caller.tenant_id, team_id)
        if not _ID.fullmatch(user_id) or tx.users.get(caller.tenant_id, user_id) is None:
            raise NotFound("User not found")
        now = frozenset(member.id for member in tx.teams.members(caller.tenant_id, team_id))
        if not is_member and user_id not in now:
            raise NotFound("This user is not in the team")
        wanted = now | {user_id} if is_member else now - {user_id}
        if len(wanted) > MAX_MEMBERS:
            raise BadRequest(f"A team has at most {MAX_MEMBERS} members")
        if wanted != now:
            tx.teams.set_members(caller.tenant_id, team_id, wanted)

    await store.write(write)


async def find_people(store: Store, caller: Caller, *, search: str | None, limit: int) -> list[Person]:
    """Return active users of the tenant whose name holds `search`, by name; e-mails only for admins.

    An admin's search looks at addresses too. Raises Forbidden for a viewer, who shares nothing: a tenant's
    viewers may be each other's competitors.
    """
    if caller.role == "viewer":
        raise Forbidden(
            "Viewers share nothing and so may not look people up: ask an admin for the editor role"
        )
    found = await store.read(
        lambda tx: tx.users.search(
            caller.tenant_id, (search or "").strip(), by_email=caller.is_admin, limit=limit
        )
    )
    return [Person(user.id, user.name, user.email if caller.is_admin else None) for user in found]


def _team(tx: Tx, tenant_id: str, team_id: str) -> Team:
    found = tx.teams.get(tenant_id, team_id) if _ID.fullmatch(team_id) else None
    if found is None:
        raise NotFound(MISSING)
    return found
