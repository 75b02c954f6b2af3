"""How often a provider is right, in its card: from labels in the store to a sentence and a curve."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.core.routing.labels import Label, Signs
from app.core.routing.reliability import LEAST_LABELS
from app.ui.providers.tab import ProvidersTab
from app.ui.providers.truth_card import TruthCard
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import Stage


def save_labels(on: Stage, count: int, *, claimed: float = 0.95, every: int = 5, provider: str = "gemini") -> None:
    """Every ``every``-th of them wrong."""
    for number in range(count):
        name = f"{provider}-{claimed}-{number}"
        label = Label(name, provider, "g-1", claimed, Signs(), "thumb", float(number % every > 0), 1.0, float(number))
        on.store.labels.save_label(label)


def card(on: Stage) -> TruthCard:
    return on.tab(ProvidersTab).truth


def test_the_truth_is_told_once_enough_is_known(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="providers") as on:
            truth = card(on)
            await on.until(truth.unknown.isVisible)
            assert str(LEAST_LABELS) in truth.unknown.text()
            save_labels(on, 40)
            save_labels(on, 10, claimed=0.55, every=2)
            await on.until(truth.known.isVisible)
            await on.until(lambda: len(truth.curve.bins) == 2)
            assert not truth.unknown.isVisible()
            assert truth.told.text() == "Of 40 answers it called sure, 80 % were right; by your thumbs and a second AI."
            assert [(one.labels, one.right_share) for one in truth.curve.bins] == [(10, 0.5), (40, 0.8)]
            on.tab(ProvidersTab).table.pick("qwen")
            await on.until(truth.unknown.isVisible)
            on.tab(ProvidersTab).table.pick("on_device")
            await on.until(lambda: not truth.isVisible())

    play(scene())


def test_who_never_is_sure_has_no_share(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="providers") as on:
            save_labels(on, 30, claimed=0.3)
            await on.until(card(on).known.isVisible)
            assert card(on).told.text().startswith("It called none of its answers sure; 30 were judged")

    play(scene())


def test_the_curve_is_read_out_by_mouse_and_by_keys(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="providers") as on:
            save_labels(on, 40)
            save_labels(on, 10, claimed=0.55, every=2)
            truth, curve = card(on), card(on).curve
            await on.until(lambda: len(curve.bins) == 2)
            at_rest = truth.reading.text()
            assert "Across" in at_rest
            on.window.activateWindow()
            curve.setFocus()
            await on.until(curve.hasFocus)
            QTest.keyClick(curve, Qt.Key.Key_Right)
            assert truth.reading.text().startswith("Said 50 % to 60 %: 50 % of 10 were right")
            QTest.keyClick(curve, Qt.Key.Key_Right)
            QTest.keyClick(curve, Qt.Key.Key_Right)
            assert truth.reading.text().startswith("Said 90 % to 100 %: 80 % of 40 were right")
            QTest.keyClick(curve, Qt.Key.Key_Tab)
            assert truth.reading.text() == at_rest
            QTest.mouseMove(curve, QPoint(curve.width() - 30, 40))
            await on.until(lambda: truth.reading.text().startswith("Said 90 %"))
            assert "80 % of 40" in curve.accessibleDescription()

    play(scene())
