"""The window's life: first paint, then the program opens behind it; at the end everything closes before it returns.

Shutdown is by an event, not by Qt's quit: closing the window, Ctrl+Q, SIGINT and SIGTERM all set it, the main coroutine
awaits what is under way, and only then does the loop end (``aboutToQuit`` would never let async work finish).
"""

from __future__ import annotations

import os

os.environ["QT_API"] = "pyside6"  # qasync would prefer another binding that happens to be installed

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from qasync import QEventLoop

from app.core.errors import FrameBackendError, ServerError
from app.core.tasks import spawn
from app.ui.main_window import MainWindow
from app.ui.mishaps import Mishaps
from app.ui.services import Application
from app.ui.theme import Theme

log = logging.getLogger(__name__)

OpenApplication = Callable[[], Awaitable[Application]]
STOP_LIMIT_S = 15.0
"""The server itself gives frames in flight 10 s; beyond this the store is closed all the same."""
_SIGNAL_POLL_MS = 200


def run(
    open_application: OpenApplication, *, settings_path: Path | None = None, quit_after: asyncio.Event | None = None
) -> int:
    """Show the window until it is closed; 0, or 1 when the program could not be opened (the window has said why).

    ``settings_path``: the window's memory (as in ``Services``), for its place to be right at the first paint.
    ``quit_after``: set it to end the window from the program's side.
    """
    application = make_application()
    mishaps = Mishaps()
    mishaps.install()
    window = MainWindow(Theme(application), settings_path)
    mishaps.tell = lambda sentence: window.tell(sentence, "bad", "mishap")
    window.show()
    application.processEvents()  # the first paint, before anything heavy is imported
    try:
        with asyncio.Runner(loop_factory=lambda: QEventLoop(application)) as runner:
            runner.get_loop().set_exception_handler(mishaps.from_loop)
            return runner.run(_live(window, open_application, quit_after or asyncio.Event()))
    finally:
        mishaps.uninstall()
        window.deleteLater()


def make_application() -> QApplication:
    """The one QApplication, named and set to outlive its windows."""
    application = QApplication(sys.argv[:1])
    application.setApplicationName("frame-backend")
    application.setApplicationDisplayName("Frame Backend")
    application.setDesktopFileName("frame-backend")
    application.setQuitOnLastWindowClosed(False)
    return application


async def _live(window: MainWindow, open_application: OpenApplication, quit_wanted: asyncio.Event) -> int:
    window.closing.connect(quit_wanted.set)
    with _signals(quit_wanted.set):
        try:
            opened = await open_application()
        except FrameBackendError as error:
            await _say_why_not(window, str(error), quit_wanted)
            return 1
        try:
            await _serve(window, opened, quit_wanted)
        finally:
            await _close(window, opened)
    return 0


async def _serve(window: MainWindow, opened: Application, quit_wanted: asyncio.Event) -> None:
    if quit_wanted.is_set():
        return
    from app.ui.tabs import TABS  # after the first paint

    window.open(opened.services, TABS)
    spawn(_start_server(opened), name="start the server")
    await quit_wanted.wait()


async def _start_server(opened: Application) -> None:
    with contextlib.suppress(ServerError):  # it is the server's state then, and the strip shows it
        await opened.services.control.start()


async def _close(window: MainWindow, opened: Application) -> None:
    window.hide()
    window.shut()
    try:
        async with asyncio.timeout(STOP_LIMIT_S):
            await opened.services.control.stop()
    except TimeoutError:
        log.warning("the server did not stop within %.0f s", STOP_LIMIT_S)
    finally:
        await opened.close()


async def _say_why_not(window: MainWindow, sentence: str, quit_wanted: asyncio.Event) -> None:
    """The program cannot run: one sentence, on standard error as well, and the end."""
    print(sentence, file=sys.stderr)  # noqa: T201  said there too, for whoever started it from a script
    box = QMessageBox(
        QMessageBox.Icon.Critical, window.windowTitle(), sentence, QMessageBox.StandardButton.Close, window
    )
    box.finished.connect(quit_wanted.set)
    box.open()
    await quit_wanted.wait()
    window.hide()


@contextlib.contextmanager
def _signals(quit_wanted: Callable[[], None]) -> Iterator[None]:
    """Let SIGINT and SIGTERM end the window, for as long as this lasts."""
    loop, numbers = asyncio.get_running_loop(), (signal.SIGINT, signal.SIGTERM)
    if sys.platform != "win32":
        for number in numbers:
            loop.add_signal_handler(number, quit_wanted)
        yield
        for number in numbers:
            loop.remove_signal_handler(number)
    else:  # its loop knows no signal handlers, and Python runs its own only between bytecodes: a timer gives it some
        before = {number: signal.signal(number, lambda *_: quit_wanted()) for number in numbers}
        awake = QTimer(interval=_SIGNAL_POLL_MS)
        awake.timeout.connect(lambda: None)
        awake.start()
        yield
        awake.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
