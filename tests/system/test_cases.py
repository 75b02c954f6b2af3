"""Inputs that broke programs like ours, through the whole program: every picture and every provider's reply."""

from __future__ import annotations

import asyncio
import io
import json
import random
import time
from typing import Any

import aiohttp
import pytest
from PIL import Image

from app import images
from app.core.errors import FrameError
from app.core.events import Bus
from app.core.frame import Answer, Frame, Profile
from app.core.provider import Seat
from app.core.routing.calibration import JUDGE_TRUST
from app.core.routing.health import Health
from app.core.routing.provider_calls import ProviderCalls
from app.core.routing.router import Router
from app.core.settings import Settings
from app.providers import Client, build, default_configs
from tests import fakes, rig
from tests.core.actors import MemoryHealth
from tests.fakes import FakeProviders, from_case
from tests.system.conftest import AUTH_KEY
from tests.system.program import Program

DATA = rig.ROOT / "tests/data"
PICTURES = [json.loads(line) for line in (DATA / "images/manifest.jsonl").read_text("utf-8").splitlines()]
REPLIES = [json.loads(line) for line in (DATA / "provider_cases.jsonl").read_text("utf-8").splitlines()]
VENDOR = {"openai": "chatgpt"}


# --- pictures ---------------------------------------------------------------------------------------------------


async def test_every_picture_gets_its_outcome_through_the_server(
    program: Program, session: aiohttp.ClientSession, fake: FakeProviders
) -> None:
    async with program.headless() as server:
        await server.auth(session, AUTH_KEY)
        for case in PICTURES:
            fake["gemini"].clear()
            status, body = await _post(session, server.url, case)
            _check_outcome(case, status, body, len(fake["gemini"].calls))
            if status == 200 and "upstream" in case["expect"]:
                _check_upstream(case, fake["gemini"].calls[-1].jpeg)
    kept = b"".join(path.read_bytes() for path in (program.data / "frames").rglob("*.jpg"))
    assert b"Exif" not in kept
    assert not list(program.data.parent.rglob("outside.jpg"))


