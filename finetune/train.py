"""Train the understander: an adapter and heads on the bilingual encoder, from labelled messages.

    python -m finetune.train --data finetune/data --out nlu/models/understander
    python -m finetune.train --data mine.jsonl --encoder base --dev-share 0.1 --out mine
    python -m finetune.train --data finetune/data --start nlu/models/understander --rank 32 --epochs 2 --out newer
    python -m finetune.train --data finetune/data --teacher runs/one --teacher runs/two --out runs/student
    accelerate launch --num_processes 2 -m finetune.train --data finetune/data --out understander

Any labels will do, and slots are optional. The encoder is frozen and merged; what is trained is LoRA (Hu et al. 2021)
on all its linear layers, or one of its kin, and four heads: intent, further intents, slot tags, negation. The best
epoch on the development set is kept. Afterwards the temperature of the intents is fitted there (Guo et al. 2017), so
that a confidence of 0.8 is right four times in five. Beside the adapter stands the run folder: recipe, hashes, the
course of the training, the model card.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import torch

from finetune.config import TrainConfig
from finetune.encoders import open_encoder
from finetune.examples import MOST_LINES, BadExample
from finetune.judging_options import THREADS
from finetune.material import Material, Wanted, gather
from finetune.model_card import model_card
from finetune.options import recipe, recipe_options
from finetune.place import Place
from finetune.run_folder import RunFolder
from finetune.seeds import School, Trained, spoken
from finetune.teaching import check_teachers
from finetune.trackers import TensorBoard, Tracker, TrackerMissing, WeightsAndBiases
from nlu.artifact import SHIPPED, Artifact, ModelBroken, ModelMissing, load_artifact, save_artifact


@click.command(epilog="Example: python -m finetune.train --data finetune/data --out nlu/models/understander")
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True),
    required=True,
    multiple=True,
    help="A folder with train.*.jsonl and dev.*.jsonl, or a JSONL file of training examples; repeatable.",
)
@click.option(
    "--dev",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    help="Development examples, where --data names files.",
)
@click.option(
    "--dev-share",
    type=click.FloatRange(0, 0.9),
    default=0.1,
    show_default=True,
    help="Share of each label to hold out where there are no development examples; 0 judges nothing.",
)
@click.option("--per-label", type=click.IntRange(1), help="Draw so many examples of each label.  [default: all]")
@click.option("--max-lines", type=click.IntRange(1), default=MOST_LINES, show_default=True, help="Lines of a file.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for the artefact.")
@click.option(
    "--encoder",
    type=click.Path(path_type=Path),
    default=SHIPPED / "encoder",
    help="The folder of an encoder, or `base` for the untouched English one.  [default: the bilingual one]",
)
@click.option(
    "--start",
    type=click.Path(path_type=Path, file_okay=False),
    help="Go on from this adapter, of the same kind and rank; labels that it lacks begin anew.",
)
@click.option(
    "--teacher",
    "teachers",
    type=click.Path(path_type=Path, file_okay=False),
    multiple=True,
    help="Learn from what this adapter says, too, of the same labels and encoder; repeatable.",
)
@recipe_options
@click.option("--device", type=click.Choice(("auto", "cpu", "cuda")), default="auto", show_default=True)
@click.option("--threads", type=THREADS, default=1, show_default=True)
@click.option("--run", type=click.Path(path_type=Path, file_okay=False), help="The run folder.  [default: OUT/run]")
@click.option("--tensorboard", is_flag=True, help="Write curves for TensorBoard into the run folder.")
@click.option("--wandb", is_flag=True, help="Write an offline run of Weights & Biases into the run folder.")
@click.option("--data-licence", default="its licence was not stated", help="The licence of the data, for the card.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures for a machine.")
def main(
    data: tuple[Path, ...],
    dev: tuple[Path, ...],
    dev_share: float,
    per_label: int | None,
    max_lines: int,
    out: Path,
    encoder: Path,
    start: Path | None,
    teachers: tuple[Path, ...],
    device: str,
    threads: int,
    run: Path | None,
    tensorboard: bool,
    wandb: bool,
    data_licence: str,
    as_json: bool,
    **knobs: Any,
) -> None:
    """Train the understander on labelled messages and save the adapter (a few MB)."""
    torch.set_num_threads(threads)
    config = recipe(knobs)
    wanted = Wanted(data, dev, dev_share, per_label, max_lines, config.outside, config.seed)
    started = time.monotonic()
    try:
        place = Place(device, config.precision)
        material, base = gather(wanted), open_encoder(encoder)
        earlier = load_artifact(start, "understander") if start else None
        taught_by = [load_artifact(teacher, "understander") for teacher in teachers]
        _check(material, config)
        check_teachers(taught_by, material.labels, base.version)
        said = _said(config, wanted, material, base, earlier)
        said["teachers"] = [teacher.version for teacher in taught_by]
        folder = _begin(run or out / "run", said, tensorboard, wandb) if place.leads else None
        if folder:
            _warn(material)
        trained = School(base, material, config, place, folder, as_json, earlier, taught_by).train()
        if folder:
            figures = trained.figures | {"examples": len(material.train), "seconds": round(time.monotonic() - started)}
            artifact = _save(out, trained, material, base, figures)
            folder.finish(model_card(artifact, material, data_licence))
            click.echo(json.dumps(figures) if as_json else f"{artifact.version}: {spoken(figures)}")
    except (BadExample, ModelMissing, ModelBroken, TrackerMissing, ValueError, OSError) as error:
        raise click.ClickException(_sentence(error, out)) from error


def _check(material: Material, config: TrainConfig) -> None:
    if config.seeds > 1 and not material.dev:
        raise BadExample("Several seeds need development examples to choose by; name some or leave --dev-share.")


def _said(
    config: TrainConfig, wanted: Wanted, material: Material, encoder: Artifact, earlier: Artifact | None
) -> dict[str, Any]:
    return {
        "recipe": asdict(config),
        "encoder": encoder.version,
        "start": earlier.version if earlier else None,
        "data": material.hashes,
        "portions": {"dev_share": wanted.dev_share, "per_label": wanted.per_label},
        "examples": {"train": len(material.train), "dev": len(material.dev)},
        "labels": list(material.labels),
    }


def _begin(folder: Path, said: dict[str, Any], tensorboard: bool, wandb: bool) -> RunFolder:
    trackers: list[Tracker] = [TensorBoard(folder / "tensorboard")] if tensorboard else []
    if wandb:
        trackers.append(WeightsAndBiases(folder, said))
    return RunFolder(folder, said, trackers)


def _warn(material: Material) -> None:
    for warning in material.warnings:
        click.echo(f"Note: {warning}", err=True)


def _save(out: Path, trained: Trained, material: Material, encoder: Artifact, figures: dict[str, float]) -> Artifact:
    artifact = trained.trainer.artifact(encoder.version, material.hashes, trained.calibration, figures)
    save_artifact(out, artifact)
    return artifact


def _sentence(error: Exception, out: Path) -> str:
    if isinstance(error, OSError) and error.strerror:
        kept = f" The adapter in {out} is as it was." if (out / "meta.json").is_file() else ""
        return f"{error.filename or out}: {error.strerror}.{kept}"
    return str(error)


if __name__ == "__main__":
    main()
