"""The one guarded way out to HTTP servers that an operator named: those hosts, bounded in time and size."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tesela.errors import TeselaError

if TYPE_CHECKING:
    import httpx

TIMEOUT_SECONDS = 5.0
MAX_BYTES = 1_000_000
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class OutgoingFailed(TeselaError):
    """A configured server did not give a usable answer; `private` says why."""

    status = 503


def check_url(url: str) -> str:
    """Return the host of a URL that may be configured: https, or http to this machine. Raises ValueError."""
    parts = urlsplit(url)
    host = parts.hostname
    if not host or parts.username or parts.password:
        raise ValueError("must be a URL with a host and without a password")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise ValueError("must start with https://")
    return host


class Outgoing:
    """Asks only `hosts`, follows no redirect, uses no proxy or password of the environment."""

    def __init__(self, hosts: Iterable[str], *, max_bytes: int = MAX_BYTES) -> None:
        self._hosts = frozenset(hosts)
        self._max_bytes = max_bytes
        self._client: httpx.AsyncClient | None = None

    async def get_json(self, url: str) -> Any:
        """Return the JSON at `url`. Raises OutgoingFailed."""
        import httpx

        try:
            host = check_url(url)
        except ValueError as error:
            raise OutgoingFailed(
                "A server that is needed is not configured well", private=str(error)
            ) from error
        if host not in self._hosts:
            raise OutgoingFailed(
                "A server that is needed is not configured", private=f"{host} is not allowed"
            )
        if self._client is None:
            self._client = httpx.AsyncClient(
                timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False, verify=True
            )
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS * 2):
                return json.loads(await self._body(self._client, url))
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            raise OutgoingFailed(
                "A server that is needed does not answer as it should", private=f"{host}: {error!r}"
            ) from error

    async def close(self) -> None:
        """Let go of connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _body(self, client: httpx.AsyncClient, url: str) -> bytes:
        async with client.stream("GET", url, headers={"Accept": "application/json"}) as response:
            if response.status_code != 200:
                raise ValueError(f"status {response.status_code}")
            body = bytearray()
            async for chunk in response.aiter_bytes(65_536):
                body += chunk
                if len(body) > self._max_bytes:
                    raise ValueError("the answer is too long")
            return bytes(body)
