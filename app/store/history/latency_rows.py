"""How long the frames of the history took, one by one, for charts over days: nothing is kept of those passed on."""

from __future__ import annotations

import json
from collections.abc import Callable

from app.core.latency import FrameTiming
from app.store.database.connection import Session

_ROWS = "SELECT frame_id, received_ms, code, latency_ms, attempts FROM frame WHERE received_ms >= ?"


def each_timing(session: Session, since_ms: int, take: Callable[[FrameTiming], None]) -> None:
    """Hand over every frame received since then (Unix time in ms), in no order."""
    for frame_id, received_ms, code, latency_ms, attempts in session.raw.execute(_ROWS, (since_ms,)):
        calls = tuple(
            (str(entry["provider"]), str(entry["outcome"]), int(entry["latency_ms"]))
            for entry in json.loads(attempts)
            if entry["outcome"] != "skipped"
        )
        take(FrameTiming(frame_id, received_ms / 1_000, code, latency_ms, calls))
