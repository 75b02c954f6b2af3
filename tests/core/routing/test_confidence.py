"""What counts as sure, how a self-assessment is read, and when two answers are the same."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from app.core.errors import EmptyReplyError
from app.core.frame import Profile
from app.core.provider import Reply
from app.core.routing.confidence import (
    Claim,
    agree,
    is_sure,
    joint_trust,
    read_claim,
    what_is_certain,
)
from tests.core.actors import profile, says


def claim(**fields: Any) -> Any:
    return read_claim(Reply("", {"answer": "A mug", **fields}))


def sure(of: Claim, by: Profile) -> bool:
    """As long as nothing was learned: trust is the confidence."""
    return is_sure(of, of.confidence, by)


@pytest.mark.parametrize(
    ("kind", "confidence", "enough"),
    [
        ("scene", 0.80, True),
        ("scene", 0.79, False),
        ("translate", 0.80, True),
        ("translate", 0.79, False),
        ("text", 0.90, True),
        ("text", 0.89, False),
        ("maths", 0.90, True),
        ("maths", 0.89, False),
    ],
)
def test_the_cut_is_080_and_090_for_text_and_maths(kind: str, confidence: float, enough: bool) -> None:
    assert sure(claim(kind=kind, confidence=confidence), profile()) is enough


def test_the_profiles_own_cuts_count() -> None:
    strict = profile(risk_scene=0.05, risk_exact=0.5)
    assert not sure(claim(confidence=0.94), strict)
    assert sure(claim(confidence=0.95), strict)
    assert sure(claim(kind="text", confidence=0.5), strict)


def test_needs_help_is_never_sure() -> None:
    assert not sure(claim(confidence=1, needs_help=True), profile())


def test_unknown_confidence_is_never_sure_even_at_a_cut_of_0() -> None:
    assert not sure(claim(needs_help=False), profile(risk_scene=1.0))


def test_a_picture_that_is_not_ok_is_never_sure() -> None:
    assert not sure(claim(confidence=1, image_ok=False), profile())


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (0, 0.0), (0.0, 0.0), (0.85, 0.85), (1, 1.0), (1.0, 1.0), ("0.85", 0.85), (" 0.85 ", 0.85),
        (85, 0.85), ("85", 0.85), (85.0, 0.85), ("85%", 0.85), ("85 %", 0.85), ("95%", 0.95), (100, 1.0), ("100%", 1.0),
        ("1%", 0.01), ("0%", 0.0), ("87.5%", 0.875),
        (1.5, None), (-0.1, None), (-85, None), (101, None), ("101%", None), ("-5%", None), (1e9, None),
        ("high", None), ("", None), (None, None), (True, None), (False, None), ([0.9], None), ({"value": 0.9}, None),
        (float("nan"), None), (float("inf"), None), ("nan", None), ("inf", None), ("nan%", None), ("%", None),
    ],
)  # fmt: skip
def test_confidence_is_read_as_a_share_or_a_percentage_else_unknown(said: Any, read: float | None) -> None:
    got = claim(confidence=said).confidence
    assert got == (None if read is None else pytest.approx(read))


@pytest.mark.parametrize(
    ("fields", "needs_help"),
    [
        ({"confidence": 0.9}, False),
        ({"confidence": 0.9, "needs_help": None}, False),
        ({"confidence": 0.9, "needs_help": True}, True),
        ({"confidence": 0.9, "needs_help": "true"}, True),
        ({"confidence": 0.9, "needs_help": "No"}, False),
        ({}, None),
        ({"confidence": "very"}, None),
        ({"needs_help": False}, False),
        ({"needs_help": True}, True),
    ],
)
def test_an_absent_needs_help_is_false_with_a_confidence_else_unknown(fields: dict[str, Any], needs_help: Any) -> None:
    assert claim(**fields).needs_help is needs_help


@pytest.mark.parametrize("said", [1, "1", "maybe", "partly"])
def test_a_needs_help_that_is_not_plainly_false_is_never_sure(said: Any) -> None:
    assert not sure(claim(confidence=0.99, needs_help=said), profile())


def test_image_ok_0_is_false() -> None:
    assert claim(confidence=0.9, image_ok=0).image_ok is False


def test_absent_fields_have_the_specified_defaults() -> None:
    got = claim()
    assert (got.kind, got.image_ok, got.confidence, got.needs_help) == ("scene", True, None, None)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("text", "text"),
        (" Maths ", "maths"),
        ("TRANSLATE", "translate"),
        ("poem", "scene"),
        (None, "scene"),
        (3, "scene"),
    ],
)
def test_an_unknown_kind_is_a_scene(said: Any, kind: str) -> None:
    assert claim(kind=said).kind == kind


def test_plain_prose_is_an_answer_of_unknown_confidence() -> None:
    got = read_claim(Reply("It is a red mug on a desk.\n"))
    assert (got.answer, got.confidence, got.needs_help) == ("It is a red mug on a desk.", None, None)
    assert not sure(got, profile())


@pytest.mark.parametrize("text", ["", "  \n", "\u200b", "\U0001f600"])
def test_a_reply_without_words_is_empty(text: str) -> None:
    for reply in (Reply(text), Reply("", {"answer": text, "confidence": 0.9})):
        with pytest.raises(EmptyReplyError):
            read_claim(reply)


@pytest.mark.parametrize("fields", [{}, {"confidence": 0.9}, {"answer": None}, {"answer": []}, {"answer": {}}])
def test_an_object_without_an_answer_is_empty(fields: dict[str, Any]) -> None:
    with pytest.raises(EmptyReplyError):
        read_claim(Reply("x", fields))


def test_a_bad_picture_needs_no_answer() -> None:
    got = read_claim(Reply("", {"image_ok": False}))
    assert (got.answer, got.image_ok) == ("", False)


def test_short_and_full_answer_stand_in_for_each_other() -> None:
    only_full = read_claim(Reply("", {"full_answer": "One.\nTwo."}))
    assert (only_full.answer, only_full.full_answer) == ("One. Two.", "One.\nTwo.")
    assert claim().full_answer == "A mug"


@pytest.mark.parametrize("short", [" ", "\U0001f600", "\u200b"])
def test_a_full_answer_stands_in_for_a_short_one_without_words(short: str) -> None:
    assert read_claim(Reply("", {"answer": short, "full_answer": "A mug"})).answer == "A mug"


def test_a_numeric_answer_is_an_answer() -> None:
    assert read_claim(Reply("", {"answer": 42})).answer == "42"
    assert read_claim(Reply("", {"answer": 0, "confidence": 1})).answer == "0"


def test_answers_are_cleaned_for_the_display() -> None:
    got = read_claim(says("**Café menu:** \u200b€4.50 \u2615\ufe0f, open until 22:00.\u001b[0m"))
    assert got.answer == "Café menu: €4.50, open until 22:00."


def test_an_honest_no_is_an_answer() -> None:
    got = read_claim(says("I can't see any lights switched on.", 0.9))
    assert got.answer == "I can't see any lights switched on."
    assert sure(got, profile())


# --- agreement --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("STOP!", "stop"),
        ("A red mug.", "a  red mug"),
        ("Straße", "STRASSE"),
        ("Café", "Cafe\u0301"),
        ("\uff26\uff35LL", "full"),
        ("'Exit', left", "exit left"),
        ("Gate 7", "gate 7."),
        ("T-shirt", "t shirt"),
        ("3.5", "3.5."),
        ("-5", "(-5)"),
        ("出口。", "出口"),
        ("Lines 1, 2", "lines 1 2"),
    ],
)
def test_answers_agree_whatever_their_case_punctuation_and_spaces(one: str, other: str) -> None:
    assert agree(one, other)
    assert agree(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3.5", "35"), ("-5", "5"), ("−5", "5"), ("10:30", "1030"), ("1/2", "12"), ("1,000", "1"), (".5", "5"),
        ("$5", "5"), ("5 °C", "-5 °C"), ("x=-5", "x=5"), ("1.2.3", "12.3"), ("x > 5", "x < 5"), ("2+3", "23"),
        ("A red mug", "A red cup"), ("gate 7", "gate 17"), ("", ""), ("!", "?"), ("...", "..."), ("résumé", "resume"),
    ],
)  # fmt: skip
def test_answers_that_differ_in_a_number_or_a_word_do_not_agree(one: str, other: str) -> None:
    assert not agree(one, other)
    assert not agree(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lines 1, 2", "Lines 12"),
        ("Rooms 1 2 3", "Rooms 12 3"),
        ("10–20", "1020"),
        ("10 - 20", "1020"),
        ("2*3", "23"),
        ("5'10", "510"),
        ("1 / 2", "12"),
        ("2³", "23"),
        ("10²", "102"),
        ("x = - 5", "x = 5"),
        ("–5 °C", "5 °C"),
    ],
)
def test_numbers_that_are_not_the_same_do_not_agree(one: str, other: str) -> None:
    assert not agree(one, other)


def test_agreement_is_never_a_similarity() -> None:
    long = "The sign says that the shop is open from nine in the morning until six in the evening on weekdays"
    assert not agree(long, f"{long} only")


def test_a_short_reply_quoted_amid_prose_is_never_sure() -> None:
    fields = {"answer": "YES", "confidence": 1.0, "needs_help": False}
    claim = read_claim(Reply(f"The sign says {fields}", fields, form="ends"))
    assert (claim.answer, claim.confidence, claim.needs_help) == ("YES", None, None)
    claim = read_claim(Reply(f"The sign says {fields}, I cannot tell.", fields, form="within"))
    assert (claim.answer, claim.confidence) == (f"The sign says {fields}, I cannot tell.", None)


@pytest.mark.parametrize("form", ["ends", "within"])
def test_a_whole_assessment_amid_words_is_an_answer_that_did_not_assess_itself(form: Literal["ends", "within"]) -> None:
    fields = {"seen": "a mug", "kind": "scene", "image_ok": True, "answer": "A mug", "confidence": 0.9}
    claim = read_claim(Reply(f"Here it is: {fields}", fields, form=form))
    assert (claim.answer, claim.confidence) == ("A mug", None)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (["Milk", "Eggs", 3], "Milk, Eggs, 3"), (True, "yes"), (False, "no"), ({"text": "A mug"}, "A mug"),
        ({"value": ["a", "b"]}, "a, b"), ({"colour": "red", "what": "mug"}, "red, mug"),
    ],
)  # fmt: skip
def test_an_answer_of_any_type_is_told_in_words(said: Any, told: str) -> None:
    assert claim(answer=said, full_answer="").answer == told


def test_an_answer_that_lost_signs_is_not_sure() -> None:
    got = claim(answer="Caf\ufffd 12", full_answer="")
    assert (got.answer, got.confidence, got.needs_help) == ("Caf 12", None, None)


def test_trust_and_not_the_confidence_is_held_against_the_cut() -> None:
    said = claim(confidence=0.95)
    assert not is_sure(said, 0.79, profile())
    assert not is_sure(said, None, profile())
    assert is_sure(said, 1 - 0.1 - 0.1, profile())


def test_who_does_not_assess_itself_is_never_sure_whatever_was_learned_of_it() -> None:
    for said in (claim(), claim(confidence=0.95, needs_help=True), claim(confidence=0.95, image_ok=False)):
        assert not is_sure(said, 0.99, profile(risk_scene=1.0))


def test_two_that_say_the_same_are_likelier_right_but_no_more_than_they_err_together() -> None:
    assert 0.8 < joint_trust(0.6, 0.7) < 0.85
    assert joint_trust(0.5, 0.4) < 0.6
    assert (joint_trust(0.0, 0.0), joint_trust(1.0, 1.0)) == (0.0, 1.0)
    for tenth in range(11):
        assert joint_trust(tenth / 10, 0.6) == pytest.approx(joint_trust(0.6, tenth / 10))


def test_what_is_certain_is_what_was_seen_and_what_could_not_be_made_out() -> None:
    assert what_is_certain(claim(seen="a sign", missing="too small to read.")) == "A sign. Too small to read."
    assert what_is_certain(claim(seen="a sign")) == what_is_certain(claim(missing="the date")) == ""
