"""How series are told apart in a chart: by colour, by the shape of their points and by the kind of line."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

from app.ui.support.theme import is_dark, tone_colour

# Okabe and Ito's set, which people who see few colours can tell apart, darkened or lightened for its ground
_LIGHT = ("#0068a8", "#c14f00", "#007d58", "#a8488a", "#7a5c00", "#3f7fb3")
_DARK = ("#56b4e9", "#ff9a4d", "#2fcf9f", "#f08cc8", "#f0e442", "#9cc3ff")
_SHAPES = ("o", "s", "t1", "d", "t", "p", "h", "star")
OWN_SHAPE = "+"

FAILURE_SHAPES = {
    "timeout": "x", "overload": "t", "rate": "s", "quota": "d", "auth": "o", "billing": "star", "region": "p",
    "bad_reply": "h", "model_gone": "t1", "no_vision": "t2", "bad_request": "t3", "blocked": "crosshair",
    "truncated": "arrow_down", "empty": "|", "image_rejected": "arrow_up",
}  # fmt: skip
OTHER_FAILURE_SHAPE = "+"


@dataclass(frozen=True, slots=True)
class Style:
    """``shape``: as pyqtgraph names it."""

    colour: QColor
    shape: str


def series_style(index: int, palette: QPalette) -> Style:
    """Of the provider at ``index``: two that share a colour do not share a shape."""
    colours = _DARK if is_dark(palette) else _LIGHT
    return Style(QColor(colours[index % len(colours)]), _SHAPES[index % len(_SHAPES)])


def own_style(palette: QPalette) -> Style:
    """Of the server itself."""
    return Style(palette.color(QPalette.ColorRole.PlaceholderText), OWN_SHAPE)


def failure_style(word: str, palette: QPalette) -> Style:
    """Of one kind of failure."""
    return Style(tone_colour("bad", palette), FAILURE_SHAPES.get(word, OTHER_FAILURE_SHAPE))
