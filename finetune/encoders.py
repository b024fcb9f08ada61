"""Which encoder an understander stands on: the bilingual one, another folder, or the untouched base by the word `base`.

English-only recipes start from the base: nothing that was learned for Chinese stands between them and published
figures. To the rest of the house the base is an encoder like any other, that adds no characters and no matrices.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nlu.artifact import Artifact, load_artifact
from nlu.base import BASE_NAME, BASE_SHA256, WIDTH
from nlu.export import check_base

BASE = "base"


def base_encoder() -> Artifact:
    """The untouched base as an encoder."""
    meta = {"kind": "encoder", "base": {"name": BASE_NAME, "sha256": BASE_SHA256}, "lora": {}, "characters": ""}
    return Artifact(meta, {"embeddings": np.zeros((0, WIDTH), dtype=np.float16)})


def open_encoder(folder: Path) -> Artifact:
    """The encoder of a folder, or the base for `base`; its weights are checked. Raises ModelMissing or ModelBroken."""
    encoder = base_encoder() if str(folder) == BASE else load_artifact(folder, "encoder")
    check_base(encoder)
    return encoder
