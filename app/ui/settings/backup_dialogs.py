"""A restore from the window: what the chosen file holds and what it replaces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from app.core.settings import BY_KEY
from app.paths import DataFolder
from app.store.database.backup import Manifest
from app.store.database.restore import is_copy, look_into, network_changes
from app.store.setup.network_values import NetworkValue
from app.ui.support import formatting as fmt
from app.ui.widgets.choose_file import choose_to_read
from app.ui.widgets.form import FormDialog
from app.ui.widgets.state_label import StateLabel
from app.ui.widgets.text import Quiet, Text

WIDTH_PX = 520
SHOWN_CHARS = 60


@dataclass(frozen=True, slots=True)
class Found:
    """A file to restore from, as it was when it was looked into. ``is_copy``: the database alone."""

    path: Path
    bytes: int
    is_copy: bool
    manifest: Manifest
    network: tuple[NetworkValue, ...]

    @classmethod
    def at(cls, path: Path, folder: DataFolder) -> Found:
        """Reads it: for a thread. Raises ``ArchiveUnusable``."""
        manifest = look_into(path)
        return cls(path, path.stat().st_size, is_copy(path), manifest, network_changes(folder, path))


def choose_backup(parent: QWidget, chosen: Callable[[Path], None]) -> None:
    """Ask for the file to restore from; ``chosen`` gets it later."""
    title = QCoreApplication.translate("backup_dialogs", "Restore a backup")
    choose_to_read(parent, title, (QCoreApplication.translate("backup_dialogs", "Backups (*.zip *.db)"),), chosen)


class RestoreBackup(FormDialog):
    """Emits ``wanted`` with the file and the names ticked in ``network``, once everything here may be replaced."""

    wanted = Signal(Path, frozenset)

    def __init__(self, found: Found, parent: QWidget) -> None:
        super().__init__(parent)
        self._path = found.path
        self.setMinimumWidth(WIDTH_PX)
        self.ask(self.tr("Restore this backup?"), self.tr("Replace everything"), harmful=True)
        self.form.addRow(self.tr("File"), Text(found.path.name, self, wrap=True))
        self.form.addRow(self.tr("Made"), Text(_made_at(found.manifest), self))
        if not found.is_copy:
            self.form.addRow(self.tr("By version"), Text(found.manifest.version, self))
            self.form.addRow(self.tr("Pictures"), Text(fmt.count(found.manifest.pictures), self))
        self.form.addRow(self.tr("Size"), Text(fmt.size(found.bytes), self))
        self.network = {one.name: QCheckBox(self._offered(one), self) for one in found.network}
        if self.network:
            stays = self.tr("Whom this computer asks and lets in stays as it is here. Tick what is to come over:")
            self.form.addRow(Text(stays, self, wrap=True))
            for box in self.network.values():
                self.form.addRow(box)
        self.form.addRow(StateLabel(self._what_goes(found), "warn", self, wrap=True))
        self.form.addRow(Quiet(self._what_happens(), self, wrap=True))

    def _offered(self, value: NetworkValue) -> str:
        setting = BY_KEY.get(value.name)
        what = QCoreApplication.translate("settings", setting.label) if setting is not None else value.name
        nothing = self.tr("as it comes")
        there, here = (text[:SHOWN_CHARS] or nothing for text in (value.there, value.here))
        said = self.tr("{what}: {there} (here: {here})").format(what=what, there=there, here=here)
        return said.replace("&", "&&")  # else the next letter would be a key of the box

    def _what_goes(self, found: Found) -> str:
        if found.is_copy:
            return self.tr(
                "A copy of the database alone: profiles, settings and history that are here now are replaced, the "
                "pictures stay. The old database is kept in the folder 'backups'."
            )
        return self.tr(
            "Everything that is here now is replaced: profiles, settings, history, pictures. The old database is kept "
            "in the folder 'backups', the old pictures are deleted once the new data have started."
        )

    def _what_happens(self) -> str:
        return self.tr(
            "The server stops, and the program opens again by itself. A backup holds no keys: API keys stay as they "
            "are on this computer, phones pair anew. On another computer each profile needs a new auth key."
        )

    async def submit(self) -> None:
        self.wanted.emit(self._path, frozenset(name for name, box in self.network.items() if box.isChecked()))


def _made_at(manifest: Manifest) -> str:
    """As the file says it; what is no time is shown as it is."""
    try:
        return fmt.when(datetime.fromisoformat(manifest.created_at))
    except (ValueError, OverflowError):
        return manifest.created_at[:40]
