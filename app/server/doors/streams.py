"""Answers told as they come: one reply of many pieces, in the form of whichever dialect."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from aiohttp import web

from app.core.errors import FrameError, Stopping
from app.core.tasks import CUT_OFF, spawn
from app.server import context_keys
from app.server.doors.asking import Ask, Told

HEAD_WITHIN_S = 1.0
"""So long the reply's head waits for what comes first: a failure until then has a status of its own."""
QUIET_S = 15.0
"""How long nothing may be sent: proxies take a longer silence for a dead server."""
GRACE_S = 1.0
"""How long an answer that is under way may still take when the server stops."""


class StreamForm(Protocol):
    """How a dialect writes the pieces of one answer. ``media``: the reply's content type."""

    @property
    def media(self) -> str: ...

    def begins(self) -> bytes:
        """What is sent along with the head, before there are words."""
        ...

    def says(self, piece: str) -> bytes: ...

    def waits(self) -> bytes:
        """What says nothing, and keeps the connection."""
        ...

    def ends(self, told: Told) -> bytes: ...

    def fails(self, error: FrameError) -> bytes:
        """What a failure is told by once words may have been sent."""
        ...


async def stream(request: web.Request, form: StreamForm, ask: Ask) -> web.StreamResponse:
    """Raises what failed before the head, and later what is no ``FrameError``: the stream breaks off.

    A reader that goes away cancels the provider calls.
    """
    async with _telling(request, ask) as pieces:
        piece = await pieces.get()
        if isinstance(piece, Exception):
            raise piece
        reply = web.StreamResponse(headers={"Content-Type": form.media})
        await reply.prepare(request)
        await reply.write(form.begins())
        said = ""
        while isinstance(piece, str):
            said += piece
            await reply.write(form.says(piece) if piece else form.waits())
            piece = await pieces.get()
        if isinstance(piece, FrameError):
            await reply.write(form.fails(piece))
        elif isinstance(piece, Exception):
            raise piece
        else:
            if left := _left(piece.text, said):
                await reply.write(form.says(left))
            await reply.write(form.ends(piece))
        await reply.write_eof()
        return reply


def _left(text: str, said: str) -> str:
    """What of ``text`` is not said yet. One that does not begin so is said once more: nothing is to be lost."""
    return text[len(said) :] if text.startswith(said) else f"\n\n{text}"


@asynccontextmanager
async def _telling(request: web.Request, ask: Ask) -> AsyncIterator[asyncio.Queue[str | Told | Exception]]:
    """What comes of ``ask``, its end last; an empty piece where there is nothing to say yet."""
    pieces = asyncio.Queue[str | Told | Exception]()
    asking, stopping = request.app[context_keys.ASKING], request.app[context_keys.IN_FLIGHT].stopping

    async def answer() -> None:
        try:
            pieces.put_nowait(await asking.answer(ask, pieces.put_nowait))
        except Exception as error:  # raised again where the reply is written
            pieces.put_nowait(error)

    async def stop() -> None:
        await stopping.wait()
        await asyncio.sleep(GRACE_S)
        pieces.put_nowait(Stopping())

    async def keep_open() -> None:
        await asyncio.sleep(HEAD_WITHIN_S)
        while True:
            pieces.put_nowait("")
            await asyncio.sleep(QUIET_S)

    answering = spawn(answer(), name="answer a client that listens")
    watching = spawn(stop(), name="end a stream when the server stops")
    ticking = spawn(keep_open(), name="keep a stream open")
    try:
        yield pieces
    finally:
        answering.cancel(*([CUT_OFF] if stopping.is_set() else []))
        watching.cancel()
        ticking.cancel()
