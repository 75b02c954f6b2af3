"""The settings that were changed, kept as text; the values in force are ``core``'s own live ``Settings``."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from app.core.errors import InvalidValue
from app.core.events import Bus, SettingsChanged
from app.core.setting import Value
from app.core.settings import BY_KEY, Settings, declared
from app.store.database.cached_table import CachedTable
from app.store.database.connection import Session
from app.store.database.records import SettingRecord

log = logging.getLogger(__name__)


def as_text(key: str, value: Value) -> str:
    """What is stored for ``value``, a text or the value itself. Raises ``UnknownName``, ``InvalidValue``."""
    setting = declared(key)
    parsed = setting.parse(value if isinstance(value, str) else str(value))
    return ("on" if parsed else "off") if isinstance(parsed, bool) else str(parsed)


def parsed_values(stored: Mapping[str, str]) -> dict[str, Value]:
    """The stored values that are valid today; the others go back to their default, with a line in the log."""
    values: dict[str, Value] = {}
    for key, text in stored.items():
        if key not in BY_KEY:
            continue  # of another version: kept, not used
        try:
            values[key] = BY_KEY[key].parse(text)
        except InvalidValue as error:
            log.warning("a stored setting is not valid any more, its default is used: %s", error)
    return values


class SettingsStore(CachedTable[dict[str, str]]):
    """Fills ``values`` with what is stored. Publishes ``SettingsChanged`` with the key when only one has changed."""

    def __init__(self, bus: Bus) -> None:
        super().__init__(bus)
        self.values = Settings()

    def load(self, session: Session) -> dict[str, str]:
        return {row["key"]: row["value"] for row in session.rows(SettingRecord.select())}

    def _index(self, snapshot: dict[str, str]) -> None:
        self.values.replace(parsed_values(snapshot))

    def _announce(self, before: dict[str, str], now: dict[str, str]) -> None:
        changed = {key for key, _ in before.items() ^ now.items()}
        self._bus.publish(SettingsChanged(changed.pop() if len(changed) == 1 else ""))


def save_setting(session: Session, key: str, text: str | None) -> None:
    """Store ``text``; None goes back to the default."""
    if text is None:
        session.run(SettingRecord.delete().where(SettingRecord.key == key))
    else:
        session.run(SettingRecord.insert(key=key, value=text).on_conflict_replace())
