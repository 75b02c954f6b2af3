"""The offer to add an AI, where somebody sees what this computer found by itself, or that nobody found anything."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from app.core.errors import NoAnswer, NoProvider
from app.core.events import KeyringChecked, KeysChanged, ProvidersChanged
from app.core.provider import ON_DEVICE
from app.ui.frames.frame_view import FrameView
from app.ui.provider_status import ProviderStatus, about
from app.ui.services import Services
from app.ui.support.bridge import Bridge
from app.ui.support.window_state import WindowMemory
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import STRETCH, add, hbox, vbox, wide
from app.ui.widgets.text import Quiet, Text

_OFFER = "an AI"
"""How it stands among what was dismissed."""


class AiOffer(Card):
    """Out of sight but beside a frame that no AI was asked about, while there is none and nobody declined one.

    ``wanted``: an AI is to be added. ``is_flat``: for above a page, which needs its height.
    """

    wanted = Signal()

    def __init__(self, services: Services, bridge: Bridge, parent: QWidget, *, is_flat: bool = False) -> None:
        super().__init__(parent, margin_px=10)
        self._memory, self._status = WindowMemory(services.settings_path), ProviderStatus(services, bridge, self)
        self._is_apt = False
        told = self.tr(
            "Only this computer looks at the pictures so far. An AI describes whole scenes, and needs a key."
        )
        self.told = Text(told, self, wrap=True)
        vendors = (f"{vendor.label}: {about(vendor)}" for vendor in services.keyed_vendors)
        self.vendors = Quiet((" " if is_flat else "\n").join(vendors), self, wrap=True)
        self.add_ai, self.decline = Button(self.tr("Add an AI"), "add", self), Button(self.tr("No, thanks"), "", self)
        told_all, buttons = vbox(self.told, self.vendors, gap=4), hbox(self.add_ai, self.decline, gap=8)
        if is_flat:
            self.body.addLayout(hbox(wide(told_all), buttons, gap=14))
        else:
            add(self.body, told_all, hbox(buttons, STRETCH))
        self.add_ai.clicked.connect(self.wanted)
        self.decline.clicked.connect(self._decline)
        for changed in (ProvidersChanged, KeysChanged, KeyringChecked):
            bridge.on(changed, self._show, self)
        self.hide()

    def show_for(self, *frames: FrameView | None) -> None:
        """``frames``: what is seen now."""
        is_apt = any(frame is not None and _is_left_to_this_computer(frame) for frame in frames)
        if is_apt is not self._is_apt:
            self._is_apt = is_apt
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """Perhaps it was declined meanwhile, where another one stands."""
        super().showEvent(event)
        self._show()

    def _show(self) -> None:
        is_open = self._is_apt and _OFFER not in self._memory.dismissed
        self.setVisible(is_open and not self._status.tally()[2])

    def _decline(self) -> None:
        self._memory.dismiss(_OFFER)
        self.hide()


def _is_left_to_this_computer(frame: FrameView) -> bool:
    return frame.code in (NoAnswer.code, NoProvider.code) if frame.failed else frame.answered_by == ON_DEVICE
