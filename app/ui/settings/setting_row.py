"""One setting in the form, made from its declaration: label, field, back to the default, help, and a refusal."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from app.core.setting import Setting, Value
from app.ui.settings.list_field import ListField
from app.ui.settings.order_field import OrderField
from app.ui.support import formatting as fmt
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.layouts import STRETCH, Part, at_top, grid, hbox, wide
from app.ui.widgets.number_field import NumberField
from app.ui.widgets.state_label import Notice
from app.ui.widgets.text import Quiet, Text

PAUSE_MS = 300
"""After the last step of a number, before it is saved."""
LABEL_PX, FIELD_PX = 200, 130
_ORDERS = "order."
"""How the keys begin of what names providers."""


class _ChoiceField(QComboBox):
    """The wheel scrolls the page instead."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class SettingRow(QWidget):
    """Emits ``wanted`` with the text to save; None for the default. What is refused stays in the field.

    ``labels``: the providers there are, for a setting that puts them in an order.
    """

    wanted = Signal(object)

    def __init__(
        self, setting: Setting, value: Value, labels: Callable[[], Mapping[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setting = setting
        self._saved, self._filled, self._labels = value, "", labels
        label = QCoreApplication.translate("settings", setting.label)
        self.label = Text(label, self, wrap=True)
        self.field = self._make_field()
        self.field.setAccessibleName(label)
        self.field.setAccessibleDescription(self._help())
        self.label.setBuddy(self.field)
        self.reset = IconButton("refresh", self.tr("Back to the default: {label}").format(label=label), self)
        self.reset.setToolTip(self.tr("Back to the default: {value}").format(value=self._said(setting.default)))
        self.help = Quiet(self._help(), self, wrap=True)
        self.refusal = Notice(self)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._want)
        self.reset.clicked.connect(self._want_default)
        self._lay_out()
        self._fill(value)
        self._listen()

    def _help(self) -> str:
        if isinstance(self.field, OrderField):
            return self.tr("Ticked ones first, from the top; drag them. The others follow.")
        return QCoreApplication.translate("settings", self.setting.help)

    # --- what it is told -----------------------------------------------------------------------------------------

    def show_value(self, value: Value) -> None:
        """The value in force; what is typed and not saved, or was refused, stays."""
        touched = self.is_touched
        self._saved = value
        if not touched:
            self._fill(value)
        self._enable()

    def accept(self, sent: str | None, value: Value) -> None:
        """``sent`` was saved, and ``value`` is in force now."""
        self._saved = value
        if sent is None or sent == self.text():
            self._pause.stop()
            self.refusal.hide()
            self._fill(value)
        self._enable()

    def contains(self, needle: str) -> bool:
        """Whether its label, help or key has ``needle``, case-folded."""
        return any(needle in text.casefold() for text in (self.label.text(), self.help.text(), self.setting.key))

    def refuse(self, sentence: str) -> None:
        self.refusal.tell(sentence)
        self._enable()

    def flush(self) -> None:
        """Save what is not saved yet: the window closes."""
        if isinstance(self.field, NumberField):
            self.field.interpretText()
        if self.is_touched and not self.refusal.isVisibleTo(self):
            self._want()

    # --- what it holds -------------------------------------------------------------------------------------------

    @property
    def is_touched(self) -> bool:
        return self.text() != self._filled or (
            isinstance(self.field, NumberField) and self.field.lineEdit().isModified()
        )

    def text(self) -> str:
        """As the store reads it."""
        if isinstance(self.field, QCheckBox):
            return "on" if self.field.isChecked() else "off"
        if isinstance(self.field, QComboBox):
            return str(self.field.currentData())
        return self.field.number_text() if isinstance(self.field, NumberField) else self.field.text()

    def _said(self, value: Value) -> str:
        if isinstance(self.field, OrderField):
            return self.field.said(str(value))
        if isinstance(value, bool):
            return self.tr("on") if value else self.tr("off")
        if title := dict(self.setting.choices).get(str(value)):
            return QCoreApplication.translate("settings", title)
        return (fmt.number(value) if isinstance(value, float) else str(value)) or self.tr("empty")

    def _fill(self, value: Value) -> None:
        before = self.field.blockSignals(True)
        if isinstance(self.field, QCheckBox):
            self.field.setChecked(bool(value))
        elif isinstance(self.field, NumberField):
            self.field.setValue(float(value))
            self.field.lineEdit().setModified(False)
        elif isinstance(self.field, QComboBox):
            self.field.setCurrentIndex(self.field.findData(str(value)))
        elif isinstance(self.field, OrderField | ListField):
            self.field.show_text(str(value))
        else:
            self.field.setText(str(value))
        self.field.blockSignals(before)
        self._filled = self.text()  # a field may hold fewer decimals than the store
        self._enable()

    def _enable(self) -> None:
        self.reset.setEnabled(self._saved != self.setting.default or self.text() != self._filled)

    # --- what is done to it --------------------------------------------------------------------------------------

    def _listen(self) -> None:
        if isinstance(self.field, QCheckBox):
            self.field.toggled.connect(self._want)
        elif isinstance(self.field, NumberField):
            self.field.valueChanged.connect(self._want_soon)
        elif isinstance(self.field, QComboBox):
            self.field.activated.connect(self._want)
        elif isinstance(self.field, OrderField | ListField):
            self.field.changed.connect(self._want_typed)
        else:
            self.field.editingFinished.connect(self._want_typed)
            self.field.textEdited.connect(self._enable)

    def _want_soon(self) -> None:
        self._enable()
        self._pause.start()

    def _want_typed(self) -> None:
        if self.is_touched or self.refusal.isVisibleTo(self):
            self._want()

    def _want(self) -> None:
        self._pause.stop()
        self.wanted.emit(self.text())

    def _want_default(self) -> None:
        self._pause.stop()
        self.wanted.emit(None)

    # --- how it is made ------------------------------------------------------------------------------------------

    def _make_field(self) -> QCheckBox | NumberField | QComboBox | OrderField | ListField | QLineEdit:
        setting = self.setting
        if setting.key.startswith(_ORDERS):
            return OrderField(self._labels, self)
        if setting.part is not None:
            return ListField(setting.part, self)
        if isinstance(setting.default, bool):
            return QCheckBox(self)
        if isinstance(setting.default, int | float):
            whole = isinstance(setting.default, int)
            field = NumberField(setting.minimum, setting.maximum, whole=whole, parent=self)
            field.setFixedWidth(FIELD_PX)
            return field
        if setting.choices:
            return self._make_choice()
        line = QLineEdit(self)
        line.setMinimumWidth(FIELD_PX)
        if not math.isinf(setting.maximum):
            line.setMaxLength(max(32_767, int(setting.maximum) + 1))  # too long is told, not cut
        return line

    def _make_choice(self) -> QComboBox:
        box = _ChoiceField(self)
        for value, title in self.setting.choices:
            box.addItem(QCoreApplication.translate("settings", title), value)
        return box

    def _lay_out(self) -> None:
        self.label.setFixedWidth(LABEL_PX)
        is_line = isinstance(self.field, QLineEdit | OrderField | ListField)
        is_tall = isinstance(self.field, OrderField | ListField)
        reset = at_top(self.reset) if is_tall else self.reset
        field = hbox(*((wide(self.field), reset) if is_line else (self.field, reset, STRETCH)), gap=6)
        label, beside = (
            at_top(self.label) if is_tall else Part(self.label, at=Qt.AlignmentFlag.AlignVCenter),
            Part(None),
        )
        rows = grid((label, field), (beside, self.help), (beside, self.refusal), gaps=(14, 3), on=self)
        rows.setContentsMargins(0, 2, 0, 2)
