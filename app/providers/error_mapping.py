"""From a reply that refuses (a status of 400 and up, or an error inside a 200) to one typed error.

The order of the tests is the table in app/providers/README.md, What an error means: the first that fits wins. A
sentence of ours goes up; a provider's own text may echo a key and is only read here.
"""

from __future__ import annotations

import email.utils
import math
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import (
    AuthError,
    BadReplyError,
    BadRequestError,
    BillingError,
    BlockedError,
    CallTimeoutError,
    ImageRejectedError,
    ModelGoneError,
    NoVisionError,
    OverloadError,
    ProviderError,
    QuotaError,
    RateError,
    RegionError,
    Repair,
)
from app.core.sentence import Sentence
from app.providers import reply
from app.providers.request_repair import find_repair
from app.providers.transport import RawReply

HOURS_S = 3_600
"""A wait of this length or more is a spent quota, not a rate."""

LONGEST_WAIT_S = 7 * 24 * 3_600

_MOST_TEXT = 8_000


@dataclass(frozen=True, slots=True)
class Asked:
    """The request that a refusal is read against. ``sent`` holds its parameters, but for the model and the messages."""

    label: str
    model: str
    sent: Mapping[str, Any] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    key_hint: Sentence = Sentence()
    pick: Callable[[tuple[str, ...]], str] = lambda models: ""


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


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_AUTH = _words(
    r"api_key_\w*(?:invalid|expired|not_found|blocked)|api key (?:not valid|not found|expired)|invalid_api_key"
)
_BILLING = _words(
    r"insufficient_quota|insufficient[_ ]balance|insufficient credits|arrearage|in good standing|overdue"
    r"|billing_(?:hard_limit_reached|not_active)|freetieronly|free tier of the model has been exhausted"
    r"|key limit exceeded"
)
_NO_FREE_TIER = _words(r"\blimit: 0(?![\d.]*\d)")
_REGION_ANYWHERE = _words(
    r"location is not supported|not available in your (?:country|region|location)|country, region|unsupported_country"
)
_REGION_FORBIDDEN = _words(r"(?<![a-z])(?:countr(?:y|ies)|region|location|territory)")
_BLOCKED = _words(
    r"data_?inspection_?failed|content_(?:policy|filter|moderation)\w*|moderation_blocked|requires moderation"
    r"|input was flagged|inappropriate content|safety system|responsibleaipolicy|sensitive_words"
)
_NO_VISION = _words(
    r"unknown variant .?image_url|image_url is only supported by|no endpoints found that support image"
    r"|not support (?:image|vision|multimodal|picture)s?(?! (?:format|type|size|with|of))"
    r"|(?:image|vision)(?: inputs?)? (?:is|are) not (?:supported|enabled)(?: (?:by|for) this model)?"
    r"|not a (?:multimodal|vision)|at most 0 image|missing data required for image|content['\"`]? must be a string"
    r"|support image input\b.*\bnot\b"
)
_MODEL_GONE = _words(
    r"model_?not_?found|model_decommissioned|supported api model names|not a valid model id|unsupported model"
    r"|model\b.{0,80}\b(?:does not exist|not exist|not found|is not found|not be found|no longer available|"
    r"been (?:deprecated|decommissioned|retired|shut ?down|discontinued))"
)
_IMAGE = _words(r"image|picture|photo|jpe?g|data-uri|pixel|media resource|base64")
_PER_DAY = _words(r"per[ _-]?day|\brpd\b|daily")
_STATUS_OF_CODE: Mapping[str, int] = {
    "rate_limit_exceeded": 429, "rate_limit_error": 429, "throttling": 429, "resource_exhausted": 429,
    "server_error": 503, "internal_error": 500, "service_unavailable": 503, "overloaded_error": 529, "unavailable": 503,
    "authentication_error": 401, "unauthorized": 401, "invalid_request_error": 400, "timeout": 408,
}  # fmt: skip
"""What an error without a number means when it comes with a 200."""

_IMAGE_STATUSES = frozenset({400, 413, 415, 422})
_REQUEST_STATUSES = frozenset({400, 404, 415, 422, 500, 501})


def refusal_error(raw: RawReply, asked: Asked) -> ProviderError:
    """The error that a reply with a status outside 200 to 299 stands for."""
    if 300 <= raw.status < 400:
        return BadReplyError("The address of {label} leads elsewhere. Check it.", label=asked.label)
    if is_html(raw.body):
        # A page is the word of something on the way (proxy, hotel network), not of the provider.
        if raw.status in {403, 404}:
            return BadReplyError(
                "Something answered in place of {label}. Check the network and the address.", label=asked.label
            )
        return _typed(Refusal(raw.status, headers=raw.headers), asked)
    try:
        value = reply.load(raw, asked.label)
    except BadReplyError:
        value = raw.body[:_MOST_TEXT].decode("utf-8", "replace")
    return _typed(_read(raw.status, value, raw.headers), asked)


