"""How long a refusal asks to be left alone."""

from __future__ import annotations

import email.utils
import math
import re
import time
from collections.abc import Mapping
from datetime import UTC

from app.providers.refusal import Refusal

LONGEST_WAIT_S = 7 * 24 * 3_600
FIRST_MOMENT_S = 1_000_000_000
"""From here on a number is a moment, not a wait: Unix time in seconds (of 2001), or a thousand times as many."""

_UNIT = r"(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|days?)"
_DURATION = rf"(?:\d{{1,9}}(?:\.\d{{1,9}})?\s*{_UNIT}(?![a-z])\s*)+"
_TRY_AGAIN = re.compile(
    rf"\b(?:retry|try again)(?: your request)?(?: in| after)\s+(?:about )?({_DURATION})", re.IGNORECASE
)


def wait_s(refusal: Refusal) -> int | None:
    """The longest wait that the reply names, in whole seconds rounded up; None when it names none.

    Sources: the headers Retry-After (RFC 9110 10.2.3: seconds or a date; some send Unix time, in seconds or
    milliseconds) and retry-after-ms (OpenAI), RetryInfo in google.rpc details, and "retry in 7.9s" in the message
    (Google, OpenAI). Dates are held against the reply's own.
    """
    found = [_header_s(refusal.headers, "retry-after", 1.0), _header_s(refusal.headers, "retry-after-ms", 0.001)]
    found += [_duration_s(str(item["retryDelay"])) for item in refusal.details if "retryDelay" in item]
    found += [_duration_s(match.group(1)) for match in _TRY_AGAIN.finditer(refusal.message)]
    waits = [wait for wait in found if wait is not None and math.isfinite(wait) and wait >= 0]
    return math.ceil(min(max(waits), LONGEST_WAIT_S)) if waits else None


def _header_s(headers: Mapping[str, str], name: str, unit_s: float) -> float | None:
    """Seconds from a header that holds a number of ``unit_s``, a moment as Unix time, or an HTTP-date."""
    text = headers.get(name, "").strip()
    try:
        number = float(text) * unit_s
    except ValueError:
        moment = _date(text)
        return None if moment is None else max(0.0, moment - _server_now(headers))
    if number >= FIRST_MOMENT_S * 1_000:
        number /= 1_000
    return max(0.0, number - _server_now(headers)) if number >= FIRST_MOMENT_S else number


def _server_now(headers: Mapping[str, str]) -> float:
    """Its own clock, by which it counts; ours where the reply has no date."""
    moment = _date(headers.get("date", ""))
    return time.time() if moment is None else moment


def _date(text: str) -> float | None:
    """An HTTP-date as Unix time."""
    try:
        moment = email.utils.parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _duration_s(text: str) -> float | None:
    """Seconds in ``45.8s``, ``1h30m``, ``120ms``, ``2 minutes``; a bare number counts as seconds."""
    parts = re.findall(r"(\d{1,12}(?:\.\d{1,12})?)\s*([a-z]*)", text.lower())
    if not parts:
        return None
    return sum(float(number) * _unit_s(unit) for number, unit in parts)


def _unit_s(unit: str) -> float:
    if unit.startswith(("ms", "milli")):
        return 0.001
    return {"m": 60.0, "h": 3_600.0, "d": 86_400.0}.get(unit[:1], 1.0)
