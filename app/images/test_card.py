"""A picture of a number, by which a test proves that a provider really looks."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

from app.core.frame import Picture
from app.images.normalise import normalise

SIDE_PX, TEXT_PX = 360, 120


def number_card(number: int) -> Picture:
    """``number`` in large black digits on white, 360 x 360 pixels."""
    card = Image.new("RGB", (SIDE_PX, SIDE_PX), "white")
    font = ImageFont.load_default(TEXT_PX)
    ImageDraw.Draw(card).text((SIDE_PX / 2, SIDE_PX / 2), str(number), fill="black", font=font, anchor="mm")
    file = io.BytesIO()
    card.save(file, "JPEG", quality=90)
    return normalise(file.getvalue())
