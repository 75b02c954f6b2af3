"""One call whose reply is read as it comes: handed over with its deciding fields, and read on to its end by a task.

Only a field that is closed counts: a fragment is never shown.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import orjson

from app.core.errors import BadReplyError, OverloadError, ProviderError, TruncatedError
from app.core.frame import Usage
from app.core.provider import Meter, Reply
from app.core.tasks import spawn
from app.providers import error_mapping
from app.providers.error_mapping import Asked
from app.providers.http_client import Client
from app.providers.json_reader import MOST_TEXT
from app.providers.reply import Body, whole_characters
from app.providers.transport import ANSWER_MAX_BYTES, Incoming, coding_of, exchange, read_whole

CLOSED_WITHIN_S = 1.0
"""For a connection to be free again behind a stream that has told its end: a new one costs more."""
_MOST_TRIES = 32
"""Commas behind the last deciding field's name that may be within some text."""
_ENDS = re.compile("[,}]")
_BLANKS = " \t\r\n\0\ufeff\u200b\u2060"


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent, and how its dialect reads what comes back.

    ``read``: from a whole reply's JSON and headers to the ``Reply``; raises a ``ProviderError``. ``usage``: what that
    JSON, or a part of it, tells of tokens, None when it tells nothing. ``deciding``: the fields to hand it over with;
    none: only whole.
    """

    asked: Asked
    url: str
    headers: Mapping[str, str]
    content: bytes
    read: Callable[[Any, Mapping[str, str]], Reply]
    usage: Callable[[Mapping[str, Any]], Usage | None]
    deciding: tuple[str, ...] = ()


async def ask(client: Client, call: Call, meter: Meter | None) -> Reply:
    """The reply to ``call``, with its ``rest`` where it was handed over early. Raises a ``ProviderError``.

    Cancelled, it closes the stream.
    """
    reading = Reading(call, meter or Meter())
    reading.start(client)
    try:
        return await reading.first()
    except asyncio.CancelledError:
        reading.close()
        raise


class Opening:
    """Looks for the end of the deciding fields in a form as it grows: in all some microseconds, and in proportion.

    Nothing is parsed before the last one's name stands there; then the text up to each comma or brace, closed, a
    bounded number of times. A comma within some text makes no JSON of what stands before it.
    """

    def __init__(self, deciding: tuple[str, ...]) -> None:
        self._deciding = frozenset(deciding)
        self._name = f'"{deciding[-1]}"' if deciding else ""
        self._recent, self._at = "", -1
        self._has_begun = False
        self._tries = _MOST_TRIES if deciding else 0

    def closed(self, added: str, text: Callable[[], str]) -> str:
        """The object of all fields that are closed, once the deciding ones are; empty before. ``added``: what the text
        has grown by.
        """
        if not self._tries:
            return ""
        if not self._has_begun and (start := added.lstrip(_BLANKS)):
            self._has_begun, self._tries = True, self._tries if start[0] == "{" else 0
        if self._at < 0:
            self._recent = self._recent[-len(self._name) :] + added
            if self._name not in self._recent:
                return ""
            self._at = text().find(self._name)
        return self._tried(text()) if _ENDS.search(added) else ""

    def _tried(self, text: str) -> str:
        if len(text) > MOST_TEXT:
            self._tries = 0
        while self._tries and (end := _ENDS.search(text, self._at)):
            self._at = end.end()
            self._tries -= 1
            head = whole_characters(text[: end.start()] + "}")
            with contextlib.suppress(ValueError):
                if orjson.loads(head).keys() >= self._deciding:
                    self._tries = 0
                    return head
        return ""


class Reading:
    """A reply while it is read, and its ``core.provider.Rest``."""

    def __init__(self, call: Call, meter: Meter) -> None:
        self._call, self._meter = call, meter
        self._label = call.asked.label
        self._opening = Opening(call.deciding)
        self._early: Reply | None = None
        self._end: Reply | Exception = OverloadError("The reply of {label} was not read to its end.", label=self._label)
        self._has_words, self._has_ended = asyncio.Event(), asyncio.Event()

    def start(self, client: Client) -> None:
        self._task = spawn(self._run(client), name=f"read {self._label}")

    async def first(self) -> Reply:
        """The reply as soon as it is decided, all of it if that is here by then. Raises a ``ProviderError``.

        To be asked for once: it is let go then, for it holds this one, with the picture that was sent.
        """
        await self._has_words.wait()
        early, self._early = self._early, None
        if early is None or (self._has_ended.is_set() and isinstance(self._end, Reply)):
            return self._told()
        return early

    async def whole(self) -> Reply:
        """See ``core.provider.Rest``."""
        await self._has_ended.wait()
        return self._told()

    def close(self) -> None:
        """See ``core.provider.Rest``; behind its end the connection is left to become free."""
        if not self._has_ended.is_set():
            self._task.cancel()

    def _told(self) -> Reply:
        if isinstance(self._end, Reply):
            return self._end
        raise self._end

    # --- the task -----------------------------------------------------------------------------------------------

    async def _run(self, client: Client) -> None:
        call = self._call
        try:
            async with exchange(client, self._label, call.url, call.headers, call.content) as incoming:
                if not 200 <= incoming.status < 300:
                    raise error_mapping.refusal_error(await read_whole(incoming, self._label), call.asked)
                await self._read(incoming)
        except ProviderError as error:
            if not self._has_ended.is_set():
                self._end = error
        except Exception as bug:
            # raised where the reply is awaited; behind early words nobody may wait
            self._end = bug
            if self._has_words.is_set():
                self._end = BadReplyError("Its reply could not be read.")
                raise
        finally:
            self._tell_end()

    async def _read(self, incoming: Incoming) -> None:
        body = Body(incoming.headers, self._label)
        broken: ProviderError | None = None
        async with aclosing(_plain_chunks(incoming, self._label)) as chunks:
            try:
                size = 0
                async for chunk in chunks:
                    size += len(chunk)
                    if size > ANSWER_MAX_BYTES:
                        raise BadReplyError("{label}'s reply is too long.", label=self._label)
                    self._take(chunk, body, incoming.headers)
                    if body.is_over:
                        break
            except ProviderError as error:
                broken = error
            self._end = self._ending(body, incoming.headers, broken)
            self._tell_end()
            if body.is_over and broken is None:
                await _drained(chunks)

    def _take(self, chunk: bytes, body: Body, headers: Mapping[str, str]) -> None:
        for added in body.feed(chunk):
            if added and self._early is None and (head := self._opening.closed(added, lambda: body.pieces.text)):
                self._early = self._decided(head, body, headers)
        self._meter.output_chars = body.pieces.chars
        self._meter.usage = self._call.usage(body.pieces.told) or self._meter.usage
        if self._early is not None:
            self._has_words.set()

    def _decided(self, head: str, body: Body, headers: Mapping[str, str]) -> Reply | None:
        """The reply as its closed fields say it, by the same rules as a whole one; None when that assesses nothing."""
        try:
            reply = self._call.read(body.pieces.with_text(head, {"finish_reason": None, "finishReason": None}), headers)
        except ProviderError:
            return None
        if reply.form != "whole" or reply.fields is None or not reply.fields.keys() >= {*self._call.deciding}:
            return None
        return Reply(reply.text, reply.fields, reply.model, reply.usage, rest=self)

    def _ending(self, body: Body, headers: Mapping[str, str], broken: ProviderError | None) -> Reply | ProviderError:
        """What all of it says; a form that is whole counts although its stream broke off behind it."""
        try:
            reply = self._call.read(body.whole(), headers)
        except ProviderError as error:
            if isinstance(error, TruncatedError) and body.is_broken_off and body.pieces.text.lstrip(_BLANKS)[:1] == "{":
                broken = broken or OverloadError("The connection to {label} broke.", label=self._label)
            if broken is not None:
                broken.usage = error.usage
            return broken or error
        return broken if broken is not None and (reply.fields is None or reply.form != "whole") else reply

    def _tell_end(self) -> None:
        self._has_words.set()
        self._has_ended.set()


async def _plain_chunks(incoming: Incoming, label: str) -> AsyncGenerator[bytes, None]:
    """The body as it comes; one that is packed, once it is here."""
    if coding_of(incoming):
        yield (await read_whole(incoming, label)).body
        return
    async with aclosing(incoming.chunks()) as chunks:
        async for chunk in chunks:
            yield chunk


async def _drained(chunks: AsyncGenerator[bytes, None]) -> None:
    with contextlib.suppress(TimeoutError, ProviderError):
        async with asyncio.timeout(CLOSED_WITHIN_S):
            async for _ in chunks:
                pass
