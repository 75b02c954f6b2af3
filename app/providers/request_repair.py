"""A refused request teaches: which of the parameters that were sent is at fault, and what to do about it.

Parameters are addressed by their leaf name (``maxOutputTokens``, not ``generationConfig.maxOutputTokens``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.core.errors import Repair

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh")
"""How hard a model may be told to think, least first."""

_SYNONYMS: Mapping[str, frozenset[str]] = {
    "response_format": frozenset(
        {
            "jsonschema",
            "jsonobject",
            "jsonmode",
            "structuredoutput",
            "structuredoutputs",
            "schema",
            "grammar",
            "guidedjson",
            "guideddecoding",
            "structuredgeneration",
        }
    ),
    "responseMimeType": frozenset({"jsonmode"}),
    "responseJsonSchema": frozenset({"responseschema", "schema", "grammar"}),
    "thinkingLevel": frozenset({"thinking", "thinkingconfig"}),
    "thinkingBudget": frozenset({"thinking", "thinkingconfig", "budget"}),
    "systemInstruction": frozenset({"developerinstruction", "systemprompt", "systemrole"}),
    "reasoning_effort": frozenset({"thinking", "reasoning"}),
    "reasoning": frozenset({"thinking"}),
    "stream": frozenset({"streaming", "streamed", "streams", "streamgeneratecontent"}),
    "stream_options": frozenset({"includeusage"}),
}
"""Other words by which servers call a parameter, as ``_plain`` writes them."""

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_INSTEAD = re.compile(r"\b(?:use|did you mean)\s+['\"`]?([a-z][a-z_]{2,40})['\"`]?(?:\s+instead|\?)", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(?:unsupported|unknown|unrecognized) (?:parameter|argument|field):? ['\"`]?(\w{2,40})", re.IGNORECASE
)
_OTHER_STREAMS = re.compile(
    r"non-?_?stream\w*|\b(?:of|input|output|data|byte|image) stream\b|\bstream (?:ended|closed|error|was)",
    re.IGNORECASE,
)
"""None of them is about how the reply is sent."""
_MUST_BE = re.compile(r"\bmust be (?:set to |equal to )?['\"`]?(true|false)\b", re.IGNORECASE)
_TOO_MUCH = re.compile(r"too (?:large|big|high)|at most|maximum|less than|exceed", re.IGNORECASE)
_LIMITS = (
    "max_tokens",
    "max_completion_tokens",
    "max_output_tokens",
    "max_output",
    "maxOutputTokens",
    "max_new_tokens",
)
"""Names of the longest reply: the one parameter that may be sent under another name. A refusal may name anything."""
SMALL_OUTPUT_TOKENS = 256
"""Enough for an answer, where the model's context has no room for more."""
_SWAPS = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}

GEMINI_2_5_PRO_LEAST_BUDGET = 128
"""https://ai.google.dev/gemini-api/docs/thinking: 2.5 Pro thinks with 128 to 32,768 tokens; it cannot be turned off."""


def repaired(parameters: Mapping[str, Any], repairs: Sequence[Repair]) -> dict[str, Any]:
    """``parameters`` with every repair applied in order: left out, sent under another name, or with another value."""
    result = dict(parameters)
    for repair in repairs:
        if repair.parameter not in result:
            continue
        value = result.pop(repair.parameter)
        if repair.instead is not None:
            result[repair.instead if repair.instead in _LIMITS else repair.parameter] = value
        elif repair.value is not None:
            result[repair.parameter] = repair.value
    return result


def find_repair(message: str, paths: Sequence[str], sent: Mapping[str, Any], known: Sequence[Repair]) -> Repair | None:
    """The repair that a refusal asks for; None when it names nothing that was sent.

    ``message`` is the provider's text, ``paths`` what its error names as the parameter (``response_format.type``),
    ``sent`` the parameters of the request, ``known`` the repairs that it was made with.
    """
    advice = _INSTEAD.search(message)
    instead = advice.group(1) if advice else None
    complaint = message.replace(advice.group(), "") if advice else message
    parameter = _at_fault(complaint, paths, sent)
    if parameter is None:
        named = _NAMED.search(complaint)
        # Something on the way may have renamed what we sent.
        return Repair(named[1], instead=instead) if named and {named[1], instead} <= {*_LIMITS} else None
    may_rename = parameter in _LIMITS and instead in _LIMITS and instead not in sent
    repair = _mended(parameter, sent[parameter], complaint, instead if may_rename else None)
    return Repair(parameter) if repair in known else repair  # it did not help: leave the parameter out


def shorter_reply(sent: Mapping[str, Any], known: Sequence[Repair]) -> Repair | None:
    """The repair where picture, question and reply together do not fit the model's context; None when it was tried."""
    for name in _LIMITS:
        if isinstance(sent.get(name), int) and sent[name] > SMALL_OUTPUT_TOKENS:
            repair = Repair(name, value=SMALL_OUTPUT_TOKENS)
            return None if repair in known else repair
    return None


def _at_fault(message: str, paths: Sequence[str], sent: Mapping[str, Any]) -> str | None:
    by_word = {_plain(name): name for name in sent}
    for name in sent:
        for synonym in _SYNONYMS.get(name, frozenset()):
            by_word.setdefault(synonym, name)
    words = [word for path in paths for word in re.split(r"[.\[\]/]+", path)]
    for word in (*map(_plain, words), *_words_and_pairs(_OTHER_STREAMS.sub("", message))):
        if word in by_word:
            return by_word[word]
    return None


def _words_and_pairs(message: str) -> Iterator[str]:
    """Each word of ``message``, and each with its follower: "Media resolution is ..." names mediaResolution."""
    words = [_plain(word) for word in _WORD.findall(message)]
    for word, after in zip(words, [*words, ""][1:], strict=True):
        yield word + after
        yield word


def _plain(word: str) -> str:
    return word.replace("_", "").replace("-", "").lower()


def _mended(parameter: str, value: Any, message: str, instead: str | None) -> Repair:
    if instead:
        return Repair(parameter, instead=instead)
    must_be = _MUST_BE.search(message)
    if must_be and isinstance(value, bool):
        return Repair(parameter, value=must_be.group(1).lower() == "true")
    if parameter in {"reasoning_effort", "thinkingLevel"} and (effort := _least_effort(message, value)):
        return Repair(parameter, value=effort)
    if parameter == "thinkingBudget" and value == 0:
        return Repair(parameter, value=GEMINI_2_5_PRO_LEAST_BUDGET)
    if parameter in _SWAPS and not _TOO_MUCH.search(message):
        return Repair(parameter, instead=_SWAPS[parameter])
    return Repair(parameter)


def _least_effort(message: str, refused: Any) -> str:
    """The least effort that the message offers instead of ``refused``; Gemini names the refused one alone."""
    offered = set(re.findall(r"['\"`](\w+)['\"`]", message.lower())) - {str(refused).lower()}
    for effort in EFFORTS:
        if effort in offered:
            return effort
    return "low" if refused == "minimal" and "minimal" in message.lower() else ""
