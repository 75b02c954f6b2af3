"""Who guesses auth keys is shut out: twenty wrong ones within an hour close ``/auth`` to that address for an hour.

A paired device's frames go on: the entry that the blacklist gets is automatic, and those hold at ``/auth`` alone.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cachetools import LRUCache

from app.core.tasks import spawn
from app.store.setup.addresses import address_of

if TYPE_CHECKING:
    from app.store import Store

log = logging.getLogger(__name__)

MOST_WRONG_KEYS = 20
WITHIN_S = 3_600.0
BLOCKED_FOR = timedelta(hours=1)
ADDRESSES_REMEMBERED = 4_096


class Lockout:
    """Counts wrong keys by address; an address too many drops the one that was heard longest ago."""

    def __init__(self, store: Store, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._store, self._monotonic = store, monotonic
        self._wrong: LRUCache[str, deque[float]] = LRUCache(ADDRESSES_REMEMBERED)

    def note(self, ip: str) -> None:
        """One wrong key came from ``ip``; this computer itself is never shut out."""
        address = address_of(ip)
        if address is None or address.is_loopback:
            return
        now = self._monotonic()
        moments = self._wrong.setdefault(ip, deque(maxlen=MOST_WRONG_KEYS))
        moments.append(now)
        if len(moments) == MOST_WRONG_KEYS and now - moments[0] <= WITHIN_S:
            spawn(self._block(ip), name="block an address")
            del self._wrong[ip]  # once it is let in again, it begins anew

    async def _block(self, ip: str) -> None:
        log.warning("%d wrong keys from %s: its next ones are refused for an hour", MOST_WRONG_KEYS, ip)
        await self._store.blacklist.add(
            ip, f"{MOST_WRONG_KEYS} wrong keys", automatic=True, expires_at=datetime.now(UTC) + BLOCKED_FOR
        )
