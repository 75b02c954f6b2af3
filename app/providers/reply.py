"""From a reply's bytes to JSON, and from a model's words to fields: tolerant of form, never of missing content."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

import orjson

from app.core.errors import BadReplyError, EmptyReplyError, TruncatedError
from app.core.provider import Reply
from app.providers.json_reader import best_object, is_cut

_THINK = r"(?:think|thinking|thought|reasoning)"
_OPEN = re.compile(rf"\s*[<\u25c1]{_THINK}[>\u25b7]", re.IGNORECASE)
_CLOSE = re.compile(rf"[<\u25c1]/{_THINK}[>\u25b7]", re.IGNORECASE)
_FENCE = re.compile(r"```(?:[\w-]*[ \t]*\n)?(.*?)(?:```)?", re.DOTALL)


def load(body: bytes, label: str) -> Any:
    """The JSON value of ``body``; blanks before it are DeepSeek's keep-alive. Raises ``BadReplyError``."""
    try:
        return orjson.loads(body)
    except ValueError:
        pass
    try:  # what orjson is too strict for: a byte order mark, half a surrogate pair, NaN, bytes that are no UTF-8
        text = body.decode("utf-8-sig", "replace")
        return json.loads(text, strict=False, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        pass
    raise BadReplyError(
        "{label} sent something that is not a reply." if body.strip() else "{label} sent nothing.", label=label
    )


def read_words(words: str, wanted: Collection[str], label: str) -> Reply:
    """What a model wrote, with the JSON object in it if there is one. Reasoning is left out.

    ``wanted``: the field names asked for. Raises ``EmptyReplyError``, and ``TruncatedError`` for half an object: a
    fragment is never shown.
    """
    text = _whole_characters(without_reasoning(words)).strip()
    if not text:
        raise EmptyReplyError("{label} gave an empty answer.", label=label)
    fields = _fields(text, wanted)
    if fields is not None:
        return Reply(text, fields)
    if is_cut(text, wanted):
        raise TruncatedError("{label}'s answer was cut off.", label=label)
    return _plain(text, wanted, label)


def without_reasoning(words: str) -> str:
    """``words`` without a leading <think> block; one that never closes leaves nothing."""
    closings = list(_CLOSE.finditer(words))
    if _OPEN.match(words):
        return words[closings[0].end() :] if closings else ""
    # Some chat templates open the block in the prompt, so that only its end is in the reply.
    if closings and not words.lstrip().startswith(("{", "`")):
        return words[closings[-1].end() :]
    return words


def _fields(text: str, wanted: Collection[str]) -> Mapping[str, Any] | None:
    """The object meant in ``text``: one with a wanted key, else the whole text when it is an object."""
    try:
        whole = orjson.loads(text)
    except ValueError:
        whole = None
    if isinstance(whole, dict) and any(key in whole for key in wanted):
        return whole
    found = best_object(text, wanted)
    if found is not None:
        return {key: _whole_characters(value) if isinstance(value, str) else value for key, value in found.items()}
    return whole if isinstance(whole, dict) and whole else None


def _plain(text: str, wanted: Collection[str], label: str) -> Reply:
    """Prose, out of its fence or its quotes."""
    fenced = _FENCE.fullmatch(text)
    text = fenced.group(1).strip() if fenced else text
    try:
        whole = orjson.loads(text)
    except ValueError:
        whole = text
    if isinstance(whole, str) and whole != text:
        return read_words(whole, wanted, label)  # shorter by its quotes each time: it ends
    if not text or whole is None or whole in ({}, []):
        raise EmptyReplyError("{label} gave an empty answer.", label=label)
    return Reply(text)


def _whole_characters(text: str) -> str:
    """``text`` with its surrogate pairs joined and without halves of one, which no file and no socket takes."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def count(value: Any) -> int:
    """A number of tokens, 0 when it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
