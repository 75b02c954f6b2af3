"""The settings tab: every row, its bounds and its default; restart, cleaning, colours and licences."""

from __future__ import annotations

import re
import tomllib
from functools import partial
from itertools import chain
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDesktopServices, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QCheckBox, QComboBox, QLineEdit

from app import __version__
from app.core.errors import DatabaseUnusable
from app.core.events import ReleaseChecked
from app.core.sentence import Sentence
from app.core.setting import Setting
from app.core.settings import SETTINGS
from app.login_start import LoginStartRefused
from app.ui.connect.dialog import ConnectDialog
from app.ui.first_start.wizard import FirstStart
from app.ui.settings import tab as settings_tab
from app.ui.settings.about_card import Libraries
from app.ui.settings.list_field import ListField
from app.ui.settings.order_field import OrderField
from app.ui.settings.sections import is_advanced
from app.ui.settings.setting_row import SettingRow
from app.ui.settings.tab import SettingsTab
from app.ui.support import language, libraries
from app.ui.support.formatting import DASH
from app.ui.support.libraries import BUNDLE, LIBRARIES
from app.ui.support.theme import Theme
from app.ui.widgets.number_field import NumberField
from tests.delivery.tools import script
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import URL, Stage, case, new_answer, new_frame, picture


def row_of(on: Stage, key: str) -> SettingRow:
    on.tab(SettingsTab).show_setting(key)
    return on.tab(SettingsTab).rows[key]


def type_in(row: SettingRow, text: str) -> None:
    """As by keyboard, Enter at the end."""
    field = row.field.entry if isinstance(row.field, ListField) else row.field
    assert isinstance(field, NumberField | QLineEdit)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def other(setting: Setting) -> str:
    if isinstance(setting.default, bool):
        return "off" if setting.default else "on"
    if setting.choices:
        return setting.choices[-1][0]
    if setting.key.startswith("order."):
        return "gemini, on_device, qwen" if setting.default == "qwen" else "gemini, on_device"
    if setting.key == "network.cors_origins":
        return "http://192.168.0.5:8123"
    if setting.key == "webhook.url":
        return "http://192.168.0.5:8123/hook"
    if isinstance(setting.default, str):
        return "127.0.0.1"
    return f"{setting.maximum:g}" if setting.maximum < 1e5 else "1234"


def test_every_setting_is_changed_and_goes_back(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="settings") as on:
            for setting in SETTINGS:
                with case(setting.key):
                    await changed_and_back(on, setting)

    play(scene())


def put_first(on: Stage, field: OrderField, *names: str) -> None:
    """Tick them and bring them to the top."""
    for place, name in enumerate(names):
        row = [found for found, _ in field.state()].index(name)
        field.list.setCurrentRow(row)
        for _ in range(row - place):
            on.click(field.up)
        QTest.keyClick(field.list, Qt.Key.Key_Space)


async def changed_and_back(on: Stage, setting: Setting) -> None:
    row, values = row_of(on, setting.key), on.store.settings
    assert row.label.text() == setting.label
    if not isinstance(row.field, OrderField):
        assert row.help.text() == setting.help
    assert row.field.accessibleName() == setting.label
    assert not row.reset.isEnabled()
    if isinstance(row.field, QCheckBox):
        row.field.setFocus()
        QTest.keyClick(row.field, Qt.Key.Key_Space)
    elif isinstance(row.field, QComboBox):
        QTest.keyClick(row.field, Qt.Key.Key_End)
    elif isinstance(row.field, OrderField):
        put_first(on, row.field, "gemini", "on_device")
    else:
        type_in(row, other(setting))
    await on.until(lambda: values.value(setting.key) == setting.parse(other(setting)))
    await on.press(row.reset)
    await on.until(lambda: values.value(setting.key) == setting.default)
    await on.until(lambda: not row.reset.isEnabled() and not row.is_touched)


REFUSED = (
    ("network.port", "70000", "a whole number from 0 to 65535"),
    ("network.port", "-1", "a whole number from 0 to 65535"),
    ("risk.scene", "1.5", "a number from 0 to 1"),
    ("network.host", " ", "a text from 1 to 255 characters"),
    ("webhook.url", "x" * 501, "a text from 0 to 500 characters"),
)


