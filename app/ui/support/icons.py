"""Our own drawings, in the colour of the text beside them."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.core.errors import FrameBackendError
from app.paths import resource
from app.ui.support.theme import Tone, tone_colour

_SIZES_PX = (16, 20, 24, 32, 48)


class DrawingMissing(FrameBackendError):
    """A drawing was asked for that has no file."""


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    try:
        return resource(f"icons/{name}.svg").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DrawingMissing("The drawing {file} is missing.", file=f"resources/icons/{name}.svg") from None


def pixmap(name: str, colour: QColor, side_px: int, ratio: float = 1.0) -> QPixmap:
    """Drawing ``name`` in ``colour``, ``side_px`` logical pixels wide on a screen of ``ratio``."""
    return _drawn(name, colour.name(), side_px, ratio)


@lru_cache(maxsize=512)
def _drawn(name: str, colour: str, side_px: int, ratio: float) -> QPixmap:
    drawn = QPixmap(round(side_px * ratio), round(side_px * ratio))
    drawn.fill(Qt.GlobalColor.transparent)
    svg = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    painter = QPainter(drawn)
    svg.render(painter, QRectF(0, 0, drawn.width(), drawn.height()))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn


def icon(
    name: str, palette: QPalette, role: QPalette.ColorRole = QPalette.ColorRole.ButtonText, *, gap: float = 0.0
) -> QIcon:
    """Drawing ``name`` in the palette's colours: as it is, which a selection's tint does not change, and disabled.

    ``gap``: empty room at its right, as a share of its width; a style sheet cannot set a text apart from its icon.
    """
    return _icon(
        name,
        palette.color(QPalette.ColorGroup.Active, role).name(),
        palette.color(QPalette.ColorGroup.Disabled, role).name(),
        gap,
    )


@lru_cache(maxsize=512)
def _icon(name: str, normal: str, disabled: str, gap: float) -> QIcon:
    """Made once for all that show it: thirty pictures each, and a window of a hundred buttons asks thrice for each."""
    made = QIcon()
    modes = {QIcon.Mode.Normal: normal, QIcon.Mode.Disabled: disabled, QIcon.Mode.Selected: normal}
    for mode, colour in modes.items():
        for side_px in _SIZES_PX:
            for ratio in (1.0, 2.0):
                made.addPixmap(_with_gap(_drawn(name, colour, side_px, ratio), gap), mode)
    return made


def tone_icon(tone: Tone, palette: QPalette) -> QIcon:
    """The sign of a state in its colour."""
    return small_icon(tone, tone_colour(tone, palette))


def small_icon(name: str, colour: QColor) -> QIcon:
    """Drawing ``name`` for a table, 16 px in ``colour``, chosen or not: four pictures, an ``icon`` has thirty."""
    return _small_icon(name, colour.name())


@lru_cache(maxsize=64)
def _small_icon(name: str, colour: str) -> QIcon:
    made = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
        for ratio in (1.0, 2.0):
            made.addPixmap(_drawn(name, colour, 16, ratio), mode)
    return made


def _with_gap(drawn: QPixmap, gap: float) -> QPixmap:
    if not gap:
        return drawn
    wider = QPixmap(round(drawn.width() * (1 + gap)), drawn.height())
    wider.setDevicePixelRatio(drawn.devicePixelRatio())
    wider.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wider)
    painter.drawPixmap(0, 0, drawn)
    painter.end()
    return wider
