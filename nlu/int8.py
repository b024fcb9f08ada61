"""The understander in eight bits: half the time on a processor without special instructions, a quarter of the file.

Weights are unsigned, one scale a column: signed ones saturate on AVX2 (sums of two products must fit sixteen bits),
and those of seven bits that do not are coarser. What a layer reads is quantised as it comes, with one scale a message,
so an answer depends on what rides in the same batch: such a network is asked message by message.

A few channels of a BERT carry numbers ten times those of the rest, in every message (Dettmers et al. 2022, arXiv
2208.07339), and would take the scale for themselves. They are divided before a layer and its weights multiplied, as in
SmoothQuant (Xiao et al. 2023, arXiv 2211.10438), but only those: dividing all of them was worse than none. Which they
are is seen in a handful of sentences. The heads, a hundredth of the time, stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from onnxruntime import InferenceSession
from onnxruntime.quantization import QuantType, quantize_dynamic

Inputs = Mapping[str, NDArray[np.int64]]
_LINEAR = ("MatMul", "Attention")
_HEADS = "/heads/"
_LOUD = 3.0
"""A channel above this many medians is divided down to it."""


def to_int8(source: Path, target: Path, sentences: Sequence[Inputs]) -> None:
    """Write the fused network `source` in eight bits. `sentences`: inputs, one message each, by which loud channels are
    found."""
    model = onnx.load(str(source))
    linear = [node.name for node in model.graph.node if node.op_type in _LINEAR and _HEADS not in node.name]
    _soften(model, _loudness(model, linear, sentences))
    _shrink_embeddings(model)
    onnx.save(model, str(target))
    quantize_dynamic(
        target,
        target,
        op_types_to_quantize=list(_LINEAR),
        nodes_to_quantize=linear,
        per_channel=True,
        weight_type=QuantType.QUInt8,
        extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
    )


def _loudness(model: ModelProto, linear: Sequence[str], sentences: Sequence[Inputs]) -> dict[str, NDArray[np.float32]]:
    """The largest number that each channel before each linear layer had, by the layer's name."""
    read = {node.name: node.input[0] for node in model.graph.node if node.name in set(linear)}
    watched = ModelProto()
    watched.CopyFrom(model)
    names = list(dict.fromkeys(read.values()))
    watched.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    session = InferenceSession(watched.SerializeToString(), providers=["CPUExecutionProvider"])
    loudest: dict[str, NDArray[np.float32]] = {}
    for sentence in sentences:
        for name, states in zip(names, session.run(names, dict(sentence)), strict=True):
            here = np.abs(states).max((0, 1))
            loudest[name] = np.maximum(loudest.get(name, here), here)
    return {layer: loudest[name] for layer, name in read.items()}


def _soften(model: ModelProto, loudness: Mapping[str, NDArray[np.float32]]) -> None:
    """Divide loud channels before a layer, and multiply the layer's weights: the same product."""
    weights = {tensor.name: tensor for tensor in model.graph.initializer}
    nodes: list[NodeProto] = []
    for node in model.graph.node:
        if node.name in loudness:
            loud = loudness[node.name]
            factor = np.maximum(1.0, loud / (_LOUD * np.median(loud))).astype(np.float32)
            weight = weights[node.input[1]]
            louder = numpy_helper.to_array(weight) * factor[:, None]
            weight.CopyFrom(numpy_helper.from_array(louder, weight.name))
            divisor, softened = f"{node.name}_divisor", f"{node.name}_softened"
            model.graph.initializer.append(numpy_helper.from_array(1 / factor, divisor))
            nodes.append(helper.make_node("Mul", [node.input[0], divisor], [softened], name=softened))
            node.input[0] = softened
        nodes.append(node)
    _replace_nodes(model, nodes)


def _shrink_embeddings(model: ModelProto) -> None:
    """The table of words in eight bits with one scale a row; most of the file is this table."""
    [look] = [n for n in model.graph.node if n.op_type == "Gather" and n.input[0].endswith("word_embeddings.weight")]
    table_name, ids, looked = look.input[0], look.input[1], look.output[0]
    [stored] = [tensor for tensor in model.graph.initializer if tensor.name == table_name]
    table = numpy_helper.to_array(stored)
    scales = (np.maximum(np.abs(table).max(1, keepdims=True), 1e-9) / 127).astype(np.float32)
    stored.CopyFrom(numpy_helper.from_array(np.round(table / scales).astype(np.int8), table_name))
    model.graph.initializer.append(numpy_helper.from_array(scales, "word_scales"))
    nodes = list(model.graph.node)
    at = nodes.index(look)
    look.output[0] = "words_int8"
    after = [
        helper.make_node("Cast", ["words_int8"], ["words_float"], name="words_float", to=TensorProto.FLOAT),
        helper.make_node("Gather", ["word_scales", ids], ["words_scale"], name="words_scale"),
        helper.make_node("Mul", ["words_float", "words_scale"], [looked], name="words"),
    ]
    _replace_nodes(model, [*nodes[: at + 1], *after, *nodes[at + 1 :]])


def _replace_nodes(model: ModelProto, nodes: Sequence[NodeProto]) -> None:
    kept = [NodeProto.FromString(node.SerializeToString()) for node in nodes]  # clearing the graph empties its own
    del model.graph.node[:]
    model.graph.node.extend(kept)
