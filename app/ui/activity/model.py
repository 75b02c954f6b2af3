"""How the list of frames reads: a cell in words, signs and pictures; days and folds over the whole width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFont, QGuiApplication, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QWidget

from app.core.provider import ON_DEVICE
from app.store.history.columns import Column, Listed
from app.store.history.said_text import folded
from app.ui.activity import cells
from app.ui.activity.cells import IN_LIST, LOOKS
from app.ui.activity.lines import Day, Fold
from app.ui.activity.paged_lines import Index, PagedLines
from app.ui.support import formatting as fmt
from app.ui.support import icons
from app.ui.support.theme import Tone
from app.ui.widgets.table import title_font
from app.ui.widgets.text import tooltip

_tr = partial(QCoreApplication.translate, "model")
_Role = Qt.ItemDataRole
_ROLES = frozenset(
    {
        _Role.DisplayRole, _Role.ToolTipRole, _Role.AccessibleTextRole, _Role.DecorationRole, _Role.TextAlignmentRole,
        _Role.FontRole, _Role.ForegroundRole,
    }
)  # fmt: skip
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_SIGNS = {"favourite": "star", "thumb": "thumb-up"}
"""What stands over a column that has signs alone."""
_THUMBS = {1: "thumb-up-on", -1: "thumb-down-on"}
LONGEST_TOLD = 600


class ActivityModel(PagedLines):
    """Frames with what ``picture_of`` gives, and the lines between them."""

    def __init__(self, label: Callable[[str], str], picture_of: Callable[[Listed], QPixmap], parent: QWidget) -> None:
        super().__init__(parent)
        self._label, self._picture_of = label, picture_of
        self._searched = ""
        self._titles = tuple(cells.title(column.title) for column in IN_LIST)

    def show_search(self, text: str) -> None:
        """The frames are those in which ``text`` was said: it is told where that is not what stands in the list."""
        self._searched = folded(text)

    # --- what is shown -------------------------------------------------------------------------------------------

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

    def data(self, index: Index, role: int = _Role.DisplayRole) -> Any:
        if role not in _ROLES:
            return None  # half of what a view asks for
        frame, column = self._lines[index.row()], IN_LIST[index.column()]
        if not isinstance(frame, Listed):
            return _between(frame, role) if index.column() == 0 or role == _Role.AccessibleTextRole else None
        if role == _Role.DisplayRole:
            return "" if column.form in _SIGNS else self._shown(frame, column)
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

    def _shown(self, frame: Listed, column: Column) -> str:
        """Of a time the clock alone: its day stands above."""
        if column.form == "time":
            return fmt.clock(frame.received_at, seconds=True)
        return self._text(frame, column)

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

    def plain(self, frame: Listed) -> Sequence[str]:
        """A row for the clipboard."""
        return [" ".join(self._told(frame, column).split()) for column in IN_LIST]


def _between(line: Day | Fold, role: int) -> Any:
    """What a line shows that is no frame's."""
    if isinstance(line, Day):
        if role == _Role.ForegroundRole:  # a heading is no less readable for that it cannot be picked
            return QGuiApplication.palette().brush(QPalette.ColorGroup.Active, QPalette.ColorRole.Text)
        return {_Role.DisplayRole: fmt.long_day(line.day), _Role.FontRole: _bold()}.get(_Role(role))
    if role == _Role.DecorationRole:
        return _drawing("chevron-down" if line.is_open else "chevron-right", QGuiApplication.palette().cacheKey())
    if role == _Role.ToolTipRole:
        return _tr("The picture was the same as a moment before, and so was the answer: no AI was asked.")
    if role == _Role.DisplayRole:
        return _folded(line)
    if role == _Role.AccessibleTextRole:
        how = _tr("{line}; Enter closes it") if line.is_open else _tr("{line}; Enter opens it")
        return how.format(line=_folded(line))
    return None


def _folded(fold: Fold) -> str:
    newest, oldest = (fmt.clock(fold.frames[at].received_at, seconds=True) for at in (0, -1))
    if len(fold.frames) == 1:
        return _tr("1 more of the same scene, {time}").format(time=newest)
    text = _tr("{number} more of the same scene, {begin} to {end}")
    return text.format(number=fmt.count(len(fold.frames)), begin=oldest, end=newest)


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


@lru_cache(maxsize=1)
def _bold() -> QFont:
    return title_font(QFont())


@lru_cache(maxsize=16)
def _tone(tone: Tone, _palette: int) -> QIcon:
    return icons.tone_icon(tone, QGuiApplication.palette())


@lru_cache(maxsize=16)
def _drawing(name: str, _palette: int) -> QIcon:
    palette = QGuiApplication.palette()
    return icons.small_icon(name, palette.color(QPalette.ColorRole.Text))
