"""What stands on a small monochrome display: cleaning, shortening, lines."""

from __future__ import annotations

import textwrap
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.routing.gate import BLURRED, TOO_BRIGHT, TOO_DARK
from app.core.routing.router import UNCLEAR
from app.core.text.plain_text import (
    LINE_CHARS,
    LINES,
    _cleaned,
    clean,
    doubted,
    fitted,
    lines,
    one_line,
    printable,
    shorten,
)

NEARLY_PLAIN = [*" \n-+>#=|:~.,;!?…'()[]&5aéß–“€°", "---", "](", "~~", "1. ", "- ", "  "]
CLEANED = [
    # the case of a real bug report (c_glyphs)
    ("**Café menu:** \u200b€4.50 \u2615\ufe0f, open until 22:00.\u001b[0m", "Café menu: €4.50, open until 22:00."),
    # Markdown
    ("**bold** and *soft* and __strong__ and _thin_", "bold and soft and strong and thin"),
    ("***both***", "both"),
    ("~~gone~~", "gone"),
    ("`code` and ``co`de``", "code and co`de"),
    ("# Title\n## Second", "Title\nSecond"),
    ("- one\n- two\n* three\n• four", "one\ntwo\nthree\nfour"),
    ("> quoted", "quoted"),
    ("```python\nprint(1)\n```", "print(1)"),
    ("[shop](https://example.org/a_b)", "shop"),
    ("![alt](x.png)", "alt"),
    ("1. first\n2. second", "1. first\n2. second"),
    # arithmetic, names and numbers are not markup
    ("2 * 3 * 4 = 24", "2 * 3 * 4 = 24"),
    ("2*3*4", "2*3*4"),
    ("a*b*c", "a*b*c"),
    ("2**10", "2**10"),
    ("snake_case_name", "snake_case_name"),
    ("a_1 + a_2", "a_1 + a_2"),
    ("~5 km", "~5 km"),
    ("#1 of 5", "#1 of 5"),
    ("- 5", "- 5"),
    ("-5 °C", "-5 °C"),
    ("> 50 km/h", "> 50 km/h"),
    ("x < 3 > y", "x < 3 > y"),
    ("3.5", "3.5"),
    ("was .5 l", "was .5 l"),
    ("10:30", "10:30"),
    ("[3, 4]", "[3, 4]"),
    ("f(x)[0]", "f(x)[0]"),
    # signs that the display can draw
    ("21 °C, ½ l, 5 € → gate ±2 × 3 ÷ 4 √9", "21 °C, ½ l, 5 € → gate ±2 × 3 ÷ 4 √9"),
    ("naïve Ωmega Привет 出口 ไทย", "naïve Ωmega Привет 出口 ไทย"),
    # emoji in all their forms
    ("Hi \U0001f44b\U0001f3fd there", "Hi there"),
    ("\U0001f468\u200d\U0001f469\u200d\U0001f467 family", "family"),
    ("\U0001f1e9\U0001f1ea flag", "DE flag"),
    ("press 5\ufe0f\u20e3", "press 5"),
    ("love \u2764\ufe0f.", "love."),
    ("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f England", "England"),
    # ANSI, control and format codes
    ("\x1b[1;31mred\x1b[0m", "red"),
    ("\x1b]8;;http://x\x07link\x1b]8;;\x07", "link"),
    ("a\x00b\x07c\x7f", "abc"),
    ("tab\there", "tab here"),
    ("a\u00a0b\u2009c\u3000d", "a b c d"),
    ("bi\u202edi\u202c", "bidi"),
    ("soft\u00adhyphen", "softhyphen"),
    ("\ufeffbom", "bom"),
    ("lone \ud83d surrogate\udc00", "lone surrogate"),
    # joiners that spell words stay
    ("می\u200cخواهم", "می\u200cخواهم"),  # noqa: RUF001 - Persian
    ("क्\u200dष", "क्\u200dष"),
    # blanks and lines
    ("  a   b  \n\n\n c ", "a b\nc"),
    ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
    ("Hello , world ! Yes ?", "Hello, world! Yes?"),
    ("Bonjour !", "Bonjour!"),
    ("He said : \"no .\"", "He said: \"no.\""),
    ("", ""),
    (" \n\t ", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "plain"), CLEANED)
