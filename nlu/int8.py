"""The understander in eight bits: half the time on a processor without special instructions, a quarter of the file.

Weights are signed, one scale a column, and keep to seven bits: AVX2 adds pairs of products in sixteen bits, which eight
would overflow (unsigned ones do not, and are a tenth slower). What a layer reads is quantised as it comes, with one
scale a message, so an answer depends on what rides in the same batch: such a network is asked message by message.

A few channels of a BERT carry numbers ten times those of the rest, in every message, and would take the scale for
themselves. Before a plain layer they are taken out and multiplied in full (LLM.int8(), Dettmers et al. 2022, arXiv
2208.07339); before attention, which is one node, they are divided and their weights multiplied (SmoothQuant, Xiao et
al. 2023, arXiv 2211.10438). Which they are is seen in a handful of sentences. The heads, a hundredth of the time, stay
as they are.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from onnxruntime import InferenceSession
from onnxruntime.quantization import QuantType, quantize_dynamic

Inputs = Mapping[str, NDArray[np.int64]]
Floats = NDArray[np.float32]
_LINEAR = ("MatMul", "Attention")
_HEADS = "/heads/"
_LOUD = 3.0
"""A channel above this many medians is loud."""


def to_int8(source: Path, target: Path, sentences: Sequence[Inputs]) -> None:
    """Write the fused network `source` in eight bits. `sentences`: inputs, one message each, by which loud channels are
    found."""
    model = onnx.load(str(source))
    linear = [node.name for node in model.graph.node if node.op_type in _LINEAR and _HEADS not in node.name]
    _part_loud(model, _loudness(model, linear, sentences))
    _shrink_embeddings(model)
    onnx.save(model, str(target))
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)  # it advises a step that the fused operators do not pass
    try:
        quantize_dynamic(
            target,
            target,
            op_types_to_quantize=list(_LINEAR),
            nodes_to_quantize=linear,
            per_channel=True,
            weight_type=QuantType.QInt8,
            reduce_range=True,
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
        )
    finally:
        root.setLevel(level)


def _loudness(model: ModelProto, linear: Sequence[str], sentences: Sequence[Inputs]) -> dict[str, Floats]:
    """The largest number that each channel before each linear layer had, by the layer's name."""
    read = {node.name: node.input[0] for node in model.graph.node if node.name in set(linear)}
    watched = ModelProto()
    watched.CopyFrom(model)
    names = list(dict.fromkeys(read.values()))
    watched.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    session = InferenceSession(watched.SerializeToString(), providers=["CPUExecutionProvider"])
    loudest: dict[str, Floats] = {}
    for sentence in sentences:
        for name, states in zip(names, session.run(names, dict(sentence)), strict=True):
            here = np.abs(states).max((0, 1))
            loudest[name] = np.maximum(loudest.get(name, here), here)
    return {layer: loudest[name] for layer, name in read.items()}


def _part_loud(model: ModelProto, loudness: Mapping[str, Floats]) -> None:
    """Treat the loud channels apart; what is computed stays the same."""
    nodes: list[NodeProto] = []
    for node in model.graph.node:
        states = loudness.get(node.name, np.zeros(1, dtype=np.float32))
        limit = _LOUD * float(np.median(states))
        if not 0 < limit < states.max():
            nodes.append(node)
        elif node.op_type == "Attention":
            nodes += _soften(model, node, np.maximum(1.0, states / limit).astype(np.float32))
        else:
            nodes += _take_out(model, node, np.flatnonzero(states > limit))
    _replace_nodes(model, nodes)


def _soften(model: ModelProto, node: NodeProto, factor: Floats) -> list[NodeProto]:
    """Divide the channels before a layer and multiply the layer's weights."""
    weight = _stored(model, node.input[1])
    weight.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weight) * factor[:, None], weight.name))
    return [_scaled(model, node, np.reciprocal(factor)), node]


def _take_out(model: ModelProto, node: NodeProto, loud: NDArray[np.int64]) -> list[NodeProto]:
    """Multiply the loud channels by themselves in full, and add that to what the layer makes of the rest."""
    weights = numpy_helper.to_array(_stored(model, node.input[1]))
    kept = np.ones(len(weights), dtype=np.float32)
    kept[loud] = 0
    name, states, output = node.name, node.input[0], node.output[0]
    _store(model, f"{name}_loud", loud.astype(np.int64))
    _store(model, f"{name}_loud_weight", np.ascontiguousarray(weights[loud]))
    node.output[0] = f"{name}_quiet_output"
    return [
        _scaled(model, node, kept),
        node,
        helper.make_node("Gather", [states, f"{name}_loud"], [f"{name}_loud_input"], f"{name}_gather", axis=-1),
        helper.make_node(
            "MatMul", [f"{name}_loud_input", f"{name}_loud_weight"], [f"{name}_loud_output"], f"{name}_loud_product"
        ),
        helper.make_node("Add", [node.output[0], f"{name}_loud_output"], [output], f"{name}_sum"),
    ]


def _scaled(model: ModelProto, node: NodeProto, factor: Floats) -> NodeProto:
    """Let a layer read its input times a factor for each channel."""
    scaled = helper.make_node("Mul", [node.input[0], f"{node.name}_factor"], [f"{node.name}_input"], f"{node.name}_mul")
    _store(model, f"{node.name}_factor", factor.astype(np.float32))
    node.input[0] = scaled.output[0]
    return scaled


def _shrink_embeddings(model: ModelProto) -> None:
    """The table of words in eight bits with one scale a row; most of the file is this table."""
    [look] = [n for n in model.graph.node if n.op_type == "Gather" and n.input[0].endswith("word_embeddings.weight")]
    ids, looked, stored = look.input[1], look.output[0], _stored(model, look.input[0])
    table = numpy_helper.to_array(stored)
    scales = (np.maximum(np.abs(table).max(1, keepdims=True), 1e-9) / 127).astype(np.float32)
    stored.CopyFrom(numpy_helper.from_array(np.round(table / scales).astype(np.int8), stored.name))
    _store(model, "word_scales", scales)
    nodes = list(model.graph.node)
    at = nodes.index(look)
    look.output[0] = "words_int8"
    after = [
        helper.make_node("Cast", ["words_int8"], ["words_float"], "words_float", to=TensorProto.FLOAT),
        helper.make_node("Gather", ["word_scales", ids], ["words_scale"], "words_scale"),
        helper.make_node("Mul", ["words_float", "words_scale"], [looked], "words"),
    ]
    _replace_nodes(model, [*nodes[: at + 1], *after, *nodes[at + 1 :]])


def _replace_nodes(model: ModelProto, nodes: Sequence[NodeProto]) -> None:
    kept = [NodeProto.FromString(node.SerializeToString()) for node in nodes]  # clearing the graph empties its own
    del model.graph.node[:]
    model.graph.node.extend(kept)


def _stored(model: ModelProto, name: str) -> TensorProto:
    found: TensorProto = next(tensor for tensor in model.graph.initializer if tensor.name == name)
    return found


def _store(model: ModelProto, name: str, array: NDArray[np.generic]) -> None:
    model.graph.initializer.append(numpy_helper.from_array(array, name))
