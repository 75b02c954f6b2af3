"""What a frame is about, before anybody has looked at it."""

from __future__ import annotations

import time

import pytest

from app.core.errors import EmptyReplyError
from app.core.frame import Kind
from app.core.routing.kind_guess import MUCH_TEXT_CHARS, Past, guess_kind, kind_in
from app.core.settings import DEFAULT_PROMPT
from tests.core.actors import House, frame, outcomes, provider, reader, says

TOLD: dict[Kind, tuple[str, ...]] = {
    "text": (
        "Read this", "Please read the sign to me.", "What does the sign say?", "What is written here?",
        "Transcribe the page", "What text is on the label?", "Lies mir das vor", "Kannst du das vorlesen?",
        "Was steht auf dem Schild?", "Was steht da geschrieben", "Was ist hier zu lesen?", "Lis le panneau", "Lee esto",
        "Leggi il cartello",
    ),
    "translate": (
        "Translate this", "Read the menu and translate it to English", "What does this say in English?",
        "A translation, please", "Übersetze das Schild", "Was heißt das auf Deutsch?", "Was heisst das auf Englisch",
        "Bitte ins Deutsche", "UEBERSETZEN", "Traduis le menu", "Traduce el menú",
    ),
    "maths": (
        "Solve the equation", "12 * 7 =", "What is x? 3+x=7", "x = ?", "Calculate the total", "Do the math",
        "Rechne das aus", "Wie viel ist 3 mal 4?", "Löse die Aufgabe", "Was kommt bei der Gleichung heraus?",
        "How much is 15 percent of 80", "Read the problem and solve it",
    ),
}  # fmt: skip
UNTOLD = (
    DEFAULT_PROMPT, "What is this?", "Was ist das?", "Describe the image in English", "Beschreibe das Bild auf Deutsch",
    "Is the red door open?", "What lies on the table?", "Ist das Glas leer?", "Wie viele Leute sind hier?",
    "How much is this?", "Who is reading?", "Ready?", "Wer steht vor mir?", "", "10:30",
)  # fmt: skip


@pytest.mark.parametrize(("kind", "prompt"), [(kind, prompt) for kind, told in TOLD.items() for prompt in told])
def test_a_question_says_what_it_wants(kind: Kind, prompt: str) -> None:
    assert kind_in(prompt) == kind
    assert kind_in(prompt.upper()) == kind


@pytest.mark.parametrize("prompt", UNTOLD)
def test_most_questions_do_not(prompt: str) -> None:
    assert kind_in(prompt) is None


def test_a_question_of_any_length_is_looked_at_in_no_time() -> None:
    for piece in ("was heißt ", "what does a ", "1 + ", "1", "über", " "):
        started = time.perf_counter()
        kind_in(piece * 4_000)
        assert time.perf_counter() - started < 0.05


def past(
    kind: Kind | None = None, read_chars: int = 0, prompt: str = "What is this?", *, is_scene: bool = False
) -> Past:
    return Past(prompt, kind, read_chars, is_scene, deadline=100.0)


def test_the_same_question_again_is_of_the_kind_it_was() -> None:
    assert guess_kind(frame("What is this?"), 110.0, past("maths")) == "maths"
    assert guess_kind(frame("Read this"), 110.0, past("maths", prompt="Read this")) == "text"
    assert guess_kind(frame("Who is this?"), 110.0, past("maths")) is None
    assert guess_kind(frame("What is this?"), 161.0, past("maths")) is None
    assert guess_kind(frame("What is this?"), 110.0, None) is None


def test_a_page_a_moment_ago_is_text_unless_somebody_said_otherwise() -> None:
    assert guess_kind(frame("What is this?"), 110.0, past(None, MUCH_TEXT_CHARS)) == "text"
    assert guess_kind(frame("And that?"), 110.0, past("scene", MUCH_TEXT_CHARS)) == "text"
    assert guess_kind(frame("What is this?"), 110.0, past("scene", MUCH_TEXT_CHARS)) == "scene"
    assert guess_kind(frame("What is this?"), 110.0, past(None, MUCH_TEXT_CHARS - 1)) is None


async def test_the_first_to_be_asked_is_the_one_for_what_the_question_wants(house: House) -> None:
    chain = [provider(name, says("Exit", 0.95, kind="translate")) for name in ("gemini", "qwen")]
    assert outcomes(await house.ask(*chain, frame=frame("Translate this"))) == [("qwen", "sure")]


async def test_a_guess_that_was_wrong_is_corrected_by_the_first_answer(house: House) -> None:
    house.set(cascade_judge=False)
    chain = [provider(name, says(name, 0.5, kind="scene")) for name in ("gemini", "chatgpt", "qwen", "deepseek")]
    got = await house.ask(*chain, frame=frame("Translate this"))
    assert [name for name, _ in outcomes(got)] == ["qwen", "gemini", "chatgpt", "deepseek"]


async def test_the_frame_before_decides_for_the_same_question_of_the_same_profile(house: House) -> None:
    chain = [provider(name, says("42", 0.95, kind="maths")) for name in ("gemini", "deepseek")]
    firsts = [
        (await house.ask(*chain, frame=one)).answered_by for one in (frame(), frame(), frame(profile_id=2), frame())
    ]
    assert firsts == ["gemini", "deepseek", "gemini", "deepseek"]


async def test_what_was_read_on_this_computer_makes_the_next_frame_text(house: House) -> None:
    house.set(order_text="chatgpt")
    text = "Gleis 4, Abfahrt nach Köln um 10:42 Uhr, fährt heute nicht"
    page = reader(says(f"Text: {text}", None, kind="text", seen=text))
    await house.ask(provider("gemini", EmptyReplyError()), page)
    chain = [provider(name, says("Gleis 4", 0.95)) for name in ("gemini", "chatgpt")]
    assert (await house.ask(*chain)).answered_by == "chatgpt"


async def test_things_seen_on_this_computer_make_the_next_frame_a_scene(house: House) -> None:
    house.set(order_scene="chatgpt")
    cup = reader(says("Looks like a cup of coffee", None, kind="scene", seen=""))
    await house.ask(provider("gemini", EmptyReplyError()), cup)
    chain = [provider(name, says("A cup", 0.95)) for name in ("gemini", "chatgpt")]
    assert (await house.ask(*chain)).answered_by == "chatgpt"
