"""What doors that go out are known by: the webhook's key and the broker's password, in the system's keyring.

Or in the environment, where there is no keyring; never in the database, a file, a log or a repr.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from app.core.errors import InvalidValue, KeyringUnavailable
from app.store.database.connection import Session
from app.store.database.executor import Database
from app.store.database.records import SHARED
from app.store.keys.keyring_cache import KeyringCache, Place, forget_places, save_place
from app.store.keys.keyring_worker import KeyringTrouble

OutDoor = Literal["webhook", "mqtt"]
OUT_DOORS: tuple[OutDoor, ...] = ("webhook", "mqtt")
SECRET_MAX_CHARS = 4_096
_VARIABLES: Mapping[OutDoor, str] = {
    "webhook": "FRAME_BACKEND_WEBHOOK_KEY",
    "mqtt": "FRAME_BACKEND_MQTT_PASSWORD",
}


class DoorSecrets:
    """One for each door. They lie where providers' keys do and are fetched with them; so changes publish
    ``KeysChanged``.
    """

    def __init__(self, database: Database, keyring: KeyringCache, environ: Mapping[str, str]) -> None:
        self._database, self._keyring, self._environ = database, keyring, environ

    def get(self, door: OutDoor) -> str:
        """The keyring's, else the environment's; empty when there is none, or the keyring has not given it yet."""
        return self._keyring.get(_place(door)) or self._environ.get(_VARIABLES[door], "").strip()

    def is_kept(self, door: OutDoor) -> bool:
        """Whether the keyring has one."""
        return self._keyring.holds(_place(door))

    def is_locked(self, door: OutDoor) -> bool:
        """Whether there is none only because the keyring has not given it yet."""
        return self._keyring.owes(_place(door)) and not self.get(door)

    async def set(self, door: OutDoor, secret: str) -> None:
        """Raises ``InvalidValue``, and ``KeyringUnavailable`` naming the variable to use instead."""
        secret = secret.strip()
        if not 1 <= len(secret) <= SECRET_MAX_CHARS or not secret.isprintable():
            raise InvalidValue("It has 1 to {most} printable characters.", most=f"{SECRET_MAX_CHARS:,}")
        place = _place(door)
        try:
            tag = await self._keyring.put(place, secret)
        except KeyringTrouble as trouble:
            raise KeyringUnavailable(
                "This computer's keyring cannot keep it ({trouble}): set the environment variable {variable} instead.",
                trouble=trouble.sentence,
                variable=_VARIABLES[door],
            ) from None
        await self._database.change(lambda session: save_place(session, place, tag), self._keyring)

    async def remove(self, door: OutDoor) -> None:
        """Nothing where there is none. Raises ``KeyringUnavailable`` when the keyring still holds it."""
        place = _place(door)
        try:
            await self._keyring.delete([place])
        except KeyringTrouble as trouble:
            raise KeyringUnavailable(
                "It stays where it is, the keyring cannot be used: {trouble}.", trouble=trouble.sentence
            ) from None

        def forget(session: Session) -> None:
            forget_places(session, [place])

        await self._database.change(forget, self._keyring)


def _place(door: OutDoor) -> Place:
    """No provider is called so: their names have no dot."""
    return SHARED, f"door.{door}"
