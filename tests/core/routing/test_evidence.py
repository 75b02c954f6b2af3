"""What speaks for or against a claim: what the reader reads too, what was said before, and whether it has a root."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.frame import KINDS, Answer
from app.core.routing.cascade_run import CascadeRun
from app.core.routing.confidence import Claim
from app.core.routing.evidence import again, is_unrooted, says_the_same, signs_of, witness
from app.core.routing.labels import Signs
from app.core.routing.question import answer_question
from app.core.text.plain_text import fitted
from tests.core.actors import frame, picture

TEXTS = st.one_of(
    st.text(max_size=200),
    st.text(alphabet="0123456789 .,:-oOlI", max_size=200),
    st.sampled_from(["EXIT 12", "出口 12", "Gate B12", "8,50 €", "\u0301" * 20, "ﬁ²", "٣٤", ""]),
)


def said(answer: str, kind: Any = "text", seen: str = "") -> Claim:
    return Claim(answer, answer, kind=kind, seen=seen)


# --- witness ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        ("EXIT", "EXIT Main St"),
        ("The sign says EXIT.", "exit"),
        ("Emergency exit", "EMERGENCYEXIT"),
        ("Café Müller", "CAFE MULLER"),
        ("Straße gesperrt", "STRASSE GESPERRT"),
        ("Platform 12", "PLATF0RM 12"),
        ("Bill total", "8i11 totaI"),
        ("Gate B12", "GATEB12"),
        ("8.50 EUR", "PRICE8,50EUR"),
        ("12:30", "12.30"),
        ("105", "1O5"),
        ("+49 171 234 5678", "Tel 01 +49(171)2345678"),
        ("01712345678", "Tel. 0171 234 5678"),
        ("1,000 kg", "1000 kg"),
        ("29.11.2026", "29 11 2026"),
        ("5 dishes: Pasta 12.50, Pizza 8.90", "PASTA 12.50 PIZZA 8.90"),
        ("出口在左边", "出口在左边"),
        ("ﬁre \uff11\uff12", "FIRE 12"),
    ],
)
def test_what_the_reader_reads_too_speaks_for_an_answer(answer: str, read: str) -> None:
    assert witness(said(answer), read) > 0.4


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        ("Milk 3.50", "MILK 8.50 FRESH"),
        ("Platform 5", "PLATFORM 8"),
        ("Bus 42", "BUS 47"),
        ("Call 0171 234 5678", "Call 0171 234 5679"),
        ("Pasta 12.50, Pizza 8.90", "PASTA 12.50 PIZZA 9.80"),
        ("Room 12", "ROOM 120"),
    ],
)
def test_digits_that_nobody_reads_are_doubt(answer: str, read: str) -> None:
    assert witness(said(answer), read) < -0.3


def test_where_no_digit_was_read_the_doubt_is_less() -> None:
    assert witness(said("Room 12"), "Room 17") < witness(said("Room 12"), "ROOM") < 0


@pytest.mark.parametrize("read", ["", "   ", "...", "!?"])
def test_a_reader_that_read_nothing_tells_nothing(read: str) -> None:
    assert witness(said("Room 12"), read) == 0


@pytest.mark.parametrize("answer", ["", "Yes", "It says", "Вход", "..."])
def test_an_answer_without_words_that_could_be_read_tells_nothing(answer: str) -> None:
    assert witness(said(answer), "ENTRANCE 12") == 0


def test_words_that_are_not_read_are_no_doubt() -> None:
    assert witness(said("A bakery with fresh bread"), "OPEN MONDAY") == 0


def test_of_a_calculation_what_was_seen_is_looked_for_and_not_the_result() -> None:
    assert witness(said("x = 15", "maths", seen="3x + 5 = 50"), "3x + 5 = 50") > 0.9
    assert witness(said("x = 15", "maths", seen="3x + 5 = 50"), "3x + 5 = 80") < 0
    assert witness(said("x = 15", "maths"), "3x + 5 = 50") == 0


def test_of_a_translation_the_digits_are_looked_for() -> None:
    assert witness(said("Platform 12 is closed", "translate"), "GLEIS 12 GESPERRT") == 1
    assert witness(said("Platform 12 is closed", "translate"), "GLEIS 17 GESPERRT") == -1
    assert witness(said("Platform closed", "translate"), "GLEIS GESPERRT Platform") == 0


def test_a_scenes_numbers_may_be_counts() -> None:
    assert witness(said("12 people at a stop", "scene"), "BUS 47") == 0
    assert witness(said("A bus, line 47", "scene"), "LINE 47") > 0.4


def test_what_was_not_read_for_want_of_time_is_no_doubt() -> None:
    assert witness(said("Room 12"), "ROOM 17", is_whole=False) == 0
    assert witness(said("Room 12"), "ROOM 12", is_whole=False) == 1


def test_a_number_at_the_end_of_a_page_is_no_doubt_where_only_its_beginning_is_looked_at() -> None:
    page = f"ROOM 17 {'many words ' * 200}"
    assert witness(said("In all 4711"), f"{page} in all 4711") == 0


@given(answer=TEXTS, read=TEXTS, seen=TEXTS, kind=st.sampled_from(KINDS), is_whole=st.booleans())
def test_witness_lies_within_its_bounds(answer: str, read: str, seen: str, kind: Any, is_whole: bool) -> None:
    assert -1 <= witness(said(answer, kind, seen), read, is_whole=is_whole) <= 1


@given(answer=TEXTS)
def test_who_reads_the_very_answer_never_speaks_against_it(answer: str) -> None:
    assert witness(said(answer), answer) >= 0


@given(answer=TEXTS, read=TEXTS, more=TEXTS)
def test_who_reads_more_words_never_speaks_less_for_it(answer: str, read: str, more: str) -> None:
    before = witness(said(answer), read)
    if before > 0:
        assert witness(said(answer), f"{read} ; {more}") >= before


# --- again ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "now", "is_exact", "told"),
    [
        ("Room 12", "room 12.", True, 1),
        ("A red mug", "A red mug", False, 1),
        ("Room 12", "Room 17", True, -1),
        ("12", "Room 17", True, -1),
        ("12 EUR", "15 EUR", False, -1),
        ("3.50", "8.50", True, -1),
        ("Room 12", "Floor 3", True, 0),
        ("Room 12", "Room 12, floor 3", True, 0),
        ("A red mug", "A cup in red", False, 0),
        ("A dog lies 3 m away on the grass", "A dog lies 2 m away on the grass", False, 0),
        ("", "", True, 0),
        ("Exit", "Entrance", True, 0),
    ],
)
def test_what_was_said_a_moment_ago(last: str, now: str, is_exact: bool, told: float) -> None:
    assert again(last, now, is_exact=is_exact) == told
    assert again(now, last, is_exact=is_exact) == told


@given(last=TEXTS, now=TEXTS, is_exact=st.booleans())
def test_again_is_for_against_or_nothing_and_takes_no_side(last: str, now: str, is_exact: bool) -> None:
    told = again(last, now, is_exact=is_exact)
    assert told in (-1, 0, 1)
    assert told == again(now, last, is_exact=is_exact)


@given(text=TEXTS)
def test_nothing_contradicts_itself(text: str) -> None:
    assert again(text, text, is_exact=True) >= 0


# --- two vendors about one frame --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "kind", "same"),
    [
        ("Room 12", "room 12!", "text", True),
        ("EXIT", "The sign says EXIT.", "text", True),
        ("x = 5", "5", "maths", True),
        ("x = 5", "x = 7", "maths", False),
        ("EXIT", "ENTRANCE", "text", False),
        ("Total 12.50 EUR for pasta and salad", "Total 15.20 EUR for pasta and salad", "text", False),
        ("The menu lists pasta and pizza today", "Pizza, pasta and salad are offered", "text", None),
        ("A red mug", "A red mug.", "scene", True),
        ("A red mug", "A cup, red", "scene", None),
        ("12 EUR", "15 EUR", "scene", False),
        ("", "EXIT", "text", None),
        ("", "", "text", None),
        ("!", "?", "text", False),
    ],
)
def test_whether_two_say_the_same(one: str, other: str, kind: Any, same: bool | None) -> None:
    assert says_the_same(one, other, kind) is same
    assert says_the_same(other, one, kind) is same


@given(one=TEXTS, other=TEXTS, kind=st.sampled_from(KINDS))
def test_whether_two_say_the_same_takes_no_side(one: str, other: str, kind: Any) -> None:
    assert says_the_same(one, other, kind) is says_the_same(other, one, kind)


# --- unrooted ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "answer", "unrooted"),
    [
        ("a red stop sign at a junction", "STOP", False),
        ("two mugs on a desk", "A mug", False),
        ("ein Stoppschild", "Ein Stopp-Schild an der Straße", False),
        ("several signs", "The signs say no parking", False),
        ("price tag 3.50", "It costs 3.50", False),
        ("红色的出口标志", "出口", False),
        ("a coffee machine", "A grey cat", True),
        ("红色的出口", "一只黑猫", True),
        ("a cat", "location", True),
        ("a red mug", "Yes", False),
        ("a red mug", "Ja.", False),
        ("a red mug", "3", False),
        ("", "A grey cat", False),
        ("a coffee machine", "", False),
        ("красная кружка", "A red mug", False),
    ],
)
def test_an_answer_stands_on_what_was_seen(seen: str, answer: str, unrooted: bool) -> None:
    assert is_unrooted(said(answer, "scene", seen)) is unrooted


@pytest.mark.parametrize("kind", ["maths", "translate"])
def test_what_is_calculated_or_translated_has_other_words(kind: str) -> None:
    assert not is_unrooted(said("Closed today", kind, seen="heute geschlossen"))


@given(text=TEXTS, more=TEXTS)
def test_an_answer_that_repeats_what_was_seen_is_rooted(text: str, more: str) -> None:
    assert not is_unrooted(said(text, "scene", text))
    assert is_unrooted(said(text, "scene", more)) in (True, False)


# --- all of it --------------------------------------------------------------------------------------------------------


def course(**known: Any) -> CascadeRun:
    cascade = CascadeRun(frame(), picture(), answer_question(frame(), picture()), (), 0.0)
    for name, value in known.items():
        setattr(cascade, name, value)
    return cascade


def test_of_a_frame_of_which_nothing_is_known_the_claim_alone_tells() -> None:
    claim = Claim("Room 12", "Room 12", "text", needs_help=True, seen="a door", missing="the name")
    assert signs_of(claim, course()) == Signs("text", has_missing=True, needs_help=True, is_unrooted=True)
    assert signs_of(said("Room 12", seen="room 12"), course()) == Signs("text")


def test_what_was_read_and_what_was_answered_before_are_signs() -> None:
    read = Claim("On this computer: ROOM 12", "", "text", seen="ROOM 12")
    before = Answer("Room 17", "Room 17, it says", "ok", kind="text")
    assert signs_of(said("Room 12"), course(read=read, before=before)) == Signs("text", witness=1.0, again=-1.0)


def test_a_long_answer_was_cut_before_it_was_shown_and_is_the_same_all_the_same() -> None:
    text = "A long street with many houses " * 10
    shown = fitted(text, course().frame.profile.answer_chars)
    assert len(text) > len(shown)
    before = Answer(shown, text, "ok")
    assert signs_of(said(text.strip(), "scene"), course(before=before)).again == 1


# --- bad input --------------------------------------------------------------------------------------------------------

LONG = {
    "one digit": "7" * 8_000,
    "digits apart": "7 " * 4_000,
    "digits differ": " ".join(map(str, range(2_000))),
    "like digits": "o" * 8_000,
    "one word": "a" * 8_000,
    "words": " ".join(f"word{at}x" for at in range(900)),
    "points": "1." * 4_000,
    "blanks and digits": "1   " * 2_000,
    "chinese": "出口" * 4_000,
    "accents": "e" + "\u0301" * 7_999,
    "surrogates": "\ud800" * 8_000,
    "nul": "\x00" * 8_000,
    "signs of eighteen letters": "\ufdfa" * 8_000,
    "squared words": "\u3316" * 8_000,
    "telephones": "1 2,3:4-" * 1_000,
}
AT_MOST_S = 0.015
"""The loop may be held for 5 ms, and this computer may be three times as slow as another."""


def least_s(work: Callable[[], object]) -> float:
    """The CPU time of the quickest of three."""
    found = []
    for _ in range(3):
        started = time.thread_time()
        work()
        found.append(time.thread_time() - started)
    return min(found)


@pytest.mark.parametrize("one", LONG)
def test_the_longest_texts_take_no_time(one: str) -> None:
    for other in LONG.values():
        assert least_s(partial(witness, said(LONG[one]), other)) < AT_MOST_S
        assert least_s(partial(again, LONG[one], other, is_exact=True)) < AT_MOST_S
        assert least_s(partial(says_the_same, LONG[one], other, "text")) < AT_MOST_S
        assert least_s(partial(is_unrooted, said(LONG[one], "scene", other))) < AT_MOST_S


def test_of_a_text_without_end_the_beginning_is_looked_at() -> None:
    started = time.process_time()
    assert witness(said("12 exit " * 1_000_000), "12 exit " * 1_000_000) == 1
    assert time.process_time() - started < 0.1
