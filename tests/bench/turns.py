"""Servers that are compared in one run, by turns: a machine's moods last longer than one."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

Asked = TypeVar("Asked")
Found = TypeVar("Found")


def by_turns(asked: Mapping[str, Asked], turns: int, measure: Callable[[Asked], Found]) -> dict[str, list[Found]]:
    """What ``measure`` finds of each, ``turns`` times."""
    found: dict[str, list[Found]] = {name: [] for name in asked}
    for _ in range(turns):
        for name, one in asked.items():
            found[name].append(measure(one))
    return found


def latency_and_cpu(turns: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The median of the former, the mean of the latter: systems tell CPU in steps of 10 ms, too coarse for one turn."""
    latencies_ms, cpu_ms = zip(*turns, strict=True)
    return statistics.median(latencies_ms), statistics.fmean(cpu_ms)
