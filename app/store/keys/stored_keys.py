"""Which API keys lie in the keyring: (profile, provider) pairs and a tag each. The keys themselves are never here."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.core.events import Bus
from app.store.database.cached_table import CachedTable
from app.store.database.connection import Session
from app.store.database.records import StoredKeyRecord

Place = tuple[int, str]
"""(profile id or ``SHARED``, provider)."""
Tags = dict[Place, str]


class StoredKeys(CachedTable[tuple[str, Tags]]):
    """``tags``: a random text per key, new whenever the key is; one not seen before means: fetch that key again.

    ``installation_id`` stands in each keyring entry's name and keeps several data folders of one user apart.

    ``changed`` is called on the loop after a change by anybody; set by the ``KeyringCache``.
    """

    changed: Callable[[], None]

    def __init__(self, bus: Bus) -> None:
        super().__init__(bus)
        self.installation_id = ""
        self.tags: Tags = {}

    def load(self, session: Session) -> tuple[str, Tags]:
        rows = session.rows(StoredKeyRecord.select())
        ((installation_id,),) = session.sql("SELECT value FROM meta WHERE key = 'installation_id'")
        return installation_id, {(row["profile_id"], row["provider"]): row["tag"] for row in rows}

    def _index(self, snapshot: tuple[str, Tags]) -> None:
        self.installation_id, self.tags = snapshot

    def _announce(self, before: tuple[str, Tags], now: tuple[str, Tags]) -> None:
        self.changed()


def save_place(session: Session, place: Place, tag: str) -> None:
    row = StoredKeyRecord.insert(profile_id=place[0], provider=place[1], tag=tag)
    session.run(row.on_conflict_replace())


def forget_places(session: Session, places: Iterable[Place]) -> None:
    for profile_id, provider in places:
        session.run(StoredKeyRecord.delete().where(
            (StoredKeyRecord.profile_id == profile_id) & (StoredKeyRecord.provider == provider)
        ))  # fmt: skip
