"""The strip above every tab: is the server running, where, and how much went through it. It shows what really is."""

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
from app.ui.widgets.state_label import StateLabel
from app.ui.widgets.text import Heading, Quiet, Symbol, Text, tooltip

STATES: Mapping[ServerState, tuple[str, Tone]] = {
    "stopped": (QT_TRANSLATE_NOOP("StatusStrip", "Stopped"), "idle"),
    "starting": (QT_TRANSLATE_NOOP("StatusStrip", "Starting"), "busy"),
    "running": (QT_TRANSLATE_NOOP("StatusStrip", "Running"), "good"),
    "stopping": (QT_TRANSLATE_NOOP("StatusStrip", "Stopping"), "busy"),
    "error": (QT_TRANSLATE_NOOP("StatusStrip", "Error"), "bad"),
}
_SPACING_PX, _EDGES_PX, _BESIDE_ICON_PX = 11, 26, 4


class StatusStrip(Card):
    """Emits ``start_wanted`` and ``stop_wanted``; ``connect_phone`` and ``offer`` are for its owner. Shows what it is
    told."""

    start_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin_px=10)
        self._state: ServerState = "stopped"
        self.symbol = Symbol("idle", self, side_px=22)
        self.word = Heading("", self, steps=1)
        self.url = Text("", self)
        self.url.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.url.setAccessibleName(self.tr("Address for the phone"))
        self.copy = CopyButton(self.tr("Copy the address"), parent=self)
        self.frames = Quiet("", self)
        self.keyring = StateLabel("", "idle", self)
        self.disk = Quiet("", self)
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
        rest = (self.frames, self.keyring, self.disk, self.connect_phone, self.offer, self.toggle)
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

    def show_frames(self, frames_today: int) -> None:
        self.frames.setText(self.tr("Frames today: {number}").format(number=fmt.count(frames_today)))
        self._fit()

    def show_disk(self, used_bytes: int) -> None:
        self.disk.setText(self.tr("On disk: {size}").format(size=fmt.size(used_bytes)))
        self._fit()

    def show_keyring(self, usable: bool | None, sentence: str, *, is_locked: bool = False) -> None:
        """``usable`` None: it is being looked for."""
        if usable is None:
            self.keyring.show_state(self.tr("Keyring: checking"), "busy")
        elif usable:
            self.keyring.show_state(self.tr("Keyring: ready"), "good")
        else:
            self.keyring.show_state(self.tr("Keyring: locked") if is_locked else self.tr("Keyring: none"), "warn")
        self.keyring.setToolTip(tooltip(sentence))
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
        """Show as much as there is room for, the weightiest first: a word on the phone's button, the figures, and then
        all that the button has to say."""
        shown = self._always()
        short_px, whole_px = (self._text_px(text) for text in self._connect_texts)
        has_word = self._needed_px(shown) + short_px <= self.width()
        taken_px = short_px if has_word else 0
        for figure in (self.keyring, self.frames, self.disk):
            shown.append(figure)
            figure.setVisible(self._needed_px(shown) + taken_px <= self.width())
        short, whole = self._connect_texts
        has_room = self._needed_px(shown) + whole_px <= self.width()
        self.connect_phone.setText(whole if has_room else short if has_word else "")

    def _show_toggle(self) -> None:
        goes = self._state in ("running", "stopping", "starting")
        self.toggle.show_as(self.tr("Stop") if goes else self.tr("Start"), "stop" if goes else "start")
        self.toggle.setEnabled(self._state not in ("starting", "stopping"))

    def _toggled(self) -> None:
        (self.stop_wanted if self._state == "running" else self.start_wanted).emit()
