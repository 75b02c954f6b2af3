"""Who gets no answer: addresses and ranges, blocked by hand or after many wrong keys."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.core.events import BlacklistChanged, ClientHeard
from app.store import BlacklistEntry
from app.store.setup.addresses import checked_network
from app.store.setup.blacklist import Imported
from app.ui.blacklist import list_files
from app.ui.connect.block_address import BlockAddress, paired_within
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.support.bridge import Bridge
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP
from app.ui.support.sentences import said
from app.ui.tab import Tab
from app.ui.widgets.buttons import Button
from app.ui.widgets.choose_file import choose_to_read, choose_to_write, writing
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.layouts import PAGE, STRETCH, hbox, vbox, wide
from app.ui.widgets.table import Cell, Table
from app.ui.widgets.text import Quiet
from app.ui.widgets.undo_bar import UndoBar

MOST_TOLD = 3
FOLLOWED_MS = 1_000
"""How often hits are counted anew while blocked devices knock."""
LONGEST_WAIT_MS = 3_600_000


class BlacklistTab(Tab):
    """A table of those in force, the newest first. What was removed can be brought back for a minute."""

    name = "blacklist"
    title = QT_TRANSLATE_NOOP("BlacklistTab", "Blacklist")

    def __init__(self, services: Services, bridge: Bridge) -> None:
        super().__init__(services, bridge)
        self._looked_at, self._new = datetime.now(UTC), 0
        self._rows: dict[tuple[BlacklistEntry, int, date], tuple[Cell, ...]] = {}
        titles = (
            self.tr("Address or range"), self.tr("Reason"), self.tr("Since"), self.tr("Expires"), self.tr("Made"),
            self.tr("Hits"),
        )  # fmt: skip
        self.table = Table(titles, 1, self.tr("Blocked addresses"), self)
        self.add = Button(self.tr("Block an address"), "add", self)
        self.removing = QWidget(self)  # switched off as a whole meanwhile: the button knows for itself when it is on
        self.remove = Button(self.tr("Remove"), "delete", self.removing)
        self.read_in = Button(self.tr("Import"), "down", self)
        self.write_out = Button(self.tr("Export"), "up", self)
        self.undo_bar = UndoBar(self)
        self.empty = EmptyState(
            self.name,
            self.tr("Nobody is blocked"),
            self.tr(
                "An address on this list gets no answer. After many wrong keys the program adds one by itself: for an "
                "hour it cannot pair. This computer's own is never blocked."
            ),
            self.tr("Block an address"),
            self,
        )
        self._expiry = QTimer(self, singleShot=True)
        self._follow = QTimer(self, singleShot=True, interval=FOLLOWED_MS)
        self._lay_out()
        self._connect(bridge)

    def _lay_out(self) -> None:
        hbox(self.remove, on=self.removing)
        buttons = hbox(self.add, self.removing, STRETCH, self.read_in, self.write_out)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self.empty)
        told = self.tr(
            "Blocked by hand: no answer, whatever key is sent. Automatic: keys alone are refused for an hour, glasses "
            "that are paired go on; Remove ends it at once."
        )
        self.told = Quiet(told, self, wrap=True)
        vbox(buttons, self.undo_bar, wide(self._pages), self.told, gap=12, on=self, margins=PAGE)

    def _connect(self, bridge: Bridge) -> None:
        self.add.clicked.connect(self._add)
        self.empty.button.clicked.connect(self._add)
        self.remove.clicked.connect(lambda: self.work(self._take_off(), "remove from the blacklist", self.removing))
        self.read_in.clicked.connect(self._ask_what_to_read)
        self.write_out.clicked.connect(self._ask_where_to_write)
        self.undo_bar.wanted.connect(lambda entry: self.work(self._bring_back(entry), "undo", self.undo_bar.undo))
        self._expiry.timeout.connect(self.refresh)
        self._follow.timeout.connect(self.refresh)
        bridge.on(ClientHeard, self._follow_hits, self)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.table)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.remove.click)
        bridge.on(BlacklistChanged, self.refresh, self)
        bridge.on(BlacklistChanged, self._count_new, self)

    # --- what is shown -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        if not self.isVisible():
            return  # read anew when it is shown
        self._looked_at, self._new = datetime.now(UTC), 0
        entries = self.services.store.blacklist.all()
        known, today = self._rows, datetime.now().astimezone().date()  # a time is told in another way the next day
        keys = [(entry, entry.hits, today) for entry in entries]
        self._rows = {key: known.get(key) or self._row(key[0]) for key in keys}
        self.table.show_rows({key[0].address: row for key, row in self._rows.items()})
        self._pages.setCurrentIndex(0 if entries else 1)
        self.told.setVisible(bool(entries))
        for button in (self.remove, self.write_out):
            button.setEnabled(bool(entries))
        self._await_expiry(entries)

    def count_waiting(self) -> int:
        return self._new

    def _count_new(self) -> None:
        """Those that the program blocked by itself since somebody looked."""
        if not self.isVisible():
            entries = self.services.store.blacklist.all()
            self._new = sum(entry.automatic and entry.created_at > self._looked_at for entry in entries)

    def _row(self, entry: BlacklistEntry) -> tuple[Cell, ...]:
        return (
            Cell(entry.address),
            Cell(self._reason(entry)),
            Cell(fmt.when(entry.created_at), sort=entry.created_at),
            Cell(fmt.when(entry.expires_at) if entry.expires_at else self.tr("never"), sort=entry.expires_at),
            Cell(self.tr("automatic") if entry.automatic else self.tr("by hand")),
            Cell(fmt.count(entry.hits), number=True, sort=entry.hits),
        )

    def _reason(self, entry: BlacklistEntry) -> str:
        if not entry.automatic:
            return entry.reason or fmt.DASH
        if entry.expires_at is None:
            return self.tr("wrong keys: pairing closed")
        until, today = entry.expires_at.astimezone(), datetime.now().astimezone().date()
        told = fmt.clock(until) if until.date() == today else fmt.day_and_time(until)
        return self.tr("wrong keys: pairing closed until {time}").format(time=told)

    def _follow_hits(self, event: ClientHeard) -> None:
        if self.isVisible() and self.services.store.blacklist.match(event.client_ip) and not self._follow.isActive():
            self._follow.start()

    def _await_expiry(self, entries: tuple[BlacklistEntry, ...]) -> None:
        """An entry ends without a word."""
        self._expiry.stop()
        moments = [entry.expires_at for entry in entries if entry.expires_at is not None]
        if moments:
            left_ms = round((min(moments) - datetime.now(UTC)).total_seconds() * 1_000) + 100
            self._expiry.start(min(max(left_ms, 1_000), LONGEST_WAIT_MS))

    def hideEvent(self, event: object) -> None:
        self._expiry.stop()

    def shut(self) -> None:
        self._expiry.stop()
        self._follow.stop()
        self.undo_bar.shut()

    # --- add, remove, undo ---------------------------------------------------------------------------------------

    def begin(self) -> None:
        self._add()

    def _add(self) -> None:
        dialog = BlockAddress(self.services, self)
        dialog.added.connect(self._added)
        dialog.open()

    def _added(self, address: str) -> None:
        self.refresh()
        self.table.pick(address)

    async def _take_off(self) -> None:
        blacklist, address = self.services.store.blacklist, self.table.picked_name
        entry = next((entry for entry in blacklist.all() if entry.address == address), None)
        if entry is None:
            return
        await blacklist.remove(address)
        text = self.tr("{address} was removed: it gets answers again.")
        if entry.automatic:
            text = self.tr("{address} was removed: it may pair again.")
        self.undo_bar.offer(entry, text.format(address=entry.address))
        self.refresh()

    async def _bring_back(self, entry: BlacklistEntry) -> None:
        await self.services.store.blacklist.restore(entry)
        self.undo_bar.drop(entry)
        self.refresh()
        self.table.pick(entry.address)

    # --- import ----------------------------------------------------------------------------------------------------

    def _ask_what_to_read(self) -> None:
        choose_to_read(self, self.tr("Import addresses to block"), (self._filter(),), self._import)

    def _import(self, path: Path) -> None:
        self.work(self._read(path), "import a blacklist", self.read_in)

    async def _read(self, path: Path) -> None:
        try:
            text = await asyncio.to_thread(list_files.read, path)
        except OSError as error:
            self.refuse(self.tr("The file could not be read: {why}.").format(why=error.strerror or error))
            return
        lines = [] if text is None else list_files.parse(text)
        if text is None or len(lines) > list_files.MOST_LINES:
            self.refuse(
                self.tr("{file} is too long for a list of addresses: at most {most} lines are read.").format(
                    file=path.name, most=fmt.count(list_files.MOST_LINES)
                )
            )
            return
        self._tell_of_import(path, await self.services.store.blacklist.add_all(lines))
        self.refresh()

    def _tell_of_import(self, path: Path, imported: Imported) -> None:
        added, refused = imported.added, imported.refused
        devices = [one for entry in added for one in paired_within(self.services, checked_network(entry.address))]
        told = [
            self.tr("{file}: {added} blocked, {known} were blocked already, {wrong} not understood.").format(
                file=path.name, added=fmt.count(len(added)), known=fmt.count(imported.known),
                wrong=fmt.count(len(refused)),
            ),
            *(self.tr("Line {number}: {why}").format(number=one, why=said(why)) for one, why in refused[:MOST_TOLD]),
        ]  # fmt: skip
        if len(refused) > MOST_TOLD:
            told.append("…")
        if devices:
            text = self.tr("Careful, paired devices are among them: {devices}.")
            told.append(text.format(devices=", ".join(devices[:MOST_TOLD])))
        self.message.emit(" ".join(told), "warn" if refused or devices else "good")

    # --- export ----------------------------------------------------------------------------------------------------

    def _ask_where_to_write(self) -> None:
        choose_to_write(self, self.tr("Export the blacklist"), list_files.FILE_NAME, (self._filter(),), self._export)

    def _export(self, path: Path) -> None:
        self.work(self._write(path), "export the blacklist", self.write_out)

    async def _write(self, path: Path) -> None:
        entries = self.services.store.blacklist.all()
        with writing():
            await asyncio.to_thread(path.write_text, list_files.spell(entries), encoding="utf-8")
        text = self.tr("{number} addresses were written to {file}.")
        self.saved.emit(text.format(number=fmt.count(len(entries)), file=path.name), path)

    def _filter(self) -> str:
        return self.tr("Text files (*.txt)")
