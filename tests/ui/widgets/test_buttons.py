"""Buttons: what stands on them can be read, whichever of them Enter would press."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout

from app.ui.support.theme import Theme
from app.ui.widgets.buttons import Button


def ground_and_ink(button: Button) -> tuple[QColor, QColor]:
    """The colour beside the drawing, and that of the drawing which differs most from it."""
    image: QImage = button.grab().toImage()
    ground = image.pixelColor(image.width() // 2, 4)
    left = [image.pixelColor(x, y) for x in range(8, 30) for y in range(6, image.height() - 6)]
    return ground, max(left, key=lambda colour: abs(colour.lightness() - ground.lightness()))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_drawing_can_be_seen_wherever_the_focus_is(qtbot: object, theme: Theme, scheme: str) -> None:
    theme.apply(scheme)  # type: ignore[arg-type]
    dialog = QDialog()
    following, other = Button("", "add", dialog, primary=True), Button("", "delete", dialog)
    row = QHBoxLayout(dialog)
    for button in (following, other):
        row.addWidget(button)
    dialog.show()
    grounds = list[str]()
    for focused in (following, other, following):
        dialog.activateWindow()
        focused.setFocus()
        QApplication.processEvents()
        for button in (following, other):
            ground, ink = ground_and_ink(button)
            assert abs(ground.lightness() - ink.lightness()) > 70, (focused is following, button is following)
        grounds.append(ground_and_ink(following)[0].name())
    assert grounds[0] == grounds[2] != grounds[1], "the accent went with the focus, and came back"
    dialog.close()
    dialog.deleteLater()
    theme.apply("light")
