"""What is seen and read, in a person's words: English, or German where the question is German."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.providers.sight.statements import Statement
from app.providers.sight.vocabulary import PERSON

Language = Literal["en", "de"]
Intent = Literal["describe", "people", "colours", "read", "other"]

SHORT_TEXT_CHARS = 60
"""A longer text stands last: it would push the codes off the glasses."""

_GERMAN = re.compile(
    r"[äöüß]|(?<!\w)(?:wer|wie|wo|wann|warum|wieviele?|welche[nrs]?|ist|sind|das|der|die|den|hier|bitte|siehst|sieht"
    r"|sehe|steht|gibt|kann|lies|lese|zeig|beschreib\w*|ich|du|mir|vor|ein|eine|auf|bild|foto)(?!\w)",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"(?<!\w)(?:the|what|which|is|are|did|does|my|this|that|how|where|who|can|and|of|read|describe)(?!\w)",
    re.IGNORECASE,
)
"""In no German question; its plant may die all the same, and its café be called Müller."""
_INTENTS: Mapping[Intent, str] = {
    "people": r"""
        how\s+many\s+(?:people|persons|faces) | (?:is|are)\s+(?:there\s+)?any(?:body|one) | who\s+is\s+there
        | wie\s*viele\s+(?:leute|personen|menschen|gesichter) | ist\s+(?:(?:da|hier|dort)\s+)?jemand
    """,
    "colours": r"""
        (?:what|which)\s+colou?rs? | colou?rs?\s+(?:is|are|of) | welche\s+farben? | farben?\s+(?:hat|haben|ist)
    """,
    "read": r"""
        read | transcribe | ocr | what\s+does\s+(?:\w+\s+){1,4}say | what\s+(?:text|words?) | lese | vorlesen
        | (?<!(?:what|that)\s)lies
        | was\s+steht | steht\s+(?:da|dort|hier|drauf|darauf) | welcher\s+text
    """,
    "describe": r"""
        describe | what(?:'s|\s+is|\s+are|\s+do|\s+can)?\s+(?:this|that|these|those|it|here|there|you|i|we|on|in)
        | what\s+do\s+my\s+glasses\s+see | look(?:ing)?\s+at | in\s+front\s+of | surroundings | beschreib\w*
        | was\s+(?:ist|sind|siehst|sehe|sieht|sehen|erkennst) | vor\s+mir | umgebung
    """,
}
_ASKS = {
    intent: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.VERBOSE | re.IGNORECASE) for intent, words in _INTENTS.items()
}

_PHRASES: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "looks": "Looks like {what}",
        "and": " and ",
        "people": "at least {count} people",
        "text": "Text: {text}",
        "nobody": "No person found",
        "no text": "No text found",
        "mostly": "Mostly {what}",
        "not sure": "Not sure what this is.",
        "dark": "Too dark to see.",
        "bright": "Too bright to read.",
        "blurred": "Too blurred to read.",
        "only describes": "Questions cannot be answered offline",
        "more": "(There is more text than could be read in time.)",
    },
    "de": {
        "looks": "Sieht aus wie {what}",
        "and": " und ",
        "people": "mindestens {count} Personen",
        "text": "Text: {text}",
        "nobody": "Keine Person gefunden",
        "no text": "Kein Text gefunden",
        "mostly": "Vor allem {what}",
        "not sure": "Nicht sicher, was das ist.",
        "dark": "Zu dunkel, um etwas zu sehen.",
        "bright": "Zu hell zum Lesen.",
        "blurred": "Zu unscharf zum Lesen.",
        "only describes": "Fragen lassen sich offline nicht beantworten",
        "more": "(Es steht mehr Text da, als in der Zeit zu lesen war.)",
    },
}
_NUMBERS: Mapping[Language, Sequence[str]] = {
    "en": ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    "de": ("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn"),
}
_COLOURS_DE = {
    "black": "schwarz", "grey": "grau", "white": "weiß", "red": "rot", "orange": "orange", "yellow": "gelb",
    "green": "grün", "teal": "türkis", "blue": "blau", "purple": "lila", "pink": "rosa", "brown": "braun",
}  # fmt: skip


def language_of(question: str) -> Language:
    """The question's own; English where it tells nothing."""
    return "de" if _GERMAN.search(question) and not _ENGLISH.search(question) else "en"


def intent_of(question: str) -> Intent:
    """What the question wants to know; an empty one wants what everybody wants first."""
    if not question.strip():
        return "describe"
    return next((intent for intent, asks in _ASKS.items() if asks.search(question)), "other")


def phrase(key: str, language: Language) -> str:
    """One of the fixed ones: ``not sure``, ``dark``, ``bright``, ``blurred``, ``more``."""
    return _PHRASES[language][key]


@dataclass(frozen=True, slots=True)
class Findings:
    """What there is to tell. ``text``: read, in one line; ``codes``: each with what it is; ``colours``: in English.

    ``is_looked_at``: else nothing is known of what is not in ``said``.
    """

    said: Sequence[Statement] = ()
    text: str = ""
    codes: Sequence[str] = ()
    colours: Sequence[str] = ()
    is_looked_at: bool = True


def described(said: Sequence[Statement], question: str) -> str:
    """The things alone, in the question's language; empty without any."""
    parts = _Parts(Findings(said), language_of(question))
    return parts.joined(parts.things())


def answer(findings: Findings, question: str) -> str:
    """One line for the glasses: things, text, codes. Empty where there is nothing to tell."""
    language, intent = language_of(question), intent_of(question)
    parts = _Parts(findings, language)
    if intent == "people" and findings.is_looked_at:
        return parts.joined(parts.people() or [_PHRASES[language]["nobody"]])
    if intent == "colours" and findings.colours:
        return parts.joined([*parts.things(), parts.colours()])
    if intent == "read":
        found = parts.read()
        return parts.joined(found or [_PHRASES[language]["no text"], *parts.things(is_alone=True)])
    told = [*parts.things(is_alone=not (findings.text or findings.codes)), *parts.read()]
    if told and intent in ("other", "people"):
        told.append(_PHRASES[language]["only describes"])
    return parts.joined(told)


@dataclass(frozen=True, slots=True)
class _Parts:
    """Pieces of an answer, none with a full stop."""

    findings: Findings
    language: Language

    def things(self, *, is_alone: bool = False) -> list[str]:
        names = [self._named(one) for one in self.findings.said]
        if not names:
            return []
        listed = ", ".join(names[:-1]) + _PHRASES[self.language]["and"] + names[-1] if names[1:] else names[0]
        return [_PHRASES[self.language]["looks"].format(what=listed) if is_alone else listed]

    def people(self) -> list[str]:
        return [self._named(one) for one in self.findings.said if one.word.word == PERSON]

    def colours(self) -> str:
        names = [_COLOURS_DE[name] if self.language == "de" else name for name in self.findings.colours]
        return _PHRASES[self.language]["mostly"].format(what=_PHRASES[self.language]["and"].join(names))

    def read(self) -> list[str]:
        text = [_PHRASES[self.language]["text"].format(text=self.findings.text)] if self.findings.text else []
        is_long = len(self.findings.text) > SHORT_TEXT_CHARS
        return [*self.findings.codes, *text] if is_long else [*text, *self.findings.codes]

    def joined(self, parts: Sequence[str]) -> str:
        return ". ".join(part[:1].upper() + part[1:] for part in parts)

    def _named(self, one: Statement) -> str:
        word, is_german = one.word, self.language == "de"
        if one.count == 1:
            return word.german if is_german else word.word
        if word.word == PERSON:
            numbers = _NUMBERS[self.language]
            count = numbers[one.count - 2] if one.count - 2 < len(numbers) else str(one.count)
            return _PHRASES[self.language]["people"].format(count=count)
        many = word.german_many if is_german else word.many
        return many or (word.german if is_german else word.word)
