"""A model of this computer's own becomes a provider: timed by one picture, and placed by that."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app import application
from app.cli import commands
from app.core import provider_check
from app.core.provider import ProviderConfig
from app.providers import local_models
from tests import fakes
from tests.fakes import FakeProviders
from tests.providers.programs import READS, SEES, Program, ollama, presets_at, running
from tests.system.house import House, opened
from tests.system.test_command_line import Verb, verb  # noqa: F401 - a fixture

NUMBER = 4321
LIMIT_S, SLOW_S = 0.5, 0.7

Open = Callable[..., Any]


@pytest.fixture
def home(tmp_path: Path, fake: FakeProviders, photo: bytes, monkeypatch: pytest.MonkeyPatch) -> Open:
    """The program beside an Ollama whose model reads ``number`` in every picture. What is slow is so ``once``."""
    monkeypatch.setattr(provider_check.random, "randint", lambda *_: NUMBER)

    @asynccontextmanager
    async def make(number: int = NUMBER, *, once: bool = False) -> AsyncIterator[tuple[House, Program]]:
        def answer(_: Any) -> Any:
            program.wait_s = 0.0 if once else program.wait_s
            return fakes.openai_body(json.dumps(fakes.answer_fields(str(number), 0.9)), "qwen3-vl:4b")

        async with running(ollama=ollama(**{"qwen3-vl_4b": SEES, "llama3.2_3b": READS})) as started:
            program = started["ollama"]
            program.routes |= {
                "/v1/chat/completions": answer,
                "/v1/models": {"data": [{"id": "qwen3-vl:4b"}, {"id": "llama3.2:3b"}]},
            }
            find = partial(local_models.find, presets=presets_at(started))
            monkeypatch.setattr(application.local_models, "find", find)
            async with opened(tmp_path / "data", fake.base_url, photo) as house:
                await house.application.store.set_setting("cascade.call_limit_s", LIMIT_S)
                yield house, program

    return make


def names(house: House) -> list[str]:
    return [config.name for config in house.application.store.providers.all()]


async def test_one_that_is_soon_enough_answers_from_now_on(home: Open) -> None:
    async with home() as (house, _):
        providers, store = house.application.providers, house.application.store
        (model,) = await providers.local_models()
        assert (model.label, model.model) == ("Ollama", "qwen3-vl:4b")
        found = await providers.adopt(model)
        assert found.ok
        assert str(found.sentence).startswith("ollama read the test picture in 0.")
        config = store.providers.get("ollama")
        assert (config.enabled, config.model, config.base_url, config.preset) == (
            True, "qwen3-vl:4b", model.base_url, "Ollama",
        )  # fmt: skip
        provider = providers.get("ollama")
        assert (provider.capabilities.is_local, provider.capabilities.needs_key) == (True, False)
        assert names(house)[-2:] == ["ollama", "on_device"]
        assert store.settings.text("order.chain") == ""
        assert await providers.local_models() == (), "what is a provider is not offered again"


async def test_one_that_is_slow_stands_behind_the_reader(home: Open) -> None:
    async with home() as (house, program):
        (model,) = await house.application.providers.local_models()
        program.wait_s = SLOW_S
        found = await house.application.providers.adopt(model)
        assert found.ok
        told = str(found.sentence)
        assert told.startswith("ollama took 0.7 s for the test picture, longer than the 0.5 s of a call: "), told
        assert names(house)[-2:] == ["on_device", "ollama"]
        assert house.application.store.providers.get("ollama").enabled


async def test_what_the_model_takes_to_load_does_not_count(home: Open) -> None:
    async with home(once=True) as (house, program):
        (model,) = await house.application.providers.local_models()
        program.wait_s = SLOW_S
        found = await house.application.providers.adopt(model)
        assert found.ok
        assert program.asked["/v1/chat/completions"] == 2
        assert names(house)[-2:] == ["ollama", "on_device"]


async def test_one_that_does_not_see_stays_off(home: Open) -> None:
    async with home(number=1111) as (house, _):
        (model,) = await house.application.providers.local_models()
        await house.application.store.providers.add(ProviderConfig("ollama", "custom", "http://nas.local/v1", "m"))
        found = await house.application.providers.adopt(model)
        assert (found.ok, found.provider) == (False, "ollama-2")
        assert str(found.sentence) == (
            "ollama-2 (qwen3-vl:4b) replied, but did not read the number in the test picture. It stays off."
        )
        assert not house.application.store.providers.get("ollama-2").enabled


async def test_our_own_port_is_not_asked(home: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    async with home() as (house, _):
        asked = list[set[int]]()

        async def find(_: Any, own_ports: set[int]) -> tuple[()]:
            asked.append(own_ports)
            return ()

        monkeypatch.setattr(application.local_models, "find", find)
        await house.application.providers.local_models()
        assert asked == [{house.application.server.port}]
        assert house.application.server.port


def test_the_command_line_lists_what_is_found(verb: Verb, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    find = local_models.find

    async def beside_ollama(client: Any) -> Any:
        async with running(ollama=ollama(**{"qwen3-vl_4b": SEES})) as started:
            return await find(client, presets=presets_at(started))

    monkeypatch.setattr(commands.local_models, "find", beside_ollama)
    told = verb("provider", "find")
    assert (told.status, told.out.startswith("Ollama  qwen3-vl:4b  http://127.0.0.1:")) == (0, True)
    (row,) = verb("provider", "find", "--json").data
    assert (row["program"], row["model"]) == ("Ollama", "qwen3-vl:4b")
    monkeypatch.setattr(commands.local_models, "find", partial(find, presets=()))
    assert verb("provider", "find").out == "No program on this computer tells of a model that sees."
    assert verb("provider", "find", "--json").data == []
