"""The live tab: cards follow the bus, the history fills them at the start, a click opens the trace."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPoint, QSettings, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from app.core.errors import Superseded
from app.core.events import AttemptFinished, FrameAnswered, FrameCompleted, FrameReceived
from app.core.frame import Attempt, Profile
from app.ui.connect.profile_dialogs import AddProfile
from app.ui.connect.reach_dialog import ReachDialog
from app.ui.frames import frame_view
from app.ui.live.film_strip import LENGTH
from app.ui.live.profile_card import ProfileFeed
from app.ui.live.tab import LiveTab
from app.ui.support import formatting as fmt
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import PHOTO, URL, new_answer, new_frame, picture


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
        async with stage(whole=True) as on:
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
            assert card.facts.text() == "Google Gemini, 92 %, 1.2 s, reused from a moment before"
            assert card.path.text() == "Google Gemini not sure 60 %"
            await on.until(card.picture.has_image)
            assert not on.tab(LiveTab).cards["bob"].picture.has_image()

    play(scene())


def test_the_old_pair_stays_while_it_looks_and_the_path_is_lit(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            card = on.tab(LiveTab).cards["alice"]
            on.answer("alice", "Before.")
            await on.until(lambda: card.glasses.rows() == ["Before."])
            shown = card.hero.grab().toImage()
            frame = on.receive("alice", other_photo())
            await on.until(lambda: card.path.text() == "looking")
            for attempt in (
                Attempt("gemini", "g-1", "unsure", 400, 0.7, trust=0.4), Attempt("qwen", "q-1", "timeout", 900),
                Attempt("on_device", "", "skipped", why="off"),
            ):  # fmt: skip
                on.bus.publish(AttemptFinished(frame.frame_id, "alice", attempt))
            lit = "Google Gemini not sure 40 % › Alibaba Qwen took too long › looking"
            await on.until(lambda: card.path.text() == lit)
            await on.until(lambda: on.tab(LiveTab).album.is_known("alice", frame.frame_id))
            assert card.hero.grab().toImage() == shown, "never a new picture beside an old answer"
            on.bus.publish(FrameAnswered(frame, new_answer("After.")))
            await on.until(lambda: card.glasses.rows() == ["After."])
            assert card.path.text() == "Google Gemini not sure 60 %"
            assert unlike(card.hero.grab().toImage(), shown) > 60

    play(scene())


def test_an_answer_whose_picture_nobody_has_is_shown_without(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            card = on.tab(LiveTab).cards["alice"]
            on.answer("alice", "Before.")
            await on.until(card.picture.has_image)
            on.bus.publish(FrameAnswered(new_frame(on.profile("alice")), new_answer("Unseen.")))
            await on.until(lambda: card.glasses.rows() == ["Unseen."])
            assert not card.picture.has_image()

    play(scene())


def test_a_frame_of_another_program_says_through_which_door_it_came(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            card = on.tab(LiveTab).cards["alice"]
            chat = replace(on.receive("alice"), door="openai")
            on.bus.publish(FrameAnswered(chat, new_answer("A mug")))
            await on.until(lambda: card.facts.text().endswith(", through openai"))

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
            await on.until(lambda: "alice" in live._feeds and live._feeds["alice"].frames)
            assert not live.cards.get("alice") or not live.cards["alice"].picture.has_image()
            on.window.go_to("live")
            await on.until(lambda: live.cards["alice"].picture.has_image())
            assert live.cards["alice"].facts.text().startswith("Google Gemini")

    play(scene())


def test_a_card_that_is_scrolled_out_waits_until_it_is_seen(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(*(f"wearer{number:02}" for number in range(12))) as on:
            live = on.tab(LiveTab)
            await on.until(lambda: live.cards["wearer00"].is_seen() and not live.cards["wearer11"].is_seen())
            card, frames = live.cards["wearer11"], [new_frame(on.profile("wearer11")) for _ in range(5)]
            rounds = list[None]()
            live.bridge.delivered.connect(lambda: rounds.append(None))
            for frame in frames:
                answer = new_answer(f"Number {frame.frame_id}.")
                await on.store.activity.record(frame, picture(), answer, 900)
                on.bus.publish(FrameReceived(frame, picture()))
                on.bus.publish(FrameAnswered(frame, answer))
                on.answer("wearer00")
                told = len(rounds)
                await on.until(lambda: len(rounds) > told)  # noqa: B023
            await on.until(lambda: live.cards["wearer00"].picture.has_image())
            assert card.film.model().rowCount() == 0
            assert not card.picture.has_image()
            assert not any(live.album.still(frame.frame_id) for frame in frames)
            live._grid.ensureWidgetVisible(card)
            await on.until(card.picture.has_image)
            assert card.glasses.rows() == [f"Number {frames[-1].frame_id}."]
            await on.until(lambda: all(live.album.still(frame.frame_id) for frame in frames))

    play(scene())


def test_what_came_while_the_window_was_minimised_is_shown_when_it_is_back(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            live = on.tab(LiveTab)
            card, frames = live.cards["alice"], [new_frame(on.profile("alice")) for _ in range(3)]
            on.window.showMinimized()
            await on.until(on.window.isMinimized)
            for number, frame in enumerate(frames):
                await on.store.activity.record(frame, picture(), new_answer(f"Number {number}."), 900)
                on.bus.publish(FrameReceived(frame, picture()))
                on.bus.publish(FrameAnswered(frame, new_answer(f"Number {number}.")))
            await on.until(lambda: "alice" in live._feeds and len(live._feeds["alice"].frames) == 3)
            assert not card.picture.has_image()
            on.window.showNormal()
            on.receive("alice")  # where no desktop asks for a paint, the next frame brings the rest
            await on.until(lambda: all(live.album.still(frame.frame_id) for frame in frames))
            await on.until(lambda: card.glasses.rows() == ["Number 2."])

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
            await on.until(card.picture.has_image)
            assert card.glasses.rows() == ["Before 2."]
            await on.until(lambda: len(on.tab(LiveTab).album) == 3)

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
            inspector = on.tab(LiveTab).trace.inspector
            await on.until(lambda: inspector.isVisible() and inspector.page.picture.has_image())
            assert [step.texts() for step in inspector.page.steps.steps] == [
                ("Google Gemini: not sure, 60 %", "812 ms", "A mug, perhaps.",
                 "Chosen for the glasses · g-1 · not known"),
                ("Alibaba Qwen: not asked", "–", "", "it has no key · q-1"),
            ]  # fmt: skip
            assert inspector.page.reason.text() == "The judge chose Google Gemini: It is specific."
            sent = f"720 × 720 pixels, {fmt.size(len(PHOTO))}"
            assert inspector.page.sent.text() == f"The picture was sent to Google Gemini: {sent}"
            on.click(inspector.close_button)
            assert not inspector.isVisible()
            on.window.activateWindow()
            await on.until(on.window.isActiveWindow)
            QTest.keyClick(card.picture, Qt.Key.Key_Return)
            await on.until(inspector.isVisible)
            QTest.keyClick(on.window, Qt.Key.Key_Escape)
            await on.until(lambda: not inspector.isVisible())

    play(scene())


def test_what_comes_after_the_words_is_added_where_they_are_shown(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            card, frame = on.tab(LiveTab).cards["alice"], new_frame(on.profile("alice"))
            words = new_answer("A red mug.", full_text="A red mug.", trust=0.71, is_doubted=True)
            on.bus.publish(FrameAnswered(frame, words))
            await on.until(lambda: card.facts.text() == "Google Gemini, says 92 %, trust 71 %, 1.2 s")
            assert card.glasses.rows() == ["A red mug?"]
            QTest.keyClick(card.picture, Qt.Key.Key_Return)
            page = on.tab(LiveTab).trace.inspector.page
            assert page.whole.text() == "A red mug."
            on.bus.publish(FrameCompleted(frame, replace(words, full_text="A red mug on a table.", whole_ms=1_900)))
            await on.until(lambda: page.whole.text() == "A red mug on a table.")
            assert card.facts.text().endswith("1.2 s, whole 1.9 s")
            assert card.film.model().rowCount() == 1

    play(scene())


def test_cards_come_and_go_with_their_profiles(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            live = on.tab(LiveTab)
            await on.store.profiles.add("bob")
            await on.until(lambda: set(live.cards) == {"alice", "bob"})
            await on.store.trash.delete("alice")
            await on.until(lambda: set(live.cards) == {"bob"})
            await on.control.start()
            await on.until(lambda: URL in live.cards["bob"].hint.text())

    play(scene())


def test_a_row_of_the_history_says_what_the_event_said(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob") as on:
            frame, answer = new_frame(on.profile("alice")), new_answer("A red mug.", judge_why="It is specific.")
            attempts = tuple(replace(attempt, trust=0.71, whole_ms=1_900) for attempt in answer.attempts)
            answer = replace(answer, attempts=attempts, trust=0.71, whole_ms=2_000, blurred_faces=2)
            await on.store.activity.record(frame, picture(), answer, answer.latency_ms)
            (row,) = await on.store.activity.recent("alice", 5)
            live, stored = frame_view.of_answer(FrameAnswered(frame, answer)), frame_view.of_row(row)
            for name in ("frame_id", "username", "prompt", "code", "text", "failed", "full_text", "answered_by",
                         "confidence", "latency_ms", "reused", "judge_why", "attempts",
                         "trust", "whole_ms", "blurred_faces"):  # fmt: skip
                assert getattr(stored, name) == getattr(live, name), name

    play(scene())


def test_history_takes_its_place_among_what_was_heard_meanwhile() -> None:
    alice = Profile(1, "alice")
    views = [frame_view.of_answer(FrameAnswered(new_frame(alice), new_answer(str(number)))) for number in range(15)]
    feed = ProfileFeed()
    feed.end(views[7])
    feed.add_history(reversed(views))
    assert [view.text for view in feed.frames] == [str(number) for number in range(14, 2, -1)]


# --- pause ------------------------------------------------------------------------------------------------------------


def test_paused_it_holds_what_is_shown_and_counts_what_comes(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            live = on.tab(LiveTab)
            card, bar = live.cards["alice"], live.bar
            on.answer("alice", "Before.")
            await on.until(lambda: card.glasses.rows() == ["Before."] and card.picture.has_image())
            assert not bar.held.isVisible()
            on.click(bar.pause)
            shown, stills = card.picture.grab().toImage(), card.film.model().rowCount()
            on.fail("alice")
            for number in range(3):
                on.answer("alice", f"Since {number}.", jpeg=other_photo())
            await on.until(lambda: "4" in bar.held.text())
            assert card.glasses.rows() == ["Before."]
            assert (card.state.text(), card.film.model().rowCount()) == ("sure", stills)
            assert card.picture.grab().toImage() == shown
            on.click(bar.pause)
            await on.until(lambda: card.film.model().rowCount() == stills + 4)
            await on.until(lambda: card.glasses.rows() == ["Since 2."])
            assert not bar.held.isVisible()
            await on.until(lambda: card.picture.grab().toImage() != shown)

    play(scene())


def test_a_profile_made_while_it_is_paused_is_told_what_to_do(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            live = on.tab(LiveTab)
            await on.control.start()
            on.click(live.bar.pause)
            await on.store.profiles.add("bob")
            await on.until(lambda: "bob" in live.cards and "bob" in live.cards["bob"].hint.text())

    play(scene())


# --- blur -------------------------------------------------------------------------------------------------------------


def other_photo() -> bytes:
    """Another picture than the stage's."""
    from app.images import number_card

    return number_card(4711).jpeg


