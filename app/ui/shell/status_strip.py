"""The strip above every tab. Is it running, and where? Was my phone heard? How are my AIs? What did today cost?"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.core.events import ServerState, ServerStateChanged
from app.ui.support import formatting as fmt
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP
from app.ui.support.theme import Tone
from app.ui.widgets.buttons import Button, CopyButton
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import STRETCH, hbox
from app.ui.widgets.state_label import StateLabel, ToneButton
from app.ui.widgets.text import Heading, Quiet, Symbol, Text, tooltip

STATES: Mapping[ServerState, tuple[str, Tone]] = {
    "stopped": (QT_TRANSLATE_NOOP("StatusStrip", "Stopped"), "idle"),
    "starting": (QT_TRANSLATE_NOOP("StatusStrip", "Starting"), "busy"),
    "running": (QT_TRANSLATE_NOOP("StatusStrip", "Running"), "good"),
    "stopping": (QT_TRANSLATE_NOOP("StatusStrip", "Stopping"), "busy"),
    "error": (QT_TRANSLATE_NOOP("StatusStrip", "Error"), "bad"),
}
_SPACING_PX, _EDGES_PX, _BESIDE_ICON_PX = 8, 26, 4


class StatusStrip(Card):
    """Emits ``start_wanted`` and ``stop_wanted``; ``connect_phone``, ``offer`` and ``ais`` are for its owner.

    Shows what it is told; keyring and disk only when something is wrong with them.
    """

    start_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin_px=10)
        self._state: ServerState = "stopped"
        self._url = ""
        self.symbol = Symbol("idle", self, side_px=22)
        self.word = Heading("", self, steps=1)
        self.url = Text("", self)
        self.url.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.url.setAccessibleName(self.tr("Address for the phone"))
        self.copy = CopyButton(self.tr("Copy the address"), parent=self)
        self.phone = StateLabel("", "idle", self)
        self.ais = ToneButton(self)
        self.cost = Quiet("", self)
        self.keyring, self.disk = StateLabel("", "warn", self), StateLabel("", "bad", self)
        self._connect_texts = (self.tr("Connect"), self.tr("Connect a phone"))
        self.connect_phone = Button("", "device", self)
        self.connect_phone.setAccessibleName(self._connect_texts[1])
        self.connect_phone.setToolTip(self._connect_texts[1])
        self.connect_phone.setEnabled(False)
        self.offer = Button("", "", self)
        self.offer.hide()
        self.toggle = Button("", "start", self)
        self.toggle.clicked.connect(self._toggled)
        server = (self.symbol, self.word, self.url, self.copy)
        rest = (
            self.phone, self.ais, self.cost, self.keyring, self.disk, self.connect_phone, self.offer, self.toggle,
        )  # fmt: skip
        self.body.addLayout(hbox(*server, STRETCH, *rest, gap=_SPACING_PX, margins=(6, 0, 0, 0)))
        self.show_server(ServerStateChanged("starting"))
        self.toggle.setEnabled(False)

    def show_server(self, event: ServerStateChanged) -> None:
        """The listener's own state."""
        self._state = event.state
        word, tone = STATES[event.state]
        self.symbol.show_tone(tone)
        self.word.setText(self.tr(word))
        self.word.setAccessibleName(self.tr("Server: {state}").format(state=self.tr(word)))
        self.word.setToolTip("")
        self._url = event.url
        self.url.setText(event.url)
        self.copy.text_to_copy = event.url
        for widget in (self.url, self.copy):
            widget.setVisible(bool(event.url))
        self._fit()
        self._show_toggle()

    def show_offer(self, text: str) -> None:
        """What would work instead of what failed; "": nothing."""
        self.offer.setText(text)
        self.offer.setVisible(bool(text))
        self._fit()

    def show_phone(self, heard: str, address: str) -> None:
        """``heard``: how long ago; "": never since the start."""
        text = self.tr("Phone: {ago}").format(ago=heard) if heard else self.tr("Phone: not heard yet")
        self.phone.setToolTip(address)
        self._change(self.phone, text, "good" if heard else "idle")

    def show_ais(self, ready: int, need_owner: int, known: int) -> None:
        """How many of them are ready, and how many wait for their owner."""
        if known:
            text = self.tr("AIs: {ready} of {known} ready").format(ready=ready, known=known)
        else:
            text = self.tr("No AI yet")
        tone: Tone = "bad" if need_owner or (known and not ready) else "warn" if ready < known else "good"
        self._change(self.ais, text, tone if known else "idle")

    def show_today(self, cost_usd: float, frames: int) -> None:
        text = self.tr("Today: {cost}").format(cost=fmt.usd(cost_usd))
        self.cost.setToolTip(self.tr("Frames today: {number}").format(number=fmt.count(frames)))
        if text != self.cost.text():
            self.cost.setText(text)
            self._fit()

    def show_disk(self, free_bytes: int | None) -> None:
        """What is left; None: enough."""
        text = "" if free_bytes is None else self.tr("Left on the disk: {size}").format(size=fmt.size(free_bytes))
        self._change(self.disk, text, "bad")

    def show_keyring(self, *, is_usable: bool, sentence: str = "", is_locked: bool = False) -> None:
        text = self.tr("Keyring: locked") if is_locked else self.tr("Keyring: none")
        self.keyring.setToolTip(tooltip(sentence))
        self._change(self.keyring, "" if is_usable else text, "warn")

    def _change(self, figure: StateLabel | ToneButton, text: str, tone: Tone) -> None:
        """Each change lays the strip out anew."""
        if (text, tone) != figure.shown:
            figure.show_state(text, tone)
            self._fit()

    def minimumSizeHint(self) -> QSize:
        """A narrow window does without the figures."""
        return QSize(self._needed_px(self._always()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _always(self) -> list[QWidget]:
        ways = (self.url, self.copy) if self.url.text() else ()
        offers = (self.offer,) if self.offer.text() else ()
        return [self.symbol, self.word, *ways, self.connect_phone, *offers, self.toggle]

    def _needed_px(self, widgets: list[QWidget]) -> int:
        """With the phone's button as a drawing alone."""
        widgets_px = sum(widget.sizeHint().width() for widget in widgets) - self._text_px(self.connect_phone.text())
        return _EDGES_PX + widgets_px + _SPACING_PX * (len(widgets) - 1)

    def _text_px(self, text: str) -> int:
        """What ``text`` takes on the phone's button."""
        return self.connect_phone.fontMetrics().horizontalAdvance(text) + _BESIDE_ICON_PX if text else 0

    def _fit(self) -> None:
        """Show as much as there is room for, the weightiest first; an address can do without its scheme before that."""
        self.url.setText(self._url)
        if self._room_px() < _figure_px(self.ais) + _figure_px(self.phone):
            self.url.setText(self._url.removeprefix("http://"))
        room_px, connect = self._room_px(), ""
        short, whole = self._connect_texts
        for figure in (self.ais, self.phone, self.cost, short, self.keyring, self.disk, whole):
            if isinstance(figure, str):
                room_px -= self._text_px(figure) - self._text_px(connect)
                connect = figure if room_px >= 0 else connect
            else:
                room_px -= _figure_px(figure)
                figure.setVisible(room_px >= 0 and bool(figure.text()))
        self.connect_phone.setText(connect)

    def _room_px(self) -> int:
        """What is left beside what is always there."""
        return self.width() - self._needed_px(self._always())

    def _show_toggle(self) -> None:
        goes = self._state in ("running", "stopping", "starting")
        self.toggle.show_as(self.tr("Stop") if goes else self.tr("Start"), "stop" if goes else "start")
        self.toggle.setEnabled(self._state not in ("starting", "stopping"))

    def _toggled(self) -> None:
        (self.stop_wanted if self._state == "running" else self.start_wanted).emit()


def _figure_px(figure: StateLabel | ToneButton | Quiet) -> int:
    return figure.sizeHint().width() + _SPACING_PX if figure.text() else 0
