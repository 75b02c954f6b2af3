"""What was answered a moment ago about a like picture: it bears the next answer out, or contradicts it."""

from __future__ import annotations

import pytest

from app.core.frame import Answer
from app.core.provider import Reply
from app.core.routing.recall import RECALL_S, Recall, looks_alike
from tests.core.actors import Clock, House, frame, measures, picture, provider, reader, says, seats

GRID = bytes([128]) * 3072


def shifted(by: int, cells: int = 3072) -> bytes:
    return bytes([128 + by]) * cells + GRID[cells:]


@pytest.mark.parametrize(
    ("other", "alike"),
    [(GRID, True), (shifted(8), True), (shifted(-8), True), (shifted(9), False), (shifted(100, 200), True),
     (shifted(100, 300), False)],
)  # fmt: skip
def test_pictures_are_alike_that_differ_little_on_the_average(other: bytes, alike: bool) -> None:
    assert looks_alike(measures(), measures(grid=other)) is alike
    assert looks_alike(measures(grid=other), measures()) is alike


def test_an_answer_is_remembered_for_10_s_for_its_profile_question_and_picture() -> None:
    clock = Clock()
    recall = Recall(clock)
    answer = Answer("12", "12", "ok", "gemini")
    assert recall.find(frame(), picture()) is None
    recall.keep(frame(), picture(), answer)
    assert recall.find(frame(), picture(grid=shifted(8))) is answer
    assert recall.find(frame("And this?"), picture()) is None
    assert recall.find(frame(profile_id=2), picture()) is None
    assert recall.find(frame(), picture(grid=shifted(9))) is None
    clock.advance(RECALL_S)
    assert recall.find(frame(), picture()) is answer
    clock.advance(0.1)
    assert recall.find(frame(), picture()) is None


def test_a_hint_and_a_reading_are_no_answers() -> None:
    recall = Recall(Clock())
    for answered_by in ("", "on_device"):
        recall.keep(frame(), picture(), Answer("Hold still", "Hold still", "degraded", answered_by))
        assert recall.find(frame(), picture()) is None


async def signs_after(house: House, *told: Reply) -> object:
    """Of the last of frames one second apart, each answered by the first provider."""
    house.set(gate_reuse_s=0.0)
    for reply in told:
        house.chain = seats(provider("gemini", reply), reader(says("EXIT", None)))
        answer = await house.pipeline.process(frame())
        house.clock.advance(1.0)
    return answer.attempts[0].signs.get("again")


async def test_the_same_answer_and_the_contrary_are_signs(house: House) -> None:
    one, other = (says(text, 0.95, kind="text") for text in ("Room 12", "Room 17"))
    assert await signs_after(house, one) is None
    house.clock.advance(60.0)
    assert await signs_after(house, one, one) == 1
    house.clock.advance(60.0)
    assert await signs_after(house, one, other) == -1


async def test_a_contradiction_costs_trust(house: House) -> None:
    await signs_after(house, says("Room 12", 0.95, kind="text"), says("Room 17", 0.91, kind="text"))
    last = house.journal.rows[-1].ending
    assert isinstance(last, Answer)
    assert last.attempts[0].outcome == "unsure"
    assert last.attempts[0].trust is not None
    assert last.attempts[0].trust < 0.9
