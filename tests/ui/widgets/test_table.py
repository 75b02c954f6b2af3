"""The shared table: sorted by value, found by text, copied as text, the same row selected throughout, columns kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHeaderView, QMenu
from pytestqt.qtbot import QtBot

from app.ui.support.theme import Theme
from app.ui.widgets.table import Cell, Table

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
TITLES = ("Name", "Frames", "Last seen")
SEEN = {"alice": NOW, "Bob": NOW - timedelta(days=400), "carol": None, "dave": NOW - timedelta(minutes=1)}
FRAMES = {"alice": 9, "Bob": 1_200, "carol": 10, "dave": 9}


def rows() -> dict[str, tuple[Cell, ...]]:
    return {
        name: (
            Cell(name),
            Cell(f"{FRAMES[name]:,}", number=True),
            Cell("never" if seen is None else f"{seen:%d %B}", sort=seen),
        )
        for name, seen in SEEN.items()
    }


@pytest.fixture
def table(qtbot: QtBot, theme: Theme) -> Iterator[Table]:
    made = Table(TITLES, 0, "People")
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show_rows(rows())
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.hide()


def click_title(table: Table, column: int) -> None:
    header = table.horizontalHeader()
    middle = QPoint(header.sectionViewportPosition(column) + header.sectionSize(column) // 2, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)


def drag_edge(table: Table, column: int, by_px: int) -> None:
    header = table.horizontalHeader()
    edge = QPoint(header.sectionViewportPosition(column) + header.sectionSize(column) - 2, header.height() // 2)
    QTest.mousePress(header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, edge)
    for part in range(1, 5):
        QTest.mouseMove(header.viewport(), edge + QPoint(by_px * part // 4, 0))
    end = edge + QPoint(by_px, 0)
    QTest.mouseRelease(header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)


def test_a_title_sorts_up_down_and_as_given(table: Table) -> None:
    given = tuple(SEEN)
    assert table.rows.names == given
    for wanted in (("alice", "Bob", "carol", "dave"), ("dave", "carol", "Bob", "alice"), given):
        click_title(table, 0)
        assert table.rows.names == wanted


def test_numbers_go_by_value_and_times_by_time(table: Table) -> None:
    click_title(table, 1)
    assert table.rows.names == ("alice", "dave", "carol", "Bob")
    click_title(table, 1)
    assert table.rows.names == ("Bob", "carol", "alice", "dave"), "equals stay as given"
    click_title(table, 2)
    assert table.rows.names == ("Bob", "dave", "alice", "carol"), "who was never seen comes last"


def test_addresses_sort_by_their_numbers_and_boxes_by_their_check(qtbot: QtBot, theme: Theme) -> None:
    made = Table(("Address", "On"), 0, "Addresses")
    qtbot.addWidget(made)
    made.show_rows(
        {ip: (Cell(ip), Cell("", checked=ip.endswith("9"))) for ip in ("10.0.0.10", "10.0.0.9", "::1", "10.0.0.100")}
    )
    made.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert made.rows.names == ("::1", "10.0.0.9", "10.0.0.10", "10.0.0.100")
    made.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert made.rows.names[0] == "10.0.0.9"


def test_words_stand_where_the_language_has_them(qtbot: QtBot, theme: Theme) -> None:
    made = Table(("Name",), 0, "People")
    qtbot.addWidget(made)
    made.show_rows({name: (Cell(name),) for name in ("Zoe", "émile", "Änne", "bob", "Anna", "Cam 10", "cam 9")})
    made.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert made.rows.names == ("Anna", "Änne", "bob", "cam 9", "Cam 10", "émile", "Zoe")


def test_the_picked_row_stays_picked_by_its_name(table: Table) -> None:
    told = list[str]()
    table.pick("carol")
    table.picked.connect(told.append)
    click_title(table, 1)
    click_title(table, 0)
    table.find_text("a")
    table.find_text("")
    table.show_rows(dict(reversed(rows().items())))
    assert table.picked_name == "carol"
    assert table.rows.names[table.currentIndex().row()] == "carol"
    assert table.selectionModel().selectedRows()[0].row() == table.currentIndex().row()
    assert told == []
    table.show_rows({"alice": rows()["alice"]})
    assert told == ["alice"]
    table.show_rows({})
    assert told == ["alice", ""]


def test_finding_hides_what_does_not_contain_it(table: Table) -> None:
    table.pick("carol")
    assert table.find_text("BOB") == (1, 4)
    assert table.rows.names == ("Bob",)
    assert table.picked_name == "Bob", "what is shown beside the table must be in it"
    assert table.find_text("never") == (1, 4)
    assert table.rows.names == ("carol",)
    assert table.find_text("nobody") == (0, 4)
    assert table.picked_name == ""
    table.show_rows(rows())
    assert table.rows.names == (), "new rows are looked through as well"
    assert table.find_text("") == (4, 4)
    assert table.picked_name == "carol", "it was only hidden"


def test_a_row_picked_while_finding_stays(table: Table) -> None:
    table.pick("carol")
    table.find_text("a")
    assert table.rows.names == ("alice", "carol", "dave")
    table.find_text("1,200")
    table.find_text("bob")
    table.find_text("e")
    table.pick("dave")
    table.find_text("")
    assert table.picked_name == "dave"


def test_ctrl_c_copies_the_row_and_the_menu_all_of_them(table: Table, qtbot: QtBot) -> None:
    clipboard = QGuiApplication.clipboard()
    table.pick("Bob")
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text().split("\t")[:2] == ["Bob", "1,200"]
    table.find_text("a")
    click_title(table, 1)
    menu = open_menu(table, qtbot)
    menu.actions()[1].trigger()
    lines = [line.split("\t") for line in clipboard.text().split("\n")]
    assert lines[0] == list(TITLES)
    assert [line[0] for line in lines[1:]] == ["alice", "dave", "carol"], "as shown: found and sorted"
    menu.actions()[0].trigger()
    assert clipboard.text().split("\t")[0] == table.picked_name
    menu.close()


def test_cells_with_line_ends_and_boxes_are_copied_as_one_line(qtbot: QtBot, theme: Theme) -> None:
    made = Table(("Prompt", "On"), 0, "Prompts")
    qtbot.addWidget(made)
    made.show_rows({"a": (Cell("two\nlines\tand a tab"), Cell("", checked=True))})
    made.copy_rows()
    assert QGuiApplication.clipboard().text() == "two lines and a tab\ton"


def open_menu(table: Table, qtbot: QtBot, row: int = 0) -> QMenu:
    spot = table.visualRect(table.rows.index(row, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, spot)
    where = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, table.viewport().mapToGlobal(spot))
    QApplication.sendEvent(table.viewport(), where)
    (menu,) = table.findChildren(QMenu)
    qtbot.waitUntil(menu.isVisible)
    return menu


def test_columns_fit_until_one_is_dragged_and_a_double_click_lets_it_fit_again(table: Table) -> None:
    fitting_px = table.columnWidth(1)
    drag_edge(table, 1, 60)
    dragged_px = table.columnWidth(1)
    assert dragged_px >= fitting_px + 50
    table.show_rows(rows() | {"eve": (Cell("eve"), Cell("1,000,000,000,000", number=True), Cell(""))})
    assert table.columnWidth(1) == dragged_px
    table.horizontalHeader().sectionHandleDoubleClicked.emit(1)
    assert table.columnWidth(1) != dragged_px
    table.show_rows(rows())
    assert table.columnWidth(1) == fitting_px


def test_widths_and_order_are_kept(table: Table, qtbot: QtBot) -> None:
    drag_edge(table, 1, 60)
    click_title(table, 1)
    click_title(table, 1)
    again = Table(TITLES, 0, "People")
    qtbot.addWidget(again)
    again.restore_state(table.kept_state())
    again.show_rows(rows())
    assert again.columnWidth(1) == table.columnWidth(1)
    assert again.rows.names == table.rows.names == ("Bob", "carol", "alice", "dave")
    assert again.kept_state() == table.kept_state()


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"columns": 2, "widths": {"1": 333}, "sorted": 1},
        {"columns": 3, "widths": {"one": 5, "7": 333, "1": "wide"}, "sorted": 9, "down": "no"},
        {"columns": 3, "widths": "none", "sorted": None},
    ],
)
def test_a_state_that_is_not_ours_changes_nothing(table: Table, state: dict[str, object]) -> None:
    before_px = table.columnWidth(1)
    table.restore_state(state)
    assert (table.columnWidth(1), table.rows.names) == (before_px, tuple(SEEN))


def test_the_rest_of_the_width_goes_to_one_column(table: Table) -> None:
    header = table.horizontalHeader()
    assert header.sectionResizeMode(0) == QHeaderView.ResizeMode.Stretch
    table.resize(900, 300)
    assert header.length() == table.viewport().width()


def test_what_is_in_sight_stays_when_rows_come(table: Table, qtbot: QtBot) -> None:
    def many(number: int) -> dict[str, tuple[Cell, ...]]:
        return {f"row {row}": (Cell(f"row {row}"), Cell(str(row), number=True), Cell("")) for row in range(number)}

    table.show_rows(many(200))
    table.pick("row 3")
    table.verticalScrollBar().setValue(90)
    table.show_rows(many(201))
    assert table.verticalScrollBar().value() == 90
    assert table.picked_name == "row 3"


def test_it_is_read_by_keyboard(table: Table) -> None:
    table.setFocus()
    table.pick("alice")
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.picked_name == "Bob"
    QTest.keyClick(table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert table.picked_name == "dave"


def test_every_cell_tells_all_of_its_text_as_plain_text(table: Table) -> None:
    table.show_rows({"x": (Cell("<b>long</b>" * 40), Cell("1", told="one & only"), Cell(""))})
    told = [table.rows.index(0, column).data(Qt.ItemDataRole.ToolTipRole) for column in range(3)]
    assert told[0] == f"<qt>{'&lt;b&gt;long&lt;/b&gt;' * 40}</qt>"
    assert told[1:] == ["<qt>one &amp; only</qt>", ""]


def test_rows_that_stayed_as_they_were_are_not_drawn_anew(table: Table) -> None:
    told = list[tuple[int, int]]()
    table.rows.dataChanged.connect(lambda first, last, _roles: told.append((first.row(), last.row())))
    table.rows.modelReset.connect(lambda: told.append((-1, -1)))
    table.show_rows(rows())
    assert told == []
    changed = rows() | {"carol": (Cell("carol"), Cell("11", number=True), Cell("today", sort=NOW))}
    table.show_rows(changed)
    assert told == [(2, 2)]
    assert table.rows.cell(2, 1).text == "11"
    table.show_rows(dict(reversed(changed.items())))
    assert told == [(2, 2), (-1, -1)], "another order is told"


@pytest.mark.parametrize("cell", [Cell("W" * 30), Cell("W" * 30, "warn"), Cell("W" * 30, checked=True)])
def test_a_column_is_as_wide_as_the_widest_of_many_cells(qtbot: QtBot, theme: Theme, cell: Cell) -> None:
    made = Table(("A", "B"), 1, "Many")
    qtbot.addWidget(made)
    cells = {str(number): (cell if number == 700 else Cell("short"), Cell("")) for number in range(1_000)}
    made.show_rows(cells)
    assert made.columnWidth(0) >= made.sizeHintForIndex(made.rows.index(700, 0)).width()