def unlike(one: QImage, other: QImage) -> int:
    """By how much the brightest difference of two pictures of a size exceeds none, 0 to 255."""
    assert one.size() == other.size()
    pixels = ((x, y) for x in range(0, one.width(), 3) for y in range(0, one.height(), 3))
    return max(abs(one.pixelColor(x, y).lightness() - other.pixelColor(x, y).lightness()) for x, y in pixels)


def steepest(image: QImage) -> int:
    """The greatest step from one pixel to the next: letters have edges, a blurred picture has none."""
    rows = range(0, image.height(), 2)
    return max(
        abs(image.pixelColor(x, y).lightness() - image.pixelColor(x + 1, y).lightness())
        for y in rows for x in range(image.width() - 1)
    )  # fmt: skip


def test_all_of_a_lone_card_is_in_sight_whatever_stands_above_it(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            live = on.tab(LiveTab)
            page, film = live._grid.verticalScrollBar(), live.cards["alice"].film
            asked = (Attempt("on_device", "", "unsure", 400, 0.6, answer="A mug."),)
            on.answer("alice", answered_by="on_device", attempts=asked)
            for height_px in (760, 660):
                on.window.resize(1_120, height_px)
                await on.until(lambda: live.offer.isVisible() and page.maximum() == 0)
                assert film.visibleRegion().boundingRect().height() == film.height()

    play(scene())


def test_a_picture_is_decoded_anew_for_a_card_that_got_larger(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            card = on.tab(LiveTab).cards["alice"]
            on.window.resize(800, 560)
            on.answer("alice")
            await on.until(card.picture.has_image)
            small = card.picture._image
            assert small is not None
            on.window.resize(1_300, 900)
            await on.until(lambda: card.picture._image is not None and card.picture._image.height() > small.height())
            assert card.picture._image is not None
            assert card.picture._image.size() == card.picture._box(card.picture._image).size().toSize()
            large = card.picture._image
            on.window.resize(800, 560)
            await asyncio.sleep(0.5)
            assert card.picture._image is large, "one that is too large is as good"

    play(scene())


def test_blurred_no_picture_can_be_made_out_and_it_stays_so(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            live = on.tab(LiveTab)
            card = live.cards["alice"]
            frame, answer = new_frame(on.profile("alice")), new_answer("A number.")
            await on.store.activity.record(frame, picture(other_photo()), answer, 900)
            on.bus.publish(FrameReceived(frame, picture(other_photo())))
            on.bus.publish(FrameAnswered(frame, answer))
            await on.until(lambda: card.picture.has_image() and live.album.still(frame.frame_id))
            sharp, still = card.picture.grab().toImage(), live.album.still(frame.frame_id)
            film = card.film.grab().toImage()
            assert still is not None
            on.click(live.bar.blur)
            hidden, hidden_still = card.picture.grab().toImage(), live.album.still(frame.frame_id)
            assert hidden_still is not None
            assert steepest(still.toImage()) > 60 > 20 > steepest(hidden_still.toImage())
            assert unlike(sharp, hidden) > 60, "it is hidden at once, before anything else is done"
            assert unlike(film, card.film.grab().toImage()) > 20
            QTest.keyClick(card.picture, Qt.Key.Key_Return)
            large = live.trace.inspector.page.picture
            await on.until(lambda: large._whole is not None)
            assert large._image is not None
            assert steepest(large._image) < 20
            assert large._whole is large._image, "nor when it is enlarged"
            on.answer("alice", jpeg=PHOTO)
            await on.until(lambda: card.picture.grab().toImage() != hidden)
            assert card.picture._image is not None
            assert steepest(card.picture._image) < 20, "what comes is hidden too"
            live._memory.sync()
            kept = QSettings(str(on.services.settings_path), QSettings.Format.IniFormat)
            assert str(kept.value("live/blurred")) == "true"
            again = LiveTab(on.services, live.bridge)
            assert again.album.is_blurred, "over a restart"
            again.shut()
            again.deleteLater()
            on.click(live.bar.blur)
            assert steepest(card.picture._image) > 60

    play(scene())


def test_the_trace_that_is_open_is_hidden_with_the_rest(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            live, frame = on.tab(LiveTab), new_frame(on.profile("alice"))
            await on.store.activity.record(frame, picture(other_photo()), new_answer("A number."), 900)
            live.trace.show_frame(frame_view.of_answer(FrameAnswered(frame, new_answer("A number."))))
            shown = live.trace.inspector.page.picture
            await on.until(lambda: shown._image is not None and steepest(shown._image) > 60)
            on.click(live.bar.blur)
            assert not shown.has_image(), "at once"
            await on.until(lambda: shown._image is not None and steepest(shown._image) < 20)
            on.click(live.bar.blur)
            await on.until(lambda: shown._image is not None and steepest(shown._image) > 60)

    play(scene())


def test_the_trace_walks_along_the_film_and_marks(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            live, frames = on.tab(LiveTab), [new_frame(on.profile("alice")) for _ in range(3)]
            for number, frame in enumerate(frames):
                await on.store.activity.record(frame, picture(), new_answer(f"Number {number}."), 900)
                on.bus.publish(FrameAnswered(frame, new_answer(f"Number {number}.")))
            shown, names = live.trace.inspector, [frame.frame_id for frame in frames]
            await on.until(lambda: live.cards["alice"].glasses.rows() == ["Number 2."])
            QTest.keyClick(live.cards["alice"].picture, Qt.Key.Key_Return)
            assert (shown.frame_id, shown.newer.isEnabled()) == (names[2], False)
            on.click(shown.older)
            assert shown.frame_id == names[1]
            on.click(shown.newer)
            on.click(shown.older)
            await on.press(shown.favourite)
            await on.until(shown.favourite.isChecked)
            on.click(shown.thumb_up)
            await on.until(shown.thumb_up.isChecked)
            on.click(shown.thumb_down)
            await on.until(shown.thumb_down.isChecked)
            on.click(shown.correct)
            on.click(shown.correction.cancel)
            on.click(shown.correct)
            shown.correction.line.setText("A cup.")
            on.click(shown.correction.keep)
            await on.until(lambda: shown.page.corrected.text() == "A cup.")
            row = await on.store.activity.frame(names[1])
            assert row is not None
            assert (row.favourite, row.thumb, row.correction) == (True, -1, "A cup.")
            await on.press(shown.save)
            (chooser,) = shown.findChildren(QFileDialog)
            chooser.reject()
            on.click(shown.close_button)

    play(scene())


def test_in_a_narrow_window_the_trace_takes_the_page(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            live = on.tab(LiveTab)
            on.answer("alice")
            await on.until(live.cards["alice"].picture.has_image)
            QTest.keyClick(live.cards["alice"].picture, Qt.Key.Key_Return)
            assert live._grid.isVisible()
            live.trace.resize(600, 400)
            assert not live._grid.isVisible()
            on.click(live.trace.inspector.close_button)
            assert live._grid.isVisible()

    play(scene())


def test_a_phone_that_cannot_reach_it_is_helped_from_the_empty_card(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            card = on.tab(LiveTab).cards["alice"]
            await on.press(card.help)
            dialog = await on.dialog(ReachDialog)
            dialog.reject()
            await on.closed(dialog)

    play(scene())
