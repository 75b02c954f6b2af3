"""An amount of US dollars as it is typed; what it may not be is told right under it, and stays to be mended."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.cost.pricing import PRICE_MAX_USD, checked_amount
from app.core.errors import InvalidValue
from app.ui.support import formatting as fmt
from app.ui.support.sentences import said
from app.ui.widgets.validated_field import ValidatedField

WIDTH_PX = 64


class AmountField(ValidatedField):
    """``changed`` follows the typing. ``empty``: what an empty field means, in a word or two."""

    changed = Signal()

    def __init__(self, name: str, empty: str, parent: QWidget) -> None:
        super().__init__(QLineEdit(), parent)
        self._filled = ""
        self.field.setAccessibleName(name)
        self.field.setPlaceholderText(empty)
        self.field.setMinimumWidth(WIDTH_PX)
        self.field.textChanged.connect(self.changed)

    def show_amount(self, usd: float | None) -> None:
        """None leaves it empty."""
        self._filled = "" if usd is None else fmt.amount(usd)
        self.field.setText(self._filled)
        self.tell("")

    @property
    def text(self) -> str:
        return self.field.text().strip()

    @property
    def is_changed(self) -> bool:
        """Whether something else was typed than what was shown."""
        return self.text != self._filled

    def amount(self) -> float | None:
        """What is typed; None when it cannot be, which is told under the field."""
        try:
            return checked_amount(self.text, PRICE_MAX_USD)
        except InvalidValue as error:
            self.tell(said(error))
            return None
