"""How one provider is set up: model, address, pace; changes count once they are saved."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QSpinBox, QWidget

from app.core.provider import ON_DEVICE, ProviderConfig
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.text import Heading, Quiet

MOST_REQUESTS = 1_000_000


class ProviderForm(Card):
    """Emits ``saved`` with the changed fields of ``ProviderConfig``."""

    saved = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: ProviderConfig | None = None
        self.heading = Heading("", self, steps=1)
        self.model = QComboBox(self, editable=True, insertPolicy=QComboBox.InsertPolicy.NoInsert)
        self.model.setMinimumContentsLength(10)
        self.base_url = QLineEdit(self)
        self.per_minute, self.per_day = self._limit(), self._limit()
        self.told = Quiet(
            self.tr("This reader is part of the program: no key, no network, nothing to set."), self, wrap=True
        )
        self.save = Button(self.tr("Save"), "good", self)
        self.undo = Button(self.tr("Undo"), "", self)
        self._lay_out()
        self.model.editTextChanged.connect(self._enable)
        self.base_url.textChanged.connect(self._enable)
        for limit in (self.per_minute, self.per_day):
            limit.valueChanged.connect(self._enable)
        self.save.clicked.connect(lambda: self.saved.emit(self.changes()))
        self.undo.clicked.connect(self._undo)

    def show_config(self, config: ProviderConfig, label: str) -> None:
        """Show ``config``; what is being typed for the same provider is kept."""
        typing = self._shown is not None and self._shown.name == config.name and bool(self.changes())
        self.heading.setText(label)
        is_reader = config.name == ON_DEVICE
        self.fields.setVisible(not is_reader)
        self.told.setVisible(is_reader)
        before, self._shown = self._shown, config
        if not typing:
            if before is None or before.name != config.name:
                self.model.clear()
            self._fill(config)
        self._enable()

    def show_models(self, models: Iterable[str]) -> None:
        """What may be chosen; what is typed stays."""
        offered = list(models)
        if offered == [self.model.itemText(row) for row in range(self.model.count())]:
            return
        typed = self.model.currentText()
        self.model.clear()
        self.model.addItems(offered)
        self.model.setEditText(typed)

    def changes(self) -> dict[str, str | int]:
        """The fields that differ from what is saved."""
        if self._shown is None:
            return {}
        typed: dict[str, str | int] = {
            "model": self.model.currentText().strip(),
            "base_url": self.base_url.text().strip(),
            "requests_per_minute": self.per_minute.value(),
            "requests_per_day": self.per_day.value(),
        }
        return {name: value for name, value in typed.items() if value != getattr(self._shown, name)}

    def _undo(self) -> None:
        if self._shown is not None:
            self._fill(self._shown)

    def _fill(self, config: ProviderConfig) -> None:
        self.model.setEditText(config.model)
        self.base_url.setText(config.base_url)
        self.base_url.setCursorPosition(0)
        self.per_minute.setValue(config.requests_per_minute)
        self.per_day.setValue(config.requests_per_day)

    def _enable(self) -> None:
        changed = bool(self.changes())
        self.save.setEnabled(changed)
        self.undo.setEnabled(changed)

    def _limit(self) -> QSpinBox:
        limit = QSpinBox(self, maximum=MOST_REQUESTS)
        limit.setSpecialValueText(self.tr("no limit"))
        limit.setMinimumWidth(110)
        limit.lineEdit().setTextMargins(7, 0, 0, 0)
        return limit

    def _lay_out(self) -> None:
        self.fields = QWidget(self)
        form = QFormLayout(self.fields)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(9)
        form.setHorizontalSpacing(14)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self.model.setSizePolicy(self.base_url.sizePolicy())
        form.addRow(self.tr("&Model"), self.model)
        form.addRow(self.tr("A&ddress"), self.base_url)
        form.addRow(self.tr("Requests a m&inute"), self.per_minute)
        form.addRow(self.tr("Requests a da&y"), self.per_day)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.save)
        buttons.addWidget(self.undo)
        buttons.addStretch(1)
        form.addRow("", buttons)
        self.body.addWidget(self.heading)
        self.body.addWidget(self.fields)
        self.body.addWidget(self.told)
        self.body.addStretch(1)
