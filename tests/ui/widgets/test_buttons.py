"""Buttons: which is the next step stays so wherever the focus is, and Enter presses the one that has it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLineEdit

from app.ui.support.theme import Theme
from app.ui.widgets.buttons import Button


def ground_and_ink(button: Button) -> tuple[QColor, QColor]:
    """The colour beside the drawing, and that of the drawing which differs most from it."""
    image: QImage = button.grab().toImage()
    ground = image.pixelColor(image.width() // 2, 7)
    left = [image.pixelColor(x, y) for x in range(8, 30) for y in range(7, image.height() - 7)]
    return ground, max(left, key=lambda colour: abs(colour.lightness() - ground.lightness()))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_accent_stays_and_the_drawings_can_be_seen(qtbot: object, theme: Theme, scheme: str) -> None:
    theme.apply(scheme)  # type: ignore[arg-type]
    dialog = QDialog()
    following, other = Button("", "add", dialog, primary=True), Button("", "delete", dialog)
    row = QHBoxLayout(dialog)
    for button in (following, other):
        row.addWidget(button)
    dialog.show()
    grounds = set[str]()
    for focused in (following, other, following):
        dialog.activateWindow()
        focused.setFocus()
        QApplication.processEvents()
        for button in (following, other):
            ground, ink = ground_and_ink(button)
            assert abs(ground.lightness() - ink.lightness()) > 70, (focused is following, button is following)
        grounds.add(ground_and_ink(following)[0].name())
    assert grounds == {QApplication.palette().highlight().color().name()}
    dialog.close()
    dialog.deleteLater()
    theme.apply("light")


def test_enter_presses_the_button_with_the_focus_and_from_a_field_the_next_step(qtbot: object, theme: Theme) -> None:
    dialog, pressed = QDialog(), list[str]()
    field, row = QLineEdit(dialog), QHBoxLayout(dialog)
    row.addWidget(field)
    for name, is_primary in (("next", True), ("other", False)):
        button = Button(name, "", dialog, primary=is_primary)
        button.clicked.connect(lambda _=False, name=name: pressed.append(name))
        row.addWidget(button)
        QTest.keyClick(button, Qt.Key.Key_Return)
    dialog.show()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert pressed == ["next", "other", "next"]
    dialog.close()
    dialog.deleteLater()
