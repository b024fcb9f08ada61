"""What the understander is pulled towards, head by head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, kl_div, log_softmax, softplus

from finetune.batches import IGNORED, Prepared
from finetune.crf import crf_likeness, crf_loss
from finetune.table import LabelledBatch, Taught
from nlu.tags import forbidden

_FIRST = 1
"""Place of a message's first own token, behind [CLS]."""
_RARE = 3.0
Outputs = tuple[Tensor, Tensor, Tensor, Tensor]


class LossConfig(Protocol):
    """The knobs that the loss reads."""

    @property
    def label_smoothing(self) -> float: ...
    @property
    def tag_weight(self) -> float: ...
    @property
    def also_weight(self) -> float: ...
    @property
    def negation_weight(self) -> float: ...
    @property
    def teaching(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Weights:
    """Weight of each intent (labels,), around 1, and whether any example has a further request or marked slots: where
    none has, the heads that read them are left alone, for learning "never" would only cost the intents.
    """

    intent: Tensor
    further: bool = True
    slotted: bool = True

    @classmethod
    def of(cls, rows: Sequence[Prepared], labels: Sequence[str], *, balanced: bool) -> Weights:
        """One for all, or the root of the inverse frequency: rare intents count more, without taking over."""
        further = any(row.also for row in rows)
        slotted = any(tag != IGNORED for row in rows for tag in row.tags)
        counts = torch.bincount(torch.tensor([row.intent for row in rows]), minlength=len(labels)).float()
        if not balanced:
            return cls(torch.ones(len(labels)), further, slotted)
        weights = (counts.clamp(min=1).mean() / counts.clamp(min=1)).sqrt()
        return cls((weights / weights.mean()).clamp(0.3, 3.0), further, slotted)

    def to(self, device: torch.device) -> Weights:
        """The same on a device."""
        return Weights(self.intent.to(device), self.further, self.slotted)


def joint_loss(
    outputs: Outputs,
    follows: Tensor,
    batch: LabelledBatch,
    weights: Weights,
    config: LossConfig,
) -> Tensor:
    """Sum of the heads' losses for one batch, by its labels and, where it was taught, by its teachers. A head that the
    batch says nothing about adds nothing, and tokens marked IGNORED teach nothing. Nothing here waits for the device.
    """
    outputs = tuple(output.float() for output in outputs)  # type: ignore[assignment]
    lawful = follows + lawful_on(follows.device)
    loss = _by_labels(outputs, lawful, batch, weights, config)
    if batch.taught is None:
        return loss
    taught = _by_teachers(outputs, lawful, batch.own, batch.taught, config)
    return (1 - config.teaching) * loss + config.teaching * taught


def _by_labels(outputs: Outputs, lawful: Tensor, batch: LabelledBatch, weights: Weights, config: LossConfig) -> Tensor:
    intent, also, tags, negated = outputs
    loss = cross_entropy(intent, batch.intent, weight=weights.intent, label_smoothing=config.label_smoothing)
    if weights.further:
        loss = loss + config.also_weight * _further(also, batch.also)
    if weights.slotted:
        truth = batch.tags[:, _FIRST:]
        mask = truth != IGNORED
        loss = loss + config.tag_weight * crf_loss(tags[:, _FIRST:], truth.where(mask, 0), mask, lawful)
        said = batch.negated != IGNORED
        loss = loss + config.negation_weight * _negation(negated, batch.negated.where(said, 0).float(), said.float())
    return loss


def _by_teachers(outputs: Outputs, lawful: Tensor, own: Tensor, taught: Taught, config: LossConfig) -> Tensor:
    """Knowledge distillation (Hinton et al. 2015, arXiv 1503.02531), of whole sequences of tags too."""
    intent, also, tags, negated = outputs
    likeness = crf_likeness(tags[:, _FIRST:], own[:, _FIRST:], lawful, taught.tags[:, _FIRST:], taught.pairs)
    marked = own * (1 - taught.tags[..., 0])  # nothing is negated outside a slot
    return (
        cross_entropy(intent, taught.intent)
        + config.also_weight * _further(also, taught.also)
        + config.tag_weight * likeness
        + config.negation_weight * _negation(negated, taught.negated, marked)
    )


def _further(also: Tensor, truth: Tensor) -> Tensor:
    """Further requests are the exception; without a weight the head says "none" for long."""
    return (_RARE * truth * softplus(-also) + (1 - truth) * softplus(also)).sum(-1).mean()


def _negation(negated: Tensor, truth: Tensor, marked: Tensor) -> Tensor:
    missed = binary_cross_entropy_with_logits(negated, truth, reduction="none")
    return (missed * marked).sum() / marked.sum().clamp(min=1)


@cache
def lawful_on(device: torch.device) -> Tensor:
    """Scores (tags, tags) that forbid what no sequence of tags may hold."""
    return torch.from_numpy(forbidden()).to(device)


def disagreement(intent: Tensor) -> Tensor:
    """How far two readings of the same messages under different dropout lie apart: both Kullback-Leibler divergences,
    halved (R-Drop, Liang et al. 2021, arXiv 2106.14448). `intent` (2n, labels): all messages, and all again.
    """
    one, other = log_softmax(intent.float(), dim=-1).chunk(2)
    there = kl_div(one, other, log_target=True, reduction="batchmean")
    back = kl_div(other, one, log_target=True, reduction="batchmean")
    return (there + back) / 2