def error_in_success(value: Any, headers: Mapping[str, str], asked: Asked) -> ProviderError | None:
    """The error inside a reply that came with status 200 (OpenRouter, LM Studio, Qwen); None when there is none."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        return None
    if not _is_told(value.get("error")) and not ("code" in value and "message" in value and "choices" not in value):
        return None
    refusal = _read(200, value, headers)
    if refusal.status < 400:
        error = _typed(_with_status(refusal, 400), asked)
        # No number, and the words fit nothing: not our request's fault.
        return (
            BadReplyError("{label} reported an error.", label=asked.label) if type(error) is BadRequestError else error
        )
    return _typed(refusal, asked)


def _is_told(error: Any) -> bool:
    """An object that says nothing stands beside whole choices at some servers: an error has a message or a code."""
    return any(error.values()) if isinstance(error, dict) else bool(error)


def list_error(raw: RawReply, asked: Asked) -> ProviderError:
    """The error that a refused list of models stands for; there, a 404 says nothing of any one model."""
    error = refusal_error(raw, asked)
    if isinstance(error, ModelGoneError):
        return BadReplyError("{label} has no list of models at this address. Check it.", label=asked.label)
    return error


def is_html(body: bytes) -> bool:
    return body.lstrip()[:1] == b"<"


# --- reading ---------------------------------------------------------------------------------------------------


def _read(status: int, value: Any, headers: Mapping[str, str]) -> Refusal:
    """The refusal in ``value``: an object of any vendor's shape, a list around it, or plain text."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        value = value[0]  # Gemini wraps an error of a stream into a list
    if not isinstance(value, dict):
        return Refusal(status, str(value)[:_MOST_TEXT], headers=headers)
    error = value.get("error") or value
    if not isinstance(error, dict):
        error = {"message": error}  # LM Studio, Ollama: a string
    if "detail" in value and "message" not in error:
        return _read_fastapi(status, value["detail"], headers)
    details = tuple(item for item in _list(error.get("details")) if isinstance(item, dict))
    codes = {str(error.get(key, "")).lower() for key in ("code", "type", "status")}
    codes |= {str(item.get("reason", "")).lower() for item in details} | {str(value.get("code", "")).lower()}
    metadata = error.get("metadata")  # OpenRouter: what the upstream said, as text
    upstream = str(metadata.get("raw", "")) if isinstance(metadata, dict) else ""
    message = f"{error.get('message') or error.get('msg') or ''} {upstream}".strip()[:_MOST_TEXT]
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
    items = [item for item in _list(detail) if isinstance(item, dict)]
    if not items:
        return Refusal(status, str(detail)[:_MOST_TEXT], headers=headers)
    paths = tuple(".".join(map(str, _list(item.get("loc")))) for item in items)
    message = " ".join(str(item.get("msg", "")) for item in items)
    if any("content" in path and "messages" in path for path in paths) and re.search("valid string|'text'", message):
        message += " content must be a string"  # a server that takes words alone
    return Refusal(status, message[:_MOST_TEXT], paths=paths, headers=headers)


def _status(status: int, code: Any, codes: set[str]) -> int:
    """The HTTP status, or for a 200 the one that the error's own code stands for."""
    if status >= 400:
        return status
    if isinstance(code, int) or (isinstance(code, str) and code.isdecimal() and len(code) == 3):
        return int(code) if 400 <= int(code) <= 599 else status
    return next((_STATUS_OF_CODE[word] for word in sorted(codes) if word in _STATUS_OF_CODE), status)


def _with_status(refusal: Refusal, status: int) -> Refusal:
    return Refusal(status, refusal.message, refusal.codes, refusal.paths, refusal.details, refusal.headers)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


# --- deciding --------------------------------------------------------------------------------------------------


def _typed(refusal: Refusal, asked: Asked) -> ProviderError:
    label, status = asked.label, refusal.status
    if status == 401 or (status in {400, 403} and refusal.says(_AUTH)):
        return _with_hint(Sentence("{label} refused the key.", label=label), asked.key_hint)
    if status == 402 or (status in {400, 403, 429} and refusal.says(_BILLING)):
        return BillingError("{label} has no credit left. Check the account there.", label=label)
    if status == 429:
        return _too_many(refusal, asked)
    if refusal.says(_REGION_ANYWHERE) or status == 451:
        return _region(label)
    if status < 500 and refusal.says(_BLOCKED):
        return BlockedError("{label} declined to answer about this picture.", label=label)
    if status == 403 and "model_not_found" not in refusal.codes:
        if refusal.says(_REGION_FORBIDDEN):
            return _region(label)
        return _with_hint(Sentence("{label} does not let this key in.", label=label), asked.key_hint)
    if status in _REQUEST_STATUSES and refusal.says(_NO_VISION):
        return NoVisionError(
            "The model {model} of {label} takes no pictures. Choose one that does.", model=asked.model, label=label
        )
    if status >= 500:
        return OverloadError("{label} is overloaded or out of order.", label=label, retry_after_s=wait_s(refusal))
    if status == 408:
        return CallTimeoutError("{label} took too long.", label=label)
    if status in {404, 410} or refusal.says(_MODEL_GONE):
        return ModelGoneError(
            "{label} no longer serves the model {model}.",
            label=label,
            model=asked.model,
            successor=_successor(refusal, asked),
        )
    return _faulty(refusal, asked)


