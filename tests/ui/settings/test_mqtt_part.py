"""MQTT's part of its card: a password that is never shown again, how the link stands, a test in one sentence."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from app.core.events import MqttChanged
from app.core.sentence import Sentence
from app.store.keys import keyring_worker
from app.ui.settings.mqtt_part import MqttPart
from app.ui.settings.tab import SettingsTab
from tests.store.keys.test_secrets import FakeKeyring
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import Stage


def part_of(on: Stage) -> MqttPart:
    tab = on.tab(SettingsTab)
    tab.page.ensureWidgetVisible(tab.mqtt)
    return tab.mqtt


def test_a_password_is_kept_replaced_and_removed_and_never_shown(
    play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = FakeKeyring()
    monkeypatch.setattr(keyring_worker, "_backend", lambda: keyring)

    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            part, secrets = part_of(on), on.store.door_secrets
            assert part.password.echoMode() == QLineEdit.EchoMode.Password
            assert not part.save.isEnabled()
            QTest.keyClicks(part.password, "first one")
            on.click(part.save)
            await on.until(lambda: secrets.get("mqtt") == "first one" and part.password.text() == "")
            await on.until(lambda: part.password.placeholderText() == "A password is kept.")
            QTest.keyClicks(part.password, "second")
            QTest.keyClick(part.password, Qt.Key.Key_Return)
            await on.until(lambda: secrets.get("mqtt") == "second" and part.remove.isEnabled())
            on.click(part.remove)
            await on.until(lambda: secrets.get("mqtt") == "" and part.password.placeholderText() == "None")

    play(scene())


def test_a_password_that_cannot_be_kept_is_told_and_stays_typed(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            part = part_of(on)
            QTest.keyClicks(part.password, "mine")
            on.click(part.save)
            await on.until(part.outcome.isVisible)
            assert "FRAME_BACKEND_MQTT_PASSWORD" in part.outcome.text()
            assert part.password.text() == "mine"

    play(scene())


def test_how_the_link_stands_is_one_sentence(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            part = part_of(on)
            assert part.state.text() == "MQTT is switched off."
            on.mqtt.state = MqttChanged(Sentence("{host} cannot be reached.", host="broker.test"), is_well=False)
            on.bus.publish(on.mqtt.state)
            await on.until(lambda: part.state.text() == "broker.test cannot be reached.")

    play(scene())


def test_a_test_says_what_came_of_it(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            part = part_of(on)
            on.click(part.test)
            await on.until(lambda: part.outcome.text() == "broker.test took the test.")
            await on.until(part.test.isEnabled)
            on.mqtt.fails = "broker.test refuses the user or the password."
            on.click(part.test)
            await on.until(lambda: part.outcome.text() == on.mqtt.fails)
            assert on.mqtt.tested == 2

    play(scene())
