"""From a model's words to fields: tolerant of form, never of missing content."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import EmptyReplyError, ProviderError, TruncatedError
from app.core.frame import Usage
from app.core.provider import Learned
from app.core.routing.question import SCHEMA
from app.providers import Client
from app.providers.reply import read_words
from tests import fakes
from tests.fakes import FakeProviders
from tests.providers.asking import KEY, QUESTION, VENDORS, provider

WANTED = SCHEMA["properties"]
MUG = {"answer": "A mug.", "confidence": 0.9}

FORMS: list[tuple[str, dict[str, Any]]] = [
    ('{"answer": "A mug.", "confidence": 0.9}', MUG),
    ('\ufeff{"answer": "A mug.", "confidence": 0.9}', MUG),
    ('```json\n{"answer": "A mug.", "confidence": 0.9}\n```', MUG),
    ('```\n{"answer": "A mug.", "confidence": 0.9}\n```', MUG),
    ('``` {"answer": "A mug.", "confidence": 0.9}```', MUG),
    ('```json\n{"answer": "A mug.", "confidence": 0.9}', MUG),
    ('Sure! Here it is: {"answer": "A mug.", "confidence": 0.9} Hope that helps {you}!', MUG),
    ("{'answer': 'A mug.', 'confidence': 0.9}", MUG),
    ('{"answer": "A mug.", "confidence": 0.9,}', MUG),
    ('{answer: "A mug.", confidence: 0.9}', MUG),
    ('{"answer": "A mug." "confidence": 0.9}', MUG),
    ("{\u201canswer\u201d: \u201cA mug.\u201d, \u201cconfidence\u201d: 0.9}", MUG),
    ('[{"answer": "A mug.", "confidence": 0.9}]', MUG),
    ('{"result": {"answer": "A mug.", "confidence": 0.9}}', MUG),
    (json.dumps(json.dumps(MUG)), MUG),
    ('<think>{"answer": "No, a cup"}</think>{"answer": "A mug.", "confidence": 0.9}', MUG),
    ('hm, a cup or {"answer": "?"}...</think>\n{"answer": "A mug.", "confidence": 0.9}', MUG),
    ('\u25c1think\u25b7hm\u25c1/think\u25b7{"answer": "A mug.", "confidence": 0.9}', MUG),
    ('{"answer": "draft", "seen": ""} Better: {"answer": "A mug.", "confidence": 0.9}', MUG),
    ("{'answer': 'It's 5 o'clock', 'needs_help': False, 'missing': None}",
     {"answer": "It's 5 o'clock", "needs_help": False, "missing": None}),
    ('{"answer": "The sign says "STOP" twice", "confidence": 0.9}',
     {"answer": 'The sign says "STOP" twice', "confidence": 0.9}),
    ('{"answer": "Brace } and { inside", "confidence": 95%}', {"answer": "Brace } and { inside", "confidence": "95%"}),
    ('{"answer": "two\nlines", "image_ok": true}', {"answer": "two\nlines", "image_ok": True}),
    ('{"answer": "x", "confidence": NaN}', {"answer": "x", "confidence": None}),
    ('{"answer": "tag </think> in a picture"}', {"answer": "tag </think> in a picture"}),
    ('{"other": 1}', {"other": 1}),
    ('{"answer": "\\ud83d\\ude00 and half \\ud83d", "confidence": 1}',
     {"answer": "\U0001f600 and half \ufffd", "confidence": 1}),
    ("{'answer': '\\ud83d\\ude00', 'confidence': 1}", {"answer": "\U0001f600", "confidence": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "fields"), FORMS)
def test_json_in_any_dress(words: str, fields: dict[str, Any]) -> None:
    assert read_words(words, WANTED, "X").fields == fields


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("A red mug.\n", "A red mug."),
        ('"A red mug."', "A red mug."),
        ("```\nA red mug.\n```", "A red mug."),
        ("The sign reads {EXIT}.", "The sign reads {EXIT}."),
        ("Set {a: 1} and {b}", "Set {a: 1} and {b}"),
        ("<think>Hm. A mug?</think>A red mug.", "A red mug."),
        ("42", "42"),
        ("The answer: to the left", "The answer: to the left"),
        ("I can't see it.", "I can't see it."),
        ("half \ud83d", "half \ufffd"),
    ],
)
def test_prose_stays_prose(words: str, text: str) -> None:
    reply = read_words(words, WANTED, "X")
    assert (reply.text, reply.fields) == (text, None)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.text(alphabet="{}[]\"',:\\`<>/ \nthinkanswer09.truefalsenull\ud83d\u201c", max_size=80))
def test_any_words_end_in_a_reply_or_in_an_error_of_ours(words: str) -> None:
    try:
        reply = read_words(words, WANTED, "X")
    except (EmptyReplyError, TruncatedError):
        return
    reply.text.encode("utf-8")
    assert reply.text.strip()


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    st.text(st.characters(exclude_categories=("Cc",), exclude_characters="\\&<[|"), max_size=60),
    st.sampled_from(["{}", "Here: {} Done.", "```json\n{}\n```"]),
    st.integers(1, 40),
)
def test_whole_answers_come_through_and_cut_ones_never(answer: str, dress: str, cut: int) -> None:
    text = json.dumps({"seen": "x", "answer": answer, "confidence": 0.9})
    reply = read_words(dress.replace("{}", text), WANTED, "X")
    assert reply.fields is not None
    assert reply.fields["answer"] == answer.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    with pytest.raises(ProviderError):
        read_words(text[:-cut], WANTED, "X")


@pytest.mark.parametrize("words", ["{" * 100_000, '{"a":' * 5_000, "{'a" * 20_000, "[{" * 50_000, "```" * 50_000])
def test_hostile_words_are_read_quickly(words: str) -> None:
    with pytest.raises(ProviderError):  # nothing of them is shown
        read_words('{"answer": ' + words, WANTED, "X")


@pytest.mark.parametrize("name", VENDORS)
async def test_reasoning_is_never_shown(name: str, fake: FakeProviders, client: Client) -> None:
    fake[name].always(fakes.thinking_aloud(thoughts="SECRET THOUGHT"))
    reply = await provider(fake, client, name).ask(QUESTION, KEY, Learned())
    assert "SECRET" not in f"{reply.text} {reply.fields}"
    assert reply.fields is not None
    assert reply.fields["answer"] == "A red mug."


async def test_content_may_be_a_list_of_parts(fake: FakeProviders, client: Client) -> None:
    parts = [
        {"type": "thinking", "text": "SECRET"},
        {"type": "text", "text": '{"answer": "A mug.", '},
        {"type": "text", "text": '"confidence": 0.9}'},
    ]
    body = fakes.openai_body("", "m")
    body["choices"][0]["message"]["content"] = parts
    fake["chatgpt"].always(fakes.raw(200, body))
    reply = await provider(fake, client, "chatgpt").ask(QUESTION, KEY, Learned())
    assert reply.fields == MUG
    body["choices"][0]["message"]["content"] = [{"type": "refusal", "refusal": "no"}]
    fake["chatgpt"].always(fakes.raw(200, body))
    with pytest.raises(ProviderError, match="declined"):
        await provider(fake, client, "chatgpt").ask(QUESTION, KEY, Learned())


async def test_model_and_usage(fake: FakeProviders, client: Client) -> None:
    reply = await provider(fake, client, "chatgpt").ask(QUESTION, KEY, Learned())
    assert (reply.model, reply.usage) == ("gpt-6-luna", Usage(410, 30))
    reply = await provider(fake, client, "gemini").ask(QUESTION, KEY, Learned())
    assert (reply.model, reply.usage) == ("gemini-3.5-flash-lite", Usage(412, 28))
    body = {"choices": [{"message": {"content": "A mug."}}], "model": None, "usage": {"prompt_tokens": "many"}}
    fake["chatgpt"].always(fakes.raw(200, body))
    reply = await provider(fake, client, "chatgpt").ask(QUESTION, KEY, Learned())
    assert (reply.text, reply.model, reply.usage) == ("A mug.", "gpt-6-luna", Usage())


@pytest.mark.parametrize(
    ("cost", "usd"),
    [(0.00042, 0.00042), (0, 0.0), (1, 1.0), ("0.1", None), (-1, None), (1e9, None), (True, None), (None, None)],
)  # fmt: skip
async def test_what_a_reply_says_it_cost(cost: object, usd: float | None, fake: FakeProviders, client: Client) -> None:
    body = fakes.openai_body('{"answer": "x"}', "m")
    body["usage"]["cost"] = cost
    fake["chatgpt"].always(fakes.raw(200, body))
    reply = await provider(fake, client, "chatgpt").ask(QUESTION, KEY, Learned())
    assert reply.usage.cost_usd == usd


async def test_thoughts_count_as_output(fake: FakeProviders, client: Client) -> None:
    body = fakes.gemini_body('{"answer": "x"}', "m")
    body["usageMetadata"]["thoughtsTokenCount"] = 100
    fake["gemini"].always(fakes.raw(200, body))
    reply = await provider(fake, client, "gemini").ask(QUESTION, KEY, Learned())
    assert reply.usage == Usage(412, 128)


async def test_what_costs_too_much_or_ends_soon_is_logged_once(
    fake: FakeProviders, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    body = fakes.openai_body('{"answer": "x"}', "m")
    body["usage"]["prompt_tokens"] = 66_000
    fake["chatgpt"].always(fakes.raw(200, body))
    stage = fakes.gemini_body('{"answer": "x"}', "m") | {"modelStatus": {"modelStage": "DEPRECATED"}}
    fake["gemini"].always(fakes.raw(200, stage))
    for name, words in (("chatgpt", "66000 input tokens"), ("gemini", "deprecated")):
        asked = provider(fake, client, name)
        for _ in range(2):
            await asked.ask(QUESTION, KEY, Learned())
        assert caplog.text.count(words) == 1


async def test_odd_endings_and_leading_blanks_are_taken(fake: FakeProviders, client: Client) -> None:
    for script in (fakes.odd_ending(), fakes.blank_lines(), fakes.slow_body(0.001), fakes.fenced(), fakes.plain()):
        fake["deepseek"].always(script)
        assert (await provider(fake, client, "deepseek").ask(QUESTION, KEY, Learned())).text
