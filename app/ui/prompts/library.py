"""Prompts that are ready to be used, each for one thing that glasses are worn for."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QListWidget, QSizePolicy, QWidget

from app.ui.support.noop_tr import QT_TRANSLATE_NOOP
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import STRETCH, add, hbox
from app.ui.widgets.text import Quiet

TEMPLATES: tuple[tuple[str, str], ...] = (
    (
        QT_TRANSLATE_NOOP("prompts", "Read signs"),
        QT_TRANSLATE_NOOP(
            "prompts",
            "Read out every sign, label and notice in view, word for word, the nearest first. "
            "Leave out what is too small to be read. When there is nothing to read, say so.",
        ),
    ),
    (
        QT_TRANSLATE_NOOP("prompts", "Translate"),
        QT_TRANSLATE_NOOP(
            "prompts",
            "Translate all text in view into English. Give the translation alone, in the order in which one would "
            "read it, and keep names, numbers and prices as they are.",
        ),
    ),
    (
        QT_TRANSLATE_NOOP("prompts", "Describe for low vision"),
        QT_TRANSLATE_NOOP(
            "prompts",
            "Describe what is in front of me for somebody who sees poorly. Begin with what matters most, say where it "
            "is (left, right, ahead) and about how far. Then people, things in the way, and what is written. "
            "Short sentences.",
        ),
    ),
    (
        QT_TRANSLATE_NOOP("prompts", "Solve"),
        QT_TRANSLATE_NOOP(
            "prompts",
            "Solve the exercise or answer the question in view. The result first, then the steps in brief. "
            "When part of it cannot be read, say which part.",
        ),
    ),
    (
        QT_TRANSLATE_NOOP("prompts", "Safety"),
        QT_TRANSLATE_NOOP(
            "prompts",
            "Tell me what could hurt me: traffic, steps, edges, things at head height, hot or sharp things, warning "
            "signs. The nearest first, each with its direction. When you see none, say that you see none, never that "
            "it is safe.",
        ),
    ),
)
"""Titles and texts, marked for translation."""


class PromptLibrary(Card):
    """Emits ``used`` with a text that takes the place of the prompt, ``inserted`` with one that goes into it."""

    used = Signal(str)
    inserted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, title=self.tr("Templates"))
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Templates"))
        self.list.addItems([QCoreApplication.translate("prompts", title) for title, _ in TEMPLATES])
        self.list.setSizeAdjustPolicy(QListWidget.SizeAdjustPolicy.AdjustToContents)
        self.list.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.preview = Quiet("", self, wrap=True)
        self.use = Button(self.tr("Use this"), "good", self)
        self.use.setToolTip(self.tr("In place of the text beside"))
        self.insert = Button(self.tr("Insert"), "add", self)
        self.insert.setToolTip(self.tr("Into the text beside, where the cursor stands"))
        add(self.body, self.list, self.preview, STRETCH, hbox(self.use, self.insert, STRETCH))
        self.list.currentRowChanged.connect(lambda: self.preview.setText(self.text()))
        self.use.clicked.connect(lambda: self.used.emit(self.text()))
        self.insert.clicked.connect(lambda: self.inserted.emit(self.text()))
        self.list.setCurrentRow(0)

    def text(self) -> str:
        """The template that is selected."""
        return QCoreApplication.translate("prompts", TEMPLATES[max(0, self.list.currentRow())][1])
