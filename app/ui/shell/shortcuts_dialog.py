"""F1: which keys do what. The window makes its shortcuts from the same list."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from app.ui.support.noop_tr import QT_TRANSLATE_NOOP
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.layouts import add, grid, wide
from app.ui.widgets.scroll import FitScroll
from app.ui.widgets.text import Quiet, Text

WINDOW_KEYS: tuple[tuple[str, str, str], ...] = (
    ("Ctrl+F", "find", QT_TRANSLATE_NOOP("ShortcutsDialog", "Find in this tab")),
    ("Esc", "unfind", QT_TRANSLATE_NOOP("ShortcutsDialog", "End finding, close a dialog")),
    ("F5", "refresh", QT_TRANSLATE_NOOP("ShortcutsDialog", "Read everything shown anew")),
    ("Ctrl+,", "settings", QT_TRANSLATE_NOOP("ShortcutsDialog", "Settings")),
    ("F1", "keys", QT_TRANSLATE_NOOP("ShortcutsDialog", "This list")),
    ("Ctrl+Q", "quit", QT_TRANSLATE_NOOP("ShortcutsDialog", "Quit: the server stops too")),
)
"""Key, what the window does by it, and the same in words."""
OTHER_KEYS: tuple[tuple[str, str], ...] = (
    ("Ctrl+1", QT_TRANSLATE_NOOP("ShortcutsDialog", "The first tab; up to Ctrl+9")),
    ("Ctrl+C", QT_TRANSLATE_NOOP("ShortcutsDialog", "Copy the selected rows or lines")),
    ("Ctrl+V", QT_TRANSLATE_NOOP("ShortcutsDialog", "Try a copied picture, in Live")),
    ("Ctrl+S", QT_TRANSLATE_NOOP("ShortcutsDialog", "Save the prompt, in Prompts")),
    ("Alt+Up", QT_TRANSLATE_NOOP("ShortcutsDialog", "Ask a provider earlier, in Profiles")),
    ("Alt+Down", QT_TRANSLATE_NOOP("ShortcutsDialog", "Ask a provider later, in Profiles")),
    ("Del", QT_TRANSLATE_NOOP("ShortcutsDialog", "Take the selected row away, where that is offered")),
    ("PgUp", QT_TRANSLATE_NOOP("ShortcutsDialog", "The newer frame, where one is open")),
    ("PgDown", QT_TRANSLATE_NOOP("ShortcutsDialog", "The older frame, where one is open")),
    ("F", QT_TRANSLATE_NOOP("ShortcutsDialog", "Keep the open frame as a favourite")),
    ("+", QT_TRANSLATE_NOOP("ShortcutsDialog", "The open frame's answer is right")),
    ("-", QT_TRANSLATE_NOOP("ShortcutsDialog", "The open frame's answer is wrong")),
    ("C", QT_TRANSLATE_NOOP("ShortcutsDialog", "Correct the open frame's answer")),
    ("Tab", QT_TRANSLATE_NOOP("ShortcutsDialog", "To the next field, button or list")),
    ("Space", QT_TRANSLATE_NOOP("ShortcutsDialog", "Press the button, switch the box")),
)


class ShortcutsDialog(Dialog):
    """A list to be read, and Close."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        told = [(key, text) for key, _, text in WINDOW_KEYS]
        rows = []
        for key, text in (*OTHER_KEYS[:1], *told, *OTHER_KEYS[1:]):
            native = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
            rows.append((Text(native, self), Quiet(self.tr(text), self)))
        self.column.setSpacing(18)
        inner = QWidget(self)
        grid(*rows, gaps=(28, 10), on=inner)
        add(self.column, wide(FitScroll(inner, self)), self.button_box())
