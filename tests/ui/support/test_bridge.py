"""The crossing: publishing costs next to nothing, nothing is told at once, and much is told as little."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass

import pytest
import shiboken6
from PySide6.QtCore import QObject

from app.core.events import Bus, Event, FrameAnswered, FrameReceived, ProfilesChanged, ServerStateChanged, Trouble
from app.core.frame import Profile
from app.ui.support.bridge import MOST_WAITING, TURN_MS, Bridge
from tests.ui.conftest import Play
from tests.ui.stage import new_answer, new_frame, picture

ALICE, BOB = Profile(1, "alice"), Profile(2, "bob")


def received(profile: Profile) -> FrameReceived:
    return FrameReceived(new_frame(profile), picture())


@dataclass(frozen=True, slots=True)
class LampLit(Event):
    """A new event: this dataclass, and nothing else anywhere."""

    room: str

    @property
    def subject(self) -> str:
        return self.room


def test_a_new_event_is_one_dataclass(play: Play) -> None:
    async def scene() -> None:
        bus, told = Bus(), list[LampLit]()
        bridge = Bridge(bus)
        bridge.on(LampLit, told.append, bridge)
        for room in ("hall", "attic", "hall"):
            bus.publish(LampLit(room))
        await asyncio.sleep(0.05)
        assert told == [LampLit("attic"), LampLit("hall")], "of the hall's two the newer alone"
        bridge.close()

    play(scene())


def test_nothing_is_told_while_publishing(play: Play) -> None:
    async def scene() -> None:
        bus, told = Bus(), list[object]()
        bridge = Bridge(bus)
        bridge.on(FrameReceived, told.append, bridge)
        bus.publish(received(ALICE))
        assert told == []
        await asyncio.sleep(0.05)
        assert len(told) == 1, "the first after a pause is told at once"
        bridge.close()

    play(scene())


def test_200_events_make_few_rounds(play: Play) -> None:
    async def scene() -> None:
        bus, rounds, pictures, answers = Bus(), list[float](), list[FrameReceived](), list[FrameAnswered]()
        bridge = Bridge(bus)
        bridge.delivered.connect(lambda: rounds.append(time.monotonic()))
        bridge.on(FrameReceived, pictures.append, bridge)
        bridge.on(FrameAnswered, answers.append, bridge)
        started = time.monotonic()
        for number in range(200):
            event = received(ALICE if number % 2 else BOB)
            bus.publish(event)
            bus.publish(FrameAnswered(event.frame, new_answer("A mug.")))
            await asyncio.sleep(0.002)
        await asyncio.sleep(0.15)
        turns = (time.monotonic() - started) * 1_000 / TURN_MS
        assert len(rounds) <= turns + 1
        assert len(pictures) <= 2 * len(rounds), "of each profile's pictures only the newest is told"
        assert len(answers) == 200, "every answer is"
        bridge.close()

    play(scene())


def test_publishing_is_cheap_and_the_queue_is_bounded(play: Play) -> None:
    async def scene() -> None:
        bus, answers = Bus(), list[FrameAnswered]()
        bridge = Bridge(bus)
        bridge.on(FrameAnswered, answers.append, bridge)
        frames = [FrameAnswered(new_frame(ALICE), new_answer("A mug.")) for _ in range(20_000)]
        started = time.perf_counter()
        for event in frames:
            bus.publish(event)
        each_us = (time.perf_counter() - started) / 20_000 * 1e6
        await asyncio.sleep(0.05)
        assert len(answers) == MOST_WAITING
        assert each_us < 100
        bridge.close()

    play(scene())


def test_order_is_kept_and_the_newest_of_a_kind_counts(play: Play) -> None:
    async def scene() -> None:
        bus, told = Bus(), list[object]()
        bridge = Bridge(bus)
        for kind in (ServerStateChanged, ProfilesChanged, Trouble):
            bridge.on(kind, told.append, bridge)
        for event in (
            ServerStateChanged("starting"),
            Trouble("a"),
            ProfilesChanged(),
            ServerStateChanged("running", "u"),
            Trouble("b"),
        ):
            bus.publish(event)
        await asyncio.sleep(0.05)
        assert told == [Trouble("a"), ProfilesChanged(), ServerStateChanged("running", "u"), Trouble("b")]
        bridge.close()

    play(scene())


def test_a_closed_bridge_hears_nothing(play: Play) -> None:
    async def scene() -> None:
        bus, told = Bus(), list[object]()
        bridge = Bridge(bus)
        bridge.on(Trouble, told.append, bridge)
        bus.publish(Trouble("a"))
        bridge.close()
        bus.publish(Trouble("b"))
        await asyncio.sleep(0.15)
        assert told == []

    play(scene())


def test_it_ends_with_its_owner(play: Play) -> None:
    """Whoever is gone is not called, not even when another's slot ends it in the middle of a delivery."""

    async def scene() -> None:
        bus, told = Bus(), list[str]()
        bridge = Bridge(bus)
        first, second, third = QObject(bridge), QObject(bridge), QObject(bridge)
        bridge.on(Trouble, lambda event: (told.append(f"first {event.sentence}"), shiboken6.delete(second)), first)
        bridge.on(Trouble, lambda event: told.append(f"second {event.sentence}"), second)
        bridge.on(Trouble, lambda event: told.append(f"third {event.sentence}"), third)
        bus.publish(Trouble("a"))
        await asyncio.sleep(0.05)
        assert told == ["first a", "third a"]
        shiboken6.delete(first)
        bus.publish(Trouble("b"))
        await asyncio.sleep(0.15)
        assert told == ["first a", "third a", "third b"]
        bridge.close()

    play(scene())


def test_who_comes_and_goes_leaves_nothing(play: Play) -> None:
    async def scene() -> None:
        bridge = Bridge(Bus())
        for _ in range(100):
            owner = QObject(bridge)
            bridge.on(Trouble, lambda: None, owner)
            shiboken6.delete(owner)
        assert len(bridge._listeners[Trouble]) == 1
        bridge.close()

    play(scene())


def test_a_slot_that_raises_keeps_nobody_from_hearing(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    bugs, told = list[type[BaseException]](), list[Trouble]()
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_: bugs.append(kind))

    async def scene() -> None:
        bus = Bus()
        bridge = Bridge(bus)
        bridge.on(Trouble, lambda event: 1 / 0, bridge)
        bridge.on(Trouble, told.append, bridge)
        bus.publish(Trouble("a"))
        bus.publish(Trouble("b"))
        await asyncio.sleep(0.05)
        bridge.close()

    play(scene())
    assert bugs == [ZeroDivisionError] * 2
    assert told == [Trouble("a"), Trouble("b")]
