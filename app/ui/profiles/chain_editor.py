"""A profile's chain: who is asked, in which order; dragged, or moved with the buttons or with Alt+Up and Alt+Down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import STRETCH, add, hbox, vbox, wide
from app.ui.widgets.text import Quiet


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
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Providers in the order they are asked"))
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setMinimumHeight(120)
        self.up = IconButton("up", self.tr("Ask earlier"), self)
        self.down = IconButton("down", self.tr("Ask later"), self)
        self.up.setToolTip(self.tr("Ask earlier (Alt+Up)"))
        self.down.setToolTip(self.tr("Ask later (Alt+Down)"))
        self.saving = QWidget(self)
        self.save = Button(self.tr("Save"), "good", self.saving)
        self.save.setToolTip(self.tr("The order and the ticks"))
        self.default = Button(self.tr("Default"), "", self.saving)
        self.default.setToolTip(self.tr("Ask everybody, in the order of the Providers tab"))
        add(self.body, self.told, wide(hbox(wide(self.list), vbox(self.up, self.down, STRETCH, gap=4))))
        hbox(self.save, self.default, STRETCH, on=self.saving)
        self.body.addWidget(self.saving)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        for keys, button in (("Alt+Up", self.up), ("Alt+Down", self.down)):
            shortcut = QShortcut(QKeySequence(keys), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(button.click)
        self.save.clicked.connect(lambda: self.saved.emit(self.names()))
        self.default.clicked.connect(lambda: self.saved.emit(None))
        self.list.itemChanged.connect(self._enable)
        self.list.currentRowChanged.connect(self._enable)
        self.list.model().rowsMoved.connect(self._enable)

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
        if self._state() != self._before:
            self._drafts[self._told] = self._state()
        self._told, self._shown = told, chain
        self.told.setText(
            self.tr("The usual order: every provider that is on, as in the Providers tab.")
            if chain is None
            else self.tr("This profile's own order: only those ticked are asked, from the top.")
        )
        asked = tuple(everybody) if chain is None else tuple(name for name in chain if name in everybody)
        saved = [(name, True) for name in asked] + [(name, False) for name in everybody if name not in asked]
        self._before = saved
        self._fill(self._drafts.pop(told, saved), labels)
        self._enable()

    def _fill(self, state: list[tuple[str, bool]], labels: Mapping[str, str]) -> None:
        self.list.clear()
        for name, ticked in state:
            item = QListWidgetItem(labels.get(name, name), self.list)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
                | Qt.ItemFlag.ItemIsDragEnabled
            )  # fmt: skip
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def names(self) -> tuple[str, ...]:
        """Those ticked, from the top."""
        return tuple(name for name, ticked in self._state() if ticked)

    def _state(self) -> list[tuple[str, bool]]:
        items = [self.list.item(row) for row in range(self.list.count())]
        return [(item.data(Qt.ItemDataRole.UserRole), item.checkState() == Qt.CheckState.Checked) for item in items]

    def _move(self, by: int) -> None:
        row = self.list.currentRow()
        if 0 <= row + by < self.list.count():
            item = self.list.takeItem(row)
            self.list.insertItem(row + by, item)
            self.list.setCurrentRow(row + by)
            self._enable()

    def _enable(self) -> None:
        row, count = self.list.currentRow(), self.list.count()
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < count - 1)
        self.save.setEnabled(self._state() != self._before and bool(self.names()))
        self.default.setEnabled(self._shown is not None)
