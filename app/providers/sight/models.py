"""The three models of ``resources/models/``: whole as they were shipped, or not used at all."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

DETECTOR = "ssdlite_coco_fp16.onnx"
CLASSIFIER = "efficientnet_lite3_int8.onnx"
FACES = "blazeface_short.onnx"

SHA256 = {
    DETECTOR: "1db1e1e8555ed7e889e22bf4f883bb1b99357a69aa2e6f42f95cd9c3ab70aa33",
    CLASSIFIER: "86a41a204c98f9e2af1fd88e1efb29139a248e31c521936f6eadb0ca4b4af91f",
    FACES: "d404810f2451991ce35181f4470075d18a061e89f6c064f78e0d76bad62cb8aa",
}
MOST_BYTES = 32 * 2**20
"""More than any of them has: what is larger is another, and is not read to find that out."""


class ModelChanged(Exception):
    """A model's file is missing or not the one that was shipped; its text is the file's name."""


def load(folder: Path, name: str) -> Any:
    """An ``onnxruntime.InferenceSession`` of one core. Raises ``ModelChanged``."""
    import onnxruntime

    file, model = folder / name, b""
    try:
        if file.is_file() and file.stat().st_size <= MOST_BYTES:
            model = file.read_bytes()
    except OSError:
        raise ModelChanged(name) from None
    if hashlib.sha256(model).hexdigest() != SHA256[name]:
        raise ModelChanged(name)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False  # it would keep what the largest picture took
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
