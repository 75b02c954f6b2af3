"""Lists of which one is chosen: what they offer is in sight."""

from __future__ import annotations

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.ui.support.theme import Theme
from app.ui.widgets.choices import Choices


def test_a_long_name_holds_no_page_wide(qtbot: object, theme: Theme) -> None:
    page = QWidget()
    short, long = (Choices("Profile", page, (name, name)) for name in ("alice", "W" * 64))
    page.show()
    assert long.minimumSizeHint().width() <= long.sizeHint().width() < 400
    assert short.sizeHint().width() < long.sizeHint().width()


def test_a_short_list_opens_whole(qtbot: object, theme: Theme) -> None:
    page = QWidget()
    page.setGeometry(100, 100, 400, 300)
    choices = Choices(
        "Period", page, *((text, text) for text in ("Today", "Last 24 hours", "Last 3 days", "All time", "From"))
    )
    choices.move(50, 100)
    choices.choose("Last 3 days")
    page.show()
    QTest.qWait(50)
    choices.showPopup()
    QTest.qWait(50)
    shown = choices.view()
    assert shown.verticalScrollBar().maximum() == 0
    assert shown.visualRect(shown.model().index(0, 0)).top() >= 0
    choices.hidePopup()
