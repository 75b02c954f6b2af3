"""The profiles' rows: what runs on the writer's thread for ``Profiles``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import NameTaken, UnknownName
from app.core.frame import Profile
from app.core.setting import Value
from app.core.settings import SETTINGS
from app.store.database.clock import utc
from app.store.database.connection import Session
from app.store.database.records import PairingRecord, ProfileRecord, ProfileSettingRecord, SettingRecord, TokenRecord
from app.store.setup.settings_store import parsed_values

PER_PROFILE = tuple(setting.key for setting in SETTINGS if setting.per_profile)
"""Each is also a field of ``core``'s ``Profile``, with ``_`` for a dot."""
UNDO_S = 60.0
"""How long a profile lies in the trash."""


class KeyTaken(NameTaken):
    """Another profile has this auth key."""


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """``own``: the settings that it does not leave to the household.

    ``seen_at`` (Unix seconds) is left out of comparisons: being seen again is no change of the profile.
    """

    profile: Profile
    key_hash: bytes = field(repr=False)
    pepper_id: str
    own: Mapping[str, Value]
    seen_at: float | None = field(compare=False)


def load_profiles(session: Session) -> tuple[ProfileRow, ...]:
    """By name, each with its settings: its own over the household's over the defaults. Not those in the trash."""
    shared = session.rows(SettingRecord.select().where(SettingRecord.key << PER_PROFILE))
    household = _per_profile_values({row["key"]: row["value"] for row in shared})
    own: dict[int, dict[str, str]] = {}
    for row in session.rows(ProfileSettingRecord.select()):
        own.setdefault(row["profile_id"], {})[row["key"]] = row["value"]
    alive = ProfileRecord.select().where(ProfileRecord.deleted_at.is_null()).order_by(ProfileRecord.username)
    return tuple(_row(row, household, _per_profile_values(own.get(row["id"], {}))) for row in session.rows(alive))


def _per_profile_values(stored: Mapping[str, str]) -> dict[str, Value]:
    return {key: value for key, value in parsed_values(stored).items() if key in PER_PROFILE}


def _row(row: Mapping[str, Any], household: Mapping[str, Any], own: Mapping[str, Any]) -> ProfileRow:
    profile = Profile(
        profile_id=row["id"],
        username=row["username"],
        prompt=row["prompt"],
        chain=None if row["chain"] is None else tuple(json.loads(row["chain"])),
        created_at=utc(row["created_at"]),
        has_short_key=row["has_short_key"],
        **{key.replace(".", "_"): value for key, value in {**household, **own}.items()},
    )
    return ProfileRow(profile, bytes(row["key_hash"]), row["pepper_id"], own, row["last_seen_at"])


def profile_id_of(session: Session, username: str) -> int:
    """Raises ``UnknownName``, also for one in the trash."""
    profile_id = session.number("SELECT id FROM profile WHERE username = ? AND deleted_at IS NULL", (username,))
    if not profile_id:
        raise UnknownName("There is no profile '{username}'.", username=username[:64])
    return profile_id


def insert_profile(session: Session, username: str, key_hash: bytes, pepper_id: str, now: float) -> int:
    _check_name_is_free(session, username, now)
    _check_key_is_free(session, key_hash, profile_id=0)
    row = ProfileRecord.insert(username=username, key_hash=key_hash, pepper_id=pepper_id, created_at=now)
    return int(session.run(row))


def rename_profile(session: Session, username: str, new_name: str, now: float) -> None:
    profile_id = profile_id_of(session, username)
    if new_name != username:
        _check_name_is_free(session, new_name, now)
        session.run(ProfileRecord.update(username=new_name).where(ProfileRecord.id == profile_id))


def _check_name_is_free(session: Session, username: str, now: float) -> None:
    """Whatever lies in the trash keeps its name: it may come back."""
    row = session.first(ProfileRecord.select().where(ProfileRecord.username == username))
    if row is None:
        return
    if row["deleted_at"] is None:
        raise NameTaken("There is a profile '{username}' already.", username=username)
    if row["deleted_at"] + UNDO_S > now:
        raise NameTaken("'{username}' was just deleted: undo that, or wait a minute.", username=username)
    raise NameTaken(
        "'{username}' was deleted, and goes for good when the program runs next: then the name is free.",
        username=username,
    )


def replace_key(session: Session, username: str, key_hash: bytes, pepper_id: str) -> None:
    profile_id = profile_id_of(session, username)
    _check_key_is_free(session, key_hash, profile_id)
    changed = ProfileRecord.update(key_hash=key_hash, pepper_id=pepper_id, has_short_key=False)
    session.run(changed.where(ProfileRecord.id == profile_id))
    session.run(PairingRecord.delete().where(PairingRecord.profile_id == profile_id))
    session.run(TokenRecord.delete().where(TokenRecord.profile_id == profile_id))


def _check_key_is_free(session: Session, key_hash: bytes, profile_id: int) -> None:
    if session.number("SELECT 1 FROM profile WHERE key_hash = ? AND id != ?", (key_hash, profile_id)):
        raise KeyTaken("That auth key is in use already: choose another.")


def update_profile(session: Session, username: str, values: Mapping[str, object]) -> None:
    profile_id = profile_id_of(session, username)
    session.run(ProfileRecord.update(**values).where(ProfileRecord.id == profile_id))


def save_value(session: Session, username: str, key: str, text: str | None) -> None:
    """Store one of the profile's own settings; None leaves it to the household's."""
    profile_id = profile_id_of(session, username)
    mine = (ProfileSettingRecord.profile_id == profile_id) & (ProfileSettingRecord.key == key)
    session.run(ProfileSettingRecord.delete().where(mine))
    if text is not None:
        session.run(ProfileSettingRecord.insert(profile_id=profile_id, key=key, value=text))


def save_seen(session: Session, profile_id: int, at: float) -> None:
    session.run(ProfileRecord.update(last_seen_at=at).where(ProfileRecord.id == profile_id))


def delete_profile(session: Session, username: str) -> int:
    """Its pairings, tokens and settings go with it by the foreign keys; its id, for what goes after."""
    profile_id = profile_id_of(session, username)
    purge_profile(session, profile_id)
    return profile_id


# --- the trash -------------------------------------------------------------------------------------------------------


def trash_profile(session: Session, username: str, now: float) -> int:
    """Hide the profile with all that belongs to it; its id. Raises ``UnknownName``."""
    profile_id = profile_id_of(session, username)
    session.run(ProfileRecord.update(deleted_at=now).where(ProfileRecord.id == profile_id))
    return profile_id


def restore_profile(session: Session, username: str) -> None:
    """Raises ``UnknownName`` when it is not in the trash, any more or at all."""
    mine = (ProfileRecord.username == username) & ProfileRecord.deleted_at.is_null(False)
    if not session.run(ProfileRecord.update(deleted_at=None).where(mine)):
        raise UnknownName("'{username}' cannot be brought back: it is gone for good.", username=username[:64])


def trashed_ids(session: Session) -> tuple[int, ...]:
    return tuple(row[0] for row in session.sql("SELECT id FROM profile WHERE deleted_at IS NOT NULL"))


def purge_profile(session: Session, profile_id: int) -> None:
    session.run(ProfileRecord.delete().where(ProfileRecord.id == profile_id))
