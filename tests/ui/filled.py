"""A home of some days: profiles, frames with pictures, prompts, blocked addresses, pairings, lights and prices.

The same at every run but for the clock: frames lie before now.
"""

from __future__ import annotations

import logging
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.core.errors import FrameError, NoAnswer
from app.core.events import FrameAnswered, FrameReceived, PairingWanted, ProviderLightChanged
from app.core.frame import Answer, Attempt, Code, Frame, Kind, Profile, Usage
from app.core.provider import ProviderConfig
from app.core.routing.labels import Label, Signs
from app.paths import resource
from tests.ui.stage import Stage, new_frame, picture

log = logging.getLogger("app.filled")

NAMES = ("alice", "Bob", "Grandma Zoë")
SEED, FRAMES, RECENT, DAYS = 7175, 120, 25, 3
LABELS = 300
SAID: dict[str, tuple[str, Kind]] = {
    "scene.jpg": ("A cup of coffee on a red saucer, on a wooden table.", "scene"),
    "sign.jpg": ("The sign reads: Exit 12, Harbour, 2 km.", "text"),
    "page.jpg": ("Chapter one. It was a bright cold day in April.", "text"),
    "qr.jpg": ("A code that leads to https://example.org/menu", "text"),
}


def photo(name: str) -> bytes:
    return Path(resource("demo"), name).read_bytes()


async def fill(on: Stage) -> None:
    """Fill the stage's store, and show the newest frames as they come."""
    chance = random.Random(SEED)
    await _set_up(on)
    await _fill_history(on, chance)
    _fill_labels(on, chance)
    for address, light in (("gemini", "ready"), ("qwen", "cooling"), ("on_device", "ready")):
        on.bus.publish(ProviderLightChanged(address, light, "It asked us to wait.", 95.0))  # type: ignore[arg-type]
    for name in NAMES[:2]:
        frame = new_frame(on.profile(name))
        shown = photo("sign.jpg" if name == "alice" else "scene.jpg")
        on.bus.publish(FrameReceived(frame, picture(shown)))
        said, kind = SAID["sign.jpg" if name == "alice" else "scene.jpg"]
        on.bus.publish(FrameAnswered(frame, _answer(said, kind, chance)))
    on.bus.publish(PairingWanted("192.168.0.77", "alice"))
    on.window._refresh()
    log.info("listening on %s", on.control.url)
    log.warning("qwen asked for a pause of 95 s")
    log.error("the picture of frame filled-0007 could not be written: no space left on device")


async def _set_up(on: Stage) -> None:
    store = on.store
    for name in NAMES:
        if store.profiles.find(name) is None:
            await store.profiles.add(name)
    await store.profiles.set_prompt("alice", "Read every sign aloud, the largest letters first.")
    await store.profiles.set_chain("Bob", ["qwen", "gemini"])
    await store.providers.add(ProviderConfig("attic", "custom", "http://192.168.0.20:1234/v1", "qwen2.5-vl-7b"))
    await store.secrets.unlock()
    await store.secrets.set(None, "gemini", "a-key-for-the-pictures", session_only=True)
    await store.secrets.set("alice", "qwen", "another-key", session_only=True)
    for ip, name in (("192.168.0.12", "alice"), ("192.168.0.13", "Bob"), ("192.168.0.14", "Bob")):
        await store.pairings.pair(ip, name, until_revoked=ip.endswith("14"))
    await store.blacklist.add("203.0.113.9", "Guessed keys", automatic=True, expires_at=_ago(days=-1))
    await store.blacklist.add("198.51.100.0/24", "The neighbours' network")
    await store.prices.set("qwen2.5-vl-7b", 0.0, 0.0)
    await store.set_setting("retention.days", DAYS)
    on.control.heard["192.168.0.12"] = _ago(seconds=40)
    await on.control.start()


async def _fill_history(on: Stage, chance: random.Random) -> None:
    ages_min = [number / 2 if number < RECENT else number * DAYS * 24 * 60 / FRAMES for number in range(FRAMES)]
    for number, minutes in sorted(enumerate(ages_min), reverse=True):
        profile = on.profile(chance.choice(NAMES))
        name = chance.choice(tuple(SAID))
        received_at = _ago(minutes=1 + minutes)
        frame = replace(_frame(profile, f"filled-{number:04d}"), received_at=received_at)
        shown = picture(photo(name)) if number % 3 == 0 else None
        ending = _ending(name, chance)
        latency_ms = ending.latency_ms if isinstance(ending, Answer) else 6_950
        await on.store.activity.record(frame, shown, ending, latency_ms)
    rows = await on.store.activity.recent(limit=6)
    await on.store.activity.set_favourite(rows[0].frame_id, on=True)
    await on.store.activity.set_thumb(rows[1].frame_id, 1)
    await on.store.activity.pictures.settled()


def _fill_labels(on: Stage, chance: random.Random) -> None:
    """Of a provider that says too much of itself."""
    for number in range(LABELS):
        claimed = min(0.99, chance.betavariate(6, 1.5))
        is_right = float(chance.random() < claimed**1.5)
        label = Label(f"judged-{number}", "gemini", "g-1", claimed, Signs(), "thumb", is_right, 1.0, float(number))
        on.store.labels.save_label(label)


def _frame(profile: Profile, frame_id: str) -> Frame:
    return Frame(frame_id, profile, "What is this?", b"", "192.168.0.12")


def _ending(name: str, chance: random.Random) -> Answer | FrameError:
    if chance.random() < 0.08:
        return NoAnswer(attempts=(Attempt("gemini", "g-1", "overload", 900), Attempt("qwen", "q-1", "timeout", 6_000)))
    return _answer(*SAID[name], chance)


def _answer(said: str, kind: Kind, chance: random.Random) -> Answer:
    sure = chance.uniform(0.82, 0.99)
    words_ms, rest_ms = chance.randint(600, 1_400), chance.randint(700, 1_200)
    first = Attempt(
        "gemini", "g-1", "sure", words_ms, sure, answer=said, full_answer=f"{said} More in full.",
        usage=Usage(1_310, 90), cost_usd=0.00062, whole_ms=words_ms + rest_ms, trust=sure - 0.04,
    )  # fmt: skip
    attempts: tuple[Attempt, ...] = (first,)
    code: Code = "ok"
    judge_why = ""
    if chance.random() < 0.25:
        doubt = replace(first, outcome="unsure", confidence=0.8, trust=0.55, answer="Perhaps a sign.", full_answer="")
        second = replace(first, provider="qwen", model="q-1", cost_usd=0.0003)
        attempts, judge_why = (doubt, second), "B reads every line."
        code = "ok" if chance.random() < 0.6 else "degraded"
    latency_ms = sum(attempt.latency_ms for attempt in attempts) + 40
    return Answer(
        said, f"{said} More in full.", code, attempts[-1].provider, sure, kind, False, attempts, judge_why, latency_ms,
        latency_ms + rest_ms, sure - 0.04 if code == "ok" else 0.71, is_doubted=code != "ok",
    )  # fmt: skip


def _ago(**units: float) -> datetime:
    return datetime.now(UTC) - timedelta(**units)
