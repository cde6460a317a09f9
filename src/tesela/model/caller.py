"""Who is asking."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from tesela.model.policy import NO_RULES, Attributes, Rules
from tesela.model.statement import Scalar

Role = Literal["viewer", "editor", "admin"]
ROLES: tuple[Role, ...] = ("viewer", "editor", "admin")
"""From the least to the most."""


Lock = tuple[str, tuple[Scalar, ...]]
"""The name of a filter, or of a column where the dashboard has no such filter, and its values."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified user of one tenant. Everything here comes from a verified token, never from the request.

    locked: filters that the token fixes, by name, each with the only values that this caller ever sees.
    attributes: what row policies and `${user.<attribute>}` may use; a text or a list of texts each.
    via: how they came in; `session` (cookie), `key` (API key) or `jwt` (outside issuer).
    rules: the row policies that hold for them. Only `features/callers` makes callers, so that none is forgotten.
    """

    user_id: str
    tenant_id: str
    role: Role
    email: str
    name: str
    via: Literal["session", "key", "jwt"] = "session"
    attributes: Attributes = field(default_factory=lambda: MappingProxyType({}))
    team_ids: frozenset[str] = frozenset()
    rules: Rules = NO_RULES
    locked: tuple[Lock, ...] = ()

    @property
    def policy_digest(self) -> str:
        """Equal for two callers exactly when they would see the same rows; part of every cache key."""
        if not self.locked:
            return self.rules.digest
        locks = hashlib.sha256(repr(self.locked).encode()).hexdigest()
        return f"{self.rules.digest} locked {locks}"

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"
