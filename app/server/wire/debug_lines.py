"""The lines that the app shows on its debug page: ``[HH:MM:SS] [TAG] text``, drawable on a small monochrome display."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

from app.core.frame import Attempt, Frame


def debug_lines(frame: Frame, attempts: Iterable[Attempt], ending: str) -> list[str]:
    """What happened to ``frame``, in local time. An attempt stands at its end, told from the latencies before it."""
    at = frame.received_at.astimezone()
    lines = [_line(at, "AI", f"Processing image for {frame.profile.username}")]
    for attempt in attempts:
        at += timedelta(milliseconds=attempt.latency_ms)
        lines.append(_line(at, attempt.provider.upper(), _what_came_of(attempt)))
    return [*lines, _line(datetime.now().astimezone(), "DONE", ending)]


def _what_came_of(attempt: Attempt) -> str:
    if not attempt.is_call:
        return f"skipped: {attempt.why}"
    told = {"confidence": attempt.confidence, "trust": attempt.trust}
    sureness = "".join(f", {name} {value:.2f}" for name, value in told.items() if value is not None)
    return f"{attempt.outcome} after {attempt.latency_ms} ms{sureness}"


def _line(at: datetime, tag: str, text: str) -> str:
    return f"[{at:%H:%M:%S}] [{drawable(tag)}] {drawable(text)}"


def drawable(text: str) -> str:
    """``text`` in printable ASCII: accents are dropped, what has no ASCII likeness becomes ``?``."""
    if text.isascii() and text.isprintable():
        return text
    bare = (char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return "".join(char if char.isascii() and char.isprintable() else "?" for char in bare)
