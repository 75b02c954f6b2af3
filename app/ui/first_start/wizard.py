"""First start: four short steps from a fresh program to a connected phone; each can be skipped, and all be reopened."""

from __future__ import annotations

import contextlib

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.core.errors import ServerError
from app.core.tasks import spawn
from app.ui.connect.leave_keys import leave_keys
from app.ui.first_start.ai_step import AiStep
from app.ui.first_start.network_step import NetworkStep
from app.ui.first_start.phone_step import PhoneStep
from app.ui.first_start.step import Refused, Step
from app.ui.first_start.step_list import StepList
from app.ui.first_start.wearer_step import WearerStep
from app.ui.services import Services
from app.ui.support.bridge import Bridge
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.layouts import STRETCH, add, hbox, vbox, wide
from app.ui.widgets.scroll import Scroll
from app.ui.widgets.text import Quiet

DONE_KEY = "first_start/done"
"""In the window's INI file."""
WIDTH_PX, HEIGHT_PX = 820, 600


class FirstStart(Dialog):
    """``open()`` it. Finished, skipped or closed, it does not come again by itself.

    Where a firewall asks its user (Windows), do not start the server before it: it says so first, and starts the
    server when the first step is done or the dialog is closed.
    """

    def __init__(self, services: Services, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Set up Frame Backend"))
        self._services, self._submitting = services, False
        self.network, self.wearer = NetworkStep(services, self), WearerStep(services, self)
        self.ai, self.phone = AiStep(services, self), PhoneStep(services, bridge, self)
        self.steps: tuple[Step, ...] = (self.network, self.wearer, self.ai, self.phone)
        self.list = StepList([step.tr(step.name) for step in self.steps], self)
        self.pages = QStackedWidget(self)
        self.counter = Quiet("", self)
        self.later = Button(self.tr("Set up &later"), "", self)
        self.back = Button(self.tr("&Back"), "", self)
        self.skip = Button(self.tr("&Skip this step"), "", self)
        self.next = Button(self.tr("&Next"), "", self, primary=True)
        self._lay_out()
        self.later.clicked.connect(self.reject)
        self.back.clicked.connect(lambda: self._show(self.shown - 1))
        self.skip.clicked.connect(lambda: self._show(self.shown + 1))
        self.next.clicked.connect(self._go_on)
        self.phone.panel.add_profile.clicked.connect(lambda: self._show(self.steps.index(self.wearer)))
        self.resize(WIDTH_PX, HEIGHT_PX)
        self._show(0)

    @staticmethod
    def is_wanted(services: Services) -> bool:
        """Whether nobody has been through it, and there is nobody whom the program knows."""
        kept = QSettings(str(services.settings_path), QSettings.Format.IniFormat)
        return not kept.contains(DONE_KEY) and not services.store.profiles.all()

    @property
    def shown(self) -> int:
        """Which step, from 0."""
        return self.pages.currentIndex()

    # --- from step to step ---------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        if self._submitting:
            return
        self._hold(busy=True)
        self.refusal.hide()
        self.work(self._submit(), "a step of the first start")

    async def _submit(self) -> None:
        try:
            await self.steps[self.shown].submit()
        except Refused:
            return
        finally:
            self._hold(busy=False)
        if self.shown + 1 < len(self.steps):
            self._show(self.shown + 1)
        else:
            self.accept()

    def _hold(self, *, busy: bool) -> None:
        self._submitting = busy
        for button in (self.back, self.skip, self.next):
            button.setEnabled(not busy)

    def _show(self, place: int) -> None:
        self.steps[self.shown].leave()
        self.refusal.hide()
        step, last = self.steps[place], len(self.steps) - 1
        if step is self.phone:
            self.phone.show_wearer(self.wearer.username, self.wearer.auth_key)
        self.pages.setCurrentIndex(place)
        self.list.show_step(place)
        self.counter.setText(self.tr("Step {number} of {total}").format(number=place + 1, total=last + 1))
        self.back.setVisible(place > 0)
        self.skip.setVisible(place < last)
        self.later.setVisible(place < last)
        self.next.setText(self.tr("&Finish") if place == last else self.tr("&Next"))
        step.begin()
        (step.first_field() or self.next).setFocus()

    # --- its end -------------------------------------------------------------------------------------------------

    def reject(self) -> None:
        """Close it; not while a step is being done."""
        if not self._submitting:
            leave_keys(self.phone.panel, self, super().reject)

    def done(self, result: int) -> None:
        for step in self.steps:
            step.leave()
        kept = QSettings(str(self._services.settings_path), QSettings.Format.IniFormat)
        if not kept.contains(DONE_KEY) and self._services.control.state == "stopped":
            spawn(_start(self._services), name="start the server")
        kept.setValue(DONE_KEY, True)
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on from wherever the keyboard is; a button that has it is pressed instead."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and not isinstance(self.focusWidget(), Button):
            self.next.click()
            return
        super().keyPressEvent(event)

    # --- how it is made ------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        for step in self.steps:
            self.pages.addWidget(Scroll(step, self.pages))  # on a small screen, or with large letters
        right = Card(self, margin_px=22)
        add(right.body, wide(self.pages), self.refusal)
        left = vbox(self.counter, wide(self.list), gap=16)
        self.column.setContentsMargins(24, 22, 24, 20)
        self.column.setSpacing(18)
        self.column.addLayout(hbox(left, wide(right), gap=20), 1)
        self.column.addLayout(hbox(self.later, STRETCH, self.back, self.skip, self.next, gap=8))


async def _start(services: Services) -> None:
    with contextlib.suppress(ServerError):  # it is the server's state then, and the strip shows it
        await services.control.start()
