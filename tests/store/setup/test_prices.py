"""Prices: shipped ones, the owner's laid over them, and what today's frames have cost when the store opens."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from app.core.cost.pricing import Price, PriceOf, find_price
from app.core.errors import InvalidValue, UnknownName
from app.core.events import Bus, PricesChanged
from app.core.frame import Attempt, Usage
from app.paths import DataFolder
from app.store import Store
from tests.store.conftest import PROVIDERS, Clock, OpenStore, eventually, variables
from tests.store.samples import ANSWER, frame

SHIPPED = (Price("g-1", 0.3, 2.5, "2026-10-07"), Price("q-1", 0.15, 0.47, "2026-11-25"))


async def opened(
    folder: DataFolder, bus: Bus, clock: Clock | None = None, shipped: tuple[Price, ...] = SHIPPED
) -> Store:
    listed = {price.model: price for price in shipped}
    store = await Store.open(
        folder.root, bus, default_providers=PROVIDERS, key_variables=variables, environ={}, clock=clock or time.time,
        read_prices=lambda: partial(find_price, prices=listed),
    )  # fmt: skip
    await store.prices.ready()
    return store


def known(store: Store) -> tuple[Price, ...]:
    return store.prices.all(["g-1", "q-1"])


async def test_an_own_price_lies_over_the_shipped_one_and_goes_back(
    folder: DataFolder, bus: Bus, clock: Clock, heard: list[Any]
) -> None:
    bus.subscribe(PricesChanged, heard.append)
    today = datetime.fromtimestamp(clock()).astimezone().date().isoformat()
    async with await opened(folder, bus, clock) as store:
        assert known(store) == SHIPPED
        own = await store.prices.set("G-1", 0.5, 3)
        assert own == Price("g-1", 0.5, 3.0, today, own=True)
        assert known(store) == (own, SHIPPED[1])
        assert store.prices.get("models/g-1-001") == own, "its dated form as well"
        assert store.prices.shipped("g-1") == SHIPPED[0]
    async with await opened(folder, bus, clock) as store:
        assert store.prices.get("g-1") == own
        await store.prices.reset("g-1")
        assert store.prices.get("g-1") == SHIPPED[0]
        await store.prices.reset("g-1")  # it is there already
    async with await opened(folder, bus, clock) as store:
        assert known(store) == SHIPPED
    assert heard == [PricesChanged()] * 6, "each time the list was read, set, reset and reset again"


async def test_the_list_is_read_once_for_the_first_who_asks(folder: DataFolder, bus: Bus) -> None:
    begun: list[int] = []

    def read() -> PriceOf:
        begun.append(threading.get_ident())
        return partial(find_price, prices={price.model: price for price in SHIPPED})

    async with await Store.open(
        folder.root, bus, default_providers=PROVIDERS, key_variables=variables, environ={}, read_prices=read
    ) as store:
        assert begun == []
        assert store.prices.get("g-1") is None, "not yet"
        await asyncio.gather(store.prices.ready(), store.prices.ready())
        assert store.prices.get("g-1") == SHIPPED[0]
        assert len(begun) == 1
        assert threading.get_ident() not in begun


async def test_a_list_that_cannot_be_read_holds_no_frame(folder: DataFolder, bus: Bus) -> None:
    def broken() -> PriceOf:
        raise ImportError("no such list")

    told: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    async with await Store.open(
        folder.root, bus, default_providers=PROVIDERS, key_variables=variables, environ={}, read_prices=broken
    ) as store:
        await store.prices.ready()
        await store.prices.ready()
        assert store.prices.get("g-1") is None
        own = await store.prices.set("g-1", 1, 2)
        assert store.prices.get("g-1") == own
    assert len(told) == 1, "the bug is told"


async def test_the_owners_price_holds_for_a_dated_form_that_the_list_knows_too(folder: DataFolder, bus: Bus) -> None:
    dated = Price("g-1-001", 9.0, 9.0, "2026-10-07")
    async with await opened(folder, bus, shipped=(*SHIPPED, dated)) as store:
        assert store.prices.get("g-1-001") == dated
        own = await store.prices.set("g-1", 1, 2)
        assert store.prices.get("g-1-001") == own
        with pytest.raises(UnknownName):
            await store.prices.reset("g-1-002")


async def test_a_model_that_the_owner_added_comes_and_goes(folder: DataFolder, bus: Bus) -> None:
    async with await opened(folder, bus) as store:
        assert store.prices.get("z-9") is None
        own = await store.prices.set(" models/z-9 ", 0, 0)
        assert own.is_free
        assert [price.model for price in known(store)] == ["g-1", "q-1", "z-9"]
        await store.prices.reset("z-9")
        assert store.prices.get("z-9") is None
        with pytest.raises(UnknownName):
            await store.prices.reset("z-9")


async def test_a_newer_programs_prices_count_unless_the_owner_set_one(folder: DataFolder, bus: Bus) -> None:
    async with await opened(folder, bus) as store:
        await store.prices.set("q-1", 9, 9)
    newer = tuple(replace(price, input_usd=7.0) for price in SHIPPED)
    async with await opened(folder, bus, shipped=newer) as store:
        assert [price.input_usd for price in known(store)] == [7.0, 9.0]


@pytest.mark.parametrize(
    ("model", "usd"),
    [("g-1", (-1, 1)), ("g-1", (1, float("nan"))), ("g-1", (1e9, 1)), ("g-1", (1, 10_000.5)), ("g-1", ("x", 1)),
     ("", (1, 1)), ("a b", (1, 1)), ("x" * 201, (1, 1))],
)  # fmt: skip
async def test_refused_prices(folder: DataFolder, bus: Bus, model: str, usd: tuple[Any, Any]) -> None:
    heard: list[Any] = []
    bus.subscribe(PricesChanged, heard.append)
    async with await opened(folder, bus) as store:
        heard.clear()
        with pytest.raises(InvalidValue) as refused:
            await store.prices.set(model, *usd)
        assert str(refused.value).endswith(".")
        assert known(store) == SHIPPED
    assert heard == []


async def test_a_price_set_by_another_process_is_taken_over(folder: DataFolder, bus: Bus) -> None:
    heard: list[Any] = []
    bus.subscribe(PricesChanged, heard.append)
    async with await opened(folder, bus) as store, await opened(folder, Bus()) as other:
        heard.clear()
        await other.prices.set("g-1", 1, 2)
        await eventually(lambda: heard == [PricesChanged()], within_s=3.0)
        price = store.prices.get("g-1")
        assert price is not None
        assert (price.input_usd, price.output_usd) == (1.0, 2.0)


# --- what was spent today ---------------------------------------------------------------------------------------------


def paid(provider: str, cost_usd: float | None) -> Attempt:
    return Attempt(provider, "m", "unsure", 90, 0.5, usage=Usage(400, 30), cost_usd=cost_usd)


async def test_todays_costs_are_read_when_the_store_opens(open_store: OpenStore, clock: Clock) -> None:
    midnight = datetime.fromtimestamp(clock()).astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    clock.now = midnight.timestamp() + 3_600
    async with open_store() as store:
        assert store.spend_today.today == ()
        await store.profiles.add("alice")
        await store.profiles.add("bob")
        alice, bob = store.profiles.get("alice"), store.profiles.get("bob")
        for who, at, attempts in (
            (alice, clock() - 10, (paid("gemini", 0.25), paid("qwen", 0.5), paid("gemini", 1.0))),
            (alice, clock() - 5, (paid("gemini", 0.25), paid("deepseek", None), paid("ollama", 0.0))),
            (bob, clock() - 5, (paid("gemini", 2.0),)),
            (bob, clock() - 3_700, (paid("gemini", 64.0),)),  # yesterday's
        ):
            await store.activity.record(frame(who, at=at), None, replace(ANSWER, attempts=attempts), 900)
        assert store.spend_today.today == (), "counted in memory from then on"
    async with open_store() as store:
        assert store.spend_today.today == (("alice", "gemini", 1.5), ("alice", "qwen", 0.5), ("bob", "gemini", 2.0))
