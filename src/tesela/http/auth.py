"""Who is asking: a session's cookie, an API key or a token of an outside issuer becomes a Caller.

Found callers stay in memory for a few seconds, and leave it when the store tells of a change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from tesela.errors import Forbidden, Unauthenticated
from tesela.features.callers import caller_of
from tesela.features.issuers import Issuer, Issuers, load_issuers
from tesela.features.logins import LoginLimiter
from tesela.features.memory import Memory
from tesela.features.people import SUSPENDED, user_of_identity
from tesela.features.tokens import API_KEY, SESSION, hash_of
from tesela.model.caller import Caller
from tesela.settings import Settings
from tesela.store import ApiKey, Store, Tx
from tesela.store.api_keys import is_use_worth_noting

__all__ = ["Authenticator", "load_issuers", "token_of"]

Scope = Any
"""An ASGI scope, as Starlette types it."""
Carrier = Literal["cookie", "bearer"]

COOKIE = "tesela_session"
BELIEVE_FOR = dt.timedelta(seconds=5)
KEPT_CALLERS = 20_000
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
NOT_LOGGED_IN = "Log in, or send an API key or token as Authorization: Bearer"
CROSS_SITE = "This request comes from another site: open the app at its own address"
_COOKIE_START = f"{COOKIE}=".encode()


@dataclass(frozen=True, slots=True)
class _Known:
    caller: Caller
    until: dt.datetime


def token_of(scope: Scope) -> tuple[str, Carrier] | None:
    """Return the token that a request carries, and how; an Authorization header goes before the cookie."""
    cookie: tuple[str, Carrier] | None = None
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, rest = value.partition(b" ")
            token = rest.strip()
            return (token.decode("latin-1"), "bearer") if scheme.lower() == b"bearer" and token else None
        if name == b"cookie" and cookie is None:
            for part in value.split(b";"):
                part = part.strip()
                if part.startswith(_COOKIE_START) and len(part) > len(_COOKIE_START):
                    cookie = part[len(_COOKIE_START) :].decode("latin-1"), "cookie"
                    break
    return cookie


class Authenticator:
    """Turns tokens into callers. limiter: counts the password attempts of this server."""

    def __init__(
        self,
        store: Store,
        issuers: tuple[Issuer, ...],
        clock: Callable[[], dt.datetime],
        settings: Settings,
    ) -> None:
        self._store = store
        self._issuers = Issuers(issuers, clock)
        self._clock = clock
        self._origin = None if settings.public_url is None else _origin(settings.public_url)
        self._known = Memory[_Known](KEPT_CALLERS)
        self.limiter = LoginLimiter(settings.login_attempts_per_minute, clock)
        store.on_change(self._hear)

    def peek(self, token: str) -> Caller | None:
        """Return whose token this is when it is in memory and still good; None: ask `caller`."""
        known = self._known.get(hash_of(token))
        if known is None or self._clock() >= known.until:
            return None
        return known.caller

    async def caller(self, scope: Scope) -> Caller:
        """Return who sends a request.

        Raises Unauthenticated; Forbidden when a browser was led here by another site to change something.
        """
        carried = token_of(scope)
        if carried is None:
            raise Unauthenticated(NOT_LOGGED_IN)
        token, carrier = carried
        if carrier == "cookie":
            self.refuse_cross_site(scope)
        if (carrier == "cookie") != token.startswith(SESSION):
            raise Unauthenticated(NOT_LOGGED_IN)
        found = self.peek(token)
        if found is not None:
            return found
        known = await self._known.load(hash_of(token), lambda: self._find(token))
        if known is None:
            if await self._store.read(lambda tx: tx.tenants.is_suspended_behind(hash_of(token))):
                raise Unauthenticated(SUSPENDED)
            raise Unauthenticated(
                "Your session has ended: log in again"
                if carrier == "cookie"
                else "The API key or token is not valid"
            )
        return known.caller

    def refuse_cross_site(self, scope: Scope) -> None:
        """Raise Forbidden when a browser sends an unsafe request on behalf of another site.

        Browsers say so themselves (Sec-Fetch-Site, Origin); what says nothing is no browser.
        """
        if scope["method"] in SAFE_METHODS:
            return
        headers = {
            name: value for name, value in scope["headers"] if name in (b"sec-fetch-site", b"origin", b"host")
        }
        site = headers.get(b"sec-fetch-site")
        if site is not None and site not in (b"same-origin", b"none"):
            raise Forbidden(CROSS_SITE)
        origin = headers.get(b"origin")
        if origin is None:
            return
        given = _origin(origin.decode("latin-1"))
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if given is None or (given != self._origin and given.partition("://")[2] != host):
            raise Forbidden(CROSS_SITE)

    async def close(self) -> None:
        """Let go of connections to issuers."""
        await self._issuers.close()

    async def _find(self, token: str) -> _Known | None:
        if token.startswith(SESSION):
            return await self._of_session(hash_of(token))
        if token.startswith(API_KEY):
            return await self._of_api_key(hash_of(token))
        return await self._of_issuer(token)

    async def _of_session(self, token_hash: str) -> _Known | None:
        def read(tx: Tx) -> _Known | None:
            found = tx.sessions.find(token_hash)
            if found is None:
                return None
            session, user = found
            return self._believed(caller_of(tx, user, via="session"), session.expires_at)

        return await self._store.read(read)

    async def _of_api_key(self, token_hash: str) -> _Known | None:
        def read(tx: Tx) -> tuple[ApiKey, _Known] | None:
            found = tx.api_keys.find(token_hash)
            if found is None:
                return None
            key, user = found
            return key, self._believed(caller_of(tx, user, via="key"), key.expires_at)

        found = await self._store.read(read)
        if found is None:
            return None
        key, known = found
        if is_use_worth_noting(key, self._clock()):
            await self._store.write(lambda tx: tx.api_keys.note_use(key.id))
        return known

    async def _of_issuer(self, token: str) -> _Known:
        identity = await self._issuers.verify(token)
        user = await user_of_identity(self._store, self._clock, identity)
        caller = await self._store.read(lambda tx: caller_of(tx, user, via="jwt", locked=identity.locked))
        return self._believed(caller, identity.expires_at)

    def _believed(self, caller: Caller, expires_at: dt.datetime | None) -> _Known:
        until = self._clock() + BELIEVE_FOR
        return _Known(caller, until if expires_at is None else min(until, expires_at))

    def _hear(self, kind: str, tenant_id: str, id: str) -> None:  # noqa: A002
        """Forget callers whose account, session, key, teams or row policies changed."""
        if kind in ("user", "session", "api_key"):
            self._known.drop_where(lambda known: known.caller.user_id == id)
        elif kind in ("team", "tenant", "policy"):
            self._known.drop_where(lambda known: known.caller.tenant_id == tenant_id)


def _origin(url: str) -> str | None:
    """Return scheme, host and port of a URL in lower case, a usual port left out; None for what has none.

    >>> _origin("HTTPS://Bi.Example.org:443/app"), _origin("null")
    ('https://bi.example.org', None)
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    usual = {"http": 80, "https": 443}[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, usual) else "")
