from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.core.errors import HungUp, NoAnswer, Superseded, UnknownName
from app.core.frame import Answer, Attempt
from app.core.trace import trace_of
from app.store import Store
from app.store.times import utc
from tests.store.conftest import Clock, OpenStore
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
    assert row.usage == (("gemini", "g-1", 400, 30), ("gemini", "g-1", 700, 20))


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


async def test_attempts_for_charts(store: Store, clock: Clock) -> None:
    alice = store.profiles.get("alice")
    for seconds in (0, 100):
        await store.activity.record(frame(alice, at=clock.now + seconds), None, ANSWER, 5)
    points = await store.activity.attempts_since(utc(clock.now + 50))
    assert [(point.provider, point.outcome, point.latency_ms) for point in points] == [
        ("gemini", "unsure", 812), ("qwen", "overload", 90), ("gemini", "judged", 500)
    ]  # fmt: skip
    assert len(await store.activity.attempts_since(utc(clock.now - 1))) == 6


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
    await store.profiles.delete("alice")
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


async def test_disk_used_counts_pictures_and_database(store: Store) -> None:
    before = await store.activity.disk_used()
    assert before > 10_000
    await store.activity.record(frame(store.profiles.get("alice")), picture(500_000), ANSWER, 5)
    assert await store.activity.disk_used() >= before + 500_000
