"""Public pages, ready to be sent: bytes by token, kept until something about them changes.

Whoever reads one is nobody: nothing here can run a query, and every wrong token gets the same answer.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

import zstandard

from tesela.errors import NotFound, TooManyRequests, Unauthenticated
from tesela.features.limits import Limiter
from tesela.features.memory import Memory
from tesela.features.passwords import is_password
from tesela.features.sharing import Published, public_snapshot
from tesela.features.tokens import hash_of
from tesela.model.snapshot import Share
from tesela.store import Keys, Store

Clock = Callable[[], dt.datetime]

NO_PAGE = "Dashboard not found or access denied"
LOCKED = "This dashboard is protected by a password"
WRONG = "The password is wrong"
UNLOCKED_FOR = dt.timedelta(hours=12)
COMPRESS_FROM_BYTES = 1_000
GZIP_LEVEL, ZSTD_LEVEL = 5, 5
KEPT_PAGES = 10_000
KEPT_PASSWORDS = 10_000


@dataclass(frozen=True, slots=True)
class Encoded:
    """A body in every encoding that it is sent in; None where compressing is not worth it."""

    etag: str
    plain: bytes = field(repr=False)
    gzip: bytes | None = field(repr=False)
    zstd: bytes | None = field(repr=False)

    @property
    def size(self) -> int:
        return len(self.plain) + len(self.gzip or b"") + len(self.zstd or b"")


@dataclass(frozen=True, slots=True)
class Page:
    """What a link leads to. until: when it has to be looked at again."""

    share: Share
    until: dt.datetime
    structure: Encoded
    data: Encoded

    @property
    def size(self) -> int:
        return self.structure.size + self.data.size + 1_000


@dataclass(frozen=True, slots=True)
class Rendered:
    """Both bodies of a public page, as a face writes them."""

    structure: bytes
    data: bytes


Render = Callable[[Published, bool], Rendered]
"""(what the link leads to, whether it is stale) -> the bodies."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How often: requests of one address, and passwords that one address may try."""

    requests_per_minute: int
    passwords_per_minute: int


