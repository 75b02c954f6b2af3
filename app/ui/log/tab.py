"""What the program says of itself, as it goes into the log file: redacted, filtered, searched and copied."""

from __future__ import annotations

import asyncio
import logging

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent
from PySide6.QtWidgets import QLineEdit

from app import __version__
from app.core.sentence import Sentence
from app.ui.connect.block_address import BlockAddress
from app.ui.log import problem_report
from app.ui.log.model import LogModel, LogQueue, log_folder
from app.ui.log.problem_dialog import ProblemReport
from app.ui.log.view import LogView
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.support.bridge import Bridge
from app.ui.support.libraries import library_facts
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP
from app.ui.tab import Tab
from app.ui.widgets.buttons import Button
from app.ui.widgets.choices import Choices
from app.ui.widgets.layouts import PAGE, hbox, vbox, wide
from app.ui.widgets.state_label import StateLabel

log = logging.getLogger(__name__)

TURN_MS = 250
"""Lines come at most four times a second, and only while somebody looks."""
SEARCH_PX, MENU_PX = 130, 270


class LogTab(Tab):
    """Records wait in a bounded queue until the tab is shown; pausing leaves them there."""

    name = "log"
    title = QT_TRANSLATE_NOOP("LogTab", "Log")

    def __init__(self, services: Services, bridge: Bridge) -> None:
        super().__init__(services, bridge)
        self.queue = LogQueue()
        logging.getLogger().addHandler(self.queue)
        log.info(Sentence("The window of Frame Backend {version} opened.", version=__version__))
        self.lines = LogModel(self)
        self.view = LogView(self.lines, self)
        self.level = Choices(
            self.tr("Which lines"),
            self,
            (self.tr("Everything"), logging.NOTSET),
            (self.tr("What happened"), logging.INFO),
            (self.tr("Warnings and errors"), logging.WARNING),
            (self.tr("Errors only"), logging.ERROR),
            chars=14,
        )
        self.level.view().setMinimumWidth(MENU_PX)
        self.search = QLineEdit(self, placeholderText=self.tr("Search (Ctrl+F)"))
        self.search.setMinimumWidth(SEARCH_PX)
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(self.tr("Search in the log"))
        self.pause = Button("", "pause", self)
        self.copy = Button(self.tr("Copy"), "copy", self)
        self.copy.setToolTip(self.tr("The selected lines, or all that are shown"))
        self.folder = Button(self.tr("Open folder"), "", self)
        self.report = Button(self.tr("Report a problem"), "", self)
        self.state = StateLabel("", "idle", self)
        self._paused = False
        self._turns = QTimer(self, interval=TURN_MS)
        bar = hbox(self.level, wide(self.search), self.pause, self.copy, self.folder, self.report, gap=8)
        vbox(bar, wide(self.view), self.state, gap=10, on=self, margins=PAGE)
        self._connect()
        self._show_state()

    def _connect(self) -> None:
        self.level.currentIndexChanged.connect(self._filter)
        self.search.textChanged.connect(self._filter)
        self.pause.clicked.connect(self._toggle_pause)
        self.copy.clicked.connect(self._copy)
        self.folder.clicked.connect(self._open_folder)
        self._turns.timeout.connect(self._drain)
        self.report.clicked.connect(lambda: self.work(self._compose(), "compose a problem report", self.report))
        self.view.block_wanted.connect(self._block)

    # --- what is shown -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        folder = log_folder()
        self.folder.setVisible(folder is not None)
        self.folder.setToolTip("" if folder is None else str(folder))
        self._turns.start()
        self._drain()

    def count_waiting(self) -> int:
        return self.queue.errors_waiting

    def finder(self) -> QLineEdit:
        return self.search

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._turns.stop()

    def shut(self) -> None:
        self._turns.stop()
        logging.getLogger().removeHandler(self.queue)

    def _drain(self) -> None:
        seen = self.isVisible() and not self.window().isMinimized()
        if seen and not self._paused and (entries := self.queue.take()):
            self.lines.add(entries)
        self._show_state()

    def _filter(self) -> None:
        self.lines.show_only(self.level.currentData(), self.search.text())
        self._show_state()

    def _show_state(self) -> None:
        self.pause.show_as(
            self.tr("Go on") if self._paused else self.tr("Hold still"), "start" if self._paused else "pause"
        )  # fmt: skip
        self.copy.setEnabled(self.lines.rowCount() > 0)
        shown = self.tr("Lines shown: {number}").format(number=fmt.count(self.lines.rowCount()))
        if self._paused:
            waiting = self.tr("Held still. Newer lines: {number}.")
            self.state.show_state(waiting.format(number=fmt.count(len(self.queue))), "warn")
        elif not self.lines.kept:
            self.state.show_state(self.tr("Nothing was logged since the window opened."), "idle")
        elif not self.lines.rowCount():
            self.state.show_state(self.tr("No line matches the level and the search."), "idle")
        else:
            self.state.show_state(shown, "idle")

    # --- what is done --------------------------------------------------------------------------------------------

    def _toggle_pause(self) -> None:
        self._paused = not self._paused
        self._drain()

    def _copy(self) -> None:
        number = self.view.copy_lines()
        self.state.show_state(self.tr("Lines copied: {number}").format(number=fmt.count(number)), "good")
        if not self._paused:
            self._turns.start()  # the sentence stays for a whole turn

    def _open_folder(self) -> None:
        folder = log_folder()
        if folder is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.refuse(self.tr("The folder could not be opened. It is {folder}").format(folder=folder))

    async def _compose(self) -> None:
        lines = self.lines.newest(problem_report.LINES)
        for entry in self.queue.waiting():
            lines += entry.text.splitlines()
        libraries = await asyncio.to_thread(library_facts)
        ProblemReport(problem_report.compose(self.services, libraries, lines), self.window()).open()

    def _block(self, address: str) -> None:
        dialog = BlockAddress(self.services, self.window(), address=address)
        dialog.added.connect(self._tell_blocked)
        dialog.open()

    def _tell_blocked(self, address: str) -> None:
        self.message.emit(
            self.tr("{address} gets nothing from this computer any more.").format(address=address), "good"
        )
