"""The pepper: 32 random bytes in a file of their own, mixed into the hash of every auth key."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path

from app import files
from app.core.errors import DatabaseUnusable
from app.paths import PRIVATE_FILE

SIZE_BYTES = 32
_PATIENCE_S = 1.0


@dataclass(frozen=True, slots=True)
class Pepper:
    """``pepper_id`` tells peppers apart without giving them away; a profile's hash says which one it was made with."""

    secret: bytes = field(repr=False)
    pepper_id: str


def read_or_make(path: Path) -> Pepper:
    """The pepper at ``path``, made when it is not there. Raises ``DatabaseUnusable``.

    A lost pepper is made anew: the server runs, the old keys match no more (``Profiles.needing_new_key``).
    """
    try:
        secret = _make(path) or _read(path)
    except OSError as error:
        raise DatabaseUnusable("The data folder's pepper cannot be used: {reason}.", reason=error.strerror) from None
    return Pepper(secret, hashlib.sha256(b"pepper id:" + secret).hexdigest()[:12])


def _make(path: Path) -> bytes | None:
    """A new pepper, or None when there is one: of two processes starting at once, one makes it."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), PRIVATE_FILE)
    except FileExistsError:
        return None
    secret = secrets.token_bytes(SIZE_BYTES)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    return secret


def _read(path: Path) -> bytes:
    give_up_at = time.monotonic() + _PATIENCE_S
    while True:
        secret = path.read_bytes()
        if len(secret) == SIZE_BYTES:
            return secret
        if len(secret) > SIZE_BYTES or time.monotonic() > give_up_at:
            # Cut short by a crash when it was made, or damaged: no key can match it, so it is as good as lost.
            files.delete(path)
            return _make(path) or _read(path)
        time.sleep(0.02)
