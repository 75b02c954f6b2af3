from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.core.errors import HungUp, NoAnswer, Superseded, UnknownName
from app.core.frame import Answer, Attempt, Usage
from app.core.routing.trace import trace_of
from app.paths import DataFolder
from app.store import Filter, Store
from app.store.database.clock import utc
from tests.store.conftest import Clock, OpenStore, files_in
from tests.store.samples import ANSWER, ATTEMPTS, frame, picture


@pytest.fixture
async def store(open_store: OpenStore) -> Any:
    async with open_store() as store:
        for name in ("alice", "bob"):
            await store.profiles.add(name)
        yield store


async def test_an_answer_is_kept_whole(store: Store) -> None:
    sent = frame(store.profiles.get("alice"))
    await store.activity.record(sent, picture(), ANSWER, 1_702)
    (row,) = (await store.activity.report("alice")).frames
    assert row == await store.activity.frame(sent.frame_id)
    assert abs(row.received_at - sent.received_at) < timedelta(milliseconds=1)
    assert row.received_at.utcoffset() == timedelta(0)
    assert (row.username, row.frame_id, row.status, row.code) == ("alice", sent.frame_id, 200, "ok")
    assert (row.answer, row.full_answer, row.error) == ("A red mug.", "A red mug on a desk.", "")
    assert (row.answered_by, row.confidence, row.kind, row.latency_ms) == ("judge", 0.91, "scene", 1_702)
    assert (row.reused, row.prompt, row.judge_why) == (False, "What is this?", "It is specific.")
    assert (row.client_ip, row.has_picture) == ("192.168.0.12", True)
    assert row.attempts == trace_of(ATTEMPTS)
    assert row.ai_responses == {"gemini": "A mug, perhaps."}
    assert row.usage == (("gemini", "g-1", 400, 30, None), ("gemini", "g-1", 700, 20, None))
    assert (row.calls, row.cost_usd, row.favourite, row.thumb) == (2, None, False, 0)


SURE = Attempt("gemini", "g-1", "sure", usage=Usage(900, 40), cost_usd=0.002)
FREE = Attempt("ollama", "o-1", "unsure", usage=Usage(900, 40), cost_usd=0.0)
JUDGE = Attempt("gemini", "g-1", "judged", usage=Usage(900, 40), cost_usd=0.003)
NO_PRICE = Attempt("qwen", "q-1", "unsure", usage=Usage(900, 40))
NOT_COUNTED = Attempt("qwen", "q-1", "unsure")
CUT = Attempt("qwen", "q-1", "truncated", usage=Usage(900, 40))
DOWN = Attempt("qwen", "q-1", "overload")
SKIPPED = Attempt("deepseek", "d-1", "skipped", why="no key")


@pytest.mark.parametrize(
    ("attempts", "calls", "cost_usd", "by_provider"),
    [
        ((), 0, 0.0, {}),
        ((SKIPPED,), 0, 0.0, {}),
        ((SURE,), 1, 0.002, {"gemini": 0.002}),
        ((FREE,), 1, 0.0, {}),
        ((DOWN, SURE), 2, 0.002, {"gemini": 0.002}),
        ((DOWN, DOWN), 1, 0.0, {}),
        ((SURE, FREE, JUDGE), 2, 0.005, {"gemini": 0.005}),
        ((SURE, replace(NO_PRICE, cost_usd=0.001), JUDGE), 2, 0.006, {"gemini": 0.005, "qwen": 0.001}),
        ((SURE, NO_PRICE), 2, None, {"gemini": 0.002}),
        ((NOT_COUNTED, JUDGE), 1, None, {"gemini": 0.003}),
        ((CUT, FREE), 2, None, {}),
    ],
)
async def test_calls_and_cost_are_kept(
    attempts: tuple[Attempt, ...], calls: int, cost_usd: float | None, by_provider: dict[str, float], store: Store
) -> None:
    sent = frame(store.profiles.get("alice"))
    await store.activity.record(sent, None, replace(ANSWER, attempts=attempts), 5)
    row = await store.activity.frame(sent.frame_id)
    assert row is not None
    assert (row.calls, row.cost_usd) == (calls, None if cost_usd is None else pytest.approx(cost_usd))
    counted = [one for one in attempts if one.usage != Usage()]
    assert [one[4] for one in row.usage] == [one.cost_usd for one in counted]
    assert row.attempts == trace_of(attempts)  # the phone's: no cost in it
    summary = await store.activity.summary(Filter("alice"))
    assert summary.unpriced == (cost_usd is None)
    assert summary.cost_by_provider == pytest.approx(by_provider)
    assert summary.cost_usd == pytest.approx(sum(by_provider.values()))
    assert sum(summary.cost_by_day.values()) == pytest.approx(summary.cost_usd)


