"""Scripts of other sites that may call the API: those that are named, with a Bearer token and never with a cookie."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = b"GET, POST, PUT, DELETE"
MAY_SEND = b"Authorization, Content-Type, If-Match, If-None-Match, X-Tesela-View"
MAY_READ = (
    b"Content-Disposition, ETag, Retry-After, X-Request-Id, X-Tesela-Filters-Ignored, X-Tesela-Truncated, "
    b"X-Total-Count"
)
ASKED_AGAIN_SECONDS = b"600"


class CrossOrigin:
    """ASGI middleware: answers what browsers ask beforehand, and marks answers that the site may read.

    origins: exact ones, separated by spaces. Access-Control-Allow-Credentials is never sent, so that browsers
    keep answers to requests with cookies from the site.
    """

    def __init__(self, app: ASGIApp, *, origins: str) -> None:
        self._app = app
        self._origins = frozenset(origin.encode() for origin in origins.split())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = self._origin(scope)
        if origin is None:
            await self._app(scope, receive, send)
            return
        allowed = [(b"access-control-allow-origin", origin), (b"vary", b"Origin")]
        if scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": [*allowed, *_PREFLIGHT]})
            await send({"type": "http.response.body", "body": b""})
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [
                    *message.get("headers", ()),
                    *allowed,
                    (b"access-control-expose-headers", MAY_READ),
                ]
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, marked)

    def _origin(self, scope: Scope) -> bytes | None:
        """Return the origin of a request to the API that is named; None for all others."""
        if not self._origins or scope["type"] != "http" or not scope["path"].startswith("/api/"):
            return None
        found: bytes | None = next((value for name, value in scope["headers"] if name == b"origin"), None)
        return found if found in self._origins else None


_PREFLIGHT = (
    (b"access-control-allow-methods", METHODS),
    (b"access-control-allow-headers", MAY_SEND),
    (b"access-control-max-age", ASKED_AGAIN_SECONDS),
)
