"""The list of tabs: two rooms, icons alone in a narrow window, and a badge where something waits for its owner."""

from __future__ import annotations

import logging

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.core.events import Light, ProviderLightChanged
from app.ui.shell.main_window import FOLDED_BELOW_PX, LEAST_PX
from app.ui.support.theme import Scheme, Theme, tone_colour
from app.ui.tabs import BEHIND_THE_SCENES, HOME, TABS
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import Stage, case


def waiting(on: Stage, name: str) -> int:
    return on.window.tab_list.waiting([tab.name for tab in on.window.tabs].index(name))


def test_two_rooms_with_a_heading_between_that_nobody_can_choose(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            bar = on.window.tab_list
            texts = [bar.item(row).text() for row in range(bar.count())]
            assert texts.index("Behind the scenes") == len(HOME)
            assert len(texts) == len(HOME) + 1 + len(BEHIND_THE_SCENES)
            bar.setFocus()
            for tab in TABS[1:]:
                QTest.keyClick(bar, Qt.Key.Key_Down)
                assert on.shown_tab().name == tab.name

    play(scene())


def test_a_narrow_window_has_icons_alone_and_their_names_as_tool_tips(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            bar, wide_px = on.window.tab_list, on.window.tab_list.width()
            on.window.resize(*LEAST_PX)
            assert (on.window.width(), on.window.height()) == LEAST_PX
            assert bar.width() < wide_px / 2
            assert [bar.item(row).text() for row in range(bar.count())] == [""] * bar.count()
            assert bar.item(0).toolTip().startswith("Live")
            assert bar.item(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Live"
            on.window.resize(FOLDED_BELOW_PX, 700)
            assert bar.width() == wide_px
            assert bar.item(0).text() == "Live"

    play(scene())


def test_what_waits_has_a_badge_until_it_was_seen(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            lights: tuple[Light, ...] = ("key_refused", "no_credit", "blind", "error")
            for light in lights:
                with case(light):
                    on.bus.publish(ProviderLightChanged("on_device", light))
                    await on.until(lambda: waiting(on, "providers") == 1)
                    on.bus.publish(ProviderLightChanged("on_device", "ready"))
                    await on.until(lambda: waiting(on, "providers") == 0)
            await on.store.blacklist.add("192.168.0.66", automatic=True)
            await on.store.blacklist.add("192.168.0.67")
            logging.getLogger("app.test").error("it failed")
            await on.until(lambda: (waiting(on, "blacklist"), waiting(on, "log")) == (1, 1))
            spoken = on.window.tab_list.item(1 + [tab.name for tab in TABS].index("log"))
            assert spoken.data(Qt.ItemDataRole.AccessibleTextRole) == "Log, waiting for you: 1"
            for name in ("blacklist", "log"):
                on.window.go_to(name)
                assert waiting(on, name) == 0

    play(scene())


def test_a_badge_has_the_colour_that_its_scheme_can_show(play: Play, stage: OpenStage, theme: Theme) -> None:
    async def scene() -> None:
        async with stage() as on:
            bar = on.window.tab_list
            bar.show_waiting(0, 1)
            schemes: tuple[Scheme, ...] = ("dark", "light")
            for scheme in schemes:
                theme.apply(scheme)
                row = bar.grab(bar.visualItemRect(bar.item(0))).toImage()
                wanted = tone_colour("bad", QGuiApplication.palette()).rgb()
                assert any(row.pixel(x, row.height() // 2) == wanted for x in range(row.width())), scheme

    play(scene())
