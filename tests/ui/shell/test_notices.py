"""Notices: each kind once in ten minutes, only when nobody looks, and what stays in the bar."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices

from app.core.events import CapReached, DiskLow, KeyRefused, PairingWanted, ProviderLightChanged, Trouble
from app.ui.providers.provider_dialogs import SetKey
from app.ui.providers.tab import ProvidersTab
from app.ui.shell import message_bar
from app.ui.shell.notices import BURST, BURST_S, QUIET_S, Notices
from app.ui.support.bridge import Bridge
from tests.ui.conftest import OpenStage, Play
from tests.ui.pseudo import clipped
from tests.ui.stage import Stage


@dataclass
class Watch:
    """Stands in for the tray; ``looking``: the window is in front."""

    now: float = 1_000.0
    looking: bool = False
    shown: list[tuple[str, str, str]] = field(default_factory=list)

    def show(self, kind: str, title: str, text: str) -> bool:
        if self.looking:
            return False
        self.shown.append((kind, title, text))
        return True


@asynccontextmanager
async def watched(on: Stage) -> AsyncIterator[Watch]:
    watch, bridge = Watch(), Bridge(on.bus, on.window)
    notices = Notices(on.services, bridge, watch.show, on.window, clock=lambda: watch.now)
    yield watch
    notices.stop()
    bridge.close()


async def settled(on: Stage) -> None:
    """Everything published so far was delivered."""
    settled.number += 1  # type: ignore[attr-defined]
    sentence = f"Settled {settled.number}."  # type: ignore[attr-defined]
    on.bus.publish(Trouble(sentence))
    await on.until(lambda: sentence in on.window.messages.texts())


settled.number = 0  # type: ignore[attr-defined]


def test_a_new_device_is_told_once_in_ten_minutes(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on, watched(on) as watch:
            on.bus.publish(PairingWanted("192.168.0.12", "alice"))
            await on.until(lambda: watch.shown)
            assert watch.shown == [("pairing", "A new device", "192.168.0.12 wants to act as alice.")]
            watch.now += QUIET_S - 1
            on.bus.publish(PairingWanted("192.168.0.13", ""))
            await settled(on)
            assert len(watch.shown) == 1
            watch.now += 1
            on.bus.publish(PairingWanted("192.168.0.13", ""))
            await on.until(lambda: len(watch.shown) == 2)
            assert watch.shown[1][2] == "192.168.0.13 is not paired."

    play(scene())


def test_a_device_that_is_paired_or_blocked_is_no_news(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on, watched(on) as watch:
            await on.store.pairings.pair("192.168.0.12", "alice")
            await on.store.blacklist.add("192.168.0.66")
            on.bus.publish(PairingWanted("192.168.0.12", "alice"))
            on.bus.publish(PairingWanted("192.168.0.66", "alice"))
            await settled(on)
            assert watch.shown == []

    play(scene())


def test_nothing_is_told_while_the_window_is_looked_at_and_it_is_told_later(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on, watched(on) as watch:
            watch.looking = True
            on.bus.publish(PairingWanted("192.168.0.12", "alice"))
            await settled(on)
            watch.looking = False
            on.bus.publish(PairingWanted("192.168.0.12", "alice"))
            await on.until(lambda: len(watch.shown) == 1)

    play(scene())


def test_five_wrong_keys_within_a_minute_from_one_device(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on, watched(on) as watch:
            for number in range(BURST * 3):
                on.bus.publish(KeyRefused(f"192.168.0.{number}"))
            for _ in range(BURST):
                on.bus.publish(KeyRefused("192.168.0.77"))
                watch.now += BURST_S / 4 + 1
            await settled(on)
            assert watch.shown == [], "from many devices, or slowly, people mistype"
            for _ in range(BURST):
                on.bus.publish(KeyRefused("192.168.0.66"))
            await on.until(lambda: watch.shown)
            (kind, title, text), *more = watch.shown
            assert (kind, title, more) == ("keys", "Wrong keys", [])
            assert text.startswith("192.168.0.66 tries out auth keys.")

    play(scene())


@pytest.mark.parametrize(
    ("light", "is_told"),
    [
        (ProviderLightChanged("gemini", "key_refused", "The key was refused."), True),
        (ProviderLightChanged("gemini", "no_credit", "No credit is left."), True),
        (ProviderLightChanged("gemini", "cooling", "It is overloaded.", 300), True),
        (ProviderLightChanged("gemini", "cooling", "Today's requests are used up.", None), True),
        (ProviderLightChanged("gemini", "cooling", "It is overloaded.", 5), False),
        (ProviderLightChanged("gemini", "ready"), False),
        (ProviderLightChanged("gemini", "no_key"), False),
        (ProviderLightChanged("gone", "key_refused", "The key was refused."), False),
    ],
)
def test_a_provider_that_is_down(play: Play, stage: OpenStage, light: ProviderLightChanged, is_told: bool) -> None:
    async def scene() -> None:
        async with stage() as on, watched(on) as watch:
            on.bus.publish(light)
            await settled(on)
            wanted = [("provider", "Google Gemini is not asked", light.sentence)] if is_told else []
            assert watch.shown == wanted

    play(scene())


def test_a_provider_that_is_off_is_not_missed(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on, watched(on) as watch:
            await on.store.providers.set("gemini", enabled=False)
            on.bus.publish(ProviderLightChanged("gemini", "key_refused", "The key was refused."))
            await settled(on)
            assert watch.shown == []

    play(scene())


def test_caps_and_a_full_disk_stand_in_the_window_too(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on, watched(on) as watch:
            for event in (
                CapReached("profile", "alice", 2.0),
                CapReached("provider", "gemini", 0.5),
                DiskLow(90_000_000),
            ):
                on.bus.publish(event)
            await on.until(lambda: len(on.window.messages.texts()) == 3)
            disk, gemini, alice = on.window.messages.texts()
            assert "alice" in alice
            assert "Google Gemini" in gemini
            assert disk.startswith("The disk is nearly full. 85.8 MB are left")
            assert [kind for kind, _, _ in watch.shown] == ["cap", "disk"]
            on.bus.publish(DiskLow(80_000_000))
            await on.until(lambda: "76.3 MB" in on.window.messages.texts()[0])
            assert len(watch.shown) == 2

    play(scene())


def test_a_provider_that_needs_its_owner_is_told_once_with_the_way_to_put_it_right(
    play: Play, stage: OpenStage
) -> None:
    async def scene() -> None:
        async with stage() as on:
            light = ProviderLightChanged("gemini", "key_refused", "The key was refused.")
            told = "Google Gemini is not asked. The key was refused."
            for _ in range(2):
                on.bus.publish(light)
                await on.until(lambda: told in on.window.messages.texts())
            on.window.messages.drop("provider gemini")
            on.bus.publish(light)
            await settled(on)
            assert told not in on.window.messages.texts(), "it was told already"
            on.bus.publish(ProviderLightChanged("gemini", "ready"))
            await settled(on)
            on.bus.publish(light)
            await on.until(lambda: told in on.window.messages.texts())
            button = on.window.messages.way_out("provider gemini")
            assert button is not None
            assert button.text() == "Replace key"
            await on.press(button)
            dialog = await on.dialog(SetKey)
            assert on.shown_tab().name == "providers"
            dialog.reject()
            on.bus.publish(ProviderLightChanged("qwen", "no_credit", "No credit is left on the account."))
            await on.until(lambda: on.window.messages.way_out("provider qwen"))
            button = on.window.messages.way_out("provider qwen")
            assert button is not None
            assert button.text() == "Open"
            await on.press(button)
            assert on.tab(ProvidersTab).table.picked_name == "qwen"

    play(scene())


def test_a_notice_floats_and_goes_and_nothing_below_it_moves(
    play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_bar, "NOTICE_MS", 100)

    async def scene() -> None:
        async with stage() as on:
            place = on.window.pages.geometry()
            on.window.tell("It is done. " * 12, "good")
            await on.until(lambda: on.window.messages.notices.isVisible())
            (notice,) = on.window.messages.notices.findChildren(message_bar._Notice)
            assert clipped(notice) == []
            assert on.window.rect().contains(on.window.messages.notices.geometry())
            assert on.window.pages.geometry() == place
            await on.until(lambda: on.window.messages.texts() == [])
            assert not on.window.messages.notices.isVisible()

    play(scene())


def test_a_file_that_was_saved_can_be_opened_and_found(
    play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened = list[str]()
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))

    async def scene() -> None:
        async with stage() as on:
            on.shown_tab().saved.emit("Saved as a.csv.", tmp_path / "a.csv")
            for button in on.window.messages._messages["Saved as a.csv."].buttons:
                on.click(button)
            assert opened == [str(tmp_path / "a.csv"), str(tmp_path)]

    play(scene())


def test_a_banner_takes_no_room_while_somebody_points_at_the_tab(
    play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            is_pointed_at = True
            pages = on.window.pages
            monkeypatch.setattr(pages, "underMouse", lambda: is_pointed_at)
            place = pages.geometry()
            on.bus.publish(PairingWanted("192.168.0.12", "alice"))
            await on.until(on.window.pairings.isVisible)
            await settled(on)
            assert pages.geometry() == place
            is_pointed_at = False
            await on.until(lambda: pages.geometry().top() > place.top())
            (banner,) = on.window.pairings.banners.values()
            assert clipped(banner) == []
            assert banner.mapTo(on.window, banner.rect().bottomLeft()).y() < pages.geometry().top()
            on.click(banner.later)
            await on.until(lambda: pages.geometry() == place)

    play(scene())
