"""The frame around the tabs: the status strip, what the owner should know, the list of tabs and the shown one."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QPoint, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QActionGroup,
    QCloseEvent,
    QDesktopServices,
    QIcon,
    QKeySequence,
    QPalette,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from app.ui.services import Services
from app.ui.shell.background import Background
from app.ui.shell.banner_place import BannerPlace
from app.ui.shell.find_bar import FindBar, FindController
from app.ui.shell.message_bar import MessageBar
from app.ui.shell.shortcuts_dialog import WINDOW_KEYS, ShortcutsDialog
from app.ui.shell.sidebar import Sidebar
from app.ui.shell.splash import Splash
from app.ui.shell.status_strip import StatusStrip
from app.ui.support import icons
from app.ui.support.bridge import Bridge
from app.ui.support.sentences import said
from app.ui.support.theme import MARGIN_PX, Scheme, Theme, Tone
from app.ui.support.window_state import WindowMemory, bring_on_screen
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.layouts import add, at_left, hbox, vbox, wide
from app.ui.widgets.scroll import PageScroll
from app.ui.widgets.table import Table

if TYPE_CHECKING:
    from app.ui.shell.status import Status
    from app.ui.tab import Tab  # the tabs come after the first paint

WIDTH_PX, HEIGHT_PX = 1_120, 760
LEAST_PX = (800, 560)
FOLDED_BELOW_PX = 1_000
"""A window that is narrower needs its room for the tab."""
BADGES_MS = 1_000


class MainWindow(QWidget):
    """Shown at once, with ``splash`` over it; ``open`` fills it when the program is ready. ``closing`` asks for the
    program's end, ``restore_wanted`` for a new beginning with what that backup holds."""

    closing = Signal()
    restore_wanted = Signal(Path, frozenset)

    def __init__(self, theme: Theme, settings_path: Path | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._memory = WindowMemory(settings_path)
        self._services: Services | None = None
        self._bridge: Bridge | None = None
        self._status: Status | None = None
        self.tabs: list[Tab] = []
        self.setWindowTitle(self.tr("Frame Backend"))
        self.setWindowIcon(_window_icon(self.palette()))
        self.strip, self.messages, self.find_bar = StatusStrip(self), MessageBar(self), FindBar(self)
        self.background: Background | None = None
        self._keys: dict[str, QShortcut] = {}
        self._tables: dict[Table, str] = {}
        self.tab_list, self.pages = Sidebar(self), QStackedWidget(self)
        self.appearance = self._appearance_button()
        left = vbox(wide(self.tab_list), at_left(self.appearance), margins=(6, MARGIN_PX - 2, 0, 10))
        banners = QWidget(self)
        self._banners = vbox(self.messages, gap=8, on=banners, margins=(0, 8, 0, 0))
        place = BannerPlace(banners, self.pages, self.messages.notices, self)
        above = vbox(self.strip, place, gap=0, margins=(MARGIN_PX, MARGIN_PX, MARGIN_PX, 0))
        finding = hbox(self.find_bar, margins=(MARGIN_PX, 0, MARGIN_PX, 0))
        hbox(left, wide(vbox(above, finding, wide(self.pages), gap=14)), gap=0, on=self)
        self._add_keys()
        self._finding = FindController(self.find_bar, self._keys["unfind"], self)
        self.pages.currentChanged.connect(self._page_changed)
        self.tab_list.page_wanted.connect(self.pages.setCurrentIndex)
        self.splash = Splash(self)
        self.setMinimumSize(*LEAST_PX)  # a layout leaves it alone then: a tab that needs more scrolls
        self.resize(WIDTH_PX, HEIGHT_PX)
        self._restore()
        self._badges = QTimer(self, interval=BADGES_MS)
        self._badges.timeout.connect(self._show_waiting)

    # --- the program opens and closes ----------------------------------------------------------------------------

    def open(
        self, services: Services, home: tuple[type[Tab], ...], behind_the_scenes: tuple[type[Tab], ...] = ()
    ) -> None:
        """Show the running program, its tabs in two rooms."""
        # with the store's own words: after the first paint
        from app.ui.shell.pairing_controller import PairingController
        from app.ui.shell.status import LostKeys, Status

        if not self._memory.is_kept:
            self._memory = WindowMemory(services.settings_path)
            self._restore()
        self._services, self._bridge = services, Bridge(services.bus, self)
        self._status = Status(services, self._bridge, self.strip, self.messages)
        self.strip.ais.clicked.connect(lambda: self.go_to("providers"))
        self.pairings = PairingController(services, self._bridge, lambda sentence: self.tell(sentence, "bad"), self)
        add(self._banners, self.pairings)
        self.background = Background(services, self._bridge, self._memory, self)
        self.splash.end()  # what the tabs read once they are seen is not to wait for it
        for kind in home:
            self._add_tab(kind(services, self._bridge))
        if behind_the_scenes:
            self.tab_list.add_heading(self.tr("Behind the scenes"))
        for kind in behind_the_scenes:
            self._add_tab(kind(services, self._bridge))
        names = [tab.name for tab in self.tabs]
        self.tab_list.show_page(names.index(self._memory.tab) if self._memory.tab in names else 0)
        self.tab_list.setFocus()
        LostKeys(services, self._bridge, self.messages, partial(self.mend, "profiles"))
        self._badges.start()

    def shut(self) -> None:
        """Hear no more events; the program closes."""
        self._keep()
        self._badges.stop()
        if self.background is not None:
            self.background.stop()
        if self._bridge is not None:
            self._bridge.close()
        if self._status is not None:
            self._status.stop()
        for tab in self.tabs:
            tab.shut()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing leaves the program in the tray; where there is none, it ends."""
        event.ignore()
        if self.background is not None and self.background.takes_over():
            self._keep()
            self.hide()
        else:
            self.quit()

    def quit(self) -> None:
        """Ask for the program's end: it ends its work first, out of sight."""
        self._keep()
        self.hide()
        self.closing.emit()

    def show_up(self, token: str = "") -> None:
        """Come to the front from wherever it is. ``token``: by which a Wayland desktop allows that."""
        if token:
            os.environ["XDG_ACTIVATION_TOKEN"] = token  # Qt takes it from there
        if self.isMinimized():
            self.showNormal()
        self.show()
        bring_on_screen(self)
        self.raise_()
        self.activateWindow()

    def set_up(self) -> None:
        """Go through the first start, from its beginning."""
        from app.ui.first_start.wizard import FirstStart  # hardly ever wanted

        if self._services is not None and self._bridge is not None:
            FirstStart(self._services, self._bridge, self).open()

    def tell(self, sentence: str, tone: Tone = "warn", key: str = "") -> None:
        """Show a sentence for a moment."""
        self.messages.tell(sentence, tone, key)

    def tell_saved(self, sentence: str, file: Path) -> None:
        """As ``tell``, of a file that was written: it can be opened, or found."""
        ways = ((self.tr("Open"), file), (self.tr("Show in folder"), file.parent))
        opens = ((text, partial(QDesktopServices.openUrl, QUrl.fromLocalFile(str(what)))) for text, what in ways)
        self.messages.tell(sentence, "good", "", *opens)

    def mend(self, tab: str, name: str) -> None:
        """Show the tab where ``name`` is put right, and what does that."""
        self.go_to(tab)
        self._tab().mend(name)

    def go_to(self, name: str) -> None:
        """Show the tab of that name."""
        for row, tab in enumerate(self.tabs):
            if tab.name == name:
                self.tab_list.show_page(row)

    # --- within --------------------------------------------------------------------------------------------------

    def _add_tab(self, tab: Tab) -> None:
        self.tabs.append(tab)
        tab.message.connect(lambda sentence, tone: self.tell(sentence, tone))
        tab.saved.connect(self.tell_saved)
        tab.tab_wanted.connect(self._begin_in)
        tab.set_up_wanted.connect(self.set_up)
        tab.restore_wanted.connect(self.restore_wanted)
        self._remember_columns(tab)
        try:
            self.tab_list.add_tab(tab.tr(tab.title), tab.name)
        except icons.DrawingMissing as error:
            self.tell(said(error), "bad")
        self.pages.addWidget(PageScroll(tab, self.pages))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.tab_list.fold(is_folded=self.width() < FOLDED_BELOW_PX)

    def _show_waiting(self) -> None:
        if self.isVisible():
            for page, tab in enumerate(self.tabs):
                self.tab_list.show_waiting(page, tab.count_waiting())

    def _begin_in(self, name: str) -> None:
        self.go_to(name)
        self._tab().begin()

    def _remember_columns(self, tab: Tab) -> None:
        """Give the tab's tables the columns they had; a tab may make some of them when it is first shown."""
        for table in tab.findChildren(Table):
            if table not in self._tables:
                self._tables[table] = f"{tab.name}/{table.accessibleName().replace('/', ' ')}"
                self._memory.restore_columns(table, self._tables[table])

    def _keep(self) -> None:
        """Write down the place and what is shown where."""
        if not self.tabs:
            return
        self._memory.keep_place(self)
        self._memory.tab = self._tab().name
        for table, key in self._tables.items():
            if shiboken6.isValid(table):
                self._memory.keep_columns(table, key)

    def _tab(self) -> Tab:
        return self.tabs[self.pages.currentIndex()]

    def _page_changed(self) -> None:
        self._finding.end()
        self._remember_columns(self._tab())
        self._show_waiting()

    def _refresh(self) -> None:
        if self._status is not None:
            self._tab().refresh()
            self._status.refresh()

    def _restore(self) -> None:
        self._memory.restore_place(self)
        self._choose_scheme(self._memory.scheme)

    def _choose_scheme(self, scheme: Scheme) -> None:
        self._memory.scheme = scheme
        self._theme.apply(scheme)
        for action in self._schemes.actions():
            action.setChecked(action.data() == scheme)

    # --- keys ------------------------------------------------------------------------------------------------------

    def _add_keys(self) -> None:
        for digit in range(1, 10):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{digit}"), self)
            shortcut.activated.connect(lambda row=digit - 1: self._go_to_row(row))
        for key, name, _text in WINDOW_KEYS:
            self._keys[name] = QShortcut(QKeySequence(key), self)
        self._keys["find"].activated.connect(self._find)
        self._keys["refresh"].activated.connect(self._refresh)
        self._keys["settings"].activated.connect(lambda: self.go_to("settings"))
        self._keys["keys"].activated.connect(lambda: ShortcutsDialog(self).open())
        self._keys["quit"].activated.connect(self.quit)

    def _find(self) -> None:
        if self.tabs:
            self._finding.begin(self._tab())

    def _go_to_row(self, row: int) -> None:
        if row < len(self.tabs):
            self.tab_list.show_page(row)

    def _appearance_button(self) -> IconButton:
        button = IconButton("appearance", self.tr("Appearance: light, dark or as the system"), self)
        menu, self._schemes = QMenu(button), QActionGroup(self)
        for scheme, text in (
            ("system", self.tr("As the system")),
            ("light", self.tr("Light")),
            ("dark", self.tr("Dark")),
        ):
            action = menu.addAction(text)
            action.setData(scheme)
            action.setCheckable(True)
            self._schemes.addAction(action)
        self._schemes.triggered.connect(lambda action: self._choose_scheme(action.data()))
        # a menu that is given to the button would be run in a loop of its own
        button.clicked.connect(lambda: menu.popup(button.mapToGlobal(QPoint(0, -menu.sizeHint().height()))))
        return button


def _window_icon(palette: QPalette) -> QIcon:
    return icons.icon("app", palette, QPalette.ColorRole.Highlight)
