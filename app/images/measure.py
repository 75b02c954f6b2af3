"""What the gate judges by, measured on a small decoded picture."""

from __future__ import annotations

from operator import mul

from PIL import Image, ImageFilter

from app.core.frame import GRID_SIDE, Measures
from app.images.limits import bounded

MEASURED_SIDE_PX = 360
_SMALLEST_FILTERED_PX = 3
_CLEARLY_SHARP = 150.0
_DARK_LUMA, _BRIGHT_LUMA = 16, 250
_LUMAS, _SQUARES = tuple(range(256)), tuple(value * value for value in range(256))
_LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)


def measure(image: Image.Image) -> Measures:
    """Measure an RGB or YCbCr picture. One smaller than 360 px is not enlarged: that would count as blur."""
    factor = max(image.size) // MEASURED_SIDE_PX
    image = image.reduce(factor) if factor > 1 else image
    grid = image.resize((GRID_SIDE, GRID_SIDE), Image.Resampling.BOX, reducing_gap=1.0).convert("RGB")
    luma = image.getchannel("Y") if image.mode == "YCbCr" else image.convert("L")
    counts = luma.histogram()
    pixels = luma.width * luma.height
    return Measures(
        grid=grid.tobytes(),
        brightness=sum(map(mul, _LUMAS, counts)) / pixels,
        dark_share=sum(counts[: _DARK_LUMA + 1]) / pixels,
        bright_share=sum(counts[_BRIGHT_LUMA:]) / pixels,
        sharpness=_sharpness(luma),
    )


def _sharpness(luma: Image.Image) -> float:
    """Variance of the Laplacian at a longest side of 360 px; of the middle sixth alone where that is sharp enough.

    The filter is the dearest step of all. A middle of 150 makes the whole at least 25, and nobody asks beyond 15.
    """
    size = bounded(luma.size, MEASURED_SIDE_PX)
    if size != luma.size:
        luma = luma.resize(size, Image.Resampling.BOX)
    if min(luma.size) < _SMALLEST_FILTERED_PX:
        return 0.0
    middle = luma.crop((0, luma.height * 5 // 12, luma.width, luma.height * 7 // 12))
    if middle.height >= _SMALLEST_FILTERED_PX and (glance := _laplacian(middle)) >= _CLEARLY_SHARP:
        return glance
    return _laplacian(luma)


def _laplacian(luma: Image.Image) -> float:
    # The kernel leaves a border of 1 px as it was: kept, it would be all the variance a blurred picture has.
    edges = luma.filter(_LAPLACIAN).crop((1, 1, luma.width - 1, luma.height - 1))
    return _variance(edges.histogram())


def _variance(counts: list[int]) -> float:
    total = sum(counts)
    mean: float = sum(map(mul, _LUMAS, counts)) / total
    mean_square: float = sum(map(mul, _SQUARES, counts)) / total
    return mean_square - mean * mean
