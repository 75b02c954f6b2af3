"""A list of which one is chosen, by what each text stands for."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, QSize
from PySide6.QtWidgets import QComboBox, QWidget

MOST_CHARS = 36
"""As wide as so many letters at most: a profile's name of 64 made its page scroll sideways."""


class Choices(QComboBox):
    """``choices``: each text with what it stands for, which ``currentData`` gives. ``name``: what a screen reader says.

    ``chars``: as wide as so many letters; 0: as the widest text.
    """

    def __init__(self, name: str, parent: QWidget, *choices: tuple[str, object], chars: int = 0) -> None:
        super().__init__(parent)
        if name:
            self.setAccessibleName(name)
        if chars:
            self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            self.setMinimumContentsLength(chars)
        self.offer(choices)

    def sizeHint(self) -> QSize:
        return self._within(super().sizeHint())

    def minimumSizeHint(self) -> QSize:
        return self._within(super().minimumSizeHint())

    def _within(self, wanted: QSize) -> QSize:
        return wanted.boundedTo(QSize(MOST_CHARS * self.fontMetrics().averageCharWidth(), wanted.height()))

    def offer(self, choices: Iterable[tuple[str, object]]) -> None:
        """Offer these from now on; the chosen one stays so while it is among them, else it is the first."""
        wanted, chosen, had_any = list(choices), self.currentData(), self.count() > 0
        if wanted == [(self.itemText(row), self.itemData(row)) for row in range(self.count())]:
            return
        with QSignalBlocker(self):
            self.clear()
            for text, data in wanted:
                self.addItem(text, data)
            if had_any:
                self.choose(chosen)
        if self.currentData() != chosen:
            self.currentIndexChanged.emit(self.currentIndex())

    def choose(self, data: object) -> None:
        """The one that stands for ``data``, the first where none does."""
        self.setCurrentIndex(max(0, self.findData(data)))
