"""Addresses and names: who a client is, also behind a proxy, and what this machine may be called."""

from __future__ import annotations

import re
import socket
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from app.core.setting import names_in
from app.store.setup.addresses import address_of, canonical

_HOST = re.compile(r"(?:\[(?P<inside>[^\[\]]+)\]|(?P<bare>[^:\[\]]+))(?::\d{0,5})?")
_TAILNET_SUFFIX, _TAILNET = ".ts.net", "100.64.0.0/10, fd7a:115c:a1e0::/48"
_HOME_SUFFIXES = (".local", ".lan", ".home", ".home.arpa", ".fritz.box")
"""What home routers and mDNS append to this machine's name."""


def client_ip(peer: str) -> str:
    """The one spelling of an address under which pairings, limits and the blacklist know it.

    An IPv4 address that arrived on an IPv6 socket (``::ffff:192.168.0.5``) is that IPv4 address; a zone
    (``fe80::1%eth0``) is left out. What is no address comes back as it is.
    """
    return canonical(peer) or peer


def client_of(peer: str, forwarded: Sequence[str], trusted: str) -> str:
    """Who sent the request: the last address of the way that is no trusted proxy.

    ``peer``: the connection's other end. ``forwarded``: the values of ``X-Forwarded-For``, in their order; each proxy
    adds at the end whom it heard. ``trusted``: the setting, the proxies that the owner named. Empty where a proxy tells
    no address (``unknown``, ``_hidden``, nothing): it is nobody, least of all the proxy itself, which may be paired.
    """
    client = client_ip(peer)
    if not trusted or not forwarded:
        return client
    hops = [hop.strip() for value in forwarded for hop in value.split(",")]
    while hops and is_trusted(client, trusted):
        client = canonical(_without_port(hops.pop().strip('"')))
    return client


def is_trusted(ip: str, trusted: str) -> bool:
    """Whether ``ip`` is one of the proxies that the owner named."""
    address = address_of(ip)
    return address is not None and any(address in network for network in _networks(trusted))


@lru_cache(maxsize=8)
def _networks(trusted: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(part) for part in names_in(trusted))


@lru_cache(maxsize=64)
def is_our_host(host: str, extra_names: str) -> bool:
    """Whether a Host header may mean this machine: a web page must not reach the server by DNS rebinding.

    ``extra_names`` is the setting ``network.host_names``: names parted by commas.
    """
    name = _without_port(host).lower().removesuffix(".")
    if canonical(name):
        return True
    extra = {extra.strip().lower() for extra in extra_names.split(",")} - {""}
    return name in _own_names() | extra


def is_tailnet_host(host: str, peer: str) -> bool:
    """Whether ``peer``, the connection's other end, comes through a tailnet and calls this machine by a name there."""
    is_name = _without_port(host).lower().removesuffix(".").endswith(_TAILNET_SUFFIX)
    return is_name and is_trusted(client_ip(peer), _TAILNET)


def is_foreign_origin(origin: str, host: str) -> bool:
    """Whether a browser sent this from another site's page. ``null`` (a sandboxed page, a file) is foreign."""
    return origin.lower() != f"http://{host.lower()}"


def http_url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _without_port(host: str) -> str:
    """A host or address without its port and brackets; what is spelt otherwise as it is, and so no address."""
    spelt = _HOST.fullmatch(host)
    return (spelt["inside"] or spelt["bare"]) if spelt else host


@lru_cache(maxsize=1)
def _own_names() -> frozenset[str]:
    full = socket.gethostname().lower()
    short = full.partition(".")[0]
    return frozenset({"localhost", full, short, *(short + suffix for suffix in _HOME_SUFFIXES)} - {""})
