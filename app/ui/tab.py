"""The contract of a tab. A new one is a folder beside this file, with a ``tab.py``, and its line in ``TABS``."""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.services import Services
from app.ui.support import run_task
from app.ui.support.bridge import Bridge
from app.ui.widgets.table import Table, find_in


class Tab(QWidget):
    """Subclasses say ``name`` (also of their drawing in ``resources/icons``) and ``title`` (marked for translation).

    ``message``: a sentence and a tone for a notice. ``saved``: a sentence, and the file it is about.
    ``tab_wanted``: the name of the tab where to begin. ``set_up_wanted``: the first start, once more.
    ``restore_wanted``: the backup to put in the place of all data, and the names of what it may change of the network.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    message = Signal(str, str)
    saved = Signal(str, Path)
    tab_wanted = Signal(str)
    set_up_wanted = Signal()
    restore_wanted = Signal(Path, frozenset)

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

    def mend(self, name: str) -> None:
        """Somebody was sent here to put the one of that name right: pick it, and open what does."""

    def count_waiting(self) -> int:
        """How many things wait here for the owner to look: the badge beside its name. Asked every second."""
        return 0

    def find_text(self, text: str) -> tuple[int, int] | None:
        """Show what contains ``text`` alone, all of it for ""; how many, and of how many. None: nothing to find here.

        Without more it is the rows of the tab's tables.
        """
        tables = self.findChildren(Table)
        return find_in(tables, text) if tables else None

    def finder(self) -> QLineEdit | None:
        """The tab's own field for finding (Ctrl+F goes there); None: the window's bar, which calls ``find_text``."""
        return None

    def shut(self) -> None:
        """The window closes: let threads and timers go."""

    def work(self, coroutine: Coroutine[Any, Any, object], name: str, *busy: QWidget) -> None:
        """Run ``coroutine``; a refusal is told in the bar above, ``busy`` widgets are off until it ends."""
        run_task.start(coroutine, name=name, owner=self, refused=self.refuse, busy=busy)

    def refuse(self, sentence: str) -> None:
        self.message.emit(sentence, "bad")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.on_shown()