def test_clean_leaves_plain_words(text: str, plain: str) -> None:
    assert clean(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("2**3 + 4**2", "2**3 + 4**2"),  # two powers look like bold: "23 + 42"
        ("```STOP```", "STOP"),  # a fence on one line swallows the answer whole
        ("-  5 °C", "- 5 °C"),  # two blanks: \s+ gives one back and the sign is taken for a bullet
        ("2 \\* 3", "2 * 3"),  # an escaped star
    ],
)
def test_clean_loses_no_words_and_no_signs(text: str, plain: str) -> None:
    assert clean(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("above\n---\nbelow", "above\nbelow"),
        ("above\n***\nbelow", "above\nbelow"),
        ("[a](http://x/ \"title\")", "a"),
        ("[wiki](https://x/a_(b))", "wiki"),
        ("\x1b(B\x1b[mdone", "done"),
        ("\x9b31mred", "red"),
        ("one\x0btwo\x85three", "one\ntwo\nthree"),
        ("a\U0001f469\u200d\U0001f467b", "ab"),
        ("\u25fe square", "square"),
        ("keys \u2328\ufe0f", "keys"),
        ("Wait ...", "Wait..."),
        ("What ?!", "What?!"),
        ("Salt ,pepper", "Salt,pepper"),
    ],
)  # fmt: skip
def test_clean_lets_no_markup_through(text: str, plain: str) -> None:
    assert clean(text) == plain


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=60))
def test_clean_never_fails_and_leaves_nothing_undrawable(text: str) -> None:
    plain = clean(text)
    assert clean(text) == plain
    for char in plain.replace("\n", "").replace("\u200c", "").replace("\u200d", ""):
        assert unicodedata.category(char)[0] != "C"
        assert not 0x1F000 <= ord(char) <= 0x1FAFF
    plain.encode()


@settings(max_examples=500)
@given(st.lists(st.sampled_from(NEARLY_PLAIN), max_size=14).map("".join))
def test_what_needs_no_cleaning_is_as_if_it_were_cleaned(text: str) -> None:
    assert clean(text) == _cleaned(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x07", "[31mred"), ("a\u202eb\u2066c\u200f", "abc"), ("one\n\ttwo", "one\n\ttwo"),
        ("\x9b2J", "2J"),
        ("Café 出口", "Café 出口"), ("bell\r", "bell"),
    ],
)  # fmt: skip
def test_what_is_printable_moves_no_terminal(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_one_line_joins_lines_by_blanks() -> None:
    assert one_line("One.\n\n- Two.\r\nThree.") == "One. Two. Three."


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("short", 120, "short"),
        ("exactly", 7, "exactly"),
        ("one two three", 10, "one two..."),
        ("one, two three", 8, "one..."),
        ("abcdefghijkl", 8, "abcde..."),
        ("whole text stays", 0, "whole text stays"),
        ("whole text stays", -1, "whole text stays"),
        ("abcdef", 3, "abc"),
        ("abcdef", 1, "a"),
        ("出口は左側にあります", 6, "出口は..."),
    ],
)
def test_shorten_cuts_between_words_and_ends_in_dots(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.integers(1, 60))
def test_shorten_never_exceeds_its_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit
    if len(text) <= limit:
        assert shorten(text, limit) == text


def test_lines_are_5_of_24_then_dots() -> None:
    rows = lines("word " * 60)
    assert len(rows) == LINES + 1
    assert rows[-1] == "..."
    assert all(len(row) <= LINE_CHARS for row in rows)


def test_five_full_lines_have_no_dots() -> None:
    assert lines("\n".join(["x" * 24] * 5)) == ["x" * 24] * 5


def test_a_long_word_is_broken_and_an_empty_text_has_no_lines() -> None:
    assert lines("y" * 30) == ["y" * 24, "y" * 6]
    assert lines("") == []


WORDS = st.text("abc\u51fa.!?-", min_size=1, max_size=30)
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from("    \n")), max_size=40).map(
    lambda parts: "".join(map("".join, parts)).strip()
)
CHARS = st.integers(20, 400)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_lines_are_as_long_as_words_allow(text: str) -> None:
    wrapped = [row for part in text.splitlines() for row in textwrap.wrap(part, LINE_CHARS, break_on_hyphens=False)]
    rows = [row.rstrip() for row in wrapped]
    assert lines(text) == (rows if len(rows) <= LINES else [*rows[:LINES], "..."])


