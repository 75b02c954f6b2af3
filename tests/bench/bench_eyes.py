"""What this computer says of photographs, and how often it is true: ``python3 -m tests.bench.bench_eyes``.

The held-out half of the corpus, as photographed and damaged in eight ways, through what a frame goes through: made
ready, judged by the gate, looked at. Then a real child's times and memory, reading and looking, starting and warm; and
the window while it shows what is seen.
``--tuning``: the half that thresholds may be tuned with; ``--wrong`` names each false statement.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from PIL import Image

from app.core.provider import ON_DEVICE
from app.core.routing.gate import hint_for
from app.images import as_rgb, normalise
from app.paths import resource
from app.providers import reader_worker
from app.providers.on_device import OnDeviceReader
from app.providers.reader_worker import OCR_SIDE_PX
from app.providers.sight.looking import Looker
from app.providers.sight.statements import Statement, statements
from app.providers.sight.vocabulary import PERSON
from tests import rig
from tests.__main__ import own_screen
from tests.bench.machine import Machine
from tests.bench.table import Row, at_least, at_most, print_table
from tests.photographs import Half, Photograph, damaged, load

TIMED = 24
"""Photographs that the real child is shown, each twice."""
MB = 2**20


@dataclass(slots=True)
class Tally:
    """Of photographs taken in one way."""

    shown: int = 0
    told_of: int = 0
    said: int = 0
    false: list[str] = field(default_factory=list)

    def add(self, photograph: Photograph, said: tuple[Statement, ...]) -> None:
        self.shown += not photograph.bad_input
        self.told_of += bool(said) and not photograph.bad_input
        self.said += len(said)
        self.false += [
            f"{photograph.name}: {one.count} x {one.word.word}" for one in said if not is_true(one, photograph)
        ]


def is_true(one: Statement, photograph: Photograph) -> bool:
    """Whether there is such a thing in it, and no fewer than are told."""
    if one.word.word == PERSON:
        return one.count <= photograph.people[1]
    return one.count <= photograph.true.get(one.word.word, 0)


def look_at(half: Half) -> dict[str, Tally]:
    """By the way in which they were taken: ``as photographed``, and each damage."""
    looker = Looker(resource("models"))
    found: dict[str, Tally] = {}
    for photograph in load(half):
        picture = photograph.picture()
        for damage, image in (("as photographed", picture), *damaged(picture)):
            frame = normalise(_jpeg(image))
            said = () if hint_for(frame.measures) else statements(looker.look(as_rgb(frame.jpeg, OCR_SIDE_PX)))
            found.setdefault(damage, Tally()).add(photograph, said)
    return found


def _jpeg(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=90)
    return stream.getvalue()


def truth_rows(found: dict[str, Tally]) -> Iterator[Row]:
    whole, bad = found["as photographed"], [tally for damage, tally in found.items() if damage != "as photographed"]
    yield at_most("false, as photographed", len(whole.false), 0, f"of {whole.said} statements")
    yield at_least("something said of, as photographed", 100 * whole.told_of / whole.shown, 55, "%")
    said, false = sum(tally.said for tally in bad), sum(len(tally.false) for tally in bad)
    yield at_most(f"false, damaged ({said} statements)", 100 * false / said, 5, "%")
    told_of, shown = sum(tally.told_of for tally in bad), sum(tally.shown for tally in bad)
    yield Row("something said of, damaged", "", f"{100 * told_of / shown:.1f} %", holds=True)


async def child_rows(frames: Iterable[bytes]) -> list[Row]:
    """A real child's times, the first while it starts, and the most memory it took."""
    reader = OnDeviceReader(target=partial(reader_worker.main, models=resource("models")))
    took_s = []
    try:
        for frame in frames:
            began = time.perf_counter()
            await reader.read(frame)
            took_s.append(time.perf_counter() - began)
        assert reader.pid is not None
        memory = psutil.Process(reader.pid).memory_info()
        peak = _peak(reader.pid) or memory.rss
    finally:
        await reader.close()
    warm = sorted(took_s[1:])
    return [
        at_most("first frame, the child starting", took_s[0], 4, "s"),
        at_most("reading and looking, warm, p90", 1_000 * statistics.quantiles(warm, n=10)[-1], 850, "ms"),
        Row("reading and looking, warm, median", "", f"{1_000 * statistics.median(warm):.0f} ms", holds=True),
        at_most("the child's memory at its peak", peak / MB, 400, "MB"),
    ]


def window_row(frames: Iterable[bytes]) -> Row:
    """How long the window could not answer while they were read and looked at, one a second."""
    with TemporaryDirectory() as folder:
        data, gaps = Path(folder, "data"), Path(folder, "gaps.json")
        rig.set_up(data, "http://127.0.0.1:1", 1)  # nobody is asked
        rig.app("profile", "chain", "bench0", ON_DEVICE, data=data)
        with rig.windowed(data, gaps) as server:
            rig.pair(server.url, 0)
            answered = 0
            for frame in frames:
                due = time.monotonic() + 1
                status, _ = rig.post_frame(server.url, 0, frame)
                answered += status == HTTPStatus.OK
                time.sleep(max(0.0, due - time.monotonic()))
        assert answered, "nothing was looked at in time"
        return at_most("the window's worst gap meanwhile", json.loads(gaps.read_text())["worst_ms"], 20, "ms")


def _peak(pid: int) -> int:
    """In bytes; 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0
    told = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next((int(line.split()[1]) * 1024 for line in told if line.startswith("VmHWM")), 0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tuning", action="store_true")
    parser.add_argument("--wrong", action="store_true")
    words = parser.parse_args()
    half: Half = "tuning" if words.tuning else "held out"
    machine, found = Machine(), look_at(half)
    if words.wrong:
        print("\n".join(f"{damage}: {wrong}" for damage, tally in found.items() for wrong in tally.false))
    frames = [normalise(photograph.jpeg).jpeg for photograph in load(half)[:TIMED]]
    rows = [*truth_rows(found), *asyncio.run(child_rows([*frames, *frames]))]
    with own_screen():
        rows.append(window_row(frames))
    status = print_table(rows)
    print(f"\n{half}: {found['as photographed'].shown} photographs, and what is none\n{machine.told()}")
    return status


if __name__ == "__main__":
    raise SystemExit(main())
