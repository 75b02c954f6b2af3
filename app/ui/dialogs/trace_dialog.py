"""How one frame was decided: its picture, what the wearer read, and everybody who was asked or passed over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.ui import icons, words
from app.ui.frame_view import AttemptView, FrameView
from app.ui.widgets.buttons import Button
from app.ui.widgets.display_preview import DisplayPreview
from app.ui.widgets.picture_view import PictureView
from app.ui.widgets.state_label import StateLabel
from app.ui.widgets.text import Heading, Quiet, Text, tooltip

_Index = QModelIndex | QPersistentModelIndex
PICTURE_PX = 240
OUTCOME, SAID = 2, 6
_CELL_EDGE_PX = 14


class TraceModel(QAbstractTableModel):
    """One row per attempt, in the order they were made."""

    def __init__(self, attempts: tuple[AttemptView, ...], label: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._attempts, self._label, self._widget = attempts, label, parent
        self._titles = (
            self.tr("Provider"), self.tr("Model"), self.tr("Outcome"), self.tr("Why"), self.tr("Confidence"),
            self.tr("Time"), self.tr("What it said"),
        )  # fmt: skip

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._attempts)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        attempt = self._attempts[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cells(attempt)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(self._cells(attempt)[index.column()])
        if role == Qt.ItemDataRole.DecorationRole and index.column() == OUTCOME:
            return icons.tone_icon(words.outcome(attempt.outcome)[1], QGuiApplication.palette())
        return None

    def _cells(self, attempt: AttemptView) -> tuple[str, ...]:
        return (
            self._label(attempt.provider), attempt.model or words.DASH, words.outcome(attempt.outcome)[0],
            attempt.why or words.DASH, words.percent(attempt.confidence), words.latency(attempt.latency_ms),
            attempt.said or words.DASH,
        )  # fmt: skip


class _Roomy(QStyledItemDelegate):
    """Rows as high as what was said needs, with some air."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        size = super().sizeHint(option, index)
        if index.column() == SAID and isinstance(view := self.parent(), QTableView):
            width = view.columnWidth(SAID) - 2 * _CELL_EDGE_PX
            box = QRect(0, 0, max(width, 80), 10_000)
            size.setHeight(view.fontMetrics().boundingRect(box, Qt.TextFlag.TextWordWrap, index.data()).height())
        return QSize(size.width(), size.height() + _CELL_EDGE_PX)


class TraceDialog(QDialog):
    """``label``: how a provider is called before people."""

    def __init__(self, frame: FrameView, label: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("{name}, {time}").format(name=frame.username, time=words.when(frame.received_at)))
        self.resize(980, 640)
        self._frame, self._label = frame, label
        self.picture = PictureView(PICTURE_PX, self.tr("The picture"), self)
        self.table = self._table()
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(14)
        column.addLayout(self._top())
        column.addWidget(Heading(self.tr("Who was asked"), self, steps=1))
        column.addWidget(self.table, 1)
        if frame.judge_why:
            column.addWidget(Text(self.tr("The judge: {why}").format(why=frame.judge_why), self, wrap=True))
        column.addLayout(self._buttons())

    def show_image(self, image: QImage) -> None:
        self.picture.show_image(image)

    def _top(self) -> QHBoxLayout:
        frame = self._frame
        glasses = DisplayPreview(self)
        glasses.show_text("" if frame.failed else frame.text)
        told = QVBoxLayout()
        told.setSpacing(8)
        told.addWidget(StateLabel(self._summary(), frame.tone, self, wrap=True))
        if frame.full_text and frame.full_text != frame.text:
            told.addWidget(Quiet(self.tr("The whole answer"), self))
            told.addWidget(self._selectable(frame.full_text))
        told.addWidget(Quiet(self.tr("The question"), self))
        told.addWidget(self._selectable(frame.prompt))
        told.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(glasses, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(told, 1)
        return row

    def _selectable(self, text: str) -> Text:
        shown = Text(text, self, wrap=True)
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return shown

    def _summary(self) -> str:
        frame, how = self._frame, words.code(self._frame.code)[0]
        if frame.failed:
            return self.tr("No answer ({how}): {sentence}").format(how=how, sentence=frame.text)
        by = self._label(frame.answered_by) if frame.answered_by else self.tr("this computer")
        text = self.tr("Answered by {provider} ({how}), {percent}, in {time}").format(
            provider=by, how=how, percent=words.percent(frame.confidence), time=words.latency(frame.latency_ms)
        )
        return self.tr("{text}; reused from a moment before").format(text=text) if frame.reused else text

    def _table(self) -> QTableView:
        table = QTableView(self)
        table.setModel(TraceModel(self._frame.attempts, self._label, table))
        table.setItemDelegate(_Roomy(table))
        table.setAccessibleName(self.tr("Who was asked"))
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setWordWrap(True)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(SAID, QHeaderView.ResizeMode.Stretch)
        return table

    def _buttons(self) -> QHBoxLayout:
        close = Button(self.tr("Close"), "", self, primary=True)
        close.setFocus()
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        return row