@settings(max_examples=500, deadline=None)
@given(TEXTS, CHARS, st.sampled_from(["", "?"]))
def test_what_is_fitted_loses_nothing_to_the_display(text: str, chars: int, mark: str) -> None:
    short = fitted(text, chars, mark)
    assert len(short) <= chars
    assert len(lines(short)) <= LINES
    assert fitted(short, chars) == short
    if short != text + mark:
        assert short.endswith("..." + mark)
        assert text.startswith(short.removesuffix("..." + mark))
        assert len(text + mark) > chars or len(lines(text + mark)) > LINES


@settings(max_examples=500, deadline=None)
@given(st.lists(st.text("abc", min_size=1, max_size=11), min_size=1, max_size=60), st.integers(30, 400))
def test_fitting_cuts_between_words_and_no_more_than_it_must(words: list[str], chars: int) -> None:
    text = " ".join(words)
    short = fitted(text, chars)
    if short == text:
        return
    kept = short.removesuffix("...")
    assert text[len(kept)] == " "
    one_more = " ".join(words[: len(kept.split(" ")) + 1])
    longer = one_more if one_more == text else one_more + "..."
    assert len(longer) > chars or len(lines(longer)) > LINES


@pytest.mark.parametrize(
    ("text", "chars", "short"),
    [
        ("A red bus.", 120, "A red bus."),
        # 104 characters, but six lines: the display would cut the last words away
        (
            "Internationale Presse, Schreibwaren, Fahrkartenverkauf, Lotterieannahmestelle, Zeitschriften, Briefmarke",
            120,
            "Internationale Presse, Schreibwaren, Fahrkartenverkauf, Lotterieannahmestelle, Zeitschriften...",
        ),
        ("one\ntwo\nthree\nfour\nfive\nsix", 120, "one\ntwo\nthree\nfour\nfive..."),
        ("one\ntwo\nthree\nfour\nfive", 120, "one\ntwo\nthree\nfour\nfive"),
        ("\u51fa" * 121, 120, "\u51fa" * 117 + "..."),
        ("\u51fa" * 300, 400, "\u51fa" * 117 + "..."),
        ("Sign: " + "\u51fa" * 300, 120, "Sign: " + "\u51fa" * 111 + "..."),
        ("word " * 100, 0, "word " * 100),
    ],
)
def test_fitting(text: str, chars: int, short: str) -> None:
    assert fitted(text, chars) == short


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A red bus.", "A red bus?"),
        ("A red bus", "A red bus?"),
        ("A red bus?", "A red bus?"),
        ("Stop!", "Stop?"),
        ("What?!", "What?"),
        ("Milk, eggs...", "Milk, eggs...?"),
        ("\u51fa\u53e3\u3002", "\u51fa\u53e3?"),
        ('It says "no."', 'It says "no."?'),
        ("12.5", "12.5?"),
    ],
)
def test_doubt_takes_the_closing_signs_place(text: str, shown: str) -> None:
    assert doubted(text, 120) == doubted(text, 0) == shown
    assert doubted(shown, 120) == shown


@settings(max_examples=300, deadline=None)
@given(TEXTS, CHARS)
def test_a_doubted_text_ends_in_its_mark_and_fits(text: str, chars: int) -> None:
    shown = doubted(text, chars)
    assert shown.endswith("?")
    assert not shown.endswith(("??", "!?"))
    assert len(shown) <= chars
    assert len(lines(shown)) <= LINES


def test_doubt_makes_room_for_its_mark() -> None:
    full = " ".join(["abcd"] * 24)
    assert (len(full), len(lines(full))) == (119, LINES)
    assert fitted(full, 120) == full
    assert doubted(full, 120) == full + "?"
    assert doubted(full, 119) == " ".join(["abcd"] * 23) + "...?"


@pytest.mark.parametrize("hint", [TOO_DARK, TOO_BRIGHT, BLURRED, UNCLEAR, "Not sure what this is."])
def test_hints_fit_as_they_are(hint: str) -> None:
    assert fitted(hint, 120) == hint
    assert len(doubted(hint, 120)) <= len(hint) + 1
