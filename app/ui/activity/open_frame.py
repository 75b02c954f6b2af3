"""One frame of the list in full, beside it: it follows what is picked, and steps to the list's next one."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject

from app.ui.activity.frame_list import FrameList
from app.ui.frames.beside import Beside
from app.ui.frames.inspector import FrameInspector


class OpenFrame(QObject):
    """Between the list, the frame and the place that they share."""

    def __init__(self, shown: FrameList, inspector: FrameInspector, beside: Beside) -> None:
        super().__init__(beside)
        self._list, self._lines, self._inspector, self._beside = shown, shown.lines, inspector, beside
        shown.opened.connect(self._open)
        shown.selectionModel().currentRowChanged.connect(lambda *_: self._follow())
        inspector.left.connect(self._leave)
        inspector.stepped.connect(self._step)
        for changed in (self._lines.modelReset, self._lines.rowsInserted, self._lines.rowsRemoved):
            changed.connect(lambda *_: self._step(0))

    def _open(self, frame_id: str) -> None:
        self._beside.open(on=True)
        self._inspector.show_frame(frame_id)
        self._list.scrollTo(self._list.currentIndex())
        self._step(0)

    def _follow(self) -> None:
        """Another row was picked while one is open."""
        picked = self._list.picked
        if picked is not None and self._beside.is_open:
            self._inspector.show_frame(picked.frame_id)
            self._step(0)

    def _leave(self) -> None:
        self._inspector.show_nothing()
        self._beside.open(on=False)
        self._list.setFocus()

    def _step(self, rows: int) -> None:
        """To a newer or older frame of the list, more of which is loaded at its end."""
        if not self._beside.is_open:
            return
        row = self._lines.row_of(self._inspector.frame_id)
        newer, older = (self._lines.next_to(row, step) if row >= 0 else None for step in (-1, 1))
        if wanted := {-1: newer, 1: older}.get(rows):
            self._list.pick(wanted.frame_id)
            return
        self._inspector.show_place(has_newer=newer is not None, has_older=older is not None)
        if row >= 0 and (older is None or row >= self._lines.rowCount() - 2):
            self._lines.fetchMore(QModelIndex())