def test_what_is_refused_stays_with_its_sentence(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="settings") as on:
            for news, (key, typed, wanted) in enumerate(REFUSED, 6):
                with case(key, typed):
                    await refused_and_kept(on, key, typed, f"{key} must be {wanted}.", f"{news}")
            assert on.window.messages.texts() == []

    play(scene())


async def refused_and_kept(on: Stage, key: str, typed: str, sentence: str, news: str) -> None:
    """``news``: what another setting becomes meanwhile."""
    row, before = row_of(on, key), on.store.settings.value(key)
    assert isinstance(row.field, NumberField | QLineEdit)
    if len(typed) > 100:
        row.field.setFocus()
        QApplication.clipboard().setText(typed)
        QTest.keyClick(row.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(row.field, Qt.Key.Key_Return)
    else:
        type_in(row, typed)
    await on.until(row.refusal.isVisible)
    assert row.refusal.text() == sentence
    assert row.field.text() == typed
    on.tab(SettingsTab).refresh()
    await on.store.set_setting("gate.reuse_s", news)
    await on.until(lambda: row_of(on, "gate.reuse_s").text() == news)
    assert row.field.text() == typed, "other news leave it alone"
    assert on.store.settings.value(key) == before
    on.click(row.reset)
    await on.until(lambda: not row.refusal.isVisible() and not row.is_touched)


PROXIES = "network.trusted_proxies"


def test_a_list_has_a_line_for_each_and_says_what_cannot_be_one(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="settings") as on:
            row, value = row_of(on, PROXIES), partial(on.store.settings.value, PROXIES)
            field = row.field
            assert isinstance(field, ListField)
            for typed, wrong in (("10.0.0.1, my proxy", "my proxy"), ("10.0.0.1/8", "10.0.0.1/8")):
                type_in(row, typed)
                assert field.entry_field.note.text().startswith(f"'{wrong}' is not right: write it as 192.168.0.5 or")
                assert field.entry.text() == typed, "to be mended"
            assert value() == ""
            type_in(row, "10.0.0.1, fd00::/8")
            await on.until(lambda: value() == "10.0.0.1, fd00::/8")
            assert not field.entry_field.note.isVisible()
            type_in(row, "FD00::/8")
            assert list(field.lines) == ["10.0.0.1", "fd00::/8"], "each once"
            on.click(field.removals["10.0.0.1"])
            await on.until(lambda: value() == "fd00::/8")
            field.entry.setText("10.0.0.2")
            await on.press(field.add_button)
            await on.until(lambda: value() == "fd00::/8, 10.0.0.2")
            assert on.window.messages.texts() == []

    play(scene())


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("network.cors_origins", "http://a.test/page"), ("network.host_names", "http://glasses.example"),
        ("network.trusted_proxies", "10.0.0.1/8"),
    ],
)  # fmt: skip
def test_each_list_knows_what_stands_in_it(play: Play, stage: OpenStage, key: str, wrong: str) -> None:
    async def scene() -> None:
        async with stage(tab="settings") as on:
            row = row_of(on, key)
            assert isinstance(row.field, ListField)
            row.field.entry.setText(wrong)
            on.click(row.field.add_button)
            assert row.field.entry_field.note.text().startswith(f"'{wrong}' is not right: write it as ")
            assert on.store.settings.value(key) == ""

    play(scene())


def test_arrows_keep_within_the_bounds_and_the_wheel_scrolls_the_page(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="settings") as on:
            row = row_of(on, "risk.scene")
            assert isinstance(row.field, NumberField)
            for _ in range(20):
                QTest.keyClick(row.field, Qt.Key.Key_Up)
            await on.until(lambda: on.store.settings.value("risk.scene") == 1.0)
            QTest.keyClick(row.field, Qt.Key.Key_Down)
            await on.until(lambda: on.store.settings.value("risk.scene") == 0.95)
            wheel = QWheelEvent(
                QPointF(5, 5), row.field.mapToGlobal(QPointF(5, 5)), QPoint(), QPoint(0, -120),
                Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
            )  # fmt: skip
            QApplication.sendEvent(row.field, wheel)
            assert row.text() == "0.95"

    play(scene())


