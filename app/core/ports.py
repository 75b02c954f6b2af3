"""What the cascade asks of the store: keep an ended frame, and remember what must outlive a restart.

Protocols only: ``app.store`` fills them, tests fill them with lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from app.core.errors import FrameError
from app.core.frame import Answer, Frame, Picture
from app.core.provider import Learned
from app.core.routing.labels import Label
from app.core.routing.replay import PastFrame

LastingWord = Literal["auth", "region", "billing", "quota", "model_gone"]


class Journal(Protocol):
    """Keeps every parsed frame, answered or not."""

    async def record(self, frame: Frame, picture: Picture | None, ending: Answer | FrameError, latency_ms: int) -> None:
        """Return once the row is committed, or after 500 ms with the row still queued (and say so).

        The picture's file follows on a bounded queue of its own; a full queue drops the picture, never the row.
        """
        ...

    def complete(self, frame: Frame, ending: Answer | FrameError) -> None:
        """Add to its row what came after the words; returns at once."""
        ...


@dataclass(frozen=True, slots=True)
class SavedCooldown:
    """A cooldown that outlives a restart. ``since``, ``until``: Unix time in seconds.

    ``step``: which of its row it is, from 1. ``revision``: of the provider's configuration.
    """

    provider: str
    key_id: str
    word: LastingWord
    until: float
    revision: int
    step: int = 1
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a provider taught, as it was set up at ``revision``. ``learned_at``: Unix time in seconds."""

    provider: str
    base_url: str
    model: str
    revision: int
    learned: Learned
    learned_at: float


class HealthMemory(Protocol):
    """What health knows that must outlive a restart. Loads are read once at start; saves return at once."""

    def cooldowns(self) -> Iterable[SavedCooldown]: ...

    def save_cooldown(self, cooldown: SavedCooldown) -> None: ...

    def forget_cooldown(self, provider: str, key_id: str) -> None: ...

    def lessons(self) -> Iterable[Lesson]:
        """One for each provider that taught something."""
        ...

    def save_lesson(self, lesson: Lesson) -> None: ...

    def day_counts(self) -> Mapping[tuple[str, str, str], int]:
        """Calls by (provider, key id, ISO date in the provider's zone)."""
        ...

    def save_day_count(self, provider: str, key_id: str, day: str, calls: int) -> None: ...


class PastMemory(Protocol):
    """The history, for who learns from it."""

    async def past_frames(self) -> Sequence[PastFrame]:
        """The newest of those that were answered. Raises ``DatabaseUnusable``."""
        ...


class LabelMemory(Protocol):
    """Who knows whether answers were right."""

    async def labels(self) -> Sequence[Label]:
        """The newest of each source, oldest first. Raises ``DatabaseUnusable``."""
        ...

    def save_label(self, label: Label) -> None:
        """Keep one that nobody waits for; returns at once. It replaces that of the same frame, provider and source."""
        ...
