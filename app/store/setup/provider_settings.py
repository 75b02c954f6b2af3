"""Providers as the owner set them up: the defaults of every start, with what was changed laid over them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from app.core.cost.pricing import checked_amount
from app.core.errors import InvalidValue, NameTaken, UnknownName
from app.core.events import Bus, ProvidersChanged
from app.core.provider import ON_DEVICE, ProviderConfig
from app.core.setting import names_in
from app.core.settings import is_web
from app.store.database.cached_table import CachedTable
from app.store.database.connection import Session
from app.store.database.executor import Database
from app.store.database.records import ProviderRecord, SettingRecord
from app.store.setup.settings_store import SettingsStore, save_setting

CHANGEABLE = ("base_url", "model", "enabled", "requests_per_minute", "requests_per_day", "daily_cap_usd", "preset")
CHAIN_KEY = "order.chain"
"""The setting that holds the order of the default chain."""
CUSTOM = "custom"
CAP_MAX_USD = 10_000.0
REQUESTS_MAX = 10_000_000
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_RESERVED = frozenset({"judge", "shared", CUSTOM})  # "judge" is who answered after a merge

Rows = tuple[tuple[str, ...], tuple[dict[str, Any], ...]]
"""The names of the chain's order, and the providers' rows."""


class ProviderSettings(CachedTable[Rows]):
    """All in memory. Every change publishes ``ProvidersChanged`` and makes the provider's ``revision`` grow.

    ``settings`` hold the chain's order. A custom provider goes by ``Secrets.remove_provider``, along with its keys.
    """

    def __init__(
        self, database: Database, bus: Bus, settings: SettingsStore, defaults: tuple[ProviderConfig, ...]
    ) -> None:
        super().__init__(bus)
        self._database = database
        self._settings = settings
        self._defaults = {config.name: config for config in defaults}
        self._configs: dict[str, ProviderConfig] = {}

    # --- reading ---------------------------------------------------------------------------------------------------

    def all(self) -> tuple[ProviderConfig, ...]:
        """In the order of the default chain: the owner's, else built-ins and custom ones as they were added.

        The on-device reader is asked when nobody else answered: behind it are only servers of one's own that the order
        names there, for when it has nothing to say.
        """
        return tuple(self._configs.values())

    def get(self, name: str) -> ProviderConfig:
        """Raises ``UnknownName``."""
        try:
            return self._configs[name]
        except KeyError:
            raise UnknownName("There is no provider '{name}'.", name=name[:60]) from None

    def check(self, name: str) -> None:
        """Raises ``UnknownName``."""
        self.get(name)

    def check_removable(self, name: str) -> None:
        """Raises ``UnknownName``, ``InvalidValue`` for one that came with the program."""
        self.check(name)
        if name in self._defaults:
            raise InvalidValue("{name} came with the program: it can be disabled, not removed.", name=name)

    # --- writing ---------------------------------------------------------------------------------------------------

    async def set(self, name: str, **changes: str | bool | float) -> ProviderConfig:
        """Change some of ``CHANGEABLE``. Raises ``UnknownName``, ``InvalidValue``."""
        self.check(name)
        checked = {field: checked_change(field, value) for field, value in changes.items()}
        await self._database.change(lambda session: save_changes(session, name, checked), self)
        return self.get(name)

    async def set_order(self, names: Iterable[str] | None) -> None:
        """The order of the default chain, those not named behind; None = as it came. Raises ``UnknownName``."""
        wanted = tuple(dict.fromkeys(names or ()))
        for name in wanted:
            self.check(name)
        text = ", ".join(wanted) or None
        await self._database.change(lambda session: save_setting(session, CHAIN_KEY, text), self, self._settings)

    async def touch(self, name: str) -> None:
        """Make the revision grow: after a test, or a new key. Raises ``UnknownName``."""
        self.check(name)
        await self._database.change(lambda session: save_changes(session, name, {}), self)

    async def add(self, config: ProviderConfig) -> ProviderConfig:
        """Add a custom provider. Raises ``NameTaken``, ``InvalidValue``."""
        checked_provider_name(config.name)
        if config.vendor != CUSTOM or not config.base_url:
            raise InvalidValue("Only a custom provider can be added, and it needs a base URL.")
        if config.name in self._configs:
            raise NameTaken("There is a provider '{name}' already.", name=config.name)
        values = {field: checked_change(field, getattr(config, field)) for field in CHANGEABLE}
        await self._database.change(lambda session: _insert(session, config.name, values), self)
        return self.get(config.name)

    # --- the cached table ------------------------------------------------------------------------------------------

    def load(self, session: Session) -> Rows:
        (text,) = session.rows(SettingRecord.select().where(SettingRecord.key == CHAIN_KEY)) or [{"value": ""}]
        rows = session.rows(ProviderRecord.select().order_by(ProviderRecord.position, ProviderRecord.name))
        return names_in(text["value"]), tuple(rows)

    def _index(self, snapshot: Rows) -> None:
        order, rows = snapshot
        changes = {row["name"]: row for row in rows}
        built_in = [_laid_over(config, changes.get(name, {})) for name, config in self._defaults.items()]
        custom = [_laid_over(ProviderConfig(name, CUSTOM), row) for name, row in changes.items()
                  if row["position"] is not None and name not in self._defaults]  # fmt: skip
        ordered = sorted(built_in + custom, key=lambda config: _place(config, order))
        self._configs = {config.name: config for config in ordered}

    def _announce(self, before: Rows, now: Rows) -> None:
        self._bus.publish(ProvidersChanged())


def _place(config: ProviderConfig, order: tuple[str, ...]) -> tuple[int, int, bool]:
    """Before the reader, the reader itself, or behind it; then by the order."""
    at, is_custom = order.index(config.name) if config.name in order else len(order), config.vendor == CUSTOM
    if ON_DEVICE in (config.vendor, config.name):
        return 1, at, is_custom
    is_behind = is_custom and config.name in order and ON_DEVICE in order[:at]
    return 2 if is_behind else 0, at, is_custom


def _laid_over(config: ProviderConfig, row: Mapping[str, Any]) -> ProviderConfig:
    changed = {field: row[field] for field in CHANGEABLE if row.get(field) is not None}
    return replace(config, revision=row.get("revision", 0), **changed)


def checked_provider_name(name: str) -> str:
    """The name of one that is added. Raises ``InvalidValue``."""
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise InvalidValue(
            "A provider's name has 1 to 32 of a-z 0-9 _ -, begins with a letter or digit, and is none of {reserved}.",
            reserved=", ".join(sorted(_RESERVED)),
        )
    return name


def checked_change(field: str, value: object) -> object:
    """``value`` as it is kept of one of ``CHANGEABLE``. Raises ``InvalidValue``."""
    if field not in CHANGEABLE:
        raise InvalidValue(
            "A provider has no '{field}' to set: only {changeable}.", field=field[:40], changeable=", ".join(CHANGEABLE)
        )
    if field == "enabled":
        if not isinstance(value, bool):
            raise InvalidValue("enabled is either on or off.")
        return value
    if field.startswith("requests_"):
        if not isinstance(value, int) or not 0 <= value <= REQUESTS_MAX:
            raise InvalidValue("{field} is a whole number from 0 (no limit) to {most}.", field=field, most=REQUESTS_MAX)
        return int(value)
    if field == "daily_cap_usd":
        return _checked_cap(value)
    text = str(value).strip()
    if field == "base_url":
        return _checked_url(text)
    if len(text) > 200 or not text.isprintable():
        raise InvalidValue("{field} has at most 200 printable characters.", field=field)
    return text


def _checked_cap(value: object) -> float:
    try:
        return checked_amount(value, CAP_MAX_USD)
    except InvalidValue as error:
        raise InvalidValue("The daily limit: {error} 0 is none.", error=error.sentence) from None


def _checked_url(text: str) -> str:
    """A base URL without a trailing slash; empty means the default."""
    if not text:
        return ""
    if not _is_url(text) or len(text) > 500 or not text.isprintable() or " " in text:
        raise InvalidValue("A base URL looks like http://192.168.1.20:11434/v1 or https://api.example.com/v1.")
    if any(sign in text for sign in "@?#"):
        raise InvalidValue("A base URL holds no password, no query and no fragment: the key is kept apart from it.")
    return text.rstrip("/")


def _is_url(text: str) -> bool:
    try:
        return is_web(urlsplit(text))
    except ValueError:
        return False


def save_changes(session: Session, name: str, changes: Mapping[str, object]) -> None:
    """Store ``changes`` with a revision one higher. Empty texts go back to what a built-in comes with."""
    stored = {field: value if value != "" else None for field, value in changes.items()}
    row = ProviderRecord.insert(name=name, revision=1, **stored)
    session.run(row.on_conflict(
        conflict_target=[ProviderRecord.name], update={**stored, "revision": ProviderRecord.revision + 1}
    ))  # fmt: skip


def _insert(session: Session, name: str, values: Mapping[str, object]) -> None:
    if session.number("SELECT position IS NOT NULL FROM provider WHERE name = ?", (name,)):
        raise NameTaken("There is a provider '{name}' already.", name=name)
    position = session.number("SELECT coalesce(max(position), 0) + 1 FROM provider")
    # Above any revision the name had before it was removed, so that no old cooldown comes back with it.
    row = ProviderRecord.insert(name=name, position=position, revision=int(time.time()), **values)
    session.run(row.on_conflict_replace())


def delete_provider(session: Session, name: str) -> None:
    session.run(ProviderRecord.delete().where(ProviderRecord.name == name))
