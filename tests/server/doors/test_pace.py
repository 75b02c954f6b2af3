"""The whole program between a provider that writes as fast as real ones do and a client that reads along."""

from __future__ import annotations

import base64
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import openai
import pytest

from tests import rig
from tests.server.devices import JPEG
from tests.server.whole import Whole, whole

MESSAGES: Any = [{
    "role": "user",
    "content": [
        {"type": "text", "text": "What does the sign say?"},
        {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64," + base64.b64encode(JPEG).decode()}},
    ],
}]  # fmt: skip


@pytest.fixture(scope="module")
def paced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with whole(tmp_path_factory.mktemp("paced") / "data", answers=rig.LONG, ttft_s=0.3, tokens_per_s=120) as server:
        yield server


@pytest.fixture
def client(paced: Whole) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(api_key=paced.token, base_url=f"{paced.url}/v1", max_retries=0) as client:
        yield client


def ask(client: openai.OpenAI, **how: Any) -> tuple[list[str], float, float]:
    """The pieces of an answer, and when the first and the last of it came, in seconds."""
    began, pieces, first_s = time.monotonic(), list[str](), 0.0
    for chunk in client.chat.completions.create(model="frame-backend", messages=MESSAGES, stream=True, **how):
        if chunk.choices and (piece := chunk.choices[0].delta.content):
            first_s = first_s or time.monotonic() - began
            pieces.append(piece)
    return pieces, first_s, time.monotonic() - began


def test_a_long_answer_is_read_while_it_is_written(client: openai.OpenAI) -> None:
    pieces, first_s, whole_s = ask(client)
    assert "".join(pieces) == rig.LONG_REPLY["full_answer"]
    assert len(pieces) > 15
    assert max(map(len, pieces)) < 100
    assert first_s < 0.7 * whole_s


def test_who_wants_few_words_has_them_at_once(client: openai.OpenAI) -> None:
    _, first_s, whole_s = ask(client)
    pieces, _, brief_s = ask(client, max_tokens=40)
    assert pieces == [rig.LONG_REPLY["answer"]] or pieces[0].endswith("...")
    assert brief_s < first_s + 0.5 * (whole_s - first_s)


def test_a_reader_that_goes_away_ends_the_call(client: openai.OpenAI, paced: Whole) -> None:
    stream = client.chat.completions.create(model="frame-backend", messages=MESSAGES, stream=True)
    for chunk in stream:
        if chunk.choices[0].delta.content:
            break
    stream.close()
    assert "hung_up" in _codes_within(paced, 5)


def _codes_within(paced: Whole, seconds: float) -> set[str]:
    """How frames ended by the history, as soon as one has that nobody waited for."""
    until, codes = time.monotonic() + seconds, set[str]()
    while "hung_up" not in codes and time.monotonic() < until:
        time.sleep(0.05)
        with closing(sqlite3.connect(paced.data / "frame-backend.db")) as history:
            codes = {code for (code,) in history.execute("SELECT code FROM frame")}
    return codes
