"""What speaks for or against a claim without another call to a provider: from -1 to 1, and 0 where nothing does.

The reader on this computer takes one letter for another, joins words and reads few scripts: that it does not read a
word tells nothing. Digits it seldom misses, and they are what a provider makes up. Pure, and in bounded time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from app.core.frame import Answer, Kind, Profile
from app.core.routing.cascade_run import CascadeRun
from app.core.routing.confidence import Claim, agree
from app.core.routing.labels import Signs
from app.core.settings import EXACT_KINDS
from app.core.text.plain_text import fitted

MOST_CHARS = 1_000
"""Of a text, so many are looked at: on the loop, which must not wait for a page."""
MOST_WORDS = 60
"""Of a text, so many words and numbers are looked for."""
SHORT_CHARS = 24
"""An answer of one line of the glasses is exact, whatever it is about."""
NO_DIGIT_READ = 0.5
"""What unread digits count for where the reader found none at all: they may be too small for it."""

_WORD_CHARS = 20
_SHORT_WORD = 3
"""Such words are everywhere within others: they count only as words of their own. Shorter ones do not."""
_STEM_CHARS = 5
_MOST_PIECES = 5
"""Of a number that one writes in pieces and another in one: a telephone's."""

_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
_WORD = re.compile(rf"{_CJK.pattern}|[^\W_{_CJK.pattern[1:-2]}]+")
_NUMBER = re.compile(r"[0-9]+(?:[.,:/'\u2019-][0-9]+)*")
_NUMBERS = re.compile(r"[0-9]+(?:[\s.,:/'\u2019()+-]{1,3}[0-9]+)*")
_DIGITS = re.compile(r"[0-9]+")
_LIKE_DIGITS = re.compile("[0-9oqdil|szb]+")
_AS_DIGITS = str.maketrans("oqdil|szb", "000111528")
_AS_LETTERS = str.maketrans("01528i|", "olszbll")
_STOP_WORDS = frozenset(
    "about and are can cannot for from has have here image into its not photo picture read reads says see seen shows"
    " sign text that the there this two was what which with yes you"
    " auf aus bild das dem den der des die ein eine einem einen einer foto hat hier ist kann kein keine mit nein nicht"
    " oder schild sich sie sind steht text und von was wie wird zeigt zwei zum zur".translate(_AS_LETTERS).split()
)
"""They stand in every answer, and say nothing of what was seen."""


def signs_of(claim: Claim, cascade: CascadeRun) -> Signs:
    """What is known of ``claim`` beside its confidence now: of what is still to come, nothing is."""
    read = cascade.read
    return Signs(
        claim.kind,
        has_missing=bool(claim.missing),
        needs_help=claim.needs_help is True,
        is_unrooted=is_unrooted(claim),
        witness=witness(claim, read.seen, is_whole=not read.missing) if read else 0.0,
        again=_again(claim, cascade.before, cascade.frame.profile) if cascade.before else 0.0,
    )


def witness(claim: Claim, read: str, *, is_whole: bool = True) -> float:
    """How far ``read``, what the reader on this computer reads in the same picture, bears ``claim`` out.

    ``is_whole``: there was no more text than could be read in time. The result of a calculation stands in no picture,
    and neither do the words of a translation: of these, what was seen and the digits are looked for. A scene's numbers
    may be counts, so that they never are doubt.
    """
    told = claim.seen if claim.kind == "maths" else claim.answer
    is_whole = is_whole and len(read) <= MOST_CHARS
    read = _folded(read)
    if not _WORD.search(read):
        return 0.0
    known = _numbers_in(read)
    told_digits = unread_digits = 0
    is_doubtful = False
    for number, is_read in _looked_up(_folded(told), known):
        told_digits += len(number)
        if not is_read:
            unread_digits += len(number)
            is_doubtful |= len(number) > 1  # one digit may be a count of one's own: "3 dishes: ..."
    if is_doubtful or 2 * unread_digits > told_digits:
        is_known = claim.kind != "scene" and is_whole
        return -unread_digits / told_digits * (1.0 if known else NO_DIGIT_READ) if is_known else 0.0
    shares = [1 - 2 * unread_digits / told_digits] if told_digits else []
    if claim.kind != "translate" and (words := _words(told)):
        shares.append(_share_read(words, read))
    return sum(shares) / len(shares) if shares else 0.0


def again(last: str, now: str, *, is_exact: bool) -> float:
    """Whether ``now`` says what was said of a like picture before: 1 for the same, -1 for the contrary.

    Only an exact answer, or a short one, is contrary to another: with other numbers amid the same words. A scene that
    is told in other words is no contradiction.
    """
    if agree(last, now):
        return 1.0
    if not is_exact and max(len(last), len(now)) > SHORT_CHARS:
        return 0.0
    before, after = ({number for number, _ in _looked_up(_folded(text), frozenset())} for text in (last, now))
    if not before or not after or before <= after or after <= before:
        return 0.0
    some, others = set(_words(last)), set(_words(now))
    return -1.0 if some <= others or others <= some else 0.0


