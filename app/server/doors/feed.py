"""What happens to a profile's frames, for all who listen: noted at once, sent a moment later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, cast

from pydantic import BaseModel, Field

from app.core import events
from app.core.errors import FrameError
from app.core.frame import Answer, Frame, Profile
from app.core.routing.trace import trace_of, words_of
from app.core.tasks import spawn
from app.server.wire import schemas

LATER_S = 0.01
"""So long the frame's own reply goes ahead."""
PING_S = 15.0
BEHIND_MOST = 100
_PING = b": ping\n\n"
_MAY_SHUT_OUT = (
    events.AccessRevoked, events.PairingsChanged, events.AppKeysChanged, events.ProfilesChanged,
    events.BlacklistChanged, events.SettingsChanged,
)  # fmt: skip


# --- what is told ----------------------------------------------------------------------------------------------


class FrameTold(BaseModel):
    """``event: frame``. ``door``: through which it came, empty: from the glasses."""

    frame_id: str
    profile: str
    door: str
    prompt: str


class AttemptTold(BaseModel):
    """``event: attempt``: a provider was asked, or passed over."""

    frame_id: str
    profile: str
    attempt: schemas.TraceEntry


class AnswerTold(BaseModel):
    """``event: answer``: what stands on the glasses, or why nothing does.

    One with a ``frame_id`` that was told before takes its place: its long form has come, or a listener came again.
    """

    frame_id: str
    profile: str
    door: str
    success: bool
    code: str
    answer: str = ""
    full_answer: str = ""
    answered_by: str = ""
    trust: float | None = None
    kind: str = ""
    error: Annotated[str | None, Field(description="one sentence")] = None


def answered(frame_id: str, profile: Profile, door: str, answer: Answer) -> AnswerTold:
    return AnswerTold(
        frame_id=frame_id, profile=profile.username, door=door, success=True, code=answer.code,
        answer=words_of(answer, profile), full_answer=answer.full_text, answered_by=answer.answered_by,
        trust=answer.trust, kind=answer.kind,
    )  # fmt: skip


def failed(frame: Frame, error: FrameError) -> AnswerTold:
    return AnswerTold(
        frame_id=frame.frame_id, profile=frame.profile.username, door=frame.door, success=False, code=error.code,
        error=str(error),
    )  # fmt: skip


def piece(told: FrameTold | AttemptTold | AnswerTold) -> bytes:
    """As it is sent: one event. JSON holds no line break."""
    kind = {FrameTold: "frame", AttemptTold: "attempt", AnswerTold: "answer"}[type(told)]
    return f"event: {kind}\nid: {told.frame_id}\ndata: ".encode() + schemas.dump(told) + b"\n\n"


# --- who is told -----------------------------------------------------------------------------------------------


@dataclass(eq=False, slots=True)
class Listener:
    """Who hears of the frames of ``username``.

    ``drop``: end it where it stands. ``due``: what is to be sent, in order. ``is_doubted``: whether it may still listen
    is to be asked again. ``is_over``: the server stops. ``wake``: any of these changed.
    """

    username: str
    drop: Callable[[], None]
    due: list[bytes] = field(default_factory=list)
    is_doubted: bool = False
    is_over: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)


class Feed:
    """Hands on what is published; while nobody listens it hears nothing.

    Who is ``BEHIND_MOST`` pieces behind is dropped: when it comes again, the history tells what it missed.
    ``stopping``: set when the server stops.
    """

    def __init__(self, bus: events.Bus, stopping: asyncio.Event) -> None:
        self._bus, self._stopping = bus, stopping
        self._listeners: set[Listener] = set()
        self._noted: list[tuple[str, Callable[[], FrameTold | AttemptTold | AnswerTold]]] = []
        self._ends: list[Callable[[], object]] = []

    @contextmanager
    def listener(self, username: str, drop: Callable[[], None]) -> Iterator[Listener]:
        one = Listener(username, drop, is_over=self._stopping.is_set())
        one.wake.set()
        if not self._listeners:
            self._begin()
        self._listeners.add(one)
        try:
            yield one
        finally:
            self._listeners.discard(one)
            if not self._listeners:
                self._end()

    def _begin(self) -> None:
        subscribe = self._bus.subscribe
        self._ends = [
            subscribe(events.FrameReceived, self._received),
            subscribe(events.AttemptFinished, self._attempted),
            subscribe(events.FrameAnswered, self._answered),
            subscribe(events.FrameCompleted, self._completed),
            subscribe(events.FrameFailed, self._failed),
            *(subscribe(kind, self._doubt) for kind in _MAY_SHUT_OUT),
            spawn(self._tick(), name="ping who listens").cancel,
        ]

    def _end(self) -> None:
        for end in self._ends:
            end()
        self._noted.clear()

    # --- what is heard -------------------------------------------------------------------------------------------

    def _received(self, event: events.FrameReceived) -> None:
        frame, name = event.frame, event.frame.profile.username
        self._note(name, lambda: FrameTold(frame_id=frame.frame_id, profile=name, door=frame.door, prompt=frame.prompt))

    def _attempted(self, event: events.AttemptFinished) -> None:
        def told() -> AttemptTold:
            (entry,) = trace_of([event.attempt])
            attempt = cast(schemas.TraceEntry, entry)
            return AttemptTold(frame_id=event.frame_id, profile=event.username, attempt=attempt)

        self._note(event.username, told)

    def _answered(self, event: events.FrameAnswered | events.FrameCompleted) -> None:
        frame, answer = event.frame, event.answer
        self._note(frame.profile.username, lambda: answered(frame.frame_id, frame.profile, frame.door, answer))

    def _completed(self, event: events.FrameCompleted) -> None:
        if event.answer.whole_ms is not None:  # else nothing came behind its words
            self._answered(event)

    def _failed(self, event: events.FrameFailed) -> None:
        self._note(event.frame.profile.username, lambda: failed(event.frame, event.error))

    def _note(self, username: str, told: Callable[[], FrameTold | AttemptTold | AnswerTold]) -> None:
        if not self._noted:
            asyncio.get_running_loop().call_later(LATER_S, self._hand_on)
        self._noted.append((username, told))

    def _hand_on(self) -> None:
        noted, self._noted = self._noted, []
        for username, told in noted:
            mine = [one for one in self._listeners if one.username == username]
            sent = piece(told()) if mine else b""
            for one in mine:
                one.due.append(sent)
                one.wake.set()
                if len(one.due) > BEHIND_MOST:
                    one.drop()

    # --- who may go on -------------------------------------------------------------------------------------------

    def _doubt(self, _: events.Event) -> None:
        for one in self._listeners:
            one.is_doubted = True
            one.wake.set()

    async def _tick(self) -> None:
        """Break the silence; to ask anew who may listen notes that what let it in is used."""
        while not await self._stops_within(PING_S):
            for one in self._listeners:
                if not one.due:
                    one.due.append(_PING)
                one.is_doubted = True
                one.wake.set()
        for one in self._listeners:
            one.is_over = True
            one.wake.set()

    async def _stops_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                return await self._stopping.wait()
        except TimeoutError:
            return False
