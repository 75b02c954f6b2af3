"""What is seen and read becomes a sentence in the question's language, and answers what it can answer."""

from __future__ import annotations

import pytest

from app.core.settings import DEFAULT_PROMPT
from app.providers.sight.phrases import Findings, answer, described, intent_of, language_of
from app.providers.sight.statements import Statement
from app.providers.sight.vocabulary import PERSON, words


def seen(*names: str) -> tuple[Statement, ...]:
    return tuple(Statement(words()[name], 1, 0.9) for name in names)


def people(count: int) -> Statement:
    return Statement(words()[PERSON], count, 1.0)


CUP = seen("a cup of coffee")
CARD = Findings(CUP, "MENU", ("QR code: https://example.org/menu",), ("orange", "white"))


@pytest.mark.parametrize(
    ("findings", "question", "expected"),
    [
        (CARD, DEFAULT_PROMPT, "A cup of coffee. Text: MENU. QR code: https://example.org/menu"),
        (CARD, "Was ist das?", "Eine Tasse Kaffee. Text: MENU. QR code: https://example.org/menu"),
        (Findings(CUP), "", "Looks like a cup of coffee"),
        (Findings(CUP), "Was siehst du?", "Sieht aus wie eine Tasse Kaffee"),
        (Findings(text="EXIT"), "What is this?", "Text: EXIT"),
        (Findings(seen("a cup", "a spoon", "bread")), "", "Looks like a cup, a spoon and bread"),
        (Findings(seen("a dog", "a cat")), "Beschreibe das Bild",
         "Sieht aus wie ein Hund und eine Katze"),
        (Findings((people(3), *seen("a bench"))), "", "Looks like at least three people and a bench"),
        (Findings((people(2),)), "Wie viele Personen sind hier?", "Mindestens zwei Personen"),
        (Findings((people(14),)), "How many people are there?", "At least 14 people"),
        (Findings(CUP), "How many people are there?", "No person found"),
        (Findings((people(1),)), "Is there anybody?", "A person"),
        (Findings((Statement(words()["an orange"], 4, 0.9),)), "", "Looks like oranges"),
        (Findings((Statement(words()["bread"], 2, 0.9),)), "", "Looks like bread"),
        (CARD, "What colour is this?", "A cup of coffee. Mostly orange and white"),
        (Findings(colours=("blue",)), "Welche Farbe hat das?", "Vor allem blau"),
        (CARD, "Read this", "Text: MENU. QR code: https://example.org/menu"),
        (Findings(CUP), "Was steht da?", "Kein Text gefunden. Sieht aus wie eine Tasse Kaffee"),
        (Findings(CUP), "Is this healthy?", "Looks like a cup of coffee. Questions cannot be answered offline"),
        (Findings(CUP), "Kann ich das trinken?",
         "Sieht aus wie eine Tasse Kaffee. Fragen lassen sich offline nicht beantworten"),
        (Findings(), "Is this healthy?", ""),
        (Findings(), "", ""),
        (Findings(), "Read it", "No text found"),
        (Findings(text="A page", is_looked_at=False), "How many people are there?",
         "Text: A page. Questions cannot be answered offline"),  # it may show people all the same
        (Findings(is_looked_at=False), "Ist da jemand?", ""),
    ],
)  # fmt: skip
def test_answers(findings: Findings, question: str, expected: str) -> None:
    assert answer(findings, question) == expected


def test_a_long_text_stands_last() -> None:
    long = Findings(CUP, "word " * 20, ("Bar code: 42",))
    assert answer(long, "").startswith("A cup of coffee. Bar code: 42. Text: word")


def test_the_things_alone() -> None:
    assert described(CUP, "Was ist das?") == "Eine Tasse Kaffee"
    assert described((), "") == ""


@pytest.mark.parametrize(
    ("question", "language"),
    [("What is this?", "en"), ("Was ist das", "de"), ("Lies vor", "de"), ("", "en"), ("42?", "en"), ("Größe?", "de"),
     ("Is the dog in the car?", "en"), ("What was that?", "en"), ("Was it open?", "en"),
     ("Translate this into German", "en"), ("Did the plant die?", "en"), ("What is in my den?", "en"),
     ("Where is the Café Müller?", "en"), ("What lies ahead?", "en"), ("Lies die Karte", "de"), ("Wo bin ich?", "de")],
)  # fmt: skip
def test_the_language_is_the_questions(question: str, language: str) -> None:
    assert language_of(question) == language


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        (DEFAULT_PROMPT, "describe"), ("What do my glasses see?", "describe"), ("What's in front of me", "describe"),
        ("Beschreibe, was vor mir ist", "describe"), ("How many people?", "people"), ("Ist da jemand?", "people"),
        ("What color is it?", "colours"), ("What does the sign say?", "read"), ("Read this", "read"),
        ("Ist jemand da?", "people"), ("What lies on the table?", "other"), ("Lies die Karte", "read"),
        ("Translate this", "other"), ("Why?", "other"), ("Is it ready?", "other"),
    ],
)  # fmt: skip
def test_what_a_question_wants(question: str, intent: str) -> None:
    assert intent_of(question) == intent


def test_every_word_can_be_said_in_both_languages() -> None:
    for word in words().values():
        for count in (1, 3):
            for question in ("", "Was ist das?"):
                assert described((Statement(word, count, 0.9),), question).strip()
