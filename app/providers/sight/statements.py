"""What of a sight is certain enough to be said. False is worse than silent.

Nothing is said of a person but that there is one, and how many at least; a face counts only where the detector sees a
person too: cats, drawings and statues have faces. An animal that the classifier alone sees is not told where there may
be a person: it might be said of that person.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.providers.sight.looking import Sight
from app.providers.sight.vocabulary import PERSON, Word, words

_PERSON_SCORE = 0.60
_PERSON_BEHIND_A_FACE = 0.30
_THING_SCORE, _BORNE_OUT = 0.50, 0.30
"""What the detector finds is said only where the classifier means the same: alone it sees cups in plates."""
_SUBJECT_SHARE = 0.75
_CONTRARY_SCORE, _CONTRARY_SHARE = 0.60, 0.30
"""From these on two models that see different animals, or different food, are both not believed."""
_DRAWING, _DRAWN_SHARE = "a drawing or comic", 0.30
_MOST = 4
"""Of statements: the glasses show few words."""


@dataclass(frozen=True, slots=True)
class Statement:
    """``word``: a row of the vocabulary; ``count``: at least so many are there; ``score``: from 0 to 1."""

    word: Word
    count: int
    score: float


def statements(sight: Sight) -> tuple[Statement, ...]:
    """The people first, then what the picture is of, then what else is in it, the surest first."""
    shares = dict(sight.subject)
    likeliest = next(iter(shares), "")
    if shares.get(_DRAWING, 0.0) >= _DRAWN_SHARE:  # what is in it is drawn as well
        sure = shares[_DRAWING] >= _SUBJECT_SHARE
        return (Statement(words()[_DRAWING], 1, shares[_DRAWING]),) if sure else ()
    contrary = _contrary(sight, likeliest, shares)
    subject = likeliest if shares.get(likeliest, 0.0) >= _SUBJECT_SHARE and likeliest not in contrary else ""
    things = _things(sight, shares, subject, contrary)
    said = _people(sight)
    is_of_person = bool(subject) and words()[subject].sort == "animal" and _may_be_person(sight)
    if subject and not is_of_person and not _tells(things, subject):
        said.append(Statement(words()[subject], 1, shares[subject]))
    said += sorted(things.values(), key=lambda one: -one.score)
    return tuple(said[:_MOST])


def _contrary(sight: Sight, likeliest: str, shares: dict[str, float]) -> set[str]:
    """Animals, or food, of which one model sees one and the other another."""
    if shares.get(likeliest, 0.0) < _CONTRARY_SHARE or words()[likeliest].sort not in ("animal", "food"):
        return set()
    seen = {words()[one.name] for one in sight.things if one.score >= _CONTRARY_SCORE}
    others = {
        word.word
        for word in seen
        if word.sort == words()[likeliest].sort and likeliest not in (word.word, *word.agrees)
    }
    return {likeliest, *others} if others else set()


def _may_be_person(sight: Sight) -> bool:
    return bool(sight.faces) or any(one.name == PERSON and one.score >= _PERSON_BEHIND_A_FACE for one in sight.things)


def _people(sight: Sight) -> list[Statement]:
    people = [one for one in sight.things if one.name == PERSON]
    seen = sum(one.score >= _PERSON_SCORE for one in people)
    likely = [one.box for one in people if one.score >= _PERSON_BEHIND_A_FACE]
    faces = sum(any(box.holds(face.box.centre) for box in likely) for face in sight.faces)
    count = max(seen, faces)
    return [Statement(words()[PERSON], count, 1.0)] if count else []


def _things(sight: Sight, shares: dict[str, float], subject: str, contrary: set[str]) -> dict[str, Statement]:
    """By the word's name, what the detector found and may be said."""
    found: dict[str, Statement] = {}
    for one in sight.things:
        word = words()[one.name]
        borne_out = max(shares.get(name, 0.0) for name in (word.word, *word.agrees))
        is_believed = one.score >= _THING_SCORE and borne_out >= _BORNE_OUT and word.word not in contrary
        if is_believed and word.word != PERSON:
            before = found.get(word.word)
            count, score = (before.count + 1, max(before.score, one.score)) if before else (1, one.score)
            found[word.word] = Statement(word, count, score)
    return _in_finer_words(found, subject)


def _in_finer_words(found: dict[str, Statement], subject: str) -> dict[str, Statement]:
    """A cup becomes a cup of coffee where that is what the picture is of: one word for one thing."""
    finer = words().get(subject)
    for name, statement in list(found.items()):
        if finer and finer.sort == "food" and subject in statement.word.agrees and statement.word.sort != "food":
            del found[name]
            found[subject] = Statement(finer, statement.count, statement.score)
    return found


def _tells(found: dict[str, Statement], subject: str) -> bool:
    """Whether what the detector found says that already."""
    return any(subject in (name, *statement.word.agrees) for name, statement in found.items())
