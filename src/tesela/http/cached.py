"""The way of a view that is already in memory: bare ASGI, before any routing.

The rights are decided for every request, from memory (`Authenticator.peek`, `Access.peek`); the bytes are those
that were put together when the data arrived (`features.assembly`). Whatever is not in memory goes on to the routes.
"""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Callable, Sequence

from fastapi import Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tesela.features.access import Access
from tesela.features.assembly import GZIP_FROM_BYTES, Assembled, Assemblies, etag_of
from tesela.features.data import TileAnswer
from tesela.http.auth import Authenticator, token_of
from tesela.model.dashboard import Dashboard

PREFIX = "/api/dashboards/"
_ALWAYS = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"private, no-cache"),
    (b"vary", b"Authorization, Cookie, Accept-Encoding"),
    (b"x-content-type-options", b"nosniff"),
)


class CachedViews:
    """ASGI middleware that answers `GET .../data` of dashboards and tiles from memory."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        authenticator: Authenticator,
        access: Access,
        assemblies: Assemblies,
        now: Callable[[], float],
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._app = app
        self._authenticator = authenticator
        self._access = access
        self._assemblies = assemblies
        self._now = now
        self._clock = clock
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

    def _find(self, scope: Scope) -> Assembled | None:
        path: str = scope["path"]
        if scope["query_string"] or not path.startswith(PREFIX) or not path.endswith("/data"):
            return None
        parts = path[len(PREFIX) : -len("/data")].split("/")
        if len(parts) == 1:
            tile_id = None
        elif len(parts) == 3 and parts[1] == "tiles":
            tile_id = parts[2]
        else:
            return None
        token = token_of(scope)
        caller = self._authenticator.peek(token[0]) if token is not None else None
        if caller is None:
            return None
        dashboard = self._access.peek(caller, "view", parts[0])
        if dashboard is None:
            return None
        return self._assemblies.find(caller, dashboard, tile_id, self._now(), self._clock())


def _answer(scope: Scope, found: Assembled) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    accepts, known = b"", None
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            accepts = value
        elif name == b"if-none-match":
            known = value
    if known is not None and found.etag in known:
        return 304, [*_ALWAYS, (b"etag", found.etag)], b""
    body, headers = found.body, [*_ALWAYS, (b"etag", found.etag)]
    if b"gzip" in accepts and (gzipped := found.gzipped()) is not None:
        body = gzipped
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-length", b"%d" % len(body)))
    return 200, headers, body


def send_assembled(
    request: Request, body: bytes, dashboard: Dashboard, answers: Sequence[TileAnswer]
) -> Response:
    """Return the response for an answer just made, with the same tag that it will have from memory."""
    etag = etag_of(dashboard, answers)
    headers = {name.decode(): value.decode() for name, value in _ALWAYS} | {"ETag": etag.decode()}
    if etag in request.headers.get("if-none-match", "").encode() and request.method == "GET":
        return Response(status_code=304, headers=headers)
    if len(body) >= GZIP_FROM_BYTES and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 1, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, headers=headers)
