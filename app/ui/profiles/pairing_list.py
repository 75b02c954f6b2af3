"""The devices that may act as a profile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.support import formatting as fmt
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import STRETCH, add, hbox, wide
from app.ui.widgets.table import Cell, Table
from app.ui.widgets.text import Quiet

if TYPE_CHECKING:
    from app.store import Pairing


class PairingList(Card):
    """Emits ``revoked`` with an address, "" for all of them."""

    revoked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, title=self.tr("Paired devices"))
        self.told = Quiet("", self, wrap=True)
        self.table = Table(
            (self.tr("Address"), self.tr("Paired"), self.tr("Until")), 2, self.tr("Paired devices"), self
        )
        self.table.setMinimumHeight(120)
        self.revoking = QWidget(self)
        self.revoke = Button(self.tr("Revoke"), "close", self.revoking)
        self.revoke_all = Button(self.tr("Revoke all"), "", self.revoking)
        add(self.body, self.told, wide(self.table))
        hbox(self.revoke, self.revoke_all, STRETCH, on=self.revoking)
        self.body.addWidget(self.revoking)
        self.revoke.clicked.connect(lambda: self.revoked.emit(self.table.picked_name))
        self.revoke_all.clicked.connect(lambda: self.revoked.emit(""))

    def buttons(self) -> tuple[QWidget, ...]:
        """What is switched off while one of them does its work; when they are on they know for themselves."""
        return (self.revoking,)

    def show_pairings(self, pairings: Sequence[Pairing]) -> None:
        self.told.setText(
            self.tr("These addresses act as this profile without sending the key again.")
            if pairings
            else self.tr("None yet. A phone pairs itself when it sends the key, or you allow it when it asks.")
        )
        self.table.show_rows({pairing.ip: self._row(pairing) for pairing in pairings})
        for button in (self.revoke, self.revoke_all):
            button.setEnabled(bool(pairings))

    def _row(self, pairing: Pairing) -> tuple[Cell, ...]:
        until = self.tr("you revoke it") if pairing.until_revoked else fmt.when(pairing.expires_at)
        return (Cell(pairing.ip), Cell(fmt.when(pairing.paired_at)), Cell(until))
