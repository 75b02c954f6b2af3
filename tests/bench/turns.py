"""Servers that are compared in one run, by turns: a machine's moods last longer than one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
