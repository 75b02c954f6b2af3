"""The contract of a step, and a field whose refusal stands right under it."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.services import Services
from app.ui.widgets.state_label import Refusal
from app.ui.widgets.text import Heading, Quiet

LABEL_PX, GAP_PX = 112, 14
INDENT_PX = LABEL_PX + GAP_PX
"""Where fields begin."""


class Refused(Exception):
    """What was typed cannot be; the sentence stands beside its field already."""


class Step(QWidget):
    """Subclasses say ``name`` (in the list at the left) and ``title``, both marked for translation."""

    name: ClassVar[str]
    title: ClassVar[str]
    told: ClassVar[str]

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self.services = services
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(12)
        self.body.addWidget(Heading(self.tr(self.title), self, steps=4))
        self.body.addWidget(Quiet(self.tr(self.told), self, wrap=True))
        self.body.addSpacing(2)

    def begin(self) -> None:
        """It is shown now."""

    def leave(self) -> None:
        """Another is shown now: what it started ends."""

    def first_field(self) -> QWidget | None:
        """Where the keyboard begins; None: on the button that goes on."""
        return None

    async def submit(self) -> None:
        """Do what was chosen. Raises ``Refused`` or a ``FrameBackendError`` to stay."""


class Field(QWidget):
    """A label, its field with what belongs beside it, and below them a hint and a refusal."""

    def __init__(self, label: str, field: QWidget, parent: QWidget, *beside: QWidget, hint: str = "") -> None:
        super().__init__(parent)
        self.field = field
        self.label = QLabel(label, self)  # not ``Text``: the & is its key
        self.label.setBuddy(field)
        self.label.setFixedWidth(max(LABEL_PX, self.label.sizeHint().width()))
        field.setAccessibleName(label.replace("&", ""))
        self.hint = Quiet(hint, self, wrap=True)
        self.hint.setVisible(bool(hint))
        self.refusal = Refusal(self)
        right = QVBoxLayout()
        right.setSpacing(5)
        row = QHBoxLayout()
        row.setSpacing(8)
        is_narrow = field.minimumWidth() == field.maximumWidth()
        row.addWidget(field, 0 if is_narrow else 1)
        for widget in beside:
            row.addWidget(widget)
        if is_narrow:
            row.addStretch(1)
        right.addLayout(row)
        right.addWidget(self.hint)
        right.addWidget(self.refusal)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(GAP_PX)
        self.label.setFixedHeight(field.sizeHint().height())
        whole.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
        whole.addLayout(right, 1)

    def refuse(self, sentence: str) -> None:
        """Say under the field why not, and put the keyboard into it."""
        self.refusal.tell(sentence)
        self.field.setFocus()

    def clear(self) -> None:
        self.refusal.hide()
