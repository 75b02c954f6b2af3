"""The field a prompt is written in."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.core.settings import PROMPT_MAX_CHARS

LONGEST_CHARS = 2 * PROMPT_MAX_CHARS
"""Laying out one unbroken line takes Qt the square of its length: 3 ms for this one, 37 s for a million letters."""


class PromptText(QPlainTextEdit):
    """Plain text; Tab leaves it. ``too_much`` tells the length of a paste that was left on the clipboard."""

    too_much = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)

    def replace(self, text: str) -> None:
        """Put ``text`` in place of all there is; Ctrl+Z brings that back."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.setTextCursor(cursor)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802
        room = LONGEST_CHARS - len(self.toPlainText()) + len(self.textCursor().selectedText())
        if len(source.text()) > room:
            self.too_much.emit(len(source.text()))
        else:
            super().insertFromMimeData(source)


def as_written(prompt: str) -> str:
    """``prompt`` as the field gives it back: line ends are one character, a blank one is none."""
    text = QTextDocument(prompt).toPlainText()
    return text if text.strip() else ""
