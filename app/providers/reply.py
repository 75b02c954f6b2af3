"""From a reply's bytes to JSON, and from a model's words to fields: tolerant of form, never of missing content."""

from __future__ import annotations

import contextlib
import functools
import html
import json
import re
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from email.message import Message
from typing import Any

import orjson

from app.core.cost.pricing import MODEL_MAX_CHARS
from app.core.errors import BadReplyError, EmptyReplyError, TruncatedError
from app.core.provider import Reply
from app.core.text.plain_text import MOST_CHARS, shorten
from app.providers import json_reader
from app.providers.chunks import Events, Pieces, as_completion, is_event_stream, merged
from app.providers.escapes import restored, without_html
from app.providers.json_reader import MOST_TEXT, NotReadableError, Twice
from app.providers.tokens import spoken, without_marks
from app.providers.transport import RawReply

MOST_USD = 100.0
"""Of one call; whoever says more counts in another unit."""
_MOST_NESTED, _MOST_DEPTH = 4, 64
_CHARSETS = re.compile(r"utf-?(?:16|32)|iso-|latin|windows-|cp\d|gb|big5|shift|sjis|euc|koi8", re.IGNORECASE)
_GARBLED = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u20ac\u201a-\u203a\u0192\u02c6\u02dc\u2122\u0152\u0153\u0160\u0161]"
)
_FENCE = re.compile(r"```(?:[\w-]*[ \t]*\n)?(.*?)(?:```)?", re.DOTALL)
_FENCE_BEFORE = re.compile(
    r"(?:[`~]{3,}|'''|\"{3})?\s*+(?:json\w{0,2}|javascript|js|python|py|ya?ml)?:?\s*+", re.IGNORECASE
)


class Body:
    """The body of a reply as it comes: events, whose ``pieces`` are put together, or JSON, which is read once it is
    whole.
    """

    def __init__(self, headers: Mapping[str, str], label: str) -> None:
        self.pieces = Pieces()
        self._label = label
        self._read = functools.partial(_value_of, charset=_charset(headers.get("content-type", "")))
        self._events: Events | None = None
        self._json: bytearray | None = None
        self._start = b""

    @property
    def is_over(self) -> bool:
        """Whether nothing that counts can follow."""
        return self.pieces.failed is not None or (self._events is not None and self._events.is_over)

    @property
    def is_broken_off(self) -> bool:
        """Whether it is a stream whose end was not told."""
        return self._events is not None and not (self.is_over or self.pieces.is_finished)

    def feed(self, chunk: bytes) -> Iterator[str]:
        """What the events that end in ``chunk`` add to the model's words, one by one. Raises ``BadReplyError``."""
        if self._json is None and self._events is None:
            chunk = (self._start + chunk).removeprefix(b"\xef\xbb\xbf").lstrip()  # blanks: DeepSeek's keep-alive
            is_stream = is_event_stream(chunk)
            self._start = chunk
            if is_stream is None:
                return
            self._events, self._json = (Events(self._read), None) if is_stream else (None, bytearray())
        if self._json is not None:
            self._json += chunk
        elif self._events is not None:
            yield from self._added(self._events.feed(chunk))

    def whole(self) -> Any:
        """The JSON value that all of it is, of either dialect's whole replies. Raises ``BadReplyError``."""
        if self._events is not None:
            deque(self._added(self._events.end()), maxlen=0)
            return self.pieces.whole(has_ended=not self.is_broken_off)
        body = bytes(self._start if self._json is None else self._json)
        with contextlib.suppress(ValueError, LookupError, RecursionError):
            try:
                value = self._read(body)
            except ValueError:
                value = [self._read(line) for line in body.splitlines() if line.strip()]  # a value on each line
            return merged(value) if isinstance(value, list) and value else as_completion(value)
        raise self._unreadable(is_empty=not body)

    def _added(self, values: Iterator[Any]) -> Iterator[str]:
        try:
            for value in values:
                yield self.pieces.add(value)
                if self.is_over:
                    return
        except (ValueError, LookupError, RecursionError):
            raise self._unreadable() from None

    def _unreadable(self, *, is_empty: bool = False) -> BadReplyError:
        if is_empty:
            return BadReplyError("{label} sent nothing.", label=self._label)
        return BadReplyError("{label} sent something that is not a reply.", label=self._label)


def load(raw: RawReply, label: str) -> Any:
    """The JSON value of a body that is here, whole or in pieces. Raises ``BadReplyError``."""
    body = Body(raw.headers, label)
    deque(body.feed(raw.body), maxlen=0)
    return body.whole()


def _value_of(data: bytes, charset: str) -> Any:
    """``data`` as UTF-8, which JSON is whatever its label says, else in ``charset``."""
    try:
        return _shallow(orjson.loads(data), data)
    except ValueError:  # what it is too strict for: a byte order mark, half a surrogate pair, NaN
        text = data.decode(charset or json.detect_encoding(data))
        return _shallow(json.loads(text, strict=False, parse_constant=lambda _: None), data)


