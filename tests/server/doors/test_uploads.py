"""What other glasses send, as their software sends it, to the addresses of the app."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from app.core.errors import NoAnswer
from app.core.events import Bus, FrameReceived, PairingWanted
from app.core.frame import Frame
from app.core.settings import DEFAULT_PROMPT
from app.server import FrameServer
from app.server.doors.asking import NOTHING_SEEN
from app.server.doors.uploads import SOUND_ALONE
from app.store import Store
from tests.core.actors import picture
from tests.server.devices import ALICE, ANSWER, BOB, JPEG, Phone, Reply, StubPipeline, eventually, form

PATHS = ("/process", "/")
NAMES = ("photo", "file", "frame", "picture", "img")


async def send(phone: Phone, path: str, **fields: str | bytes) -> Reply:
    data = aiohttp.FormData(default_to_multipart=True)
    for name, value in fields.items():
        if isinstance(value, bytes):
            data.add_field(name, value, filename="x", content_type="application/octet-stream")
        else:
            data.add_field(name, value)
    return await phone.send("POST", path, data=data)


# --- the picture -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", NAMES)
async def test_picture_by_another_name(name: str, path: str, paired: Phone, pipeline: StubPipeline) -> None:
    assert (await send(paired, path, username=ALICE, **{name: JPEG})).status == 200
    (frame,) = pipeline.frames
    assert (frame.upload, frame.door) == (JPEG, "")


async def test_the_name_of_the_app_wins(paired: Phone, pipeline: StubPipeline) -> None:
    assert (await send(paired, "/process", photo=b"other", image=JPEG)).json["answer"] == ANSWER.text
    assert pipeline.frames[0].upload == JPEG


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("media", ["image/jpeg", "IMAGE/png", "image/webp; q=1"])
async def test_the_picture_alone(media: str, path: str, paired: Phone, store: Store, pipeline: StubPipeline) -> None:
    await store.pairings.pair(paired.ip, BOB)
    reply = await paired.upload(f"{path}?username={ALICE}&prompt=What%3F", JPEG, media)
    assert reply.status == 200, reply.body
    (frame,) = pipeline.frames
    assert (frame.upload, frame.prompt) == (JPEG, "What?")
    assert frame.profile.username == (ALICE if path == "/process" else BOB)  # POST / has no name: the newest pairing


@pytest.mark.parametrize(
    ("query", "body", "status", "code"),
    [
        ("?username=bob", JPEG, 401, "not_paired"),
        ("?username=" + "x" * 500, JPEG, 422, "invalid_field"),
        ("?prompt=" + "x" * 4001, JPEG, 422, "invalid_field"),
        ("", b"", 400, "image_empty"),
        ("", b"x" * (12 * 1024 * 1024 + 1), 413, "image_too_large"),
    ],
)
async def test_the_picture_alone_is_refused_as_in_a_form(
    query: str, body: bytes, status: int, code: str, paired: Phone, pipeline: StubPipeline
) -> None:
    reply = await paired.upload(f"/process{query}", body, "image/jpeg")
    assert (reply.status, reply.code, pipeline.frames) == (status, code, [])


@pytest.mark.parametrize("path", PATHS)
async def test_while_the_door_is_closed_all_is_as_before(
    path: str, paired: Phone, store: Store, pipeline: StubPipeline
) -> None:
    await store.set_setting("doors.uploads", False)
    assert (await send(paired, path, photo=JPEG)).status == 400
    assert (await paired.upload(path, JPEG, "image/jpeg")).status == 400
    assert pipeline.frames == []
    app = await paired.upload(path, form({"username": ALICE}))
    known = await paired.upload(path, form({"username": ALICE, "requestId": "r", "audio": "x", "messages": "[]"}))
    assert app.headers["Content-Type"] == known.headers["Content-Type"]
    assert (ANSWER.text.encode() in known.body, len(pipeline.frames)) == (True, 2)


# --- Mentra ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
async def test_mentra_hears_at_once_and_the_answer_comes_later(
    path: str, paired: Phone, pipeline: StubPipeline
) -> None:
    pipeline.gate.clear()
    async with asyncio.timeout(2):
        reply = await send(paired, path, requestId="photo_req_1", type="photo_upload", photo=JPEG)
    assert (reply.status, reply.json) == (200, {"success": True, "requestId": "photo_req_1"})
    await pipeline.entered.wait()
    assert (pipeline.frames[0].upload, pipeline.cancelled) == (JPEG, [])
    pipeline.gate.set()


async def test_a_photo_of_mentra_that_fails_is_no_bug(
    paired: Phone, pipeline: StubPipeline, server: FrameServer, caplog: pytest.LogCaptureFixture
) -> None:
    pipeline.outcome = NoAnswer(())
    assert (await send(paired, "/", requestId="r", photo=JPEG)).json["success"]
    await eventually(lambda: pipeline.frames and not server._in_flight._frames)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_stop_lets_a_photo_of_mentra_finish(paired: Phone, pipeline: StubPipeline, server: FrameServer) -> None:
    pipeline.gate.clear()
    assert (await send(paired, "/", requestId="r", photo=JPEG)).status == 200
    await pipeline.entered.wait()
    stopping = asyncio.create_task(server.stop())
    await asyncio.sleep(0.05)
    assert not stopping.done()
    pipeline.gate.set()
    await stopping
    assert pipeline.cancelled == []


async def test_mentra_without_a_photo_is_refused(paired: Phone) -> None:
    assert (await send(paired, "/process", requestId="r", type="photo_upload")).code == "image_missing"
    assert (await send(paired, "/process", requestId="r", photo=b"")).code == "image_empty"


# --- Noa -------------------------------------------------------------------------------------------------------

MESSAGES = json.dumps([{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi!"}])
DEBUG = {"topic_changed": False}


@pytest.mark.parametrize("path", PATHS)
async def test_noa_with_sound_and_a_picture(path: str, paired: Phone, pipeline: StubPipeline) -> None:
    """What was said is not understood: the profile's own prompt is asked, within what was said before."""
    reply = await send(paired, path, audio=b"RIFF", image=JPEG, messages=MESSAGES)
    assert reply.json == {"user_prompt": DEFAULT_PROMPT, "message": ANSWER.full_text, "debug": DEBUG}
    assert pipeline.frames[0].context == "user: Hello\nassistant: Hi!"