def test_a_change_made_elsewhere_is_shown_and_a_failed_save_keeps_what_was_typed(
    play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with stage(tab="settings") as on:
            await on.store.set_setting("network.host", "127.0.0.1")
            row = row_of(on, "network.host")
            await on.until(lambda: row.text() == "127.0.0.1")

            async def full(key: str, value: object) -> None:
                raise DatabaseUnusable("The disk is full.")

            monkeypatch.setattr(on.store, "set_setting", full)
            type_in(row, "192.168.0.10")
            await on.until(lambda: on.window.messages.texts() == ["The disk is full."])
            assert row.text() == "192.168.0.10"

    play(scene())


def test_a_number_with_more_decimals_than_the_field_is_not_rounded_by_looking(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="settings") as on:
            await on.store.set_setting("risk.scene", "0.80125")
            row = row_of(on, "risk.scene")
            await on.until(lambda: row.text() == "0.801" and row.reset.isEnabled())
            on.tab(SettingsTab).shut()
            await on.store.set_setting("gate.reuse_s", "3600")
            await on.until(lambda: row_of(on, "gate.reuse_s").text() == "3600")
            assert on.store.settings.value("risk.scene") == 0.80125

    play(scene())


def test_what_was_typed_last_is_saved_when_the_window_closes(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="settings") as on:
            for key, text in (("network.host", "127.0.0.1"), ("network.port", "8080")):
                row = row_of(on, key)
                assert isinstance(row.field, NumberField | QLineEdit)
                row.field.setFocus()
                row.field.selectAll()
                QTest.keyClicks(row.field, text)
            on.tab(SettingsTab).shut()
            await on.until(lambda: on.store.settings.value("network.port") == 8080)
            assert on.store.settings.value("network.host") == "127.0.0.1"

    play(scene())


def test_a_newer_version_is_told_with_the_way_to_it(
    play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))

    async def scene() -> None:
        async with stage(tab="settings") as on:
            part = on.tab(SettingsTab).updates
            assert "Nothing is looked up." in part.state.text()
            assert part.open_page.isHidden()
            found = ReleaseChecked(Sentence("Version {version} is out.", version="9.0.0"), "https://example.org/9")
            on.services.releases.state = found
            on.bus.publish(found)
            await on.until(lambda: not part.open_page.isHidden())
            assert f"You have version {__version__}. Version 9.0.0 is out." in part.state.text()
            assert any("Version 9.0.0 is out." in told for told in on.window.messages.texts())
            part.open_page.click()
            assert opened == ["https://example.org/9"]

    play(scene())


def test_a_new_setting_makes_its_own_row(play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch) -> None:
    new = Setting("gate.hints", 2, "Told anew", "Its help.", 0, 100), Setting("gate.reuse_s", 5.0, "Reuse", "Secs.")
    monkeypatch.setattr(settings_tab, "SETTINGS", new)

    async def scene() -> None:
        async with stage(tab="settings") as on:
            tab = on.tab(SettingsTab)
            assert list(tab.rows) == ["gate.hints", "gate.reuse_s"]
            assert list(tab.cards) == ["network", "ai", "doors", "webhook", "mqtt", "kept", "updates"]

    play(scene())


