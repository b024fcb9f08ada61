"""Where a training runs: a processor or a GPU, alone or beside others that `accelerate launch` started.

    accelerate launch --num_processes 2 -m finetune.train ...

Every process holds the whole network and learns from its own share of each epoch; what is trained is so small that
its gradients are averaged in one message, after all of a step's backward passes. A wrapper around the network would
have to be told which heads a batch leaves out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
from accelerate import PartialState
from accelerate.utils import broadcast_object_list, reduce
from torch import Tensor

from finetune.config import Precision

_TYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
T = TypeVar("T")


class Place:
    """The device, the precision on it, and the other processes."""

    def __init__(self, device: str = "cpu", precision: Precision = "fp32") -> None:
        """`device`: cpu, cuda, or auto for a GPU where there is one. ValueError where it cannot be had."""
        if device == "cuda" and not torch.cuda.is_available():
            raise ValueError("There is no CUDA device here; leave out --device, or say --device cpu.")
        state = PartialState(cpu=device == "cpu" or not torch.cuda.is_available())
        self.device: torch.device = state.device
        self.count, self.number = int(state.num_processes), int(state.process_index)
        if precision == "fp16" and self.device.type != "cuda":
            raise ValueError("fp16 needs a CUDA device; train in fp32 or bf16 here.")
        self._type = _TYPES[precision]
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=precision == "fp16")

    @property
    def leads(self) -> bool:
        """Whether this process judges, speaks and writes."""
        return self.number == 0

    def autocast(self) -> torch.autocast:
        """The precision of the matrix products within."""
        return torch.autocast(self.device.type, dtype=self._type, enabled=self._type is not torch.float32)

    def share(self, groups: Sequence[T]) -> list[T]:
        """This process's part; all get the same number, the last ones a group from the beginning where needed."""
        rounds = -(-len(groups) // self.count)
        return [groups[(at * self.count + self.number) % len(groups)] for at in range(rounds)]

    def average_gradients(self, weights: Sequence[Tensor]) -> None:
        """Every process gets the mean of all."""
        if self.count == 1:
            return
        grads = [torch.zeros_like(w) if w.grad is None else w.grad for w in weights]
        mean = reduce(torch.cat([grad.flatten() for grad in grads]), reduction="mean")
        for weight, part in zip(weights, mean.split([grad.numel() for grad in grads]), strict=True):
            weight.grad = part.view_as(weight).clone()

    def agreed(self, find: Callable[[], T]) -> T:
        """What the leading process finds, in every process."""
        found: list[T | None] = [find() if self.leads else None]
        if self.count > 1:
            broadcast_object_list(found)
        (result,) = found
        return result  # type: ignore[return-value]
