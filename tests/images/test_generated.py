"""500 generated malformed pictures: each is a picture or a typed error, soon, and all of them within 200 MB.

They are read in a process of its own, which also ends the test when one of them hangs or crashes the decoder.
``FRAME_BACKEND_FUZZ=N`` tries N times as many.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from threading import Timer

import pytest
from hypothesis import HealthCheck, example, given, settings

from tests.images.mutants import MALFORMED, png_claiming, progressive_claiming, webp_claiming

ROOT = Path(__file__).parents[2]
EXAMPLES = 500 * int(os.environ.get("FRAME_BACKEND_FUZZ", "1"))
MOST_MB, WITHIN_S = 200, 5.0

READER = """
import sys, warnings
from app.core.errors import PictureError
from app.images import normalise, thumbnail

warnings.simplefilter("error")
while said := sys.stdin.buffer.readline():
    upload = sys.stdin.buffer.read(int(said))
    try:
        picture = normalise(upload)
        assert 32 <= min(picture.width_px, picture.height_px) <= max(picture.width_px, picture.height_px) <= 2048
        assert max(thumbnail(picture.jpeg, 240).width_px, 1) <= 240
        ending = "picture"
    except PictureError as error:
        ending = error.code
    with open("/proc/self/status") as status:
        (peak,) = (line.split()[1] for line in status if line.startswith("VmHWM:"))
    print(ending, peak, flush=True)
"""


class Reader:
    """The process that reads pictures; ``peak_mb`` is the most memory it ever held."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", READER]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.ended: Counter[str] = Counter()
        self.peak_mb = 0.0

    def read(self, upload: bytes) -> None:
        """Fails when it is not read within 5 s, or not by a ``PictureError``."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        watch = Timer(WITHIN_S, self._process.kill)
        watch.start()
        began = time.monotonic()
        try:
            self._process.stdin.write(f"{len(upload)}\n".encode() + upload)
            self._process.stdin.flush()
            said = self._process.stdout.readline().split()
        finally:
            watch.cancel()
        took = time.monotonic() - began
        assert said, f"no end after {took:.1f} s: {len(upload)} bytes that begin {upload[:40]!r}"
        self.ended[said[0].decode()] += 1
        self.peak_mb = int(said[1]) * 1024 / 1e6

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the peak of memory")
@pytest.mark.timeout(60 * EXAMPLES // 500 + 60)
def test_malformed_pictures_cost_neither_time_nor_memory() -> None:
    reader = Reader()

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(MALFORMED)
    @example(png_claiming(5_000, 5_000, bit_depth=8, colour=6))
    @example(png_claiming(5_000, 5_000, bit_depth=16, colour=0))
    @example(png_claiming(7_000, 7_000, bit_depth=8, colour=6))
    @example(webp_claiming(7_000, 7_000))
    @example(webp_claiming(2_500, 2_500))
    @example(progressive_claiming(7_000, 7_000, sampling=0x22))
    @example(progressive_claiming(7_000, 7_000, sampling=0x11))
    @example(progressive_claiming(4_000, 4_000, sampling=0x11))
    @example(png_claiming(30_000, 30_000, bit_depth=8, colour=2))
    def read(upload: bytes) -> None:
        reader.read(upload)
        assert reader.peak_mb < MOST_MB, f"{reader.peak_mb:.0f} MB for {len(upload)} bytes that begin {upload[:40]!r}"

    try:
        read()
    finally:
        reader.close()
    assert sum(reader.ended.values()) >= EXAMPLES
    print(sum(reader.ended.values()), "inputs tried")  # tests.endurance reads it
    for code in ("picture", "image_damaged", "image_unsupported", "image_too_large", "image_too_small"):
        assert code in reader.ended, f"too tame: {reader.ended}"


MEMORY = """
from concurrent.futures import ThreadPoolExecutor
from app.images import normalise
from tests.images.mutants import png_claiming

def now_mb(what):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 / 1e6 for line in status if line.startswith(what))

upload = png_claiming(5_000, 5_000, bit_depth=8, colour=6)
with ThreadPoolExecutor(1) as thread:
    thread.submit(normalise, b"\\xff\\xd8\\xff").exception()  # the thread's own
    before = now_mb("VmRSS:")
    thread.submit(normalise, upload).result()
    print(now_mb("VmHWM:") - before)
    for _ in range(2):
        thread.submit(normalise, upload).result()
    print(now_mb("VmRSS:") - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the memory")
def test_the_largest_picture_is_held_once_and_given_back() -> None:
    """25 megapixels are 100 MB: they go before copies are made of what became of them, and then to the system."""
    done = subprocess.run([sys.executable, "-c", MEMORY], cwd=ROOT, capture_output=True, text=True, check=True)
    peak_mb, kept_mb = map(float, done.stdout.split())
    assert peak_mb < 150
    assert kept_mb < 90