def _shallow(value: Any, data: bytes) -> Any:
    """``value`` of ``data``, nested no deeper than any reply is: what reads it may call itself. Raises
    ``ValueError``.
    """
    if data.count(b"{") + data.count(b"[") <= _MOST_DEPTH:
        return value
    level = [value]
    for _ in range(_MOST_DEPTH):
        inner = [one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)]
        level = [one for many in inner for one in many if isinstance(one, dict | list)]
    if level:
        raise ValueError("nested too deep")
    return value


@functools.lru_cache(64)
def _charset(content_type: str) -> str:
    """The charset that a reply tells, empty when it is UTF-8 or none that a server would write."""
    told = Message()
    told["Content-Type"] = content_type
    named = told.get_param("charset", "")
    return named if isinstance(named, str) and _CHARSETS.match(named) else ""


def read_words(words: str, wanted: Collection[str], label: str) -> Reply:
    """What a model wrote, with the JSON object in it if there is one. Reasoning is left out.

    ``wanted``: the field names asked for, in lower case. Raises ``EmptyReplyError``, and ``TruncatedError`` for half an
    object: a fragment is never shown.
    """
    if len(words) > MOST_TEXT:
        raise BadReplyError("{label}'s reply is too long.", label=label)
    said, is_all = spoken(words)
    text = whole_characters(said).strip(" \t\r\n\0\ufeff\u200b\u2060")
    if not text:
        raise EmptyReplyError("{label} gave an empty answer.", label=label)
    try:
        value = json_reader.whole_value(_bare(text))
    except NotReadableError:
        return _amid_words(text, wanted, label)
    form, is_form = json_reader.unwrapped(value, wanted)
    if not form:
        raise EmptyReplyError("{label} gave an empty answer.", label=label)
    fields = _meant(form, wanted)
    is_form = is_form and is_all and not any(isinstance(told, Twice) for told in fields.values())
    return Reply(text, fields, form="whole" if is_form else "ends")


def _bare(text: str) -> str:
    """``text`` without the fence that it may begin with; ``whole_value`` passes over its end."""
    return _FENCE_BEFORE.sub("", text, count=1)


def _amid_words(text: str, wanted: Collection[str], label: str) -> Reply:
    """A reply that is not the form: words with an object among them, or words alone."""
    nearly = [text.replace('\\"', '"').replace("\\n", "\n"), html.unescape(text)]  # escaped once more
    if not text.startswith("{") or text.endswith("}}"):
        nearly.append(f"{{{_bare(text).strip('{}`')}\n}}")  # no braces, as in YAML, or a template's
    for again in (other for other in nearly if other != text):
        with contextlib.suppress(NotReadableError):
            fields = json_reader.unwrapped(json_reader.whole_value(_bare(again.replace("**", ""))), wanted)[0]
            if json_reader.score(fields, wanted):
                return Reply(text, _meant(fields, wanted), form="ends")
    found = json_reader.object_within(text, wanted)
    if found is not None:
        fields, is_at_end = found
        return Reply(text, _meant(fields, wanted), form="ends" if is_at_end else "within")
    if json_reader.is_cut(text, wanted):
        raise TruncatedError("{label}'s answer was cut off.", label=label)
    return _plain(text, wanted, label)


def _meant(fields: Mapping[str, Any], wanted: Collection[str]) -> Mapping[str, Any]:
    """``fields`` by the ``wanted`` names (others in lower case), each text bounded and as it was meant."""
    names = {json_reader.plain_key(name): name for name in wanted}
    found: dict[str, Any] = {}
    for key, value in fields.items():
        json_reader.put(found, names.get(json_reader.plain_key(key), key.lower()), _as_meant(value))
    return found


def _as_meant(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return restored(without_marks(whole_characters(shorten(value, MOST_CHARS))))
    if isinstance(value, list | dict) and depth == _MOST_NESTED:
        return None
    if isinstance(value, dict):
        return {key: _as_meant(one, depth + 1) for key, one in value.items()}
    return type(value)(_as_meant(one, depth + 1) for one in value[:100]) if isinstance(value, list) else value


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
    text = without_html(shorten(text, MOST_CHARS)).strip()
    if not text or whole is None:
        raise EmptyReplyError("{label} gave an empty answer.", label=label)
    return Reply(text)


def whole_characters(text: str) -> str:
    """``text`` with its surrogate pairs joined and without halves of one, which no file and no socket takes; and as it
    was, where a relay took its UTF-8 for Windows' characters.
    """
    if text.isascii():
        return text
    if _GARBLED.search(text):
        with contextlib.suppress(UnicodeError):
            return text.encode("cp1252").decode()
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def model_name(told: Any) -> str:
    """A model's id as a server tells it, empty when it is none: it stands in the trace and in lists."""
    name = told.strip() if isinstance(told, str) else ""
    return name if name.isprintable() and len(name) <= MODEL_MAX_CHARS else ""


def amount(value: Any) -> float | None:
    """US dollars that one call may have cost, None when it is no such number."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value <= MOST_USD else None


def count(value: Any) -> int:
    """A number of tokens, 0 when it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
