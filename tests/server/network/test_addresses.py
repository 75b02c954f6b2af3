"""Where the server is reached and who has been heard: which address is the phone's, which is a VPN's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import ifaddr
import pytest

from app.core.control import AdapterKind
from app.core.events import Bus, ClientHeard, KeyRefused, ServerStateChanged
from app.server import FrameServer
from app.server.access.last_seen import DEVICES_REMEMBERED, LastSeen
from app.server.network import adapters
from app.server.network.adapters import AdapterAddress, kind_of, ordered
from app.store import Store
from app.store.setup.addresses import counted_as
from tests.server.devices import ALICE, BOB, Phone, StubPipeline

LAN, VPN = "192.168.0.10", "10.8.0.2"
HOME = (
    AdapterAddress("127.0.0.1", "127.0.0.0/8", "lo", "loopback"),
    AdapterAddress("172.17.0.1", "172.17.0.0/16", "docker0", "container"),
    AdapterAddress(VPN, "10.8.0.0/24", "tun0", "vpn"),
    AdapterAddress("169.254.7.7", "169.254.0.0/16", "eth1", "lan"),
    AdapterAddress("192.168.56.1", "192.168.56.0/24", "vboxnet0", "virtual"),
    AdapterAddress("192.168.7.3", "192.168.7.0/24", "eth0", "lan"),
    AdapterAddress(LAN, "192.168.0.0/24", "wlan0", "lan"),
    AdapterAddress("2001:db8:5::7", "2001:db8:5::/64", "wlan0", "lan"),
    AdapterAddress("fe80::7", "fe80::/64", "wlan0", "lan"),
    AdapterAddress("::1", "::1/128", "lo", "loopback"),
)


def ips(bound: Iterable[str], out: Iterable[str] = (LAN,)) -> list[str]:
    return [address.ip for address in ordered(tuple(bound), 7175, HOME, frozenset(out))]


# --- adapters --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (("eth0",), "lan"),
        (("wlp2s0",), "lan"),
        (("en0",), "lan"),
        (("br0",), "lan"),
        (("br-lan",), "lan"),
        (("{846EE342}", "Intel(R) Wi-Fi 6 AX201 160MHz", "Wi-Fi"), "lan"),
        (("{846EE342}", "Realtek PCIe GbE Family Controller", "Ethernet"), "lan"),
        (("docker0",), "container"),
        (("br-0a1b2c3d4e5f",), "container"),
        (("veth12ab",), "container"),
        (("virbr0",), "container"),
        (("podman1",), "container"),
        (("cni0",), "container"),
        (("{1}", "Hyper-V Virtual Ethernet Adapter", "vEthernet (WSL)"), "container"),
        (("{1}", "Hyper-V Virtual Ethernet Adapter #2", "vEthernet (WSL (Hyper-V firewall))"), "container"),
        (("{1}", "Hyper-V Virtual Ethernet Adapter", "vEthernet (Default Switch)"), "virtual"),
        (("{1}", "VirtualBox Host-Only Ethernet Adapter", "Ethernet 3"), "virtual"),
        (("{1}", "VMware Virtual Ethernet Adapter for VMnet8", "VMware Network Adapter VMnet8"), "virtual"),
        (("vboxnet0",), "virtual"),
        (("vmnet8",), "virtual"),
        (("bridge100",), "virtual"),
        (("tun0",), "vpn"),
        (("tap0",), "vpn"),
        (("wg0",), "vpn"),
        (("ppp0",), "vpn"),
        (("utun3",), "vpn"),
        (("tailscale0",), "vpn"),
        (("ztabcdef12",), "vpn"),
        (("nordlynx",), "vpn"),
        (("{1}", "TAP-Windows Adapter V9", "Ethernet 2"), "vpn"),
        (("{1}", "WireGuard Tunnel", "home"), "vpn"),
        (("{1}", "OpenVPN Data Channel Offload", "OpenVPN"), "vpn"),
        (("{1}", "TAP-NordVPN Windows Adapter V9", "Ethernet 5"), "vpn"),
    ],
)
def test_adapters_are_told_apart_by_their_names(names: tuple[str, ...], kind: AdapterKind) -> None:
    assert kind_of(*names) == kind


def test_the_way_out_comes_first_then_the_network_then_what_no_phone_reaches() -> None:
    assert ips(["0.0.0.0"]) == [LAN, "192.168.7.3", "192.168.56.1", "172.17.0.1", VPN]
    kinds = [address.kind for address in ordered(("0.0.0.0",), 7175, HOME, frozenset({LAN}))]
    assert kinds == ["lan", "lan", "virtual", "container", "vpn"]


def test_a_vpn_that_carries_everything_is_not_taken_for_the_network() -> None:
    assert ips(["0.0.0.0"], [VPN])[:2] == ["192.168.7.3", LAN]
    assert ips(["0.0.0.0"], [VPN])[-1] == VPN


def test_a_guest_has_its_virtual_adapter_as_its_own() -> None:
    assert ips(["0.0.0.0"], ["192.168.56.1"])[0] == "192.168.56.1"


def test_only_what_is_bound_is_listed() -> None:
    assert ips([VPN]) == [VPN]
    assert ips(["127.0.0.1"]) == ["127.0.0.1"]
    assert ips(["::"]) == ["2001:db8:5::7"], "an IPv6 listener hears no IPv4"
    assert ips(["127.0.0.1", "::1"], []) == ["127.0.0.1", "::1"]
    assert ips(["fe80::7%wlan0"]) == ["fe80::7"]
    assert ips(["no address"]) == []


def test_urls_adapters_and_networks() -> None:
    first = ordered(("0.0.0.0",), 7175, HOME, frozenset({LAN}))[0]
    assert (first.url, first.adapter, first.network) == (f"http://{LAN}:7175", "wlan0", "192.168.0.0/24")
    assert ordered(("::",), 7175, HOME, frozenset())[0].url == "http://[2001:db8:5::7]:7175"
    assert ordered((LAN,), 0, HOME, frozenset())[0].url == "", "no port is known yet"
    (unlisted,) = ordered(("127.0.0.9",), 7175, HOME, frozenset())
    assert (unlisted.ip, unlisted.kind) == ("127.0.0.9", "loopback")


def test_adapters_are_read_as_windows_lists_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def listed() -> list[Any]:
        def ip(address: object, prefix: int) -> object:
            return SimpleNamespace(ip=address, network_prefix=prefix, nice_name="Wi-Fi")

        addresses = [ip("192.168.0.10", 24), ip(("fe80::1", 0, 7), 64), ip(("2001:db8::1", 0, 0), 64)]
        return [SimpleNamespace(name="{846EE342}", nice_name="Intel(R) Wi-Fi 6", index=7, ips=addresses)]

    monkeypatch.setattr(ifaddr, "get_adapters", listed)
    assert adapters.adapter_addresses() == (
        AdapterAddress("192.168.0.10", "192.168.0.0/24", "Wi-Fi", "lan"),
        AdapterAddress("fe80::1", "fe80::/64", "Wi-Fi", "lan"),
        AdapterAddress("2001:db8::1", "2001:db8::/64", "Wi-Fi", "lan"),
    )


def test_adapters_that_cannot_be_listed_do_not_stop_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> None:
        raise OSError("no rights")

    monkeypatch.setattr(ifaddr, "get_adapters", refused)
    assert [address.ip for address in adapters.reachable(("127.0.0.1",), 1)] == ["127.0.0.1"]
    assert adapters.reachable(("0.0.0.0",), 1) == ()


# --- the server's own addresses --------------------------------------------------------------------------------------


async def test_addresses_of_a_running_server_are_those_it_is_bound_to(server: FrameServer) -> None:
    server.follow("network.host")
    (own,) = await server.addresses()
    assert (own.ip, own.url, own.kind) == ("127.0.0.1", f"http://127.0.0.1:{server.port}", "loopback")
    await server.stop()
    assert all(address.kind != "loopback" for address in await server.addresses()), "those it would have"


async def test_addresses_before_the_start(store: Store, pipeline: StubPipeline, bus: Bus) -> None:
    server = FrameServer(store, pipeline, bus, host="127.0.0.1", port=7175)
    assert [address.url for address in await server.addresses()] == ["http://127.0.0.1:7175"]
    server = FrameServer(store, pipeline, bus, host="no such host", port=7175)
    assert await server.addresses() == ()


async def test_the_url_follows_when_the_computer_joins_another_network(
    server: FrameServer, heard: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server.url
    moved = ordered((LAN,), server.port, HOME, frozenset())
    monkeypatch.setattr(adapters, "reachable", lambda bound, port: moved)
    assert await server.addresses() == moved
    assert server.url == f"http://{LAN}:{server.port}" != url
    assert heard[-1] == ServerStateChanged("running", server.url)
    told = len(heard)
    await server.addresses()
    assert len(heard) == told, "nothing changed"


# --- who was heard ---------------------------------------------------------------------------------------------------


async def test_a_device_is_heard_whatever_becomes_of_its_request(server: FrameServer, store: Store, bus: Bus) -> None:
    told: list[Any] = []
    for kind in (ClientHeard, KeyRefused):
        bus.subscribe(kind, told.append)
    before = datetime.now(UTC)
    for ip, status in (("127.0.0.2", 401), ("127.0.0.3", 404)):
        path = "/nothing" if status == 404 else "/auth-wrong-key"
        assert (await Phone(server, ip).send("POST", path)).status == status
    assert told == [ClientHeard("127.0.0.2"), KeyRefused("127.0.0.2"), ClientHeard("127.0.0.3")]
    assert list(server.last_heard()) == ["127.0.0.2", "127.0.0.3"]
    assert all(before <= moment <= datetime.now(UTC) for moment in server.last_heard().values())
    await server.stop()
    await server.start()
    assert list(server.last_heard()) == ["127.0.0.2", "127.0.0.3"], "since the program started"


async def test_heard_at_most_once_a_second_and_by_its_one_name(store: Store, bus: Bus) -> None:
    told: list[ClientHeard] = []
    bus.subscribe(ClientHeard, told.append)
    now = [100.0]
    heard = LastSeen(store, bus, monotonic=lambda: now[0])
    await store.pairings.pair(LAN, ALICE)
    for now[0] in (100.0, 100.5, 100.99, 101.0):
        heard.note(LAN)
    heard.note("192.168.0.11")
    heard.note("")
    await store.pairings.pair(LAN, BOB)
    now[0] = 102.0
    heard.note(LAN)
    assert told == [
        ClientHeard(LAN, ALICE), ClientHeard(LAN, ALICE), ClientHeard("192.168.0.11"), ClientHeard(LAN, "")
    ]  # fmt: skip
    assert list(heard.moments) == ["192.168.0.11", LAN], "the last one at the end"


async def test_no_crowd_of_addresses_fills_the_memory(store: Store, bus: Bus) -> None:
    heard = LastSeen(store, bus)
    for number in range(DEVICES_REMEMBERED + 100):
        heard.note(f"10.0.{number // 256}.{number % 256}")
    assert len(heard.moments) == len(heard._told) == DEVICES_REMEMBERED
    assert "10.0.0.99" not in heard.moments
    assert "10.0.0.100" in heard.moments


async def test_addresses_of_one_network_push_nobody_out(store: Store, bus: Bus) -> None:
    heard = LastSeen(store, bus)
    await store.pairings.pair("2001:db8::1", ALICE)
    for ip in ("192.168.0.9", "2001:db8::1", *(f"2001:db8::a:{number:x}" for number in range(DEVICES_REMEMBERED))):
        heard.note(ip)
    assert list(heard.moments) == ["192.168.0.9", "2001:db8::1", f"2001:db8::a:{DEVICES_REMEMBERED - 1:x}"]
    assert len(heard._told) == 3


@pytest.mark.parametrize(
    ("ip", "counted"),
    [
        ("192.168.0.9", "192.168.0.9"), ("::ffff:192.168.0.9", "192.168.0.9"), ("::1", "::1"), ("::2", "::2"),
        ("2001:DB8::1:2:3:4", "2001:db8::/64"), ("fe80::9%eth0", "fe80::/64"), ("nobody", "nobody"), ("", ""),
    ],
)  # fmt: skip
def test_under_what_an_address_is_counted(ip: str, counted: str) -> None:
    assert counted_as(ip) == counted
