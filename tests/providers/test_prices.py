"""What models cost, as the list that is shipped says, and that reading it asks nobody."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from app.core.cost.pricing import PriceOf
from app.providers import PROVIDERS, prices
from tests.providers.asking import CONFIGS

ROOT = Path(__file__).parents[2]

DEFAULT_PRICES = {"gemini": (0.30, 2.50), "deepseek": (0.30, 1.20), "qwen": (0.15, 0.47), "chatgpt": (0.10, 0.50)}
"""US dollars per million tokens in and out, of the models that are asked by default; DeepSeek's by day."""


@pytest.fixture(scope="module")
def price_of() -> PriceOf:
    return prices.price_list()


@pytest.mark.parametrize(("vendor", "usd"), DEFAULT_PRICES.items())
def test_the_model_that_is_asked_by_default_has_its_price(price_of: PriceOf, vendor: str, usd: object) -> None:
    price = price_of(CONFIGS[vendor].model)
    assert price is not None
    assert (price.input_usd, price.output_usd) == usd
    assert not price.own


@pytest.mark.parametrize("vendor", PROVIDERS, ids=lambda vendor: vendor.name)
def test_a_vendors_file_tells_only_what_the_list_lacks(price_of: PriceOf, vendor: prices.ProviderVendor) -> None:
    for price in vendor.prices:
        assert price_of(price.model) == price


@pytest.mark.parametrize(
    ("model", "usd"),
    [
        ("models/gemini-3.5-flash-lite", (0.30, 2.50)),
        ("gemini-3.5-flash-lite-preview-09-2026", (0.30, 2.50)),
        ("GPT-6-Luna-2026-08-01", (0.10, 0.50)),
        ("gpt-4o", (2.50, 10.0)),
        ("deepseek-v4-flash-vision-exp", (0.30, 1.20)),
        ("google/gemini-3.5-flash-lite", (0.30, 2.50)),
        ("qwen/qwen3.8-flash", (0.15, 0.47)),
        ("openai/gpt-6-luna", (0.10, 0.50)),
        ("meta-llama/whatever:free", (0.0, 0.0)),
    ],
)
def test_names_as_they_are_set_up_and_replied(price_of: PriceOf, model: str, usd: object) -> None:
    price = price_of(model)
    assert price is not None
    assert (price.input_usd, price.output_usd) == usd


@pytest.mark.parametrize(
    "model",
    [
        "gpt-6-lunatic",  # the list's own patterns take some of these for the shorter name
        "gemini-3.5-flash-lite-mine",
        "deepseek-v4-flash-distilled",
        "llava",
        "llama-3.3-70b-instruct",  # a reseller's price is not that of a server of one's own
        "text-embedding-3-small",
        "",
    ],
)
def test_another_model_is_not_known(price_of: PriceOf, model: str) -> None:
    assert price_of(model) is None


def test_the_date_beside_a_price_is_that_of_the_list_in_the_lock(price_of: PriceOf) -> None:
    """A newer list: look up the day it came out."""
    assert metadata.version("genai-prices") == prices.VERSION
    price = price_of("gpt-6-luna")
    assert price is not None
    assert price.as_of == prices.AS_OF


def test_reading_it_opens_no_socket_and_starts_no_thread() -> None:
    code = """
import platform, sys, threading
platform.system()  # aiohttp asks it, and on Windows it asks this computer its name
sys.addaudithook(lambda event, _: event.startswith("socket.") and sys.exit(f"it calls {event}"))
before = threading.enumerate()
from app.providers.prices import price_list
assert price_list()("gpt-6-luna")
from genai_prices import data_snapshot
assert threading.enumerate() == before
assert data_snapshot._custom_snapshot is None, "nothing of its own updates"
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
