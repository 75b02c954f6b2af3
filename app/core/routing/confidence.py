"""From what a provider says of itself to "sure enough", and whether two answers say the same."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.errors import EmptyReplyError
from app.core.frame import KINDS, Kind, Profile
from app.core.provider import Reply
from app.core.routing.question import SCHEMA
from app.core.settings import EXACT_KINDS
from app.core.text.plain_text import clean, one_line
from app.core.text.signs import is_damaged

ANYBODY = Profile(0, "")
"""Takes the risks that an owner begins with."""
_TOLERANCE = 1e-9
"""1 - 0.1 - 0.1 is less than 0.8."""
_CORRELATION, _SAME_ERROR = 0.3, 0.6
_ASSESSES_ITSELF = 5
"""Of the fields that were asked for, so many amid other words are the model's own reply, not something it read."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One provider's reply, read. ``confidence`` and ``needs_help`` are None when it did not assess itself."""

    answer: str
    full_answer: str
    kind: Kind = "scene"
    image_ok: bool = True
    confidence: float | None = None
    needs_help: bool | None = None
    seen: str = ""
    missing: str = ""


def read_claim(reply: Reply, *, in_form: bool = False) -> Claim:
    """The claim in ``reply``. Raises ``EmptyReplyError`` when it holds none (unless it calls the picture bad).

    ``in_form``: its long form was wanted as JSON, and is left so.

    Only a reply that is the form assesses itself: a sign in the picture may say "confidence 1.0" as well as the model.
    One that lost signs on the way does not either.
    """
    fields = reply.fields
    if fields is None or not _is_own(reply, fields):
        return _with_answer(Claim(one_line(reply.text), clean(reply.text)))
    told, told_in_full = _text(fields.get("answer")), _text(fields.get("full_answer"))
    is_named = bool(told or told_in_full)
    told = told or next((said for name in _OTHER_ANSWER_NAMES if (said := _text(fields.get(name)))), "")
    image_ok = _flag(fields.get("image_ok"))
    is_clear = image_ok is not None or not _text(fields.get("image_ok"))
    confidence = needs_help = None
    if reply.form == "whole" and is_named and is_clear and not is_damaged(told or told_in_full):
        confidence, needs_help = _confidence(fields.get("confidence")), _flag(fields.get("needs_help"))
        if fields.get("needs_help") is None and confidence is not None:
            needs_help = False
    short, full = one_line(told), _as_json(fields.get("full_answer")) if in_form else clean(told_in_full)
    claim = Claim(
        answer=short or one_line(full),
        full_answer=full or clean(told),
        kind=_kind(fields),
        image_ok=image_ok is not False,
        confidence=confidence,
        needs_help=needs_help,
        seen=one_line(_text(fields.get("seen"))),
        missing=one_line(_text(fields.get("missing"))),
    )
    return claim if not claim.image_ok else _with_answer(claim)


def _as_json(value: Any) -> str:
    """What came as a text is JSON itself where its server knows no schemas."""
    if value is None or isinstance(value, str):
        return (value or "").strip()
    return json.dumps(value, ensure_ascii=False)


def _is_own(reply: Reply, fields: Mapping[str, Any]) -> bool:
    """Whether ``fields`` are the model's own words, not something that its prose quotes."""
    if reply.form == "whole":
        return True
    has_answer = any(_text(fields.get(name)).strip() for name in ("answer", "full_answer"))
    return has_answer and (reply.form == "ends" or len(fields.keys() & SCHEMA["properties"].keys()) >= _ASSESSES_ITSELF)


def _with_answer(claim: Claim) -> Claim:
    if not claim.answer:
        raise EmptyReplyError("It sent no answer.")
    return claim


def is_sure(claim: Claim, trust: float | None, profile: Profile) -> bool:
    """Whether ``claim`` ends the cascade for ``profile``: trusted, needs no help, and the picture was good.

    Who does not assess itself is never sure, whatever was learned of it: a sign may have written its words.
    """
    if claim.confidence is None or claim.needs_help is not False or not claim.image_ok:
        return False
    return reaches_cut(trust, claim.kind, profile)


def reaches_cut(trust: float | None, kind: Kind, profile: Profile) -> bool:
    """Whether an answer of ``kind`` is as likely right as ``profile`` asks for."""
    risk = profile.risk_exact if kind in EXACT_KINDS else profile.risk_scene
    return trust is not None and trust >= 1 - risk - _TOLERANCE


def joint_trust(one: float, other: float) -> float:
    """The chance that two vendors who say the same are right, from the chance that each is.

    Models that are both wrong say the same 60 % of the time (arXiv 2506.07962), and what is hard for one is hard for
    the other: their errors are taken to correlate by 0.3.
    """
    together = _CORRELATION * math.sqrt(one * (1 - one) * other * (1 - other))
    right, wrong = one * other + together, (1 - one) * (1 - other) + together
    return right / (right + _SAME_ERROR * wrong) if right else 0.0


