"""The lines of the log, in a type of even width; the newest stay in sight while the last one is."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontDatabase, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.log.model import LogModel
from app.ui.log.problem_report import addresses_in

_AROUND_PX = 48
"""Icon and padding of a row."""


class _Line(QStyledItemDelegate):
    """All rows are as wide as the longest: the view then measures one of them instead of thousands."""

    def __init__(self, lines: LogModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines = lines

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        metrics: QFontMetrics = option.fontMetrics
        return QSize(metrics.horizontalAdvance(self._lines.longest) + _AROUND_PX, metrics.height() + 6)


class LogView(QListView):
    """Several lines can be selected; Ctrl+C copies them, or everything shown when none is.

    ``block_wanted``: an address of the line under the mouse, picked in its menu.
    """

    block_wanted = Signal(str)

    def __init__(self, lines: LogModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = lines
        self.setModel(lines)
        self.setItemDelegate(_Line(lines, self))
        self.setAccessibleName(self.tr("Lines of the log"))
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._was_at_end = True
        lines.rowsAboutToBeInserted.connect(self._note_end)
        lines.rowsInserted.connect(self._follow)
        lines.modelReset.connect(self.scrollToBottom)

    def copy_lines(self) -> int:
        """Put the selected lines on the clipboard, or all that are shown; how many."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        lines = [self.lines.line(row) for row in rows] or self.lines.lines()
        QGuiApplication.clipboard().setText("\n".join(lines))
        return len(lines)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_lines()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(self.tr("Copy"))
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setShortcutVisibleInContextMenu(True)
        copy.setEnabled(self.lines.rowCount() > 0)
        copy.triggered.connect(lambda: self.copy_lines())
        index = self.indexAt(event.pos()) if event.reason() == QContextMenuEvent.Reason.Mouse else self.currentIndex()
        for address in addresses_in(self.lines.line(index.row())) if index.isValid() else ():
            block = menu.addAction(self.tr("Block {address}").format(address=address))
            block.triggered.connect(partial(self.block_wanted.emit, address))
        menu.popup(event.globalPos())

    def _note_end(self) -> None:
        bar = self.verticalScrollBar()
        self._was_at_end = bar.value() >= bar.maximum()

    def _follow(self) -> None:
        if self._was_at_end:
            self.scrollToBottom()
