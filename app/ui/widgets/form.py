"""The frame of a small question: a few fields, a place for a refusal's sentence, and two buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.support import run_task
from app.ui.widgets.buttons import Button
from app.ui.widgets.state_label import StateLabel

WIDTH_PX = 460


class FormDialog(QDialog):
    """Subclasses add rows to ``form`` and say in ``submit`` what is done; it stays open when that is refused."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._submitting = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(WIDTH_PX)
        self.form = QFormLayout()
        self.form.setVerticalSpacing(10)
        self.form.setHorizontalSpacing(14)
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.refusal = StateLabel("", "bad", self, wrap=True)
        self.refusal.hide()
        self.accept_button = Button("", "", self, primary=True)
        self.cancel_button = Button(self.tr("Cancel"), "", self)
        self._lay_out()
        self.accept_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)

    def showEvent(self, event: QShowEvent) -> None:
        """As tall as its lines are: they were counted before it was as wide as it is."""
        super().showEvent(event)
        if not event.spontaneous() and (column := self.layout()) is not None:
            column.activate()
            wrapped_px = column.totalHeightForWidth(self.width())
            self.resize(self.width(), max(wrapped_px, column.totalMinimumSize().height()))

    def ask(self, title: str, accept_text: str) -> None:
        """What it is about, and what its button does."""
        self.setWindowTitle(title)
        self.accept_button.setText(accept_text)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(14)
        column.addLayout(self.form)
        column.addWidget(self.refusal)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.accept_button)
        column.addLayout(buttons)

    def accept(self) -> None:
        """Do it, and close once it is done."""
        self.refusal.hide()
        self._submitting = True
        run_task.start(
            self._submit_and_close(),
            name=type(self).__name__,
            owner=self,
            refused=self.refuse,
            busy=(self.accept_button,),
        )

    def reject(self) -> None:
        """Close without doing it; not while it is being done."""
        if not self._submitting:
            super().reject()

    def refuse(self, sentence: str) -> None:
        """Say why not."""
        self.refusal.show_state(sentence, "bad")
        self.refusal.show()

    async def submit(self) -> None:
        """What the fields ask for. Raises a ``FrameBackendError`` to stay open with its sentence."""
        raise NotImplementedError

    async def _submit_and_close(self) -> None:
        try:
            await self.submit()
        finally:
            self._submitting = False
        super().accept()
