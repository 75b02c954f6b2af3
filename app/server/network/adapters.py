"""This computer's network adapters: which of its addresses a phone on the same network would reach.

A home computer has several: its Wi-Fi, but also VPNs, containers and virtual machines, which no phone can reach.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import re
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.core.control import AdapterKind, LanAddress
from app.server.network.addresses import http_url
from app.server.network.links import kind_by_link
from app.store.setup.addresses import address_of

log = logging.getLogger(__name__)

LOOK_UP_LIMIT_S = 5.0
"""For a name of this computer's own: a name server that is gone holds neither a start nor a stop for longer."""

_KINDS: tuple[tuple[AdapterKind, re.Pattern[str]], ...] = (
    (
        "container",
        re.compile(
            r"^(docker|br-[0-9a-f]{12}$|veth(?!ernet)|virbr|podman|cni|flannel|cali|kube|weave|lxc|lxdbr|incusbr)"
            r"|\b(docker|podman|wsl)\b",
            re.MULTILINE,
        ),
    ),
    (
        "vpn",
        re.compile(
            r"^(tun|tap|wg|ppp|utun|ipsec|zt|tailscale|nordlynx|proton|cscotun|gpd)"
            r"|vpn|tap-windows|wintun|wireguard|tailscale|zerotier|hamachi|anyconnect|fortinet|mullvad|\bnord",
            re.MULTILINE,
        ),
    ),
    (
        "virtual",
        re.compile(r"^(vmnet|vboxnet|vnet\d|bridge1\d\d$)|vethernet|hyper-v|virtualbox|vmware|parallels", re.MULTILINE),
    ),
)
"""Looked for in all the names of an adapter, in this order: WSL's is a Hyper-V adapter too."""
_RANKS: tuple[AdapterKind, ...] = ("lan", "virtual", "container", "vpn", "loopback")


@dataclass(frozen=True, slots=True)
class AdapterAddress:
    """An address as its adapter has it; ``network`` as ``192.168.0.0/24``."""

    ip: str
    network: str
    adapter: str
    kind: AdapterKind


def kind_of(*names: str) -> AdapterKind:
    """What an adapter is whose link says nothing, by all that its system calls it (on Windows three names)."""
    said = "\n".join(names).lower()
    return next((kind for kind, pattern in _KINDS if pattern.search(said)), "lan")


def adapter_addresses() -> tuple[AdapterAddress, ...]:
    """Every address of every adapter. Asks the system: not on the loop."""
    import ifaddr  # 14 ms, and only a server needs it

    found = []
    for adapter in ifaddr.get_adapters():
        by_link = kind_by_link(adapter.name, adapter.index or 0)
        for entry in adapter.ips:
            ip = entry.ip if isinstance(entry.ip, str) else entry.ip[0]
            network = ipaddress.ip_network(f"{ip}/{entry.network_prefix}", strict=False)
            names = (adapter.name, adapter.nice_name, entry.nice_name)
            kind: AdapterKind = "loopback" if network.is_loopback else by_link or kind_of(*names)
            found.append(AdapterAddress(ip, str(network), entry.nice_name or adapter.nice_name, kind))
    return tuple(found)


def ways_out() -> frozenset[str]:
    """The addresses by which this computer would speak to the internet.

    Connecting a UDP socket sends nothing: it only lets the system choose the route.
    """
    found = set()
    for family, somewhere in ((socket.AF_INET, "198.51.100.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((somewhere, 9))
                found.add(str(probe.getsockname()[0]))
        except OSError:  # no such route, or no IPv6 at all
            continue
    return frozenset(found)


def reachable(bound: Sequence[str], port: int) -> tuple[LanAddress, ...]:
    """Where a listener on the addresses ``bound`` is reached, the likeliest first. Asks the system: not on the loop."""
    return ordered(bound, port, _listed(), ways_out())


def is_ours(host: str) -> bool:
    """Whether ``host`` is an address that this computer has now. Asks the system: not on the loop."""
    return address_of(host) in {address_of(known.ip) for known in _listed()}


def _listed() -> tuple[AdapterAddress, ...]:
    try:
        return adapter_addresses()
    except OSError as error:
        log.warning("the network adapters could not be listed: %s", error)
        return ()


def ordered(
    bound: Sequence[str], port: int, known: Iterable[AdapterAddress], out: frozenset[str]
) -> tuple[LanAddress, ...]:
    """As ``reachable``, of what is given: first the way out of the network, then the rest of it, then what is none."""
    known = [_as_seen_from_home(address, out) for address in known]
    chosen = {address.ip: address for host in bound for address in _answering(host, known)}
    ranked = sorted(
        chosen.values(),
        key=lambda address: (_RANKS.index(address.kind), address.ip not in out, ":" in address.ip),
    )
    return tuple(
        LanAddress(
            address.ip, http_url(address.ip, port) if port else "", address.adapter, address.kind, address.network
        )
        for address in ranked
    )


async def resolved(host: str) -> tuple[str, ...]:
    """The addresses that ``host`` means; none when it means nothing, or nobody says so in time."""
    try:
        async with asyncio.timeout(LOOK_UP_LIMIT_S):
            infos = await asyncio.get_running_loop().getaddrinfo(
                host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(info[4][0]) for info in infos))


def _as_seen_from_home(address: AdapterAddress, out: frozenset[str]) -> AdapterAddress:
    """A virtual adapter that leads out is this computer's own: it is a guest, or has a Hyper-V switch over its card."""
    return replace(address, kind="lan") if address.kind == "virtual" and address.ip in out else address


def _answering(host: str, known: Sequence[AdapterAddress]) -> list[AdapterAddress]:
    """The addresses at which a listener on the one address ``host`` answers."""
    bound = address_of(host)
    if bound is None:
        return []
    if not bound.is_unspecified:
        own = AdapterAddress(host, "", "", "loopback" if bound.is_loopback else "lan")
        return [next((address for address in known if address_of(address.ip) == bound), own)]
    return [address for address in known if _is_for_others(address.ip, bound.version)]


def _is_for_others(ip: str, version: int) -> bool:
    address = address_of(ip)
    return (
        address is not None
        and address.version == version
        and not (address.is_loopback or address.is_link_local or address.is_unspecified)
    )
