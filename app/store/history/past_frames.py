"""The history as those read it who learn from it: for each frame who was asked, what came of it, at what cost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from app.core.frame import Kind
from app.core.routing.calibration import JUDGE
from app.core.routing.confidence import ANYBODY, reaches_cut
from app.core.routing.replay import PastCall, PastFrame
from app.core.routing.trace import AUDITED
from app.store.database.connection import Session
from app.store.history.ended import costs_by_place

MOST_FRAMES = 5_000
"""The newest: a quarter of a second to read, and before them providers were others."""

_FRAMES = (
    "SELECT frame_id, kind, answered_by, cost_usd IS NOT NULL, attempts, usage FROM frame"
    " WHERE answered_by <> '' AND kind <> '' AND reused = 0 ORDER BY received_ms DESC LIMIT ?"
)
_LABELS = (
    "SELECT frame_id, provider, sum(weight * is_right) / sum(weight) FROM label WHERE weight > 0"
    " GROUP BY frame_id, provider"
)
_Entry = Mapping[str, Any]


def select_past(session: Session) -> tuple[PastFrame, ...]:
    """The newest frames that a provider answered, newest first."""
    rights = {(frame_id, name): is_right for frame_id, name, is_right in session.raw.execute(_LABELS)}
    return tuple(_past(row, rights) for row in session.raw.execute(_FRAMES, (MOST_FRAMES,)))


def _past(row: Sequence[Any], rights: Mapping[tuple[str, str], float]) -> PastFrame:
    frame_id, kind, answered_by, is_priced, attempts, usage = row
    entries = [entry for entry in json.loads(attempts) if entry["outcome"] != "skipped"]
    costs = costs_by_place(entries, json.loads(usage))
    calls = tuple(
        PastCall(
            entry["provider"],
            _outcome(entry, cast(Kind, kind)),
            entry["latency_ms"],
            costs.get(at, 0.0 if is_priced else None),
            rights.get((frame_id, JUDGE if entry["outcome"] == "judged" else entry["provider"])),
            is_audit=entry["outcome"] == AUDITED,
        )
        for at, entry in enumerate(entries)
    )
    shown = next((JUDGE for entry in entries if entry["outcome"] == "judged"), answered_by)
    return PastFrame(cast(Kind, kind), calls, rights.get((frame_id, shown)))


def _outcome(entry: _Entry, kind: Kind) -> str:
    """That of an audit's call is what it would have been in the cascade, as far as that is known."""
    outcome: str = entry["outcome"]
    if outcome != AUDITED or entry["confidence"] is None:
        return outcome
    return "sure" if reaches_cut(entry.get("trust"), kind, ANYBODY) else "unsure"
