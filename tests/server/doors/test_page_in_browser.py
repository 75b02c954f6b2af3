"""The page in a real Chromium, as wide as a phone and as a display: opened, tapped, paired, the live answer.

``FRAME_BACKEND_SHOTS`` names a folder for pictures of it, to be looked at.
"""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from app.core.events import Bus, FrameAnswered
from app.server import FrameServer
from app.store import Store
from tests.server.devices import ALICE, ANSWER
from tests.store.samples import frame
from tests.system import test_browser
from tests.system.test_browser import WITHIN_S, chromium

pytestmark = test_browser.pytestmark

HERE = "127.0.0.1"
LONG = "Platform 9: the train to Freiburg (Breisgau) leaves at 14:32, eight minutes late, and stops at Karlsruhe."
BOX = "(() => { const box = document.documentElement; return box.scrollWidth <= box.clientWidth; })()"


@dataclass
class Tab:
    """One page of a browser, by its debugging protocol."""

    socket: aiohttp.ClientWebSocketResponse
    ids: count[int]

    async def do(self, method: str, **parameters: Any) -> dict[str, Any]:
        told = await self._answer(method, parameters)
        assert "error" not in told, told
        found: dict[str, Any] = told["result"]
        return found

    async def value(self, script: str) -> Any:
        """None also between two pages, where there is nothing to ask."""
        told = await self._answer("Runtime.evaluate", {"expression": script})
        return told["result"]["result"].get("value") if "result" in told else None

    async def _answer(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        wanted = next(self.ids)
        await self.socket.send_json({"id": wanted, "method": method, "params": parameters})
        while True:
            told: dict[str, Any] = await self.socket.receive_json()
            if told.get("id") == wanted:
                return told

    async def open(self, url: str, *, wide: int, high: int, scheme: str = "light", has_script: bool = True) -> None:
        await self.do(
            "Emulation.setDeviceMetricsOverride", width=wide, height=high, deviceScaleFactor=1, mobile=wide < 600
        )
        await self.do("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        await self.do("Emulation.setScriptExecutionDisabled", value=not has_script)
        await self.do("Page.navigate", url=url)

    async def shows(self, text: str) -> None:
        await self.until(f"(document.querySelector('main')?.innerText ?? '').includes({text!r})")

    async def until(self, script: str) -> None:
        async with asyncio.timeout(WITHIN_S):
            while not await self.value(script):
                await asyncio.sleep(0.05)

    async def shot(self, name: str) -> None:
        if folder := os.environ.get("FRAME_BACKEND_SHOTS"):
            taken = await self.do("Page.captureScreenshot")
            await asyncio.to_thread(Path(folder, f"{name}.png").write_bytes, base64.b64decode(taken["data"]))


@asynccontextmanager
async def browser(tmp_path: Path) -> AsyncIterator[Tab]:
    told = tmp_path / "browser" / "DevToolsActivePort"
    async with chromium(tmp_path, "--remote-debugging-port=0", "about:blank"), aiohttp.ClientSession() as session:
        async with asyncio.timeout(WITHIN_S):
            while not await asyncio.to_thread(told.exists) or not await asyncio.to_thread(told.read_text):
                await asyncio.sleep(0.1)
        port = (await asyncio.to_thread(told.read_text)).split("\n")[0]
        async with session.get(f"http://{HERE}:{port}/json/list") as reply:
            (page,) = [one for one in await reply.json() if one["type"] == "page"]
        async with session.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0) as socket:
            yield Tab(socket, count(1))


@pytest.fixture
def answer(bus: Bus, store: Store) -> Callable[[str], None]:
    """The glasses sent a frame, and this was the answer."""

    def publish(text: str) -> None:
        answered = replace(ANSWER, text=text, full_text=f"{text} It hangs over the platform.")
        bus.publish(FrameAnswered(frame(store.profiles.get(ALICE)), answered))

    return publish


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("wide", [360, 600])
async def test_scanned_tapped_and_live(
    wide: int, scheme: str, server: FrameServer, store: Store, answer: Callable[[str], None], tmp_path: Path
) -> None:
    name = f"{wide}-{scheme}"
    url = f"http://{HERE}:{server.port}"
    async with browser(tmp_path) as tab:
        await tab.open(f"{url}/", wide=wide, high=640, scheme=scheme)
        await tab.shows("In your app type")
        assert await tab.value(BOX)
        await tab.shot(f"stranger-{name}")
        await tab.open(f"{url}/?pair={server.invite(ALICE)}", wide=wide, high=640, scheme=scheme)
        await tab.shows("One tap")
        assert not store.pairings.names_for(HERE)
        assert await tab.value(BOX)
        await tab.shot(f"invited-{name}")
        await tab.value("document.querySelector('button').click()")
        await tab.shows("Connected as alice")
        assert store.pairings.names_for(HERE) == (ALICE,)
        await tab.shows("The glasses have sent nothing yet.")  # it went on by itself
        for text in (LONG, "<b>Stop</b> & look"):
            answer(text)
            await tab.shows(text)  # as it comes
            assert await tab.value(BOX)
            await tab.shot(f"live-{len(text)}-{name}")
        ground = await tab.value("getComputedStyle(document.body).backgroundColor")
        assert ground == {"light": "rgb(243, 244, 247)", "dark": "rgb(22, 25, 31)"}[scheme]


async def test_without_script(server: FrameServer, store: Store, answer: Callable[[str], None], tmp_path: Path) -> None:
    url = f"http://{HERE}:{server.port}"
    async with browser(tmp_path) as tab:
        await tab.open(f"{url}/?pair={server.invite(ALICE)}", wide=360, high=640, has_script=False)
        await tab.shows("One tap")
        await tab.do("Runtime.evaluate", expression="document.querySelector('form').submit()")
        await tab.shows("The glasses have sent nothing yet.")
        answer("A red mug.")
        await tab.shows("A red mug.")  # read anew after some seconds


async def test_glass_by_the_token_behind_the_hash(
    server: FrameServer, store: Store, answer: Callable[[str], None], tmp_path: Path
) -> None:
    token = await store.pairings.issue_token(ALICE)
    answer(LONG)
    async with browser(tmp_path) as tab:
        await tab.open(f"http://{HERE}:{server.port}/glass", wide=600, high=600)
        await tab.shows("Not connected")
        await tab.value(f"location.hash = {token!r}")
        await tab.shows(LONG)
        await tab.shot("glass")
        assert await tab.value("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
        assert await tab.value("document.querySelector('main').getBoundingClientRect().bottom") <= 600
        answer("Stop.")
        await tab.shows("Stop.")
    assert not store.pairings.names_for(HERE)
