"""The list of frames as a table has it: pages are added as one scrolls, newer frames slip in above."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QWidget

from app.core.provider import ON_DEVICE
from app.store.history.columns import Column, Listed
from app.store.history.filters import Page
from app.store.history.said_text import folded
from app.ui.activity import cells
from app.ui.activity.cells import IN_LIST, LOOKS
from app.ui.support import formatting as fmt
from app.ui.support import icons
from app.ui.support.theme import Tone
from app.ui.widgets.text import tooltip

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_ROLES = frozenset(
    {
        _Role.DisplayRole, _Role.ToolTipRole, _Role.AccessibleTextRole, _Role.DecorationRole, _Role.TextAlignmentRole,
    }
)  # fmt: skip
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_SIGNS = {"favourite": "star", "thumb": "thumb-up"}
"""What stands over a column that has signs alone."""
_THUMBS = {1: "thumb-up-on", -1: "thumb-down-on"}
LONGEST_TOLD = 600
MOST_MERGED = 400
"""Rows that come or go one by one; beyond, the list begins anew."""


class ActivityModel(QAbstractTableModel):
    """Newest first, each with what ``picture_of`` gives. ``more_wanted``: the view has come to the end of what is
    loaded."""

    more_wanted = Signal()

    def __init__(self, label: Callable[[str], str], picture_of: Callable[[Listed], QPixmap], parent: QWidget) -> None:
        super().__init__(parent)
        self.frames: list[Listed] = []
        self.after = ""
        self._label, self._picture_of = label, picture_of
        self._asked = False
        self._searched = ""
        self._titles = tuple(cells.title(column.title) for column in IN_LIST)

    def row_of(self, frame_id: str) -> int:
        """-1 when it is not loaded."""
        return next((row for row, frame in enumerate(self.frames) if frame.frame_id == frame_id), -1)

    def show_search(self, text: str) -> None:
        """The frames are those in which ``text`` was said: it is told where that is not what stands in the list."""
        self._searched = folded(text)

    # --- what is loaded ------------------------------------------------------------------------------------------

    def show_page(self, page: Page) -> None:
        """Begin anew with ``page``."""
        self.beginResetModel()
        self.frames, self.after, self._asked = list(page.frames), page.after, False
        self.endResetModel()

    def add_page(self, page: Page) -> None:
        """What comes after the last row."""
        self._asked, self.after = False, page.after
        if page.frames:
            first = len(self.frames)
            self.beginInsertRows(QModelIndex(), first, first + len(page.frames) - 1)
            self.frames += page.frames
            self.endInsertRows()

    def merge_page(self, page: Page, looked_at: int = 0) -> None:
        """Bring the top up to date with ``page``, which is as the list begins now; rows that stay are not touched.

        What is loaded below it stays while some of it is among the first ``looked_at`` rows, unless nothing of the
        list is in ``page``: frames between the two would be missing. Else it goes, to be loaded again when it is
        wanted: a list that is open for days would hold every frame of them.
        """
        fresh = {frame.frame_id: frame for frame in page.frames}
        covered = len(self.frames) if not page.after else self._covered(page.frames[-1])
        known = {frame.frame_id for frame in self.frames[:covered]}
        changed = len(known ^ fresh.keys())
        if not known & fresh.keys() or changed > MOST_MERGED:
            self.show_page(page)
            return
        reaches = looked_at + len(fresh.keys() - known)
        tail_is_kept = covered < len(self.frames) and reaches > len(page.frames)
        if not tail_is_kept and covered < len(self.frames):
            self.beginRemoveRows(QModelIndex(), covered, len(self.frames) - 1)
            del self.frames[covered:]
            self.endRemoveRows()
        for row in range(covered - 1, -1, -1):
            if self.frames[row].frame_id not in fresh:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self.frames[row]
                self.endRemoveRows()
        for row, frame in enumerate(page.frames):
            self._put(row, frame, is_new=frame.frame_id not in known)
        if not tail_is_kept:
            self.after = page.after

    def _covered(self, last: Listed) -> int:
        """How many of the loaded rows are as new as ``last`` or newer."""
        row = self.row_of(last.frame_id)
        return row + 1 if row >= 0 else sum(frame.received_at >= last.received_at for frame in self.frames)

    def _put(self, row: int, frame: Listed, *, is_new: bool) -> None:
        if is_new:
            self.beginInsertRows(QModelIndex(), row, row)
            self.frames.insert(row, frame)
            self.endInsertRows()
        elif self.frames[row] != frame:
            self.frames[row] = frame
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(IN_LIST) - 1))

    def not_loaded(self) -> None:
        """The next page could not be read; it may be asked for again."""
        self._asked = False

    def canFetchMore(self, parent: _Index) -> bool:
        return not parent.isValid() and bool(self.after) and not self._asked

    def fetchMore(self, parent: _Index) -> None:
        if self.canFetchMore(parent):
            self._asked = True
            self.more_wanted.emit()

    # --- what is shown -------------------------------------------------------------------------------------------

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.frames)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return len(IN_LIST)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column, sign = IN_LIST[section], _SIGNS.get(IN_LIST[section].form)
        if role == _Role.DecorationRole and sign:
            palette = QGuiApplication.palette()
            return icons.small_icon(sign, palette.color(QPalette.ColorRole.PlaceholderText))
        if role in (_Role.ToolTipRole, _Role.AccessibleTextRole):
            return self._titles[section]
        if role == _Role.TextAlignmentRole and LOOKS[column.form].is_number:
            return _RIGHT
        if role == _Role.DisplayRole:
            return "" if sign else self._titles[section]
        return None

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        if role not in _ROLES:
            return None  # half of what a view asks for
        frame, column = self.frames[index.row()], IN_LIST[index.column()]
        if role == _Role.DisplayRole:
            return "" if column.form in _SIGNS else self._text(frame, column)
        if role == _Role.ToolTipRole:
            return tooltip(self._told(frame, column)[:LONGEST_TOLD])
        if role == _Role.AccessibleTextRole:
            return self._told(frame, column)
        if role == _Role.DecorationRole:
            return self._picture_of(frame) if index.column() == 0 else _sign(frame, column)
        if role == _Role.TextAlignmentRole and LOOKS[column.form].is_number:
            return _RIGHT
        return None

    def show_picture(self, frame_id: str) -> None:
        """It has come."""
        row = self.row_of(frame_id)
        if row >= 0:
            self.dataChanged.emit(self.index(row, 0), self.index(row, 0), [_Role.DecorationRole])

    def _told(self, frame: Listed, column: Column) -> str:
        """A cell in words, marks too."""
        text = self._text(frame, column)
        if column.form == "thumb" and frame.correction:
            return f"{text}, {cells.LOOKS['correction'].text(frame.correction)}"
        return f"{_ending(frame)[0]}: {text}" if column.form == "answer" else text

    def _text(self, frame: Listed, column: Column) -> str:
        text = cells.text(frame, column, self._label)
        if column.form != "answer" or not self._searched or self._searched in folded(text):
            return text
        return self.tr("Found in the whole answer or in another AI's reply: {answer}").format(answer=text)

    def plain(self, row: int) -> Sequence[str]:
        """A row for the clipboard."""
        return [" ".join(self._told(self.frames[row], column).split()) for column in IN_LIST]


def _ending(frame: Listed) -> tuple[str, Tone]:
    return fmt.code(frame.code, only_here=frame.answered_by == ON_DEVICE and frame.calls <= 1)


def _sign(frame: Listed, column: Column) -> QIcon | None:
    palette = QGuiApplication.palette().cacheKey()
    if column.form == "answer":
        return _tone(_ending(frame)[1], palette)
    if column.form == "favourite" and frame.favourite:
        return _drawing("star-on", palette)
    if column.form == "thumb" and (frame.thumb or frame.correction):
        return _drawing("edit" if frame.correction else _THUMBS[frame.thumb], palette)
    return None


@lru_cache(maxsize=16)
def _tone(tone: Tone, _palette: int) -> QIcon:
    return icons.tone_icon(tone, QGuiApplication.palette())


@lru_cache(maxsize=16)
def _drawing(name: str, _palette: int) -> QIcon:
    palette = QGuiApplication.palette()
    return icons.small_icon(name, palette.color(QPalette.ColorRole.Text))
