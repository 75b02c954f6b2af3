"""A profile's chain: who is asked, in which order; dragged, or moved with the buttons or with Alt+Up and Alt+Down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import STRETCH, add, hbox, wide
from app.ui.widgets.order_list import OrderList
from app.ui.widgets.text import Quiet

LEAST_PX = 120
_EDGE_PX = 12


class ChainEditor(Card):
    """Emits ``saved`` with the names in order, or None for the default chain."""

    saved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, title=self.tr("Asks in this order"))
        self._told: object = None
        self._shown: tuple[str, ...] | None = None
        self._before: list[tuple[str, bool]] = []
        self._drafts: dict[object, list[tuple[str, bool]]] = {}  # orders not saved, by what was saved then
        self.told = Quiet("", self, wrap=True)
        self.order = OrderList(self)
        self.list, self.up, self.down = self.order.list, self.order.up, self.order.down
        self.list.setMinimumHeight(LEAST_PX)
        self.list.setAccessibleName(self.tr("Providers in the order they are asked"))
        self.saving = QWidget(self)
        self.save = Button(self.tr("Save"), "good", self.saving)
        self.save.setToolTip(self.tr("The order and the ticks"))
        self.default = Button(self.tr("Default"), "", self.saving)
        self.default.setToolTip(self.tr("Ask everybody, in the order of the Providers tab"))
        add(self.body, self.told, wide(self.order))
        hbox(self.save, self.default, STRETCH, on=self.saving)
        self.body.addWidget(self.saving)
        self.save.clicked.connect(lambda: self.saved.emit(self.names()))
        self.default.clicked.connect(lambda: self.saved.emit(None))
        self.order.changed.connect(self._enable)

    def buttons(self) -> tuple[QWidget, ...]:
        """What is switched off while one of them does its work; when they are on they know for themselves."""
        return (self.saving,)

    def show_chain(
        self, username: str, chain: tuple[str, ...] | None, everybody: Sequence[str], labels: Mapping[str, str]
    ) -> None:
        """``chain`` None: the default one, which is ``everybody``.

        An order not saved yet outlives other news, and a look at another profile.
        """
        told = (username, chain, tuple(everybody))
        if told == self._told:
            return
        if self.order.state() != self._before:
            self._drafts[self._told] = self.order.state()
        self._told, self._shown = told, chain
        self.told.setText(
            self.tr("The usual order: every provider that is on, as in the Providers tab.")
            if chain is None
            else self.tr("This profile's own order: only those ticked are asked, from the top.")
        )
        asked = tuple(everybody) if chain is None else tuple(name for name in chain if name in everybody)
        saved = [(name, True) for name in asked] + [(name, False) for name in everybody if name not in asked]
        self._before = saved
        self.order.show_state(self._drafts.pop(told, saved), labels)
        self.list.setMinimumWidth(self.list.sizeHintForColumn(0) + _EDGE_PX)
        self._enable()

    def names(self) -> tuple[str, ...]:
        """Those ticked, from the top."""
        return self.order.names()

    def _enable(self) -> None:
        self.save.setEnabled(self.order.state() != self._before and bool(self.names()))
        self.default.setEnabled(self._shown is not None)
