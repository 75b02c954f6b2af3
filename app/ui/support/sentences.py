"""What the rooms below say, in the window's language. They speak English alone: here their sentences are known again.

``packaging/translations.py update`` finds the sentences in the sources and lists them, with named fields, beside the
translations.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QCoreApplication

from app.core.errors import FrameBackendError
from app.core.sentence import Sentence
from app.paths import resource

_FIELD = re.compile(r"\{(\w+)\}")
_KNOWN = "The database is closed."
"""A sentence that every translation has."""


@dataclass(frozen=True, slots=True)
class _Template:
    """``pieces``: what stands between its fields."""

    text: str
    fields: tuple[str, ...]
    pieces: tuple[str, ...]

    @property
    def is_bare(self) -> bool:
        return not any(any(map(str.isalpha, piece)) for piece in self.pieces)

    @property
    def quoted(self) -> set[str]:
        """The fields with what somebody typed: that is said as it is."""
        return {name for name, before in zip(self.fields, self.pieces, strict=False) if before.endswith("'")}

    def values(self, sentence: str) -> dict[str, str] | None:
        """What stands in its fields, None when ``sentence`` is another one."""
        if not (sentence.startswith(self.pieces[0]) and sentence.endswith(self.pieces[-1])):
            return None
        pattern = "(.*?)".join(map(re.escape, self.pieces))
        found = re.fullmatch(pattern, sentence, re.DOTALL)
        return dict(zip(self.fields, found.groups(), strict=True)) if found else None


def said(thing: FrameBackendError | str) -> str:
    """An expected error's sentence, or ``thing`` itself, in the window's language; another text as it is."""
    sentence = thing.sentence if isinstance(thing, FrameBackendError) else thing
    if isinstance(sentence, Sentence):
        template = _translated(sentence.template) if sentence.template else ""
        if sentence.fields:
            fields = {
                name: said(value) if isinstance(value, Sentence) else value for name, value in sentence.fields.items()
            }
            return template.format(**fields)
        if template != sentence.template:
            return template
    text = str(sentence)
    return text if _translated(_KNOWN) == _KNOWN else _said(text) or text


def _said(text: str) -> str | None:
    for template in _templates():
        values = template.values(text)
        if values is None:
            continue
        inner = {name: None if name in template.quoted else _said(value) for name, value in values.items()}
        if template.is_bare and not any(inner.values()):
            continue
        return _filled(_translated(template.text), {name: inner[name] or value for name, value in values.items()})
    return None


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _FIELD.sub(lambda field: values[field[1]], text)


def _translated(text: str) -> str:
    return QCoreApplication.translate("errors", text)


@lru_cache(maxsize=1)
def _templates() -> tuple[_Template, ...]:
    """Those that say most come first: others may fit as well."""
    found = []
    for line in resource("translations/sentences.txt").read_text(encoding="utf-8").splitlines():
        parts = _FIELD.split(line)
        found.append(_Template(line, tuple(parts[1::2]), tuple(parts[::2])))
    return tuple(sorted(found, key=lambda template: -sum(map(len, template.pieces))))
