"""What a reply says that refuses, whatever its vendor's shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_TEXT = 8_000
"""Characters of a provider's own text that are read."""

_STATUS_OF_CODE: Mapping[str, int] = {
    "rate_limit_exceeded": 429, "rate_limit_error": 429, "throttling": 429, "resource_exhausted": 429,
    "server_error": 503, "internal_error": 500, "service_unavailable": 503, "overloaded_error": 529, "unavailable": 503,
    "authentication_error": 401, "unauthorized": 401, "invalid_request_error": 400, "timeout": 408,
}  # fmt: skip
"""What an error without a number means when it comes with a 200."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a refusing reply says, whatever its shape. ``codes``: code, type, status and reasons, lower case."""

    status: int
    message: str = ""
    codes: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()
    details: tuple[Mapping[str, Any], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Everything in it that is words."""
        return f"{self.message} {' '.join(sorted(self.codes))}"

    def says(self, pattern: re.Pattern[str]) -> bool:
        return pattern.search(self.text) is not None


def read(status: int, value: Any, headers: Mapping[str, str]) -> Refusal:
    """The refusal in ``value``: an object of any vendor's shape, a list around it, or plain text."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        value = value[0]  # Gemini wraps an error of a stream into a list
    if not isinstance(value, dict):
        return Refusal(status, str(value)[:MOST_TEXT], headers=headers)
    error = value.get("error") or value
    if not isinstance(error, dict):
        error = {"message": error}  # LM Studio, Ollama: a string
    if "detail" in value and "message" not in error:
        return _read_fastapi(status, value["detail"], headers)
    details = tuple(item for item in items_of(error.get("details")) if isinstance(item, dict))
    codes = {str(error.get(key, "")).lower() for key in ("code", "type", "status")}
    codes |= {str(item.get("reason", "")).lower() for item in details} | {str(value.get("code", "")).lower()}
    metadata = error.get("metadata")  # OpenRouter: what the upstream said, as text
    upstream = str(metadata.get("raw", "")) if isinstance(metadata, dict) else ""
    message = f"{error.get('message') or error.get('msg') or ''} {upstream}".strip()[:MOST_TEXT]
    param = error.get("param")
    return Refusal(
        _status(status, error.get("code"), codes),
        message,
        frozenset(codes - {"", "none"}),
        (param,) if isinstance(param, str) else (),
        details,
        headers,
    )


def _read_fastapi(status: int, detail: Any, headers: Mapping[str, str]) -> Refusal:
    """FastAPI's ``{"detail": "..."}`` or ``{"detail": [{"loc": [...], "msg": "...", "type": "..."}]}``."""
    items = [item for item in items_of(detail) if isinstance(item, dict)]
    if not items:
        return Refusal(status, str(detail)[:MOST_TEXT], headers=headers)
    paths = tuple(".".join(map(str, items_of(item.get("loc")))) for item in items)
    message = " ".join(str(item.get("msg", "")) for item in items)
    if any("content" in path and "messages" in path for path in paths) and re.search("valid string|'text'", message):
        message += " content must be a string"  # a server that takes words alone
    return Refusal(status, message[:MOST_TEXT], paths=paths, headers=headers)


def _status(status: int, code: Any, codes: set[str]) -> int:
    """The HTTP status, or for a 200 the one that the error's own code stands for."""
    if status >= 400:
        return status
    if isinstance(code, int) or (isinstance(code, str) and code.isdecimal() and len(code) == 3):
        return int(code) if 400 <= int(code) <= 599 else status
    return next((_STATUS_OF_CODE[word] for word in sorted(codes) if word in _STATUS_OF_CODE), status)


def is_told(error: Any) -> bool:
    """An object that says nothing, or success, stands beside whole choices at some servers."""
    if not isinstance(error, dict):
        return bool(error)
    return any(error.values()) and str(error.get("message")).lower() not in ("success", "ok")


def with_status(refusal: Refusal, status: int) -> Refusal:
    return Refusal(status, refusal.message, refusal.codes, refusal.paths, refusal.details, refusal.headers)


def items_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
