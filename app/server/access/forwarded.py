"""For whom a proxy asks: ``X-Forwarded-For`` counts only from proxies that the owner named."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from app.core.settings import names_in
from app.server.network.addresses import client_ip
from app.store.setup.addresses import address_of


def client_of(peer: str, forwarded: Sequence[str], trusted: str) -> str:
    """Who sent the request: the last address of the way that is no trusted proxy.

    ``peer``: the connection's other end. ``forwarded``: the values of ``X-Forwarded-For``, in their order; each proxy
    adds at the end whom it heard. ``trusted``: the setting. What is no address ends the search: the proxy that passed
    it on is then taken for the client.
    """
    client = client_ip(peer)
    if not trusted or not forwarded:
        return client
    hops = [hop.strip() for value in forwarded for hop in value.split(",")]
    while hops and _is_trusted(client, trusted):
        hop = client_ip(hops.pop())
        if address_of(hop) is None:
            break
        client = hop
    return client


def _is_trusted(ip: str, trusted: str) -> bool:
    address = address_of(ip)
    return address is not None and any(address in network for network in _networks(trusted))


@lru_cache(maxsize=8)
def _networks(trusted: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(part) for part in names_in(trusted))
