"""Whatever a provider does, the next one answers, no error text is an answer, and the next frame does not pay again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import aiohttp
import pytest

from app.core.events import Bus
from app.providers import default_configs, key_variables
from app.store import Store
from tests import fakes
from tests.fakes import FakeProviders, Script
from tests.system.conftest import AUTH_KEY
from tests.system.program import Program

COOLS = {
    "500": (fakes.server_error, "overload"),
    "503": (fakes.overloaded, "overload"),
    "429": (fakes.rate, "rate"),
    "quota": (fakes.quota_day, "quota"),
    "no credit": (fakes.billing, "billing"),
    "bad key": (fakes.bad_key, "auth"),
    "garbage": (fakes.garbage, "bad_reply"),
    "html": (lambda: fakes.html(200), "bad_reply"),
    "nothing": (fakes.only_blanks, "bad_reply"),
    "cut body": (fakes.cut_body, "bad_reply"),
    "cut connection": (fakes.dropped_mid_body, "overload"),
    "dropped": (fakes.dropped, "overload"),
    "hang": (fakes.hang, "timeout"),
    "drip": (lambda: fakes.drip(0.1), "timeout"),
    "huge": (fakes.huge, "bad_reply"),
}
DOES_NOT_COOL = {
    "empty": (fakes.empty, "empty"),
    "refusal": (fakes.refusal, "blocked"),
    "budget spent": (fakes.thinking_ate_budget, "truncated"),
    "picture refused": (fakes.image_rejected, "image_rejected"),
}
SEEN_WITHIN_S = 1.0
NEVER_SHOWN = ("error", "Error", "<html", "Bad gateway", "plan and billing", "SECRET", "Traceback", "overloaded")


@pytest.fixture
async def hurried(program: Program) -> Program:
    """It waits for no provider longer than 0.7 s."""
    async with await Store.open(
        program.data, Bus(), default_providers=default_configs(), key_variables=key_variables
    ) as store:
        await store.set_setting("cascade.call_limit_s", 0.7)
    return program


async def _two_frames(
    hurried: Program, session: aiohttp.ClientSession, fake: FakeProviders, script: Script, photo: bytes
) -> list[dict[str, object]]:
    """Two frames while gemini misbehaves; the first entries of their traces."""
    fake["gemini"].always(script)
    fake["deepseek"].always(fakes.ok("A red mug.", 0.95))
    first = []
    async with hurried.headless() as server:
        await server.auth(session, AUTH_KEY)
        for _ in range(2):
            status, body = await server.process_frame(session, "alice", photo)
            assert (status, body["answer"], body["code"]) == (200, "A red mug.", "ok"), body
            assert body["answered_by"] == "deepseek"
            assert body["ai_responses"] == {"deepseek": "A red mug."}
            assert not any(word in str(body["debug_messages"]) for word in NEVER_SHOWN), body["debug_messages"]
            first.append(body["trace"][0])
    return first


@pytest.mark.parametrize("name", COOLS)
async def test_next_one_answers_and_the_next_frame_does_not_pay_again(
    hurried: Program, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes, name: str
) -> None:
    make: Callable[[], Script] = COOLS[name][0]
    first, second = await _two_frames(hurried, session, fake, make(), photo)
    assert first["outcome"] == COOLS[name][1]
    assert second["outcome"] == "skipped"
    assert len(fake["gemini"].answers()) == 1


@pytest.mark.parametrize("name", DOES_NOT_COOL)
async def test_a_valid_reply_without_an_answer_cools_nothing(
    hurried: Program, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes, name: str
) -> None:
    make: Callable[[], Script] = DOES_NOT_COOL[name][0]
    first, second = await _two_frames(hurried, session, fake, make(), photo)
    assert first["outcome"] == second["outcome"] == DOES_NOT_COOL[name][1]
    assert len(fake["gemini"].answers()) == 2


async def test_what_the_owner_must_mend_outlives_a_restart_and_ends_with_provider_set(
    program: Program, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes
) -> None:
    fake["gemini"].queue(fakes.bad_key())
    async with program.headless() as server:
        await server.auth(session, AUTH_KEY)
        _, body = await server.process_frame(session, "alice", photo)
        assert body["trace"][0]["outcome"] == "auth"
    async with program.headless() as server:
        _, body = await server.process_frame(session, "alice", photo)
        assert body["trace"][0]["outcome"] == "skipped"
        await program.do("provider", "set", "gemini", "--model", "gemini-3.5-flash-lite")
        await asyncio.sleep(SEEN_WITHIN_S)
        _, body = await server.process_frame(session, "alice", photo)
        assert body["answered_by"] == "gemini"
