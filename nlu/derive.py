"""Derive the ONNX files of the models that serve, in a process that ends afterwards.

    python -m nlu.derive data/models                 # the encoder and the understander that serves there
    python -m nlu.derive data/models ADAPTER_FOLDER  # the encoder and another understander

Merging and exporting needs PyTorch: seconds to import, hundreds of megabytes while it stays. The bot serves without it.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path

from nlu.artifact import SHIPPED, ModelBroken, ModelMissing, load_artifact
from nlu.loading import derive_encoder, derive_understander
from nlu.precision import DEFAULT, Precision
from nlu.promoted import serving_folder


def main(arguments: list[str]) -> int:
    """Exit code 0 when all is derived, 1 with a sentence on stderr; argparse exits with 2 for wrong use."""
    parser = ArgumentParser(prog="python -m nlu.derive", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("cache", type=Path, metavar="FOLDER", help="where the files go, for instance data/models")
    parser.add_argument("adapter", type=Path, nargs="?", metavar="ADAPTER_FOLDER", help="another understander")
    parser.add_argument("--precision", choices=list(Precision), default=DEFAULT, type=Precision)
    asked = parser.parse_args(arguments)
    try:
        encoder = load_artifact(SHIPPED / "encoder", "encoder")
        derive_encoder(asked.cache, encoder)
        understander = load_artifact(asked.adapter or serving_folder(asked.cache), "understander")
        derive_understander(asked.cache, encoder, understander, asked.precision)
    except (ModelMissing, ModelBroken, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
