"""From where a request comes, for what is counted by address."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

Scope = Any
"""An ASGI scope, as Starlette types it."""
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_address(scope: Scope, trusted_proxies: str) -> str:
    """Return the address of whoever asks; of an IPv6 address the half that a household shares.

    trusted_proxies: their addresses or networks. What X-Forwarded-For says is believed as far as trusted
    proxies wrote it, from its end.
    """
    client = scope.get("client")
    address = client[0] if client else ""
    trusted = _networks(trusted_proxies)
    if trusted and _is_in(address, trusted):
        for hop in reversed(_forwarded(scope)):
            address = hop
            if not _is_in(hop, trusted):
                break
    return _counted(address)


def _forwarded(scope: Scope) -> list[str]:
    given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return [hop.strip() for hop in ",".join(given).split(",") if hop.strip()]


@lru_cache(maxsize=8)
def _networks(trusted_proxies: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(one) for one in trusted_proxies.split())


def _is_in(address: str, networks: Sequence[Network]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in networks)


def _counted(address: str) -> str:
    """
    >>> _counted("192.0.2.7"), _counted("2001:db8:1:2:3:4:5:6"), _counted("nonsense")
    ('192.0.2.7', '2001:db8:1:2::', '')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if found.version == 6:
        return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)).network_address)
    return address
