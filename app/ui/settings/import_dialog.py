"""The predecessor's data comes over: what that does, how far it is, and what came, new auth keys shown once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QWidget,
)

from app.core.errors import ArchiveUnusable, ServerError
from app.store import Imported
from app.store.setup.legacy_database import DATABASE
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.support.sentences import said
from app.ui.widgets.buttons import Button, CopyButton
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.form import FormDialog
from app.ui.widgets.layouts import add, form, grid, hbox, vbox, wide
from app.ui.widgets.scroll import FitScroll, Scroll
from app.ui.widgets.state_label import StateLabel
from app.ui.widgets.text import Heading, Quiet, Text

WIDTH_PX, LEFT_OUT_PX, KEYS_PX = 560, 110, 150


def choose_folder(parent: QWidget, chosen: Callable[[Path], None]) -> None:
    """Ask for the folder with the old database; ``chosen`` gets it later."""
    title = QCoreApplication.translate("import_dialog", "The folder with {file}").format(file=DATABASE)
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly, False)  # who looks for the file sees it
    dialog.fileSelected.connect(lambda folder: chosen(Path(folder)))
    dialog.open()


class ImportOld(FormDialog):
    """``source``: the folder. Emits ``imported`` with what came over; the server is stopped meanwhile."""

    imported = Signal(object)

    def __init__(self, services: Services, source: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self._services, self._source, self._is_wanted = services, source, True
        self.ask(self.tr("Import from the older AI server"), self.tr("Import"))
        self.progress = QProgressBar(self, minimum=0, maximum=0, textVisible=False)
        self.progress.setAccessibleName(self.tr("How many frames came over"))
        self.told = StateLabel("", "busy", self, wrap=True)
        told = self.tr(
            "Profiles, history with its pictures, blacklist and API keys are taken over. What is here already stays as "
            "it is; the old files are read, never changed. It can be done again."
        )
        self.form.addRow(self.tr("Folder"), Text(str(source), self, wrap=True))
        self.form.addRow(Text(told, self, wrap=True))
        if self._is_running():
            note = self.tr("The server stops meanwhile: glasses get no answer. It starts again afterwards.")
            self.form.addRow(StateLabel(note, "warn", self, wrap=True))
        for widget in (self.told, self.progress):
            widget.hide()
            self.form.addRow(widget)

    def accept(self) -> None:
        self._is_wanted = True
        super().accept()

    def reject(self) -> None:
        """While it works, Cancel ends it where it is."""
        if self._submitting:
            self._is_wanted = False
            self.cancel_button.setEnabled(False)
            self.told.show_state(self.tr("Stopping…"), "busy")
        else:
            super().reject()

    async def submit(self) -> None:
        if not await asyncio.to_thread((self._source / DATABASE).is_file):
            raise ArchiveUnusable(self.tr("There is no {file} in that folder.").format(file=DATABASE))
        was_running = self._is_running()
        for widget in (self.told, self.progress):
            widget.show()
        try:
            if was_running:
                self.told.show_state(self.tr("The server finishes its frames and stops…"), "busy")
                await self._services.control.stop()
            self.told.show_state(self.tr("Taking over profiles and keys…"), "busy")
            imported = await self._services.store.import_predecessor(self._source, self._tell)
        except asyncio.CancelledError:  # the program closes
            was_running = False
            raise
        finally:
            for widget in (self.told, self.progress):
                widget.hide()
            self.cancel_button.setEnabled(True)
            if was_running:
                with contextlib.suppress(ServerError):  # it is the server's state then, and the strip shows it
                    await self._services.control.start()
        self.imported.emit(imported)

    def _is_running(self) -> bool:
        return self._services.control.state in ("running", "starting")

    def _tell(self, done: int, total: int) -> bool:
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        if self._is_wanted:
            text = self.tr("Frames taken over: {done} of {total}")
            self.told.show_state(text.format(done=fmt.count(done), total=fmt.count(total)), "busy")
        return self._is_wanted


class ImportedOld(Dialog):
    """What came over. New auth keys are shown here and never again."""

    def __init__(self, imported: Imported, source: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Taken over from the older AI server"))
        self.setMinimumWidth(WIDTH_PX)
        self._source = source
        self.copy_buttons: list[CopyButton] = []
        self.open_folder = Button(self.tr("Open the folder"), "open", self)
        self.open_folder.clicked.connect(self._open_folder)
        inner = QWidget(self)
        self._told = vbox(self._figures(imported), gap=14, on=inner)
        if imported.new_keys:
            self._add_keys(imported)
        if imported.left_out:
            self._add_left_out(imported)
        if imported.profiles or imported.known:
            self._add_last_step()
        scroll = FitScroll(inner, self)
        add(self.column, wide(scroll), self.button_box())
        self.ensurePolished()
        others_px = self.column.totalSizeHint().height() - scroll.sizeHint().height()
        margins = self.column.contentsMargins()
        told_px = self._told.totalHeightForWidth(WIDTH_PX - margins.left() - margins.right())
        self.resize(WIDTH_PX, told_px + others_px)  # Qt measures wrapped texts at a narrower one

    def _figures(self, imported: Imported) -> QFormLayout:
        rows = [
            (self.tr("Profiles"), ", ".join(imported.profiles) or fmt.count(0)),
            (self.tr("Here already"), ", ".join(imported.known)),
            (self.tr("Frames"), fmt.count(imported.frames)),
            (self.tr("Pictures"), fmt.count(imported.pictures)),
            (self.tr("Blocked addresses"), fmt.count(imported.blacklisted)),
            (self.tr("API keys"), fmt.count(imported.keys)),
        ]
        return form(*((label, Text(value, self, wrap=True)) for label, value in rows if value), gap=8)

    def _add_keys(self, imported: Imported) -> None:
        told = self.tr(
            "The old auth keys of these profiles could not be kept. Their new ones are shown this once: put them into "
            "the phone app's settings."
        )
        inner, rows = QWidget(self), []
        for username, key in imported.new_keys:
            field = QLineEdit(key, inner)
            field.setReadOnly(True)
            field.setAccessibleName(self.tr("New auth key of {name}").format(name=username))
            field.setCursorPosition(0)
            copy = CopyButton(self.tr("Copy: {what}").format(what=username), key, inner)
            self.copy_buttons.append(copy)
            rows.append((Text(username, inner), field, copy))
        grid(*rows, on=inner).setRowStretch(len(rows), 1)
        area = Scroll(inner, self)
        area.setFixedHeight(min(KEYS_PX, inner.sizeHint().height() + 4))
        add(self._told, Heading(self.tr("New auth keys"), self, steps=1), StateLabel(told, "warn", self, wrap=True))
        self._told.addWidget(area)

    def _add_left_out(self, imported: Imported) -> None:
        self.left_out = QPlainTextEdit("\n".join(map(said, imported.left_out)), self)
        self.left_out.setReadOnly(True)
        self.left_out.setFixedHeight(LEFT_OUT_PX)
        self.left_out.setAccessibleName(self.tr("What was left out"))
        add(self._told, Heading(self.tr("Left out"), self, steps=1), self.left_out)

    def _add_last_step(self) -> None:
        told = self.tr("Delete the old file now: it holds your keys in clear.")
        self._told.addWidget(Heading(self.tr("One thing is left to do"), self, steps=1))
        self._told.addWidget(StateLabel(told, "warn", self, wrap=True))
        path = Quiet(str(self._source / DATABASE), self, wrap=True)
        path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        add(self._told, hbox(wide(path), self.open_folder), self.refusal)

    def _open_folder(self) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._source))):
            self.refuse(self.tr("The folder could not be opened here."))
