"""What a model costs, ours or the owner's own, and the way back from the one to the other."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.core.cost.pricing import Price
from app.ui.providers.amount_field import AmountField
from app.ui.support import formatting as fmt
from app.ui.widgets.buttons import Button
from app.ui.widgets.layouts import at_left, at_top, hbox, vbox, wide
from app.ui.widgets.text import Quiet


class PriceRow(QWidget):
    """Two amounts per million tokens. ``changed`` follows the typing; ``reset`` goes back to the shipped price."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        unknown = self.tr("not known")
        self.input = AmountField(self.tr("Price of input, US dollars per million tokens"), unknown, self)
        self.output = AmountField(self.tr("Price of output, US dollars per million tokens"), unknown, self)
        self.source = Quiet("", self, wrap=True)
        self.source.keep_whole()
        self.reset = Button(self.tr("Back to the shipped price"), "", self)
        self._lay_out()
        for amount in (self.input, self.output):
            amount.changed.connect(self.changed)

    def show_price(self, price: Price | None, shipped: Price | None, *, is_free: bool = False) -> None:
        """``shipped``: what it goes back to. What is typed is lost: ask ``is_changed`` before."""
        self.input.show_amount(None if price is None else price.input_usd)
        self.output.show_amount(None if price is None else price.output_usd)
        self.source.setText(self._source(price, is_free=is_free))
        own = price is not None and price.own
        self.reset.setVisible(own)
        self.reset.setText(self.tr("Back to the shipped price") if shipped else self.tr("Forget this price"))

    @property
    def is_changed(self) -> bool:
        return self.input.is_changed or self.output.is_changed

    def amounts(self) -> tuple[float, float] | None:
        """What is typed; None when one cannot be, which its field says itself."""
        found = (self.input.amount(), self.output.amount())
        return None if found[0] is None or found[1] is None else (found[0], found[1])

    def _source(self, price: Price | None, *, is_free: bool) -> str:
        if is_free and (price is None or price.is_free):
            return self.tr("Free: its calls cost nothing.")
        if price is None:
            return self.tr("Nobody knows its price: its calls are not counted in what was spent.")
        if price.own:
            return self.tr("Your own price, as of {date}.").format(date=fmt.day(date.fromisoformat(price.as_of)))
        return self.tr("Shipped with the program, as of {date}.").format(date=fmt.day(date.fromisoformat(price.as_of)))

    def _lay_out(self) -> None:
        into, out = Quiet(self.tr("in"), self), Quiet(self.tr("out"), self)
        for label in (into, out):  # beside the line, whatever stands under that
            label.setFixedHeight(self.input.field.sizeHint().height())
        amounts = hbox(wide(self.input), at_top(into), wide(self.output), at_top(out), gap=8)
        vbox(amounts, self.source, at_left(self.reset), gap=5, on=self)
