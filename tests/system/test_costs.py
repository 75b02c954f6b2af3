"""What calls cost, through the whole program: real prices, real counts, and what is left of both after a restart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.application import Application
from app.core.errors import UnknownName
from app.core.events import CapReached
from app.core.frame import Answer, Frame
from app.paths import DataFolder
from tests import fakes
from tests.fakes import FakeProviders
from tests.system.conftest import KEYS

GEMINI_USD = (412 * 0.30 + 28 * 2.50) / 1_000_000
"""Of one call: the tokens that the fake counts, at the shipped price of the default model."""


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys from the environment."""
    for name, key in KEYS.items():
        monkeypatch.setenv(name, key)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Application]:
    application = Application(DataFolder(folder))
    try:
        await application.open()
        yield application
    finally:
        await application.close()


async def process(application: Application, frame_id: str, photo: bytes) -> Answer:
    profile = application.store.profiles.get("alice")
    return await application.pipeline.process(Frame(frame_id, profile, "What is this?", photo))


async def test_cost_calls_and_cap_live_over_a_restart(fake: FakeProviders, tmp_path: Path, photo: bytes) -> None:
    told: list[CapReached] = []
    fake["gemini"].always(fakes.ok())
    async with opened(tmp_path / "data") as application:
        store = application.store
        await store.profiles.add("alice")
        await store.profiles.set_chain("alice", ["gemini"])
        await store.set_setting("gate.reuse_s", 0)
        await store.providers.set("gemini", base_url=fake.base_url("gemini"), requests_per_day=450)
        answer = await process(application, "frame-1", photo)
        assert answer.attempts[0].cost_usd == pytest.approx(GEMINI_USD)
        assert application.spending.provider_today_usd("gemini") == pytest.approx(GEMINI_USD)
        assert application.providers.calls_today("gemini") == 1
        standing = application.providers.standing("gemini")
        assert (standing.is_free, standing.needs_key, standing.quota_left) == (False, True, 449)
        reader = application.providers.standing("on_device")
        assert (reader.is_free, reader.needs_key, reader.quota_left) == (True, False, None)
        with pytest.raises(UnknownName):
            application.providers.calls_today("nobody")
    async with opened(tmp_path / "data") as application:
        application.bus.subscribe(CapReached, told.append)
        assert application.providers.calls_today("gemini") == 1
        assert application.spending.profile_today_usd("alice") == pytest.approx(GEMINI_USD)
        await application.store.profiles.set_chain("alice", ["gemini", "qwen"])
        await application.store.providers.set("qwen", base_url=fake.base_url("qwen"))
        await application.store.providers.set("gemini", daily_cap_usd=GEMINI_USD / 2)
        fake["qwen"].always(fakes.ok("From qwen."))
        answer = await process(application, "frame-2", photo)
        assert (answer.answered_by, answer.attempts[0].outcome) == ("qwen", "skipped")
        assert told == [CapReached("provider", "gemini", GEMINI_USD / 2)]
        await application.store.prices.set("qwen3.8-flash", 1_000, 0)
        answer = await process(application, "frame-3", photo)
        assert answer.attempts[-1].cost_usd == pytest.approx(0.41), "the owner's price counts from the next call on"


async def test_a_test_is_counted_in_costs_and_calls(fake: FakeProviders, tmp_path: Path) -> None:
    fake["gemini"].always(fakes.ok())
    async with opened(tmp_path / "data") as application:
        await application.store.profiles.add("alice")
        await application.store.providers.set("gemini", base_url=fake.base_url("gemini"))
        await application.providers.check("gemini", "alice")
        assert application.providers.calls_today("gemini") == 1
        assert application.spending.provider_today_usd("gemini") == pytest.approx(GEMINI_USD)
        assert application.spending.profile_today_usd("alice") == pytest.approx(GEMINI_USD)
        assert application.providers.standing("gemini").has_price
        await application.store.providers.set("gemini", model="nobody-knows")
        assert not application.providers.standing("gemini").has_price
