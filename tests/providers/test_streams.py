"""Streams over real HTTP: words before the end, the rest behind them, and a connection that is free again."""

from __future__ import annotations

import asyncio
import gc
import gzip
import json
import time
import weakref
from dataclasses import replace
from typing import Any

import pytest

from app.core.errors import OverloadError, ProviderError
from app.core.frame import Usage
from app.core.provider import Learned, Meter, Provider
from app.core.routing.question import DECIDING, SCHEMA
from app.providers.stream import Opening
from tests import fakes
from tests.fakes import FakeProviders
from tests.providers.asking import KEY, QUESTION, VENDORS, custom, provider

EARLY = replace(QUESTION, deciding=DECIDING)
LONG = "The sign in front of you is the bus stop Market Square, on the side towards the centre. " * 6


def paced(fake: FakeProviders, name: str, ttft_s: float = 0.03, tokens_per_s: float = 400) -> None:
    fake[name].ttft_s, fake[name].tokens_per_s = ttft_s, tokens_per_s
    fake[name].always(fakes.ok("Line 11 at 14:32.", full_answer=LONG))


@pytest.mark.parametrize("name", [*VENDORS, "ollama"])
async def test_words_come_before_the_end(name: str, fake: FakeProviders, client: Any) -> None:
    paced(fake, name)
    asked: Provider = custom(fake, client, name, name) if name == "ollama" else provider(fake, client, name)
    meter, began = Meter(), time.monotonic()
    reply = await asked.ask(EARLY, KEY, Learned(), meter)
    words_s = time.monotonic() - began
    assert reply.rest is not None
    assert reply.fields is not None
    assert "full_answer" not in reply.fields
    assert (reply.fields["answer"], reply.fields["confidence"], reply.form) == ("Line 11 at 14:32.", 0.95, "whole")
    told = meter.output_chars
    whole = await reply.rest.whole()
    assert time.monotonic() - began - words_s > 0.15, "half of what the rest takes at the fake's pace"
    assert whole.rest is None
    assert whole.fields == {**reply.fields, "full_answer": LONG}
    assert whole.usage == (Usage(412, 28) if name == "gemini" else Usage(410, 30))
    assert meter.usage == whole.usage
    assert meter.output_chars > told
    assert await reply.rest.whole() is whole
    await fake[name].until_idle()
    assert not fake[name].left


@pytest.mark.parametrize("name", VENDORS)
@pytest.mark.parametrize("long", [LONG, 'Er sagt: "Grüße"\n\\ 😀 ' * 30])
async def test_who_listens_is_told_the_long_form_as_it_grows(
    name: str, long: str, fake: FakeProviders, client: Any
) -> None:
    paced(fake, name)
    fake[name].always(fakes.ok("Line 11 at 14:32.", full_answer=long))
    reply = await provider(fake, client, name).ask(EARLY, KEY, Learned())
    assert reply.rest is not None
    heard: list[str] = []
    reply.rest.listen(heard.append)
    await reply.rest.whole()
    assert len(heard) > 5
    assert heard[-1] == long
    assert all(long.startswith(grown) for grown in heard)
    assert heard == sorted(heard, key=len)


@pytest.mark.parametrize("name", VENDORS)
async def test_a_reply_that_is_here_at_once_has_no_rest(name: str, fake: FakeProviders, client: Any) -> None:
    reply = await provider(fake, client, name).ask(EARLY, KEY, Learned())
    if reply.rest is not None:  # its last bytes came behind the others
        reply = await reply.rest.whole()
    assert reply.fields == fakes.answer_fields("A red mug on a desk.", 0.95)
    assert list(reply.fields) == list(SCHEMA["properties"])


@pytest.mark.parametrize("name", VENDORS)
async def test_connections_are_used_again(name: str, fake: FakeProviders, client: Any) -> None:
    paced(fake, name, 0, 5_000)
    asked = provider(fake, client, name)
    for _ in range(4):
        reply = await asked.ask(EARLY, KEY, Learned())
        if reply.rest is not None:
            await reply.rest.whole()
        await fake[name].until_idle()
        await asyncio.sleep(0.01)
    assert len(fake[name].connections) == 1


