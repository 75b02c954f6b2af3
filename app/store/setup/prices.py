"""What models cost: the prices the program came with, and the owner's own laid over them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.core.cost.pricing import Price, checked_amount, checked_model, find_price, price_key
from app.core.errors import InvalidValue, UnknownName
from app.core.events import Bus, PricesChanged
from app.core.sentence import Sentence
from app.store.database.cached_table import CachedTable
from app.store.database.connection import Session
from app.store.database.executor import Database
from app.store.database.records import PriceRecord

Rows = tuple[dict[str, Any], ...]


class Prices(CachedTable[Rows]):
    """All in memory. Every change publishes ``PricesChanged``."""

    def __init__(self, database: Database, bus: Bus, shipped: tuple[Price, ...], clock: Callable[[], float]) -> None:
        super().__init__(bus)
        self._database = database
        self._clock = clock
        self._shipped = {price_key(price.model): price for price in shipped}
        self._in_force = dict(self._shipped)
        self._found: dict[str, Price | None] = {}

    # --- reading ---------------------------------------------------------------------------------------------------

    def all(self) -> tuple[Price, ...]:
        """Those in force: the shipped ones in their order, then models that the owner added, by name."""
        return tuple(self._in_force.values())

    def get(self, model: str) -> Price | None:
        """What ``model`` costs, as set up or as replied: also a dated form of a known one. None: nobody knows."""
        if model not in self._found:
            if len(self._found) >= 1_000:  # names come from outside
                self._found.clear()
            self._found[model] = find_price(model, self._in_force)
        return self._found[model]

    def shipped(self, model: str) -> Price | None:
        """The price that the program came with, whatever the owner set."""
        return find_price(model, self._shipped)

    # --- writing ---------------------------------------------------------------------------------------------------

    async def set(self, model: str, input_usd: float, output_usd: float) -> Price:
        """The owner's own price, as of today. Raises ``InvalidValue``."""
        name = checked_model(model)
        if known := self._in_force.get(price_key(name)):
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
        return self._in_force[price_key(name)]

    async def reset(self, model: str) -> None:
        """Back to the shipped price; a model without one is known no more. Raises ``UnknownName``."""
        price = self._in_force.get(price_key(model))
        if price is None:
            raise UnknownName("There is no price of '{model}'.", model=model[:60])
        gone = PriceRecord.delete().where(PriceRecord.model == price.model)
        await self._database.change(lambda session: session.run(gone), self)

    # --- the mirror ------------------------------------------------------------------------------------------------

    def load(self, session: Session) -> Rows:
        return tuple(session.rows(PriceRecord.select().order_by(PriceRecord.model)))

    def _index(self, snapshot: Rows) -> None:
        own = {price_key(row["model"]): Price(**row, own=True) for row in snapshot}
        self._in_force = self._shipped | own
        self._found = {}

    def _announce(self, before: Rows, now: Rows) -> None:
        self._bus.publish(PricesChanged())


def _checked(what: Sentence, amount: object) -> float:
    try:
        return checked_amount(amount)
    except InvalidValue as error:
        raise InvalidValue("{what}: {error}", what=what, error=error.sentence) from None
