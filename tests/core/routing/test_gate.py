"""What never needs a provider: a hint for a picture that shows nothing, and the same answer for the same picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.core.frame import Answer, Attempt, Kind
from app.core.routing.gate import BLURRED, TOO_BRIGHT, TOO_DARK, hint_for, looks_same
from tests.core.actors import DARK, House, frame, measures, picture

WHITE = {"brightness": 254.0, "bright_share": 1.0, "sharpness": 0.5}
BLUR = {"sharpness": 2.0, "grid": bytes([60]) * 1536 + bytes([200]) * 1536}
"""No edge, yet light and shade in the large."""


def answer(outcome: str = "sure", kind: Kind = "scene", **changed: Any) -> Answer:
    attempts = (Attempt("gemini", "g-1", "overload"), Attempt("qwen", "q-1", outcome, confidence=0.9))
    return replace(Answer("A mug", "A red mug", "ok", "qwen", 0.9, kind, attempts=attempts), **changed)


def grid(**cells: int) -> bytes:
    """Mid grey but for ``c17=143``: byte 17."""
    made = bytearray([128]) * 3072
    for name, value in cells.items():
        made[int(name[1:])] = value
    return bytes(made)


# --- hints ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "hint"),
    [
        (DARK, TOO_DARK),
        (WHITE, TOO_BRIGHT),
        (BLUR, BLURRED),
        ({}, ""),
        (BLUR | {"sharpness": 10.0}, ""),
        (DARK | {"sharpness": 496.0}, ""),  # white writing on black
        (WHITE | {"sharpness": 300.0}, ""),  # a printed page
        ({"sharpness": 2.0}, ""),  # a plain wall
    ],
)
def test_dark_white_or_blurred_gives_a_hint(seen: dict[str, Any], hint: str) -> None:
    assert hint_for(measures(**seen)) == hint


@pytest.mark.parametrize("seen", [DARK, WHITE, BLUR])
def test_a_hint_is_a_bad_frame_with_no_provider_paid(house: House, seen: dict[str, Any]) -> None:
    got = house.gate.check(frame(), picture(**seen))
    assert got is not None
    assert (got.code, got.answered_by, got.attempts, got.reused) == ("bad_frame", "", (), False)
    assert got.text == got.full_text != ""


def hinted(house: House, count: int, seen: dict[str, Any]) -> list[bool]:
    return [house.gate.check(frame(), picture(**seen)) is not None for _ in range(count)]


def test_after_two_hints_running_the_next_frame_is_asked(house: House) -> None:
    assert hinted(house, 7, DARK) == [True, True, False, True, True, False, True]


def test_different_hints_run_together(house: House) -> None:
    ways = [house.gate.check(frame(), picture(**seen)) is not None for seen in (DARK, WHITE, BLUR, DARK)]
    assert ways == [True, True, False, True]


def test_a_good_frame_starts_the_row_anew(house: House) -> None:
    assert hinted(house, 2, DARK) == [True, True]
    assert hinted(house, 1, {}) == [False]
    assert hinted(house, 3, DARK) == [True, True, False]


@pytest.mark.parametrize(
    ("hints", "ways"), [(0, [False] * 4), (1, [True, False, True, False]), (3, [True] * 3 + [False])]
)
def test_the_number_of_hints_is_a_setting_and_0_is_never(house: House, hints: int, ways: list[bool]) -> None:
    house.set(gate_hints=hints)
    assert hinted(house, 4, DARK) == ways


def test_hints_run_per_profile(house: House) -> None:
    assert hinted(house, 2, DARK) == [True, True]
    other = frame(profile_id=2, username="bob")
    assert house.gate.check(other, picture(**DARK)) is not None


# --- reuse ------------------------------------------------------------------------------------------------------------


def test_a_sure_answer_is_reused_and_says_so(house: House) -> None:
    house.gate.remember(frame(), picture(), answer())
    got = house.gate.check(frame(frame_id="f2"), picture())
    assert got is not None
    assert got.reused
    assert (got.text, got.full_text, got.code, got.answered_by, got.confidence) == (
        "A mug", "A red mug", "ok", "qwen", 0.9,
    )  # fmt: skip
    assert got.attempts == ()


@pytest.mark.parametrize("outcome", ["unsure", "judged"])
def test_only_sure_answers_are_reused(house: House, outcome: str) -> None:
    house.gate.remember(frame(), picture(), answer(outcome))
    assert house.gate.check(frame(), picture()) is None


def test_an_agreed_a_merged_and_a_degraded_answer_are_not_reused(house: House) -> None:
    for other in (answer("unsure", code="degraded"), answer("unsure"), answer(answered_by="judge")):
        house.gate.remember(frame(), picture(), other)
        assert house.gate.check(frame(), picture()) is None


def test_text_is_never_reused_translate_and_maths_are(house: House) -> None:
    for kind, reused in (("text", False), ("translate", True), ("maths", True)):
        house.gate.remember(frame(), picture(), answer(kind=kind))  # type: ignore[arg-type]
        assert (house.gate.check(frame(), picture()) is not None) is reused


def test_another_prompt_is_not_reused(house: House) -> None:
    house.gate.remember(frame("What is this?"), picture(), answer())
    assert house.gate.check(frame("What is that?"), picture()) is None
    assert house.gate.check(frame("What is this?"), picture()) is not None


def test_another_profiles_answer_is_not_reused(house: House) -> None:
    house.gate.remember(frame(), picture(), answer())
    assert house.gate.check(frame(profile_id=2, username="bob"), picture()) is None


def test_reuse_ends_5_s_after_the_first_answer_however_often_it_was_reused(house: House) -> None:
    house.gate.remember(frame(), picture(), answer())
    for _ in range(5):
        house.clock.advance(0.99)
        assert house.gate.check(frame(), picture()) is not None
    house.clock.advance(0.06)
    assert house.gate.check(frame(), picture()) is None


@pytest.mark.parametrize(("reuse_s", "after_s", "reused"), [(0.0, 0.0, False), (30.0, 29.0, True), (1.0, 1.5, False)])
def test_reuse_s_is_a_setting_and_0_is_off(house: House, reuse_s: float, after_s: float, reused: bool) -> None:
    house.set(gate_reuse_s=reuse_s)
    house.gate.remember(frame(), picture(), answer())
    house.clock.advance(after_s)
    assert (house.gate.check(frame(), picture()) is not None) is reused


def test_a_newer_unsure_answer_ends_the_reuse_of_the_older(house: House) -> None:
    house.gate.remember(frame(), picture(), answer())
    house.gate.remember(frame(), picture(), answer("unsure"))
    assert house.gate.check(frame(), picture()) is None


@pytest.mark.parametrize(
    ("cells", "same"),
    [
        ({}, True),
        ({"c17": 128 + 15}, True),  # 5.9 % of 255
        ({"c17": 128 - 15}, True),
        ({"c17": 128 + 16}, False),  # 6.3 %
        ({"c17": 128 - 16}, False),
        ({"c0": 144}, False),
        ({"c1": 144}, False),
        ({"c3071": 144}, False),
    ],
)
def test_no_cell_may_differ_by_more_than_6_percent_in_any_of_r_g_b(cells: dict[str, int], same: bool) -> None:
    assert looks_same(measures(grid=grid()), measures(grid=grid(**cells))) is same


def test_all_cells_may_differ_by_6_percent(house: House) -> None:
    house.gate.remember(frame(), picture(), answer())
    assert house.gate.check(frame(), picture(grid=bytes([143]) * 3072)) is not None


def test_drift_counts_from_the_first_picture_not_from_the_last_reused_one(house: House) -> None:
    house.gate.remember(frame(), picture(), answer())
    assert house.gate.check(frame(), picture(grid=grid(c5=140))) is not None
    assert house.gate.check(frame(), picture(grid=grid(c5=150))) is None
