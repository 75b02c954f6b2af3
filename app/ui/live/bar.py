"""Above the cards: hold them, hide their pictures, try one by hand."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.support import formatting as fmt
from app.ui.widgets.buttons import Button
from app.ui.widgets.card_grid import RIGHT_PX
from app.ui.widgets.layouts import STRETCH, hbox
from app.ui.widgets.state_label import StateLabel


class LiveBar(QWidget):
    """Each button says what a click does now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.try_it = Button(self.tr("Try a picture…"), "picture", self)
        self.try_it.setToolTip(self.tr("Every AI is shown it. You can also drop a picture here, or paste one."))
        self.pause, self.blur = Button("", "", self), Button("", "", self)
        self.held = StateLabel("", "idle", self)
        hbox(self.pause, self.blur, self.held, STRETCH, self.try_it, gap=8, on=self, margins=(0, 0, RIGHT_PX, 0))
        self.show_held(None)
        self.show_blurred(on=False)

    def show_held(self, frames: int | None) -> None:
        """``frames`` have come since what is shown was held; None: it is not held."""
        self.held.setVisible(frames is not None)
        if frames is None:
            self.pause.show_as(self.tr("Hold still"), "pause")
            self.pause.setToolTip(self.tr("Keeps what is shown. The glasses get their answers all the same."))
            return
        self.pause.show_as(self.tr("Go on"), "start")
        self.pause.setToolTip(self.tr("Shows what has come since"))
        text = self.tr("Held still; the glasses get their answers. Since then: {count}").format(count=fmt.count(frames))
        self.held.show_state(text, "idle")

    def show_blurred(self, *, on: bool) -> None:
        self.blur.show_as(*((self.tr("Show pictures"), "show") if on else (self.tr("Blur pictures"), "hide")))
        self.blur.setToolTip(
            self.tr("Pictures are blurred on this page; this is kept until you show them again")
            if on
            else self.tr("For when others look on: no picture on this page can be made out")
        )
