"""What a frame's picture costs: ``python3 -m tests.bench.bench_images``.

Milliseconds of CPU per stage for one frame as the glasses send it, by turns with the least that must be done to know
that a picture is whole: Pillow decodes it. Then what the largest picture takes and leaves of a server's memory.
"""

from __future__ import annotations

import base64
import io
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from app.images import as_luma, normalise, thumbnail
from app.images.jpeg import parse
from app.images.measure import measure
from app.images.truncation import _is_whole, decode_whole
from tests import rig
from tests.bench.machine import Machine
from tests.bench.table import at_most, print_cells, print_table
from tests.images.painter import encoded, frame_jpeg, large_jpeg, scene

ROUNDS = 60
LARGE_ROUNDS, SETTLE_S = 3, 1.0


def main() -> int:
    machine, frame = Machine(), frame_jpeg()
    stages = _stages(frame)
    took_ms = zip(*([_milliseconds(call) for _, call in stages] for _ in range(ROUNDS)), strict=True)
    found = [(statistics.median(of), statistics.quantiles(of, n=20)[-1]) for of in took_ms]
    print(f"720 x 720, {len(frame) / 1000:.0f} KB, {ROUNDS} rounds")
    cells = [
        (name, f"{median_ms:.2f} ms", f"{late_ms:.2f} ms", f"x{median_ms / found[0][0]:.2f}")
        for (name, _), (median_ms, late_ms) in zip(stages, found, strict=True)
    ]
    print_cells([("stage", "CPU, median", "95 % within", "to a plain decode"), *cells])
    before_mb, peak_mb, after_mb = large_pictures(frame)
    print(f"\na headless server of {before_mb:.0f} MB, {LARGE_ROUNDS} times a JPEG of 49 megapixels")
    rows = [
        at_most("at most, more than before", peak_mb - before_mb, 200, "MB"),
        at_most(f"{SETTLE_S:g} s later", after_mb - before_mb, 20, "MB"),
    ]
    status = print_table(rows)
    print(f"\n{machine.told()}")
    return status


def _milliseconds(call: Callable[[], object]) -> float:
    started = time.thread_time()
    call()
    return (time.thread_time() - started) * 1_000


def _stages(frame: bytes) -> tuple[tuple[str, Callable[[], object]], ...]:
    """Each with its name; the first is the plain decode."""
    jpeg = parse(frame)
    _, image = decode_whole(jpeg, (360, 360))
    exif = encoded(scene(), exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0")
    photo = encoded(scene((4000, 3000), finest=1500), quality=85)
    return (
        ("Pillow's plain decode", lambda: Image.open(io.BytesIO(frame)).load()),
        ("normalise, clean frame (all of the next four)", lambda: normalise(frame)),
        ("  walk over the segments", lambda: parse(frame).to_bytes()),
        ("  draft decode and check", lambda: decode_whole(jpeg, (360, 360))),
        ("  measures", lambda: measure(image)),
        ("  base64", lambda: base64.b64encode(frame).decode("ascii")),
        ("the proof, for a frame that ends in grey", lambda: _is_whole(jpeg)),
        ("thumbnail of 240", lambda: thumbnail(frame, 240)),
        ("as_luma of 720", lambda: as_luma(frame)),
        ("normalise, frame to turn", lambda: normalise(exif)),
        (f"normalise, 4000 x 3000, {len(photo) // 1000} KB", lambda: normalise(photo)),
    )


def large_pictures(frame: bytes) -> tuple[float, float, float]:
    """What a server takes before, while and after it answers them, in MB."""
    large = large_jpeg()
    with tempfile.TemporaryDirectory() as folder, rig.fake_providers() as providers, ThreadPoolExecutor(1) as pool:
        rig.set_up(Path(folder), providers, 1)
        with rig.headless(Path(folder)) as server:
            rig.pair(server.url, 0)
            rig.post_frames(server.url, 0, frames=ROUNDS, photo=frame)
            before_mb = peak_mb = server.rss_mb()
            posting = pool.submit(rig.post_frames, server.url, 0, frames=LARGE_ROUNDS, photo=large)
            while not posting.done():
                peak_mb = max(peak_mb, server.rss_mb())
                time.sleep(0.002)
            time.sleep(SETTLE_S)
            return before_mb, peak_mb, server.rss_mb()


if __name__ == "__main__":
    raise SystemExit(main())
