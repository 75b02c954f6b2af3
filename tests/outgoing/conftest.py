"""A real store with alice in it, and answers to her glasses as the pipeline tells of them."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from app.core.events import Bus, FrameAnswered
from app.core.frame import Answer, Frame
from app.core.provider import ProviderConfig
from app.store import Store

Answered = Callable[..., FrameAnswered]
SECRETS = {"FRAME_BACKEND_WEBHOOK_KEY": "hook-key", "FRAME_BACKEND_MQTT_PASSWORD": "schöner Tag"}
PROVIDERS = (ProviderConfig("gemini", "gemini"), ProviderConfig("qwen", "qwen"))


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
async def store(tmp_path: Path, bus: Bus) -> AsyncIterator[Store]:
    opened = await Store.open(
        tmp_path / "data", bus, default_providers=PROVIDERS, key_variables=lambda _: (), environ=SECRETS
    )
    async with opened as store:
        await store.profiles.add("alice")
        yield store


@pytest.fixture
def answered(store: Store) -> Answered:
    """Makes the event of an answer to ``username``'s glasses; ``more`` is of the answer."""
    numbers = itertools.count(1)

    def make(text: str = "A mug.", username: str = "alice", door: str = "", **more: Any) -> FrameAnswered:
        frame = Frame(f"frame-{next(numbers)}", store.profiles.get(username), "What?", b"x" * 100_000, door=door)
        given: dict[str, Any] = {"full_text": f"{text} In full.", "code": "ok", "trust": 0.9, "kind": "text"}
        return FrameAnswered(frame, Answer(text, **(given | more)))

    return make
