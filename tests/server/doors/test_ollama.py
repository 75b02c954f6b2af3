"""Ollama's dialect, judged by its official client, unmodified."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import ollama
import pytest
from ollama import AsyncClient

from app.core.errors import NoAnswer
from app.core.events import Bus
from app.core.frame import Usage
from app.server import FrameServer
from app.server.doors import streams
from app.server.doors.asking import NOTHING_SEEN
from app.store import Store
from tests.core.actors import picture
from tests.server.devices import ALICE, ANSWER, BOB, JPEG, SURE, Phone, StubPipeline, eventually
from tests.server.doors.test_openai import sees

MODEL = "frame-backend:latest"
LONG = "A red bicycle by a wall of old bricks, its lamp broken."


def asks(text: str, *images: Any, role: str = "user") -> dict[str, Any]:
    return {"role": role, "content": text, "images": list(images)}


@pytest.fixture(autouse=True)
async def opened(store: Store) -> None:
    await store.set_setting("doors.ollama", True)


@pytest.fixture
async def client(server: FrameServer, store: Store) -> AsyncIterator[AsyncClient]:
    """At an address that is paired, as old ones of Home Assistant: they send no key."""
    await store.pairings.pair("127.0.0.1", ALICE)
    client = AsyncClient(host=f"http://127.0.0.1:{server.port}")
    yield client
    await client.close()


@pytest.mark.parametrize("has_page", [True, False])
async def test_its_clients_are_told_that_it_is_there(has_page: bool, phone: Phone, store: Store) -> None:
    """Others find the page at the same address, where there is one."""
    await store.set_setting("doors.page", has_page)
    agent = {"User-Agent": "ollama-python/0.6.1 (x86_64 linux)"}
    told = await phone.send("GET", "/", headers=agent)
    assert (told.status, told.body) == (200, b"Ollama is running")
    assert told.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert (await phone.send("HEAD", "/", headers=agent)).status == 200
    page = await phone.send("GET", "/")
    assert (page.status, b"<html" in page.body) == ((200, True) if has_page else (404, False))
    await store.set_setting("doors.ollama", False)
    refused = (await phone.send("GET", "/", headers=agent)).json
    assert (refused["code"], "doors.ollama" in refused["error"]) == ("door_closed", True)
    await store.pairings.pair(phone.ip, ALICE)
    phone.headers = agent
    assert (await phone.photo()).status == 200


async def test_what_it_asks_before(client: AsyncClient) -> None:
    listed = (await client.list()).models
    assert [model.model for model in listed] == [MODEL, "frame-backend/alice:latest"]
    assert listed[0].modified_at is not None
    assert len({model.digest for model in listed}) == 2
    shown = await client.show(MODEL)
    assert shown.capabilities == ["completion", "vision"]
    assert shown.modelinfo == {"general.architecture": "frame_backend", "frame_backend.context_length": 2500}
    assert [model.name for model in (await client.ps()).models] == [model.model for model in listed]


async def test_what_the_wire_says_that_the_client_does_not_show(phone: Phone, store: Store) -> None:
    assert re.fullmatch(r"0\.\d+\.\d+", (await phone.send("GET", "/api/version")).json["version"])
    phone.token = await store.app_keys.add(ALICE, "Home Assistant")
    [first, _] = (await phone.send("GET", "/api/tags")).json["models"]
    assert set(first) >= {"name", "model", "modified_at", "size", "digest", "details"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", first["modified_at"])
    by_name, by_model = [
        (await phone.send("POST", "/api/show", json={field: MODEL})).json for field in ("name", "model")
    ]  # of old clients, of new ones
    assert by_name == by_model


@pytest.mark.parametrize("model", ["frame-backend", MODEL, "frame-backend/alice:latest"])
async def test_a_picture_and_a_question_become_a_frame(model: str, client: AsyncClient, pipeline: StubPipeline) -> None:
    pipeline.outcome = replace(ANSWER, attempts=(replace(SURE, usage=Usage(400, 30)),), latency_ms=0)
    messages = [asks("Be brief.", role="system"), asks("What is this?", JPEG)]
    told = await client.chat(model, messages, keep_alive="5m", options={"temperature": 0}, think=False)
    assert (told.model, told.message.role, told.message.content) == (model, "assistant", ANSWER.full_text)
    assert (told.done, told.done_reason, told.prompt_eval_count, told.eval_count) == (True, "stop", 400, 30)
    assert 0 < (told.total_duration or 0) < 5e9
    [frame] = pipeline.frames
    assert (frame.upload, frame.prompt, frame.context) == (JPEG, "What is this?", "Be brief.")
    assert (frame.door, frame.profile.username) == ("ollama", ALICE)


async def test_a_chat_comes_in_lines_as_it_grows(client: AsyncClient, pipeline: StubPipeline) -> None:
    pipeline.grows, pipeline.outcome = ("A red bicy", LONG[:30]), replace(ANSWER, full_text=LONG)
    lines = [line async for line in await client.chat(MODEL, [asks("What?", JPEG)], stream=True)]
    assert [line.message.content for line in lines[:-1]] == [
        "A red", " bicycle by a wall of", " old bricks, its lamp broken.",
    ]  # fmt: skip
    assert not any(line.done for line in lines[:-1])
    assert (lines[-1].message.content, lines[-1].done, lines[-1].done_reason) == ("", True, "stop")


async def test_it_streams_unless_told_otherwise(client: AsyncClient, phone: Phone, store: Store) -> None:
    phone.token = await store.pairings.issue_token(ALICE)
    for path, more in (("chat", {"messages": [asks("What?")]}), ("generate", {"prompt": "What?"})):
        reply = await phone.send("POST", f"/api/{path}", json={"model": MODEL, **more})
        assert reply.headers["Content-Type"] == "application/x-ndjson"
        lines = [json.loads(line) for line in reply.body.splitlines()]
        assert [line["done"] for line in lines] == [False, True]
        assert lines[-1]["frame_backend"] == {"frame_id": "", "trust": None, "answered_by": "", "code": None}


async def test_a_single_question(client: AsyncClient, pipeline: StubPipeline) -> None:
    told = await client.generate(MODEL, "What is this?", system="Be brief.", images=[JPEG])
    assert (told.response, told.done) == (ANSWER.full_text, True)
    lines = [line async for line in await client.generate(MODEL, "What is this?", images=[JPEG], stream=True)]
    assert "".join(line.response or "" for line in lines) == ANSWER.full_text
    assert [(frame.prompt, frame.context, frame.upload) for frame in pipeline.frames] == [
        ("What is this?", "Be brief.", JPEG), ("What is this?", "", JPEG),
    ]  # fmt: skip


async def test_a_form_is_handed_down(client: AsyncClient, pipeline: StubPipeline) -> None:
    schema = {"type": "object", "properties": {"wheels": {"type": "integer"}}}
    pipeline.outcome, pipeline.grows = replace(ANSWER, full_text='{"wheels": 2}'), ('{"wheels"',)
    told = await client.chat(MODEL, [asks("Count.", JPEG)], format=schema)
    assert json.loads(told.message.content or "") == {"wheels": 2}
    lines = [line async for line in await client.generate(MODEL, "Count.", images=[JPEG], format="json", stream=True)]
    assert json.loads("".join(line.response or "" for line in lines)) == {"wheels": 2}
    assert pipeline.frames[0].schema == schema
    assert (pipeline.frames[1].schema or {})["type"] == "string"
    await client.chat(MODEL, [asks("Count.", JPEG)], format="")
    assert pipeline.frames[2].schema is None


async def test_what_do_my_glasses_see(
    client: AsyncClient, store: Store, bus: Bus, pipeline: StubPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = [asks("What do my glasses see?")]
    assert (await client.chat(MODEL, question)).message.content == NOTHING_SEEN
    await sees(store, bus)
    monkeypatch.setattr("app.core.newest.NewestFrames.age_s", lambda *_: 10.2)
    told = (await client.chat(MODEL, question)).message.content
    assert told == "10 seconds ago: A red bicycle by a wall."
    assert pipeline.frames[0].upload == picture().jpeg


async def test_a_model_is_made_ready_at_no_cost(client: AsyncClient, pipeline: StubPipeline) -> None:
    assert (await client.chat(MODEL)).done_reason == "load"
    assert (await client.generate(MODEL, keep_alive=0)).done_reason == "load"
    assert [line.done_reason async for line in await client.chat(MODEL, [], stream=True)] == ["load"]
    assert not pipeline.frames


# --- failures --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["llava", "frame-backend/bob", "frame-backend:7b", "frame-backend/"])
async def test_a_model_that_is_none_is_not_found(model: str, client: AsyncClient, pipeline: StubPipeline) -> None:
    for asked in (client.show(model), client.chat(model, [asks("?", JPEG)]), client.generate(model, "?")):
        with pytest.raises(ollama.ResponseError, match="does not exist") as caught:
            await asked
        assert caught.value.status_code == 404
    assert not pipeline.frames


async def test_a_key_that_is_sent_must_be_right(server: FrameServer, store: Store, client: AsyncClient) -> None:
    for key, names in (("wrong", None), (await store.pairings.issue_token(BOB), "frame-backend/bob:latest")):
        other = AsyncClient(host=f"http://127.0.0.1:{server.port}", headers={"authorization": f"Bearer {key}"})
        if names is None:
            with pytest.raises(ollama.ResponseError, match="app-key add NAME APP") as caught:
                await other.list()
            assert caught.value.status_code == 401
        else:
            assert (await other.list()).models[1].model == names
        await other.close()


async def test_a_closed_door_says_where_it_is_opened(client: AsyncClient, store: Store) -> None:
    await store.set_setting("doors.ollama", False)
    with pytest.raises(ollama.ResponseError, match=r"switch on doors\.ollama in Settings"):
        await client.list()


@pytest.mark.parametrize(
    "body",
    [
        [], "x", {}, {"model": 3}, {"model": MODEL, "messages": "What?"}, {"model": MODEL, "messages": [3]},
        {"model": MODEL, "messages": [{"content": 3}]}, {"model": MODEL, "messages": [{"content": ["a"]}]},
        {"model": MODEL, "messages": [{"content": {"text": "a"}}]}, {"model": MODEL, "messages": [asks("?", 3)]},
        {"model": MODEL, "messages": [{"content": "?", "images": "abc"}]},
        {"model": MODEL, "messages": [asks("?", "https://evil.example/a.jpg")]},
        {"model": MODEL, "messages": [asks("?", "file:///etc/passwd")]},
        {"model": MODEL, "messages": [asks("?", "%%%")]},
        {"model": MODEL, "messages": [asks("?")], "format": "xml"},
        {"model": MODEL, "messages": [asks("?")], "format": 3},
        {"model": MODEL, "messages": [asks("?")], "stream": "yes"},
    ],
)  # fmt: skip
async def test_what_is_no_conversation_is_refused(
    body: Any, phone: Phone, store: Store, pipeline: StubPipeline
) -> None:
    phone.token = await store.pairings.issue_token(ALICE)
    reply = await phone.send("POST", "/api/chat", json=body)
    assert reply.status == 400
    assert list(reply.json) == ["error"]
    assert not pipeline.frames


async def test_failures_have_their_status_or_a_line(client: AsyncClient, pipeline: StubPipeline) -> None:
    pipeline.outcome = NoAnswer()
    with pytest.raises(ollama.ResponseError, match=str(NoAnswer())) as caught:
        await client.chat(MODEL, [asks("What?", JPEG)])
    assert caught.value.status_code == 502
    with pytest.raises(ollama.ResponseError, match=str(NoAnswer())) as caught:
        [line async for line in await client.chat(MODEL, [asks("What?", JPEG)], stream=True)]
    assert caught.value.status_code == 502
    pipeline.grows = ("A red bicycle by",)
    lines = await client.chat(MODEL, [asks("What?", JPEG)], stream=True)
    assert (await anext(lines)).message.content == "A red bicycle"
    with pytest.raises(ollama.ResponseError, match=str(NoAnswer())):
        await anext(lines)


# --- streams that wait -------------------------------------------------------------------------------------------


@pytest.fixture
async def slow(pipeline: StubPipeline, monkeypatch: pytest.MonkeyPatch) -> StubPipeline:
    pipeline.gate.clear()
    monkeypatch.setattr(streams, "HEAD_WITHIN_S", 0.02)
    monkeypatch.setattr(streams, "QUIET_S", 0.05)
    monkeypatch.setattr(streams, "GRACE_S", 0.1)
    return pipeline


async def test_lines_that_say_nothing_keep_it_open(client: AsyncClient, slow: StubPipeline) -> None:
    lines = []
    async for line in await client.chat(MODEL, [asks("What?", JPEG)], stream=True):
        lines.append(line)
        if len(lines) == 3:
            slow.gate.set()
    assert "".join(line.message.content or "" for line in lines) == ANSWER.full_text
    assert lines[-1].done


async def test_a_reader_that_goes_away_cancels_the_calls(client: AsyncClient, slow: StubPipeline) -> None:
    reply = await client.chat(MODEL, [asks("What?", JPEG)], stream=True)
    await anext(reply)
    assert not slow.cancelled
    await reply.aclose()
    await eventually(lambda: slow.cancelled)


async def test_a_stop_ends_a_stream_whole_within_two_seconds(
    client: AsyncClient, slow: StubPipeline, server: FrameServer
) -> None:
    reply = await client.generate(MODEL, "What?", images=[JPEG], stream=True)
    await anext(reply)
    began = time.monotonic()

    async def read() -> None:
        with pytest.raises(ollama.ResponseError, match="shutting down"):
            [line async for line in reply]

    await asyncio.gather(server.stop(), read())
    assert time.monotonic() - began < 2
    assert slow.cancelled


@pytest.mark.parametrize("wrapped", [True, False])
async def test_pictures_are_taken_as_data_urls_and_with_blanks_too(
    wrapped: bool, phone: Phone, store: Store, pipeline: StubPipeline
) -> None:
    phone.token = await store.pairings.issue_token(ALICE)
    sent = "data:image/png;base64," + base64.b64encode(JPEG).decode()
    if wrapped:
        sent = "\n ".join(sent[at : at + 76] for at in range(0, len(sent), 76))
    body = {"model": MODEL, "messages": [asks("What?", sent)], "stream": False}
    assert (await phone.send("POST", "/api/chat", json=body)).status == 200
    assert pipeline.frames[0].upload == JPEG


async def test_no_media_type_at_all_is_taken_and_a_wrong_one_is_not(phone: Phone, store: Store) -> None:
    phone.token = await store.pairings.issue_token(ALICE)
    body = json.dumps({"model": MODEL, "messages": []}).encode()
    unnamed = await phone.send("POST", "/api/chat", data=body, skip_auto_headers=["Content-Type"])
    assert unnamed.json["done_reason"] == "load"
    wrong = await phone.send("POST", "/api/chat", data=body, headers={"Content-Type": "text/plain"})
    assert (wrong.status, wrong.json) == (415, {"error": "The request must be application/json."})
