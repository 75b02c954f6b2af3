"""Above the list of frames: how many there are, what they were narrowed down to, and what can be done with them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.activity.delete_frames import Scope
from app.ui.activity.exports import FORMS, Form
from app.ui.support import formatting as fmt
from app.ui.widgets.buttons import Button
from app.ui.widgets.layouts import STRETCH, hbox
from app.ui.widgets.text import Quiet


class ListBar(QWidget):
    """``export_wanted`` tells a ``Form``, ``delete_wanted`` a ``Scope``; ``chip`` is pressed to see all."""

    export_wanted = Signal(str)
    delete_wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown, self.chip = Quiet("", self), Button("", "close", self)
        self.export, self.delete = Button(self.tr("Export"), "up", self), Button(self.tr("Delete"), "delete", self)
        self.fresh = Button("", "up", self)
        self.fresh.setToolTip(self.tr("The list holds still while the pointer is on it; this shows what has come"))
        self.fresh.hide()
        self.chip.setToolTip(self.tr("Show all frames again"))
        self.chip.hide()
        self._add_menus()
        hbox(self.shown, self.chip, self.fresh, STRETCH, self.export, self.delete, gap=8, on=self)

    def show_fresh(self, number: int, *, is_cut: bool) -> None:
        """So many frames have come that are not in the list, ``is_cut``: or more."""
        text = self.tr("{count} or more new") if is_cut else self.tr("{count} new")
        self.fresh.setText(text.format(count=fmt.count(number)))
        self.fresh.setVisible(number > 0)

    def show_choice(self, told: str, number: int | None, *, is_cut: bool = False) -> None:
        """``told``: what they were narrowed down to, "" nothing. ``number`` of frames, None where nobody knows;
        ``is_cut``: there may be more.
        """
        self.chip.setVisible(bool(told))
        if not told:
            text = self.tr("more than {frames}, newest first") if is_cut else self.tr("{frames}, newest first")
            text = text.format(frames=fmt.frames(number or 0))
            self.shown.setText(text if number else "")
            return
        self.shown.setText(self.tr("Shown:") if number is None else fmt.frames(number))
        self.chip.setText(told)
        self.chip.setAccessibleName(self.tr("{filter}: show all frames again").format(filter=told))

    def _add_menus(self) -> None:
        forms: dict[Form, str] = {
            "csv": self.tr("Spreadsheet (CSV)…"), "html": self.tr("Web page (HTML)…"), "pdf": self.tr("PDF…"),
        }  # fmt: skip
        scopes: dict[Scope, str] = {
            "shown": self.tr("The shown frames…"), "day": self.tr("A day…"),
            "profile": self.tr("Everything of a profile…"),
        }  # fmt: skip
        export_menu, delete_menu = QMenu(self.export), QMenu(self.delete)
        for form in FORMS:
            export_menu.addAction(forms[form]).triggered.connect(
                lambda _=False, form=form: self.export_wanted.emit(form)
            )
        for scope, text in scopes.items():
            delete_menu.addAction(text).triggered.connect(lambda _=False, scope=scope: self.delete_wanted.emit(scope))
        self.export.setMenu(export_menu)
        self.delete.setMenu(delete_menu)
