"""What models cost: a list that is read when first needed, and the owner's own prices laid over it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from app.core.cost.pricing import Price, PriceOf, checked_amount, checked_model, find_price, nobody_knows, price_key
from app.core.errors import InvalidValue, UnknownName
from app.core.events import Bus, PricesChanged
from app.core.sentence import Sentence
from app.core.tasks import spawn
from app.store.database.cached_table import CachedTable
from app.store.database.connection import Session
from app.store.database.executor import Database
from app.store.database.records import PriceRecord

Rows = tuple[dict[str, Any], ...]


class Prices(CachedTable[Rows]):
    """All in memory. Every change publishes ``PricesChanged``.

    ``read_list``: reads the list, in a thread, for the first who asks for a price; until then nobody knows any.
    """

    def __init__(
        self, database: Database, bus: Bus, read_list: Callable[[], PriceOf], clock: Callable[[], float]
    ) -> None:
        super().__init__(bus)
        self._database = database
        self._read_list = read_list
        self._clock = clock
        self._reading: asyncio.Task[None] | None = None
        self._listed: PriceOf = nobody_knows
        self._own: dict[str, Price] = {}
        self._found: dict[str, Price | None] = {}

    # --- the list --------------------------------------------------------------------------------------------------

    async def ready(self) -> None:
        """Returns once the list has been read: what is asked for after that counts."""
        if not (reading := self._begin()).done():
            await asyncio.wait((reading,))  # neither its failure nor its end belongs to whoever waits

    def _begin(self) -> asyncio.Task[None]:
        if self._reading is None:
            self._reading = spawn(self._read(), name="read the prices")
        return self._reading

    async def _read(self) -> None:
        self._listed = await asyncio.to_thread(self._read_list)
        self._found = {}
        self._bus.publish(PricesChanged())

    # --- reading ---------------------------------------------------------------------------------------------------

    def all(self, models: Iterable[str]) -> tuple[Price, ...]:
        """What is known of ``models``, in their order and each once; then the owner's other prices, by name."""
        found = (self.get(model) for model in models)
        known = {price_key(price.model): price for price in found if price is not None}
        return tuple((known | self._own).values())

    def get(self, model: str) -> Price | None:
        """What ``model`` costs, as set up or as replied: also a dated form of a known one. None: nobody knows (yet)."""
        self._begin()
        if model not in self._found:
            if len(self._found) >= 1_000:  # names come from outside
                self._found.clear()
            self._found[model] = find_price(model, self._own) or self._listed(model)
        return self._found[model]

    def shipped(self, model: str) -> Price | None:
        """The price that the program came with, whatever the owner set."""
        return self._listed(model)

    def _exactly(self, model: str) -> Price | None:
        """The price in force under this very name."""
        price = self._own.get(price_key(model)) or self._listed(model)
        return price if price is not None and price_key(price.model) == price_key(model) else None

    # --- writing ---------------------------------------------------------------------------------------------------

    async def set(self, model: str, input_usd: float, output_usd: float) -> Price:
        """The owner's own price, as of today. Raises ``InvalidValue``."""
        name = checked_model(model)
        if known := self._exactly(name):
            name = known.model
        row = {
            "model": name,
            "input_usd": _checked(Sentence("The price of input"), input_usd),
            "output_usd": _checked(Sentence("The price of output"), output_usd),
            "as_of": datetime.fromtimestamp(self._clock()).astimezone().date().isoformat(),
        }
        await self._database.change(
            lambda session: session.run(PriceRecord.insert(**row).on_conflict_replace()), self
        )  # fmt: skip
        return self._own[price_key(name)]

    async def reset(self, model: str) -> None:
        """Back to the shipped price; a model without one is known no more. Raises ``UnknownName``."""
        price = self._exactly(model)
        if price is None:
            raise UnknownName("There is no price of '{model}'.", model=model[:60])
        gone = PriceRecord.delete().where(PriceRecord.model == price.model)
        await self._database.change(lambda session: session.run(gone), self)

    # --- the cached table ------------------------------------------------------------------------------------------

    def load(self, session: Session) -> Rows:
        return tuple(session.rows(PriceRecord.select().order_by(PriceRecord.model)))

    def _index(self, snapshot: Rows) -> None:
        self._own = {price_key(row["model"]): Price(**row, own=True) for row in snapshot}
        self._found = {}

    def _announce(self, before: Rows, now: Rows) -> None:
        self._bus.publish(PricesChanged())


def _checked(what: Sentence, amount: object) -> float:
    try:
        return checked_amount(amount)
    except InvalidValue as error:
        raise InvalidValue("{what}: {error}", what=what, error=error.sentence) from None
