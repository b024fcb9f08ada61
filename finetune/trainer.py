"""Trains one understander: an adapter on a frozen BERT and the heads on it, the best epoch kept."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Protocol

import click
import numpy as np
import torch
from torch import nn
from tqdm import tqdm
from transformers import BertModel

from finetune.adapters import adapter_tensors, add_adapter, lora_meta, settled
from finetune.augment import augmented
from finetune.batches import Prepared, groups_of, prepare
from finetune.calibrate import calibrated
from finetune.config import TrainConfig
from finetune.examples import Example
from finetune.joining import join_pairs
from finetune.judge import decoded, logits_of, messages_of, read_messages, summary
from finetune.losses import Weights
from finetune.place import Place
from finetune.roc import keeping
from finetune.start import start_from
from finetune.stepping import Stepper
from finetune.table import Table
from finetune.teaching import teach
from nlu.artifact import Artifact
from nlu.base import BASE_NAME, BASE_SHA256
from nlu.decode import Calibration, Logits
from nlu.network import JointHeads, JointNetwork
from nlu.outliers import outlier_scores
from nlu.reading import Message, Reader
from nlu.tags import TAGS

_NOTED_EVERY = 10
"""Steps between two lines of the log."""
_ANOTHER_PROCESS = 7919
State = dict[str, torch.Tensor]


class Log(Protocol):
    """Keeps the course of a training."""

    def step(self, step: int, loss: float, rate: float) -> None: ...
    def epoch(self, epoch: int, figures: Mapping[str, float]) -> None: ...


class Trainer:
    """A network and the means to train it."""

    def __init__(
        self,
        bert: BertModel,
        reader: Reader,
        labels: tuple[str, ...],
        config: TrainConfig,
        place: Place | None = None,
        log: Log | None = None,
        earlier: Artifact | None = None,
        teachers: Sequence[JointNetwork] = (),
    ) -> None:
        """`bert`: the frozen network to stand on; the adapter is put on it in place. `earlier`: an adapter to go on
        from; `teachers`: whole networks of the same labels to learn from. ValueError where the adapter's targets name
        no layer, or where the earlier one is of another kind.
        """
        torch.manual_seed(config.seed)
        self.config, self.labels, self.reader = config, labels, reader
        self._place, self._log, self._teachers = place or Place("cpu", config.precision), log, teachers
        _set_dropout(bert, config.encoder_dropout)
        if config.checkpointing:
            bert.activation_checkpointing_enable({"use_reentrant": False})
        self.lora = lora_meta(config)
        self.peft = add_adapter(bert, config)
        heads = JointHeads(bert.config.hidden_size, len(labels), len(TAGS))
        self.network = JointNetwork(self.peft, heads)
        if earlier:
            start_from(self.network, earlier, labels, config)
        self.network.to(self._place.device)
        if not self._place.leads:  # the same beginning, but other dropout
            torch.manual_seed(config.seed + _ANOTHER_PROCESS * self._place.number)

    def train(self, train: list[Example], dev: list[Example], *, quiet: bool = False) -> None:
        """Go through the examples until the development score stops rising; the best state is kept. Where there is
        nothing to judge on, all epochs are gone through and the last is kept.
        """
        config = self.config
        rows = prepare(self.reader, self._enlarged(train), self.labels)
        table, weights = self._laid_out(rows)
        messages = messages_of(self.reader, dev)
        stepper = Stepper(self.network, self.peft, config, self._place, len(self._turns(rows, 0)) * config.epochs)
        best, since, state = -1.0, 0, self.state()
        for epoch in range(config.epochs):
            self._epoch(table, self._turns(rows, epoch), epoch, weights, stepper, quiet)
            last = epoch + 1 == config.epochs
            if not last and (epoch + 1) % config.judged:
                continue
            with stepper.average.applied():
                reached = self._reached(dev, messages, epoch, quiet) if dev else best + 1
                if not settled(self.peft, stepper.taken):
                    state = self.state()
                elif reached > best:
                    best, since, state = reached, 0, self.state()
                elif (since := since + 1) >= config.patience:
                    break
        self.network.load_state_dict(state, strict=False)

    def _laid_out(self, rows: Sequence[Prepared]) -> tuple[Table, Weights]:
        """What is learned from, on the device, with what the teachers say of it."""
        chance = np.random.default_rng(self.config.seed)
        table = Table(rows, len(self.labels), chance).to(self._place.device)
        if self._teachers:
            teachers = [teacher.to(self._place.device).eval() for teacher in self._teachers]
            teach(table, teachers, corrected=self.config.corrected)
        weights = Weights.of(rows, self.labels, balanced=self.config.balanced)
        return table, weights.to(self._place.device)

    def judge(self, dev: list[Example]) -> tuple[Calibration, dict[str, float]]:
        """Calibrate on the development set, and the figures that it gives."""
        return self._place.agreed(lambda: self._judge(dev))

    def _judge(self, dev: list[Example]) -> tuple[Calibration, dict[str, float]]:
        outside = self.config.outside
        doubled = join_pairs(dev, len(dev) // 5, self.config.seed)
        read = logits_of(self.network, self.reader, [*dev, *doubled])  # once: it takes longer than all that follows
        logits = [each for _, each in read]
        calibration = calibrated(logits, dev, doubled, self.labels, outside)
        if outside not in {*self.labels, *(example.intent for example in dev)}:
            rejected = self._rejected(logits[: len(dev)], calibration.outlier)
            calibration = replace(calibration, outside=rejected)

        def figures_of(examples: list[Example], part: list[tuple[Message, Logits]]) -> dict[str, float]:
            return summary(decoded(self.network, part, examples, self.labels, calibration, outside))

        figures = figures_of(dev, read[: len(dev)])
        if doubled:
            twice = figures_of(doubled, read[len(dev) :])
            figures |= {f"joined_{name}": twice[name] for name in ("accuracy", "also_f1")}
        return calibration, figures

    def _rejected(self, logits: Sequence[Logits], kind: str) -> float | None:
        """Where nothing shows what lies outside: the threshold that costs the given share of what lies inside."""
        if not self.config.reject:
            return None
        scores = np.stack([each.intent for each in logits])
        strange = outlier_scores(kind, scores, self.labels, self.config.outside)
        return keeping(strange, np.zeros(len(logits), dtype=bool), 1 - self.config.reject).threshold

    def _enlarged(self, train: list[Example]) -> list[Example]:
        config = self.config
        more = augmented(train, config.typos, config.substitutions, config.seed)
        return [*train, *join_pairs(train, round(config.joined * len(train)), config.seed), *more]

    def _turns(self, rows: Sequence[Prepared], epoch: int) -> list[list[list[int]]]:
        """This process's steps of an epoch, each some batches of numbers of rows."""
        groups = self._place.share(groups_of(rows, self.config.batch, self.config.seed + epoch))
        every = self.config.accumulate
        return [groups[at : at + every] for at in range(0, len(groups), every)]

    def _epoch(
        self, table: Table, turns: list[list[list[int]]], epoch: int, weights: Weights, stepper: Stepper, quiet: bool
    ) -> None:
        self.network.train()
        chance = np.random.default_rng(self.config.seed + epoch + _ANOTHER_PROCESS * self._place.number)
        silent = quiet or not self._place.leads
        batches = table.batches([group for turn in turns for group in turn], chance, self.config.hidden)
        bar = tqdm(turns, desc=f"epoch {epoch + 1}", disable=silent, mininterval=1, file=sys.stderr)
        for turn in bar:
            loss = stepper([next(batches) for _ in turn], weights)
            if stepper.taken % _NOTED_EVERY == 0:  # only here is the device waited for
                noted = loss.item()
                bar.set_postfix(loss=f"{noted:.3f}", refresh=False)
                if self._log:
                    self._log.step(stepper.taken, noted, stepper.rate)
        self.network.eval()

    def _reached(self, dev: list[Example], messages: list[Message], epoch: int, quiet: bool) -> float:
        """The score of an epoch, 0..1: accuracy, or macro-F1 and slot F1 alike where slots are labelled."""
        figures = self._place.agreed(lambda: summary(read_messages(self.network, messages, dev, self.labels, _PLAIN)))
        slotted = any(example.spans for example in dev)
        if self._log:
            self._log.epoch(epoch + 1, figures)
        if not quiet and self._place.leads:
            slots = f", slots {figures['slot_f1']:.3f}, also {figures['also_f1']:.3f}" if slotted else ""
            said = f"dev accuracy {figures['accuracy']:.3f}, macro-F1 {figures['macro_f1']:.3f}{slots}"
            click.echo(f"epoch {epoch + 1}: {said}", err=True)
        return (figures["macro_f1"] + figures["slot_f1"]) / 2 if slotted else figures["accuracy"]

    def state(self) -> State:
        """A copy of what is trained."""
        return {name: tensor.detach().clone() for name, tensor in self._trained()}

    def _trained(self) -> Iterator[tuple[str, torch.Tensor]]:
        for name, tensor in self.network.state_dict().items():
            if "lora_" in name or name.startswith("heads."):
                yield name, tensor

    def artifact(
        self, encoder: str, data: Mapping[str, str], calibration: Calibration, figures: Mapping[str, Any]
    ) -> Artifact:
        """What is trained, in fp16, with everything needed to load and to judge it. `data`: SHA-256 by file. ValueError
        where a weight ran away.
        """
        lora, matrices = adapter_tensors(self.peft, self.lora)
        tensors = matrices | {f"heads.{name}": tensor for name, tensor in self.network.heads.state_dict().items()}
        halves = {name: tensor.detach().half().cpu() for name, tensor in tensors.items()}
        if not all(torch.isfinite(half).all() for half in halves.values()):
            raise ValueError("The training ran away: there are weights without bounds; lower the learning rates.")
        meta = {
            "kind": "understander",
            "base": {"name": BASE_NAME, "sha256": BASE_SHA256},
            "encoder": encoder,
            "lora": lora,
            "labels": list(self.labels),
            "tags": list(TAGS),
            "temperature": calibration.temperature,
            "thresholds": calibration.thresholds(),
            "config": asdict(self.config),
            "data": dict(data),
            "figures": dict(figures),
        }
        votes = self.network.ngrams.tensors() if self.network.ngrams else {}
        return Artifact(meta, {**{name: half.numpy() for name, half in halves.items()}, **votes})


_PLAIN = Calibration()


def _set_dropout(bert: BertModel, share: float) -> None:
    for layer in bert.modules():
        if isinstance(layer, nn.Dropout):
            layer.p = share
