"""A device that is not paired asked for an answer: the owner says whose it is, or keeps it out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.card import Card
from app.ui.widgets.choices import Choices
from app.ui.widgets.layouts import hbox, wide
from app.ui.widgets.text import Symbol, Text


class PairingBanner(Card):
    """``usernames``: the profiles that are there. A device that named none of them lets the owner choose.

    Emits ``allowed`` with the profile's name; ``block`` and ``later`` are the other answers.
    """

    allowed = Signal(str)

    def __init__(self, client_ip: str, username: str, usernames: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent, margin_px=8)
        self._client_ip, self._asked, self._username = client_ip, username, ""
        self.text = Text("", self, wrap=True)
        self.profiles = Choices(self.tr("Profile of this device"), self)
        self.allow = Button(self.tr("Allow"), "good", self)
        self.allow.setToolTip(self.tr("Until you revoke it, under Profiles"))
        self.block = Button(self.tr("Block"), "bad", self)
        self.block.setToolTip(self.tr("This address gets no answer any more"))
        self.later = IconButton("close", self.tr("Not now"), self)
        answers = (self.profiles, self.allow, self.block, self.later)
        self.body.addLayout(hbox(Symbol("busy", self), wide(self.text), *answers, gap=8, margins=(6, 0, 0, 0)))
        self.show_usernames(usernames)
        self.allow.clicked.connect(lambda: self.allowed.emit(self._username or self.profiles.currentText()))

    def show_usernames(self, usernames: Sequence[str]) -> None:
        """Profiles come, go and get other names while it stands here; what was chosen stays if it can."""
        self._username = self._asked if self._asked in usernames else ""
        self.profiles.offer((name, name) for name in usernames)
        self.profiles.setVisible(not self._username and bool(usernames))
        self.allow.setEnabled(bool(usernames))
        self.text.setText(self._question(self._client_ip, self._asked))

    def buttons(self) -> tuple[QWidget, ...]:
        return (self.allow, self.block, self.profiles)

    def _question(self, client_ip: str, username: str) -> str:
        if self._username:
            return self.tr("Device {address} wants to act as {name}.").format(address=client_ip, name=username)
        if username:
            return self.tr("Device {address} wants to act as '{name}', which is no profile here.").format(
                address=client_ip, name=username[:64]
            )
        return self.tr("Device {address} sent a picture. Whose glasses are they?").format(address=client_ip)
