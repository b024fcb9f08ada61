"""Put an adapter between two: the one that was gone on from, and the one that came of it.

    python -m finetune.blend nlu/models/understander runs/newer --share 0.5 --out runs/between

What is learned late is learned at the cost of what was known, and half of the way often has both: the mean of the
weights is better than either end (Wortsman et al. 2022, arXiv 2109.01903, called WiSE-FT). It works only for adapters
of one ancestor, of the same encoder, layers, labels and tags. Temperature and thresholds are those of the newer one;
`finetune.calibrate` fits them anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

from nlu.artifact import Artifact, ModelBroken, ModelMissing, load_artifact, save_artifact
from nlu.ngrams import PREFIX

_ALIKE = ("encoder", "labels", "tags")


def blend(older: Artifact, newer: Artifact, share: float) -> Artifact:
    """`share` (0..1) of the newer one's weights, the rest of the older one's, and the newer one's n-grams. ValueError
    where they do not fit.
    """
    differ = [name for name in _ALIKE if older.meta[name] != newer.meta[name]]
    if _places(older) != _places(newer):
        differ.append("adapted layers")
    if differ:
        raise ValueError(f"{older.version} and {newer.version} cannot be blended: their {differ[0]} differ.")
    votes = {name: tensor for name, tensor in newer.tensors.items() if name.startswith(PREFIX)}
    tensors = {n: _between(older.tensors[n], t, share) for n, t in newer.tensors.items() if n not in votes} | votes
    blended = {older.version: 1 - share, newer.version: share}
    return Artifact(
        {**newer.meta, "blended": blended, "figures": {}}, tensors
    )  # those of the newer one are not its own


def _places(artifact: Artifact) -> tuple[dict[str, Any], dict[str, Any]]:
    """Where it adds what, and how much of it counts; dropout is over when training is."""
    lora = {name: value for name, value in artifact.meta["lora"].items() if name != "lora_dropout"}
    return lora, {name: tensor.shape for name, tensor in artifact.tensors.items() if not name.startswith(PREFIX)}


def _between(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any], share: float) -> np.ndarray[Any, Any]:
    mean = (1 - share) * one.astype(np.float32) + share * other.astype(np.float32)
    return mean.astype(other.dtype)


@click.command(epilog="Example: python -m finetune.blend nlu/models/understander runs/newer --out runs/between")
@click.argument("older", type=click.Path(path_type=Path, file_okay=False))
@click.argument("newer", type=click.Path(path_type=Path, file_okay=False))
@click.option("--share", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Share of the newer one.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for the result.")
def main(older: Path, newer: Path, share: float, out: Path) -> None:
    """Average OLDER and NEWER, which was trained on from it; calibrate and judge the result afterwards."""
    try:
        blended = blend(load_artifact(older, "understander"), load_artifact(newer, "understander"), share)
        save_artifact(out, blended)
    except (ModelMissing, ModelBroken, ValueError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{blended.version}: next, python -m finetune.calibrate --data finetune/data --model {out} --out {out}")


if __name__ == "__main__":
    main()
