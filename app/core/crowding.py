"""Who makes room where few can wait, so that a crowd of strangers keeps nobody else out."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

Waiting = TypeVar("Waiting", bound=Hashable)


def to_give_way(waiting: Mapping[Waiting, int], rank: int) -> Waiting | None:
    """Which of ``waiting`` (each with its rank, the oldest first) makes room for one of ``rank``; None: nobody does.

    Of those with the lowest rank it is the middle one: who came first stays, and the newest is heard.
    """
    lowest = min(waiting.values())
    if rank < lowest:
        return None
    among = [one for one, its in waiting.items() if its == lowest]
    return among[len(among) // 2]
