"""From nothing to the first answered frame: the first start of the whole program, by keyboard alone and with no key."""

from __future__ import annotations

import socket
from pathlib import Path

import httpx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.application import Application
from app.login_start import login_start
from app.paths import DataFolder, resource
from app.providers import on_device
from app.ui.first_start.wizard import FirstStart
from app.ui.live.tab import LiveTab
from app.ui.services import Services
from app.ui.shell.main_window import MainWindow
from app.ui.support.theme import Theme
from app.ui.tabs import TABS
from tests.ui.conftest import Play
from tests.ui.stage import until


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def press(dialog: FirstStart, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(dialog.focusWidget(), key)


def type_over(dialog: FirstStart, text: str) -> None:
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(dialog.focusWidget(), text)


async def gone_through(dialog: FirstStart, port: int) -> str:
    """Every step by keys alone; the auth key that the last one shows."""
    press(dialog, Qt.Key.Key_Space, Qt.Key.Key_Tab)  # this computer alone: tests open no port to the network
    assert dialog.focusWidget() is dialog.network.port
    type_over(dialog, str(port))
    press(dialog, Qt.Key.Key_Return)
    await until(lambda: dialog.shown == 1)
    type_over(dialog, "Alice")
    press(dialog, Qt.Key.Key_Return)
    await until(lambda: dialog.shown == 2)
    press(dialog, Qt.Key.Key_Return)
    await until(lambda: dialog.shown == 3)
    return dialog.phone.panel.key.text()


PHOTO = Path(resource("demo"), "sign.jpg").read_bytes()


@pytest.mark.slow
@pytest.mark.skipif(not on_device.available(), reason="the reader on this computer is not installed")
def test_the_first_frame_is_answered_with_no_key(play: Play, theme: Theme, tmp_path: Path) -> None:
    async def scene() -> None:
        folder = DataFolder(tmp_path / "data")
        folder.prepare()
        application = Application(folder)
        await application.open()
        window = MainWindow(theme)
        try:
            services = Services(
                bus=application.bus, store=application.store, control=application.server,
                providers=application.providers, settings_path=folder.root / "window.ini",
                try_out=application.try_out, spending=application.spending, login_start=login_start(folder.root),
                folder=folder, trust=application.trust, learning=application.learning,
                webhook=application.webhook, mqtt=application.mqtt, releases=application.releases,
            )  # fmt: skip
            window.show()
            window.open(services, TABS)
            assert FirstStart.is_wanted(services)
            window.set_up()
            dialog = next(child for child in window.children() if isinstance(child, FirstStart))
            port = free_port()
            key = await gone_through(dialog, port)
            url = f"http://127.0.0.1:{port}"
            assert services.control.url == url
            async with httpx.AsyncClient() as phone:
                paired = await phone.post(f"{url}/auth-{key}")
            assert paired.json()["username"] == "Alice"
            await until(lambda: dialog.phone.panel.light.is_on)
            press(dialog, Qt.Key.Key_Return)
            await until(lambda: not FirstStart.is_wanted(services))
            async with httpx.AsyncClient(timeout=30) as phone:
                reply = await phone.post(
                    f"{url}/process", data={"username": "Alice"}, files={"image": ("frame_image.jpg", PHOTO)}
                )
            assert reply.status_code == 200, reply.text
            assert reply.json()["answer"]
            live = next(tab for tab in window.tabs if isinstance(tab, LiveTab))
            await until(lambda: live.cards["Alice"].state.text() == "seen here")
            assert application.store.activity.frames_today() == 1
        finally:
            window.hide()
            window.shut()
            await application.close()
            window.deleteLater()

    play(scene())
