"""The way of a public page that is already in memory: bare ASGI, before any routing. The rest goes to the routes."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from tesela.features.public_pages import Encoded, PublicPages
from tesela.http.address import client_address

PREFIX = "/api/dashboards/shared/"
PUBLIC_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Vary": "Accept-Encoding, Cookie, X-Share-Password",
}
_ALWAYS = (
    (b"content-type", b"application/json"),
    (b"x-content-type-options", b"nosniff"),
    *((name.lower().encode(), value.encode()) for name, value in PUBLIC_HEADERS.items()),
)


class PublicViews:
    """ASGI middleware that answers `GET .../shared/{token}` and its data from memory."""

    def __init__(self, app: ASGIApp, *, pages: PublicPages, trusted_proxies: str) -> None:
        self._app = app
        self._pages = pages
        self._trusted_proxies = trusted_proxies
        self.served = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._find(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        self.served += 1
        status, headers, body = _answer(scope, found)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _find(self, scope: Scope) -> Encoded | None:
        path: str = scope["path"]
        if not path.startswith(PREFIX):
            return None
        token, _, rest = path[len(PREFIX) :].partition("/")
        if rest not in ("", "data") or path.endswith("/"):
            return None
        page = self._pages.peek(token, client_address(scope, self._trusted_proxies))
        if page is None:
            return None
        return page.data if rest else page.structure


def encoding_of(body: Encoded, accepts: bytes) -> tuple[bytes, bytes | None]:
    """Return the bytes to send to a client that accepts these encodings, and which of them they are in."""
    if body.zstd is not None and b"zstd" in accepts:
        return body.zstd, b"zstd"
    if body.gzip is not None and b"gzip" in accepts:
        return body.gzip, b"gzip"
    return body.plain, None


def _answer(scope: Scope, found: Encoded) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    accepts, known = b"", b""
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            accepts = value
        elif name == b"if-none-match":
            known = value
    etag = found.etag.encode()
    headers = [*_ALWAYS, (b"etag", etag)]
    if etag in known:
        return 304, headers, b""
    body, encoding = encoding_of(found, accepts)
    if encoding is not None:
        headers.append((b"content-encoding", encoding))
    headers.append((b"content-length", b"%d" % len(body)))
    return 200, headers, body
