"""API keys. Only the hash of a key is stored, with its first characters to tell it by."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, or_, select, update

from tesela.store.tables import api_keys, tenants, users
from tesela.store.users import User, user_of
from tesela.store.work import Work

NOTE_USE_EVERY = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ApiKey:
    id: str
    user_id: str
    name: str
    prefix: str
    created_at: dt.datetime
    last_used_at: dt.datetime | None = None
    expires_at: dt.datetime | None = None


class ApiKeys:
    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, user: User, key: ApiKey, token_hash: str) -> ApiKey:
        self._work.write(
            insert(api_keys).values(
                id=key.id,
                user_id=user.id,
                name=key.name,
                token_hash=token_hash,
                prefix=key.prefix,
                created_at=key.created_at,
                expires_at=key.expires_at,
            )
        )
        return key

    def list(self, user_id: str) -> list[ApiKey]:
        """Return a user's keys that were not revoked, the oldest first."""
        found = self._work.rows(
            select(api_keys)
            .where(api_keys.c.user_id == user_id, api_keys.c.revoked_at.is_(None))
            .order_by(api_keys.c.created_at, api_keys.c.id)
        )
        return [_key(row) for row in found]

    def find(self, token_hash: str) -> tuple[ApiKey, User] | None:
        """Return a key that is still good, with its active user; else None."""
        now = self._work.now()
        row = self._work.first(
            select(
                users,
                api_keys.c.id.label("key_id"),
                api_keys.c.name.label("key_name"),
                api_keys.c.prefix,
                api_keys.c.created_at.label("made_at"),
                api_keys.c.last_used_at,
                api_keys.c.expires_at,
            )
            .join(api_keys, api_keys.c.user_id == users.c.id)
            .join(tenants, tenants.c.id == users.c.tenant_id)
            .where(
                api_keys.c.token_hash == token_hash,
                api_keys.c.revoked_at.is_(None),
                or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > now),
                users.c.is_active,
                tenants.c.suspended_at.is_(None),
            )
        )
        if row is None:
            return None
        key = ApiKey(
            row.key_id, row.id, row.key_name, row.prefix, row.made_at, row.last_used_at, row.expires_at
        )
        return key, user_of(row)

    def note_use(self, key_id: str) -> None:
        """Write down that a key was used."""
        self._work.write(
            update(api_keys).where(api_keys.c.id == key_id).values(last_used_at=self._work.now())
        )

    def revoke(self, user: User, key_id: str) -> bool:
        """Revoke one of a user's keys and return whether it was there."""
        met = self._work.write(
            update(api_keys)
            .where(api_keys.c.id == key_id, api_keys.c.user_id == user.id, api_keys.c.revoked_at.is_(None))
            .values(revoked_at=self._work.now())
        )
        self._work.changed("api_key", user.tenant_id, user.id)
        return met == 1


def is_use_worth_noting(key: ApiKey, now: dt.datetime) -> bool:
    """Return whether the last noted use is old enough to write a new one."""
    return key.last_used_at is None or now - key.last_used_at >= NOTE_USE_EVERY


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(row.id, row.user_id, row.name, row.prefix, row.created_at, row.last_used_at, row.expires_at)
