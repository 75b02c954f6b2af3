"""Finds in whatever tab is shown: a field, how many there are, and Close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.support import formatting as fmt
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.layouts import STRETCH, hbox, wide
from app.ui.widgets.table import Table
from app.ui.widgets.text import Quiet

if TYPE_CHECKING:
    from app.ui.tab import Tab  # the tabs come after the first paint

FIELD_PX = 320


class FindBar(QWidget):
    """Emits ``closed`` once it is hidden; ``field`` tells what is typed, and of Enter."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QLineEdit(self, placeholderText=self.tr("Find in this tab"))
        self.field.setAccessibleName(self.tr("Find in this tab"))
        self.field.setMaximumWidth(FIELD_PX)
        self.told = Quiet("", self)
        self.close_button = IconButton("close", self.tr("Close (Esc)"), self)
        self.close_button.clicked.connect(self.close_bar)
        hbox(wide(self.field), self.told, self.close_button, STRETCH, gap=10, on=self)
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


class FindController(QObject):
    """Ctrl+F: in the tab's own field where it has one, else in the bar, which asks the tab.

    ``escape``: the key that ends it, on only as long as it lasts.
    """

    def __init__(self, bar: FindBar, escape: QShortcut, parent: QObject) -> None:
        super().__init__(parent)
        self._bar, self._escape = bar, escape
        self._tab: Tab | None = None
        bar.field.textChanged.connect(self._find)
        bar.field.returnPressed.connect(self._to_the_found)
        bar.closed.connect(self._ended)
        escape.activated.connect(bar.close_bar)
        escape.setEnabled(False)

    def begin(self, tab: Tab) -> None:
        field = tab.finder()
        if field is not None:
            field.setFocus()
            field.selectAll()
            return
        self._tab = tab
        self._escape.setEnabled(True)
        self._bar.open_bar()
        self._find(self._bar.field.text())

    def end(self) -> None:
        """Show everything again."""
        self._bar.close_bar()

    def _find(self, text: str) -> None:
        if self._tab is not None:
            self._bar.tell(self._tab.find_text(text))

    def _to_the_found(self) -> None:
        """Go on by keyboard in the table with something in it; of several the largest is what the tab is about."""
        tables = self._tab.findChildren(Table) if self._tab is not None else []
        shown = [table for table in tables if table.isVisible() and table.rows.rowCount()]
        if shown:
            max(shown, key=lambda table: table.width() * table.height()).setFocus()

    def _ended(self) -> None:
        self._escape.setEnabled(False)
        self._to_the_found()
        self._tab = None
