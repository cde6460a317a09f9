"""Sessions of browsers. Only the hash of a token is stored."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from tesela.store.tables import sessions, tenants, users
from tesela.store.users import User, user_of
from tesela.store.work import Work


@dataclass(frozen=True, slots=True)
class Session:
    """by_link: opened with a login link, so that a password may be set without the old one."""

    token_hash: str
    user_id: str
    created_at: dt.datetime
    expires_at: dt.datetime
    by_link: bool


class Sessions:
    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, session: Session) -> Session:
        self._work.write(
            insert(sessions).values(
                token_hash=session.token_hash,
                user_id=session.user_id,
                created_at=session.created_at,
                expires_at=session.expires_at,
                by_link=session.by_link,
            )
        )
        return session

    def find(self, token_hash: str) -> tuple[Session, User] | None:
        """Return a session that is still good, with its active user; else None."""
        row = self._work.first(
            select(users, sessions.c.created_at.label("opened_at"), sessions.c.expires_at, sessions.c.by_link)
            .join(sessions, sessions.c.user_id == users.c.id)
            .join(tenants, tenants.c.id == users.c.tenant_id)
            .where(
                sessions.c.token_hash == token_hash,
                sessions.c.expires_at > self._work.now(),
                users.c.is_active,
                tenants.c.suspended_at.is_(None),
            )
        )
        if row is None:
            return None
        return Session(token_hash, row.id, row.opened_at, row.expires_at, row.by_link), user_of(row)

    def end(self, user: User, token_hash: str) -> None:
        """End one session."""
        self._work.write(
            delete(sessions).where(sessions.c.token_hash == token_hash, sessions.c.user_id == user.id)
        )
        self._work.changed("session", user.tenant_id, user.id)

    def end_all(self, user: User, *, but: str | None = None) -> None:
        """End a user's sessions, the one with the token hash `but` excepted."""
        statement = delete(sessions).where(sessions.c.user_id == user.id)
        if but is not None:
            statement = statement.where(sessions.c.token_hash != but)
        self._work.write(statement)
        self._work.changed("session", user.tenant_id, user.id)

    def prune(self) -> int:
        """Remove what has expired and return how many there were."""
        return self._work.write(delete(sessions).where(sessions.c.expires_at <= self._work.now()))
