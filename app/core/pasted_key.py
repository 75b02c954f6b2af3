"""API keys as they are pasted: with quotes, a comma, the name of a variable or header before, a line break within."""

from __future__ import annotations

import re
from functools import lru_cache

_MARKS = "\"'`,;“”„\u2018\u2019«»"
_UNSEEN = re.compile(r"[\u200b-\u200f\u2060\ufeff]")
SHORTEST_BROKEN = 20
"""No shorter key is broken over lines by whoever shows it."""
_BEFORE = re.compile(
    r"(?:export|setx?)\s+\w+[\s=]\s*|\$env:\w+\s*=\s*"
    r"|[\w.-]*(?:key|token|secret|authorization)[\"'`]?\s*[:=]\s*|bearer\s+",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)  # those of the environment are asked for with every frame
def cleaned(text: str) -> str:
    """The key in ``text``; what is none stays none, and is for others to refuse."""
    key, before = _joined(_UNSEEN.sub("", text)), ""
    while key != before:
        before, key = key, key.strip().strip(_MARKS).strip()
        if (found := _BEFORE.match(key)) and found.end() < len(key):
            key = key[found.end() :]
    return key


def _joined(text: str) -> str:
    """One line of what was broken over several; two keys, which begin alike or have names, stay two lines."""
    first, *others = [line.strip() for line in text.strip().splitlines()] or [""]
    joined = first + "".join(others)
    are_several = any(line[:3] == first[:3] or _BEFORE.match(line) for line in others)
    return text if len(joined) < SHORTEST_BROKEN or are_several else joined
