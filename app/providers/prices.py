"""What models cost: the list that comes with genai-prices, and the few prices that the vendors' own files add.

The list is part of the package and read once, in 50 ms and 7 MB; nothing is asked of the network. Its own updater is
never started: an owner who knows better sets a price of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from app.core.cost.pricing import Price, PriceOf, find_price, price_key
from app.providers import PROVIDERS

if TYPE_CHECKING:
    from genai_prices.types import MatchLogic, ModelInfo, ModelPrice, TieredPrices

VERSION, AS_OF = "0.2.3", "2026-11-10"
"""Which list it is, and the ISO date it came out on."""

_VENDORS = ("google", "deepseek", "openai")
_RESELLER = "openrouter"
"""Its models are named ``vendor/model``: under a bare name only the vendor's own price counts."""


def price_list() -> PriceOf:
    """Reads the list. For a thread: the first import takes its time. What starts or ends later does not show in it."""
    from genai_prices.data import providers  # not at the top: most starts never need it

    now = datetime.now(UTC)
    prices = {price_key(price.model): price for vendor in PROVIDERS for price in vendor.prices}
    for provider in providers:
        if provider.id in (*_VENDORS, _RESELLER):
            for model in provider.models:
                for name in _names(model):
                    if ("/" in name) == (provider.id == _RESELLER) and (price := _price(name, model, now)):
                        prices[price_key(name)] = price
    return lambda model: find_price(model, prices)


def _names(model: ModelInfo) -> Iterator[str]:
    """Its id and what else it is called, to the letter; the list's looser patterns take other models in as well."""
    yield model.id
    clauses: list[MatchLogic] = [model.match]
    while clauses:
        clause = clauses.pop()
        clauses += getattr(clause, "or_", ())
        if name := getattr(clause, "equals", ""):
            yield name


def _price(name: str, model: ModelInfo, now: datetime) -> Price | None:
    """The dearest of the day, for a cap's sake. None where words are not what is paid for."""
    times = [now.replace(hour=hour) for hour in range(24)] if isinstance(model.prices, list) else [now]
    amounts = [_amounts(model.get_prices(time)) for time in times]
    input_usd, output_usd = max(amounts)
    return Price(name, input_usd, output_usd, AS_OF) if input_usd and output_usd else None


def _amounts(price: ModelPrice) -> tuple[float, float]:
    """US dollars per million tokens in and out, at the rate of a short question; 0 where there is none."""
    return _usd(price.input_mtok), _usd(price.output_mtok)


def _usd(amount: Decimal | TieredPrices | None) -> float:
    return float((amount if amount is None or isinstance(amount, Decimal) else amount.base) or 0)
