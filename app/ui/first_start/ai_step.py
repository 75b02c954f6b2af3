"""Step 3: which AI answers: one of the vendors with its key, tried before it is trusted, or this computer alone."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QLineEdit,
    QProgressBar,
    QRadioButton,
    QWidget,
)

from app.core.errors import FrameBackendError, KeyringUnavailable
from app.core.provider import ON_DEVICE
from app.core.provider_check import ProviderCheck
from app.core.tasks import spawn
from app.core.vendor_info import VendorInfo
from app.ui.first_start.step import INDENT_PX, Field, Refused, Step
from app.ui.provider_status import about
from app.ui.services import Services
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP
from app.ui.support.sentences import said
from app.ui.widgets.buttons import Button
from app.ui.widgets.layouts import STRETCH, add, hbox, vbox, wide
from app.ui.widgets.state_label import Notice
from app.ui.widgets.text import Quiet

PATIENCE_MS = 300
"""Before a test shows that it runs, and how to end it."""


class AiStep(Step):
    """``choice`` is the vendor's name, empty for this computer alone. The key is the household's."""

    name = QT_TRANSLATE_NOOP("AiStep", "AI")
    title = QT_TRANSLATE_NOOP("AiStep", "Which AI answers?")
    told = QT_TRANSLATE_NOOP("AiStep", "An AI describes what the glasses see, and needs a key. You can add more later.")

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(services, parent)
        self.vendors = services.keyed_vendors
        self.options: dict[str, QRadioButton] = {}
        self.pages: dict[str, Button] = {}
        self._group = QButtonGroup(self)
        self._testing: asyncio.Task[None] | None = None
        self._make_key_part()
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._show_patience)
        add(self.body, self._make_options(), self.key_part, STRETCH)
        self._group.buttonToggled.connect(self._choose)
        self.options[self._first_choice()].setChecked(True)

    # --- how it is made ------------------------------------------------------------------------------------------

    def _make_options(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        self._add_option("", self.tr("&Without: on this computer only"), grid)
        grid.addWidget(Quiet(self.tr("Names things, reads text and codes; needs no key."), self, wrap=True), 0, 1, 1, 2)
        for vendor in self.vendors:
            self._add_option(vendor.name, vendor.label, grid)
            self.pages[vendor.name] = page = Button(self.tr("Get a key"), "open", self)
            page.setAccessibleName(self.tr("Get a key from {vendor}").format(vendor=vendor.label))
            page.setToolTip(vendor.key_page)
            page.clicked.connect(lambda _=False, url=vendor.key_page: QDesktopServices.openUrl(QUrl(url)))
            row = len(self.options) - 1
            grid.addWidget(Quiet(about(vendor), self, wrap=True), row, 1)
            grid.addWidget(page, row, 2, Qt.AlignmentFlag.AlignRight)
        return grid

    def _add_option(self, name: str, text: str, grid: QGridLayout) -> None:
        self.options[name] = option = QRadioButton(text, self)
        self._group.addButton(option)
        grid.addWidget(option, len(self.options) - 1, 0)

    def _make_key_part(self) -> None:
        self.key_part = QWidget(self)
        self.key = QLineEdit(self.key_part, echoMode=QLineEdit.EchoMode.Password)
        self.paste = Button(self.tr("&Paste"), "paste", self.key_part)
        self.test = Button(self.tr("&Test"), "test", self.key_part)
        self.key_field = Field(self.tr("API &key"), self.key, self.key_part, self.paste, self.test)
        self.session_only = QCheckBox(
            self.tr("Keep it for this &session only: forgotten when the program ends"), self.key_part
        )
        self.progress = QProgressBar(self.key_part, minimum=0, maximum=0, textVisible=False)
        self.cancel = Button(self.tr("Cancel the test"), "close", self.key_part)
        self.result = Notice(self.key_part)
        running = hbox(wide(self.progress), self.cancel)
        below = vbox(self.session_only, running, self.result, gap=8, margins=(INDENT_PX, 0, 0, 0))
        vbox(self.key_field, below, gap=8, on=self.key_part, margins=(0, 6, 0, 0))
        for widget in (self.progress, self.cancel):
            widget.hide()
        self.key.textEdited.connect(self._typed)
        self.paste.clicked.connect(self._paste)
        self.test.clicked.connect(self._start_test)
        self.cancel.clicked.connect(self._end_test)

    def _first_choice(self) -> str:
        """The first vendor that has a key already, else none."""
        kept = {key.provider for key in self.services.store.secrets.listed(None)}
        return next((vendor.name for vendor in self.vendors if vendor.name in kept), "")

    # --- what it tells -------------------------------------------------------------------------------------------

    @property
    def choice(self) -> str:
        return next((name for name, option in self.options.items() if option.isChecked()), "")

    def first_field(self) -> QWidget:
        return self.options[self.choice]

    def begin(self) -> None:
        self._say_keyring()
        self._show_key_part()

    def leave(self) -> None:
        self._end_test()

    async def submit(self) -> None:
        """Keep the key, and switch on who is to answer."""
        self._end_test()
        self.key_field.clear()
        key, name = self.key.text().strip(), self.choice
        if name and not key and not self._has_key(name):
            self.key_field.refuse(self.tr("Paste the key first, or choose to go on without."))
            raise Refused
        if name and key:
            await self._save(name, key)
        await self._switch_on(name or ON_DEVICE)

    async def _save(self, name: str, key: str) -> None:
        try:
            await self.services.store.secrets.set(None, name, key, session_only=self.session_only.isChecked())
        except KeyringUnavailable as error:
            self.session_only.setChecked(True)
            self.session_only.show()
            self.key_field.refuse(said(error))
            raise Refused from error
        except FrameBackendError as error:
            self.key_field.refuse(said(error))
            raise Refused from error
        self.key.clear()

    async def _switch_on(self, name: str) -> None:
        known = {config.name: config for config in self.services.store.providers.all()}
        if name in known and not known[name].enabled:
            await self.services.store.providers.set(name, enabled=True)

    def _has_key(self, name: str) -> bool:
        return any(key.provider == name for key in self.services.store.secrets.listed(None))

    # --- what is shown -------------------------------------------------------------------------------------------

    def _choose(self) -> None:
        self._end_test()
        self.key_field.clear()
        self.result.hide()
        self.key.clear()
        self._show_key_part()

    def _show_key_part(self) -> None:
        vendor = self._vendor()
        self.key_part.setVisible(vendor is not None)
        if vendor is None:
            return
        self.key.setPlaceholderText(
            self.tr("Empty: the key it has stays") if self._has_key(vendor.name) else self.tr("Paste it here")
        )

    def _say_keyring(self) -> None:
        state = self.services.store.secrets.state
        if state.usable is False:
            self.session_only.setChecked(True)
            self.key_field.hint.setText(said(state.sentence))
        else:
            self.key_field.hint.setText(self.tr("It goes into this computer's keyring and is never shown again."))
        self.key_field.hint.show()
        self.session_only.setVisible(state.usable is False)

    def _vendor(self) -> VendorInfo | None:
        return next((vendor for vendor in self.vendors if vendor.name == self.choice), None)

    def _typed(self) -> None:
        self.key_field.clear()
        self.result.hide()

    def _paste(self) -> None:
        self.key.setText(QGuiApplication.clipboard().text().strip())
        self._typed()
        self.key.setFocus()

    # --- the test ------------------------------------------------------------------------------------------------

    def _start_test(self) -> None:
        key, name = self.key.text().strip(), self.choice
        if not key and not self._has_key(name):
            self.key_field.refuse(self.tr("Paste the key first, or choose to go on without."))
            return
        self.key_field.clear()
        self.result.hide()
        self.test.setEnabled(False)
        self._patience.start()
        self._testing = spawn(self._test(name, key), name="test a key")

    async def _test(self, name: str, key: str) -> None:
        try:
            self._show_found(await self.services.providers.check(name, None, key or None))
        except FrameBackendError as error:
            self.result.tell(said(error), "bad")
        finally:
            if self._testing is asyncio.current_task():  # else it was ended, and perhaps the dialog with it
                self._show_rest()

    def _show_found(self, found: ProviderCheck) -> None:
        told = said(found.sentence)
        if found.models:
            told = self.tr("{sentence} Models it offers: {number}.").format(
                sentence=said(found.sentence), number=len(found.models)
            )
        self.result.tell(told, "good" if found.ok else "bad")

    def _show_patience(self) -> None:
        self.progress.show()
        self.cancel.show()
        self.result.tell(self.tr("Testing: listing the models and showing it a picture"), "busy")

    def _end_test(self) -> None:
        if self._testing is not None and not self._testing.done():
            self._testing.cancel()
            self.result.tell(self.tr("The test was ended."), "idle")
        self._testing = None
        self._show_rest()

    def _show_rest(self) -> None:
        self._patience.stop()
        self.progress.hide()
        self.cancel.hide()
        self.test.setEnabled(True)
