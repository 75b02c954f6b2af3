"""What every provider made of one picture, side by side: its answer, how sure it is, its time and its price."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.errors import FrameBackendError
from app.core.frame import Attempt
from app.core.routing.trace import USABLE_OUTCOMES
from app.core.tasks import spawn
from app.ui.support import formatting as fmt
from app.ui.support.sentences import said
from app.ui.widgets.card import Card
from app.ui.widgets.card_grid import CardGrid
from app.ui.widgets.layouts import add, at_top, grid, hbox, vbox, wide
from app.ui.widgets.state_label import Notice, StateLabel
from app.ui.widgets.text import Heading, Quiet, Text

CARD_PX = 300


class AttemptCard(Card):
    """One provider's attempt; nothing of it is cut, and the answer can be selected."""

    def __init__(self, attempt: Attempt, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin_px=14)
        self.attempt = attempt
        self.setMinimumWidth(CARD_PX)
        self.setAccessibleName(label)
        answer = attempt.full_answer or attempt.answer if attempt.outcome in USABLE_OUTCOMES else ""
        how = fmt.outcome(attempt.outcome, attempt.provider)
        self.name, self.state = Heading(label, self, steps=1), StateLabel(*how, self)
        self.state.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.said = Text(answer, self, wrap=True) if answer else Quiet(fmt.why(attempt.why), self, wrap=True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.facts: dict[str, str] = self._facts() if attempt.is_call else {}
        add(self.body, hbox(wide(self.name), self.state), wide(self.said))
        if self.facts:
            facts = ((at_top(Quiet(name, self)), Text(value, self, wrap=True)) for name, value in self.facts.items())
            self.body.addLayout(grid(*facts, gaps=(12, 4)))

    def _facts(self) -> dict[str, str]:
        attempt = self.attempt
        return {
            self.tr("Model"): attempt.model or fmt.DASH,
            self.tr("Confidence"): fmt.sureness(attempt.confidence, attempt.trust),
            self.tr("Time"): fmt.latencies(attempt.latency_ms, attempt.whole_ms),
            self.tr("Cost"): fmt.cost(attempt.cost_usd, attempt.outcome, is_estimate=attempt.usage.is_estimate),
        }


class TryResults(QWidget):
    """``ask`` shows each attempt as it ends, answers before failures before who was not asked. ``ended``: all are in,
    or no more come."""

    ended = Signal()

    def __init__(self, label: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        self.cards: list[AttemptCard] = []
        self._asking: asyncio.Task[None] | None = None
        self.state = Notice(self)
        self._grid = CardGrid(CARD_PX, self)
        vbox(self.state, wide(self._grid), gap=10, on=self)
        self.clear()

    def clear(self) -> None:
        """Show nothing: what comes next belongs to another picture."""
        self.cards = []
        self._grid.show_cards([])
        self.state.hide()

    @property
    def is_asking(self) -> bool:
        return self._asking is not None

    def ask(self, attempts: AsyncIterator[Attempt]) -> None:
        """Show ``attempts`` instead of those that are shown."""
        self.clear()
        self.state.tell(self.tr("Asking…"), "busy")
        self._asking = spawn(self._collect(attempts), name="try a picture")

    def stop(self) -> None:
        """End the calls under way; what came stays."""
        if self._asking is not None:
            self._asking.cancel()
            self._end(self.tr("Stopped."))

    async def _collect(self, attempts: AsyncIterator[Attempt]) -> None:
        sentence = ""
        try:
            async for attempt in attempts:
                self._add(attempt)
        except FrameBackendError as error:
            sentence = said(error)
        except Exception:
            self._end(self.tr("That failed: the Log tab says more."))
            raise
        finally:
            if isinstance(attempts, AsyncGenerator):
                await attempts.aclose()
        self._end(sentence)

    def _add(self, attempt: Attempt) -> None:
        self.cards.append(AttemptCard(attempt, self._label(attempt.provider)))
        self.cards.sort(key=_place)
        self._grid.show_cards([*self.cards])
        self.state.tell(self.tr("Asking the others…"), "busy")

    def _end(self, sentence: str) -> None:
        """``sentence``: why it ended early."""
        self._asking = None
        self._show_end(sentence)
        self.ended.emit()

    def _show_end(self, sentence: str) -> None:
        if sentence:
            self.state.tell(sentence)
            return
        asked = sum(1 for card in self.cards if card.attempt.is_call)
        said = sum(1 for card in self.cards if card.attempt.outcome in USABLE_OUTCOMES)
        if not asked:
            self.state.tell(self.tr("Nobody could be asked."))
        else:
            text = self.tr("Asked: {asked}, answered: {said}.").format(asked=asked, said=said)
            self.state.tell(text, "good" if said == asked else "warn" if said else "bad")


def _place(card: AttemptCard) -> int:
    if card.attempt.outcome in USABLE_OUTCOMES:
        return 0
    return 1 if card.attempt.is_call else 2
