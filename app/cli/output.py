"""What a verb prints."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.errors import FrameBackendError


class CommandFailed(FrameBackendError):
    """The verb ran and found a failure; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Output:
    """``lines`` for people, ``data`` with ``--json``."""

    lines: tuple[str, ...] = ()
    data: Any = None


DONE = Output(data={"done": True})


def to_json(data: object) -> str:
    """Moments as ISO 8601; what a terminal would obey is escaped."""
    text = json.dumps(data, ensure_ascii=False, default=_plain)
    return text if text.isprintable() else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
