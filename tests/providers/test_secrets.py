"""A key never shows: not in logs, errors, addresses or representations."""

from __future__ import annotations

import asyncio
import logging
import traceback

import pytest

from app.core.errors import AuthError, ProviderError
from app.core.provider import Learned, Seat
from app.providers import Client
from tests import fakes
from tests.fakes import FakeProviders
from tests.providers.asking import CONFIGS, KEY, QUESTION, VENDORS, ask, custom, provider

LOUD = ("", "aiohttp", "aiohttp.client", "aiohttp.internal", "asyncio")
ENDINGS = (
    fakes.ok(), fakes.bad_key(), fakes.forbidden(), fakes.rate(), fakes.server_error(), fakes.html(502),
    fakes.garbage(), fakes.dropped(), fakes.dropped_mid_body(), fakes.redirect(), fakes.model_gone(), fakes.no_vision(),
    # a provider that echoes the key
    fakes.error(400, f"Incorrect key {KEY}"), fakes.error(401, KEY), fakes.error(429, KEY), fakes.raw(400, KEY),
    fakes.error(404, f"model {KEY} not found"), fakes.raw(200, {"error": KEY}),
    fakes.error(400, f"The supported API model names are {KEY}, but you passed x."),
    fakes.error(400, f"Unsupported parameter: 'x'. Use '{KEY}' instead.", param=KEY),
)  # fmt: skip


def _listen(caplog: pytest.LogCaptureFixture) -> None:
    asyncio.get_running_loop().set_debug(True)  # asyncio and aiohttp then tell more
    for name in LOUD:
        caplog.set_level(logging.DEBUG, logger=name)


def _told(error: ProviderError) -> str:
    fields = {name: getattr(error, name) for name in ("repair", "successor", "retry_after_s") if hasattr(error, name)}
    return f"{error!r} {error} {fields} {''.join(traceback.format_exception(error))}"


@pytest.mark.parametrize("name", [*VENDORS, "custom", "g4f"])
async def test_nowhere(name: str, fake: FakeProviders, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    _listen(caplog)
    asked = provider(fake, client, name) if name in CONFIGS else custom(fake, client, name, name)
    for ending in ENDINGS:
        fake[name].always(ending)
        result = await ask(asked)
        assert KEY not in (_told(result) if isinstance(result, ProviderError) else repr(result))
    await asked.list_models(KEY)
    assert any(record.name == "asyncio" for record in caplog.records), "the test listens"
    assert KEY not in caplog.text
    assert all(KEY not in call.path for call in fake[name].calls)
    assert KEY not in f"{asked!r} {vars(asked)} {Seat(asked, KEY)!r}"


@pytest.mark.parametrize(
    "key", [f"{KEY}\nX: y", f"{KEY}\r\n", f"{KEY} two", f"{KEY}\u00e4", f"{KEY}\x00", f"\u200b{KEY}"]
)
@pytest.mark.parametrize("name", ["gemini", "chatgpt", "custom"])
async def test_a_key_that_no_header_carries(
    key: str, name: str, fake: FakeProviders, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    _listen(caplog)
    asked = provider(fake, client, name) if name in CONFIGS else custom(fake, client, name)
    for call in (asked.ask(QUESTION, key, Learned()), asked.list_models(key)):
        if key.strip() == KEY:  # only blanks around it
            assert await call
            continue
        with pytest.raises(AuthError) as caught:
            await call
        assert KEY not in _told(caught.value)
    assert KEY not in caplog.text
