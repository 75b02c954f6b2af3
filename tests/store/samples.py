"""Frames, pictures and answers to record."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

from app.core.frame import Answer, Attempt, Frame, Measures, Picture, Profile, Usage

_numbers = count(1)

ATTEMPTS = (
    Attempt("gemini", "g-1", "unsure", 812, 0.6, answer="A mug.", full_answer="A mug, perhaps.", usage=Usage(400, 30)),
    Attempt("deepseek", "d-1", "skipped", why="no key"),
    Attempt("qwen", "q-1", "overload", 90),
    Attempt("gemini", "g-1", "judged", 500, usage=Usage(700, 20)),
)
ANSWER = Answer(
    "A red mug.", "A red mug on a desk.", "ok", "judge", 0.91, "scene", attempts=ATTEMPTS, judge_why="It is specific."
)


def frame(profile: Profile, *, at: float | None = None, frame_id: str = "") -> Frame:
    """``at``: Unix time in seconds, now by default."""
    received_at = datetime.now(UTC) if at is None else datetime.fromtimestamp(at, UTC)
    name = frame_id or f"frame-{next(_numbers):06d}"
    return Frame(name, profile, "What is this?", b"upload", "192.168.0.12", received_at)


def picture(size: int = 1_000) -> Picture:
    return Picture(b"\xff\xd8" + b"x" * (size - 2), "", 640, 480, Measures(b"", 128.0, 0.0, 0.0, 300.0))
