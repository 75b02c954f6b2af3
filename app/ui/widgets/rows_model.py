"""The rows of a table: named, made of plain cells, in the order and of the number that somebody asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QCollator, QLocale, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.ui.support import icons
from app.ui.support.language import SOURCE
from app.ui.support.theme import Tone
from app.ui.widgets.text import tooltip

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Cell:
    """``checked`` None: no check box. ``told``: the tool tip, else the text itself.

    ``sort``: what the row is sorted by, a number, a time or a text; without it the text. Rows with a number or time
    come before those with words, such as "never".
    """

    text: str
    tone: Tone | None = None
    checked: bool | None = None
    told: str = ""
    number: bool = False
    sort: object = None


class RowsModel(QAbstractTableModel):
    """Rows by name; ``switched`` tells that the check box of a row was set to the value given with it.

    ``names``: of the rows that are shown, from above.
    """

    switched = Signal(str, bool)

    def __init__(self, titles: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._titles = tuple(titles)
        self._given: dict[str, tuple[Cell, ...]] = {}
        self._rows: tuple[tuple[Cell, ...], ...] = ()
        self._places: dict[str, int] = {}
        self._column, self._down, self._needle = -1, False, ""
        self.names: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many rows there are, the hidden ones too."""
        return len(self._given)

    def show_rows(self, rows: dict[str, tuple[Cell, ...]]) -> bool:
        """Same names in the same order: only the contents change, and the selection stays. Whether anything did."""
        if rows == self._given and list(rows) == list(self._given):
            return False
        self._given = dict(rows)
        self._arrange()
        return True

    def find(self, text: str) -> None:
        """Show the rows alone that contain ``text`` in some column; an empty one shows all."""
        self._needle = text.strip().casefold()
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By ``column``; -1 is the order that the rows were given in."""
        self._column, self._down = column, order == Qt.SortOrder.DescendingOrder
        self._arrange()

    def _arrange(self) -> None:
        shown = [(name, cells) for name, cells in self._given.items() if self._is_found(cells)]
        if 0 <= self._column < len(self._titles):
            shown.sort(key=lambda row: _sort_key(row[1][self._column]), reverse=self._down)
        names, rows = tuple(name for name, _ in shown), tuple(cells for _, cells in shown)
        if names == self.names:
            changed = [row for row, cells in enumerate(rows) if cells != self._rows[row]]
            self._rows = rows
            if changed:
                self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(self._titles) - 1))
            return
        self.beginResetModel()
        self.names, self._rows = names, rows
        self._places = {name: row for row, name in enumerate(names)}
        self.endResetModel()

    def _is_found(self, cells: tuple[Cell, ...]) -> bool:
        return not self._needle or any(self._needle in cell.text.casefold() for cell in cells)

    def row_of(self, name: str) -> int:
        """Where the row of ``name`` is shown, -1 when it is not."""
        return self._places.get(name, -1)

    def is_hidden(self, name: str) -> bool:
        """Whether ``name`` has a row that ``find`` keeps from being shown."""
        return name in self._given and name not in self._places

    def cell(self, row: int, column: int) -> Cell:
        return self._rows[row][column]

    def plain(self, row: int, column: int) -> str:
        """The cell in words alone."""
        cell = self.cell(row, column)
        if cell.text or cell.checked is None:
            return cell.text
        return self.tr("on") if cell.checked else self.tr("off")

    # --- what the view asks ----------------------------------------------------------------------------------------

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and self._rows and self._rows[0][section].number:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
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


def _sort_key(cell: Cell) -> tuple[int, Any]:
    """Numbers and times by their value, before words; words as the language has them, the numbers in them by value."""
    value: object = cell.sort
    if value is None and not cell.text and cell.checked is not None:
        value = not cell.checked
    if value is None and cell.number:
        value = _number(cell.text)
    if isinstance(value, datetime):
        return 0, value.timestamp()
    if isinstance(value, date):
        return 0, value.toordinal()
    if isinstance(value, int | float):
        return 0, value
    return 1, _collator().sortKey(cell.text if value is None else str(value))


def _number(text: str) -> float | None:
    value, is_one = QLocale().toDouble(text)
    return float(value) if is_one else None


@lru_cache(maxsize=1)
def _collator() -> QCollator:
    """Of the window's language, which is chosen before any table is made; C knows no numbers in a text."""
    collator = QCollator(QLocale() if QLocale().language() != QLocale.Language.C else QLocale(SOURCE))
    collator.setNumericMode(True)
    collator.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    return collator
