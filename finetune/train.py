"""Train the understander: LoRA and heads on the bilingual encoder, from labelled messages.

    python -m finetune.train --data finetune/data --out nlu/models/understander

The bilingual encoder is frozen and merged; what is trained is LoRA (Hu et al. 2021) on all its linear layers
and four heads: intent, further intents, slot tags, negation. The best epoch on the development set is kept.
Afterwards the temperature of the intents is fitted there (Guo et al. 2017), so that a confidence of 0.8 is
right four times in five.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import numpy as np
import torch
from tqdm import tqdm
from transformers import BertModel

from finetune.batches import Prepared, collate, groups_of, prepare
from finetune.calibrate import calibrate
from finetune.examples import BadExample, Example, labels_of, read_examples, split_files
from finetune.joining import join_pairs
from finetune.judge import read_all, summary
from finetune.losses import Weights, joint_loss
from nlu.artifact import SHIPPED, Artifact, ModelBroken, ModelMissing, load_artifact, save_artifact
from nlu.base import BASE_NAME, BASE_SHA256, file_hash
from nlu.decode import Calibration
from nlu.export import check_base
from nlu.network import LINEAR_LAYERS, JointHeads, JointNetwork, add_lora, bilingual_bert, lora_tensors
from nlu.reading import Reader
from nlu.tags import TAGS
from nlu.tokens import load_tokenizer
from storage.terms import base_vocabulary


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Every knob of the recipe; saved in the artefact."""

    lora_rank: int = 16
    lora_targets: tuple[str, ...] = LINEAR_LAYERS
    lora_dropout: float = 0.05
    learning_rate: float = 1e-3
    head_rate: float = 1e-3
    epochs: int = 7
    patience: int = 3
    batch: int = 32
    label_smoothing: float = 0.05
    tag_weight: float = 1.0
    also_weight: float = 0.5
    negation_weight: float = 0.5
    balanced: bool = False
    joined: float = 0.15
    bf16: bool = False
    seed: int = 17


class Trainer:
    """A network and the means to train it."""

    def __init__(self, bert: BertModel, reader: Reader, labels: tuple[str, ...], config: TrainConfig) -> None:
        """`bert`: the frozen network to stand on; LoRA is put on it in place."""
        torch.manual_seed(config.seed)
        self.config, self.labels, self.reader = config, labels, reader
        self.lora = {
            "r": config.lora_rank,
            "lora_alpha": 2 * config.lora_rank,
            "lora_dropout": config.lora_dropout,
            "target_modules": list(config.lora_targets),
        }
        self.peft = add_lora(bert, self.lora)
        self.network = JointNetwork(self.peft, JointHeads(bert.config.hidden_size, len(labels), len(TAGS)))

    def train(self, train: list[Example], dev: list[Example], *, quiet: bool = False) -> None:
        """Go through the examples until the development score stops rising; the best state is kept."""
        config = self.config
        doubled = join_pairs(train, round(config.joined * len(train)), config.seed)
        rows = prepare(self.reader, [*train, *doubled], self.labels)
        weights = Weights.of(rows, self.labels, balanced=config.balanced)
        optimizer, schedule = self._optimizer(len(groups_of(rows, config.batch, 0)) * config.epochs)
        best, since, state = -1.0, 0, self.state()
        for epoch in range(config.epochs):
            self._epoch(rows, epoch, weights, optimizer, schedule, quiet)
            figures = summary(read_all(self.network, self.reader, dev, self.labels, Calibration()))
            reached = (figures["macro_f1"] + figures["slot_f1"]) / 2
            if not quiet:
                click.echo(
                    f"epoch {epoch + 1}: dev accuracy {figures['accuracy']:.3f}, macro-F1 {figures['macro_f1']:.3f}, "
                    f"slots {figures['slot_f1']:.3f}, also {figures['also_f1']:.3f}",
                    err=True,
                )
            if reached > best:
                best, since, state = reached, 0, self.state()
            elif (since := since + 1) >= config.patience:
                break
        self.network.load_state_dict(state, strict=False)

    def judge(self, dev: list[Example]) -> tuple[Calibration, dict[str, float]]:
        """Calibrate on the development set, and the figures that it gives."""
        doubled = join_pairs(dev, len(dev) // 5, self.config.seed)
        calibration = calibrate(self.network, self.reader, dev, doubled, self.labels)
        figures = summary(read_all(self.network, self.reader, dev, self.labels, calibration))
        twice = summary(read_all(self.network, self.reader, doubled, self.labels, calibration))
        return calibration, figures | {f"joined_{name}": twice[name] for name in ("accuracy", "also_f1")}

    def _optimizer(self, steps: int) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
        lora = [p for name, p in self.peft.named_parameters() if "lora_" in name]
        groups = [
            {"params": lora, "lr": self.config.learning_rate},
            {"params": list(self.network.heads.parameters()), "lr": self.config.head_rate},
        ]
        optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.01)
        rates = [float(group["lr"]) for group in optimizer.param_groups]
        return optimizer, torch.optim.lr_scheduler.OneCycleLR(optimizer, rates, total_steps=steps, pct_start=0.1)

    def _epoch(
        self,
        rows: list[Prepared],
        epoch: int,
        weights: Weights,
        optimizer: torch.optim.Optimizer,
        schedule: torch.optim.lr_scheduler.LRScheduler,
        quiet: bool,
    ) -> None:
        self.network.train()
        groups = groups_of(rows, self.config.batch, self.config.seed + epoch)
        chance = np.random.default_rng(self.config.seed + epoch)
        bar = tqdm(groups, desc=f"epoch {epoch + 1}", disable=quiet, mininterval=1, file=sys.stderr)
        for group in bar:
            batch = collate([rows[at] for at in group], len(self.labels), chance)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.config.bf16):
                outputs = self.network(**batch.inputs)
            loss = joint_loss(outputs, self.network.heads.follows, batch, weights, self.config)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_([p for g in optimizer.param_groups for p in g["params"]], 1.0)
            optimizer.step()
            schedule.step()
            bar.set_postfix(loss=f"{loss.item():.3f}", refresh=False)
        self.network.eval()

    def state(self) -> dict[str, torch.Tensor]:
        """A copy of what is trained."""
        return {
            name: tensor.detach().clone()
            for name, tensor in self.network.state_dict().items()
            if "lora_" in name or name.startswith("heads.")
        }

    def artifact(
        self, encoder: str, files: list[Path], calibration: Calibration, figures: dict[str, float]
    ) -> Artifact:
        """What is trained, in fp16, with everything needed to load and to judge it."""
        heads = {f"heads.{name}": tensor for name, tensor in self.network.heads.state_dict().items()}
        tensors = lora_tensors(self.peft) | heads
        meta = {
            "kind": "understander",
            "base": {"name": BASE_NAME, "sha256": BASE_SHA256},
            "encoder": encoder,
            "lora": self.lora,
            "labels": list(self.labels),
            "tags": list(TAGS),
            "temperature": calibration.temperature,
            "thresholds": {"also": calibration.also},
            "config": asdict(self.config),
            "data": {path.name: file_hash(path) for path in files},
            "figures": figures,
        }
        return Artifact(meta, {name: tensor.detach().half().numpy() for name, tensor in tensors.items()})


