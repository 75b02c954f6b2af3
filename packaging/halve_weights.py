"""Stores the weights of the models that read text with 16 bits: 15 of 31 MB, and the same text.

    python3 packaging/halve_weights.py FOLDER      from RapidOCR's wheel, into FOLDER

They are cast back when the model is loaded, so nothing is computed in half precision. `packaging/build.py` runs it; the
source runs on the wheel's own files.
"""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

WORTH_IT = 64
"""Numbers in a tensor: less is not worth the cast."""
MODELS = "PP-OCR*.onnx"


def halved(model: onnx.ModelProto) -> onnx.ModelProto:
    """``model``, changed in place: each large tensor of 32-bit weights holds 16 bits and is cast where it was used."""
    graph = model.graph
    casts = []
    for tensor in list(graph.initializer):
        weights = numpy_helper.to_array(tensor)
        if weights.dtype != numpy.float32 or weights.size < WORTH_IT:
            continue
        graph.initializer.remove(tensor)
        half = f"{tensor.name}_half"
        graph.initializer.append(numpy_helper.from_array(weights.astype(numpy.float16), half))
        casts.append(helper.make_node("Cast", [half], [tensor.name], to=TensorProto.FLOAT))
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend(casts + nodes)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        sys.exit("RapidOCR is not installed in this environment.")
    files = sorted((Path(spec.origin).parent / "models").glob(MODELS))
    if len(files) != 2:
        sys.exit(f"RapidOCR has {len(files)} models called {MODELS}, not one that finds text and one that reads it.")
    for file in files:
        onnx.save(halved(onnx.load(file)), folder / file.name)
        print(f"{file.name}: {file.stat().st_size:,} -> {(folder / file.name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
