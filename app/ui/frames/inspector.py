"""A frame in full, beside the page that it was chosen on: marked, corrected, saved, and on to the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.core.errors import PictureError
from app.core.events import FrameCompleted, HistoryChanged
from app.store.history.columns import Thumb
from app.ui.frames import frame_view, thumbnails
from app.ui.frames.ai_offer import AiOffer
from app.ui.frames.correction_field import CorrectionField
from app.ui.frames.frame_view import FrameView
from app.ui.frames.page import FramePage
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.support import run_task
from app.ui.support.bridge import Bridge
from app.ui.support.sentences import said
from app.ui.widgets import choose_file
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.layouts import STRETCH, hbox, vbox, wide
from app.ui.widgets.scroll import Scroll
from app.ui.widgets.state_label import Notice
from app.ui.widgets.text import Heading

WHOLE_PX = 2_048
"""As large as pictures are sent."""


class FrameInspector(QWidget):
    """``stepped``: -1 for the newer frame, 1 for the older one, 0: tell again which there are; ``left``: close it.

    ``ai_wanted``: it showed what an AI would do better, and one is to be added.
    """

    stepped = Signal(int)
    left = Signal()
    ai_wanted = Signal()

    def __init__(self, services: Services, bridge: Bridge, label: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._store = services.store
        self.frame_id, self._turn = "", 0
        self.frame: FrameView | None = None
        """The one that is shown, None before it is read and once it is gone."""
        self._is_kept = self._is_blurred = False
        self._jpeg: bytes | None = None
        self.page = FramePage(label, AiOffer(services, bridge, self), self)
        self.title, self.refusal = Heading("", self, steps=1), Notice(self)
        self.newer = IconButton("up", self.tr("Newer frame (Page Up)"), self)
        self.older = IconButton("down", self.tr("Older frame (Page Down)"), self)
        self.close_button = IconButton("close", self.tr("Close (Escape)"), self)
        self.favourite = Button(self.tr("Favourite"), "star", self)
        self.thumb_up = Button(self.tr("Thumb up"), "thumb-up", self)
        self.thumb_down = Button(self.tr("Thumb down"), "thumb-down", self)
        self.correct = Button(self.tr("Correct it…"), "edit", self)
        self.correction = CorrectionField(self)
        self.save = Button(self.tr("Save picture"), "picture", self)
        self._lay_out()
        self._connect(bridge)

    def _lay_out(self) -> None:
        for button, tip in (
            (self.favourite, self.tr("Never cleaned up (F)")), (self.thumb_up, self.tr("A good answer (+)")),
            (self.thumb_down, self.tr("A bad answer (-)")),
        ):  # fmt: skip
            button.setCheckable(True)
            button.setToolTip(tip)
        self.correct.setToolTip(self.tr("Say what the answer should have been (C)"))
        scroll = Scroll(self.page, self)
        scroll.setObjectName("frame")
        scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        vbox(
            hbox(wide(self.title), self.newer, self.older, self.close_button, gap=4),
            wide(scroll), self.correction, self.refusal,
            hbox(self.thumb_up, self.thumb_down, self.correct, STRETCH, gap=8),
            hbox(self.favourite, self.save, STRETCH, gap=8), gap=10, on=self,
        )  # fmt: skip
        self.setFocusProxy(scroll)

    def _connect(self, bridge: Bridge) -> None:
        self.newer.clicked.connect(lambda: self.stepped.emit(-1))
        self.older.clicked.connect(lambda: self.stepped.emit(1))
        self.close_button.clicked.connect(self.left)
        self.page.offer.wanted.connect(self.ai_wanted)
        self.favourite.clicked.connect(lambda: self.work(self._set_favourite(), "set a favourite"))
        self.thumb_up.clicked.connect(lambda: self.work(self._set_thumb(1), "set a thumb"))
        self.thumb_down.clicked.connect(lambda: self.work(self._set_thumb(-1), "set a thumb"))
        self.correct.clicked.connect(self._open_correction)
        self.correction.written.connect(
            lambda text: self.work(self._correct(text), "correct an answer", self.correction.keep)
        )
        self.correction.left.connect(self._correction_left)
        self.save.clicked.connect(self._ask_where_to_save)
        for key, act in (
            ("PgUp", self.newer.click), ("PgDown", self.older.click), ("F", self.favourite.click),
            ("+", self.thumb_up.click), ("-", self.thumb_down.click), ("C", self.correct.click), ("Esc", self._escape),
        ):  # fmt: skip
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        bridge.on(HistoryChanged, self._read_again, self)
        bridge.on(FrameCompleted, self._complete, self)

    def work(self, coroutine: Coroutine[Any, Any, object], name: str, *busy: QWidget) -> None:
        """Run ``coroutine``; a refusal is told here, ``busy`` widgets are off until it ends."""
        run_task.start(coroutine, name=name, owner=self, refused=self.refuse, busy=busy)

    def refuse(self, sentence: str) -> None:
        self.refusal.tell(sentence)
        self._show_marks()

    # --- what is shown -------------------------------------------------------------------------------------------

    @property
    def is_writing(self) -> bool:
        """A correction is being written: it is not left behind by a step."""
        return self.correction.isVisibleTo(self)

    def show_frame(self, frame_id: str, known: FrameView | None = None) -> None:
        """``known``: what is told of it already; the history has it a moment later, or never."""
        if frame_id == self.frame_id or self.is_writing:
            return
        self.frame_id, self.frame, self._jpeg, self._is_kept = frame_id, known, None, False
        self.refusal.hide()
        self.page.picture.show_image(None)
        self.save.setEnabled(False)
        self._show()
        self._turn += 1
        self.work(self._load(self._turn, with_picture=True), "load a frame")

    def show_nothing(self) -> None:
        """It is closed: what is still being read is for nobody."""
        self._turn += 1
        self.frame_id, self.frame, self._jpeg = "", None, None
        self.correction.hide()
        self.refusal.hide()
        self.page.picture.show_image(None)

    def show_place(self, *, has_newer: bool, has_older: bool) -> None:
        self.newer.setEnabled(has_newer and not self.is_writing)
        self.older.setEnabled(has_older and not self.is_writing)

    def blur(self, *, on: bool) -> None:
        """Whether pictures are shown so that nothing in them can be made out."""
        self._is_blurred = on
        self.page.picture.show_image(None)
        if self._jpeg is not None:
            self._turn += 1
            self.work(self._show_picture(self._turn, self._jpeg), "blur a frame's picture")

    def _read_again(self) -> None:
        if self.frame_id:
            self._turn += 1
            self.work(self._load(self._turn, with_picture=self._jpeg is None), "read a frame again")

    def _complete(self, event: FrameCompleted) -> None:
        """What came after the words is told before it is in the history."""
        if self.frame is not None and event.frame.frame_id == self.frame_id:
            self.frame = frame_view.completed(self.frame, event)
            self._show()

    async def _load(self, turn: int, *, with_picture: bool) -> None:
        row = await self._store.activity.frame(self.frame_id)
        if turn != self._turn:
            return
        was_kept, self._is_kept = self._is_kept, row is not None
        if row is not None:
            self.frame = frame_view.of_row(row)
        elif was_kept or self.frame is None:
            self.frame = None
            self.refuse(self.tr("This frame was deleted."))
        self._show()
        if with_picture and (row is None or row.has_picture):
            jpeg = await self._store.activity.picture(self.frame_id)
            if jpeg is not None and turn == self._turn:
                await self._show_picture(turn, jpeg)

    async def _show_picture(self, turn: int, jpeg: bytes) -> None:
        side_px = round(max(self.page.picture.width(), self.page.picture.height()) * self.devicePixelRatioF())
        try:
            fitted, whole, size = await asyncio.to_thread(_pictures, jpeg, side_px, self._is_blurred)
        except PictureError as error:
            if turn == self._turn:
                self.refuse(said(error))
            return
        if turn == self._turn:
            self._jpeg = jpeg
            self.page.picture.show_image(fitted)
            self.page.picture.show_whole(whole)
            self.page.show_sent(size, len(jpeg))
            self.save.setEnabled(True)

    def _show(self) -> None:
        if self.frame is not None:
            name, time = self.frame.username, fmt.when(self.frame.received_at)
            self.title.setText(self.tr("{name}, {time}").format(name=name, time=time))
            self.page.show_frame(self.frame)
        self._show_marks()

    def _show_marks(self) -> None:
        frame = self.frame if self._is_kept else None
        is_favourite, thumb = (frame.favourite, frame.thumb) if frame else (False, 0)
        for button, is_on, drawing in (
            (self.favourite, is_favourite, "star"), (self.thumb_up, thumb == 1, "thumb-up"),
            (self.thumb_down, thumb == -1, "thumb-down"),
        ):  # fmt: skip
            button.setEnabled(frame is not None)
            button.setChecked(is_on)
            button.show_as(button.text(), f"{drawing}-on" if is_on else drawing)
        self.correct.setEnabled(frame is not None and not frame.failed)

    # --- marks and the picture -----------------------------------------------------------------------------------

    async def _set_favourite(self) -> None:
        if self.frame is not None:
            await self._store.activity.set_favourite(self.frame_id, not self.frame.favourite)

    async def _set_thumb(self, thumb: Thumb) -> None:
        """The same thumb again takes it away."""
        if self.frame is not None:
            await self._store.activity.set_thumb(self.frame_id, 0 if self.frame.thumb == thumb else thumb)

    def _open_correction(self) -> None:
        if self.frame is not None:
            self.correction.open(self.frame.correction or self.frame.text)
            self.show_place(has_newer=False, has_older=False)

    async def _correct(self, text: str) -> None:
        await self._store.activity.correct(self.frame_id, text)
        self.correction.leave()

    def _escape(self) -> None:
        """What is being written is closed first."""
        if self.is_writing:
            self.correction.leave()
        else:
            self.left.emit()

    def _correction_left(self) -> None:
        self.stepped.emit(0)
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


def _pictures(jpeg: bytes, side_px: int, is_blurred: bool) -> tuple[QImage, QImage, QSize]:
    """In a thread: as it fits, with all its pixels, and how many these are."""
    whole = thumbnails.small(jpeg, WHOLE_PX)
    fitted, size = thumbnails.small(jpeg, side_px), whole.size()
    if is_blurred:
        fitted = whole = thumbnails.blurred(fitted)
    return fitted, whole, size
