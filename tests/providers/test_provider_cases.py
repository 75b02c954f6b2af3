"""Every row of tests/data/provider_cases.jsonl (from real bug reports), over real HTTP."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import BadRequestError, ModelGoneError, ProviderError, Repair
from app.core.provider import Learned
from app.providers import Client
from tests.fakes import FakeProviders, from_case
from tests.providers.asking import BALLOT, KEY, QUESTION, ask, provider

CASES = [json.loads(line) for line in Path("tests/data/provider_cases.jsonl").read_text("utf-8").splitlines()]
NAMES = {"openai": "chatgpt"}
REPAIRS = {
    "o_max_tokens_param": Repair("max_tokens", instead="max_completion_tokens"),
    "q_thinking": Repair("enable_thinking", value=False),
}


def _rows(*results: str) -> list[Any]:
    chosen = [case for case in CASES if case["expect"]["result"] in results and case["id"] != "d_drip"]
    return [pytest.param(case, id=case["id"]) for case in chosen]


def _scripted(fake: FakeProviders, client: Client, case: dict[str, Any]) -> tuple[str, Any]:
    name = NAMES.get(case["provider"], case["provider"])
    fake[name].always(from_case(case))
    fake[name].judge_default = from_case(case)
    return name, provider(fake, client, name)


@pytest.mark.parametrize("case", _rows("failover"))
async def test_failure(
    case: dict[str, Any], fake: FakeProviders, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    name, asked = _scripted(fake, client, case)
    error = await ask(asked)
    assert isinstance(error, ProviderError)
    expect = case["expect"]
    assert (error.word, error.retry_after_s) == (expect["reason"], expect["retry_after_s"])
    assert len(fake[name].calls) == 1, "no retry of its own"
    assert getattr(error, "repair", None) == REPAIRS.get(case["id"])
    assert "\n" not in str(error)
    assert str(error).endswith(".")
    assert not [text for text in expect.get("forbid_text", ()) if text in str(error)]
    assert not [text for text in expect.get("forbid_log", ()) if text in caplog.text]


@pytest.mark.parametrize("case", _rows("answer"))
async def test_answer(case: dict[str, Any], fake: FakeProviders, client: Client) -> None:
    _, asked = _scripted(fake, client, case)
    reply = await asked.ask(QUESTION, KEY, Learned())
    expect = case["expect"]
    assert (reply.fields is not None) == (expect["style"] == "json")
    if reply.fields is None:
        assert reply.text == expect["answer"]
    elif case["id"] != "c_glyphs":  # what to strip for the glasses is the cascade's business
        assert reply.fields["answer"] == expect["answer"]
    if case["id"] == "c_percent":
        assert reply.fields is not None
        assert reply.fields["confidence"] == "95%"
    elif reply.fields is not None:
        assert reply.fields["confidence"] == expect["confidence"]
    assert reply.usage.input_tokens
    assert reply.usage.output_tokens


@pytest.mark.parametrize("case", _rows("judge"))
async def test_judge(case: dict[str, Any], fake: FakeProviders, client: Client) -> None:
    name, asked = _scripted(fake, client, case)
    result = await ask(asked, question=BALLOT)
    assert fake[name].calls[0].role == "judge"
    if case["expect"].get("judge_failed"):
        assert isinstance(result, ProviderError)
        assert result.word == "overload"
    else:
        assert not isinstance(result, ProviderError)
        assert result.fields is not None
        assert result.fields["best"] == "AB"[case["expect"]["choose"]]


async def test_a_reply_that_drips_for_ever_ends_when_cancelled(fake: FakeProviders, client: Client) -> None:
    """d_drip: the limit is the router's; here cancelling must end it and leave nothing behind."""
    case = next(case for case in CASES if case["id"] == "d_drip")
    _, asked = _scripted(fake, client, case | {"transport": case["transport"] | {"every_s": 0.01}})
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.15):
            await asked.ask(QUESTION, KEY, Learned())
    await fake["deepseek"].until_idle()
    assert client.session.connector is not None
    assert not client.session.connector._acquired
    assert not any(client.session.connector._conns.values())


async def test_the_gone_model_has_a_successor(fake: FakeProviders, client: Client) -> None:
    case = next(case for case in CASES if case["id"] == "g_model_gone")
    fake["gemini"].always(from_case(case))
    fake["gemini"].is_strict = False
    error = await ask(provider(fake, client, "gemini", model="gemini-2.0-flash-lite"))
    assert isinstance(error, ModelGoneError)
    assert error.successor == "gemini-3.5-flash-lite"


async def test_a_repair_mends_the_request(fake: FakeProviders, client: Client) -> None:
    case = next(case for case in CASES if case["id"] == "q_thinking")
    fake["qwen"].queue(from_case(case))
    asked = provider(fake, client, "qwen")
    error = await ask(asked)
    assert isinstance(error, BadRequestError)
    assert error.repair
    reply = await ask(asked, learned=Learned(repairs=(error.repair,)))
    assert not isinstance(reply, ProviderError)
    assert fake["qwen"].calls[-1].body["enable_thinking"] is False
