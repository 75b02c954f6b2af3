"""From any mode a file may have to upright RGB."""

from __future__ import annotations

from PIL import Image

from app.images.decode import pillow_errors

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_STRIP_ROWS = 64


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Turned and mirrored as the EXIF ``orientation`` (1 to 8) says."""
    return image.transpose(_TURNS[orientation]) if orientation in _TURNS else image


def to_rgb(image: Image.Image) -> Image.Image:
    """RGB: what is transparent over white, 16-bit grey scaled, inks turned to light. Raises PictureDamaged."""
    with pillow_errors():
        if image.mode.startswith("I"):
            return image.point(lambda value: value * (1 / 257)).convert("L").convert("RGB")
        if image.has_transparency_data:
            rgba = image.convert("RGBA")
            white = Image.new("RGB", image.size, "white")
            white.paste(rgba, mask=rgba)
            return white
        return image if image.mode == "RGB" else image.convert("RGB")


def to_rgb_reduced(image: Image.Image, factor: int) -> Image.Image:
    """As ``to_rgb``, at 1/``factor``, strip by strip: a large picture never stands in memory twice."""
    if factor <= 1:
        return to_rgb(image)
    width, height = image.size
    small = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    for top in range(0, height, _STRIP_ROWS * factor):
        with pillow_errors():
            strip = image.crop((0, top, width, min(height, top + _STRIP_ROWS * factor)))
        small.paste(to_rgb(strip).reduce(factor), (0, top // factor))
    return small