class PublicPages:
    """Pages by token, from memory where it can be. One instance serves the whole server."""

    def __init__(
        self, store: Store, keys: Keys, render: Render, clock: Clock, *, rates: Rates, max_bytes: int
    ) -> None:
        self._store = store
        self._keys = keys
        self._render = render
        self._clock = clock
        self._pages = Memory[Page](KEPT_PAGES, max_bytes, lambda page: page.size)
        self._loading: dict[str, asyncio.Task[Page | None]] = {}
        self._fitting: OrderedDict[bytes, None] = OrderedDict()
        self._requests = Limiter(
            rates.requests_per_minute, clock, "Too many requests from this address: wait a moment"
        )
        self._by_address = Limiter(
            rates.passwords_per_minute, clock, "Too many passwords were tried: wait a minute"
        )
        self._by_link = Limiter(
            rates.passwords_per_minute * 10, clock, "Too many passwords were tried: wait a minute"
        )
        store.on_change(self._hear)

    def peek(self, token: str, address: str) -> Page | None:
        """Return a page without a password that is in memory and still good, and count the request.

        None, and nothing is counted, for everything else: ask `open`.
        """
        page = self._pages.get(hash_of(token))
        if page is None or page.share.has_password or self._clock() >= page.until:
            return None
        try:
            self._requests.attempt(address)
        except TooManyRequests:
            return None
        return page

    async def open(self, token: str, address: str, *, key: str | None, password: str | None) -> Page:
        """Return the page of a link. key: what `unlock` gave. password: instead of a key.

        Raises TooManyRequests, NotFound for every token that leads nowhere, Unauthenticated for a locked page.
        """
        self._requests.attempt(address)
        page = await self._page(token)
        if page.share.has_password and not self._is_key(page.share, key):
            if password is None:
                raise Unauthenticated(LOCKED)
            await self._check(page.share, password, address)
        return page

    async def unlock(self, token: str, address: str, password: str) -> str:
        """Return a key that opens a link for a while. Raises as `open` does."""
        self._requests.attempt(address)
        page = await self._page(token)
        if page.share.has_password:
            await self._check(page.share, password, address)
        until = int((self._clock() + UNLOCKED_FOR).timestamp())
        return f"{until}.{self._keys.sign(_lock(page.share, until))}"

    async def _page(self, token: str) -> Page:
        token_hash = hash_of(token)
        page = self._pages.get(token_hash)
        if page is None or self._clock() >= page.until:
            page = await self._loaded(token, token_hash)
        if page is None:
            raise NotFound(NO_PAGE)
        return page

    async def _loaded(self, token: str, token_hash: str) -> Page | None:
        """Read a page once for all who ask at the same time."""
        task = self._loading.get(token_hash)
        if task is None:
            self._pages.drop(token_hash)
            task = asyncio.ensure_future(self._pages.load(token_hash, lambda: self._read(token)))
            self._loading[token_hash] = task
            task.add_done_callback(lambda done: self._landed(token_hash, done))
        return await asyncio.shield(task)

    def _landed(self, token_hash: str, task: asyncio.Task[Page | None]) -> None:
        if self._loading.get(token_hash) is task:
            del self._loading[token_hash]
        if not task.cancelled():
            task.exception()  # whoever waits is told; without a reader nobody has to be

    async def _read(self, token: str) -> Page | None:
        found = await public_snapshot(self._store, token)
        return None if found is None else await asyncio.to_thread(self._made, found)

    def _made(self, found: Published) -> Page:
        now, snapshot = self._clock(), found.snapshot
        is_stale = snapshot.expires_at <= now
        ends = [found.share.expires_at, None if is_stale else snapshot.expires_at]
        until = min((end for end in ends if end is not None), default=dt.datetime.max.replace(tzinfo=dt.UTC))
        rendered = self._render(found, is_stale)
        return Page(found.share, until, _encoded(rendered.structure), _encoded(rendered.data))

    def _is_key(self, share: Share, key: str | None) -> bool:
        until, _, signature = (key or "").partition(".")
        if not (until.isascii() and until.isdigit() and len(until) <= 12):
            return False
        return int(until) > self._clock().timestamp() and self._keys.is_signed(
            _lock(share, int(until)), signature
        )

    async def _check(self, share: Share, password: str, address: str) -> None:
        """Raise Unauthenticated unless the password fits. One that did is not counted, nor worked out again."""
        fits = hashlib.sha256(f"{share.password_hash}\0{password}".encode(errors="replace")).digest()
        if fits in self._fitting:
            return
        self._by_address.attempt(address)
        self._by_link.attempt(share.token_hash)
        if not await is_password(password, share.password_hash):
            raise Unauthenticated(WRONG)
        self._by_address.forget(address)
        self._fitting[fits] = None
        while len(self._fitting) > KEPT_PASSWORDS:
            self._fitting.popitem(last=False)

    def _hear(self, kind: str, tenant_id: str, id: str) -> None:  # noqa: A002
        """Forget what a change made untrue; who asks from now on does not wait for what was read before it."""
        if kind in ("dashboard", "snapshot"):
            self._loading.clear()
            self._pages.drop_where(lambda page: page.share.dashboard_id == id)
        elif kind == "tenant":
            self._loading.clear()
            self._pages.drop_where(lambda page: page.share.tenant_id == tenant_id)


def _lock(share: Share, until: int) -> bytes:
    """Return what a key is signed for: this link with this password until then."""
    return f"unlock {share.token_hash} {share.password_hash} {until}".encode()


def _encoded(body: bytes) -> Encoded:
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    if len(body) < COMPRESS_FROM_BYTES:
        return Encoded(etag, body, None, None)
    compressed = zstandard.compress(body, ZSTD_LEVEL)
    return Encoded(etag, body, gzip.compress(body, GZIP_LEVEL, mtime=0), compressed)
