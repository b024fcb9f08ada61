"""What the understander is pulled towards, head by head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

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
    """Weight of each intent (labels,), around 1."""

    intent: Tensor

    @classmethod
    def of(cls, rows: Sequence[Prepared], labels: Sequence[str], *, balanced: bool) -> Weights:
        """One for all, or the root of the inverse frequency: rare intents count more, without taking over."""
        counts = torch.bincount(torch.tensor([row.intent for row in rows]), minlength=len(labels)).float()
        if not balanced:
            return cls(torch.ones(len(labels)))
        weights = (counts.clamp(min=1).mean() / counts.clamp(min=1)).sqrt()
        return cls((weights / weights.mean()).clamp(0.3, 3.0))


def joint_loss(
    outputs: tuple[Tensor, Tensor, Tensor, Tensor],
    follows: Tensor,
    batch: LabelledBatch,
    weights: Weights,
    config: LossConfig,
) -> Tensor:
    """Sum of the four heads' losses for one batch. Tokens marked IGNORED teach nothing."""
    intent, also, tags, negated = (output.float() for output in outputs)
    loss = cross_entropy(intent, batch.intent, weight=weights.intent, label_smoothing=config.label_smoothing)
    rare = torch.tensor(3.0)  # further requests are the exception; without this the head says "none" for long
    further = binary_cross_entropy_with_logits(also, batch.also, pos_weight=rare, reduction="none")
    loss = loss + config.also_weight * further.sum(-1).mean()
    labelled = batch.tags[:, _FIRST] != IGNORED
    if labelled.any():
        truth = batch.tags[labelled, _FIRST:]
        mask = truth != IGNORED
        lawful = follows + torch.from_numpy(forbidden())
        loss = loss + config.tag_weight * crf_loss(tags[labelled, _FIRST:], truth.where(mask, 0), mask, lawful)
    said = batch.negated != IGNORED
    if said.any():
        negation = binary_cross_entropy_with_logits(negated[said], batch.negated[said].float())
        loss = loss + config.negation_weight * negation
    return loss
