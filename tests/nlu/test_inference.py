"""The same network by three engines: ONNX Runtime in fp32 and in eight bits, and plain PyTorch."""

import numpy as np
import onnx
import pytest
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from nlu.export import export_joint
from nlu.inference import OnnxNetwork, packed
from nlu.network import JointHeads, JointNetwork
from nlu.precision import Precision
from nlu.reading import Reader
from nlu.tags import TAGS
from nlu.tokens import load_tokenizer
from storage.records import Context
from storage.terms import base_vocabulary
from tests.support.tiny import CHARACTERS, tiny_bert

TEXTS = (
    "a red dress under $60, not polyester",
    "我要红色的连衣裙",
    "thanks",
    "no",
    "return it and show me some hats please",
)
LABELS = 5


@pytest.fixture(scope="module")
def messages():
    reader = Reader(load_tokenizer(CHARACTERS), base_vocabulary())
    return [reader(text, Context("color", 3) if text == "no" else Context()) for text in TEXTS]


@pytest.fixture(scope="module")
def tiny():
    """A network of random weights in the shape of the shipped one, one channel far louder than the others."""
    bert = tiny_bert()
    for layer in bert.encoder.layer:
        layer.attention.output.LayerNorm.weight.data[7] = 60.0
        layer.intermediate.dense.weight.data *= 10
        layer.output.dense.weight.data *= 10
    return JointNetwork(bert, JointHeads(48, LABELS, len(TAGS))).requires_grad_(False).eval()


@pytest.fixture(scope="module")
def exported(tiny, messages, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported")
    paths = {precision: folder / f"tiny.{precision}.onnx" for precision in Precision}
    for precision, path in paths.items():
        export_joint(tiny, path, precision, [packed([message]) for message in messages])
    return paths


def by_torch(network, messages):
    with torch.inference_mode():
        outputs = network(*(torch.from_numpy(array) for array in packed(messages).values()))
    return [output.numpy() for output in outputs]


def numbers(logits, tokens):
    return np.concatenate([logits.intent, logits.also, logits.tags[:tokens].ravel(), logits.negated[:tokens]])


def test_the_fused_file_computes_what_pytorch_does_padded_or_not(tiny, exported, messages):
    network = OnnxNetwork(exported[Precision.FP32], Precision.FP32)
    together = network(messages)
    for message, logits in zip(messages, together, strict=True):
        intent, also, tags, negated = (output[0] for output in by_torch(tiny, [message]))
        wanted = np.concatenate([intent, also, tags.ravel(), negated])
        assert numbers(logits, len(message.hints)) == pytest.approx(wanted, abs=1e-4)
        assert numbers(network([message])[0], len(message.hints)) == pytest.approx(wanted, abs=1e-4)


def test_every_attention_is_one_node_and_only_the_heads_stay_as_they_are(exported):
    fused = [node.op_type for node in onnx.load(str(exported[Precision.FP32])).graph.node]
    assert fused.count("Attention") == 2
    assert "Softmax" not in fused
    small = onnx.load(str(exported[Precision.INT8])).graph
    kinds = [node.op_type for node in small.node]
    assert kinds.count("QAttention") == 2
    assert kinds.count("MatMulInteger") == 6
    full = [node.name for node in small.node if node.op_type in ("MatMul", "Gemm")]
    assert full
    assert all("/heads/" in name or name.endswith("_loud_product") for name in full)


def test_eight_bits_come_close_and_are_a_quarter_of_the_file(exported, messages):
    full, small = (OnnxNetwork(exported[precision], precision) for precision in (Precision.FP32, Precision.INT8))
    for message in messages:
        wanted, found = (numbers(network([message])[0], len(message.hints)) for network in (full, small))
        assert np.abs(found - wanted).max() < 0.1 * np.abs(wanted).max()
        assert not np.array_equal(found, wanted)
    sizes = {precision: path.stat().st_size for precision, path in exported.items()}
    assert sizes[Precision.INT8] < 0.35 * sizes[Precision.FP32]


def test_a_loud_channel_does_not_take_the_scale_for_itself(tiny, exported, messages, tmp_path):
    """Plain quantisation of the same file is further from the truth."""
    plain = tmp_path / "plain.onnx"
    linear = [node.name for node in onnx.load(str(exported[Precision.FP32])).graph.node if "/heads/" not in node.name]
    quantize_dynamic(
        exported[Precision.FP32],
        plain,
        op_types_to_quantize=["MatMul", "Attention"],
        nodes_to_quantize=linear,
        per_channel=True,
        weight_type=QuantType.QInt8,
        reduce_range=True,
        extra_options={"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT},
    )
    far = {}
    for name, path in {"parted": exported[Precision.INT8], "plain": plain}.items():
        network = OnnxNetwork(path, Precision.INT8)
        errors = []
        for message in messages:
            truth = np.concatenate([output[0].ravel() for output in by_torch(tiny, [message])])
            errors.append(np.abs(numbers(network([message])[0], len(message.hints)) - truth).mean())
        far[name] = np.mean(errors)
    assert far["parted"] < 0.7 * far["plain"]


def test_how_an_engine_likes_to_be_asked(exported):
    small = OnnxNetwork(exported[Precision.INT8], Precision.INT8, threads=2)
    full = OnnxNetwork(exported[Precision.FP32], Precision.FP32)
    assert (small.together, small.side_by_side) == (1, 2)
    assert full.together > 1


def test_a_failed_export_leaves_nothing_behind(tiny, messages, tmp_path):
    with pytest.raises(Exception, match="sentinel"):
        export_joint(tiny, tmp_path / "x.onnx", Precision.INT8, Broken())
    assert list(tmp_path.iterdir()) == []


class Broken(tuple):
    def __iter__(self):
        raise ValueError("sentinel")
