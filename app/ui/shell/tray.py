"""The icon in the system's tray: how the server stands, and what can be done about it with the window closed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QAction, QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from app.core.control import ServerControl
from app.core.errors import ServerError
from app.core.events import ServerStateChanged
from app.core.tasks import spawn
from app.ui.shell.pause import Pause
from app.ui.shell.status_strip import STATES
from app.ui.support import formatting as fmt
from app.ui.support import icons
from app.ui.support.bridge import Bridge
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP
from app.ui.support.theme import Tone, our_palette, tone_colour

PAUSES = (
    (15, QT_TRANSLATE_NOOP("Tray", "No answers for 15 minutes")),
    (60, QT_TRANSLATE_NOOP("Tray", "No answers for 1 hour")),
)
NOTICE_MS = 10_000
_SIDES_PX = (16, 22, 24, 32, 48, 64)
_GROUND = "#2459d6"
_BADGE = 0.56
"""Of the icon's side."""


def is_there() -> bool:
    """Whether this desktop shows tray icons now; one may come late, or never (GNOME)."""
    return QSystemTrayIcon.isSystemTrayAvailable()


class Tray(QObject):
    """``open`` and ``quit`` of its menu, and a click on a message of its ``icon``, are for its owner."""

    def __init__(self, control: ServerControl, bridge: Bridge, pause: Pause, parent: QWidget) -> None:
        super().__init__(parent)
        self._control, self._pause = control, pause
        self.icon = QSystemTrayIcon(self)
        self.menu = QMenu(parent)
        self.state = self._add("")
        self.state.setEnabled(False)
        self.url = self._add("", self._copy)
        self.menu.addSeparator()
        self.toggle = self._add("", self._toggled)
        self.pauses = [self._add(self.tr(text), partial(pause.start, minutes)) for minutes, text in PAUSES]
        self.resume = self._add(self.tr("Answer again now"), pause.resume)
        self.menu.addSeparator()
        self.open, self.quit = self._add(self.tr("Open the window")), self._add(self.tr("Quit"))
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        bridge.on(ServerStateChanged, self._server_changed, self)
        pause.changed.connect(self._show)
        self._event = ServerStateChanged(control.state, control.url, control.sentence)
        self._show()
        self.icon.show()

    def _add(self, text: str, do: Callable[[], None] | None = None) -> QAction:
        action = self.menu.addAction(text)
        if do is not None:
            action.triggered.connect(lambda: do())
        return action

    def notify(self, title: str, text: str) -> bool:
        """Show a message beside the icon; False where there is no tray."""
        if not is_there():
            return False
        self.icon.showMessage(title, text, self.icon.icon(), NOTICE_MS)
        return True

    def close(self) -> None:
        self.icon.hide()

    # --- what it shows -------------------------------------------------------------------------------------------

    def _server_changed(self, event: ServerStateChanged) -> None:
        self._event = event
        self._show()

    def _show(self) -> None:
        word, tone = STATES[self._event.state]
        said = QGuiApplication.translate("StatusStrip", word)
        if self._pause.until is not None:
            said, tone = self.tr("No answers until {time}").format(time=fmt.clock(self._pause.until)), "warn"
        self.state.setText(said)
        self.url.setText(self.tr("Copy {address}").format(address=self._event.url))
        self.url.setVisible(bool(self._event.url))
        goes = self._event.state == "running"
        self.toggle.setText(self.tr("Stop") if goes else self.tr("Start"))
        self.toggle.setEnabled(self._event.state not in ("starting", "stopping"))
        self.resume.setVisible(self._pause.until is not None)
        for action in self.pauses:
            action.setVisible(goes and self._pause.until is None)
        self.icon.setIcon(_drawn(tone))
        self.icon.setToolTip(": ".join((self.tr("Frame Backend"), said)) + (f"\n{self._event.url}" if goes else ""))

    # --- what it does --------------------------------------------------------------------------------------------

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.open.trigger()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._event.url)

    def _toggled(self) -> None:
        control = self._control
        spawn(_driven(control, stop=control.state == "running"), name="drive the server from the tray")


async def _driven(control: ServerControl, *, stop: bool) -> None:
    with contextlib.suppress(ServerError):  # it is the server's state then, and icon and strip show it
        await (control.stop() if stop else control.start())


def _drawn(tone: Tone) -> QIcon:
    """Our drawing on a disc of its own colour, whatever the tray's is, with the sign of the state in a corner."""
    made = QIcon()
    for side_px in _SIDES_PX:
        made.addPixmap(_with_sign(tone, side_px))
    return made


def _with_sign(tone: Tone, side_px: int) -> QPixmap:
    drawn = QPixmap(side_px, side_px)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(_GROUND))
    painter.drawRoundedRect(QRectF(0, 0, side_px, side_px), side_px * 0.22, side_px * 0.22)
    inner_px = round(side_px * 0.8)
    around_px = (side_px - inner_px) // 2
    painter.drawPixmap(around_px, around_px - side_px // 16, icons.pixmap("live", QColor("#ffffff"), inner_px))
    badge_px = round(side_px * _BADGE)
    corner = QRectF(side_px - badge_px, side_px - badge_px, badge_px, badge_px)
    painter.setBrush(QColor("#ffffff"))
    painter.drawEllipse(corner)
    sign = icons.pixmap(tone, tone_colour(tone, our_palette(dark=False)), badge_px)
    painter.drawPixmap(corner.topLeft().toPoint(), sign)
    painter.end()
    return drawn
