"""What was said in a frame, as it is searched: whatever the case, and with or without accents."""

from __future__ import annotations

import json
import unicodedata

LIKE_MAX_CHARS = 1_000
"""SQLite takes patterns of up to 50,000 bytes."""
SAID = "said"
"""The SQL function that ``is_said`` is."""

_BY_PYTHON = f"{SAID}(?, answer, full_answer, error, ai_responses)"
_BY_LIKE = (
    "(answer LIKE ? ESCAPE '\\' OR full_answer LIKE ? ESCAPE '\\' OR error LIKE ? ESCAPE '\\'"
    # the JSON as it stands holds the providers' names too: what is found there is looked at again
    " OR (ai_responses LIKE ? ESCAPE '\\' AND EXISTS"
    " (SELECT 1 FROM json_each(frame.ai_responses) WHERE value LIKE ? ESCAPE '\\')))"
)
_HAS_OTHERS = "answer || full_answer || error || ai_responses GLOB '*[^' || char(1) || '-~]*'"


def folded(text: str) -> str:
    """``text`` without case and accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char)) or text.casefold()


def texts_of(answer: str, full_answer: str, error: str, ai_responses: str) -> list[str]:
    """What was answered, by any provider too, or went wrong."""
    return [answer, full_answer, error, *json.loads(ai_responses).values()]


def is_said(wanted: str, *columns: str) -> bool:
    """Whether ``wanted``, folded, stands in one of the texts."""
    return any(wanted in folded(text) for text in texts_of(*columns))


def term_of(text: str) -> tuple[str, tuple[str, ...]]:
    """SQL that holds for the frames in which ``text`` was said, and its values.

    SQLite's own LIKE knows the case of A to Z alone, and is two to three times as quick as calling Python for each row,
    which keeps the window waiting at times besides: Python is for what has other letters in it.
    """
    wanted = folded(text)
    if not _is_for_like(wanted):
        return _BY_PYTHON, (wanted,)
    pattern, in_json = _like(wanted), _like(json.dumps(wanted, ensure_ascii=False)[1:-1])
    return f"({_BY_LIKE} OR {_HAS_OTHERS} AND {_BY_PYTHON})", (pattern, pattern, pattern, in_json, pattern, wanted)


def _is_for_like(text: str) -> bool:
    has_no_case = all(char.isascii() or char == char.lower() == char.upper() == char.casefold() for char in text)
    return has_no_case and "\0" not in text and len(text) <= LIKE_MAX_CHARS


def _like(text: str) -> str:
    """``text`` as a pattern in which nothing has a meaning of its own."""
    for special in "\\%_":
        text = text.replace(special, f"\\{special}")
    return f"%{text}%"
