"""The on-device reader's own process: text by RapidOCR, codes by zxing-cpp, nothing from the network.

Spawned by ``on_device.OnDeviceReader``, never run in the window's process: the libraries take a second to import and
300 MB. At module level this imports no library, for the parent imports it too, and the child shall be reading within
seconds of its start. What passes through the pipe:

    child -> parent   READY, or Failure             once, when the libraries are there
    parent -> child   bytes: a JPEG; WARM_UP; None: end
    child -> parent   Reading or Failure            one for each JPEG and each WARM_UP
"""

from __future__ import annotations

import contextlib
import functools
import math
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from app.providers.reading_order import Box, in_reading_order

if TYPE_CHECKING:
    if sys.platform == "win32":
        from multiprocessing.connection import PipeConnection as Connection
    else:
        from multiprocessing.connection import Connection

READY = "ready"
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

NICENESS = 5


@dataclass(frozen=True, slots=True)
class Code:
    """A code's content. ``label`` says what it is, for a person: ``QR code``, ``Bar code``."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in one picture: its lines of text in reading order, its codes.

    ``cut_short``: there was more text than could be read in time.
    """

    lines: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    cut_short: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a picture was not read: an exception's type and text, for the log. ``missing``: a library is not there."""

    reason: str
    missing: bool = False


class Engine(Protocol):
    """What reads; the tests have others."""

    def read(self, jpeg: bytes) -> Reading: ...

    def warm_up(self) -> None: ...


# --- the process -----------------------------------------------------------------------------------------------


def main(connection: Connection) -> None:
    """The child's life: prepare, then read until told to end, the pipe breaks or the parent is gone."""
    _behave()
    forbid_network()
    forbid_telemetry()
    try:
        serve(connection, LibraryEngine())
    except Exception as error:  # a broken library raises anything: OSError from the loader, ImportError, AttributeError
        with contextlib.suppress(OSError):
            connection.send(_failure(error))
    os._exit(0)  # there is nothing to save, and taking the libraries down takes a quarter of a second


def serve(connection: Connection, engine: Engine) -> None:
    """Answer each request in turn. Returns when told to, or when the parent's end is closed."""
    with contextlib.suppress(EOFError, OSError):  # the parent is gone
        connection.send(READY)
        more = _serve_one(connection, engine)
        _give_way()
        while more:
            more = _serve_one(connection, engine)


def _serve_one(connection: Connection, engine: Engine) -> bool:
    """Whether there was a request, and not the word to end."""
    request = connection.recv()
    if request is None:
        return False
    connection.send(_answer(engine, request))
    return True


def _answer(engine: Engine, request: Any) -> Reading | Failure:
    try:
        if request == WARM_UP:
            engine.warm_up()
            return Reading()
        return engine.read(request)
    except Exception as error:  # one picture that a library chokes on must not cost the process
        return _failure(error)


def _failure(error: Exception) -> Failure:
    return Failure(f"{type(error).__name__}: {error}"[:500], missing=isinstance(error, ImportError))


def _behave() -> None:
    """Be a good child: leave Ctrl-C to the parent, and never outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, name="parent-watch", daemon=True).start()


def _give_way() -> None:
    """Let the window go first from now on.

    Not before the first answer: on a busy computer the imports and the models would take four times as long.
    """
    if hasattr(os, "nice"):  # not on Windows
        os.nice(NICENESS)


def _die_with_parent() -> None:
    """A parent killed hard ends nobody, and a busy child does not look at its pipe."""
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(0)


def forbid_network() -> None:
    """No library may open a connection from this process: RapidOCR would fetch a model file that it misses."""
    refused = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg"}

    def check(event: str, _: Sequence[Any]) -> None:
        if event in refused:
            raise PermissionError("the on-device reader never uses the network")

    sys.addaudithook(check)


def forbid_telemetry() -> None:
    """ONNX Runtime reports to its maker, past what is forbidden above, and keeps files in the home for that.

    It heeds this when it is set before the import.
    ``disable_telemetry_events`` comes too late: by then it has reported the process (microsoft/onnxruntime#27379).
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


# --- the libraries ---------------------------------------------------------------------------------------------


class LibraryEngine:
    """RapidOCR and zxing-cpp behind one call. Making it imports them (1.1 s); the models load at the first text."""

    def __init__(self) -> None:
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

    def read(self, jpeg: bytes) -> Reading:
        """Everything legible in ``jpeg``. Raises what the libraries raise, and ``PictureError``."""
        import numpy

        from app.images import as_luma, as_rgb

        deadline = time.monotonic() + READING_S
        found = self._zxing.read_barcodes(as_luma(jpeg, CODE_SIDE_PX), formats=self._formats)
        codes = tuple(dict.fromkeys(Code(_label(code), code.text) for code in found if code.text.strip()))
        rgb = numpy.asarray(as_rgb(jpeg, OCR_SIDE_PX))
        picture = numpy.ascontiguousarray(rgb[:, :, ::-1])  # RapidOCR takes arrays as B, G, R
        lines, cut_short = self._lines(picture, deadline)
        return Reading(tuple(line for line in lines if not _spells(line, codes)), codes, cut_short)

    def warm_up(self) -> None:
        """Load both models: the one that reads is loaded only once the other has found text."""
        import cv2
        import numpy

        picture = numpy.full((64, 320, 3), 255, numpy.uint8)
        cv2.putText(picture, "WARM UP", (20, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.3, (0, 0, 0), 3)
        self._lines(picture, math.inf)

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
    return score >= MIN_SCORE and sum(char.isalnum() for char in text) >= MIN_ALPHANUMERICS


def _spells(text: str, codes: Iterable[Code]) -> bool:
    """Whether a line only repeats a code, as the digits under a bar code do."""
    essence = _alphanumerics(text)
    return any(essence == _alphanumerics(code.text) for code in codes)


def _alphanumerics(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