def _again(claim: Claim, before: Answer, profile: Profile) -> float:
    is_exact = {before.kind, claim.kind} <= EXACT_KINDS
    return again(before.text, fitted(claim.answer, profile.answer_chars), is_exact=is_exact)


def says_the_same(one: str, other: str, kind: Kind) -> bool | None:
    """Whether two vendors' answers to one frame are equal in essence; None where nobody can tell by their words.

    What is exact is the same also amid words about it ("EXIT", "The sign says EXIT"), and else another where it is
    short or where numbers differ. Scenes are told in as many words as there are vendors.
    """
    is_exact = kind in EXACT_KINDS
    if told := again(one, other, is_exact=is_exact):
        return told > 0
    if not is_exact or not (one and other):
        return None
    if _essentials(one) == _essentials(other) != ((), frozenset()):
        return True
    return False if max(len(one), len(other)) <= SHORT_CHARS else None


def is_unrooted(claim: Claim) -> bool:
    """Whether what ``claim`` saw and what it answers share no word and no number.

    An answer without words of its own ("Yes"), in another script, translated or calculated may share none.
    """
    if claim.kind in ("maths", "translate"):
        return False
    seen, answer = _words(claim.seen), _words(claim.answer)
    if not seen or not answer or _scripts(seen).isdisjoint(_scripts(answer)):
        return False
    if not _numbers_in(_folded(claim.seen)).isdisjoint(_numbers_in(_folded(claim.answer))):
        return False
    return not (_any_stem(answer, seen) or _any_stem(seen, answer))


def _essentials(text: str) -> tuple[tuple[str, ...], frozenset[str]]:
    return _words(text), frozenset(number for number, _ in _looked_up(_folded(text), frozenset()))


# --- words ------------------------------------------------------------------------------------------------------------


def _folded(text: str) -> str:
    """Without case, accents and dress."""
    text = text[:MOST_CHARS].casefold()
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)[:MOST_CHARS]  # one sign may stand for eighteen
    return unicodedata.normalize("NFC", "".join(char for char in apart if not unicodedata.combining(char)))


def _tokens(folded: str) -> Iterator[str]:
    """The words in it, letters that look alike as one; of a script without blanks its pairs of characters."""
    for word in _WORD.findall(folded.translate(_AS_LETTERS)):
        if _CJK.fullmatch(word):
            yield from (word[at : at + 2] for at in range(max(len(word) - 1, 1)))
        else:
            yield word[:_WORD_CHARS]


def _words(text: str) -> tuple[str, ...]:
    """The first of its words that say something, each once, without numbers."""
    tokens = dict.fromkeys(_tokens(_DIGITS.sub(" ", _folded(text))))
    telling = (word for word in tokens if len(word) >= _SHORT_WORD or _CJK.match(word))
    return tuple(islice((word for word in telling if word not in _STOP_WORDS), MOST_WORDS))


def _share_read(words: tuple[str, ...], read: str) -> float:
    """Of their letters, the share that stands in words that were read."""
    known = frozenset(_tokens(read))
    joined = "".join(_WORD.findall(read.translate(_AS_LETTERS)))
    found = sum(len(word) for word in words if word in known or (_is_telling_within(word) and word in joined))
    return found / sum(map(len, words))


def _any_stem(words: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether one of ``words`` begins one of ``others``, or stands within it as in a compound."""
    joined = "".join(f" {word}" for word in others)
    return any((word[:_STEM_CHARS] if _is_telling_within(word) else f" {word}") in joined for word in words)


def _is_telling_within(word: str) -> bool:
    return len(word) > _SHORT_WORD or _CJK.match(word) is not None


def _scripts(words: tuple[str, ...]) -> set[str]:
    return {unicodedata.name(word[0], "").partition(" ")[0] for word in words}


# --- numbers ----------------------------------------------------------------------------------------------------------


def _looked_up(text: str, known: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """Each number of ``text``, its digits alone, and whether it is ``known``: by itself, in pieces or amid others."""
    units = ((number, row[0]) for row in _NUMBERS.finditer(text) for number in _NUMBER.findall(row[0]))
    for number, row in islice(units, MOST_WORDS):
        pieces = _DIGITS.findall(number)
        joined = "".join(pieces)
        is_known = joined in known or all(piece in known for piece in pieces)
        yield joined, is_known or (len(row) > len(number) and "".join(_DIGITS.findall(row[:_WORD_CHARS])) in known)


def _numbers_in(read: str) -> frozenset[str]:
    """The digits of every number in ``read``, and of those that stand together; also where one was read as a letter."""
    mended = _LIKE_DIGITS.sub(lambda found: found[0].translate(_AS_DIGITS) if _DIGITS.search(found[0]) else " ", read)
    rows = (_DIGITS.findall(row[0]) for text in {read, mended} for row in _NUMBERS.finditer(text))
    return frozenset(
        "".join(pieces[at : at + some])
        for pieces in rows
        for at in range(len(pieces))
        for some in range(1, min(_MOST_PIECES, len(pieces) - at) + 1)
    )
