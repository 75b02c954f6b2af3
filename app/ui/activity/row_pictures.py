"""The small pictures in the list of frames: read and decoded off the loop, and only for rows that are seen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable

from PySide6.QtCore import QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPainterPath, QPalette, QPixmap
from PySide6.QtWidgets import QWidget

from app.store.history.columns import Listed
from app.ui.frames.thumbnails import Thumbnails
from app.ui.support import icons, run_task

WIDTH_PX, HEIGHT_PX, _ROUND_PX, _SIGN_PX = 48, 36, 5, 16
MOST = 400
"""Pictures that are held: 7 kB each on a screen of today."""


class RowPictures(QObject):
    """``of`` notes what is wanted, the newest wish first; ``arrived`` tells the frame whose picture is there."""

    arrived = Signal(str)

    def __init__(
        self,
        read: Callable[[str], Awaitable[bytes | None]],
        is_seen: Callable[[str], bool],
        ratio: float,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._owner = parent
        self._read, self._is_seen, self._ratio = read, is_seen, ratio
        self._made: OrderedDict[str, QPixmap] = OrderedDict()
        self._wanted: dict[str, None] = {}
        self._is_loading = False
        self._blanks: dict[int, QPixmap] = {}
        self._thumbnails = Thumbnails(self)
        self._thumbnails.ready.connect(self._keep)

    def of(self, frame: Listed) -> QPixmap:
        """The frame's picture, a sign for one until it is there."""
        name = frame.frame_id
        if name in self._made:
            self._made.move_to_end(name)
            return self._made[name]
        if frame.has_picture:
            self._wanted.pop(name, None)
            self._wanted[name] = None
            if not self._is_loading:
                self._is_loading = True
                run_task.start(self._load(), name="load the list's pictures", owner=self._owner, refused=lambda _: None)
        return self._blank()

    def __len__(self) -> int:
        return len(self._made)

    def close(self) -> None:
        self._wanted.clear()
        self._thumbnails.close()

    async def _load(self) -> None:
        try:
            while self._wanted:
                name, _ = self._wanted.popitem()
                jpeg = await self._read(name) if self._is_seen(name) else None
                if jpeg is not None:
                    self._thumbnails.request(name, name, jpeg, round(2 * HEIGHT_PX * self._ratio))
        finally:
            self._is_loading = False

    def _keep(self, name: str, _frame_id: str, image: QImage) -> None:
        self._made[name] = self._drawn(image)
        if len(self._made) > MOST:
            self._made.popitem(last=False)
        self.arrived.emit(name)

    def _blank(self) -> QPixmap:
        palette = QGuiApplication.palette()
        if palette.cacheKey() not in self._blanks:
            self._blanks = {palette.cacheKey(): self._drawn(None)}
        return self._blanks[palette.cacheKey()]

    def _drawn(self, image: QImage | None) -> QPixmap:
        """Cut to its place."""
        palette, box = QGuiApplication.palette(), QRect(0, 0, WIDTH_PX, HEIGHT_PX)
        made = QPixmap(box.size() * self._ratio)
        made.setDevicePixelRatio(self._ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(box), _ROUND_PX, _ROUND_PX)
        painter.fillPath(shape, palette.brush(QPalette.ColorRole.Midlight))
        if image is None:
            sign = icons.pixmap("picture", palette.color(QPalette.ColorRole.Dark), _SIGN_PX, self._ratio)
            painter.drawPixmap((WIDTH_PX - _SIGN_PX) // 2, (HEIGHT_PX - _SIGN_PX) // 2, sign)
        else:
            painter.setClipPath(shape)
            place = QRect(box.topLeft(), image.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding))
            place.moveCenter(box.center())
            painter.drawImage(place, image)
        painter.end()
        return made
