"""The calibration in force: made anew, off the loop, whenever labels have changed."""

from __future__ import annotations

import asyncio
import logging
import time

from app.core.errors import StoreError
from app.core.events import Bus, LabelsChanged, TrustChanged
from app.core.ports import LabelMemory
from app.core.routing.calibration import Calibration, calibrate
from app.core.routing.labels import Signs
from app.core.tasks import spawn

log = logging.getLogger(__name__)

_LEAST_PAUSE_S, _MOST_PAUSE_S = 1.0, 3.0
_SHARE_OF_TIME = 0.05
"""Of one processor, that learning may take for long."""


class Trust:
    """Learns from ``memory``; publishes ``TrustChanged``. Until ``refit`` has been called trust is the confidence."""

    def __init__(self, memory: LabelMemory, bus: Bus) -> None:
        self._memory, self._bus = memory, bus
        self.calibration = Calibration()
        self._is_stale = False
        self._is_learning = False
        bus.subscribe(LabelsChanged, lambda _: self.refit())

    def of(self, provider: str, model: str, confidence: float | None, signs: Signs) -> float | None:
        """As ``Calibration.trust``, by the labels that are known by now."""
        return self.calibration.trust(provider, model, confidence, signs)

    def refit(self) -> None:
        """Learn from the labels as they are now, at once or, after the last time, a few seconds later."""
        self._is_stale = True
        if not self._is_learning:
            spawn(self._keep_up(), name="learn from labels")

    async def _keep_up(self) -> None:
        self._is_learning = True
        try:
            while self._is_stale:
                self._is_stale = False
                took_s = await self._learn()
                await asyncio.sleep(min(max(took_s / _SHARE_OF_TIME, _LEAST_PAUSE_S), _MOST_PAUSE_S))
        finally:
            self._is_learning = False

    async def _learn(self) -> float:
        started = time.monotonic()
        try:
            labels = await self._memory.labels()
        except StoreError as error:
            log.warning("labels cannot be read: %s", error)
        else:
            self.calibration = await asyncio.to_thread(calibrate, labels)
            self._bus.publish(TrustChanged())
        return time.monotonic() - started
