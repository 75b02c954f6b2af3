"""What holds for every door that asks the cascade, told at once and in pieces: each failure in the client's words."""

from __future__ import annotations

import asyncio
import base64
import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

import aiohttp
import pytest

from app.core.errors import DatabaseUnusable
from app.core.events import Bus, FrameReceived
from app.core.frame import Frame
from app.server.doors import feed, streams
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


def test_no_stream_is_silent_for_longer_than_proxies_bear() -> None:
    assert max(streams.QUIET_S, feed.PING_S) <= 15


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


ANY = (None, True, 3, 1.5, "", "x" * 9_000, "\0\ud800", [], [None], [3], [[]], [{}], {}, {"a": 1}, {"url": 3})
FIELDS = {
    "openai": ("max_tokens", "response_format", "stream_options", "user"),
    "openai in pieces": ("stream_options",),
    "ollama": ("format", "options", "keep_alive", "think", "tools"),
    "generate": ("system", "format", "raw"),
}


@pytest.mark.parametrize("way", WAYS)
async def test_whatever_stands_anywhere_is_taken_or_refused_in_the_clients_words(way: str, client: Phone) -> None:
    """A ``Phone`` looks at each reply: it must be one that is described."""
    body = WAYS[way].body("What is this?") | dict.fromkeys(FIELDS.get(way, ()))
    statuses = set()
    for place in places(body):
        for value in ANY:
            sent = json.dumps(changed(body, place, value)).encode()
            headers = {"Content-Type": "application/json"}
            reply = await client.send("POST", WAYS[way].path, data=sent, headers=headers)
            statuses.add(reply.status)
            assert reply.status in (200, 202, 400, 404, 415, 422), (place, value, reply.body)
            assert reply.status < 400 or WAYS[way].error(reply.json), (place, value, reply.body)
    assert statuses >= {200, 400}


def places(body: Any, *at: Any) -> Iterator[tuple[Any, ...]]:
    inside = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in inside:
        yield (*at, key)
        yield from places(value, *at, key)


def changed(body: Any, place: tuple[Any, ...], value: Any) -> Any:
    whole = copy.deepcopy(body)
    holds = whole
    for key in place[:-1]:
        holds = holds[key]
    holds[place[-1]] = value
    return whole
