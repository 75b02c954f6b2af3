"""What the history takes of what it may, what cleaning would take away, and Clean now."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QWidget

from app.store import Cleaned, Usage, WouldGo
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.widgets.buttons import Button
from app.ui.widgets.layouts import Part, grid, hbox, vbox, wide
from app.ui.widgets.state_label import Notice
from app.ui.widgets.text import Quiet, Text, tooltip

MOST_NAMED = 6
"""Profiles in the sentence of what would go."""
_PARTS, _NAME_PX = 1_000, 200


class RetentionPart(QWidget):
    """Emits nothing: ``measure`` and ``clean_now`` are the coroutines behind it; ``work`` runs them for a button."""

    def __init__(self, services: Services, work: Callable[..., None], parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self.usage = UsageList(self)
        self.look = Button(self.tr("What would go"), "", self)
        self.clean = Button(self.tr("Clean now"), "delete", self)
        self.cleaning = QProgressBar(self, minimum=0, maximum=0, textVisible=False)
        self.cleaned = Notice(self)
        self.cleaning.hide()
        self.look.clicked.connect(lambda: work(self.look_ahead(), "see what would go", self.look))
        self.clean.clicked.connect(lambda: work(self.clean_now(), "clean up", self.clean, self.look))
        bottom = hbox(self.look, self.clean, wide(self.cleaning), Part(None), gap=8)
        vbox(self.usage, bottom, self.cleaned, gap=10, on=self, margins=(0, 6, 0, 0))

    async def measure(self) -> None:
        usages = await self._services.store.retention.usage()
        self.usage.show_usage(usages, self._services.store.settings.integer("retention.mb_per_profile") * 2**20)

    async def look_ahead(self) -> None:
        """Say what cleaning would take, and of whom."""
        going = [would for would in await self._services.store.retention.would_clean() if would.frames]
        if not going:
            self._tell(self.tr("Nothing is too old or too much."), going)
            return
        whole = sum((Cleaned(would.frames, would.bytes) for would in going), Cleaned(0, 0))
        told = self.tr("With their pictures would go: {frames} frames, {size}.")
        self._tell(told.format(frames=fmt.count(whole.frames), size=fmt.size(whole.bytes)), going)

    async def clean_now(self) -> None:
        self.cleaned.hide()
        showing = asyncio.get_running_loop().call_later(0.3, self.cleaning.show)
        try:
            gone = await self._services.store.retention.clean()
        finally:
            showing.cancel()
            self.cleaning.hide()
        told = self.tr("Deleted with their pictures: {frames} frames, {size}.")
        said = told.format(frames=fmt.count(gone.frames), size=fmt.size(gone.bytes))
        self._tell(said if gone.frames else self.tr("Nothing was too old or too much."))
        await self.measure()

    def _tell(self, sentence: str, going: Iterable[WouldGo] = ()) -> None:
        """``going``: by profile, behind the sentence."""
        parts = [
            f"{would.username or self.tr('left over')} {fmt.count(would.frames)} ({fmt.size(would.bytes)})"
            for would in going
        ]
        if len(parts) > MOST_NAMED:
            parts[MOST_NAMED:] = ["…"]
        self.cleaned.tell(" ".join((sentence, ", ".join(parts))).strip(), "idle" if parts else "good")


class UsageList(QWidget):
    """How much each history takes: for each profile its name and a bar, below it the same in words and its oldest
    frame."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: dict[str, tuple[Text, QProgressBar, Quiet]] = {}
        self.nobody = Quiet(self.tr("Nobody has a profile yet."), self)
        self._grid = grid()
        self._grid.setHorizontalSpacing(14)
        vbox(self.nobody, self._grid, on=self)

    def show_usage(self, usages: Iterable[Usage], limit_bytes: int) -> None:
        shown = {usage.username: usage for usage in usages}
        self.nobody.setVisible(not shown)
        if list(shown) != list(self.lines):
            self._rebuild(list(shown))
        for name, usage in shown.items():
            _, bar, told = self.lines[name]
            bar.setValue(min(_PARTS, round(_PARTS * usage.bytes / max(1, limit_bytes))))
            said = self.tr("{used} of {limit}, {frames} frames, oldest: {oldest}").format(
                used=fmt.size(usage.bytes),
                limit=fmt.size(limit_bytes),
                frames=fmt.count(usage.frames),
                oldest=fmt.when(usage.oldest_at) if usage.oldest_at else fmt.DASH,
            )
            told.setText(said)
            bar.setAccessibleName(f"{name}: {said}")

    def _rebuild(self, names: list[str]) -> None:
        for parts in self.lines.values():
            for part in parts:
                part.hide()
                part.deleteLater()
        self.lines = {}
        for row, name in enumerate(names):
            label, bar, told = (
                Text(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, _NAME_PX), self),
                QProgressBar(self, maximum=_PARTS, textVisible=False),
                Quiet("", self, wrap=True),
            )
            label.setToolTip(tooltip(name))
            self.lines[name] = (label, bar, told)
            self._grid.addWidget(label, 2 * row, 0)
            self._grid.addWidget(bar, 2 * row, 1)
            self._grid.addWidget(told, 2 * row + 1, 1)
