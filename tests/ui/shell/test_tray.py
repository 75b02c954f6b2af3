"""The tray: every entry of its menu, the pause, closing into it and coming back; once with a real tray."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from app.core.events import PairingWanted, ProviderLightChanged
from app.ui.shell import tray as tray_module
from app.ui.shell.background import Background
from app.ui.support.theme import Tone
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import URL, Stage


class TrayHost:
    """A desktop that shows tray icons, or not."""

    def __init__(self) -> None:
        self.is_there = True
        self.messages: list[tuple[str, str]] = []

    def show(self, _icon: QSystemTrayIcon, title: str, text: str, *_: object) -> None:
        self.messages.append((title, text))


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> TrayHost:
    made = TrayHost()
    monkeypatch.setattr(tray_module, "is_there", lambda: made.is_there)
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda icon, *told: made.show(icon, *told))
    return made


def background(on: Stage) -> Background:
    assert on.window.background is not None
    return on.window.background


# --- closing ---------------------------------------------------------------------------------------------------------


def test_closing_goes_to_the_tray_and_says_so_once_ever(
    play: Play, stage: OpenStage, host: TrayHost, tmp_path: Path
) -> None:
    async def scene() -> None:
        asked = list[None]()
        for _ in range(2):
            async with stage() as on:
                on.window.closing.connect(lambda: asked.append(None))
                await on.control.start()
                for _ in range(2):
                    on.window.close()
                    assert not on.window.isVisible()
                    background(on).tray.open.trigger()
                    assert on.window.isVisible()
                assert asked == []
                assert on.control.state == "running"
                assert len(host.messages) == 1
                assert "Quit" in host.messages[0][1]
        kept = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
        assert str(kept.value("window/tray_told")).lower() == "true"

    play(scene())


def test_without_a_tray_closing_quits(play: Play, stage: OpenStage, host: TrayHost) -> None:
    async def scene() -> None:
        async with stage() as on:
            asked = list[None]()
            on.window.closing.connect(lambda: asked.append(None))
            host.is_there = False
            on.window.close()
            assert len(asked) == 1
            assert not on.window.isVisible()
            assert host.messages == []

    play(scene())


def test_ctrl_q_and_the_trays_quit_quit_though_there_is_a_tray(play: Play, stage: OpenStage, host: TrayHost) -> None:
    async def scene() -> None:
        async with stage() as on:
            asked = list[None]()
            on.window.closing.connect(lambda: asked.append(None))
            on.window.activateWindow()
            await on.until(on.window.isActiveWindow)
            QTest.keyClick(on.window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
            assert len(asked) == 1
            background(on).tray.quit.trigger()
            assert len(asked) == 2

    play(scene())


def test_a_click_on_the_icon_brings_the_window_back_even_from_the_taskbar(
    play: Play, stage: OpenStage, host: TrayHost
) -> None:
    async def scene() -> None:
        async with stage() as on:
            on.window.showMinimized()
            background(on).tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
            assert on.window.isVisible()
            assert not on.window.isMinimized()
            on.window.close()
            background(on).tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.Context)
            assert not on.window.isVisible(), "that one opens the menu"

    play(scene())


def test_begun_hidden_with_no_tray_the_window_comes_small(play: Play, stage: OpenStage, host: TrayHost) -> None:
    async def scene() -> None:
        async with stage() as on:
            on.window.hide()
            background(on)._late.setInterval(1)
            background(on).begin_hidden()
            await on.until(lambda: not background(on)._late.isActive())
            assert not on.window.isVisible(), "there is a tray to open it from"
            host.is_there = False
            background(on).begin_hidden()
            await on.until(on.window.isVisible)
            assert on.window.isMinimized()

    play(scene())


# --- the menu --------------------------------------------------------------------------------------------------------


def test_it_shows_the_state_and_starts_stops_and_copies(play: Play, stage: OpenStage, host: TrayHost) -> None:
    async def scene() -> None:
        async with stage() as on:
            tray = background(on).tray
            assert (tray.state.text(), tray.toggle.text()) == ("Stopped", "Start")
            assert not tray.url.isVisible()
            tray.toggle.trigger()
            await on.until(lambda: tray.state.text() == "Running")
            assert tray.icon.toolTip() == f"Frame Backend: Running\n{URL}"
            tray.url.trigger()
            assert QGuiApplication.clipboard().text() == URL
            tray.toggle.trigger()
            await on.until(lambda: tray.state.text() == "Stopped" and on.control.state == "stopped")
            assert tray.icon.toolTip() == "Frame Backend: Stopped"
            on.control.fails = "Another program uses port 7175."
            tray.toggle.trigger()
            await on.until(lambda: tray.state.text() == "Error")
            assert "Another program uses port 7175." in on.window.messages.texts()

    play(scene())


def test_every_state_looks_different_without_its_colour() -> None:
    drawn = set()
    for tone in get_args(Tone):
        grey = tray_module._with_sign(tone, 48).toImage().convertToFormat(QImage.Format.Format_Mono)
        drawn.add(bytes(grey.constBits()))
    assert len(drawn) == len(get_args(Tone))


# --- pause -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("entry", "minutes"), [(0, 15), (1, 60)])
def test_a_pause_stops_the_server_until_its_time_is_over(
    play: Play, stage: OpenStage, host: TrayHost, entry: int, minutes: int
) -> None:
    async def scene() -> None:
        async with stage() as on:
            tray, pause = background(on).tray, background(on).pause
            passed = 1_000.0
            pause._passed = lambda: passed
            pause._looks.setInterval(5)
            looked = list[None]()
            pause._looks.timeout.connect(lambda: looked.append(None))
            assert not tray.pauses[entry].isVisible(), "nothing runs"
            await on.control.start()
            await on.until(tray.pauses[entry].isVisible)
            before = datetime.now().astimezone()
            tray.pauses[entry].trigger()
            await on.until(lambda: on.control.state == "stopped")
            assert pause.until is not None
            assert timedelta() <= pause.until - before - timedelta(minutes=minutes) < timedelta(seconds=5)
            until = f"{pause.until:%H:%M}"
            assert tray.state.text() == f"No answers until {until}"
            assert on.window.messages.texts() == [f"Until {until} the glasses get no answers."]
            assert not tray.pauses[entry].isVisible()
            passed += 60 * minutes - 1
            looked.clear()
            await on.until(lambda: looked.count(None) >= 3)
            assert on.control.state == "stopped"
            passed += 1  # whatever the clock on the wall was set to meanwhile
            await on.until(lambda: on.control.state == "running" and tray.state.text() == "Running")
            assert on.window.messages.texts() == []
            assert not pause._looks.isActive()

    play(scene())


@pytest.mark.parametrize("way", ["tray", "bar", "strip"])
def test_a_pause_ends_early_in_three_ways(play: Play, stage: OpenStage, host: TrayHost, way: str) -> None:
    async def scene() -> None:
        async with stage() as on:
            tray, pause = background(on).tray, background(on).pause
            await on.control.start()
            await on.until(tray.pauses[0].isVisible)
            tray.pauses[0].trigger()
            await on.until(lambda: on.control.state == "stopped" and on.window.strip.word.text() == "Stopped")
            if way == "tray":
                tray.resume.trigger()
            elif way == "bar":
                button = on.window.messages.way_out("pause")
                assert button is not None
                await on.press(button)
            else:
                await on.press(on.window.strip.toggle)
            await on.until(lambda: on.control.state == "running" and tray.state.text() == "Running")
            assert pause.until is None
            assert on.window.messages.texts() == []
            assert not tray.resume.isVisible()

    play(scene())


# --- notices ---------------------------------------------------------------------------------------------------------


def test_a_notice_is_shown_when_nobody_looks_and_leads_to_its_tab(play: Play, stage: OpenStage, host: TrayHost) -> None:
    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            on.window.activateWindow()
            await on.until(lambda: QApplication.activeWindow() is not None)
            on.bus.publish(PairingWanted("192.168.0.12", "alice"))
            await on.until(lambda: on.window.pairings.banners)
            assert host.messages == []
            on.window.close()
            host.messages.clear()
            await on.until(lambda: QApplication.activeWindow() is None)
            on.bus.publish(ProviderLightChanged("gemini", "key_refused", "The key was refused."))
            await on.until(lambda: host.messages)
            assert host.messages == [("Google Gemini is not asked", "The key was refused.")]
            background(on).tray.icon.messageClicked.emit()
            assert on.window.isVisible()
            assert on.shown_tab().name == "providers"

    play(scene())


# --- a real one ------------------------------------------------------------------------------------------------------


@pytest.fixture
def real_host() -> Iterator[subprocess.Popen[bytes]]:
    """trayer, in the tests' own X server."""
    if (
        None in (shutil.which("trayer"), shutil.which("xdotool"))
        or not os.environ.get("DISPLAY")
        or QGuiApplication.platformName() != "xcb"
    ):
        pytest.skip("needs trayer, xdotool and an X display")
    command = ["trayer", "--edge", "bottom", "--widthtype", "request", "--SetDockType", "false"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as host:
        yield host
        host.kill()


def test_a_real_tray_shows_the_icon_and_keeps_the_program(
    play: Play, stage: OpenStage, real_host: subprocess.Popen[bytes]
) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await on.until(tray_module.is_there)
            icon = background(on).tray.icon
            bottom = QGuiApplication.primaryScreen().geometry().bottom()
            await on.until(lambda: icon.geometry().bottom() >= bottom - 4)  # it sits where the tray stands
            asked = list[None]()
            on.window.closing.connect(lambda: asked.append(None))
            on.window.close()
            assert not on.window.isVisible()
            assert asked == []
            x, y = (icon.geometry().bottomLeft() + QPoint(4, -4)).toTuple()  # the notice points at its middle
            # as a person does: QTest would handle events, and with them other tasks, within this one
            click = ("xdotool", "mousemove", str(x), str(y), "click", "1")
            await asyncio.to_thread(subprocess.run, click, check=True)
            await on.until(on.window.isVisible)
            real_host.kill()
            await on.until(lambda: not tray_module.is_there())
            on.window.close()
            assert asked == [None], "no tray any more: closing quits"

    play(scene())
