"""Pictures are decoded elsewhere, the newest of a place only, and a damaged one harms nobody."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtGui import QImage

from app.ui.frames import thumbnails
from app.ui.frames.thumbnails import Thumbnails
from tests.ui.conftest import Play
from tests.ui.stage import PHOTO, until


def test_an_image_comes_back_on_the_windows_thread(play: Play) -> None:
    async def scene() -> None:
        made = list[tuple[object, str, QImage, bool]]()
        pool = Thumbnails()
        here = threading.current_thread()
        pool.ready.connect(
            lambda place, name, image: made.append((place, name, image, threading.current_thread() is here))
        )
        pool.request("alice", "f1", PHOTO, 120)
        await until(lambda: made)
        place, name, image, was_here = made[0]
        assert (place, name, was_here) == ("alice", "f1", True)
        assert max(image.width(), image.height()) == 120
        pool.close()

    play(scene())


def test_of_many_waiting_only_the_newest_is_decoded(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = list[bytes](), threading.Event()

    def slow(jpeg: bytes, side_px: int) -> QImage:
        begun.append(jpeg)
        go_on.wait(5)
        return QImage(1, 1, QImage.Format.Format_RGB888)

    monkeypatch.setattr(thumbnails, "small", slow)

    async def scene() -> None:
        made = list[str]()
        pool = Thumbnails()
        pool.ready.connect(lambda _place, name, _image: made.append(name))
        for number in range(50):
            pool.request("alice", f"f{number}", bytes([number]), 64)
        go_on.set()
        await until(lambda: len(made) == 2)
        assert made == ["f0", "f49"]
        assert begun == [b"\x00", b"\x31"]
        pool.close()

    play(scene())


def test_a_damaged_picture_frees_its_place(play: Play) -> None:
    async def scene() -> None:
        made = list[str]()
        pool = Thumbnails()
        pool.ready.connect(lambda _place, name, _image: made.append(name))
        pool.request("alice", "bad", b"no picture", 64)
        pool.request("alice", "good", PHOTO, 64)
        await until(lambda: made)
        assert made == ["good"]
        pool.close()

    play(scene())
