"""Who guesses auth keys is shut out: twenty wrong ones within an hour close ``/auth`` to that address for an hour.

A paired device's frames go on: the entry that the blacklist gets is automatic, and those hold at ``/auth`` alone.
Many addresses that guess together have sixty keys a minute; over that, who was never paired waits.
"""

from __future__ import annotations

import logging
import math
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cachetools import LRUCache

from app.core.passed import passed_s
from app.core.tasks import spawn
from app.server.wire.api_errors import Refused
from app.store.setup.addresses import address_of, counted_as, is_loopback

if TYPE_CHECKING:
    from app.store import Store

log = logging.getLogger(__name__)

MOST_WRONG_KEYS = 20
WITHIN_S = 3_600.0
BLOCKED_FOR = timedelta(hours=1)
ADDRESSES_REMEMBERED = 4_096
MOST_TOGETHER, TOGETHER_S = 60, 60.0


class Lockout:
    """Counts wrong keys by address, and all together; an address too many drops the one heard longest ago."""

    def __init__(self, store: Store, *, monotonic: Callable[[], float] = passed_s) -> None:
        self._store, self._monotonic = store, monotonic
        self._wrong: LRUCache[str, deque[float]] = LRUCache(ADDRESSES_REMEMBERED)
        self._together: deque[float] = deque(maxlen=MOST_TOGETHER)

    def check(self, ip: str) -> None:
        """Raises ``Refused`` (``rate_limited``) for an address that was never paired while too many guess."""
        if len(self._together) < MOST_TOGETHER or self._store.pairings.knows(ip):
            return
        left_s = self._together[0] + TOGETHER_S - self._monotonic()
        if left_s > 0:
            raise Refused("rate_limited", retry_after_s=math.ceil(left_s))

    def note(self, ip: str) -> None:
        """One wrong key came from ``ip``; this computer itself is never shut out."""
        now = self._monotonic()
        self._together.append(now)
        if address_of(ip) is None or is_loopback(ip):
            return
        source = counted_as(ip)
        moments = self._wrong.setdefault(source, deque(maxlen=MOST_WRONG_KEYS))
        moments.append(now)
        if len(moments) == MOST_WRONG_KEYS and now - moments[0] <= WITHIN_S:
            spawn(self._block(source), name="block an address")
            del self._wrong[source]  # once it is let in again, it begins anew

    async def _block(self, source: str) -> None:
        log.warning("%d wrong keys from %s: its next ones are refused for an hour", MOST_WRONG_KEYS, source)
        await self._store.blacklist.add(
            source, f"{MOST_WRONG_KEYS} wrong keys", automatic=True, expires_at=datetime.now(UTC) + BLOCKED_FOR
        )