async def test_what_was_sent_goes_with_the_rest(fake: FakeProviders, client: Any) -> None:
    """It has the picture: a circle would keep it until the next full collection."""
    paced(fake, "chatgpt", 0, 5_000)
    reply = await provider(fake, client, "chatgpt").ask(EARLY, KEY, Learned())
    assert reply.rest is not None
    await reply.rest.whole()
    await fake["chatgpt"].until_idle()
    await asyncio.sleep(0.05)
    gc.disable()
    try:
        reading = weakref.ref(reply.rest)
        del reply
        assert reading() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("name", VENDORS)
async def test_who_hangs_up_frees_the_connection(name: str, fake: FakeProviders, client: Any) -> None:
    paced(fake, name, 0, 100)
    meter = Meter()
    asking = asyncio.ensure_future(provider(fake, client, name).ask(EARLY, KEY, Learned(), meter))
    while not meter.output_chars:
        await asyncio.sleep(0.005)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await fake[name].until_idle()
    assert fake[name].left == 1


@pytest.mark.parametrize("name", VENDORS)
async def test_a_rest_that_nobody_wants_is_closed(name: str, fake: FakeProviders, client: Any) -> None:
    paced(fake, name, 0, 200)
    reply = await provider(fake, client, name).ask(EARLY, KEY, Learned())
    assert reply.rest is not None
    reply.rest.close()
    with pytest.raises(OverloadError):
        await reply.rest.whole()
    await fake[name].until_idle()
    assert fake[name].left == 1


async def test_words_alone_are_read_to_their_end(fake: FakeProviders, client: Any) -> None:
    """g4f is told the form in words: what it sends is no form before it has ended."""
    paced(fake, "g4f", 0, 2_000)
    reply = await custom(fake, client, "g4f", "g4f").ask(EARLY, KEY, Learned())
    assert reply.rest is None
    assert "Its fields, in this order:" in fake["g4f"].calls[-1].system


async def test_who_ignores_that_a_stream_was_asked_for_is_read(fake: FakeProviders, client: Any) -> None:
    fake["custom"].always(fakes.raw(200, fakes.openai_body(json.dumps(fakes.answer_fields("A mug.", 0.9)), "m")))
    reply = await custom(fake, client).ask(EARLY, KEY, Learned())
    assert (reply.rest, (reply.fields or {})["answer"]) == (None, "A mug.")


async def test_a_stream_that_is_packed_is_read(fake: FakeProviders, client: Any) -> None:
    events = fakes.ok("A mug.").canned("openai", "m", fakes.Wish(DECIDING, "events")).body
    fake["custom"].always(fakes.raw(200, gzip.compress(events), {"content-encoding": "gzip"}))
    reply = await custom(fake, client).ask(EARLY, KEY, Learned())
    assert (reply.fields or {})["answer"] == "A mug."


@pytest.mark.parametrize("name", VENDORS)
async def test_a_connection_that_breaks_before_the_words_is_an_overload(
    name: str, fake: FakeProviders, client: Any
) -> None:
    fake[name].always(fakes.dropped_mid_body())
    with pytest.raises(ProviderError) as caught:
        await provider(fake, client, name).ask(EARLY, KEY, Learned())
    assert caught.value.word == "overload"
    await fake[name].until_idle()


# --- the long form as it grows -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("behind", "grown"),
    [
        ("", ""),
        (' "full_answer"', ""),
        (' "full_answer": "', ""),
        (' "full_answer": "A r', "A r"),
        (' "full_answer":"A \\"r\\', 'A "r'),
        (' "full_answer":"A \\u00e', "A "),
        (' "full_answer":"A \\ud83d', "A "),
        (' "full_answer":"A \\ud83d\\ude00', "A 😀"),
        (' "full_answer":"A\\n", "more": "b"}', "A\n"),
        (' "full_answer": {"a": "b', ""),
        (' "full_answer": ["b', ""),
        (' "full_answer": 3', ""),
        ("}", ""),
    ],
)
def test_a_text_that_is_not_whole_is_told_as_far_as_it_is_certain(behind: str, grown: str) -> None:
    opening = Opening(("answer", "needs_help"))
    form = '{"answer": "A, b", "needs_help": false,'
    assert opening.closed(form, lambda: form)
    assert opening.growing(form + behind) == grown


def test_nothing_grows_before_words_were_decided() -> None:
    assert Opening(("answer",)).growing('{"full_answer": "A') == ""
