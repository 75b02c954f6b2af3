"""Whatever is written can be read on whatever it stands on, light or dark: 4.5 to 1 at least, as WCAG 2 counts."""

from __future__ import annotations

from typing import get_args

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLabel, QWidget

from app.ui.support.theme import TINT, Scheme, Theme, Tone, our_palette, tone_colour

LEAST_OF_TEXT, LEAST_OF_A_RING = 4.5, 3.0
Role = QPalette.ColorRole


@pytest.mark.parametrize("dark", [False, True])
def test_texts_and_signs_can_be_read_on_every_ground(dark: bool) -> None:
    palette = our_palette(dark=dark)
    inks = [palette.color(ink) for ink in (Role.WindowText, Role.Text, Role.PlaceholderText, Role.Link)]
    inks += [tone_colour(tone, palette) for tone in get_args(Tone)]
    pairs = [(ink, ground) for ink in inks for ground in grounds(palette)]
    for ink, on in (
        (Role.ButtonText, Role.Button), (Role.ButtonText, Role.Midlight), (Role.HighlightedText, Role.Highlight),
        (Role.ToolTipText, Role.ToolTipBase),
    ):  # fmt: skip
        pairs.append((palette.color(ink), palette.color(on)))
    pairs.append((palette.color(Role.ButtonText), tinted(palette.color(Role.Button))))
    assert [(ink.name(), on.name()) for ink, on in pairs if contrast(ink, on) < LEAST_OF_TEXT] == []


@pytest.mark.parametrize("dark", [False, True])
def test_the_ring_of_the_focus_can_be_seen_on_every_ground(dark: bool) -> None:
    palette = our_palette(dark=dark)
    ring = palette.color(Role.Accent)
    assert [on.name() for on in grounds(palette) if contrast(ring, on) < LEAST_OF_A_RING] == []


class QBalloonTip(QWidget):
    """As Qt's own, by which a tray without notifications shows them: no program can make one."""

    def __init__(self) -> None:
        super().__init__()
        palette = self.palette()
        palette.setColor(Role.Window, QColor("#ffffe1"))
        palette.setColor(Role.WindowText, QColor("#000000"))
        self.setPalette(palette)
        self.text = QLabel("A new device", self)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_balloon_of_the_tray_can_be_read(theme: Theme, scheme: Scheme) -> None:
    theme.apply(scheme)
    balloon = QBalloonTip()
    balloon.show()
    ink, ground = balloon.text.palette().color(Role.WindowText), balloon.palette().color(Role.Window)
    assert contrast(ink, ground) >= LEAST_OF_TEXT, (ink.name(), ground.name())
    balloon.close()
    balloon.deleteLater()
    theme.apply("light")


def grounds(palette: QPalette) -> list[QColor]:
    plain = [palette.color(role) for role in (Role.Base, Role.AlternateBase, Role.Window)]
    return plain + [tinted(ground) for ground in plain]


def tinted(ground: QColor) -> QColor:
    share = TINT.alphaF()
    mixed = [over * share + under * (1 - share) for over, under in zip(rgb(TINT), rgb(ground), strict=True)]
    return QColor.fromRgbF(*mixed)


def rgb(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()


def contrast(ink: QColor, ground: QColor) -> float:
    brighter, darker = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def luminance(colour: QColor) -> float:
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
