"""The list of frames: opened by a double click or Enter, marked by keys; what one looks at stays where it is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView, QWidget

from app.store.history.columns import Listed
from app.ui.activity.cells import IN_LIST, samples, section
from app.ui.activity.lines import Fold
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
_EDGES_PX, _SIGN_EDGES_PX, _NARROWEST_PX = 22, 38, 36
_WANTED_ANSWER_PX, _LEAST_ANSWER_PX = 240, 160
"""Before other columns leave, and once they have."""
_ROW_PX, _GAP_PX = HEIGHT_PX + 8, 8
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
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
        self._between_px = self.fontMetrics().lineSpacing() + 16
        set_up_list(self, self.tr("Frames"), row_px=max(_ROW_PX, 2 * self.fontMetrics().lineSpacing() + 10))
        self.setWordWrap(True)  # an answer has two lines
        self.setIconSize(QSize(WIDTH_PX, HEIGHT_PX))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._widths, self._least_px, self._is_fitting = dict[int, int](), dict[int, int](), False
        self._set_up_header()
        self._kept: tuple[str, str, int] = ("", "", 0)
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._restore)
        model.rowsInserted.connect(self._widen)
        model.rowsInserted.connect(self._stay)
        self.doubleClicked.connect(lambda _: self._open())
        self.clicked.connect(self._press)

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
            is_leaving = answer_px < _WANTED_ANSWER_PX
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
        top, last = max(self.rowAt(0), 0), self._last_row()
        return self.isVisible() and any(
            frame is not None and frame.frame_id == frame_id for frame in map(self.lines.frame_at, range(top, last + 1))
        )

    def _last_row(self) -> int:
        """Of those in sight."""
        last = self.rowAt(self.viewport().height() - 1)
        return last if last >= 0 else self.lines.rowCount() - 1

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
        return self.lines.frame_at(self.currentIndex().row())

    def pick(self, frame_id: str) -> None:
        """Select that frame's row, when it is loaded."""
        row = self.lines.row_of(frame_id)
        if row >= 0:
            how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(self.lines.index(row, 0), how)

    def looked_at(self) -> Listed | None:
        """The last frame that is seen, or picked where that is further down."""
        return self.lines.oldest_at(max(self._last_row(), self.currentIndex().row()))

    def _keep(self) -> None:
        top, picked = self.rowAt(0), self.picked
        first = self.lines.oldest_at(top) if top > 0 else None
        self._kept = (
            picked.frame_id if picked else "",
            first.frame_id if first else "",
            self.horizontalScrollBar().value(),
        )

    def _restore(self) -> None:
        """The list began anew: the same frame is picked and the same one stands on top, where they are still there."""
        picked, first, across = self._kept
        self.clearSpans()
        self._widen(QModelIndex(), 0, self.lines.rowCount() - 1)
        self.pick(picked)
        row = self.lines.row_of(first) if first else -1
        if row >= 0:
            self.scrollTo(self.lines.index(row, 0), QTableView.ScrollHint.PositionAtTop)
        else:
            self.scrollToTop()
        self.horizontalScrollBar().setValue(across)

    def _widen(self, _parent: QModelIndex, first: int, last: int) -> None:
        """Headings and folds among those rows take the whole width. After a reset a row is as high as what it held."""
        frame_px = self.verticalHeader().defaultSectionSize()
        for row in range(first, last + 1):
            is_between = self.lines.frame_at(row) is None
            if is_between:
                self.setSpan(row, 0, 1, len(IN_LIST))
            self.setRowHeight(row, self._between_px if is_between else frame_px)

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

    def _press(self, index: QModelIndex) -> None:
        """A frame's picture opens it."""
        if isinstance(self.lines.line(index.row()), Fold):
            self.lines.toggle(index.row())
        elif index.column() == 0:
            self._open()

    def _turn_fold(self, key: int) -> bool:
        """Whether that key is for the fold that is picked: Enter, or an arrow to open or close it."""
        row = self.currentIndex().row()
        fold = self.lines.line(row) if row >= 0 else None
        if not isinstance(fold, Fold) or key not in (*_ENTER, Qt.Key.Key_Left, Qt.Key.Key_Right):
            return False
        if key in _ENTER or fold.is_open is (key == Qt.Key.Key_Left):
            self.lines.toggle(row)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        picked, key = self.picked, event.key()
        if self._turn_fold(key):
            return
        if picked is None:
            super().keyPressEvent(event)
        elif key in _ENTER:
            self._open()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._copy(picked)
        elif key == FAVOURITE_KEY and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.favourite_wanted.emit(picked.frame_id)
        elif key in (UP_KEY, DOWN_KEY):
            self.thumb_wanted.emit(picked.frame_id, 1 if key == UP_KEY else -1)
        else:
            super().keyPressEvent(event)

    def _copy(self, frame: Listed) -> None:
        QGuiApplication.clipboard().setText("\t".join(self.lines.plain(frame)))

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
            (self.tr("Copy"), "Ctrl+C", lambda: self._copy(frame)),
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
