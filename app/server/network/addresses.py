"""Addresses and names: who a client is, and what this machine may be called."""

from __future__ import annotations

import socket
from functools import lru_cache

from app.store.setup.addresses import canonical

_HOME_SUFFIXES = (".local", ".lan", ".home", ".home.arpa", ".fritz.box")
"""What home routers and mDNS append to this machine's name."""


def client_ip(peer: str) -> str:
    """The one spelling of an address under which pairings, limits and the blacklist know it.

    An IPv4 address that arrived on an IPv6 socket (``::ffff:192.168.0.5``) is that IPv4 address; a zone
    (``fe80::1%eth0``) is left out. What is no address comes back as it is.
    """
    return canonical(peer) or peer


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


def is_foreign_origin(origin: str, host: str) -> bool:
    """Whether a browser sent this from another site's page. ``null`` (a sandboxed page, a file) is foreign."""
    return origin.lower() != f"http://{host.lower()}"


def http_url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if host.count(":") == 1 else host


@lru_cache(maxsize=1)
def _own_names() -> frozenset[str]:
    full = socket.gethostname().lower()
    short = full.partition(".")[0]
    return frozenset({"localhost", full, short, *(short + suffix for suffix in _HOME_SUFFIXES)} - {""})
