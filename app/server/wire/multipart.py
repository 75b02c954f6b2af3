"""multipart/form-data, read by hand: bounded in parts, headers and bytes, and strict.

aiohttp's reader is not used: it meets a malformed part with five kinds of exception, and switches the process's
warning filters per slice of 8 KB, which is not safe beside threads. A body here is bounded and already read
(``uploads.py``), so finding its parts is a few ``bytes.find``.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from app.server.wire.api_errors import Refused

MAX_PARTS = 20
_MAX_HEADER_BYTES = 4_096
_MAX_BOUNDARY_CHARS = 70

_PARAMETER = re.compile(r""";\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))\s*""", re.ASCII)
_HEADER_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
_PADDING = b" \t"

_DECODERS: dict[str, Callable[[bytes], bytes]] = {
    **dict.fromkeys(("", "binary", "8bit", "7bit"), lambda body: body),
    "base64": binascii.a2b_base64,
    "quoted-printable": binascii.a2b_qp,
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its field's ``name`` and its bytes, decoded. A file's name and type are not kept: they may lie."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """What a phone uploads; None is a field that was not sent."""

    image: bytes | None = field(repr=False)
    username: str | None
    prompt: str | None


def boundary_of(content_type: str) -> bytes:
    """The boundary in a Content-Type header. Raises ``Refused`` (``bad_request``) for any other type."""
    media_type, parameters = _parsed(content_type)
    boundary = parameters.get("boundary", "")
    if media_type != "multipart/form-data" or not 0 < len(boundary) <= _MAX_BOUNDARY_CHARS or not boundary.isascii():
        raise Refused("bad_request", "The request must be multipart/form-data.")
    return boundary.encode("ascii")


def form_of(body: bytes, boundary: bytes) -> Form:
    """The fields that we know. The first of each name wins; others are read over. Raises ``Refused``."""
    fields: dict[str, bytes] = {}
    for part in parts_of(body, boundary):
        fields.setdefault(part.name, part.body)
    return Form(fields.get("image"), _text(fields, "username"), _text(fields, "prompt"))


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
    headers = _headers(body[start:headers_end])
    disposition, parameters = _parsed(headers.get("content-disposition", ""))
    decode = _DECODERS.get(headers.get("content-transfer-encoding", "").strip().lower())
    if disposition != "form-data" or "name" not in parameters or decode is None:
        raise Refused("bad_request")
    try:
        return Part(parameters["name"], decode(body[headers_end + 4 : end]))
    except binascii.Error:
        raise Refused("bad_request") from None


def _text(fields: dict[str, bytes], name: str) -> str | None:
    try:
        return fields[name].decode("utf-8") if name in fields else None
    except UnicodeDecodeError:
        raise Refused("bad_request", f"The field {name} must be UTF-8 text.") from None


def _headers(block: bytes) -> dict[str, str]:
    try:
        lines = block.decode("utf-8").split("\r\n")
    except UnicodeDecodeError:
        raise Refused("bad_request") from None
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
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
        name, quoted, plain = match.groups()
        parameters.setdefault(name.lower(), plain if quoted is None else re.sub(r"\\(.)", r"\1", quoted))
        at = match.end()
    return value.strip().lower(), parameters
