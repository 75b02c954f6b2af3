"""A small program with the real window, for tests of its life: ``python -m tests.ui.program WHAT FOLDER [HOW]``.

Prints what happens, one word a line; ``WHAT`` is the name of a function below, which ends the program in its own way;
``HOW``: hidden or greet, as ``app.ui.run.run`` has it.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMetaObject, Qt, QTimer, qWarning
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox

from app.core.cost.budget import Spending
from app.core.errors import DataFolderInUse
from app.core.events import Bus
from app.core.routing.trust import Trust
from app.core.tasks import spawn
from app.paths import DataFolder
from app.store import Store
from app.ui.run import run
from app.ui.services import Services
from app.ui.shell.main_window import MainWindow
from tests.ui.stage import PROVIDERS, Control, Learning, LoginStart, Mqtt, Providers, Releases, TryOut, Webhook


def say(word: str) -> None:
    print(word, flush=True)


class LoudControl(Control):
    tabs_at_start = -1

    async def start(self) -> None:
        self.tabs_at_start = len(window().tabs)
        await super().start()

    async def stop(self) -> None:
        await asyncio.sleep(0.05)
        await super().stop()
        say("server stopped")


@dataclass
class Program:
    folder: Path
    quit_after: asyncio.Event
    act: Callable[[Program], None]
    services: Services | None = None

    async def open(self) -> Program:
        say("painted" if window().isVisible() else "not painted")
        if self.act is fail_to_open:
            QTimer.singleShot(100, close_box)
            raise DataFolderInUse("Another Frame Backend already runs on this data folder.")
        bus = Bus()
        store = await Store.open(
            self.folder, bus, default_providers=PROVIDERS, key_variables=lambda _: (), environ={}
        )  # fmt: skip
        self.services = Services(
            bus, store, LoudControl(bus), Providers(), self.folder / "window.ini", TryOut(), Spending(bus),
            LoginStart(), DataFolder(self.folder), Trust(store.labels, bus), Learning(),
            Webhook(), Mqtt(), Releases(),
        )  # fmt: skip
        QTimer.singleShot(300, lambda: self.act(self))
        return self

    async def close(self) -> None:
        assert self.services is not None
        if self.act is close_slowly:
            say("closing")
            await asyncio.sleep(1)
        await self.services.store.close()
        say("closed")


def window() -> MainWindow:
    return next(top for top in QApplication.topLevelWidgets() if isinstance(top, MainWindow))


def close_box() -> None:
    box = next(top for top in QApplication.topLevelWidgets() if isinstance(top, QMessageBox))
    say(box.text())
    box.close()


# --- what is done ----------------------------------------------------------------------------------------------------


def wait(program: Program) -> None:
    """Until somebody sends a signal, which is asked for by saying that it runs."""
    if window().strip.word.text() == "Running":
        say("Running")
    else:
        QTimer.singleShot(20, lambda: wait(program))


def be_called(program: Program) -> None:
    """Out of sight until a second start calls; then the end."""

    def look() -> None:
        if window().isVisible():
            say("shown")
            window().quit()
        else:
            QTimer.singleShot(20, look)

    window().hide()
    say("hidden")
    look()


def meet(program: Program) -> None:
    """Says which dialog stands before the window, puts it away and quits."""
    dialogs = [top for top in QApplication.topLevelWidgets() if isinstance(top, QDialog) and top.isVisible()]
    say(" ".join(type(dialog).__name__ for dialog in dialogs) or "nobody")
    for dialog in dialogs:
        dialog.reject()
    window().quit()


def tell_what_came_first(program: Program) -> None:
    assert program.services is not None
    say(f"{program.services.control.tabs_at_start} of {len(window().tabs)} tabs")  # type: ignore[attr-defined]
    window().quit()


def close_slowly(program: Program) -> None:
    window().quit()


def close_the_window(program: Program) -> None:
    window().close()


def end_by_event(program: Program) -> None:
    program.quit_after.set()


def quit_qt(program: Program) -> None:
    """As a Mac's menu does, or a session manager."""
    QApplication.quit()


def end_session(program: Program) -> None:
    """As Qt's plugin for Windows does when it is told that the session ends; then Windows ends the process."""
    QMetaObject.invokeMethod(QApplication.instance(), "aboutToQuit", Qt.ConnectionType.DirectConnection)
    QApplication.quit()
    say("the session is over")


def fail_to_open(program: Program) -> None: ...


def trip(program: Program) -> None:
    """Bugs in a slot and in a task, and a warning of Qt: the window tells of the bugs and stays."""

    async def task() -> None:
        raise LookupError("a bug in a task")

    def look() -> None:
        say(" | ".join(window().messages.texts()))
        window().close()

    qWarning("a word of Qt")
    spawn(task(), name="trip")
    QTimer.singleShot(200, look)
    raise ZeroDivisionError("a bug in a slot")


ACTS = {
    act.__name__: act
    for act in (
        wait, be_called, meet, tell_what_came_first,
        close_slowly, close_the_window, end_by_event, quit_qt, end_session, fail_to_open, trip
    )
}  # fmt: skip


def main() -> int:
    logging.basicConfig(format="%(name)s %(levelname)s %(message)s")
    program = Program(Path(sys.argv[2]), asyncio.Event(), ACTS[sys.argv[1]])
    how = {"data_folder": program.folder, "hidden": "hidden" in sys.argv[3:], "greet": "greet" in sys.argv[3:]}
    return run(program.open, quit_after=program.quit_after, **how)  # type: ignore[arg-type]  # open by the time it is used


if __name__ == "__main__":
    raise SystemExit(main())
