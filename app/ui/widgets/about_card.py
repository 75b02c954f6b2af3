"""What this is: version, licence, and what it is built on."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Callable

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app import __version__
from app.ui.dialogs.libraries_dialog import Libraries, library_facts
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.text import Heading, Quiet, Text


class AboutCard(Card):
    """``work``: as a tab's."""

    def __init__(self, work: Callable[..., None], parent: QWidget) -> None:
        super().__init__(parent)
        self.version = Text(self.tr("Frame Backend {version}").format(version=__version__), self)
        told = self.tr("MIT licence. Runs on Python {python} and Qt {qt}.")
        self.runs_on = Quiet(told.format(python=platform.python_version(), qt=qVersion()), self, wrap=True)
        self.libraries = Button(self.tr("Libraries and licences"), "", self)
        self.libraries.clicked.connect(
            lambda: work(self._show_libraries(), "read the libraries' licences", self.libraries)
        )
        row = QHBoxLayout()
        row.addWidget(self.libraries)
        row.addStretch(1)
        self.body.addWidget(Heading(self.tr("About"), self, steps=1))
        self.body.addWidget(self.version)
        self.body.addWidget(self.runs_on)
        self.body.addLayout(row)

    async def _show_libraries(self) -> None:
        Libraries(await asyncio.to_thread(library_facts), self.window()).open()
