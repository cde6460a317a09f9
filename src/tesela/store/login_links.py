"""Login links: good once, for minutes. Only the hash of a token is stored."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, insert, select, update

from tesela.store.tables import login_links, tenants, users
from tesela.store.users import User, user_of
from tesela.store.work import Work


class LoginLinks:
    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, token_hash: str, user_id: str, *, expires_at: dt.datetime) -> None:
        self._work.write(
            insert(login_links).values(
                token_hash=token_hash, user_id=user_id, created_at=self._work.now(), expires_at=expires_at
            )
        )

    def use(self, token_hash: str) -> User | None:
        """Use a link up and return its user; None when it is unknown, used or too old."""
        now = self._work.now()
        met = self._work.write(
            update(login_links)
            .where(
                login_links.c.token_hash == token_hash,
                login_links.c.used_at.is_(None),
                login_links.c.expires_at > now,
            )
            .values(used_at=now)
        )
        if met != 1:
            return None
        row = self._work.first(
            select(users)
            .join(login_links, login_links.c.user_id == users.c.id)
            .join(tenants, tenants.c.id == users.c.tenant_id)
            .where(
                login_links.c.token_hash == token_hash, users.c.is_active, tenants.c.suspended_at.is_(None)
            )
        )
        return None if row is None else user_of(row)

    def end_all(self, user: User) -> None:
        """Make a user's unused links useless."""
        self._work.write(delete(login_links).where(login_links.c.user_id == user.id))

    def prune(self) -> int:
        """Remove what is used or too old and return how many there were."""
        return self._work.write(delete(login_links).where(login_links.c.expires_at <= self._work.now()))
