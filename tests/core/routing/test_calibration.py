import itertools
import math
import random
import statistics
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.frame import KINDS
from app.core.routing.calibration import JUDGE, JUDGE_TRUST, LEAST, MOST, Calibration, calibrate
from app.core.routing.labels import Label, Signs
from tests.core.routing.claims import (
    FAR_OVER,
    HONEST,
    MODEST,
    OVER,
    WHO,
    Played,
    calibration_error,
    labels_of,
    played,
    sure_share,
    wrong_sure,
)  # fmt: skip

UNLABELLED = Calibration()
SEEDS = range(6)
CONFIDENCES = (0.0, 1e-300, 0.05, 0.2, 0.5, 0.72, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0)


def label(number: int = 0, is_right: float = 1.0, confidence: float | None = 0.9, **told: object) -> Label:
    return replace(Label(f"f{number}", "gemini", "m", confidence, Signs(), "thumb", is_right, 1.0), **told)


def trust(calibration: Calibration, confidence: float | None = 0.9, signs: Signs = Signs()) -> float:  # noqa: B008
    found = calibration.trust("gemini", "m", confidence, signs)
    assert found is not None
    return found


# --- without labels ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("confidence", CONFIDENCES)
def test_without_a_label_trust_is_the_confidence_to_the_bit(confidence):
    confirmed = Signs("maths", has_missing=True, needs_help=True, is_unrooted=True, witness=1.0, again=1.0)
    others = calibrate([label(at, 0.0, provider="qwen") for at in range(200)])
    assert trust(UNLABELLED, confidence) == confidence
    assert trust(UNLABELLED, confidence, confirmed) == confidence
    assert trust(others, confidence) == confidence
    assert calibrate([label(at, 0.0) for at in range(200)]).trust("gemini", "m-2", confidence, Signs()) == confidence


def test_what_says_nothing_of_itself_has_no_trust_until_labels_tell():
    assert UNLABELLED.trust("gemini", "m", None, Signs()) is None
    assert UNLABELLED.trust("gemini", "m", math.nan, Signs()) is None
    assert calibrate([label(at) for at in range(40)]).trust("gemini", "m", None, Signs()) is None
    assert trust(calibrate([label(at, 1.0, None) for at in range(300)]), None) > 0.8
    assert trust(calibrate([label(at, 0.0, None) for at in range(30)]), None) < 0.3


@pytest.mark.parametrize("signs", [Signs(witness=-1.0), Signs(again=-0.5), Signs(witness=-0.2, again=1.0)])
def test_evidence_that_contradicts_takes_from_the_confidence(signs):
    for confidence in CONFIDENCES[1:]:
        assert trust(UNLABELLED, confidence, signs) < confidence or confidence < LEAST


def test_a_judge_begins_with_a_trust_of_its_own():
    assert UNLABELLED.trust(JUDGE, "m", None, Signs()) == JUDGE_TRUST
    told = calibrate([label(at, float(at % 5 > 0), None, provider=JUDGE) for at in range(400)])
    assert told.trust(JUDGE, "m", None, Signs()) == pytest.approx(0.8, abs=0.04)


# --- with labels ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", WHO[:4], ids=lambda who: who.name)
@pytest.mark.parametrize("number", [0, 1, 5, 30, 100, 300])
def test_what_is_wrong_and_shown_as_sure_is_never_more_than_by_the_raw_cut(who: Played, number):
    claims = played(who, 2_000, 99)
    raw = wrong_sure(who, claims, UNLABELLED)
    for seed in SEEDS:
        assert wrong_sure(who, claims, calibrate(labels_of(who, played(who, number, seed)))) <= raw


def test_whom_labels_show_to_be_modest_is_sure_more_often_and_still_within_the_risk():
    claims = played(MODEST, 2_000, 99)
    shares = []
    for seed in SEEDS:
        told = calibrate(labels_of(MODEST, played(MODEST, 600, seed)))
        shares.append(sure_share(MODEST, claims, told))
        assert wrong_sure(MODEST, claims, told) <= 0.15 * shares[-1]
    assert statistics.mean(shares) > sure_share(MODEST, claims, UNLABELLED) + 0.1


@pytest.mark.parametrize(("who", "share"), [(OVER, 0.75), (FAR_OVER, 0.6)], ids=lambda one: getattr(one, "name", ""))
def test_thirty_labels_of_an_overconfident_provider_help(who: Played, share):
    claims = played(who, 2_000, 99)
    told = [calibrate(labels_of(who, played(who, 30, seed))) for seed in range(12)]
    assert statistics.mean(wrong_sure(who, claims, one) for one in told) <= share * wrong_sure(who, claims, UNLABELLED)


