"""Where a host is, as far as its name or its address gives it away; nothing is looked up."""

from __future__ import annotations

import ipaddress
import socket

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_HOME = (
    "local", "localhost", "localdomain", "lan", "home", "home.arpa", "internal", "intranet", "private", "corp",
    "fritz.box", "speedport.ip", "ts.net", "netbird.cloud",
)  # fmt: skip
"""Names below these are given out by routers, containers and private networks; the last two lead through a tunnel."""
_SHARED = ipaddress.IPv4Network("100.64.0.0/10")
"""Neither private nor public (RFC 6598): Tailscale's addresses are of it."""


def address_of(host: str) -> Address | None:
    """An address in any form that connecting understands (``127.1``, ``::ffff:127.0.0.1``); None for a name."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host)) if " " not in host else None
        except (OSError, ValueError):
            return None
    return getattr(address, "ipv4_mapped", None) or address


def is_this_computer(host: str) -> bool:
    """``host`` in lower case."""
    if address := address_of(host):
        return address.is_loopback or address.is_unspecified
    return _is_below(host, "localhost")


def is_at_home(host: str) -> bool:
    """Whether ``host``, in lower case, is on this computer or on a network of its owner's."""
    host = host.rstrip(".")
    if address := address_of(host):
        return address.is_private or address.is_loopback or address.is_link_local or address in _SHARED
    # A name without a dot is known only to the local network.
    return any(_is_below(host, name) for name in _HOME) or (host != "" and "." not in host)


def _is_below(host: str, name: str) -> bool:
    return host == name or host.endswith(f".{name}")
