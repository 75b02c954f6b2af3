"""All data at once: a backup, a restore, and what comes over from the predecessor."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app import __version__
from app.store import Imported
from app.store.database.backup import Manifest, back_up
from app.ui.services import Services
from app.ui.settings.backup_dialogs import Found, RestoreBackup, choose_backup
from app.ui.settings.import_dialog import ImportedOld, ImportOld, choose_folder
from app.ui.settings.rows_card import RowsCard
from app.ui.settings.sections import title_of
from app.ui.support import formatting as fmt
from app.ui.support.thread_progress import STEPS, Stopped, ThreadProgress
from app.ui.widgets.buttons import Button
from app.ui.widgets.choose_file import choose_to_write
from app.ui.widgets.export_bar import ExportBar
from app.ui.widgets.layouts import add
from app.ui.widgets.state_label import Notice
from app.ui.widgets.text import Quiet


class DataCard(RowsCard):
    """``work``: as a tab's. Emits ``restore_wanted`` as ``RestoreBackup`` does: the program opens again for it."""

    restore_wanted = Signal(Path, frozenset)

    def __init__(self, services: Services, work: Callable[..., None], parent: QWidget) -> None:
        super().__init__(title_of("data"), parent)
        self._services, self._work = services, work
        self._steps: ThreadProgress | None = None
        self.back_up = Button(self.tr("Back up"), "save", self)
        self.restore = Button(self.tr("Restore"), "refresh", self)
        self.take_over = Button(self.tr("Import"), "down", self)
        self.bar = ExportBar(self)
        self.told = Notice(self)
        self._lay_out()
        self.back_up.clicked.connect(self._ask_where_to)
        self.restore.clicked.connect(lambda: choose_backup(self, self._look))
        self.take_over.clicked.connect(lambda: choose_folder(self, self._ask_to_import))
        self.bar.cancel.clicked.connect(self.stop)

    def _lay_out(self) -> None:
        self._row(
            self.tr("Backup"),
            self.back_up,
            self.tr("One file with profiles, settings, history and pictures. Keys are never in it."),
        )
        self._row(
            self.tr("From a backup"),
            self.restore,
            self.tr("Puts a backup in the place of all that is here; the program opens again by itself."),
        )
        self._row(
            self.tr("From the older AI server"),
            self.take_over,
            self.tr("Takes over the profiles, history, blacklist and keys of its ai_server.db."),
        )
        add(self.body, self.bar, self.told)

    def _row(self, text: str, button: Button, help_text: str) -> None:
        self.add_row(text, button, Quiet(help_text, self, wrap=True))

    def stop(self) -> None:
        """No backup is wanted any more."""
        if self._steps is not None:
            self._steps.stop()

    # --- back up -------------------------------------------------------------------------------------------------

    def _ask_where_to(self) -> None:
        name = f"frame-backend-{datetime.now().astimezone():%Y-%m-%d}.zip"
        choose_to_write(self, self.tr("Back up to"), name, (self.tr("Backups (*.zip)"),), self._begin)

    def _begin(self, path: Path) -> None:
        self._work(self._backed_up(path), "back up", self.back_up, self.restore, self.take_over)

    async def _backed_up(self, path: Path) -> None:
        self.told.hide()
        self._steps = ThreadProgress(self.bar.tell)
        self.bar.begin(self.tr("Writing {file}").format(file=path.name), STEPS)
        try:
            made, size_bytes = await asyncio.to_thread(self._write, path, self._steps)
        except Stopped:
            self.told.tell(self.tr("The backup was cancelled: no file was written."), "warn")
            return
        finally:
            self._steps.stop()  # the program may close: the thread ends as well
            self.bar.end()
        text = self.tr(
            "Written to {file}: {size}, pictures: {pictures}. Your keys are not in it; keep the file where only you "
            "can read it."
        )
        said = text.format(file=path.name, size=fmt.size(size_bytes), pictures=fmt.count(made.pictures))
        self.told.tell(said, "good")

    def _write(self, path: Path, steps: ThreadProgress) -> tuple[Manifest, int]:
        """That an older file may go was asked before."""
        made = back_up(self._services.folder, path, __version__, steps, replace=True)
        return made, path.stat().st_size

    # --- restore -------------------------------------------------------------------------------------------------

    def _look(self, path: Path) -> None:
        self._work(self._asked_to_restore(path), "look into a backup", self.restore)

    async def _asked_to_restore(self, path: Path) -> None:
        found = await asyncio.to_thread(Found.at, path, self._services.folder)
        dialog = RestoreBackup(found, self.window())
        dialog.wanted.connect(self.restore_wanted)
        dialog.open()

    # --- import --------------------------------------------------------------------------------------------------

    def _ask_to_import(self, source: Path) -> None:
        dialog = ImportOld(self._services, source, self.window())
        dialog.imported.connect(lambda imported: self._show_imported(imported, source))
        dialog.open()

    def _show_imported(self, imported: Imported, source: Path) -> None:
        ImportedOld(imported, source, self.window()).open()