@pytest.mark.parametrize("who", WHO[:4], ids=lambda who: who.name)
def test_with_300_labels_trust_is_what_happens(who: Played):
    claims = played(who, 5_000, 99)
    errors = [calibration_error(who, claims, calibrate(labels_of(who, played(who, 300, seed)))) for seed in SEEDS]
    assert statistics.mean(errors) <= 0.04


@pytest.mark.parametrize("who", [OVER, HONEST], ids=lambda who: who.name)
def test_a_provider_that_drops_by_ten_points_is_known_by_200_labels(who: Played):
    dropped = replace(who, skill=who.skill - 0.5, claims=who.claims)
    then, now = played(who, 2_000, 99), played(dropped, 2_000, 98)
    before, after = [], []
    for seed in range(8):
        labels = labels_of(who, played(who, 1_500, seed))
        before.append(wrong_sure(who, then, calibrate(labels)))
        labels += labels_of(who, played(dropped, 200, seed), first=1_500)
        after.append(wrong_sure(who, now, calibrate(labels)))
    assert statistics.mean(after) <= statistics.mean(before) + 0.01


def test_what_is_right_by_its_signs_is_learned():
    rows = [(Signs(witness=1.0), 0.95), (Signs(), 0.7), (Signs(witness=-1.0), 0.3), (Signs("maths"), 0.4)] * 100
    rng = random.Random(1)
    told = calibrate([label(at, float(rng.random() < odds), 0.8, signs=one) for at, (one, odds) in enumerate(rows)])
    for signs, odds in rows[:4]:
        assert trust(told, 0.8, signs) == pytest.approx(odds, abs=0.12)


def test_the_owner_outweighs_an_audit_of_the_same_frame():
    thumbs = [label(at, 0.0) for at in range(20)]
    audits = [label(at, 1.0, source="audit", weight=0.5) for at in range(20)]
    assert calibrate(thumbs + audits).learned == calibrate(thumbs).learned == calibrate(audits + thumbs).learned


# --- bounded and sane -------------------------------------------------------------------------------------------------

_shares = st.floats(0, 1)
_signs = st.builds(
    Signs, st.sampled_from(KINDS), st.booleans(), st.booleans(), st.booleans(), st.floats(-1, 1), st.floats(-1, 1)
)
_any_number = st.floats(allow_nan=True, allow_infinity=True)
_labels = st.builds(
    Label,
    st.integers(0, 50).map(str), st.just("gemini"), st.just("m"), st.none() | _shares | _any_number, _signs,
    st.just("thumb"), _shares | _any_number, _shares | _any_number, _any_number,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_labels, max_size=60), st.integers(1, 8), _signs)
def test_trust_is_a_share_and_rises_with_confidence_whatever_was_labelled(labels, times, signs):
    told = calibrate([replace(one, frame_id=f"{one.frame_id}-{turn}") for turn in range(times) for one in labels])
    trusts = [trust(told, confidence, signs) for confidence in CONFIDENCES]
    assert all(a <= b + 1e-12 for a, b in itertools.pairwise(trusts))
    assert all(0.0 <= one <= 1.0 for one in trusts)
    if told.learned:
        assert all(LEAST <= one <= MOST for one in trusts)


@pytest.mark.parametrize("is_right", [0.0, 1.0])
def test_all_wrong_and_all_right_stay_within_bounds(is_right):
    told = calibrate([label(at, is_right, 0.8) for at in range(2_000)])
    assert trust(told, 0.8) == pytest.approx(MOST if is_right else LEAST, abs=0.04)


def test_labels_that_contradict_each_other_are_doubt():
    told = calibrate([label(at, float(at % 2), 0.95) for at in range(400)])
    assert trust(told, 0.95) == pytest.approx(0.5, abs=0.05)


def test_100_000_labels_of_an_attacker_count_as_many_as_are_kept_and_touch_no_other_provider():
    own = [label(at, 1.0, 0.9, provider="qwen") for at in range(50)]
    rng = random.Random(2)
    forged = [label(at, 1.0, 0.1, model=f"m{rng.randrange(10_000)}") for at in range(100_000)]
    told = calibrate(forged + own)
    assert len(told.learned) <= 64
    assert told.learned["qwen", "m"] == calibrate(own).learned["qwen", "m"]


@pytest.mark.slow
def test_10_000_labels_are_fitted_in_a_fifth_of_a_second():
    labels = [one for who in WHO for one in labels_of(who, played(who, 2_000, 1))]
    took_s = []
    for _ in range(3):
        started = time.process_time()
        calibrate(labels)
        took_s.append(time.process_time() - started)
    assert min(took_s) < 0.2
