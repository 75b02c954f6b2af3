"""The program's icon as desktops and Windows want it, drawn from `resources/icons/app.svg`.

    python3 packaging/icons.py FOLDER

It leaves `frame-backend.svg`, `frame-backend-SIDE.png` and, for Windows, `frame-backend.ico` in FOLDER. Nothing of it
is kept under version control: every build makes it anew. Run it with the Python of the environment that is frozen.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PIL import Image
from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QColorConstants, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "resources" / "icons" / "app.svg"
NAME = "frame-backend"
SIDES_PX = (16, 22, 24, 32, 48, 64, 128, 256, 512)
ICO_SIDES_PX = (16, 24, 32, 48, 64, 128, 256)
GROUND = "#2459d6"  # the tray's
_SCALE, _UP = 1.26, 0.5
"""The glasses fill the ground, whose edge takes the place of the drawing's own frame, and stand in its middle."""


def svg() -> str:
    """The drawing in white on a ground of its own colour, as in the tray: it must be seen on any desktop."""
    (drawing,) = re.findall(r"<svg[^>]*>(.*)</svg>", SOURCE.read_text(encoding="utf-8"), re.DOTALL)
    glasses = re.sub(r"<rect[^>]*/>", "", drawing)
    shift = 12 * (1 - _SCALE)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
        f'<rect x="0.75" y="0.75" width="22.5" height="22.5" rx="5" fill="{GROUND}"/>'
        f'<g transform="translate({shift:.2f} {shift - _SCALE * _UP:.2f}) scale({_SCALE})" fill="none"'
        ' stroke="#ffffff" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">'
        f"{glasses}</g></svg>\n"
    )


def drawn(source: str, side_px: int, file: Path) -> Path:
    picture = QImage(side_px, side_px, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(QColorConstants.Transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, side_px, side_px))
    painter.end()
    if not picture.save(str(file)):
        sys.exit(f"{file} could not be written")
    return file


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    source = svg()
    (folder / f"{NAME}.svg").write_text(source, encoding="utf-8", newline="\n")
    files = {side_px: drawn(source, side_px, folder / f"{NAME}-{side_px}.png") for side_px in SIDES_PX}
    largest, *smaller = (Image.open(files[side_px]) for side_px in reversed(ICO_SIDES_PX))
    sizes = [(side_px, side_px) for side_px in ICO_SIDES_PX]
    largest.save(folder / f"{NAME}.ico", sizes=sizes, append_images=smaller)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write(Path(sys.argv[1]))
