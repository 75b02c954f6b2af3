"""From what a provider says of itself to the chance that it is right: trust, the one number that cuts are held against.

A logistic regression for each provider and model around the confidence itself. Without a label of its own, trust *is*
the confidence, and only evidence that contradicts takes from it. With labels it follows them, the newest the most, and
upwards only as far as they vouch for. Pure: nothing here waits, draws by chance or remembers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from app.core.routing.labels import Label, Signs, within
from app.core.routing.regression import Cell, Curve, Features, Fit, chance, fit, isotonic, logit_of

JUDGE = "judge"
JUDGE_TRUST = 0.72
"""Of a judged answer, as long as no label says better."""
MOST_LABELS = 2_000
"""Of a provider and model that count, the newest: those before tell of what it once was."""
MOST_MODELS = 64
"""Of providers and models, those labelled last: a reply names its model as it likes."""
LEAST, MOST = 0.01, 0.99
"""Of a trust that anything but the confidence has a part in: nobody is certain."""

_TERMS = (
    "level", "slope", "unknown", "text", "translate", "maths", "missing", "needs_help", "unrooted",
    "witness_against", "witness_for", "again_against", "again_for", "formerly",
)  # fmt: skip
_AT = {name: place for place, name in enumerate(_TERMS)}
_LEVEL, _SLOPE, _UNKNOWN, _FORMERLY = (_AT[name] for name in ("level", "slope", "unknown", "formerly"))
_PRIOR = tuple({"witness_against": -1.5, "again_against": -1.0}.get(name, 0.0) for name in _TERMS)
"""In logits: evidence that contradicts counts before there is any label, all else through labels alone."""
_PRECISION = tuple({"level": 1.5, "slope": 6.0, "formerly": 4.0}.get(name, 3.0) for name in _TERMS)
"""How firmly a term stays where it begins: one over the variance it may have."""
_LEAST_SLOPE = 0.05 - 1.0
"""Of trust over confidence, beside the 1 it begins with: who says to be surer is never trusted less."""
_FIRM = 1e6
_CENTRE = logit_of(0.8)
"""Where the slope turns: there it changes nothing."""
_FADING = 0.5 ** (1 / 400)
"""What a label's weight loses by newer ones of the same provider and model: behind 400 of weight 1 it counts half."""
_CAUTION, _CAUTION_LABELS = 1.64, 100.0
"""Standard errors that are taken off where labels say more than the confidence: so many up to so many labels, then
fewer and fewer."""
_CURVE_LABELS, _CURVE_PRIOR = 300.0, 1_200.0
"""From how many labels on the regression is straightened, and what weight it has against them in that."""
_CHANGE, _CHANGE_LABELS = 12.0, 40
"""How far from chance, in squared standard errors, the newest labels lie when the provider has changed, and how many
they are at least; for one that became better, twice as far."""

