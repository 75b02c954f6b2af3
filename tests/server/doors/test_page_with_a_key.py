"""A web page of another site in a real Chromium: with a key it may ask and read, without one it gets nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from app.server import FrameServer
from app.store import Store
from tests.server.devices import ALICE, JPEG, StubPipeline
from tests.server.doors.test_page_in_browser import HERE, Tab, browser
from tests.system import test_browser

pytestmark = test_browser.pytestmark

SEEN = {"type": "image_url", "image_url": base64.b64encode(JPEG).decode()}
CHAT = json.dumps({"messages": [{"role": "user", "content": [{"type": "text", "text": "What is this?"}, SEEN]}]})
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def site() -> AsyncIterator[str]:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<main>another site</main>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, HERE, 0).start()
    yield f"http://localhost:{runner.addresses[0][1]}/"
    await runner.cleanup()


async def fetched(tab: Tab, url: str, **how: Any) -> list[Any]:
    """The status and the JSON that the page could read, or nothing."""
    script = f"fetch({url!r}, {json.dumps(how)}).then(async (reply) => [reply.status, await reply.json()], () => [])"
    told = await tab.do("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
    found: list[Any] = told["result"]["value"]
    return found


async def test_a_page_of_another_site(
    server: FrameServer, store: Store, pipeline: StubPipeline, site: str, tmp_path: Path
) -> None:
    await store.pairings.pair(HERE, ALICE)  # from where the browser asks too
    url = f"http://{HERE}:{server.port}"
    headers = {"Authorization": f"Bearer {await store.app_keys.add(ALICE, 'page')}"}
    async with browser(tmp_path) as tab:
        await tab.open(site, wide=600, high=600)
        await tab.shows("another site")
        status, models = await fetched(tab, f"{url}/v1/models", headers=headers)
        assert (status, models["data"][0]["id"]) == (200, "frame-backend")
        chat = await fetched(tab, f"{url}/v1/chat/completions", method="POST", headers=headers | JSON, body=CHAT)
        assert chat[0] == 200
        status, refused = await fetched(tab, f"{url}/v1/models", headers={"Authorization": "Bearer wrong"})
        assert (status, refused["error"]["code"]) == (401, "invalid_api_key")
        for path in ("/v1/models", "/prompt-alice", "/health"):
            assert await fetched(tab, url + path) == []
        assert await fetched(tab, f"{url}/v1/chat/completions", method="POST", headers=JSON, body=CHAT) == []
        plain = {"Content-Type": "text/plain"}  # is sent without a question before
        assert await fetched(tab, f"{url}/v1/chat/completions", method="POST", headers=plain, body=CHAT) == []
    assert len(pipeline.frames) == 1
