"""The on-device reader: what it reads, and that its process never outlives, blocks or betrays the program."""

from __future__ import annotations

import asyncio
import ctypes
import io
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar, cast
from unittest.mock import Mock

import psutil
import pytest
from PIL import Image, ImageDraw, ImageFilter

from app.core.errors import EmptyReplyError, OverloadError
from app.core.frame import Picture, Profile
from app.core.provider import ON_DEVICE, Learned, ProviderConfig, Question, Reply
from app.core.routing.confidence import is_sure, read_claim
from app.images import normalise
from app.paths import resource
from app.providers import child_life, child_process, on_device, reader_worker
from app.providers.child_life import Failure
from app.providers.clean_start import without_secrets
from app.providers.on_device import OnDeviceProvider, OnDeviceReader, reply_from
from app.providers.reader_worker import Code, Reading, is_believable
from app.providers.reading_order import Box, in_reading_order
from app.providers.sight.phrases import phrase

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "resources/demo"
CONFIG = ProviderConfig(ON_DEVICE, ON_DEVICE)
AUDIT_FILE = "TEST_READER_AUDIT_FILE"

T = TypeVar("T")


# --- children: spawn finds them by name ------------------------------------------------------------------------


class ScriptedEngine:
    """Does what the "picture" says, without a library."""

    def __init__(self) -> None:
        self.reads = 0

    def read(self, jpeg: bytes, *, looks: bool) -> Reading:
        self.reads += 1
        if jpeg == b"die":
            os._exit(3)
        if jpeg == b"fail":
            raise ValueError("unreadable")
        if jpeg == b"hang":
            time.sleep(60)
        if jpeg.startswith(b"slow"):
            time.sleep(0.5)
        return Reading((str(self.reads) if jpeg == b"count" else jpeg.decode(),))

    def warm_up(self) -> None: ...


def scripted(connection: Connection) -> None:
    child_life.serve(connection, partial(reader_worker.answer, ScriptedEngine()))


def without_packages(connection: Connection) -> None:
    connection.send(Failure("ModuleNotFoundError: No module named 'rapidocr'", missing=True))


def stillborn(_: Connection) -> None:
    os._exit(1)


def audited(connection: Connection) -> None:
    """The real child, every attempt on the network written down before it is refused."""
    trail = Path(os.environ[AUDIT_FILE])
    trail.write_text("listening\n")

    def note(event: str, args: tuple[Any, ...]) -> None:
        if event.startswith("socket.") and event not in ("socket.__new__", "socket.bind"):
            with trail.open("a") as file:
                file.write(f"{event} {args[1:]}\n")

    sys.addaudithook(note)
    reader_worker.main(connection, resource("models"))


# --- helpers ---------------------------------------------------------------------------------------------------


def run(work: Callable[[], Awaitable[T]]) -> T:
    async def main() -> T:
        return await work()

    return asyncio.run(main())


