"""Photographs with clear licences and what may truly be said of each: tests/data/photographs.

``truth.toml`` there says what its fields mean and by which rule a photograph is held out, ``CREDITS.toml`` whose they
are.
"""

from __future__ import annotations

import io
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image, ImageFilter

FOLDER = Path(__file__).parent / "data/photographs"
Half = Literal["tuning", "held out"]

DARK = 0.3
BLURRED_PX = 2.5
"""Standard deviation of a lens that is out of focus."""
SHAKEN_PX = 7
"""Each way: 15 pixels of a moving head."""
CRUSHED_QUALITY = 12
TINY_PX = 240
TILTED_DEG, TURNED_DEG = 20, 90
FAR = 0.6
"""Of its sides, as a thing seen from further away."""
EDGE, WALL = (127, 127, 127), (120, 115, 110)


@dataclass(frozen=True, slots=True)
class Photograph:
    """A photograph and what is true of it, judged by eye.

    ``true`` holds each word that may be said, with the most of it that may be counted; ``people`` the least and the
    most people. Of ``bad_input`` (drawings, statues, screenshots, noise) silence is right too; ``known`` ones were used
    to find the first thresholds.
    """

    name: str
    jpeg: bytes
    half: Half
    true: Mapping[str, int]
    people: tuple[int, int]
    bad_input: bool = False
    known: bool = False

    def picture(self) -> Image.Image:
        """Decoded, RGB, at most 640 pixels on its longer side."""
        return Image.open(io.BytesIO(self.jpeg)).convert("RGB")


def load(half: Half | None = None) -> list[Photograph]:
    """The photographs of one half, or all, by name. "held out" is for figures alone: tune with "tuning"."""
    truth = tomllib.loads((FOLDER / "truth.toml").read_text("utf-8"))
    return [
        Photograph(name, (FOLDER / f"{name}.jpg").read_bytes(), **{**said, "people": tuple(said["people"])})
        for name, said in sorted(truth.items())
        if half in (None, said["half"])
    ]


def damaged(picture: Image.Image) -> Iterator[tuple[str, Image.Image]]:
    """An RGB picture as eight bad ones that a wearer takes, each with its damage's name; always the same pixels."""
    yield "dark", picture.point([int(level * DARK) for level in range(256)] * 3)
    yield "blurred", picture.filter(ImageFilter.GaussianBlur(BLURRED_PX))
    yield "shaken", picture.filter(ImageFilter.BoxBlur((SHAKEN_PX, 0)))
    yield "crushed", _crushed(picture)
    tiny = picture.copy()
    tiny.thumbnail((TINY_PX, TINY_PX))
    yield "tiny", tiny
    yield "tilted", picture.rotate(TILTED_DEG, expand=True, fillcolor=EDGE)
    yield "turned", picture.rotate(TURNED_DEG, expand=True)
    yield "far", _far(picture)


def _crushed(picture: Image.Image) -> Image.Image:
    stored = io.BytesIO()
    picture.save(stored, "JPEG", quality=CRUSHED_QUALITY)
    return Image.open(stored).convert("RGB")


def _far(picture: Image.Image) -> Image.Image:
    width_px, height_px = int(picture.width * FAR), int(picture.height * FAR)
    wall = Image.new("RGB", picture.size, WALL)
    wall.paste(
        picture.resize((width_px, height_px)), ((picture.width - width_px) // 2, (picture.height - height_px) // 2)
    )
    return wall
