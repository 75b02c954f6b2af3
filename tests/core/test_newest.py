"""What each wearer saw last, for whoever asks about it through a door."""

from __future__ import annotations

from dataclasses import replace

from app.core.errors import NoAnswer
from app.core.events import Bus, FrameAnswered, FrameCompleted, FrameFailed, FrameReceived
from app.core.frame import Answer
from app.core.newest import NewestFrames
from tests.core.actors import Clock, frame, picture

ANSWER = Answer("A mug", "A mug", "ok", "gemini")


def test_the_newest_picture_of_the_glasses_and_its_answer_for_a_while(clock: Clock) -> None:
    bus = Bus()
    newest = NewestFrames(bus, monotonic=clock)
    assert newest.of(1, 120) is None
    one, other = frame(frame_id="one"), frame(frame_id="other")
    bus.publish(FrameReceived(one, picture()))
    bus.publish(FrameReceived(other, picture()))
    bus.publish(FrameAnswered(one, ANSWER))  # late: no longer the newest
    seen = newest.of(1, 120)
    assert seen is not None
    assert (seen.frame, seen.picture, seen.answer) == (other, picture(), None)
    clock.advance(100)
    bus.publish(FrameAnswered(other, ANSWER))
    whole = replace(ANSWER, full_text="A red mug on a desk.")
    bus.publish(FrameCompleted(other, whole))
    seen = newest.of(1, 120)
    assert seen is not None
    assert (seen.answer, newest.age_s(seen)) == (whole, 100)
    assert newest.of(2, 120) is None
    clock.advance(21)
    assert newest.of(1, 120) is None


def test_what_came_through_a_door_is_not_what_the_wearer_sees(clock: Clock) -> None:
    bus = Bus()
    newest = NewestFrames(bus, monotonic=clock)
    chat = replace(frame(frame_id="chat"), door="openai")
    bus.publish(FrameReceived(frame(), picture()))
    bus.publish(FrameReceived(chat, picture()))
    bus.publish(FrameFailed(chat, NoAnswer()))
    seen = newest.of(1, 120)
    assert seen is not None
    assert seen.frame.frame_id == "f1"
