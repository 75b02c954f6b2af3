"""What providers taught by refusing, for a week at most: a reply proves nothing for ever."""

from __future__ import annotations

from collections.abc import Callable

from app.core.ports import HealthMemory, Lesson
from app.core.provider import Learned, ProviderConfig
from app.core.routing.cooldown import End, Moment

KEPT_S = 7 * 86_400.0


class Lessons:
    """One for each provider as it is set up: a change of it, a new key or a test ends what was learned."""

    def __init__(self, memory: HealthMemory, now: Callable[[], Moment]) -> None:
        self._memory, self._now = memory, now
        self._known = {lesson.provider: (lesson, _end(lesson, now())) for lesson in memory.lessons()}

    def of(self, config: ProviderConfig) -> Learned:
        lesson = self._lesson(config)
        return lesson.learned if lesson else Learned()

    def keep(self, config: ProviderConfig, learned: Learned) -> None:
        """From now on, for a week since the first of it was learned."""
        now, before = self._now(), self._lesson(config)
        newest, _ = self._known.get(config.name, (None, None))
        if newest is not None and newest.revision > config.revision:
            return  # a late reply to what has been set up anew since
        since = before.learned_at if before else now.wall
        lesson = Lesson(config.name, config.base_url, config.model, config.revision, learned, since)
        self._known[config.name] = lesson, self._known[config.name][1] if before else _end(lesson, now)
        self._memory.save_lesson(lesson)

    def _lesson(self, config: ProviderConfig) -> Lesson | None:
        """What still holds for ``config``."""
        if (known := self._known.get(config.name)) is None:
            return None
        lesson, end = known
        taught = (lesson.base_url, lesson.model, lesson.revision)
        is_same = taught == (config.base_url, config.model, config.revision)
        return lesson if is_same and end.left_s(self._now()) else None


def _end(lesson: Lesson, now: Moment) -> End:
    """Over at once when it was learned in a time to come: the clock has been set back, its age is not known."""
    age_s = now.wall - lesson.learned_at
    return now.after(KEPT_S - age_s if age_s >= 0 else 0.0, by_date=True)
