"""Pipeline.process(frame) -> Answer: a frame goes down by ``await``, its answer comes up by ``return``."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

from app.core.errors import FrameError, HungUp, Stopping
from app.core.events import Bus, FrameAnswered, FrameCompleted, FrameFailed, FrameReceived
from app.core.frame import Answer, Frame, Picture, Profile
from app.core.ports import Journal
from app.core.provider import Seat, are_keys_locked
from app.core.routing.audits import Audits
from app.core.routing.cascade_run import CascadeRun
from app.core.routing.gate import Gate
from app.core.routing.latest_wins import LatestWins
from app.core.routing.provider_calls import RESERVE_S
from app.core.routing.recall import Recall
from app.core.routing.router import Router
from app.core.routing.witness import Witness
from app.core.tasks import CUT_OFF, spawn
from app.core.text.plain_text import fitted


@dataclass(slots=True)
class _Passage:
    """A frame on its way. ``started``: monotonic. ``hears``: see ``Pipeline.process``."""

    frame: Frame
    started: float
    hears: Callable[[str], None] | None = None
    picture: Picture | None = None
    cascade: CascadeRun | None = None


class Pipeline:
    """One frame's way from the upload to the answer.

    ``picture_for`` makes of an upload, off the loop, what others may see of it by the profile: nothing else of it is
    asked about, told or kept; ``seats_for`` gives a profile's chain with its keys; ``fetch_keys`` waits at most so many
    seconds for those that the keyring has not given yet.
    """

    def __init__(
        self,
        *,
        picture_for: Callable[[bytes, Profile], Awaitable[Picture]],
        seats_for: Callable[[Profile], tuple[Seat, ...]],
        fetch_keys: Callable[[float], Awaitable[None]],
        gate: Gate,
        witness: Witness,
        audits: Audits,
        router: Router,
        journal: Journal,
        bus: Bus,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._picture_for, self._seats_for, self._fetch_keys = picture_for, seats_for, fetch_keys
        self._gate, self._witness, self._router, self._journal, self._bus = gate, witness, router, journal, bus
        self._audits, self._monotonic = audits, monotonic
        self._latest_wins = LatestWins()
        self._recall = Recall(monotonic)
        self._coming = WeakValueDictionary[int, CascadeRun]()
        """By profile: its newest course, as long as something of it is still to come."""

    async def process(self, frame: Frame, *, whole: bool = False, hears: Callable[[str], None] | None = None) -> Answer:
        """The answer for the glasses, already in the history; ``whole``: not before its long form is there too.

        Once the answer is decided ``hears`` is told its long form as it grows: each time all of it, as the model wrote
        it; what came at once is not told.

        Raises a ``FrameError``, which is in the history too. Cancelling it cancels its provider calls: the phone hung
        up, or with ``CUT_OFF`` the server stopped.
        """
        passage = _Passage(frame, self._monotonic(), hears)
        try:
            async with self._latest_wins.turn(frame.profile.profile_id, frame.lane):
                passage.picture = await self._picture_for(frame.upload, frame.profile)
                self._bus.publish(FrameReceived(frame, passage.picture))
                answer = await self._decide(passage, passage.picture)
            answer = await self._with_rest(passage, answer, whole=whole)
        except FrameError as error:
            await self._end(passage, error)
            raise
        except asyncio.CancelledError as cancelled:
            ending = Stopping if CUT_OFF in cancelled.args else HungUp
            spawn(self._break_off(passage, ending), name="keep a frame that was cancelled")
            raise
        except Exception:
            # a bug: its own handler hears of it, and the frame still counts
            await self._end(passage, FrameError())
            raise
        text = fitted(answer.text, frame.profile.answer_chars)
        blurred_faces = passage.picture.blurred_faces
        answer = replace(answer, text=text, latency_ms=self._since_ms(passage), blurred_faces=blurred_faces)
        await self._end(passage, answer)
        return answer

    async def _with_rest(self, passage: _Passage, answer: Answer, *, whole: bool) -> Answer:
        """``answer`` with what has come after its words by now; ``whole``: wait for it, as long as a frame may take."""
        profile_id = passage.frame.profile.profile_id
        cascade = self._coming.get(profile_id) if answer.reused else passage.cascade
        if cascade is None or not cascade.coming:
            return answer
        if passage.hears is not None:
            cascade.listen(answer.answered_by, passage.hears)
        left_s = max(0.0, cascade.deadline - self._monotonic())
        has_come = whole and await cascade.whole(answer.answered_by, left_s)
        completed = cascade.completed(answer, self._since_ms(passage) if has_come else None)
        return replace(answer, full_text=completed.full_text) if answer.reused else completed

    async def _end(self, passage: _Passage, ending: Answer | FrameError) -> None:
        """Keep how the frame ended and see to what follows, also when the phone hangs up while it is written."""
        await asyncio.shield(spawn(self._keep_all(passage, ending), name="keep a frame"))

    async def _keep_all(self, passage: _Passage, ending: Answer | FrameError) -> None:
        cascade = passage.cascade
        is_whole = cascade is None or cascade.is_whole
        await self._keep(passage, ending)
        if cascade is None:
            return
        auditor = self._audits.due(cascade, ending) if isinstance(ending, Answer) else None
        if auditor is not None or not is_whole:
            spawn(self._follow_up(passage, cascade, ending, auditor), name="keep what comes after the words")

    async def _keep(self, passage: _Passage, ending: Answer | FrameError) -> None:
        frame, latency_ms = passage.frame, self._since_ms(passage)
        if isinstance(ending, FrameError) and passage.picture is not None:
            ending.blurred_faces = passage.picture.blurred_faces
        await self._journal.record(frame, passage.picture, ending, latency_ms)
        self._bus.publish(
            FrameFailed(frame, ending, latency_ms) if isinstance(ending, FrameError) else FrameAnswered(frame, ending)
        )

    async def _follow_up(
        self, passage: _Passage, cascade: CascadeRun, ending: Answer | FrameError, auditor: Seat | None
    ) -> None:
        """Add to the frame what comes after its words: the rest of its replies, then what ``auditor`` says."""
        whole_ms = None
        try:
            if cascade.coming:
                await cascade.whole()
                whole_ms = self._since_ms(passage)
            if auditor is not None and isinstance(ending, Answer):
                await self._audits.ask(cascade, ending, auditor)
        except asyncio.CancelledError:
            await cascade.break_off()
            raise
        finally:
            if isinstance(ending, FrameError):
                ending.attempts = tuple(cascade.attempts)
            else:
                ending = cascade.completed(ending, ending.whole_ms or whole_ms)
            self._journal.complete(passage.frame, ending)
            if isinstance(ending, Answer):
                self._gate.complete(passage.frame, ending)
                self._bus.publish(FrameCompleted(passage.frame, ending))

    async def _break_off(self, passage: _Passage, ending: type[FrameError]) -> None:
        """Keep a frame that nobody waits for any more, with what its calls cost so far."""
        cascade = passage.cascade
        if cascade is not None:
            await cascade.break_off()
        await self._keep(passage, ending(attempts=tuple(cascade.attempts) if cascade else ()))

    async def _decide(self, passage: _Passage, picture: Picture) -> Answer:
        """What is remembered from frame to frame is the wearer's: who asks through a door is always answered anew."""
        frame = passage.frame
        seats = self._seats_for(frame.profile)
        is_wearers = not frame.door
        if is_wearers and (ready := self._gate.check(frame, picture, seats)):
            return ready
        if are_keys_locked(seats):
            left_s = self._router.deadline_s(seats) - (self._monotonic() - passage.started)
            await self._fetch_keys(left_s - RESERVE_S)
            seats = self._seats_for(frame.profile)
        passage.cascade = self._router.begin(frame, picture, seats, passage.started + self._router.deadline_s(seats))
        if is_wearers:
            passage.cascade.before = self._recall.find(frame, picture)
        with self._witness.beside(passage.cascade):
            answer = await self._router.run(passage.cascade)
        if is_wearers:
            self._gate.remember(frame, picture, seats, answer)
            self._coming[frame.profile.profile_id] = passage.cascade
            self._recall.keep(frame, picture, answer)
        return answer

    def _since_ms(self, passage: _Passage) -> int:
        return round((self._monotonic() - passage.started) * 1000)
