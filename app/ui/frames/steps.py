"""Who was asked, on an axis of time: what each said as a bubble, the chosen one marked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.core.routing.trace import AUDITED
from app.ui.frames import reasons
from app.ui.frames.frame_view import AttemptView, FrameView
from app.ui.support import formatting as fmt
from app.ui.support.theme import Tone, tone_colour
from app.ui.widgets.layouts import hbox, vbox, wide
from app.ui.widgets.state_label import StateLabel
from app.ui.widgets.text import Quiet, Text

_BAR_PX, _TAIL_PX, _ROUND_PX = 6, 7, 9


class Steps(QWidget):
    """``show_frame`` makes a ``Step`` for each who was asked, and behind them for those passed over."""

    def __init__(self, label: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._label = label
        self.steps: list[Step] = []
        self._column = vbox(gap=12, on=self)

    def show_frame(self, frame: FrameView) -> None:
        for old in self.steps:
            old.hide()
            old.deleteLater()
        spans, chosen = reasons.spans(frame.attempts), reasons.chosen(frame)
        whole_ms = max((end_ms for _, end_ms in spans), default=0)
        self.steps = [
            Step(self._label, attempt, spans[place], whole_ms, self, is_chosen=place == chosen)
            for place, attempt in sorted(enumerate(frame.attempts), key=lambda one: one[1].outcome == "skipped")
        ]
        for step in self.steps:
            self._column.addWidget(step)


class Step(QWidget):
    """``whole_ms``: how long all of them took."""

    def __init__(
        self,
        label: Callable[[str], str],
        attempt: AttemptView,
        span: tuple[int, int],
        whole_ms: int,
        parent: QWidget,
        *,
        is_chosen: bool,
    ) -> None:
        super().__init__(parent)
        how, tone = fmt.outcome(attempt.outcome, attempt.provider)
        self.head = StateLabel(self._head(label(attempt.provider), how, attempt), tone, self, wrap=True)
        self.took = Quiet(fmt.latencies(attempt.latency_ms, attempt.whole_ms), self)
        column = vbox(hbox(wide(self.head), self.took, gap=8), gap=5, on=self)
        if attempt.outcome not in ("skipped", AUDITED) and whole_ms:
            column.addWidget(_Bar(span, whole_ms, tone, self))
        self.said = _Bubble(attempt.said, self, is_chosen=is_chosen)
        self.said.setVisible(bool(attempt.said))
        column.addWidget(self.said)
        self.facts = Quiet(self._facts(attempt, label, is_chosen=is_chosen), self, wrap=True)
        self.facts.setVisible(bool(self.facts.text()))
        column.addWidget(self.facts)

    def texts(self) -> tuple[str, str, str, str]:
        """As they stand there: who and how, how long, what was said, what else is known."""
        return self.head.text(), self.took.text(), self.said.text(), self.facts.text()

    def _head(self, name: str, how: str, attempt: AttemptView) -> str:
        if attempt.confidence is None:
            return self.tr("{name}: {how}").format(name=name, how=how)
        sureness = fmt.sureness(attempt.confidence, attempt.trust)
        return self.tr("{name}: {how}, {sureness}").format(name=name, how=how, sureness=sureness)

    def _facts(self, attempt: AttemptView, label: Callable[[str], str], *, is_chosen: bool) -> str:
        facts = [self.tr("Chosen for the glasses")] if is_chosen else []
        facts += [part for part in (fmt.why(attempt.why, label), attempt.model) if part]
        if attempt.outcome != "skipped":
            facts.append(fmt.cost(attempt.cost_usd, attempt.outcome, is_estimate=attempt.is_estimate))
        return " · ".join(facts)


class _Bar(QWidget):
    """The part of the whole time that it took."""

    def __init__(self, span: tuple[int, int], whole_ms: int, tone: Tone, parent: QWidget) -> None:
        super().__init__(parent)
        self._begin, self._end, self._tone = span[0] / whole_ms, span[1] / whole_ms, tone
        self.setFixedHeight(_BAR_PX)
        told = self.tr("From {begin} to {end}").format(begin=fmt.latency(span[0]), end=fmt.latency(span[1]))
        self.setToolTip(told)
        self.setAccessibleName(told)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().brush(QPalette.ColorRole.Midlight))
        painter.drawRoundedRect(QRectF(self.rect()), _BAR_PX / 2, _BAR_PX / 2)
        painter.setBrush(tone_colour(self._tone, self.palette()))
        left, width = self._begin * self.width(), max((self._end - self._begin) * self.width(), _BAR_PX)
        left = min(left, self.width() - width)
        painter.drawRoundedRect(QRectF(left, 0, width, _BAR_PX), _BAR_PX / 2, _BAR_PX / 2)


class _Bubble(Text):
    """What was said, as somebody says it; the chosen one in the accent's colour."""

    def __init__(self, text: str, parent: QWidget, *, is_chosen: bool) -> None:
        super().__init__(text, parent, wrap=True)
        self._is_chosen = is_chosen
        self.setContentsMargins(12, 7 + _TAIL_PX, 12, 7)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = QPalette.ColorRole.Accent if self._is_chosen else QPalette.ColorRole.Mid
        painter.setPen(QPen(self.palette().color(role), 2 if self._is_chosen else 1))
        painter.setBrush(self.palette().brush(QPalette.ColorRole.AlternateBase))
        box = QRectF(self.rect()).adjusted(1, 1 + _TAIL_PX, -1, -1)
        shape = QPainterPath()
        shape.addRoundedRect(box, _ROUND_PX, _ROUND_PX)
        tail = QPainterPath()
        tail.addPolygon(
            QPolygonF(
                [QPointF(18, box.top() + 1), QPointF(25, 1), QPointF(32, box.top() + 1), QPointF(18, box.top() + 1)]
            )
        )
        painter.drawPath(shape.united(tail))
        painter.end()
        super().paintEvent(event)
