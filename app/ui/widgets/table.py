"""Read-only tables: a view that sorts, finds and copies, over rows that are given as plain cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import nlargest

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView, QWidget

from app.ui.widgets.rows_model import Cell, RowsModel

__all__ = ["Cell", "RowsModel", "Table"]

NARROWEST_PX, WIDEST_FIT_PX = 44, 420
"""Of a column: by hand, and as wide as it becomes by itself."""
SHORT_PX, READABLE_PX = 88, 140
"""Where its cells need it, the stretched column has at least the one, and what gives way keeps the other."""
_TITLE_PX = 40
"""Padding of a title and the arrow beside it."""
_EDGES_PX, _SIGN_PX, _BOX_PX = 23, 22, 32
"""What the style adds to the text of a cell, and what a sign and a check box before it take."""
MEASURED = 8
"""Cells of a column, those with the longest texts: asking the style for every row's width would hold the loop."""
NO_COLUMN = -1


class Table(QTableView):
    """One row is selected at a time, and stays selected by its name. Emits ``picked`` with that name, "" for none.

    A click on a title sorts, the third one goes back to the order in which the rows were given; ``find_text`` hides
    rows. Columns fit what they hold until one is dragged. ``name``: what a screen reader says; the window keeps
    widths and order under it (``kept_state``).
    """

    picked = Signal(str)

    def __init__(self, titles: Sequence[str], stretched: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RowsModel(titles, self)
        self.setModel(self.rows)
        set_up_list(self, name, row_px=self.fontMetrics().height() + 18)
        self._stretched, self._dragged, self._is_fitting = stretched, dict[int, int](), False
        self._wanted: dict[int, tuple[int, int]] = {}
        """What each column needs for its title, and for that and its cells."""
        self.picked_name, self._hidden, self._top = "", "", 0
        self._set_up_header()
        self.rows.modelAboutToBeReset.connect(self._note_top)
        self.rows.modelReset.connect(self._pick_again)
        self.selectionModel().currentRowChanged.connect(self._changed)

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        header.setMinimumSectionSize(NARROWEST_PX)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(self._stretched, QHeaderView.ResizeMode.Stretch)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(NO_COLUMN, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        header.sectionResized.connect(self._note_drag)
        header.sectionHandleDoubleClicked.connect(self._undrag)
        self._fit()

    # --- rows ----------------------------------------------------------------------------------------------------

    def show_rows(self, rows: dict[str, tuple[Cell, ...]]) -> None:
        """Show ``rows`` by their names, in the chosen order, the given one without a choice."""
        if self.rows.show_rows(rows):
            self._fit()
        if not self.currentIndex().isValid():
            self._pick_again()

    def find_text(self, text: str) -> tuple[int, int]:
        """Show the rows alone that contain ``text`` in some column, in whatever case; how many, and of how many."""
        self.rows.find(text)
        self.scrollTo(self.currentIndex())
        return self.rows.rowCount(), self.rows.total

    def pick(self, name: str) -> None:
        """Select the row of ``name``; "" selects nothing."""
        row = self.rows.row_of(name)
        index = self.rows.index(row, 0) if row >= 0 else QModelIndex()
        how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, how)
        if row < 0:
            self._tell("")

    def _pick_again(self) -> None:
        """The model began anew: the picked row is another one now, and what is in sight stays so.

        A picked row that ``find_text`` hides is picked again when it comes back, unless another one was meanwhile.
        """
        self.executeDelayedItemsLayout()
        wanted, top = (self._hidden, self.picked_name), self._top
        hidden = self._hidden or self.picked_name
        self.pick(next((name for name in wanted if self.rows.row_of(name) >= 0), next(iter(self.rows.names), "")))
        self._hidden = hidden if self.rows.is_hidden(hidden) else ""
        self.verticalScrollBar().setValue(top)

    def _note_top(self) -> None:
        self._top = self.verticalScrollBar().value()

    def _changed(self, index: QModelIndex) -> None:
        self._hidden = ""
        self._tell(self.rows.names[index.row()] if index.isValid() else "")

    def _tell(self, name: str) -> None:
        if name != self.picked_name:
            self.picked_name = name
            self.picked.emit(name)

    # --- columns -------------------------------------------------------------------------------------------------

    def kept_state(self) -> dict[str, object]:
        """Widths that were set by hand, and the order, as plain values."""
        header = self.horizontalHeader()
        return {
            "columns": self.rows.columnCount(),
            "widths": {str(column): width_px for column, width_px in self._dragged.items()},
            "sorted": header.sortIndicatorSection(),
            "down": header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder,
        }

    def restore_state(self, state: dict[str, object]) -> None:
        """What ``kept_state`` gave; that of a table with other columns is left alone."""
        if state.get("columns") != self.rows.columnCount():
            return
        widths, column = state.get("widths"), state.get("sorted")
        if isinstance(widths, dict):
            self._dragged = {
                int(column): width_px
                for column, width_px in widths.items()
                if str(column).isdecimal() and int(column) < self.rows.columnCount() and isinstance(width_px, int)
            }
        if isinstance(column, int) and NO_COLUMN <= column < self.rows.columnCount():
            down = Qt.SortOrder.DescendingOrder if state.get("down") is True else Qt.SortOrder.AscendingOrder
            self.sortByColumn(column, down)
        self._fit()

    def _fit(self) -> None:
        """Make each column as wide as what it holds, or as it was dragged."""
        metrics = QFontMetrics(title_font(self.font()))
        for column in range(self.rows.columnCount()):
            title_px = metrics.horizontalAdvance(self._title(column)) + _TITLE_PX
            self._wanted[column] = title_px, max(title_px, min(self._needed_px(column), WIDEST_FIT_PX))
        self._share()

    def _needed_px(self, column: int) -> int:
        """By its cells."""
        metrics, cells = self.fontMetrics(), (self.rows.cell(row, column) for row in range(self.rows.rowCount()))
        longest = nlargest(MEASURED, cells, key=lambda cell: len(cell.text))
        signs_px = (
            (cell, _SIGN_PX * (cell.tone is not None) + _BOX_PX * (cell.checked is not None)) for cell in longest
        )
        return max((metrics.horizontalAdvance(cell.text) + _EDGES_PX + px for cell, px in signs_px), default=0)

    def _share(self) -> None:
        """The stretched column takes what the others leave; where that is too little, the widest of them give way,
        while they can be read. Then one scrolls sideways."""
        header, own = self.horizontalHeader(), self._stretched
        title_px, needed_px = self._wanted[own]
        least_px = max(title_px, min(needed_px, SHORT_PX))
        widths = {column: px for column, (_, px) in self._wanted.items() if column != own} | self._dragged
        lacking_px = sum(widths.values()) + least_px - self.viewport().width()
        while lacking_px > 0 and (spare := {one: widths[one] - self._least_px(one) for one in widths}):
            widest = max(spare, key=spare.__getitem__)
            if spare[widest] <= 0:
                break
            widths[widest] -= min(spare[widest], lacking_px)
            lacking_px = sum(widths.values()) + least_px - self.viewport().width()
        self._is_fitting = True
        for column, px in widths.items():
            self.setColumnWidth(column, px)
        mode = QHeaderView.ResizeMode.Stretch if lacking_px <= 0 else QHeaderView.ResizeMode.Fixed
        if header.sectionResizeMode(own) != mode:
            header.setSectionResizeMode(own, mode)
        if lacking_px > 0 and header.sectionSize(own) != least_px:
            header.resizeSection(own, least_px)
        self._is_fitting = False

    def _least_px(self, column: int) -> int:
        title_px, needed_px = self._wanted[column]
        return self._dragged.get(column, max(title_px, min(needed_px, READABLE_PX)))

    def _title(self, column: int) -> str:
        return str(self.rows.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole))

    def _note_drag(self, column: int, _before_px: int, width_px: int) -> None:
        if not self._is_fitting and column != self._stretched and width_px:
            self._dragged[column] = width_px
            self._share()

    def _undrag(self, column: int) -> None:
        """A double click lets the column fit by itself again."""
        self._dragged.pop(column, None)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    # --- copying -------------------------------------------------------------------------------------------------

    def copy_rows(self, *, whole: bool = False) -> None:
        """Put the selected rows on the clipboard, tabs between the cells; ``whole``: all that are shown, and titles."""
        numbers = sorted(index.row() for index in self.selectionModel().selectedRows())
        columns = range(self.rows.columnCount())
        lines = [[self.rows.plain(row, column) for column in columns] for row in numbers]
        if whole:
            lines = [[self.rows.plain(row, column) for column in columns] for row in range(self.rows.rowCount())]
            lines.insert(0, [self._title(column) for column in columns])
        if lines:
            QGuiApplication.clipboard().setText(_as_lines(lines))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy, everything = menu.addAction(self.tr("Copy")), menu.addAction(self.tr("Copy all"))
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setShortcutVisibleInContextMenu(True)
        copy.setEnabled(self.selectionModel().hasSelection())
        everything.setEnabled(self.rows.rowCount() > 0)
        copy.triggered.connect(lambda: self.copy_rows())
        everything.triggered.connect(lambda: self.copy_rows(whole=True))
        menu.popup(event.globalPos())


def set_up_list(view: QTableView, name: str, row_px: int) -> None:
    """What our lists have in common: one row is selected at a time, no grid, titles to the left."""
    view.setAccessibleName(name)
    view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setAlternatingRowColors(True)
    view.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(row_px)
    view.horizontalHeader().setHighlightSections(False)
    view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def find_in(tables: Iterable[Table], text: str) -> tuple[int, int]:
    """Find ``text`` in all of them; how many rows are shown, and of how many."""
    found = [table.find_text(text) for table in tables]
    return sum(shown for shown, _ in found), sum(total for _, total in found)


def _as_lines(cells: Sequence[Sequence[str]]) -> str:
    return "\n".join("\t".join(" ".join(text.split()) for text in line) for line in cells)


def title_font(font: QFont) -> QFont:
    """As the style sheet draws titles."""
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold
