"""What decides who reaches this computer, whom it asks and whom it tells: its network settings, the addresses of its
providers, its webhooks and its broker.

In a backup they are another computer's, or another's idea: each stays as it is here unless its owner takes it over.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import InvalidValue
from app.core.settings import BY_KEY
from app.store.database.corruption import acts_by_itself, reading
from app.store.setup.provider_settings import checked_change
from app.store.setup.settings_store import as_text

_ADDRESS, _WEBHOOK = ".base_url", ".webhook_url"
_WEBHOOK_KEY = "webhook.url"
_VALUES = (
    "SELECT key, value, 0 FROM setting WHERE key GLOB 'network.*' OR key GLOB 'webhook.*' OR key GLOB 'mqtt.*'"
    " OR key IN ('doors.webhook', 'doors.mqtt')"
    " UNION ALL SELECT name || '.base_url', base_url, position IS NOT NULL FROM provider WHERE base_url IS NOT NULL"
    " UNION ALL SELECT username || '.webhook_url', value, 1 FROM profile_setting JOIN profile ON id = profile_id"
    " WHERE key = 'webhook.url'"
)
_OF_PROFILE = "profile_id = (SELECT id FROM profile WHERE username = ?) AND key = ?"
Found = Mapping[str, tuple[str, bool]]
"""By name: the text, and whether it is of a server that was added."""


@dataclass(frozen=True, slots=True)
class NetworkValue:
    """One that a backup would change. ``name``: the setting's key, ``PROVIDER.base_url`` or ``PROFILE.webhook_url``.

    Empty: as it comes.
    """

    name: str
    here: str
    there: str


def network_values(database: Path) -> Found:
    """Those that were changed. Raises ``sqlite3.Error``; ``StoreError`` for what could not be set here."""
    with closing(reading(database)) as connection:
        if acts_by_itself(connection):
            raise InvalidValue("The backup's database is damaged.")
        found = connection.execute(_VALUES).fetchall()
    known = (row for row in found if row[0] in BY_KEY or row[0].endswith((_ADDRESS, _WEBHOOK)))
    return {name: (_checked(name, value), bool(is_added)) for name, value, is_added in known}


def _checked(name: str, value: str) -> str:
    if name.endswith(_WEBHOOK):
        return as_text(_WEBHOOK_KEY, value)
    return str(checked_change("base_url", value)) if name.endswith(_ADDRESS) else as_text(name, value)


def differences(here: Found, there: Found) -> tuple[NetworkValue, ...]:
    """A server that was added here alone goes with all that is replaced, and so does the webhook of a profile."""
    names = sorted({*there, *(name for name, (_, is_added) in here.items() if not is_added)})
    both = (NetworkValue(name, here.get(name, ("",))[0], there.get(name, ("",))[0]) for name in names)
    return tuple(one for one in both if one.here != one.there)


def keep_here(database: Path, values: Iterable[NetworkValue]) -> None:
    """Give ``database`` this computer's own. A server that was added elsewhere has no address here: it is left out."""
    with closing(sqlite3.connect(database)) as connection, connection:
        for one in values:
            if one.name.endswith(_WEBHOOK):
                _keep_webhook(connection, one)
                continue
            provider = one.name.removesuffix(_ADDRESS)
            if provider == one.name:
                connection.execute("DELETE FROM setting WHERE key = ?", (one.name,))
                if one.here:
                    connection.execute("INSERT INTO setting (key, value) VALUES (?, ?)", (one.name, one.here))
                continue
            connection.execute("INSERT OR IGNORE INTO provider (name) VALUES (?)", (provider,))
            connection.execute(
                "UPDATE provider SET base_url = nullif(?, ''), revision = revision + 1 WHERE name = ?",
                (one.here, provider),
            )
            connection.execute(
                "DELETE FROM provider WHERE name = ? AND position IS NOT NULL AND base_url IS NULL", (provider,)
            )


def _keep_webhook(connection: sqlite3.Connection, one: NetworkValue) -> None:
    username = one.name.removesuffix(_WEBHOOK)
    connection.execute(f"DELETE FROM profile_setting WHERE {_OF_PROFILE}", (username, _WEBHOOK_KEY))  # noqa: S608  our own
    if one.here:
        connection.execute(
            "INSERT INTO profile_setting SELECT id, ?, ? FROM profile WHERE username = ?",
            (_WEBHOOK_KEY, one.here, username),
        )
