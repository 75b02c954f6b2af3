"""The predecessor's data: its ``ai_server.db`` and ``stored_images/`` become profiles, history, blacklist and keys.

What is there already is left alone, so that an import may be repeated.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import compress
from pathlib import Path
from typing import Any

from app import images
from app.core.errors import (
    InvalidValue,
    KeyringUnavailable,
    NameTaken,
    PictureError,
    StoreError,
)
from app.core.frame import Answer, Attempt, Frame, Profile
from app.core.sentence import Sentence
from app.core.text.plain_text import printable
from app.store.database.connection import Session
from app.store.database.executor import Database
from app.store.history.frame_rows import insert_frame, place_of, values_of
from app.store.history.pictures import Pictures
from app.store.keys.secrets import Secrets
from app.store.profiles.profiles import Profiles
from app.store.setup.blacklist import Blacklist
from app.store.setup.legacy_database import MOST_NAME_CHARS, OldDatabase, OldFrame, OldProfile, read_legacy_database

IMAGES = "stored_images"
MOST_IMAGE_BYTES = 32 * 2**20
ROWS_AT_ONCE = 50

Told = Callable[[int, int], bool | None]
"""Hears (frames done, frames all); False ends the import there, with what came over by then."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came over. ``new_keys``: profiles whose old auth key could not be kept, with the one made instead.

    ``known``: profiles that were there already. ``left_out``: one sentence for each thing that could not be taken.
    """

    profiles: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    new_keys: tuple[tuple[str, str], ...] = ()
    frames: int = 0
    pictures: int = 0
    blacklisted: int = 0
    keys: int = 0
    left_out: tuple[Sentence, ...] = ()


async def import_predecessor(
    database: Database,
    profiles: Profiles,
    secrets: Secrets,
    blacklist: Blacklist,
    pictures: Pictures,
    source: Path,
    told: Told,
    remove_profile: Callable[[str], Awaitable[object]],
) -> Imported:
    """Take over what ``source`` (the folder with ``ai_server.db``) holds. What fails midway leaves no profile behind.

    Raises ``ArchiveUnusable`` when there is no such database in it or it cannot be read; nothing was taken over then.
    """
    old = await asyncio.to_thread(read_legacy_database, source)
    imported = Imported()
    try:
        for profile in old.profiles:
            imported = await _take_profile(profiles, profile, imported)
        for profile in old.profiles:
            if profile.username in imported.profiles:
                imported = await _take_keys(secrets, profile, imported)
        imported = await _take_blacklist(blacklist, old, imported)
        importer = _Frames(database, pictures, source)
        return await importer.take(old.frames, profiles.all(), imported, told)
    except Exception:  # nobody would ever be told the keys that were made
        for username in imported.profiles:
            await remove_profile(username)
        raise


# --- profiles, keys, blacklist ---------------------------------------------------------------------------------------


async def _take_profile(profiles: Profiles, profile: OldProfile, imported: Imported) -> Imported:
    username = profile.username
    if profiles.find(username) is not None:
        return replace(imported, known=(*imported.known, username))
    try:
        try:
            await profiles.add(username, profile.auth_key)
        except (NameTaken, InvalidValue):  # it is somebody else's key, or one that the rules no longer allow
            key = await profiles.add(username)
            imported = replace(imported, new_keys=(*imported.new_keys, (username, key)))
    except (NameTaken, InvalidValue) as error:
        told = printable(username[:MOST_NAME_CHARS])
        return _without(imported, Sentence("Profile '{username}': {error}", username=told, error=error.sentence))
    return replace(imported, profiles=(*imported.profiles, username))


async def _take_keys(secrets: Secrets, profile: OldProfile, imported: Imported) -> Imported:
    for vendor, key in profile.api_keys.items():
        try:
            await secrets.set(profile.username, vendor, key)
        except (KeyringUnavailable, StoreError) as error:
            said = {"username": profile.username, "vendor": vendor, "error": error.sentence}
            imported = _without(imported, Sentence("{username}'s key for {vendor}: {error}", **said))
        else:
            imported = replace(imported, keys=imported.keys + 1)
    return imported


async def _take_blacklist(blacklist: Blacklist, old: OldDatabase, imported: Imported) -> Imported:
    for address, reason in old.blacklist:
        try:
            await blacklist.add(address, reason)
        except NameTaken:
            continue
        except StoreError as error:
            imported = _without(imported, Sentence("Blacklist: {error}", error=error.sentence))
        else:
            imported = replace(imported, blacklisted=imported.blacklisted + 1)
    return imported


def _without(imported: Imported, sentence: Sentence) -> Imported:
    return replace(imported, left_out=(*imported.left_out, sentence))


# --- frames ----------------------------------------------------------------------------------------------------------


class _Frames:
    """Brings the history over, some rows a commit, so that a frame of the running server never waits long."""

    def __init__(self, database: Database, pictures: Pictures, source: Path) -> None:
        self._database, self._pictures = database, pictures
        self._images = (source / IMAGES).resolve()
        self._outside = self._unreadable = self._homeless = 0

    async def take(
        self, frames: tuple[OldFrame, ...], profiles: tuple[Profile, ...], imported: Imported, told: Told
    ) -> Imported:
        known = {profile.username: profile for profile in profiles}
        for first in range(0, len(frames), ROWS_AT_ONCE):
            mine = [old for old in frames[first : first + ROWS_AT_ONCE] if old.username in known]
            self._homeless += len(frames[first : first + ROWS_AT_ONCE]) - len(mine)
            made = [await self._row(known[old.username], old) for old in mine]
            new = await self._database.change(partial(_insert_new, made=made))
            kept = await self._keep_pictures([row for row in made if row.frame.frame_id in new])
            imported = replace(imported, frames=imported.frames + len(new), pictures=imported.pictures + kept)
            done = min(first + ROWS_AT_ONCE, len(frames))
            if told(done, len(frames)) is False and (left := len(frames) - done):
                stopped = Sentence("Stopped: {left} frames are left, the same import goes on with them.", left=left)
                imported = _without(imported, stopped)
                break
        return self._with_sentences(imported)

    async def _row(self, profile: Profile, old: OldFrame) -> _Made:
        jpeg = await asyncio.to_thread(self._picture, old.image_path) if old.image_path else None
        # the same row gives the same id: an import that is repeated finds it there
        made_of = f"{old.number}\0{old.username}\0{old.received_at.isoformat()}\0{old.answer}"
        frame_id = "old-" + hashlib.sha256(made_of.encode("utf-8", "replace")).hexdigest()[:24]
        frame = Frame(frame_id, profile, "", b"", old.client_ip, old.received_at)
        attempts = tuple(Attempt(name, "", "unsure", answer=text, full_answer=text) for name, text in old.said.items())
        answer = Answer(old.answer, old.answer, "ok", attempts=attempts)
        return _Made(frame, values_of(frame, answer, old.latency_ms, len(jpeg or b"")), jpeg)

    async def _keep_pictures(self, rows: list[_Made]) -> int:
        kept = 0
        for row in rows:
            if row.jpeg is not None:
                while not self._pictures.offer(place_of(row.frame), row.jpeg):
                    await self._pictures.settled()  # the queue is full
                kept += 1
        await self._pictures.settled()
        return kept

    def _picture(self, image_path: str) -> bytes | None:
        """The picture that a row names, as the history keeps it; None when it lies elsewhere or is none."""
        path = self._inside(image_path)
        if path is None:
            self._outside += 1
            return None
        try:
            if not path.is_file():  # a pipe may have no end
                raise FileNotFoundError
            with path.open("rb") as file:
                data = file.read(MOST_IMAGE_BYTES + 1)
            if len(data) > MOST_IMAGE_BYTES:
                raise ValueError
            return images.normalise(data).jpeg
        except (OSError, ValueError, PictureError):
            self._unreadable += 1
            return None

    def _inside(self, image_path: str) -> Path | None:
        """The file in ``stored_images`` that is meant, links followed; None when it would be any other."""
        if "\0" in image_path:
            return None
        parts = image_path.replace("\\", "/").split("/")
        if IMAGES in parts:  # it was kept with the folder's own path before it, often another computer's
            parts = parts[parts.index(IMAGES) + 1 :]
        elif Path(image_path).is_absolute() or image_path[1:2] == ":":
            return None
        try:
            path = self._images.joinpath(*parts).resolve()
            return path if path.is_relative_to(self._images) and path != self._images else None
        except (OSError, ValueError):
            return None

    def _with_sentences(self, imported: Imported) -> Imported:
        numbers = homeless, outside, unreadable = self._homeless, self._outside, self._unreadable
        folder = f"{IMAGES}{os.sep}"
        told = (
            Sentence("{number} frames of profiles that are not there were left out.", number=homeless),
            Sentence("{number} pictures that lie outside {folder} were left out.", number=outside, folder=folder),
            Sentence("{number} pictures that are missing, damaged or too large were left out.", number=unreadable),
        )
        return replace(imported, left_out=(*imported.left_out, *compress(told, numbers)))


@dataclass(frozen=True, slots=True)
class _Made:
    frame: Frame
    values: tuple[Any, ...]
    jpeg: bytes | None


def _insert_new(session: Session, made: list[_Made]) -> frozenset[str]:
    """The ids of those that were not there yet."""
    new = set()
    for row in made:
        frame_id = row.frame.frame_id
        if not session.number("SELECT 1 FROM frame WHERE frame_id = ?", (frame_id,)) and insert_frame(
            session, row.values
        ):
            new.add(frame_id)
    return frozenset(new)
