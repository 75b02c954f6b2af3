"""The webhook's part of its card: a key that is shown once, and a test whose outcome is one sentence."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from app.store.keys import keyring_worker
from app.ui.settings.tab import SettingsTab
from app.ui.settings.webhook_part import WebhookPart
from tests.store.keys.test_secrets import FakeKeyring
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import Stage


def part_of(on: Stage) -> WebhookPart:
    tab = on.tab(SettingsTab)
    tab.page.ensureWidgetVisible(tab.webhook)
    return tab.webhook


def test_a_key_is_made_shown_copied_replaced_and_removed(
    play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring_worker, "_backend", lambda keyring=FakeKeyring(): keyring)  # noqa: B008

    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            part, secrets = part_of(on), on.store.door_secrets
            assert not part.copy.isEnabled()
            assert not part.remove.isEnabled()
            on.click(part.make)
            await on.until(part.key.text)
            assert part.key.text() == secrets.get("webhook")
            on.click(part.copy)
            first = part.key.text()
            assert QGuiApplication.clipboard().text() == first
            await on.until(lambda: part.make.isEnabled() and part.make.text() == "Replace")
            on.click(part.make)
            await on.until(lambda: part.key.text() not in ("", first))
            await on.press(part.remove)
            await on.until(lambda: not part.key.text() and secrets.get("webhook") == "")
            await on.until(lambda: part.key.placeholderText() == "None: nothing is signed.")

    play(scene())


def test_a_key_that_cannot_be_kept_is_told(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            part = part_of(on)
            on.click(part.make)
            await on.until(part.outcome.isVisible)
            assert "FRAME_BACKEND_WEBHOOK_KEY" in part.outcome.text()
            assert part.key.text() == ""

    play(scene())


def test_a_test_says_what_came_of_it(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", tab="settings") as on:
            part = part_of(on)
            part.username.setCurrentText("bob")
            on.click(part.send)
            await on.until(lambda: part.outcome.text() == "hook.test took the test, which was signed.")
            await on.until(part.send.isEnabled)
            on.webhook.fails = "hook.test refused it, with status 500."
            on.click(part.send)
            await on.until(lambda: part.outcome.text() == on.webhook.fails)
            assert on.webhook.tested == ["bob", "bob"]

    play(scene())


def test_without_a_profile_there_is_nothing_to_send(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="settings") as on:
            part = part_of(on)
            assert not part.send.isEnabled()
            await on.store.profiles.add("alice")
            await on.until(part.send.isEnabled)

    play(scene())
