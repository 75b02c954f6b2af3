"""What became of the frames: figures over any choice of them, and behind every figure the frames themselves."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from app.core.events import FrameAnswered, FrameCompleted, FrameFailed, HistoryChanged, ProfilesChanged
from app.store.history.columns import Thumb
from app.store.history.filters import Filter, Page
from app.ui.activity.delete_frames import DeleteFrames, Scope
from app.ui.activity.drilldown import Drilldown
from app.ui.activity.export_controller import ExportController
from app.ui.activity.exports import Form
from app.ui.activity.figures import Figures
from app.ui.activity.filter_bar import ActivityFilter
from app.ui.activity.frame_list import FrameList
from app.ui.activity.list_bar import ListBar
from app.ui.activity.model import ActivityModel
from app.ui.activity.no_frames import NoFrames, Step
from app.ui.activity.open_frame import OpenFrame
from app.ui.activity.row_pictures import RowPictures
from app.ui.connect.block_address import BlockAddress
from app.ui.frames.beside import Beside
from app.ui.frames.inspector import FrameInspector
from app.ui.services import Services
from app.ui.support import run_task
from app.ui.support.bridge import Bridge
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP
from app.ui.support.window_state import WindowMemory
from app.ui.tab import Tab
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.export_bar import ExportBar
from app.ui.widgets.layouts import PAGE, vbox, wide

STALE_MS = 1_000
"""New frames are shown at most once a second, and only while somebody looks."""
PAGE_ROWS = 200
TURN_S = 0.02
_COLUMNS = "activity/list"
MOST_RELOADED = 5_000


class ActivityTab(Tab):
    """Figures are of the filter; the list is of the filter and of the number that was pressed.

    A question asked later wins: an earlier one is given up. While nobody looks nothing is asked.
    """

    name = "activity"
    title = QT_TRANSLATE_NOOP("ActivityTab", "Activity")

    def __init__(self, services: Services, bridge: Bridge) -> None:
        super().__init__(services, bridge)
        self.drill: Drilldown | None = None
        self._listed = Filter()
        self._turn, self._begun = 0, 0
        self._asked: asyncio.Task[None] | None = None
        self._is_loading = self._rows_are_stale = self._takes_fresh = False
        self._stale = QTimer(self, singleShot=True)
        self.filter, self.figures = ActivityFilter(self), Figures(self._label, self)
        activity, ratio = services.store.activity, self.devicePixelRatioF()
        self.pictures = RowPictures(activity.picture, lambda name: self.list.is_seen(name), ratio, self)
        self.lines = ActivityModel(self._label, self.pictures.of, self)
        self.list = FrameList(self.lines, self)
        self.inspector = FrameInspector(services, bridge, self._label, self)
        self.bar = ListBar(self)
        self.export_bar = ExportBar(self)
        self.exports = ExportController(services, self.export_bar, self._label, self)
        self.no_frames = NoFrames(self)
        self.no_match = EmptyState(
            "activity", self.tr("No frame matches"), self.tr("There are frames in the history, but none like that."),
            self.tr("Clear the filters"), self,
        )  # fmt: skip
        self.no_match.button.show_as(self.no_match.button.text(), "close")
        self._memory = WindowMemory(services.settings_path)
        self._memory.restore_columns(self.list, _COLUMNS)
        self._lay_out()
        self._connect(bridge)

    def _lay_out(self) -> None:
        self._lists = QStackedWidget(self)
        self._lists.addWidget(self.list)
        self._lists.addWidget(self.no_match)
        self._lists.setMinimumHeight(150)
        content, listed = QWidget(self), QWidget(self)
        vbox(self.bar, self.export_bar, wide(self._lists), gap=10, on=listed)
        self.beside = Beside(listed, self.inspector, self)
        self.open_frame = OpenFrame(self.list, self.inspector, self.beside)
        vbox(self.filter, self.figures, wide(self.beside), gap=10, on=content)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(content)
        self._pages.addWidget(self.no_frames)
        vbox(self._pages, on=self, margins=PAGE)

    def _connect(self, bridge: Bridge) -> None:
        self.filter.changed.connect(self._begin_anew)
        self.figures.wanted.connect(self._drill_into)
        self.figures.day_wanted.connect(self.filter.choose_day)
        self.bar.chip.clicked.connect(lambda: self._drill_into(None))
        self.bar.fresh.clicked.connect(self._take_fresh)
        self.list.pointer_left.connect(self._take_fresh)
        self.bar.export_wanted.connect(self._export)
        self.bar.delete_wanted.connect(self._ask_to_delete)
        self.no_match.button.clicked.connect(self._clear)
        self.no_frames.button.clicked.connect(lambda: self.tab_wanted.emit(self._next_step()))
        self.lines.more_wanted.connect(lambda: self.work(self._load_more(self.lines.after), "load more frames"))
        self.beside.opened.connect(lambda on: self.figures.setVisible(not on))  # the frame takes their room
        self.inspector.ai_wanted.connect(lambda: self.tab_wanted.emit("providers"))
        self.list.favourite_wanted.connect(lambda name: self.work(self._set_favourite(name), "set a favourite"))
        self.list.thumb_wanted.connect(lambda name, thumb: self.work(self._set_thumb(name, thumb), "set a thumb"))
        self.list.block_wanted.connect(self._block)
        self.pictures.arrived.connect(self.lines.show_picture)
        self.exports.told.connect(self.message)
        self.exports.saved.connect(self.saved)
        self.exports.busy.connect(self._export_goes_on)
        self._stale.timeout.connect(self._catch_up)
        for ended in (FrameAnswered, FrameCompleted, FrameFailed):
            bridge.on(ended, lambda _: self._mark_stale(), self)
        bridge.on(HistoryChanged, lambda _: self._mark_stale(rows=True), self)
        bridge.on(ProfilesChanged, self._show_profiles, self)

    def _label(self, name: str) -> str:
        """How whoever answered is called before people."""
        return self.tr("the judge") if name == "judge" else self.services.provider_label(name)

    # --- when it is read -----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self._show_profiles()
        self._rows_are_stale = True
        self._ask(anew=False)

    def finder(self) -> QLineEdit | None:
        return self.filter.search

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._stale.stop()

    def shut(self) -> None:
        self._memory.keep_columns(self.list, _COLUMNS)
        self._stale.stop()
        self.exports.stop()
        self.pictures.close()

    def _mark_stale(self, *, rows: bool = False) -> None:
        """``rows``: what is loaded may have changed; that was asked for, and is shown at once."""
        self._rows_are_stale |= rows
        if self.isVisible() and (rows or not self._stale.isActive()):
            self._stale.start(0 if rows else STALE_MS)

    def _catch_up(self) -> None:
        if self._is_loading or self.window().isMinimized():
            self._stale.start(STALE_MS)
        else:
            self._ask(anew=False)

    def _begin_anew(self) -> None:
        self._ask(anew=True)

    def _ask(self, *, anew: bool) -> None:
        if not self.isVisible():
            return  # read when it is shown
        self._stale.stop()
        self._turn += 1
        self._begun += anew
        if self._asked is not None:
            self._asked.cancel()  # it may be looking through a long history still
        load = self._load(self._turn, anew=anew)
        self._asked = run_task.start(load, name="load the activity", owner=self, refused=self.refuse)

    async def _load(self, turn: int, *, anew: bool) -> None:
        activity, chosen = self.services.store.activity, self.filter.value()
        listed = self.drill.narrow(chosen) if self.drill else chosen
        is_whole = self._rows_are_stale and not anew
        limit = min(max(len(self.lines.frames), PAGE_ROWS), MOST_RELOADED) if is_whole else PAGE_ROWS
        self._is_loading, self._rows_are_stale = True, False
        try:
            summary = await activity.summary(chosen)
            has_frames = bool(summary.frames or (await activity.listed(Filter(), "", 1)).frames)
            self._listed = listed
            self.figures.show_summary(summary, self.drill)
            self._pages.setCurrentIndex(0 if has_frames else 1)
            # both painted at once would hold the window up twice as long
            page, _ = await asyncio.gather(activity.listed(listed, "", limit), asyncio.sleep(TURN_S))
        except BaseException:
            self._rows_are_stale |= is_whole
            if turn == self._turn:
                self._is_loading = False
            raise
        self._show(page, has_frames=has_frames, anew=anew)

    async def _load_more(self, after: str) -> None:
        begun, page = self._begun, None
        try:
            page = await self.services.store.activity.listed(self._listed, after, PAGE_ROWS)
        finally:
            if page is not None and begun == self._begun and after == self.lines.after:
                self.lines.add_page(page)
            else:
                self.lines.not_loaded()

    # --- what is shown -------------------------------------------------------------------------------------------

    def _show_profiles(self) -> None:
        self.filter.show_profiles([profile.username for profile in self.services.store.profiles.all()])

    def _show(self, page: Page, *, has_frames: bool, anew: bool) -> None:
        self._is_loading = False
        self.lines.show_search(self._listed.text)
        holds, self._takes_fresh = self.list.holds_still and not (anew or self._takes_fresh), False
        known = self._known(page) if holds else page
        if not known.frames:
            known = page  # of what stood there nothing is left
        fresh = len(page.frames) - len(known.frames)
        self.bar.show_fresh(fresh, is_cut=fresh >= PAGE_ROWS)
        folds = self._listed.is_plain  # else each frame was asked for
        if anew or folds is not self.lines.folds:
            self.lines.show_page(known, folds=folds)
        else:
            self.lines.merge_page(known, self.list.looked_at())
        self._show_chip()
        self._lists.setCurrentWidget(self.list if self.lines.frames else self.no_match)
        self.bar.export.setEnabled(bool(self.lines.frames) and not self.exports.is_busy)
        if not has_frames:
            self.no_frames.show_step(self._next_step(), self.services.control.url)

    def _export_goes_on(self, is_busy: bool) -> None:
        """The list takes the focus of the button that rests: the next one deletes."""
        if is_busy and self.window().focusWidget() is self.bar.export:
            self.list.setFocus()
        self.bar.export.setDisabled(is_busy)

    def _known(self, page: Page) -> Page:
        """``page`` without what came after the list's newest frame."""
        newest = self.lines.frames[0].received_at
        return replace(page, frames=tuple(frame for frame in page.frames if frame.received_at <= newest))

    def _take_fresh(self) -> None:
        if not self.bar.fresh.isHidden():
            self._takes_fresh = True
            self._ask(anew=False)

    def _show_chip(self) -> None:
        if self.drill is None:
            summary = self.figures.summary
            self.bar.show_choice("", summary.frames, is_cut=summary.is_cut)
        else:
            self.bar.show_choice(self.drill.told(self._label), self.figures.number_of(self.drill))

    def _next_step(self) -> Step:
        return "live" if self.services.store.profiles.all() else "profiles"

    # --- what is pressed -----------------------------------------------------------------------------------------

    def _drill_into(self, drill: Drilldown | None) -> None:
        """The same number again shows all frames."""
        self.drill = None if drill == self.drill else drill
        self.figures.show_drill(self.drill)
        self._show_chip()
        self._begin_anew()

    def _clear(self) -> None:
        self.drill = None
        self.filter.clear()

    async def _set_favourite(self, frame_id: str) -> None:
        if frame := self.lines.frame_at(self.lines.row_of(frame_id)):
            await self.services.store.activity.set_favourite(frame_id, not frame.favourite)

    async def _set_thumb(self, frame_id: str, thumb: Thumb) -> None:
        if frame := self.lines.frame_at(self.lines.row_of(frame_id)):
            await self.services.store.activity.set_thumb(frame_id, 0 if frame.thumb == thumb else thumb)

    def _block(self, address: str) -> None:
        dialog = BlockAddress(self.services, self, address=address)
        dialog.added.connect(
            lambda one: self.message.emit(self.tr("{address} is blocked.").format(address=one), "good")
        )
        dialog.open()

    def _ask_to_delete(self, scope: Scope) -> None:
        picked = self.list.picked
        day = (picked.received_at if picked else datetime.now().astimezone()).astimezone().date()
        dialog = DeleteFrames(self.services, scope, self._listed, day, self)
        dialog.deleted.connect(lambda sentence: self.message.emit(sentence, "good"))
        dialog.open()

    def _export(self, form: Form) -> None:
        summary = self.figures.summary
        number = (self.figures.number_of(self.drill) if self.drill else None) or summary.frames
        shown = self.drill.told(self._label) if self.drill else ""
        self.exports.ask(form, self._listed, shown, 0 if summary.is_cut else number)
