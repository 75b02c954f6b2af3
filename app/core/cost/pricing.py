"""What a call costs: tokens times the model's price."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.core.errors import InvalidValue
from app.core.frame import Usage
from app.core.provider import ON_DEVICE, Provider

PER = 1_000_000
"""Prices are for so many tokens."""
PRICE_MAX_USD = 10_000.0
MODEL_MAX_CHARS = 200

UNBILLED = frozenset(
    {"auth", "region", "billing", "rate", "quota", "overload", "model_gone", "no_vision", "bad_request",
     "image_rejected"}
)  # fmt: skip
"""Failures that cost nothing: the provider turned the call down before a model saw it."""

_VERSION = re.compile(r"(?:[-@](?:\d{3,8}|\d{2}-\d{2,4}|\d{4}-\d{2}-\d{2}|latest|stable|preview|exp|beta))+")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens of ``model``. ``as_of``: the ISO date it was true on; ``own``: set by the owner."""

    model: str
    input_usd: float
    output_usd: float
    as_of: str
    own: bool = False

    @property
    def is_free(self) -> bool:
        return not (self.input_usd or self.output_usd)


PriceOf = Callable[[str], Price | None]
"""The price in force of a model, None when nobody knows it."""


def nobody_knows(_: str) -> Price | None:
    """The price list of a household without one."""
    return None


# --- finding a price -------------------------------------------------------------------------------------------------


def price_key(model: str) -> str:
    """By what a model is known: without Gemini's ``models/``, in lower case."""
    return model.strip().casefold().removeprefix("models/")


def find_price(model: str, prices: Mapping[str, Price]) -> Price | None:
    """The price of ``model`` as set up or as replied; ``prices`` are by ``price_key``.

    A dated or numbered form (``-001``, ``-2026-10-07``, ``-preview-09-2026``) costs what the model itself does, and
    ``vendor/model`` what the model costs at its vendor; a longer name is another model.
    """
    name = price_key(model)
    if is_free_model(name):
        return Price(model, 0.0, 0.0, "")
    for known in dict.fromkeys((name, name.rpartition("/")[2])):
        if found := prices.get(known) or _base(known, prices):
            return found
    return None


def _base(name: str, prices: Mapping[str, Price]) -> Price | None:
    """The price of the longest known model that ``name`` is a version of."""
    bases = (key for key in prices if name.startswith(key) and _VERSION.fullmatch(name, len(key)))
    longest = max(bases, key=len, default=None)
    return None if longest is None else prices[longest]


def is_free_model(model: str) -> bool:
    """OpenRouter's models that end in ``:free``."""
    return model.casefold().endswith(":free")


def is_free(provider: Provider, model: str, price_of: PriceOf) -> bool:
    """Whether asking ``provider`` for ``model`` costs nothing: on this computer or network, or a price of 0."""
    if provider.config.name == ON_DEVICE or provider.capabilities.is_local:
        return True
    price = price_of(model)
    return is_free_model(model) or (price is not None and price.is_free)


def costs_no_more(provider: Provider, new: str, old: str, price_of: PriceOf) -> bool:
    """Whether ``new`` may stand in for ``old`` unasked: not when it is dearer, or may be for all that is known."""
    if is_free(provider, new, price_of):
        return True
    before, after = price_of(old), price_of(new)
    if before is None:
        return not is_free(provider, old, price_of)
    return after is not None and after.input_usd <= before.input_usd and after.output_usd <= before.output_usd


# --- what a call costs -----------------------------------------------------------------------------------------------


def cost_usd(usage: Usage, price: Price | None) -> float | None:
    """None when the price is not known, or the provider did not count."""
    if price is None:
        return None
    if price.is_free:
        return 0.0
    if not (usage.input_tokens or usage.output_tokens):
        return None
    return (usage.input_tokens * price.input_usd + usage.output_tokens * price.output_usd) / PER


def cost_of_call(
    provider: Provider, asked: str, usage: Usage, price_of: PriceOf, *, replied: str = "", outcome: str = ""
) -> float | None:
    """What one call cost: by the owner's price, else as the reply says, else by the list; None where nobody knows.

    ``asked``: the model that was asked for; ``replied``: the one that the reply names. ``outcome``: the attempt's.
    """
    if is_free(provider, asked, price_of):
        return 0.0
    counted = usage.input_tokens or usage.output_tokens or usage.cost_usd
    if outcome in UNBILLED and not counted:
        return 0.0
    price = price_in_force(asked, replied, price_of)
    if usage.cost_usd is not None and not (price is not None and price.own):
        return usage.cost_usd
    return cost_usd(usage, price)


def price_in_force(asked: str, replied: str, price_of: PriceOf) -> Price | None:
    """The owner's word on the model that was set up goes before ours on the one that replied."""
    price = price_of(asked)
    return price if price is not None and price.own else price_of(replied or asked) or price


# --- an owner's own price --------------------------------------------------------------------------------------------


def checked_model(model: str) -> str:
    """A model's id as it is kept. Raises ``InvalidValue``."""
    text = model.strip().removeprefix("models/")
    if not text or len(text) > MODEL_MAX_CHARS or not text.isprintable() or " " in text:
        raise InvalidValue("A model's id has 1 to {most} printable characters and no blanks.", most=MODEL_MAX_CHARS)
    return text


def checked_amount(value: object, most_usd: float = PRICE_MAX_USD) -> float:
    """An amount of US dollars, from a number or a typed text. Raises ``InvalidValue``."""
    try:
        number = float(value.strip().removeprefix("$").replace(",", ".")) if isinstance(value, str) else value
    except ValueError:
        number = None
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise InvalidValue("It must be a number, such as 0.30.")
    if math.isnan(number) or not 0 <= number <= most_usd:
        raise InvalidValue("It must be from 0 to {most_usd}.", most_usd=f"{most_usd:,.0f}")
    return float(number)
