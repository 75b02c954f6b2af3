"""What a provider says of itself reaches neither the terminal nor the trace with codes that they would obey."""

from __future__ import annotations

import pytest

from app.cli.output import to_json
from app.core.provider import Learned
from app.providers import Client
from tests import fakes
from tests.fakes import FakeProviders
from tests.providers.asking import KEY, QUESTION, provider
from tests.system.test_cases import client

__all__ = ["client"]

NAMES = ["\x1b]0;owned\x07model", "evil\u202eledom", "m" * 100_000, "two\nlines", 7, None]


@pytest.mark.parametrize("name", NAMES)
async def test_a_model_named_by_its_server_is_a_name_or_the_one_asked(
    name: object, fake: FakeProviders, client: Client
) -> None:
    fake["chatgpt"].always(fakes.raw(200, fakes.openai_body("A mug.", "m") | {"model": name}))
    fake["gemini"].always(fakes.raw(200, fakes.gemini_body("A mug.", "m") | {"modelVersion": name}))
    for vendor in ("chatgpt", "gemini"):
        asked = provider(fake, client, vendor)
        assert (await asked.ask(QUESTION, KEY, Learned())).model == asked.config.model


async def test_a_list_of_models_holds_names_alone(fake: FakeProviders, client: Client) -> None:
    entries = [{"id": name, "name": name} for name in [*NAMES, "good"]]
    for vendor in ("chatgpt", "gemini"):
        fake[vendor].models_default = fakes.raw(200, {"data": entries, "models": entries})
        assert await provider(fake, client, vendor).list_models(KEY) == ("good",)


def test_json_for_the_terminal_is_the_same_data_escaped() -> None:
    assert to_json({"name": "a\u202eb\x9b"}) == '{"name": "a\\u202eb\\u009b"}'
