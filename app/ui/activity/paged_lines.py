"""The list of frames as it is loaded: pages are added as one scrolls, newer frames slip in above, folds open."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import groupby, pairwise

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QWidget

from app.store.history.columns import Listed
from app.store.history.filters import Page
from app.ui.activity.cells import IN_LIST
from app.ui.activity.lines import Day, Fold, Line, key, lines_of

Index = QModelIndex | QPersistentModelIndex
MOST_MERGED = 400
"""Frames that come or go one by one; beyond, the list begins anew."""


class PagedLines(QAbstractTableModel):
    """``frames``, newest first, and the lines that stand for them: a row each. ``more_wanted``: the view has come to
    the end of what is loaded."""

    more_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.frames: list[Listed] = []
        self.after = ""
        self._lines: list[Line] = []
        self._opened: set[str] = set()
        self._asked, self.folds = False, True

    def line(self, row: int) -> Line:
        return self._lines[row]

    def row_of(self, frame_id: str) -> int:
        """That of its fold, where it is closed; -1 when it is not loaded."""
        for row, line in enumerate(self._lines):
            if isinstance(line, Listed):
                if line.frame_id == frame_id:
                    return row
            elif isinstance(line, Fold) and not line.is_open and any(one.frame_id == frame_id for one in line.frames):
                return row
        return -1

    def frame_at(self, row: int) -> Listed | None:
        """The frame whose line that is; None for a heading, a fold and what is no row."""
        line = self._lines[row] if 0 <= row < len(self._lines) else None
        return line if isinstance(line, Listed) else None

    def oldest_at(self, row: int) -> Listed | None:
        """Of the frames that the line at ``row`` is about; None where there is no row."""
        if not 0 <= row < len(self._lines):
            return None
        line = self._lines[row]
        if isinstance(line, Fold):
            return line.frames[-1]
        return line if isinstance(line, Listed) else self.oldest_at(row + 1)

    def next_to(self, row: int, step: int) -> Listed | None:
        """The frame of the next line that is one's, below with a ``step`` of 1, above with -1."""
        row += step
        while 0 <= row < len(self._lines):
            if frame := self.frame_at(row):
                return frame
            row += step
        return None

    # --- pages ---------------------------------------------------------------------------------------------------

    def show_page(self, page: Page, *, folds: bool = True) -> None:
        """Begin anew with ``page``. ``folds``: whether the same scene is folded from now on."""
        self.beginResetModel()
        self.folds = folds
        self.frames, self.after, self._asked = list(page.frames), page.after, False
        self._opened.clear()
        self._lines = self._made(self.frames)
        self.endResetModel()

    def add_page(self, page: Page) -> None:
        """What comes after the last row."""
        self._asked, self.after = False, page.after
        first = self._last_fold()
        beside = self._lines[first:]
        before = self.oldest_at(first - 1) if first else None
        self.frames += page.frames
        folded = beside[0].frames if beside and isinstance(beside[0], Fold) else ()
        lines = self._made((*folded, *page.frames), before)
        if beside and lines[0] != beside[0]:
            self._replace(first, lines[0])
        self._insert(len(self._lines), lines[len(beside) :])
        if page.frames and len(lines) == len(beside):
            self.fetchMore(QModelIndex())  # all of them are in the fold: the view would not ask

    def merge_page(self, page: Page, looked_at: Listed | None = None) -> None:
        """Bring the top up to date with ``page``, which is as the list begins now; rows that stay are not touched.

        What is loaded below it stays while ``looked_at``, the last frame that somebody looks at, is there, unless
        nothing of the list is in ``page``: frames between the two would be missing. Else it goes, to be loaded again
        when it is wanted: a list that is open for days would hold every frame of them.
        """
        fresh = {frame.frame_id for frame in page.frames}
        covered = len(self.frames) if not page.after else self._covered(page.frames[-1])
        known = {frame.frame_id for frame in self.frames[:covered]}
        if not known & fresh or len(known ^ fresh) > MOST_MERGED:
            self.show_page(page, folds=self.folds)
            return
        tail = self.frames[covered:]
        if not tail or looked_at is None or looked_at.received_at >= page.frames[-1].received_at:
            tail, self.after = [], page.after
        rows, reached = self._reach(covered) if tail else (len(self._lines), covered)
        lines = self._made((*page.frames, *self.frames[covered:reached]))
        self.frames = [*page.frames, *tail]
        self._become(rows, lines)

    def _covered(self, last: Listed) -> int:
        """How many of the loaded frames are as new as ``last`` or newer."""
        first = bisect_left(self.frames, True, key=lambda one: one.received_at <= last.received_at)
        end = bisect_right(self.frames, False, first, key=lambda one: one.received_at < last.received_at)
        return next((at + 1 for at in range(first, end) if self.frames[at].frame_id == last.frame_id), end)

    def not_loaded(self) -> None:
        """The next page could not be read; it may be asked for again."""
        self._asked = False

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and bool(self.after) and not self._asked

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._asked = True
            self.more_wanted.emit()

    # --- lines ---------------------------------------------------------------------------------------------------

    def toggle(self, row: int) -> None:
        """Open the fold at ``row``, or close it."""
        fold = self._lines[row]
        if not isinstance(fold, Fold):
            return
        names = {frame.frame_id for frame in fold.frames}
        self._replace(row, Fold(fold.frames, not fold.is_open))
        if fold.is_open:
            self._opened -= names
            self._remove(row + 1, row + len(fold.frames))
        else:
            self._opened |= names
            self._insert(row + 1, list(fold.frames))

    def _made(self, frames: Iterable[Listed], after: Listed | None = None) -> list[Line]:
        return list(lines_of(tuple(frames), self._opened, folds=self.folds, after=after))

    def _last_fold(self) -> int:
        """The row of the fold that the last line belongs to, or how many rows there are."""
        row = len(self._lines) - 1
        while row >= 0 and self.folds and (line := self.frame_at(row)) and line.reused:
            row -= 1
        return row if row >= 0 and isinstance(self._lines[row], Fold) else len(self._lines)

    def _reach(self, number: int) -> tuple[int, int]:
        """How many lines it takes to have frame ``number`` among them with its whole fold; how many frames they are."""
        row = frames = 0
        while frames <= number:
            line = self._lines[row]
            row += 1
            if isinstance(line, Fold):
                row += len(line.frames) * line.is_open
                frames += len(line.frames)
            else:
                frames += isinstance(line, Listed)
        return row, frames

    def _become(self, rows: int, lines: list[Line]) -> None:
        """Put ``lines`` where the first ``rows`` are, of which those that stay are in this order."""
        there, coming = ([key(line) for line in those] for those in (self._lines[:rows], lines))
        staying = set(there).intersection(coming)
        for first, last in reversed(_runs([row for row, name in enumerate(there) if name not in staying])):
            self._remove(first, last)
        for stays, those in groupby(enumerate(coming), lambda one: one[1] in staying):
            placed = [row for row, _ in those]
            if not stays:
                self._insert(placed[0], lines[placed[0] : placed[-1] + 1])
                continue
            for row in placed:
                if self._lines[row] != lines[row]:
                    self._replace(row, lines[row])

    def _replace(self, row: int, line: Line) -> None:
        self._lines[row] = line
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(IN_LIST) - 1))

    def _insert(self, row: int, lines: list[Line]) -> None:
        if lines:
            self.beginInsertRows(QModelIndex(), row, row + len(lines) - 1)
            self._lines[row:row] = lines
            self.endInsertRows()

    def _remove(self, first: int, last: int) -> None:
        self.beginRemoveRows(QModelIndex(), first, last)
        del self._lines[first : last + 1]
        self.endRemoveRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(IN_LIST)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading is passed over by keys and cannot be picked."""
        is_heading = index.isValid() and isinstance(self._lines[index.row()], Day)
        return Qt.ItemFlag.NoItemFlags if is_heading else super().flags(index)


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    """Neighbours as first and last."""
    borders = [0, *(at + 1 for at, (one, other) in enumerate(pairwise(rows)) if other != one + 1), len(rows)]
    return [(rows[first], rows[end - 1]) for first, end in pairwise(borders)] if rows else []