def _with_hint(sentence: Sentence, hint: Sentence) -> AuthError:
    return AuthError("{sentence} {hint}", sentence=sentence, hint=hint) if hint else AuthError(sentence)


def _region(label: str) -> RegionError:
    return RegionError("{label} cannot be used from this country.", label=label)


def _faulty(refusal: Refusal, asked: Asked) -> ProviderError:
    """Something in the request was wrong: a parameter that we can mend, the picture, or what we cannot know."""
    repair = find_repair(refusal.message, refusal.paths, asked.sent, asked.repairs)
    if repair is None and (refusal.status == 413 or (refusal.status in _IMAGE_STATUSES and refusal.says(_IMAGE))):
        return ImageRejectedError("{label} could not use this picture.", label=asked.label)
    return BadRequestError("{label} did not accept the request.", label=asked.label, repair=repair)


def _successor(refusal: Refusal, asked: Asked) -> str | None:
    """The model to ask instead: from the vendor's table, else from the names that the refusal lists."""
    named = re.findall(r"[A-Za-z][\w.-]{2,60}", refusal.message) if "model names" in refusal.message else []
    listed = tuple(name.rstrip(".") for name in named if name.rstrip(".") != asked.model)
    successor = asked.aliases.get(asked.model) or asked.pick(listed)
    return successor if successor and successor != asked.model else None


def _too_many(refusal: Refusal, asked: Asked) -> ProviderError:
    """A 429: no free tier at all, the day's quota, or merely too fast."""
    label = asked.label
    if refusal.says(_NO_FREE_TIER):
        return BillingError(
            "{label} has no free use of {model}. It needs an account with billing.", label=label, model=asked.model
        )
    quota_ids = [str(violation.get("quotaId", "")) for violation in _violations(refusal)]
    if any("perday" in quota_id.lower() for quota_id in quota_ids):
        return QuotaError("The day's quota of {label} is used up.", label=label)  # its retryDelay of seconds is wrong
    wait = wait_s(refusal)
    if wait is not None and wait >= HOURS_S:
        return QuotaError("The quota of {label} is used up.", label=label, retry_after_s=wait)
    if wait is None and refusal.says(_PER_DAY):
        return QuotaError("The day's quota of {label} is used up.", label=label)
    return RateError("{label} was asked too often.", label=label, retry_after_s=wait)


def _violations(refusal: Refusal) -> Iterator[Mapping[str, Any]]:
    for item in refusal.details:
        yield from (violation for violation in _list(item.get("violations")) if isinstance(violation, dict))


# --- waiting ---------------------------------------------------------------------------------------------------

_UNIT = r"(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|days?)"
_DURATION = rf"(?:\d{{1,9}}(?:\.\d{{1,9}})?\s*{_UNIT}(?![a-z])\s*)+"
_TRY_AGAIN = _words(rf"\b(?:retry|try again)(?: your request)?(?: in| after)\s+(?:about )?({_DURATION})")


def wait_s(refusal: Refusal) -> int | None:
    """The longest wait that the reply names, in whole seconds rounded up; None when it names none.

    Sources: the headers Retry-After (RFC 9110 10.2.3: seconds or a date) and retry-after-ms (OpenAI), RetryInfo in
    google.rpc details, and "retry in 7.9s" in the message (Google, OpenAI).
    """
    found = [_header_s(refusal.headers), _milliseconds_s(refusal.headers.get("retry-after-ms"))]
    found += [_duration_s(str(item["retryDelay"])) for item in refusal.details if "retryDelay" in item]
    found += [_duration_s(match.group(1)) for match in _TRY_AGAIN.finditer(refusal.message)]
    waits = [wait for wait in found if wait is not None and math.isfinite(wait) and wait >= 0]
    return math.ceil(min(max(waits), LONGEST_WAIT_S)) if waits else None


def _header_s(headers: Mapping[str, str]) -> float | None:
    text = headers.get("retry-after", "").strip()
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return None


def _milliseconds_s(text: str | None) -> float | None:
    try:
        return float(text or "") / 1_000
    except ValueError:
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
