"""The HTTP client that model libraries are given: the hosts of the operator's list, nothing else, bounded."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import httpx2

MAX_ANSWER_BYTES = 4_000_000
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def check_address(url: str, hosts: Iterable[str]) -> str | None:
    """Return what is wrong with the address of a model's server, as a sentence; None when it may be asked.

    hosts: `api.example.org` (any port, https) or `http://ollama.internal:11434` (exactly this, unencrypted).

    >>> check_address("https://api.openai.com/v1", ["api.openai.com"])
    >>> check_address("http://api.openai.com/v1", ["api.openai.com"])
    'base_url must start with https://'
    >>> check_address("http://10.0.0.5:80/", ["http://10.0.0.5:80"])
    >>> check_address("https://elsewhere.org", ["api.openai.com"])
    'base_url: elsewhere.org is not among the hosts that the operator allows (TESELA_AI_HOSTS)'
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "base_url must be a URL such as https://api.example.org/v1"
    if parts.scheme not in ("https", "http") or not host or parts.username or parts.password:
        return "base_url must be a URL such as https://api.example.org/v1"
    written = f"http://{host}" + (f":{port}" if port else "")
    allowed = set(hosts)
    if parts.scheme == "http" and written in allowed:
        return None
    if host not in allowed:
        return f"base_url: {host} is not among the hosts that the operator allows (TESELA_AI_HOSTS)"
    if parts.scheme == "http" and host not in LOOPBACK:
        return "base_url must start with https://"
    return None


def guarded_client(hosts: Iterable[str], *, timeout_seconds: float) -> httpx2.AsyncClient:
    """Return a client that reaches only `hosts`, follows no redirect and takes nothing from the environment."""
    import httpx2

    allowed = tuple(hosts)

    class Bounded(httpx2.AsyncByteStream):
        def __init__(self, inner: httpx2.AsyncByteStream) -> None:
            self._inner = inner

        async def __aiter__(self) -> AsyncIterator[bytes]:
            size = 0
            async for chunk in self._inner:
                size += len(chunk)
                if size > MAX_ANSWER_BYTES:
                    raise httpx2.ReadError("the answer is too long")
                yield chunk

        async def aclose(self) -> None:
            await self._inner.aclose()

    class Guarded(httpx2.AsyncHTTPTransport):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            problem = check_address(str(request.url), allowed)
            if problem is not None:
                raise httpx2.UnsupportedProtocol(problem)
            response = await super().handle_async_request(request)
            if isinstance(response.stream, httpx2.AsyncByteStream):
                response.stream = Bounded(response.stream)
            return response

    return httpx2.AsyncClient(
        transport=Guarded(), timeout=timeout_seconds, follow_redirects=False, trust_env=False
    )
