"""One training for each seed, the best kept: how far the figures of a recipe spread is a figure of it too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import mean, stdev

import click

from finetune.config import TrainConfig
from finetune.material import Material
from finetune.place import Place
from finetune.run_folder import RunFolder
from finetune.trainer import Trainer
from nlu.artifact import Artifact
from nlu.decode import Calibration
from nlu.network import bilingual_bert, joint_network
from nlu.reading import Reader
from nlu.tokens import load_tokenizer
from storage.terms import base_vocabulary

_SPREAD = ("accuracy", "macro_f1", "slot_f1")


@dataclass(frozen=True, slots=True)
class Trained:
    """An understander after its training."""

    trainer: Trainer
    calibration: Calibration
    figures: dict[str, float]


@dataclass(frozen=True, slots=True)
class School:
    """What every training of one command has in common."""

    encoder: Artifact
    material: Material
    config: TrainConfig
    place: Place
    run: RunFolder | None = None
    quiet: bool = False
    earlier: Artifact | None = None
    """The adapter that every training goes on from."""
    teachers: Sequence[Artifact] = ()
    """Adapters that every training learns from."""

    def train(self) -> Trained:
        """All seeds, the best of them, and once more on everything where the recipe says so. ValueError where the
        adapter does not fit the encoder.
        """
        trained: list[Trained] = []
        figures: list[Mapping[str, float]] = []
        for seed in range(self.config.seed, self.config.seed + self.config.seeds):
            one = self._one(replace(self.config, seed=seed))
            figures.append(one.figures)
            trained = [max([*trained, one], key=lambda each: _worth(each.figures))]  # one network in memory, or two
            if self.config.seeds > 1 and not self.quiet and self.place.leads:
                click.echo(f"seed {seed}: {spoken(one.figures)}", err=True)
        best = trained[0]
        if self.config.refit and self.material.dev:
            best = self._again(best)
        return Trained(best.trainer, best.calibration, best.figures | _spread(figures))

    def _one(self, config: TrainConfig) -> Trained:
        trainer = self._trainer(config)
        dev = self.material.dev
        trainer.train(self.material.train, dev, quiet=self.quiet)
        calibration, figures = trainer.judge(dev) if dev else (Calibration(), {})
        return Trained(trainer, calibration, figures)

    def _again(self, best: Trained) -> Trained:
        """The best seed on all examples; the temperature and the figures stay those of the training before."""
        trainer = self._trainer(best.trainer.config)
        trainer.train([*self.material.train, *self.material.dev], [], quiet=self.quiet)
        return Trained(trainer, best.calibration, best.figures)

    def _trainer(self, config: TrainConfig) -> Trainer:
        if self.run:
            self.run.begin(config.seed)
        reader = Reader(load_tokenizer(self.encoder.meta["characters"]), base_vocabulary())
        bert = bilingual_bert(self.encoder)
        teachers = [joint_network(bilingual_bert(self.encoder), teacher) for teacher in self.teachers]
        return Trainer(bert, reader, self.material.labels, config, self.place, self.run, self.earlier, teachers)


def spoken(figures: Mapping[str, float]) -> str:
    """Figures in one line."""
    return ", ".join(f"{name} {value:.4g}" for name, value in figures.items()) or "nothing was held out to judge on"


def _worth(figures: Mapping[str, float]) -> float:
    return figures.get("macro_f1", 0.0) + figures.get("slot_f1", 0.0)


def _spread(figures: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Mean and standard deviation over the seeds."""
    if len(figures) < 2 or not figures[0]:
        return {}
    found = {f"seeds_{name}_mean": mean(each[name] for each in figures) for name in _SPREAD}
    return found | {f"seeds_{name}_spread": stdev(each[name] for each in figures) for name in _SPREAD}
