"""Faces made unknowable in a picture: what is left of each is a few mean colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from PIL import Image

from app.core.frame import Picture
from app.images.decode import pillow_errors
from app.images.normalise import encoded
from app.images.thumbnail import as_rgb

Face = tuple[float, float, float, float]
"""Left, top, right, bottom as shares of the picture's width and height; some of it may lie outside."""

_MARGIN, _HAIR = 0.25, 0.5
"""Of the found box, which goes from the brows to the chin: added at each side, and above it."""
_CELLS = 5
"""Across a blurred face: from 25 mean colours nobody is told from another."""

_Region = tuple[int, int, int, int]


def blurred(picture: Picture, faces: Sequence[Face]) -> Picture:
    """A copy in which nobody is known by ``faces``, measured and encoded anew; with none of them the same bytes.

    Either says how many were blurred. Raises PictureError.
    """
    regions = _grown(faces, (picture.width_px, picture.height_px))
    if not regions:
        return replace(picture, blurred_faces=0)
    image = as_rgb(picture.jpeg)
    for region in regions:
        with pillow_errors():
            cells = image.crop(region).resize((_CELLS, _CELLS), Image.Resampling.BOX)
            # smooth, since hard edges between cells look like things to a model
            image.paste(cells.resize((region[2] - region[0], region[3] - region[1]), Image.Resampling.BICUBIC), region)
    return replace(encoded(image), blurred_faces=len(regions))


def _grown(faces: Iterable[Face], size: tuple[int, int]) -> list[_Region]:
    """What is blurred of each that shows in the picture, in whole px."""
    regions = []
    for left, top, right, bottom in faces:
        wide, high = _MARGIN * (right - left), bottom - top
        x0, x1 = _within(left - wide, size[0]), _within(right + wide, size[0])
        y0, y1 = _within(top - _HAIR * high, size[1]), _within(bottom + _MARGIN * high, size[1])
        if x0 < x1 and y0 < y1:
            regions.append((x0, y0, x1, y1))
    return regions


def _within(share: float, length: int) -> int:
    return min(length, max(0, round(share * length)))
