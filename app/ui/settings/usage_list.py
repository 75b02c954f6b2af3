"""How much each profile's history takes of what it may."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QGridLayout, QProgressBar, QWidget

from app.store import Usage
from app.ui.support import formatting as fmt
from app.ui.widgets.text import Quiet, Text

_PARTS = 1_000


class UsageList(QWidget):
    """A line per profile: name, a bar, the same in words, and its oldest frame."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: dict[str, tuple[Text, QProgressBar, Quiet]] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setColumnStretch(1, 1)
        self.nobody = Quiet(self.tr("Nobody has a profile yet."), self)
        self._grid.addWidget(self.nobody, 0, 0, 1, 3)

    def show_usage(self, usages: Iterable[Usage], limit_bytes: int) -> None:
        shown = {usage.username: usage for usage in usages}
        self.nobody.setVisible(not shown)
        if list(shown) != list(self.lines):
            self._rebuild(list(shown))
        for name, usage in shown.items():
            _, bar, told = self.lines[name]
            bar.setValue(min(_PARTS, round(_PARTS * usage.bytes / max(1, limit_bytes))))
            said = self.tr("{used} of {limit}, {frames} frames, oldest: {oldest}").format(
                used=fmt.size(usage.bytes),
                limit=fmt.size(limit_bytes),
                frames=fmt.count(usage.frames),
                oldest=fmt.when(usage.oldest_at) if usage.oldest_at else fmt.DASH,
            )
            told.setText(said)
            bar.setAccessibleName(f"{name}: {said}")

    def _rebuild(self, names: list[str]) -> None:
        for parts in self.lines.values():
            for part in parts:
                part.hide()
                part.deleteLater()
        self.lines = {}
        for row, name in enumerate(names, start=1):
            label, bar, told = Text(name, self), QProgressBar(self, maximum=_PARTS, textVisible=False), Quiet("", self)
            bar.setFixedHeight(6)
            self._grid.addWidget(label, row, 0)
            self._grid.addWidget(bar, row, 1)
            self._grid.addWidget(told, row, 2)
            self.lines[name] = (label, bar, told)
