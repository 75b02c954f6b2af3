"""OpenAI's dialect, judged by its official client, unmodified."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI

from app.core.errors import NoAnswer, Superseded
from app.core.events import Bus, FrameReceived
from app.core.frame import Frame, Usage
from app.server import FrameServer
from app.server.doors import streams
from app.server.doors.asking import NOTHING_SEEN
from app.store import Store
from tests.core.actors import picture
from tests.server.devices import ALICE, ANSWER, BOB, JPEG, SURE, Phone, StubPipeline, eventually

DATA_URL = "data:image/jpeg;base64," + base64.b64encode(JPEG).decode()
SEEN = {"type": "image_url", "image_url": {"url": DATA_URL}}


def asks(text: str, *parts: Any, role: str = "user") -> dict[str, Any]:
    return {"role": role, "content": [{"type": "text", "text": text}, *parts]}


@pytest.fixture
async def client(server: FrameServer, store: Store) -> AsyncIterator[AsyncOpenAI]:
    token = await store.pairings.issue_token(ALICE)
    url = f"http://127.0.0.1:{server.port}/v1"
    async with AsyncOpenAI(api_key=token, base_url=url, max_retries=0) as client:
        yield client


async def sees(store: Store, bus: Bus, username: str = ALICE) -> None:
    """The glasses send a picture."""
    bus.publish(FrameReceived(Frame("f1", store.profiles.get(username), "What?", JPEG), picture()))


async def ask(client: AsyncOpenAI, *messages: Any, model: str = "frame-backend", **how: Any) -> Any:
    return await client.chat.completions.create(model=model, messages=list(messages), **how)


# --- models ----------------------------------------------------------------------------------------------------


async def test_models_are_the_profiles_that_the_key_is_for(client: AsyncOpenAI) -> None:
    assert [model.id for model in (await client.models.list()).data] == ["frame-backend", "frame-backend/alice"]
    assert (await client.models.retrieve("frame-backend/alice")).owned_by == "frame-backend"


@pytest.mark.parametrize("model", ["gpt-5", "frame-backend/bob", "frame-backend/", ""])
async def test_a_model_that_is_none_is_not_found(client: AsyncOpenAI, model: str, pipeline: StubPipeline) -> None:
    if model:
        with pytest.raises(openai.NotFoundError) as caught:
            await ask(client, asks("What?", SEEN), model=model)
        assert (caught.value.code, caught.value.param) == ("not_found", "model")
        assert not pipeline.frames
    else:
        await ask(client, asks("What?", SEEN), model=model)
        assert pipeline.frames[0].profile.username == ALICE


async def test_the_model_in_the_url_wins(client: AsyncOpenAI, pipeline: StubPipeline) -> None:
    told = await ask(client, asks("What?", SEEN), model="gpt-4o", extra_query={"model": "frame-backend/alice"})
    assert told.model == "frame-backend/alice"
    assert len(pipeline.frames) == 1


async def test_without_v1_too(server: FrameServer, store: Store, client: AsyncOpenAI) -> None:
    async with client.with_options(base_url=f"http://127.0.0.1:{server.port}") as bare:
        assert len((await bare.models.list()).data) == 2
        assert (await ask(bare, asks("What?", SEEN))).choices[0].message.content == ANSWER.full_text


# --- chat ------------------------------------------------------------------------------------------------------


async def test_a_picture_and_a_question_become_a_frame(client: AsyncOpenAI, pipeline: StubPipeline) -> None:
    counted = replace(SURE, usage=Usage(400, 30))
    pipeline.outcome = replace(ANSWER, attempts=(counted, replace(counted, provider="qwen")))
    told = await ask(client, asks("Be brief.", role="system"), asks("What is this?", SEEN))
    [choice] = told.choices
    assert (choice.message.role, choice.message.content, choice.finish_reason) == (
        "assistant", "A red bicycle by a wall.", "stop",
    )  # fmt: skip
    assert (told.usage.prompt_tokens, told.usage.completion_tokens, told.usage.total_tokens) == (800, 60, 860)
    [frame] = pipeline.frames
    assert told.id == f"chatcmpl-{frame.frame_id}"
    assert told.frame_backend == {
        "frame_id": frame.frame_id, "trust": 0.71, "answered_by": "gemini", "code": "ok",
    }  # fmt: skip
    assert (frame.upload, frame.prompt, frame.context) == (JPEG, "What is this?", "Be brief.")
    assert (frame.door, frame.lane, frame.profile.username) == ("openai", "127.0.0.1", ALICE)
    assert pipeline.whole == [True]


async def test_who_wants_few_tokens_gets_the_words_of_the_glasses(client: AsyncOpenAI) -> None:
    for most in ({"max_tokens": 20}, {"max_completion_tokens": 20}):
        assert (await ask(client, asks("What?", SEEN), **most)).choices[0].message.content == ANSWER.text


async def test_the_last_words_are_asked_about_the_last_picture(client: AsyncOpenAI, pipeline: StubPipeline) -> None:
    await ask(
        client,
        asks("Speak like a pirate. " * 200, role="system"),
        asks("What is this?", SEEN),
        {"role": "assistant", "content": "A bicycle."},
        asks("And its colour?"),
    )
    [frame] = pipeline.frames
    assert (frame.prompt, frame.upload) == ("And its colour?", JPEG)
    assert len(frame.context) == 2_000
    assert frame.context.startswith("Speak like a pirate. ")
    assert frame.context.endswith("user: What is this?\nassistant: A bicycle.")


@pytest.mark.parametrize("image_url", [DATA_URL, base64.b64encode(JPEG).decode(), DATA_URL.replace("jpeg", "x;a=b")])
async def test_a_picture_may_be_a_bare_text_and_lie_of_its_kind(
    client: AsyncOpenAI, image_url: str, pipeline: StubPipeline
) -> None:
    wrapped = "\n".join(image_url[at : at + 76] for at in range(0, len(image_url), 76))
    await ask(client, asks("What?", {"type": "image_url", "image_url": wrapped.rstrip("=")}))
    assert pipeline.frames[0].upload == JPEG


async def test_a_form_is_handed_down(client: AsyncOpenAI, pipeline: StubPipeline) -> None:
    schema = {"type": "object", "properties": {"wheels": {"type": "integer"}}}
    pipeline.outcome = replace(ANSWER, full_text='{"wheels": 2}')
    told = await ask(
        client, asks("Count.", SEEN), max_tokens=20,
        response_format={"type": "json_schema", "json_schema": {"name": "bike", "schema": schema}},
    )  # fmt: skip
    assert json.loads(told.choices[0].message.content) == {"wheels": 2}
    assert pipeline.frames[0].schema == schema


# --- what do my glasses see? -----------------------------------------------------------------------------------


async def test_without_a_picture_the_newest_of_the_glasses_is_asked_about(
    client: AsyncOpenAI, store: Store, bus: Bus, pipeline: StubPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sees(store, bus)
    assert (await ask(client, asks("What do I see?"))).choices[0].message.content == ANSWER.full_text
    assert (pipeline.frames[0].upload, pipeline.frames[0].prompt) == (picture().jpeg, "What do I see?")
    monkeypatch.setattr("app.core.newest.NewestFrames.age_s", lambda *_: 10.2)
    told = (await ask(client, asks("What do I see?"))).choices[0].message.content
    assert told == "10 seconds ago: A red bicycle by a wall."


async def test_where_the_glasses_sent_nothing_a_sentence_says_so(
    client: AsyncOpenAI, store: Store, bus: Bus, pipeline: StubPipeline
) -> None:
    await sees(store, bus, BOB)
    told = await ask(client, asks("What do I see?"))
    assert told.choices[0].message.content == NOTHING_SEEN
    assert told.frame_backend["code"] is None
    await sees(store, bus)
    await store.set_setting("doors.newest_s", 0)
    assert (await ask(client, asks("What do I see?"))).choices[0].message.content == NOTHING_SEEN
    assert not pipeline.frames


# --- failures --------------------------------------------------------------------------------------------------


async def test_a_wrong_key_is_refused_and_says_how_to_get_one(client: AsyncOpenAI) -> None:
    with pytest.raises(openai.AuthenticationError, match="app-key add NAME APP") as caught:
        await client.with_options(api_key="wrong").models.list()
    assert caught.value.code == "invalid_api_key"
    assert caught.value.response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("messages", "param"),
    [
        ([], "messages"),
        ("What?", "messages"),
        ([3], "messages.0"),
        ([{"role": "user", "content": 3}], "messages.0.content.str"),
        ([{"role": "user", "content": [{"type": "audio"}]}], "messages.0.content.0"),
        ([{"role": "user", "content": [{"type": "text", "text": 3}]}], "messages.0.content.0"),
        ([{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}], "messages.0.content.0"),
        ([asks("?", {"type": "image_url", "image_url": "https://evil.example/a.jpg"})], None),
        ([asks("?", {"type": "image_url", "image_url": "file:///etc/passwd"})], None),
        ([asks("?", {"type": "image_url", "image_url": "data:image/png;base64,%%%"})], None),
    ],
)
async def test_what_is_no_conversation_is_refused(
    client: AsyncOpenAI, messages: Any, param: str | None, pipeline: StubPipeline
) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        await client.chat.completions.create(model="frame-backend", messages=messages)
    assert (caught.value.code, caught.value.param) == ("bad_request", param)
    assert caught.value.type == "invalid_request_error"
    assert not pipeline.frames


@pytest.mark.parametrize("error", [NoAnswer(), Superseded()])
async def test_a_frame_that_failed_is_not_sent_again_by_itself(
    client: AsyncOpenAI, error: Any, pipeline: StubPipeline
) -> None:
    pipeline.outcome = error
    with pytest.raises(openai.APIStatusError) as caught:
        await ask(client.with_options(max_retries=3), asks("What?", SEEN))
    assert (caught.value.status_code, caught.value.code, len(pipeline.frames)) == (error.status, error.code, 1)


async def test_every_other_failure_is_told_so_too(client: AsyncOpenAI, store: Store, phone: Phone) -> None:
    phone.token = client.api_key
    wrong_method = await phone.send("PUT", "/chat/completions")
    assert (wrong_method.status, wrong_method.json["error"]["code"]) == (405, "method_not_allowed")
    as_form = await phone.send("POST", "/v1/chat/completions", data=b"{}", headers={"Content-Type": "text/plain"})
    assert (as_form.status, as_form.json["error"]["code"]) == (415, "wrong_media_type")
    await store.set_setting("limits.upload_mb", 1)
    with pytest.raises(openai.APIStatusError) as caught:
        await ask(client, asks("What?", {"type": "image_url", "image_url": "A" * 2_000_000}))
    assert (caught.value.status_code, caught.value.code) == (413, "image_too_large")
    await store.set_setting("limits.process_per_hour", 1)
    await client.models.list()
    with pytest.raises(openai.RateLimitError) as limited:
        await client.models.list()
    assert limited.value.code == "rate_limit_exceeded"


async def test_a_closed_door_says_where_it_is_opened(client: AsyncOpenAI, store: Store) -> None:
    await store.set_setting("doors.openai", False)
    with pytest.raises(openai.NotFoundError, match=r"closed: switch on doors\.openai in Settings") as caught:
        await client.models.list()
    assert caught.value.code == "door_closed"


async def test_many_messages_and_unknown_fields_are_taken(client: AsyncOpenAI, pipeline: StubPipeline) -> None:
    many = [asks(f"Number {at}.", role=("user", "assistant")[at % 2]) for at in range(499)]
    await ask(client, *many, asks("What?", SEEN), temperature=0.1, extra_body={"keep_alive": "5m", "tools": [{}]})
    assert pipeline.frames[0].prompt == "What?"


# --- in pieces -------------------------------------------------------------------------------------------------


async def streamed(client: AsyncOpenAI, *messages: Any, **how: Any) -> list[Any]:
    return [chunk async for chunk in await ask(client, *messages, stream=True, **how)]


def said(chunks: list[Any]) -> list[str]:
    return [chunk.choices[0].delta.content for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]


async def test_an_answer_comes_in_pieces_as_it_grows(client: AsyncOpenAI, pipeline: StubPipeline) -> None:
    long = "A red bicycle by a wall of old bricks, its lamp broken."
    pipeline.grows = ("A red bicy", long[:30], long[:45])
    pipeline.outcome = replace(ANSWER, full_text=long)
    chunks = await streamed(client, asks("What?", SEEN))
    assert said(chunks) == ["A red", " bicycle by a wall of", " old bricks, its", " lamp broken."]
    first, last = chunks[0].choices[0], chunks[-1].choices[0]
    assert (first.delta.role, first.delta.content, first.finish_reason) == ("assistant", "", None)
    assert (last.delta.content, last.finish_reason) == (None, "stop")
    assert chunks[-1].frame_backend["frame_id"] == pipeline.frames[0].frame_id
    assert {(chunk.id, chunk.object, chunk.usage) for chunk in chunks} == {
        (chunks[0].id, "chat.completion.chunk", None)
    }  # fmt: skip


async def test_its_usage_comes_last_where_it_is_asked_for(client: AsyncOpenAI, pipeline: StubPipeline) -> None:
    pipeline.outcome = replace(ANSWER, attempts=(replace(SURE, usage=Usage(400, 30)),))
    *_, end, usage = await streamed(client, asks("What?", SEEN), stream_options={"include_usage": True})
    assert end.choices[0].finish_reason == "stop"
    assert (usage.choices, usage.usage.total_tokens) == ([], 430)


async def test_what_is_streamed_is_what_is_told_at_once(
    client: AsyncOpenAI, store: Store, bus: Bus, pipeline: StubPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sees(store, bus)
    monkeypatch.setattr("app.core.newest.NewestFrames.age_s", lambda *_: 10.2)
    pipeline.outcome = replace(ANSWER, full_text="A red bicycle by a wall.")
    pipeline.grows = ("A red bicycle *by", "A red bicycle *by* a wall.")
    assert said(await streamed(client, asks("What?"))) == ["10 seconds ago: A red bicycle", " by a wall."]
    pipeline.grows = ("A green bicycle by",)
    told = said(await streamed(client, asks("What?")))
    assert told[-1] == "\n\n10 seconds ago: A red bicycle by a wall.", "another one was told in the end"
    pipeline.grows = ("A red bicycle by",)
    assert said(await streamed(client, asks("What?"), max_tokens=20)) == ["10 seconds ago: A red bicycle"]
    assert pipeline.whole == [True, True, False]
    assert said(await streamed(client, asks("What?", SEEN), response_format=FORM)) == [ANSWER.full_text]


FORM = {"type": "json_schema", "json_schema": {"name": "bike", "schema": {"type": "object"}}}


@pytest.mark.parametrize("error", [NoAnswer(), Superseded()])
async def test_a_failure_before_any_word_has_its_status(
    client: AsyncOpenAI, error: Any, pipeline: StubPipeline
) -> None:
    pipeline.outcome = error
    with pytest.raises(openai.APIStatusError) as caught:
        await streamed(client, asks("What?", SEEN))
    assert (caught.value.status_code, caught.value.code) == (error.status, error.code)


async def test_a_failure_behind_words_is_told_among_them(client: AsyncOpenAI, pipeline: StubPipeline) -> None:
    pipeline.grows, pipeline.outcome = ("A red bicycle by",), NoAnswer()
    with pytest.raises(openai.APIError, match=str(NoAnswer())) as caught:
        await streamed(client, asks("What?", SEEN))
    assert caught.value.code == "no_answer"


@pytest.fixture
async def slow(pipeline: StubPipeline, monkeypatch: pytest.MonkeyPatch) -> StubPipeline:
    """Nothing comes by itself."""
    pipeline.gate.clear()
    monkeypatch.setattr(streams, "HEAD_WITHIN_S", 0.02)
    return pipeline


async def test_a_stream_opens_before_its_first_word_and_is_kept_open(
    client: AsyncOpenAI, slow: StubPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "QUIET_S", 0.05)
    how: Any = {"model": "frame-backend", "messages": [asks("What?", SEEN)], "stream": True}
    async with client.chat.completions.with_streaming_response.create(**how) as reply:
        assert reply.headers["Content-Type"] == "text/event-stream"
        assert reply.headers["Server"] == "frame-backend"
        assert not slow.gate.is_set()
        lines = []
        async for line in reply.iter_lines():
            lines.append(line)
            if lines.count(": waiting") == 3:
                slow.gate.set()
    assert json.loads(lines[0].removeprefix("data: "))["choices"][0]["delta"]["role"] == "assistant"
    assert [line for line in lines if line][-1] == "data: [DONE]"


async def test_a_reader_that_goes_away_cancels_the_calls(client: AsyncOpenAI, slow: StubPipeline) -> None:
    reply = await ask(client, asks("What?", SEEN), stream=True)
    assert not slow.cancelled
    await reply.close()
    await eventually(lambda: slow.cancelled)


async def test_a_stop_ends_a_stream_whole_within_two_seconds(
    client: AsyncOpenAI, slow: StubPipeline, server: FrameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "GRACE_S", 0.1)  # this server's patience is short, too
    reply = await ask(client, asks("What?", SEEN), stream=True)
    began = time.monotonic()
    _, ending = await asyncio.gather(server.stop(), _ending(reply))
    assert time.monotonic() - began < 2
    assert ending.code == "stopping"
    assert slow.cancelled


async def _ending(reply: Any) -> openai.APIError:
    with pytest.raises(openai.APIError) as caught:
        async for _ in reply:
            pass
    return caught.value


async def test_bad_bodies_are_refused_quickly(phone: Phone, store: Store) -> None:
    phone.token = await store.app_keys.add(ALICE, "llm")
    deep = b'{"messages": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    for body in (b"", b"{", b"[]", b"null", b'{"messages": [{"role": "\xff"}]}', deep, b'{"messages": NaN}'):
        began = time.monotonic()
        reply = await phone.send(
            "POST", "/v1/chat/completions", data=body, headers={"Content-Type": "application/json"}
        )  # fmt: skip
        assert (reply.status, reply.json["error"]["code"]) == (400, "bad_request"), body[:40]
        assert time.monotonic() - began < 1
