"""A provider's key: where it lies (never what it is), and whether it works."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QWidget

from app.ui.support.theme import Tone
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.choices import Choices
from app.ui.widgets.layouts import STRETCH, add, hbox, wide
from app.ui.widgets.state_label import Notice, StateLabel
from app.ui.widgets.text import Quiet, Text


class KeyPanel(Card):
    """``set_key``, ``remove`` and ``test`` are for the tab; whose key is meant is ``owner``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, title=self.tr("State, key and test"))
        self.light = StateLabel("", "idle", self, wrap=True)
        self.today = Quiet("", self, wrap=True)
        self.places = Text("", self, wrap=True)
        self.owner = Choices(self.tr("Whose key"), self)
        self.set_key = Button(self.tr("Set key"), "key", self)
        self.remove = Button(self.tr("Remove"), "delete", self)
        self.test = Button(self.tr("Test"), "test", self)
        self.progress = QProgressBar(self, minimum=0, maximum=0, textVisible=False)
        self.progress.hide()
        self.result = Notice(self)
        self.detail = Quiet("", self, wrap=True)
        self.detail.hide()
        add(self.body, self.light, self.today, self.places, hbox(Quiet(self.tr("For"), self), wide(self.owner)))
        add(self.body, hbox(self.set_key, self.test, self.remove, STRETCH, gap=8), self.progress, self.result)
        add(self.body, self.detail, STRETCH)

    def show_result(self, sentence: str, tone: Tone = "idle", detail: str = "") -> None:
        """What a test found; "" hides it."""
        self.result.tell(sentence, tone)
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))

    def show_kept(self, *, kept: bool) -> None:
        """Whether the owner chosen has a key that can be taken out; a new one then replaces it."""
        self.remove.setEnabled(kept)
        self.set_key.show_as(self.tr("Replace") if kept else self.tr("Set key"), "key")

    def show_testing(self, *, testing: bool) -> None:
        self.progress.setVisible(testing)
        if testing:
            self.show_result(self.tr("Testing: listing the models and showing it a picture"), "busy")

    def show_owners(self, names: list[str]) -> None:
        """The household first, then each profile; the choice stays."""
        theirs = ((self.tr("{name}'s key").format(name=name), name) for name in names)
        self.owner.offer([(self.tr("The key for everybody"), None), *theirs])
