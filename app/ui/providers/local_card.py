"""The offer to use a model that sees and runs in a program on this computer: one line, one click, one timed picture."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.core.events import ProvidersChanged
from app.core.text.plain_text import shorten
from app.core.vendor_info import LocalModel
from app.ui.services import Services
from app.ui.support import run_task
from app.ui.support.bridge import Bridge
from app.ui.support.sentences import said
from app.ui.support.window_state import WindowMemory
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import hbox, wide
from app.ui.widgets.state_label import StateLabel

MODEL_CHARS = 60
"""Of a model's name; llama.cpp's are paths."""


class LocalCard(Card):
    """Out of sight while nothing is found, or nothing that was not dismissed. ``adopted``: a provider's name."""

    refused = Signal(str)
    adopted = Signal(str)

    def __init__(self, services: Services, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent, margin_px=10)
        self._services, self._memory = services, WindowMemory(services.settings_path)
        self._offered: LocalModel | None = None
        self._is_told = self._is_looking = False
        self.told = StateLabel("", "idle", self, wrap=True)
        self.use = Button(self.tr("Use it"), "good", self)
        self.dismiss = Button(self.tr("No, thanks"), "", self)
        self.close_told = Button(self.tr("OK"), "", self)
        self.body.addLayout(hbox(wide(self.told), self.use, self.dismiss, self.close_told, gap=12))
        self.use.clicked.connect(self._use)
        self.dismiss.clicked.connect(self._dismiss)
        self.close_told.clicked.connect(self._look_on)
        bridge.on(ProvidersChanged, self._look_again, self)
        self.hide()
        self.refresh()

    def refresh(self) -> None:
        """Look for them anew, unless that is being done, or what came of one is still to be read."""
        if not (self._is_told or self._is_looking):
            self._is_looking = True
            run_task.start(self._look(), name="look for local models", owner=self, refused=self.refused.emit)

    def _look_again(self) -> None:
        if self.isVisible():
            self.refresh()

    async def _look(self) -> None:
        try:
            models, dismissed = await self._services.providers.local_models(), self._memory.dismissed
        finally:
            self._is_looking = False
        if self._is_told:
            return
        self._offered = next((model for model in models if _offer(model) not in dismissed), None)
        self._show()

    def _show(self) -> None:
        if (model := self._offered) is not None:
            text = self.tr("{program} with {model} is on this computer. Use it?")
            self.told.show_state(text.format(program=model.label, model=shorten(model.model, MODEL_CHARS)), "idle")
        for button in (self.use, self.dismiss):
            button.setVisible(not self._is_told)
        self.close_told.setVisible(self._is_told)
        self.setVisible(self._is_told or self._offered is not None)

    # --- what is done --------------------------------------------------------------------------------------------

    def _use(self) -> None:
        if self._offered is not None:
            run_task.start(self._adopt(self._offered), name="use a local model", owner=self, refused=self._refuse,
                           busy=(self.use, self.dismiss))  # fmt: skip

    async def _adopt(self, model: LocalModel) -> None:
        self._is_told = True
        text = self.tr("Showing {model} a test picture. The first one takes longest: the model is loaded.")
        self.told.show_state(text.format(model=shorten(model.model, MODEL_CHARS)), "busy")
        found = await self._services.providers.adopt(model)
        self._offered = None
        self.told.show_state(said(found.sentence), "good" if found.ok else "bad")
        self._show()
        self.adopted.emit(found.provider)

    def _refuse(self, sentence: str) -> None:
        self.refused.emit(sentence)
        self._look_on()

    def _dismiss(self) -> None:
        if self._offered is not None:
            self._memory.dismiss(_offer(self._offered))
        self._look_on()

    def _look_on(self) -> None:
        self._is_told, self._offered = False, None
        self._show()
        self.refresh()


def _offer(model: LocalModel) -> str:
    return f"{model.preset}/{model.model}"
