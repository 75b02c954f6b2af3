"""Keeps the status strip and the message bar true: from the server's own state and the store's own figures."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, QTimer

from app.core.events import HistoryBehind, KeyringChecked, KeysPosted, ProfilesChanged, ServerStateChanged, Trouble
from app.store.history.retention import DISK_LOW_BYTES
from app.ui.connect.last_seen_light import Phones, ago
from app.ui.connect.told_address import ToldAddress
from app.ui.provider_status import ProviderStatus
from app.ui.services import Services
from app.ui.shell.message_bar import MessageBar
from app.ui.shell.status_strip import StatusStrip
from app.ui.support import formatting as fmt
from app.ui.support import run_task
from app.ui.support.bridge import Bridge
from app.ui.support.sentences import said

FIGURES_MS = 1_000
DISK_MS = 30_000
SERVER, MOVED, KEYRING, HISTORY, LOST_KEYS = "server", "moved", "keyring", "history", "lost keys"
"""The keys of the messages."""
MOST_NAMED = 6
"""Profiles in a sentence."""


class Status(QObject):
    """``refresh`` reads all of it anew; events do it piece by piece."""

    def __init__(self, services: Services, bridge: Bridge, strip: StatusStrip, messages: MessageBar) -> None:
        super().__init__(strip)
        self._services, self._bridge, self._strip, self._messages = services, bridge, strip, messages
        self._told = ToldAddress(services)
        self._phones, self._lights = Phones(services.control), ProviderStatus(services, bridge, self)
        self._figures, self._disk = QTimer(self, interval=FIGURES_MS), QTimer(self, interval=DISK_MS)
        self._figures.timeout.connect(self._show_figures)
        self._disk.timeout.connect(self._look_at_disk)
        for timer in (self._figures, self._disk):
            timer.start()
        strip.start_wanted.connect(lambda: self._drive(services.control.start()))
        strip.stop_wanted.connect(lambda: self._drive(services.control.stop()))
        strip.offer.clicked.connect(lambda: self._drive(self._take_offer()))
        strip.connect_phone.clicked.connect(self._connect_phone)
        strip.connect_phone.setEnabled(True)
        bridge.on(ServerStateChanged, self._server_changed, self)
        bridge.on(KeyringChecked, self._show_keyring, self)
        bridge.on(HistoryBehind, self._history_behind, self)
        bridge.on(KeysPosted, self._keys_posted, self)
        bridge.on(Trouble, lambda event: messages.tell(said(event.sentence), "warn"), self)
        self._first()

    def stop(self) -> None:
        self._figures.stop()
        self._disk.stop()

    def refresh(self) -> None:
        self._show_figures()
        self._look_at_disk()

    def _first(self) -> None:
        control = self._services.control
        self._server_changed(ServerStateChanged(control.state, control.url, control.sentence))
        self._show_keyring()
        self.refresh()

    def _drive(self, coroutine: Coroutine[Any, Any, None]) -> None:
        run_task.start(self._driven(coroutine), name="drive the server", owner=self._strip, refused=self._refuse_server)

    async def _driven(self, coroutine: Coroutine[Any, Any, None]) -> None:
        self._strip.toggle.setEnabled(False)
        self._strip.offer.setEnabled(False)
        try:
            await coroutine
        finally:  # the state has the last word on what the buttons offer
            control = self._services.control
            self._strip.offer.setEnabled(True)
            self._server_changed(ServerStateChanged(control.state, control.url, control.sentence))

    def _refuse(self, sentence: str) -> None:
        self._messages.tell(sentence, "bad")

    def _refuse_server(self, sentence: str) -> None:
        if self._services.control.state != "error":  # which says it itself
            self._messages.tell(sentence, "bad")

    async def _take_offer(self) -> None:
        """Start where the failed start said that it would work."""
        control, store = self._services.control, self._services.store
        if (failure := control.failure) is None:
            return
        if failure.free_host:
            await store.set_setting("network.host", failure.free_host)
            control.follow("network.host")
        await store.set_setting("network.port", failure.free_port)
        control.follow("network.port")
        await control.start()
        if self._told.is_old():
            self._connect_phone()

    def _offer(self) -> str:
        failure = self._services.control.failure
        if failure is None or not failure.free_port:
            return ""
        if failure.free_host:
            return self.tr("Use {address}").format(address=f"{failure.free_host}:{failure.free_port}")
        return self.tr("Use port {port}").format(port=failure.free_port)

    def _connect_phone(self) -> None:
        from app.ui.connect.dialog import ConnectDialog  # after the first paint: it brings the store

        ConnectDialog(self._services, self._bridge, self._strip.window()).open()

    def _server_changed(self, event: ServerStateChanged) -> None:
        self._strip.show_server(event)
        self._strip.show_offer(self._offer() if event.state == "error" else "")
        if event.state == "error" and event.sentence:
            way_out = (self.tr("Try again"), lambda: self._drive(self._services.control.start()))
            if offer := self._offer():
                way_out = (offer, lambda: self._drive(self._take_offer()))
            self._messages.ask(said(event.sentence), "bad", SERVER, way_out)
        elif event.state == "running":
            self._messages.drop(SERVER)
            self._show_moved()
            self._work(self._find_addresses(), "list the addresses")

    def _show_moved(self) -> None:
        """Whoever changed it: the settings here, the first start, the command line."""
        if self._told.is_old() and self._services.store.pairings.all():
            text = self.tr("Every phone must be told the new address.")
            self._messages.ask(text, "warn", MOVED, (self.tr("Show what to tell them"), self._connect_phone))

    async def _find_addresses(self) -> None:
        self._phones.leave_out(await self._services.control.addresses())

    def _show_keyring(self) -> None:
        state = self._services.store.secrets.state
        is_usable = state.usable is not False  # None: it is being looked for
        self._strip.show_keyring(is_usable=is_usable, sentence=said(state.sentence), is_locked=state.is_locked)
        if state.is_locked:
            self._messages.ask(said(state.sentence), "warn", KEYRING, (self.tr("Unlock"), self._unlock))
        elif state.usable is False:
            self._messages.tell(said(state.sentence), "warn", KEYRING, (self.tr("Try again"), self._unlock))
        else:
            self._messages.drop(KEYRING)

    def _unlock(self) -> None:
        button = self._messages.way_out(KEYRING)
        run_task.start(
            self._services.store.secrets.unlock(), name="unlock the keyring", owner=self._strip, refused=self._refuse,
            busy=[button] if button else (),
        )  # fmt: skip

    def _history_behind(self, event: HistoryBehind) -> None:
        if event.rows <= 0:
            self._messages.drop(HISTORY)
            return
        text = self.tr("The history is behind: frames answered but not stored yet: {number}. Is the disk full or busy?")
        self._messages.tell(text.format(number=fmt.count(event.rows)), "warn", HISTORY)

    def _keys_posted(self, event: KeysPosted) -> None:
        labels = ", ".join(self._services.provider_label(name) for name in event.providers)
        text = self.tr("The phone at {address} set API keys of {name}: {providers}.")
        self._messages.tell(text.format(address=event.client_ip, name=event.username, providers=labels), "good")

    def _show_figures(self) -> None:
        """While somebody looks: the seconds since the phone go by, and a cooldown ends, without an event."""
        if not self._strip.isVisible():
            return
        if self._messages.way_out(MOVED) is not None and not self._told.is_old():
            self._messages.drop(MOVED)
        newest = self._phones.newest()
        self._strip.show_phone(ago(newest[0]) if newest else "", newest[1] if newest else "")
        self._strip.show_ais(*self._lights.tally())
        store, spending = self._services.store, self._services.spending
        self._strip.show_today(spending.today_usd(), store.activity.frames_today())

    def _look_at_disk(self) -> None:
        self._work(self._measure_disk(), "measure the disk")

    async def _measure_disk(self) -> None:
        try:
            free_bytes = (await asyncio.to_thread(shutil.disk_usage, self._services.folder.root)).free
        except OSError:  # the store looks at it too, and says so
            return
        self._strip.show_disk(free_bytes if free_bytes < DISK_LOW_BYTES else None)

    def _work(self, coroutine: Coroutine[Any, Any, None], name: str) -> None:
        run_task.start(coroutine, name=name, owner=self._strip, refused=self._refuse)


class LostKeys(QObject):
    """Tells of profiles whose auth key can match no more (a backup from another computer), until each has a new one.

    ``show_profile`` is called with the first of them when a new key is wanted.
    """

    def __init__(
        self, services: Services, bridge: Bridge, messages: MessageBar, show_profile: Callable[[str], None]
    ) -> None:
        super().__init__(messages)
        self._services, self._messages, self._show_profile = services, messages, show_profile
        bridge.on(ProfilesChanged, self._show, self)
        self._show()

    def _show(self) -> None:
        lost = self._services.store.profiles.needing_new_key()
        if not lost:
            self._messages.drop(LOST_KEYS)
            return
        names = ", ".join(lost[:MOST_NAMED]) + (", …" if len(lost) > MOST_NAMED else "")
        text = self.tr("The auth keys of these profiles do not count on this computer, give them new ones: {names}.")
        way_out = (self.tr("New key"), lambda: self._show_profile(lost[0]))
        self._messages.ask(text.format(names=names), "warn", LOST_KEYS, way_out)
