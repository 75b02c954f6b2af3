"""The last frames of a profile, the newest first, each with the sign of how it ended. A click opens its trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPainterPath, QPalette, QPixmap
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.frames.frame_view import FrameView
from app.ui.support import formatting as fmt
from app.ui.support import icons
from app.ui.support.theme import focus_ring, tone_colour
from app.ui.widgets.text import tooltip

LENGTH = 12
SIDE_PX = 48
_SIGN_PX = 16
_Index = QModelIndex | QPersistentModelIndex


class _Film(QAbstractListModel):
    """Rows are frames; their number grows to ``LENGTH``, then the contents move on."""

    def __init__(self, picture_of: Callable[[str], QPixmap | None], parent: QWidget) -> None:
        super().__init__(parent)
        self.frames: tuple[FrameView, ...] = ()
        self._picture_of = picture_of

    def show_frames(self, frames: tuple[FrameView, ...]) -> None:
        if frames == self.frames:
            return
        more = len(frames) - len(self.frames)
        if more > 0:
            self.beginInsertRows(QModelIndex(), len(self.frames), len(frames) - 1)
            self.frames = frames
            self.endInsertRows()
        elif more < 0:
            self.beginRemoveRows(QModelIndex(), len(frames), len(self.frames) - 1)
            self.frames = frames
            self.endRemoveRows()
        self.frames = frames
        self.changed()

    def changed(self) -> None:
        if self.frames:
            self.dataChanged.emit(self.index(0), self.index(len(self.frames) - 1))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.frames)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        frame = self.frames[index.row()]
        if role == Qt.ItemDataRole.DecorationRole:
            return self._picture_of(frame.frame_id)
        if role == Qt.ItemDataRole.UserRole:
            return frame
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._told(frame)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(self._told(frame))
        return None

    def _told(self, frame: FrameView) -> str:
        return self.tr("{time}, {how}: {text}").format(
            time=fmt.when(frame.received_at), how=frame.ending[0], text=frame.text
        )


class _Still(QStyledItemDelegate):
    """Paints one frame: its picture, and the sign of its end in the corner. Drawn once, then copied."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._drawn: dict[object, QPixmap] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(SIDE_PX + 6, SIDE_PX + 6)

    def paint(self, painter: QPainter, option: Any, index: _Index) -> None:
        box = QRect(option.rect).adjusted(3, 3, -3, -3)
        frame: FrameView = index.data(Qt.ItemDataRole.UserRole)
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(box, self._still(frame, index.data(Qt.ItemDataRole.DecorationRole), ratio))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(focus_ring(QGuiApplication.palette()))
            painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), 6, 6)

    def _still(self, frame: FrameView, picture: QPixmap | None, ratio: float) -> QPixmap:
        # the style sheet has made the view's own palette transparent
        palette = QGuiApplication.palette()
        key = (frame.frame_id, picture.cacheKey() if picture is not None else 0, ratio, palette.cacheKey())
        if key not in self._drawn:
            if len(self._drawn) >= 4 * LENGTH:
                self._drawn.clear()
            self._drawn[key] = _draw_still(frame, picture, ratio, palette)
        return self._drawn[key]


def _draw_still(frame: FrameView, picture: QPixmap | None, ratio: float, palette: QPalette) -> QPixmap:
    still = QPixmap(round(SIDE_PX * ratio), round(SIDE_PX * ratio))
    still.setDevicePixelRatio(ratio)
    still.fill(Qt.GlobalColor.transparent)
    painter = QPainter(still)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    box = QRect(0, 0, SIDE_PX, SIDE_PX)
    shape = QPainterPath()
    shape.addRoundedRect(box, 6, 6)
    painter.fillPath(shape, palette.brush(QPalette.ColorRole.Midlight))
    painter.setClipPath(shape)
    _draw_picture(painter, box, picture, palette)
    painter.setClipping(False)
    sign = QRect(SIDE_PX - _SIGN_PX - 1, SIDE_PX - _SIGN_PX - 1, _SIGN_PX, _SIGN_PX)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.color(QPalette.ColorRole.Base))
    painter.drawEllipse(sign.adjusted(-1, -1, 1, 1))
    painter.drawPixmap(sign, icons.pixmap(frame.tone, tone_colour(frame.tone, palette), _SIGN_PX, 2.0))
    painter.end()
    return still


def _draw_picture(painter: QPainter, box: QRect, picture: QPixmap | None, palette: QPalette) -> None:
    if picture is None:
        picture = icons.pixmap("picture", palette.color(QPalette.ColorRole.Dark), SIDE_PX // 2, 2.0)
        place = QRect(0, 0, SIDE_PX // 2, SIDE_PX // 2)
    else:
        place = QRect(box.topLeft(), picture.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    place.moveCenter(box.center())
    painter.drawPixmap(place, picture)


class FilmStrip(QListView):
    """Arrow keys move in it; Enter or a click emits ``chosen`` with the ``FrameView``."""

    chosen = Signal(object)

    def __init__(self, picture_of: Callable[[str], QPixmap | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("film")
        self._film = _Film(picture_of, self)
        self.setModel(self._film)
        self.setItemDelegate(_Still(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setUniformItemSizes(True)
        self.setWrapping(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(SIDE_PX + 10)
        self.setAccessibleName(self.tr("Last frames"))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.viewport().setAutoFillBackground(False)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose_by_key)

    def show_frames(self, frames: tuple[FrameView, ...]) -> None:
        self._film.show_frames(frames)

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(Qt.ItemDataRole.UserRole))

    def _choose_by_key(self, index: QModelIndex) -> None:
        # a double click activates too, but its first click has chosen already
        if self.hasFocus() and not self.underMouse():
            self._choose(index)
