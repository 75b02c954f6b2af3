"""The live tab: cards follow the bus, the history fills them at the start, a click opens the trace."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest

from app.core.errors import Superseded
from app.core.events import FrameAnswered, FrameReceived
from app.core.frame import Profile
from app.ui import frame_view
from app.ui.dialogs.profile_dialogs import AddProfile
from app.ui.dialogs.trace_dialog import TraceDialog
from app.ui.reel import Reel
from app.ui.tabs.live import LiveTab
from app.ui.widgets.film_strip import LENGTH
from app.ui.widgets.text import Text
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import URL, new_answer, new_frame, picture


class Repaints(QObject):
    """Counts the paints of a widget."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_no_profile_yet_says_what_to_do_next(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            live = on.tab(LiveTab)
            await on.until(live.empty.isVisible)
            on.click(live.empty.button)
            assert on.shown_tab().name == "profiles"
            dialog = await on.dialog(AddProfile)
            dialog.reject()
            await on.closed(dialog)

    play(scene())


def test_a_card_before_its_first_frame_names_the_address(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            card = on.tab(LiveTab).cards["alice"]
            await on.control.start()
            await on.until(lambda: URL in card.hint.text())
            assert "alice" in card.hint.text()

    play(scene())


def test_a_card_shows_picture_answer_and_facts(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob") as on:
            card = on.tab(LiveTab).cards["alice"]
            frame = on.receive("alice")
            await on.until(lambda: card.state.text() == "looking")
            text = "one two three four five six seven eight nine ten " * 4
            on.bus.publish(FrameAnswered(frame, new_answer(text, reused=True)))
            await on.until(lambda: card.state.text() == "sure")
            assert len(card.glasses.rows()) == 6
            assert card.glasses.rows()[-1] == "..."
            assert all(len(row) <= 24 for row in card.glasses.rows())
            facts = [label.text() for label in (card.by, card.sure, card.took, card.reused)]
            assert facts == ["Google Gemini", "92 %", "1.2 s", "yes"]
            await on.until(card.picture.has_image)
            assert not on.tab(LiveTab).cards["bob"].picture.has_image()

    play(scene())


def test_a_failure_shows_its_sentence(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            card = on.tab(LiveTab).cards["alice"]
            on.fail("alice")
            await on.until(lambda: card.state.text() == "no answer")
            assert " ".join(card.glasses.rows()) == "No AI could answer. Please try again."
            on.fail("alice", Superseded())
            await on.until(lambda: card.film.model().rowCount() == 2)
            assert card.state.text() == "no answer", "a frame that was overtaken told the wearer nothing"

    play(scene())


def test_the_strip_keeps_the_last_frames(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            card = on.tab(LiveTab).cards["alice"]
            frames = [on.answer("alice", f"Number {number}.") for number in range(20)]
            await on.until(lambda: card.film.model().rowCount() == LENGTH)
            model = card.film.model()
            shown = [model.index(row, 0).data(Qt.ItemDataRole.UserRole).frame_id for row in range(LENGTH)]
            assert shown == [frame.frame_id for frame in reversed(frames)][:LENGTH]
            assert "Number 19." in model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)

    play(scene())


def test_200_frames_repaint_the_card_only_so_often(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            card, repaints, rounds = on.tab(LiveTab).cards["alice"], Repaints(), list[None]()
            on.tab(LiveTab).bridge.delivered.connect(lambda: rounds.append(None))
            card.glasses.installEventFilter(repaints)
            for number in range(200):
                on.answer("alice", f"Number {number}.")
                await on.until(lambda: True)
            await on.until(lambda: card.glasses.rows() == ["Number 199."])
            assert repaints.count <= len(rounds) + 2

    play(scene())


def test_a_hidden_tab_decodes_nothing_and_catches_up(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            live = on.tab(LiveTab)
            on.answer("alice")
            await on.until(lambda: live._reels["alice"].frames)
            assert not live.cards.get("alice") or not live.cards["alice"].picture.has_image()
            on.window.go_to("live")
            await on.until(lambda: live.cards["alice"].picture.has_image())
            assert live.cards["alice"].by.text() == "Google Gemini"

    play(scene())


def test_frames_of_before_the_start_are_shown(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="profiles") as on:
            for number in range(3):
                frame = new_frame(on.profile("alice"))
                await on.store.activity.record(frame, picture(), new_answer(f"Before {number}."), 900)
            on.window.go_to("live")
            card = on.tab(LiveTab).cards["alice"]
            await on.until(lambda: card.film.model().rowCount() == 3)
            assert card.glasses.rows() == ["Before 2."]
            await on.until(card.picture.has_image)
            await on.until(lambda: len(on.tab(LiveTab)._pictures) == 3)

    play(scene())


def test_a_click_opens_the_whole_trace(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            card = on.tab(LiveTab).cards["alice"]
            frame = new_frame(on.profile("alice"))
            answer = new_answer("A red mug.", judge_why="It is specific.")
            await on.store.activity.record(frame, picture(), answer, 900)
            on.bus.publish(FrameReceived(frame, picture()))
            on.bus.publish(FrameAnswered(frame, answer))
            await on.until(lambda: card.film.model().rowCount() == 1)
            QTest.mouseClick(card.film.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
            dialog = await on.dialog(TraceDialog)
            model = dialog.table.model()
            rows = [[model.index(row, column).data() for column in range(7)] for row in range(model.rowCount())]
            assert rows == [
                ["Google Gemini", "g-1", "not sure", "–", "60 %", "812 ms", "A mug, perhaps."],
                ["Alibaba Qwen", "q-1", "not asked", "no key", "–", "–", "–"],
            ]
            assert any("It is specific." in label.text() for label in dialog.findChildren(Text))
            await on.until(dialog.picture.has_image)
            dialog.accept()
            await on.closed(dialog)
            QTest.keyClick(card.picture, Qt.Key.Key_Return)
            dialog = await on.dialog(TraceDialog)
            dialog.accept()
            await on.closed(dialog)

    play(scene())


def test_cards_come_and_go_with_their_profiles(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            live = on.tab(LiveTab)
            await on.store.profiles.add("bob")
            await on.until(lambda: set(live.cards) == {"alice", "bob"})
            await on.store.profiles.delete("alice")
            await on.until(lambda: set(live.cards) == {"bob"})
            await on.control.start()
            await on.until(lambda: URL in live.cards["bob"].hint.text())

    play(scene())


def test_a_row_of_the_history_says_what_the_event_said(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob") as on:
            frame, answer = new_frame(on.profile("alice")), new_answer("A red mug.", judge_why="It is specific.")
            await on.store.activity.record(frame, picture(), answer, answer.latency_ms)
            (row,) = await on.store.activity.recent("alice", 5)
            live, stored = frame_view.of_answer(FrameAnswered(frame, answer)), frame_view.of_row(row)
            for name in ("frame_id", "username", "prompt", "code", "text", "failed", "full_text", "answered_by",
                         "confidence", "latency_ms", "reused", "judge_why", "attempts"):  # fmt: skip
                assert getattr(stored, name) == getattr(live, name), name

    play(scene())


def test_history_takes_its_place_among_what_was_heard_meanwhile() -> None:
    alice = Profile(1, "alice")
    views = [frame_view.of_answer(FrameAnswered(new_frame(alice), new_answer(str(number)))) for number in range(15)]
    reel = Reel()
    reel.end(views[7])
    reel.add_history(reversed(views))
    assert [view.text for view in reel.frames] == [str(number) for number in range(14, 2, -1)]
