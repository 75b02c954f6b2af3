"""The prompts tab: every button, drafts that outlive everything, a paste that is far too long, and trying it out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.core.errors import PictureDamaged, StoreError
from app.core.frame import Attempt
from app.core.settings import DEFAULT_PROMPT, PROMPT_MAX_CHARS
from app.ui.prompts.library import TEMPLATES
from app.ui.prompts.tab import PromptsTab
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import PHOTO, Stage, case, new_answer, new_frame, picture

ATTEMPTS = (
    Attempt("gemini", "g-1", "sure", 812, 0.93, answer="A red mug.", cost_usd=0.0001),
    Attempt("qwen", "q-1", "overload", 90, why="overloaded"),
)


def cells(on: Stage) -> dict[str, str]:
    rows = on.tab(PromptsTab).table.rows
    return {name: rows.cell(row, 1).text for row, name in enumerate(rows.names)}


def write(on: Stage, text: str) -> None:
    """In place of all there is, by keyboard."""
    field = on.tab(PromptsTab).editor.text
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


# --- what is shown -------------------------------------------------------------------------------------------------


def test_current_prompts_are_told_default_or_custom(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", tab="prompts") as on:
            editor = on.tab(PromptsTab).editor
            await on.store.profiles.set_prompt("bob", "Read signs aloud")
            await on.until(lambda: cells(on) == {"alice": "default", "bob": "custom"})
            assert DEFAULT_PROMPT in editor.state.text()
            assert editor.text.toPlainText() == ""
            on.tab(PromptsTab).table.pick("bob")
            assert editor.text.toPlainText() == "Read signs aloud"
            assert editor.counter.text() == "16 of 4000 characters"
            assert editor.heading.text() == "Prompt of bob"

    play(scene())


def test_without_a_profile_it_leads_to_where_one_is_made(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="prompts", whole=True) as on:
            on.click(on.tab(PromptsTab).empty.button)
            assert on.shown_tab().name == "profiles"

    play(scene())


# --- saving, reverting ---------------------------------------------------------------------------------------------


def test_it_is_written_saved_and_goes_back_to_the_default(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="prompts") as on:
            editor = on.tab(PromptsTab).editor
            assert not editor.save.isEnabled()
            assert not editor.default.isEnabled()
            write(on, "Read signs")
            assert cells(on) == {"alice": "not saved"}
            on.click(editor.save)
            await on.until(lambda: on.profile("alice").prompt == "Read signs")
            await on.until(lambda: cells(on) == {"alice": "custom"})
            await on.until(lambda: not editor.save.isEnabled() and editor.default.isEnabled())
            on.click(editor.default)
            await on.until(lambda: on.profile("alice").prompt == "")
            await on.until(lambda: cells(on) == {"alice": "default"})
            assert editor.text.toPlainText() == ""
            editor.text.undo()
            assert editor.text.toPlainText() == "Read signs", "what was written stays within reach"

    play(scene())


def test_revert_shows_what_is_saved(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="prompts") as on:
            editor = on.tab(PromptsTab).editor
            await on.store.profiles.set_prompt("alice", "Read signs\nand labels")
            await on.until(lambda: editor.text.toPlainText() == "Read signs\nand labels")
            write(on, "Something else")
            on.click(editor.revert)
            assert editor.text.toPlainText() == "Read signs\nand labels"
            assert cells(on) == {"alice": "custom"}
            assert not editor.revert.isEnabled()

    play(scene())


def test_ctrl_s_saves_and_tab_leaves_the_field(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="prompts") as on:
            editor = on.tab(PromptsTab).editor
            on.window.activateWindow()
            write(on, "Read signs")
            await on.until(editor.text.hasFocus)
            QTest.keyClick(editor.text, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
            await on.until(lambda: on.profile("alice").prompt == "Read signs")
            QTest.keyClick(editor.text, Qt.Key.Key_Tab)
            assert not editor.text.hasFocus()
            assert editor.text.toPlainText() == "Read signs"

    play(scene())


def test_a_draft_outlives_another_profile_another_tab_and_other_news(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", tab="prompts") as on:
            tab = on.tab(PromptsTab)
            write(on, "Half a tho")
            tab.table.pick("bob")
            assert tab.editor.text.toPlainText() == ""
            on.window.go_to("profiles")
            await on.store.profiles.set_prompt("alice", "Saved by the phone")
            await on.store.profiles.rename("alice", "carol")
            on.window.go_to("prompts")
            await on.until(lambda: "carol" in cells(on))
            tab.table.pick("carol")
            assert tab.editor.text.toPlainText() == "Half a tho"
            assert "Meanwhile another prompt was saved" in tab.editor.state.text()
            on.click(tab.editor.revert)
            assert tab.editor.text.toPlainText() == "Saved by the phone"

    play(scene())


def test_a_refusal_of_the_store_keeps_what_is_written(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="prompts") as on:
            editor = on.tab(PromptsTab).editor

            async def refuse(*_: object) -> None:
                raise StoreError("The disk is full.")

            on.store.profiles.set_prompt = refuse  # type: ignore[assignment,method-assign]
            write(on, "Read signs")
            on.click(editor.save)
            await on.until(lambda: "The disk is full." in on.window.messages.texts())
            await on.until(editor.save.isEnabled)
            assert editor.text.toPlainText() == "Read signs"

    play(scene())


# --- too long --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["x" * 1_000_000, "Read the signs. " * 65_000, "line\n" * 200_000])
def test_a_pasted_megabyte_is_refused_beside_the_field_and_the_draft_stays(
    play: Play, stage: OpenStage, text: str
) -> None:
    async def scene() -> None:
        async with stage("alice", tab="prompts") as on:
            editor = on.tab(PromptsTab).editor
            write(on, "Half a tho")
            QGuiApplication.clipboard().setText(text)
            editor.text.paste()
            assert editor.refusal.isVisible()
            assert str(len(text)) in editor.refusal.text()
            assert editor.text.toPlainText() == "Half a tho"
            QTest.keyClicks(editor.text, "ught")
            assert not editor.refusal.isVisible()
            on.click(editor.save)
            await on.until(lambda: on.profile("alice").prompt == "Half a thought")

    play(scene())


def test_one_character_too_many_is_told_and_can_be_taken_away(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="prompts") as on:
            tab = on.tab(PromptsTab)
            QGuiApplication.clipboard().setText("x" * PROMPT_MAX_CHARS)
            tab.editor.text.paste()
            QTest.keyClicks(tab.editor.text, "y")
            assert tab.editor.counter.text() == "4001 of 4000 characters"
            assert "Shorten it by 1 " in tab.editor.refusal.text()
            assert not tab.editor.save.isEnabled()
            assert not tab.trial.run.isEnabled()
            QTest.keyClick(tab.editor.text, Qt.Key.Key_Backspace)
            assert not tab.editor.refusal.isVisible()
            assert tab.trial.run.isEnabled()
            on.click(tab.editor.save)
            await on.until(lambda: on.profile("alice").prompt == "x" * PROMPT_MAX_CHARS)

    play(scene())


# --- templates -------------------------------------------------------------------------------------------------------


def test_every_template_is_used(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="prompts") as on:
            tab = on.tab(PromptsTab)
            for row, (name, text) in enumerate(TEMPLATES):
                with case(name):
                    tab.library.list.setCurrentRow(row)
                    assert tab.library.preview.text() == text
                    write(on, "old")
                    on.click(tab.library.use)
                    assert tab.editor.text.toPlainText() == text
                    tab.editor.text.undo()
                    assert tab.editor.text.toPlainText() == "old"
                    tab.editor.text.redo()
                    await on.until(tab.editor.save.isEnabled)  # what was saved before has been
                    on.click(tab.editor.save)
                    await on.until(lambda text=text: on.profile("alice").prompt == text)

    play(scene())


def test_a_template_is_inserted_where_the_cursor_stands(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="prompts") as on:
            tab = on.tab(PromptsTab)
            write(on, "Onetwo")
            for _ in range(3):
                QTest.keyClick(tab.editor.text, Qt.Key.Key_Left)
            on.click(tab.library.insert)
            assert tab.editor.text.toPlainText() == f"One {TEMPLATES[0][1]} two"
            on.window.activateWindow()
            await on.until(tab.editor.text.hasFocus)

    play(scene())


# --- trying it out ---------------------------------------------------------------------------------------------------


async def keep_a_frame(on: Stage, name: str) -> None:
    await on.store.activity.record(new_frame(on.profile(name)), picture(), new_answer("A mug."), 9)


def test_the_draft_is_tried_on_the_last_frame(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="prompts") as on:
            tab, on.try_out.attempts = on.tab(PromptsTab), ATTEMPTS
            await keep_a_frame(on, "alice")
            await on.store.activity.record(new_frame(on.profile("alice")), None, new_answer("No picture."), 9)
            write(on, "Read signs")
            on.click(tab.trial.run)
            assert tab.trial.results.isVisible()
            await on.until(lambda: not tab.trial.is_running)
            assert on.try_out.asked == [(PHOTO, "alice", "Read signs")]
            assert [card.attempt for card in tab.trial.results.cards] == list(ATTEMPTS)
            assert tab.trial.results.state.text() == "Asked: 2, answered: 1."
            assert on.profile("alice").prompt == "", "nothing is saved"
            on.click(tab.trial.close_button)
            assert not tab.trial.results.isVisible()
            assert tab.trial.results.cards == []

    play(scene())


def test_an_empty_draft_tries_the_default(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="prompts") as on:
            tab = on.tab(PromptsTab)
            await keep_a_frame(on, "alice")
            on.click(tab.trial.run)
            await on.until(lambda: on.try_out.asked and not tab.trial.is_running)
            assert on.try_out.asked[0][2] == DEFAULT_PROMPT
            assert tab.trial.results.state.text() == "Nobody could be asked."

    play(scene())


def test_without_a_picture_it_says_what_to_do(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", tab="prompts") as on:
            tab = on.tab(PromptsTab)
            await keep_a_frame(on, "bob")
            on.click(tab.trial.run)
            await on.until(lambda: "No picture of alice is kept" in tab.trial.results.state.text())
            assert on.try_out.asked == [], "never on somebody else's picture"
            assert not tab.trial.is_running

    play(scene())


class Waiting:
    """Asks one provider, and then waits for ever."""

    def __init__(self) -> None:
        self.ended = False

    async def __call__(self, *_: object) -> AsyncIterator[Attempt]:
        yield ATTEMPTS[0]
        try:
            await asyncio.Event().wait()
        finally:
            self.ended = True


def test_it_can_be_stopped(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="prompts") as on:
            tab, waiting = on.tab(PromptsTab), Waiting()
            object.__setattr__(on.services, "try_out", waiting)
            await keep_a_frame(on, "alice")
            on.click(tab.trial.run)
            await on.until(lambda: len(tab.trial.results.cards) == 1)
            assert tab.trial.run.text() == "Stop"
            on.click(tab.trial.run)
            assert tab.trial.results.state.text() == "Stopped."
            assert tab.trial.run.text() == "Try on the last frame"
            await on.until(lambda: waiting.ended)
            assert len(tab.trial.results.cards) == 1, "what came is kept"

    play(scene())


def test_another_profiles_answers_are_not_left_standing(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", tab="prompts") as on:
            tab, waiting = on.tab(PromptsTab), Waiting()
            object.__setattr__(on.services, "try_out", waiting)
            await keep_a_frame(on, "alice")
            on.click(tab.trial.run)
            await on.until(lambda: len(tab.trial.results.cards) == 1)
            tab.table.pick("bob")
            assert tab.trial.results.cards == []
            assert not tab.trial.is_running
            await on.until(lambda: waiting.ended)

    play(scene())


def test_a_picture_that_cannot_be_read_is_told_beside(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="prompts") as on:
            tab = on.tab(PromptsTab)

            async def refuse(*_: object) -> AsyncIterator[Attempt]:
                for attempt in tuple[Attempt, ...]():
                    yield attempt
                raise PictureDamaged("The picture is damaged.")

            object.__setattr__(on.services, "try_out", refuse)
            await keep_a_frame(on, "alice")
            on.click(tab.trial.run)
            await on.until(lambda: tab.trial.results.state.text() == "The picture is damaged.")
            assert not tab.trial.is_running

    play(scene())
