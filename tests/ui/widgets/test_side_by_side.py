"""Parts stand side by side where there is room for them, from the first time on that they are shown."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QWidget

from app.ui.widgets.layouts import wide
from app.ui.widgets.side_by_side import SideBySide


def test_they_turn_by_the_width_that_is_known_before_the_first_paint(qapp: QApplication) -> None:
    window = QWidget()
    parts = QWidget(window), QWidget(window)
    for part in parts:
        part.setMinimumWidth(100)
    both = SideBySide(*map(wide, parts), gap=10, parent=window)
    for width_px, direction in (
        (210, QBoxLayout.Direction.LeftToRight), (209, QBoxLayout.Direction.TopToBottom),
    ):  # fmt: skip
        both.resize(width_px, 300)
        QApplication.sendEvent(both, QEvent(QEvent.Type.LayoutRequest))
        box = both.layout()
        assert isinstance(box, QBoxLayout)
        assert box.direction() == direction
    window.deleteLater()
