"""Connect a phone: the connect panel by itself, with what it cannot do alone: a new key, a first profile."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.connect.panel import ConnectPanel
from app.ui.profiles.dialogs import AddProfile, NewKey
from app.ui.services import Services
from app.ui.support.bridge import Bridge
from app.ui.widgets.buttons import Button
from app.ui.widgets.text import Quiet

WIDTH_PX = 620


class ConnectDialog(QDialog):
    """Closed when the phone is heard and its owner content."""

    def __init__(self, services: Services, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Connect a phone"))
        self.setMinimumWidth(WIDTH_PX)
        self.panel = ConnectPanel(services, bridge, self)
        self.panel.key_wanted.connect(self._make_key)
        self.panel.profile_wanted.connect(self._add_profile)
        self.close_button = Button(self.tr("Close"), "", self, primary=True)
        self.close_button.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(16)
        column.addWidget(Quiet(self.tr("Put these into the phone app's settings."), self, wrap=True))
        column.addWidget(self.panel)
        column.addStretch(1)
        column.addLayout(buttons)

    def _make_key(self, username: str) -> None:
        dialog = NewKey(self._services, username, self)
        dialog.made.connect(self.panel.show_key)
        dialog.open()

    def _add_profile(self) -> None:
        dialog = AddProfile(self._services, self)
        dialog.made.connect(self.panel.show_key)
        dialog.open()
