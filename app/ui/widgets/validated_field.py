"""A field of a form with room under it: what is wrong with it stands there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.errors import InvalidValue
from app.ui.support.sentences import said
from app.ui.support.theme import Tone
from app.ui.widgets.layouts import vbox
from app.ui.widgets.state_label import Notice


class ValidatedField(QWidget):
    """``field`` with its ``note``, which goes when the field is edited. Focus and labels mean the field."""

    def __init__(self, field: QLineEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.note = Notice(self)
        self._complains = False
        self.setFocusProxy(field)
        vbox(field, self.note, gap=5, on=self)
        field.textChanged.connect(lambda: self.tell(""))

    def tell(self, sentence: str, tone: Tone = "bad") -> None:
        """Show ``sentence``; an empty one takes it away."""
        self.note.tell(sentence, tone)
        self._complains = bool(sentence) and tone == "bad"
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """A form counts a wrapped text as one line: the dialog would not grow for the others."""
        self.note.setMinimumHeight(max(0, self.note.heightForWidth(self.field.width())))

    def complains(self) -> bool:
        return self._complains

    def is_fit(self, check: Callable[[str], object], text: str) -> bool:
        """Whether ``check`` takes ``text``; its sentence is told here when it does not."""
        try:
            check(text)
        except InvalidValue as error:
            self.tell(said(error))
            return False
        return True
