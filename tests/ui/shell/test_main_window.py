"""The frame around the tabs: what is shown is what is, banners do what they say, keys and place are kept."""

from __future__ import annotations

import ast
import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from keyring.errors import KeyringLocked
from PySide6.QtCore import QMargins, QPoint, QRect, Qt
from PySide6.QtGui import QCloseEvent, QCursor, QGuiApplication, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QMenu, QWidget

from app.core.events import HistoryBehind, KeysPosted, PairingWanted, ProviderLightChanged, ServerStateChanged, Trouble
from app.store.keys import keyring_worker
from app.ui.connect.dialog import ConnectDialog
from app.ui.profiles.tab import ProfilesTab
from app.ui.shell.main_window import MainWindow
from app.ui.shell.shortcuts_dialog import ShortcutsDialog
from app.ui.shell.status import KEYRING
from app.ui.shell.status_strip import StatusStrip
from app.ui.support.theme import Theme
from app.ui.tab import Tab
from app.ui.tabs import TABS
from app.ui.widgets.table import Table
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import URL, Stage, new_answer

UI = Path(__file__).parents[3] / "app/ui"


def test_every_tabs_folder_is_listed_in_tabs() -> None:
    assert {path.parent.name for path in UI.glob("*/tab.py")} == {tab.name for tab in TABS}


def test_texts_can_be_translated_and_nothing_nests_event_loops() -> None:
    for path in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                # At the session's end Qt may not come back before the work is done (desktop_application.py).
                assert node.func.attr != "exec" or path.name == "desktop_application.py", path
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
            await on.press(strip.toggle)
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


