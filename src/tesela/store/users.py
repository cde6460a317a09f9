"""Users: who may come in, and with which role."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from tesela.errors import Conflict
from tesela.model.caller import Role
from tesela.model.policy import Attributes
from tesela.store.tables import dashboards, grants, tenants, users
from tesela.store.work import Work, key_of


@dataclass(frozen=True, slots=True)
class User:
    """A person or program of one tenant.

    email: "" for an outside identity that brings none.
    issuer, subject: the outside identity; None for a local account.
    """

    id: str
    tenant_id: str
    email: str
    name: str
    role: Role
    created_at: dt.datetime
    password_hash: str | None = field(default=None, repr=False)
    is_active: bool = True
    attributes: Attributes = field(default_factory=dict)
    issuer: str | None = None
    subject: str | None = None
    last_login_at: dt.datetime | None = None

    @property
    def has_password(self) -> bool:
        return self.password_hash is not None


class Users:
    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, user: User) -> User:
        """Add a user. Raises Conflict when the address or the outside identity is taken."""
        self._work.write(
            insert(users).values(id=user.id, created_at=user.created_at, **_values(user)),
            taken=f"A user with the e-mail {user.email} already exists"
            if user.email
            else "A user with this identity already exists",
        )
        self._work.changed("user", user.tenant_id, user.id)
        return user

    def get(self, tenant_id: str, user_id: str) -> User | None:
        row = self._work.first(select(users).where(users.c.tenant_id == tenant_id, users.c.id == user_id))
        return None if row is None else user_of(row)

    def with_email(self, tenant_id: str, email: str) -> User | None:
        row = self._work.first(
            select(users).where(users.c.tenant_id == tenant_id, users.c.email_key == key_of(email))
        )
        return None if row is None else user_of(row)

    def with_subject(self, tenant_id: str, subject: str) -> User | None:
        """Return the user of an outside identity, of whichever issuer: the caller compares it."""
        row = self._work.first(
            select(users).where(users.c.tenant_id == tenant_id, users.c.subject == subject)
        )
        return None if row is None else user_of(row)

    def of_email_in_all_tenants(self, email: str) -> list[User]:
        """Return the active users with an address, the oldest first: at a login no tenant is known yet."""
        found = self._work.rows(
            select(users)
            .join(tenants, tenants.c.id == users.c.tenant_id)
            .where(users.c.email_key == key_of(email), users.c.is_active, tenants.c.suspended_at.is_(None))
            .order_by(users.c.created_at, users.c.id)
        )
        return [user_of(row) for row in found]

    def list(self, tenant_id: str) -> list[User]:
        """Return the users of a tenant by address."""
        found = self._work.rows(
            select(users).where(users.c.tenant_id == tenant_id).order_by(users.c.email_key, users.c.id)
        )
        return [user_of(row) for row in found]

    def names(self, tenant_id: str, ids: Iterable[str]) -> dict[str, str]:
        """Return the names of those of `ids` that are users of the tenant."""
        found = self._work.rows(
            select(users.c.id, users.c.name).where(users.c.tenant_id == tenant_id, users.c.id.in_(set(ids)))
        )
        return {row.id: row.name for row in found}

    def search(self, tenant_id: str, search: str, *, by_email: bool, limit: int) -> Sequence[User]:
        """Return up to `limit` active users whose name, or address when asked for, holds the words; by name."""
        wanted, found = key_of(search), []
        for row in self._work.rows(
            select(users)
            .where(users.c.tenant_id == tenant_id, users.c.is_active)
            .order_by(users.c.name, users.c.id)
        ):
            if wanted in key_of(row.name) or (by_email and wanted in (row.email_key or "")):
                found.append(user_of(row))
                if len(found) == limit:
                    break
        return found

    def count_admins(self, tenant_id: str) -> int:
        """Return how many active admins a tenant has; in a write, they cannot change meanwhile."""
        found = self._work.rows(
            select(users.c.id)
            .where(users.c.tenant_id == tenant_id, users.c.role == "admin", users.c.is_active)
            .with_for_update()
        )
        return len(found)

    def save(self, user: User) -> User:
        """Write all that can change of a user. Raises Conflict when the address is taken."""
        self._work.write(
            update(users)
            .where(users.c.tenant_id == user.tenant_id, users.c.id == user.id)
            .values(**_values(user)),
            taken=f"A user with the e-mail {user.email} already exists",
        )
        self._work.changed("user", user.tenant_id, user.id)
        return user

    def note_login(self, tenant_id: str, user_id: str) -> None:
        self._work.write(
            update(users)
            .where(users.c.tenant_id == tenant_id, users.c.id == user_id)
            .values(last_login_at=self._work.now())
        )

    def delete(self, tenant_id: str, user_id: str) -> bool:
        """Remove a user with sessions, keys and grants. Raises Conflict when they own dashboards."""
        owned = self._work.value(
            select(func.count())
            .select_from(dashboards)
            .where(dashboards.c.tenant_id == tenant_id, dashboards.c.owner_id == user_id)
        )
        if owned:
            noun = "dashboard" if owned == 1 else "dashboards"
            raise Conflict(f"This user owns {owned} {noun}: transfer them to another user first")
        gone = self._work.write(
            delete(users).where(users.c.tenant_id == tenant_id, users.c.id == user_id),
            taken="This user owns dashboards: transfer them to another user first",
        )
        self._work.write(
            delete(grants).where(
                grants.c.tenant_id == tenant_id,
                grants.c.grantee_kind == "user",
                grants.c.grantee_id == user_id,
            )
        )
        self._work.changed("user", tenant_id, user_id)
        return gone == 1


def _values(user: User) -> dict[str, Any]:
    return {
        "tenant_id": user.tenant_id,
        "email": user.email,
        "email_key": key_of(user.email) or None,
        "name": user.name,
        "role": user.role,
        "password_hash": user.password_hash,
        "is_active": user.is_active,
        "attributes": dict(user.attributes),
        "issuer": user.issuer,
        "subject": user.subject,
        "last_login_at": user.last_login_at,
    }


def user_of(row: Row[Any]) -> User:
    """Return the user that a row of `users` holds, whatever else it holds."""
    return User(
        id=row.id,
        tenant_id=row.tenant_id,
        email=row.email,
        name=row.name,
        role=row.role,
        created_at=row.created_at,
        password_hash=row.password_hash,
        is_active=row.is_active,
        attributes={
            name: tuple(value) if isinstance(value, list) else value for name, value in row.attributes.items()
        },
        issuer=row.issuer,
        subject=row.subject,
        last_login_at=row.last_login_at,
    )