async def test_noa_with_sound_alone(paired: Phone, pipeline: StubPipeline) -> None:
    reply = await send(paired, "/", audio=b"RIFF", messages=MESSAGES)
    assert (reply.status, reply.json) == (200, {"user_prompt": "", "message": SOUND_ALONE, "debug": DEBUG})
    assert pipeline.frames == []


async def test_noa_with_text_asks_about_what_the_glasses_saw(
    paired: Phone, pipeline: StubPipeline, store: Store, bus: Bus
) -> None:
    assert (await send(paired, "/", messages=MESSAGES)).json["message"] == NOTHING_SEEN
    bus.publish(FrameReceived(Frame("f1", store.profiles.get(ALICE), "What?", JPEG), picture()))
    reply = await send(paired, "/", messages=MESSAGES, prompt="What colour?")
    assert reply.json == {"user_prompt": "What colour?", "message": ANSWER.full_text, "debug": DEBUG}
    (frame,) = pipeline.frames
    assert (frame.prompt, frame.door, frame.context) == ("What colour?", "uploads", "user: Hello\nassistant: Hi!")


@pytest.mark.parametrize("messages", ["", "{", "[1]", '[{"role": 1}]', "[" * 5000, "null", "x" * 100_000])
async def test_noas_messages_that_are_none_are_read_over(messages: str, paired: Phone, pipeline: StubPipeline) -> None:
    assert (await send(paired, "/", messages=messages, image=JPEG)).json["message"] == ANSWER.full_text
    assert (pipeline.frames[0].prompt, pipeline.frames[0].context) == (DEFAULT_PROMPT, "")


async def test_the_owner_is_asked_about_the_name_in_the_query(phone: Phone, heard: list[Any]) -> None:
    assert (await phone.upload("/process?username=alice", JPEG, "image/jpeg")).code == "not_paired"
    assert PairingWanted(phone.ip, ALICE) in heard
