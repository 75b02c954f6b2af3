"""The contract of a step, and a field whose refusal stands right under it."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QLabel, QWidget

from app.ui.services import Services
from app.ui.widgets.layouts import STRETCH, at_top, hbox, vbox, wide
from app.ui.widgets.state_label import Notice
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
        title, told = Heading(self.tr(self.title), self, steps=4), Quiet(self.tr(self.told), self, wrap=True)
        self.body = vbox(title, told, gap=12, on=self)
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
        self.refusal = Notice(self)
        is_narrow = field.minimumWidth() == field.maximumWidth()
        row = hbox(field, *beside, STRETCH, gap=8) if is_narrow else hbox(wide(field), *beside, gap=8)
        self.label.setFixedHeight(field.sizeHint().height())
        hbox(at_top(self.label), wide(vbox(row, self.hint, self.refusal, gap=5)), gap=GAP_PX, on=self)

    def refuse(self, sentence: str) -> None:
        """Say under the field why not, and put the keyboard into it."""
        self.refusal.tell(sentence)
        self.field.setFocus()

    def clear(self) -> None:
        self.refusal.hide()
