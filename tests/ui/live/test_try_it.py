"""Try it: a picture comes by file, drop or clipboard; nobody is asked before the press; each answer stands in full."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton, QWidget

from app.core.errors import NoProvider
from app.core.frame import Attempt
from app.images import normalise
from app.ui.live.tab import LiveTab
from app.ui.live.try_dialog import TryDialog
from app.ui.widgets.try_results import AttemptCard, TryResults
from tests.ui.conftest import OpenStage, Play
from tests.ui.live.test_live import steepest
from tests.ui.stage import PHOTO, Stage

ATTEMPTS = (
    Attempt("chatgpt", "gpt-5", "skipped", why="cooling down after rate"),
    Attempt("qwen", "q-1", "no_vision", 240, why="This model takes no pictures.", cost_usd=0.0),
    Attempt("gemini", "g-1", "sure", 1_240, 0.93, answer="A mug.", full_answer="A red mug. " * 40, cost_usd=0.00042),
    Attempt("on_device", "", "unsure", 800, answer="MUG", cost_usd=None),
)
W = TypeVar("W", bound=QWidget)


def red(width: int = 40) -> QImage:
    image = QImage(width, 40, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    return image


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drop(widget: QWidget, mime: QMimeData) -> bool:
    """As if it was dragged over ``widget`` and let go; whether it was taken."""
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPointF(50, 50).toPoint(), copy, mime, left, none)
    entered.ignore()
    QApplication.sendEvent(widget, entered)
    if entered.isAccepted():
        QApplication.sendEvent(widget, QDropEvent(QPointF(50, 50), copy, mime, left, none))
    return entered.isAccepted()


async def opened(on: Stage) -> TryDialog:
    on.click(on.tab(LiveTab).bar.try_it)
    return await on.dialog(TryDialog)


async def end(on: Stage, dialog: TryDialog) -> None:
    on.click(dialog.close_button)
    await on.closed(dialog)


def test_every_answer_stands_side_by_side_in_full(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    file = tmp_path / "mug.jpg"
    file.write_bytes(PHOTO)

    async def scene() -> None:
        async with stage("alice", "bob") as on:
            dialog = await opened(on)
            on.try_out.attempts = ATTEMPTS
            dialog.use(file)
            await on.until(dialog.picture.has_image)
            assert on.try_out.asked == [], "it may cost: nobody is asked before the press"
            dialog.profile.setCurrentText("bob")
            QTest.keyClicks(dialog.question, "What colour?")
            await on.press(dialog.ask)
            await on.until(lambda: dialog.results.state.text() == "Asked: 3, answered: 2.")
            assert on.try_out.asked == [(PHOTO, "bob", "What colour?")]
            told = [(card.name.text(), card.state.text(), card.said.text(), *card.facts.values())
                    for card in dialog.results.cards]  # fmt: skip
            assert told == [
                ("Google Gemini", "sure", "A red mug. " * 40, "g-1", "93 %", "1.2 s", "0.04 ct"),
                ("On this computer", "seen", "MUG", "–", "–", "800 ms", "not known"),
                ("Alibaba Qwen", "model takes no pictures", "This model takes no pictures.", "q-1", "–", "240 ms",
                 "not charged"),
                ("chatgpt", "not asked", "left alone for a while: asked us to wait"),
            ]  # fmt: skip
            assert dialog.ask.isVisible()
            assert not dialog.stop.isVisible()
            assert (await on.store.activity.recent()) == (), "a trial is no frame"
            await on.press(dialog.ask)
            await on.until(lambda: len(on.try_out.asked) == 2)
            await end(on, dialog)

    play(scene())


def test_what_was_said_of_one_picture_goes_with_it(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    file = tmp_path / "mug.jpg"
    file.write_bytes(PHOTO)

    async def scene() -> None:
        async with stage("alice") as on:
            dialog = await opened(on)
            on.try_out.attempts = ATTEMPTS
            dialog.use(file)
            await on.until(dialog.picture.has_image)
            await on.press(dialog.ask)
            await on.until(lambda: len(dialog.results.findChildren(AttemptCard)) == 4)
            await on.until(dialog.ask.isVisible)
            dialog.use(file)
            await on.until(lambda: not dialog.results.findChildren(AttemptCard))
            assert not dialog.results.state.isVisible()
            await end(on, dialog)

    play(scene())


def test_it_asks_nobody_without_a_picture(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            dialog = await opened(on)
            on.click(dialog.ask)
            assert dialog.refusal.text() == "Choose a picture first."
            assert on.try_out.asked == []
            await end(on, dialog)

    play(scene())


class Slow:
    """A ``TryOut`` that gives one attempt and then keeps the one who listens waiting."""

    def __init__(self) -> None:
        self.ended = 0

    async def __call__(self, upload: bytes, username: str, prompt: str | None) -> AsyncGenerator[Attempt, None]:
        try:
            yield ATTEMPTS[2]
            await asyncio.Event().wait()
        finally:
            self.ended += 1


def _with(on: Stage, dialog: TryDialog, try_out: Callable[..., object]) -> None:
    services = on.services
    dialog._services = type(services)(**{
        name: getattr(services, name) for name in services.__dataclass_fields__ if name != "try_out"
    } | {"try_out": try_out})  # fmt: skip


def test_stop_and_close_end_the_calls(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    file = tmp_path / "mug.jpg"
    file.write_bytes(PHOTO)

    async def scene() -> None:
        async with stage("alice") as on:
            dialog, slow = await opened(on), Slow()
            _with(on, dialog, slow)
            dialog.use(file)
            await on.until(dialog.picture.has_image)
            await on.press(dialog.ask)
            await on.until(lambda: len(dialog.results.cards) == 1)
            assert dialog.results.state.text() == "Asking the others…"
            assert not drop(dialog, files(file)), "not while others still look at this one"
            on.click(dialog.stop)
            await on.until(lambda: slow.ended == 1)
            assert dialog.results.state.text() == "Stopped."
            await on.press(dialog.ask)
            await on.until(lambda: len(dialog.results.cards) == 1)
            await end(on, dialog)
            await on.until(lambda: slow.ended == 2)

    play(scene())


async def _fails(*_: object) -> AsyncGenerator[Attempt, None]:
    raise NoProvider
    yield


def test_why_nobody_could_be_asked_stands_there(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    file = tmp_path / "mug.jpg"
    file.write_bytes(PHOTO)

    async def scene() -> None:
        async with stage("alice") as on:
            dialog = await opened(on)
            _with(on, dialog, _fails)
            dialog.use(file)
            await on.until(dialog.picture.has_image)
            await on.press(dialog.ask)
            await on.until(lambda: dialog.results.state.text() == "No AI is set up for this profile.")
            assert dialog.ask.isVisible()
            await end(on, dialog)

    play(scene())


def test_a_bad_file_gets_its_sentence(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    heic, cut, huge, text = (tmp_path / name for name in ("photo.heic", "cut.jpg", "huge.png", "notes.txt"))
    heic.write_bytes(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1" + bytes(100))
    cut.write_bytes(PHOTO[: len(PHOTO) // 2])
    huge.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2**20))
    text.write_text("no picture")

    async def scene() -> None:
        async with stage("alice") as on:
            await on.store.set_setting("limits.upload_mb", 1)
            dialog = await opened(on)
            for file, sentence in (
                (heic, "HEIC photos are not supported. Use JPEG."),
                (cut, "The photo arrived damaged. Please try again."),
                (huge, "The picture is larger than 1 MB, the most that is taken."),
                (text, "That file is not a photo I can read."),
                (tmp_path, "The file cannot be read: Is a directory."),
                (tmp_path / "gone.jpg", "The file cannot be read: No such file or directory."),
            ):
                dialog.use(file)
                await on.until(lambda sentence=sentence: dialog.refusal.text() == sentence)
                assert dialog.refusal.isVisible()
                assert not dialog.picture.has_image()
                await on.until(dialog.ask.isEnabled)
            good = tmp_path / "good.jpg"
            good.write_bytes(PHOTO)
            dialog.use(good)
            await on.until(dialog.picture.has_image)
            assert not dialog.refusal.isVisible()
            await end(on, dialog)

    play(scene())


def test_a_file_is_chosen(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    file = tmp_path / "mug.jpg"
    file.write_bytes(PHOTO)

    async def scene() -> None:
        async with stage("alice") as on:
            dialog = await opened(on)
            on.click(dialog.choose)
            chooser = await on.dialog(QFileDialog)
            chooser.findChild(QLineEdit).setText(str(file))
            press = next(button for button in chooser.findChildren(QPushButton) if "Open" in button.text())
            press.click()
            await on.until(dialog.picture.has_image)
            await on.closed(chooser)
            await on.until(dialog.choose.isEnabled)
            QTest.keyClick(dialog.picture, Qt.Key.Key_Return)
            chooser = await on.dialog(QFileDialog)
            chooser.reject()
            await on.closed(chooser)
            await end(on, dialog)

    play(scene())


def test_a_picture_dropped_on_the_tab_is_tried(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    file = tmp_path / "mug.jpg"
    file.write_bytes(PHOTO)

    async def scene() -> None:
        async with stage("alice") as on:
            live = on.tab(LiveTab)
            assert drop(live, files(file))
            dialog = await on.dialog(TryDialog)
            await on.until(dialog.picture.has_image)
            image = QMimeData()
            image.setImageData(red())
            assert drop(dialog, image)
            await on.until(lambda: dialog._upload[:3] == b"\xff\xd8\xff" and dialog._upload != PHOTO)
            assert normalise(dialog._upload).width_px == 40
            await end(on, dialog)
            elsewhere = QMimeData()
            elsewhere.setUrls([QUrl("https://pictures.test/mug.jpg")])
            assert not drop(live, elsewhere), "nothing is fetched from the net"
            words = QMimeData()
            words.setText("a mug")
            assert not drop(live, words)

    play(scene())


def test_a_picture_is_pasted(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    file = tmp_path / "mug.jpg"
    file.write_bytes(PHOTO)

    async def scene() -> None:
        async with stage("alice") as on:
            clipboard, live = QGuiApplication.clipboard(), on.tab(LiveTab)
            clipboard.setImage(red())
            on.window.activateWindow()
            await on.until(on.window.isActiveWindow)
            live.bar.pause.setFocus()
            QTest.keyClick(live.bar.pause, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
            dialog = await on.dialog(TryDialog)
            await on.until(dialog.picture.has_image)
            clipboard.setMimeData(files(file))
            await on.press(dialog.paste)
            await on.until(lambda: dialog._upload == PHOTO)
            await on.until(dialog.ask.isEnabled)
            clear = red().convertToFormat(QImage.Format.Format_ARGB32)
            clipboard.setImage(clear)
            dialog.activateWindow()
            await on.until(dialog.isActiveWindow)
            dialog.choose.setFocus()
            QTest.keyClick(dialog.choose, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
            await on.until(lambda: dialog._upload.startswith(b"\x89PNG"))
            clipboard.setText("a mug")
            await on.press(dialog.paste)
            assert dialog.refusal.text() == "There is no picture on the clipboard."
            await end(on, dialog)
            on.window.activateWindow()
            await on.until(on.window.isActiveWindow)
            QTest.keyClick(live.bar.pause, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
            await on.until(lambda: "There is no picture on the clipboard." in on.window.messages.texts())

    play(scene())


def test_without_a_profile_a_dropped_picture_is_refused_with_a_reason(
    play: Play, stage: OpenStage, tmp_path: Path
) -> None:
    file = tmp_path / "mug.jpg"
    file.write_bytes(PHOTO)

    async def scene() -> None:
        async with stage() as on:
            drop(on.tab(LiveTab), files(file))
            await on.until(lambda: any("Add a profile first" in text for text in on.window.messages.texts()))

    play(scene())


def test_blurred_pictures_are_blurred_here_too(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    from app.images import number_card

    file = tmp_path / "card.jpg"
    file.write_bytes(number_card(4711).jpeg)

    async def scene() -> None:
        async with stage("alice") as on:
            on.click(on.tab(LiveTab).bar.blur)
            dialog = await opened(on)
            dialog.use(file)
            await on.until(dialog.picture.has_image)
            assert dialog.picture._image is not None
            assert steepest(dialog.picture._image) < 20
            assert dialog._upload == file.read_bytes(), "the AIs see it as it is"
            await end(on, dialog)

    play(scene())


def test_results_say_it_when_nobody_was_asked(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            results = TryResults(str.upper, on.window)
            on.try_out.attempts = (Attempt("gemini", "g-1", "skipped", why="no key"),)
            results.ask(on.try_out(PHOTO, "alice", None))
            assert results.state.text() == "Asking…"
            await on.until(lambda: results.state.text() == "Nobody could be asked.")
            assert results.cards[0].name.text() == "GEMINI"
            results.ask(_fails())
            await on.until(lambda: results.state.text() == "No AI is set up for this profile.")
            results.clear()
            assert results.cards == []

    play(scene())
