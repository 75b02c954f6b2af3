"""The offer to ask by what was learned, with what that would have made of one's own history."""

from __future__ import annotations

import time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.core.events import SettingsChanged
from app.core.routing.replay import Forecast
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.support import run_task
from app.ui.support.bridge import Bridge
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import hbox, vbox, wide
from app.ui.widgets.text import Quiet, Text

MODE = "routing.mode"
FRESH_S = 300.0
"""So long a forecast holds: it takes a thread a quarter of a second."""
LEAST_CHANGE = 0.01
"""Of a share, before anything is said of it."""


class OrderCard(Card):
    """Out of sight unless the learned order is in force, or would have been better in something."""

    refused = Signal(str)

    def __init__(self, services: Services, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent, margin_px=10)
        self._services = services
        self._forecast: Forecast | None = None
        self._asked_at = float("-inf")
        self.told, self.rests_on = Text("", self, wrap=True), Quiet("", self, wrap=True)
        self.adopt = Button(self.tr("Use the learned order"), "good", self)
        self.go_back = Button(self.tr("Back to my order"), "", self)
        self.body.addLayout(hbox(wide(vbox(self.told, self.rests_on, gap=3)), self.adopt, self.go_back, gap=12))
        self.adopt.clicked.connect(lambda: self._choose("learned"))
        self.go_back.clicked.connect(lambda: self._choose("chain"))
        bridge.on(SettingsChanged, self._show, self)
        self.hide()

    def refresh(self) -> None:
        """Somebody looks: ask anew, unless that was done a moment ago."""
        self._show()
        if time.monotonic() - self._asked_at >= FRESH_S:
            self._asked_at = time.monotonic()
            run_task.start(self._load(), name="replay the history", owner=self, refused=self.refused.emit)

    async def _load(self) -> None:
        names = [config.name for config in self._services.store.providers.all() if config.enabled]
        self._forecast = await self._services.learning.forecast(names)
        self._show()

    def _choose(self, mode: str) -> None:
        saved = self._services.store.set_setting(MODE, mode)
        busy = (self.adopt, self.go_back)
        run_task.start(saved, name="choose the order", owner=self, refused=self.refused.emit, busy=busy)

    # --- what is shown -------------------------------------------------------------------------------------------

    def _show(self) -> None:
        mode, forecast = self._services.store.settings.text(MODE), self._forecast
        is_learned = mode == "learned"
        self.adopt.setVisible(not is_learned)
        self.go_back.setVisible(is_learned)
        changes = self._changes(forecast) if forecast else ""
        if is_learned:
            self.told.setText(self.tr("The learned order is in force."))
        else:
            self.told.setText(self.tr("With the learned order: {changes}.").format(changes=changes))
        self.rests_on.setText(self._rests_on(forecast) if forecast else "")
        self.rests_on.setVisible(not is_learned)
        self.setVisible(is_learned or (mode == "chain" and bool(changes)))

    def _changes(self, forecast: Forecast) -> str:
        """What would have been better or worse; empty where nothing would have been better."""
        told = (
            (forecast.cost_share, self.tr("{percent} cheaper"), self.tr("{percent} dearer")),
            (forecast.wrong_share, self.tr("{percent} less often wrong"), self.tr("{percent} more often wrong")),
            (forecast.wait_share, self.tr("{percent} sooner"), self.tr("{percent} later")),
        )
        changes = [
            (share, (less if share < 1 else more).format(percent=fmt.percent(abs(1 - share))))
            for share, less, more in told
            if share is not None and abs(1 - share) >= LEAST_CHANGE
        ]
        return ", ".join(text for _, text in changes) if any(share < 1 for share, _ in changes) else ""

    def _rests_on(self, forecast: Forecast) -> str:
        return self.tr("Played over {frames} of your history, of which {labels} were judged.").format(
            frames=fmt.frames(forecast.frames), labels=fmt.count(forecast.labels)
        )
