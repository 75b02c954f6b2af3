"""A program is connected: its key, its lines, its door, whether it is let in, and the keys there are."""

from __future__ import annotations

import asyncio
import shlex
import timeit
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.core.control import LanAddress
from app.ui.connect.app_dialog import AppDialog
from app.ui.connect.apps import APPS
from app.ui.connect.dialog import ConnectDialog
from app.ui.settings.tab import SettingsTab
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import URL, Stage


async def open_dialog(on: Stage) -> AppDialog:
    on.click(on.tab(SettingsTab).connect_app)
    dialog = await on.dialog(AppDialog)
    await on.until(dialog.address.count)
    return dialog


async def make_key(on: Stage, dialog: AppDialog) -> str:
    await on.press(dialog.make_key)
    await on.until(dialog.key.text)
    return dialog.key.text()


def choose(dialog: AppDialog, name: str) -> None:
    dialog.app.setCurrentIndex([app.name for app in APPS].index(name))


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


@asynccontextmanager
async def answering(status: int) -> AsyncIterator[tuple[LanAddress, list[str]]]:
    """A server that answers everything with ``status``, and the heads of what it was asked."""
    heads: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield LanAddress("127.0.0.1", url, "lo", "loopback"), heads
    finally:
        server.close()
        await server.wait_closed()


def test_a_key_is_made_shown_once_copied_and_revoked(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", tab="settings") as on:
            dialog = await open_dialog(on)
            assert "YOUR-KEY" in dialog.lines.toPlainText()
            assert not dialog.test.isEnabled()
            dialog.username.choose("bob")
            key = await make_key(on, dialog)
            found = on.store.app_keys.find(key)
            assert found is not None
            assert (found.username, found.app) == ("bob", "Open WebUI")
            on.click(dialog.copy_key)
            assert clipboard() == key
            on.click(dialog.copy_address)
            assert clipboard() == URL
            on.click(dialog.copy_lines)
            assert clipboard() == f"URL: {URL}/v1\nKey: {key}\nModel: frame-backend"
            await on.until(dialog.keys.rows.rowCount)
            assert [dialog.keys.rows.cell(0, column).text for column in range(3)] == ["Open WebUI", "bob", "never"]
            await on.press(dialog.make_key)
            await on.until(lambda: "has a key already" in dialog.refusal.text())
            await on.press(dialog.revoke)
            await on.until(lambda: not dialog.key.text())  # one that counts no more is not offered
            await on.until(dialog.revoking.isEnabled)
            assert not on.store.app_keys.all()
            assert not dialog.revoke.isEnabled()
            on.click(dialog.close_button)
            await on.closed(dialog)
            again = await open_dialog(on)
            assert again.key.text() == ""

    play(scene())


def test_a_key_is_made_by_keyboard_under_a_name_of_ones_own(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            on.click(on.window.strip.connect_phone)
            on.click((await on.dialog(ConnectDialog)).app)
            dialog = await on.dialog(AppDialog)
            await on.until(dialog.address.count)
            dialog.key_name.setFocus()
            dialog.key_name.selectAll()
            QTest.keyClicks(dialog.key_name, "kitchen")
            QTest.keyClick(dialog.key_name, Qt.Key.Key_Return)
            await on.until(dialog.key.text)
            assert [key.app for key in on.store.app_keys.all()] == ["kitchen"]

    play(scene())


def test_each_app_has_its_door_and_lines_that_hold_address_and_key(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            dialog = await open_dialog(on)
            for app in APPS:
                choose(dialog, app.name)
                key = await make_key(on, dialog)
                took_s = min(timeit.repeat(dialog._show_app, number=1, repeat=5))
                assert took_s < 0.005, "the loop's other work waits for it"
                assert URL in dialog.lines.toPlainText()
                assert key in dialog.lines.toPlainText()
                assert dialog.where.text() == app.where
                assert dialog.door.isChecked() is on.store.settings.flag(f"doors.{app.door}")
                if app.name in ("llm", "curl"):
                    shlex.split(dialog.lines.toPlainText())

    play(scene())


def test_a_door_is_opened_and_closed_here(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            dialog = await open_dialog(on)
            choose(dialog, "Home Assistant")
            assert dialog.door.text() == "Programs that speak to Ollama"
            for wanted in (True, False):
                dialog.door.setFocus()
                on.click(dialog.door)
                await on.until(lambda wanted=wanted: on.store.settings.flag("doors.ollama") is wanted)
                await on.until(dialog.door.isEnabled)
                assert dialog.door.isChecked() is wanted

    play(scene())


@pytest.mark.parametrize(
    ("status", "app", "asked", "told"),
    [
        (200, "Open WebUI", "GET /v1/models ", "It works: Open WebUI is let in by this address and key."),
        (200, "Home Assistant", "GET /api/tags ", "It works: Home Assistant is let in by this address and key."),
        (401, "curl", "GET /v1/models ", "This key is not let in: make a new one."),
        (404, "llm", "GET /v1/models ", "This door is closed: switch it on above."),
        (503, "llm", "GET /v1/models ", "The server refused it, with status 503."),
    ],
)
def test_it_is_tested_by_calling_this_server(
    play: Play, stage: OpenStage, status: int, app: str, asked: str, told: str
) -> None:
    async def scene() -> None:
        async with stage("alice", tab="settings") as on, answering(status) as (address, heads):
            on.control.known_addresses = (address,)
            dialog = await open_dialog(on)
            choose(dialog, app)
            key = await make_key(on, dialog)
            on.click(dialog.test)
            await on.until(dialog.test.isEnabled)
            assert dialog.outcome.text() == told
            assert heads[0].startswith(asked)
            assert f"bearer {key.lower()}" in heads[0].lower()

    play(scene())


def test_a_server_that_does_not_answer_is_told(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            async with answering(200) as (address, _):
                on.control.known_addresses = (address,)
            dialog = await open_dialog(on)
            await make_key(on, dialog)
            on.click(dialog.test)
            await on.until(dialog.test.isEnabled)
            assert dialog.outcome.text() == f"Nothing answers at {address.url}: does the server run?"

    play(scene())
