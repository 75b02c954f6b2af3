"""The card that offers a model of this computer: one press uses it, another puts it away for good."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from app.core.errors import NameTaken
from app.core.provider import ProviderConfig
from app.core.provider_check import ProviderCheck
from app.core.sentence import Sentence
from app.core.vendor_info import LocalModel
from app.ui.providers.local_card import LocalCard
from app.ui.providers.tab import ProvidersTab
from app.ui.support.window_state import WindowMemory
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import Stage

QWEN = LocalModel("ollama", "Ollama", "http://127.0.0.1:11434/v1", "qwen3-vl:4b")
GEMMA = LocalModel("lm_studio", "LM Studio", "http://127.0.0.1:1234/v1", "google/gemma-3-4b")
OFFER = "Ollama with qwen3-vl:4b is on this computer. Use it?"


def shown(on: Stage, *models: LocalModel) -> LocalCard:
    """The card, once somebody looks at Providers where these are found."""
    on.providers.local = models
    on.window.go_to("providers")
    return on.tab(ProvidersTab).local


def making(on: Stage, sentence: str, *, ok: bool = True) -> Callable[[LocalModel], Awaitable[ProviderCheck]]:
    """Adopts as the program does."""

    async def adopt(model: LocalModel) -> ProviderCheck:
        await on.store.providers.add(ProviderConfig("ollama", "custom", model.base_url, model.model, enabled=ok))
        await asyncio.sleep(0.05)
        return ProviderCheck("ollama", ok, Sentence(sentence), sees=ok, latency_ms=900)

    return adopt


def test_one_press_uses_it_and_its_row_is_picked(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            card = shown(on, QWEN)
            await on.until(lambda: card.isVisible() and card.told.text() == OFFER)
            assert not card.close_told.isVisible()
            on.providers.adopting = making(on, "It answers from now on.")
            on.click(card.use)
            await on.until(lambda: card.told.text().startswith("Showing qwen3-vl:4b a test picture."))
            assert not card.use.isEnabled()
            assert not card.dismiss.isEnabled()
            await on.until(lambda: card.told.text() == "It answers from now on.")
            assert not card.use.isVisible()
            table = on.tab(ProvidersTab).table
            assert table.picked_name == "ollama"
            on.window.go_to("live")
            on.window.go_to("providers")
            assert card.told.text() == "It answers from now on.", "until it is read"
            on.click(card.close_told)
            assert not card.isVisible()

    play(scene())


def test_what_is_dismissed_is_not_offered_again_and_another_is(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            card = shown(on, QWEN, GEMMA)
            await on.until(card.isVisible)
            on.click(card.dismiss)
            await on.until(lambda: card.isVisible() and card.told.text().startswith("LM Studio with google/gemma-3-4b"))
            on.click(card.dismiss)
            await on.until(lambda: not card.isVisible())
            assert WindowMemory(on.services.settings_path).dismissed == [
                "ollama/qwen3-vl:4b",
                "lm_studio/google/gemma-3-4b",
            ]
        async with stage() as on:
            other = LocalModel("ollama", "Ollama", QWEN.base_url, "gemma4")
            card = shown(on, QWEN, GEMMA, other)
            await on.until(lambda: card.isVisible() and card.told.text().startswith("Ollama with gemma4"))

    play(scene())


def test_a_memory_that_somebody_edited_dismisses_nothing(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            memory = WindowMemory(on.services.settings_path)
            for text in ("[", "7", "{}", '[7, null, ["x"]]'):
                memory._keep("window/dismissed", text)
                assert memory.dismissed == []

    play(scene())


def test_nothing_found_shows_nothing_and_what_failed_is_told(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            card = shown(on)
            await asyncio.sleep(0.05)
            assert not card.isVisible()
            on.providers.local = (QWEN,)
            on.window.go_to("live")
            on.window.go_to("providers")
            await on.until(card.isVisible)

            async def refuse(_: LocalModel) -> ProviderCheck:
                raise NameTaken("There is a provider '{name}' already.", name="ollama")

            said = list[str]()
            card.refused.connect(said.append)
            on.providers.adopting = refuse
            on.click(card.use)
            await on.until(lambda: said == ["There is a provider 'ollama' already."])
            await on.until(lambda: card.told.text() == OFFER and card.use.isEnabled())
            on.providers.adopting = making(on, "It stays off.", ok=False)
            on.click(card.use)
            await on.until(lambda: card.told.text() == "It stays off.")

    play(scene())


def test_it_is_found_at_the_start_and_gone_once_it_is_a_provider(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            on.providers.local = (QWEN,)
            card = on.tab(ProvidersTab).local
            await on.until(lambda: not card.isHidden())
            on.window.go_to("providers")
            assert card.isVisible()
            on.providers.local = ()
            await on.store.providers.add(ProviderConfig("mine", "custom", QWEN.base_url, QWEN.model))
            await on.until(lambda: not card.isVisible())

    play(scene())
