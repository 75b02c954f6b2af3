"""Pieces of a picture for the models that look at it, and the colours that fill it."""

from __future__ import annotations

from collections import Counter

from PIL import Image

from app.images.decode import pillow_errors

Pixels = Image.Image
"""An upright RGB picture in memory, for rooms that hand it on."""
Region = tuple[float, float, float, float]
"""Left, top, right, bottom in px; what lies outside the picture is black."""

_COUNTED_SIDE_PX = 48
_LEAST_SHARE = 0.3
_MOST_COLOURS = 2
_GREY_SATURATION, _BLACK_LIGHT, _SHADOW_LIGHT, _WHITE_LIGHT = 40, 55, 45, 200
_BROWN_LIGHT = 170
_BROWN_DEGREES = range(8, 45)
_HUES = ((14, "red"), (42, "orange"), (68, "yellow"), (165, "green"), (195, "teal"), (255, "blue"), (295, "purple"),
         (340, "pink"), (361, "red"))  # fmt: skip
"""Each up to that many degrees."""


def piece(image: Pixels, region: Region, side_px: int) -> Pixels:
    """A square copy of what lies in ``region``, its shape not kept. Raises PictureError."""
    left, top, right, bottom = (round(edge) for edge in region)
    with pillow_errors():
        cut = image if (left, top, right, bottom) == (0, 0, *image.size) else image.crop((left, top, right, bottom))
        return cut.resize((side_px, side_px), Image.Resampling.BILINEAR)


def main_colours(image: Pixels) -> tuple[str, ...]:
    """The one or two colours that fill a third of an RGB picture or more, the larger first; none where none does."""
    with pillow_errors():
        pixels = image.resize((_COUNTED_SIDE_PX, _COUNTED_SIDE_PX), Image.Resampling.BOX).convert("HSV").tobytes()
    counts = Counter(_colour(*pixels[at : at + 3]) for at in range(0, len(pixels), 3))
    least = _LEAST_SHARE * sum(counts.values())
    return tuple(name for name, count in counts.most_common(_MOST_COLOURS) if count >= least)


def _colour(hue: int, saturation: int, light: int) -> str:
    """The name of a pixel's colour; all from 0 to 255."""
    if saturation < _GREY_SATURATION or light < _SHADOW_LIGHT:
        return "black" if light < _BLACK_LIGHT else "grey" if light < _WHITE_LIGHT else "white"
    degrees = hue * 360 // 255
    if degrees in _BROWN_DEGREES and light < _BROWN_LIGHT:
        return "brown"
    return next(name for end, name in _HUES if degrees < end)
