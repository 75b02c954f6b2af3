"""Looks at a picture with three models. Runs in the reader's child process alone: it holds 40 MB and takes 200 ms.

Each model looks several times: at the picture, at its mirror image, closer. What one look finds and the others do not
is as often wrong as right; ``statements`` goes by what they agree on. After tensorflow/models' object detection,
Keras' EfficientNet-Lite and MediaPipe's BlazeFace (short range), whose anchors and scales these are.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.images import Pixels, main_colours, piece
from app.providers.sight.models import CLASSIFIER, DETECTOR, FACES, load
from app.providers.sight.vocabulary import PERSON, detected_words, words

_DETECTOR_PX, _CLASSIFIER_PX, _FACES_PX = 300, 280, 128
_LEAST_SCORE = 0.3
_SAME_PLACE = 0.45
"""Overlap, as a share of both together, from which two boxes are the same thing."""
_SAME_FACE = 0.3
_LEAST_FACE, _LEAST_DOUBTFUL_FACE = 0.72, 0.66
_CLOSE = (0.1, 0.1, 0.9, 0.9)
_DRAWN = (917, 921)
"""ImageNet's classes of a comic book and of a book's jacket."""
_LEAST_DRAWN, _DRAWN_MARGIN = 0.15, 0.05
_NEAR_SHARE = 0.05
"""Of the picture: smaller ones are looked at by nobody, and there may be many."""
_SKIN_SIDE_PX = 32
_LEAST_RED = 0.03
"""By how much red exceeds green, as a share of both: skin of any colour has 0.05 to 0.2, in the dark too."""
_MOST_WITHOUT_SKIN = 0.9
"""Of a person's box: hands and neck alone may be bare."""
_DARK = 30
"""Red and green together, of 510: below it a difference is noise."""
_LEAST_SUBJECT = 0.2
_MOST_SUBJECTS = 4


