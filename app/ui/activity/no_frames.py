"""The activity tab before the first frame: what is to be done for it to come."""

from __future__ import annotations

from typing import Literal

from PySide6.QtWidgets import QWidget

from app.ui.widgets.empty_state import EmptyState

Step = Literal["profiles", "live"]
"""The tab where it is done."""


class NoFrames(EmptyState):
    """Its ``button`` leads to the step that was shown last."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("activity", self.tr("No frames yet"), "", "", parent)

    def show_step(self, step: Step, url: str) -> None:
        """``url``: where the server listens, "" nowhere."""
        if step == "profiles":
            text = self.tr("Add a profile for whoever wears the glasses. Its frames are kept here, with every answer.")
            self.button.show_as(self.tr("Add a profile"), "add")
        else:
            text = self.tr("As soon as a phone sends one, it is kept here with every answer and what it cost.")
            if url:
                address = self.tr("In the phone app, the address is {url}.").format(url=url)
                text = f"{text} {address}"
            self.button.show_as(self.tr("Go to Live"), "live")
        self.text.setText(text)
