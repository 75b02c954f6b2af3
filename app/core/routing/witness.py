"""The reader on this computer as a witness: it reads a picture while the first provider is asked about it.

What it reads is a sign for or against what a provider answers (``evidence``), and never waited for. Where nobody else
gives an answer it is the answer: nothing is read twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.core.errors import EmptyReplyError, ProviderError
from app.core.provider import ON_DEVICE, Learned, Reply, Seat
from app.core.routing.cascade_run import CascadeRun
from app.core.routing.confidence import read_claim
from app.core.routing.provider_calls import ProviderCalls
from app.core.settings import Settings
from app.core.tasks import spawn


class Witness:
    """Has pictures read. ``is_idle``: whether the reader would begin at once; its process costs 300 MB and a core."""

    def __init__(self, calls: ProviderCalls, settings: Settings, is_idle: Callable[[], bool]) -> None:
        self._calls, self._settings, self._is_idle = calls, settings, is_idle

    @contextmanager
    def beside(self, cascade: CascadeRun) -> Iterator[None]:
        """Have the picture read until the answer is there, where that may tell something and the reader is idle."""
        if (seat := self._reader(cascade)) is not None:
            cascade.witness = spawn(_read(cascade, seat), name="read along")
        try:
            yield
        finally:
            if cascade.witness is not None:
                cascade.witness.cancel()

    def _reader(self, cascade: CascadeRun) -> Seat | None:
        askable = [seat for seat in cascade.pending if seat.can_be_asked]
        seat = next((seat for seat in askable if seat.name == ON_DEVICE), None)
        if seat is None or len(askable) == 1 or not self._settings.flag("routing.witness"):
            return None
        is_text = cascade.guess not in (None, "scene")
        return seat if is_text and not self._calls.why_not(cascade, seat) and self._is_idle() else None


async def _read(cascade: CascadeRun, seat: Seat) -> Reply | EmptyReplyError | None:
    """What was read; None when the reader failed, which it may do no more when it is asked itself."""
    try:
        reply = await seat.provider.ask(cascade.question, seat.key, Learned())
        cascade.read = read_claim(reply)
    except EmptyReplyError as nothing:
        return nothing
    except ProviderError:
        return None
    return reply
