"""One frame and how it was decided: its picture, what the wearer read, and everybody who was asked or passed over."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.ui.frames.display_preview import DisplayPreview
from app.ui.frames.frame_view import AttemptView, FrameView
from app.ui.frames.picture_view import PictureView
from app.ui.support import formatting as fmt
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.layouts import STRETCH, add, at_top, hbox, vbox, wide
from app.ui.widgets.rows_model import Cell, RowsModel
from app.ui.widgets.scroll import Scroll
from app.ui.widgets.state_label import StateLabel
from app.ui.widgets.text import Heading, Quiet, Text

_Index = QModelIndex | QPersistentModelIndex
PICTURE_PX = 240
SAID = 8
_CELL_EDGE_PX = 14
_WIDEST_PX = 130


class _Roomy(QStyledItemDelegate):
    """Rows as high as what was said needs, with some air."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        size = super().sizeHint(option, index)
        if index.column() == SAID and isinstance(view := self.parent(), QTableView):
            width = view.columnWidth(SAID) - 2 * _CELL_EDGE_PX
            box = QRect(0, 0, max(width, 80), 10_000)
            size.setHeight(view.fontMetrics().boundingRect(box, Qt.TextFlag.TextWordWrap, index.data()).height())
        return QSize(min(size.width(), _WIDEST_PX), size.height() + _CELL_EDGE_PX)


class FramePage(QWidget):
    """Shows one frame after the other; ``show_frame`` keeps what ``picture`` shows."""

    def __init__(self, label: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._label = label
        self.picture = PictureView(PICTURE_PX, self.tr("The picture"), self)
        self.glasses = DisplayPreview(self)
        self.summary = StateLabel("", "idle", self, wrap=True)
        self.whole_title, self.whole = Quiet(self.tr("The whole answer"), self), self._selectable()
        self.corrected_title, self.corrected = Quiet(self.tr("Corrected by hand"), self), self._selectable()
        self.prompt, self.facts = self._selectable(), Quiet("", self, wrap=True)
        self.judge = self._selectable()
        titles = (
            self.tr("Provider"), self.tr("Model"), self.tr("Outcome"), self.tr("Why"), self.tr("Confidence"),
            self.tr("Trust"), self.tr("Time"), self.tr("Cost"), self.tr("What it said"),
        )  # fmt: skip
        self.trace = RowsModel(titles, self)
        self.table = self._table()
        heading = Heading(self.tr("Who was asked"), self, steps=1)
        vbox(self._top(), heading, wide(self.table), self.judge, gap=14, on=self)

    def show_frame(self, frame: FrameView) -> None:
        self.glasses.show_text(frame.text, dim=frame.failed)
        self.summary.show_state(self._summary(frame), frame.tone)
        has_more = bool(frame.full_text) and frame.full_text != frame.text
        self.whole.setText(frame.full_text)
        for widget in (self.whole_title, self.whole):
            widget.setVisible(has_more)
        self.corrected.setText(frame.correction)
        for widget in (self.corrected_title, self.corrected):
            widget.setVisible(bool(frame.correction))
        self.prompt.setText(frame.prompt)
        self.facts.setText(self._facts(frame))
        self.trace.show_rows({str(number): self._row(attempt) for number, attempt in enumerate(frame.attempts)})
        self.judge.setText(self._judge(frame))
        self.judge.setVisible(frame.is_judged)

    # --- in words ------------------------------------------------------------------------------------------------

    def _summary(self, frame: FrameView) -> str:
        how = fmt.code(frame.code)[0]
        if frame.failed:
            return self.tr("No answer ({how}): {sentence}").format(how=how, sentence=frame.text)
        by = self._label(frame.answered_by) if frame.answered_by else self.tr("this computer")
        text = self.tr("Answered by {provider} ({how}), {percent}, in {time}").format(
            provider=by,
            how=how,
            percent=fmt.sureness(frame.confidence, frame.trust),
            time=fmt.latencies(frame.latency_ms, frame.whole_ms),
        )
        return self.tr("{text}; reused from a moment before").format(text=text) if frame.reused else text

    def _row(self, attempt: AttemptView) -> tuple[Cell, ...]:
        return (
            Cell(self._label(attempt.provider)),
            Cell(attempt.model or fmt.DASH),
            Cell(*fmt.outcome(attempt.outcome)),
            Cell(attempt.why or fmt.DASH),
            Cell(fmt.percent(attempt.confidence)),
            Cell(fmt.percent(attempt.trust)),
            Cell(fmt.latencies(attempt.latency_ms, attempt.whole_ms)),
            Cell(fmt.cost(attempt.cost_usd, attempt.outcome, is_estimate=attempt.is_estimate)),
            Cell(attempt.said or fmt.DASH),
        )

    def _facts(self, frame: FrameView) -> str:
        cost = fmt.usd(frame.cost_usd) if frame.cost_usd is not None else self.tr("not known")
        device = frame.client_ip or self.tr("not known")
        facts = self.tr("Device: {device}   Cost: {cost}").format(device=device, cost=cost)
        if frame.blurred_faces is not None:
            facts = f"{facts}   {fmt.blurred_faces(frame.blurred_faces)}"
        return self.tr("{facts}   Door: {door}").format(facts=facts, door=frame.door) if frame.door else facts

    def _judge(self, frame: FrameView) -> str:
        why = frame.judge_why or self.tr("it gave no reason")
        if not frame.answered_by:
            return self.tr("A judge was asked: {why}").format(why=why)
        if frame.answered_by == "judge":
            return self.tr("The judge made one answer of several: {why}").format(why=why)
        chosen = self._label(frame.answered_by)
        return self.tr("The judge chose {provider}: {why}").format(provider=chosen, why=why)

    # --- parts ---------------------------------------------------------------------------------------------------

    def _top(self) -> QHBoxLayout:
        told = QWidget(self)
        question = Quiet(self.tr("The question"), self)
        answer = (self.summary, self.corrected_title, self.corrected, self.whole_title, self.whole)
        vbox(*answer, question, self.prompt, self.facts, STRETCH, gap=8, on=told, margins=(0, 0, 8, 0))
        return hbox(at_top(self.picture), at_top(self.glasses), wide(_scrolling(told, PICTURE_PX)), gap=16)

    def _selectable(self) -> Text:
        shown = Text("", self, wrap=True)
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return shown

    def _table(self) -> QTableView:
        table = QTableView(self)
        table.setModel(self.trace)
        table.setItemDelegate(_Roomy(table))
        table.setAccessibleName(self.tr("Who was asked"))
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        table.setShowGrid(False)
        table.setWordWrap(True)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(SAID, QHeaderView.ResizeMode.Stretch)
        return table


def _scrolling(page: QWidget, height_px: int) -> Scroll:
    """A long answer scrolls: it takes the table no room."""
    area = Scroll(page, page.parentWidget())
    area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    area.setFixedHeight(height_px)
    return area


class TraceDialog(Dialog):
    """How a frame of this moment was decided. ``label``: how a provider is called before people."""

    def __init__(self, frame: FrameView, label: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("{name}, {time}").format(name=frame.username, time=fmt.when(frame.received_at)))
        self.resize(1_100, 640)
        self.page = FramePage(label, self)
        self.page.show_frame(frame)
        add(self.column, wide(self.page), self.button_box())
        self.close_button.setFocus()
