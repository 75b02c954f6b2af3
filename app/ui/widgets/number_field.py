"""A spin box that lets any number be typed: one out of bounds is refused with a sentence, never bent in silence."""

from __future__ import annotations

import math
import re

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QSpinBox, QWidget

_MOST = 2**31 - 1
_DECIMALS = 3
_TYPED = re.compile(r"-?\d{0,6}([.,]\d{0,3})?")
_TYPED_WHOLE = re.compile(r"-?\d{0,9}")


class NumberField(QSpinBox):
    """``number_text`` is what it holds. Arrows keep within the bounds; the wheel scrolls the page instead.

    A number with decimals is held in thousandths: the style sheet knows this kind of spin box.
    """

    def __init__(self, minimum: float, maximum: float, *, whole: bool, parent: QWidget | None = None) -> None:
        self._whole, self._scale = whole, 1 if whole else 10**_DECIMALS
        super().__init__(parent)
        self._least = -_MOST if math.isinf(minimum) else round(minimum * self._scale)
        self._most = _MOST if math.isinf(maximum) else round(maximum * self._scale)
        self.setRange(-_MOST, _MOST)
        self.setSingleStep(1 if whole else self._scale // (20 if self._most <= self._scale else 2))
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().setTextMargins(7, 0, 0, 0)

    def show_number(self, number: float) -> None:
        self.setValue(round(number * self._scale))

    def number_text(self) -> str:
        """As the store reads it."""
        return self._written(self.value())

    def stepBy(self, steps: int) -> None:  # noqa: N802  Qt's name
        self.setValue(min(self._most, max(self._least, self.value() + steps * self.singleStep())))

    def stepEnabled(self) -> QSpinBox.StepEnabledFlag:  # noqa: N802  Qt's name
        enabled = QSpinBox.StepEnabledFlag.StepNone
        if self.value() < self._most:
            enabled |= QSpinBox.StepEnabledFlag.StepUpEnabled
        if self.value() > self._least:
            enabled |= QSpinBox.StepEnabledFlag.StepDownEnabled
        return enabled

    def textFromValue(self, value: int) -> str:  # noqa: N802  Qt's name
        return self._written(value).replace(".", QLocale().decimalPoint())

    def _written(self, value: int) -> str:
        if self._whole:
            return str(value)
        return f"{value / self._scale:.{_DECIMALS}f}".rstrip("0").rstrip(".")

    def valueFromText(self, text: str) -> int:  # noqa: N802  Qt's name
        try:
            return round(float(text.strip().replace(",", ".")) * self._scale)
        except ValueError:
            return self.value()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        pattern = _TYPED_WHOLE if self._whole else _TYPED
        if not pattern.fullmatch(text):
            return QValidator.State.Invalid, text, position
        has_digit = any(char.isdigit() for char in text)
        return (QValidator.State.Acceptable if has_digit else QValidator.State.Intermediate), text, position

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
