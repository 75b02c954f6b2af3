"""What a long history costs the window: ``python3 -m tests.bench.bench_window``.

The activity tab on 1,000 frames of three days, then on 100,000, each in a process of its own (``activity_visit.py``);
and what the latter's figures are to the former's. ``--frames`` takes other numbers.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

from tests.__main__ import own_screen
from tests.bench.machine import Machine
from tests.bench.table import Row, grown, print_table
from tests.rig import ROOT


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, nargs="+", default=[1_000, 100_000])
    args = parser.parse_args()
    machine, status, first = Machine(), 0, list[Row]()
    with own_screen():
        for frames in args.frames:
            rows = _visit(frames)
            print(f"\n{frames:,} frames")
            status |= print_table(grown(rows, first) if first else rows, f"to {args.frames[0]:,}")
            first = first or rows
    print(f"\n{machine.told()}")
    return status


def _visit(frames: int) -> list[Row]:
    command = [sys.executable, "-m", "tests.bench.activity_visit", str(frames)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return [Row(*row) for row in json.loads(done.stdout.splitlines()[-1])]


if __name__ == "__main__":
    raise SystemExit(main())
