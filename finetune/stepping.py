"""One step of a training: the loss of some batches, its gradients, the optimizer, the schedule, what follows them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from peft import PeftModel
from torch import Tensor
from torch.optim import AdamW, Optimizer
from torch.optim.lr_scheduler import LRScheduler, OneCycleLR
from transformers import get_scheduler

from finetune.adapters import allocate, apartness, plan
from finetune.adversary import Adversary
from finetune.averaging import Average
from finetune.config import TrainConfig
from finetune.losses import Weights, disagreement, joint_loss
from finetune.place import Place
from finetune.table import LabelledBatch
from nlu.network import JointNetwork

_LONGEST_GRADIENT = 1.0
_SCHEDULES = {"cosine": "cosine", "linear": "linear", "constant": "constant_with_warmup"}


class Stepper:
    """Steps `steps` times at most; more is an error of the schedule."""

    def __init__(self, network: JointNetwork, peft: PeftModel, config: TrainConfig, place: Place, steps: int) -> None:
        self._network, self._peft, self._config, self._place = network, peft, config, place
        plan(peft, steps)
        self._optimizer = optimizer_of(network, peft, config)
        self._schedule = schedule_of(self._optimizer, config, steps)
        self._weights = [weight for group in self._optimizer.param_groups for weight in group["params"]]
        self._adversary = Adversary(peft.get_input_embeddings(), config.adversary)
        self.average = Average(self._weights, config.average)
        self.taken = 0

    @property
    def rate(self) -> float:
        """The learning rate of the adapter now."""
        return float(self._optimizer.param_groups[0]["lr"])

    def __call__(self, batches: Sequence[LabelledBatch], weights: Weights) -> Tensor:
        """Learn from some batches at once; their mean loss, which is not waited for here."""
        loss = torch.stack([self._learn(batch, weights, 1 / len(batches)) for batch in batches]).sum()
        scaler = self._place.scaler
        self._place.average_gradients(self._weights)
        scaler.unscale_(self._optimizer)
        torch.nn.utils.clip_grad_norm_(self._weights, _LONGEST_GRADIENT)
        scale = scaler.get_scale()
        scaler.step(self._optimizer)
        scaler.update()
        if scaler.get_scale() >= scale:  # else the step was passed over: a gradient was too large for fp16
            allocate(self._peft, self.taken)
            self._schedule.step()
            self.average.follow()
            self.taken += 1
        self._optimizer.zero_grad(set_to_none=True)
        return loss

    def _learn(self, batch: LabelledBatch, weights: Weights, share: float) -> Tensor:
        read = batch.doubled() if self._config.rdrop else batch
        with self._adversary.watching():
            loss = self._loss(read, weights) * share
        self._place.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        if self._config.adversary:
            with self._adversary.pushing():
                pushed = self._loss(read, weights) * share
            self._place.scaler.scale(pushed).backward()  # type: ignore[no-untyped-call]
        return loss.detach()

    def _loss(self, batch: LabelledBatch, weights: Weights) -> Tensor:
        with self._place.autocast():
            outputs = self._network(**batch.inputs)
        loss = joint_loss(outputs, self._network.heads.follows, batch, weights, self._config)
        if self._config.rdrop:
            loss = loss + self._config.rdrop * disagreement(outputs[0])
        skew = apartness(self._peft)
        return loss if skew is None else loss + skew


def optimizer_of(network: JointNetwork, peft: PeftModel, config: TrainConfig) -> Optimizer:
    """AdamW; the sizes that DoRA learns are weights' own lengths, and are not pulled towards nothing.

    Where neither adapter nor slots are to be learned, only what the intents alone are read with is: every slot is then
    read as before, to the bit. The decay of weights and the hints that both share would move them otherwise.
    """
    heads = network.heads.parameters() if config.learning_rate or config.tag_weight else network.heads.of_intents()
    named = [(name, weight) for name, weight in peft.named_parameters() if "lora_" in name and weight.requires_grad]
    sizes = [weight for name, weight in named if "magnitude" in name]
    groups = [
        {"params": [weight for name, weight in named if "magnitude" not in name], "lr": config.learning_rate},
        {"params": list(heads), "lr": config.head_rate},
    ]
    if sizes:
        groups.append({"params": sizes, "lr": config.learning_rate, "weight_decay": 0.0})
    return AdamW(groups, betas=(0.9, 0.98), weight_decay=config.weight_decay, fused=True)


def schedule_of(optimizer: Optimizer, config: TrainConfig, steps: int) -> LRScheduler:
    """Up during the warm-up, then down as the schedule says; one cycle is Smith and Topin 2017 (arXiv 1708.07120)."""
    if config.schedule != "one-cycle":
        warmup = round(config.warmup * steps)
        schedule: LRScheduler = get_scheduler(_SCHEDULES[config.schedule], optimizer, warmup, max(1, steps))
        return schedule
    rates = [float(group["lr"]) for group in optimizer.param_groups]
    total = max(4, steps)
    rising = min(max(config.warmup, 2 / total), 1 - 1 / total)  # there must be a way up and a way down
    return OneCycleLR(optimizer, rates, total_steps=total, pct_start=rising)
