"""The window's own memory: where it stood, how it looked, what was told once.

An INI file in the data folder, never the registry.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QByteArray, QLocale, QMargins, QRect, QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.ui.support.theme import SCHEMES, Scheme

_GEOMETRY, _SCHEME, _TAB = "window/geometry", "window/scheme", "window/tab"
_TOLD_ADDRESS = "phones/told_address"
_TRAY_TOLD, _DISMISSED, _COLUMNS = "window/tray_told", "window/dismissed", "columns"
_SEEN_PX = 80
"""So much of the title bar must lie on a screen."""
_FRAME = QMargins(4, 36, 4, 4)
"""Around a window that was not shown yet: what the system draws there is known only afterwards."""


class Columns(Protocol):
    """A table whose columns are to be found again as they were left."""

    def kept_state(self) -> dict[str, object]:
        """What JSON can hold."""
        ...

    def restore_state(self, state: dict[str, object]) -> None:
        """What ``kept_state`` gave, or whatever else stands in the file."""
        ...


class WindowMemory:
    """Reads and writes the INI file at ``path``; None: nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self._settings = QSettings(str(path), QSettings.Format.IniFormat) if path is not None else None

    @property
    def is_kept(self) -> bool:
        return self._settings is not None

    def restore_place(self, window: QWidget) -> None:
        """Put the window where it stood, or onto the first screen when that place is gone."""
        geometry = self._value(_GEOMETRY, QByteArray())
        if isinstance(geometry, QByteArray) and not geometry.isEmpty():
            window.restoreGeometry(geometry)
        bring_on_screen(window)

    def keep_place(self, window: QWidget) -> None:
        self._keep(_GEOMETRY, window.saveGeometry())

    @property
    def scheme(self) -> Scheme:
        kept = self._value(_SCHEME, "system")
        return next((scheme for scheme in SCHEMES if scheme == kept), "system")

    @scheme.setter
    def scheme(self, scheme: Scheme) -> None:
        self._keep(_SCHEME, scheme)

    @property
    def tab(self) -> str:
        return str(self._value(_TAB, ""))

    @tab.setter
    def tab(self, name: str) -> None:
        self._keep(_TAB, name)

    @property
    def tray_told(self) -> bool:
        """Whether the owner was told that closing leaves the program in the tray."""
        return str(self._value(_TRAY_TOLD, "false")).lower() == "true"  # INI files know texts alone

    @tray_told.setter
    def tray_told(self, told: bool) -> None:
        self._keep(_TRAY_TOLD, told)

    @property
    def dismissed(self) -> list[str]:
        """The offers that are not to be made again."""
        try:
            kept = json.loads(str(self._value(_DISMISSED, "[]")))
        except ValueError:  # somebody edited the file
            return []
        return [one for one in kept if isinstance(one, str)] if isinstance(kept, list) else []

    def dismiss(self, offer: str) -> None:
        self._keep(_DISMISSED, json.dumps([*self.dismissed, offer]))

    @property
    def told_address(self) -> str:
        """The address that phones were told last; "" before the first."""
        return str(self._value(_TOLD_ADDRESS, ""))

    @told_address.setter
    def told_address(self, address: str) -> None:
        if address != self.told_address:
            self._keep(_TOLD_ADDRESS, address)

    def restore_columns(self, table: Columns, key: str) -> None:
        """Give ``table`` the widths and the order that were kept under ``key``."""
        try:
            state = json.loads(str(self._value(_of_language(key), "{}")))
        except ValueError:  # somebody edited the file
            return
        if isinstance(state, dict):
            table.restore_state(state)

    def keep_columns(self, table: Columns, key: str) -> None:
        self._keep(_of_language(key), json.dumps(table.kept_state()))

    def _value(self, key: str, default: object) -> object:
        return default if self._settings is None else self._settings.value(key, default)

    def _keep(self, key: str, value: object) -> None:
        if self._settings is not None and self._settings.value(key) != value:
            self._settings.setValue(key, value)


def _of_language(key: str) -> str:
    """Titles are as wide as their words are."""
    return f"{_COLUMNS}/{QLocale().name()}/{key}"


def bring_on_screen(window: QWidget) -> None:
    """Move and shrink ``window`` so that all of it can be seen, and moved, whatever it would rather have."""
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    framed = window.frameGeometry() if window.isVisible() else window.geometry() + _FRAME
    if not screens or any(_holds(screen, framed) for screen in screens):
        return
    home = screens[0] - _FRAME
    window.setMinimumSize(window.minimumSize().boundedTo(home.size()))
    place = QRect(home.topLeft(), window.size().boundedTo(home.size()))
    place.moveCenter(home.center())
    window.setGeometry(place)


def _holds(screen: QRect, window: QRect) -> bool:
    title = QRect(window.topLeft(), window.topRight()).adjusted(0, 0, 0, _SEEN_PX)
    seen = screen.intersected(title)
    fits = window.width() <= screen.width() and window.height() <= screen.height()
    return fits and window.top() >= screen.top() and seen.width() >= 2 * _SEEN_PX and seen.height() >= _SEEN_PX // 2
