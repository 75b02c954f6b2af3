"""The history as it is learned from: who was asked, what came of it, at what cost, and whether it was right."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from app.core.errors import NoAnswer
from app.core.frame import Answer, Attempt, Usage
from app.core.routing.replay import PastCall, PastFrame
from app.store import Store
from tests.store.conftest import OpenStore
from tests.store.samples import frame

TOKENS = Usage(900, 40)
CUT = Attempt("gemini", "g", "truncated", 700, usage=TOKENS, cost_usd=0.004)
UNSURE = Attempt("gemini", "g", "unsure", 800, 0.6, answer="A mug", usage=TOKENS, cost_usd=0.002)
DOWN, SKIPPED = Attempt("qwen", "q", "overload", 90), Attempt("deepseek", "d", "skipped", why="no key")
FREE = Attempt("jan", "j", "sure", 900, 0.9, answer="A cup", cost_usd=0.0)
JUDGED = Attempt("gemini", "g", "judged", 500, usage=TOKENS, cost_usd=0.003)
ANSWER = Answer("A cup", "A cup", "ok", "jan", 0.9, "text", attempts=(UNSURE, DOWN, SKIPPED, FREE))


@pytest.fixture
async def store(open_store: OpenStore) -> AsyncIterator[Store]:
    async with open_store() as store:
        await store.profiles.add("alice")
        yield store


async def keep(store: Store, answer: Answer | NoAnswer) -> str:
    sent = frame(store.profiles.get("alice"))
    await store.activity.record(sent, None, answer, 1_000)
    return sent.frame_id


async def test_a_frames_calls_come_back_with_what_each_cost(store: Store) -> None:
    await keep(store, ANSWER)
    (past,) = await store.activity.past_frames()
    assert past == PastFrame("text", (
        PastCall("gemini", "unsure", 800, 0.002), PastCall("qwen", "overload", 90, 0.0),
        PastCall("jan", "sure", 900, 0.0),
    ))  # fmt: skip


async def test_a_judge_that_answered_before_and_was_cut_short_first_has_three_prices(store: Store) -> None:
    await keep(store, replace(ANSWER, attempts=(CUT, UNSURE, FREE, JUDGED)))
    (past,) = await store.activity.past_frames()
    assert [call.cost_usd for call in past.calls] == [0.004, 0.002, 0.0, 0.003]


async def test_what_has_no_price_has_none(store: Store) -> None:
    await keep(store, replace(ANSWER, attempts=(replace(UNSURE, cost_usd=None), FREE)))
    (past,) = await store.activity.past_frames()
    assert [call.cost_usd for call in past.calls] == [None, None]


async def test_an_audits_call_is_what_it_would_have_been(store: Store) -> None:
    audits = (replace(FREE, provider="qwen", outcome="audited", trust=0.95), replace(DOWN, outcome="audited"))
    for audit, outcome in zip(audits, ("sure", "audited"), strict=True):
        await keep(store, replace(ANSWER, attempts=(FREE, audit)))
        assert (await store.activity.past_frames())[0].calls[1] == PastCall(
            "qwen", outcome, audit.latency_ms, 0.0, is_audit=True
        )


async def test_labels_say_what_was_right(store: Store) -> None:
    frame_id = await keep(store, ANSWER)
    await store.activity.set_thumb(frame_id, -1)
    (past,) = await store.activity.past_frames()
    assert past.is_right == 0.0
    assert [call.is_right for call in past.calls] == [None, None, 0.0]


async def test_failures_hints_and_repeated_answers_teach_nothing(store: Store) -> None:
    await keep(store, NoAnswer(attempts=(DOWN,)))
    await keep(store, Answer("Too dark", "Too dark", "bad_frame"))
    await keep(store, replace(ANSWER, reused=True, attempts=()))
    assert await store.activity.past_frames() == ()