def what_is_certain(claim: Claim) -> str:
    """What ``claim`` saw and what it could not make out; empty where it does not tell both."""
    if not (claim.seen and claim.missing):
        return ""
    return " ".join(f"{told[0].upper()}{told[1:].rstrip(' .')}." for told in (claim.seen, claim.missing))


def agree(one: str, other: str) -> bool:
    """Whether two answers are equal but for case, punctuation and spaces. A number differs by any of its signs."""
    left = _essence(one)
    return bool(left) and left == _essence(other)


_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_MOST_COMPARED, _MOST_APART = 1_000, 3
"""Characters, and into how many parts one falls: a syllable of Hangul into three, a sign of Arabic into eighteen."""
_SUPERSCRIPTS = re.compile("[\u00b2\u00b3\u00b9\u2070-\u2079]+")
_NUMBER_SIGN = re.compile(r"(?<![^\W_])-\s*(?=[.,]?\d)|(?<!\w)[.,](?=\d)|(?<=\d)\s*[%\u2030]")


def _essence(text: str) -> str:
    """``text`` without case, punctuation and spaces, but with all that makes its numbers what they are; as it is where
    it is a page, which nobody writes twice: the loop must not wait for it.

    "3.5", "1, 2", "10-20", "-5", "5 %" and "10\u00b2" must not become "35", "12", "1020", "5", "5" and "102".
    """
    if len(text) > _MOST_COMPARED:
        return text
    text = _SUPERSCRIPTS.sub(lambda match: f"^{match.group()}", text.translate(_DASHES))
    apart = unicodedata.normalize("NFKD", text)
    if len(apart) > _MOST_APART * _MOST_COMPARED:
        return apart
    text = unicodedata.normalize("NFC", apart).casefold()
    signs = {match.start() + match.group().find(match.group().strip()) for match in _NUMBER_SIGN.finditer(text)}
    kept: list[str] = []
    dropped = ""
    for at, char in enumerate(text):
        if at not in signs and unicodedata.category(char)[0] in "PZC":
            dropped += char
            continue
        if dropped and char.isdigit() and kept and kept[-1].isdigit():
            kept.append(_between_numbers(dropped))
        kept.append(char)
        dropped = ""
    return "".join(kept)


def _between_numbers(dropped: str) -> str:
    """What parts two numbers: a list's comma is a blank, any other sign says something."""
    sign = "".join(dropped.split())
    return " " if sign in ("", ",", ";") and sign != dropped else sign


def _text(value: Any, depth: int = 0) -> str:
    """``value`` in words, whatever type a model chose for them."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict) and depth < _MOST_NESTED:
        rest = [one for name, one in value.items() if not (name == "type" and one in _JSON_TYPES)]
        return _text(next((value[name] for name in _WRAPPERS if name in value), rest), depth + 1)
    if isinstance(value, list) and depth < _MOST_NESTED:
        return ", ".join(told for one in value if (told := _text(one, depth + 1)))
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return "" if value.strip().lower() in _NOTHING else value
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _MOST_NUMBER
    return str(value) if is_number else ""


_MOST_NESTED = 3
_MOST_NUMBER = 10**300
_NOTHING = frozenset({"null", "undefined"})
_WRAPPERS = ("value", "text", "answer", "content")
"""Under which an object holds what was asked for."""
_JSON_TYPES = ("string", "boolean", "number", "integer", "object", "array")
"""Beside ``type`` they are a schema's, not the answer."""
_OTHER_ANSWER_NAMES = ("final_answer", "response", "result", "text", "output", "reply", "caption", "description")
_OTHER_KIND_NAMES = {"math": "maths", "mathematics": "maths", "translation": "translate"}


def _kind(fields: Mapping[str, Any]) -> Kind:
    said = _scalar(fields.get("kind")).strip().lower()
    said = _OTHER_KIND_NAMES.get(said, said)
    return next((kind for kind in KINDS if kind == said), "scene")


_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _flag(value: Any) -> bool | None:
    return _FLAGS.get(_text(value).strip(" .!").lower())


_SHARE = re.compile(
    r"[~\u2248]?\s?([\d.,]{1,20}(?:e-\d{1,3})?)\s?(?:(?P<percent>[%\uff05]|per ?cent)|/\s?(?P<of>\d{1,4}))?",
    re.IGNORECASE,
)


def _confidence(value: Any) -> float | None:
    """0 to 1; 2 to 100, or anything with a per cent sign, is read as per cent, "9/10" as 0.9; all else is unknown."""
    share = _SHARE.fullmatch(_scalar(value).strip())
    try:
        number = float(share[1].replace(",", ".")) if share else math.nan
    except ValueError:
        return None
    if share and share["of"]:
        number = number / int(share["of"]) if int(share["of"]) else math.nan
    elif number >= 2 or (share and share["percent"]):
        number /= 100
    return number if 0 <= number <= 1 else None
