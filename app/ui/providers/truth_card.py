"""How often a provider was right when it said so: in a sentence, and as a curve of its claims."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.core.events import TrustChanged
from app.core.provider import ON_DEVICE
from app.core.routing.reliability import LEAST_LABELS, Bin, Reliability, reliability
from app.ui.providers.reliability_curve import ReliabilityCurve
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.support import run_task
from app.ui.support.bridge import Bridge
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import STRETCH, add, at_top, hbox, vbox, wide
from app.ui.widgets.text import Quiet, Text


class TruthCard(Card):
    """One quiet line as long as too little is known; nothing for who says nothing of itself."""

    refused = Signal(str)

    def __init__(self, services: Services, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent, title=self.tr("How often it is right"))
        self._services, self._name = services, ""
        self.curve = ReliabilityCurve(self)
        self.told, self.reading = Text("", self, wrap=True), Quiet("", self, wrap=True)
        self.unknown = Quiet("", self, wrap=True)
        self.known = QWidget(self)
        words = vbox(self.told, self.reading, STRETCH, gap=8)
        hbox(wide(words), at_top(self.curve), gap=14, on=self.known)
        add(self.body, self.unknown, self.known, STRETCH)
        self.curve.pointed.connect(self._read_out)
        bridge.on(TrustChanged, self.refresh, self)
        self._tell(None)

    def show_provider(self, name: str) -> None:
        """``name``: "" for none."""
        self._name = name
        self.setVisible(name not in ("", ON_DEVICE))
        self.refresh()

    def refresh(self) -> None:
        if self.isVisible():
            run_task.start(
                self._load(self._name), name="read how often a provider is right", owner=self, refused=self.refused.emit
            )

    async def _load(self, name: str) -> None:
        labels = await self._services.store.labels.labels()
        truth = await asyncio.to_thread(reliability, labels, name, self._services.trust.calibration)
        if name == self._name:
            self._tell(truth)

    def _tell(self, truth: Reliability | None) -> None:
        """None: fewer than ``LEAST_LABELS`` of its answers are judged."""
        self.unknown.setVisible(truth is None)
        self.known.setVisible(truth is not None)
        if truth is None:
            self.unknown.setText(
                self.tr(
                    "It stands here once {needed} of its answers are judged, by your thumbs or by a second AI."
                ).format(needed=LEAST_LABELS)
            )
            return
        self.told.setText(self._sentence(truth))
        self.curve.show_bins(truth.bins)
        self.curve.setAccessibleDescription(" ".join(map(self._said_of, truth.bins)))
        self._read_out(self.curve.at)

    def _sentence(self, truth: Reliability) -> str:
        if not truth.sure:
            return self.tr(
                "It called none of its answers sure; {count} were judged, by your thumbs and a second AI."
            ).format(count=fmt.count(truth.labels))
        return self.tr(
            "Of {count} answers it called sure, {percent} were right; by your thumbs and a second AI."
        ).format(count=fmt.count(truth.sure), percent=fmt.percent(truth.sure_right))

    def _read_out(self, place: int) -> None:
        self.reading.setText(
            self._said_of(self.curve.bins[place])
            if place >= 0
            else self.tr(
                "Across: how sure it said it was. Up: how often it was right. Below the line it promised too much."
            )
        )

    def _said_of(self, one: Bin) -> str:
        return self.tr("Said {least} to {most}: {percent} of {count} were right; now taken for {trust}.").format(
            least=fmt.percent(one.least),
            most=fmt.percent(one.most),
            percent=fmt.percent(one.right_share),
            count=fmt.count(one.labels),
            trust=fmt.percent(one.trust),
        )
