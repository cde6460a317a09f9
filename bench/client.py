"""A small load generator: keep-alive connections that send one request again and again, and count.

Written on bare protocols, so that on a machine of two cores it costs a fraction of what it measures.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import dataclass, field

import uvloop


@dataclass(frozen=True)
class Target:
    """One request to one server."""

    port: int
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: bytes = b""
    status: int = 200

    def encode(self) -> bytes:
        headers = {"Host": f"127.0.0.1:{self.port}", **self.headers}
        if self.body:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(self.body))}
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


@dataclass(frozen=True)
class Load:
    """What a run showed. Times in milliseconds."""

    requests: int
    seconds: float
    body_bytes: int
    latencies_ms: tuple[float, ...]

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    def percentile_ms(self, percent: int) -> float:
        return statistics.quantiles(self.latencies_ms, n=100)[percent - 1]


class Viewer(asyncio.Protocol):
    """One connection: the next request goes out when the last answer is complete."""

    def __init__(self, request: bytes, status: int, until: float) -> None:
        self.request, self.until = request, until
        self.expected = f"HTTP/1.1 {status} ".encode()
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.latencies_ms: list[float] = []
        self.body_bytes = 0
        self._head = b""
        self._missing = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self._send()

    def _send(self) -> None:
        self._head, self._missing = b"", -1
        self.sent_at = time.perf_counter()
        self.transport.write(self.request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        if self._missing < 0:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self._head.startswith(self.expected):
                self._fail(self._head[:80].decode("latin-1"))
                return
            self.body_bytes = length_of(self._head[: end + 2])
            self._missing = self.body_bytes - (len(self._head) - end - 4)
        else:
            self._missing -= len(data)
        if self._missing == 0:
            self._answered()

    def _answered(self) -> None:
        now = time.perf_counter()
        self.latencies_ms.append((now - self.sent_at) * 1000)
        if now < self.until:
            self._send()
        elif not self.done.done():
            self.done.set_result(None)
            self.transport.close()

    def _fail(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(RuntimeError(f"unexpected answer: {why}"))
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(f"connection lost: {error}")


def length_of(head: bytes) -> int:
    """Return the length of the body; 0 for an answer without one.

    >>> length_of(b"HTTP/1.1 200 OK\\r\\nContent-Length: 12\\r\\n")
    12
    """
    place = head.lower().find(b"content-length:")
    return int(head[place + 15 : head.index(b"\r\n", place)]) if place >= 0 else 0


def load(target: Target, *, viewers: int, seconds: float) -> Load:
    """Return what `viewers` connections saw that ask as fast as answers come."""

    async def run() -> Load:
        loop = asyncio.get_running_loop()
        started = time.perf_counter()
        request = target.encode()
        made = [
            (await loop.create_connection(
                lambda: Viewer(request, target.status, started + seconds), "127.0.0.1", target.port
            ))[1]
            for _ in range(viewers)
        ]  # fmt: skip
        await asyncio.gather(*(viewer.done for viewer in made))
        took = time.perf_counter() - started
        latencies = tuple(ms for viewer in made for ms in viewer.latencies_ms)
        return Load(len(latencies), took, made[0].body_bytes, latencies)

    return uvloop.run(run())
