"""Addresses as they are stored and compared: one spelling each, an IPv4 address inside IPv6 as the IPv4 it is."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from app.core.errors import InvalidValue

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_LOOPBACKS: tuple[Network, ...] = (ipaddress.IPv4Network("127.0.0.0/8"), ipaddress.IPv6Network("::1/128"))


@lru_cache(maxsize=4_096)
def address_of(text: str) -> Address | None:
    """The address written as ``text``, without the zone of a link-local one; None when it is none."""
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_loopback(text: str) -> bool:
    address = address_of(text)
    return address is not None and address.is_loopback


def is_in(text: str, network: Network) -> bool:
    address = address_of(text)
    return address is not None and address in network


def counted_as(text: str) -> str:
    """Under what one is counted whom nobody knows: an IPv6 host has its whole /64 to speak from.

    ``::/64`` holds loopback: its addresses, like those of IPv4 and what is no address, stand for themselves.
    """
    address = address_of(text)
    if isinstance(address, ipaddress.IPv6Address) and int(address) >> 64:
        return neighbourhood(text)
    return canonical(text) or text


def neighbourhood(text: str) -> str:
    """The network that an address shares with its neighbours in a house: the /24, in IPv6 the /64."""
    address = address_of(text)
    if address is None:
        return text
    return str(ipaddress.ip_network(f"{address}/{24 if address.version == 4 else 64}", strict=False))


def canonical(text: str) -> str:
    """The one spelling of an address, empty when ``text`` is none."""
    address = address_of(text)
    return str(address) if address else ""


def checked_address(text: str) -> str:
    """The one spelling of an address. Raises ``InvalidValue``."""
    address = canonical(text)
    if not address:
        raise InvalidValue("'{text}' is not an IP address.", text=text[:60])
    return address


def checked_network(text: str) -> Network:
    """A single address or a range that does not hold this computer itself. Raises ``InvalidValue``."""
    network = _network(text.strip())
    for loopback in _LOOPBACKS:
        if network.version == loopback.version and network.overlaps(loopback):
            raise InvalidValue(
                "{text} is or holds this computer's own address, which cannot be blacklisted.", text=text[:60]
            )
    return network


def _network(text: str) -> Network:
    try:
        network = ipaddress.ip_network(text.partition("%")[0] if "/" not in text else text)
    except ValueError:
        raise _not_a_network(text) from None
    if isinstance(network, ipaddress.IPv6Network):
        if network.subnet_of(_MAPPED):
            mapped = int(network.network_address) & 0xFFFF_FFFF
            return ipaddress.IPv4Network((mapped, network.prefixlen - _MAPPED.prefixlen))
        if network.supernet_of(_MAPPED):
            raise InvalidValue("{text} holds every IPv4 address, this computer's own too.", text=text[:60])
    return network


def _not_a_network(text: str) -> InvalidValue:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return InvalidValue("'{text}' is neither an IP address nor a range such as 192.168.1.0/24.", text=text[:60])
    return InvalidValue(
        "'{text}' is an address inside a range: for the whole range write {network}.", text=text[:60], network=network
    )


def spelled(network: Network) -> str:
    """An address alone is written without its /32 or /128."""
    return str(network.network_address) if network.num_addresses == 1 else str(network)
