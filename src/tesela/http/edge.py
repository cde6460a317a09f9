"""The outer edge of every request: its size, its path, its line in the log, its place in the metrics."""

from __future__ import annotations

import time
import uuid
from urllib.parse import quote

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tesela.errors import TooLarge
from tesela.http.metrics import Metrics

log = structlog.get_logger()

UPLOAD_PATH = "/api/datasources/upload"
_SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)


class Edge:
    """ASGI middleware. Paths under /api answer alike with and without a trailing slash."""

    def __init__(self, app: ASGIApp, *, body_max_bytes: int, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._body_max_bytes = body_max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = _without_slash(scope)
        request_id = uuid.uuid4().hex[:16]
        started = time.perf_counter()
        status = 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = list(message.get("headers", ()))
                headers += [pair for pair in _SECURITY if pair[0] not in {name for name, _ in headers}]
                headers.append((b"x-request-id", request_id.encode()))
                message = {**message, "headers": headers}
            await send(message)

        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self._app(scope, self._bounded(scope, receive), sending)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "other")
            self._metrics.requests.labels(scope["method"], route, str(status)).inc()
            self._metrics.request_seconds.labels(route).observe(seconds)
            level = "debug" if scope["path"] in ("/healthz", "/readyz", "/metrics") else "info"
            getattr(log, level)(
                "request",
                method=scope["method"],
                path=quote(_without_token(scope["path"])),
                status=status,
                ms=round(seconds * 1000, 1),
            )
            structlog.contextvars.unbind_contextvars("request_id")

    def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        """Return `receive` that raises TooLarge past the limit; uploads have their own."""
        if scope["path"] == UPLOAD_PATH:
            return receive
        read = 0

        async def bounded() -> Message:
            nonlocal read
            message = await receive()
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                if read > self._body_max_bytes:
                    raise TooLarge(f"The body must be at most {self._body_max_bytes} bytes")
            return message

        return bounded


def _without_slash(scope: Scope) -> Scope:
    path: str = scope["path"]
    if path.startswith("/api/") and path.endswith("/"):
        return {**scope, "path": path.rstrip("/"), "raw_path": path.rstrip("/").encode()}
    return scope


def _without_token(path: str) -> str:
    """Return the path as the log may hold it: a share token is a secret."""
    parts = path.split("/")
    return "/".join(
        ["…" if index and parts[index - 1] == "shared" else part for index, part in enumerate(parts)]
    )
