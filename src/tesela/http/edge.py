"""The outer edge of every request: its size, its path, its line in the log, its place in the metrics."""

from __future__ import annotations

import asyncio
import time
import uuid
from urllib.parse import quote

import orjson
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tesela.errors import TeselaError, TooLarge, TooSlow
from tesela.http.metrics import Metrics

log = structlog.get_logger()

UPLOAD_PATH = "/api/datasources/upload"
BODY_SECONDS = 120.0
"""How long a body may take to arrive; of an upload, every piece of it."""
QUIET = ("/healthz", "/readyz", "/metrics")
_SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)


class Edge:
    """ASGI middleware. Paths under /api answer alike with and without a trailing slash."""

    def __init__(
        self, app: ASGIApp, *, body_max_bytes: int, metrics: Metrics, body_seconds: float = BODY_SECONDS
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._body_max_bytes = body_max_bytes
        self._body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(_without_slash(scope), receive, send, self._body_max_bytes, self._body_seconds)
        structlog.contextvars.bind_contextvars(request_id=exchange.request_id)
        try:
            await self._app(exchange.scope, exchange.receive, exchange.send)
        finally:
            self._note(exchange)
            structlog.contextvars.unbind_contextvars("request_id", "tenant")

    def _note(self, exchange: _Exchange) -> None:
        seconds = time.perf_counter() - exchange.started
        scope, status = exchange.scope, exchange.status
        route = getattr(scope.get("route"), "path", "other")
        self._metrics.requests.labels(scope["method"], route, str(status)).inc()
        self._metrics.request_seconds.labels(route).observe(seconds)
        say = log.debug if scope["path"] in QUIET else log.info
        path = quote(without_token(scope["path"]))
        say("request", method=scope["method"], path=path, status=status, ms=round(seconds * 1000, 1))


class _Exchange:
    """One request and its response, on their way through the edge."""

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, max_bytes: int, body_seconds: float
    ) -> None:
        self.scope = scope
        self.request_id = uuid.uuid4().hex[:16]
        self.started = time.perf_counter()
        self.status = 500
        self._receive = receive
        self._send = send
        self._is_upload = scope["method"] == "POST" and scope["path"] == UPLOAD_PATH
        self._max_bytes = max_bytes
        self._body_seconds = body_seconds
        self._read = 0
        self._is_read = False
        self._refusal: TeselaError | None = None

    async def receive(self) -> Message:
        """Pass the body on, up to its limits; for the size of uploads their route has its own."""
        if self._is_read:
            return await self._receive()
        message = await self._in_time()
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            self._is_read = not message.get("more_body", False)
            if self._read > self._max_bytes and not self._is_upload:
                self._refusal = TooLarge(f"The body must be at most {self._max_bytes} bytes")
                raise self._refusal
        return message

    async def _in_time(self) -> Message:
        waited = 0.0 if self._is_upload else time.perf_counter() - self.started
        try:
            async with asyncio.timeout(max(self._body_seconds - waited, 0.0)):
                return await self._receive()
        except TimeoutError as error:
            self._refusal = TooSlow("The body takes too long to arrive: send it again")
            raise self._refusal from error

    async def send(self, message: Message) -> None:
        """Pass the response on; whatever was made of a body past its limits, the answer is the refusal."""
        if message["type"] == "http.response.start":
            message = self._started(message)
        elif self._refusal is not None and message["type"] == "http.response.body":
            if message.get("more_body"):
                return
            body = orjson.dumps({"detail": self._refusal.sentence})
            message = {"type": "http.response.body", "body": body}
        await self._send(message)

    def _started(self, message: Message) -> Message:
        headers = list(message.get("headers", ()))
        if self._refusal is not None:
            message = {**message, "status": self._refusal.status}
            headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
        self.status = message["status"]
        present = {name for name, _ in headers}
        headers += [pair for pair in _SECURITY if pair[0] not in present]
        headers.append((b"x-request-id", self.request_id.encode()))
        return {**message, "headers": headers}


def _without_slash(scope: Scope) -> Scope:
    path: str = scope["path"]
    if path.startswith("/api/") and path.endswith("/"):
        return {**scope, "path": path.rstrip("/"), "raw_path": path.rstrip("/").encode()}
    return scope


def without_token(path: str) -> str:
    """Return the path as the log may hold it: a share token is a secret."""
    parts = path.split("/")
    return "/".join(
        ["…" if index and parts[index - 1] == "shared" else part for index, part in enumerate(parts)]
    )