@dataclass(frozen=True, slots=True)
class Box:
    """Edges as shares of the picture's width and height."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def share(self) -> float:
        """Of the picture."""
        return max(0.0, self.right - self.left) * max(0.0, self.bottom - self.top)

    @property
    def centre(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def holds(self, point: tuple[float, float]) -> bool:
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom

    def overlap(self, other: Box) -> float:
        """What both cover, as a share of what either covers."""
        shared = Box(
            max(self.left, other.left), max(self.top, other.top),
            min(self.right, other.right), min(self.bottom, other.bottom),
        )  # fmt: skip
        both = self.share + other.share - shared.share
        return shared.share / both if both > 0 and shared.left < shared.right and shared.top < shared.bottom else 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """A thing (by the vocabulary's word) or a face; how sure the looks at it are on average, from 0 to 1."""

    name: str
    score: float
    box: Box


@dataclass(frozen=True, slots=True)
class Sight:
    """What the models made of one picture: nothing of it is certain yet.

    ``subject``: the likeliest words for what the picture is of, with the share of the classifier's belief, the
    likeliest first. ``colours``: that fill it.
    """

    things: tuple[Found, ...] = ()
    subject: tuple[tuple[str, float], ...] = ()
    faces: tuple[Found, ...] = ()
    colours: tuple[str, ...] = ()


class FaceLooker:
    """Finds faces alone. Making it loads its model from the folder of all. Raises ``ModelChanged``."""

    def __init__(self, models: Path) -> None:
        import numpy

        self._np: Any = numpy
        self._model = load(models, FACES)
        cells = [((x + 0.5) / n, (y + 0.5) / n, k) for n, k in ((16, 2), (8, 6)) for y in range(n) for x in range(n)]
        self._anchors = numpy.array([(x, y) for x, y, k in cells for _ in range(k)], numpy.float32)

    def look(self, image: Pixels, *, closely: bool = False) -> tuple[Found, ...]:
        """Where faces may be: of drawings, statues and cats too.

        ``closely``: small ones too, and doubtful ones. It takes twice as long, and one who stands at the back of four
        is worth that where none is to be missed.
        """
        width, height = image.size
        side, longer = min(width, height), max(width, height)
        starts = sorted({0, (longer - side) // 2, longer - side})
        regions = [(0, 0, longer)]
        regions += [(start, 0, side) if width >= height else (0, start, side) for start in starts]
        half = -(-side // 2)
        if closely and half >= _FACES_PX // 2:  # a smaller piece shows nothing that the larger ones do not
            regions += [(left, top, half) for top in _side_by_side(height, half) for left in _side_by_side(width, half)]
        least = _LEAST_DOUBTFUL_FACE if closely else _LEAST_FACE
        found = [face for left, top, size in regions for face in self._faces_in(image, left, top, size, least)]
        return tuple(_distinct(found, _SAME_FACE))

    def _faces_in(self, image: Pixels, left: int, top: int, size: int, least: float) -> list[Found]:
        """In the square of ``size`` px whose corner that is, with a score above ``least``."""
        np, (width, height) = self._np, image.size
        pixels = np.asarray(piece(image, (left, top, left + size, top + size), _FACES_PX), np.float32)[None]
        out = self._model.run(None, {self._model.get_inputs()[0].name: pixels / 127.5 - 1})
        boxes = next(one for one in out if one.shape[-1] == 16)[0]
        scores = 1 / (1 + np.exp(-np.clip(next(one for one in out if one.shape[-1] == 1)[0, :, 0], -60, 60)))
        found = []
        for at in np.flatnonzero(scores > least):
            x, y = (boxes[at, :2] / _FACES_PX + self._anchors[at]) * size + (left, top)
            half_width, half_height = boxes[at, 2:4] / _FACES_PX * size / 2
            box = Box(
                float((x - half_width) / width), float((y - half_height) / height),
                float((x + half_width) / width), float((y + half_height) / height),
            )  # fmt: skip
            found.append(Found("face", float(scores[at]), box))
        return found


class Looker:
    """Making it loads the models from their folder. Raises ``ModelChanged``."""

    def __init__(self, models: Path) -> None:
        import numpy

        self._np: Any = numpy
        self._detector, self._classifier, self._faces = (
            load(models, DETECTOR),
            load(models, CLASSIFIER),
            FaceLooker(models),
        )
        self._table = numpy.zeros((len(words()), 1000), numpy.float32)
        for row, word in zip(self._table, words().values(), strict=True):
            row[list(word.classes)] = 1

    def look(self, image: Pixels) -> Sight:
        """At an upright RGB picture of 300 px or more. Raises what the libraries raise."""
        things = tuple(one for one in self._things(image) if not self._is_image_of_person(image, one))
        return Sight(things, self._subject(image), self._faces.look(image), main_colours(image))

    # --- things ----------------------------------------------------------------------------------------------------

    def _things(self, image: Pixels) -> tuple[Found, ...]:
        """Each box of the whole picture with the mean score of the picture, its mirror image and a closer look."""
        whole, mirrored = self._detect(image), self._detect(image, is_mirrored=True)
        closer = self._detect(image, _CLOSE)
        return tuple(_agreed(one, mirrored, closer) for one in whole)

    def _detect(
        self, image: Pixels, region: tuple[float, ...] = (0, 0, 1, 1), *, is_mirrored: bool = False
    ) -> list[Found]:
        np, (left, top, right, bottom) = self._np, region
        width, height = image.size
        cut = piece(image, (left * width, top * height, right * width, bottom * height), _DETECTOR_PX)
        pixels = np.asarray(cut, np.float32)
        pixels = np.ascontiguousarray(pixels[:, ::-1] if is_mirrored else pixels)[None] * (2 / 255) - 1
        boxes, scores = self._detector.run(None, {self._detector.get_inputs()[0].name: pixels})
        boxes, scores = boxes[0, :, 0], scores[0]
        best = scores.max(1)
        found = []
        for at in np.flatnonzero(best > _LEAST_SCORE):
            word = detected_words().get(int(scores[at].argmax()) + 1)
            y0, x0, y1, x1 = (float(edge) for edge in boxes[at])
            x0, x1 = (1 - x1, 1 - x0) if is_mirrored else (x0, x1)
            box = Box(
                left + x0 * (right - left), top + y0 * (bottom - top),
                left + x1 * (right - left), top + y1 * (bottom - top),
            )  # fmt: skip
            found += [Found(word.word, float(best[at]), box)] if word else []
        return _distinct(found, _SAME_PLACE)

    # --- the subject -----------------------------------------------------------------------------------------------

    def _subject(self, image: Pixels) -> tuple[tuple[str, float], ...]:
        np = self._np
        width, height = image.size
        side = min(width, height)
        left, top = (width - side) // 2, (height - side) // 2
        whole = np.asarray(piece(image, (0, 0, width, height), _CLASSIFIER_PX))
        middle = np.asarray(piece(image, (left, top, left + side, top + side), _CLASSIFIER_PX))
        looks = [whole, middle, np.ascontiguousarray(whole[:, ::-1])]
        shares = self._table @ np.mean([self._classify(look) for look in looks], 0)
        names = list(words())
        order = np.argsort(-shares)[:_MOST_SUBJECTS]
        return tuple((names[at], float(shares[at])) for at in order if shares[at] > _LEAST_SUBJECT)

    def _classify(self, pixels: Any) -> Any:
        """The belief in each of ImageNet's classes, together 1."""
        return self._classifier.run(None, {"images": pixels[None]})[0][0].astype(self._np.float32) / 255

    # --- people who are none ---------------------------------------------------------------------------------------

    def _is_image_of_person(self, image: Pixels, one: Found) -> bool:
        """Whether it is a statue or a picture of one, where it is near enough to tell."""
        is_near = one.name == PERSON and one.box.share >= _NEAR_SHARE
        return is_near and (not self._shows_skin(image, one.box) or self._is_drawn(image, one.box))

    def _shows_skin(self, image: Pixels, box: Box) -> bool:
        """Whether anything in it has its colour: bronze, stone and ink have not."""
        np, (width, height) = self._np, image.size
        region = (box.left * width, box.top * height, box.right * width, box.bottom * height)
        pixels = np.asarray(piece(image, region, _SKIN_SIDE_PX), np.float32).reshape(-1, 3)
        red, green = pixels[:, 0], pixels[:, 1]
        redness = (red - green) / np.maximum(red + green, _DARK)
        return bool(np.quantile(redness, _MOST_WITHOUT_SKIN) >= _LEAST_RED)

    def _is_drawn(self, image: Pixels, box: Box) -> bool:
        """Whether it is painted or printed: the detector was taught no difference, the classifier was."""
        width, height = image.size
        margin = _DRAWN_MARGIN
        region = (
            (box.left - margin) * width, (box.top - margin) * height,
            (box.right + margin) * width, (box.bottom + margin) * height,
        )  # fmt: skip
        beliefs = self._classify(self._np.asarray(piece(image, region, _CLASSIFIER_PX)))
        return float(beliefs[list(_DRAWN)].sum()) >= _LEAST_DRAWN


def _side_by_side(length: int, size: int) -> list[int]:
    """Where the fewest pieces of ``size`` begin that cover ``length`` from end to end."""
    rest = max(0, length - size)
    gaps = -(-rest // size)
    return [round(rest * at / gaps) for at in range(gaps + 1)] if gaps else [0]


def _distinct(found: list[Found], same: float) -> list[Found]:
    """Each thing once, with its best score, the best first."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: -one.score):
        if all(one.name != other.name or one.box.overlap(other.box) < same for other in kept):
            kept.append(one)
    return kept


def _agreed(one: Found, mirrored: list[Found], closer: list[Found]) -> Found:
    scores = [one.score, _again(one, mirrored)]
    box = one.box
    if box.left > _CLOSE[0] and box.top > _CLOSE[1] and box.right < _CLOSE[2] and box.bottom < _CLOSE[3]:
        scores.append(_again(one, closer))
    return Found(one.name, sum(scores) / len(scores), box)


def _again(one: Found, found: list[Found]) -> float:
    """The score of the same thing in another look; 0 where it is not there."""
    same = (other for other in found if other.name == one.name and one.box.overlap(other.box) > _SAME_PLACE)
    return max((other.score for other in same), default=0.0)
