"""A clock that jumps a day back: it is said, frames are kept and answered, and nothing lasts a day too long."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.core.errors import OverloadError, QuotaError
from app.core.events import Bus, Trouble
from app.core.routing.health import Health
from app.store import Store
from app.store.database.clock import utc
from app.store.history.activity import CLOCK_SET_BACK_MS
from tests.core.actors import MemoryHealth, provider, seat
from tests.store.conftest import Clock, OpenStore
from tests.store.samples import ANSWER, frame, picture

DAY = 24 * 3_600.0


def troubles(heard: list[Any]) -> list[str]:
    return [event.sentence for event in heard if isinstance(event, Trouble)]


async def test_frames_go_on_and_it_is_said_once(store: Store, clock: Clock, heard: list[Any]) -> None:
    await store.profiles.add("alice")
    alice = store.profiles.get("alice")
    for number in range(3):
        await store.activity.record(frame(alice, at=clock.now + number), picture(), ANSWER, 5)
    assert troubles(heard) == []
    clock.now -= DAY
    for number in range(3, 6):
        await asyncio.wait_for(store.activity.record(frame(alice, at=clock.now + number), picture(), ANSWER, 5), 1)
    (sentence,) = troubles(heard)
    assert sentence.startswith("This computer's clock was set back by 24.0 hours")
    assert (await store.activity.report("alice")).frames_total == 6
    assert (await store.retention.clean()).frames == 0
    assert store.activity.behind == 0
    clock.now -= DAY
    await store.activity.record(frame(alice, at=clock.now), None, ANSWER, 5)
    assert len(troubles(heard)) == 2  # it was set back again


async def test_frames_that_end_in_another_order_say_nothing(store: Store, clock: Clock, heard: list[Any]) -> None:
    await store.profiles.add("alice")
    alice = store.profiles.get("alice")
    for at in (0.0, 90.0, -90.0, CLOCK_SET_BACK_MS / 1_000 - 91):
        await store.activity.record(frame(alice, at=clock.now + at), None, ANSWER, 5)
    assert troubles(heard) == []


async def test_an_automatic_block_does_not_last_a_day_longer(store: Store, clock: Clock) -> None:
    await store.blacklist.add("10.0.0.9", "guesses", automatic=True, expires_at=utc(clock.now) + timedelta(hours=1))
    await store.blacklist.add("10.0.0.8", "mine")
    assert store.blacklist.match("10.0.0.9")
    clock.now -= 30  # no more than clocks are set by
    assert store.blacklist.match("10.0.0.9")
    clock.now -= DAY
    assert store.blacklist.match("10.0.0.9") is None
    assert store.blacklist.match("10.0.0.8")  # the owner's own stays


async def test_a_pairing_made_before_still_holds(open_store: OpenStore, clock: Clock) -> None:
    async with open_store() as store:
        await store.profiles.add("alice")
        await store.pairings.pair("10.0.0.1", "alice")
        token = await store.pairings.issue_token("alice")
        clock.now -= DAY
        assert store.pairings.is_paired("10.0.0.1", "alice")
        assert store.pairings.profile_for_token(token) == "alice"
    async with open_store() as store:
        assert store.pairings.is_paired("10.0.0.1", "alice")


class Times:
    """Two clocks: the wall's jumps, the other never does."""

    def __init__(self) -> None:
        self.wall, self.monotonic = 1_790_000_000.0, 500.0

    def pass_(self, seconds: float) -> None:
        self.wall += seconds
        self.monotonic += seconds

    def health(self, memory: MemoryHealth) -> Health:
        return Health(memory, Bus(), monotonic=lambda: self.monotonic, wall=lambda: self.wall)


def test_cooldowns_do_not_follow_the_wall_clock() -> None:
    times = Times()
    health, gemini = times.health(MemoryHealth()), seat(provider("gemini"))
    health.failed(health.begin(gemini), OverloadError())
    times.wall -= DAY
    assert health.why_not(gemini)
    times.pass_(5.1)
    assert health.why_not(gemini) == ""


@pytest.mark.parametrize("set_back_s", [0.0, DAY, 400 * DAY])
def test_a_quota_kept_over_a_restart_lasts_no_longer_than_it_would_have(set_back_s: float) -> None:
    times, memory, gemini = Times(), MemoryHealth(), seat(provider("gemini"))
    health = times.health(memory)
    health.failed(health.begin(gemini), QuotaError(retry_after_s=12 * 3_600))
    times.wall -= set_back_s
    health = times.health(memory)
    assert bool(health.why_not(gemini)) is not bool(set_back_s), "how old it is nobody knows then: it is probed"
    times.pass_(12 * 3_600)
    assert health.why_not(gemini) == ""
