"""The process that finds faces to be blurred (``faces.FaceBlur``), and nothing else.

One of its own beside the reader's: a photo waits for its faces before anybody may see it, and a reading takes a second.
It is asked by a JPEG and answers with its ``Face``s, or with a file's name: that model is not the one that was shipped.
At module level this imports no library of the models, as ``reader_worker``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.images import Face, as_rgb
from app.providers.child_life import live
from app.providers.sight.looking import FaceLooker
from app.providers.sight.models import ModelChanged

if TYPE_CHECKING:
    if sys.platform == "win32":
        from multiprocessing.connection import PipeConnection as Connection
    else:
        from multiprocessing.connection import Connection

_LOOKED_AT_SIDE_PX = 736


def main(connection: Connection, models: Path) -> None:
    """The child's life. It never gives way to the window: a wearer waits for it."""
    live(connection, partial(_looker, models), gives_way=False)


def _looker(models: Path) -> Callable[[bytes], tuple[Face, ...] | str]:
    try:
        return partial(_find, FaceLooker(models))
    except ModelChanged as changed:
        name = str(changed)
        return lambda _: name


def _find(looker: FaceLooker, jpeg: bytes) -> tuple[Face, ...]:
    """Raises what the libraries raise, and ``PictureError``."""
    boxes = (found.box for found in looker.look(as_rgb(jpeg, _LOOKED_AT_SIDE_PX), closely=True))
    return tuple((box.left, box.top, box.right, box.bottom) for box in boxes)
