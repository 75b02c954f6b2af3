from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.core.errors import Repair
from app.core.ports import Lesson, SavedCooldown
from app.core.provider import Learned, ProviderConfig
from app.store.database.clock import utc
from app.store.setup.health_store import Held
from tests.store.conftest import Clock, OpenStore

NOW = 1_790_000_000.0
LEARNED = Learned(
    blind=True,
    repairs=(Repair("temperature"), Repair("max_tokens", instead="max_completion_tokens"), Repair("n", value=1)),
    successor="g-2",
)
LESSON = Lesson("gemini", "https://x/v1", "g-1", 4, LEARNED, 1_790_000_000.25)
REFUSED = SavedCooldown("gemini", "k1", "auth", 1_790_000_600.0, 3, step=2, since=1_790_000_000.0)
EXHAUSTED = SavedCooldown("qwen", "k2", "quota", 1_800_000_000.5, 0)


async def test_round_trip(open_store: OpenStore, clock: Clock) -> None:
    today = utc(clock.now).date().isoformat()
    async with open_store() as store:
        store.health.save_cooldown(SavedCooldown("gemini", "k1", "billing", 1.0, 2))
        store.health.save_cooldown(REFUSED)
        store.health.save_cooldown(EXHAUSTED)
        store.health.save_cooldown(SavedCooldown("gone", "k3", "region", 1.0, 0))
        store.health.forget_cooldown("gone", "k3")
        store.health.forget_cooldown("never", "k4")
        store.health.save_lesson(LESSON)
        for calls in range(1, 50):
            store.health.save_day_count("gemini", "k1", today, calls)
        assert set(store.health.cooldowns()) == {REFUSED, EXHAUSTED}
    async with open_store() as store:
        assert set(store.health.cooldowns()) == {REFUSED, EXHAUSTED}
        assert store.health.lessons() == (LESSON,)
        assert store.health.day_counts() == {("gemini", "k1", today): 49}


async def test_old_days_are_forgotten(open_store: OpenStore, clock: Clock) -> None:
    days = [(utc(clock.now) - timedelta(days=ago)).date().isoformat() for ago in (0, 1, 9)]
    async with open_store() as store:
        for day in days:
            store.health.save_day_count("gemini", "k1", day, 5)
        await store.profiles.add("alice")  # a commit
        await store.retention._delete_expired()
    async with open_store() as store:
        assert {day for _, _, day in store.health.day_counts()} == set(days[:2])


async def test_what_is_held_against_a_provider_ends_and_is_of_its_newest_set_up(open_store: OpenStore) -> None:
    config = ProviderConfig("gemini", "gemini", revision=3)
    async with open_store() as store:
        held = store.health.held_against
        assert held(config, NOW) is None
        store.health.save_cooldown(SavedCooldown("gemini", "k1", "auth", NOW + 600, 3, since=NOW))
        store.health.save_cooldown(SavedCooldown("gemini", "k2", "billing", NOW + 60, 3, since=NOW))
        store.health.save_cooldown(SavedCooldown("gemini", "k3", "quota", NOW + 9_000, 2, since=NOW))
        assert held(config, NOW) == Held(NOW + 600, "cooling", "auth")
        assert held(config, NOW + 600) is None, "it may be asked"
        assert held(config, NOW - 1) is None, "saved in a time to come"
        assert held(replace(config, revision=4), NOW) is None
        assert held(replace(config, name="qwen"), NOW) is None
        store.health.save_lesson(Lesson("gemini", "", "", 3, Learned(blind=True), NOW))
        assert held(config, NOW) == Held(NOW + 7 * 86_400, "blind", "no_vision")
