"""The card that offers the learned order: what it says, and that one press adopts it and another goes back."""

from __future__ import annotations

import pytest

from app.core.events import SettingsChanged
from app.core.routing.replay import Forecast
from app.ui.providers.order_card import OrderCard
from app.ui.providers.tab import ProvidersTab
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import Stage

BETTER = Forecast(cost_share=0.69, wrong_share=0.96, wait_share=None, frames=412, labels=57)


async def shown(on: Stage, forecast: Forecast | None) -> OrderCard:
    """The card, once it knows ``forecast``."""
    on.learning.told = forecast
    on.window.go_to("providers")
    await on.until(lambda: on.learning.asked)
    await on.until(lambda: on.tab(ProvidersTab).order._forecast is forecast)
    return on.tab(ProvidersTab).order


def test_the_learned_order_is_adopted_by_one_press_and_left_by_another(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            card = await shown(on, BETTER)
            assert on.learning.asked == [["gemini", "qwen", "on_device"]]
            assert card.told.text() == "With the learned order: 31 % cheaper, 4 % less often wrong."
            assert card.rests_on.text() == "Played over 412 frames of your history, of which 57 were judged."
            assert not card.go_back.isVisible()
            on.click(card.adopt)
            await on.until(lambda: on.store.settings.text("routing.mode") == "learned")
            await on.until(lambda: card.told.text() == "The learned order is in force.")
            assert not card.adopt.isVisible()
            await on.press(card.go_back)
            await on.until(lambda: on.store.settings.text("routing.mode") == "chain")
            await on.until(lambda: card.adopt.isVisible() and card.adopt.isEnabled())
            on.window.go_to("live")
            on.window.go_to("providers")
            assert len(on.learning.asked) == 1, "it holds for some minutes"

    play(scene())


@pytest.mark.parametrize(
    "forecast",
    [None, Forecast(1.2, 1.0, 1.001, 400, 40), Forecast(None, None, None, 400, 0), Forecast(1.0, 1.1, None, 90, 30)],
)
def test_nothing_is_offered_that_is_not_better(play: Play, stage: OpenStage, forecast: Forecast | None) -> None:
    async def scene() -> None:
        async with stage() as on:
            assert not (await shown(on, forecast)).isVisible()

    play(scene())


def test_what_would_be_worse_is_told_too(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            card = await shown(on, Forecast(0.5, 1.08, 1.2, 31, 30))
            assert card.told.text() == (
                "With the learned order: 50 % cheaper, 8 % more often wrong, 20 % later."
            )  # fmt: skip

    play(scene())


def test_whoever_chose_the_learned_order_can_always_go_back(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            card = await shown(on, None)
            assert not card.isVisible()
            heard = list[SettingsChanged]()
            on.bus.subscribe(SettingsChanged, heard.append)
            await on.store.set_setting("routing.mode", "learned")
            await on.until(card.isVisible)
            assert not card.rests_on.isVisible()
            on.click(card.go_back)
            await on.until(lambda: not card.isVisible())
            await on.store.set_setting("routing.mode", "fast")
            await on.until(lambda: len(heard) == 3)
            assert not card.isVisible(), "two at once is another choice"

    play(scene())
