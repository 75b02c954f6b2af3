"""What this is: version, licence, what it is built on with the licences' texts, and how programs talk to it."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Callable

from PySide6.QtCore import QUrl, qVersion
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app import __version__
from app.core.control import ServerControl
from app.core.events import ServerStateChanged
from app.ui.settings.sections import title_of
from app.ui.support import formatting as fmt
from app.ui.support.bridge import Bridge
from app.ui.support.libraries import Facts, all_facts
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.layouts import STRETCH, add, hbox, wide
from app.ui.widgets.table import Cell, Table
from app.ui.widgets.text import Quiet, Text

_SIZE_PX, _SIZE_WITH_TEXT_PX = (560, 520), (760, 680)


class AboutCard(Card):
    """``work``: as a tab's."""

    def __init__(self, control: ServerControl, bridge: Bridge, work: Callable[..., None], parent: QWidget) -> None:
        super().__init__(parent, title=title_of("about"))
        self._control = control
        self.version = Text(self.tr("Frame Backend {version}").format(version=__version__), self)
        told = self.tr("MIT licence. Runs on Python {python} and Qt {qt}.")
        self.runs_on = Quiet(told.format(python=platform.python_version(), qt=qVersion()), self, wrap=True)
        self.libraries = Button(self.tr("Libraries and licences"), "", self)
        self.libraries.clicked.connect(
            lambda: work(self._show_libraries(), "read the libraries' licences", self.libraries)
        )
        self.api = Button(self.tr("For programs: the API"), "", self)
        self.api.setToolTip(self.tr("Opens in the browser while the server runs."))
        self.api.clicked.connect(self._open_api)
        bridge.on(ServerStateChanged, self._show_api, self)
        self._show_api()
        add(self.body, self.version, self.runs_on, hbox(self.libraries, self.api, STRETCH))

    def _show_api(self) -> None:
        self.api.setEnabled(self._control.state == "running")

    def _open_api(self) -> None:
        # its own address, not the loopback's: the server may listen on that one alone
        QDesktopServices.openUrl(QUrl(f"{self._control.url}/docs"))

    async def _show_libraries(self) -> None:
        Libraries(await asyncio.to_thread(all_facts), self.window()).open()


class Libraries(Dialog):
    """A table to be read, the text of what is selected in it where there is one, and Close."""

    def __init__(self, facts: Facts, parent: QWidget) -> None:
        super().__init__(parent)
        self._facts = facts
        has_texts = any(text for _, _, text in facts.values())
        self.setWindowTitle(self.tr("Libraries and licences"))
        self.resize(*(_SIZE_WITH_TEXT_PX if has_texts else _SIZE_PX))
        titles = (self.tr("Library"), self.tr("Version"), self.tr("Licence"))
        self.table = Table(titles, 2, self.tr("Libraries and licences"), self)
        unsaid = self.tr("in its package")
        self.text = QPlainTextEdit(self, readOnly=True)
        self.text.setAccessibleName(self.tr("Licence"))
        self.text.setVisible(has_texts)
        self.table.picked.connect(self._show_text)
        self.table.show_rows(
            {
                name: (Cell(name), Cell(version or fmt.DASH), Cell(licence or unsaid))
                for name, (version, licence, _) in facts.items()
            }
        )
        add(self.column, wide(self.table), wide(self.text), self.button_box())

    def _show_text(self, name: str) -> None:
        self.text.setPlainText(self._facts[name][2] if name else "")