def gone(pid: int, *, within_s: float = 5.0) -> bool:
    """Whether the process ended; a zombie did, too: in a container nobody may collect it."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


def question(picture: Picture) -> Question:
    return Question("", "Describe", picture, "frame_answer", {})


def shot(colour: str) -> Picture:
    """A picture of one colour."""
    return normalise(as_jpeg(Image.new("RGB", (360, 270), colour)))


def blurred() -> Picture:
    with Image.open(DEMO / "scene.jpg") as scene:
        return normalise(as_jpeg(scene.filter(ImageFilter.GaussianBlur(12))))


def as_jpeg(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=90)
    return stream.getvalue()


def ask(reader: Any, picture: Picture) -> Reply:
    provider = OnDeviceProvider(CONFIG, cast("OnDeviceReader", reader))
    return run(lambda: provider.ask(question(picture), "", Learned()))


@pytest.fixture
def light() -> Iterator[OnDeviceReader]:
    """A child without the libraries: it starts in half a second."""
    reader = OnDeviceReader(target=scripted)
    yield reader
    run(reader.close)


@pytest.fixture(scope="module")
def audit_trail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("reader") / "audit"
    os.environ[AUDIT_FILE] = str(path)
    yield path
    del os.environ[AUDIT_FILE]


@pytest.fixture(scope="module")
def real(audit_trail: Path) -> Iterator[OnDeviceReader]:
    """One real child for all that only read: a start takes two seconds."""
    reader = OnDeviceReader(target=audited)
    run(reader.warm_up)
    yield reader
    run(reader.close)


# --- what it reads ---------------------------------------------------------------------------------------------


def fields(reply: Reply) -> tuple[str, str]:
    assert reply.fields is not None
    return reply.fields["answer"], reply.fields["full_answer"]


def test_reads_a_sign(real: OnDeviceReader) -> None:
    answer, full = fields(ask(real, normalise((DEMO / "sign.jpg").read_bytes())))
    assert answer == "A sign. Text: EXIT Platform 2 Trains to the city"
    assert full.split("\n") == ["A sign", "EXIT", "Platform 2", "Trains to the city"]


def test_reads_a_page_from_top_to_bottom(real: OnDeviceReader) -> None:
    _, full = fields(ask(real, normalise((DEMO / "page.jpg").read_bytes())))
    lines = full.split("\n")
    # the first five: on a busy test machine the rest may be cut short
    assert lines[:5] == [
        "Region-based segmentation",
        "Let us first determine markers of the coins and the",
        "background. These markers are pixels that we can label",
        "unambiguously as either object or background. Here,",
        "the markers are found at the two extreme parts of the",
    ]


def test_reads_a_qr_code_and_the_text_beside_it(real: OnDeviceReader) -> None:
    answer, full = fields(ask(real, normalise((DEMO / "qr.jpg").read_bytes())))
    assert answer == "A cup of coffee. Text: MENU. QR code: https://example.org/menu"
    assert full.split("\n") == ["A cup of coffee", "QR code: https://example.org/menu", "MENU"]


def test_a_scene_without_text_is_described(real: OnDeviceReader) -> None:
    assert ask(real, normalise((DEMO / "scene.jpg").read_bytes())).text == "Looks like a cup of coffee"


def test_what_shows_nothing_is_an_empty_reply(real: OnDeviceReader) -> None:
    with pytest.raises(EmptyReplyError, match="Not sure what this is"):
        ask(real, shot("grey"))


def test_a_page_that_takes_too_long_is_cut_short(real: OnDeviceReader) -> None:
    page = Image.new("RGB", (720, 1000), "white")
    draw = ImageDraw.Draw(page)
    for row in range(60):
        draw.text(
            (10, 10 + row * 16), f"Line {row} of a very long page that nobody can read in a second or two", "black"
        )
    reading = run(lambda: real.read(as_jpeg(page)))
    assert reading.cut_short
    assert 3 <= len(reading.lines) < 60
    assert fields(reply_from(reading))[1].endswith(phrase("more", "en"))


def test_no_picture_at_all_fails_that_picture_alone(real: OnDeviceReader) -> None:
    before = real.pid
    with pytest.raises(OverloadError, match="failed on this photo"):
        run(lambda: real.read(b"no JPEG"))
    assert run(lambda: real.read((DEMO / "sign.jpg").read_bytes())).lines[0] == "EXIT"
    assert real.pid == before


def test_the_child_asks_nothing_of_the_network(real: OnDeviceReader, audit_trail: Path) -> None:
    run(lambda: real.read((DEMO / "sign.jpg").read_bytes()))
    assert audit_trail.read_text() == "listening\n"
    assert real.pid is not None
    assert not [one for one in psutil.Process(real.pid).net_connections() if one.raddr]


@pytest.mark.skipif(sys.platform != "linux", reason="reads the child's memory map")
def test_the_child_holds_no_qt(real: OnDeviceReader) -> None:
    run(real.warm_up)
    assert real.pid is not None
    maps = psutil.Process(real.pid).memory_maps()
    assert not [one.path for one in maps if "PySide6" in one.path or "libQt" in one.path]


def test_the_child_gives_way(real: OnDeviceReader) -> None:
    run(real.warm_up)
    priority = psutil.Process(real.pid).nice()
    if sys.platform == "win32":
        assert priority == child_life.BELOW_NORMAL == psutil.BELOW_NORMAL_PRIORITY_CLASS
    else:
        assert priority >= child_life.NICENESS


@pytest.mark.skipif(sys.platform == "win32", reason="the test above asks the system itself")
def test_windows_is_asked_to_let_others_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    windows = Mock()
    windows.kernel32.GetCurrentProcess.return_value = -1
    monkeypatch.setattr(child_life.sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", windows, raising=False)
    child_life._give_way()
    ((process, priority), _) = windows.kernel32.SetPriorityClass.call_args
    assert (ctypes.c_ssize_t(process.value or 0).value, priority) == (-1, child_life.BELOW_NORMAL)


def test_the_child_keeps_nothing_in_the_home_and_reports_to_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ONNX Runtime would: it makes an id for the device and a database of events to be sent."""
    for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "LOCALAPPDATA", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("CI", "GITHUB_ACTIONS"):  # it is silent there by itself
        monkeypatch.delenv(name, raising=False)
    reader = OnDeviceReader()
    run(reader.warm_up)
    run(reader.close)
    assert [str(path) for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_child_itself_refuses_the_network() -> None:
    code = """
        import socket
        from app.providers.child_life import forbid_network
        forbid_network()
        for attempt, *address in ((socket.create_connection, ("127.0.0.1", 9)), (socket.getaddrinfo, "localhost", 80)):
            try:
                attempt(*address)
            except PermissionError as error:
                print(error)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.count("never uses the network") == 2, done.stderr


# --- from a reading to a reply ---------------------------------------------------------------------------------


def test_a_reply_tells_what_was_read_apart_from_the_words_about_it() -> None:
    claim = read_claim(reply_from(Reading(("EXIT", "12"), (Code("QR code", "https://example.com"),), cut_short=True)))
    assert (claim.seen, claim.missing) == ("https://example.com EXIT 12", phrase("more", "en"))
    assert read_claim(reply_from(Reading(("EXIT",)))).missing == ""


def test_a_reply_is_never_sure() -> None:
    claim = read_claim(reply_from(Reading(("EXIT",))))
    assert (claim.kind, claim.confidence, claim.needs_help) == ("text", None, None)
    assert not is_sure(claim, 1.0, Profile(1, "anna", risk_scene=1.0, risk_exact=1.0))


@pytest.mark.parametrize(
    ("reading", "answer"),
    [
        (Reading(("EXIT",)), "Text: EXIT"),
        (Reading((), (Code("QR code", "https://a.example"),)), "QR code: https://a.example"),
        (Reading(("A", "B"), (Code("Bar code", "42"),)), "Text: A B. Bar code: 42"),
        (Reading((), (Code("QR code", "BEGIN:VCARD\nN:Anna"),)), "QR code: BEGIN:VCARD N:Anna"),
    ],
)
def test_answers(reading: Reading, answer: str) -> None:
    assert fields(reply_from(reading))[0] == answer


class FixedReader:
    """Reads the same, and counts."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.asked = 0

    async def read(self, _: bytes, *, looks: bool) -> Reading:
        self.asked += 1
        return self.reading


def test_a_dark_picture_is_not_even_looked_at() -> None:
    reader = FixedReader(Reading(("EXIT",)))
    with pytest.raises(EmptyReplyError, match="Too dark"):
        ask(reader, shot("black"))
    assert reader.asked == 0


def test_an_empty_reading_says_why() -> None:
    for picture, why in ((blurred(), "Too blurred"), (shot("white"), "Too bright"), (shot("grey"), "Not sure")):
        with pytest.raises(EmptyReplyError, match=why):
            ask(FixedReader(Reading()), picture)


def test_text_is_told_even_from_a_picture_that_counts_as_blurred() -> None:
    assert ask(FixedReader(Reading(("EXIT",))), blurred()).text == "Text: EXIT"


def test_the_provider_needs_nothing_and_judges_nothing() -> None:
    provider = OnDeviceProvider(CONFIG, OnDeviceReader())
    assert not provider.capabilities.needs_key
    assert not provider.capabilities.can_judge
    assert run(lambda: provider.list_models("")) == ()
    assert provider.pick_model(()) == ""


@pytest.mark.parametrize(
    ("text", "score", "kept"),
    [("EXIT", 0.95, True), ("EXIT", 0.79, False), ("8", 0.99, False), ("- .", 0.99, False), ("出口", 0.9, True)],
)
def test_what_the_ocr_invents_is_left_out(text: str, score: float, kept: bool) -> None:
    assert is_believable(text, score) is kept


def boxes(*rows: tuple[str, int, int, int]) -> dict[Box, str]:
    """Boxes of one line's height (20 px) by their left, top and width in px."""
    return {Box(index, left, top, left + width, top + 20): text for index, (text, left, top, width) in enumerate(rows)}


@pytest.mark.parametrize(
    "rows",
    [
        # a row that is not quite level; then the next one
        [("b", 200, 6, 100), ("c", 10, 40, 100), ("a", 10, 0, 100)],
        # a price list is read row by row, though a gap runs down its middle
        [
            ("a", 0, 0, 90),
            ("b", 300, 1, 40),
            ("c", 0, 30, 90),
            ("d", 300, 31, 40),
            ("e", 0, 60, 90),
            ("f", 300, 61, 40),
        ],
        # columns of prose are read one after the other
        [
            ("d", 320, 0, 300),
            ("a", 0, 0, 300),
            ("e", 320, 30, 300),
            ("b", 0, 30, 300),
            ("f", 320, 60, 300),
            ("c", 0, 60, 300),
        ],
        [],
    ],
)
def test_reading_order(rows: list[tuple[str, int, int, int]]) -> None:
    texts = boxes(*rows)
    found = [texts[box] for box in in_reading_order(list(texts))]
    assert found == sorted(found)


def test_digits_under_a_bar_code_are_not_told_twice() -> None:
    code = Code("Bar code", "9783319200064")
    assert reader_worker._spells("9 783319 200064", [code])
    assert not reader_worker._spells("ISBN", [code])


# --- the process -----------------------------------------------------------------------------------------------


def test_nothing_is_started_before_the_first_request(light: OnDeviceReader) -> None:
    assert light.pid is None
    assert on_device.available()


def test_a_crash_is_an_overload_and_the_next_picture_is_read(light: OnDeviceReader) -> None:
    with pytest.raises(OverloadError, match="crashed"):
        run(lambda: light.read(b"die"))
    assert light.pid is None
    assert run(lambda: light.read(b"next")).lines == ("next",)


def test_a_child_killed_while_it_reads_is_an_overload(light: OnDeviceReader) -> None:
    async def work() -> None:
        await light.warm_up()
        reading = asyncio.create_task(light.read(b"hang"))
        await asyncio.sleep(0.1)
        assert light.pid is not None
        psutil.Process(light.pid).kill()
        with pytest.raises(OverloadError, match="crashed"):
            await reading

    run(work)
    assert run(lambda: light.read(b"next")).lines == ("next",)


def test_a_child_that_hangs_is_killed_and_the_next_picture_is_read() -> None:
    reader = OnDeviceReader(hang_s=0.5, target=scripted)
    with pytest.raises(OverloadError, match="hung"):
        run(lambda: reader.read(b"hang"))
    assert reader.pid is None
    assert run(lambda: reader.read(b"next")).lines == ("next",)
    run(reader.close)


def test_a_child_killed_while_idle_costs_nobody_an_answer(light: OnDeviceReader) -> None:
    run(light.warm_up)
    assert light.pid is not None
    before = light.pid
    psutil.Process(before).kill()
    assert gone(before)
    assert run(lambda: light.read(b"next")).lines == ("next",)
    assert light.pid != before


def test_a_picture_the_library_chokes_on_does_not_cost_the_child(light: OnDeviceReader) -> None:
    run(light.warm_up)
    before = light.pid
    with pytest.raises(OverloadError, match="failed on this photo"):
        run(lambda: light.read(b"fail"))
    assert run(lambda: light.read(b"next")).lines == ("next",)
    assert light.pid == before


@pytest.mark.parametrize(("target", "sentence"), [(without_packages, "not installed"), (stillborn, "crashed")])
def test_a_child_that_cannot_start_says_why(target: Callable[[Connection], None], sentence: str) -> None:
    reader = OnDeviceReader(target=target)
    with pytest.raises(OverloadError, match=sentence):
        run(lambda: reader.read(b"picture"))
    assert reader.pid is None
    run(reader.close)


def test_an_idle_child_is_ended_and_started_again() -> None:
    reader = OnDeviceReader(idle_s=0.5, target=scripted)
    run(reader.warm_up)
    assert reader.pid is not None
    assert gone(reader.pid)
    assert run(lambda: reader.read(b"again")).lines == ("again",)
    run(reader.close)


def test_requests_are_read_in_turn_and_one_given_up_is_dropped_unread(light: OnDeviceReader) -> None:
    async def work() -> list[Reading]:
        await light.warm_up()
        busy = asyncio.create_task(light.read(b"slow"))
        given_up = asyncio.create_task(light.read(b"never"))
        last = asyncio.create_task(light.read(b"count"))
        await asyncio.sleep(0.1)
        given_up.cancel()
        return [await busy, await last]

    first, last = run(work)
    assert (first.lines, last.lines) == (("slow",), ("2",))


def test_a_reading_given_up_is_finished_and_dropped(light: OnDeviceReader) -> None:
    async def work() -> Reading:
        await light.warm_up()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(light.read(b"slow"), 0.1)
        return await light.read(b"count")

    assert run(work).lines == ("2",)


def test_it_is_idle_while_it_neither_reads_nor_is_waited_for(light: OnDeviceReader) -> None:
    async def work() -> list[bool]:
        told = [light.is_idle]
        slow = asyncio.create_task(light.read(b"slow"))
        await asyncio.sleep(0.1)
        told.append(light.is_idle)
        slow.cancel()
        await asyncio.sleep(0.05)
        told.append(light.is_idle)
        assert (await light.read(b"fast")).lines == ("fast",)
        await asyncio.sleep(0.1)
        told.append(light.is_idle)
        await light.close()
        return [*told, light.is_idle]

    assert run(work) == [True, False, False, True, False]


def test_the_queue_is_bounded(light: OnDeviceReader) -> None:
    async def work() -> list[Reading | BaseException]:
        await light.warm_up()
        first = asyncio.create_task(light.read(b"slow first"))
        await asyncio.sleep(0.1)
        rest = [light.read(str(number).encode()) for number in range(on_device.MAX_WAITING + 1)]
        return await asyncio.gather(first, *rest, return_exceptions=True)

    *answers, refused = run(work)
    assert all(isinstance(answer, Reading) for answer in answers)
    assert isinstance(refused, OverloadError)
    assert "busy" in str(refused)


def test_close_ends_a_busy_child_at_once_and_fails_whoever_waits(light: OnDeviceReader) -> None:
    async def work() -> list[Reading | BaseException]:
        await light.warm_up()
        waiting = asyncio.gather(light.read(b"hang"), light.read(b"next"), return_exceptions=True)
        await asyncio.sleep(0.1)
        assert light.pid is not None
        pid, started = light.pid, time.monotonic()
        await light.close()
        assert time.monotonic() - started < 1
        assert gone(pid)
        return list(await waiting)

    assert [str(error) for error in run(work)] == [child_process.STOPPED] * 2
    with pytest.raises(OverloadError, match="stopped"):
        run(lambda: light.read(b"later"))


def test_closing_what_never_started_is_nothing() -> None:
    run(OnDeviceReader().close)


# --- its end with the program's --------------------------------------------------------------------------------

PROGRAM = """
    import asyncio, sys, time
    from functools import partial
    from app.providers import child_life, reader_worker
    from app.providers.on_device import OnDeviceReader

    class Busy:
        def warm_up(self): ...
        def read(self, jpeg, *, looks):
            while True:  # holds the interpreter, as a library in C does
                sum(range(100_000))

    def busy(connection):
        child_life.behave()
        child_life.serve(connection, partial(reader_worker.answer, Busy()))

    async def main():
        reader = OnDeviceReader(target=busy)
        await reader.warm_up()
        reading = asyncio.ensure_future(reader.read(b""))
        await asyncio.sleep(0.1)
        print(reader.pid, flush=True)
        await asyncio.sleep(float(sys.argv[1]))

    if __name__ == "__main__":
        asyncio.run(main())
"""


def program(tmp_path: Path, stays_s: float) -> subprocess.Popen[str]:
    """A program whose reader is busy for ever; the child's process id is its first line."""
    path = tmp_path / "program.py"
    path.write_text(textwrap.dedent(PROGRAM))
    return subprocess.Popen(
        [sys.executable, str(path), str(stays_s)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def child_of(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def test_an_exit_with_a_busy_child_does_not_hang(tmp_path: Path) -> None:
    with program(tmp_path, 0.1) as process:
        pid = child_of(process)
        _, said = process.communicate(timeout=10)
    assert process.returncode == 0
    assert said == ""
    assert gone(pid)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_child_reaped_by_an_exit_in_another_thread_is_no_error() -> None:
    reader = OnDeviceReader(target=scripted)
    reader._pipe = reader._start()
    assert reader.pid is not None
    os.kill(reader.pid, signal.SIGKILL)
    os.waitpid(reader.pid, 0)  # as multiprocessing's exit handler does in the main thread
    reader._kill()
    assert reader._pipe is None
    assert reader.pid is None


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_parent_killed_hard_leaves_no_child(tmp_path: Path) -> None:
    with program(tmp_path, 60) as process:
        pid = child_of(process)
        assert not gone(pid, within_s=0.2)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=10)
    assert gone(pid)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C reaches a console's processes otherwise")
def test_ctrl_c_is_left_to_the_parent(tmp_path: Path) -> None:
    with program(tmp_path, 60) as process:
        pid = child_of(process)
        os.kill(pid, signal.SIGINT)
        assert not gone(pid, within_s=0.3)
        process.kill()
        process.communicate(timeout=10)
    assert gone(pid)


# --- the demo's pictures ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["page", "qr", "scene", "sign"])
def test_demo_pictures_are_small_plain_and_credited(name: str) -> None:
    data = (DEMO / f"{name}.jpg").read_bytes()
    picture = normalise(data)
    assert len(data) <= 120 * 1024
    assert max(picture.width_px, picture.height_px) <= 720
    assert picture.jpeg == data  # upright, baseline or progressive, and without metadata: nothing had to be changed
    assert data.find(b"\xff\xc0") > 0  # baseline
    assert f"`{name}.jpg`" in (DEMO / "CREDITS.md").read_text(encoding="utf-8")


# --- its environment -------------------------------------------------------------------------------------------

SECRETS = {
    "GEMINI_API_KEY": "canary-1", "DASHSCOPE_API_KEY": "canary-2", "FRAME_BACKEND_KEY_BOX": "canary-3",
    "AWS_SECRET_ACCESS_KEY": "canary-4", "GITHUB_TOKEN": "canary-5", "SMTP_PASSWORD": "canary-6",
    "HTTPS_PROXY": "http://me:canary-7@proxy.test:3128", "SOMETHING": "sk-canary-8-0123456789abcdef",
    "database_url": "postgres://me:canary-9@db.test/x",
}  # fmt: skip


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc tells it there")
def test_the_child_and_its_helper_are_given_no_secret() -> None:
    program = """
        import asyncio, os, pathlib, psutil
        from app.providers.on_device import OnDeviceReader
        from tests.providers.test_on_device import scripted

        async def main():
            reader = OnDeviceReader(target=scripted)
            await reader.read(b"x")
            children = [child.pid for child in psutil.Process().children()]
            assert reader.pid in children and len(children) == 2, children  # and multiprocessing's resource tracker
            for pid in children:
                print(pathlib.Path(f"/proc/{pid}/environ").read_text().replace(chr(0), chr(10)))
            assert os.environ["GEMINI_API_KEY"] == "canary-1"
            await reader.close()

        asyncio.run(main())
    """
    environ = {**os.environ, **SECRETS, "HARMLESS_SETTING": "kept"}
    command = [sys.executable, "-c", textwrap.dedent(program)]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("HARMLESS_SETTING=kept") == 2
    assert "canary" not in done.stdout


def test_what_counts_as_a_secret() -> None:
    kept = {"PATH": "/usr/bin", "HOME": "/home/a", "LANG": "de", "NO_PROXY": "a,b", "HTTP_PROXY": "http://proxy",
            "LD_LIBRARY_PATH": "/opt", "_PYI_ARCHIVE_FILE": "/opt/x", "TEST_READER_AUDIT_FILE": "/x"}  # fmt: skip
    assert without_secrets({**SECRETS, **kept}) == kept
