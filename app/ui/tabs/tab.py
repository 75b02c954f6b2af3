"""The contract of a tab. A new one is a file in this folder and its line in ``TABS``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from app.ui import work
from app.ui.bridge import Bridge
from app.ui.services import Services


class Tab(QWidget):
    """Subclasses say ``name`` (also of their drawing in ``resources/icons``) and ``title`` (marked for translation).

    ``message``: a sentence and a tone for the bar above. ``tab_wanted``: the name of the tab where to begin.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    message = Signal(str, str)
    tab_wanted = Signal(str)

    def __init__(self, services: Services, bridge: Bridge) -> None:
        super().__init__()
        self.services, self.bridge = services, bridge

    def on_shown(self) -> None:
        """It became visible."""
        self.refresh()

    def refresh(self) -> None:
        """Read everything anew (F5)."""

    def begin(self) -> None:
        """Somebody was sent here to make the first one: open what makes it."""

    def shut(self) -> None:
        """The window closes: let threads and timers go."""

    def work(self, coroutine: Coroutine[Any, Any, object], name: str, *busy: QWidget) -> None:
        """Run ``coroutine``; a refusal is told in the bar above, ``busy`` widgets are off until it ends."""
        work.start(coroutine, name=name, owner=self, refused=self.refuse, busy=busy)

    def refuse(self, sentence: str) -> None:
        self.message.emit(sentence, "bad")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.on_shown()
