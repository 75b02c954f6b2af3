"""What a call costs: which price a model's name finds, what is free, and what an owner's price may be."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.cost.pricing import (
    UNBILLED,
    Price,
    checked_amount,
    checked_model,
    cost_of_call,
    cost_usd,
    find_price,
    is_free,
    price_key,
)
from app.core.errors import InvalidValue
from app.core.frame import Usage
from tests.core.actors import provider, reader

LUNA, LITE, LITE_31, MINI, FOUR = (
    Price(model, 0.1, 0.5, "2026-11-25")
    for model in ("gpt-6-luna", "gemini-3.5-flash-lite", "gemini-3.1-flash-lite", "gpt-4o-mini", "gpt-4o")
)
PRICES = {price_key(price.model): price for price in (LUNA, LITE, LITE_31, MINI, FOUR)}
USED = Usage(430, 60)


def price_of(model: str) -> Price | None:
    return find_price(model, PRICES)


@pytest.mark.parametrize(
    ("model", "found"),
    [
        ("gpt-6-luna", LUNA),
        ("GPT-6-Luna", LUNA),
        ("gpt-6-luna-2026-08-01", LUNA),
        ("gpt-6-luna-latest", LUNA),
        ("openai/gpt-6-luna", LUNA),
        ("openai/gpt-6-luna-2026-08-01", LUNA),
        ("models/gemini-3.5-flash-lite", LITE),
        ("gemini-3.5-flash-lite-001", LITE),
        ("models/gemini-3.5-flash-lite-preview-09-2026", LITE),
        ("gemini-3.5-flash-lite@20261007", LITE),
        ("gpt-4o-2024-11-20", FOUR),
        ("gpt-4o-mini-2024-07-18", MINI),
        ("gpt-6-luna-pro", None),
        ("gpt-6-luna2", None),
        ("gpt-6", None),
        ("gpt-4o-audio-2025-06-03", None),
        ("gemini-3.5-flash", None),
        ("gemini-3.5-flash-lite-image", None),
        ("my-gpt-6-luna", None),
        ("ft:gpt-6-luna:home", None),
        ("openai/gpt-6-luna:nitro", None),
        ("", None),
    ],
)
def test_a_model_finds_its_own_price_and_nobody_elses(model: str, found: Price | None) -> None:
    assert price_of(model) is found


def test_the_longest_known_name_is_meant_and_an_exact_one_goes_first() -> None:
    dated = Price("gpt-6-luna-2026-08-01", 9.0, 9.0, "2026-11-25")
    prices = PRICES | {price_key(dated.model): dated}
    assert find_price("gpt-6-luna-2026-08-01", prices) is dated
    assert find_price("gpt-6-luna-2026-08-01-preview", prices) is dated
    assert find_price("gpt-6-luna-2026-09-01", prices) is LUNA


def test_a_free_model_costs_nothing_though_its_base_does() -> None:
    free = price_of("openai/gpt-6-luna:free")
    assert free is not None
    assert free.is_free


def test_tokens_times_price_and_unknown_stays_unknown() -> None:
    assert cost_usd(Usage(1_000_000, 2_000_000), LUNA) == pytest.approx(1.1)
    assert cost_usd(USED, None) is None
    assert cost_usd(Usage(), LUNA) is None
    assert cost_usd(Usage(), Price("x", 0.0, 0.0, "")) == 0.0


def test_what_is_free_costs_0_whatever_it_counted() -> None:
    for free in (reader(), provider("ollama", is_local=True), provider("openrouter")):
        asked = "google/gemma:free" if free.name == "openrouter" else "gpt-6-luna"
        assert is_free(free, asked, price_of)
        assert cost_of_call(free, asked, USED, price_of) == 0.0
        assert cost_of_call(free, asked, Usage(), price_of) == 0.0
    assert not is_free(provider("openrouter"), "gpt-6-luna", price_of)
    assert not is_free(provider("openrouter"), "nobody-knows", price_of)
    assert is_free(provider("openrouter"), "given-away", lambda model: Price(model, 0.0, 0.0, "", own=True))


def test_the_price_is_the_replied_models_else_the_asked_ones() -> None:
    chatgpt = provider("chatgpt")
    prices = {"asked": Price("asked", 1.0, 1.0, ""), "replied": Price("replied", 2.0, 2.0, "")}
    million = Usage(1_000_000, 0)
    assert cost_of_call(chatgpt, "asked", million, prices.get, replied="replied") == 2.0
    assert cost_of_call(chatgpt, "asked", million, prices.get, replied="V4.1-strange") == 1.0
    assert cost_of_call(chatgpt, "asked", million, prices.get) == 1.0
    prices["asked"] = Price("asked", 3.0, 3.0, "", own=True)
    assert cost_of_call(chatgpt, "asked", million, prices.get, replied="replied") == 3.0, "the owner's word"
    assert cost_of_call(chatgpt, "unknown", million, prices.get) is None


def test_the_replys_own_word_goes_before_the_list_and_behind_the_owner() -> None:
    custom, told = provider("openrouter"), Usage(1_000_000, 0, 0.5)
    prices = {"listed": Price("listed", 1.0, 1.0, ""), "owned": Price("owned", 3.0, 3.0, "", own=True)}
    asked = ("unknown", "listed", "owned")
    assert [cost_of_call(custom, model, told, prices.get) for model in asked] == [0.5, 0.5, 3.0]
    assert cost_of_call(custom, "unknown", Usage(0, 0, 0.5), prices.get, outcome="overload") == 0.5
    assert cost_of_call(custom, "unknown", Usage(9, 9, 0.0), prices.get) == 0.0


def test_a_call_that_was_turned_down_costs_nothing_one_that_was_cut_off_does() -> None:
    chatgpt = provider("chatgpt")
    for word in UNBILLED:
        assert cost_of_call(chatgpt, "gpt-6-luna", Usage(), price_of, outcome=word) == 0.0
    for word in ("timeout", "truncated", "blocked", "empty", "bad_reply", "unsure"):
        assert cost_of_call(chatgpt, "gpt-6-luna", Usage(), price_of, outcome=word) is None
        assert cost_of_call(chatgpt, "gpt-6-luna", USED, price_of, outcome=word) == pytest.approx(0.000073)


@pytest.mark.parametrize("value", [-1, -0.01, "-1", 1e9, "1e9", 10_000.01, float("nan"), "NaN", float("inf"), "inf"])
def test_amounts_out_of_bounds_are_refused(value: Any) -> None:
    with pytest.raises(InvalidValue, match="from 0 to 10,000"):
        checked_amount(value)


@pytest.mark.parametrize("value", ["", "abc", "1.2.3", "1,2,3", None, True, [1]])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(InvalidValue, match="number"):
        checked_amount(value)


@pytest.mark.parametrize(("value", "usd"), [(0, 0.0), ("0", 0.0), (" 0,30 ", 0.3), ("$2.5", 2.5), (10_000, 10_000.0)])
def test_amounts_as_people_write_them(value: Any, usd: float) -> None:
    assert checked_amount(value) == usd


def test_names_of_models_that_can_be_kept() -> None:
    assert checked_model(" models/gemini-9 ") == "gemini-9"
    for wrong in ("", "   ", "a b", "a\nb", "x" * 201):
        with pytest.raises(InvalidValue):
            checked_model(wrong)
