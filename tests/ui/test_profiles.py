"""The profiles tab: every button, and what it does to the store."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.core.errors import StoreError
from app.ui.dialogs.profile_dialogs import AddProfile, DeleteProfile, NewKey, ShowKey
from app.ui.tabs.profiles import ProfilesTab
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import Stage, new_answer, new_frame, picture


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
            shown = await on.dialog(ShowKey)
            await on.closed(dialog)
            on.click(shown.copy_buttons[2])
            key = QGuiApplication.clipboard().text()
            match = on.store.profiles.match_key(key)
            assert match is not None
            assert match.username == "alice"
            on.click(shown.copy_all)
            everything = QGuiApplication.clipboard().text()
            assert all(part in everything for part in (on.control.url, "alice", key))
            shown.accept()
            await on.closed(shown)
            await on.until(lambda: on.tab(ProfilesTab).table.picked_name == "alice")

    play(scene())


def test_a_typed_key_and_a_refusal_beside_the_fields(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            on.click(on.tab(ProfilesTab).add)
            dialog = await on.dialog(AddProfile)
            QTest.keyClicks(dialog.name, "alice")
            on.click(dialog.accept_button)
            await on.until(lambda: dialog.refusal.isVisible())
            assert "alice" in dialog.refusal.text()
            assert dialog.accept_button.isEnabled()
            dialog.name.setText("bob")
            dialog.key.setText("x")
            on.click(dialog.accept_button)
            await on.until(lambda: "4" in dialog.refusal.text() and dialog.accept_button.isEnabled())
            dialog.key.setText("my-own-key")
            on.click(dialog.accept_button)
            shown = await on.dialog(ShowKey)
            match = on.store.profiles.match_key("my-own-key")
            assert match is not None
            assert match.username == "bob"
            shown.accept()
            await on.closed(shown)

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
            shown = await on.dialog(ShowKey)
            on.click(shown.copy_buttons[-1])
            match = on.store.profiles.match_key(QGuiApplication.clipboard().text())
            assert match is not None
            assert match.username == "alice"
            shown.accept()
            await on.until(lambda: tab.pairings.table.rows.names == ())
            assert on.store.pairings.all() == ()

    play(scene())


def test_deleting_tells_what_goes_and_removes_it(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", tab="profiles") as on:
            tab = on.tab(ProfilesTab)
            await on.store.activity.record(new_frame(on.profile("alice")), picture(), new_answer("A mug."), 9)
            await on.store.pairings.pair("192.168.0.12", "alice")
            await on.store.secrets.set("alice", "gemini", "secret-key", session_only=True)
            tab.table.pick("alice")
            on.click(tab.delete)
            dialog = await on.dialog(DeleteProfile)
            said = [label.text() for label in dialog.findChildren(type(dialog.refusal._text))]
            assert said.count("1") == 3, "frames, devices and keys are counted"
            QTest.keyClick(dialog, Qt.Key.Key_Return)
            await on.closed(dialog)
            assert on.store.profiles.find("alice") is not None, "Enter alone deletes nothing"
            on.click(tab.delete)
            dialog = await on.dialog(DeleteProfile)
            on.click(dialog.accept_button)
            await on.until(lambda: on.store.profiles.find("alice") is None)
            await on.until(lambda: any("alice was deleted" in text for text in on.window.messages.texts()))
            await on.until(lambda: tab.table.picked_name == "bob")

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
            await on.until(chain.default.isEnabled)
            on.click(chain.default)
            await on.until(lambda: on.profile("alice").chain is None)
            await on.until(lambda: cells(on, 0)[2] == "default")

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
