"""Step 4: what the phone is told, and a light that turns on when it is first heard."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.connect.panel import ConnectPanel
from app.ui.first_start.step import Step
from app.ui.services import Services
from app.ui.support.bridge import Bridge
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP


class PhoneStep(Step):
    """``show_wearer`` says for whom."""

    name = QT_TRANSLATE_NOOP("PhoneStep", "Phone")
    title = QT_TRANSLATE_NOOP("PhoneStep", "Connect the phone")
    told = QT_TRANSLATE_NOOP(
        "PhoneStep", "Scan the code with the phone, or type these three into its app. Then take a first picture."
    )

    def __init__(self, services: Services, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(services, parent)
        self.panel = ConnectPanel(services, bridge, self)
        self.body.addWidget(self.panel, 1)

    def show_wearer(self, username: str, auth_key: str) -> None:
        """``auth_key`` is empty where it cannot be read again."""
        if auth_key:
            self.panel.show_key(username, auth_key)
        else:
            self.panel.choose(username)