def test_a_new_port_asks_for_a_restart_and_for_every_phone_to_be_told(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            part = on.tab(SettingsTab).network
            assert not part.restart.isEnabled(), "nothing runs"
            await on.control.start()
            await on.until(part.restart.isEnabled)
            assert part.note.text() == "Address and port count from the server's next start."
            type_in(row_of(on, "network.port"), "7180")
            await on.until(lambda: "then every phone must be told" in part.note.text())
            states = list[str]()
            on.window.strip.stop_wanted.connect(lambda: states.append("not by the strip"))
            on.click(part.restart)
            dialog = await on.dialog(ConnectDialog)
            await on.until(lambda: bool(dialog.panel.code.text()))
            on.click(dialog.close_button)
            await on.closed(dialog)
            await on.until(lambda: part.restart.isEnabled() and "next start" in part.note.text())
            assert (on.control.state, on.control.url) == ("running", URL.replace("7175", "7180"))
            on.control.fails = "Another program uses port 7180."
            on.click(part.restart)
            await on.until(lambda: on.control.state == "error" and part.restart.isEnabled())
            await on.until(lambda: on.window.messages.texts() == ["Another program uses port 7180."])
            assert states == []

    play(scene())


def test_a_port_changed_while_stopped_has_the_phones_told_as_well(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            part = on.tab(SettingsTab).network
            assert not part.tell_phones.isVisible()
            type_in(row_of(on, "network.port"), "7180")
            await on.until(part.tell_phones.isVisible)
            assert part.note.text() == "Every phone must be told the new address."
            on.click(part.tell_phones)
            dialog = await on.dialog(ConnectDialog)
            on.click(dialog.close_button)
            await on.closed(dialog)
            assert not part.tell_phones.isVisible()

    play(scene())


def test_devices_of_the_network_are_let_in_by_a_switch(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="settings") as on:
            part = on.tab(SettingsTab).network
            on.tab(SettingsTab).page.ensureWidgetVisible(part.let_in)
            assert part.let_in.isChecked()
            on.click(part.let_in)
            await on.until(lambda: on.store.settings.text("network.host") == "127.0.0.1" and part.let_in.isEnabled())
            assert not part.tell_phones.isVisible(), "no phone reaches it any more"
            on.click(part.let_in)
            await on.until(lambda: on.tab(SettingsTab).rows["network.host"].text() == "0.0.0.0")
            type_in(row_of(on, "network.host"), "127.0.0.1")
            await on.until(lambda: not part.let_in.isChecked())

    play(scene())


def test_usage_is_shown_and_cleaning_tells_what_went(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", tab="settings") as on:
            tab = on.tab(SettingsTab)
            await on.until(lambda: list(tab.retention.usage.lines) == ["alice", "bob"])
            on.click(tab.retention.clean)
            await on.until(lambda: tab.retention.cleaned.text() == "Nothing was too old or too much.")
            await on.until(tab.retention.clean.isEnabled)
            for _ in range(3):
                await on.store.activity.record(new_frame(on.profile("alice")), picture(), new_answer("A mug."), 9)
            tab.refresh()
            await on.until(lambda: "3 frames" in tab.retention.usage.lines["alice"][2].text())
            assert "1.0 GB" in tab.retention.usage.lines["alice"][2].text()
            on.store.retention._clock = lambda: 4e9
            on.click(tab.retention.clean)
            await on.until(lambda: tab.retention.cleaned.text().startswith("Deleted with their pictures: 3 frames"))
            await on.until(lambda: " 0 frames" in tab.retention.usage.lines["alice"][2].text())
            assert not tab.retention.cleaning.isVisible()
            assert [usage.frames for usage in await on.store.retention.usage()] == [0, 0]
            type_in(row_of(on, "retention.mb_per_profile"), "512")
            await on.until(lambda: "512.0 MB" in tab.retention.usage.lines["bob"][2].text())
            await on.store.trash.delete("bob")
            await on.until(lambda: list(tab.retention.usage.lines) == ["alice"])

    play(scene())


def test_an_order_is_ticked_and_dragged_and_never_typed(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="settings") as on:
            row, settings = row_of(on, "order.chain"), on.store.settings
            assert isinstance(row.field, OrderField)
            assert {row.field.list.item(number).text() for number in range(2)} == {"Google Gemini", "Alibaba Qwen"}
            put_first(on, row.field, "qwen")
            await on.until(lambda: settings.text("order.chain") == "qwen")
            await on.store.set_setting("order.chain", "on_device, nobody, gemini")
            await on.until(lambda: row.text() == "on_device, gemini")
            assert not row.is_touched, "who is no more is left out, and nothing is saved for that"
            assert settings.text("order.chain") == "on_device, nobody, gemini"
            row.field.list.setCurrentRow(0)
            on.click(row.field.down)
            await on.until(lambda: settings.text("order.chain") == "gemini, on_device")

    play(scene())


def test_what_few_need_is_folded_away_until_it_is_wanted(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="settings") as on:
            tab = on.tab(SettingsTab)
            folds = [(card, card.fold) for card in tab.cards.values() if card.fold is not None]
            assert len(folds) > 4
            for card, fold in folds:
                tab.page.ensureWidgetVisible(fold)
                folded = [row for row in card.rows if not row.isVisible()]
                assert folded
                on.click(fold)
                assert all(row.isVisible() for row in folded)
                on.click(fold)
                assert not any(row.isVisible() for row in folded)

    play(scene())


def test_what_would_go_is_what_goes(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", tab="settings") as on:
            part = on.tab(SettingsTab).retention
            on.tab(SettingsTab).page.ensureWidgetVisible(part.look)
            on.click(part.look)
            await on.until(lambda: part.cleaned.text() == "Nothing is too old or too much.")
            for name, frames in (("alice", 2), ("bob", 1)):
                for _ in range(frames):
                    await on.store.activity.record(new_frame(on.profile(name)), picture(), new_answer("A mug."), 9)
            on.store.retention._clock = lambda: 4e9
            await on.press(part.look)
            await on.until(lambda: part.cleaned.text().startswith("With their pictures would go: 3 frames"))
            assert "alice 2 (" in part.cleaned.text()
            assert "bob 1 (" in part.cleaned.text()
            assert sum(usage.frames for usage in await on.store.retention.usage()) == 3
            await on.press(part.clean)
            await on.until(lambda: part.cleaned.text().startswith("Deleted with their pictures: 3 frames"))

    play(scene())


def test_the_language_is_kept_and_said_to_come_at_the_next_start(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="settings") as on:
            own = on.tab(SettingsTab).own
            on.tab(SettingsTab).page.ensureWidgetVisible(own.language)
            assert [own.language.itemText(row) for row in range(3)] == ["As the system", "English", "Deutsch"]
            own.language.setFocus()
            for code, is_noted in (("en", True), ("de", True)):
                QTest.keyClick(own.language, Qt.Key.Key_Down)
                assert language.chosen(on.services.settings_path) == code
                assert own.language_note.isVisible() is is_noted
            for _ in range(2):
                QTest.keyClick(own.language, Qt.Key.Key_Up)
            assert language.chosen(on.services.settings_path) == "system"
            assert not own.language_note.isVisible(), "as it is now"

    play(scene())


def test_starting_at_login_is_off_and_a_switch(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="settings") as on:
            tab, own = on.tab(SettingsTab), on.tab(SettingsTab).own
            tab.page.ensureWidgetVisible(own.at_login)
            assert not own.at_login.isChecked()
            on.click(own.at_login)
            await on.until(lambda: on.login_start.on and own.at_login.isEnabled())
            on.login_start.on = False  # by the system's own switch
            tab.refresh()
            await on.until(lambda: not own.at_login.isChecked())

            def refuse(on: bool) -> None:
                raise LoginStartRefused("The system's list cannot be changed: Permission denied.")

            on.login_start.set_on = refuse  # type: ignore[method-assign]
            await on.press(own.at_login)
            await on.until(own.login_refusal.isVisible)
            assert own.login_refusal.text().endswith("Permission denied.")
            await on.until(lambda: own.at_login.isEnabled() and not own.at_login.isChecked())

    play(scene())


def test_the_first_start_can_be_gone_through_again(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            own = on.tab(SettingsTab).own
            on.tab(SettingsTab).page.ensureWidgetVisible(own.set_up)
            on.click(own.set_up)
            dialog = await on.dialog(FirstStart)
            dialog.reject()
            await on.closed(dialog)

    play(scene())


def test_finding_leaves_the_rows_that_match(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="settings") as on:
            tab = on.tab(SettingsTab)
            on.window.activateWindow()
            await on.until(on.window.isActiveWindow)
            QTest.keyClick(on.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
            await on.until(tab.search.hasFocus)
            QTest.keyClicks(tab.search, "PORT")
            shown = [key for key, row in tab.rows.items() if row.isVisible()]
            assert "network.port" in shown
            assert "mqtt.port" in shown, "folded or not"
            assert "retention.days" not in shown
            QTest.keyClicks(tab.search, "xyz")
            assert tab.none_found.isVisible()
            for _ in range(3):
                QTest.keyClick(tab.search, Qt.Key.Key_Backspace)
            assert not tab.own.isVisible()
            assert not tab.cards["kept"].isVisible()
            tab.search.clear()
            assert all(row.isVisible() is not is_advanced(row.setting) for row in tab.rows.values())
            assert tab.own.isVisible()
            assert tab.cards["kept"].isVisible()
            assert tab.retention.isVisible()

    play(scene())


def test_the_list_of_sections_goes_there_and_follows_the_page(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="settings") as on:
            tab = on.tab(SettingsTab)
            titles = [tab.sections.item(row).text() for row in range(tab.sections.count())]
            assert titles[:3] == ["This program", "Your data", "Network"]
            tab.sections.setCurrentRow(titles.index("Answers"))
            assert not tab.cards["answers"].visibleRegion().isEmpty()
            tab.page.verticalScrollBar().setValue(0)
            assert tab.sections.currentRow() == 0
            card = tab.cards["network"]
            assert not tab.rows["network.host"].isVisible()
            tab.page.ensureWidgetVisible(card.fold)
            on.click(card.fold)
            assert tab.rows["network.host"].isVisible()
            on.click(card.fold)
            assert not tab.rows["network.host"].isVisible()

    play(scene())


def test_colours_are_the_windows_own_choice(play: Play, stage: OpenStage, theme: Theme) -> None:
    async def scene() -> None:
        async with stage(tab="settings") as on:
            tab = on.tab(SettingsTab)
            tab.page.ensureWidgetVisible(tab.own.scheme)
            on.window._choose_scheme("light")
            assert tab.own.scheme.currentData() == "light"
            tab.own.scheme.setFocus()
            QTest.keyClick(tab.own.scheme, Qt.Key.Key_Down)
            assert theme.scheme == "dark"
            assert on.window._memory.scheme == "dark"
            QTest.keyClick(tab.own.scheme, Qt.Key.Key_Up)
            assert theme.scheme == "light"

    play(scene())


def test_about_tells_versions_and_licences(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="settings") as on:
            tab = on.tab(SettingsTab)
            tab.page.ensureWidgetVisible(tab.about.libraries)
            assert __version__ in tab.about.version.text()
            on.click(tab.about.libraries)
            dialog = await on.dialog(Libraries)
            rows = dialog.table.rows
            assert rows.cell(rows.names.index("httpx"), 2).text == "BSD-3-Clause"
            assert rows.cell(rows.names.index("PySide6-Essentials"), 2).text.startswith("LGPL-3.0")
            on.click(dialog.close_button)
            await on.closed(dialog)

    play(scene())


def test_about_a_built_program_shows_the_licence_of_all_that_is_inside(
    play: Play, stage: OpenStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    licences = script("licences")
    text = licences.text([
        licences.Part("httpx", "0.28.1", "BSD-3-Clause", ("Redistributions must", "retain this notice.")),
        licences.Part("libz.so.1", "zlib1g", "Zlib", (), "of the system"),
        licences.Part("The demo's photographs", "", "CC0-1.0", ("No rights reserved.",)),
    ])  # fmt: skip
    (tmp_path / BUNDLE).write_text(text, encoding="utf-8")
    monkeypatch.setattr(libraries, "resource", lambda name: tmp_path / name)

    async def scene() -> None:
        async with stage(tab="settings") as on:
            tab = on.tab(SettingsTab)
            tab.page.ensureWidgetVisible(tab.about.libraries)
            on.click(tab.about.libraries)
            dialog = await on.dialog(Libraries)
            rows = dialog.table.rows
            assert list(rows.names) == ["httpx", "libz.so.1", "The demo's photographs"]
            assert [rows.cell(row, 1).text for row in range(3)] == ["0.28.1", "zlib1g", DASH]
            assert dialog.text.isVisible()
            assert dialog.text.toPlainText() == "Redistributions must\n\nretain this notice."
            QTest.keyClick(dialog.table, Qt.Key.Key_Down)
            assert dialog.text.toPlainText().strip() == "of the system"
            QTest.keyClick(dialog.table, Qt.Key.Key_Down)
            assert dialog.text.toPlainText() == "No rights reserved."
            on.click(dialog.close_button)
            await on.closed(dialog)

    play(scene())


def test_the_libraries_are_those_of_the_project() -> None:
    text = (Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    assert sorted(LIBRARIES) == sorted(re.split(r"[>\[=;]", name)[0] for name in wanted)


def test_a_long_name_does_not_make_it_scroll_sideways(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("W" * 64, tab="settings") as on:
            tab = on.tab(SettingsTab)
            await on.until(lambda: list(tab.retention.usage.lines) == ["W" * 64])
            (label, _, _) = tab.retention.usage.lines["W" * 64]
            assert label.text().endswith("…")
            assert "W" * 64 in label.toolTip()
            areas = [area for area in tab.findChildren(QAbstractScrollArea) if area.isAncestorOf(label)]
            assert areas
            await on.until(lambda: all(not area.horizontalScrollBar().maximum() for area in areas))

    play(scene())
