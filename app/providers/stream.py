"""One call whose reply is read as it comes: handed over with its deciding fields, and read on to its end by a task.

Only a field that is closed counts: a fragment is shown to nobody but who listens to the long form as it grows.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import Callable, Mapping
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
from app.providers.transport import ANSWER_MAX_BYTES, Incoming, begin, coding_of, read_whole

CLOSED_WITHIN_S = 1.0
"""For a connection to be free again behind a stream that has told its end: a new one costs more."""
_MOST_TRIES = 32
"""Commas behind the last deciding field's name that may be within some text."""
_ENDS = re.compile("[,}]")
_TEXT_BEGINS = re.compile(r'\s*"[^"\\]*"\s*:\s*"')
_TEXT = re.compile(r'(?:[^"\\]|\\(?:[^u]|u[0-9a-fA-F]{4}))*+')
_HALF_A_PAIR = re.compile("[\ud800-\udbff]$")
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
    asked = call.asked
    incoming = await begin(client, asked.label, call.url, call.headers, call.content)
    try:
        if not 200 <= incoming.status < 300:
            raise error_mapping.refusal_error(await read_whole(incoming, asked.label), asked)
        reading = Reading(call, meter or Meter(), incoming)
        reply = await reading.first()
    except BaseException:
        incoming.close()
        raise
    if incoming.has_ended:
        incoming.close()
    else:
        reading.go_on(is_decided=reply.rest is not None)
    return reply


