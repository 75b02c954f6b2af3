"""What the AIs are asked about every frame: each profile's prompt, and templates for it."""

from __future__ import annotations

from collections.abc import AsyncIterator

from PySide6.QtWidgets import QWidget

from app.core.errors import InvalidValue
from app.core.events import ProfilesChanged
from app.core.frame import Attempt, Profile
from app.core.settings import DEFAULT_PROMPT
from app.ui.prompts.editor import PromptEditor
from app.ui.prompts.library import PromptLibrary
from app.ui.prompts.trial import PromptTrial
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.support.bridge import Bridge
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP
from app.ui.tab import Tab
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.layouts import PAGE, pages, vbox, wide
from app.ui.widgets.side_by_side import SideBySide
from app.ui.widgets.table import Cell, Table

LEFT_PX = 280
LOOKED_AT = 50
"""How many frames back a picture is looked for: the newest ones may have lost theirs, or had none to be kept."""


class PromptsTab(Tab):
    """Profiles and templates on the left; beside them the prompt of the profile that is selected."""

    name = "prompts"
    title = QT_TRANSLATE_NOOP("PromptsTab", "Prompts")

    def __init__(self, services: Services, bridge: Bridge) -> None:
        super().__init__(services, bridge)
        self.table = Table((self.tr("Profile"), self.tr("Prompt")), 0, self.tr("Profiles and their prompts"), self)
        self.library, self.editor = PromptLibrary(self), PromptEditor(self)
        self.trial = PromptTrial(services.provider_label, self)
        self.empty = EmptyState(
            self.name,
            self.tr("Nobody to ask for yet"),
            self.tr("A prompt is what the AIs are asked about every frame. It belongs to a profile: add one first."),
            self.tr("Add a profile"),
            self,
        )
        self._lay_out()
        self.empty.button.clicked.connect(lambda: self.tab_wanted.emit("profiles"))
        self.table.picked.connect(self._show_picked)
        self.library.used.connect(self.editor.put)
        self.library.inserted.connect(self.editor.insert)
        self.editor.drafted.connect(self._show_rows)
        self.editor.saved.connect(self._save)
        self.editor.sendable.connect(self._show_trial)
        self.trial.wanted.connect(self._try)
        self.trial.results.ended.connect(lambda: self._show_trial(self.editor.is_sendable()))
        bridge.on(ProfilesChanged, self._show, self)

    def _lay_out(self) -> None:
        side = QWidget(self)
        side.setMinimumWidth(LEFT_PX)
        vbox(wide(self.table), self.library, gap=14, on=side)
        shown = wide(vbox(wide(self.editor), wide(self.trial), gap=14))
        page = SideBySide(side, shown, gap=14, parent=self, margins=PAGE)
        self._pages = pages(page, self.empty, on=self)

    # --- what is shown -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self._show()

    def _show(self) -> None:
        if not self.isVisible():
            return  # read anew when it is shown
        profiles = self.services.store.profiles.all()
        self.editor.settle(profiles)
        self._pages.setCurrentIndex(0 if profiles else 1)
        self._show_rows()
        self._show_picked()

    def _show_rows(self) -> None:
        self.table.show_rows({profile.username: self._row(profile) for profile in self.services.store.profiles.all()})

    def _row(self, profile: Profile) -> tuple[Cell, ...]:
        if self.editor.is_draft(profile):
            return Cell(profile.username), Cell(self.tr("not saved"), "warn")
        if profile.prompt:
            return Cell(profile.username), Cell(self.tr("custom"), told=profile.prompt)
        return Cell(profile.username), Cell(self.tr("default"))

    def _show_picked(self) -> None:
        profile = self.services.store.profiles.find(self.table.picked_name) if self.table.picked_name else None
        if profile is None:
            return
        if self.editor.username not in ("", profile.username):
            self.trial.clear()  # those answers were for somebody else
        self.editor.show_profile(profile)

    def _show_trial(self, is_sendable: bool) -> None:
        self.trial.run.setEnabled(is_sendable or self.trial.is_running)

    # --- what is done --------------------------------------------------------------------------------------------

    def _save(self, username: str, text: str) -> None:
        self.work(self._saved(username, text), "save a prompt", self.editor.action_row)

    async def _saved(self, username: str, text: str) -> None:
        await self.services.store.profiles.set_prompt(username, text)
        profile = self.services.store.profiles.find(username)
        if profile is not None:
            self.editor.was_saved(profile)
        self._show()

    # --- trying it -----------------------------------------------------------------------------------------------

    def _try(self) -> None:
        prompt = self.editor.text.toPlainText()
        self.trial.ask(self._attempts(self.editor.username, prompt if prompt.strip() else DEFAULT_PROMPT))

    async def _attempts(self, username: str, prompt: str) -> AsyncIterator[Attempt]:
        """Raises ``InvalidValue`` without a picture to try it on."""
        picture = await self._last_picture(username)
        if picture is None:
            told = self.tr("No picture of {name} is kept: let the phone send a frame first.")
            raise InvalidValue(told.format(name=username))
        async for attempt in self.services.try_out(picture, username, prompt):
            yield attempt

    async def _last_picture(self, username: str) -> bytes | None:
        activity = self.services.store.activity
        for row in await activity.recent(username, LOOKED_AT):
            picture = await activity.picture(row.frame_id) if row.has_picture else None
            if picture is not None:
                self.trial.told.setText(
                    self.tr("On the frame of {moment}, as written above, saved or not.").format(
                        moment=fmt.when(row.received_at)
                    )
                )
                return picture
        return None

    def shut(self) -> None:
        self.trial.results.stop()
