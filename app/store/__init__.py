"""Persistence: everything the program keeps, in one SQLite database, a folder of pictures and the system's keyring.

Reads that the cascade and the handlers need per frame are in memory and synchronous; everything else awaits a thread.
Every write publishes its ...Changed event on the loop once it is committed, and a write by another process (a verb of
the command line) is noticed, taken over and published within half a second.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from app.core.cost.pricing import PriceOf, nobody_knows
from app.core.errors import DatabaseUnusable
from app.core.events import Bus, Trouble
from app.core.provider import ProviderConfig
from app.core.sentence import Sentence
from app.core.setting import Value
from app.core.settings import Settings, declared
from app.paths import DataFolder
from app.store.database.cached_table import CachedTable
from app.store.database.daily_copies import DailyCopies
from app.store.database.executor import Database
from app.store.database.put_in_place import finish_restore
from app.store.history.activity import Activity, Report
from app.store.history.columns import Listed, ReportRow
from app.store.history.filters import Cleaned, Filter, Page, Summary, WouldGo
from app.store.history.frame_rows import picture_lost
from app.store.history.labels import Feedback, Labels
from app.store.history.pictures import Pictures
from app.store.history.retention import Retention, Usage
from app.store.history.search_index import SearchIndex
from app.store.history.sums import Sums
from app.store.history.today import DayCounter, SpendToday
from app.store.keys.door_secrets import DoorSecrets
from app.store.keys.keyring_cache import KeyringState
from app.store.keys.secrets import Secrets, StoredKey
from app.store.profiles.app_keys import AppKey, AppKeys
from app.store.profiles.pairings import Pairing, Pairings
from app.store.profiles.pepper import Pepper, read_or_make
from app.store.profiles.profiles import Profiles
from app.store.profiles.trash import Deleted, Trash, Trashed
from app.store.setup.blacklist import Blacklist, BlacklistEntry
from app.store.setup.health_store import HealthStore
from app.store.setup.legacy_import import Imported, import_predecessor
from app.store.setup.prices import Prices
from app.store.setup.provider_settings import CHAIN_KEY, ProviderSettings
from app.store.setup.settings_store import SettingsStore, as_text, save_setting

__all__ = [
    "AppKey",
    "BlacklistEntry",
    "Cleaned",
    "Deleted",
    "Feedback",
    "Filter",
    "Imported",
    "KeyringState",
    "Listed",
    "Page",
    "Pairing",
    "Report",
    "ReportRow",
    "Store",
    "StoredKey",
    "Summary",
    "Trashed",
    "Usage",
    "WouldGo",
]

log = logging.getLogger(__name__)


class Store:
    """Open it with ``await Store.open(...)``; it is also an async context manager that closes itself.

    A verb opens it just like the server, while the server runs. The server also calls ``start_housekeeping`` and
    ``secrets.keep_loaded``; a verb that asks a provider calls ``secrets.load``.
    """

    def __init__(
        self,
        folder: DataFolder,
        bus: Bus,
        default_providers: tuple[ProviderConfig, ...],
        key_variables: Callable[[str], tuple[str, ...]],
        environ: Mapping[str, str],
        clock: Callable[[], float],
        read_prices: Callable[[], PriceOf],
        pepper: Pepper,
    ) -> None:
        """Makes the parts, each of those above it; touches nothing yet. Use ``open``."""
        self._database = database = Database(folder, bus)
        self._settings = SettingsStore(bus)
        self.health = HealthStore(database, bus)
        self.prices = Prices(database, bus, read_prices, clock)
        self.spend_today = SpendToday(bus, clock)
        self.pairings = Pairings(database, bus, clock)
        self.blacklist = Blacklist(database, bus, clock, self.pairings)
        self.providers = ProviderSettings(database, bus, self._settings, default_providers)
        self.profiles = Profiles(database, bus, clock, pepper, self.pairings, self.providers)
        self.app_keys = AppKeys(database, bus, clock, pepper, self.profiles)
        self.secrets = Secrets(database, bus, self.profiles, self.providers, key_variables, environ)
        self.door_secrets = DoorSecrets(database, self.secrets.keyring_cache, environ)
        pictures = Pictures(
            folder.frames,
            lambda sentence: bus.publish(Trouble(sentence)),
            lambda frame_id: database.enqueue_later(lambda session: picture_lost(session, frame_id)),
        )
        self.labels = Labels(database, bus, clock)
        self.search = SearchIndex(database, folder.search)
        self.retention = Retention(
            database, bus, folder.root, self.settings, clock, self.pairings, self.blacklist, pictures
        )
        self.activity = Activity(
            database,
            bus,
            self.settings,
            self.profiles,
            DayCounter(bus, clock),
            pictures,
            self.retention,
            self.labels,
            self.search,
        )
        self.trash = Trash(database, bus, clock, self.profiles, self.pairings, self.secrets, self.retention)
        self.sums = Sums(database, bus, clock)
        self._copies = DailyCopies(folder, clock, database.met_damage)

    @classmethod
    async def open(
        cls,
        data_dir: Path | DataFolder,
        bus: Bus,
        *,
        default_providers: tuple[ProviderConfig, ...],
        key_variables: Callable[[str], tuple[str, ...]],
        environ: Mapping[str, str] = os.environ,
        clock: Callable[[], float] = time.time,
        read_prices: Callable[[], PriceOf] = lambda: nobody_knows,
        is_trial: bool = False,
    ) -> Self:
        """Open the data folder, made when it is not there.

        ``key_variables``: the environment variables that may hold a provider's key, the first that is set counts.
        ``clock``: Unix time in seconds. ``read_prices``: reads, in a thread, what models cost unless the owner says
        otherwise. ``is_trial``: nothing is told of what it holds. Raises ``DatabaseUnusable``.
        """
        folder = data_dir if isinstance(data_dir, DataFolder) else DataFolder(data_dir)
        pepper = await asyncio.to_thread(_prepare, folder)
        store = cls(folder, bus, default_providers, key_variables, environ, clock, read_prices, pepper)
        try:
            await store._database.open(store._cached_tables())
        except BaseException:
            await store._database.close()
            raise
        lost = store.profiles.needing_new_key()
        if lost and not is_trial:
            sentence = Sentence(
                "The file 'pepper' of the data folder was lost or replaced: the auth keys of these profiles match no "
                "more, give them new ones: {lost}.",
                lost=", ".join(lost),
            )
            log.error(sentence)
            bus.publish(Trouble(sentence))
        return store

    def _cached_tables(self) -> tuple[CachedTable[Any], ...]:
        """All that is kept in memory, in the order in which it is taken over: names before what refers to them."""
        return (
            self._settings, self.profiles, self.providers, self.pairings, self.app_keys, self.blacklist,
            self.secrets.keyring_cache, self.health, self.activity.day_counter, self.prices, self.spend_today,
            self.labels,
        )  # fmt: skip

    # --- closing ---------------------------------------------------------------------------------------------------

    async def close(self) -> None:
        """Write everything queued, pictures too, and let go of the files. May be called again."""
        await self._copies.stop()
        await self.trash.stop()
        await self.sums.stop()
        await self.search.stop()
        await self.retention.stop()
        self.secrets.keyring_cache.close()
        await self.activity.pictures.close()
        self.profiles.save_seen()
        self.blacklist.save_hits()
        self.pairings.save_touched()
        self.app_keys.save_used()
        await self._database.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def start_housekeeping(self) -> None:
        """Clean up now and every hour, copy the database once a day. For the one server of a data folder alone.

        What a restore replaced is kept until here.
        """
        self.retention.start()
        self.trash.start()
        self.sums.start()
        self.search.start()
        self._copies.start()

    async def import_predecessor(
        self, source: Path, told: Callable[[int, int], bool | None] = lambda done, total: None
    ) -> Imported:
        """Take over the predecessor's data from the folder ``source``; ``told`` hears (frames done, frames all), and
        ends it by False.

        Raises ``ArchiveUnusable``.
        """
        return await import_predecessor(
            self._database,
            self.profiles,
            self.secrets,
            self.blacklist,
            self.activity.pictures,
            source,
            told,
            self.trash.delete,
        )

    # --- settings --------------------------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """The values in force: one live object, for everybody."""
        return self._settings.values

    async def set_setting(self, key: str, value: Value | None) -> None:
        """Set ``key`` to a text or value; None goes back to the default. Raises ``UnknownName``, ``InvalidValue``.

        A per-profile setting set here is the household's: it counts for every profile without a value of its own.
        """
        setting = declared(key)
        text = None if value is None else as_text(key, value)
        also: tuple[CachedTable[Any], ...] = (self.profiles,) if setting.per_profile else ()
        if key == CHAIN_KEY:
            also = (self.providers,)
        await self._database.change(lambda session: save_setting(session, key, text), self._settings, *also)


def _prepare(folder: DataFolder) -> Pepper:
    """Make the folder ready for its database. Raises ``DatabaseUnusable``."""
    try:
        folder.prepare()
    except OSError as error:
        raise DatabaseUnusable("The data folder cannot be used: {reason}.", reason=error.strerror) from None
    try:
        finish_restore(folder)
    except OSError as error:
        raise DatabaseUnusable(
            "A restore that was cut short cannot be finished: {reason}.", reason=error.strerror
        ) from None
    return read_or_make(folder.pepper)