class Opening:
    """Looks for the end of the deciding fields in a form as it grows: in all some microseconds, and in proportion.

    Nothing is parsed before the last one's name stands there; then the text up to each comma or brace, closed, a
    bounded number of times. A comma within some text makes no JSON of what stands before it.
    """

    def __init__(self, deciding: tuple[str, ...]) -> None:
        self._deciding = frozenset(deciding)
        self._name = f'"{deciding[-1]}"' if deciding else ""
        self._recent, self._at = "", -1  # then: behind the field that was closed last
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

    def growing(self, text: str) -> str:
        """What the text behind the deciding fields has by now; empty where there is none, or something else."""
        begins = _TEXT_BEGINS.match(text, self._at) if self._at >= 0 else None
        found = begins and _TEXT.match(text, begins.end())
        if not found:
            return ""
        with contextlib.suppress(ValueError):
            return whole_characters(_HALF_A_PAIR.sub("", json.loads(f'"{found[0]}"', strict=False)))
        return ""

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

    def __init__(self, call: Call, meter: Meter, incoming: Incoming) -> None:
        self._call, self._meter, self._incoming = call, meter, incoming
        self._label = call.asked.label
        self._body = Body(incoming.headers, self._label)
        self._opening = Opening(call.deciding)
        self._size = 0
        self._early: Reply | None = None
        self._hears: Callable[[str], None] | None = None
        self._end: Reply | ProviderError = OverloadError(
            "The reply of {label} was not read to its end.", label=self._label
        )
        self._has_ended = asyncio.Event()

    async def first(self) -> Reply:
        """The reply as soon as it is decided, all of it if that is here by then. Raises a ``ProviderError``."""
        return await self._read(is_early_enough=True)

    def go_on(self, *, is_decided: bool) -> None:
        """Read what is behind ``first``, which was all of it unless it ``is_decided`` by then; then let it go."""
        self._task = spawn(self._read_on(is_decided), name=f"read {self._label}")
        self._task.add_done_callback(self._let_go)  # also of a task that was cancelled before its first step

    async def whole(self) -> Reply:
        """See ``core.provider.Rest``."""
        await self._has_ended.wait()
        if isinstance(self._end, Reply):
            return self._end
        raise self._end

    def listen(self, hears: Callable[[str], None]) -> None:
        """See ``core.provider.Rest``."""
        self._hears = hears
        self._tell_growth()

    def close(self) -> None:
        """See ``core.provider.Rest``; behind its end the connection is left to become free."""
        if not self._has_ended.is_set():
            self._task.cancel()

    # --- what is behind the words -------------------------------------------------------------------------------

    async def _read_on(self, is_decided: bool) -> None:
        if is_decided:
            try:
                self._end = await self._read()
            except ProviderError as error:
                self._end = error
                return
            except Exception:
                self._end = BadReplyError("Its reply could not be read.")  # nobody may wait for it
                raise
        self._has_ended.set()
        await self._drain()

    def _let_go(self, _: asyncio.Task[None]) -> None:
        self._has_ended.set()
        self._incoming.close()

    async def _drain(self) -> None:
        """Wait for the connection's being free again behind a stream that has told its end."""
        with contextlib.suppress(TimeoutError, ProviderError):
            async with asyncio.timeout(CLOSED_WITHIN_S):
                while await self._incoming.chunk():
                    pass

    # --- reading ------------------------------------------------------------------------------------------------

    async def _read(self, *, is_early_enough: bool = False) -> Reply:
        """All of the reply, or what decides where that ``is_early_enough``. Raises a ``ProviderError``."""
        broken: ProviderError | None = None
        try:
            while not self._body.is_over and (chunk := await self._chunk()):
                self._take(chunk)
                if is_early_enough and self._early is not None and not self._is_here:
                    return self._early
        except ProviderError as error:
            broken = error
        finally:
            self._early = None  # it holds this one, with the picture that was sent
        ending = self._ending(broken)
        if isinstance(ending, Reply):
            return ending
        raise ending

    @property
    def _is_here(self) -> bool:
        return self._body.is_over or self._incoming.has_ended

    async def _chunk(self) -> bytes:
        """What has come next; all of a body that is packed."""
        if coding_of(self._incoming):
            return b"" if self._incoming.has_ended else (await read_whole(self._incoming, self._label)).body
        chunk = await self._incoming.chunk()
        self._size += len(chunk)
        if self._size > ANSWER_MAX_BYTES:
            raise BadReplyError("{label}'s reply is too long.", label=self._label)
        return chunk

    def _take(self, chunk: bytes) -> None:
        body, is_end = self._body, self._incoming.has_ended
        for added in body.feed(chunk):
            if is_end or not added or self._early is not None:
                continue
            if head := self._opening.closed(added, lambda: body.pieces.text):
                self._early = self._decided(head)
        self._meter.output_chars = body.pieces.chars
        self._meter.usage = self._call.usage(body.pieces.told) or self._meter.usage
        self._tell_growth()

    def _tell_growth(self) -> None:
        if self._hears is not None and (grown := self._opening.growing(self._body.pieces.text)):
            self._hears(grown)

    def _decided(self, head: str) -> Reply | None:
        """The reply as its closed fields say it, by the same rules as a whole one; None when that assesses nothing."""
        value = self._body.pieces.with_text(head, {"finish_reason": None, "finishReason": None})
        try:
            reply = self._call.read(value, self._incoming.headers)
        except ProviderError:
            return None
        if reply.form != "whole" or reply.fields is None or not reply.fields.keys() >= {*self._call.deciding}:
            return None
        return Reply(reply.text, reply.fields, reply.model, reply.usage, rest=self)

    def _ending(self, broken: ProviderError | None) -> Reply | ProviderError:
        """What all of it says; a form that is whole counts although its stream broke off behind it."""
        body = self._body
        try:
            reply = self._call.read(body.whole(), self._incoming.headers)
        except ProviderError as error:
            if isinstance(error, TruncatedError) and body.is_broken_off and body.pieces.text.lstrip(_BLANKS)[:1] == "{":
                broken = broken or OverloadError("The connection to {label} broke.", label=self._label)
            if broken is not None:
                broken.usage = error.usage
            return broken or error
        return broken if broken is not None and (reply.fields is None or reply.form != "whole") else reply
