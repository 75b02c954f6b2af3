"""The desk above the tabs: a device that asks is allowed, blocked or put off; this computer is never blocked."""

from __future__ import annotations

import asyncio

import pytest

from app.core.events import PairingWanted
from app.ui.connect.block_address import BlockAddress
from app.ui.shell.pairing_controller import PairingBanner
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import Stage


async def asked(on: Stage, client_ip: str, username: str) -> PairingBanner:
    on.bus.publish(PairingWanted(client_ip, username))
    await on.until(lambda: (client_ip, username) in on.window.pairings.banners)
    return on.window.pairings.banners[client_ip, username]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_computer_cannot_be_blocked_and_the_question_stays(play: Play, stage: OpenStage, address: str) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            banner = await asked(on, address, "alice")
            on.click(banner.block)
            await on.until(lambda: any("this computer's own" in text for text in on.window.messages.texts()))
            await on.until(banner.block.isEnabled)
            assert on.store.blacklist.all() == ()
            on.click(banner.allow)
            await on.until(lambda: on.store.pairings.is_paired(address, "alice"))
            await on.until(lambda: not on.window.pairings.banners)

    play(scene())


def test_ones_own_phone_is_not_shut_out_by_one_press(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob") as on:
            await on.store.pairings.pair("192.168.0.12", "alice")
            banner = await asked(on, "192.168.0.12", "bob")
            on.click(banner.block)
            dialog = await on.dialog(BlockAddress)
            assert dialog.address.text() == "192.168.0.12"
            assert "192.168.0.12 (alice)" in dialog.address_field.note.text()
            on.click(dialog.cancel_button)
            await on.closed(dialog)
            assert on.store.blacklist.all() == ()
            on.click(banner.block)
            dialog = await on.dialog(BlockAddress)
            on.click(dialog.accept_button)
            await on.until(lambda: on.store.blacklist.match("192.168.0.12"))
            await on.until(lambda: not on.window.pairings.banners)

    play(scene())


def test_a_banner_follows_the_profiles(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob") as on:
            banner = await asked(on, "192.168.0.12", "alice")
            assert not banner.profiles.isVisible()
            await on.store.profiles.rename("alice", "carol")
            await on.until(banner.profiles.isVisible)
            assert "no profile here" in banner.text.text()
            assert [banner.profiles.itemText(row) for row in range(banner.profiles.count())] == ["bob", "carol"]
            banner.profiles.setCurrentText("carol")
            await on.store.trash.put("bob")
            await on.until(lambda: banner.profiles.count() == 1)
            on.click(banner.allow)
            await on.until(lambda: on.store.pairings.is_paired("192.168.0.12", "carol"))

    play(scene())


def test_without_a_profile_nobody_can_be_allowed(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            banner = await asked(on, "192.168.0.12", "alice")
            await on.store.trash.put("alice")
            await on.until(lambda: not banner.allow.isEnabled())
            await on.store.trash.restore("alice")
            await on.until(banner.allow.isEnabled)
            assert banner.text.text() == "Device 192.168.0.12 wants to act as alice."
            on.click(banner.later)
            assert not on.window.pairings.banners

    play(scene())


def test_a_crowd_of_strangers_leaves_room_for_neighbours_the_first_and_the_newest(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob") as on:
            await on.store.pairings.pair("192.168.0.12", "alice")
            for number in range(5):
                await asked(on, f"10.{number}.0.1", "alice")
            shown = [ip for ip, _ in on.window.pairings.banners]
            assert (shown[0], shown[-1], len(shown)) == ("10.0.0.1", "10.4.0.1", 3)
            for ip in ("192.168.0.13", "192.168.0.14"):
                await asked(on, ip, "alice")
            assert {"192.168.0.13", "192.168.0.14"} < {ip for ip, _ in on.window.pairings.banners}
            await asked(on, "127.0.0.1", "alice")
            on.bus.publish(PairingWanted("10.9.0.1", "alice"))
            await asyncio.sleep(0.3)
            assert {ip for ip, _ in on.window.pairings.banners} == {"192.168.0.13", "192.168.0.14", "127.0.0.1"}

    play(scene())


def test_one_address_or_ipv6_network_has_one_banner(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob") as on:
            await asked(on, "192.168.0.12", "alice")
            for ip, name in (("2001:db8::1", "alice"), ("2001:db8::2", "bob"), ("192.168.0.12", "bob")):
                await asked(on, ip, name)
            assert list(on.window.pairings.banners) == [("2001:db8::2", "bob"), ("192.168.0.12", "bob")]

    play(scene())