def test_a_start_that_fails_offers_the_port_that_is_free(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            strip = on.window.strip
            on.control.fails = "Port 7175 is in use by another program. Port 7176 is free."
            on.click(strip.toggle)
            await on.until(lambda: strip.offer.isVisible() and strip.offer.isEnabled())
            assert strip.offer.text() == on.window.messages.way_out("server").text() == "Use port 7176"
            on.control.fails = ""
            on.click(on.window.messages.way_out("server"))
            await on.until(lambda: strip.word.text() == "Running" and not strip.offer.isVisible())
            assert on.store.settings.integer("network.port") == 7176
            assert on.control.followed == ["network.port"], "a --port given at the start counts no longer"
            dialog = await on.dialog(ConnectDialog)
            assert dialog.moved.isVisible()
            await on.until(lambda: bool(dialog.panel.code.text()))
            on.click(dialog.close_button)
            await on.closed(dialog)
            assert strip.word.text() == "Running"

    play(scene())


def test_a_port_that_was_changed_elsewhere_is_to_be_told(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await on.store.pairings.pair("192.168.0.12", "alice")
            await on.store.set_setting("network.port", 7180)
            await asyncio.sleep(0.05)
            assert on.window.messages.texts() == [], "it does not count yet"
            await on.control.start()
            await on.until(lambda: on.window.messages.texts() == ["Every phone must be told the new address."])
            on.click(on.window.messages.way_out("moved"))
            dialog = await on.dialog(ConnectDialog)
            await on.until(lambda: on.window.messages.texts() == [])
            on.click(dialog.close_button)
            await on.closed(dialog)
            await on.control.stop()
            await on.control.start()
            await on.until(lambda: on.window.strip.word.text() == "Running")
            assert on.window.messages.texts() == [], "it was told"

    play(scene())


def test_an_address_that_is_none_of_ours_is_offered_another(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            strip = on.window.strip
            await on.store.set_setting("network.host", "203.0.113.1")
            on.control.fails, on.control.free_host = "'203.0.113.1' is not an address of this computer.", "0.0.0.0"
            on.click(strip.toggle)
            await on.until(strip.offer.isVisible)
            assert strip.offer.text() == "Use 0.0.0.0:7176"
            on.control.free_port = 0
            on.click(strip.offer)
            await on.until(lambda: on.store.settings.text("network.host") == "0.0.0.0")
            await on.until(lambda: strip.word.text() == "Error" and not strip.offer.isVisible())
            assert sorted(on.control.followed) == ["network.host", "network.port"], "nothing is free: no offer"

    play(scene())


def test_a_narrow_strip_drops_the_least_first(play: Play) -> None:
    async def scene() -> None:
        holder = QWidget()  # on the screen a window of its own is never smaller than its layout wants
        holder.resize(1_500, 80)
        strip = StatusStrip(holder)
        strip.show_server(ServerStateChanged("running", URL))
        strip.show_phone("3 s ago", "192.168.0.12")
        strip.show_ais(2, 0, 4)
        strip.show_today(0.03, 12)
        strip.show_disk(5_000_000)
        strip.show_keyring(is_usable=False)
        holder.show()
        seen = list[str]()
        for width_px in range(1_400, strip.minimumSizeHint().width() - 1, -1):
            strip.resize(width_px, 60)
            QApplication.processEvents()
            figures = [name for name in ("ais", "phone", "cost", "keyring", "disk") if getattr(strip, name).isVisible()]
            look = f"{strip.connect_phone.text() or 'drawing'}: {' '.join(figures)}"
            if look not in seen:
                seen.append(look)
            assert strip.toggle.geometry().right() < strip.width(), "nothing is pushed out"
        assert seen == [
            "Connect a phone: ais phone cost keyring disk",
            "Connect: ais phone cost keyring disk",
            "Connect: ais phone cost keyring",
            "Connect: ais phone cost",
            "drawing: ais phone cost",
            "drawing: ais phone",
            "drawing: ais",
            "drawing: ",
        ]
        assert strip.connect_phone.accessibleName() == "Connect a phone"
        holder.deleteLater()

    play(scene())


def test_a_locked_keyring_has_a_button(play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            keyring = InMemory(is_locked=True)
            monkeypatch.setattr(keyring_worker, "_backend", lambda: keyring)
            await on.store.secrets.unlock()
            await on.until(lambda: on.window.strip.keyring.text() == "Keyring: locked")
            assert any("The keyring is locked" in text for text in on.window.messages.texts())
            button = on.window.messages.way_out(KEYRING)
            assert button is not None
            assert button.text() == "Unlock"
            keyring.is_locked = False
            await on.press(button)
            await on.until(lambda: not on.window.strip.keyring.isVisible())
            assert on.window.messages.way_out(KEYRING) is None

    play(scene())


class InMemory:
    """A keyring that may be locked."""

    def __init__(self, *, is_locked: bool) -> None:
        self.is_locked, self.entries = is_locked, dict[str, str]()

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.is_locked:
            raise KeyringLocked
        self.entries[username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get(username)

    def delete_password(self, service: str, username: str) -> None:
        self.entries.pop(username)


def test_the_strip_says_phone_ais_and_cost_and_of_keyring_and_disk_only_trouble(
    play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            strip, store = on.window.strip, on.store
            await on.until(lambda: strip.phone.text() == "Phone: not heard yet")
            assert not strip.keyring.isVisible(), "it is being looked for"
            assert not strip.disk.isVisible()
            assert strip.ais.shown == ("No AI yet", "idle")
            await store.secrets.unlock()
            await on.until(lambda: strip.keyring.text() == "Keyring: none")
            await on.control.start()
            on.control.heard = {"192.168.0.10": datetime.now(UTC), "127.0.0.1": datetime.now(UTC)}
            await on.until(lambda: on.window._refresh() or strip.phone.text() == "Phone: not heard yet")
            on.control.heard["192.168.0.12"] = datetime.now(UTC) - timedelta(seconds=3)
            on.services.spending.add("alice", "gemini", 1.25)
            await store.activity.record(on.answer("alice"), None, new_answer("A mug."), 9)
            await on.until(lambda: strip.phone.text() == "Phone: 3 s ago" and strip.cost.text() == "Today: $1.25")
            assert strip.cost.toolTip() == "Frames today: 1"
            monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=90_000_000))
            on.window._refresh()
            await on.until(lambda: strip.disk.text() == "Left on the disk: 85.8 MB")

    play(scene())


def test_the_strip_counts_the_ais_that_are_ready_and_leads_to_them(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            strip = on.window.strip
            for name in ("gemini", "qwen"):
                await on.store.secrets.set(None, name, "a-key", session_only=True)
            await on.until(lambda: strip.ais.shown == ("AIs: 2 of 2 ready", "good"))
            on.bus.publish(ProviderLightChanged("qwen", "cooling", "It asked for a pause.", 95.0))
            await on.until(lambda: strip.ais.shown == ("AIs: 1 of 2 ready", "warn"))
            on.bus.publish(ProviderLightChanged("qwen", "no_credit", "No credit is left on the account."))
            await on.until(lambda: strip.ais.shown == ("AIs: 1 of 2 ready", "bad"))
            await on.store.providers.set("qwen", enabled=False)
            await on.until(lambda: strip.ais.shown == ("AIs: 1 of 1 ready", "good"))
            on.click(strip.ais)
            assert on.shown_tab().name == "providers"

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


def test_a_banner_that_floats_covers_no_notice(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            pages, notices = on.window.pages, on.window.messages.notices
            QCursor.setPos(pages.mapToGlobal(QPoint(60, 60)))
            pages.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
            on.bus.publish(PairingWanted("192.168.0.12", "alice"))
            on.bus.publish(Trouble("The disk is nearly full."))
            await on.until(lambda: on.window.pairings.banners and notices.isVisible())
            banners = on.window.pairings.parentWidget()
            await on.until(lambda: banners.y() > on.window.height() / 2)
            await on.until(lambda: not banners.geometry().intersects(notices.geometry()))

    play(scene())


def test_what_a_banner_pressed_is_told_stands_beside_it(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            pages, notices = on.window.pages, on.window.messages.notices
            QCursor.setPos(pages.mapToGlobal(QPoint(60, 60)))
            pages.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
            on.bus.publish(PairingWanted("192.168.0.12", "alice"))
            banners = on.window.pairings.parentWidget()
            await on.until(lambda: banners.y() > on.window.height() / 2)
            banners.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
            stood = banners.geometry()
            on.bus.publish(Trouble("It cannot be blocked."))
            await on.until(notices.isVisible)
            await on.until(lambda: not banners.geometry().intersects(notices.geometry()))
            assert banners.geometry() == stood

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


async def in_front(on: Stage) -> None:
    on.window.activateWindow()
    await on.until(on.window.isActiveWindow)


def test_ctrl_comma_opens_the_settings_and_f1_the_list_of_keys(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await in_front(on)
            QTest.keyClick(on.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
            assert on.shown_tab().name == "settings"
            QTest.keyClick(on.window, Qt.Key.Key_F1)
            dialog = await on.dialog(ShortcutsDialog)
            listed = {label.text() for label in dialog.findChildren(QLabel)}
            made = {shortcut.key().toString() for shortcut in on.window.findChildren(QShortcut)}
            assert made - {f"Ctrl+{digit}" for digit in range(2, 10)} <= listed
            on.click(dialog.close_button)
            await on.closed(dialog)

    play(scene())


def test_ctrl_f_finds_in_the_tabs_tables_and_esc_shows_all_again(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", "carol", tab="profiles") as on:
            await in_front(on)
            bar, table = on.window.find_bar, on.tab(ProfilesTab).table
            await on.until(lambda: len(table.rows.names) == 3)
            QTest.keyClick(on.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
            assert bar.field.hasFocus()
            assert bar.told.text() == ""
            QTest.keyClicks(bar.field, "BOB")
            assert table.rows.names == ("bob",)
            total = sum(other.rows.total for other in on.shown_tab().findChildren(Table))
            assert bar.told.text() == f"1 of {total}"
            QTest.keyClicks(bar.field, "x")
            assert bar.told.text() == f"None of {total}"
            QTest.keyClick(bar.field, Qt.Key.Key_Backspace)
            QTest.keyClick(bar.field, Qt.Key.Key_Return)
            assert table.hasFocus()
            QTest.keyClick(table, Qt.Key.Key_Escape)
            assert not bar.isVisible()
            assert len(table.rows.names) == 3

    play(scene())


def test_finding_ends_with_its_button_and_when_another_tab_is_shown(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", tab="profiles") as on:
            await in_front(on)
            bar, table = on.window.find_bar, on.tab(ProfilesTab).table
            for end in (lambda: on.click(bar.close_button), lambda: on.window.go_to("prompts")):
                QTest.keyClick(on.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
                QTest.keyClicks(bar.field, "bob")
                assert table.rows.names == ("bob",)
                end()
                assert not bar.isVisible()
                assert table.rows.names == ("alice", "bob")

    play(scene())


def test_a_tab_without_its_drawing_is_there_and_says_which_file_is_missing(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            kind = type("Drawingless", (Tab,), {"name": "nowhere", "title": "Drawingless"})
            on.window._add_tab(kind(on.services, on.window._bridge))
            assert on.window.messages.texts()[0] == "The drawing resources/icons/nowhere.svg is missing."
            on.window.go_to("nowhere")
            assert isinstance(on.shown_tab(), kind)
            on.window._theme.apply("dark")
            assert on.window.tab_list.item(on.window.tab_list.count() - 1).icon().isNull()
            assert not on.window.tab_list.item(0).icon().isNull()
            on.window._theme.apply("light")

    play(scene())


def test_where_there_is_nothing_to_find_it_says_so(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await in_front(on)
            bare = type("Bare", (Tab,), {"name": "live", "title": "Bare"})(on.services, on.window._bridge)
            on.window._add_tab(bare)
            on.window.tab_list.show_page(len(on.window.tabs) - 1)
            QTest.keyClick(on.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
            assert on.window.find_bar.told.text() == "There is no list to look through in this tab."
            QTest.keyClick(on.window.find_bar.field, Qt.Key.Key_Escape)
            assert not on.window.find_bar.isVisible()

    play(scene())


def test_columns_and_their_order_are_kept(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", tab="providers") as on:
            table = on.shown_tab().findChildren(Table)[0]
            table.horizontalHeader().resizeSection(2, 177)
            on.window.go_to("profiles")
            on.tab(ProfilesTab).table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
        async with stage(tab="providers") as on:
            assert on.shown_tab().findChildren(Table)[0].columnWidth(2) == 177
            on.window.go_to("profiles")
            await on.until(lambda: on.tab(ProfilesTab).table.rows.names == ("bob", "alice"))

    play(scene())


def test_a_message_with_a_way_out_has_a_button_until_it_has_none(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            done, messages = list[str](), on.window.messages
            messages.tell("The port is taken.", "bad", "server", ("Use 7176", lambda: done.append("7176")))
            button = messages.way_out("server")
            assert button is not None
            await on.press(button)
            assert done == ["7176"]
            messages.tell("Another trouble.", "bad", "server")
            assert not button.isVisible()
            assert messages.texts() == ["Another trouble."]

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
        screen = QGuiApplication.primaryScreen().availableGeometry()
        for place in (QRect(9_000, 7_000, 5_000, 4_000), screen):
            window.setGeometry(place)
            window._restore()
            assert screen.contains(window.geometry() + QMargins(0, 30, 0, 0)), "with the frame that it will get"
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
                        # of a row of the same kind one is enough: the arrows go on from it
                        row = control.parentWidget().findChildren(type(control))
                        tabbed = any(one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in row)
                        assert tabbed or not control.isEnabled(), control

    play(scene())


def test_all_tabs_hear_together_what_happens(play: Play, stage: OpenStage) -> None:
    """A tab's own tests mostly leave the others out."""

    async def scene() -> None:
        async with stage("alice", "bob") as on:
            for tab in TABS:
                on.window.go_to(tab.name)
                await on.control.start()
                frame = on.answer("alice")
                on.fail("bob")
                name = f"of {tab.name}"
                await on.store.activity.record(frame, None, new_answer("A mug."), 900)
                await on.store.profiles.add(name)
                await on.store.blacklist.add("192.168.0.66")
                await on.store.set_setting("risk.scene", 0.5)
                await on.store.set_setting("risk.scene", None)
                await on.store.blacklist.remove("192.168.0.66")
                await on.store.trash.delete(name)
                await on.control.stop()
                await asyncio.sleep(0.05)
                assert on.shown_tab().name == tab.name

    play(scene())


def test_the_appearance_is_chosen_from_its_menu(play: Play, stage: OpenStage, theme: Theme) -> None:
    async def scene() -> None:
        async with stage() as on:
            for text, scheme in (("Dark", "dark"), ("Light", "light")):
                on.click(on.window.appearance)
                choose(on.window.appearance.findChild(QMenu), text)
                assert theme.scheme == scheme

    play(scene())


def choose(menu: QMenu, text: str) -> None:
    """Click on an entry of the menu that is open."""
    assert menu.isVisible()
    entry = next(action for action in menu.actions() if action.text() == text)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())
