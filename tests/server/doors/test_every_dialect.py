"""What holds for every door that asks the cascade, told at once and in pieces: each failure in the client's words."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args

import aiohttp
import pytest

from app.core.errors import DatabaseUnusable
from app.core.events import Bus, FrameReceived
from app.core.frame import Frame
from app.server.doors import streams
from app.server.doors.asking import QUESTION_CHARS
from app.server.endpoint import Door
from app.store import Store
from tests.core.actors import picture
from tests.server.devices import ALICE, JPEG, Phone, Reply, StubPipeline, eventually

SEEN = base64.b64encode(JPEG).decode()


@dataclass(frozen=True)
class Way:
    """How a client asks, and where it looks for what went wrong."""

    path: str
    body: Callable[[str], dict[str, Any]]
    error: Callable[[dict[str, Any]], object]


def openai(question: str, **more: Any) -> dict[str, Any]:
    parts = [{"type": "text", "text": question}, {"type": "image_url", "image_url": {"url": SEEN}}]
    return {"model": "frame-backend", "messages": [{"role": "user", "content": parts}], **more}


def ollama(question: str, **more: Any) -> dict[str, Any]:
    asked = {"role": "user", "content": question, "images": [SEEN]}
    return {"model": "frame-backend", "messages": [asked], **more}


def generate(question: str, **more: Any) -> dict[str, Any]:
    return {"model": "frame-backend", "prompt": question, "images": [SEEN], **more}


def mcp(question: str) -> dict[str, Any]:
    params = {"name": "ask", "arguments": {"question": question}}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}


def told(reply: dict[str, Any]) -> object:
    return reply["error"]["message"]


WAYS = {
    "openai": Way("/v1/chat/completions", openai, told),
    "openai in pieces": Way("/v1/chat/completions", lambda asked: openai(asked, stream=True), told),
    "ollama": Way("/api/chat", lambda asked: ollama(asked, stream=False), lambda reply: reply["error"]),
    "ollama in pieces": Way("/api/chat", ollama, lambda reply: reply["error"]),
    "generate": Way("/api/generate", lambda asked: generate(asked, stream=False), lambda reply: reply["error"]),
    "mcp": Way("/mcp", mcp, told),
}
PIECES = ("openai in pieces", "ollama in pieces")


@pytest.fixture
async def client(store: Store, bus: Bus, phone: Phone) -> Phone:
    """With an app's key; alice's glasses have sent a picture."""
    for door in get_args(Door):
        await store.set_setting(f"doors.{door}", True)
    phone.token = await store.app_keys.add(ALICE, "llm")
    bus.publish(FrameReceived(Frame("f1", store.profiles.get(ALICE), "What?", JPEG), picture()))
    return phone


async def ask(client: Phone, way: str, question: str = "What is this?") -> Reply:
    async with asyncio.timeout(3):
        return await client.send("POST", WAYS[way].path, json=WAYS[way].body(question))


@pytest.mark.parametrize("way", WAYS)
async def test_a_database_that_cannot_be_used_now_may_be_tried_again(
    way: str, client: Phone, pipeline: StubPipeline
) -> None:
    pipeline.outcome = DatabaseUnusable("Another program holds it.")
    reply = await ask(client, way)
    assert (reply.status, reply.headers["Retry-After"]) == (503, "5")
    assert WAYS[way].error(reply.json) == "The server is busy. Please try again."


@pytest.mark.parametrize("way", WAYS)
async def test_a_bug_is_told_and_nobody_waits_for_ever(
    way: str, client: Phone, pipeline: StubPipeline, caplog: pytest.LogCaptureFixture
) -> None:
    pipeline.outcome = LookupError("a bug")
    reply = await ask(client, way)
    assert reply.status == 500
    assert WAYS[way].error(reply.json)
    assert "LookupError: a bug" in caplog.text


@pytest.mark.parametrize("way", PIECES)
async def test_behind_the_head_a_bug_breaks_the_stream_off(
    way: str,
    client: Phone,
    pipeline: StubPipeline,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(streams, "HEAD_WITHIN_S", 0.02)
    pipeline.gate.clear()
    pipeline.outcome = LookupError("a bug")
    asking = asyncio.create_task(ask(client, way))
    await asyncio.sleep(0.2)
    pipeline.gate.set()
    with pytest.raises(aiohttp.ClientPayloadError):
        await asking
    assert "LookupError: a bug" in caplog.text


@pytest.mark.parametrize("way", WAYS)
async def test_who_hangs_up_cancels_the_calls(way: str, client: Phone, pipeline: StubPipeline) -> None:
    pipeline.gate.clear()
    asking = asyncio.create_task(ask(client, way))
    await eventually(lambda: pipeline.frames)
    asking.cancel()
    await eventually(lambda: pipeline.cancelled)


@pytest.mark.parametrize("way", WAYS)
async def test_a_long_question_is_cut_and_never_refused(way: str, client: Phone, pipeline: StubPipeline) -> None:
    question = "What is this? " * 1_500
    assert (await ask(client, way, question)).status == 200
    assert pipeline.frames[0].prompt == question[:QUESTION_CHARS]
