"""What a network adapter is by its link, as the system knows it: names are given by whoever makes an adapter."""

from __future__ import annotations

import sys
from pathlib import Path

from app.core.control import AdapterKind

LINUX_LINKS = Path("/sys/class/net")
_LINUX_TUNNELS = frozenset({"512", "768", "769", "776", "778", "823", "65534"})
"""ARPHRD_PPP, _TUNNEL, _TUNNEL6, _SIT, _IPGRE, _IP6GRE, and _NONE: WireGuard and tun (linux/if_arp.h)."""
_WINDOWS_TUNNELS = frozenset({23, 53, 131})
"""IF_TYPE_PPP, _PROP_VIRTUAL (Wintun, WireGuard, OpenVPN) and _TUNNEL (ipifcons.h)."""


def kind_by_link(name: str, index: int) -> AdapterKind | None:
    """Of the adapter that the system calls ``name`` and numbers ``index``; None when its link says nothing."""
    kind: AdapterKind | None = None
    if sys.platform == "linux":
        kind = linux_kind(LINUX_LINKS / name)
    elif sys.platform == "win32":
        kind = "vpn" if _windows_type(index) in _WINDOWS_TUNNELS else None
    return kind


def linux_kind(link: Path) -> AdapterKind | None:
    """As ``kind_by_link``, of a link's folder below ``/sys/class/net``."""
    if (link / "device").exists():
        return "lan"
    try:
        kind = (link / "type").read_text().strip()
    except OSError:
        return None
    if kind in _LINUX_TUNNELS or (link / "tun_flags").exists():
        return "vpn"
    if (link / "bridge").is_dir():
        return "lan" if _has_hardware(link) else "container"
    return None


def _has_hardware(link: Path) -> bool:
    """Also below: a bridge has its members there, a bond and a VLAN what they are made of."""
    below = (link.parent / lower.name.removeprefix("lower_") for lower in link.glob("lower_*"))
    return (link / "device").exists() or any(_has_hardware(one) for one in below)


if sys.platform == "win32":

    def _windows_type(index: int) -> int:
        """The IANA type of an interface: the upper 16 bits of its NET_LUID (ifdef.h)."""
        import ctypes

        luid = ctypes.c_uint64()
        ctypes.windll.iphlpapi.ConvertInterfaceIndexToLuid(index, ctypes.byref(luid))
        return luid.value >> 48
