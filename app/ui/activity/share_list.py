"""What something is made of: a line for each part, with its share as a bar; a line can be pressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.activity.figure_tile import FigureButton
from app.ui.support import formatting as fmt
from app.ui.support import icons
from app.ui.support.theme import Tone, tone_colour
from app.ui.widgets.layouts import STRETCH, vbox
from app.ui.widgets.scroll import Scroll

ROW_PX = 24
_SIGN_PX, _GAP_PX, _EDGE_PX, _BAR_PX = 14, 6, 6, 6
_BAR_SHARE, _LEAST_LABEL_PX = 0.3, 40
_LEAST_BAR_PX = 24


@dataclass(frozen=True, slots=True)
class Share:
    """``key``: what is told when it is pressed. ``tone``: how it stands, a sign before the label."""

    key: str
    label: str
    number: int
    tone: Tone | None = None


class ShareRow(FigureButton):
    """Label, bar, number and percentage in one line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.share, self._of = Share("", "", 0), 0
        self.label_px = self.figures_px = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, share: Share, of: int) -> None:
        if (share, of) == (self.share, self._of):
            return
        self.share, self._of = share, of
        self.setAccessibleName(f"{share.label}: {self._figures()}")
        self.setToolTip(self.accessibleName())
        self.update()

    def words_px(self) -> int:
        """For the label, which goes before the bar."""
        return self.fontMetrics().horizontalAdvance(self.share.label)

    def needed_px(self) -> int:
        """For the figures at the right; the list gives every line the same room."""
        return self.fontMetrics().horizontalAdvance(self._figures()) + _EDGE_PX

    def sizeHint(self) -> QSize:
        return QSize(120, max(ROW_PX, self.fontMetrics().height() + 6))

    def _figures(self) -> str:
        return f"{fmt.count(self.share.number)}  {fmt.percent(self.share.number / self._of if self._of else 0.0)}"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.palette().brush(QPalette.ColorRole.Midlight))
            painter.drawRoundedRect(box, 5, 5)
        self.mark(painter, box, 5)
        metrics, height = self.fontMetrics(), self.height()
        left = _EDGE_PX + self._paint_sign(painter)
        figures_px = self.figures_px
        rest_px = self.width() - figures_px - left
        wanted_px = max(self.label_px, round(rest_px * (1 - _BAR_SHARE)))
        label_px = max(_LEAST_LABEL_PX, min(wanted_px, rest_px - _LEAST_BAR_PX - 2 * _GAP_PX))
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        label = metrics.elidedText(self.share.label, Qt.TextElideMode.ElideRight, label_px)
        painter.drawText(QRect(left, 0, label_px, height), Qt.AlignmentFlag.AlignVCenter, label)
        place = QRect(self.width() - figures_px, 0, figures_px - _EDGE_PX, height)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._figures())
        self._paint_bar(painter, left + label_px + _GAP_PX, self.width() - figures_px - _GAP_PX)

    def _paint_sign(self, painter: QPainter) -> int:
        """How much room it took."""
        if self.share.tone is None:
            return 0
        colour = tone_colour(self.share.tone, self.palette())
        drawn = icons.pixmap(self.share.tone, colour, _SIGN_PX, self.devicePixelRatioF())
        painter.drawPixmap(_EDGE_PX, (self.height() - _SIGN_PX) // 2, drawn)
        return _SIGN_PX + _GAP_PX

    def _paint_bar(self, painter: QPainter, left: int, right: int) -> None:
        width = right - left
        if width <= 0:
            return
        whole = QRectF(left, (self.height() - _BAR_PX) / 2, width, _BAR_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().brush(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(whole, 3, 3)
        if self.share.number and self._of:
            part = QRectF(whole)
            part.setWidth(max(3.0, width * self.share.number / self._of))
            painter.setBrush(self.palette().brush(QPalette.ColorRole.Accent))
            painter.drawRoundedRect(part, 3, 3)


class ShareList(Scroll):
    """Emits ``chosen`` with a line's key."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        self._page = QWidget(parent)
        super().__init__(self._page, parent)
        self.rows: list[ShareRow] = []
        self._column = vbox(STRETCH, gap=0, on=self._page)
        self.setAccessibleName(name)

    def show_shares(self, shares: Sequence[Share], of: int, checked: str | None) -> None:
        """``checked``: the key of the line that is chosen."""
        while len(self.rows) < len(shares):
            row = ShareRow(self._page)
            row.clicked.connect(lambda _=False, row=row: self.chosen.emit(row.share.key))
            self._column.insertWidget(len(self.rows), row)
            self.rows.append(row)
        for row, share in zip(self.rows, shares, strict=False):
            row.show_share(share, of)
            row.setChecked(share.key == checked)
            row.show()
        shown = self.rows[: len(shares)]
        label_px, figures_px = (max(map(px, shown), default=0) for px in (ShareRow.words_px, ShareRow.needed_px))
        for row in shown:
            if (row.label_px, row.figures_px) != (label_px, figures_px):
                row.label_px, row.figures_px = label_px, figures_px
                row.update()
        for row in self.rows[len(shares) :]:
            row.hide()

    def row(self, key: str) -> ShareRow | None:
        """The shown line of that key."""
        return next((row for row in self.rows if not row.isHidden() and row.share.key == key), None)
