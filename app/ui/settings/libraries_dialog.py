"""What the program is built on, as a table with the licences' texts."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.ui.support import formatting as fmt
from app.ui.support.libraries import Facts
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.table import Cell, Table

_SIZE_PX, _SIZE_WITH_TEXT_PX = (560, 520), (760, 680)


class Libraries(Dialog):
    """A table to be read, the text of what is selected in it where there is one, and Close."""

    def __init__(self, facts: Facts, parent: QWidget) -> None:
        super().__init__(parent)
        self._facts = facts
        has_texts = any(text for _, _, text in facts.values())
        self.setWindowTitle(self.tr("Libraries and licences"))
        self.resize(*(_SIZE_WITH_TEXT_PX if has_texts else _SIZE_PX))
        titles = (self.tr("Library"), self.tr("Version"), self.tr("Licence"))
        self.table = Table(titles, 2, self.tr("Libraries and licences"), self)
        unsaid = self.tr("in its package")
        self.text = QPlainTextEdit(self, readOnly=True)
        self.text.setAccessibleName(self.tr("Licence"))
        self.text.setVisible(has_texts)
        self.table.picked.connect(self._show_text)
        self.table.show_rows(
            {
                name: (Cell(name), Cell(version or fmt.DASH), Cell(licence or unsaid))
                for name, (version, licence, _) in facts.items()
            }
        )
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.text, 1)
        self.column.addWidget(self.button_box())

    def _show_text(self, name: str) -> None:
        self.text.setPlainText(self._facts[name][2] if name else "")
