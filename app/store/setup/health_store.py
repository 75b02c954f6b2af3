"""What health must remember over a restart: lasting cooldowns, what models taught by refusing, the day's calls."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from app.core.errors import NoVisionError, Repair
from app.core.events import Bus
from app.core.ports import Lesson, SavedCooldown
from app.core.provider import Learned, ProviderConfig
from app.core.routing.lessons import KEPT_S
from app.store.database.cached_table import CachedTable
from app.store.database.connection import Session
from app.store.database.executor import Database
from app.store.database.records import CooldownRecord, DayCountRecord, LessonRecord

DAYS_KEPT = 3


@dataclass(slots=True)
class _Remembered:
    cooldowns: dict[tuple[str, str], SavedCooldown] = field(default_factory=dict)
    lessons: dict[str, Lesson] = field(default_factory=dict)
    day_counts: dict[tuple[str, str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Held:
    """``why``: the error's word. ``until``: Unix seconds."""

    until: float
    state: Literal["cooling", "blind"]
    why: str


class HealthStore(CachedTable[_Remembered]):
    """Fills ``core``'s ``HealthMemory``. Read at open; afterwards this process alone knows better than the database."""

    def __init__(self, database: Database, bus: Bus) -> None:
        super().__init__(bus)
        self._database = database
        self._now = _Remembered()

    def cooldowns(self) -> Iterable[SavedCooldown]:
        return tuple(self._now.cooldowns.values())

    def lessons(self) -> Iterable[Lesson]:
        return tuple(self._now.lessons.values())

    def held_against(self, config: ProviderConfig, now: float) -> Held | None:
        """What outlives a restart and speaks against asking ``config``'s provider ``now`` (Unix seconds), the longest.

        With another key it may be asked all the same.
        """
        known = (config.name, config.revision)
        held = [
            Held(saved.until, "cooling", saved.word)
            for saved in self.cooldowns()
            if (saved.provider, saved.revision) == known and saved.since <= now < saved.until
        ]
        held += [
            Held(lesson.learned_at + KEPT_S, "blind", NoVisionError.word)
            for lesson in self.lessons()
            if (lesson.provider, lesson.revision) == known and lesson.learned.blind
            and lesson.learned_at <= now < lesson.learned_at + KEPT_S
        ]  # fmt: skip
        return max(held, key=lambda one: one.until, default=None)

    def day_counts(self) -> Mapping[tuple[str, str, str], int]:
        return dict(self._now.day_counts)

    def save_cooldown(self, cooldown: SavedCooldown) -> None:
        self._now.cooldowns[cooldown.provider, cooldown.key_id] = cooldown
        values = {name: getattr(cooldown, name) for name in SavedCooldown.__slots__}
        row = CooldownRecord.insert(**values).on_conflict_replace()
        self._database.enqueue_later(lambda session: session.run(row))

    def forget_cooldown(self, provider: str, key_id: str) -> None:
        if self._now.cooldowns.pop((provider, key_id), None) is not None:
            mine = (CooldownRecord.provider == provider) & (CooldownRecord.key_id == key_id)
            self._database.enqueue_later(lambda session: session.run(CooldownRecord.delete().where(mine)))

    def save_lesson(self, lesson: Lesson) -> None:
        self._now.lessons[lesson.provider] = lesson
        learned = lesson.learned
        row = LessonRecord.insert(
            provider=lesson.provider, base_url=lesson.base_url, model=lesson.model, revision=lesson.revision,
            blind=learned.blind, repairs=_as_json(learned.repairs), successor=learned.successor,
            learned_at=lesson.learned_at,
        ).on_conflict_replace()  # fmt: skip
        self._database.enqueue_later(lambda session: session.run(row))

    def save_day_count(self, provider: str, key_id: str, day: str, calls: int) -> None:
        self._now.day_counts[provider, key_id, day] = calls
        # Once per call to a provider, so without peewee.
        self._database.enqueue_later(lambda session: session.raw.execute(
            "INSERT OR REPLACE INTO day_count (provider, key_id, day, calls) VALUES (?, ?, ?, ?)",
            (provider, key_id, day, calls),
        ))  # fmt: skip

    # --- the mirror ------------------------------------------------------------------------------------------------

    def load(self, session: Session) -> _Remembered:
        if self._snapshot is not None:
            return self._snapshot
        counts = session.rows(DayCountRecord.select())
        return _Remembered(
            {(row["provider"], row["key_id"]): _cooldown(row) for row in session.rows(CooldownRecord.select())},
            {row["provider"]: _lesson(row) for row in session.rows(LessonRecord.select())},
            {(row["provider"], row["key_id"], row["day"]): row["calls"] for row in counts},
        )

    def _index(self, snapshot: _Remembered) -> None:
        self._now = snapshot

    def _announce(self, before: _Remembered, now: _Remembered) -> None:
        """Health alone reads it, and at start."""


def _cooldown(row: Mapping[str, Any]) -> SavedCooldown:
    return SavedCooldown(**{name: row[name] for name in SavedCooldown.__slots__})


def _lesson(row: Mapping[str, Any]) -> Lesson:
    repairs = tuple(Repair(*repair) for repair in json.loads(row["repairs"]))
    learned = Learned(bool(row["blind"]), repairs, row["successor"])
    return Lesson(row["provider"], row["base_url"], row["model"], row["revision"], learned, row["learned_at"])


def _as_json(repairs: Iterable[Repair]) -> str:
    return json.dumps([(repair.parameter, repair.instead, repair.value) for repair in repairs])


def delete_counts_before(session: Session, day: str) -> int:
    return int(session.run(DayCountRecord.delete().where(DayCountRecord.day < day)))
