"""What this is: version, licence, what it is built on, and how programs talk to it."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Callable

from PySide6.QtCore import QUrl, qVersion
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app import __version__
from app.core.control import ServerControl
from app.core.events import ServerStateChanged
from app.ui.settings.libraries_dialog import Libraries
from app.ui.support.bridge import Bridge
from app.ui.support.libraries import all_facts
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import STRETCH, hbox
from app.ui.widgets.text import Quiet, Text


class AboutCard(Card):
    """``work``: as a tab's."""

    def __init__(self, control: ServerControl, bridge: Bridge, work: Callable[..., None], parent: QWidget) -> None:
        super().__init__(parent, title=self.tr("About"))
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
        self.body.addWidget(self.version)
        self.body.addWidget(self.runs_on)
        self.body.addLayout(hbox(self.libraries, self.api, STRETCH))

    def _show_api(self) -> None:
        self.api.setEnabled(self._control.state == "running")

    def _open_api(self) -> None:
        # its own address, not the loopback's: the server may listen on that one alone
        QDesktopServices.openUrl(QUrl(f"{self._control.url}/docs"))

    async def _show_libraries(self) -> None:
        Libraries(await asyncio.to_thread(all_facts), self.window()).open()
