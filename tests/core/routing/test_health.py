"""May this provider be asked now? Cooldowns, the one probe, pacing, quota, and what outlives a restart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.core.errors import (
    AuthError,
    BadReplyError,
    BadRequestError,
    BillingError,
    BlockedError,
    CallTimeoutError,
    EmptyReplyError,
    ImageRejectedError,
    ModelGoneError,
    NoVisionError,
    OverloadError,
    ProviderError,
    QuotaError,
    RateError,
    RegionError,
    Repair,
    TruncatedError,
    UntrustedError,
)
from app.core.events import ProviderLightChanged
from app.core.provider import Learned, Seat
from app.core.routing.health import Ticket, key_id
from tests.core.actors import Clock, House, provider, seat

PACIFIC = "America/Los_Angeles"
SHORT = [OverloadError, UntrustedError, CallTimeoutError, BadReplyError]


@pytest.fixture
def gemini() -> Seat:
    return seat(provider("gemini", reset_zone=PACIFIC))


def fail(house: House, of: Seat, error: ProviderError) -> None:
    house.health.failed(house.health.begin(of), error)


def cooled_s(house: House, of: Seat, *, at_most: float = 10_000) -> float:
    """How long ``of`` is left alone from now, to 1 ms; leaves the clock at that moment. Not for pacing."""
    started = house.clock()
    assert house.health.why_not(of)
    low, high = 0.0, at_most
    while high - low > 0.0005:
        middle = (low + high) / 2
        house.clock.moved_s += started + middle - house.clock()
        low, high = (middle, high) if house.health.why_not(of) else (low, middle)
    house.clock.moved_s += started + high - house.clock()
    return high


def changed(of: Seat, **config: object) -> Seat:
    """The same provider, set up anew."""
    asked = replace(of.provider, overrides={**of.provider.overrides, **config})  # type: ignore[type-var, attr-defined]
    return Seat(asked, of.key)


# --- the table of error words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [OverloadError, CallTimeoutError, BadReplyError, RateError])
def test_the_first_overload_timeout_unreadable_body_or_bare_429_cools_5_s(
    house: House, gemini: Seat, error: type[ProviderError]
) -> None:
    fail(house, gemini, error())
    assert cooled_s(house, gemini) == pytest.approx(5, abs=0.01)


def test_failures_in_a_row_cool_5_15_30_60_120_240_300_300_s(house: House, gemini: Seat) -> None:
    steps = []
    for number in range(9):
        fail(house, gemini, SHORT[number % 3]())
        steps.append(round(cooled_s(house, gemini)))
    assert steps == [5, 15, 30, 60, 120, 240, 300, 300, 300]


def test_a_success_starts_the_row_anew(house: House, gemini: Seat) -> None:
    for _ in range(3):
        fail(house, gemini, OverloadError())
        cooled_s(house, gemini)
    house.health.succeeded(house.health.begin(gemini))
    assert house.health.why_not(gemini) == ""
    fail(house, gemini, OverloadError())
    assert cooled_s(house, gemini) == pytest.approx(5, abs=0.01)


@pytest.mark.parametrize("asked_s", [1, 20, 46, 3_000])
def test_a_429_cools_for_what_the_reply_asks(house: House, gemini: Seat, asked_s: float) -> None:
    fail(house, gemini, RateError(retry_after_s=asked_s))
    assert cooled_s(house, gemini) == pytest.approx(asked_s, abs=0.01)


def test_a_429_that_asks_for_nothing_has_a_floor(house: House, gemini: Seat) -> None:
    fail(house, gemini, RateError(retry_after_s=0))
    assert cooled_s(house, gemini) > 0


def test_billing_cools_10_min_then_probes(house: House, gemini: Seat) -> None:
    fail(house, gemini, BillingError())
    assert house.light("gemini") == "no_credit"
    assert cooled_s(house, gemini) == pytest.approx(600, abs=0.01)
    assert house.health.begin(gemini).is_probe
    assert house.health.why_not(gemini)


def test_a_billing_probe_that_fails_cools_10_min_more(house: House, gemini: Seat) -> None:
    for _ in range(3):
        fail(house, gemini, BillingError())
        assert cooled_s(house, gemini) == pytest.approx(600, abs=0.01)


@pytest.mark.parametrize("error", [AuthError, RegionError, lambda: ModelGoneError(is_certain=True)])
def test_auth_region_and_a_model_that_is_gone_are_told_and_probed_after_10_min_1_h_and_every_6_h(
    house: House, gemini: Seat, error: Callable[[], ProviderError]
) -> None:
    steps = []
    for _ in range(4):
        fail(house, gemini, error())
        assert house.light("gemini") in {"key_refused", "error"}
        steps.append(round(cooled_s(house, gemini, at_most=100_000)))
        assert house.health.why_not(gemini) == ""
    assert steps == [600, 3_600, 21_600, 21_600]


def test_a_404_that_no_list_bears_out_cools_as_an_overload(house: House, gemini: Seat) -> None:
    for expected in (5, 15, 30):
        fail(house, gemini, ModelGoneError())
        assert house.light("gemini") == "cooling"
        assert cooled_s(house, gemini) == pytest.approx(expected, abs=0.01)


def test_a_model_that_its_list_lacks_is_told_and_probed_after_10_min_1_h_and_every_6_h(
    house: House, gemini: Seat
) -> None:
    for expected in (600, 3_600, 21_600):
        fail(house, gemini, ModelGoneError())
        house.health.model_is_gone(gemini, "gemini-1", "gemini-2")
        told = house.of(ProviderLightChanged)[-1]
        assert (told.light, told.sentence) == (
            "error", "gemini does not list gemini-1. Choose another one, such as gemini-2."
        )  # fmt: skip
        assert cooled_s(house, gemini, at_most=100_000) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("meanwhile", ["set anew", "found ready", "probing"])
def test_what_a_late_list_says_no_longer_counts(house: House, gemini: Seat, meanwhile: str) -> None:
    fail(house, gemini, ModelGoneError())
    now = changed(gemini, revision=1) if meanwhile == "set anew" else gemini
    house.clock.advance(5)
    probe = house.health.begin(now)
    if meanwhile == "found ready":
        house.health.succeeded(probe)
    before = house.health.why_not(now)
    house.health.model_is_gone(gemini, "gemini-1", "")
    assert house.health.why_not(now) == before
    assert house.memory.kept == {}


@pytest.mark.parametrize("error", [AuthError, RegionError])
def test_the_row_of_a_lasting_word_goes_on_over_a_restart(
    house: House, gemini: Seat, error: type[ProviderError]
) -> None:
    for expected in (600, 3_600, 21_600):
        fail(house, gemini, error())
        house.wake()
        assert house.light("gemini") == "key_refused", "told again"
        assert cooled_s(house, gemini, at_most=100_000) == pytest.approx(expected, abs=0.01)
    house.health.succeeded(house.health.begin(gemini))
    assert house.memory.kept == {}


@pytest.mark.parametrize(
    "error", [BlockedError, TruncatedError, EmptyReplyError, ImageRejectedError, BadRequestError, NoVisionError]
)
def test_what_says_nothing_of_health_cools_nothing(house: House, gemini: Seat, error: type[ProviderError]) -> None:
    fail(house, gemini, error())
    assert house.health.why_not(gemini) == ""
    assert house.memory.kept == {}


@pytest.mark.parametrize("error", [BlockedError, TruncatedError, EmptyReplyError, ImageRejectedError])
def test_a_probe_that_was_blocked_or_empty_shows_that_the_provider_is_back(
    house: House, gemini: Seat, error: type[ProviderError]
) -> None:
    fail(house, gemini, OverloadError())
    cooled_s(house, gemini)
    fail(house, gemini, error())
    assert house.health.why_not(gemini) == ""
    assert not house.health.begin(gemini).is_probe


# --- quota: the provider's midnight -----------------------------------------------------------------------------------


def at(clock: Clock, *moment: int, zone: str = PACIFIC) -> None:
    clock.epoch = datetime(*moment, tzinfo=ZoneInfo(zone)).timestamp()  # type: ignore[misc, arg-type]
    clock.moved_s = 0.0


@pytest.mark.parametrize(
    ("moment", "hours"),
    [
        ((2026, 11, 25, 15, 30), 8.5),
        ((2026, 11, 25, 0, 0), 24.0),
        ((2026, 3, 8, 0, 30), 22.5),  # clocks go forward at 2:00: a day of 23 hours
        ((2026, 3, 8, 12, 0), 12.0),
        ((2026, 11, 1, 0, 30), 24.5),  # clocks go back at 2:00: a day of 25 hours
        ((2026, 3, 7, 23, 30), 0.5),
        ((2026, 12, 31, 18, 0), 6.0),
    ],
)
def test_a_daily_quota_cools_until_midnight_pacific(
    house: House, gemini: Seat, moment: tuple[int, ...], hours: float
) -> None:
    at(house.clock, *moment)
    fail(house, gemini, QuotaError())
    assert cooled_s(house, gemini, at_most=100_000) == pytest.approx(hours * 3600, abs=0.01)


def test_midnight_is_the_providers_own_not_utc(house: House) -> None:
    qwen = seat(provider("qwen"))
    at(house.clock, 2026, 11, 25, 23, 0, zone="UTC")
    fail(house, qwen, QuotaError())
    assert cooled_s(house, qwen) == pytest.approx(3600, abs=0.01)


def test_a_quota_that_names_its_reset_is_taken_at_its_word(house: House, gemini: Seat) -> None:
    fail(house, gemini, QuotaError(retry_after_s=86_400))
    assert cooled_s(house, gemini, at_most=100_000) == pytest.approx(86_400, abs=0.01)


# --- the one probe ----------------------------------------------------------------------------------------------------


def test_after_a_cooldown_one_frame_probes_while_the_others_pass_by(house: House, gemini: Seat) -> None:
    fail(house, gemini, OverloadError())
    cooled_s(house, gemini)
    assert house.health.why_not(gemini) == ""
    probe = house.health.begin(gemini)
    assert probe.is_probe
    assert house.health.why_not(gemini)
    house.health.succeeded(probe)
    assert house.health.why_not(gemini) == ""
    assert not house.health.begin(gemini).is_probe


def test_an_abandoned_probe_lets_the_next_frame_probe(house: House, gemini: Seat) -> None:
    fail(house, gemini, OverloadError())
    cooled_s(house, gemini)
    house.health.abandoned(house.health.begin(gemini))
    assert house.health.why_not(gemini) == ""
    assert house.health.begin(gemini).is_probe


def test_an_abandoned_call_cools_nothing(house: House, gemini: Seat) -> None:
    house.health.abandoned(house.health.begin(gemini))
    assert house.health.why_not(gemini) == ""


def test_a_healthy_provider_is_asked_by_any_number_at_once(house: House, gemini: Seat) -> None:
    tickets = [house.health.begin(gemini) for _ in range(5)]
    assert not any(ticket.is_probe for ticket in tickets)
    assert house.health.why_not(gemini) == ""


def test_calls_under_way_together_fail_as_one(house: House, gemini: Seat) -> None:
    tickets = [house.health.begin(gemini) for _ in range(4)]
    house.clock.advance(6)
    for ticket in tickets:
        house.health.failed(ticket, CallTimeoutError())
        house.clock.advance(0.01)
    assert cooled_s(house, gemini) == pytest.approx(5, abs=0.01)
    fail(house, gemini, CallTimeoutError())
    assert cooled_s(house, gemini) == pytest.approx(15, abs=0.01)


def test_a_short_failure_never_shortens_a_longer_cooldown(house: House, gemini: Seat) -> None:
    one, other = house.health.begin(gemini), house.health.begin(gemini)
    house.clock.advance(1)
    house.health.failed(one, RateError(retry_after_s=60))
    house.health.failed(other, OverloadError())
    assert cooled_s(house, gemini) == pytest.approx(60, abs=0.01)


@pytest.mark.parametrize(
    ("lasting", "light"), [(AuthError, "key_refused"), (RegionError, "key_refused"), (BillingError, "no_credit")]
)
def test_a_short_failure_never_hides_what_the_owner_must_mend(
    house: House, gemini: Seat, lasting: type[ProviderError], light: str
) -> None:
    one, other = house.health.begin(gemini), house.health.begin(gemini)
    house.clock.advance(1)
    house.health.failed(one, lasting())
    house.clock.advance(5)
    house.health.failed(other, CallTimeoutError())
    assert lasting.word in house.health.why_not(gemini)
    assert house.light("gemini") == light


@pytest.mark.parametrize("error", [RateError(retry_after_s=60), QuotaError(), BillingError(), OverloadError()])
def test_a_reply_to_an_older_call_does_not_lift_a_newer_cooldown(
    house: House, gemini: Seat, error: ProviderError
) -> None:
    older, newer = house.health.begin(gemini), house.health.begin(gemini)
    house.clock.advance(1)
    house.health.failed(newer, error)
    house.clock.advance(1)
    house.health.succeeded(older)
    assert house.health.why_not(gemini)


# --- per key, per revision --------------------------------------------------------------------------------------------


def test_health_is_kept_per_provider_and_key(house: House, gemini: Seat) -> None:
    fail(house, gemini, AuthError())
    assert house.health.why_not(gemini)
    assert house.health.why_not(Seat(gemini.provider, "another key")) == ""
    assert house.health.why_not(seat(provider("qwen"), gemini.key)) == ""


def test_a_key_is_never_kept_only_a_short_hash(house: House, gemini: Seat) -> None:
    fail(house, gemini, AuthError())
    assert gemini.key not in repr(house.memory) + repr(house.heard) + repr(gemini)
    assert key_id("") == ""
    assert key_id("a") != key_id("b")


@pytest.mark.parametrize("error", [AuthError, RegionError, BillingError, QuotaError, ModelGoneError, OverloadError])
def test_a_new_revision_clears_a_providers_state(house: House, gemini: Seat, error: type[ProviderError]) -> None:
    fail(house, gemini, error())
    set_anew = changed(gemini, revision=1)
    assert house.health.why_not(set_anew) == ""
    assert house.memory.kept == {}
    assert house.light("gemini") == "ready"
    assert not house.health.begin(set_anew).is_probe


@pytest.mark.parametrize("end", ["succeeded", "failed", "abandoned"])
def test_a_late_end_of_the_old_set_up_says_nothing_of_the_new(house: House, gemini: Seat, end: str) -> None:
    old = house.health.begin(gemini)
    set_anew = changed(gemini, revision=1)
    fail(house, set_anew, AuthError())
    ends: dict[str, Callable[[Ticket], None]] = {
        "succeeded": house.health.succeeded,
        "failed": lambda ticket: house.health.failed(ticket, OverloadError()),
        "abandoned": house.health.abandoned,
    }
    ends[end](old)
    assert "auth" in house.memory.words
    assert house.health.why_not(set_anew)


# --- over a restart ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [AuthError, RegionError, BillingError, QuotaError])
def test_lasting_words_survive_a_restart(house: House, gemini: Seat, error: type[ProviderError]) -> None:
    fail(house, gemini, error())
    house.wake()
    assert error.word in house.health.why_not(gemini)


@pytest.mark.parametrize("error", [OverloadError(), CallTimeoutError(), BadReplyError(), RateError(retry_after_s=3000)])
def test_short_cooldowns_do_not_survive_a_restart(house: House, gemini: Seat, error: ProviderError) -> None:
    fail(house, gemini, error)
    house.wake()
    assert house.health.why_not(gemini) == ""


def test_billing_lasts_its_10_min_over_a_restart_then_probes(house: House, gemini: Seat) -> None:
    fail(house, gemini, BillingError())
    house.clock.advance(200)
    house.wake()
    assert cooled_s(house, gemini) == pytest.approx(400, abs=0.01)
    assert house.health.begin(gemini).is_probe


@pytest.mark.parametrize(
    ("error", "longest_s"), [(AuthError, 21_600), (RegionError, 21_600), (BillingError, 600), (QuotaError, 7 * 86_400)]
)
def test_no_end_that_was_saved_lasts_longer_than_one_made_here(
    house: House, gemini: Seat, error: type[ProviderError], longest_s: float
) -> None:
    fail(house, gemini, error())
    [(known, saved)] = house.memory.kept.items()
    house.memory.kept[known] = replace(saved, until=2.5e11)
    house.wake()
    assert cooled_s(house, gemini, at_most=1e9) == pytest.approx(longest_s, abs=1)


def test_a_cooldown_that_ended_while_the_program_was_off_is_probed(house: House, gemini: Seat) -> None:
    fail(house, gemini, QuotaError())
    house.clock.advance(90_000)
    house.wake()
    assert house.health.why_not(gemini) == ""
    house.health.succeeded(house.health.begin(gemini))
    assert house.memory.kept == {}


def test_a_provider_set_up_anew_while_off_is_not_cooled(house: House, gemini: Seat) -> None:
    fail(house, gemini, AuthError())
    house.wake()
    assert house.health.why_not(changed(gemini, revision=1)) == ""
    assert house.memory.kept == {}


@pytest.mark.parametrize("error", [BillingError, QuotaError])
def test_a_probe_that_works_is_forgotten_by_the_memory_too(
    house: House, gemini: Seat, error: type[ProviderError]
) -> None:
    fail(house, gemini, error())
    cooled_s(house, gemini, at_most=100_000)
    house.health.succeeded(house.health.begin(gemini))
    assert house.memory.kept == {}


def test_a_lasting_word_is_forgotten_even_after_a_probe_that_timed_out(house: House, gemini: Seat) -> None:
    fail(house, gemini, BillingError())
    cooled_s(house, gemini)
    fail(house, gemini, CallTimeoutError())
    cooled_s(house, gemini)
    house.health.succeeded(house.health.begin(gemini))
    assert house.memory.kept == {}


def test_learned_and_blind_survive_a_restart(house: House, gemini: Seat) -> None:
    lesson = Learned(blind=True, repairs=(Repair("max_tokens", "max_completion_tokens"),), successor="g-2")
    house.health.learn(gemini, lesson)
    house.wake()
    assert house.health.learned(gemini) == lesson
    assert house.health.why_not(gemini)


# --- blindness --------------------------------------------------------------------------------------------------------


def test_blindness_is_per_base_url_and_model(house: House, gemini: Seat) -> None:
    house.health.learn(gemini, Learned(blind=True))
    assert house.health.why_not(gemini)
    assert house.health.why_not(Seat(gemini.provider, "another key"))
    assert house.health.why_not(changed(gemini, model="gemini-2")) == ""
    assert house.health.why_not(changed(gemini, base_url="https://elsewhere.test")) == ""


def test_the_owner_is_told_to_choose_a_model_that_sees(house: House, gemini: Seat) -> None:
    house.health.learn(gemini, Learned(blind=True))
    told = house.of(ProviderLightChanged)[-1]
    assert (told.provider, told.light) == ("gemini", "blind")
    assert "gemini-1" in told.sentence
    assert "Choose" in told.sentence


def test_a_blind_model_is_never_shown_as_ready(house: House, gemini: Seat) -> None:
    fail(house, gemini, OverloadError())
    house.clock.advance(5)
    probe = house.health.begin(gemini)
    house.health.learn(gemini, Learned(blind=True))
    house.health.succeeded(probe)
    assert (house.light("gemini") == "ready") is (house.health.why_not(gemini) == "")


# --- pacing -----------------------------------------------------------------------------------------------------------


def test_over_its_requests_per_minute_means_skip(house: House, gemini: Seat) -> None:
    paced = changed(gemini, requests_per_minute=2)
    house.health.begin(paced)
    house.clock.advance(30)
    assert house.health.why_not(paced) == ""
    house.health.begin(paced)
    assert "minute" in house.health.why_not(paced)
    house.clock.advance(30)
    assert house.health.why_not(paced) == ""


def test_the_minute_is_jittered_upwards_only(house: House, gemini: Seat) -> None:
    house.jitter = 1.0
    paced = changed(gemini, requests_per_minute=1)
    house.health.begin(paced)
    house.clock.advance(60)
    assert "minute" in house.health.why_not(paced)
    house.clock.advance(6.001)
    assert house.health.why_not(paced) == ""


def test_pacing_counts_per_key(house: House, gemini: Seat) -> None:
    paced = changed(gemini, requests_per_minute=1, requests_per_day=1)
    house.health.begin(paced)
    assert house.health.why_not(paced)
    assert house.health.why_not(Seat(paced.provider, "another key")) == ""


def test_0_means_no_limit(house: House, gemini: Seat) -> None:
    for _ in range(500):
        house.health.begin(gemini)
    assert house.health.why_not(gemini) == ""


def test_over_its_requests_per_day_means_skip_until_the_providers_midnight(house: House, gemini: Seat) -> None:
    at(house.clock, 2026, 11, 25, 22, 0)
    paced = changed(gemini, requests_per_day=2)
    house.health.begin(paced)
    house.health.begin(paced)
    assert "day" in house.health.why_not(paced)
    house.clock.advance(7199)
    assert house.health.why_not(paced)
    house.clock.advance(1)
    assert house.health.why_not(paced) == ""


def test_the_days_count_survives_a_restart_and_a_new_revision(house: House, gemini: Seat) -> None:
    paced = changed(gemini, requests_per_day=2)
    house.health.begin(paced)
    house.wake()
    house.health.begin(paced)
    assert "day" in house.health.why_not(paced)
    house.wake()
    assert "day" in house.health.why_not(changed(paced, revision=5))


def test_failed_and_abandoned_calls_count_too(house: House, gemini: Seat) -> None:
    paced = changed(gemini, requests_per_day=2)
    house.health.abandoned(house.health.begin(paced))
    fail(house, paced, EmptyReplyError())
    assert "day" in house.health.why_not(paced)


def test_a_success_after_a_cooldown_keeps_the_minutes_count(house: House, gemini: Seat) -> None:
    paced = changed(gemini, requests_per_minute=2)
    fail(house, paced, RateError(retry_after_s=5))
    house.clock.advance(5)
    house.health.succeeded(house.health.begin(paced))
    assert "minute" in house.health.why_not(paced)


# --- lights -----------------------------------------------------------------------------------------------------------


def test_lights_tell_how_long_and_go_back_to_ready(house: House, gemini: Seat) -> None:
    fail(house, gemini, RateError(retry_after_s=20))
    told = house.of(ProviderLightChanged)[-1]
    assert (told.light, told.until_s) == ("cooling", pytest.approx(20))
    cooled_s(house, gemini)
    house.health.succeeded(house.health.begin(gemini))
    assert house.light("gemini") == "ready"


def test_every_cooling_word_has_a_light_and_a_sentence(house: House) -> None:
    for number, error in enumerate(
        [AuthError, RegionError, BillingError, RateError, QuotaError, ModelGoneError, *SHORT]
    ):
        fail(house, seat(provider(f"p{number}")), error())
        told = house.of(ProviderLightChanged)[-1]
        assert told.light != "ready"
        assert told.sentence.endswith(".")


def test_no_light_changes_while_all_is_well(house: House, gemini: Seat) -> None:
    house.health.succeeded(house.health.begin(gemini))
    assert house.of(ProviderLightChanged) == []


# --- what was used today ----------------------------------------------------------------------------------------------


def test_calls_of_all_keys_count_until_the_providers_own_midnight(house: House, gemini: Seat) -> None:
    other = Seat(gemini.provider, "another-key")
    for of in (gemini, gemini, other):
        house.health.succeeded(house.health.begin(of))
    assert house.health.calls_today(gemini.provider) == 3
    assert house.health.calls_today(provider("qwen")) == 0
    house.wake()
    assert house.health.calls_today(gemini.provider) == 3, "over a restart"
    cooled_to_midnight(house)
    assert house.health.calls_today(gemini.provider) == 0


def cooled_to_midnight(house: House) -> None:
    """Move to just after the next midnight in the Pacific zone."""
    now = datetime.fromtimestamp(house.clock.wall(), ZoneInfo(PACIFIC))
    house.clock.advance(86_401 - (now.hour * 3_600 + now.minute * 60 + now.second))


def test_what_is_left_of_the_day_is_that_of_the_key_with_the_fewest(house: House, gemini: Seat) -> None:
    assert house.health.quota_left(gemini.provider) is None, "no limit is known"
    paced = changed(gemini, requests_per_day=3)
    other = Seat(paced.provider, "another-key")
    assert house.health.quota_left(paced.provider) == 3
    for of in (paced, paced, other):
        house.health.succeeded(house.health.begin(of))
    assert house.health.quota_left(paced.provider) == 1
    house.health.begin(paced)
    house.health.begin(paced)
    assert house.health.quota_left(paced.provider) == 0


def test_a_used_up_quota_leaves_nothing_until_its_reset(house: House, gemini: Seat) -> None:
    fail(house, gemini, OverloadError())
    assert house.health.quota_left(gemini.provider) is None
    fail(house, gemini, QuotaError())
    assert house.health.quota_left(gemini.provider) == 0
    assert house.health.quota_left(provider("qwen")) is None
    cooled_to_midnight(house)
    assert house.health.quota_left(gemini.provider) is None


# --- what was learned is never for ever -------------------------------------------------------------------------------

WEEK_S = 7 * 86_400


@pytest.mark.parametrize("lesson", [Learned(successor="g-2"), Learned(blind=True), Learned(repairs=(Repair("n"),))])
@pytest.mark.parametrize("restarts", [False, True])
def test_what_was_learned_ends_after_a_week(house: House, gemini: Seat, lesson: Learned, restarts: bool) -> None:
    house.health.learn(gemini, lesson)
    house.clock.advance(WEEK_S - 1)
    house.health.learn(gemini, lesson)
    if restarts:
        house.wake()
    assert house.health.learned(gemini) == lesson
    house.clock.advance(1)
    assert house.health.learned(gemini) == Learned()
    assert house.health.why_not(gemini) == ""


def test_what_was_learned_ends_with_any_change_of_the_provider(house: House, gemini: Seat) -> None:
    house.health.learn(gemini, Learned(successor="g-2"))
    set_anew = changed(gemini, revision=1)
    assert house.health.learned(set_anew) == Learned()
    house.health.learn(set_anew, Learned(successor="g-3"))
    house.health.learn(gemini, Learned(successor="a late word"))
    assert house.health.learned(set_anew) == Learned(successor="g-3")


@pytest.mark.parametrize("restarts", [False, True])
def test_a_week_passes_in_sleep_and_a_clock_that_is_set_back_lengthens_none(
    house: House, gemini: Seat, restarts: bool
) -> None:
    house.health.learn(gemini, Learned(blind=True))
    house.clock.epoch -= 86_400
    if restarts:
        house.wake()
    house.clock.advance(WEEK_S)
    assert house.health.learned(gemini) == Learned()
    house.health.learn(gemini, Learned(blind=True))
    house.clock.epoch += WEEK_S
    assert house.health.learned(gemini) == Learned()


def test_a_certificate_of_nobody_known_is_told_beside_its_light(house: House, gemini: Seat) -> None:
    fail(house, gemini, UntrustedError())
    assert house.health.why_not(gemini) == "cooling down after overload"
    light = house.health.lights()["gemini"]
    assert (light.light, light.until_s) == ("cooling", 5.0)
    assert "certificate" in str(light.sentence)


def test_a_changed_set_up_is_told_as_ready_at_once(house: House, gemini: Seat) -> None:
    fail(house, gemini, AuthError())
    house.health.renew(gemini.provider.config)
    assert house.light("gemini") == "key_refused"
    house.health.renew(changed(gemini, revision=1).provider.config)
    assert house.light("gemini") == "ready"
    assert house.memory.kept == {}


def test_a_blind_model_is_told_again_after_a_restart_and_ready_when_it_was_asked_after_a_week(
    house: House, gemini: Seat
) -> None:
    house.health.learn(gemini, Learned(blind=True))
    house.wake()
    house.health.renew(gemini.provider.config)
    assert house.light("gemini") == "blind"
    house.clock.advance(WEEK_S)
    house.health.succeeded(house.health.begin(gemini))
    assert house.light("gemini") == "ready"
