"""Qt's own quit is a wish like any other: the program ends its work first, and its loop goes on until then.

Qt quits when the session ends (log-off, shutdown), when an installer asks the program to close (Windows' Restart
Manager), and from a Mac's menu. Left to itself, that stops the loop in the middle of the frames in flight.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QEventLoop
from PySide6.QtWidgets import QApplication

from app.paths import APP_NAME


class DesktopApplication(QApplication):
    """The one QApplication, named and set to outlive its windows."""

    def __init__(self) -> None:
        _be_told_from_python()
        super().__init__(sys.argv[:1])
        self._quit_wanted: Callable[[], None] | None = None
        self.setApplicationName(APP_NAME)
        self.setApplicationDisplayName("Frame Backend")
        self.setDesktopFileName(APP_NAME)
        self.setQuitOnLastWindowClosed(False)

    @contextlib.contextmanager
    def quitting(self, quit_wanted: Callable[[], None]) -> Iterator[None]:
        """For as long as this lasts, which is within the loop, Qt's quit calls ``quit_wanted`` and ends nothing."""
        self._quit_wanted = quit_wanted
        self.aboutToQuit.connect(self._end_in_time)
        try:
            yield
        finally:
            self.aboutToQuit.disconnect(self._end_in_time)
            self._quit_wanted = None

    def event(self, event: QEvent) -> bool:
        """Before Qt would close the windows (which may only hide them) and stop its loop."""
        if event.type() == QEvent.Type.Quit and self._quit_wanted is not None:
            self._quit_wanted()
            return True
        return super().event(event)

    def _end_in_time(self) -> None:
        """Windows ends the process soon after this returns: Qt emits it within WM_ENDSESSION, of which
        https://learn.microsoft.com/windows/win32/shutdown/wm-endsession says that the session may end any time after.
        So it returns when the program has ended its work, by which every loop of Qt's stops.
        """
        if self._quit_wanted is not None:
            self._quit_wanted()
            QEventLoop().exec()


def _be_told_from_python() -> None:
    """From source Windows would put the window under Python's icon in the taskbar; a build is a program of its own
    (https://learn.microsoft.com/windows/win32/shell/appids).
    """
    if sys.platform == "win32" and not hasattr(sys, "frozen"):
        import ctypes

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(APP_NAME)
