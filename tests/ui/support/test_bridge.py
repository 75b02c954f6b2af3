"""The crossing: publishing costs next to nothing, nothing is told at once, and much is told as little."""

from __future__ import annotations

import asyncio
import dataclasses
import time

from app.core import events
from app.core.events import Bus, FrameAnswered, FrameReceived, ProfilesChanged, ServerStateChanged, Trouble
from app.core.frame import Profile
from app.ui.support.bridge import KEYS, MOST_WAITING, TURN_MS, Bridge
from tests.ui.conftest import Play
from tests.ui.stage import new_answer, new_frame, picture

ALICE, BOB = Profile(1, "alice"), Profile(2, "bob")


def received(profile: Profile) -> FrameReceived:
    return FrameReceived(new_frame(profile), picture())


def test_every_event_has_its_signal(play: Play) -> None:
    """A new event must be told to the window too; Bus itself is no event."""
    kinds = {
        kind for kind in vars(events).values() if dataclasses.is_dataclass(kind) and kind.__module__ == events.__name__
    }
    assert kinds - {Bus} == set(KEYS)

    async def scene() -> None:
        Bridge(Bus()).close()

    play(scene())


def test_nothing_is_told_while_publishing(play: Play) -> None:
    async def scene() -> None:
        bus, told = Bus(), list[object]()
        bridge = Bridge(bus)
        bridge.frame_received.connect(told.append)
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
        bridge.frame_received.connect(pictures.append)
        bridge.frame_answered.connect(answers.append)
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
        bridge.frame_answered.connect(answers.append)
        event = FrameAnswered(new_frame(ALICE), new_answer("A mug."))
        started = time.perf_counter()
        for _ in range(20_000):
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
        for signal in (bridge.server_state_changed, bridge.profiles_changed, bridge.trouble):
            signal.connect(told.append)
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
        bridge.trouble.connect(told.append)
        bus.publish(Trouble("a"))
        bridge.close()
        bus.publish(Trouble("b"))
        await asyncio.sleep(0.15)
        assert told == []

    play(scene())
