"""Callers who overlap, are slow, fail or give up, in any order: the provider is never asked too much, nor forgotten."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.core.errors import (
    AuthError,
    BillingError,
    BlockedError,
    CallTimeoutError,
    OverloadError,
    ProviderError,
    QuotaError,
    RateError,
)
from app.core.routing.cooldown import Ticket
from tests.core.actors import START_S, Clock, House, provider, seat

DAY_S = 86_400.0
FAILURES: list[Callable[[], ProviderError]] = [
    OverloadError, CallTimeoutError, lambda: RateError(retry_after_s=20), AuthError, BillingError, QuotaError,
]  # fmt: skip


class Callers(RuleBasedStateMachine):
    """Any number of callers of one provider; each asks only where it may."""

    def __init__(self) -> None:
        super().__init__()
        self.house = House(Clock())
        self.health = self.house.health
        self.seat = seat(provider("gemini"))
        self.under_way: list[Ticket] = []

    def why_not(self) -> str:
        return self.health.why_not(self.seat)

    @rule(seconds=st.sampled_from([0.01, 1.0, 5.0, 6.0, 20.0, 61.0, 601.0, 3_700.0, DAY_S]))
    def time_passes(self, seconds: float) -> None:
        self.house.clock.advance(seconds)

    @precondition(lambda self: not self.why_not())
    @rule()
    def somebody_asks(self) -> None:
        self.under_way.append(self.health.begin(self.seat))

    @precondition(lambda self: self.under_way)
    @rule(data=st.data())
    def a_call_succeeds(self, data: st.DataObject) -> None:
        ticket = self._taken(data)
        self.health.succeeded(ticket)
        if self.is_probing(ticket):
            assert self.why_not() == "", "found ready by its probe"

    @precondition(lambda self: self.under_way)
    @rule(data=st.data(), error=st.sampled_from(FAILURES))
    def a_call_fails(self, data: st.DataObject, error: Callable[[], ProviderError]) -> None:
        ticket = self._taken(data)
        self.health.failed(ticket, error())
        if self.is_probing(ticket):
            assert self.why_not().startswith("cooling down"), "its own probe says that it is not back"

    @precondition(lambda self: self.under_way)
    @rule(data=st.data())
    def a_call_says_nothing_of_health(self, data: st.DataObject) -> None:
        ticket = self._taken(data)
        self.health.failed(ticket, BlockedError())
        if self.is_probing(ticket):
            assert self.why_not() == ""

    @precondition(lambda self: self.under_way)
    @rule(data=st.data())
    def a_caller_gives_up(self, data: st.DataObject) -> None:
        ticket = self._taken(data)
        self.health.abandoned(ticket)
        if self.is_probing(ticket):
            assert self.why_not() == "", "the next caller probes"

    @rule()
    def the_owner_sets_it_anew(self) -> None:
        config = self.seat.provider.config
        self.seat = seat(provider("gemini", overrides={"revision": config.revision + 1}))
        assert self.why_not() == ""

    @invariant()
    def one_probe_at_a_time(self) -> None:
        probes = [ticket for ticket in self.under_way if self.is_probing(ticket)]
        assert len(probes) <= 1
        if probes:
            assert self.why_not().startswith("being tried")

    def teardown(self) -> None:
        for ticket in self.under_way:
            self.health.abandoned(ticket)
        self.house.clock.advance(2 * DAY_S)
        assert self.why_not() == "", "stuck"
        self.health.succeeded(self.health.begin(self.seat))
        assert not self.health.begin(self.seat).is_probe

    def is_probing(self, ticket: Ticket) -> bool:
        return ticket.is_probe and ticket.seat is self.seat  # as it is set up now

    def _taken(self, data: st.DataObject) -> Ticket:
        return self.under_way.pop(data.draw(st.integers(0, len(self.under_way) - 1)))


Callers.TestCase.settings = settings(max_examples=300, stateful_step_count=25, deadline=None, derandomize=True)
TestCallers = Callers.TestCase


def test_a_slow_caller_leaves_the_probe_to_who_makes_it(house: House) -> None:
    asked = seat(provider("ollama"))
    slow, quick = house.health.begin(asked), house.health.begin(asked)
    house.health.failed(quick, OverloadError())
    house.clock.advance(6)
    probe = house.health.begin(asked)
    house.health.failed(slow, CallTimeoutError())
    assert house.health.why_not(asked) == "being tried again after overload"
    house.health.succeeded(probe)
    assert house.health.why_not(asked) == ""


def test_a_call_from_before_it_was_found_ready_says_nothing_any_more(house: House) -> None:
    asked = seat(provider("ollama"))
    slow, quick = house.health.begin(asked), house.health.begin(asked)
    house.health.failed(quick, OverloadError())
    house.clock.advance(6)
    house.health.succeeded(house.health.begin(asked))
    house.health.failed(slow, CallTimeoutError())
    assert house.health.why_not(asked) == ""


# --- clocks -----------------------------------------------------------------------------------------------------------


def sleep(clock: Clock, seconds: float) -> None:
    """The machine sleeps: the monotonic clock stands still."""
    clock.epoch += seconds


def set_back(clock: Clock, seconds: float) -> None:
    clock.epoch -= seconds


@pytest.mark.parametrize("error", [QuotaError(), QuotaError(retry_after_s=30_000), AuthError(), BillingError()])
def test_what_ends_by_a_date_ends_while_the_machine_sleeps(house: House, error: ProviderError) -> None:
    asked = seat(provider("gemini"))
    house.health.failed(house.health.begin(asked), error)
    sleep(house.clock, DAY_S + 1)
    assert house.health.why_not(asked) == ""


@pytest.mark.parametrize("error", [OverloadError(), RateError(retry_after_s=60)])
def test_what_lasts_for_a_while_heeds_no_clock_that_is_set(house: House, error: ProviderError) -> None:
    asked = seat(provider("gemini"))
    house.health.failed(house.health.begin(asked), error)
    sleep(house.clock, DAY_S)
    assert house.health.why_not(asked)
    set_back(house.clock, 2 * DAY_S)
    house.clock.advance(61)
    assert house.health.why_not(asked) == ""


@pytest.mark.parametrize("error", [QuotaError(), QuotaError(retry_after_s=3_600), AuthError(), BillingError()])
@pytest.mark.parametrize("restarts", [False, True])
def test_a_clock_that_is_set_back_shuts_nothing_for_longer(house: House, error: ProviderError, restarts: bool) -> None:
    asked = seat(provider("gemini"))
    house.health.failed(house.health.begin(asked), error)
    set_back(house.clock, DAY_S)
    if restarts:
        house.wake()
    house.clock.advance(DAY_S)
    assert house.health.why_not(asked) == ""


@pytest.mark.parametrize("restarts", [False, True])
def test_a_clock_that_is_set_back_brings_no_counted_day_back(house: House, restarts: bool) -> None:
    house.clock.epoch = 20_000 * DAY_S + 7_200 - (house.clock() - START_S)
    asked = seat(provider("gemini", overrides={"requests_per_day": 2}))
    house.health.begin(asked)
    house.health.begin(asked)
    assert "day" in house.health.why_not(asked)
    house.clock.advance(DAY_S)
    assert house.health.why_not(asked) == ""
    house.health.begin(asked)
    set_back(house.clock, DAY_S)
    if restarts:
        house.wake()
    assert house.health.why_not(asked) == ""
    house.health.begin(asked)
    house.health.begin(asked)
    assert "day" in house.health.why_not(asked)
    house.clock.advance(DAY_S)
    assert house.health.why_not(asked) == "", "a day later at the latest"


def test_the_counted_day_ends_while_the_machine_sleeps(house: House) -> None:
    asked = seat(provider("gemini", overrides={"requests_per_day": 1}))
    house.health.begin(asked)
    sleep(house.clock, DAY_S)
    assert house.health.why_not(asked) == ""
