"""Pictures: checking, normalising, measuring, shrinking.

The only room with Pillow; it imports nothing of ours but core. Every function is pure and synchronous, made to be
called from threads. Whatever an upload holds, what escapes is a ``PictureError``.
"""

from __future__ import annotations

from app.images.blur import Face, blurred
from app.images.normalise import normalise
from app.images.piece import Pixels, main_colours, piece
from app.images.test_card import number_card
from app.images.thumbnail import Thumbnail, as_luma, as_rgb, small_jpeg, thumbnail

__all__ = [
    "Face",
    "Pixels",
    "Thumbnail",
    "as_luma",
    "as_rgb",
    "blurred",
    "main_colours",
    "normalise",
    "number_card",
    "piece",
    "small_jpeg",
    "thumbnail",
]
