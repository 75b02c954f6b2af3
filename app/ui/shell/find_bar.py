"""Finds in whatever tab is shown: a field, how many there are, and Close."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.ui.support import formatting as fmt
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.text import Quiet

FIELD_PX = 320


class FindBar(QWidget):
    """Emits ``wanted`` with what is typed, ``entered`` on Enter and ``closed`` once it is hidden."""

    wanted = Signal(str)
    entered = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QLineEdit(self, placeholderText=self.tr("Find in this tab"))
        self.field.setAccessibleName(self.tr("Find in this tab"))
        self.field.setMaximumWidth(FIELD_PX)
        self.told = Quiet("", self)
        self.close_button = IconButton("close", self.tr("Close (Esc)"), self)
        self.field.textChanged.connect(self.wanted)
        self.field.returnPressed.connect(self.entered)
        self.close_button.clicked.connect(self.close_bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.field, 1)
        row.addWidget(self.told)
        row.addWidget(self.close_button)
        row.addStretch(1)
        self.hide()

    def open_bar(self) -> None:
        self.show()
        self.field.setFocus()
        self.field.selectAll()

    def close_bar(self) -> None:
        """Show everything again."""
        if not self.isHidden():
            self.hide()
            self.field.clear()
            self.closed.emit()

    def tell(self, found: tuple[int, int] | None) -> None:
        """How many are shown, and of how many; None: there is nothing to find."""
        if found is None:
            self.told.setText(self.tr("There is no list to look through in this tab."))
        elif not self.field.text().strip():
            self.told.setText("")
        else:
            text = self.tr("{shown} of {total}") if found[0] else self.tr("None of {total}")
            self.told.setText(text.format(shown=fmt.count(found[0]), total=fmt.count(found[1])))
