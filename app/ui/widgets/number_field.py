"""A spin box that lets any number be typed: one out of bounds is refused with a sentence, never bent in silence."""

from __future__ import annotations

import re

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

_MOST = 2**31 - 1
_DECIMALS = 3
_TYPED = re.compile(r"-?\d{0,6}([.,]\d{0,3})?")
_TYPED_WHOLE = re.compile(r"-?\d{0,9}")


class NumberField(QDoubleSpinBox):
    """``number_text`` is what it holds. Arrows keep within the bounds; the wheel scrolls the page instead."""

    def __init__(self, minimum: float, maximum: float, *, whole: bool, parent: QWidget | None = None) -> None:
        self._whole, self._least, self._most = whole, max(-_MOST, minimum), min(_MOST, maximum)
        super().__init__(parent, decimals=0 if whole else _DECIMALS, minimum=-_MOST, maximum=_MOST)
        self.setSingleStep(1 if whole else 0.05 if maximum <= 1 else 0.5)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().setTextMargins(7, 0, 0, 0)

    def number_text(self) -> str:
        """As the store reads it."""
        return _written(self.value())

    def stepBy(self, steps: int) -> None:  # noqa: N802  Qt's name
        self.setValue(min(self._most, max(self._least, self.value() + steps * self.singleStep())))

    def stepEnabled(self) -> QDoubleSpinBox.StepEnabledFlag:  # noqa: N802  Qt's name
        enabled = QDoubleSpinBox.StepEnabledFlag.StepNone
        if self.value() < self._most:
            enabled |= QDoubleSpinBox.StepEnabledFlag.StepUpEnabled
        if self.value() > self._least:
            enabled |= QDoubleSpinBox.StepEnabledFlag.StepDownEnabled
        return enabled

    def textFromValue(self, value: float) -> str:  # noqa: N802  Qt's name
        return _written(value).replace(".", QLocale().decimalPoint())

    def valueFromText(self, text: str) -> float:  # noqa: N802  Qt's name
        """A point and a comma are both taken for the sign before the decimals, whatever the language."""
        try:
            return float(text.strip().replace(",", "."))
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


def _written(value: float) -> str:
    """Without the noughts that end the decimals."""
    return f"{value:.{_DECIMALS}f}".rstrip("0").rstrip(".")
