"""What the owner says of answers becomes labels of those who gave them."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from app.core.errors import InvalidValue, UnknownName
from app.core.events import Bus, LabelsChanged
from app.core.frame import Answer, Attempt, Frame
from app.core.routing.labels import Label, Signs
from app.store import Feedback, Store
from app.store.history import labels as room
from app.store.history.filters import Filter
from tests.store.conftest import Clock, OpenStore, count, eventually, eventually_is
from tests.store.samples import frame

HIDDEN = Signs("maths", has_missing=True)
SURE = Attempt(
    "gemini", "g-1", "sure", 400, 0.95, answer="A red mug.", full_answer="A red mug.", signs=HIDDEN.to_json()
)
UNSURE = replace(SURE, outcome="unsure", confidence=0.6)
SAME = Attempt("qwen", "q-1", "unsure", 400, 0.5, answer="a red mug", full_answer="a red mug")
OTHER = Attempt("chatgpt", "c-1", "unsure", 400, 0.7, answer="A blue mug.", full_answer="A blue mug.")
VERDICT = Attempt("gemini", "g-1", "judged", 300)


def shown(*attempts: Attempt, by: str = "gemini", **told: Any) -> Answer:
    return replace(Answer("A red mug.", "A red mug.", "ok", by, 0.95, "maths", attempts=attempts), **told)


@pytest.fixture
async def alice(store: Store) -> Store:
    await store.profiles.add("alice", "alices-key")
    return store


async def record(store: Store, answer: Answer, **told: Any) -> Frame:
    made = frame(store.profiles.get("alice"), **told)
    await store.activity.record(made, None, answer, 5)
    return made


async def labels(store: Store) -> dict[tuple[str, str], float]:
    return {(one.provider, one.source): one.is_right for one in await store.labels.labels()}


# --- whose label ------------------------------------------------------------------------------------------------------


async def test_a_thumb_labels_whoever_answered_with_what_it_claimed(alice: Store, clock: Clock) -> None:
    sent = await record(alice, shown(SURE))
    await alice.activity.set_thumb(sent.frame_id, 1)
    found = Label(sent.frame_id, "gemini", "g-1", 0.95, HIDDEN, "thumb", 1.0, 1.0, clock.now)
    assert await alice.labels.labels() == (found,)
    await alice.activity.set_thumb(sent.frame_id, -1)
    assert await labels(alice) == {("gemini", "thumb"): 0.0}
    await alice.activity.set_thumb(sent.frame_id, 0)
    assert await labels(alice) == {}


@pytest.mark.parametrize(
    ("answer", "labelled"),
    [
        (shown(UNSURE, SAME, OTHER), {"gemini", "qwen"}),
        (shown(UNSURE, OTHER, VERDICT, judge_why="It is red."), {"gemini", "judge"}),
        (shown(OTHER, VERDICT, by="judge"), {"judge"}),
        (shown(Attempt("on_device", "reader", "unsure", answer="A red mug."), by="on_device"), set()),
        (shown(by=""), set()),
    ],
    ids=["others that say the same", "chosen by the judge", "merged by the judge", "the reader", "a hint"],
)
async def test_who_is_labelled(alice: Store, answer: Answer, labelled: set[str]) -> None:
    sent = await record(alice, answer)
    for thumb in (1, -1):
        await alice.activity.set_thumb(sent.frame_id, thumb)
        assert await labels(alice) == {(name, "thumb"): float(thumb > 0) for name in labelled}


async def test_an_answer_that_is_shown_again_is_labelled_once(alice: Store, clock: Clock) -> None:
    first = await record(alice, shown(SURE), at=clock.now - 5)
    again = await record(alice, shown(reused=True), at=clock.now - 2)
    await record(alice, shown(SURE, text="A dog."), at=clock.now - 1)
    await alice.activity.set_thumb(first.frame_id, 1)
    await alice.activity.set_thumb(again.frame_id, -1)
    (label,) = await alice.labels.labels()
    assert (label.frame_id, label.is_right) == (first.frame_id, 0.0)


async def test_a_repeated_answer_whose_frame_is_gone_is_nobodys(alice: Store) -> None:
    again = await record(alice, shown(reused=True))
    await alice.activity.set_thumb(again.frame_id, 1)
    assert await labels(alice) == {}


async def test_a_correction_is_kept_and_labels_who_was_right(alice: Store) -> None:
    sent = await record(alice, shown(UNSURE, SAME, OTHER))
    await alice.activity.correct(sent.frame_id, " a blue mug ")
    row = await alice.activity.frame(sent.frame_id)
    assert row is not None
    assert row.correction == "a blue mug"
    told = {("gemini", "correction"): 0.0, ("qwen", "correction"): 0.0, ("chatgpt", "correction"): 1.0}
    assert await labels(alice) == told
    await alice.activity.correct(sent.frame_id, "A RED MUG")
    assert await labels(alice) == {("gemini", "correction"): 1.0, ("qwen", "correction"): 1.0}
    await alice.activity.correct(sent.frame_id, "")
    assert await labels(alice) == {}


async def test_what_cannot_be_taken_is_said_one_by_one(alice: Store) -> None:
    sent = await record(alice, shown(SURE))
    mine = sent.frame_id
    refused = await alice.activity.take_feedback((
        Feedback("gone", 1), Feedback("\udcff", 1), Feedback(mine, 2), Feedback(mine, -1, "A \udcff"),
        Feedback(mine, correction="x" * 4_001),
    ))  # fmt: skip
    assert [type(one) for one in refused] == [UnknownName, UnknownName, InvalidValue, type(None), InvalidValue]
    assert await labels(alice) == {("gemini", "thumb"): 0.0, ("gemini", "correction"): 0.0}


async def test_each_is_labelled_with_the_signs_of_its_own_claim(alice: Store) -> None:
    sent = await record(alice, shown(UNSURE, SAME, VERDICT))
    before = await record(alice, shown(replace(SURE, signs={})))
    await alice.activity.set_thumb(sent.frame_id, 1)
    await alice.activity.set_thumb(before.frame_id, 1)
    signs = {(one.provider, one.frame_id): one.signs for one in await alice.labels.labels()}
    assert signs == {
        ("gemini", sent.frame_id): HIDDEN, ("qwen", sent.frame_id): Signs(),
        ("judge", sent.frame_id): Signs("maths"), ("gemini", before.frame_id): Signs("maths"),
    }  # fmt: skip


# --- kept, told, bounded ----------------------------------------------------------------------------------------------


async def test_another_process_label_is_told_within_a_second(alice: Store, bus: Bus, open_store: OpenStore) -> None:
    heard: list[LabelsChanged] = []
    bus.subscribe(LabelsChanged, heard.append)
    sent = await record(alice, shown(SURE))
    async with open_store(own_bus=True) as other:
        await other.set_setting("gate.hints", 3)
        await other.activity.set_thumb(sent.frame_id, 1)
        await eventually(lambda: heard)
        heard.clear()
        await other.activity.set_thumb(sent.frame_id, -1)
        await eventually(lambda: heard)
        heard.clear()
        await other.activity.set_thumb(sent.frame_id, 0)
        await eventually(lambda: heard)
    assert await labels(alice) == {}


async def test_labels_outlive_a_restart_and_their_frames(alice: Store, open_store: OpenStore) -> None:
    sent = await record(alice, shown(SURE))
    await alice.activity.set_thumb(sent.frame_id, 1)
    before = await alice.labels.labels()
    await alice.close()
    async with open_store() as again:
        await again.activity.delete(Filter())
        assert await again.activity.frame(sent.frame_id) is None
        assert await again.labels.labels() == before


async def test_one_that_nobody_waits_for_is_kept_and_told(alice: Store, bus: Bus) -> None:
    heard: list[LabelsChanged] = []
    bus.subscribe(LabelsChanged, heard.append)
    label = Label("f", "qwen", "q-1", None, Signs(witness=-0.5), "audit", 1.0, 0.5, 1.0)
    alice.labels.save_label(label)
    await eventually(lambda: heard)
    assert await alice.labels.labels() == (label,)


async def test_a_clock_that_is_set_back_makes_no_label_an_old_one(alice: Store, clock: Clock) -> None:
    sent = [await record(alice, shown(SURE)) for _ in range(3)]
    await alice.activity.set_thumb(sent[0].frame_id, 1)
    clock.now -= 86_400 * 365
    await alice.activity.set_thumb(sent[1].frame_id, 1)
    await alice.activity.set_thumb(sent[2].frame_id, 1)
    assert [one.frame_id for one in await alice.labels.labels()] == [one.frame_id for one in sent]


async def test_only_the_newest_of_each_source_count_and_the_others_go(alice: Store, monkeypatch: Any) -> None:
    monkeypatch.setattr(room, "MOST_KEPT", 20)
    monkeypatch.setattr(room, "SLICE_ROWS", 10)
    sent = await record(alice, shown(SURE))
    await alice.activity.set_thumb(sent.frame_id, 1)
    for at in range(55):
        alice.labels.save_label(Label(f"f{at}", "qwen", "q-1", 0.9, Signs(), "audit", 1.0, 0.5, time.time()))
    wanted = [sent.frame_id, *(f"f{at}" for at in range(35, 55))]
    await eventually(lambda: alice.labels._snapshot[0] == 56)
    assert [one.frame_id for one in await alice.labels.labels()] == wanted
    alice.start_housekeeping()
    await eventually_is(lambda: count(alice, "label"), 21)
    assert [one.frame_id for one in await alice.labels.labels()] == wanted
