"""What the store keeps in memory, so that the loop can read it per frame: whole small tables, always as committed.

The writer's thread loads a table after each commit that touched it, and all of them after another process has
committed; the loop then takes the new snapshot over and says so. Memory therefore follows the commits in their order.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import Any, Generic, TypeVar

from app.core.events import Bus
from app.store.database.connection import Session

log = logging.getLogger(__name__)

Snapshot = TypeVar("Snapshot")


class CachedTable(ABC, Generic[Snapshot]):
    """One part of the database kept in memory."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._snapshot: Snapshot | None = None

    @abstractmethod
    def load(self, session: Session) -> Snapshot:
        """Read it all; on the writer's thread. Snapshots of the same content compare equal."""

    @abstractmethod
    def _index(self, snapshot: Snapshot) -> None:
        """Make what the readers on the loop use."""

    @abstractmethod
    def _announce(self, before: Snapshot, now: Snapshot) -> None:
        """Publish the event of this part."""

    def take(self, snapshot: Snapshot, *, own: bool) -> None:
        """Take ``snapshot`` over, on the loop's thread. ``own``: after this store's write, else another's."""
        before, self._snapshot = self._snapshot, snapshot
        self._index(snapshot)
        if before is not None and (own or snapshot != before):
            self._announce(before, snapshot)


Loaded = list[tuple[CachedTable[Any], Any]]


def take_all(loaded: Loaded, *, own: bool) -> None:
    for cached_table, snapshot in loaded:
        try:
            cached_table.take(snapshot, own=own)
        except Exception:
            # The commit is done; whoever waits for it must still hear so.
            log.exception("what was read of %s could not be taken over", type(cached_table).__name__)
