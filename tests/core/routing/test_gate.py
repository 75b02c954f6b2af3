"""What never needs a provider: a hint for a picture that shows nothing, and the same answer for the same picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app.core.frame import Answer, Attempt, Frame, Kind, Picture
from app.core.provider import Seat
from app.core.routing.gate import BLURRED, TOO_BRIGHT, TOO_DARK, hint_for, looks_same
from tests.core.actors import DARK, House, frame, measures, picture, provider, seats

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


CHAIN = seats(provider("gemini"), provider("qwen"))


def check(house: House, seen: Frame, shown: Picture, chain: tuple[Seat, ...] = CHAIN) -> Answer | None:
    return house.gate.check(seen, shown, chain)


def remember(house: House, seen: Frame, shown: Picture, answered: Answer) -> None:
    house.gate.remember(seen, shown, CHAIN, answered)


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
    got = check(house, frame(), picture(**seen))
    assert got is not None
    assert (got.code, got.answered_by, got.attempts, got.reused) == ("bad_frame", "", (), False)
    assert got.text == got.full_text != ""


def hinted(house: House, count: int, seen: dict[str, Any]) -> list[bool]:
    return [check(house, frame(), picture(**seen)) is not None for _ in range(count)]


def test_after_two_hints_running_the_next_frame_is_asked(house: House) -> None:
    assert hinted(house, 7, DARK) == [True, True, False, True, True, False, True]


def test_different_hints_run_together(house: House) -> None:
    ways = [check(house, frame(), picture(**seen)) is not None for seen in (DARK, WHITE, BLUR, DARK)]
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
    assert check(house, other, picture(**DARK)) is not None


# --- reuse ------------------------------------------------------------------------------------------------------------


def test_a_sure_answer_is_reused_and_says_so(house: House) -> None:
    remember(house, frame(), picture(), answer())
    got = check(house, frame(frame_id="f2"), picture())
    assert got is not None
    assert got.reused
    assert (got.text, got.full_text, got.code, got.answered_by, got.confidence) == (
        "A mug", "A red mug", "ok", "qwen", 0.9,
    )  # fmt: skip
    assert got.attempts == ()


@pytest.mark.parametrize("outcome", ["unsure", "judged"])
def test_only_sure_answers_are_reused(house: House, outcome: str) -> None:
    remember(house, frame(), picture(), answer(outcome))
    assert check(house, frame(), picture()) is None


def test_an_agreed_a_merged_and_a_degraded_answer_are_not_reused(house: House) -> None:
    for other in (answer("unsure", code="degraded"), answer("unsure"), answer(answered_by="judge")):
        remember(house, frame(), picture(), other)
        assert check(house, frame(), picture()) is None


def test_text_is_never_reused_translate_and_maths_are(house: House) -> None:
    for kind, reused in (("text", False), ("translate", True), ("maths", True)):
        remember(house, frame(), picture(), answer(kind=kind))  # type: ignore[arg-type]
        assert (check(house, frame(), picture()) is not None) is reused


def test_another_prompt_is_not_reused(house: House) -> None:
    remember(house, frame("What is this?"), picture(), answer())
    assert check(house, frame("What is that?"), picture()) is None
    assert check(house, frame("What is this?"), picture()) is not None


def test_another_profiles_answer_is_not_reused(house: House) -> None:
    remember(house, frame(), picture(), answer())
    assert check(house, frame(profile_id=2, username="bob"), picture()) is None


def test_reuse_ends_5_s_after_the_first_answer_however_often_it_was_reused(house: House) -> None:
    remember(house, frame(), picture(), answer())
    for _ in range(5):
        house.clock.advance(0.99)
        assert check(house, frame(), picture()) is not None
    house.clock.advance(0.06)
    assert check(house, frame(), picture()) is None


@pytest.mark.parametrize(("reuse_s", "after_s", "reused"), [(0.0, 0.0, False), (30.0, 29.0, True), (1.0, 1.5, False)])
def test_reuse_s_is_a_setting_and_0_is_off(house: House, reuse_s: float, after_s: float, reused: bool) -> None:
    house.set(gate_reuse_s=reuse_s)
    remember(house, frame(), picture(), answer())
    house.clock.advance(after_s)
    assert (check(house, frame(), picture()) is not None) is reused


def test_a_newer_unsure_answer_ends_the_reuse_of_the_older(house: House) -> None:
    remember(house, frame(), picture(), answer())
    remember(house, frame(), picture(), answer("unsure"))
    assert check(house, frame(), picture()) is None


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
    remember(house, frame(), picture(), answer())
    assert check(house, frame(), picture(grid=bytes([143]) * 3072)) is not None


def test_drift_counts_from_the_first_picture_not_from_the_last_reused_one(house: House) -> None:
    remember(house, frame(), picture(), answer())
    assert check(house, frame(), picture(grid=grid(c5=140))) is not None
    assert check(house, frame(), picture(grid=grid(c5=150))) is None


# --- what decides an answer -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "chain",
    [
        seats(provider("gemini")),
        seats(provider("qwen"), provider("gemini")),
        seats(provider("gemini"), provider("qwen", overrides={"model": "another"})),
        seats(provider("gemini"), provider("qwen", overrides={"base_url": "https://elsewhere.test/v1"})),
        seats(provider("gemini"), provider("qwen", overrides={"enabled": False})),
        (CHAIN[0], replace(CHAIN[1], key="another")),
        (CHAIN[0], replace(CHAIN[1], key="", is_key_locked=True)),
    ],
)
def test_a_changed_chain_provider_or_key_ends_the_reuse(house: House, chain: tuple[Seat, ...]) -> None:
    remember(house, frame(), picture(), answer())
    assert check(house, frame(), picture(), chain) is None
    assert check(house, frame(), picture()) is not None


@pytest.mark.parametrize(
    "changed", [{"risk_scene": 0.05}, {"risk_exact": 0.01}, {"answer_chars": 60}, {"chain": ("qwen", "gemini")}]
)
def test_a_changed_cut_or_profile_ends_the_reuse(house: House, changed: dict[str, Any]) -> None:
    remember(house, frame(), picture(), answer())
    other = replace(frame(), profile=replace(frame().profile, **changed))
    assert check(house, other, picture()) is None


def test_a_changed_setting_of_the_cascade_ends_the_reuse(house: House) -> None:
    remember(house, frame(), picture(), answer())
    house.set(cascade_judge=False)
    assert check(house, frame(), picture()) is None


def test_that_the_phone_was_seen_again_does_not(house: House) -> None:
    remember(house, frame(), picture(), answer())
    seen = replace(frame(), profile=replace(frame().profile, last_seen_at=datetime.now(UTC)))
    assert check(house, seen, picture()) is not None
