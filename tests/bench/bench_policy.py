"""What the cascade's decisions are worth: ``python3 -m tests.bench.bench_policy``.

The real cascade on virtual time, with providers played from a seeded table (``tests/bench/policy/tables.py`` says how
it is drawn): 5,000 frames take some seconds. By itself the goals are printed beside what was found; with a ``--table``
or as ``--json`` the figures of that one run.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from tests.bench.policy.course import Setting, run
from tests.bench.policy.figures import BACK_OVER, Figures, figures, frames_until_back
from tests.bench.policy.rivals import raw_cut
from tests.bench.policy.tables import DROP_AT, TABLES
from tests.bench.table import Row, at_least, at_most, print_table

FRAMES = 5_000
RAW_CALLS = 1.25
"""A frame, of the cascade that believed a raw cut, on table 1."""
LOW_RISK = 0.13
"""``risk.scene`` of an owner who wants few wrong answers without a mark."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", choices=TABLES, help="1 where none is named")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--frames", type=int, default=FRAMES)
    parser.add_argument("--labels", type=int, default=0, help="frames with a thumb, before those that count")
    parser.add_argument("--evidence", action="store_true", help="the reader on this computer reads along")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(arguments)
    if not (args.table or args.json):
        return print_table(goals(args.seed, args.frames))
    table = args.table or "1"
    setting = Setting(args.labels, args.evidence, thumb_every=int(args.labels > 0 and table == "3"))
    found = _figures(table, args.seed, args.frames, setting).as_json()
    if args.json:
        told = {"table": table, "seed": args.seed, "labels": args.labels, "evidence": args.evidence}
        print(json.dumps(told | found))
    else:
        print("\n".join(f"{name:<16} {value:g}" for name, value in found.items()))
    return 0


def goals(seed: int, frames: int) -> list[Row]:
    """On table 1, the last one on table 3, where there are enough frames for it; each names how many labels there were,
    and whether there was evidence."""
    raw = raw_cut(TABLES["1"].plans(seed, frames), TABLES["1"])
    none, few, many = (_figures("1", seed, frames, Setting(labels)) for labels in (0, 30, 300))
    unseen, seen = (_figures("1", seed, frames, Setting(labels, evidence=True)) for labels in (0, 300))
    alone = _figures("1", seed, frames, Setting(audits=False))
    careful = _figures("1", seed, frames, Setting(300, risk_scene=LOW_RISK))
    low = f"300 labels, risk.scene {LOW_RISK}"
    rows = [
        _percent("0 labels: wrong and shown as sure", none.wrong_sure, raw),
        at_most("0 labels: p95 to the words", none.p95_words_s, 4.5, "s"),
        at_most("0 labels, no audits: p95 to the words", alone.p95_words_s, 4.5, "s"),
        at_most("0 labels, no audits: calls a frame", alone.calls, round(1.05 * RAW_CALLS, 2), ""),
        _percent("0 labels, evidence: wrong and shown as sure", unseen.wrong_sure, raw),
        _percent("30 labels: wrong and shown as sure", few.wrong_sure, 0.175),
        at_most("30 labels: cost", few.cost, 2.6, "calls"),
        _percent("300 labels: wrong and shown as sure", many.wrong_sure, 0.15),
        at_most("300 labels: p95 to the words", many.p95_words_s, 4.5, "s"),
        _percent(f"{low}: wrong of the unmarked", careful.wrong_unmarked, 0.12),
        at_least(f"{low}: unmarked", 100 * careful.coverage, 60, "%"),
        at_most(f"{low}: cost", careful.cost, 2.6, "calls"),
        at_least("300 labels: right", 100 * many.accuracy, 83, "%"),
        at_most("300 labels: cost", many.cost, 2.3, "calls"),
        at_most("300 labels: expected calibration error", many.ece, 0.04, ""),
        at_least("300 labels, evidence: right", 100 * seen.accuracy, 84.5, "%"),
        at_most("300 labels, evidence: cost", seen.cost, 2.0, "calls"),
    ]
    if frames >= DROP_AT + BACK_OVER:
        back = "a label each frame: frames until back within 1 point after the drop"
        rows.append(at_most(back, _until_back(seed, frames), 200, ""))
    return rows


def _percent(what: str, found: float, limit: float) -> Row:
    return at_most(what, 100 * found, 100 * limit, "%")


def _figures(table: str, seed: int, frames: int, setting: Setting) -> Figures:
    return figures(run(TABLES[table], seed=seed, frames=frames, setting=setting), TABLES[table])


def _until_back(seed: int, frames: int) -> int:
    """Over three seeds: a point of a few hundred frames is less than chance makes of one."""
    setting = Setting(300, thumb_every=1)
    pairs = [
        [run(TABLES[table], seed=each, frames=frames, setting=setting) for table in ("3", "1")]
        for each in range(seed, seed + 3)
    ]
    return frames_until_back(pairs, DROP_AT)


if __name__ == "__main__":
    raise SystemExit(main())
