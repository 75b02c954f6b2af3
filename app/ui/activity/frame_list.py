"""The list of frames: opened by a double click or Enter, marked by keys; what one looks at stays where it is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView, QWidget

from app.store.history.columns import Listed
from app.ui.activity.cells import IN_LIST, samples, section
from app.ui.activity.model import ActivityModel
from app.ui.activity.row_pictures import HEIGHT_PX, WIDTH_PX
from app.ui.widgets.table import set_up_list, title_font

_ANSWER = section("answer")
_MEASURED = tuple(place for place in range(len(IN_LIST)) if place != _ANSWER)
_LEAVING = tuple(
    map(
        section,
        ["calls", "trust", "latency_ms", "confidence", "cost_usd", "answered_by", "username", "thumb", "favourite"],
    )
)
"""Which columns leave the answer their room, where there is little: the first of them first."""
_EDGES_PX, _SIGN_EDGES_PX, _NARROWEST_PX, _LEAST_ANSWER_PX = 22, 38, 36, 240
_ROW_PX, _GAP_PX = HEIGHT_PX + 8, 8
FAVOURITE_KEY, UP_KEY, DOWN_KEY = Qt.Key.Key_F, Qt.Key.Key_Plus, Qt.Key.Key_Minus


class FrameList(QTableView):
    """Each signal tells a frame's id, ``thumb_wanted`` also 1 or -1; ``block_wanted`` a device's address,
    ``pointer_left`` nothing."""

    opened = Signal(str)
    favourite_wanted = Signal(str)
    thumb_wanted = Signal(str, int)
    block_wanted = Signal(str)
    pointer_left = Signal()

    def __init__(self, model: ActivityModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines = model
        self.setModel(model)
        set_up_list(self, self.tr("Frames"), row_px=max(_ROW_PX, 2 * self.fontMetrics().lineSpacing() + 10))
        self.setWordWrap(True)  # an answer has two lines
        self.setIconSize(QSize(WIDTH_PX, HEIGHT_PX))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._widths, self._least_px, self._is_fitting = dict[int, int](), dict[int, int](), False
        self._set_up_header()
        self._kept: tuple[str, str, int] = ("", "", 0)
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._restore)
        model.rowsInserted.connect(self._stay)
        self.doubleClicked.connect(lambda _: self._open())
        self.clicked.connect(lambda index: self._open() if index.column() == 0 else None)  # its picture is there

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        header.setMinimumSectionSize(_NARROWEST_PX)
        metrics, bold = QFontMetrics(self.font()), QFontMetrics(title_font(self.font()))
        for column in _MEASURED:
            texts = samples(IN_LIST[column])
            title = str(self.lines.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole))
            needed_px = max(*map(metrics.horizontalAdvance, texts), bold.horizontalAdvance(title))
            picture_px = WIDTH_PX + _GAP_PX if column == 0 else 0
            edges_px = _EDGES_PX if any(texts) else _SIGN_EDGES_PX
            self._least_px[column] = bold.horizontalAdvance(title) + edges_px
            self._widths[column] = needed_px + picture_px + edges_px
            self.setColumnWidth(column, self._widths[column])
        header.sectionResized.connect(self._resized)

    def _resized(self, column: int, _before_px: int, width_px: int) -> None:
        """By hand, unless it was hidden: then it has no width. A title is never cut."""
        if column == _ANSWER or not width_px or self._is_fitting:
            return
        self._widths[column] = max(width_px, self._least_px[column])
        if self._widths[column] != width_px:
            self.setColumnWidth(column, self._widths[column])
        self._fit_answer()

    def _fit_answer(self) -> None:
        """What the other columns leave: stretched by Qt, it could come to nothing."""
        self._is_fitting = True
        answer_px = self.viewport().width() - sum(self._widths.values())
        for column in _LEAVING:
            is_leaving = answer_px < _LEAST_ANSWER_PX
            answer_px += self._widths[column] if is_leaving else 0
            if is_leaving is not self.isColumnHidden(column):
                self.setColumnHidden(column, is_leaving)
                self.setColumnWidth(column, self._widths[column])
        self.setColumnWidth(_ANSWER, max(answer_px, _LEAST_ANSWER_PX))
        self._is_fitting = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_answer()

    def is_seen(self, frame_id: str) -> bool:
        """Whether its row is in sight."""
        row, last = self.lines.row_of(frame_id), self.rowAt(self.viewport().height() - 1)
        return self.isVisible() and max(self.rowAt(0), 0) <= row <= (last if last >= 0 else row)

    @property
    def holds_still(self) -> bool:
        """The pointer is on its newest rows: what comes would push them from under it."""
        return self.underMouse() and self.verticalScrollBar().value() == 0 and bool(self.lines.frames)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointer_left.emit()

    # --- what is picked ------------------------------------------------------------------------------------------

    @property
    def picked(self) -> Listed | None:
        row = self.currentIndex().row()
        return self.lines.frames[row] if 0 <= row < len(self.lines.frames) else None

    def pick(self, frame_id: str) -> None:
        """Select that frame's row, when it is loaded."""
        row = self.lines.row_of(frame_id)
        if row >= 0:
            how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(self.lines.index(row, 0), how)

    def looked_at(self) -> int:
        """How many rows reach down to the last one that is seen, or picked."""
        last = self.rowAt(self.viewport().height() - 1)
        return max(last if last >= 0 else len(self.lines.frames) - 1, self.currentIndex().row()) + 1

    def _keep(self) -> None:
        top = self.rowAt(0)
        first = self.lines.frames[top].frame_id if 0 < top < len(self.lines.frames) else ""
        picked = self.picked
        self._kept = (picked.frame_id if picked else "", first, self.horizontalScrollBar().value())

    def _restore(self) -> None:
        """The list began anew: the same frame is picked and the same one stands on top, where they are still there."""
        picked, first, across = self._kept
        self.pick(picked)
        row = self.lines.row_of(first) if first else -1
        if row >= 0:
            self.scrollTo(self.lines.index(row, 0), QTableView.ScrollHint.PositionAtTop)
        else:
            self.scrollToTop()
        self.horizontalScrollBar().setValue(across)

    def _stay(self, _parent: QModelIndex, first: int, last: int) -> None:
        """Rows came above what is looked at: it stays where it is. At the very top the new ones are wanted."""
        bar = self.verticalScrollBar()
        if bar.value() > 0 and first <= bar.value():
            self.executeDelayedItemsLayout()
            bar.setValue(bar.value() + last - first + 1)

    # --- what is done --------------------------------------------------------------------------------------------

    def _open(self) -> None:
        if picked := self.picked:
            self.opened.emit(picked.frame_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        picked, key = self.picked, event.key()
        if picked is None:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        elif key == FAVOURITE_KEY and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.favourite_wanted.emit(picked.frame_id)
        elif key in (UP_KEY, DOWN_KEY):
            self.thumb_wanted.emit(picked.frame_id, 1 if key == UP_KEY else -1)
        else:
            super().keyPressEvent(event)

    def _copy(self) -> None:
        row = self.currentIndex().row()
        QGuiApplication.clipboard().setText("\t".join(self.lines.plain(row)))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        picked = self.picked
        if picked is not None:
            self.menu(picked).popup(event.globalPos())

    def menu(self, frame: Listed) -> QMenu:
        """What can be done with ``frame``."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name = frame.frame_id
        favourite = self.tr("No favourite any more") if frame.favourite else self.tr("Favourite: never cleaned up")
        for text, key, do in (
            (self.tr("Open"), "Return", lambda: self.opened.emit(name)),
            (favourite, "F", lambda: self.favourite_wanted.emit(name)),
            (self.tr("Thumb up"), "+", lambda: self.thumb_wanted.emit(name, 1)),
            (self.tr("Thumb down"), "-", lambda: self.thumb_wanted.emit(name, -1)),
            (self.tr("Copy"), "Ctrl+C", self._copy),
        ):
            action = menu.addAction(text)
            action.setShortcut(QKeySequence(key))
            action.setShortcutVisibleInContextMenu(True)
            action.triggered.connect(do)
        menu.addSeparator()
        block = menu.addAction(self.tr("Block this device…"))
        block.setEnabled(bool(frame.client_ip))
        block.triggered.connect(lambda: self.block_wanted.emit(frame.client_ip))
        return menu

    # --- columns -------------------------------------------------------------------------------------------------

    def kept_state(self) -> dict[str, object]:
        """Column widths, as plain values."""
        return {"widths": {IN_LIST[column].name: width_px for column, width_px in self._widths.items()}}

    def restore_state(self, state: dict[str, object]) -> None:
        widths = state.get("widths")
        for column in _MEASURED:
            width_px = widths.get(IN_LIST[column].name) if isinstance(widths, dict) else None
            if isinstance(width_px, int):
                self.setColumnWidth(column, width_px)
