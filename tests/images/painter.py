"""Pictures made at run time: scenes with the texture of photographs, so that no photograph has to be kept."""

from __future__ import annotations

import io
import random
from typing import Any

from PIL import Image, ImageChops, ImageDraw

Colour = tuple[int, int, int]


def noise(size: tuple[int, int], seed: int, cells: int) -> Image.Image:
    """Smooth L noise with ``cells`` cells across."""
    dice = random.Random(seed)
    small = Image.frombytes("L", (cells, cells), dice.randbytes(cells * cells))
    return small.resize(size, Image.Resampling.BICUBIC)


def texture(size: tuple[int, int], seed: int, finest: int = 512) -> Image.Image:
    """L noise over all scales, each finer one weaker, as in photographs."""
    result = Image.new("L", size, 128)
    cells, weight = 3, 0.5
    while cells <= finest:
        result = Image.blend(result, noise(size, seed + cells, cells), weight)
        cells, weight = cells * 2, weight * 0.72
    return result


def scene(size: tuple[int, int] = (720, 720), seed: int = 1, finest: int = 512) -> Image.Image:
    """An RGB scene: texture in three colours, a few hard-edged things and lines of text."""
    dice = random.Random(seed)
    channels = [texture(size, seed * 100 + part, finest) for part in range(3)]
    image = ImageChops.blend(Image.merge("RGB", channels), Image.merge("RGB", [channels[0]] * 3), 0.6)
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        x, y = dice.randrange(size[0]), dice.randrange(size[1])
        colour = dice.randrange(256), dice.randrange(256), dice.randrange(256)
        draw.rectangle((x, y, x + size[0] // 8, y + size[1] // 9), fill=colour)
        draw.text((x + 4, y + 4), f"Platform {dice.randrange(30)} to Ulm", fill=(250, 250, 250))
    return image


def quarters(size: tuple[int, int] = (320, 240)) -> Image.Image:
    """Red, green, blue, white: which way is up shows at once."""
    image = Image.new("RGB", size, (235, 235, 235))
    width, height = size[0] // 2, size[1] // 2
    for at, colour in (((0, 0), (220, 30, 30)), ((width, 0), (30, 180, 60)), ((0, height), (40, 70, 210))):
        image.paste(colour, (*at, at[0] + width, at[1] + height))
    return image


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def frame_jpeg(target_bytes: int = 78_000) -> bytes:
    """A 720 x 720 JPEG of about ``target_bytes``, as the glasses send."""
    image = scene()
    by_distance = (
        (abs(len(data) - target_bytes), data) for q in range(30, 96, 3) if (data := encoded(image, quality=q))
    )
    return min(by_distance)[1]


def large_jpeg() -> bytes:
    """Of 49 megapixels, the most that is taken, and some 7 MB."""
    return encoded(scene((2_020, 1_515), finest=1_500).resize((8_080, 6_060)), quality=97)