_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Learned:
    """What labels taught of one provider and model. ``mean_slope``: the slope's term, on the average of the labels."""

    fit: Fit
    curve: Curve | None
    mean_slope: float
    caution: float
    knows_unknown: bool

    def trust(self, claimed: float | None, signs: Signs, base: float) -> float:
        """Where labels speak for more than ``base``, only what they vouch for; that margin is one for all claims, so
        that trust rises with them."""
        offset, features = _case(claimed, signs)
        logit = self.fit.logit(offset, features)
        doubt = self.fit.doubt((at, self.mean_slope if at == _SLOPE else value) for at, value in features)
        likely, vouched = self._straight(logit), self._straight(logit - self.caution * doubt)
        return min(max(min(likely, max(base, vouched)), LEAST), MOST)

    def _straight(self, logit: float) -> float:
        return self.curve.at(chance(logit)) if self.curve else chance(logit)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What all labels taught, frozen."""

    learned: Mapping[_Key, Learned] = field(default_factory=dict)

    def trust(self, provider: str, model: str, confidence: float | None, signs: Signs) -> float | None:
        """The chance that this claim is right, 0 to 1; None: neither it nor any label says.

        It never falls when ``confidence`` rises. ``provider`` may be ``JUDGE``, who claims nothing.
        """
        claimed = _claimed(provider, confidence)
        base = _unlabelled(claimed, signs)
        learned = self.learned.get((provider, model))
        if learned is None or (claimed is None and not learned.knows_unknown):
            return base
        return learned.trust(claimed, signs, 0.5 if base is None else base)


def calibrate(labels: Sequence[Label]) -> Calibration:
    """What ``labels``, oldest first, teach. For a thread: 10,000 of them take a tenth of a second."""
    return Calibration({key: _learn(_seen(own)) for key, own in _newest(labels).items()})


# --- one claim --------------------------------------------------------------------------------------------------------


def _claimed(provider: str, confidence: float | None) -> float | None:
    known = within(confidence, 0.0, 1.0)
    return JUDGE_TRUST if known is None and provider == JUDGE else known


def _unlabelled(claimed: float | None, signs: Signs) -> float | None:
    """The confidence itself, less what evidence that contradicts takes from it."""
    taken = sum([_PRIOR[at] * value for at, value in _features(signs)])
    if claimed is None or not taken:
        return claimed
    return min(claimed, chance(_logit(claimed) + taken))


def _case(claimed: float | None, signs: Signs) -> tuple[float, Features]:
    """Where a claim begins, in logits, and its terms."""
    if claimed is None:
        return 0.0, ((_LEVEL, 1.0), (_UNKNOWN, 1.0), *_features(signs))
    logit = _logit(claimed)
    return logit, ((_LEVEL, 1.0), (_SLOPE, logit - _CENTRE), *_features(signs))


def _logit(claimed: float) -> float:
    return logit_of(min(max(claimed, LEAST), MOST))


def _features(signs: Signs) -> Features:
    """The terms of ``signs`` that are not 0, in their order."""
    found = [] if signs.kind == "scene" else [(_AT[signs.kind], 1.0)]
    for name, on in (("missing", signs.has_missing), ("needs_help", signs.needs_help), ("unrooted", signs.is_unrooted)):
        if on:
            found.append((_AT[name], 1.0))
    for name, told in (("witness", signs.witness), ("again", signs.again)):
        if says := within(told, -1.0, 1.0):
            found.append((_AT[f"{name}_for" if says > 0 else f"{name}_against"], abs(says)))
    return tuple(found)


# --- from labels ------------------------------------------------------------------------------------------------------


class _Seen(NamedTuple):
    """One label as the regression takes it."""

    logit: float
    features: Features
    is_right: float
    weight: float


def _newest(labels: Sequence[Label]) -> Mapping[_Key, list[Label]]:
    """Those that count, by provider and model, newest first: one of a frame, the weightiest and of these the newest."""
    told: dict[_Key, dict[str, Label]] = {}
    for label in reversed(labels):
        if not (0.0 <= label.is_right <= 1.0 and 0.0 < label.weight <= 1.0):  # nor what is no number
            continue
        own = told.get((label.provider, label.model))
        if own is None:
            if len(told) == MOST_MODELS:
                continue
            own = told[label.provider, label.model] = {}
        newer = own.get(label.frame_id)
        if (newer is None and len(own) < MOST_LABELS) or (newer is not None and newer.weight < label.weight):
            own[label.frame_id] = label
    return {key: list(own.values()) for key, own in told.items()}


def _seen(labels: Iterable[Label]) -> list[_Seen]:
    """Claims alike are worked out once, and taken together where they are nearly so."""
    cases: dict[tuple[float | None, Signs], tuple[float, Features]] = {}
    seen = []
    for label in labels:
        claim = label.confidence, label.signs
        case = cases.get(claim)
        if case is None:
            claimed = _claimed(label.provider, label.confidence)
            coarse = None if claimed is None else chance(round(8.0 * _logit(claimed)) / 8.0)
            case = cases[claim] = _case(coarse, _coarse(label.signs))
        seen.append(_Seen(*case, label.is_right, label.weight))
    return seen


def _coarse(signs: Signs) -> Signs:
    witness, again = (round(2.0 * (within(told, -1.0, 1.0) or 0.0)) / 2.0 for told in (signs.witness, signs.again))
    return replace(signs, witness=witness, again=again)


def _learn(seen: Sequence[_Seen]) -> Learned:
    cells = _cells(seen, len(seen))
    fitted = _never_falling(cells)
    since = _since_change(seen, fitted)
    if since < len(seen):
        cells = _cells(seen, since)
        fitted = _never_falling(cells)
    labels = sum([one.weight for one in seen])
    slopes = [value for one in seen for at, value in one.features if at == _SLOPE]
    return Learned(
        fitted,
        _curve(cells, fitted) if labels >= _CURVE_LABELS else None,
        mean_slope=sum(slopes) / len(slopes) if slopes else 0.0,
        caution=_CAUTION * min(1.0, _CAUTION_LABELS / labels),
        knows_unknown=len(slopes) < len(seen),
    )


def _never_falling(cells: Sequence[Cell]) -> Fit:
    found = fit(cells, _PRIOR, _PRECISION)
    if found.terms[_SLOPE] >= _LEAST_SLOPE:
        return found
    held = [_LEAST_SLOPE if at == _SLOPE else term for at, term in enumerate(_PRIOR)]
    return fit(cells, held, [_FIRM if at == _SLOPE else firmness for at, firmness in enumerate(_PRECISION)])


def _cells(seen: Sequence[_Seen], since: int) -> list[Cell]:
    """Labels alike as one, faded by their age; all but the newest ``since`` are of a provider as it formerly was."""
    sums: dict[tuple[float, Features, bool], list[float]] = defaultdict(lambda: [0.0, 0.0])
    faded = 1.0
    for place, (logit, features, is_right, weight) in enumerate(seen):
        both = sums[logit, features, place >= since]
        both[0] += faded * weight
        both[1] += faded * weight * is_right
        faded *= _FADING**weight
    return [
        Cell(logit, (*features, (_FORMERLY, 1.0)) if is_former else features, *both)
        for (logit, features, is_former), both in sums.items()
    ]


def _curve(cells: Sequence[Cell], fitted: Fit) -> Curve:
    points: dict[float, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for cell in cells:
        both = points[round(chance(fitted.logit(cell.offset, cell.features)), 3)]
        both[0] += cell.weight
        both[1] += cell.right
    return isotonic([(foretold, weight, right) for foretold, (weight, right) in points.items()], _CURVE_PRIOR)


# --- a provider that changed ------------------------------------------------------------------------------------------


def _since_change(seen: Sequence[_Seen], fitted: Fit) -> int:
    """How many are newer than the provider's last change, as far as there is one that chance does not explain."""
    likely = {case: chance(fitted.logit(*case)) for case in {(one.logit, one.features) for one in seen}}
    missed, spread = [], []
    for logit, features, is_right, weight in seen:
        expected = likely[logit, features]
        missed.append(weight * (is_right - expected))
        spread.append(weight**2 * expected * (1.0 - expected))
    newer = len(seen)
    while (changed := _change(missed[:newer], spread[:newer])) < newer:
        newer = changed
    return newer


def _change(missed: Sequence[float], spread: Sequence[float]) -> int:
    """Where, newest first, those before a place differ most from those behind it; the end where nowhere enough."""
    whole_missed, whole_spread = sum(missed), sum(spread)
    newer_missed, newer_spread = sum(missed[:_CHANGE_LABELS]), sum(spread[:_CHANGE_LABELS])
    farthest, found = _CHANGE, len(missed)
    for place in range(_CHANGE_LABELS, len(missed) - _CHANGE_LABELS):
        share = newer_spread / whole_spread
        apart = newer_missed - whole_missed * share
        far = apart * apart / (newer_spread * (1.0 - share))
        if apart > 0:
            far /= 2.0
        if far > farthest:
            farthest, found = far, place
        newer_missed += missed[place]
        newer_spread += spread[place]
    return found