async def _post(session: aiohttp.ClientSession, url: str, case: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    body = _multipart(case["upload"], (DATA / "images" / case["file"]).read_bytes())
    headers = {"content-type": "multipart/form-data; boundary=bnd"}
    async with session.post(f"{url}/process", data=body, headers=headers) as reply:
        return reply.status, await reply.json()


def _multipart(upload: dict[str, str], picture: bytes) -> bytes:
    """By hand: a part without a file name is one of the cases."""
    name = f'; filename="{upload["filename"]}"' if upload["filename"] else ""
    head = (
        '--bnd\r\ncontent-disposition: form-data; name="username"\r\n\r\nalice\r\n'
        f'--bnd\r\ncontent-disposition: form-data; name="image"{name}\r\ncontent-type: {upload["content_type"]}\r\n\r\n'
    )
    return head.encode() + picture + b"\r\n--bnd--\r\n"


def _check_outcome(case: dict[str, Any], status: int, body: dict[str, Any], calls: int) -> None:
    expect = case["expect"]
    assert status < 500, (case["id"], body)
    if expect["outcome"] == "accept":
        assert (status, body["success"], calls) == (200, True, 1), (case["id"], body)
    elif expect["outcome"] == "reject":
        found = (status, body["code"], body["error"], calls)
        assert found == (expect["status"], expect["code"], expect["message"], 0), case["id"]


def _check_upstream(case: dict[str, Any], jpeg: bytes) -> None:
    expect = case["expect"]["upstream"]
    with Image.open(io.BytesIO(jpeg)) as image:
        image.load()
        assert (image.format, image.mode, list(image.size)) == ("JPEG", "RGB", expect["size"]), case["id"]
        assert not image.getexif(), case["id"]
        for x, y, colour, tolerance in expect["probes"]:
            at = (min(int(x * image.width), image.width - 1), min(int(y * image.height), image.height - 1))
            found = image.getpixel(at)
            assert isinstance(found, tuple)
            assert all(abs(a - b) <= tolerance for a, b in zip(found, colour, strict=True)), (case["id"], at, found)


# --- providers' replies -----------------------------------------------------------------------------------------


class NoShuffle(random.Random):
    def shuffle(self, x: Any) -> None:
        """Leave the candidates in their order."""


class Cascade:
    """Router, health and real providers over real HTTP; ``names`` is the chain."""

    def __init__(self, fake: FakeProviders, client: Client, *names: str) -> None:
        settings = Settings({"cascade.call_limit_s": 0.7})
        self.health = Health(MemoryHealth(), Bus())
        self.router = Router(ProviderCalls(self.health, settings, Bus()), settings, shuffle=NoShuffle())
        configs = {config.name: config for config in default_configs()}
        self.seats = tuple(
            Seat(build(_at(configs[name], fake.base_url(name)), client, None), "a-key-0123456789") for name in names
        )

    async def ask(self) -> Answer:
        picture = images.normalise(rig.PHOTO.read_bytes())
        frame = Frame("f1", Profile(1, "alice"), "What is this?", b"")
        return await self.router.run(self.router.begin(frame, picture, self.seats, time.monotonic() + 10))


def _at(config: Any, base_url: str) -> Any:
    return type(config)(config.name, config.vendor, base_url, config.model)


@pytest.fixture
async def client() -> Any:
    async with Client() as made:
        yield made


def _rows(result: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in REPLIES if case["expect"]["result"] == result]


@pytest.mark.parametrize("case", _rows("failover"))
async def test_a_failure_cools_as_it_should_and_the_next_one_answers(
    case: dict[str, Any], fake: FakeProviders, client: Client
) -> None:
    name = VENDOR.get(case["provider"], case["provider"])
    other = "qwen" if name != "qwen" else "gemini"
    fake[name].always(from_case(case))
    if case["expect"]["reason"] == "model_gone":
        fake[name].models_default = fakes.raw(
            200, {"data": [{"id": "another"}], "models": [{"name": "models/another"}]}
        )
    cascade = Cascade(fake, client, name, other)
    answer = await cascade.ask()
    expect = case["expect"]
    assert (answer.answered_by, answer.text) == (other, "A red mug on a desk.")
    assert answer.attempts[0].outcome == expect["reason"]
    assert len(fake[name].answers()) <= 1 + expect["retry_same"]
    if asking := [task for task in asyncio.all_tasks() if task.get_name().startswith("look for")]:
        await asyncio.wait(asking)  # its list has the last word
    assert _cooldown(cascade) == expect["cooldown"]
    assert not [text for text in expect.get("forbid_text", ()) if text in repr(answer)]


def _cooldown(cascade: Cascade) -> str:
    """How the first seat was left alone, in the cases' words."""
    seat = cascade.seats[0]
    if not cascade.health.why_not(seat):
        return "none"
    light = cascade.health.lights()[seat.name]
    if light.until_s is None:
        assert light.light == "blind", "nothing else is left without an end"
        return "until_fixed"
    if "free requests" in light.sentence:
        return "until_reset"
    return "probe" if light.until_s > 500 else "short"


@pytest.mark.parametrize("case", _rows("answer"))
async def test_an_answer_is_read_as_it_was_meant(case: dict[str, Any], fake: FakeProviders, client: Client) -> None:
    name = VENDOR.get(case["provider"], case["provider"])
    fake[name].always(from_case(case))
    answer = await Cascade(fake, client, name).ask()
    expect = case["expect"]
    assert (answer.text, answer.confidence) == (expect["answer"], expect["confidence"])
    assert (answer.code == "ok") is ((expect["confidence"] or 0) >= 0.8)
    assert not [text for text in expect.get("forbid_text", ()) if text in answer.text]


@pytest.mark.parametrize("case", _rows("judge"))
async def test_a_judge_chooses_or_its_failure_costs_nothing(
    case: dict[str, Any], fake: FakeProviders, client: Client
) -> None:
    said = case["context"]["candidates"]
    chain = ("chatgpt", "qwen")
    for name, candidate in zip(chain, said, strict=True):
        fake[name].always(fakes.unsure(candidate["answer"], candidate["confidence"]))
    fake["chatgpt"].judge_default = from_case(case)
    answer = await Cascade(fake, client, *chain).ask()
    expect = case["expect"]
    assert answer.text == said[expect["choose"]]["answer"]
    assert (answer.trust == JUDGE_TRUST) is not expect.get("judge_failed", False)
    assert len(fake["chatgpt"].calls) + len(fake["qwen"].calls) == 3


async def test_all_failing_is_an_error_and_never_text(fake: FakeProviders, client: Client) -> None:
    for name in ("gemini", "qwen"):
        fake[name].always(fakes.overloaded())
    with pytest.raises(FrameError) as failed:
        await Cascade(fake, client, "gemini", "qwen").ask()
    assert [attempt.outcome for attempt in failed.value.attempts] == ["overload", "overload"]
