"""A card of choices that are no settings of the store: laid out as those are."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.settings.setting_row import LABEL_PX
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import STRETCH, Part, add_row, grid, hbox
from app.ui.widgets.text import Text


class RowsCard(Card):
    """``title`` above; ``add_row`` from there down."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent, title=title)
        self._grid = grid(gaps=(14, 8))
        self.body.addLayout(self._grid)

    def add_row(self, text: str, control: QWidget, *below: QWidget) -> None:
        """A label and its control; ``below`` stands under the control."""
        label = Text(text, self, wrap=True)
        label.setFixedWidth(LABEL_PX)
        label.setBuddy(control)
        if not isinstance(control, Button):
            control.setAccessibleName(text)
        add_row(self._grid, label, hbox(control, STRETCH))
        for widget in below:
            add_row(self._grid, Part(None), widget)
