"""What kind of task a frame is, guessed before anybody is asked: from the question's words and the frame before.

A guess orders who is asked and nothing else, and the first answer corrects it: none is better than a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.core.frame import Answer, Frame, Kind
from app.core.provider import ON_DEVICE
from app.core.routing.cascade_run import CascadeRun

MUCH_TEXT_CHARS = 40
"""Read in a picture by the reader on this computer: it shows a page, a label or a sign with more than a name."""
LASTS_S = 60.0
"""After that the wearer looks at something else."""
MOST_CHARS = 1_000
"""Of a question: at its beginning stands what is wanted."""

_LANGUAGES = (
    r"(?:english|german|french|spanish|italian|englisch\w*|deutsch\w*|französisch\w*|spanisch\w*|italienisch\w*)"
)
_PATTERNS: Mapping[Kind, str] = {
    # the narrowest first: what is translated or calculated is read as well
    "translate": rf"""
        translat(?:e|es|ed|ing|ion|ions) | (?:in)?to\s+{_LANGUAGES} | (?:mean|means|say|says)\s+in\s+{_LANGUAGES}
        | (?:über|ueber)setz(?:e|en|t|ung)? | ins?\s+{_LANGUAGES}e | hei(?:ß|ss)t\s+(?:\w+\s+){{0,3}}auf\s+{_LANGUAGES}
        | tradui(?:s|re|sez) | traduction | traduce | traducir | traduzca | traduci | tradurre
    """,
    "maths": r"""
        solve | calculate | compute | equations? | maths? | sum\s+of | how\s+much\s+is\s+\d+
        | (?:be|aus|nach)?rechne[nt]? | löse[nt]? | loese[nt]? | gleichung(?:en)? | mathe(?:matik)? | ausrechnen
        | wie\s*viel\s+(?:ist|sind|ergibt|gibt)\s+\d+ | calcule[rz]? | calcular? | calcola(?:re)? | résou(?:s|dre)
        | resuelve | risolvi
    """,
    "text": r"""
        read | transcribe | transcript | ocr | written | (?:what|which)\s+(?:text|words?)
        | what\s+(?:does|do|did)\s+(?:\w+\s+){1,4}say | (?:vor|ab)?lesen | liest
        | lies\s+(?:es|das|den|die|dies\w*|bitte|mir|uns|vor|alles|was) | was\s+steht
        | steht\s+(?:da|dort|hier|drauf|darauf|geschrieben) | geschrieben | welcher\s+text | entziffer[en]+
        | abschreiben | lire | lis | lisez | lee | leggi | leggere
    """,
}
_WORDS = {kind: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.VERBOSE) for kind, words in _PATTERNS.items()}
_SUM = re.compile(r"[\dxyz)]\s*[-+*/:×÷−^]\s*[\dxyz(][^=]{0,60}=|=\s*\?|^\s*=")


@dataclass(frozen=True, slots=True)
class Past:
    """A profile's last frame. ``kind``: None where nobody told; ``read_chars``: what was read on this computer,
    ``is_scene``: which saw things there and no text; ``deadline``: on the router's clock."""

    prompt: str
    kind: Kind | None
    read_chars: int
    is_scene: bool
    deadline: float


def past_of(cascade: CascadeRun, answer: Answer) -> Past:
    """What the next guess may go by of a frame that was answered."""
    told = answer.kind if answer.answered_by not in ("", ON_DEVICE) else None
    read = cascade.read
    is_scene = read is not None and read.kind == "scene"
    return Past(cascade.frame.prompt, told, len(read.seen) if read else 0, is_scene, cascade.deadline)


def guess_kind(frame: Frame, deadline: float, past: Past | None) -> Kind | None:
    """The kind of ``frame``; None where nothing tells. ``past``: the frame before, if it is known."""
    if (told := kind_in(frame.prompt)) is not None or past is None or deadline - past.deadline > LASTS_S:
        return told
    if past.prompt == frame.prompt and past.kind is not None:
        return past.kind
    if past.is_scene:
        return "scene"
    return "text" if past.read_chars >= MUCH_TEXT_CHARS else None


@lru_cache(maxsize=256)  # a profile asks the same for hours
def kind_in(prompt: str) -> Kind | None:
    """What the question's words ask for, in English, German, French, Spanish or Italian; None where they do not say."""
    said = prompt[:MOST_CHARS].lower()
    if _SUM.search(said):
        return "maths"
    return next((kind for kind, words in _WORDS.items() if words.search(said)), None)
