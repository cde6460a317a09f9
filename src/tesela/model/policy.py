"""Row policies: which rows and which columns of a table a person may see, and what of it holds for one caller."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal

Mask = Literal["partial", "hash", "redact", "null"]
MASKS: tuple[Mask, ...] = ("partial", "hash", "redact", "null")
"""From the weakest to the strongest: the last four characters, equal values stay equal, only whether there is a
value, nothing."""

Attribute = str | tuple[str, ...]
Attributes = Mapping[str, Attribute]
"""What is known of a user beside their role: a text, or a list of texts."""

PLACEHOLDER = re.compile(r"\$\{user\.([\w-]{1,64})\}")


@dataclass(frozen=True, slots=True)
class RowPolicy:
    """A condition on the rows of one table, and masks on its columns, for some of a tenant's users.

    catalog, schema: None means every one that has a table of this name. predicate: "" where there are only masks.
    roles, team_ids: whom it binds: those with one of the roles or in one of the teams; both empty: everybody.
    """

    id: str
    tenant_id: str
    datasource_id: str
    name: str
    catalog: str | None
    schema: str | None
    table: str
    predicate: str
    masks: Mapping[str, Mask]
    roles: tuple[str, ...]
    team_ids: tuple[str, ...]
    is_enabled: bool
    revision: int
    created_by: str | None
    created_at: dt.datetime
    updated_at: dt.datetime

    def binds(self, role: str, team_ids: frozenset[str]) -> bool:
        """Return whether somebody with this role and these teams is held by the policy."""
        if not self.is_enabled:
            return False
        if not self.roles and not self.team_ids:
            return True
        return role in self.roles or not team_ids.isdisjoint(self.team_ids)


@dataclass(frozen=True, slots=True)
class RowRule:
    """A policy as it holds for one caller.

    table: its names in lower case, the last ones of (catalog, schema, table).
    values: what each `${user.<name>}` of the predicate stands for; () where the caller has no such attribute,
    and then the rule allows no row. salt: what hashed values are mixed with; "" without a hash.
    """

    datasource_id: str
    table: tuple[str, ...]
    predicate: str
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    masks: tuple[tuple[str, Mask], ...] = ()
    salt: str = field(default="", repr=False, compare=False)

    @property
    def is_met(self) -> bool:
        """Whether the caller has every attribute that the predicate names."""
        return all(found for _, found in self.values)

    def holds_for(self, catalog: str, schema: str, table: str) -> bool:
        """Return whether the rule is about a table, case left out."""
        return (catalog.lower(), schema.lower(), table.lower())[-len(self.table) :] == self.table


@dataclass(frozen=True)
class Rules:
    """All rules that hold for one caller."""

    all: tuple[RowRule, ...] = ()

    @cached_property
    def digest(self) -> str:
        """Equal for two callers exactly when the same rules with the same values hold for them; "" for none."""
        if not self.all:
            return ""
        return hashlib.sha256("\n".join(sorted({repr(rule) for rule in self.all})).encode()).hexdigest()[:32]

    def on(self, datasource_id: str) -> tuple[RowRule, ...]:
        """Return the rules about tables of one datasource."""
        return tuple(rule for rule in self.all if rule.datasource_id == datasource_id)


NO_RULES = Rules()


@dataclass(frozen=True, slots=True)
class Reader:
    """What policies look at in a person."""

    user_id: str
    email: str
    role: str
    team_ids: frozenset[str] = frozenset()
    attributes: Attributes = field(default_factory=lambda: MappingProxyType({}))

    def values(self, name: str) -> tuple[str, ...]:
        """Return what `${user.<name>}` stands for; () when that is not known of this person.

        >>> Reader("u", "", "viewer", attributes={"regions": ("N", "S")}).values("regions")
        ('N', 'S')
        """
        if name in ("id", "email"):
            said = self.user_id if name == "id" else self.email
            return (said,) if said else ()
        found = self.attributes.get(name, ())
        return (found,) if isinstance(found, str) else tuple(found)


def rules_for(policies: Iterable[RowPolicy], reader: Reader, salts: Mapping[str, str]) -> Rules:
    """Return what of a tenant's policies holds for one reader. salts: by datasource."""
    held = [policy for policy in policies if policy.binds(reader.role, reader.team_ids)]
    return Rules(tuple(rule_of(policy, reader, salts.get(policy.datasource_id, "")) for policy in held))


def rule_of(policy: RowPolicy, reader: Reader, salt: str) -> RowRule:
    """Return a policy as it holds for a reader, whomever it binds."""
    names = dict.fromkeys(PLACEHOLDER.findall(policy.predicate))
    parts = (policy.catalog, policy.schema, policy.table)
    return RowRule(
        policy.datasource_id,
        tuple(part.lower() for part in parts if part),
        policy.predicate,
        tuple((name, reader.values(name)) for name in names),
        tuple(sorted(policy.masks.items())),
        salt if "hash" in policy.masks.values() else "",
    )
