"""The frame around the tabs: what is shown is what is, banners do what they say, keys and place are kept."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit

from app.core.events import HistoryBehind, KeysPosted, PairingWanted, ServerStateChanged, Trouble
from app.ui.main_window import MainWindow
from app.ui.tabs import TABS
from app.ui.theme import Scheme, Theme
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import URL, new_answer

UI = Path(__file__).parents[2] / "app/ui"
NO_TABS = {"__init__", "tab"}


def test_every_tabs_file_is_listed_in_tabs() -> None:
    assert {path.stem for path in (UI / "tabs").glob("*.py")} - NO_TABS == {tab.name for tab in TABS}


def test_texts_can_be_translated_and_nothing_nests_event_loops() -> None:
    for path in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr != "exec", path
                if node.func.attr == "tr":
                    assert not isinstance(node.args[0], ast.JoinedStr), f"{path}:{node.lineno}: unread by lupdate"
            assert not (isinstance(node, ast.Name) and node.id in ("asyncSlot", "asyncClose")), path


# --- the status strip ------------------------------------------------------------------------------------------------


def test_the_strip_follows_the_servers_own_state(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            strip = on.window.strip
            assert strip.word.text() == "Stopped"
            assert not strip.url.isVisible()
            on.click(strip.toggle)
            await on.until(lambda: strip.word.text() == "Running" and strip.url.text() == URL)
            on.click(strip.copy)
            assert QGuiApplication.clipboard().text() == URL
            on.bus.publish(ServerStateChanged("starting"))
            await on.until(lambda: strip.word.text() == "Starting" and not strip.toggle.isEnabled())
            on.bus.publish(ServerStateChanged("running", URL))
            await on.until(strip.toggle.isEnabled)
            on.click(strip.toggle)
            await on.until(lambda: strip.word.text() == "Stopped" and on.control.state == "stopped")
            assert strip.toggle.text() == "Start"
            assert not strip.copy.isVisible()

    play(scene())


def test_a_start_that_fails_says_why_until_it_runs(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            strip, messages = on.window.strip, on.window.messages
            on.control.fails = "Another program uses port 7175."
            on.click(strip.toggle)
            await on.until(lambda: strip.word.text() == "Error" and strip.toggle.isEnabled())
            assert messages.texts() == ["Another program uses port 7175."]
            on.control.fails = ""
            on.click(strip.toggle)
            await on.until(lambda: strip.word.text() == "Running" and messages.texts() == [])

    play(scene())


def test_figures_and_keyring_of_the_strip(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            strip = on.window.strip
            await on.until(lambda: strip.frames.text() == "Frames today: 0" and strip.disk.text())
            assert strip.keyring.text() == "Keyring: checking"
            await on.store.secrets.probe()
            await on.until(lambda: strip.keyring.text() == "Keyring: none")
            assert any("keyring" in text for text in on.window.messages.texts())
            frame = on.answer("alice")
            await on.store.activity.record(frame, None, new_answer("A mug."), 9)
            on.answer("alice")
            await on.until(lambda: strip.frames.text() == "Frames today: 1")

    play(scene())


# --- messages and banners ----------------------------------------------------------------------------------------


def test_messages_come_once_and_go(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            messages = on.window.messages
            on.bus.publish(HistoryBehind(3))
            on.bus.publish(Trouble("The disk is nearly full."))
            on.bus.publish(KeysPosted("alice", "192.168.0.12", ("gemini",)))
            await on.until(lambda: len(messages.texts()) == 3)
            on.bus.publish(Trouble("The disk is nearly full."))
            on.bus.publish(HistoryBehind(0))
            await on.until(lambda: len(messages.texts()) == 2)
            assert "192.168.0.12" in messages.texts()[0]
            assert "Google Gemini" in messages.texts()[0]
            for text in messages.texts():
                on.click(messages._messages[text].close_button)
            assert not messages.isVisible()
            for number in range(9):
                on.bus.publish(Trouble(f"Trouble {number}."))
            await on.until(lambda: messages.texts() == [f"Trouble {number}." for number in (8, 7, 6, 5)])

    play(scene())


def test_allow_pairs_until_revoked(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            for _ in range(3):
                on.bus.publish(PairingWanted("192.168.0.12", "alice"))
            await on.until(lambda: on.window.pairings.banners)
            (banner,) = on.window.pairings.banners.values()
            assert banner.text.text() == "Device 192.168.0.12 wants to act as alice."
            assert not banner.profiles.isVisible()
            on.click(banner.allow)
            await on.until(lambda: not on.window.pairings.isVisible())
            (pairing,) = on.store.pairings.all()
            assert (pairing.ip, pairing.username, pairing.until_revoked) == ("192.168.0.12", "alice", True)
            assert not on.store.pairings.authenticated_within("192.168.0.12", "alice", 600)
            on.bus.publish(PairingWanted("192.168.0.12", "alice"))
            on.bus.publish(Trouble("Later."))
            await on.until(lambda: "Later." in on.window.messages.texts())
            assert not on.window.pairings.banners, "it is paired by now"

    play(scene())


def test_block_blacklists_and_not_now_asks_again(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            desk = on.window.pairings
            on.bus.publish(PairingWanted("192.168.0.12", "alice"))
            await on.until(lambda: desk.banners)
            on.click(next(iter(desk.banners.values())).later)
            assert not desk.banners
            assert on.store.pairings.all() == ()
            assert on.store.blacklist.all() == ()
            on.bus.publish(PairingWanted("192.168.0.12", "alice"))
            await on.until(lambda: desk.banners)
            on.click(next(iter(desk.banners.values())).block)
            await on.until(lambda: on.store.blacklist.match("192.168.0.12") is not None)
            await on.until(lambda: not desk.banners)

    play(scene())


@pytest.mark.parametrize("username", ["", "<b>mallory</b>"])
def test_a_device_of_nobody_known_is_given_to_somebody(play: Play, stage: OpenStage, username: str) -> None:
    async def scene() -> None:
        async with stage("alice", "bob") as on:
            on.bus.publish(PairingWanted("192.168.0.12", username))
            await on.until(lambda: on.window.pairings.banners)
            (banner,) = on.window.pairings.banners.values()
            assert username in banner.text.text()
            assert banner.text.textFormat() == Qt.TextFormat.PlainText
            banner.profiles.setCurrentText("bob")
            on.click(banner.allow)
            await on.until(lambda: on.store.pairings.is_paired("192.168.0.12", "bob"))
            await on.until(lambda: not on.window.pairings.banners)

    play(scene())


def test_a_pairing_made_elsewhere_takes_the_banner_away(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            on.bus.publish(PairingWanted("192.168.0.12", "alice"))
            await on.until(lambda: on.window.pairings.banners)
            await on.store.pairings.pair("192.168.0.12", "alice")
            await on.until(lambda: not on.window.pairings.banners)

    play(scene())


# --- keys, names, place ------------------------------------------------------------------------------------------


def test_keys_switch_refresh_and_quit(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            asked, refreshed = list[None](), list[None]()
            on.window.closing.connect(lambda: asked.append(None))
            on.window.activateWindow()
            await on.until(on.window.isActiveWindow)
            for row, tab in enumerate(TABS):
                QTest.keyClick(on.window, Qt.Key.Key_1 + row, Qt.KeyboardModifier.ControlModifier)
                assert on.shown_tab().name == tab.name
            QTest.keyClick(on.window, Qt.Key.Key_9, Qt.KeyboardModifier.ControlModifier)
            assert on.shown_tab().name == TABS[-1].name
            on.shown_tab().refresh = lambda: refreshed.append(None)  # type: ignore[method-assign]
            QTest.keyClick(on.window, Qt.Key.Key_F5)
            assert refreshed
            QTest.keyClick(on.window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
            assert asked
            assert not on.window.isVisible()

    play(scene())


def test_closing_hides_and_asks_but_does_not_close(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="providers") as on:
            asked = list[None]()
            on.window.closing.connect(lambda: asked.append(None))
            event = QCloseEvent()
            on.window.closeEvent(event)
            assert not event.isAccepted()
            assert asked
            assert not on.window.isVisible()

    play(scene())


def test_place_tab_and_scheme_are_kept(play: Play, stage: OpenStage, theme: Theme, tmp_path: Path) -> None:
    async def scene() -> None:
        async with stage("alice", tab="providers") as on:
            on.window.resize(on.window.minimumSizeHint().width() + 10, 600)
            width_px = on.window.width()
            on.window._choose_scheme("dark")
            on.window.close()
        again = MainWindow(theme, tmp_path / "window.ini")
        screen = QGuiApplication.primaryScreen().availableGeometry()
        assert again.width() == min(width_px, screen.width() - 2)
        assert theme.scheme == "dark"
        assert again._memory.tab == "providers"
        again._choose_scheme("light")
        again.deleteLater()

    play(scene())


def test_a_window_of_a_screen_that_is_gone_comes_back(play: Play, theme: Theme) -> None:
    async def scene() -> None:
        window = MainWindow(theme)
        window.setGeometry(QRect(9_000, 7_000, 5_000, 4_000))
        window._restore()
        screen = QGuiApplication.primaryScreen().availableGeometry()
        assert screen.contains(window.geometry())
        window.deleteLater()

    play(scene())


def test_every_control_has_a_name_and_can_be_reached_by_keyboard(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await on.control.start()
            for tab in TABS:
                on.window.go_to(tab.name)
                for kind in (QAbstractButton, QComboBox, QLineEdit):
                    for control in on.window.findChildren(kind):
                        if not control.isVisible() or control.objectName().startswith("qt_"):
                            continue
                        if isinstance(control, QAbstractButton):
                            assert control.text() or control.accessibleName(), control
                        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus or not control.isEnabled(), control

    play(scene())


def test_both_schemes_can_be_read(theme: Theme, qapp: QApplication) -> None:
    schemes: tuple[Scheme, ...] = ("dark", "light")
    for scheme in schemes:
        theme.apply(scheme)
        palette = qapp.palette()
        for text, ground in (
            (QPalette.ColorRole.WindowText, QPalette.ColorRole.Window),
            (QPalette.ColorRole.Text, QPalette.ColorRole.Base),
            (QPalette.ColorRole.PlaceholderText, QPalette.ColorRole.Base),
            (QPalette.ColorRole.PlaceholderText, QPalette.ColorRole.Window),
            (QPalette.ColorRole.ButtonText, QPalette.ColorRole.Button),
            (QPalette.ColorRole.HighlightedText, QPalette.ColorRole.Highlight),
        ):
            assert _contrast(palette, text, ground) >= 4.5, (scheme, text, ground)


def _contrast(palette: QPalette, text: QPalette.ColorRole, ground: QPalette.ColorRole) -> float:
    """As WCAG 2 has it."""

    def luminance(role: QPalette.ColorRole) -> float:
        colour = palette.color(role)
        shares = (colour.redF(), colour.greenF(), colour.blueF())
        red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    brighter, darker = sorted((luminance(text), luminance(ground)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)
