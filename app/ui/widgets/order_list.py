"""Names in an order, each ticked or not: dragged, or moved with the buttons or with Alt+Up and Alt+Down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from app.ui.widgets.buttons import IconButton
from app.ui.widgets.layouts import STRETCH, hbox, vbox, wide

LEAST_PX = 84


class OrderList(QWidget):
    """Emits ``changed`` when something was moved, ticked or picked."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget(self)
        self.setFocusProxy(self.list)
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setMinimumHeight(LEAST_PX)
        self.up = IconButton("up", self.tr("Ask earlier"), self)
        self.down = IconButton("down", self.tr("Ask later"), self)
        self.up.setToolTip(self.tr("Ask earlier (Alt+Up)"))
        self.down.setToolTip(self.tr("Ask later (Alt+Down)"))
        hbox(wide(self.list), vbox(self.up, self.down, STRETCH, gap=4), on=self)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        for keys, button in (("Alt+Up", self.up), ("Alt+Down", self.down)):
            shortcut = QShortcut(QKeySequence(keys), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(button.click)
        self.list.itemChanged.connect(self._told)
        self.list.currentRowChanged.connect(self._told)
        self.list.model().rowsMoved.connect(self._told)

    def show_state(self, state: Sequence[tuple[str, bool]], labels: Mapping[str, str]) -> None:
        """Names from the top, and whether each is ticked; ``labels`` are what people call them."""
        picked = self.list.currentIndex().data(Qt.ItemDataRole.UserRole)
        before = self.list.blockSignals(True)
        self.list.clear()
        for name, ticked in state:
            item = QListWidgetItem(labels.get(name, name), self.list)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
                | Qt.ItemFlag.ItemIsDragEnabled
            )  # fmt: skip
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.list.setCurrentRow(next((row for row, (known, _) in enumerate(state) if known == picked), -1))
        self.list.blockSignals(before)
        self._told()

    def state(self) -> list[tuple[str, bool]]:
        items = [self.list.item(row) for row in range(self.list.count())]
        return [(item.data(Qt.ItemDataRole.UserRole), item.checkState() == Qt.CheckState.Checked) for item in items]

    def names(self) -> tuple[str, ...]:
        """Those ticked, from the top."""
        return tuple(name for name, ticked in self.state() if ticked)

    def _move(self, by: int) -> None:
        row = self.list.currentRow()
        if 0 <= row + by < self.list.count():
            item = self.list.takeItem(row)
            self.list.insertItem(row + by, item)
            self.list.setCurrentRow(row + by)
            self._told()

    def _told(self) -> None:
        row, count = self.list.currentRow(), self.list.count()
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < count - 1)
        self.changed.emit()
