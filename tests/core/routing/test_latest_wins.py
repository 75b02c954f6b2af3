"""One frame in flight per lane and the newest waiting one; the glasses never wait for anybody else."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Superseded
from app.core.routing.latest_wins import GLASSES, MOST_IN_FLIGHT, LatestWins
from tests.core.actors import settle, start


class Traffic:
    """Frames by name through one ``LatestWins``, each held until it is let go."""

    def __init__(self) -> None:
        self.latest_wins = LatestWins()
        self.log: list[str] = []
        self.held: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def come(self, name: str, profile_id: int = 1, lane: str = GLASSES) -> None:
        self.held[name] = asyncio.Event()
        self.tasks[name] = start(self._drive(name, profile_id, lane))
        await settle()

    async def go(self, name: str) -> None:
        self.held[name].set()
        await settle()

    async def hang_up(self, name: str) -> None:
        self.tasks[name].cancel()
        await settle()

    async def _drive(self, name: str, profile_id: int, lane: str) -> None:
        try:
            async with self.latest_wins.turn(profile_id, lane):
                self.log.append(f"{name} in")
                await self.held[name].wait()
                self.log.append(f"{name} out")
        except Superseded:
            self.log.append(f"{name} superseded")
        except asyncio.CancelledError:
            self.log.append(f"{name} gone")
            raise


@pytest.fixture
def traffic() -> Traffic:
    return Traffic()


async def test_one_frame_is_in_flight_and_the_next_waits(traffic: Traffic) -> None:
    await traffic.come("a")
    await traffic.come("b")
    assert traffic.log == ["a in"]
    await traffic.go("a")
    assert traffic.log == ["a in", "a out", "b in"]


async def test_an_older_waiting_frame_is_superseded_at_once(traffic: Traffic) -> None:
    for name in "abcd":
        await traffic.come(name)
    assert traffic.log == ["a in", "b superseded", "c superseded"]
    await traffic.go("a")
    assert traffic.log[-2:] == ["a out", "d in"]


async def test_the_frame_in_flight_is_never_superseded(traffic: Traffic) -> None:
    for name in "abc":
        await traffic.come(name)
    assert not traffic.tasks["a"].done()


async def test_a_hang_up_in_flight_passes_the_turn_on(traffic: Traffic) -> None:
    await traffic.come("a")
    await traffic.come("b")
    await traffic.hang_up("a")
    assert traffic.log == ["a in", "a gone", "b in"]


async def test_a_hang_up_while_waiting_leaves_the_slot_in_order(traffic: Traffic) -> None:
    await traffic.come("a")
    await traffic.come("b")
    await traffic.hang_up("b")
    await traffic.come("c")
    await traffic.go("a")
    assert traffic.log == ["a in", "b gone", "a out", "c in"]


async def test_a_hang_up_just_as_the_turn_is_given_passes_it_on(traffic: Traffic) -> None:
    await traffic.come("a")
    await traffic.come("b")
    # in one step of the loop: a leaves (b is given the turn), b's phone hangs up, c comes
    traffic.held["a"].set()
    await asyncio.sleep(0)
    assert traffic.log == ["a in", "a out"]
    traffic.tasks["b"].cancel()
    await traffic.come("c")
    assert traffic.log == ["a in", "a out", "b gone", "c in"]


async def test_a_newcomer_never_slips_in_before_the_one_whose_turn_it_is(traffic: Traffic) -> None:
    await traffic.come("a")
    await traffic.come("b")
    traffic.held["a"].set()
    await asyncio.sleep(0)
    await traffic.come("c")
    assert traffic.log == ["a in", "a out", "b in"]
    await traffic.go("b")
    assert traffic.log[-1] == "c in"


async def test_superseding_one_that_hangs_up_in_the_same_step_is_quiet(traffic: Traffic) -> None:
    await traffic.come("a")
    await traffic.come("b")
    traffic.tasks["b"].cancel()
    await traffic.come("c")
    await traffic.go("a")
    assert traffic.log[-1] == "c in"


async def test_profiles_do_not_wait_for_each_other(traffic: Traffic) -> None:
    await traffic.come("a", 1)
    await traffic.come("b", 2)
    assert traffic.log == ["a in", "b in"]


async def test_an_error_in_flight_passes_the_turn_on() -> None:
    latest_wins = LatestWins()
    with pytest.raises(ValueError, match="oops"):
        async with latest_wins.turn(1):
            raise ValueError("oops")
    async with asyncio.timeout(1), latest_wins.turn(1):
        pass


async def test_nothing_is_kept_when_the_slot_is_empty(traffic: Traffic) -> None:
    for name in "abc":
        await traffic.come(name)
    await traffic.go("a")
    await traffic.go("c")
    assert traffic.latest_wins._profiles == {}


async def test_every_order_of_coming_going_and_hanging_up_leaves_the_slot_usable() -> None:
    moves = ("come", "go", "hang_up")
    for code in range(3**5):
        traffic, number = Traffic(), 0
        for step in range(5):
            move = moves[code // 3**step % 3]
            inside = [name for name, task in traffic.tasks.items() if not task.done()]
            if move == "come" or not inside:
                number += 1
                await traffic.come(str(number))
            elif move == "go":
                await traffic.go(inside[0])
            else:
                await traffic.hang_up(inside[-1])
            flying = [entry[:-3] for entry in traffic.log if entry.endswith(" in")]
            flying = [name for name in flying if not traffic.tasks[name].done()]
            assert len(flying) <= 1
        for name in list(traffic.tasks):
            await traffic.go(name)
        for task in traffic.tasks.values():
            assert task.done()
        assert traffic.latest_wins._profiles == {}


# --- lanes ---------------------------------------------------------------------------------------------------------


async def test_a_chat_never_throws_the_wearers_frame_out(traffic: Traffic) -> None:
    await traffic.come("frame")
    await traffic.come("next frame")
    for name in ("chat", "chat again", "chat once more"):
        await traffic.come(name, lane="chat")
    assert traffic.log == ["frame in", "chat in", "chat again superseded"]


async def test_others_leave_a_place_for_the_glasses(traffic: Traffic) -> None:
    for lane in ("one", "two", "three"):
        await traffic.come(lane, lane=lane)
    await traffic.come("frame")
    assert traffic.log == ["one in", "two in", "frame in"]
    await traffic.go("frame")
    assert traffic.log[-1] == "frame out"
    await traffic.go("two")
    assert traffic.log[-1] == "three in"


async def test_who_waited_longest_is_next_also_with_a_newer_question(traffic: Traffic) -> None:
    for lane in ("one", "two", "three", "four"):
        await traffic.come(lane, lane=lane)
    await traffic.come("three again", lane="three")
    await traffic.go("one")
    await traffic.go("two")
    assert traffic.log[-4:] == ["one out", "three again in", "two out", "four in"]


LANES = (GLASSES, "chat", "agent", "voice")
MOVES = st.lists(
    st.tuples(st.sampled_from(("come", "go", "hang_up")), st.sampled_from(LANES), st.integers(0, 9)), max_size=30
)


@given(MOVES)
@settings(max_examples=150, deadline=None)
def test_whatever_comes_and_goes(moves: list[tuple[str, str, int]]) -> None:
    asyncio.run(_whatever(moves))


async def _whatever(moves: list[tuple[str, str, int]]) -> None:
    """No lane has two in flight, all together three, the newest frame of the glasses waits for the glasses alone."""
    traffic, lane_of = Traffic(), dict[str, str]()
    for number, (move, lane, which) in enumerate(moves):
        here = [name for name, task in traffic.tasks.items() if not task.done()]
        if move == "come" or not here:
            lane_of[str(number)] = lane
            await traffic.come(str(number), lane=lane)
        else:
            await (traffic.go if move == "go" else traffic.hang_up)(here[which % len(here)])
        here = [name for name, task in traffic.tasks.items() if not task.done()]
        inside = [name for name in here if f"{name} in" in traffic.log]
        lanes = [lane_of[name] for name in inside]
        assert len(set(lanes)) == len(lanes) <= MOST_IN_FLIGHT
        waiting = [lane_of[name] for name in here if name not in inside]
        assert len(set(waiting)) == len(waiting), "one waits in each lane, the newest"
        assert GLASSES not in waiting or GLASSES in lanes
        assert not waiting or lanes, "nobody waits for nothing"
    for name in list(traffic.tasks):
        await traffic.go(name)
    for name in list(traffic.tasks):
        await traffic.go(name)
    assert all(task.done() for task in traffic.tasks.values())
    assert traffic.latest_wins._profiles == {}
