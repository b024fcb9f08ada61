"""What the understander is pulled towards, head by head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, kl_div, log_softmax

from finetune.batches import IGNORED, LabelledBatch, Prepared
from finetune.crf import crf_loss
from nlu.tags import forbidden

_FIRST = 1
"""Place of a message's first own token, behind [CLS]."""


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


@dataclass(frozen=True, slots=True)
class Weights:
    """Weight of each intent (labels,), around 1, and whether any example has a further request: where none has, the
    head that reads them is left alone, for learning "never" would only cost the intents.
    """

    intent: Tensor
    further: bool = True

    @classmethod
    def of(cls, rows: Sequence[Prepared], labels: Sequence[str], *, balanced: bool) -> Weights:
        """One for all, or the root of the inverse frequency: rare intents count more, without taking over."""
        further = any(row.also for row in rows)
        counts = torch.bincount(torch.tensor([row.intent for row in rows]), minlength=len(labels)).float()
        if not balanced:
            return cls(torch.ones(len(labels)), further)
        weights = (counts.clamp(min=1).mean() / counts.clamp(min=1)).sqrt()
        return cls((weights / weights.mean()).clamp(0.3, 3.0), further)

    def to(self, device: torch.device) -> Weights:
        """The same on a device."""
        return Weights(self.intent.to(device), self.further)


def joint_loss(
    outputs: tuple[Tensor, Tensor, Tensor, Tensor],
    follows: Tensor,
    batch: LabelledBatch,
    weights: Weights,
    config: LossConfig,
) -> Tensor:
    """Sum of the heads' losses for one batch. A head that the batch says nothing about adds nothing, and tokens marked
    IGNORED teach nothing.
    """
    intent, also, tags, negated = (output.float() for output in outputs)
    loss = cross_entropy(intent, batch.intent, weight=weights.intent, label_smoothing=config.label_smoothing)
    if weights.further:
        # further requests are the exception; without a weight the head says "none" for long
        rare = torch.tensor(3.0, device=also.device)
        missed = binary_cross_entropy_with_logits(also, batch.also, pos_weight=rare, reduction="none")
        loss = loss + config.also_weight * missed.sum(-1).mean()
    labelled = batch.tags[:, _FIRST] != IGNORED
    if labelled.any():
        loss = loss + config.tag_weight * _tag_loss(tags[labelled], batch.tags[labelled], follows)
    said = batch.negated != IGNORED
    if said.any():
        negation = binary_cross_entropy_with_logits(negated[said], batch.negated[said].float())
        loss = loss + config.negation_weight * negation
    return loss


def _tag_loss(tags: Tensor, truth: Tensor, follows: Tensor) -> Tensor:
    truth = truth[:, _FIRST:]
    mask = truth != IGNORED
    lawful = follows + torch.from_numpy(forbidden()).to(follows.device)
    return crf_loss(tags[:, _FIRST:], truth.where(mask, 0), mask, lawful)


def disagreement(intent: Tensor) -> Tensor:
    """How far two readings of the same messages under different dropout lie apart: both Kullback-Leibler divergences,
    halved (R-Drop, Liang et al. 2021, arXiv 2106.14448). `intent` (2n, labels): all messages, and all again.
    """
    one, other = log_softmax(intent.float(), dim=-1).chunk(2)
    there = kl_div(one, other, log_target=True, reduction="batchmean")
    back = kl_div(other, one, log_target=True, reduction="batchmean")
    return (there + back) / 2
