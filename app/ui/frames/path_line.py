"""How a frame was decided, in one line that is lit as it happens: Gemini not sure 40 % > DeepSeek error > Qwen 95 %."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.provider import ON_DEVICE
from app.core.routing.trace import AUDITED
from app.ui.frames.frame_view import AttemptView
from app.ui.support import formatting as fmt
from app.ui.support import icons
from app.ui.support.theme import Tone, tone_colour

_SIGN_PX, _GAP_PX = 14, 5
_NEXT, _LEFT_OUT = " \u203a ", "\u2026"


@dataclass(frozen=True, slots=True)
class Step:
    """One who was asked, and how that ended."""

    text: str
    tone: Tone


def steps_of(attempts: Iterable[AttemptView], label: Callable[[str], str]) -> tuple[Step, ...]:
    """Who was asked until the answer was out, in that order."""
    return tuple(_step(one, label) for one in attempts if one.outcome not in ("skipped", AUDITED))


def _step(attempt: AttemptView, label: Callable[[str], str]) -> Step:
    how, tone = fmt.outcome(attempt.outcome, attempt.provider)
    share = attempt.confidence if attempt.trust is None else attempt.trust
    words = [label(attempt.provider)]
    is_here = attempt.provider == ON_DEVICE and tone == "idle"  # its name says it all
    if not is_here and (attempt.outcome != "sure" or share is None):
        words.append(how)
    if share is not None:
        words.append(fmt.percent(share))
    return Step(" ".join(words), tone)


class PathLine(QWidget):
    """What has no room is left out at the beginning: how it ended is at the end."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.steps: tuple[Step, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("How it was decided"))

    def text(self) -> str:
        return _NEXT.join(step.text for step in self.steps)

    def show_steps(self, steps: tuple[Step, ...]) -> None:
        if steps != self.steps:
            self.steps = steps
            self.setAccessibleDescription(self.text())
            self.setToolTip(self.text())
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(0, max(self.fontMetrics().height(), _SIGN_PX) + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, metrics = QPainter(self), self.fontMetrics()
        next_px = metrics.horizontalAdvance(_NEXT)
        widths = [_SIGN_PX + _GAP_PX + metrics.horizontalAdvance(step.text) for step in self.steps]
        first, left = self._first(widths, next_px), 0
        for place, step in enumerate(self.steps):
            if place < first:
                continue
            if place:
                mark = _NEXT if place > first else _LEFT_OUT + _NEXT
                left += self._write(painter, left, mark, QPalette.ColorRole.PlaceholderText)
            sign = icons.pixmap(step.tone, tone_colour(step.tone, self.palette()), _SIGN_PX, self.devicePixelRatioF())
            painter.drawPixmap(left, (self.height() - _SIGN_PX) // 2, sign)
            left += _SIGN_PX + _GAP_PX
            fitting = metrics.elidedText(step.text, Qt.TextElideMode.ElideRight, self.width() - left)
            left += self._write(painter, left, fitting, QPalette.ColorRole.WindowText)

    def _first(self, widths: list[int], next_px: int) -> int:
        """The first step from which all to the end have room; the last one whether or not it has."""
        room_px, first = self.width(), len(widths) - 1
        for place in range(len(widths) - 1, -1, -1):
            room_px -= widths[place]
            if room_px < (next_px + self.fontMetrics().horizontalAdvance(_LEFT_OUT) if place else 0):
                break
            first, room_px = place, room_px - next_px
        return max(first, 0)

    def _write(self, painter: QPainter, left: int, text: str, role: QPalette.ColorRole) -> int:
        painter.setPen(self.palette().color(role))
        painter.drawText(QRect(left, 0, self.width(), self.height()), Qt.AlignmentFlag.AlignVCenter, text)
        return self.fontMetrics().horizontalAdvance(text)
