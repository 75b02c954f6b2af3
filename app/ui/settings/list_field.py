"""Several of a kind, one a line: added and removed one by one, each checked where it is typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.errors import InvalidValue
from app.ui.support.sentences import said
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.layouts import at_top, hbox, vbox, wide
from app.ui.widgets.text import Text
from app.ui.widgets.validated_field import ValidatedField


class ListField(QWidget):
    """``check`` raises ``InvalidValue`` for what cannot be one of them. Emits ``changed``."""

    changed = Signal()

    def __init__(self, check: Callable[[str], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._check = check
        self.lines: dict[str, QWidget] = {}
        """What stands there, in its order."""
        self.removals: dict[str, IconButton] = {}
        self.entry = QLineEdit(self)
        self.entry.setAccessibleName(self.tr("One more"))
        self.entry_field = ValidatedField(self.entry, self)
        self.add_button = Button(self.tr("Add"), "add", self)
        self.setFocusProxy(self.entry)
        self._column = vbox(gap=4)
        vbox(self._column, hbox(wide(self.entry_field), at_top(self.add_button), gap=6), gap=4, on=self)
        self.entry.editingFinished.connect(self._add_typed)
        self.add_button.clicked.connect(self._add_typed)

    def show_text(self, text: str) -> None:
        """As the store has it."""
        for gone in self.lines.values():
            gone.hide()
            gone.deleteLater()
        self.lines, self.removals = {}, {}
        for one in _parts(text):
            self._add_line(one)
        self.entry.clear()

    def text(self) -> str:
        """As the store reads it; what is typed and not added is not in it."""
        return ", ".join(self.lines)

    def _add_line(self, one: str) -> None:
        self.lines[one] = line = QWidget(self)
        self.removals[one] = remove = IconButton("close", self.tr("Remove {what}").format(what=one), line)
        hbox(wide(Text(one, line, wrap=True)), remove, gap=6, on=line)
        remove.clicked.connect(lambda: self._remove(one))
        self._column.addWidget(line)

    def _add_typed(self) -> None:
        """All of what was typed or none: perhaps several, as they are written elsewhere."""
        known = {one.lower() for one in self.lines}
        typed = [one for one in _parts(self.entry.text()) if one.lower() not in known]
        if any(not self._is_fit(one) for one in typed):
            return
        self.entry.clear()
        for one in typed:
            self._add_line(one)
        if typed:
            self.changed.emit()

    def _is_fit(self, one: str) -> bool:
        try:
            self._check(one)
        except InvalidValue as error:
            self.entry_field.tell(self.tr("'{text}' is not right: {why}.").format(text=one[:60], why=said(error)))
            return False
        return True

    def _remove(self, one: str) -> None:
        self.lines.pop(one).deleteLater()
        del self.removals[one]
        self.entry.setFocus()
        self.changed.emit()


def _parts(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
