"""What profiles and their auth keys may be called, and how auth keys are made and hashed."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata

from app.core.errors import InvalidValue

NAME_MAX_CHARS = 64
KEY_MIN_CHARS, KEY_MAX_CHARS = 8, 128
OLD_KEY_MIN_CHARS = 4
"""Keys of before may be shorter than new ones."""

_KEY = re.compile(rf"[A-Za-z0-9._~-]{{{OLD_KEY_MIN_CHARS},{KEY_MAX_CHARS}}}")
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for another: no i, l, o, 0, 1
_GROUPS, _GROUP_CHARS = 4, 4


def normal_name(username: str) -> str:
    """One spelling per name: an accent may arrive as part of its letter or behind it."""
    return unicodedata.normalize("NFC", username)


def checked_name(username: str) -> str:
    """The name as it is kept. Raises ``InvalidValue``."""
    name = normal_name(username)
    if not 1 <= len(name) <= NAME_MAX_CHARS:
        raise InvalidValue("A profile's name has 1 to {most} characters.", most=NAME_MAX_CHARS)
    if name != name.strip(" ") or name in (".", "..") or unicodedata.category(name[0])[0] == "M":
        raise InvalidValue("A profile's name neither begins nor ends with a space, and is not '.' or '..'.")
    if not all(_is_fit(char) for char in name):
        raise InvalidValue("A profile's name consists of letters, digits, spaces and . _ - alone.")
    return name


def _is_fit(char: str) -> bool:
    # Marks belong to the letters of many scripts (Devanagari, Thai, Arabic).
    return char in " ._-" or unicodedata.category(char) in _FIT_CATEGORIES


_FIT_CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd"})


def checked_auth_key(auth_key: str, *, is_old: bool = False) -> str:
    """Raises ``InvalidValue``, without repeating the key."""
    if any(char.isspace() for char in auth_key):
        raise InvalidValue("An auth key has no spaces and no line breaks: give it without them.")
    if not _KEY.fullmatch(auth_key) or (is_short(auth_key) and not is_old):
        raise InvalidValue(
            "An auth key has {least} to {most} characters of A-Z a-z 0-9 . _ ~ -.",
            least=KEY_MIN_CHARS,
            most=KEY_MAX_CHARS,
        )
    return auth_key


def is_short(auth_key: str) -> bool:
    return len(auth_key) < KEY_MIN_CHARS


def make_auth_key() -> str:
    """A key that can be read out and typed: four groups of four, 79 random bits."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(_GROUP_CHARS)) for _ in range(_GROUPS))


def hash_auth_key(auth_key: str, pepper: bytes) -> bytes:
    """HMAC-SHA256: without the pepper even a short key cannot be guessed from the database."""
    return hmac.digest(pepper, auth_key.encode("utf-8", "surrogatepass"), "sha256")


def hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
