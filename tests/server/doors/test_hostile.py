"""What should not come through a door, at the whole program: refused in the client's dialect, and it goes on."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import random
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from app.server.doors.chat import picture_of
from app.server.wire.api_errors import Refused
from tests.server import described
from tests.server.devices import JPEG
from tests.server.whole import ENOUGH_MB, Whole

MB = 1024 * 1024
NOISE = random.Random(13).randbytes(12 * MB)
HTML = b"<!doctype html><script>alert(1)</script>" * 50
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'


def to_openai(picture: str, *before: dict[str, Any]) -> dict[str, Any]:
    parts = [{"type": "text", "text": "What?"}, {"type": "image_url", "image_url": {"url": picture}}]
    return {"model": "frame-backend", "messages": [*before, {"role": "user", "content": parts}]}


def to_ollama(picture: str, *before: dict[str, Any]) -> dict[str, Any]:
    asked = {"role": "user", "content": "What?", "images": [picture]}
    return {"model": "frame-backend", "messages": [*before, asked], "stream": False}


def to_generate(picture: str, *before: dict[str, Any]) -> dict[str, Any]:
    return {"model": "frame-backend", "prompt": "What?", "images": [picture], "stream": False}


Body = Callable[..., dict[str, Any]]
DOORS: list[tuple[str, Body]] = [
    ("/v1/chat/completions", to_openai), ("/api/chat", to_ollama), ("/api/generate", to_generate),
]  # fmt: skip
each_door = pytest.mark.parametrize(("path", "body_of"), DOORS, ids=[path for path, _ in DOORS])


def in_base64(picture: bytes, kind: str = "") -> str:
    return (f"data:{kind};base64," if kind else "") + base64.b64encode(picture).decode()


async def post(running: Whole, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {running.token}", "Content-Type": "application/json"}
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.post(running.url + path, data=io.BytesIO(body)) as reply:
            read = await reply.read()
        described.check("POST", path, reply.status, reply.headers, read)
        async with session.get(running.url + "/health") as health:
            assert health.status == 200
    return reply.status, json.loads(read)


@each_door
@pytest.mark.parametrize(
    ("picture", "kind", "status"),
    [
        (JPEG, "text/html", 200), (JPEG, "image/svg+xml;charset=utf-8", 200),
        (HTML, "image/jpeg", 415), (SVG, "image/png", 415), (HTML, "", 415),
        (JPEG[:200], "image/jpeg", 422), (b"", "image/jpeg", 400),
        (NOISE, "image/jpeg", 415), (NOISE + NOISE[:MB], "image/jpeg", 413),
    ],
    ids=["html?", "svg?", "html", "svg", "bare html", "cut", "empty", "12 MB", "13 MB"],
)  # fmt: skip
async def test_content_decides_what_a_picture_is(
    path: str, body_of: Body, picture: bytes, kind: str, status: int, running: Whole
) -> None:
    told = await post(running, path, json.dumps(body_of(in_base64(picture, kind))).encode())
    assert told[0] == status, told
    assert ("error" in told[1]) == (status != 200)


@each_door
@pytest.mark.parametrize(
    "url",
    [
        "http://{here}/a.jpg", "HTTPS://{here}/a.jpg", " http://{here}/a", "ftp://{here}/a", "//{here}/a",
        "file:///etc/passwd", "javascript:1", "data:http://{here}/a", "data:image/jpeg,http://{here}/a",
    ],
)  # fmt: skip
async def test_nothing_is_fetched(path: str, body_of: Body, url: str, running: Whole) -> None:
    came = list[object]()

    async def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(writer.get_extra_info("peername"))
        writer.close()

    async with await asyncio.start_server(take, "127.0.0.1", 0) as listener:
        here = "{}:{}".format(*listener.sockets[0].getsockname())
        status, _ = await post(running, path, json.dumps(body_of(url.format(here=here))).encode())
    assert (status in (400, 415), came) == (True, [])


@each_door
@pytest.mark.parametrize("depth", [100, 10_000, 1_000_000])
async def test_json_may_be_deep(path: str, body_of: Body, depth: int, running: Whole) -> None:
    began = time.monotonic()
    for deep in (b"[" * depth + b"]" * depth, b'{"a":' * depth + b"1" + b"}" * depth):
        for name in (b"messages", b"format", b"response_format", b"unknown", b"options"):
            body = json.dumps(body_of(in_base64(JPEG))).encode()[:-1] + b',"' + name + b'":' + deep + b"}"
            status, _ = await post(running, path, body)
            assert status in (200, 400)
    assert time.monotonic() - began < 20


@each_door
async def test_a_long_conversation_full_of_pictures(path: str, body_of: Body, running: Whole) -> None:
    """Only the last picture is looked at."""
    before = body_of(in_base64(NOISE[:2_000]))["messages"] * 499 if "messages" in body_of("") else ()
    status, _ = await post(running, path, json.dumps(body_of(in_base64(JPEG), *before)).encode())
    assert status == 200


def test_it_held_little_of_it(running: Whole) -> None:
    assert running.peak_mb() < ENOUGH_MB


def test_the_head_of_a_data_url_is_looked_at_no_further_than_one_is_long() -> None:
    began = time.thread_time()
    for sent in ("data:" + ";" * 500_000, "data:" + ";a" * 250_000, "data:" + "a" * 500_000):
        with pytest.raises(Refused):
            picture_of(sent)
    assert time.thread_time() - began < 0.015  # on the loop
