"""A moving average of the weights: the mean of the last steps is steadier than any one of them, most of all where
examples are few (Polyak and Juditsky 1992; Tarvainen and Valpola 2017, arXiv 1703.01780).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor
from torch.optim.swa_utils import get_ema_multi_avg_fn


class Average:
    """Follows some trained weights. `decay` 0 follows nothing; 0.99 to 0.999 are usual."""

    def __init__(self, weights: Sequence[Tensor], decay: float) -> None:
        self._weights = list(weights)
        self._decay = decay
        self._steps = 0
        self._mean = [weight.detach().clone() for weight in self._weights] if decay else []

    @torch.no_grad()
    def follow(self) -> None:
        """After every step. The first steps count for less, since they start from nothing learned."""
        if self._decay:
            self._steps += 1
            decay = min(self._decay, (1 + self._steps) / (10 + self._steps))
            move = get_ema_multi_avg_fn(decay)  # type: ignore[no-untyped-call]
            move(self._mean, [weight.detach() for weight in self._weights], self._steps)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """The average stands in the network's place meanwhile."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    @torch.no_grad()
    def _swap(self) -> None:
        for weight, mean in zip(self._weights, self._mean, strict=bool(self._mean)):
            passing = weight.detach().clone()
            weight.copy_(mean)
            mean.copy_(passing)
