"""The providers tab: every button and field, what each does to the store, and how the lights read."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest

from app.core.events import ProviderLightChanged
from app.ui.dialogs.provider_dialogs import AddCustom, SetKey
from app.ui.lights import Lights
from app.ui.tabs.providers import ProvidersTab
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import Stage


def state_of(on: Stage, name: str) -> str:
    rows = on.tab(ProvidersTab).table.rows
    return rows.cell(rows.names.index(name), 1).text


def key_of(on: Stage, name: str) -> str:
    rows = on.tab(ProvidersTab).table.rows
    return rows.cell(rows.names.index(name), 3).text


def test_the_check_box_switches_a_provider(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="providers") as on:
            table = on.tab(ProvidersTab).table
            box = table.visualRect(table.rows.index(1, 0))
            where = box.topLeft() + type(box.topLeft())(18, box.height() // 2)
            QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
            await on.until(lambda: not on.store.providers.get("qwen").enabled)
            await on.until(lambda: state_of(on, "qwen") == "Off")
            await on.until(table.isEnabled)
            table.setCurrentIndex(table.rows.index(1, 0))
            QTest.keyClick(table, Qt.Key.Key_Space)
            await on.until(lambda: on.store.providers.get("qwen").enabled)

    play(scene())


def test_fields_are_saved_undone_and_refused(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="providers") as on:
            form = on.tab(ProvidersTab).form
            assert not form.save.isEnabled()
            form.model.setEditText("g-9")
            form.base_url.setText("http://192.168.1.9/v1")
            form.per_minute.setValue(15)
            form.per_day.setValue(1_500)
            on.click(form.save)
            await on.until(lambda: on.store.providers.get("gemini").model == "g-9")
            saved = on.store.providers.get("gemini")
            assert (saved.base_url, saved.requests_per_minute, saved.requests_per_day) == (
                "http://192.168.1.9/v1", 15, 1_500,
            )  # fmt: skip
            await on.until(lambda: form.fields.isEnabled() and not form.save.isEnabled())
            form.model.setEditText("other")
            on.click(form.undo)
            assert form.model.currentText() == "g-9"
            form.base_url.setText("not an address")
            on.click(form.save)
            await on.until(lambda: any("base URL" in text for text in on.window.messages.texts()))
            await on.until(form.fields.isEnabled)
            assert form.base_url.text() == "not an address", "what was typed is not taken away"

    play(scene())


def test_a_test_shows_its_sentence_and_fills_the_models(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="providers") as on:
            tab = on.tab(ProvidersTab)
            tab.key.owner.setCurrentIndex(1)
            on.click(tab.key.test)
            await on.until(tab.key.progress.isVisible)
            assert not tab.key.test.isEnabled()
            await on.until(lambda: tab.key.result.text() == "gemini works.")
            assert on.examined == [("gemini", "alice", None)]
            assert [tab.form.model.itemText(row) for row in range(tab.form.model.count())] == ["g-2", "g-3"]
            assert tab.form.model.currentText() == "g-1", "what is set stays until it is changed by hand"
            await on.until(tab.key.test.isEnabled)

    play(scene())


def test_without_a_keyring_a_key_is_kept_for_the_session(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="providers") as on:
            tab = on.tab(ProvidersTab)
            assert state_of(on, "gemini") == "No key"
            on.click(tab.key.set_key)
            dialog = await on.dialog(SetKey)
            on.click(dialog.accept_button)
            await on.until(lambda: dialog.refusal.isVisible() and dialog.accept_button.isEnabled())
            dialog.key.setText("secret-key")
            on.click(dialog.accept_button)
            await on.until(dialog.session_only.isChecked)
            assert "session" in dialog.refusal.text()
            await on.until(dialog.accept_button.isEnabled)
            on.click(dialog.accept_button)
            await on.closed(dialog)
            assert on.store.secrets.key_for(on.profile("alice").profile_id, "gemini") == "secret-key"
            await on.until(lambda: key_of(on, "gemini") == "this session only" and state_of(on, "gemini") == "Ready")
            on.click(tab.key.remove)
            await on.until(lambda: on.store.secrets.listed(None) == ())
            await on.until(lambda: state_of(on, "gemini") == "No key" and not tab.key.remove.isEnabled())

    play(scene())


def test_a_profiles_own_key_is_set_and_removed(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", tab="providers") as on:
            tab = on.tab(ProvidersTab)
            await on.store.secrets.probe()
            await on.until(lambda: on.window.strip.keyring.text() == "Keyring: none")
            tab.key.owner.setCurrentIndex(tab.key.owner.findData("bob"))
            on.click(tab.key.set_key)
            dialog = await on.dialog(SetKey)
            assert dialog.owner.currentData() == "bob"
            assert dialog.session_only.isChecked()
            dialog.key.setText("bobs-key")
            on.click(dialog.accept_button)
            await on.closed(dialog)
            assert on.store.secrets.key_for(on.profile("bob").profile_id, "gemini") == "bobs-key"
            assert on.store.secrets.key_for(on.profile("alice").profile_id, "gemini") == ""
            await on.until(lambda: key_of(on, "gemini") == "bob: this session only")
            tab.key.owner.setCurrentIndex(0)
            assert not tab.key.remove.isEnabled(), "the household has none to remove"
            tab.key.owner.setCurrentIndex(tab.key.owner.findData("bob"))
            on.click(tab.key.remove)
            await on.until(lambda: on.store.secrets.key_for(on.profile("bob").profile_id, "gemini") == "")

    play(scene())


def test_a_server_of_ones_own_comes_and_goes(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="providers") as on:
            tab = on.tab(ProvidersTab)
            assert not tab.remove.isEnabled()
            on.click(tab.add)
            dialog = await on.dialog(AddCustom)
            assert (dialog.name.text(), dialog.base_url.text()) == ("lm-studio", "http://localhost:1234/v1")
            dialog.preset.setCurrentIndex(1)
            assert dialog.base_url.text() == ""
            on.click(dialog.accept_button)
            await on.until(lambda: dialog.refusal.isVisible() and dialog.accept_button.isEnabled())
            dialog.preset.setCurrentIndex(0)
            dialog.model.setText("qwen3-vl")
            on.click(dialog.accept_button)
            await on.closed(dialog)
            added = on.store.providers.get("lm-studio")
            assert (added.vendor, added.model, added.preset) == ("custom", "qwen3-vl", "LM Studio")
            await on.until(lambda: tab.table.picked_name == "lm-studio" and state_of(on, "lm-studio") == "Ready")
            on.click(tab.remove)
            await on.until(lambda: "lm-studio" not in [config.name for config in on.store.providers.all()])
            await on.until(lambda: "lm-studio" not in tab.table.rows.names)

    play(scene())


def test_the_reader_on_this_computer_has_nothing_to_set(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="providers") as on:
            tab = on.tab(ProvidersTab)
            tab.table.pick("on_device")
            assert tab.form.told.isVisible()
            assert not tab.form.fields.isVisible()
            assert not tab.key.set_key.isVisible()
            assert tab.key.test.isVisible()
            tab.table.pick("gemini")
            assert tab.form.fields.isVisible()
            assert tab.key.set_key.isVisible()

    play(scene())


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (ProviderLightChanged("gemini", "ready"), "Ready"),
        (ProviderLightChanged("gemini", "cooling", "A pause.", 3_600), "Cooling until 15:05: A pause."),
        (ProviderLightChanged("gemini", "cooling", "Overloaded.", 30), "Cooling until 14:05:30: Overloaded."),
        (ProviderLightChanged("gemini", "cooling", "It asked for a pause.", -1), "Ready"),
        (ProviderLightChanged("gemini", "key_refused", "Check the key."), "Key refused: Check the key."),
        (ProviderLightChanged("gemini", "no_credit", "Nothing left."), "No credit: Nothing left."),
        (ProviderLightChanged("gemini", "blind", "Choose one that can."), "Takes no pictures: Choose one that can."),
    ],
)  # fmt: skip
def test_lights_in_words(play: Play, stage: OpenStage, told: ProviderLightChanged, words: str) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await on.store.secrets.set("alice", "gemini", "secret-key", session_only=True)
            owner, now = QObject(), datetime(2026, 11, 25, 14, 5).astimezone()
            lights = Lights(on.services, on.tab(ProvidersTab).bridge, owner, lambda: now)
            on.bus.publish(told)
            await on.until(lambda: lights.words(on.store.providers.get("gemini"))[0] == words)
            assert lights.words(on.store.providers.get("qwen")) == ("No key", "idle")
            await on.store.providers.set("gemini", enabled=False)
            assert lights.words(on.store.providers.get("gemini")) == ("Off", "idle")
            owner.deleteLater()

    play(scene())


def test_a_cooldown_ends_by_itself_on_the_screen(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="providers") as on:
            await on.store.secrets.set("alice", "gemini", "secret-key", session_only=True)
            on.bus.publish(ProviderLightChanged("gemini", "cooling", "It is overloaded.", 0.8))
            await on.until(lambda: state_of(on, "gemini").startswith("Cooling"))
            await on.until(lambda: state_of(on, "gemini") == "Ready")

    play(scene())
