"""A user as one who asks: role, teams and attributes, from which rights and row policies follow."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Literal

from tesela.model.caller import Caller, Lock
from tesela.model.policy import Reader
from tesela.store import Store, Tx, User


def caller_of(
    tx: Tx, user: User, *, via: Literal["session", "key", "jwt"] = "session", locked: tuple[Lock, ...] = ()
) -> Caller:
    """Return the user as a caller, with their teams and the row policies that hold for them.

    locked: the filters that their token fixes. Who has some is a viewer, whatever role the user has: whoever
    writes SQL could look around a filter.
    """
    if locked:
        user = replace(user, role="viewer")
    team_ids = tx.teams.of_user(user.tenant_id, user.id)
    attributes = MappingProxyType(dict(user.attributes))
    reader = Reader(user.id, user.email, user.role, team_ids, attributes)
    return Caller(
        user_id=user.id,
        tenant_id=user.tenant_id,
        role=user.role,
        email=user.email,
        name=user.name,
        via=via,
        attributes=attributes,
        team_ids=team_ids,
        locked=locked,
        rules=tx.policies.rules_of(user.tenant_id, reader),
    )


async def stored_caller(store: Store, tenant_id: str, user_id: str) -> tuple[Caller, bool] | None:
    """Return a user as a caller, for work that is done in their name, and whether the account is active."""

    def read(tx: Tx) -> tuple[Caller, bool] | None:
        user = tx.users.get(tenant_id, user_id)
        if user is None:
            return None
        return caller_of(tx, user), user.is_active

    return await store.read(read)
