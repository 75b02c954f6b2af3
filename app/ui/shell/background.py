"""What goes on while the window is closed: the tray's icon, the pause, and notices beside it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from app.ui.services import Services
from app.ui.shell import tray
from app.ui.shell.notices import Kind, Notices
from app.ui.shell.pause import Pause
from app.ui.shell.tray import Tray
from app.ui.support import formatting as fmt
from app.ui.support.bridge import Bridge
from app.ui.support.window_state import WindowMemory

if TYPE_CHECKING:
    from app.ui.shell.main_window import MainWindow

PAUSE = "pause"
"""The key of its message."""
LATE_TRAY_MS = 15_000
"""At login a desktop may bring its tray after us."""
_WHERE: Mapping[Kind, str] = {"keys": "blacklist", "provider": "providers", "cap": "profiles", "disk": "settings"}


class Background(QObject):
    """Belongs to ``window``, which is hidden and shown by it."""

    def __init__(self, services: Services, bridge: Bridge, memory: WindowMemory, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._memory = window, memory
        self._last: Kind | None = None
        self.pause = Pause(services.control, bridge, self)
        self.tray = Tray(services.control, bridge, self.pause, window)
        self.notices = Notices(services, bridge, self._notify, self)
        self.notices.message.connect(window.tell)
        self.notices.owner_needed.connect(self._ask_owner)
        self.pause.changed.connect(self._show_pause)
        self.tray.open.triggered.connect(lambda: window.show_up())
        self.tray.quit.triggered.connect(window.quit)
        self.tray.icon.messageClicked.connect(self._follow_notice)
        self._late = QTimer(self, singleShot=True, interval=LATE_TRAY_MS)
        self._late.timeout.connect(self._show_without_tray)

    def takes_over(self) -> bool:
        """Whether the program can go on without its window; said once, ever."""
        if not tray.is_there():
            return False
        if not self._memory.tray_told:
            self._memory.tray_told = True
            text = self.tr("The glasses still get their answers. Quit is in the menu of this icon.")
            self.tray.notify(self.tr("Frame Backend goes on here"), text)
        return True

    def begin_hidden(self) -> None:
        """The window was not shown; it will be, small, unless there is a tray to open it from."""
        self._late.start()

    def stop(self) -> None:
        """The program closes."""
        self._late.stop()
        self.pause.stop()
        self.notices.stop()
        self.tray.close()

    def _show_without_tray(self) -> None:
        if not tray.is_there() and not self._window.isVisible():
            self._window.showMinimized()

    def _notify(self, kind: Kind, title: str, text: str) -> bool:
        """Only when nobody looks: what it tells stands in the window too."""
        if QApplication.activeWindow() is not None or not self.tray.notify(title, text):
            return False
        self._last = kind
        return True

    def _ask_owner(self, text: str, button: str, provider: str) -> None:
        way_out = (button, partial(self._window.mend, "providers", provider))
        self._window.messages.tell(text, "bad", f"provider {provider}", way_out)

    def _follow_notice(self) -> None:
        self._window.show_up()
        if self._last is not None and self._last in _WHERE:
            self._window.go_to(_WHERE[self._last])
        self._last = None

    def _show_pause(self) -> None:
        until = self.pause.until
        if until is None:
            self._window.messages.drop(PAUSE)
            return
        text = self.tr("Until {time} the glasses get no answers.").format(time=fmt.clock(until))
        self._window.messages.ask(text, "warn", PAUSE, (self.tr("Answer again now"), self.pause.resume))
