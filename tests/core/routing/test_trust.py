from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from app.core.errors import DatabaseUnusable
from app.core.events import Bus, LabelsChanged, TrustChanged
from app.core.routing import trust as room
from app.core.routing.labels import Label, Signs
from app.core.routing.trust import Trust


class Memory:
    def __init__(self) -> None:
        self.kept: list[Label] = []
        self.reads = 0
        self.is_broken = False

    async def labels(self) -> Sequence[Label]:
        self.reads += 1
        if self.is_broken:
            raise DatabaseUnusable("The database cannot be read.")
        return tuple(self.kept)

    def save_label(self, label: Label) -> None:
        self.kept.append(label)


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def learned(bus: Bus) -> asyncio.Queue[TrustChanged]:
    queue: asyncio.Queue[TrustChanged] = asyncio.Queue()
    bus.subscribe(TrustChanged, queue.put_nowait)
    return queue


def wrong(at: int) -> Label:
    return Label(f"f{at}", "gemini", "g-1", 0.9, Signs(), "thumb", 0.0, 1.0)


async def test_what_the_labels_teach_is_in_force_within_five_seconds(
    memory: Memory, bus: Bus, learned: asyncio.Queue[TrustChanged]
) -> None:
    trust = Trust(memory, bus)
    assert trust.of("gemini", "g-1", 0.9, Signs()) == 0.9
    trust.refit()
    memory.kept += map(wrong, range(30))
    bus.publish(LabelsChanged())
    async with asyncio.timeout(5):
        await learned.get()
    found = trust.of("gemini", "g-1", 0.9, Signs())
    assert found is not None
    assert found < 0.5
    memory.kept.clear()
    bus.publish(LabelsChanged())
    async with asyncio.timeout(5):
        await learned.get()
    assert trust.of("gemini", "g-1", 0.9, Signs()) == 0.9
    assert memory.reads == 2


async def test_many_labels_at_once_are_learned_from_together(
    memory: Memory, bus: Bus, learned: asyncio.Queue[TrustChanged], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_LEAST_PAUSE_S", 0.05)
    trust = Trust(memory, bus)
    for at in range(200):
        memory.save_label(wrong(at))
        bus.publish(LabelsChanged())
        await asyncio.sleep(0)
    while trust.calibration.learned == {}:
        await learned.get()
    await asyncio.sleep(0.2)
    assert memory.reads <= 3


async def test_labels_that_cannot_be_read_leave_what_was_learned(
    memory: Memory, bus: Bus, learned: asyncio.Queue[TrustChanged], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_LEAST_PAUSE_S", 0.01)
    trust = Trust(memory, bus)
    memory.kept += map(wrong, range(30))
    trust.refit()
    await learned.get()
    before, memory.is_broken = trust.calibration, True
    bus.publish(LabelsChanged())
    await asyncio.sleep(0.1)
    assert trust.calibration is before
    memory.is_broken = False
    bus.publish(LabelsChanged())
    await learned.get()
