"""The window's own choices: colours, language, whether it starts at login, and the first start once more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from app.core.errors import FrameBackendError
from app.ui.services import Services
from app.ui.settings.rows_card import RowsCard
from app.ui.settings.sections import title_of
from app.ui.support import language
from app.ui.support.sentences import said
from app.ui.support.theme import SCHEMES
from app.ui.widgets.buttons import Button
from app.ui.widgets.state_label import Notice, StateLabel
from app.ui.widgets.text import Quiet


class WindowCard(RowsCard):
    """``set_up``: the button of the first start. ``work``: as a tab's."""

    def __init__(self, services: Services, work: Callable[..., None], parent: QWidget) -> None:
        super().__init__(title_of("window"), parent)
        self._services, self._work = services, work
        self._schemes: QActionGroup | None = None
        self.scheme, self.language = QComboBox(self), QComboBox(self)
        self.at_login, self.set_up = QCheckBox(self), Button(self.tr("Set up again"), "", self)
        self.language_note = StateLabel(self.tr("The language changes at the next start."), "warn", self, wrap=True)
        self.language_note.hide()
        self.login_refusal = Notice(self)
        self._fill_language()
        self._lay_out()
        self.scheme.activated.connect(self._choose_scheme)
        self.language.activated.connect(self._choose_language)
        self.at_login.toggled.connect(lambda on: work(self._switched(on), "start at login", self.at_login))

    def _lay_out(self) -> None:
        login_help = Quiet(self.tr("It begins in the system's tray, with no window."), self, wrap=True)
        set_up_help = Quiet(self.tr("The four steps of the first start. What is set stays."), self, wrap=True)
        self.add_row(self.tr("Colours"), self.scheme)
        self.add_row(self.tr("Language"), self.language, self.language_note)
        self.add_row(self.tr("Start when I log in"), self.at_login, login_help, self.login_refusal)
        self.add_row(self.tr("First start"), self.set_up, set_up_help)

    def refresh(self) -> None:
        """Show what is so now: the system's entry may have been changed outside."""
        self._show_schemes()
        self._work(self._read_login(), "look what starts at login")

    # --- colours -------------------------------------------------------------------------------------------------

    def _show_schemes(self) -> None:
        """Offer what the window's appearance button offers."""
        if self._schemes is None:
            groups = self.window().findChildren(QActionGroup)
            self._schemes = next((group for group in groups if _offers_schemes(group)), None)
            if self._schemes is None:
                return
            for action in self._schemes.actions():
                self.scheme.addItem(action.text(), action.data())
                action.toggled.connect(self._show_scheme)
        self._show_scheme()

    def _show_scheme(self) -> None:
        checked = self._schemes.checkedAction() if self._schemes is not None else None
        if checked is not None:
            self.scheme.setCurrentIndex(self.scheme.findData(checked.data()))

    def _choose_scheme(self, row: int) -> None:
        if self._schemes is not None:
            self._schemes.actions()[row].trigger()

    # --- language ------------------------------------------------------------------------------------------------

    def _fill_language(self) -> None:
        for code in language.LANGUAGES:
            self.language.addItem(language.label(code), code)
        self._shown_language = language.chosen(self._services.settings_path)
        self.language.setCurrentIndex(self.language.findData(self._shown_language))

    def _choose_language(self) -> None:
        code = self.language.currentData()
        language.keep(self._services.settings_path, code)
        self.language_note.setVisible(code != self._shown_language)

    # --- at login ------------------------------------------------------------------------------------------------

    async def _read_login(self) -> None:
        on = await asyncio.to_thread(self._services.login_start.is_on)
        with QSignalBlocker(self.at_login):
            self.at_login.setChecked(on)

    async def _switched(self, on: bool) -> None:
        self.login_refusal.hide()
        try:
            await asyncio.to_thread(self._services.login_start.set_on, on)
        except FrameBackendError as error:
            self.login_refusal.tell(said(error))
        await self._read_login()


def _offers_schemes(group: QActionGroup) -> bool:
    return bool(group.actions()) and all(action.data() in SCHEMES for action in group.actions())
