"""Faces blurred before anybody sees a picture: which are found, and that without a look nobody is shown it."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

import psutil
import pytest
from PIL import Image

from app.core.errors import FacesNotBlurred
from app.core.frame import Picture
from app.core.sentence import Sentence
from app.images import as_rgb, normalise
from app.paths import resource
from app.providers import child_life, child_process, face_worker
from app.providers.child_life import Failure
from app.providers.child_process import Target
from app.providers.faces import TOO_LATE, FaceBlur
from app.providers.sight.looking import FaceLooker
from app.providers.sight.models import FACES
from tests import photographs
from tests.images.painter import encoded, scene

T = TypeVar("T")
REAL = partial(face_worker.main, models=resource("models"))


# --- children, by script: spawn finds them by name -------------------------------------------------------------


def scripted(connection: Connection) -> None:
    """Finds a face in the middle of every picture; ``die`` and ``hang`` beside it tell what it does instead."""
    child_life.serve(connection, _as_told)


def _as_told(jpeg: bytes) -> tuple[tuple[float, float, float, float], ...]:
    told = Path(os.environ["FACES_TOLD"])
    if told.with_name("die").exists():
        os._exit(3)
    if told.with_name("hang").exists():
        time.sleep(60)
    if told.with_name("fail").exists():
        raise ValueError("unreadable")
    return ((0.4, 0.4, 0.6, 0.6),)


def without_packages(connection: Connection) -> None:
    connection.send(Failure("ModuleNotFoundError: No module named 'onnxruntime'", missing=True))


# --- helpers ---------------------------------------------------------------------------------------------------


def run(work: Callable[[], Awaitable[T]]) -> T:
    async def main() -> T:
        return await work()

    return asyncio.run(main())


@pytest.fixture
def told() -> list[Sentence]:
    return []


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture
def make(threads: ThreadPoolExecutor, told: list[Sentence]) -> Iterator[Callable[..., FaceBlur]]:
    made: list[FaceBlur] = []

    def one(target: Target = REAL, *, hang_s: float = 10.0, within_s: float = 30.0) -> FaceBlur:
        made.append(FaceBlur(threads, told.append, target, hang_s=hang_s, within_s=within_s))
        return made[-1]

    yield one
    for blur in made:
        run(blur.close)


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which a file tells the scripted child what to do."""
    monkeypatch.setenv("FACES_TOLD", str(tmp_path / "told"))
    return tmp_path


def photograph(name: str) -> Picture:
    return normalise((photographs.FOLDER / f"{name}.jpg").read_bytes())


def grey() -> Picture:
    return normalise(encoded(Image.new("RGB", (360, 270), "grey")))


# --- what is found ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def looker() -> FaceLooker:
    return FaceLooker(resource("models"))


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("astronaut-portrait", 1),
        ("four-musicians", 4),
        ("people-at-table", 3),
        ("people-on-sofa", 3),
        ("person-with-tripod", 1),
        ("painted-portrait", 1),
        ("poster-on-wall", 1),
    ],
)
def test_faces_are_blurred_also_of_posters_and_paintings(
    make: Callable[..., FaceBlur], looker: FaceLooker, name: str, least: int
) -> None:
    before = photograph(name)
    after = run(lambda: make().blurred(before))
    assert after.blurred_faces is not None
    assert least <= after.blurred_faces <= least + 1
    assert after.jpeg != before.jpeg
    assert looker.look(as_rgb(after.jpeg)) == (), "nobody finds a face in it any more"


@pytest.mark.parametrize("name", ["espresso-on-table", "printed-page", "office-block", "farm-cow", "sunflower"])
def test_what_has_no_face_keeps_its_bytes(make: Callable[..., FaceBlur], name: str) -> None:
    before = photograph(name)
    after = run(lambda: make().blurred(before))
    assert (after.jpeg, after.blurred_faces) == (before.jpeg, 0)


def test_drawings_are_no_matter(make: Callable[..., FaceBlur]) -> None:
    """A drawn face may be found or not; it never costs the frame."""
    for name in ("cartoon-dragon", "drawn-family", "manga-face", "stone-faces"):
        assert run(lambda name=name: make().blurred(photograph(name))).blurred_faces is not None  # type: ignore[misc]


def test_small_and_long_pictures_are_looked_at_in_no_time(looker: FaceLooker) -> None:
    for size in ((32, 32), (2048, 32), (33, 2048), (736, 130)):
        started = time.process_time()
        assert looker.look(as_rgb(encoded(scene(size)), 736), closely=True) == ()
        assert time.process_time() - started < 0.5


