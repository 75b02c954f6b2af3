"""The window's life: first paint, then the program opens behind it; at the end everything closes before it returns.

A restore closes the program and opens it again in the same process, behind a new window: nothing depends on how it was
started, and no other instance can come between.

Shutdown is by an event: closing the window, Ctrl+Q, SIGINT, SIGTERM and Qt's own quit (``DesktopApplication``) all set
it, the main coroutine awaits what is under way, and only then does the loop end.
"""

from __future__ import annotations

import os

os.environ["QT_API"] = "pyside6"  # qasync would prefer another binding that happens to be installed

import asyncio
import contextlib
import logging
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox
from qasync import QEventLoop

from app.core.errors import DatabaseDamaged, FrameBackendError, ServerError, Unforeseen
from app.core.tasks import spawn
from app.core.text.plain_text import printable
from app.log import log_crash
from app.signals import asking_to_end
from app.ui.services import Application
from app.ui.shell.crash_handler import CrashHandler
from app.ui.shell.desktop_application import DesktopApplication
from app.ui.shell.main_window import MainWindow
from app.ui.shell.single_instance import SingleInstance
from app.ui.support import language
from app.ui.support.sentences import said
from app.ui.support.theme import Theme

if TYPE_CHECKING:
    from app.ui.shell.restore_run import Outcome

log = logging.getLogger(__name__)

OpenApplication = Callable[[], Awaitable[Application]]
STOP_LIMIT_S = 15.0
"""The server itself gives frames in flight 10 s; beyond this the store is closed all the same."""
_START_HEADWAY_S = 0.5
"""A name that is looked up may take seconds: then the tabs come all the same."""
_SIGNAL_POLL_MS = 200


def run(
    open_application: OpenApplication,
    *,
    settings_path: Path | None = None,
    quit_after: asyncio.Event | None = None,
    data_folder: Path | None = None,
    hidden: bool = False,
    greet: bool = False,
) -> int:
    """Show the window until the program is quit; 0, or 1 when it could not be opened (the window has said why).

    ``settings_path``: the window's memory (as in ``Services``), for its place to be right at the first paint.
    ``quit_after``: set it to end the window from the program's side. ``data_folder``: of which there is one window; a
    second start shows that one and ends with 0. ``hidden``: begin in the tray. ``greet``: lead the very first start.
    """
    application = DesktopApplication()
    single = SingleInstance(data_folder, application) if data_folder is not None else None
    if single is not None and single.asked():
        return 0
    language.install(application, settings_path)
    crash_handler = CrashHandler()
    crash_handler.install()
    life = _Life(
        application, Theme(application), settings_path, quit_after or asyncio.Event(), single, data_folder,
        hidden=hidden, greet=greet and not hidden,
    )  # fmt: skip
    crash_handler.tell = lambda sentence: life.window.tell(sentence, "bad", "mishap")
    if single is not None:
        single.show_wanted.connect(lambda token: life.window.show_up(token))
    if not hidden:
        life.window.show()
    application.processEvents()  # the first paint, before anything heavy is imported
    try:
        with asyncio.Runner(loop_factory=lambda: QEventLoop(application)) as runner:
            runner.get_loop().set_exception_handler(crash_handler.from_loop)
            return runner.run(life.live(open_application))
    finally:
        crash_handler.uninstall()
        life.window.deleteLater()
        if single is not None:
            single.close()


