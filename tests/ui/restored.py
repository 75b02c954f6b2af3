"""The real program, window and server, on which somebody restores a backup: ``python -m tests.ui.restored CHOICE FOLDER
FILE``.

``CHOICE``: what is done once it is under way (wait, cancel, end), or before it (stopped: the server is). Prints what
the program holds each time it has opened, and ends it after the second.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import httpx
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from app import window as program
from app.application import Application
from app.paths import DataFolder
from app.ui.settings.backup_dialogs import RestoreBackup
from app.ui.settings.tab import SettingsTab
from app.ui.shell.main_window import MainWindow
from app.ui.shell.restore_run import Restoring
from app.ui.shell.status import LOST_KEYS
from tests.ui.program import say

W = TypeVar("W", bound=QWidget)


def shown(kind: type[W]) -> W | None:
    tops = QApplication.topLevelWidgets()
    return next((top for top in tops if isinstance(top, kind) and top.isVisible()), None)


async def come(look: Callable[[], W | None]) -> W:
    async with asyncio.timeout(20):
        while (found := look()) is None:
            await asyncio.sleep(0.01)
        return found


def opened() -> MainWindow | None:
    window = shown(MainWindow)
    return window if window is not None and window.tabs else None


class Owner:
    """Sits before the window, at each of its beginnings."""

    def __init__(self, choice: str, file: str) -> None:
        self.finished = asyncio.Event()
        self._choice, self._file, self._beginnings = choice, file, 0

    async def run(self, application: Application) -> None:
        window = await come(opened)
        self._beginnings += 1
        state = await self._state_of(application)
        names = ", ".join(profile.username for profile in application.store.profiles.all())
        told = [text for text in window.messages.texts() if "keyring" not in text and "reader" not in text]
        say(f"{state} | {names or 'nobody'} | {' | '.join(told)}")
        if self._beginnings == 1:
            if self._choice == "stopped":
                await application.server.stop()
            await self._restore(window)
        else:
            self._follow_lost_keys(window)
            self.finished.set()

    async def _state_of(self, application: Application) -> str:
        """The status of its answer; its state once it has had the time to start."""
        if self._choice == "stopped" and self._beginnings > 1:
            await asyncio.sleep(0.3)
            return application.server.state
        while application.server.state != "running":
            await asyncio.sleep(0.01)
        async with httpx.AsyncClient() as client:
            return str((await client.get(f"{application.server.url}/health")).status_code)

    async def _restore(self, window: MainWindow) -> None:
        window.go_to("settings")
        tab = next(tab for tab in window.tabs if isinstance(tab, SettingsTab))
        tab.data.restore.click()
        chooser = await come(lambda: shown(QFileDialog))
        chooser.fileSelected.emit(self._file)
        chooser.close()
        dialog = await come(lambda: shown(RestoreBackup))
        QTimer.singleShot(1, self._act)
        dialog.accept_button.click()  # the program closes, and with it this task ends

    def _act(self) -> None:
        """Once the restore is under way."""
        dialog = shown(Restoring)
        if dialog is None:
            QTimer.singleShot(1, self._act)
            return
        say(f"restoring, {'closed' if opened() is None else 'open'} behind it")
        if self._choice == "cancel":
            dialog.cancel.click()
        elif self._choice == "end":
            signal.raise_signal(signal.SIGTERM)

    def _follow_lost_keys(self, window: MainWindow) -> None:
        button = window.messages.way_out(LOST_KEYS)
        if button is not None:
            button.click()
            tab = window.tabs[window.pages.currentIndex()]
            say(f"{button.text()}: {tab.name}")


def main() -> int:
    choice, folder, file = sys.argv[1:]
    data = DataFolder(Path(folder))
    data.prepare()
    return program.run(data, host="127.0.0.1", port=0, companion=Owner(choice, file))


if __name__ == "__main__":
    raise SystemExit(main())