_DEFAULTS = TrainConfig()


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
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the artefact.")
@click.option("--encoder", type=click.Path(path_type=Path), default=SHIPPED / "encoder", help="The bilingual encoder.")
@click.option("--rank", default=_DEFAULTS.lora_rank, show_default=True, help="Rank of the LoRA matrices.")
@click.option(
    "--target",
    "targets",
    multiple=True,
    default=_DEFAULTS.lora_targets,
    show_default=True,
    help="Layers that get LoRA, by the end of their names; repeatable.",
)
@click.option("--rate", default=_DEFAULTS.learning_rate, show_default=True, help="Highest learning rate of LoRA.")
@click.option("--head-rate", default=_DEFAULTS.head_rate, show_default=True, help="Highest learning rate of the heads.")
@click.option("--epochs", default=_DEFAULTS.epochs, show_default=True)
@click.option("--patience", default=_DEFAULTS.patience, show_default=True, help="Epochs without gain before the end.")
@click.option("--batch", default=_DEFAULTS.batch, show_default=True)
@click.option("--label-smoothing", default=_DEFAULTS.label_smoothing, show_default=True)
@click.option("--balanced/--as-is", default=_DEFAULTS.balanced, show_default=True, help="Weigh rare intents more.")
@click.option("--joined", default=_DEFAULTS.joined, show_default=True, help="Share of messages of two requests to add.")
@click.option("--bf16/--fp32", default=_DEFAULTS.bf16, show_default=True, help="Precision of the matrix products.")
@click.option("--seed", default=_DEFAULTS.seed, show_default=True)
@click.option("--threads", default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the figures for a machine.")
def main(
    data: tuple[Path, ...],
    dev: tuple[Path, ...],
    out: Path,
    encoder: Path,
    rank: int,
    targets: tuple[str, ...],
    rate: float,
    head_rate: float,
    epochs: int,
    patience: int,
    batch: int,
    label_smoothing: float,
    balanced: bool,
    joined: float,
    bf16: bool,
    seed: int,
    threads: int,
    as_json: bool,
) -> None:
    """Train the understander on labelled messages and save the adapter (a few MB)."""
    torch.set_num_threads(threads)
    config = TrainConfig(
        lora_rank=rank,
        lora_targets=targets,
        learning_rate=rate,
        head_rate=head_rate,
        epochs=epochs,
        patience=patience,
        batch=batch,
        label_smoothing=label_smoothing,
        balanced=balanced,
        joined=joined,
        bf16=bf16,
        seed=seed,
    )
    try:
        files, dev_files = _files(data, dev)
        examples, held = read_examples(files), read_examples(dev_files)
        base = load_artifact(encoder, "encoder")
        check_base(base)
    except (BadExample, FileNotFoundError, ModelMissing, ModelBroken) as error:
        raise click.ClickException(str(error)) from error
    started = time.monotonic()
    reader = Reader(load_tokenizer(base.meta["characters"]), base_vocabulary())
    trainer = Trainer(bilingual_bert(base), reader, labels_of([*examples, *held]), config)
    trainer.train(examples, held, quiet=as_json)
    calibration, figures = trainer.judge(held)
    figures |= {"examples": float(len(examples)), "seconds": round(time.monotonic() - started)}
    artifact = trainer.artifact(base.version, [*files, *dev_files], calibration, figures)
    save_artifact(out, artifact)
    click.echo(json.dumps(figures) if as_json else f"{artifact.version}: " + _spoken(figures))


def _files(data: tuple[Path, ...], dev: tuple[Path, ...]) -> tuple[list[Path], list[Path]]:
    train = [file for path in data for file in (split_files(path, "train") if path.is_dir() else [path])]
    held = list(dev) or [file for path in data if path.is_dir() for file in split_files(path, "dev")]
    if not held:
        raise FileNotFoundError("No development examples; name them with --dev.")
    return train, held


def _spoken(figures: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.4g}" for name, value in figures.items())


if __name__ == "__main__":
    main()
