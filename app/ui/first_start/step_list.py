"""The steps at the left: which are done, which is shown, which are to come; by sign and number, not by colour alone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from app.ui.support import icons
from app.ui.support.theme import tone_colour
from app.ui.widgets.layouts import STRETCH, hbox, vbox, wide
from app.ui.widgets.text import Text

BADGE_PX, WIDTH_PX = 26, 150


class StepList(QWidget):
    """``show_step`` moves it."""

    def __init__(self, names: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._names = tuple(names)
        self._badges = [_Badge(number, self) for number in range(1, len(names) + 1)]
        self._texts = [Text(name, self) for name in names]
        self.setMinimumWidth(WIDTH_PX)
        steps = zip(self._badges, self._texts, strict=True)
        vbox(*(hbox(badge, wide(text), gap=10) for badge, text in steps), STRETCH, gap=14, on=self)

    def show_step(self, shown: int) -> None:
        """``shown`` counts from 0; all before it are done."""
        for place, (badge, text) in enumerate(zip(self._badges, self._texts, strict=True)):
            text.setForegroundRole(
                QPalette.ColorRole.WindowText if place <= shown else QPalette.ColorRole.PlaceholderText
            )
            badge.show_place(is_done=place < shown, is_shown=place == shown)
        told = self.tr("Step {number} of {total}: {name}")
        self.setAccessibleName(told.format(number=shown + 1, total=len(self._names), name=self._names[shown]))


class _Badge(QWidget):
    """A number in a circle; a tick once it is done."""

    def __init__(self, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._number, self._is_done, self._is_shown = number, False, False
        self.setFixedSize(BADGE_PX, BADGE_PX)

    def show_place(self, *, is_done: bool, is_shown: bool) -> None:
        self._is_done, self._is_shown = is_done, is_shown
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        if self._is_done:
            colour = tone_colour("good", palette)
            painter.drawPixmap(0, 0, icons.pixmap("good", colour, BADGE_PX, self.devicePixelRatioF()))
            return
        role = QPalette.ColorRole
        if self._is_shown:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.brush(role.Highlight))
        else:
            painter.setPen(QPen(palette.color(role.PlaceholderText), 1.2))
        painter.drawEllipse(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5))
        painter.setPen(palette.color(role.HighlightedText if self._is_shown else role.PlaceholderText))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self._number))
