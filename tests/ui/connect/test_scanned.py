"""The code in the window as another program's camera reads it, and what a phone finds where that leads, in Chromium."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from app.server import FrameServer
from app.ui.connect.dialog import ConnectDialog
from app.ui.support.bridge import Bridge
from app.ui.support.theme import Theme
from tests.server.doors.test_page_in_browser import BOX, browser
from tests.system import test_browser
from tests.ui.conftest import OpenStage, Play
from tests.ui.connect.test_connect import NoFrames

SCANNER = "zbarimg"

pytestmark = [
    *test_browser.pytestmark,
    pytest.mark.skipif(shutil.which(SCANNER) is None and "CI" not in os.environ, reason="zbar-tools is not installed"),
]


def scanned(picture: Path) -> list[str]:
    done = subprocess.run([SCANNER, "--quiet", "--raw", picture], check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_scanned_off_the_window_one_tap_and_live(
    play: Play, stage: OpenStage, theme: Theme, scheme: str, tmp_path: Path
) -> None:
    async def scene() -> None:
        theme.apply(scheme)  # type: ignore[arg-type]
        async with stage("alice") as on:
            server = FrameServer(on.store, NoFrames(), on.bus, host="127.0.0.1", port=0)
            await server.start()
            bridge = Bridge(on.bus, on.window)
            dialog = ConnectDialog(replace(on.services, control=server), bridge, on.window)
            dialog.open()
            await on.until(lambda: "?pair=" in dialog.panel.code.text())
            picture = tmp_path / "window.png"
            assert dialog.grab().save(str(picture))
            (url,) = await asyncio.to_thread(scanned, picture)
            assert url.startswith(f"{server.url}/?pair=")
            async with browser(tmp_path) as phone:
                await phone.open(url, wide=360, high=640, scheme=scheme)
                await phone.shows("One tap")
                assert on.store.pairings.names_for("127.0.0.1") == ()
                await phone.value("document.querySelector('button').click()")
                await phone.shows("The glasses have sent nothing yet.")
                assert on.store.pairings.names_for("127.0.0.1") == ("alice",)
                await on.until(lambda: dialog.panel.code.text() != url)  # another code, for the next phone
                on.answer("alice", "Platform 9, 14:32")
                await phone.shows("Platform 9, 14:32")
                assert await phone.value(BOX)
            dialog.close()
            await server.stop()
            bridge.close()

    play(scene())
    theme.apply("light")
