"""The cascade as a whole, on tables of providers: it is never worse than a raw cut on what they claim.

``python3 -m tests.bench.bench_policy`` prints all figures, on more frames.
"""

from __future__ import annotations

import pytest

from tests.bench.policy.course import Setting, run
from tests.bench.policy.figures import figures
from tests.bench.policy.rivals import raw_cut
from tests.bench.policy.tables import TABLES

FRAMES = 500


@pytest.mark.parametrize("seed", [11, 12, 13])
@pytest.mark.parametrize(("name", "labels"), [("1", 0), ("1", 30), ("1", 300), ("2", 30)])
def test_no_more_is_wrong_and_shown_as_sure_than_with_a_raw_cut(name: str, labels: int, seed: int) -> None:
    table = TABLES[name]
    found = figures(run(table, seed=seed, frames=FRAMES, setting=Setting(labels)), table)
    assert found.wrong_sure <= raw_cut(table.plans(seed, FRAMES), table)
