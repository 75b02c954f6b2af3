"""A stored frame in full: picture, display, every attempt, the judge; marked, saved, and on to the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.core.errors import PictureError
from app.core.events import FrameCompleted, HistoryChanged
from app.store.history.columns import Thumb
from app.ui.activity.correction_field import CorrectionField
from app.ui.activity.model import ActivityModel
from app.ui.frames import frame_view, thumbnails
from app.ui.frames.frame_view import FrameView
from app.ui.frames.page import PICTURE_PX, FramePage
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.support.bridge import Bridge
from app.ui.support.sentences import said
from app.ui.widgets import choose_file
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.layouts import add, hbox, wide


class FrameDialog(Dialog):
    """Walks along ``lines``, the list behind it, and loads more of it at its end."""

    def __init__(
        self,
        services: Services,
        bridge: Bridge,
        lines: ActivityModel,
        frame_id: str,
        label: Callable[[str], str],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.resize(1_100, 680)
        self._store, self._lines = services.store, lines
        self._frame_id, self._turn, self._is_over = frame_id, 0, False
        self.frame: FrameView | None = None
        """The one that is shown, None before it is read and once it is gone."""
        self._jpeg: bytes | None = None
        self.page = FramePage(label, self)
        self.newer = IconButton("up", self.tr("Newer frame (Page Up)"), self)
        self.older = IconButton("down", self.tr("Older frame (Page Down)"), self)
        self.favourite = Button(self.tr("Favourite"), "star", self)
        self.thumb_up = Button(self.tr("Thumb up"), "thumb-up", self)
        self.thumb_down = Button(self.tr("Thumb down"), "thumb-down", self)
        self.correct = Button(self.tr("Correct it…"), "edit", self)
        self.correction = CorrectionField(self)
        self.save = Button(self.tr("Save picture"), "picture", self)
        self._lay_out()
        self._connect(bridge)
        self._go_to(frame_id)

    def _lay_out(self) -> None:
        for button, tip in (
            (self.favourite, self.tr("Never cleaned up (F)")), (self.thumb_up, self.tr("A good answer (+)")),
            (self.thumb_down, self.tr("A bad answer (-)")),
        ):  # fmt: skip
            button.setCheckable(True)
            button.setToolTip(tip)
        self.correct.setToolTip(self.tr("Say what the answer should have been (C)"))
        marks = (self.favourite, self.thumb_up, self.thumb_down, self.correct)
        add(self.column, wide(self.page), self.correction, self.refusal)
        self.column.addLayout(hbox(self.newer, self.older, *marks, self.save, self.button_box(), gap=8))
        self.close_button.setFocus()

    def _connect(self, bridge: Bridge) -> None:
        self.newer.clicked.connect(lambda: self._step(-1))
        self.older.clicked.connect(lambda: self._step(1))
        self.favourite.clicked.connect(lambda: self.work(self._set_favourite(), "set a favourite"))
        self.thumb_up.clicked.connect(lambda: self.work(self._set_thumb(1), "set a thumb"))
        self.thumb_down.clicked.connect(lambda: self.work(self._set_thumb(-1), "set a thumb"))
        self.correct.clicked.connect(self._open_correction)
        self.correction.written.connect(
            lambda text: self.work(self._correct(text), "correct an answer", self.correction.keep)
        )
        self.correction.left.connect(self._correction_left)
        self.save.clicked.connect(self._ask_where_to_save)
        for key, button in (
            ("PgUp", self.newer), ("PgDown", self.older), ("F", self.favourite), ("+", self.thumb_up),
            ("-", self.thumb_down), ("C", self.correct),
        ):  # fmt: skip
            QShortcut(QKeySequence(key), self).activated.connect(button.click)
        for changed in (self._lines.modelReset, self._lines.rowsInserted, self._lines.rowsRemoved):
            changed.connect(self._show_steps)
        bridge.on(HistoryChanged, self._read_again, self)
        bridge.on(FrameCompleted, self._complete, self)

    def done(self, result: int) -> None:
        """Closed: what is still being read is for nobody."""
        self._turn += 1
        self._is_over = True
        super().done(result)

    def refuse(self, sentence: str) -> None:
        if not self._is_over:
            super().refuse(sentence)
            self._show_marks()

    # --- what is shown -------------------------------------------------------------------------------------------

    def _go_to(self, frame_id: str) -> None:
        self._frame_id, self._jpeg = frame_id, None
        self.refusal.hide()
        self.page.picture.show_image(None)
        self.save.setEnabled(False)
        self._show_steps()
        self._turn += 1
        self.work(self._load(self._turn, with_picture=True), "load a frame")

    def _read_again(self) -> None:
        if self._is_over:
            return
        self._turn += 1
        self.work(self._load(self._turn, with_picture=self._jpeg is None), "read a frame again")

    def _complete(self, event: FrameCompleted) -> None:
        """What came after the words is told before it is in the history."""
        if self.frame is not None and event.frame.frame_id == self._frame_id:
            self.frame = frame_view.completed(self.frame, event)
            self._show()

    async def _load(self, turn: int, *, with_picture: bool) -> None:
        row = await self._store.activity.frame(self._frame_id)
        if turn != self._turn:
            return
        self.frame = None if row is None else frame_view.of_row(row)
        self._show()
        if row is None:
            self.refuse(self.tr("This frame was deleted."))
        elif with_picture and row.has_picture:
            await self._load_picture(turn)

    def _show(self) -> None:
        frame = self.frame
        if frame is not None:
            title = self.tr("{name}, {time}").format(name=frame.username, time=fmt.when(frame.received_at))
            self.setWindowTitle(title)
            self.page.show_frame(frame)
        self._show_marks()

    def _show_marks(self) -> None:
        if self._is_over:
            return
        frame = self.frame
        is_favourite, thumb = (frame.favourite, frame.thumb) if frame else (False, 0)
        for button, is_on, drawing in (
            (self.favourite, is_favourite, "star"), (self.thumb_up, thumb == 1, "thumb-up"),
            (self.thumb_down, thumb == -1, "thumb-down"),
        ):  # fmt: skip
            button.setEnabled(frame is not None)
            button.setChecked(is_on)
            button.show_as(button.text(), f"{drawing}-on" if is_on else drawing)
        self.correct.setEnabled(frame is not None and not frame.failed)

    async def _load_picture(self, turn: int) -> None:
        jpeg = await self._store.activity.picture(self._frame_id)
        if jpeg is None or turn != self._turn:
            return
        try:
            image = await asyncio.to_thread(thumbnails.small, jpeg, round(PICTURE_PX * self.devicePixelRatioF()))
        except PictureError as error:
            if turn == self._turn:
                self.refuse(said(error))
            return
        if turn == self._turn:
            self._jpeg = jpeg
            self.page.picture.show_image(image)
            self.save.setEnabled(True)

    # --- on to the next ------------------------------------------------------------------------------------------

    def _show_steps(self) -> None:
        """What is being written is not left behind by a step."""
        row, is_writing = self._lines.row_of(self._frame_id), self.correction.isVisibleTo(self)
        self.newer.setEnabled(row > 0 and not is_writing)
        self.older.setEnabled(0 <= row < self._lines.rowCount() - 1 and not is_writing)

    def _step(self, rows: int) -> None:
        row = self._lines.row_of(self._frame_id)
        if row < 0 or not 0 <= row + rows < self._lines.rowCount():
            return
        self._go_to(self._lines.frames[row + rows].frame_id)
        if row + rows >= self._lines.rowCount() - 2:
            self._lines.fetchMore(self._lines.index(-1, -1))

    # --- marks and the picture -----------------------------------------------------------------------------------

    async def _set_favourite(self) -> None:
        if self.frame is not None:
            await self._store.activity.set_favourite(self._frame_id, not self.frame.favourite)

    async def _set_thumb(self, thumb: Thumb) -> None:
        """The same thumb again takes it away."""
        if self.frame is not None:
            await self._store.activity.set_thumb(self._frame_id, 0 if self.frame.thumb == thumb else thumb)

    def _open_correction(self) -> None:
        if self.frame is not None:
            self.correction.open(self.frame.correction or self.frame.text)
            self._show_steps()

    async def _correct(self, text: str) -> None:
        await self._store.activity.correct(self._frame_id, text)
        self.correction.leave()

    def _correction_left(self) -> None:
        self._show_steps()
        self.correct.setFocus()

    def _ask_where_to_save(self) -> None:
        if self.frame is None or self._jpeg is None:
            return
        jpeg, name = self._jpeg, f"{self.frame.received_at.astimezone():%Y-%m-%d-%H%M%S}.jpg"

        def write(path: Path) -> None:
            self.work(self._write(path, jpeg), "save a picture", self.save)

        choose_file.choose_to_write(self, self.tr("Save the picture"), name, (self.tr("Pictures (*.jpg)"),), write)

    async def _write(self, path: Path, jpeg: bytes) -> None:
        with choose_file.writing():
            await asyncio.to_thread(path.write_bytes, jpeg)
        self.refusal.tell(self.tr("Saved as {file}.").format(file=path.name), "good")
