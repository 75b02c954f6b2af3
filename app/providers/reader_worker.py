"""The on-device reader's own process: text by RapidOCR, codes by zxing-cpp, then a look; nothing from the network.

Spawned by ``on_device.OnDeviceReader``, never run in the window's process: the libraries take a second to import and
300 MB. At module level this imports no library, for the parent imports it too, and the child shall be reading within
seconds of its start. It is asked by ``Task`` or ``WARM_UP`` and answers each with a ``Reading``.
"""

from __future__ import annotations

import functools
import math
import re
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from app.providers.child_life import live
from app.providers.reading_order import Box, in_reading_order
from app.providers.sight.looking import Looker, Sight
from app.providers.sight.models import ModelChanged

if TYPE_CHECKING:
    if sys.platform == "win32":
        from multiprocessing.connection import PipeConnection as Connection
    else:
        from multiprocessing.connection import Connection

WARM_UP = "warm up"

OCR_SIDE_PX = 736
"""Longest side at which text is looked for: 0.8 s for 7 lines on one core."""
CODE_SIDE_PX = 1280
"""Longest side at which codes are looked for: a small code on a poster needs more than text does."""
MIN_SCORE = 0.8
MIN_ALPHANUMERICS = 2
"""Below these the OCR reads words into wood grain and gravel."""

READING_S = 1.4
"""Lines still unread by then stay so: half a page in time is worth more than a page too late."""
LINES_AT_LEAST = 5
"""So many are read all the same: they are what the glasses show."""

LOOKED_AT_BELOW_LINES = 5
"""A picture with so many lines of text is a page, and what else is on it is of no interest."""

