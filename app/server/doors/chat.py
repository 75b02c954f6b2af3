"""A conversation as chat programs send it, read as one question about one picture."""

from __future__ import annotations

import asyncio
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.server.doors.asking import CONTEXT_CHARS, QUESTION_CHARS
from app.server.wire.api_errors import Refused

PICTURE: Mapping[str, Any] = {"type": "string", "format": "picture", "description": "a data URL, or base64"}
JSON_OBJECT: Mapping[str, Any] = {"type": "string", "description": "one JSON object, written as a text"}
"""Asks for any object: a schema of one that leaves it open is none that vendors hold a model to."""
_DATA_URL = re.compile(r"data:[^,;]{0,200}(?:;[^,;]{0,200}){0,9}?;base64,", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_IN_URLS, _LEFT_OUT = bytes.maketrans(b"-_", b"+/"), b" \t\r\n="
_AT_ONCE_CHARS = 512 * 1024
"""A larger picture takes some milliseconds, and is read in a thread."""
_RULES_CHARS = CONTEXT_CHARS // 2


@dataclass(frozen=True, slots=True)
class Turn:
    """One message. ``images``: data URLs or bare base64, as they were sent."""

    role: str
    text: str
    images: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Conversation:
    """``question``: the last words of the user, empty when there are none. ``image``: None when there is no picture."""

    question: str
    context: str
    image: bytes | None = field(default=None, repr=False)


async def conversation(turns: Sequence[Turn]) -> Conversation:
    """The last user's text is asked about the last picture; all else is context. Raises ``Refused`` (``bad_request``).

    Of the context the rules are kept from their beginning, what was said from its end.
    """
    users = [at for at, turn in enumerate(turns) if turn.role == "user" and turn.text.strip()]
    asked = users[-1] if users else -1
    rules = "\n".join(turn.text for turn in turns if turn.role in _RULES).strip()
    others = (f"{turn.role}: {turn.text}" for at, turn in enumerate(turns) if at != asked and _is_said(turn))
    said = "\n".join(others)
    rules = rules[: max(_RULES_CHARS, CONTEXT_CHARS - len(said) - 1)]
    room = CONTEXT_CHARS - len(rules) - 1
    context = "\n".join(part for part in (rules, said[-room:] if room > 0 else "") if part)
    images = [image for turn in turns for image in turn.images]
    question = turns[asked].text.strip()[:QUESTION_CHARS] if users else ""
    return Conversation(question, context, await _picture(images[-1]) if images else None)


async def _picture(sent: str) -> bytes:
    return picture_of(sent) if len(sent) <= _AT_ONCE_CHARS else await asyncio.to_thread(picture_of, sent)


def picture_of(sent: str) -> bytes:
    """The bytes of a data URL or of bare base64. Raises ``Refused`` (``bad_request``); nothing is ever fetched."""
    head = _DATA_URL.match(sent)
    if head is None and _ADDRESS.match(sent[:20]):
        raise Refused("bad_request", "A picture is taken as a data URL or base64; no address is fetched.")
    try:
        return _decoded(sent.encode("ascii")[head.end() if head else 0 :])
    except ValueError:
        raise Refused("bad_request", "The picture is no base64.") from None


def _decoded(told: bytes) -> bytes:
    """Raises ``ValueError``. Blanks, missing padding and the signs of URLs are looked for only where there are some."""
    try:
        return binascii.a2b_base64(told, strict_mode=True)
    except binascii.Error:
        told = told.translate(_IN_URLS, _LEFT_OUT)
        return binascii.a2b_base64(told + b"=" * (-len(told) % 4), strict_mode=True)


_RULES = frozenset({"system", "developer"})


def _is_said(turn: Turn) -> bool:
    return turn.role not in _RULES and bool(turn.text.strip())
