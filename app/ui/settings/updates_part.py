"""Whether a newer version is out, and the way to it."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app import __version__
from app.core.events import ReleaseChecked
from app.ui.services import Services
from app.ui.support.bridge import Bridge
from app.ui.support.sentences import said
from app.ui.widgets.buttons import Button
from app.ui.widgets.layouts import STRETCH, hbox, vbox
from app.ui.widgets.state_label import StateLabel


class UpdatesPart(QWidget):
    """Stands under the switch in its card."""

    def __init__(self, services: Services, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._releases = services.releases
        self.state = StateLabel("", "idle", self, wrap=True)
        self.open_page = Button(self.tr("Open its page"), "", self)
        self.open_page.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(self._releases.state.page)))
        vbox(self.state, hbox(self.open_page, STRETCH), on=self)
        bridge.on(ReleaseChecked, self._show, self)
        self._show()

    def _show(self) -> None:
        known = self._releases.state
        yours = self.tr("You have version {version}.").format(version=__version__)
        self.state.show_state(f"{yours} {said(known.sentence)}", "good" if known.page else "idle")
        self.open_page.setVisible(bool(known.page))
