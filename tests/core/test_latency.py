"""Percentiles are exact, bins move on with time, failures and the server's own share are kept apart."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import HungUp, NoAnswer, Superseded
from app.core.events import FrameAnswered, FrameCompleted, FrameFailed
from app.core.frame import Answer, Attempt
from app.core.latency import (
    DAY,
    HOUR,
    QUARTER,
    THREE_DAYS,
    CallTiming,
    FrameTiming,
    Latencies,
    Period,
    Series,
    percentile,
    timing_of,
)
from tests.core.actors import frame

NOW_S = 1_780_000_000.0
_numbers = st.lists(st.integers(0, 90_000))


def plain(values: list[int], percent: int) -> int | None:
    """The nearest rank as the textbook has it."""
    return sorted(values)[math.ceil(percent * len(values) / 100) - 1] if values else None


@given(st.lists(_numbers, max_size=12), st.sampled_from((1, 50, 95, 99, 100)))
def test_a_percentile_over_bins_is_that_of_all_their_values(bins: list[list[int]], percent: int) -> None:
    assert percentile([sorted(values) for values in bins], percent) == plain([*chain(*bins)], percent)


def test_a_percentile_of_few_values() -> None:
    assert percentile([[7]], 50) == percentile([[7]], 95) == 7
    assert (percentile([[1, 2, 3, 4]], 50), percentile([[1, 2, 3, 4]], 95)) == (2, 4)
    assert percentile([list(range(1, 21))], 95) == 19
    assert percentile([], 50) is None
    assert percentile([[], []], 95) is None


@given(st.lists(st.tuples(st.floats(0, 899), st.integers(0, 9_000)), min_size=1))
def test_whatever_the_order_of_arrival_bins_and_whole_are_exact(calls: list[tuple[float, int]]) -> None:
    series = Series(15)
    for at_s, latency_ms in calls:
        series.add(NOW_S + at_s, latency_ms)
        series.bins()  # what was counted once must not stand in the way of what comes
    assert series.whole().p95_ms == plain([latency_ms for _, latency_ms in calls], 95)
    for timing in series.bins():
        inside = [ms for at_s, ms in calls if timing.start_s <= NOW_S + at_s < timing.start_s + 15]
        assert (timing.answered, timing.p50_ms, timing.p95_ms) == (len(inside), plain(inside, 50), plain(inside, 95))


def test_failures_count_by_kind_and_leave_the_times_alone() -> None:
    series = Series(15)
    for latency_ms in (100, 300):
        series.add(NOW_S, latency_ms)
    for word in ("timeout", "rate", "timeout"):
        series.fail(NOW_S, word)
    (timing,) = series.bins()
    assert (timing.p50_ms, timing.p95_ms, timing.failures) == (100, 300, {"timeout": 2, "rate": 1})
    whole = series.whole()
    assert (whole.calls, whole.failed, whole.failure_share, whole.failures) == (5, 3, 0.6, timing.failures)
    series.fail(NOW_S, "auth")
    assert series.bins()[0].failures["auth"] == 1, "a bin that was told already counts on"


def test_a_series_of_failures_alone_has_no_percentiles() -> None:
    series = Series(15)
    series.fail(NOW_S, "auth")
    assert series.bins()[0].p50_ms is None
    assert (series.whole().p50_ms, series.whole().p95_ms, series.whole().failure_share) == (None, None, 1.0)
    assert series.whole().start_s == series.bins()[0].start_s


def test_periods_are_whole_numbers_of_bins() -> None:
    for period in (QUARTER, HOUR, DAY, THREE_DAYS):
        assert period.length_s % period.width_s == 0
        since_s = period.since_s(NOW_S)
        assert since_s % period.width_s == 0
        assert NOW_S - period.length_s < since_s <= NOW_S - period.length_s + period.width_s
    assert Period(60, 20).since_s(100) == 60, "a bin that begins now is the newest"


def test_what_the_period_no_longer_reaches_is_forgotten() -> None:
    latencies = Latencies(QUARTER)
    latencies.add(
        FrameTiming(
            "f1", NOW_S - 800, "ok", 1_010, (CallTiming("gemini", "sure", 1_000), CallTiming("qwen", "auth", 5))
        )
    )
    latencies.add(FrameTiming("f2", NOW_S, "ok", 520, (CallTiming("gemini", "sure", 500),)))
    latencies.move_to(NOW_S)
    assert latencies.providers["gemini"].whole().answered == 2
    assert [timing.answered for timing in latencies.own.bins()] == [1, 1]
    latencies.move_to(NOW_S + 120)
    assert set(latencies.providers) == {"gemini"}, "of qwen nothing is left"
    assert latencies.providers["gemini"].whole().p95_ms == 500
    assert latencies.own.whole().p50_ms == 20


def test_calls_are_told_by_how_they_ended() -> None:
    latencies = Latencies(QUARTER)
    calls = (
        CallTiming("gemini", "unsure", 400),
        CallTiming("qwen", "skipped", 0),
        CallTiming("deepseek", "timeout", 6_000),
        CallTiming("gemini", "judged", 900),
    )
    latencies.add(FrameTiming("f1", NOW_S, "ok", 7_350, calls))
    assert set(latencies.providers) == {"gemini", "deepseek"}
    assert latencies.providers["gemini"].whole().answered == 2
    assert latencies.providers["deepseek"].whole().failures == {"timeout": 1}
    assert latencies.own.whole().p50_ms == 50, "the server's own is what its calls do not account for"


def test_frames_that_only_waited_say_nothing_of_the_server() -> None:
    latencies = Latencies(QUARTER)
    for code in ("superseded", "hung_up", "stopping"):
        latencies.add(FrameTiming(code, NOW_S, code, 5_000))
    assert latencies.own.bins() == ()
    latencies.add(FrameTiming("odd", NOW_S, "ok", 10, (CallTiming("gemini", "sure", 12),)))
    assert latencies.own.whole().p50_ms == 0, "rounding makes no negative time"
    photo = FrameTiming("photo", NOW_S, "ok", 1_930, (CallTiming("gemini", "sure", 900, 1_900),), 1_920)
    assert photo.overhead_ms is None, "it waited for the long form"
    assert replace(photo, latency_ms=930).overhead_ms == 30
    at_once = (CallTiming("qwen", "sure", 900), CallTiming("gemini", "cancelled", 1_900))
    assert FrameTiming("hedged", NOW_S, "ok", 1_905, at_once).overhead_ms is None


def test_an_ended_frame_as_it_is_heard_of() -> None:
    attempts = (Attempt("gemini", "g-1", "unsure", 700), Attempt("qwen", "q-1", "skipped", why="no key"))
    one = frame()
    told = timing_of(FrameAnswered(one, Answer("A mug.", "", "degraded", latency_ms=730, attempts=attempts)))
    assert told == FrameTiming(
        "f1", one.received_at.timestamp(), "degraded", 730, (CallTiming("gemini", "unsure", 700),)
    )
    assert told.overhead_ms == 30
    failed = timing_of(FrameFailed(one, NoAnswer(attempts=attempts), 720))
    assert (failed.code, failed.overhead_ms) == ("no_answer", 20)
    for error in (Superseded(), HungUp()):
        assert timing_of(FrameFailed(one, error, 9_000)).overhead_ms is None


def test_what_comes_after_the_words_is_counted_when_it_comes() -> None:
    latencies, one = Latencies(QUARTER), frame()
    attempts = (Attempt("gemini", "g-1", "unsure", 700), Attempt("qwen", "q-1", "sure", 400))
    answer = Answer("A mug.", "A mug.", "ok", latency_ms=1_120, attempts=attempts)
    latencies.add(timing_of(FrameAnswered(one, answer)))
    assert latencies.frames.whole().p50_ms == 1_120
    assert latencies.frames.whole().whole_p50_ms is None
    late = (replace(attempts[0], whole_ms=1_500), replace(attempts[1], whole_ms=900))
    latencies.complete(timing_of(FrameCompleted(one, replace(answer, attempts=late, whole_ms=1_620))))
    gemini = latencies.providers["gemini"].whole()
    assert (gemini.calls, gemini.p50_ms, gemini.whole_p50_ms, gemini.whole_p95_ms) == (1, 700, 1_500, 1_500)
    assert latencies.providers["qwen"].bins()[0].whole_p50_ms == 900
    assert latencies.frames.bins()[0].whole_p95_ms == 1_620
    latencies.move_to(one.received_at.timestamp() + 2_000)
    latencies.complete(timing_of(FrameCompleted(one, replace(answer, attempts=late, whole_ms=1_620))))
    assert not latencies.providers, "what comes for a frame of long ago counts nowhere"


def test_what_had_come_with_the_words_is_not_counted_again() -> None:
    """The rest of an unsure reply came while the next one was asked; then an audit is added to the frame."""
    latencies, one = Latencies(QUARTER), frame()
    attempts = (Attempt("gemini", "g-1", "unsure", 700, whole_ms=1_500), Attempt("qwen", "q-1", "sure", 2_000))
    answer = Answer("A mug.", "A mug.", "ok", latency_ms=2_720, attempts=attempts)
    latencies.add(timing_of(FrameAnswered(one, answer)))
    late = (attempts[0], replace(attempts[1], whole_ms=2_900), Attempt("chatgpt", "c-1", "audited", 400))
    latencies.complete(timing_of(FrameCompleted(one, replace(answer, attempts=late, whole_ms=3_620))))
    other = replace(one, frame_id="f2")
    first = replace(answer, attempts=(Attempt("gemini", "g-1", "sure", 700),))
    latencies.add(timing_of(FrameAnswered(other, first)))
    late = (replace(first.attempts[0], whole_ms=900),)
    latencies.complete(timing_of(FrameCompleted(other, replace(first, attempts=late, whole_ms=920))))
    assert latencies.providers["gemini"].whole().whole_p50_ms == 900, "of 900 and 1,500, each counted once"
    assert latencies.frames.whole().whole_p50_ms == 920


def test_what_comes_through_a_door_is_no_wait_for_the_glasses() -> None:
    calls = (CallTiming("gemini", "sure", 860, 960),)
    seen = Latencies(HOUR)
    seen.add(FrameTiming("f1", 1_000.0, "ok", 900, calls, 1_000))
    seen.add(FrameTiming("f2", 1_001.0, "ok", 9_000, calls, 9_000, door="openai"))
    frames = seen.frames.whole()
    assert (frames.answered, frames.p95_ms, frames.whole_p95_ms) == (1, 900, 1_000)
    assert seen.providers["gemini"].whole().answered == 2


def test_only_frames_that_ended_in_words_are_waited_for() -> None:
    latencies = Latencies(QUARTER)
    for code in ("ok", "degraded", "bad_frame", "no_answer", "superseded"):
        latencies.add(FrameTiming(code, NOW_S, code, 100))
    assert latencies.frames.whole().answered == 3
