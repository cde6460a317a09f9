"""Coming in and going out: passwords, links, sessions."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from tesela.errors import BadRequest, Forbidden, TooManyRequests, Unauthenticated
from tesela.features.passwords import check_new_password, hash_password, is_password
from tesela.features.tokens import SESSION, hash_of, new_token
from tesela.model.caller import Caller
from tesela.store import Session, Store, Tx, User

Clock = Callable[[], dt.datetime]

WRONG = "The e-mail or the password is wrong"
BAD_LINK = "This login link is not valid any more: ask for a new one"
WINDOW = dt.timedelta(minutes=1)
KEPT_ADDRESSES = 10_000


@dataclass(frozen=True, slots=True)
class Login:
    """A session just opened. token: what the browser keeps; it is not stored."""

    user: User
    token: str
    expires_at: dt.datetime


class LoginLimiter:
    """Counts password attempts by address, known or not."""

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._attempts: OrderedDict[str, deque[dt.datetime]] = OrderedDict()

    def attempt(self, email: str) -> None:
        """Count an attempt. Raises TooManyRequests with the time until the next one is free."""
        key, now = _address(email), self._clock()
        attempts = self._attempts.setdefault(key, deque())
        self._attempts.move_to_end(key)
        while attempts and now - attempts[0] >= WINDOW:
            attempts.popleft()
        if len(attempts) >= self._per_minute:
            wait = int((attempts[0] + WINDOW - now).total_seconds()) + 1
            raise TooManyRequests(
                "Too many attempts for this e-mail: wait a minute", retry_after_seconds=wait
            )
        attempts.append(now)
        while len(self._attempts) > KEPT_ADDRESSES:
            self._attempts.popitem(last=False)

    def succeed(self, email: str) -> None:
        """Forget the attempts of an address."""
        self._attempts.pop(_address(email), None)


async def log_in(
    store: Store, clock: Clock, limiter: LoginLimiter, *, email: str, password: str, session_days: int
) -> Login:
    """Return a session for the user with this address and password.

    The work is the same for an address that nobody has. Where several tenants know the address, the password
    decides. Raises Unauthenticated, TooManyRequests.
    """
    limiter.attempt(email)
    found = await store.read(lambda tx: tx.users.of_email_in_all_tenants(email))
    with_password = [user for user in found if user.password_hash is not None]
    if not with_password:
        await is_password(password, None)
    for user in with_password:
        if await is_password(password, user.password_hash):
            limiter.succeed(email)
            return await _open_session(store, clock, user, session_days=session_days)
    raise Unauthenticated(WRONG)


async def log_in_by_link(store: Store, clock: Clock, token: str, *, session_days: int) -> Login:
    """Use a login link up and return a session in which a password may be set. Raises Unauthenticated."""

    def write(tx: Tx) -> Login | None:
        user = tx.login_links.use(hash_of(token))
        return None if user is None else _add_session(tx, user, clock(), session_days, by_link=True)

    login = await store.write(write)
    if login is None:
        raise Unauthenticated(BAD_LINK)
    return login


async def log_out(store: Store, token: str) -> User | None:
    """End the session of a token, if there is one, and return whose it was."""

    def write(tx: Tx) -> User | None:
        found = tx.sessions.find(hash_of(token))
        if found is None:
            return None
        tx.sessions.end(found[1], hash_of(token))
        return found[1]

    return await store.write(write)


async def set_password(
    store: Store,
    limiter: LoginLimiter,
    caller: Caller,
    *,
    password: str,
    current_password: str | None,
    session_token: str | None,
) -> None:
    """Give the caller a password and end their other sessions and links.

    The current password is needed when there is one, except in a session opened by a link.
    Raises BadRequest, Forbidden, TooManyRequests.
    """
    check_new_password(password, caller.email)
    token_hash = None if session_token is None else hash_of(session_token)

    def read(tx: Tx) -> tuple[User | None, bool]:
        found = None if token_hash is None else tx.sessions.find(token_hash)
        return tx.users.get(caller.tenant_id, caller.user_id), found is not None and found[0].by_link

    user, is_by_link = await store.read(read)
    if user is None or user.issuer is not None:
        raise Forbidden("This account comes in by an outside issuer and has no password here")
    if user.has_password and not is_by_link:
        await _check_current(limiter, user, current_password)
    password_hash = await hash_password(password)

    def write(tx: Tx) -> None:
        now = tx.users.get(caller.tenant_id, caller.user_id)
        if now is not None:
            tx.users.save(replace(now, password_hash=password_hash))
            tx.sessions.end_all(now, but=token_hash)
            tx.login_links.end_all(now)

    await store.write(write)


async def _check_current(limiter: LoginLimiter, user: User, current_password: str | None) -> None:
    if current_password is None:
        raise BadRequest("current_password is required")
    limiter.attempt(user.email)
    if not await is_password(current_password, user.password_hash):
        raise BadRequest("current_password is wrong")
    limiter.succeed(user.email)


async def _open_session(store: Store, clock: Clock, user: User, *, session_days: int) -> Login:
    return await store.write(lambda tx: _add_session(tx, user, clock(), session_days, by_link=False))


def _add_session(tx: Tx, user: User, now: dt.datetime, session_days: int, *, by_link: bool) -> Login:
    token, expires_at = new_token(SESSION), now + dt.timedelta(days=session_days)
    tx.sessions.add(Session(hash_of(token), user.id, now, expires_at, by_link))
    tx.users.note_login(user.tenant_id, user.id)
    return Login(user, token, expires_at)


def _address(email: str) -> str:
    return email.strip().casefold()[:300]
