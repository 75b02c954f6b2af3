"""What the cascade's decisions are worth: ``python3 -m tests.bench.bench_policy``.

The real cascade on virtual time, with providers played from a seeded table (``tests/bench/policy/tables.py`` says how
it is drawn): 5,000 frames take some seconds. By itself the goals are printed beside what was found; with a ``--table``
or as ``--json`` the figures of that one run.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from tests.bench.policy.course import run
from tests.bench.policy.figures import Figures, figures
from tests.bench.policy.rivals import raw_cut
from tests.bench.policy.tables import TABLES
from tests.bench.table import Row, at_most, print_table

FRAMES = 5_000
RAW_CALLS = 1.24
"""Of the cascade that believed a raw cut, on table 1."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", choices=TABLES, help="1 where none is named")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--frames", type=int, default=FRAMES)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(arguments)
    if not (args.table or args.json):
        return print_table(goals(args.seed, args.frames))
    table = args.table or "1"
    found = _figures(table, args.seed, args.frames).as_json()
    if args.json:
        print(json.dumps({"table": table, "seed": args.seed} | found))
    else:
        print("\n".join(f"{name:<16} {value:g}" for name, value in found.items()))
    return 0


def goals(seed: int, frames: int) -> list[Row]:
    """On table 1."""
    plain = _figures("1", seed, frames)
    raw = raw_cut(TABLES["1"].plans(seed, frames), TABLES["1"])
    return [
        at_most("wrong and shown as sure", 100 * plain.wrong_sure, 100 * raw, "%"),
        at_most("p95 to the words", plain.p95_words_s, 4.5, "s"),
        at_most("calls a frame", plain.calls, round(1.05 * RAW_CALLS, 2), ""),
    ]


def _figures(table: str, seed: int, frames: int) -> Figures:
    return figures(run(TABLES[table], seed=seed, frames=frames), TABLES[table])


if __name__ == "__main__":
    raise SystemExit(main())
