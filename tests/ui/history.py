"""A history for the activity tab: frames of every ending, some minutes or days old."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from app.core.errors import FrameError, NoAnswer
from app.core.frame import Answer, Attempt, Frame, Usage
from tests.ui.stage import PHOTO, Stage, new_answer, picture

ASKED = (
    Attempt("gemini", "g-1", "unsure", 812, 0.6, answer="A mug.", full_answer="A mug, perhaps.",
            usage=Usage(400, 30), cost_usd=0.0003),
    Attempt("qwen", "q-1", "unsure", 900, 0.7, answer="A cup.", full_answer="A cup of tea.", usage=Usage(500, 30),
            cost_usd=0.001),
    Attempt("gemini", "g-1", "judged", 500, usage=Usage(700, 20), cost_usd=0.0005),
)  # fmt: skip
FAILED = (Attempt("gemini", "g-1", "timeout", 6_000), Attempt("qwen", "q-1", "overload", 90))
_numbers = itertools.count(1)


def judged(text: str = "A red mug.", by: str = "qwen") -> Answer:
    return new_answer(text, answered_by=by, attempts=ASKED, judge_why="It reads the sign right.")


def sure(text: str = "A red mug.") -> Answer:
    attempt = Attempt("gemini", "g-1", "sure", 700, 0.95, answer=text, usage=Usage(400, 30), cost_usd=0.0003)
    return new_answer(text, attempts=(attempt,))


def reused() -> Answer:
    return new_answer("A red mug.", reused=True, attempts=())


def hint() -> Answer:
    return new_answer("Too dark.", code="bad_frame", answered_by="", confidence=None, attempts=())


def failed() -> FrameError:
    return NoAnswer(attempts=FAILED)


async def keep(
    on: Stage,
    username: str,
    ending: Answer | FrameError,
    *,
    ago: timedelta = timedelta(minutes=1),
    at: datetime | None = None,
    with_picture: bool = False,
    latency_ms: int = 900,
) -> str:
    """Record a frame as the server does, without telling the window; its id."""
    moment = at or datetime.now(UTC) - ago
    frame = Frame(
        f"kept-{next(_numbers):06d}", on.profile(username), "What is this?", b"", "192.168.0.12", moment
    )  # fmt: skip
    await on.store.activity.record(frame, picture(PHOTO) if with_picture else None, ending, latency_ms)
    return frame.frame_id
