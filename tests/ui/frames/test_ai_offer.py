"""Beside an answer of this computer alone stands the way to an AI, until there is one, or somebody declined it."""

from __future__ import annotations

from app.core.errors import NoAnswer
from app.core.frame import Attempt
from app.ui.activity.tab import ActivityTab
from app.ui.live.tab import LiveTab
from app.ui.providers.provider_dialogs import ChooseAi, SetKey
from app.ui.providers.tab import ProvidersTab
from tests.ui import history
from tests.ui.activity.test_activity import opened
from tests.ui.activity.test_frames import open_frame
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import Stage, new_answer

HERE = {
    "answered_by": "on_device", "code": "degraded", "confidence": 0.6,
    "attempts": (Attempt("on_device", "reader", "unsure", 90, 0.6, answer="A mug."),),
}  # fmt: skip


async def seen_here(on: Stage) -> LiveTab:
    live = on.tab(LiveTab)
    await on.store.secrets.unlock()
    on.answer("alice", **HERE)
    await on.until(live.offer.isVisible)
    return live


def test_it_leads_to_a_key_and_goes_with_it(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", whole=True) as on:
            live = await seen_here(on)
            assert "Google Gemini: Quick, and good at most things. Free to start with: 450" in live.offer.vendors.text()
            await on.store.providers.set("gemini", enabled=False)
            on.click(live.offer.add_ai)
            choice = await on.dialog(ChooseAi)
            on.click(choice.buttons["gemini"])
            dialog = await on.dialog(SetKey)
            assert on.tab(ProvidersTab).table.picked_name == "gemini"
            dialog.key.setText("a-key-for-the-pictures")
            dialog.session_only.setChecked(True)
            on.click(dialog.accept_button)
            await on.closed(dialog)
            assert next(one for one in on.store.providers.all() if one.name == "gemini").enabled
            on.window.go_to("live")
            await on.until(lambda: not live.offer.isVisible())

    play(scene())


def test_the_card_shows_what_this_computer_saw_after_a_hint(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            card = on.tab(LiveTab).cards["alice"]
            on.answer("alice", "Too dark to see.", code="bad_frame", answered_by="", attempts=())
            await on.until(lambda: card.state.text() == "nothing to see")
            on.answer("alice", **HERE)
            await on.until(lambda: card.state.text() == "seen here")
            assert card.path.text() == "On this computer 60 %"
            assert [step.tone for step in card.path.steps] == ["idle"], "no warning"

    play(scene())


def test_it_stands_beside_a_frame_that_nobody_answered(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await on.store.secrets.unlock()
            on.fail("alice", NoAnswer(attempts=(Attempt("on_device", "", "timeout", 6_000),)))
            await on.until(on.tab(LiveTab).offer.isVisible)

    play(scene())


def test_declined_once_it_is_never_made_again(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            live = await seen_here(on)
            on.click(live.cards["alice"].picture)
            page = live.trace.inspector.page
            await on.until(page.offer.isVisible)
            assert not live.offer.isVisible(), "it stands there once"
            on.click(page.offer.decline)
            assert not page.offer.isVisible()
            on.click(live.trace.inspector.close_button)
            assert not live.offer.isVisible()

    play(scene())


def test_declined_above_the_cards_it_is_gone_too(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            live = await seen_here(on)
            on.click(live.offer.decline)
            assert not live.offer.isVisible()

    play(scene())


def test_an_open_frame_leads_to_the_same_choice(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", whole=True) as on:
            live = await seen_here(on)
            on.click(live.cards["alice"].picture)
            await on.until(live.trace.inspector.page.offer.isVisible)
            on.click(live.trace.inspector.page.offer.add_ai)
            choice = await on.dialog(ChooseAi)
            on.click(choice.close_button)
            await on.closed(choice)
            on.window.go_to("live")
            on.click(live.trace.inspector.page.offer.add_ai)
            on.click((await on.dialog(ChooseAi)).buttons["qwen"])
            dialog = await on.dialog(SetKey)
            assert on.tab(ProvidersTab).table.picked_name == "qwen"
            dialog.reject()

    play(scene())


def test_a_frame_of_the_history_offers_it_too(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", whole=True) as on:
            await on.store.secrets.unlock()
            name = await history.keep(on, "alice", new_answer("A mug.", **HERE))
            tab = await opened(on)
            offer = (await open_frame(on, tab, name)).page.offer
            await on.until(offer.isVisible)
            on.click(offer.add_ai)
            (await on.dialog(ChooseAi)).reject()
            on.window.go_to("activity")
            on.click(offer.decline)
            assert not offer.isVisible()

    play(scene())


def test_declined_above_the_cards_it_is_away_where_it_stood_already(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", whole=True) as on:
            live, inspector = await seen_here(on), on.tab(ActivityTab).inspector
            on.window.go_to("activity")
            on.tab(ActivityTab).beside.open(on=True)
            inspector.show_frame("seen-here", live.cards["alice"].shown)
            await on.until(inspector.page.offer.isVisible)
            on.window.go_to("live")
            on.click(live.offer.decline)
            on.window.go_to("activity")
            await on.until(lambda: not inspector.page.offer.isVisible())

    play(scene())


def test_an_ai_that_answers_needs_none(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            live = on.tab(LiveTab)
            on.answer("alice")
            await on.until(lambda: live.cards["alice"].shown is not None)
            assert not live.offer.isVisible()

    play(scene())
