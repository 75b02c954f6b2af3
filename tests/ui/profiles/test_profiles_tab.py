"""The profiles tab: every button, and what it does to the store."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox

from app.core.errors import StoreError, UnknownName
from app.core.settings import SETTINGS, declared
from app.store.profiles import trash
from app.ui.connect.dialog import ConnectDialog
from app.ui.connect.leave_keys import LeaveKeys
from app.ui.connect.profile_dialogs import AddProfile, NewKey
from app.ui.profiles.dialogs import DeleteProfile, RenameProfile
from app.ui.profiles.profile_limits import LimitRow
from app.ui.profiles.tab import ProfilesTab
from app.ui.support import formatting as fmt
from app.ui.widgets.text import Text
from tests.store.conftest import files_in
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import Stage, case, new_answer, new_frame, picture


def cells(on: Stage, row: int) -> list[str]:
    rows = on.tab(ProfilesTab).table.rows
    return [rows.cell(row, column).text for column in range(rows.columnCount())]


def test_adding_shows_the_key_once_to_be_copied(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="profiles") as on:
            await on.control.start()
            on.click(on.tab(ProfilesTab).add)
            dialog = await on.dialog(AddProfile)
            QTest.keyClicks(dialog.name, "alice")
            QTest.keyClick(dialog.name, Qt.Key.Key_Return)
            assert not dialog.accept_button.isEnabled(), "at once: a second press must do nothing"
            shown = await on.dialog(ConnectDialog)
            await on.closed(dialog)
            on.click(shown.panel.copy_key)
            key = QGuiApplication.clipboard().text()
            match = on.store.profiles.match_key(key)
            assert match is not None
            assert match.username == "alice"
            await on.until(shown.panel.url)
            on.click(shown.panel.copy_all)
            everything = QGuiApplication.clipboard().text()
            assert all(part in everything for part in (on.control.url, "alice", key))
            on.click(shown.close_button)
            await on.closed(shown)
            await on.until(lambda: on.tab(ProfilesTab).table.picked_name == "alice")

    play(scene())


def test_a_key_that_nobody_took_is_not_closed_away_unasked(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            on.click(on.tab(ProfilesTab).new_key)
            on.click((await on.dialog(NewKey)).accept_button)
            shown = await on.dialog(ConnectDialog)
            assert shown.panel.key.text()
            await on.until(shown.panel.code.text)
            QTest.keyClick(shown, Qt.Key.Key_Escape)
            asked = await on.dialog(LeaveKeys)
            on.click(asked.cancel_button)
            await on.closed(asked)
            assert shown.isVisible()
            QTest.keyClick(shown, Qt.Key.Key_Escape)
            on.click((await on.dialog(LeaveKeys)).accept_button)
            await on.closed(shown)

    play(scene())


def test_the_keyboard_begins_in_the_first_field_and_goes_to_the_wrong_one(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            on.click(on.tab(ProfilesTab).add)
            dialog = await on.dialog(AddProfile)
            dialog.activateWindow()
            await on.until(dialog.name.hasFocus)
            dialog.name.setText("bob")
            dialog.key.setText("x")
            on.click(dialog.accept_button)
            await on.until(dialog.key_field.complains)
            await on.until(lambda: dialog.accept_button.isEnabled() and dialog.key.hasFocus())
            dialog.reject()
            await on.closed(dialog)

    play(scene())


BAD_NAMES = ["\U0001f600", "../../x", "", "x" * 65, "alice"]
BAD_KEYS = ["my-own\nkey", "x", "with space", "k" * 129, "the-key-of-alice"]


def test_a_bad_name_has_its_sentence_beside_it_and_nothing_is_lost(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            on.click(on.tab(ProfilesTab).add)
            dialog = await on.dialog(AddProfile)
            dialog.key.setText("my-own-key")
            for name in BAD_NAMES:
                with case(name):
                    dialog.name.setText(name)
                    on.click(dialog.accept_button)
                    await on.until(lambda: dialog.name_field.note.isVisible() and dialog.accept_button.isEnabled())
                    assert "name" in dialog.name_field.note.text() or "alice" in dialog.name_field.note.text()
                    assert not dialog.key_field.note.isVisible()
                    assert not dialog.refusal.isVisible()
                    assert (dialog.name.text(), dialog.key.text()) == (name, "my-own-key")
                    assert [profile.username for profile in on.store.profiles.all()] == ["alice"]
                    dialog.name.setText("bob")
                    assert not dialog.name_field.note.isVisible(), "it is being mended"
            on.click(dialog.accept_button)
            shown = await on.dialog(ConnectDialog)
            match = on.store.profiles.match_key("my-own-key")
            assert match is not None
            assert match.username == "bob"
            shown.accept()
            await on.closed(shown)

    play(scene())


def test_a_bad_key_has_its_sentence_beside_it_and_is_not_repeated(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            await on.store.profiles.new_key("alice", "the-key-of-alice")
            on.click(on.tab(ProfilesTab).add)
            dialog = await on.dialog(AddProfile)
            dialog.name.setText("bob")
            for key in BAD_KEYS:
                with case(key):
                    QGuiApplication.clipboard().setText(key)
                    dialog.key.clear()
                    assert not dialog.key_field.note.isVisible()
                    dialog.key.paste()
                    on.click(dialog.accept_button)
                    await on.until(lambda: dialog.key_field.note.isVisible() and dialog.accept_button.isEnabled())
                    assert "key" in dialog.key_field.note.text()
                    assert key == "x" or key not in dialog.key_field.note.text()
                    assert not dialog.name_field.note.isVisible()
                    assert dialog.name.text() == "bob"
                    assert on.store.profiles.find("bob") is None
            on.click(dialog.cancel_button)
            await on.closed(dialog)

    play(scene())


def test_two_mistakes_have_two_sentences(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="profiles") as on:
            on.click(on.tab(ProfilesTab).empty.button)
            dialog = await on.dialog(AddProfile)
            dialog.name.setText("../../x")
            dialog.key.setText("x")
            on.click(dialog.accept_button)
            await on.until(lambda: dialog.name_field.note.isVisible() and dialog.key_field.note.isVisible())
            await on.until(dialog.accept_button.isEnabled)
            assert dialog.name.hasFocus()
            for note in (dialog.name_field.note, dialog.key_field.note):
                assert note.height() >= note.heightForWidth(note.width()), "cut off"
            on.click(dialog.cancel_button)
            await on.closed(dialog)

    play(scene())


def test_a_failing_disk_is_told_below_the_fields(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="profiles") as on:

            async def refuse(*_: object) -> None:
                raise StoreError("The disk is full.")

            on.store.profiles.add = refuse  # type: ignore[assignment,method-assign]
            on.click(on.tab(ProfilesTab).add)
            dialog = await on.dialog(AddProfile)
            dialog.name.setText("bob")
            on.click(dialog.accept_button)
            await on.until(lambda: dialog.refusal.isVisible() and dialog.refusal.text() == "The disk is full.")
            await on.until(dialog.accept_button.isEnabled)
            on.click(dialog.cancel_button)
            await on.closed(dialog)

    play(scene())


def test_renaming_keeps_key_pairings_and_what_was_spent(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", tab="profiles") as on:
            tab = on.tab(ProfilesTab)
            await on.store.profiles.new_key("alice", "my-own-key")
            await on.store.pairings.pair("192.168.0.12", "alice")
            on.services.spending.add("alice", "gemini", 0.25)
            tab.table.pick("alice")
            on.click(tab.rename)
            dialog = await on.dialog(RenameProfile)
            assert dialog.name.selectedText() == "alice"
            QTest.keyClicks(dialog.name, "bob")
            on.click(dialog.accept_button)
            await on.until(lambda: dialog.name_field.note.isVisible() and dialog.accept_button.isEnabled())
            assert "bob" in dialog.name_field.note.text()
            dialog.name.setText("carol")
            on.click(dialog.accept_button)
            await on.closed(dialog)
            await on.until(lambda: tab.table.picked_name == "carol")
            match = on.store.profiles.match_key("my-own-key")
            assert match is not None
            assert match.username == "carol"
            assert tab.pairings.table.rows.names == ("192.168.0.12",)
            assert tab.limits.spent.text() == f"Spent today: {fmt.usd(0.25)}."

    play(scene())


def test_cancel_changes_neither_name_nor_key(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            tab = on.tab(ProfilesTab)
            await on.store.profiles.new_key("alice", "my-own-key")
            on.click(tab.rename)
            rename = await on.dialog(RenameProfile)
            QTest.keyClicks(rename.name, "carol")
            on.click(rename.cancel_button)
            await on.closed(rename)
            on.click(tab.new_key)
            new_key = await on.dialog(NewKey)
            new_key.key.setText("another-key")
            on.click(new_key.cancel_button)
            await on.closed(new_key)
            assert on.store.profiles.match_key("my-own-key") == on.profile("alice")
            assert on.store.profiles.match_key("another-key") is None

    play(scene())


def test_a_new_key_revokes_the_pairings(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            await on.store.pairings.pair("192.168.0.12", "alice")
            tab = on.tab(ProfilesTab)
            await on.until(lambda: tab.pairings.table.rows.names == ("192.168.0.12",))
            on.click(tab.new_key)
            dialog = await on.dialog(NewKey)
            on.click(dialog.accept_button)
            shown = await on.dialog(ConnectDialog)
            on.click(shown.panel.copy_key)
            match = on.store.profiles.match_key(QGuiApplication.clipboard().text())
            assert match is not None
            assert match.username == "alice"
            shown.accept()
            await on.until(lambda: tab.pairings.table.rows.names == ())
            assert on.store.pairings.all() == ()

    play(scene())


async def furnish(on: Stage, name: str) -> None:
    """A frame with its picture, a pairing and a key of its own."""
    await on.store.activity.record(new_frame(on.profile(name)), picture(), new_answer("A mug."), 9)
    await on.store.pairings.pair("192.168.0.12", name)
    await on.store.secrets.set(name, "gemini", "secret-key", session_only=True)


async def delete(on: Stage, name: str) -> None:
    tab = on.tab(ProfilesTab)
    tab.table.pick(name)
    await on.press(tab.delete)
    dialog = await on.dialog(DeleteProfile)
    on.click(dialog.accept_button)
    await on.closed(dialog)
    await on.until(lambda: on.store.profiles.find(name) is None)


def test_deleting_tells_what_goes_and_can_be_undone(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", tab="profiles") as on:
            tab = on.tab(ProfilesTab)
            await furnish(on, "alice")
            tab.table.pick("alice")
            on.click(tab.delete)
            dialog = await on.dialog(DeleteProfile)
            said = [label.text() for label in dialog.findChildren(Text)]
            assert said.count("1") == 3, "frames, devices and keys are counted"
            QTest.keyClick(dialog, Qt.Key.Key_Return)
            await on.closed(dialog)
            assert on.store.profiles.find("alice") is not None, "Enter alone deletes nothing"
            await delete(on, "alice")
            await on.until(lambda: tab.table.rows.names == ("bob",))
            assert on.store.pairings.all() == ()
            assert tab.undo_bar.isVisible()
            for part in ("alice was deleted", "Frames: 1,", "devices: 1;", "API keys: 1."):
                assert part in tab.undo_bar.text.text()
            on.click(tab.undo_bar.undo)
            await on.until(lambda: tab.table.picked_name == "alice")
            await on.until(lambda: not tab.undo_bar.isVisible())
            assert [pairing.username for pairing in on.store.pairings.all()] == ["alice"]
            await on.until(lambda: cells(on, 0)[4] == "1")

    play(scene())


def test_after_its_minute_a_deleted_profile_is_gone_for_good(
    play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            tab = on.tab(ProfilesTab)
            tab.undo_bar.shown_ms = 60
            monkeypatch.setattr(trash, "UNDO_S", 0.0)
            monkeypatch.setattr(trash, "GRACE_S", 0.0)
            await furnish(on, "alice")
            await on.store.activity.pictures.settled()
            assert len(files_in(tmp_path / "data/frames")) == 1
            await delete(on, "alice")
            await on.until(tab.empty.isVisible)
            await on.until(lambda: not tab.undo_bar.isVisible())
            await on.until(lambda: "alice" not in on.store.trash._waiting)
            await on.until(lambda: files_in(tmp_path / "data/frames") == [])
            with pytest.raises(UnknownName):
                await on.store.trash.restore("alice")
            await on.store.profiles.add("alice")

    play(scene())


def test_an_undo_that_comes_too_late_says_so(play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            tab = on.tab(ProfilesTab)
            monkeypatch.setattr(trash, "UNDO_S", 0.0)
            monkeypatch.setattr(trash, "GRACE_S", 0.0)
            await delete(on, "alice")
            await on.until(lambda: "alice" not in on.store.trash._waiting)
            on.click(tab.undo_bar.undo)
            await on.until(lambda: any("gone for good" in text for text in on.window.messages.texts()))
            assert not tab.undo_bar.isVisible()

    play(scene())


def test_two_deletions_are_undone_one_by_one(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", tab="profiles") as on:
            tab = on.tab(ProfilesTab)
            await delete(on, "alice")
            await delete(on, "bob")
            assert "bob was deleted" in tab.undo_bar.text.text()
            on.click(tab.undo_bar.undo)
            await on.until(lambda: "alice was deleted" in tab.undo_bar.text.text())
            await on.press(tab.undo_bar.undo)
            await on.until(lambda: tab.table.rows.names == ("alice", "bob"))

    play(scene())


def test_the_chain_is_ordered_ticked_saved_and_reset(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            tab = on.tab(ProfilesTab)
            chain = tab.chain
            assert chain.names() == ("gemini", "qwen", "on_device")
            assert not chain.save.isEnabled()
            assert not chain.default.isEnabled()
            chain.list.setCurrentRow(1)
            on.click(chain.up)
            assert chain.names() == ("qwen", "gemini", "on_device")
            assert not chain.up.isEnabled()
            on.click(chain.down)
            on.click(chain.up)
            chain.list.item(2).setCheckState(Qt.CheckState.Unchecked)
            on.click(chain.save)
            await on.until(lambda: on.profile("alice").chain == ("qwen", "gemini"))
            await on.until(lambda: cells(on, 0)[2] == "Alibaba Qwen → Google Gemini")
            await on.press(chain.default)
            await on.until(lambda: on.profile("alice").chain is None)
            await on.until(lambda: cells(on, 0)[2] == "default")

    play(scene())


def test_the_chain_is_ordered_by_keyboard(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            chain = on.tab(ProfilesTab).chain
            on.window.activateWindow()
            chain.list.setFocus()
            await on.until(chain.list.hasFocus)
            chain.list.setCurrentRow(2)
            QTest.keyClick(chain.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
            QTest.keyClick(chain.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
            assert chain.names() == ("on_device", "gemini", "qwen")
            QTest.keyClick(chain.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
            assert chain.names() == ("gemini", "on_device", "qwen")
            QTest.keyClick(chain.list, Qt.Key.Key_Space)
            assert chain.names() == ("gemini", "qwen")
            on.click(chain.save)
            await on.until(lambda: on.profile("alice").chain == ("gemini", "qwen"))

    play(scene())


def drag(on: Stage, begin: QPoint, end: QPoint) -> None:
    """With the mouse; what moves it is queued, for a drag holds up whoever begins it."""
    window = on.window.windowHandle()
    for step in range(1, 8):
        place = begin + (end - begin) * min(step, 6) / 6
        QTimer.singleShot(40 * step, partial(QTest.mouseMove, window, place))
    left = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QTimer.singleShot(400, partial(QTest.mouseRelease, window, *left, end))
    QTimer.singleShot(0, partial(QTest.mousePress, window, *left, begin))


def test_the_chain_is_ordered_by_dragging(play: Play, stage: OpenStage) -> None:
    if QGuiApplication.platformName() == "offscreen":
        pytest.skip("no drags without a screen")

    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            chain = on.tab(ProfilesTab).chain
            await on.until(on.window.windowHandle().isExposed)
            page = chain.list.viewport()
            await on.until(lambda: page.width() < 400)  # the parts stand side by side
            await asyncio.sleep(0.5)  # and the page has come to rest: no widget tells of that
            last, first = (chain.list.visualItemRect(chain.list.item(row)).center() for row in (2, 0))
            above = first - QPoint(0, chain.list.visualItemRect(chain.list.item(0)).height() // 3)
            drag(on, page.mapTo(on.window, last), page.mapTo(on.window, above))
            await on.until(lambda: chain.names() == ("on_device", "gemini", "qwen"))
            await on.press(chain.save)
            await on.until(lambda: on.profile("alice").chain == ("on_device", "gemini", "qwen"))

    play(scene())


def test_an_unsaved_order_outlives_a_look_at_another_profile(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", tab="profiles") as on:
            tab = on.tab(ProfilesTab)
            tab.chain.list.setCurrentRow(1)
            on.click(tab.chain.up)
            tab.table.pick("bob")
            assert tab.chain.names() == ("gemini", "qwen", "on_device")
            assert not tab.chain.save.isEnabled()
            tab.table.pick("alice")
            assert tab.chain.names() == ("qwen", "gemini", "on_device")
            on.click(tab.chain.save)
            await on.until(lambda: on.profile("alice").chain == ("qwen", "gemini", "on_device"))
            assert on.profile("bob").chain is None

    play(scene())


def type_in(row: LimitRow, text: str) -> None:
    row.field.setFocus()
    if isinstance(row.field, QCheckBox):
        QTest.keyClick(row.field, Qt.Key.Key_Space)
        return
    row.field.selectAll()
    QTest.keyClicks(row.field, text)
    QTest.keyClick(row.field, Qt.Key.Key_Return)


OWN = {
    "daily_cap_usd": "1.5", "answer_chars": "60", "full_answer": "off", "doubt_mark": "off", "risk.scene": "0.5",
    "risk.exact": "0.75", "webhook.url": "http://192.168.0.5:8123/api/webhook/x", "blur_faces": "on",
}  # fmt: skip


def test_every_limit_is_its_own_or_the_households(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", tab="profiles") as on:
            for key in OWN:
                with case(key):
                    await own_and_back(on, key)

    play(scene())


def test_who_has_faces_blurred_is_told_that_some_can_be_missed(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            row = on.tab(ProfilesTab).limits.rows["blur_faces"]
            assert row.label.text() == "Blur faces before an AI sees them"
            assert row.caution.isVisible()
            assert "can be missed" in row.caution.text()
            await on.until(lambda: row.caution.height() >= row.caution.heightForWidth(row.caution.width()))
            assert not on.tab(ProfilesTab).limits.rows["doubt_mark"].caution.isVisible()

    play(scene())


async def own_and_back(on: Stage, key: str) -> None:
    tab, wanted = on.tab(ProfilesTab), declared(key).parse(OWN[key])
    row = tab.limits.rows[key]
    assert row.whose.text() == "as for everybody"
    assert not row.reset.isEnabled()
    type_in(row, OWN[key])
    await on.until(lambda: on.store.profiles.own_value("alice", key) == wanted)
    await on.until(lambda: row.whose.text().startswith("its own"))
    assert on.store.profiles.own_value("bob", key) is None
    tab.table.pick("bob")
    assert row.whose.text() == "as for everybody"
    shipped = declared(key).default
    is_switch = isinstance(shipped, bool)
    default = ("on" if shipped else "off") if is_switch else shipped if isinstance(shipped, str) else f"{shipped:g}"
    assert row.text() == default
    tab.table.pick("alice")
    assert row.text() == OWN[key]
    on.click(row.reset)
    await on.until(lambda: on.store.profiles.own_value("alice", key) is None)
    await on.until(lambda: row.text() == default)
    assert not row.reset.isEnabled()


def test_every_per_profile_setting_has_its_row(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            rows = on.tab(ProfilesTab).limits.rows
            assert set(rows) == {setting.key for setting in SETTINGS if setting.per_profile} == set(OWN)

    play(scene())


def test_a_limit_out_of_bounds_is_refused_beside_its_field(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            for key, text in (("daily_cap_usd", "-1"), ("risk.scene", "7"), ("answer_chars", "99999")):
                with case(key, text):
                    row = on.tab(ProfilesTab).limits.rows[key]
                    type_in(row, text)
                    await on.until(row.refusal.isVisible)
                    assert f"{declared(key).maximum:g}" in row.refusal.text()
                    assert row.text() == text, "what was typed stays"
                    assert on.store.profiles.own_value("alice", key) is None
                    on.click(row.reset)
                    await on.until(lambda row=row: not row.refusal.isVisible())
                    assert row.text() == f"{declared(key).default:g}"

    play(scene())


def test_a_limit_typed_a_moment_ago_is_saved_for_whom_it_was_typed(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", tab="profiles") as on:
            tab = on.tab(ProfilesTab)
            type_in(tab.limits.rows["answer_chars"], "60")
            tab.table.pick("bob")
            await on.until(lambda: on.store.profiles.own_value("alice", "answer_chars") == 60)
            assert on.store.profiles.own_value("bob", "answer_chars") is None

    play(scene())


def test_what_was_spent_today_stands_beside_the_cap(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            tab = on.tab(ProfilesTab)
            assert tab.limits.spent.text() == f"Spent today: {fmt.usd(0.0)}."
            await on.store.profiles.set_value("alice", "daily_cap_usd", 1)
            on.services.spending.add("alice", "gemini", 0.25)
            tab.refresh()
            assert tab.limits.spent.text() == f"Spent today: {fmt.usd(0.25)} of {fmt.usd(1.0)}."
            on.services.spending.add("alice", "gemini", 0.75)
            tab.refresh()
            assert "is reached" in tab.limits.spent.text()

    play(scene())


def test_the_households_value_is_followed(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            row = on.tab(ProfilesTab).limits.rows["answer_chars"]
            await on.store.set_setting("answer_chars", 80)
            await on.until(lambda: row.text() == "80")
            assert row.whose.text() == "as for everybody"

    play(scene())


def test_counts_follow_the_frames(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            tab = on.tab(ProfilesTab)
            tab._follow.setInterval(20)
            await on.until(lambda: cells(on, 0)[4] == "0")
            await on.store.activity.record(new_frame(on.profile("alice")), picture(), new_answer("A mug."), 9)
            on.answer("alice")
            await on.until(lambda: cells(on, 0)[4] == "1")
            assert cells(on, 0)[6] != "never"

    play(scene())


def test_an_unsaved_order_outlives_other_news(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            chain = on.tab(ProfilesTab).chain
            chain.list.setCurrentRow(1)
            on.click(chain.up)
            await on.store.pairings.pair("192.168.0.12", "alice")
            await on.until(lambda: cells(on, 0)[3] == "1")
            assert chain.names() == ("qwen", "gemini", "on_device")

    play(scene())


def test_pairings_are_revoked_one_or_all(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            panel = on.tab(ProfilesTab).pairings
            for ip in ("192.168.0.12", "192.168.0.13", "192.168.0.14"):
                await on.store.pairings.pair(ip, "alice", until_revoked=ip.endswith("13"))
            await on.until(lambda: len(panel.table.rows.names) == 3)
            panel.table.pick("192.168.0.13")
            on.click(panel.revoke)
            await on.until(lambda: {one.ip for one in on.store.pairings.all()} == {"192.168.0.12", "192.168.0.14"})
            await on.until(lambda: len(panel.table.rows.names) == 2 and panel.revoke_all.isEnabled())
            on.click(panel.revoke_all)
            await on.until(lambda: on.store.pairings.all() == ())
            await on.until(lambda: not panel.revoke.isEnabled())

    play(scene())


def test_the_table_tells_of_every_profile(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob") as on:
            await on.store.profiles.set_prompt("bob", "Read signs aloud")
            await on.store.activity.record(new_frame(on.profile("bob")), picture(), new_answer("A mug."), 9)
            on.window.go_to("profiles")
            await on.until(lambda: cells(on, 1)[4] == "1")
            assert cells(on, 0) == ["alice", "default", "default", "0", "0", "0 bytes", "never"]
            assert cells(on, 1)[:4] == ["bob", "custom", "default", "0"]
            assert cells(on, 1)[6] != "never"

    play(scene())


def test_a_refusal_of_the_store_is_told_above(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:

            async def refuse(*_: object) -> None:
                raise StoreError("The disk is full.")

            on.store.profiles.set_chain = refuse  # type: ignore[assignment,method-assign]
            chain = on.tab(ProfilesTab).chain
            chain.list.item(0).setCheckState(Qt.CheckState.Unchecked)
            on.click(chain.save)
            await on.until(lambda: "The disk is full." in on.window.messages.texts())
            await on.until(chain.save.isEnabled)

    play(scene())


def test_a_short_key_is_told_beside_its_profile(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            tab = on.tab(ProfilesTab)
            assert tab._name_cell(on.profile("alice")).tone is None
            await on.store.profiles.note_short_key("alice")
            cell = tab._name_cell(on.profile("alice"))
            assert (cell.text, cell.tone) == ("alice", "warn")
            assert "short" in cell.told
            await on.store.profiles.new_key("alice")
            assert tab._name_cell(on.profile("alice")).tone is None

    play(scene())
