"""The least that may stand between glasses and a provider, to compare ours with in the same run: ``python3 -m
tests.bench.relay PROVIDERS_URL``.

It hands the picture on as it came, to one provider, and waits for the whole reply: no look at the picture, no history.
"""

from __future__ import annotations

import asyncio
import base64
import sys
from typing import Any

import aiohttp
from aiohttp import web

_PATH = "/gemini/v1beta/models/gemini-3.5-flash-lite:generateContent"


async def main(providers_url: str) -> None:
    async with aiohttp.ClientSession(headers={"x-goog-api-key": "bench-key"}) as session:

        async def process(request: web.Request) -> web.Response:
            form = await request.post()
            picture = form["image"]
            assert isinstance(picture, web.FileField)
            data = base64.b64encode(picture.file.read()).decode()
            parts = [{"inlineData": {"mimeType": "image/jpeg", "data": data}}, {"text": "Describe this image."}]
            async with session.post(providers_url + _PATH, json={"contents": [{"parts": parts}]}) as reply:
                said: Any = await reply.json()
            return web.json_response({"answer": said["candidates"][0]["content"]["parts"][0]["text"]})

        app = web.Application()
        app.router.add_post("/process", process)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        print(f"listening on http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
