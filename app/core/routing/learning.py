"""What the history and the labels teach of whom to ask, learned anew from time to time, off the loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from app.core.errors import StoreError
from app.core.events import Bus, FrameAnswered, LabelsChanged
from app.core.frame import Profile
from app.core.ports import LabelMemory, PastMemory
from app.core.provider import ON_DEVICE
from app.core.routing.confidence import ANYBODY, reaches_cut
from app.core.routing.labels import Label
from app.core.routing.learned_order import Habits, habits_of
from app.core.routing.replay import Forecast, PastFrame, replay
from app.core.routing.trust import Trust
from app.core.settings import Settings

log = logging.getLogger(__name__)

PAUSE_S = 300.0
"""From one lesson to the next: it takes a core half a second, and an order hardly changes from hour to hour."""


class Learning:
    """``habits`` are in force at once; nothing is known until ``keep_up`` runs."""

    def __init__(
        self, history: PastMemory, labels: LabelMemory, trust: Trust, settings: Settings, bus: Bus
    ) -> None:  # fmt: skip
        self._history, self._labels, self._trust, self._settings = history, labels, trust, settings
        self.habits = Habits()
        self._is_stale = True
        bus.subscribe(FrameAnswered, self._outdate)
        bus.subscribe(LabelsChanged, self._outdate)

    async def keep_up(self) -> None:
        """Learn every few minutes what is new; without end."""
        while True:
            if self._is_stale:
                self._is_stale = False
                await self._learn()
            await asyncio.sleep(PAUSE_S)

    async def forecast(self, names: Sequence[str]) -> Forecast | None:
        """What asking ``names``, who stand in the owner's order, as was learned would have made of the history.

        None where too little is known of it. Raises ``StoreError``.
        """
        frames = await self._learn_from(await self._history.past_frames())
        askable = [name for name in names if name != ON_DEVICE]
        habits = self.habits
        return await asyncio.to_thread(replay, frames, lambda kind: habits.order(askable, kind))

    async def _learn(self) -> None:
        try:
            await self._learn_from(await self._history.past_frames())
        except StoreError as error:
            log.warning("the history cannot be learned from: %s", error)

    async def _learn_from(self, frames: Sequence[PastFrame]) -> Sequence[PastFrame]:
        labels = await self._labels.labels()
        number = self._settings.number
        usual = replace(ANYBODY, risk_scene=number("risk.scene"), risk_exact=number("risk.exact"))
        self.habits = await asyncio.to_thread(habits_of, frames, labels, partial(self._is_trusted, usual))
        return frames

    def _is_trusted(self, profile: Profile, label: Label) -> bool:
        trust = self._trust.of(label.provider, label.model, label.confidence, label.signs)
        return reaches_cut(trust, label.signs.kind, profile)

    def _outdate(self, _: object) -> None:
        self._is_stale = True
