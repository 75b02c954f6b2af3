"""How long the frames of the history took is what was heard of them when they ended."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

from app.core.errors import NoAnswer, Superseded
from app.core.events import FrameAnswered, FrameFailed
from app.core.frame import Answer, Attempt, Profile
from app.core.latency import FrameTiming, timing_of
from app.store import Store
from app.store.database.clock import utc
from tests.store.conftest import Clock
from tests.store.samples import frame

ATTEMPTS = (
    Attempt("gemini", "g-1", "timeout", 6_000, why="No reply."),
    Attempt("qwen", "q-1", "skipped", why="no key"),
    Attempt("on_device", "", "unsure", 700, answer="MUG"),
)
ANSWER = Answer("A mug.", "A mug.", "degraded", "on_device", latency_ms=6_725, attempts=ATTEMPTS)


async def added(store: Store) -> Profile:
    await store.profiles.add("alice")
    return store.profiles.get("alice")


async def test_a_stored_frame_says_what_was_heard_of_it(store: Store, clock: Clock) -> None:
    alice = await added(store)
    answered, failed, waited = (
        frame(alice, at=clock.now + number, frame_id=f"f{number}") for number in range(3)
    )  # fmt: skip
    endings = (FrameAnswered(answered, ANSWER), FrameFailed(failed, NoAnswer(attempts=ATTEMPTS[:1]), 6_010),
               FrameFailed(waited, Superseded(), 400))  # fmt: skip
    for event in endings:
        ending = event.answer if isinstance(event, FrameAnswered) else event.error
        await store.activity.record(event.frame, None, ending, timing_of(event).latency_ms)
    taken = list[FrameTiming]()
    await store.activity.each_timing(utc(clock.now), taken.append)
    found = {one.frame_id: one for one in taken}
    for event in endings:
        heard, stored = timing_of(event), found[event.frame.frame_id]
        assert abs(heard.received_s - stored.received_s) < 0.001
        assert replace(heard, received_s=0) == replace(stored, received_s=0)
    assert [found[f"f{number}"].overhead_ms for number in range(3)] == [25, 10, None]


async def test_only_frames_since_then_are_handed_over_and_not_on_the_loop(store: Store, clock: Clock) -> None:
    alice, threads, taken = await added(store), set[str](), list[str]()
    for age_s in (0, 50, 200):
        await store.activity.record(frame(alice, at=clock.now - age_s, frame_id=f"age-{age_s}"), None, ANSWER, 7_000)

    def take(one: FrameTiming) -> None:
        taken.append(one.frame_id)
        threads.add(threading.current_thread().name)

    await store.activity.each_timing(utc(clock.now) - timedelta(seconds=100), take)
    assert sorted(taken) == ["age-0", "age-50"]
    assert threading.current_thread().name not in threads
