"""multipart/form-data, read by hand: bounded in parts, headers and bytes, and strict.

aiohttp's reader is not used: it meets a malformed part with five kinds of exception, and switches the process's
warning filters per slice of 8 KB, which is not safe beside threads. A body here is bounded and already read
(``uploads.py``), so finding its parts is a few ``bytes.find``.
"""

from __future__ import annotations

import binascii
import contextlib
import functools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from app.server.wire.api_errors import Refused

MAX_PARTS = 20
PICTURE_NAMES = ("photo", "file", "frame", "picture", "img")
"""What others than the app call the field ``image``."""
_MAX_HEADER_BYTES = 4_096
_MAX_BOUNDARY_CHARS = 70

_PARAMETER = re.compile(
    r""";\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"(?=\s*(?:;|$))|"([^"]*)"|([^\s;"]*))\s*""", re.ASCII
)
"""The second form is a Windows folder's: its last backslash does not belong to the quote."""
_FOLD = re.compile(r"\r\n[ \t]+")
_CHARSET = re.compile(
    r"(?:utf-?(?:8|16)|iso-?8859-\d{1,2}|windows-\d{3,4}|koi8-[ru]|shift_jis|big5|gb\w{1,6}|euc-\w{2})"
)
"""Those of which Python's decoders take time in proportion. Any other is read as UTF-8."""
_HEADER_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
_PADDING = b" \t"

_DECODERS: dict[str, Callable[[bytes], bytes]] = {
    **dict.fromkeys(("", "binary", "8bit", "7bit"), lambda body: body),
    "base64": binascii.a2b_base64,
    "quoted-printable": binascii.a2b_qp,
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its field's ``name`` and its bytes, decoded. A file's name and type are not kept: they may lie.

    ``charset``: what its text is said to be in; empty when that is nothing we know.
    """

    name: str
    body: bytes
    charset: str = ""

    def text(self) -> str:
        """Raises ``Refused`` (``bad_request``)."""
        for charset in filter(None, (self.charset, "utf-8")):
            with contextlib.suppress(UnicodeDecodeError, LookupError):
                return self.body.decode(charset)
        raise Refused("bad_request", f"The field {self.name} must be UTF-8 text.")


@dataclass(frozen=True, slots=True)
class Form:
    """What a phone uploads; None is a field that was not sent.

    ``others``: the fields that the app does not know, by name; empty unless other senders are let in.
    """

    image: bytes | None = field(repr=False)
    username: str | None
    prompt: str | None
    others: Mapping[str, Part] = field(default_factory=dict, repr=False)


def boundary_of(content_type: str) -> bytes:
    """The boundary in a Content-Type header. Raises ``Refused`` (``bad_request``) for any other type."""
    media_type, parameters = _parsed(content_type)
    boundary = parameters.get("boundary", "")
    if media_type != "multipart/form-data" or not 0 < len(boundary) <= _MAX_BOUNDARY_CHARS or not boundary.isascii():
        raise Refused("bad_request", "The request must be multipart/form-data.")
    return boundary.encode("ascii")


def form_of(body: bytes, boundary: bytes, *, by_others: bool = False) -> Form:
    """The fields that we know. The first of each name wins; others are read over. Raises ``Refused``.

    ``by_others``: other senders are let in, who have fields of their own and call the picture otherwise.
    """
    fields: dict[str, Part] = {}
    for part in parts_of(body, boundary):
        fields.setdefault(part.name, part)
    username, prompt = (fields[name].text() if name in fields else None for name in ("username", "prompt"))
    names = ("image", *PICTURE_NAMES) if by_others else ("image",)
    image = next((fields[name].body for name in names if name in fields), None)
    return Form(image, username, prompt, fields if by_others else {})


def parts_of(body: bytes, boundary: bytes) -> Iterator[Part]:
    """The parts in order. Raises ``Refused`` (``bad_request``) for whatever is cut off, mixed up or too much."""
    body = b"\r\n" + body  # the first boundary has no line before it
    delimiter = b"\r\n--" + boundary
    _, start, is_last = _next_delimiter(body, delimiter, 0)
    count = 0
    while not is_last:
        count += 1
        if count > MAX_PARTS:
            raise Refused("bad_request", "The request has too many fields.")
        end, after, is_last = _next_delimiter(body, delimiter, start - 2)
        yield _part(body, start, end)
        start = after


def _next_delimiter(body: bytes, delimiter: bytes, at: int) -> tuple[int, int, bool]:
    """Where the next delimiter begins, where what follows it begins, and whether it is the closing one."""
    while True:
        found = body.find(delimiter, at)
        if found < 0:
            raise Refused("bad_request", "The upload arrived cut off. Please try again.")
        at = found + len(delimiter)
        if body.startswith(b"--", at):
            return found, at + 2, True
        line_end = body.find(b"\r\n", at, at + 64)
        if line_end >= 0 and not body[at:line_end].strip(_PADDING):
            return found, line_end + 2, False
        # it only looked like one: a longer word, or the picture's own bytes


def _part(body: bytes, start: int, end: int) -> Part:
    headers_end = body.find(b"\r\n\r\n", start, min(end, start + _MAX_HEADER_BYTES))
    if headers_end < 0:
        raise Refused("bad_request")
    name, coding, charset = _head(body[start:headers_end])
    try:
        return Part(name, _DECODERS[coding](body[headers_end + 4 : end]), charset)
    except binascii.Error:
        raise Refused("bad_request") from None


@functools.lru_cache(64)
def _head(block: bytes) -> tuple[str, str, str]:
    """A part's name, coding and charset; a phone writes the same ones with each frame. Raises ``Refused``."""
    headers = _headers(block)
    disposition, parameters = _parsed(headers.get("content-disposition", ""))
    coding = headers.get("content-transfer-encoding", "").strip().lower()
    if disposition != "form-data" or "\ufffd" in parameters.get("name", "\ufffd") or coding not in _DECODERS:
        raise Refused("bad_request")
    return parameters["name"], coding, _charset(headers)


def _charset(headers: dict[str, str]) -> str:
    charset = _parsed(headers.get("content-type", ""))[1].get("charset", "").lower()
    return charset if _CHARSET.fullmatch(charset) else ""


def _headers(block: bytes) -> dict[str, str]:
    """By their names in lower case. What is no UTF-8 can only be a file's name, which nobody reads."""
    headers = {}
    for line in _FOLD.sub(" ", block.decode("utf-8", "replace")).split("\r\n"):
        name, colon, value = line.partition(":")
        name = name.rstrip(" \t")
        if not colon or not _HEADER_NAME.fullmatch(name):
            raise Refused("bad_request")
        headers[name.lower()] = value.strip()
    return headers


def _parsed(header: str) -> tuple[str, dict[str, str]]:
    """A header's value in lower case and its parameters; quotes and escapes are taken off."""
    value, semicolon, _ = header.partition(";")
    parameters: dict[str, str] = {}
    at = len(value)
    while semicolon and (match := _PARAMETER.match(header, at)):
        name, quoted, folder, plain = match.groups()
        unquoted = folder if plain is None else plain
        parameters.setdefault(name.lower(), unquoted if quoted is None else re.sub(r"\\(.)", r"\1", quoted))
        at = match.end()
    return value.strip().lower(), parameters
