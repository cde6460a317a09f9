"""Who is asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Role = Literal["viewer", "editor", "admin"]
ROLES: tuple[Role, ...] = ("viewer", "editor", "admin")
"""From the least to the most."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified user of one tenant. Everything here comes from a verified token, never from the request.

    attributes: what row policies and `${user.<attribute>}` may use.
    via: how they came in; `session` (cookie), `key` (API key) or `jwt` (outside issuer).
    policy_digest: equal for two callers exactly when they would see the same rows; part of every cache key.
    """

    user_id: str
    tenant_id: str
    role: Role
    email: str
    name: str
    via: Literal["session", "key", "jwt"] = "session"
    attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    team_ids: frozenset[str] = frozenset()
    policy_digest: str = ""

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"
