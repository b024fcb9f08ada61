"""How a thing looks, as a vector: the image tower of a CLIP model that the shop has put into a folder.

    encode = load_look_encoder(Path("models/clip"))
    vector = encode(image)                 # (d,), float32, of length 1; the cosine of two is how alike they look

The folder is one as `save_pretrained` writes it: `config.json`, `preprocessor_config.json` and weights as safetensors.
Nothing is fetched, no code of the folder is run, and weights in another format are not read. PyTorch is imported where
a model is loaded, and by nobody else.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nlu.artifact import ModelBroken, ModelMissing

_CONFIGS = ("config.json", "preprocessor_config.json")
_KIND = "clip"
_THREADS = 1  # on busy processors a second one waits for the first: 0.7 s a picture against 3.8 s (ViT-B/32, two cores)
_GREY = Image.new("RGB", (32, 32), (128, 128, 128))


def look_version(folder: Path) -> str:
    """Which model the folder holds, by its content. Raises ModelMissing or ModelBroken."""
    digest = hashlib.sha256()
    for path in _files(folder):
        with path.open("rb") as file:
            digest.update(path.name.encode() + hashlib.file_digest(file, "sha256").digest())
    return f"look-{digest.hexdigest()[:8]}"


class LookEncoder:
    """Pictures to unit vectors, one at a time; see `load_look_encoder`."""

    def __init__(self, version: str, prepare: Any, model: Any) -> None:
        self.version = version
        self._prepare, self._tower, self._projection = prepare, model.vision_model, model.visual_projection

    def __call__(self, image: Image.Image) -> NDArray[np.float32]:
        """Raises ValueError where the model gives a vector without a direction."""
        import torch

        with torch.inference_mode():
            pixels = self._prepare(images=image, return_tensors="pt")["pixel_values"]
            found = self._projection(self._tower(pixel_values=pixels).pooler_output)[0].float().numpy()
        length = float(np.linalg.norm(found))
        if not np.isfinite(length) or length < 1e-9:
            raise ValueError("The model gave a vector without a direction.")
        vector: NDArray[np.float32] = (found / length).astype(np.float32)
        return vector


def load_look_encoder(folder: Path) -> LookEncoder:
    """The encoder, tried on a picture. Raises ModelMissing or ModelBroken, with a sentence for the owner."""
    version = look_version(folder)
    try:
        prepare, model, info = _loaded(folder)
        if missing := info["missing_keys"] or info["mismatched_keys"]:
            raise ModelBroken(f"The CLIP model in {folder} lacks {len(missing)} of its weights.")
        encode = LookEncoder(version, prepare, model)
        encode(_GREY)
    except (ModelBroken, MemoryError):
        raise
    except Exception as error:  # whatever a library says of a folder that somebody filled by hand
        raise ModelBroken(f"The CLIP model in {folder} cannot be loaded ({_short(error)}).") from error
    return encode


def _loaded(folder: Path) -> tuple[Any, Any, dict[str, Any]]:
    import torch
    from transformers import CLIPImageProcessor, CLIPModel
    from transformers.utils.logging import disable_progress_bar

    torch.set_num_threads(_THREADS)
    disable_progress_bar()  # what is read here goes into a log, or beside JSON
    prepare = CLIPImageProcessor.from_pretrained(folder, local_files_only=True)
    model, info = CLIPModel.from_pretrained(
        folder, local_files_only=True, use_safetensors=True, trust_remote_code=False, output_loading_info=True
    )
    return prepare, model.eval(), info


def _files(folder: Path) -> list[Path]:
    """What makes the model what it is."""
    if not folder.is_dir():
        raise ModelMissing(f"There is no folder {folder} with a CLIP model.")
    weights = sorted(folder.glob("*.safetensors"))
    lacking = [name for name in _CONFIGS if not (folder / name).is_file()]
    if not weights:
        lacking.append("model.safetensors")
    if lacking:
        raise ModelMissing(f"The folder {folder} holds no CLIP model: {', '.join(lacking)} is missing.")
    if (kind := _kind(folder / "config.json")) != _KIND:
        raise ModelBroken(f"The model in {folder} is no CLIP model: its config.json says {kind!r}.")
    return [*(folder / name for name in _CONFIGS), *weights]


def _kind(path: Path) -> str:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelBroken(f"{path} cannot be read ({_short(error)}).") from error
    return str(found.get("model_type", ""))[:40] if isinstance(found, dict) else ""


def _short(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:200]
