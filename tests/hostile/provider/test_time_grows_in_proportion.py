"""Text from outside is read in time that grows in proportion to it, whatever it is made of.

The clock is this thread's own: a text eight times as long may take 24 times as long; a quadratic one takes 64 times.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections import deque
from collections.abc import Callable

import pytest

from app.core.errors import ProviderError
from app.core.routing.confidence import agree, read_claim
from app.core.routing.kind_guess import kind_in
from app.core.routing.question import DECIDING, SCHEMA
from app.core.settings import PROMPT_MAX_CHARS
from app.core.text.plain_text import MOST_CHARS, clean, doubted, lines
from app.log import redact
from app.providers.dialect_openai import read_completion
from app.providers.error_mapping import Asked, refusal_error
from app.providers.escapes import restored
from app.providers.json_reader import MOST_TEXT
from app.providers.reply import Body, read_words
from app.providers.sight.phrases import intent_of, language_of
from app.providers.stream import Opening
from app.providers.transport import RawReply
from app.store.history.report_text import cell

SHAPES = {
    "backticks": "`", "blanks": " ", "stars": "*", "star and blank": "** ", "brackets": "[", "links": "[](",
    "titles": "[a](b '", "tildes": "~", "combining marks": "\u0301", "newlines": "\n", "slashes": "/",
    "backslashes": "\\", "lines under": "__ ", "escapes": "\x1b[0", "quotes": '"', "quotes and blanks": '" ',
    "commas and quotes": '",', "braces": "{", "half objects": '{"answer":', "fractions": "\\frac{", "arrows": "\u2b05",
    "entities": "&amp;", "tags": "<br", "template marks": "<|", "thoughts": "<think>", "ends": "</s>", "channels":
    "<|channel|>a<|message|>", "paths": "C:\\a\\", "escaped twice": "\\n", "dots": " .", "rules": "- ", "tables": "|",
    "tabs": "\t", "blank lines": " \n", "objects in quotes": "{\"'",
    "offers": "support image input ", "paragraphs": "\r\n", "faces": "\U0001f600 ",
    "signs of eighteen letters": "\ufdfa", "numbers": "12 ",
}  # fmt: skip
WANTED = SCHEMA["properties"]


def read(text: str) -> None:
    with contextlib.suppress(ProviderError):
        read_claim(read_words(text, WANTED, "X"))


def read_as_form(text: str) -> None:
    read('{"answer": "' + text + '", "confidence": 0.9}')


def read_as_cut_form(text: str) -> None:
    read('{"answer": "' + text)


def refuse(text: str) -> None:
    body = json.dumps({"error": {"message": text, "code": text}}).encode()
    for status in (400, 429):
        refusal_error(RawReply(status, {"retry-after": text}, body), Asked("X", "m", {"max_tokens": 1}))


def stream(text: str) -> None:
    """A sign in each event, a byte in each chunk of the first of them, looked through for the deciding fields."""
    body, opening = Body({}, "X"), Opening(DECIDING)
    for at, words in enumerate(f'{{{", ".join(f"{json.dumps(name)}: 1" for name in DECIDING)} "{text}'):
        event = b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": words}}]}).encode() + b"\n\n"
        for chunk in [event[n : n + 1] for n in range(len(event))] if at < 99 else [event]:
            for added in body.feed(chunk):
                opening.closed(added, lambda: body.pieces.text)
    with contextlib.suppress(ProviderError):
        read_completion(body.whole(), {}, Asked("X", "m"), WANTED)


def drip(text: str) -> None:
    """One event of all of it, a byte a chunk."""
    body = Body({}, "X")
    for byte in b'data: {"choices": [{"delta": {"content": ' + json.dumps(text).encode() + b"}}]}\n\n":
        deque(body.feed(bytes([byte])), maxlen=0)


def understand(text: str) -> None:
    """A wearer's question, by its first words."""
    for beginning in ("", "ist", "what does", "how many", "who is", "was steht", "welche farbe"):
        intent_of(beginning + text)
        language_of(beginning + text)
        kind_in(beginning + text)


READERS: dict[str, tuple[Callable[[str], object], int]] = {
    "cleaned": (clean, MOST_CHARS), "a reply": (read, MOST_TEXT), "a form": (read_as_form, MOST_TEXT - 40),
    "a cut form": (read_as_cut_form, MOST_TEXT - 40), "as meant": (restored, MOST_CHARS), "redacted": (redact, 64_000),
    "a refusal": (refuse, MOST_CHARS), "a cell": (cell, MOST_TEXT),
    "a stream": (stream, 2_000), "a drip": (drip, 6_000),
    "lines": (lines, MOST_CHARS), "doubted": (lambda text: doubted(text, 120), MOST_CHARS),
    "a question": (understand, PROMPT_MAX_CHARS),
    "compared": (lambda text: agree(text, text + "1"), MOST_CHARS),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("reader", READERS)
def test_time_grows_in_proportion(reader: str, shape: str) -> None:
    read_it, most = READERS[reader]
    whole = (SHAPES[shape] * most)[:most]
    short_s, long_s = _least_s(read_it, whole[: most // 8]), _least_s(read_it, whole)
    assert long_s < 0.004 or long_s < 24 * short_s, f"{short_s * 1e3:.2f} ms, then {long_s * 1e3:.2f} ms"
    assert long_s < 0.2  # on a slow machine too; test_health_waits has the limit that counts


def _least_s(read_it: Callable[[str], object], text: str) -> float:
    """The CPU time of the quickest of three."""
    found = []
    for _ in range(3):
        began = time.thread_time()
        read_it(text)
        found.append(time.thread_time() - began)
    return min(found)


@pytest.mark.parametrize("shape", SHAPES)
def test_two_answers_are_compared_at_once(shape: str) -> None:
    """On the loop, which may be held for 5 ms, and this computer may be three times as slow as another."""
    for most in (1_000, MOST_CHARS):
        whole = (SHAPES[shape] * most)[:most]
        assert _least_s(lambda text: agree(text, text + "1"), whole) < 0.015


def test_what_is_longer_than_any_answer_is_no_reply() -> None:
    with pytest.raises(ProviderError, match="too long"):
        read_words("a" * (MOST_TEXT + 1), WANTED, "X")
    assert len(clean("word " * 10_000)) <= MOST_CHARS
