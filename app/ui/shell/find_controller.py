"""Ctrl+F: in the tab's own field where it has one, else in a bar that asks the tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QShortcut

from app.ui.shell.find_bar import FindBar
from app.ui.widgets.table import Table

if TYPE_CHECKING:
    from app.ui.tab import Tab  # the tabs come after the first paint


class FindController(QObject):
    """``escape``: the key that ends it, on only as long as it lasts."""

    def __init__(self, bar: FindBar, escape: QShortcut, parent: QObject) -> None:
        super().__init__(parent)
        self._bar, self._escape = bar, escape
        self._tab: Tab | None = None
        bar.wanted.connect(self._find)
        bar.entered.connect(self._to_the_found)
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
