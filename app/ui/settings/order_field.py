"""Whom to ask first, as a list to drag and tick."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget

from app.core.setting import names_in
from app.ui.support import formatting as fmt
from app.ui.widgets.order_list import LEAST_PX, OrderList

_EDGE_PX = 4


class OrderField(OrderList):
    """``labels``: what the providers there are now are called, by name."""

    def __init__(self, labels: Callable[[], Mapping[str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self._labels = labels

    def show_text(self, text: str) -> None:
        """As the store has it. Who is no more is left out."""
        labels = self._labels()
        first = [name for name in names_in(text) if name in labels]
        others = [name for name in labels if name not in first]
        self.show_state([(name, name in first) for name in (*first, *others)], labels)
        self.list.setFixedHeight(max(LEAST_PX, self.list.sizeHintForRow(0) * len(labels) + 2 * _EDGE_PX))

    def text(self) -> str:
        """As the store reads it."""
        return ", ".join(self.names())

    def said(self, text: str) -> str:
        labels = self._labels()
        return fmt.joined(tuple(labels.get(name, name) for name in names_in(text)))
