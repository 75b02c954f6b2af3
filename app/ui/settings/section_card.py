"""A section of the settings: its rows, what belongs to them, and a fold with what only a few people ever need."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.settings.setting_row import SettingRow
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import STRETCH, hbox, vbox
from app.ui.widgets.text import Quiet


class SectionCard(Card):
    """``note`` stands under its title. ``add_setting`` fills it; ``add_part`` puts something behind the plain rows,
    before the fold."""

    def __init__(self, title: str, note: str, parent: QWidget) -> None:
        super().__init__(parent, title=title)
        self.rows: list[SettingRow] = []
        self._parts: list[QWidget] = []
        self._plain, self._folded = vbox(gap=6), QWidget(self)
        self._inner = vbox(gap=6, on=self._folded)
        self.fold: Button | None = None
        """There once something stands behind it."""
        self._fold_place = hbox(STRETCH)
        if note:
            self.body.addWidget(Quiet(note, self, wrap=True))
        self.body.addLayout(self._plain)
        self.body.addLayout(self._fold_place)
        self.body.addWidget(self._folded)
        self._folded.hide()

    def add_setting(self, row: SettingRow, *, advanced: bool) -> None:
        self.rows.append(row)
        (self._inner if advanced else self._plain).addWidget(row)
        if advanced and self.fold is None:
            self.fold = Button("", "", self)
            self.fold.setFlat(True)
            self.fold.clicked.connect(lambda: self.open_fold(on=self._folded.isHidden()))
            self._fold_place.insertWidget(0, self.fold)
            self.open_fold(on=False)

    def add_part(self, part: QWidget) -> None:
        self._parts.append(part)
        self._plain.addWidget(part)

    def open_fold(self, *, on: bool) -> None:
        self._folded.setVisible(on)
        if self.fold is not None:
            self.fold.show_as(self.tr("Advanced"), "up" if on else "down")
            self.fold.setAccessibleDescription(self.tr("Shown") if on else self.tr("Folded away"))

    def reveal(self, row: SettingRow) -> None:
        """Unfold what ``row`` stands in."""
        if self._folded.isAncestorOf(row):
            self.open_fold(on=True)

    def show_matching(self, needle: str) -> int:
        """Show the rows alone that contain ``needle``, case-folded, wherever they stand; all for "". How many."""
        found = [row for row in self.rows if row.contains(needle)]
        for row in self.rows:
            row.setVisible(row in found)
        folded = [row for row in self.rows if self._folded.isAncestorOf(row)]
        self.open_fold(on=bool(needle) and any(row in found for row in folded))
        if self.fold is not None:
            self.fold.setVisible(not needle)
        for part in self._parts:
            part.setVisible(not needle)
        self.setVisible(bool(found) or not needle)
        return len(found)