def test_a_look_costs_little(looker: FaceLooker) -> None:
    image = as_rgb(photograph("four-musicians").jpeg)
    took = []
    for _ in range(7):
        started = time.process_time()
        looker.look(image, closely=True)
        took.append(time.process_time() - started)
    assert statistics.median(took) < 0.1


# --- without a look nobody is shown it -------------------------------------------------------------------------


def not_sent(reason: str) -> str:
    return f"Photos are not sent: faces in them cannot be blurred. {reason}"


def refused(blur: FaceBlur) -> None:
    with pytest.raises(FacesNotBlurred) as error:
        run(lambda: blur.blurred(grey()))
    assert len(str(error.value)) < 60
    assert str(error.value).isascii()


@pytest.mark.parametrize(
    ("word", "reason"),
    [("die", child_process.CRASHED), ("hang", child_process.HUNG), ("fail", child_process.FAILED)],
)
def test_a_child_that_fails_refuses_the_photo_says_so_once_and_is_asked_again(
    make: Callable[..., FaceBlur], told: list[Sentence], script: Path, word: str, reason: Sentence
) -> None:
    blur = make(scripted, hang_s=0.5)

    async def work() -> None:
        assert (await blur.blurred(grey())).blurred_faces == 1
        (script / word).touch()
        for _ in range(2):
            with pytest.raises(FacesNotBlurred):
                await blur.blurred(grey())
        (script / word).unlink()
        assert (await blur.blurred(grey())).blurred_faces == 1
        (script / word).touch()
        with pytest.raises(FacesNotBlurred):
            await blur.blurred(grey())

    run(work)
    assert told == [not_sent(reason)] * 2


def test_what_takes_too_long_refuses_the_photo(
    make: Callable[..., FaceBlur], told: list[Sentence], script: Path
) -> None:
    (script / "hang").touch()
    started = time.monotonic()
    refused(make(scripted, within_s=0.3))
    assert time.monotonic() - started < 5.0
    assert told == [not_sent(TOO_LATE)]


def test_without_its_packages_the_photo_is_refused(make: Callable[..., FaceBlur], told: list[Sentence]) -> None:
    refused(make(without_packages))
    assert told == [not_sent(child_process.NOT_INSTALLED)]


def test_a_changed_model_refuses_the_photo(make: Callable[..., FaceBlur], told: list[Sentence], tmp_path: Path) -> None:
    shutil.copytree(resource("models"), tmp_path / "models")
    with (tmp_path / "models" / FACES).open("ab") as file:
        file.write(b"!")
    refused(make(partial(face_worker.main, models=tmp_path / "models")))
    (said,) = told
    assert FACES in said


def test_once_closed_every_photo_is_refused(make: Callable[..., FaceBlur]) -> None:
    blur = make(scripted)
    run(blur.close)
    refused(blur)


# --- many at once ----------------------------------------------------------------------------------------------


def test_eight_at_once_each_get_their_own(make: Callable[..., FaceBlur]) -> None:
    blur, pictures = make(), [photograph("people-on-sofa"), photograph("espresso-on-table")] * 4

    async def work() -> tuple[list[Picture], int | None]:
        return list(await asyncio.gather(*(blur.blurred(one) for one in pictures))), blur.pid

    after, pid = run(work)
    assert [one.blurred_faces for one in after] == [3, 0] * 4
    assert pid is not None
    assert psutil.Process(pid).nice() == psutil.Process().nice(), "a wearer waits for it"


def test_the_largest_picture_takes_no_more_memory_than_a_large_one(make: Callable[..., FaceBlur]) -> None:
    """It is at most 2,048 px wide by then: twice decoded, once encoded."""
    with Image.open(io.BytesIO((photographs.FOLDER / "people-on-sofa.jpg").read_bytes())) as photo:
        upload = encoded(photo.resize((8_000, 6_000)), quality=70)
    blur, picture, me = make(), normalise(upload), psutil.Process()

    async def work() -> tuple[Picture, int]:
        after = await blur.blurred(picture)
        return after, psutil.Process(blur.pid).memory_info().rss

    before = me.memory_info().rss
    after, child = run(work)
    assert max(after.width_px, after.height_px) <= 2_048
    assert after.blurred_faces == 3
    assert child < 250 * 2**20
    assert me.memory_info().rss - before < 40 * 2**20


def test_a_wearer_who_hangs_up_costs_the_others_nothing(make: Callable[..., FaceBlur]) -> None:
    blur = make()

    async def work() -> Picture:
        await blur.blurred(photograph("espresso-on-table"))
        gone = [asyncio.ensure_future(blur.blurred(photograph("people-on-sofa"))) for _ in range(5)]
        await asyncio.sleep(0)
        for one in gone:
            one.cancel()
        return await blur.blurred(photograph("people-on-sofa"))

    assert run(work).blurred_faces == 3
