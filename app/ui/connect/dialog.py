"""Connect a phone: the connect panel by itself, a first profile, and the way to connect an app."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.connect.app_dialog import AppDialog
from app.ui.connect.leave_keys import leave_keys
from app.ui.connect.panel import ConnectPanel
from app.ui.connect.profile_dialogs import AddProfile
from app.ui.connect.told_address import ToldAddress
from app.ui.services import Services
from app.ui.support.bridge import Bridge
from app.ui.widgets.buttons import Button
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.layouts import STRETCH, add
from app.ui.widgets.state_label import StateLabel
from app.ui.widgets.text import Quiet

WIDTH_PX = 620


class ConnectDialog(Dialog):
    """Closed when the phone is heard and its owner content."""

    def __init__(self, services: Services, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        is_new = ToldAddress(services).is_old()
        self.setWindowTitle(self.tr("Connect a phone"))
        self.setMinimumWidth(WIDTH_PX)
        self.panel = ConnectPanel(services, bridge, self)
        self.panel.add_profile.clicked.connect(self._add_profile)
        self.app = Button(self.tr("Connect an app"), "", self)
        self.app.clicked.connect(lambda: AppDialog(services, bridge, self.window()).open())
        self.column.setSpacing(16)
        self.moved = StateLabel(self.tr("Every phone must be told the new address."), "warn", self, wrap=True)
        self.moved.setVisible(is_new)
        told = Quiet(self.tr("Put these into the phone app's settings."), self, wrap=True)
        add(self.column, self.moved, told, self.panel)
        add(self.column, STRETCH, self.button_box(self.app))

    def reject(self) -> None:
        """Close, but not over a key that would be lost."""
        leave_keys(self.panel, self, super().reject)

    def _add_profile(self) -> None:
        dialog = AddProfile(self._services, self)
        dialog.made.connect(self.panel.show_key)
        dialog.open()
