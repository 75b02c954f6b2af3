"""The providers tab: every button and field, what each does to the store, and how the lights read."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest

from app.core.events import ProviderLightChanged
from app.core.provider import ProviderConfig
from app.core.routing.health import Standing
from app.ui.provider_status import ProviderStatus
from app.ui.providers.price_dialog import PriceDialog
from app.ui.providers.provider_dialogs import AddCustom, SetKey
from app.ui.providers.tab import ProvidersTab
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import G4F_NOTE, Stage


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
            await on.until(lambda: form.refusal.isVisible() and "base URL" in form.refusal.text())
            await on.until(form.fields.isEnabled)
            assert form.base_url.text() == "not an address", "what was typed is not taken away"
            on.click(form.undo)
            assert not form.refusal.isVisible()

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
            assert tab.key.detail.text() == "Models to choose from: 2. It took 12 ms."
            assert on.providers.checked == [("gemini", "alice", None)]
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
            await on.until(lambda: bool(dialog.refusal.isVisible() or [f for f in dialog.fields if f.complains()]))
            await on.until(dialog.accept_button.isEnabled)
            dialog.key.setText("secret\nkey")
            on.click(dialog.accept_button)
            await on.until(lambda: "no blanks" in dialog.refusal.text() and dialog.accept_button.isEnabled())
            assert "secret" not in dialog.refusal.text()
            dialog.key.setText("secret-key")
            on.click(dialog.accept_button)
            await on.until(dialog.session_only.isChecked)
            assert "session" in dialog.refusal.text()
            await on.press(dialog.accept_button)
            await on.closed(dialog)
            assert on.store.secrets.key_for(on.profile("alice").profile_id, "gemini") == "secret-key"
            await on.until(
                lambda: key_of(on, "gemini") == "until the program ends" and state_of(on, "gemini") == "Ready"
            )
            assert tab.key.set_key.text() == "Replace"
            assert "forgotten when the program ends" in tab.key.places.text()
            assert "secret-key" not in tab.key.places.text()
            on.click(tab.key.remove)
            await on.until(lambda: on.store.secrets.listed(None) == ())
            await on.until(
                lambda: tab.key.set_key.text() == "Set key" and tab.key.places.text().startswith("Without a")
            )
            await on.until(lambda: state_of(on, "gemini") == "No key" and not tab.key.remove.isEnabled())

    play(scene())


def test_a_profiles_own_key_is_set_and_removed(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", tab="providers") as on:
            tab = on.tab(ProvidersTab)
            await on.store.secrets.unlock()
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
            await on.until(lambda: key_of(on, "gemini") == "bob: until the program ends")
            tab.key.owner.setCurrentIndex(0)
            assert not tab.key.remove.isEnabled(), "the household has none to remove"
            tab.key.owner.setCurrentIndex(tab.key.owner.findData("bob"))
            on.click(tab.key.remove)
            await on.until(lambda: on.store.secrets.key_for(on.profile("bob").profile_id, "gemini") == "")

    play(scene())


def test_a_key_is_kept_for_the_session_when_that_is_wanted(
    play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: pages.append(url.toString()))

    async def scene() -> None:
        async with stage(tab="providers") as on:
            tab = on.tab(ProvidersTab)
            on.click(tab.key.set_key)
            dialog = await on.dialog(SetKey)
            dialog.key.setText("a-key")
            on.click(dialog.key_page)
            assert pages == ["https://g.test/keys"]
            on.click(dialog.cancel_button)
            await on.closed(dialog)
            assert on.store.secrets.listed(None) == ()
            on.click(tab.key.set_key)
            dialog = await on.dialog(SetKey)
            dialog.key.setText("a-key")
            on.click(dialog.session_only)
            on.click(dialog.accept_button)
            await on.closed(dialog)
            assert [key.where for key in on.store.secrets.listed(None)] == ["session"]

    play(scene())


def test_what_to_know_before_a_server_is_used_is_said_in_german(play: Play, stage: OpenStage, german: None) -> None:
    async def scene() -> None:
        async with stage(tab="providers") as on:
            on.click(on.tab(ProvidersTab).add)
            dialog = await on.dialog(AddCustom)
            dialog.preset.setCurrentText("g4f")
            assert dialog.note.text().startswith("Gibt Ihre Bilder an Dritte weiter")
            on.click(dialog.cancel_button)
            await on.closed(dialog)

    play(scene())


def test_a_server_of_ones_own_comes_and_goes(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="providers") as on:
            tab = on.tab(ProvidersTab)
            assert not tab.remove.isEnabled()
            on.click(tab.add)
            unwanted = await on.dialog(AddCustom)
            unwanted.model.setText("qwen3-vl")
            on.click(unwanted.cancel_button)
            await on.closed(unwanted)
            assert len(on.store.providers.all()) == 3
            on.click(tab.add)
            dialog = await on.dialog(AddCustom)
            assert (dialog.name.text(), dialog.base_url.text()) == ("lm-studio", "http://localhost:1234/v1")
            assert not dialog.note.isVisible()
            dialog.preset.setCurrentText("g4f")
            assert dialog.note.isVisible()
            assert dialog.note.text() == G4F_NOTE
            dialog.preset.setCurrentText("Other")
            assert not dialog.note.isVisible()
            assert dialog.base_url.text() == ""
            on.click(dialog.accept_button)
            await on.until(lambda: bool(dialog.refusal.isVisible() or [f for f in dialog.fields if f.complains()]))
            await on.until(dialog.accept_button.isEnabled)
            dialog.preset.setCurrentText("LM Studio")
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


# --- order, pace, price and cap ---------------------------------------------------------------------------------------


def order_of(on: Stage) -> list[str]:
    return [config.name for config in on.store.providers.all()]


def test_up_and_down_order_the_chain_for_everybody(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="providers") as on:
            tab = on.tab(ProvidersTab)
            await on.store.providers.add(ProviderConfig("ollama", "custom", "http://localhost:11434/v1", "llava"))
            await on.until(lambda: "ollama" in tab.table.rows.names)
            tab.table.pick("ollama")
            assert not tab.down.isEnabled(), "the reader ends the chain"
            assert not tab.default_order.isEnabled()
            on.click(tab.up)
            await on.until(lambda: order_of(on) == ["gemini", "ollama", "qwen", "on_device"])
            await on.press(tab.up)
            await on.until(lambda: list(tab.table.rows.names) == ["ollama", "gemini", "qwen", "on_device"])
            assert tab.table.picked_name == "ollama"
            await on.until(lambda: tab.down.isEnabled() and not tab.up.isEnabled())
            on.click(tab.down)
            await on.until(lambda: order_of(on) == ["gemini", "ollama", "qwen", "on_device"])
            await on.press(tab.default_order)
            await on.until(lambda: order_of(on) == ["gemini", "qwen", "ollama", "on_device"])
            await on.until(lambda: not tab.default_order.isEnabled())
            tab.table.pick("on_device")
            assert not tab.up.isEnabled()
            assert not tab.down.isEnabled()

    play(scene())


def test_up_brings_a_slow_server_before_the_reader(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="providers") as on:
            tab = on.tab(ProvidersTab)
            await on.store.providers.add(ProviderConfig("ollama", "custom", "http://localhost:11434/v1", "llava"))
            await on.store.providers.set_order(["on_device", "ollama"])
            await on.until(lambda: list(tab.table.rows.names) == ["gemini", "qwen", "on_device", "ollama"])
            for name in ("qwen", "ollama"):
                tab.table.pick(name)
                assert not tab.down.isEnabled(), "down never leads behind the reader"
            tab.table.pick("gemini")
            on.click(tab.down)
            await on.until(lambda: list(tab.table.rows.names) == ["qwen", "gemini", "on_device", "ollama"])
            tab.table.pick("ollama")
            await on.press(tab.up)
            await on.until(lambda: order_of(on) == ["qwen", "gemini", "ollama", "on_device"])

    play(scene())


def test_the_free_tiers_pace_is_filled_in_and_saved(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="providers") as on:
            tab = on.tab(ProvidersTab)
            assert tab.form.free_tier.text() == "Free tier: 12 a minute, 450 a day"
            on.click(tab.form.free_tier)
            on.click(tab.form.save)
            await on.until(lambda: on.store.providers.get("gemini").requests_per_day == 450)
            assert on.store.providers.get("gemini").requests_per_minute == 12
            tab.table.pick("qwen")
            assert not tab.form.free_tier.isVisible()

    play(scene())


def test_a_price_is_shown_set_and_reset(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="providers") as on:
            tab, prices = on.tab(ProvidersTab), on.store.prices
            price = tab.form.price
            assert (price.input.text, price.output.text) == ("0.30", "2.50")
            assert price.source.text() == "Shipped with the program, as of 2026-10-07."
            assert not price.reset.isVisible()
            price.input.field.setText("0,75")
            on.click(tab.form.save)
            await on.until(lambda: prices.get("g-1").input_usd == 0.75)
            assert (prices.get("g-1").output_usd, prices.get("g-1").own) == (2.5, True)
            await on.until(lambda: price.reset.isVisible() and tab.form.fields.isEnabled())
            assert price.source.text().startswith("Your own price")
            assert price.input.text == "0.75"
            on.click(price.reset)
            await on.until(lambda: prices.get("g-1").input_usd == 0.3)
            await on.until(lambda: price.input.text == "0.30" and not price.reset.isVisible())

    play(scene())


def test_another_models_price_follows_the_model_that_is_typed(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="providers") as on:
            form = on.tab(ProvidersTab).form
            form.model.setEditText("q-1")
            assert form.price.input.text == "0.15"
            form.model.setEditText("brand-new")
            assert form.price.input.text == ""
            assert form.price.source.text().startswith("Nobody knows its price")
            form.price.input.field.setText("1")
            form.price.output.field.setText("2")
            on.click(form.save)
            await on.until(lambda: on.store.prices.get("brand-new") is not None)
            assert on.store.providers.get("gemini").model == "brand-new"
            await on.until(form.fields.isEnabled)
            assert form.price.reset.text() == "Forget this price"
            on.click(form.price.reset)
            await on.until(lambda: on.store.prices.get("brand-new") is None)
            await on.until(lambda: form.price.input.text == "")

    play(scene())


def test_every_bad_amount_is_told_beside_its_field_and_nothing_is_saved(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="providers") as on:
            form = on.tab(ProvidersTab).form
            form.model.setEditText("g-1-001")
            form.price.input.field.setText("-1")
            form.price.output.field.setText("abc")
            form.cap.field.setText("1e9")
            on.click(form.save)
            for field, sentence in (
                (form.price.input, "It must be from 0 to 10,000."),
                (form.price.output, "It must be a number, such as 0.30."),
                (form.cap, "It must be from 0 to 10,000."),
            ):
                assert field.note.isVisible()
                assert field.note.text() == sentence
            assert on.store.providers.get("gemini").model == "g-1"
            form.price.input.field.setText("NaN")
            assert not form.price.input.note.isVisible(), "while it is being mended"
            on.click(form.save)
            assert form.price.input.note.text() == "It must be from 0 to 10,000."
            on.click(form.undo)
            assert (form.price.input.text, form.cap.text, form.model.currentText()) == ("0.30", "", "g-1")
            assert not any(field.note.isVisible() for field in (form.price.input, form.price.output, form.cap))
            assert on.store.prices.get("g-1").own is False

    play(scene())


def test_a_cap_is_set_reached_and_taken_back(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="providers") as on:
            tab = on.tab(ProvidersTab)
            await on.store.secrets.set(None, "gemini", "secret-key", session_only=True)
            tab.form.cap.field.setText("1.50")
            on.click(tab.form.save)
            await on.until(lambda: on.store.providers.get("gemini").daily_cap_usd == 1.5)
            on.providers.calls["gemini"], on.providers.standings["gemini"] = 123, Standing(quota_left=327)
            on.services.spending.add("alice", "gemini", 0.5)
            await on.until(lambda: tab.key.today.text() == "Calls today: 123, left: 327. Spent: $0.50 of $1.50.")
            on.services.spending.add("alice", "gemini", 1.25)
            await on.until(lambda: state_of(on, "gemini") == "Today's limit is reached: $1.75 spent")
            rows = tab.table.rows
            assert [rows.cell(0, column).text for column in (4, 5)] == ["123", "$1.75"]
            await on.until(tab.form.fields.isEnabled)
            tab.form.cap.field.clear()
            on.click(tab.form.save)
            await on.until(lambda: on.store.providers.get("gemini").daily_cap_usd == 0.0)
            await on.until(lambda: state_of(on, "gemini") == "Ready")
            on.providers.standings["gemini"] = Standing(quota_left=0)
            await on.until(lambda: state_of(on, "gemini") == "Today's requests are used up")

    play(scene())


def test_what_is_free_says_so_and_what_needs_a_key_is_not_ready_without(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="providers") as on:
            tab = on.tab(ProvidersTab)
            for name, standing in (("ollama", Standing(is_free=True, needs_key=False)), ("router", Standing())):
                on.providers.standings[name] = standing
                await on.store.providers.add(ProviderConfig(name, "custom", f"http://{name}:1/v1", "llava"))
            await on.until(lambda: "router" in tab.table.rows.names)
            assert (state_of(on, "ollama"), state_of(on, "router")) == ("Ready", "No key")
            tab.table.pick("ollama")
            assert tab.form.price.source.text() == "Free: its calls cost nothing."
            assert tab.key.today.text() == "Calls today: 0. It costs nothing."

    play(scene())


def test_the_table_of_prices_sets_adds_and_resets(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="providers") as on:
            tab, prices = on.tab(ProvidersTab), on.store.prices
            tab.table.pick("qwen")
            on.click(tab.prices)
            dialog = await on.dialog(PriceDialog)
            assert dialog.table.picked_name == "q-1"
            assert [dialog.table.rows.cell(1, column).text for column in range(1, 5)] == [
                "0.15", "0.47", "2026-11-25", "shipped",
            ]  # fmt: skip
            dialog.price.output.field.setText("0.5")
            on.click(dialog.save)
            await on.until(lambda: prices.get("q-1").output_usd == 0.5)
            await on.until(lambda: dialog.table.rows.cell(1, 4).text == "you" and dialog.price.reset.isVisible())
            on.click(dialog.price.reset)
            await on.until(lambda: prices.get("q-1").output_usd == 0.47)
            await on.until(lambda: not dialog.price.reset.isVisible())

            on.click(dialog.add)
            for field, text in ((dialog.price.input.field, "x"), (dialog.price.output.field, "1e9")):
                field.setText(text)
            dialog.model.setText("a model")
            on.click(dialog.save)
            assert "no blanks" in dialog.model_field.note.text()
            for refusal in (dialog.model_field.note, dialog.price.input.note, dialog.price.output.note):
                assert refusal.isVisible()
            dialog.model.setText("new-model")
            dialog.price.input.field.setText("0")
            dialog.price.output.field.setText("0")
            on.click(dialog.save)
            await on.until(lambda: dialog.table.picked_name == "new-model")
            assert prices.get("new-model").is_free
            await on.press(dialog.price.reset)
            await on.until(lambda: prices.get("new-model") is None)
            await on.until(lambda: "new-model" not in dialog.table.rows.names)
            on.click(dialog.close_button)
            await on.closed(dialog)

    play(scene())


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (ProviderLightChanged("gemini", "ready"), "Ready"),
        (ProviderLightChanged("gemini", "cooling", "A pause.", 3_600), "A pause. Tried again at 15:05."),
        (ProviderLightChanged("gemini", "cooling", "Overloaded.", 30), "Overloaded. Tried again at 14:05:30."),
        (ProviderLightChanged("gemini", "cooling", "It asked us to wait.", -1), "Ready"),
        (ProviderLightChanged("gemini", "key_refused", "Check the key."), "Check the key."),
        (
            ProviderLightChanged("gemini", "key_refused", "Check the key.", 600),
            "Check the key. Tried again at 14:15.",
        ),
        (ProviderLightChanged("gemini", "key_refused", "Check the key.", -1), "Check the key."),
        (ProviderLightChanged("gemini", "no_credit", "Nothing left."), "Nothing left."),
        (ProviderLightChanged("gemini", "blind", "Choose one that can."), "Choose one that can."),
    ],
)  # fmt: skip
def test_lights_in_words(play: Play, stage: OpenStage, told: ProviderLightChanged, words: str) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await on.store.secrets.set("alice", "gemini", "secret-key", session_only=True)
            owner, now = QObject(), datetime(2026, 11, 25, 14, 5).astimezone()
            lights = ProviderStatus(on.services, on.tab(ProvidersTab).bridge, owner, lambda: now)
            on.bus.publish(told)
            await on.until(lambda: lights.words(on.store.providers.get("gemini"))[0] == words)
            assert lights.words(on.store.providers.get("qwen")) == ("No key", "idle")
            await on.store.providers.set("gemini", enabled=False)
            assert lights.words(on.store.providers.get("gemini")) == ("Off", "idle")
            owner.deleteLater()

    play(scene())


def test_a_model_that_stands_in_is_told(play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        async with stage("alice", tab="providers") as on:
            await on.store.secrets.set("alice", "gemini", "secret-key", session_only=True)
            monkeypatch.setattr(on.services.providers, "standing", lambda _: Standing(successor="g-9"))
            await on.until(lambda: "Asks g-9 instead" in state_of(on, "gemini"))

    play(scene())


def test_a_cooldown_ends_by_itself_on_the_screen(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="providers") as on:
            await on.store.secrets.set("alice", "gemini", "secret-key", session_only=True)
            on.bus.publish(ProviderLightChanged("gemini", "cooling", "It is overloaded.", 0.8))
            await on.until(lambda: state_of(on, "gemini").startswith("It is overloaded"))
            await on.until(lambda: state_of(on, "gemini") == "Ready")

    play(scene())
