"""Derive the ONNX files of the models that serve, in a process that ends afterwards.

    python -m nlu.derive data/models                 # the encoder and the understander that serves there
    python -m nlu.derive data/models ADAPTER_FOLDER  # the encoder and another understander

Merging and exporting needs PyTorch: seconds to import, hundreds of megabytes while it stays. The bot serves without it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from nlu.artifact import SHIPPED, ModelBroken, ModelMissing, load_artifact
from nlu.loading import derive_encoder, derive_understander
from nlu.promoted import serving_folder


def main(arguments: list[str]) -> int:
    """Exit code 0 when all is derived, 1 with a sentence on stderr, 2 for wrong use."""
    if len(arguments) not in (1, 2) or arguments[0].startswith("-"):
        sys.stderr.write("usage: python -m nlu.derive FOLDER [ADAPTER_FOLDER]\n")
        return 2
    cache = Path(arguments[0])
    folder = Path(arguments[1]) if len(arguments) == 2 else serving_folder(cache)
    try:
        encoder = load_artifact(SHIPPED / "encoder", "encoder")
        derive_encoder(cache, encoder)
        derive_understander(cache, encoder, load_artifact(folder, "understander"))
    except (ModelMissing, ModelBroken, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
