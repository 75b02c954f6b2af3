"""Delete frames for good: those that are shown, a day, or everything of a profile; how much goes is said before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from app.core.local_day import day_start
from app.store.history.filters import Filter
from app.ui.activity.day_field import DayField
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.widgets.choices import Choices
from app.ui.widgets.form import FormDialog
from app.ui.widgets.state_label import StateLabel

Scope = Literal["shown", "day", "profile"]


class DeleteFrames(FormDialog):
    """``shown``: the filter behind the list. Emits ``deleted`` with a sentence."""

    deleted = Signal(str)

    def __init__(self, services: Services, scope: Scope, shown: Filter, day: date, parent: QWidget) -> None:
        super().__init__(parent)
        self._activity = services.store.activity
        self._scope = scope
        # what comes while one reads the question was not meant
        self._shown = replace(shown, until=shown.until or datetime.now(UTC))
        self._turn, self._frames = 0, 0
        self.profile, self.day = Choices("", self), DayField(self.tr("Day"), day, self)
        self.told = StateLabel("", "busy", self, wrap=True)
        self.note = StateLabel(self.tr("They cannot be brought back."), "warn", self, wrap=True)
        self.progress = QProgressBar(self, textVisible=False)
        self.progress.setAccessibleName(self.tr("How many are deleted"))
        titles = {
            "shown": self.tr("Delete the shown frames"), "day": self.tr("Delete a day"),
            "profile": self.tr("Delete everything of a profile"),
        }  # fmt: skip
        self.ask(titles[scope], self.tr("Delete"), harmful=True)
        self._fill([profile.username for profile in services.store.profiles.all()], shown.username)
        self._count()

    def _fill(self, names: list[str], chosen: str | None) -> None:
        everybody = [(self.tr("All profiles"), None)] if self._scope == "day" else []
        self.profile.offer([*everybody, *((name, name) for name in names)])
        self.profile.choose(chosen)
        self.day.setVisible(self._scope == "day")
        self.profile.setVisible(self._scope != "shown")
        if self._scope == "day":
            self.form.addRow(self.tr("&Day"), self.day)
        if self._scope != "shown":
            self.form.addRow(self.tr("&Profile"), self.profile)
        for widget in (self.told, self.note, self.progress):
            self.form.addRow(widget)
        self.progress.hide()
        self.profile.currentIndexChanged.connect(self._count)
        self.day.dateChanged.connect(self._count)

    # --- how much ------------------------------------------------------------------------------------------------

    def which(self) -> Filter:
        """What would go."""
        if self._scope == "shown":
            return self._shown
        username = self.profile.currentData()
        if self._scope == "profile":
            return Filter(username=username)
        day = self.day.day()
        return Filter(username=username, since=day_start(day), until=day_start(day + timedelta(days=1)))

    def done(self, result: int) -> None:
        """Closed: what is still being counted is for nobody."""
        self._turn += 1
        super().done(result)

    def _count(self) -> None:
        self._turn += 1
        self.accept_button.setEnabled(False)
        self.told.show_state(self.tr("Counting…"), "busy")
        if self._scope == "profile" and self.profile.currentData() is None:
            self.told.show_state(self.tr("There is no profile."), "idle")
            return
        self.work(self._counted(self._turn), "count frames to delete")

    async def _counted(self, turn: int) -> None:
        which = self.which()
        frames, size_bytes, favourites = await self._activity.would_delete(which)
        if turn == self._turn:
            self._frames = frames
            self._tell(frames, size_bytes, favourites)
            self.accept_button.setEnabled(frames > 0)

    def _tell(self, frames: int, size_bytes: int, favourites: int) -> None:
        self.note.setVisible(frames > 0)
        if not frames:
            self.told.show_state(self.tr("There is nothing to delete."), "idle")
            return
        told = self.tr("{frames}, {size}, with their pictures and marks.").format(
            frames=fmt.frames(frames), size=fmt.size(size_bytes)
        )
        if favourites:
            text = self.tr("Favourites among them go too: {number}.")
            told = f"{told} {text.format(number=fmt.count(favourites))}"
        self.told.show_state(told, "bad")

    # --- deleting ------------------------------------------------------------------------------------------------

    async def submit(self) -> None:
        which = self.which()
        held: tuple[QWidget, ...] = (self.profile, self.day, self.cancel_button)
        for widget in held:
            widget.setEnabled(False)
        self.progress.setRange(0, max(1, self._frames))
        self.progress.show()
        try:
            gone = await self._activity.delete(which, self.progress.setValue)
        finally:
            for widget in held:
                widget.setEnabled(True)
            self.progress.hide()
        text = self.tr("Deleted: {frames}, {size}.")
        self.deleted.emit(text.format(frames=fmt.frames(gone.frames), size=fmt.size(gone.bytes)))
