"""Read-only tables: a model of plain rows, and a view that looks like the other ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from app.ui import icons
from app.ui.theme import Tone
from app.ui.widgets.text import tooltip

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Cell:
    """``checked`` None: no check box. ``told``: the tool tip, else the text itself."""

    text: str
    tone: Tone | None = None
    checked: bool | None = None
    told: str = ""
    number: bool = False


class RowsModel(QAbstractTableModel):
    """Rows by name; ``switched`` tells that the check box of a row was set to the value given with it."""

    switched = Signal(str, bool)

    def __init__(self, titles: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._titles = tuple(titles)
        self.names: tuple[str, ...] = ()
        self._rows: tuple[tuple[Cell, ...], ...] = ()

    def show_rows(self, rows: dict[str, tuple[Cell, ...]]) -> None:
        """Same names in the same order: only the contents change, and the selection stays."""
        names = tuple(rows)
        if names == self.names:
            self._rows = tuple(rows.values())
            if names:
                self.dataChanged.emit(self.index(0, 0), self.index(len(names) - 1, len(self._titles) - 1))
            return
        self.beginResetModel()
        self.names, self._rows = names, tuple(rows.values())
        self.endResetModel()

    def cell(self, row: int, column: int) -> Cell:
        return self._rows[row][column]

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self.cell(index.row(), index.column()).checked is not None:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self.cell(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(cell.told or cell.text)
        if role == Qt.ItemDataRole.CheckStateRole and cell.checked is not None:
            return Qt.CheckState.Checked if cell.checked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.DecorationRole and cell.tone is not None:
            return icons.tone_icon(cell.tone, QGuiApplication.palette())
        if role == Qt.ItemDataRole.TextAlignmentRole and cell.number:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.switched.emit(self.names[index.row()], Qt.CheckState(value) == Qt.CheckState.Checked)
        return True


class _WithRoom(QStyledItemDelegate):
    """The style counts the platform's check box, which is smaller than ours."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        size = super().sizeHint(option, index)
        return (
            QSize(size.width() + 12, size.height()) if index.data(Qt.ItemDataRole.CheckStateRole) is not None else size
        )


class Table(QTableView):
    """One row is selected at a time, and stays selected by its name. Emits ``picked`` with that name, "" for none."""

    picked = Signal(str)

    def __init__(self, titles: Sequence[str], stretched: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RowsModel(titles, self)
        self.setModel(self.rows)
        self.setItemDelegate(_WithRoom(self))
        self.setAccessibleName(name)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(True)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 18)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
        self._picked = ""
        self.selectionModel().currentRowChanged.connect(self._changed)

    @property
    def picked_name(self) -> str:
        return self._picked

    def show_rows(self, rows: dict[str, tuple[Cell, ...]]) -> None:
        kept = self._picked
        self.rows.show_rows(rows)
        if not self.currentIndex().isValid():
            self.pick(kept if kept in rows else next(iter(rows), ""))

    def pick(self, name: str) -> None:
        """Select the row of ``name``; "" selects nothing."""
        row = self.rows.names.index(name) if name in self.rows.names else -1
        index = self.rows.index(row, 0) if row >= 0 else QModelIndex()
        how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, how)
        if row < 0:
            self._tell("")

    def _changed(self, index: QModelIndex) -> None:
        self._tell(self.rows.names[index.row()] if index.isValid() else "")

    def _tell(self, name: str) -> None:
        if name != self._picked:
            self._picked = name
            self.picked.emit(name)