@dataclass
class _Life:
    """From the opening of the program to its end. ``hidden`` and ``greet`` are for its beginning alone."""

    application: DesktopApplication
    theme: Theme
    settings_path: Path | None
    quit_wanted: asyncio.Event
    single: SingleInstance | None
    data_folder: Path | None
    hidden: bool
    greet: bool
    window: MainWindow = field(init=False)
    _restore_from: Path | None = None
    _taken: frozenset[str] = frozenset()
    _left: asyncio.Event = field(default_factory=asyncio.Event)
    _serves: bool = True
    _outcome: Outcome | None = None

    def __post_init__(self) -> None:
        self.window = self._make_window()

    def _make_window(self) -> MainWindow:
        window = MainWindow(self.theme, self.settings_path)
        window.closing.connect(self.quit_wanted.set)
        window.restore_wanted.connect(self._want_restore)
        return window

    async def live(self, open_application: OpenApplication) -> int:
        """The exit status."""
        wanted = self.quit_wanted.set
        with asking_to_end(wanted), _awake_for_signals(), self.application.quitting(wanted):
            try:
                return await self._lives(open_application)
            except FrameBackendError as error:
                why = error
            except Exception as error:
                log_crash(error)
                why = Unforeseen(error)
            await self._say_why_not(why)
            return 1

    async def _lives(self, open_application: OpenApplication) -> int:
        """One after the other, parted by a restore; the exit status."""
        while True:
            opened = await self._opened(open_application)
            if opened is None:
                return 1
            await self._lived(opened)
            if self.quit_wanted.is_set():
                return 0

    async def _lived(self, opened: Application) -> None:
        """Until it is quit, or closed and its data replaced."""
        source = None
        try:
            source = await self._served(opened)
        finally:
            if source is None:
                await self._close(opened)
        if source is not None:
            await self._replace_data(opened, source)

    async def _opened(self, open_application: OpenApplication) -> Application | None:
        """The program; None when its owner would rather quit than begin without the damaged database."""
        while True:
            try:
                return await open_application()
            except DatabaseDamaged as error:
                if self.data_folder is None:
                    raise
                from app.ui.shell.damage_box import put_right

                print(printable(str(error)), file=sys.stderr)  # noqa: T201  as every reason not to open
                if not await put_right(error, self.data_folder, self.window, self.quit_wanted):
                    self.window.hide()
                    return None

    async def _served(self, opened: Application) -> Path | None:
        """The backup to go on with; None when that is the end."""
        if self.quit_wanted.is_set():
            return None
        greets = self._greets(opened)
        starts_later = greets and sys.platform == "win32"  # there after the first step of the greeting
        if self._serves and not starts_later:
            # Before the tabs, whose making takes longer than all else: phones need none.
            await asyncio.wait({spawn(_start_server(opened), name="start the server")}, timeout=_START_HEADWAY_S)
        if self.quit_wanted.is_set():
            return None
        from app.ui.tabs import BEHIND_THE_SCENES, HOME  # after the first paint

        self.window.open(opened.services, HOME, BEHIND_THE_SCENES)
        if self._outcome is not None:
            self.window.tell(self._outcome.sentence, self._outcome.tone, "restore")
        if self.hidden and self.window.background is not None:
            self.window.background.begin_hidden()
        if greets:
            self.window.set_up()
        await _first_of(self.quit_wanted, self._left)
        return None if self.quit_wanted.is_set() else self._restore_from

    def _greets(self, opened: Application) -> bool:
        if not self.greet or opened.services.store.profiles.all():
            return False
        from app.ui.first_start.wizard import FirstStart  # it brings half of the window

        return FirstStart.is_wanted(opened.services)

    # --- a restore -------------------------------------------------------------------------------------------------

    def _want_restore(self, source: Path, taken: frozenset[str]) -> None:
        self._restore_from, self._taken = source, taken
        self._left.set()

    async def _replace_data(self, opened: Application, source: Path) -> None:
        """Close the program behind a new, empty window and put the backup in place; what comes is opened in that."""
        from app.ui.shell.restore_run import RestoreRun  # it brings the store

        self._serves = opened.services.control.state != "stopped"
        self._left.clear()
        self.hidden = self.greet = False
        old = self.window
        old.hide()
        old.shut()
        self.window = self._make_window()
        self.window.show()
        old.deleteLater()
        restore = RestoreRun(source, self._taken, opened.services.folder, self.window)
        await self._stop(opened)
        self._outcome = await restore.run(self.quit_wanted)
        log.info("restore of %s: %s", source.name, self._outcome.sentence)

    # --- the end ---------------------------------------------------------------------------------------------------

    async def _close(self, opened: Application) -> None:
        if self.single is not None:
            self.single.stop_listening()
        self.window.hide()
        self.window.shut()
        await self._stop(opened)

    async def _stop(self, opened: Application) -> None:
        try:
            async with asyncio.timeout(STOP_LIMIT_S):
                await opened.services.control.stop()
        except TimeoutError:
            log.warning("the server did not stop within %.0f s", STOP_LIMIT_S)
        finally:
            await opened.close()

    async def _say_why_not(self, error: FrameBackendError) -> None:
        """The program cannot run: one sentence, on standard error as well, and the end."""
        print(printable(str(error)), file=sys.stderr)  # noqa: T201  said there too, for whoever started it from a script
        self.window.splash.stop()
        title, close = self.window.windowTitle(), QMessageBox.StandardButton.Close
        box = QMessageBox(QMessageBox.Icon.Critical, title, said(error), close, self.window)
        box.finished.connect(self.quit_wanted.set)
        box.open()
        await self.quit_wanted.wait()
        self.window.hide()


async def _first_of(*events: asyncio.Event) -> None:
    waits = [spawn(event.wait(), name="wait for an event") for event in events]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


async def _start_server(opened: Application) -> None:
    with contextlib.suppress(ServerError):  # it is the server's state then, and the strip shows it
        await opened.services.control.start()


@contextlib.contextmanager
def _awake_for_signals() -> Iterator[None]:
    """Python runs their handlers between its own bytecodes alone; elsewhere the loop itself hears of them."""
    awake = QTimer(interval=_SIGNAL_POLL_MS)
    awake.timeout.connect(lambda: None)
    if sys.platform == "win32":
        awake.start()
    yield
    awake.stop()
