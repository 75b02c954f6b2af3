"""What an adapter is by its link: a VPN may be called anything."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import ifaddr
import pytest

from app.core.control import AdapterKind
from app.server.network import adapters, links

pytestmark = pytest.mark.posix("Linux tells them by symbolic links")


def link(root: Path, name: str, kind: int = 1, *, has: tuple[str, ...] = (), below: tuple[str, ...] = ()) -> Path:
    """A link's folder as Linux has it. ``has``: folders in it; ``below``: what it is made of."""
    folder = root / name
    folder.mkdir()
    (folder / "type").write_text(f"{kind}\n")
    for entry in has:
        (folder / entry).mkdir()
    for lower in below:
        (folder / f"lower_{lower}").symlink_to(root / lower)
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    link(tmp_path, "enp3s0", has=("device",))
    link(tmp_path, "bond0", below=("enp3s0",))
    link(tmp_path, "veth1")
    return tmp_path


@pytest.mark.parametrize(
    ("kind", "has", "below", "expected"),
    [
        (1, ("device",), (), "lan"),
        (65534, (), (), "vpn"),  # WireGuard
        (65534, ("tun_flags",), (), "vpn"),
        (1, ("tun_flags",), (), "vpn"),  # a tap: ZeroTier, OpenVPN
        (512, (), (), "vpn"),
        (778, (), (), "vpn"),
        (65534, ("device",), (), "lan"),  # a modem
        (1, ("bridge",), ("veth1",), "container"),
        (1, ("bridge",), (), "container"),
        (1, ("bridge",), ("veth1", "enp3s0"), "lan"),
        (1, ("bridge",), ("bond0",), "lan"),
        (1, (), (), None),
        (32, (), (), None),
    ],
)
def test_a_link_of_linux(
    root: Path, kind: int, has: tuple[str, ...], below: tuple[str, ...], expected: AdapterKind | None
) -> None:
    assert links.linux_kind(link(root, "office", kind, has=has, below=below)) == expected
    assert links.linux_kind(root / "gone") is None


def test_the_link_goes_before_the_name(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link(root, "office", 65534)
    link(root, "tap-room", has=("device",))

    def listed() -> list[object]:
        return [
            SimpleNamespace(
                name=name,
                nice_name=name,
                index=number,
                ips=[SimpleNamespace(ip=f"10.0.{number}.1", network_prefix=24, nice_name=name)],
            )
            for number, name in enumerate(("office", "tap-room", "tun7", "wlan0"))
        ]

    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(links, "LINUX_LINKS", root)
    monkeypatch.setattr(ifaddr, "get_adapters", listed)
    assert [address.kind for address in adapters.adapter_addresses()] == ["vpn", "lan", "vpn", "lan"]
