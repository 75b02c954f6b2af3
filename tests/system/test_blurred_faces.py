"""Whoever wants faces blurred: by no way does a picture with one leave, or stay. Through the whole program."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

import pytest

from app import application
from app.core.errors import FacesNotBlurred
from app.core.events import FrameFailed, FrameReceived, Trouble
from app.images import as_rgb
from app.paths import resource
from app.providers.faces import FaceBlur
from app.providers.sight.looking import FaceLooker
from tests import fakes, photographs
from tests.fakes import FakeProviders
from tests.providers.test_faces import without_packages
from tests.system.conftest import KEYS
from tests.system.house import House, opened

PHOTO = (photographs.FOLDER / "people-on-sofa.jpg").read_bytes()
FACES = 3


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys from the environment, no proxy, no reader."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    for name, key in KEYS.items():
        monkeypatch.setenv(name, key)
    monkeypatch.setattr(application.on_device, "available", lambda: False)
    _looker()  # the libraries hold what they once opened: that is none of the program's


@pytest.fixture
async def house(tmp_path: Path, fake: FakeProviders) -> AsyncIterator[House]:
    async with opened(tmp_path / "data", fake.base_url, PHOTO) as house:
        await house.application.store.set_setting("cascade.call_limit_s", 6.0)
        yield house


async def switch_on(house: House) -> None:
    await house.application.store.profiles.set_value("alice", "blur_faces", True)


def faces_in(jpeg: bytes) -> int:
    return len(_looker().look(as_rgb(jpeg, 736)))


@cache
def _looker() -> FaceLooker:
    return FaceLooker(resource("models"))


async def kept(house: House, frame_id: str) -> bytes:
    """The history's picture of a frame: its file follows a moment later."""
    until = time.monotonic() + 5.0
    while time.monotonic() < until:
        if (jpeg := await house.application.store.activity.picture(frame_id)) is not None:
            return jpeg
        await asyncio.sleep(0.02)
    raise AssertionError("no picture was kept")


def calls(fake: FakeProviders) -> list[fakes.Call]:
    return [call for name in ("gemini", "deepseek") for call in fake[name].calls if call.role in ("answer", "judge")]


async def test_two_ais_the_judge_and_the_history_get_the_blurred_copy_alone(house: House, fake: FakeProviders) -> None:
    await switch_on(house)
    heard: list[FrameReceived] = []
    house.application.bus.subscribe(FrameReceived, heard.append)
    fake["gemini"].always(fakes.unsure("A sofa."))
    fake["deepseek"].always(fakes.unsure("Two dogs on a bench."))
    status, body = await house.post()
    assert (status, body["blurred_faces"]) == (200, FACES), body
    assert {call.role for call in calls(fake)} == {"answer", "judge"}
    assert len(calls(fake)) == 3
    file = await kept(house, body["frame_id"])
    assert {call.jpeg for call in calls(fake)} | {heard[0].picture.jpeg} == {file}
    assert faces_in(PHOTO) >= 2
    assert faces_in(file) == 0
    (row,) = await house.application.store.activity.recent("alice", 1)
    assert row.blurred_faces == FACES


async def test_an_audit_is_shown_the_blurred_copy_too(house: House, fake: FakeProviders) -> None:
    await switch_on(house)
    await house.application.store.set_setting("audit.share", 100)
    await house.answered_by("gemini")
    until = time.monotonic() + 5.0
    while not fake["deepseek"].calls and time.monotonic() < until:
        await asyncio.sleep(0.02)
    (audit,) = fake["deepseek"].answers()
    assert faces_in(audit.jpeg) == 0
    assert audit.jpeg == fake["gemini"].calls[-1].jpeg


async def test_whoever_asks_about_it_through_a_door(house: House, fake: FakeProviders) -> None:
    """What the glasses sent before the switch is blurred too once it is asked about."""
    await house.answered_by("gemini")
    assert faces_in(fake["gemini"].calls[-1].jpeg) >= 2
    await switch_on(house)
    body = {"model": "frame-backend", "messages": [{"role": "user", "content": "Who is it?"}]}
    url = f"{house.application.server.bound_url}/v1/chat/completions"
    async with house.session.post(url, data=json.dumps(body), headers={"Content-Type": "application/json"}) as reply:
        assert reply.status == 200, await reply.text()
    assert faces_in(fake["gemini"].calls[-1].jpeg) == 0
    (row,) = await house.application.store.activity.recent("alice", 1)
    assert row.door == "openai"
    assert faces_in(await kept(house, row.frame_id)) == 0


async def test_what_is_tried_out(house: House, fake: FakeProviders) -> None:
    await switch_on(house)
    said = [attempt async for attempt in house.application.try_out(PHOTO, "alice")]
    assert {attempt.provider for attempt in said} == {"gemini", "deepseek"}
    assert [faces_in(call.jpeg) for call in calls(fake)] == [0, 0]


async def test_a_frame_that_fails_tells_what_was_blurred(house: House, fake: FakeProviders) -> None:
    await switch_on(house)
    failed: list[FrameFailed] = []
    house.application.bus.subscribe(FrameFailed, failed.append)
    for name in ("gemini", "deepseek"):
        fake[name].always(fakes.server_error())
    status, _ = await house.post()
    assert status == 502
    assert failed[0].error.blurred_faces == FACES
    (row,) = await house.application.store.activity.recent("alice", 1)
    assert row.blurred_faces == FACES


async def test_when_faces_cannot_be_looked_for_nobody_is_shown_it_and_nothing_is_kept(
    house: House, fake: FakeProviders
) -> None:
    await switch_on(house)
    troubles: list[Trouble] = []
    house.application.bus.subscribe(Trouble, troubles.append)
    program = house.application
    await program.faces.close()
    program.faces = FaceBlur(program._threads, program._tell, without_packages)
    for _ in range(2):
        status, body = await house.post()
        assert (status, body["code"], body["error"]) == (503, FacesNotBlurred.code, FacesNotBlurred.template)
    assert calls(fake) == []
    rows = await program.store.activity.recent("alice", 2)
    assert [row.has_picture for row in rows] == [False, False]
    assert list(program.folder.frames.rglob("*.jpg")) == []
    assert len(troubles) == 1
    assert "not installed" in troubles[0].sentence
    with pytest.raises(FacesNotBlurred):
        await anext(house.application.try_out(PHOTO, "alice"))
    assert calls(fake) == []


async def test_without_the_switch_nothing_is_done(house: House, fake: FakeProviders) -> None:
    status, body = await house.post()
    assert (status, body["blurred_faces"]) == (200, None)
    assert fake["gemini"].calls[-1].jpeg == PHOTO
    assert house.application.faces.pid is None, "no process was started for it"


async def test_the_gate_and_the_witness_go_by_the_blurred_copy(house: House, fake: FakeProviders) -> None:
    """The same picture twice: the second answer is the first one's, and its count is its own."""
    await switch_on(house)
    await house.application.store.set_setting("gate.reuse_s", 30)
    first, second = (await house.post())[1], (await house.post())[1]
    assert (first["reused"], second["reused"]) == (False, True)
    assert first["blurred_faces"] == second["blurred_faces"] == FACES
    assert len(calls(fake)) == 1
