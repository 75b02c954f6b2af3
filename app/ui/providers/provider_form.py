"""How one provider is set up: model, address, pace, price and cap; changes count once they are saved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox, QWidget

from app.core.provider import ON_DEVICE, ProviderConfig
from app.ui.providers.amount_field import AmountField
from app.ui.providers.price_row import PriceRow
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import STRETCH, add, form, hbox
from app.ui.widgets.state_label import Notice
from app.ui.widgets.text import Heading, Quiet

if TYPE_CHECKING:
    from app.store.setup.prices import Prices

MOST_REQUESTS = 1_000_000
_MARGIN_PX = 7
"""Before a number: of the style sheet."""
Change = str | int | float


class ProviderForm(Card):
    """Emits ``saved`` with the changed fields of ``ProviderConfig`` and, where it was changed, the model's price.

    The price is a tuple of the model and US dollars per million tokens in and out, else None. ``reset_wanted``: that
    model's price is to go back to the shipped one.
    """

    saved = Signal(dict, object)
    reset_wanted = Signal(str)

    def __init__(self, prices: Prices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prices, self._priced, self._is_free = prices, "", False
        self._shown: ProviderConfig | None = None
        self._pace = (0, 0)
        self.heading = Heading("", self, steps=1)
        self.model = QComboBox(self, editable=True, insertPolicy=QComboBox.InsertPolicy.NoInsert)
        self.model.setMinimumContentsLength(10)
        self.base_url = QLineEdit(self)
        self.per_minute, self.per_day = self._limit(self.tr("Requests a minute")), self._limit(
            self.tr("Requests a day")
        )  # fmt: skip
        self.free_tier = Button("", "", self)
        self.price = PriceRow(self)
        self.cap = AmountField(self.tr("Most to spend a day, in US dollars"), self.tr("no limit"), self)
        self.refusal = Notice(self)
        self.told = Quiet(
            self.tr("This reader is part of the program: no key, no network, nothing to set."), self, wrap=True
        )
        self.save = Button(self.tr("Save"), "good", self)
        self.undo = Button(self.tr("Undo"), "", self)
        self._lay_out()
        self._connect()

    def _connect(self) -> None:
        self.model.editTextChanged.connect(self._model_typed)
        self.base_url.textChanged.connect(self._enable)
        for limit in (self.per_minute, self.per_day):
            limit.valueChanged.connect(self._enable)
        for changing in (self.price, self.cap):
            changing.changed.connect(self._enable)
        self.price.reset.clicked.connect(lambda: self.reset_wanted.emit(self._priced))
        self.free_tier.clicked.connect(self._fill_pace)
        self.save.clicked.connect(self._save)
        self.undo.clicked.connect(self._undo)

    # --- what it is told -----------------------------------------------------------------------------------------

    def show_config(
        self, config: ProviderConfig, label: str, *, pace: tuple[int, int] = (0, 0), is_free: bool = False
    ) -> None:
        """Show ``config``; what is being typed for the same provider is kept. ``pace``: of its free tier, if any."""
        typing = self._shown is not None and self._shown.name == config.name and self.is_changed
        self.heading.setText(label)
        is_reader = config.name == ON_DEVICE
        self.fields.setVisible(not is_reader)
        self.told.setVisible(is_reader)
        self._pace, self._is_free = pace, is_free
        self.free_tier.setText(self.tr("Free tier: {0} a minute, {1} a day").format(*pace))
        self.free_tier.setVisible(pace != (0, 0))
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
        before = self.model.blockSignals(True)
        self.model.clear()
        self.model.addItems(offered)
        self.model.setEditText(typed)
        self.model.blockSignals(before)

    def show_price(self) -> None:
        """The price in force of the model in its field; a price that is being typed is kept."""
        if not self.price.is_changed:
            self._price_model()

    def forget_typed(self) -> None:
        """It is saved: what is shown next is what the store holds."""
        self._shown = None

    # --- what it holds -------------------------------------------------------------------------------------------

    @property
    def is_changed(self) -> bool:
        return bool(self._typed()) or self.price.is_changed or self.cap.is_changed

    def _typed(self) -> dict[str, Change]:
        """The fields that differ from what is saved, the amounts left out."""
        if self._shown is None:
            return {}
        typed: dict[str, Change] = {
            "model": self._model(),
            "base_url": self.base_url.text().strip(),
            "requests_per_minute": self.per_minute.value(),
            "requests_per_day": self.per_day.value(),
        }
        return {name: value for name, value in typed.items() if value != getattr(self._shown, name)}

    def _model(self) -> str:
        return self.model.currentText().strip()

    def _save(self) -> None:
        self.refusal.hide()
        changes = self._typed()
        amounts = self.price.amounts() if self.price.is_changed else ()
        cap = self.cap.amount() if self.cap.text else 0.0
        if amounts is None or cap is None:
            return  # told beside the field
        if self.cap.is_changed:
            changes["daily_cap_usd"] = cap
        self.saved.emit(changes, (self._priced, *amounts) if amounts else None)

    def _undo(self) -> None:
        if self._shown is not None:
            self._fill(self._shown)

    def _fill(self, config: ProviderConfig) -> None:
        self.refusal.hide()
        self.model.setEditText(config.model)
        self.base_url.setText(config.base_url)
        self.base_url.setCursorPosition(0)
        self.per_minute.setValue(config.requests_per_minute)
        self.per_day.setValue(config.requests_per_day)
        self.cap.show_amount(config.daily_cap_usd or None)
        self._price_model()

    def _fill_pace(self) -> None:
        self.per_minute.setValue(self._pace[0])
        self.per_day.setValue(self._pace[1])

    def _model_typed(self) -> None:
        if self._model() != self._priced:
            self._price_model()  # another model's price, whatever was typed for the one before
        self._enable()

    def _price_model(self) -> None:
        self._priced = self._model()
        price = self._prices.get(self._priced) if self._priced else None
        self.price.show_price(price, self._prices.shipped(self._priced), is_free=self._is_free)
        self.price.setEnabled(bool(self._priced))

    def _enable(self) -> None:
        changed = self.is_changed
        self.save.setEnabled(changed)
        self.undo.setEnabled(changed)

    # --- how it is made ------------------------------------------------------------------------------------------

    def _limit(self, name: str) -> QSpinBox:
        limit = QSpinBox(self, maximum=MOST_REQUESTS)
        limit.setAccessibleName(name)
        limit.setSpecialValueText(self.tr("no limit"))
        limit.lineEdit().setTextMargins(_MARGIN_PX, 0, 0, 0)
        limit.ensurePolished()
        limit.setMinimumWidth(limit.sizeHint().width() + _MARGIN_PX)
        return limit

    def _lay_out(self) -> None:
        self.fields = QWidget(self)
        self.model.setSizePolicy(self.base_url.sizePolicy())
        a_minute, a_day = Quiet(self.tr("a minute"), self), Quiet(self.tr("a day"), self)
        form(
            (self.tr("&Model"), self.model),
            (self.tr("A&ddress"), self.base_url),
            (self.tr("Requests"), hbox(self.per_minute, a_minute, self.per_day, a_day, STRETCH, gap=8)),
            ("", hbox(self.free_tier, STRETCH)),
            (self.tr("US dollars per\nmillion tokens"), self.price),
            (self.tr("Daily &limit,\nUS dollars"), self.cap),
            ("", self.refusal),
            ("", hbox(self.save, self.undo, STRETCH, gap=8)),
            gap=9,
            on=self.fields,
        )
        add(self.body, self.heading, self.fields, self.told, STRETCH)
