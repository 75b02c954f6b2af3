"""The frame of a small question: a few fields, a place for a refusal's sentence, and two buttons."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QFormLayout, QLineEdit, QWidget

from app.ui.widgets.buttons import Button
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.layouts import add, form
from app.ui.widgets.validated_field import ValidatedField

WIDTH_PX = 460
_TAKES_KEYS = (ValidatedField, QLineEdit, QComboBox)


class FormDialog(Dialog):
    """Subclasses add rows to ``form`` and say in ``submit`` what is done; it stays open when that is refused.

    ``fields``: what is wrong with one of them it says itself.
    """

    fields: tuple[ValidatedField, ...] = ()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._submitting = False
        self.setMinimumWidth(WIDTH_PX)
        self.form = form()
        self.accept_button = Button("", "", self, primary=True)
        self.cancel_button = Button(self.tr("Cancel"), "", self)
        self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        """As tall as its lines are: they were counted before it was as wide as it is."""
        super().showEvent(event)
        if not event.spontaneous():
            self.column.activate()
            wrapped_px = self.column.totalHeightForWidth(self.width())
            self.resize(self.width(), max(wrapped_px, self.column.totalMinimumSize().height()))
            if not self.cancel_button.isDefault() and (first := self._first_field()) is not None:
                first.setFocus()

    def _first_field(self) -> QWidget | None:
        """The first one to type into that is empty, else the first of all."""
        rows = (self.form.itemAt(row, QFormLayout.ItemRole.FieldRole) for row in range(self.form.rowCount()))
        fields = [item.widget() for item in rows if item is not None]
        usable = [field for field in fields if isinstance(field, _TAKES_KEYS) and not field.isHidden()]
        return next((field for field in usable if not _typed_text(field)), next(iter(usable), None))

    def ask(self, title: str, accept_text: str, *, harmful: bool = False) -> None:
        """What it is about, and what its button does; of what is ``harmful``, Enter does nothing."""
        self.setWindowTitle(title)
        self.accept_button.setText(accept_text)
        if harmful:
            self.cancel_button.setDefault(True)
            self.cancel_button.setFocus()

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox(self)
        buttons.addButton(self.accept_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.cancel_button, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        add(self.column, self.form, self.refusal, buttons)

    def accept(self) -> None:
        """Do it, and close once it is done."""
        self.refusal.hide()
        self._submitting = True
        self.work(self._submit_and_close(), type(self).__name__, self.accept_button)

    def refuse(self, sentence: str) -> None:
        """Below, unless a field has said it."""
        complaining = next((field for field in self.fields if field.complains()), None)
        if complaining is None:
            super().refuse(sentence)
        else:
            complaining.setFocus()

    def reject(self) -> None:
        """Close without doing it; not while it is being done."""
        if not self._submitting:
            super().reject()

    async def submit(self) -> None:
        """What the fields ask for. Raises a ``FrameBackendError`` to stay open with its sentence."""
        raise NotImplementedError

    async def _submit_and_close(self) -> None:
        try:
            await self.submit()
        finally:
            self._submitting = False
        super().accept()


def _typed_text(field: QWidget) -> str:
    line = field.field if isinstance(field, ValidatedField) else field
    return line.text() if isinstance(line, QLineEdit) else line.currentText() if isinstance(line, QComboBox) else ""
