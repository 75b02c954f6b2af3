"""What the frames add up to: tiles, who answered, how they ended and the busiest hours; every number can be pressed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.store.history.filters import Summary
from app.store.history.queries import LOOKED_AT_ONCE
from app.ui.activity.drilldown import CODE_OF_ENDING, Drilldown, ending, of_key
from app.ui.activity.figure_tile import FigureTile
from app.ui.activity.hour_bars import HOURS, HourBars
from app.ui.activity.share_list import ROW_PX, Share, ShareList
from app.ui.support import formatting as fmt
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import add, hbox, vbox, wide
from app.ui.widgets.side_by_side import SideBySide
from app.ui.widgets.text import Quiet

ROWS_SEEN = 4
DAYS_TOLD = 14
EMPTY = Summary(0, 0, 0, 0, None, 0.0, 0, {}, {}, {}, (0,) * HOURS, {}, {}, {})


class Figures(QWidget):
    """Emits ``wanted`` with the ``Drilldown`` that a pressed number means (None: all frames), ``day_wanted`` a day."""

    wanted = Signal(object)
    day_wanted = Signal(object)

    def __init__(self, label: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        self.summary = EMPTY
        self.frames = FigureTile(self.tr("Frames"), self)
        self.escalated = FigureTile(self.tr("Second AI asked"), self)
        self.failed, self.reused = FigureTile(self.tr("Failed"), self), FigureTile(self.tr("Reused"), self)
        self.latency, self.cost = FigureTile(self.tr("Median time"), self), FigureTile(self.tr("Cost"), self)
        self.answerers = ShareList(self.tr("Answered by"), self)
        self.endings = ShareList(self.tr("How they ended"), self)
        self.hours = HourBars(self.tr("Busiest hours"), self)
        self._lay_out()
        self._connect()
        self.show_summary(EMPTY, None)

    def _lay_out(self) -> None:
        first = hbox(wide(self.frames), wide(self.escalated), wide(self.failed), gap=10)
        tiles = SideBySide(
            wide(first), wide(hbox(wide(self.reused), wide(self.latency), wide(self.cost), gap=10)), gap=10, parent=self
        )
        cards = list[Card]()
        for title, widget in (
            (self.tr("Answered by"), self.answerers), (self.tr("How they ended"), self.endings),
            (self.tr("Busiest hours"), self.hours),
        ):  # fmt: skip
            card = Card(self, margin_px=10)
            card.body.setSpacing(4)
            add(card.body, Quiet(title, card), wide(widget))
            cards.append(card)
        for shares in (self.answerers, self.endings):
            shares.setFixedHeight(ROWS_SEEN * ROW_PX)
        vbox(tiles, hbox(*map(wide, cards), gap=10), gap=10, on=self)

    def _connect(self) -> None:
        for tile in (self.frames, self.latency):
            tile.clicked.connect(lambda: self.wanted.emit(None))
        self.escalated.clicked.connect(lambda: self.wanted.emit(Drilldown("escalated")))
        self.failed.clicked.connect(lambda: self.wanted.emit(Drilldown("failed")))
        self.reused.clicked.connect(lambda: self.wanted.emit(Drilldown("reused")))
        self.cost.clicked.connect(self._break_down)
        self.hours.chosen.connect(lambda hour: self.wanted.emit(Drilldown("hour", str(hour))))
        for shares in (self.answerers, self.endings):
            shares.chosen.connect(lambda key: self.wanted.emit(of_key(key)))

    # --- what is shown -------------------------------------------------------------------------------------------

    def show_summary(self, summary: Summary, drill: Drilldown | None) -> None:
        self.summary = summary
        failed = summary.by_ending.get("failed", 0)
        self._show_frames(summary)
        self.escalated.show_figure(self._share(summary.escalated), fmt.frames(summary.escalated))
        self.failed.show_figure(self._share(failed), fmt.frames(failed))
        self.reused.show_figure(self._share(summary.reused), fmt.frames(summary.reused))
        self.latency.show_figure(fmt.latency(summary.latency_ms), self.tr("frame to answer"))
        self._show_cost(summary)
        self.show_drill(drill)

    def show_drill(self, drill: Drilldown | None) -> None:
        """Mark the number whose frames are listed."""
        self.frames.setChecked(drill is None)
        for tile, part in ((self.escalated, "escalated"), (self.failed, "failed"), (self.reused, "reused")):
            tile.setChecked(drill is not None and drill.part == part)
        self.cost.setChecked(drill is not None and drill.part == "asked")
        key, of = drill.key if drill else None, self.summary.frames
        self.answerers.show_shares(self._answerer_shares(), of, key)
        self.endings.show_shares(self._ending_shares(), of, key)
        is_hour = drill is not None and drill.part == "hour"
        self.hours.show_hours(self.summary.by_hour, int(drill.value) if drill and is_hour else None)

    def number_of(self, drill: Drilldown) -> int | None:
        """How many frames are behind it, None when that is not told."""
        summary = self.summary
        if summary.is_cut:
            return None
        match drill.part:
            case "escalated":
                return summary.escalated
            case "failed":
                return summary.by_ending.get("failed", 0)
            case "reused":
                return summary.reused
            case "by":
                return summary.by_answerer.get(drill.value, 0)
            case "ending":
                return next((number for ending, number in summary.by_ending.items() if ending == drill.value), 0)
            case "code":
                return summary.by_code.get(drill.value, 0)
            case "hour":
                return summary.by_hour[int(drill.value)]
            case "asked":
                return None

    def _answerer_shares(self) -> list[Share]:
        found = sorted(self.summary.by_answerer.items(), key=lambda item: (not item[0], -item[1], item[0]))
        nobody = self.tr("nobody")
        return [
            Share(Drilldown("by", name).key, self._label(name) if name else nobody, number) for name, number in found
        ]

    def _ending_shares(self) -> list[Share]:
        shares = []
        for how in CODE_OF_ENDING:
            number = self.summary.by_ending.get(how, 0)
            if number and how != "failed":
                text, tone = ending(how, self.summary)
                shares.append(Share(Drilldown("ending", how).key, text, number, tone))
        for code, number in sorted(self.summary.by_code.items(), key=lambda item: -item[1]):
            text, tone = fmt.code(code)
            shares.append(Share(Drilldown("code", code).key, text, number, tone))
        return shares

    def _share(self, number: int) -> str:
        return fmt.percent(number / self.summary.frames if self.summary.frames else None)

    def _show_frames(self, summary: Summary) -> None:
        if summary.is_cut:
            newest = self.tr("in the newest {number}").format(number=fmt.count(LOOKED_AT_ONCE))
            why = self.tr(
                "All these figures are of the newest {number} frames: to look through all would take seconds."
            )
            self.frames.show_figure(fmt.count(summary.frames), newest, why.format(number=fmt.count(LOOKED_AT_ONCE)))
        else:
            self.frames.show_figure(fmt.count(summary.frames), self.tr("all of them"))

    def _show_cost(self, summary: Summary) -> None:
        day = datetime.now().astimezone().date().isoformat()
        today_usd = summary.cost_by_day.get(day, 0.0)
        today = self.tr("today {cost}").format(cost=fmt.usd(today_usd)) if today_usd else ""
        unpriced = self.tr("{frames} without a price").format(frames=fmt.frames(summary.unpriced))
        why = self.tr("The price of a model they asked is not known: it can be set in Providers.")
        if summary.unpriced:
            told = f"{unpriced}: {why}"
            self.cost.show_figure(fmt.usd(summary.cost_usd), unpriced, f"{today}. {told}" if today else told)
        else:
            self.cost.show_figure(fmt.usd(summary.cost_usd), today)

    # --- the cost in parts ---------------------------------------------------------------------------------------

    def _break_down(self) -> None:
        self.cost_menu().popup(self.cost.mapToGlobal(QPoint(0, self.cost.height())))

    def cost_menu(self) -> QMenu:
        """Who was paid and on which days; each of them opens its frames."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        by_provider = sorted(self.summary.cost_by_provider.items(), key=lambda item: -item[1])
        for name, cost_usd in by_provider:
            action = menu.addAction(f"{self._label(name)}\t{fmt.usd(cost_usd)}")
            action.triggered.connect(lambda _=False, name=name: self.wanted.emit(Drilldown("asked", name)))
        if by_provider:
            menu.addSeparator()
        days = sorted((day for day, cost in self.summary.cost_by_day.items() if cost), reverse=True)[:DAYS_TOLD]
        for day in days:
            action = menu.addAction(f"{fmt.day(date.fromisoformat(day))}\t{fmt.usd(self.summary.cost_by_day[day])}")
            action.triggered.connect(lambda _=False, day=day: self.day_wanted.emit(date.fromisoformat(day)))
        if not by_provider and not days:
            menu.addAction(self.tr("Nothing was paid, as far as is known")).setEnabled(False)
        return menu