_GREEK, _LATIN = re.compile("[\u0370-\u03ff]"), re.compile("[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Task:
    """One picture. ``looks``: it is worth a look as well."""

    jpeg: bytes = field(repr=False)
    looks: bool = True


@dataclass(frozen=True, slots=True)
class Code:
    """A code's content. ``label`` says what it is, for a person: ``QR code``, ``Bar code``."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in one picture: its lines of text in reading order, its codes, what it shows.

    ``cut_short``: there was more text than could be read in time. ``sight``: None when nobody looked.
    ``changed_model``: the file because of which nobody looks any more. ``look_failed``: why, for the log.
    """

    lines: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    cut_short: bool = False
    sight: Sight | None = None
    changed_model: str = ""
    look_failed: str = ""


class Engine(Protocol):
    """What reads; the tests have others."""

    def read(self, jpeg: bytes, *, looks: bool) -> Reading: ...

    def warm_up(self) -> None: ...


# --- the process -----------------------------------------------------------------------------------------------


def main(connection: Connection, models: Path | None = None) -> None:
    """The child's life. ``models``: the folder of those that look; None: it only reads."""
    live(connection, lambda: partial(answer, LibraryEngine(models)))


def answer(engine: Engine, request: Task | str) -> Reading:
    """What ``engine`` makes of a picture, or nothing of ``WARM_UP``."""
    if isinstance(request, Task):
        return engine.read(request.jpeg, looks=request.looks)
    engine.warm_up()
    return Reading()


# --- the libraries ---------------------------------------------------------------------------------------------


class LibraryEngine:
    """RapidOCR, zxing-cpp and the looker behind one call. Making it imports them (1.1 s); the models load when first
    used."""

    def __init__(self, models: Path | None = None) -> None:
        import cv2
        import onnxruntime
        import zxingcpp
        from omegaconf import OmegaConf

        # importing RapidOCR parses the same 85 KB of YAML twice: a third of its time
        patched: Any = OmegaConf
        patched.load = functools.cache(OmegaConf.load)
        import rapidocr
        from rapidocr.utils.process_img import get_rotate_crop_image

        onnxruntime.disable_telemetry_events()
        cv2.setNumThreads(1)
        self._ocr: Any = rapidocr.RapidOCR(params=_parameters(Path(rapidocr.__file__).parent / "models"))
        self._cut_out = get_rotate_crop_image
        self._zxing: Any = zxingcpp
        self._formats = _formats(zxingcpp)
        self._models = models
        self._looker: Looker | None = None
        self._changed_model = ""

    def read(self, jpeg: bytes, *, looks: bool) -> Reading:
        """Everything legible in ``jpeg``, and what it shows. Raises what the libraries raise, and ``PictureError``."""
        import numpy

        from app.images import as_luma, as_rgb

        deadline = time.monotonic() + READING_S
        found = self._zxing.read_barcodes(as_luma(jpeg, CODE_SIDE_PX), formats=self._formats)
        codes = tuple(dict.fromkeys(Code(_label(code), code.text) for code in found if code.text.strip()))
        image = as_rgb(jpeg, OCR_SIDE_PX)
        picture = numpy.ascontiguousarray(numpy.asarray(image)[:, :, ::-1])  # RapidOCR takes arrays as B, G, R
        lines, cut_short = self._lines(picture, deadline)
        lines = [line for line in lines if not _spells(line, codes)]
        # After reading, never beside it: both at once would hold 480 MB.
        is_worth_it = looks and len(lines) < LOOKED_AT_BELOW_LINES
        sight, failed = None, ""
        try:
            sight = self._look(image) if is_worth_it else None
        except Exception as error:  # what was read is not lost with it
            if not (lines or codes):
                raise
            failed = f"{type(error).__name__}: {error}"[:500]
        return Reading(tuple(lines), codes, cut_short, sight, self._changed_model, failed)

    def _look(self, image: Any) -> Sight | None:
        looker = self._with_open_eyes()
        return looker.look(image) if looker else None

    def _with_open_eyes(self) -> Looker | None:
        """None without models, and once one turned out to be another than was shipped."""
        if self._looker is None and self._models is not None and not self._changed_model:
            try:
                self._looker = Looker(self._models)
            except ModelChanged as changed:
                self._changed_model = str(changed)
        return self._looker

    def warm_up(self) -> None:
        """Load all models: the one that reads is loaded only once the other has found text."""
        import cv2
        import numpy

        picture = numpy.full((64, 320, 3), 255, numpy.uint8)
        cv2.putText(picture, "WARM UP", (20, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.3, (0, 0, 0), 3)
        self._lines(picture, math.inf)
        self._with_open_eyes()

    def _lines(self, picture: Any, deadline: float) -> tuple[list[str], bool]:
        """Lines in reading order, and whether the deadline (``time.monotonic()``) cut them short.

        Finding text and reading it are two calls here: RapidOCR in one call takes 4 s for a full page.
        """
        corners = self._ocr(picture, use_det=True, use_rec=False).boxes
        if corners is None:  # nothing found: not empty, but None
            return [], False
        lines: list[str] = []
        boxes = in_reading_order([Box.around(index, four) for index, four in enumerate(corners)])
        for done, box in enumerate(boxes):
            if done >= LINES_AT_LEAST and time.monotonic() > deadline:
                return lines, True
            found = self._ocr(self._cut_out(picture, corners[box.index]), use_det=False, use_rec=True)
            pairs = zip(found.txts or (), found.scores or (), strict=True)
            lines += [text.strip() for text, score in pairs if is_believable(text, float(score))]
        return lines, False


def _parameters(models: Path) -> dict[str, Any]:
    """One core, few pixels, no log. With explicit paths RapidOCR has no reason to look for a download."""
    return {
        "Global.log_level": "critical",
        "Global.use_cls": False,
        "Global.max_side_len": OCR_SIDE_PX,
        "Det.limit_type": "max",
        "Det.limit_side_len": OCR_SIDE_PX,
        "Det.model_path": _model(models, "*_det_*.onnx"),
        "Rec.model_path": _model(models, "*_rec_*.onnx"),
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }


def _model(folder: Path, pattern: str) -> str:
    """The model file in RapidOCR's own wheel. Raises ``FileNotFoundError`` when it is not there."""
    path = min(folder.glob(pattern), default=None)
    if path is None:
        raise FileNotFoundError(f"no {pattern} among the models of rapidocr")
    return str(path)


def _formats(zxing: Any) -> list[Any]:
    """Codes that check themselves. Short ITF and Codabar are left out: stripes of a shirt read as those."""
    kinds = zxing.BarcodeFormat
    matrix = [kinds.QRCode, kinds.MicroQRCode, kinds.RMQRCode, kinds.DataMatrix, kinds.Aztec, kinds.PDF417]
    return [*matrix, kinds.EAN13, kinds.EAN8, kinds.UPCA, kinds.UPCE, kinds.Code128, kinds.Code39]


def _label(code: Any) -> str:
    """The kind of ``code`` in a person's words; the names in use are zxing-cpp's."""
    name = str(code.format)
    if "QR" in name:
        return "QR code"
    return next((f"{kind} code" for kind in ("Data Matrix", "Aztec", "PDF417") if kind in name), "Bar code")


# --- what is kept of a line -----------------------------------------------------------------------------------


def is_believable(text: str, score: float) -> bool:
    """Whether a line is likely to be there: the OCR invents short and doubtful ones."""
    is_mangled = _GREEK.search(text) and _LATIN.search(text)  # no sign mixes them: Greek comes out so
    return score >= MIN_SCORE and sum(char.isalnum() for char in text) >= MIN_ALPHANUMERICS and not is_mangled


def _spells(text: str, codes: Iterable[Code]) -> bool:
    """Whether a line only repeats a code, as the digits under a bar code do."""
    essence = _alphanumerics(text)
    return any(essence == _alphanumerics(code.text) for code in codes)


def _alphanumerics(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
