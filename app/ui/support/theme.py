"""Light, dark or as the system has it: palettes of ours where the platform has none, and the colours of states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPalette, QPen
from PySide6.QtWidgets import QApplication

from app.paths import resource

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget as _Widget
else:
    _Widget = object  # a class of Qt's cannot stand twice among a widget's

Scheme = Literal["system", "light", "dark"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
Tone = Literal["good", "warn", "bad", "busy", "idle"]
"""How something stands; each has a symbol of its own beside its colour."""

TINT = QColor(91, 140, 255, 44)
"""Over the ground of what is chosen or on, light or dark; its text keeps its colour."""
_HALF_TINT = QColor(91, 140, 255, 23)
"""Twice as much as once of ``TINT``: of a table Qt paints the row, and then each cell over it."""
MARGIN_PX = 16
"""Room around what fills the window."""

Role = QPalette.ColorRole

_LIGHT: dict[Role, str] = {
    Role.Window: "#f3f4f7", Role.WindowText: "#1b2330", Role.Base: "#ffffff", Role.AlternateBase: "#f7f8fa",
    Role.Text: "#1b2330", Role.Button: "#ffffff", Role.ButtonText: "#1b2330", Role.BrightText: "#ffffff",
    Role.Light: "#ffffff", Role.Midlight: "#e7e9ee", Role.Mid: "#cfd4dd", Role.Dark: "#a3abb8", Role.Shadow: "#6d7685",
    Role.Highlight: "#2459d6", Role.HighlightedText: "#ffffff", Role.Accent: "#2459d6", Role.Link: "#1f4fc4",
    Role.LinkVisited: "#6a3fc4", Role.ToolTipBase: "#1b2330", Role.ToolTipText: "#f3f4f7",
    Role.PlaceholderText: "#5b6575",
}  # fmt: skip
_DARK: dict[Role, str] = {
    Role.Window: "#16191f", Role.WindowText: "#e7eaf0", Role.Base: "#1e222a", Role.AlternateBase: "#232832",
    Role.Text: "#e7eaf0", Role.Button: "#2a303b", Role.ButtonText: "#e7eaf0", Role.BrightText: "#ffffff",
    Role.Light: "#465062", Role.Midlight: "#2c323d", Role.Mid: "#3b4351", Role.Dark: "#101318", Role.Shadow: "#07080a",
    Role.Highlight: "#3f6fe6", Role.HighlightedText: "#ffffff", Role.Accent: "#5b8cff", Role.Link: "#8fb0ff",
    Role.LinkVisited: "#c2a6ff", Role.ToolTipBase: "#e7eaf0", Role.ToolTipText: "#16191f",
    Role.PlaceholderText: "#9aa5b6",
}  # fmt: skip
_FADED = {False: "#98a1af", True: "#687385"}
_TONES: dict[Tone, tuple[str, str]] = {  # on light, on dark: at least 4.5 to 1 against every ground, tinted or not
    "good": ("#12713a", "#52d186"),
    "warn": ("#8f5400", "#f0b44c"),
    "bad": ("#bf2431", "#ff8088"),
    "busy": ("#2459d6", "#8fb0ff"),
    "idle": ("#5b6575", "#9aa5b6"),
}


def is_dark(palette: QPalette) -> bool:
    """Whether text is lighter than what it stands on."""
    return palette.color(Role.WindowText).lightness() > palette.color(Role.Window).lightness()


def tone_colour(tone: Tone, palette: QPalette) -> QColor:
    """The colour of ``tone`` that can be read on ``palette``."""
    light, dark = _TONES[tone]
    return QColor(dark if is_dark(palette) else light)


def focus_ring(palette: QPalette) -> QPen:
    """What has the focus is drawn with it where it paints itself; the style sheet draws the others so."""
    return QPen(palette.color(Role.Accent), 2.0)


def our_palette(*, dark: bool) -> QPalette:
    """A whole palette, disabled group included."""
    palette = QPalette()
    for role, colour in (_DARK if dark else _LIGHT).items():
        palette.setColor(role, QColor(colour))
    for role in (Role.WindowText, Role.Text, Role.ButtonText, Role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(_FADED[dark]))
    palette.setColor(QPalette.ColorGroup.Disabled, Role.Highlight, QColor("#3b4351" if dark else "#cfd4dd"))
    return palette


def _style() -> str:
    """The style sheet; its drawings of arrows and check boxes are named by their whole path."""
    sheet = resource("style/window.qss").read_text(encoding="utf-8").replace("ICONS", resource("icons").as_posix())
    for name, colour in (("HALF_TINT", _HALF_TINT), ("TINT", TINT)):
        sheet = sheet.replace(name, f"rgba({colour.red()}, {colour.green()}, {colour.blue()}, {colour.alpha()})")
    return sheet


class Themed(_Widget):
    """Comes before a widget's own class, which draws in the palette's colours: ``draw`` is called when these change."""

    def draw(self) -> None:
        raise NotImplementedError

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.draw()
        super().changeEvent(event)


class Theme(QObject):
    """Holds the chosen scheme and follows the system's while that is what was chosen."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self.scheme: Scheme = "system"
        self._dark: bool | None = None
        application.setStyle("Fusion")
        self._style = _style()
        application.styleHints().colorSchemeChanged.connect(self._follow)

    def apply(self, scheme: Scheme) -> None:
        """Show everything in ``scheme`` at once."""
        self.scheme = scheme
        wanted = {
            "light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark, "system": Qt.ColorScheme.Unknown
        }[scheme]  # fmt: skip
        # does nothing where the platform's theme has no schemes (bare X11); harmless there
        self._application.styleHints().setColorScheme(wanted)
        self._paint()

    def _follow(self) -> None:
        if self.scheme == "system":
            self._paint()

    def _paint(self) -> None:
        system = self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
        dark = system if self.scheme == "system" else self.scheme == "dark"
        if self._dark is dark:
            return
        self._dark = dark
        # a style sheet keeps the palette that it met: it is laid on again
        self._application.setStyleSheet("")
        self._application.setPalette(our_palette(dark=dark))
        self._application.setStyleSheet(self._style)
