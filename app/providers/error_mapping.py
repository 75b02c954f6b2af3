"""From a reply that refuses (a status of 400 and up, or an error inside a 200) to one typed error.

What tells each from the others: app/providers/README.md, What an error means; what becomes of the provider then is
``core.routing.health``'s. A sentence of ours goes up; a provider's own text may echo a key and is only read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
    NotFoundError,
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
from app.providers.refusal import MOST_TEXT, Refusal, is_told, items_of, read, with_status
from app.providers.request_repair import find_repair, shorter_reply
from app.providers.retry_after import wait_s
from app.providers.transport import RawReply

HOURS_S = 3_600
"""A wait of this length or more is a spent quota, not a rate."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The request that a refusal is read against. ``sent`` holds its parameters, but for the model and the messages."""

    label: str
    model: str
    sent: Mapping[str, Any] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    key_hint: Sentence = Sentence()


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
    r"|support image input\b.{0,80}\bnot\b"
)
_MODEL_GONE = _words(
    r"model_?not_?found|model_decommissioned|supported api model names|not a valid model id|unsupported model"
    r"|model\b.{0,80}\b(?:does not exist|not exist|not found|is not found|not be found|no longer available|"
    r"been (?:deprecated|decommissioned|retired|shut ?down|discontinued))"
)
_ABOUT_MODEL = _words(r"model|deployment|endpoints? found")
_LOADING = _words(
    r"\bload(?:ing|ed)\b|warming up|starting up|initiali[sz]ing|not (?:yet )?ready|within the last \d+ minutes?"
    r"|please wait|again (?:later|shortly|in a (?:moment|few|minute|while))"
)
_POLICY = _words(r"data policy|privacy settings|zero data retention")
_IMAGE = _words(r"image|picture|photo|jpe?g|data-uri|pixel|media resource|base64")
_CONTEXT = _words(
    r"context[_ ](?:length|window|size|limit)|exceed_context|maximum context|context (?:the )?overflows"
    r"|prompt is too long|input (?:token count|length|is too long)|too many (?:input )?tokens|n_ctx"
    r"|reduce the length of the (?:messages|prompt|input)|longer than the (?:model|maximum)"
)
_GRAMMAR = _words(r"\bgrammar\b|guided[_ ](?:decoding|json)|initiali[sz]e samplers|json[_ ]?schema")
_NO_STREAM = _words(
    r"\bstream(?:ing|generatecontent)?\b.{0,40}\b(?:not |unsupported|unavailable|disabled)"
    r"|(?:\bnot|unsupported|unknown|cannot|can't)\b.{0,40}\bstream(?:ing|generatecontent)?\b"
)
_PER_DAY = _words(r"per[ _-]?day|\brpd\b|daily")
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
        value = raw.body[:MOST_TEXT].decode("utf-8", "replace")
    return _typed(read(raw.status, value, raw.headers), asked)


def error_in_success(value: Any, headers: Mapping[str, str], asked: Asked) -> ProviderError | None:
    """The error inside a reply that came with status 200 (OpenRouter, LM Studio, Qwen); None when there is none."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        return None
    if not is_told(value.get("error")) and not ("code" in value and "message" in value and "choices" not in value):
        return None
    refusal = read(200, value, headers)
    if refusal.status < 400:
        error = _typed(with_status(refusal, 400), asked)
        # No number, and the words fit nothing: not our request's fault.
        return (
            BadReplyError("{label} reported an error.", label=asked.label) if type(error) is BadRequestError else error
        )
    return _typed(refusal, asked)


def list_error(raw: RawReply, asked: Asked) -> ProviderError:
    """The error that a refused list of models stands for; there, a 404 says nothing of any one model."""
    error = refusal_error(raw, asked)
    if isinstance(error, ModelGoneError | NotFoundError):
        return BadReplyError("{label} has no list of models at this address. Check it.", label=asked.label)
    return error


def is_html(body: bytes) -> bool:
    return body.lstrip()[:1] == b"<"


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
    is_about_request = refusal.says(_CONTEXT) or (
        status >= 500 and (refusal.says(_GRAMMAR) or (bool(asked.sent.get("stream")) and refusal.says(_NO_STREAM)))
    )
    if status in _REQUEST_STATUSES and is_about_request:
        return _faulty(refusal, asked)
    if status >= 500:
        return OverloadError("{label} is overloaded or out of order.", label=label, retry_after_s=wait_s(refusal))
    if status == 408:
        return CallTimeoutError("{label} took too long.", label=label)
    if status in {404, 410} or refusal.says(_MODEL_GONE):
        return _missing(refusal, asked)
    return _faulty(refusal, asked)


def _with_hint(sentence: Sentence, hint: Sentence) -> AuthError:
    return AuthError("{sentence} {hint}", sentence=sentence, hint=hint) if hint else AuthError(sentence)


def _region(label: str) -> RegionError:
    return RegionError("{label} cannot be used from this country.", label=label)


def _faulty(refusal: Refusal, asked: Asked) -> ProviderError:
    """Something in the request was wrong: a parameter that we can mend, the picture, or what we cannot know."""
    if refusal.says(_CONTEXT):
        return BadRequestError(
            "The context of {model} is too small for this question. Set it to 8,192 tokens or more at {label}.",
            model=asked.model, label=asked.label, repair=shorter_reply(asked.sent, asked.repairs),
        )  # fmt: skip
    repair = find_repair(refusal.message, refusal.paths, asked.sent, asked.repairs)
    if repair is None and (refusal.status == 413 or (refusal.status in _IMAGE_STATUSES and refusal.says(_IMAGE))):
        return ImageRejectedError("{label} could not use this picture.", label=asked.label)
    if repair is None and refusal.says(_GRAMMAR):
        return BadRequestError(
            "{label} cannot hold its model to a form. Update it, or choose another model.", label=asked.label
        )
    return BadRequestError("{label} did not accept the request.", label=asked.label, repair=repair)


def _missing(refusal: Refusal, asked: Asked) -> ProviderError:
    """Something is not there: the model, for now or for good, or the page that was asked for."""
    label, model, successor = asked.label, asked.model, asked.aliases.get(asked.model)
    if refusal.says(_LOADING):
        return OverloadError("{label} is still loading its model.", label=label, retry_after_s=wait_s(refusal))
    if refusal.says(_POLICY):
        return ModelGoneError(
            "{label} offers {model} under other privacy settings alone. Change them in the account there.",
            label=label, model=model, is_certain=True,
        )  # fmt: skip
    names_model = bool(model) and model.lower() in refusal.message.lower()
    if not names_model and asked.sent.get("stream") and refusal.says(_NO_STREAM):
        return _faulty(refusal, asked)
    if refusal.status == 404 and not (names_model or refusal.says(_ABOUT_MODEL)):
        return NotFoundError("{label} has nothing at this address, or not yet.", label=label)
    return ModelGoneError(
        "{label} no longer serves the model {model}.",
        label=label, model=model, successor=successor, is_certain=refusal.status != 404,
    )  # fmt: skip


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
        yield from (violation for violation in items_of(item.get("violations")) if isinstance(violation, dict))