async def test_what_came_through_a_door_says_so_and_is_no_sign_of_the_glasses(store: Store, folder: DataFolder) -> None:
    alice = store.profiles.get("alice")
    chat, other = (replace(frame(alice), door="openai") for _ in range(2))
    await store.activity.record(chat, picture(), ANSWER, 5)
    await store.set_setting("doors.keep", False)
    await store.activity.record(other, picture(), ANSWER, 5)
    assert store.profiles.get("alice").last_seen_at is None
    await store.activity.record(glasses := frame(alice), picture(), ANSWER, 5)
    await store.activity.pictures.settled()
    kept = {row.frame_id: (row.door, row.has_picture) for row in await store.activity.recent()}
    assert kept == {
        chat.frame_id: ("openai", True), other.frame_id: ("openai", False), glasses.frame_id: ("", True),
    }  # fmt: skip
    assert sorted(files_in(folder.frames)) == sorted(f"{one.frame_id}.jpg" for one in (chat, glasses))
    assert store.profiles.get("alice").last_seen_at is not None


async def test_pictures_are_not_kept_when_the_owner_says_so(store: Store, folder: DataFolder) -> None:
    alice = store.profiles.get("alice")
    await store.set_setting("privacy.keep_pictures", False)
    await store.activity.record(without := frame(alice), picture(), ANSWER, 5)
    await store.set_setting("privacy.keep_pictures", None)
    await store.activity.record(with_one := frame(alice), picture(), ANSWER, 5)
    await store.activity.pictures.settled()
    assert files_in(folder.frames) == [f"{with_one.frame_id}.jpg"]
    assert await store.activity.picture(without.frame_id) is None
    assert [row.has_picture for row in await store.activity.recent()] == [True, False]


@pytest.mark.parametrize(
    "error", [NoAnswer(attempts=ATTEMPTS), Superseded(), HungUp("The phone hung up.")], ids=lambda error: error.code
)
async def test_a_failure_is_kept_with_its_status(error: Any, store: Store) -> None:
    await store.activity.record(frame(store.profiles.get("alice")), None, error, 20)
    (row,) = (await store.activity.report("alice")).frames
    assert (row.status, row.code, row.error, row.answer) == (error.status, error.code, str(error), "")
    assert (row.answered_by, row.confidence, row.has_picture) == ("", None, False)
    assert row.attempts == trace_of(error.attempts)


async def test_text_of_any_script_comes_back(store: Store) -> None:
    text = '日本語 «quoted» 𝄞 \u2028 " \\ \n'
    answer = Answer(text, text, "degraded", "qwen", attempts=(Attempt("qwen", "q", "unsure", answer=text, why=text),))
    await store.activity.record(frame(store.profiles.get("alice")), None, answer, 5)
    (row,) = await store.activity.recent()
    assert (row.answer, row.ai_responses, row.attempts[0]["why"]) == (text, {"qwen": text}, text)


async def test_reports_are_newest_first_and_one_profiles(store: Store, clock: Clock) -> None:
    alice, bob = store.profiles.get("alice"), store.profiles.get("bob")
    for number in range(6):
        await store.activity.record(
            frame(bob if number % 3 == 2 else alice, at=clock.now + number, frame_id=f"f{number}"), None, ANSWER, 5
        )
    report = await store.activity.report("alice", 3)
    assert (report.profile, report.frames_total) == ("alice", 4)
    assert [row.frame_id for row in report.frames] == ["f4", "f3", "f1"]
    assert [row.frame_id for row in (await store.activity.report("alice", 0)).frames] == ["f4", "f3", "f1", "f0"]
    assert [row.frame_id for row in await store.activity.recent(None, 2)] == ["f5", "f4"]
    assert [row.frame_id for row in await store.activity.recent("bob", 5)] == ["f5", "f2"]
    with pytest.raises(UnknownName):
        await store.activity.recent("nobody")
    assert await store.activity.frame("nothing") is None


async def test_frames_today_are_counted_over_restarts_and_midnight(open_store: OpenStore, clock: Clock) -> None:
    noon = utc(clock.now).astimezone().replace(hour=12, minute=0)
    clock.now = noon.timestamp()
    async with open_store() as store:
        await store.profiles.add("alice")
        alice = store.profiles.get("alice")
        await store.activity.record(frame(alice, at=clock.now - 24 * 3_600), None, ANSWER, 5)
        await store.activity.record(frame(alice, at=clock.now), None, NoAnswer(), 5)
        assert store.activity.frames_today() == 2  # those it was given; the clock of a phone may be wrong
    async with open_store() as store:
        assert store.activity.frames_today() == 1
        clock.now += 13 * 3_600
        assert store.activity.frames_today() == 0


async def test_a_frame_of_a_deleted_profile_begins_no_history(store: Store, heard: list[Any]) -> None:
    alice = store.profiles.get("alice")
    await store.trash.delete("alice")
    heard.clear()
    await store.activity.record(frame(alice), picture(), ANSWER, 5)
    assert await store.activity.recent() == ()
    assert heard == []


async def test_a_hang_up_does_not_lose_the_row(store: Store) -> None:
    recording = asyncio.gather(store.activity.record(frame(store.profiles.get("alice")), None, ANSWER, 5))
    await asyncio.sleep(0)
    recording.cancel()
    await asyncio.gather(recording, return_exceptions=True)
    await store.profiles.set_prompt("bob", "x")  # a commit later
    assert len(await store.activity.recent()) == 1
