"""The prices of the models in use, and all that the owner set: look, set, add a model's, go back."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.cost.pricing import Price, checked_model
from app.core.errors import InvalidValue
from app.core.events import PricesChanged
from app.ui.providers.price_row import PriceRow
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.support.bridge import Bridge
from app.ui.support.sentences import said
from app.ui.widgets.buttons import Button
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.layouts import add, form, hbox, wide
from app.ui.widgets.table import Cell, Table
from app.ui.widgets.text import Quiet
from app.ui.widgets.validated_field import ValidatedField

WIDTH_PX, HEIGHT_PX = 680, 560


class PriceDialog(Dialog):
    """A table of models; under it the price of the one that is picked, or of one to be added."""

    def __init__(self, services: Services, bridge: Bridge, parent: QWidget, model: str = "") -> None:
        super().__init__(parent)
        self._providers, self._prices, self._adding = services.store.providers, services.store.prices, False
        self.setWindowTitle(self.tr("Prices of models"))
        self.resize(WIDTH_PX, HEIGHT_PX)
        titles = (self.tr("Model"), self.tr("In"), self.tr("Out"), self.tr("As of"), self.tr("From"))
        self.table = Table(titles, 0, self.tr("Prices of models, US dollars per million tokens"), self)
        self.model = QLineEdit(self)
        self.model.setPlaceholderText(self.tr("As the provider names it, such as gpt-6-luna"))
        self.model_field = ValidatedField(self.model, self)
        self.price = PriceRow(self)
        self.add = Button(self.tr("Add a model"), "add", self)
        self.save = Button(self.tr("Save the price"), "good", self)
        self._lay_out()
        self._connect(bridge)
        self._show()
        self.table.pick(model if model in self.table.rows.names else next(iter(self.table.rows.names), ""))
        self._show_picked()

    def _connect(self, bridge: Bridge) -> None:
        self.table.picked.connect(self._show_picked)
        self.model.textChanged.connect(self._typed)
        self.price.changed.connect(self._typed)
        self.price.reset.clicked.connect(self._reset)
        self.add.clicked.connect(self._begin_to_add)
        self.save.clicked.connect(self._save)
        bridge.on(PricesChanged, self._show, self)

    # --- what is shown -------------------------------------------------------------------------------------------

    def _show(self) -> None:
        models = [config.model for config in self._providers.all()]
        self.table.show_rows({price.model: self._row(price) for price in self._prices.all(models)})
        if not self.price.is_changed and not self._adding:
            self._show_picked()

    def _row(self, price: Price) -> tuple[Cell, ...]:
        return (
            Cell(price.model),
            Cell(fmt.amount(price.input_usd), number=True, sort=price.input_usd),
            Cell(fmt.amount(price.output_usd), number=True, sort=price.output_usd),
            Cell(fmt.day(date.fromisoformat(price.as_of)), sort=price.as_of),
            Cell(self.tr("you") if price.own else self.tr("shipped")),
        )

    def _show_picked(self) -> None:
        self._adding = not self.table.picked_name
        name = self.table.picked_name
        self.model.setText(name)
        self.model.setReadOnly(not self._adding)
        self.price.show_price(self._prices.get(name) if name else None, self._prices.shipped(name))
        if self._adding:
            self.price.source.setText(self.tr("It will be your own price."))
        self.refuse("")
        self.model_field.tell("")
        self._typed()

    def _typed(self) -> None:
        self.save.setEnabled(self.price.is_changed or (self._adding and bool(self.model.text().strip())))

    # --- what is done --------------------------------------------------------------------------------------------

    def _begin_to_add(self) -> None:
        self.table.pick("")
        self._show_picked()
        self.model.setFocus()

    def _save(self) -> None:
        """What cannot be is told beside its own field, all of it at once."""
        amounts = self.price.amounts()
        try:
            model = checked_model(self.model.text())
        except InvalidValue as error:
            self.model_field.tell(said(error))
            return
        if amounts is not None:
            self.work(self._saved(model, amounts), "save a price", self.save)

    async def _saved(self, model: str, amounts: tuple[float, float]) -> None:
        price = await self._prices.set(model, *amounts)
        self._settle(price.model)

    def _reset(self) -> None:
        self.work(self._gone_back(self.table.picked_name), "go back to a shipped price", self.price.reset)

    async def _gone_back(self, model: str) -> None:
        await self._prices.reset(model)
        self._settle(model)

    def _settle(self, model: str) -> None:
        """Show what is in force of ``model`` now."""
        self._show()
        if self.table.rows.row_of(model) >= 0:
            self.table.pick(model)
        self._show_picked()

    # --- how it is made ------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        price_label = self.tr("US dollars per\nmillion tokens")
        fields = form((self.tr("&Model"), self.model_field), (price_label, self.price), ("", self.refusal), gap=9)
        self.column.addWidget(Quiet(self.tr(
            "What a million tokens cost in US dollars. A dated form of a model, such as gpt-6-luna-2026-10-07, costs "
            "what the model does. Vendors change their prices: yours go before the shipped ones."
        ), self, wrap=True))  # fmt: skip
        add(self.column, wide(self.table), fields, hbox(self.add, self.button_box(self.save)))
