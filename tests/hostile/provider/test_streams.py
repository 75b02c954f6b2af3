"""Streamed replies that stop, drip, repeat, interleave, break or lie, cut anywhere: only a field that is closed counts.

A row of tests/data/replies_streams.jsonl is one reply. ``stream`` holds its events: the words that one adds, or its
whole value, or ``{"raw": ...}`` as it stands on the wire, or ``{"words": ..., "times": N}`` of the first kind.
``line`` ends its lines (else LF). ``end``: eof, ``break`` (the connection) or ``stop`` (nothing more comes).
``expect.early``: fields of the reply that is handed over before its end, null when it is read to its end;
``expect.whole``: fields of all of it, or its ``form`` or ``text``, null when that fails for ``reason``;
``expect.usage``: tokens in and out.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from app.core.errors import OverloadError, ProviderError
from app.core.provider import Learned, Meter, Reply
from app.core.routing.question import DECIDING
from app.providers import build, stream
from app.providers.reply import Body
from tests import rig
from tests.providers.asking import CONFIGS, KEY, QUESTION

ROWS = [json.loads(line) for line in (rig.ROOT / "tests/data/replies_streams.jsonl").read_text("utf-8").splitlines()]
NAMES = {"openai": "chatgpt", "gemini": "gemini"}
ALL = [pytest.param(row, id=row["id"]) for row in ROWS]


def events_of(row: dict[str, Any]) -> Iterator[bytes]:
    line = row.get("line", "\n")
    for item in row["stream"]:
        if isinstance(item, dict) and "raw" in item:
            yield item["raw"].encode()
            continue
        times, item = (item["times"], item["words"]) if isinstance(item, dict) and "times" in item else (1, item)
        value = _event(row["provider"], item) if isinstance(item, str) else item
        text = json.dumps(value, ensure_ascii=False)
        if not text.isprintable():
            text = json.dumps(value)
        yield from [f"data: {text}{line}{line}".encode()] * times


def _event(dialect: str, words: str) -> dict[str, Any]:
    if dialect == "openai":
        return {"choices": [{"index": 0, "delta": {"content": words}, "finish_reason": None}]}
    return {"candidates": [{"index": 0, "content": {"role": "model", "parts": [{"text": words}]}}]}


class Scripted:
    """A reply that comes in ``chunks``, with a turn of the loop for everybody else between them."""

    def __init__(self, row: dict[str, Any], chunks: Sequence[bytes]) -> None:
        self.status, self.headers = row["status"], row["headers"]
        self._end, self._chunks = row["end"], deque(chunks)
        self.has_ended = self.is_closed = False

    async def chunk(self) -> bytes:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        if self._chunks:
            return self._chunks.popleft()
        if self._end == "break":
            raise OverloadError("The connection broke.")
        if self._end == "stop":
            await asyncio.Event().wait()
        self.has_ended = True
        return b""

    def close(self) -> None:
        self.is_closed = True


async def ask(
    row: dict[str, Any], chunks: Sequence[bytes], patch: pytest.MonkeyPatch, meter: Meter | None = None
) -> tuple[Reply | ProviderError, Scripted]:
    incoming = Scripted(row, chunks)

    async def begin(*_: object) -> Scripted:
        return incoming

    patch.setattr(stream, "begin", begin)
    asked = build(replace(CONFIGS[NAMES[row["provider"]]], base_url="http://127.0.0.1:9"), None, None)  # type: ignore[arg-type]
    try:
        return await asked.ask(replace(QUESTION, deciding=DECIDING), KEY, Learned(), meter), incoming
    except ProviderError as error:
        return error, incoming


async def whole_of(reply: Reply | ProviderError, end: str) -> Reply | ProviderError:
    if isinstance(reply, ProviderError) or reply.rest is None:
        return reply
    if end == "stop":
        reply.rest.close()
    try:
        return await reply.rest.whole()
    except ProviderError as error:
        return error


def check_whole(row: dict[str, Any], whole: Reply | ProviderError) -> None:
    expect = row["expect"]
    if expect["whole"] is None:
        assert isinstance(whole, ProviderError)
        assert whole.word == expect["reason"]
        return
    assert isinstance(whole, Reply), whole
    told = {**(whole.fields or {}), "form": whole.form, "text": whole.text}
    assert {name: told[name] for name in expect["whole"]} == expect["whole"]
    if "usage" in expect:
        assert [whole.usage.input_tokens, whole.usage.output_tokens] == expect["usage"]


@pytest.mark.parametrize("row", ALL)
async def test_what_is_closed_is_handed_over_and_the_rest_follows(
    row: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    meter = Meter()
    reply, incoming = await ask(row, list(events_of(row)), monkeypatch, meter)
    early = row["expect"]["early"]
    if early is not None:
        assert isinstance(reply, Reply)
        assert reply.rest is not None, "it was read to its end"
        assert reply.fields is not None
        assert {name: reply.fields[name] for name in early} == early
        assert meter.output_chars >= len(reply.text) - 1
    elif isinstance(reply, Reply):
        assert reply.rest is None
    whole = await whole_of(reply, row["end"])
    check_whole(row, whole)
    assert await whole_of(reply, row["end"]) is whole, "asked for again it is the same"
    for _ in range(10):
        await asyncio.sleep(0)
    assert incoming.is_closed


@pytest.mark.parametrize("row", [row for row in ALL if row.id.split("_", 1)[1] not in ("long", "long_behind")])
async def test_however_it_is_cut_it_says_the_same(row: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    body = b"".join(events_of(row))
    dripped, _ = await ask(row, [body[at : at + 1] for at in range(len(body))], monkeypatch)
    early = row["expect"]["early"]
    assert isinstance(dripped, Reply) or early is None
    if early is not None:
        assert {name: dripped.fields[name] for name in early} == early  # type: ignore[union-attr, index]
    check_whole(row, await whole_of(dripped, row["end"]))
    at_once, _ = await ask(row, [body], monkeypatch)
    if row["expect"]["whole"] is not None and early is not None and row["end"] == "eof":
        assert isinstance(at_once, Reply)
    check_whole(row, await whole_of(at_once, row["end"]))


@pytest.mark.parametrize("row", [row for row in ALL if row.id.split("_", 1)[1] in ("signs", "crlf", "comments")])
def test_cut_at_every_byte(row: dict[str, Any]) -> None:
    body = b"".join(events_of(row))

    def read(*chunks: bytes) -> tuple[list[str], Any]:
        incoming = Body(row["headers"], "X")
        words = [added for chunk in chunks for added in incoming.feed(chunk)]
        return words, incoming.whole()

    once = read(body)
    for at in range(len(body)):
        assert read(body[:at], body[at:]) == once


async def test_a_bug_is_raised_where_the_reply_is_awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Body, "feed", lambda self, chunk: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await ask(ROWS[0], [b"x"], monkeypatch)


async def test_who_hangs_up_closes_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    row = next(row for row in ROWS if row["id"] == "o_stops")
    meter, early = Meter(), row | {"stream": row["stream"][:5]}
    task = asyncio.ensure_future(ask(early, list(events_of(early)), monkeypatch, meter))
    async with asyncio.timeout(5):
        while meter.output_chars < sum(map(len, early["stream"])):
            await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for _ in range(10):
        await asyncio.sleep(0)
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("read ")]
